"""The learned layer joined to the structure: its proposals grounded in phrases and given to the acts they belong to.

The network proposes words; the tree says which noun phrase they stand in, the lexicons what kind of thing that is, and
only an act that the structure found, and whose role it left empty, takes it. Every value so taken says so, with score.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from marsad.errors import ModelMissing
from marsad.model import Attribution

from . import learned
from ._draft import Draft
from ._parsed import Parsed, Phrase

MODEL = "learned"
"""Begins the rule of every value that the network proposed."""
SURE_SOURCE = 0.75
"""Least score, of the weakest of source, cue and content, at which a source is taken that no rule found."""
DOUBTED = 0.5
"""Factuality, in [-3, 3], below which an act that no rule weakens counts as hedged."""

_PEOPLE = frozenset({"person", "group", "human_name", "name", "people"})
_SPEAKERS = _PEOPLE | {"pronoun"}
_SUFFERED = frozenset({"killing", "injury", "abduction", "detention", "enforced_disappearance", "torture"})
_DONE = _SUFFERED | {
    "bombardment",
    "ground_attack",
    "explosion",
    "destruction",
    "attack_on_school",
    "attack_on_hospital",
}
_HIT = frozenset({"bombardment", "ground_attack", "explosion", "destruction"})
_ROLES = {
    "perp_ind": ("perpetrators", "doers"),
    "perp_org": ("perpetrators", "doers"),
    "victim": ("victims", "sufferers"),
    "target": ("places", "targets"),
    "weapon": ("means", "weapons"),
}
_LED = frozenset({"amod", "compound", "nummod", "det", "poss", "nmod", "quantmod", "advmod"})
_NOUNS = frozenset({"NN", "NNS", "NNP", "NNPS", "CD"})


class Told:
    """What the learned layer reads in the chosen sentences of one report."""

    def __init__(self, text: str, proposals: learned.Proposals, parsed: Sequence[Parsed]) -> None:
        self.proposals = proposals
        self._text = text
        self._parsed = list(parsed)
        self._starts = [p.sentence.start for p in parsed]

    def fill(self, drafts: Sequence[Draft]) -> None:
        """Give each act the phrases of the roles that the structure left empty in its own sentence."""
        for proposal in sorted(self.proposals.of(*_ROLES), key=lambda p: -p.score):
            grounded = self.ground(proposal)
            if grounded is None:
                continue
            parsed, phrase = grounded
            name, held = _ROLES[proposal.channel]
            near = [d for d in drafts if d.parsed is parsed]
            if not near or not _fits(proposal.channel, phrase) or any(_holds(d, phrase) for d in near):
                continue
            open_ = [d for d in near if d.act in _TAKERS[proposal.channel] and not getattr(d, held)]
            if not open_:
                continue
            taker = min(open_, key=lambda d: _steps(d.token, phrase.head))
            getattr(taker, held).append(phrase)
            taker.because(name, f"{MODEL} {proposal.channel}", proposal.score)

    def says(self, d: Draft, link: Callable[[Parsed, Any, str], Attribution]) -> list[tuple[Attribution, str]]:
        """(link, stance) of the source in whose content the act stands, where the network is sure of one.

        `link` makes the record of a source from its sentence, its head and the cue's words.
        """
        for said in self.proposals.attributions:
            inside = next((c for c in said.contents if c.start <= d.start and d.end <= c.end), None)
            if said.inner or said.source is None or inside is None:
                continue
            score = min(said.source.score, said.cue.score, inside.score)
            grounded = self.ground(said.source) if score >= SURE_SOURCE else None
            if grounded is None or not (d.end <= said.source.start or said.source.end <= d.start):
                continue
            parsed, phrase = grounded
            if phrase.kind not in _SPEAKERS or parsed.sentence.paragraph != d.parsed.sentence.paragraph:
                continue
            cue = self._text[said.cue.start : said.cue.end]
            known = [c for w in cue.lower().split() for c in parsed.lexicon.cues.get(w, ()) if c.kind != "show"]
            d.because("attribution", f"{MODEL} attribution", score)
            return [(link(parsed, phrase.head, cue), known[0].stance if known else "asserted")]
        return []

    def doubt(self, d: Draft) -> float | None:
        """The factuality of an act, in [-3, 3], where it is too low for something that the report tells as done."""
        value = self.proposals.factuality(d.start, d.end)
        return value if value is not None and value < DOUBTED else None

    def ground(self, proposal: learned.Proposal) -> tuple[Parsed, Phrase] | None:
        """The noun phrase that a proposal's words stand in, with its sentence; None where they are no noun phrase."""
        at = bisect_right(self._starts, proposal.start) - 1
        if at < 0 or proposal.start >= self._parsed[at].sentence.end:
            return None
        parsed = self._parsed[at]
        tokens = parsed.tokens(proposal.start - parsed.offset, proposal.end - parsed.offset)
        head = _head(tokens)
        return None if head is None else (parsed, parsed.phrase(head))


def read(text: str, parsed: Sequence[Parsed], drafts: Sequence[Draft], folder: Path | None = None) -> Told | None:
    """The learned layer's reading of the sentences that hold acts; None where the layer cannot be used. Raises
    ModelMissing where it cannot be used with the weights in `folder`, which somebody asked for.

    `parsed` are the report's sentences in order. The others are left out: what the network proposes there is taken
    for no act, and it costs more than all else.
    """
    if not _usable(folder):
        return None
    held = {d.parsed.sentence.index for d in drafts}
    read = [p for p in parsed if p.sentence.index in held]
    spans = [(p.sentence.start, p.sentence.end) for p in read]
    return Told(text, learned.propose(text, spans, folder or learned.SHIPPED), read)


def weights(folder: Path | None = None) -> str | None:
    """The weights in use, with the first digits of their SHA-256; None where the layer cannot be used. Raises
    ModelMissing as `read` does."""
    return learned.weights(folder or learned.SHIPPED) if _usable(folder) else None


def _usable(folder: Path | None) -> bool:
    reason = learned.available(folder or learned.SHIPPED)
    if reason is not None and folder is not None:
        raise ModelMissing(reason)
    return reason is None


def _head(tokens: Sequence[Any]) -> Any | None:
    """The noun that the words stand under, through the adjectives and names that may lead up to it."""
    inside = {t.i for t in tokens}
    roots = [t for t in tokens if t.head.i not in inside or t.head.i == t.i]
    for root in roots:
        node = root
        for _ in range(3):
            if node.dep_ not in _LED or node.head.i == node.i:
                break
            node = node.head
        if node.tag_ in _NOUNS:
            return node
    return None


def _people(p: Phrase) -> bool:
    return p.kind in _PEOPLE


def _hit(p: Phrase) -> bool:
    return p.facility is not None and not p.personal


def _weapon(p: Phrase) -> bool:
    return p.kind in {"means", "event"}


_TAKERS = {"perp_ind": _DONE, "perp_org": _DONE, "victim": _SUFFERED, "target": _HIT, "weapon": _DONE}
_KINDS: dict[str, Callable[[Phrase], bool]] = {
    "perp_ind": _people,
    "perp_org": _people,
    "victim": _people,
    "target": _hit,
    "weapon": _weapon,
}


def _fits(channel: str, phrase: Phrase) -> bool:
    return _KINDS[channel](phrase)


def _holds(d: Draft, phrase: Phrase) -> bool:
    """Whether the structure has given the phrase a role in the act, or the act stands in it."""
    if phrase.start < d.end and d.start < phrase.end:
        return True
    return any(phrase.start < x.end and x.start < phrase.end for x in (*d.doers, *d.sufferers, *d.targets, *d.weapons))


def _steps(one: Any, other: Any) -> int:
    """Steps in the tree between two tokens of a sentence; their distance in words breaks no tie."""
    up = {one.i: 0}
    for n, a in enumerate(one.ancestors, 1):
        up[a.i] = n
    node, steps = other, 0
    while node.i not in up:
        if node.head.i == node.i:
            return steps + len(up)
        node, steps = node.head, steps + 1
    return steps + up[node.i]
