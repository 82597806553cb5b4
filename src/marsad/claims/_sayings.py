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

from ._saying_words import (
    asked,
    ends,
    has_to,
    is_after,
    led,
    marked_as,
    marked_that,
    stands,
    when,
    whole,
    words,
)
from ._spans import Span, cross, joined, quotations, trim, without

_OPENING, _CLOSING = "\"“«'‘", "\"”»'’"
_LABEL = re.compile(r"\s*(?:[“”\"](?=[A-Z. ]+:))?([A-Z][^:.!?“”\"\n]{1,60}):\s+(?=\S)")
_NEAR = 60
_FEW = 4
"""Words that a label must lead to."""
_LONG_QUOTE = 25
"""Code points from which a quotation beside a cue is taken for somebody's words, and not for a title or for irony."""

_RELATIVE = frozenset({"who", "which", "that", "whom"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_AUXILIARY = frozenset({"aux", "auxpass", "neg"})
_NOUNS = ("NN", "PRP", "CD", "DT", "WP", "WDT", "JJ", "RB")
_DASHES = frozenset({",", "—", "–", "--", "-"})


@dataclass(frozen=True, slots=True)
class Saying:
    """One attribution; the spans are [start, end) in code points of the paragraph."""

    cue: Span
    source: Span | None
    contents: tuple[Span, ...]
    rule: str = ""
    """Which rule found it."""


def sayings(doc: Any) -> list[Saying]:
    """The outermost attributions of one parsed paragraph, in the order of their cues."""
    return _Paragraph(doc).read()


class _Paragraph:
    def __init__(self, doc: Any) -> None:
        self.doc = doc
        self.text: str = doc.text
        self.quoted = quotations(self.text)

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
            quoted = any(a < one.cue[0] and one.cue[1] < b for a, b in self.quoted)
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
        subject = next((c for c in children if c.dep_ in _SUBJECTS), None)
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
        if clause.i < verb.i:
            for a, b in self.quoted:
                whole_words = self.text[:a].rstrip()[-1:] in {":", ".", "?", "!"} and b - a > _LONG_QUOTE
                if start < a and whole_words and 0 <= verb.idx - b <= _NEAR:
                    return a, b
        added = next((t for t in clause.children if clause.i > verb.i and self._adds(clause, t)), None)
        if added is not None:
            return start, self.doc[added.i - 1].idx
        for t in clause.subtree:
            if t.i <= clause.i or t.tag_[:2] != "VB" or t.dep_ not in {"conj", "ccomp", "parataxis", "advcl"}:
                continue
            if not stands("speech", "-", t) or self._in_quote(t):
                continue
            own = next((c for c in t.children if c.dep_ == "nsubj"), None)
            first = t if own is None else own.left_edge
            before = self.doc[first.i - 1]
            if before.lower_ not in {"and", "but", "while", "though", "although"}:
                continue
            comma = self.doc[before.i - 1].text == ","
            if (own is None and t.tag_ == verb.tag_ and t.dep_ == "conj") or (own is not None and comma):
                return start, before.idx
        return start, end

    def _adds(self, clause: Any, word: Any) -> bool:
        """', suggesting …' behind a clause: the reporter's own, by a participle behind a comma."""
        behind = word.i > clause.i and word.left_edge.i == word.i and self.doc[word.i - 1].text in _DASHES
        return behind and word.tag_ == "VBG" and word.dep_ == "advcl" and not self._in_quote(word)

    def _in_quote(self, word: Any) -> bool:
        return any(a < word.idx < b for a, b in self.quoted)

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
        elif objects:
            yield self._stretched(objects[0], verb)
        elif after and any(c.dep_ in {"oprd", "ccomp"} for c in after):
            yield whole(after[0])

    def _stretched(self, noun: Any, verb: Any) -> Span:
        """A noun phrase with all that goes on behind it without a comma, as far as it is no time."""
        last = self._right(noun)
        for c in verb.children:
            going = c.dep_ in {"prep", "xcomp", "oprd", "ccomp", "acl"}
            if c.left_edge.i == last.i + 1 and going and not when(c):
                last = self._right(c)
        return noun.left_edge.idx, ends(last)

    def _right(self, token: Any) -> Any:
        """The last word of a phrase, before what a comma or a dash adds to it."""
        for t in token.subtree:
            loose = t.dep_ in {"relcl", "advcl", "appos", "acl"} and t.head.i < t.i
            before = self.doc[t.left_edge.i - 1] if t.left_edge.i else t
            if loose and before.text in _DASHES and before.i > token.i and t.left_edge.i > token.i:
                return self.doc[before.i - 1]
        return token.right_edge

    def _noun(self, noun: Any) -> Iterator[Saying]:
        frames = words("noun")
        if not any(noun.lower_ in words for words in frames.values()):
            return
        last: Any = noun
        contents: list[Span] = []
        for c in noun.children:
            if c.i < noun.i:
                continue
            if (c.dep_ in {"acl", "ccomp", "relcl"} and marked_that(c) and stands("noun", "clause", noun)) or (
                c.dep_ in {"acl", "xcomp", "relcl"} and has_to(c) and stands("noun", "infinitive", noun)
            ):
                contents = [whole(c)]
            elif c.dep_ == "prep" and stands("noun", c.lower_, noun) and not contents:
                what = [x for x in c.children if x.dep_ in {"pobj", "pcomp"}]
                if what:
                    last, contents = c, [whole(what[0])]
        verb = noun.head
        if not contents and noun.dep_ == "nsubj" and verb.lower_ in {"is", "was"}:
            contents = [whole(c) for c in verb.children if c.dep_ == "ccomp" and c.i > verb.i][:1]
        if not contents:
            return
        owner = next((c for c in noun.children if c.dep_ == "poss"), None)
        light = noun.dep_ == "dobj" and stands("light", "-", verb) and not (owner is not None and owner.tag_ != "PRP$")
        if light:
            yield self._made("held noun", (self._cue(verb, verb)[0], ends(last)), self._source(verb), contents)
            return
        source = None if owner is None else self._named(owner)
        if source is None and not any(marked_that(c) for c in noun.children if c.i > noun.i):
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
        source = self._source(verb)
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
        if not any(c.dep_ == "nsubj" for c in verb.children) and verb.tag_ != "VBG":
            return
        start, end = whole(verb)
        near = [q for q in self.quoted if 0 <= verb.idx - q[1] <= _NEAR or self._leads(verb, q)]
        first = min((c for c in (verb, *verb.children) if c.dep_ in _SUBJECTS or c.i == verb.i), key=lambda t: t.i)
        begun = self.text[verb.sent.start_char : first.left_edge.idx].rstrip()
        if near:
            yield from near
        elif begun.endswith(",") and stands("speech", "-", verb) and len(begun) > _LONG_QUOTE and verb.dep_ != "relcl":
            yield (verb.sent.start_char, first.left_edge.idx)
        elif verb.dep_ == "parataxis" or (verb.dep_ in {"advcl", "ccomp"} and marked_as(verb)):
            yield from without(whole(verb.head), [(start, end)])

    def _leads(self, verb: Any, quote: Span) -> bool:
        """Whether a verb leads to the quotation behind it: 'told them: “…”', 'insisted that “…”'."""
        gap = self.text[ends(verb) : quote[0]] if 0 <= quote[0] - ends(verb) <= _NEAR else None
        return gap is not None and (gap.strip()[-1:] in {"", ",", ":"} or gap.split()[-1] in {"that", "as"})

    def _quoting(self, verb: Any) -> Iterator[Span]:
        """The rest of a verb's phrase, where words in it are quoted: 'wrote of “a heavy price” for the town'."""
        end = ends(verb.right_edge)
        if any(ends(verb) < a < min(end, ends(verb) + _NEAR) for a, _ in self.quoted):
            yield (ends(verb), end)

    def _cue(self, verb: Any, last: Any) -> Span:
        """The verb with what belongs to it before, from the verb that only leads up to it, to `last`."""
        first = top = verb
        while led(top):
            first = top = top.head
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
        return end + 1 if self.text[end : end + 1] == ":" else end

    def _belongs(self, token: Any, verb: Any) -> bool:
        heads = {verb.i, *(c.i for c in verb.children if c.dep_ in _AUXILIARY)}
        return token.head.i in heads and (token.dep_ in _AUXILIARY or (token.dep_ == "advmod" and token.tag_ == "RB"))

    def _source(self, verb: Any) -> Span | None:
        top = verb
        while led(top):
            top = top.head
        subject = next((c for c in top.children if c.dep_ in _SUBJECTS), None)
        return None if subject is None else self._named(subject)

    def _agent(self, verb: Any) -> Span | None:
        by = next((c for c in verb.children if c.dep_ == "agent"), None)
        named = next((c for c in by.children if c.dep_ == "pobj"), None) if by is not None else None
        return None if named is None else self._named(named)

    def _named(self, head: Any) -> Span | None:
        """A source's words, without relative clauses, ages and places behind a comma; None for 'it' and 'there'."""
        if head.lower_ in {"it", "there", "what"} or head.dep_ == "expl" or not head.tag_.startswith(_NOUNS):
            return None
        dropped = {t.i for c in head.children if c.i > head.i and self._loose(c) for t in c.subtree}
        kept = [t for t in head.subtree if t.i not in dropped]
        last = head
        for t in kept:
            if t.i > head.i and t.i <= last.i + 1:
                last = t
        start, end = trim(self.text, (kept[0].idx, ends(last)))
        added = any(
            c.dep_ == "appos" and c.i > head.i and self.doc[c.left_edge.i - 1].text == "," for c in head.children
        )
        if added and self.text[end : end + 1] == ",":
            end += 1
        return start, end

    def _loose(self, token: Any) -> bool:
        """Behind a comma, and no apposition of words."""
        before = self.doc[token.left_edge.i - 1]
        if before.text not in _DASHES:
            return False
        return token.dep_ not in {"appos", "conj", "cc", "punct"} or token.like_num or token.tag_ == "CD"

    def _made(self, rule: str, cue: Span, source: Span | None, contents: Iterable[Span]) -> Saying:
        pieces = [p for c in contents for p in without(c, [cue, *([source] if source else [])])]
        neat = []
        for piece in pieces:
            start, end = self._quotes(trim(self.text, piece))
            start, end = self._whole_quotes(start, end, cue)
            if end - start > 1 and any(ch.isalnum() for ch in self.text[start:end]):
                neat.append((start, end))
        return Saying(cue, source, tuple(joined(self.text, neat)), rule)

    def _quotes(self, span: Span) -> Span:
        """Take in the quotation marks that stand at a content's edges."""
        start, end = span
        if start and self.text[start - 1] in _OPENING and not self.text[start - 2 : start - 1].isalnum():
            start -= 1
        closing = re.match(r"[,.?!]?(?:''|[\"”»])", self.text[end : end + 3])
        if closing:
            end += closing.end()
        return start, end

    def _whole_quotes(self, start: int, end: int, cue: Span) -> Span:
        """A content that goes into a quotation takes in all of it, up to the cue."""
        for a, b in self.quoted:
            if a < end and start < b and (start >= a or end <= b) and not (a <= cue[0] < b):
                start, end = min(start, a), max(end, b)
        return start, end

    def _label(self) -> Saying | None:
        """'Governor: No Raid Took Place', 'HARUN: We saw the planes.': a name and a colon open the paragraph."""
        m = _LABEL.match(self.text)
        if m is None or m[1].lower() in words("label")["-"]:
            return None
        named = [w for w in m[1].split() if w[0].isalpha() and len(w) > 3]
        if len(m[1].split()) > 7 or not all(w[0].isupper() for w in named):
            return None
        content = trim(self.text, (m.end(), len(self.text)))
        content = self._quotes(content)
        if len(self.text[content[0] : content[1]].split()) < _FEW or (
            not self.text[content[0]].isalpha() and self.text[content[0]] not in _OPENING
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
        for start, end in self.quoted:
            if end - start > _LONG_QUOTE and not any(cross((start, end), t) for t in taken):
                near = min(range(len(found)), key=lambda n: abs(found[n].cue[0] - start))
                one = found[near]
                found[near] = Saying(one.cue, one.source, (*one.contents, (start, end)), one.rule)
        return found
