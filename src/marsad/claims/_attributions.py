"""Who says what in a whole text, by the rules of syntax and by the learned layer, each alone or both joined."""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path

from . import learned as _network
from ._actor_index import ActorIndex
from ._casing import recase
from ._lexicon import lexicon
from ._parser import pipeline
from ._sayings import Saying, sayings
from ._segment import flatten
from ._signed import signed
from ._spans import quotations, trim
from .learned import Proposal, Proposals, Said

SURE = 1.0
"""Score of what a rule found: rules do not doubt."""
BACKED = 0.005
"""Least support by the network, at the cue, under which a rule's finding is dropped where both read."""


def attributions(
    text: str, *, learned: bool = True, structure: bool = True, folder: Path = _network.SHIPPED
) -> list[Said]:
    """The outermost attributions of a text, in the order of their cues: source, cue and contents, in code points.

    `structure`: by the rules over a parse of each paragraph. `learned`: by the network, where its weights and packages
    are there; `folder` holds other weights than the shipped ones. With both, what the rules find and the network does
    not rule out, then what only the network finds; but first what the network is sure of, where its weights say from
    which score they are to be trusted so far (the shipped ones are not).
    Raises ModelMissing where the parser's model is not installed. Unlike `extract`, this reads every sentence.
    """
    proposals = _network.propose(text, folder=folder) if learned and _network.available(folder) is None else None
    ours = _by_rules(text) if structure else []
    if proposals is None:
        return ours
    return joined(ours, proposals) if structure else [s for s in proposals.attributions if not s.inner]


def joined(ours: list[Said], proposals: Proposals) -> list[Said]:
    """What rules found and what the network proposes for the same text, in the order of their cues."""
    outer = [s for s in proposals.attributions if not s.inner]
    sure = [s for s in outer if _least(s) >= proposals.trusted]
    backed = [s for s in ours if proposals.support("cue", s.cue.start, s.cue.end) >= BACKED]
    kept: list[Said] = []
    for some in (sure, backed, outer):
        taken = [p for s in kept for p in (s.cue, *s.contents)]
        kept += [s for s in some if not any(_cross(p, t) for p in (s.cue, *s.contents) for t in taken)]
    return sorted(kept, key=lambda s: s.cue.start)


def _least(said: Said) -> float:
    """The score of the part of it that the network is least sure of."""
    return min(p.score for p in (said.cue, *said.contents, *([said.source] if said.source else [])))


def _cross(one: Proposal, other: Proposal) -> bool:
    return one.start < other.end and other.start < one.end


def _by_rules(text: str) -> list[Said]:
    flat = recase(text, flatten(text), lexicon(), _actors())
    starts, lines = [], []
    at = 0
    for line in text.split("\n"):
        if line.strip():
            starts.append(at)
            lines.append(flat[at : at + len(line)])
        at += len(line) + 1
    found: list[Said] = []
    signatures = [Saying(one.dash, one.who, (one.quote,), "signed") for one in signed(text)]
    for start, doc in zip(starts, pipeline().pipe(lines), strict=True):
        signature = next((s for s in signatures if start <= s.contents[0][0] < start + len(doc.text)), None)
        if signature is not None:
            found.append(_said(signature, 0))
            continue
        here = [_said(one, start) for one in sayings(doc)]
        if not here and found and quotations(doc.text) == [trim(doc.text, (0, len(doc.text)))]:
            # A paragraph that is one quotation goes on with who spoke last.
            begun, ended = trim(doc.text, (0, len(doc.text)))
            more = Proposal("content", start + begun, start + ended, SURE)
            found[-1] = replace(found[-1], contents=(*found[-1].contents, more))
        found += here
    return found


@functools.cache
def _actors() -> ActorIndex:
    return ActorIndex(())


def _said(one: Saying, at: int) -> Said:
    def proposal(channel: str, span: tuple[int, int]) -> Proposal:
        return Proposal(channel, at + span[0], at + span[1], SURE)

    return Said(
        None if one.source is None else proposal("source", one.source),
        proposal("cue", one.cue),
        tuple(proposal("content", c) for c in one.contents),
    )
