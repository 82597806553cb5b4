"""Attributions by syntax: who says, thinks or wants what, as spans of source, cue and content.

The rules read one parsed paragraph and need only its tags and tree; their words are in `data/sayings.tsv`.
A cue has its auxiliaries and the adverbs between them, and the preposition that leads to its content ('has often called
for'); a content is the whole clause with 'that' and its quotation marks, without the full stop, in pieces where the cue
stands inside it; a source has its apposition, but no relative clause behind a comma. What is said inside a content is
not told again: only the outermost attribution is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ._saying_quotes import LONG, OPENING, Quotes
from ._saying_sources import SUBJECTS, doer, named
from ._saying_words import (
    asked,
    ends,
    has_to,
    is_after,
    lead,
    led,
    marked_as,
    marked_that,
    stands,
    when,
    where_said,
    whole,
    words,
)
from ._spans import Span, cross, joined, trim, without

_LABEL = re.compile(r"\s*(?:[“”\"](?=[A-Z. ]+:))?([A-Z][^:.!?“”\"\n]{1,60}):\s+(?=\S)")
_FEW = 4
"""Words that a label must lead to."""

_RELATIVE = frozenset({"who", "which", "that", "whom"})
_AUXILIARY = frozenset({"aux", "auxpass", "neg"})
_DASHES = frozenset({",", "—", "–", "--", "-"})


@dataclass(frozen=True, slots=True)
class Saying:
    """One attribution; the spans are [start, end) in code points of the paragraph."""

    cue: Span
    source: Span | None
    contents: tuple[Span, ...]
    rule: str = ""
    """Which rule found it."""


def _past_link(doc: Any, start: int) -> int:
    """Where a content begins behind a word that only links it to the sentence before: 'But', 'Still,'."""
    first = next((t for t in doc if t.idx >= start and not t.is_space), None)
    if first is None or first.idx != first.sent.start_char or not first.text[:1].isupper():
        return start
    return ends(first) if first.dep_ == "cc" or stands("linking", "-", first) else start


def sayings(doc: Any) -> list[Saying]:
    """The outermost attributions of one parsed paragraph, in the order of their cues."""
    return _Paragraph(doc).read()


class _Paragraph:
    def __init__(self, doc: Any) -> None:
        self.doc = doc
        self.text: str = doc.text
        self._quotes = Quotes(self.text)
        self._teller: dict[int, Any] = {}
        """A verb that the parser puts inside what another says, by its index → that other, whose subject it has."""

    def read(self) -> list[Saying]:
        found: list[Saying] = []
        label = self._label()
        if label is not None:
            return [label]
        for token in self.doc:
            found += self._at(token)
        kept: list[Saying] = []
        for one in sorted(found, key=lambda s: -max((b - a for a, b in s.contents), default=0)):
            inside = any(a <= one.cue[0] and one.cue[1] <= b for s in kept for a, b in s.contents)
            crossed = any(cross(one.cue, s.cue) for s in kept)
            quoted = self._quotes.holds(one.cue[0])
            if one.contents and not (inside or crossed or quoted):
                kept.append(one)
        kept.sort(key=lambda s: s.cue)
        return self._with_loose_quotes(kept)

    # what each kind of word begins

    def _at(self, token: Any) -> Iterator[Saying]:
        if token.lower_ == "according":
            yield from self._according(token)
        elif token.tag_[:2] == "VB":
            yield from self._verb(token)
        elif token.tag_ in {"NN", "NNS"}:
            yield from self._noun(token)
        elif token.tag_[:2] in {"JJ", "VB"} and token.dep_ == "acomp":
            yield from self._adjective(token)
        elif token.tag_ == "RB" and stands("adverb", "-", token):
            yield from self._adverb(token)
        elif token.lower_ == "in" and token.dep_ == "prep":
            yield from self._phrase(token)

    def _verb(self, verb: Any) -> Iterator[Saying]:
        passive = any(c.dep_ in {"auxpass", "nsubjpass", "agent"} for c in verb.children)
        if verb.dep_ == "acomp" and not passive:
            yield from self._adjective(verb)
            return
        if verb.dep_ == "amod":
            return
        rule, cue_last, contents = self._said(verb, passive)
        if not contents or (rule == "object" and verb.tag_ == "VB" and has_to(verb) and not led(verb)):
            return
        cue = self._cue(verb, cue_last)
        if rule in {"clause", "beside"}:
            cue = (cue[0], self._medium(verb, cue[1]))
        source = self._agent(verb) if passive else None if rule == "raising" else self._source(verb)
        yield self._made(rule, cue, source, contents)

    def _said(self, verb: Any, passive: bool) -> tuple[str, Any, list[Span]]:
        """The rule, the last word of the cue, and what is said, by the first frame of the verb that is filled."""
        children = list(verb.children)
        subject = next((c for c in children if c.dep_ in SUBJECTS), None)
        if stands("raising", "-", verb) and subject is not None and subject.lower_ not in {"it", "there"}:
            what = [c for c in children if c.dep_ in {"oprd", "acomp", "attr", "xcomp"} and c.i > verb.i]
            if what and not (what[0].dep_ == "xcomp" and self._said(what[0], False)[2]):
                return "raising", verb, [whole(subject), whole(what[0])]
        if stands("verb", "clause", verb):
            clauses = [c for c in children if c.dep_ == "ccomp"]
            clauses += [c for c in children if c.dep_ in {"advcl", "xcomp"} and asked(verb, c)]
            if clauses:
                return "clause", verb, [self._cut(verb, c) for c in clauses]
            beside = list(self._beside(verb))
            if beside:
                return "beside", verb, beside
        if stands("verb", "infinitive", verb):
            wanted = [c for c in children if c.dep_ in {"xcomp", "ccomp"} and has_to(c) and c.i > verb.i]
            if wanted and stands("leading", "-", verb) and self._said(wanted[0], False)[2]:
                wanted = []
            if wanted:
                on = next(
                    (c for c in children if c.dep_ in {"prep", "prt"} and c.i == verb.i + 1 and c.lower_ == "on"), None
                )
                if on is not None and stands("verb", "on", verb) and on.i < wanted[0].i:
                    return "infinitive", on, [(ends(on), whole(wanted[0])[1])]
                if passive and subject is not None:
                    return "passive infinitive", verb, [whole(subject), whole(wanted[0])]
                objects = [c for c in children if c.dep_ in {"dobj", "dative"} and verb.i < c.i < wanted[0].i]
                return "infinitive", verb, [*map(whole, objects), whole(wanted[0])]
        for prep in children:
            if prep.dep_ in {"prep", "prt"} and verb.i < prep.i <= verb.i + 3 and stands("verb", prep.lower_, verb):
                if prep.lower_ == "as":
                    continue
                if any(c.dep_ in {"dobj", "dative"} and c.i < prep.i for c in children):
                    continue
                what = [c for c in prep.children if c.dep_ in {"pobj", "pcomp"}]
                if what and (not passive or prep.lower_ == "about"):
                    return "preposition", prep, [self._stretched(what[0], verb)]
        if stands("verb", "object", verb):
            found = list(self._object(verb, passive, subject, children))
            if found:
                return "object", verb, found
        if stands("speech", "-", verb):
            return "beside", verb, list(self._quoting(verb))
        return "", verb, []

    def _cut(self, verb: Any, clause: Any) -> Span:
        """A clause, up to where another saying of the same level begins: 'said …, and she added …'."""
        start, end = whole(clause)
        apart = [c for c in verb.children if c.dep_ in {"dobj", "nsubj"} and verb.i < c.i < clause.left_edge.i]
        if apart and clause.i > verb.i and not marked_that(clause) and stands("saying", "-", verb):
            start = apart[0].left_edge.idx  # the clause's own subject, which the parser gave to the verb
        if clause.i < verb.i:
            quote = self._quotes.before(verb, start)
            if quote is not None:
                return quote
        added = next((t for t in clause.children if clause.i > verb.i and self._adds(clause, t)), None)
        if added is not None:
            return start, self.doc[added.i - 1].idx
        for t in clause.subtree:
            if t.i <= clause.i or t.tag_[:2] != "VB" or t.dep_ not in {"conj", "ccomp", "parataxis", "advcl"}:
                continue
            if self._quotes.holds(t.idx):
                continue
            own = next((c for c in t.children if c.dep_ == "nsubj"), None)
            if not stands("speech", "-", t) and (own is not None or clause.i < verb.i or not self._goes_on(t)):
                continue
            first = t if own is None else own.left_edge
            before = self.doc[first.i - 1]
            if before.lower_ not in {"and", "but", "while", "though", "although"}:
                continue
            comma = self.doc[before.i - 1].text == ","
            if (own is None and t.tag_ == verb.tag_ and t.dep_ == "conj") or (own is not None and comma):
                if own is None:
                    self._teller[t.i] = verb
                return start, before.idx
        return start, end

    def _goes_on(self, verb: Any) -> bool:
        """Whether a coordinate verb tells on its own: 'said it was late and called the plan a mistake'."""
        tells = self._said(verb, False)
        return verb.dep_ == "conj" and bool(tells[2]) and tells[0] in {"clause", "object"}

    def _adds(self, clause: Any, word: Any) -> bool:
        """', suggesting …' behind a clause: the reporter's own, by a participle behind a comma."""
        behind = word.i > clause.i and word.left_edge.i == word.i and self.doc[word.i - 1].text in _DASHES
        saying = any(stands("verb", frame, word) for frame in words("verb"))
        return behind and saying and word.tag_ == "VBG" and word.dep_ == "advcl" and not self._quotes.holds(word.idx)

    def _object(self, verb: Any, passive: bool, subject: Any, children: list[Any]) -> Iterator[Span]:
        after = [
            c
            for c in children
            if c.i > verb.i
            and (c.dep_ in {"oprd", "xcomp", "ccomp"} or (c.dep_ == "prep" and is_after(verb, c)))
            and not (c.dep_ == "xcomp" and has_to(c) and c.lower_ not in {"be"})
        ]
        if passive:
            by = any(c.dep_ == "agent" for c in children)
            if subject is not None and (by or after):
                yield whole(subject) if subject.lower_ not in _RELATIVE else (subject.idx, subject.idx + len(subject))
                yield from map(whole, after[:1])
            elif by and verb.dep_ == "acl":
                yield verb.head.left_edge.idx, verb.head.idx + len(verb.head)
            return
        objects = [c for c in children if c.dep_ == "dobj" and (c.i > verb.i or c.lower_ in _RELATIVE)]
        if objects and objects[0].i < verb.i:
            yield whole(objects[0])
            yield from map(whole, after[:1])
        elif objects and stands("voicing", "-", verb) and any(self._noun(objects[0])):
            return
        elif objects:
            yield self._stretched(objects[0], verb)
        elif after and any(c.dep_ in {"oprd", "ccomp"} for c in after):
            yield whole(after[0])

    def _stretched(self, noun: Any, verb: Any) -> Span:
        """A noun phrase with all that goes on behind it without a comma, as far as it is no time."""
        last = self._right(noun)
        for c in verb.children:
            going = c.dep_ in {"prep", "xcomp", "oprd", "ccomp", "acl", "dobj"} or (c.dep_ == "advcl" and has_to(c))
            first = c.left_edge.i
            if self._quotes.opens(self.doc[first - 1].idx):
                first -= 1
            if first == last.i + 1 and going and not when(c) and not where_said(c):
                last = self._right(c)
        return noun.left_edge.idx, ends(last)

    def _right(self, token: Any) -> Any:
        """The last word of a phrase, before what a comma or a dash adds to it."""
        for t in token.subtree:
            if t.dep_ == "prep" and t.i > token.i and t.right_edge.i == token.right_edge.i and where_said(t):
                return self.doc[t.i - 1]
            loose = t.dep_ in {"relcl", "advcl"} and t.head.i < t.i
            before = self.doc[t.left_edge.i - 1] if t.left_edge.i else t
            if loose and before.text in _DASHES and before.i > token.i and t.left_edge.i > token.i:
                return self.doc[before.i - 1]
        return token.right_edge

    def _noun(self, noun: Any) -> Iterator[Saying]:
        frames = words("noun")
        voiced = noun.dep_ == "dobj" and stands("voicing", "-", noun.head)
        if not voiced and not any(noun.lower_ in words for words in frames.values()):
            return
        last: Any = noun
        contents: list[Span] = []
        for c in noun.children:
            if c.i < noun.i:
                continue
            if (
                c.dep_ in {"acl", "ccomp", "relcl"} and marked_that(c) and (voiced or stands("noun", "clause", noun))
            ) or (c.dep_ in {"acl", "xcomp", "relcl"} and has_to(c) and (voiced or stands("noun", "infinitive", noun))):
                contents = [whole(c)]
            elif c.dep_ == "prep" and (voiced or stands("noun", c.lower_, noun)) and not contents:
                what = [x for x in c.children if x.dep_ in {"pobj", "pcomp"}]
                if what:
                    last, contents = c, [whole(what[0])]
        verb = noun.head
        if not contents and noun.dep_ == "nsubj" and verb.lower_ in {"is", "was"}:
            contents = [whole(c) for c in verb.children if c.dep_ == "ccomp" and c.i > verb.i][:1]
        if not contents:
            return
        owner = next((c for c in noun.children if c.dep_ == "poss"), None)
        light = (
            noun.dep_ == "dobj"
            and (voiced or stands("light", "-", verb))
            and not (owner is not None and owner.tag_ != "PRP$")
        )
        if light:
            yield self._made("held noun", (self._cue(verb, verb)[0], ends(last)), self._source(verb), contents)
            return
        if noun.dep_ == "dobj" and not stands("leading", "-", verb):
            return  # 'cheered her attack on …': told of, and nobody's saying here
        source = None if owner is None else self._named(owner)
        told = stands("bare noun", "-", noun) or any(marked_that(c) for c in noun.children if c.i > noun.i)
        if source is None and not told:
            return
        first = noun
        for c in noun.children:
            if c.i < noun.i and c.dep_ in {"amod", "compound"} and (owner is None or c.i > owner.i):
                first = min(first, c, key=lambda t: t.i)
        yield self._made("noun", (first.idx, ends(last)), source, contents)

    def _adjective(self, word: Any) -> Iterator[Saying]:
        verb = word.head
        if verb.tag_[:2] != "VB":
            return
        last: Any = word
        contents: list[Span] = []
        for c in [*word.children, *(c for c in verb.children if c.dep_ in {"ccomp", "xcomp"} and c.i > word.i)]:
            if contents or c.i < word.i:
                continue
            if (c.dep_ == "ccomp" and stands("adjective", "clause", word)) or (
                c.dep_ == "xcomp" and has_to(c) and stands("adjective", "infinitive", word)
            ):
                contents = [whole(c)]
            elif c.dep_ in {"prep", "agent"} and stands("adjective", c.lower_, word):
                what = [x for x in c.children if x.dep_ in {"pobj", "pcomp"}]
                if what:
                    last, contents = c, [whole(what[0])]
        who = doer(verb)
        source = None if who is None or who.lower_ == "it" else self._named(who)
        if contents and source is not None:
            yield self._made("adjective", (self._cue(verb, verb)[0], ends(last)), source, contents)

    def _adverb(self, word: Any) -> Iterator[Saying]:
        verb = word.head
        if verb.tag_[:2] == "VB":
            yield self._made("adverb", (word.idx, ends(word)), None, [whole(verb)])

    def _phrase(self, preposition: Any) -> Iterator[Saying]:
        """'in his view', 'in the words of the judge': the rest of the sentence is theirs."""
        noun = next((c for c in preposition.children if c.dep_ == "pobj"), None)
        if noun is None or not stands("phrase", "in", noun):
            return
        owner = next((c for c in noun.children if c.dep_ == "poss"), None)
        sentence = preposition.sent
        content = (sentence.start_char, sentence.end_char)
        if owner is not None and preposition.head.tag_[:2] == "VB":
            yield self._made("phrase", (preposition.idx, ends(noun)), self._named(owner), [content])

    def _according(self, token: Any) -> Iterator[Saying]:
        to = next((c for c in token.children if c.lower_ == "to"), None)
        named = next((c for c in to.children if c.dep_ == "pobj"), None) if to is not None else None
        if named is None:
            return
        source = self._named(named)
        sentence = token.sent
        head = token.head
        before, after = (sentence.start_char, token.idx), (source[1] if source else ends(to), sentence.end_char)
        opens = not trim(self.text, before)[1] > trim(self.text, before)[0]
        content = after if opens else before
        if not opens and head.tag_[:2] == "VB" and head.dep_ != "ROOT" and head.left_edge.idx < token.idx:
            content = (head.left_edge.idx, token.idx)
        yield self._made("according", (token.idx, ends(to)), source, [content])

    # where the parts stand

    def _beside(self, verb: Any) -> Iterator[Span]:
        """Where the parser gave a verb no clause: the quotation next to it, or the clause that it stands in."""
        leads = stands("leading", "-", verb) and any(c.dep_ == "xcomp" and has_to(c) for c in verb.children)
        if leads or (not any(c.dep_ == "nsubj" for c in verb.children) and verb.tag_ != "VBG"):
            return
        start, end = whole(verb)
        near = self._quotes.beside(verb)
        first = min((c for c in (verb, *verb.children) if c.dep_ in SUBJECTS or c.i == verb.i), key=lambda t: t.i)
        begun = self.text[verb.sent.start_char : first.left_edge.idx].rstrip()
        if near:
            yield from near
        elif begun.endswith(",") and stands("speech", "-", verb) and len(begun) > LONG and verb.dep_ != "relcl":
            yield (verb.sent.start_char, first.left_edge.idx)
        elif verb.dep_ == "parataxis" or (verb.dep_ in {"advcl", "ccomp"} and marked_as(verb)):
            yield from without(whole(verb.head), [(start, end)])

    def _quoting(self, verb: Any) -> Iterator[Span]:
        """The rest of a verb's phrase, where words in it are quoted: 'wrote of “a heavy price” for the town'."""
        end = ends(verb.right_edge)
        if self._quotes.starts_soon(ends(verb), end):
            yield (ends(verb), end)

    def _cue(self, verb: Any, last: Any) -> Span:
        """The verb with what belongs to it before, from the verb that only leads up to it, to `last`."""
        first = top = verb
        while led(top):
            first = top = lead(top)
        at = first.i - 1
        while at >= 0 and self._belongs(self.doc[at], top):
            at -= 1
        at += 1
        while at < first.i and self.doc[at].dep_ == "advmod" and self.doc[at].tag_ != "RB":
            at += 1
        end = last
        for c in verb.children:
            if c.dep_ == "prt" and c.i > end.i:
                end = c
        return self.doc[at].idx, ends(end)

    def _medium(self, verb: Any, end: int) -> int:
        """Where a cue ends that says in what it was said ('said in a statement'), or that a colon closes."""
        after = next((t for t in self.doc[verb.i + 1 :] if t.idx >= end), None)
        if after is not None and after.lower_ == "in" and after.head.i == verb.i:
            noun = next((c for c in after.children if c.dep_ == "pobj"), None)
            if noun is not None and noun.i > after.i and self.doc[after.i + 1].lower_ in {"a", "an"}:
                return ends(noun.right_edge)
        if after is not None and after.dep_ == "npadvmod" and after.lower_ in words("weekday")["-"]:
            return ends(after)
        return end + 1 if self.text[end : end + 1] == ":" else end

    def _belongs(self, token: Any, verb: Any) -> bool:
        heads = {verb.i, *(c.i for c in verb.children if c.dep_ in _AUXILIARY)}
        return token.head.i in heads and (token.dep_ in _AUXILIARY or (token.dep_ == "advmod" and token.tag_ == "RB"))

    def _source(self, verb: Any) -> Span | None:
        who = doer(self._teller.get(verb.i, verb))
        return None if who is None else self._named(who)

    def _agent(self, verb: Any) -> Span | None:
        by = next((c for c in verb.children if c.dep_ == "agent"), None)
        named = next((c for c in by.children if c.dep_ == "pobj"), None) if by is not None else None
        return None if named is None else self._named(named)

    def _named(self, head: Any) -> Span | None:
        return named(self.text, head)

    def _made(self, rule: str, cue: Span, source: Span | None, contents: Iterable[Span]) -> Saying:
        told = [(_past_link(self.doc, a) if rule in {"according", "beside"} else a, b) for a, b in contents]
        pieces = [p for c in told for p in without(c, [cue, *([source] if source else [])])]
        neat = []
        for piece in pieces:
            start, end = self._quotes.whole(*self._quotes.with_marks(trim(self.text, piece)), cue)
            if end - start > 1 and any(ch.isalnum() for ch in self.text[start:end]):
                neat.append((start, end))
        return Saying(cue, source, tuple(joined(self.text, neat)), rule)

    def _label(self) -> Saying | None:
        """'Governor: No Raid Took Place', 'HARUN: We saw the planes.': a name and a colon open the paragraph."""
        m = _LABEL.match(self.text)
        if m is None or m[1].lower() in words("label")["-"]:
            return None
        named = [w for w in m[1].split() if w[0].isalpha() and len(w) > 3]
        if len(m[1].split()) > 7 or not all(w[0].isupper() for w in named):
            return None
        content = trim(self.text, (m.end(), len(self.text)))
        content = self._quotes.with_marks(content)
        if len(self.text[content[0] : content[1]].split()) < _FEW or (
            not self.text[content[0]].isalpha() and self.text[content[0]] not in OPENING
        ):
            return None
        return (
            Saying((m.end(1), m.end(1) + 1), trim(self.text, m.span(1)), (content,), "label")
            if content[1] > content[0]
            else None
        )

    def _with_loose_quotes(self, found: list[Saying]) -> list[Saying]:
        """Quotations beside an attribution in the paragraph go on with the nearest."""
        if not found:
            return found
        taken = [s for one in found for s in (*one.contents, one.cue)]
        for start, end in self._quotes.spans:
            begins = self._quotes.begins((start, end)) and end - start > LONG
            if begins and not any(cross((start, end), t) for t in taken):
                near = min(range(len(found)), key=lambda n: abs(found[n].cue[0] - start))
                one = found[near]
                found[near] = Saying(one.cue, one.source, (*one.contents, (start, end)), one.rule)
        return found
