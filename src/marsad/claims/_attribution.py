"""Who says so: the chain of sources over a trigger, outermost first, from the tree, from quotes and from footage."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from marsad.model import Attribution

from ._data import word_set
from ._draft import Draft
from ._parsed import Parsed, conjuncts
from ._signed import signed
from ._sources import Sources
from ._syntax import is_passive, is_verb
from ._voices import Voices

_LABEL = re.compile(r"([A-Z][\w'.-]*(?: [A-Z(][\w'.()-]*| (?:of|for|the|al|and)){0,6}):\s")
_DASH = re.compile(r" [-|] $")
_RELEASED = word_set("released")
_CONTENT = frozenset({"ccomp", "xcomp", "parataxis", "acl", "dobj", "nsubjpass", "pobj", "pcomp", "advcl", "relcl"})


@dataclass(slots=True)
class Report:
    """One link as found: the source's head, the cue, its stance."""

    token: Any
    cue: str
    stance: str
    rule: str
    verb: Any = None
    """The reporting verb, where one holds the act in its clause."""
    cited: bool = False
    """Named by 'citing' or 'quoting'."""


class Attributor:
    """Finds the chain of each draft of a report. Sentences must come in order."""

    def __init__(self, text: str, flat: str, sources: Sources, quotes: list[tuple[int, int]]) -> None:
        self._text = text
        self._flat = flat
        self._sources = sources
        self._quotes = quotes
        self._voices = Voices(text, flat, quotes)
        for one in signed(text):
            name, who, dash = (text[a:b] for a, b in (one.name, one.who, one.dash))
            proper = name[:1].isupper() and " " in name and not name.startswith(("A ", "An ", "One ", "The "))
            source = sources.fullest(name) if proper else who
            self._voices.signs(*one.quote, Attribution(source, dash, *one.who, sources.kind(who), who))

    def read(self, parsed: Parsed) -> None:
        """Take in who speaks in a sentence, for quotes that go on elsewhere in its paragraph."""
        self._sources.parties += [(parsed.offset + start, actor.name) for start, _, actor in parsed.actors]
        for token in parsed.doc:
            if not is_verb(token) or self._in_quote(parsed, token):
                continue
            cue = next((c for c in parsed.lexicon.cues.get(token.lower_, ()) if c.kind == "verb"), None)
            if cue is None:
                continue
            source = self._subject(token)
            if source is not None:
                link = self._link(parsed, Report(source, token.text, cue.stance, "speaker"))
                self._voices.speaks(parsed.sentence, link)
        label = self._label(parsed)
        if label is not None:
            self._voices.labels(parsed.sentence, label)
        behind = self._behind(parsed)
        if behind is not None:
            self._voices.tail(parsed.sentence, behind)

    def link(self, parsed: Parsed, source: Any, cue: str) -> Attribution:
        """The source whose phrase `source` heads, as a link with this cue."""
        return self._link(parsed, Report(source, cue, "asserted", "statement"))

    def teller(self, verb: Any) -> Any | None:
        """The head of who tells what a clause says: 'the monitor' of 'the monitor said the jets were …'."""
        return self._subject(verb.head) if verb.dep_ == "ccomp" and is_verb(verb.head) else None

    def chain(self, d: Draft) -> list[tuple[Attribution, str]]:
        """(link, stance) outermost first."""
        found = self._walk(d)
        found = found or self._released(d)
        links = [(self._link(d.parsed, r), r) for r in reversed(found)]
        out: list[tuple[Attribution, str]] = []
        for link, r in links:
            if r.token.lower_ in {"we", "i"} and r.stance == "asserted" and not self._in_quote(d.parsed, r.token):
                continue  # the publisher's own voice
            if any(link.source == other.source for other, _ in out):
                continue
            d.because("attribution", r.rule)
            out.append((link, r.stance))
        if not out:
            head = self._headed(d.parsed)
            if head is not None:
                d.because("attribution", "said before a colon")
                out.append((self._link(d.parsed, head), "asserted"))
        gives = next((a for a in (d.token, *d.token.ancestors) if a.lower_ in word_set("toll_verbs")), None)
        total = word_set("total_nouns")
        if not out and gives is not None and any(c.i == d.token.i or c.lower_ in total for c in gives.children):
            source = self._subject(gives)
            if source is not None and source.lower_ in total:  # 'a count by the broadcaster put the dead at 22'
                by = (o for c in source.children if c.lower_ == "by" for o in c.children if o.dep_ == "pobj")
                source = next(by, source)
            if source is not None and source.i < gives.i:
                d.because("attribution", "gives the total")
                out.append((self._link(d.parsed, Report(source, gives.text, "asserted", "total")), "asserted"))
        signer = self._voices.signer(d.start)
        if signer is not None:
            d.because("attribution", "signed quote")
            # 'I' within it is who signed it.
            out = [(signer, "asserted"), *((a, s) for a, s in out if a.text.lower() not in {"i", "we"})]
        if not out:
            speaker, rule = self._voices.of(d.start, d.parsed.sentence)
            if speaker is not None:
                d.because("attribution", rule)
                out.append((speaker, "asserted"))
        return out

    def _label(self, parsed: Parsed) -> Attribution | None:
        """'Northern Observatory: five were killed', 'Amna Idris: They took my son': who speaks, by a label."""
        m = _LABEL.match(parsed.text)
        if m is None:
            return None
        words = m.group(1)
        person = any(e.label_ == "PERSON" and e.end_char >= m.end(1) - 1 for e in parsed.doc.ents if e.start_char == 0)
        kind = self._sources.kind(words)
        if kind == "unnamed" and not person:
            return None
        start = parsed.offset
        return Attribution(
            self._sources.fullest(words), ":", start, start + len(words), kind, self._text[start : start + len(words)]
        )

    def _behind(self, parsed: Parsed) -> Attribution | None:
        """'Fighters kill villagers - HRW': who a headline has it from. A newspaper there is whose headline it is."""
        start, end = parsed.sentence.start, parsed.sentence.end
        if parsed.sentence.paragraph or _DASH.search(self._flat, 0, start) is None:
            return None
        source = self._sources.fullest(self._text[start:end])
        kind = self._sources.kind(source)
        if kind in {"unnamed", "media"}:
            return None
        return Attribution(source, self._flat[:start].rstrip()[-1], start, end, kind, self._text[start:end])

    def _headed(self, parsed: Parsed) -> Report | None:
        """'From the town council: fourteen people were killed.'"""
        first = parsed.doc[0]
        colon = next((t for t in parsed.doc[: min(9, len(parsed.doc))] if t.text == ":"), None)
        if colon is None or first.lower_ != "from":
            return None
        named = [t for t in first.children if t.dep_ == "pobj" and t.i < colon.i] or [parsed.doc[colon.i - 1]]
        return Report(named[0], first.text, "asserted", "from … :") if named[0].tag_[:2] == "NN" else None

    def _walk(self, d: Draft) -> list[Report]:
        """Links from the trigger up to the root, innermost first."""
        out: list[Report] = []
        node, lex = d.token, d.parsed.lexicon
        for _ in range(14):
            beside = self._beside(node, d)
            if beside and out and out[-1].verb is node:
                # Whom a source cites stands within what it says: 'the office said, citing two officers'.
                cited = [r for r in beside if r.cited]
                out[-1:-1] = cited
                beside = [r for r in beside if not r.cited]
            out += beside
            head = node.head
            if head.i == node.i:
                break
            if node.dep_ in _CONTENT:
                cues = lex.cues.get(head.lower_, ())
                verb = next((c for c in cues if c.kind == "verb"), None) if is_verb(head) else None
                if verb and verb.head not in {"show"} and self._reports(node, head, d):
                    source = self._subject(head)
                    if source is not None and any(c.kind == "noun" for c in lex.cues.get(source.lower_, ())):
                        source = self._owner(source) or source
                    if source is not None:
                        out.append(Report(source, head.text, verb.stance, f"{head.lower_} + clause", verb=head))
                elif is_verb(head) and head.lower_.startswith(("show", "depict", "captur", "portray", "document")):
                    out += self._footage(head, d)
                noun = next((c for c in cues if c.kind == "noun"), None)
                if noun and node.dep_ in {"acl", "ccomp", "pobj", "relcl"}:
                    source = self._owner(head)
                    if source is not None:
                        out.append(Report(source, head.text, noun.stance, f"{head.lower_} that"))
            if (
                node.lower_ in {"of", "about", "on"}
                and any(c.kind == "noun" for c in lex.cues.get(head.lower_, ()))
                and node.dep_ == "prep"
            ):
                source = self._owner(head)
                if source is not None:
                    stance = next(c.stance for c in lex.cues[head.lower_] if c.kind == "noun")
                    out.append(Report(source, head.text, stance, f"{head.lower_} of"))
            if node.lower_ in {"of", "about"} and node.dep_ == "prep" and head.lower_ in word_set("speaks_of"):
                source = self._subject(head)
                if source is not None:
                    out.append(Report(source, head.text, "asserted", "speaks of"))
            if (
                node.lower_ in {"of", "for"}
                and node.dep_ == "prep"
                and is_verb(head)
                and "accuse" in lex.control.get(head.lower_, set())
            ):
                source = self._subject(head)
                if source is not None:
                    out.append(Report(source, head.text, "alleged", "accusation"))
            if node.lower_ == "as" and is_verb(head) and head.lower_ in word_set("quotes"):
                source = self._subject(head)
                if source is not None and not is_passive(head):
                    out.append(Report(source, head.text, "asserted", "quotes"))
            node = head
        return out

    def _reports(self, node: Any, head: Any, d: Draft) -> bool:
        """Whether `node` is what `head` reports (and not, say, a noun that is merely mentioned)."""
        if node.dep_ in {"ccomp", "parataxis"}:
            return True
        stems = {"xcomp": "reports_doing", "dobj": "reports_noun", "nsubjpass": "reports_noun"}.get(node.dep_)
        if stems:
            word: str = head.lower_
            return word.startswith(tuple(word_set(stems)))
        return node.dep_ == "advcl" and any(c.lower_ == "that" for c in node.children)

    def _beside(self, node: Any, d: Draft) -> list[Report]:
        """'according to X', 'X said' in brackets or after a comma, 'as X reported'."""
        out: list[Report] = []
        lex = d.parsed.lexicon
        for c in (*node.children, *self._last_words(node, d)):
            if c.lower_ == "according":
                to = next((x for x in c.children if x.lower_ == "to"), None)
                source = next((x for x in (to if to is not None else c).children if x.dep_ == "pobj"), None)
                if source is not None:
                    out.append(Report(source, f"{c.text} to", "asserted", "according to"))
            elif c.dep_ in {"prep", "advcl"} and c.lower_ in {"quoting", "citing"}:
                source = next((x for x in c.children if x.dep_ in {"dobj", "pobj"}), None)
                if source is not None:
                    out.append(Report(source, c.text, "asserted", c.lower_, cited=True))
            elif is_verb(c) and c.dep_ in {"parataxis", "ccomp", "advcl", "dep"} and c.i != d.token.i:
                cue = next((x for x in lex.cues.get(c.lower_, ()) if x.kind == "verb"), None)
                holds = any(x.dep_ in {"ccomp", "dobj"} for x in c.children)
                as_ = any(x.dep_ == "mark" and x.lower_ == "as" for x in c.children)
                if cue and not holds and (c.dep_ == "parataxis" or as_ or (c.dep_ == "ccomp" and c.i > node.i)):
                    source = self._subject(c)
                    if source is not None and not any(a.i == c.i for a in (d.token, *d.token.ancestors)):
                        out += [r for r in self._beside(c, d) if r.cited]
                        out.append(Report(source, c.text, cue.stance, "parenthetical"))
        return out

    def _last_words(self, node: Any, d: Draft) -> list[Any]:
        """'killed 30 people and wounded 100, according to the ministry': both are the ministry's, though the words hang
        on the last."""
        if node.i != d.token.i or not is_verb(node):
            return []
        last = node
        while (nxt := next((c for c in last.rights if c.dep_ == "conj" and is_verb(c)), None)) is not None:
            last = nxt
        if last is node:
            return []
        return [c for c in last.rights if c.lower_ == "according" and c.nbor(-1).text == ","]

    def _footage(self, verb: Any, d: Draft) -> list[Report]:
        """'a video released by X shows': X says so, by its own footage."""
        teller = verb.head if verb.dep_ == "xcomp" and is_verb(verb.head) else verb  # 'appears to show'
        subject = next((c for c in teller.children if c.dep_ == "nsubj"), None)
        if subject is None or not any(c.kind == "show" for c in d.parsed.lexicon.cues.get(subject.lower_, ())):
            return []
        owner = self._owner(subject)
        return [Report(owner, verb.text, "asserted", "released footage")] if owner is not None else []

    def _released(self, d: Draft) -> list[Report]:
        """'The group released a video purporting to show the killing of …': it tells so, by its own footage."""
        for a in d.token.ancestors:
            filmed = any(c.kind == "show" for c in d.parsed.lexicon.cues.get(a.lower_, ()))
            if filmed and a.dep_ == "dobj" and is_verb(a.head) and a.head.lower_ in word_set("own_footage"):
                source = self._subject(a.head)
                return [Report(source, a.head.text, "asserted", "released footage")] if source is not None else []
        return []

    def _owner(self, noun: Any) -> Any | None:
        for c in noun.children:
            if c.dep_ == "poss":
                return c
        for c in noun.children:
            if c.dep_ in {"acl", "relcl"} and c.lower_ in _RELEASED:
                agent = next((a for a in c.subtree if a.lower_ == "by" and a.dep_ in {"agent", "prep"}), None)
                found = next((o for o in agent.children if o.dep_ == "pobj"), None) if agent is not None else None
                if found is not None:
                    return found
        for c in noun.children:
            if (c.dep_ == "prep" and c.lower_ in {"by", "from"}) or c.dep_ == "agent":
                return next((o for o in c.children if o.dep_ == "pobj"), None)
        return next(
            (
                c
                for c in noun.children
                if c.dep_ in {"compound", "nmod"} and c.tag_ in {"NNP", "NN"} and c.text[:1].isupper()
            ),
            None,
        )

    def _subject(self, verb: Any) -> Any | None:
        if is_passive(verb):
            agent = next((c for c in verb.children if c.dep_ == "agent"), None)
            found = next((o for o in agent.children if o.dep_ == "pobj"), None) if agent is not None else None
            if found is None and verb.lower_ == "quoted":
                found = next((c for c in verb.children if c.dep_ == "nsubjpass"), None)
            return found
        own = next((c for c in verb.children if c.dep_ in {"nsubj"}), None)
        if own is None and verb.dep_ == "pcomp" and verb.head.lower_ == "as":
            # 'quoted an official as saying', 'was quoted as saying'
            quoting = verb.head.head
            return next((c for c in quoting.children if c.dep_ in {"dobj", "nsubjpass"}), None)
        after = verb.nbor(1) if verb.i + 1 < len(verb.doc) else None
        if own is not None and own.i < verb.i and after is not None and after.ent_type_ == "PERSON":
            # 'Twelve were hurt, among them five children, said Marwan Issawi': the speaker stands after the verb.
            name = next(e for e in verb.doc.ents if e.start <= after.i < e.end)
            return name.root
        if own is None and verb.dep_ == "conj" and is_verb(verb.head):
            return self._subject(verb.head)
        if own is None and verb.dep_ == "acl":
            return verb.head
        if own is None and verb.dep_ in {"advcl", "xcomp"} and is_verb(verb.head):
            return self._subject(verb.head)
        if own is not None and own.lower_ in {"it", "that", "which", "this", "there"} and own.lower_ != "it":
            return verb.head if verb.dep_ == "relcl" else None
        if own is not None and own.lower_ == "who" and verb.dep_ == "relcl":
            return verb.head
        return own

    def _link(self, parsed: Parsed, r: Report) -> Attribution:
        phrase = parsed.phrase(r.token)
        start, end = phrase.start, phrase.end
        words = self._text[start:end]
        tokens = conjuncts(r.token)
        if len(tokens) > 1 and r.token.tag_ != "NNP":
            end = max(end, parsed.phrase(tokens[-1]).end)
            words = self._text[start:end]
        source, kind = self._sources.name(parsed, r.token, words)
        if phrase.actor is not None and kind in {"unnamed", "party"}:
            kind = "party"
        return Attribution(source, r.cue, start, end, kind, words)

    def _in_quote(self, parsed: Parsed, token: Any) -> bool:
        start, _ = parsed.at(token)
        return any(a <= start < b for a, b in self._quotes)
