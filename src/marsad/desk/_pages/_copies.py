"""The same claim in the copies of a report: what one judgement may be made of for all of them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from ...model import Actor, Claim, Incident
from ...review import ReviewedClaim
from ...store import Session
from ...text import fold
from .._mapping import key_of
from ._claims import reviewed_of

MOST = 200
"""Claims that are judged at once, at most."""
_COPIED = ("copy", "repost")


def copies_of(s: Session, home: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Claim id → the claims that say the same in copies of its report, or in what it is a copy of, and are not settled.
    Only of those that have some; `home` says in which incident each claim stands."""
    asked: dict[str, set[str]] = {}
    for claim, stands_in in home.items():
        asked.setdefault(stands_in, set()).add(claim)
    found: dict[str, tuple[str, ...]] = {}
    for incident in s.incidents.many(asked):
        if any(why in _COPIED for o in incident.origins for _, _, why in o.folded):
            same = same_in_copies(incident, reviewed_of(s, s.claims.many(incident.claims)))
            found.update((c, same[c]) for c in asked[incident.id] if c in same)
    return found


def same_in_copies(incident: Incident, claims: Sequence[ReviewedClaim]) -> dict[str, tuple[str, ...]]:
    """The same of all claims of one incident, which are given as people decided them."""
    first = _first_of(incident)
    by_telling: dict[tuple[str, Hashable], list[ReviewedClaim]] = {}
    for r in claims:
        if r.claim.report in first:
            by_telling.setdefault((first[r.claim.report], _telling(r.claim)), []).append(r)
    found = {}
    for held in by_telling.values():
        waiting = [r for r in held if r.verdict not in ("accept", "reject")]
        for r in held:
            others = tuple(o.machine.id for o in waiting if o.claim.report != r.claim.report)[: MOST - 1]
            if others:
                found[r.machine.id] = others
    return found


def _first_of(incident: Incident) -> Mapping[str, str]:
    """Report → the report that it copies, itself for that one; of reports that were copied or are copies."""
    into = {a: b for o in incident.origins for a, b, why in o.folded if why in _COPIED}
    found = {}
    for report in {*into, *into.values()}:
        first, seen = report, {report}
        while (next_one := into.get(first)) is not None and next_one not in seen:
            first = next_one
            seen.add(first)
        found[report] = first
    return found


def _telling(c: Claim) -> Hashable:
    """What a claim says, so that two which say it are one claim in two copies: a copy may have another headline or a
    sentence less, but where a number, a name, a place or a day differs it has to be read by itself."""
    return (
        c.act,
        c.kind,
        c.certainty,
        fold(c.trigger.text),
        tuple(map(_victim, c.victims)),
        tuple(fold(a.name or a.text) for a in c.perpetrators),
        tuple(m.code for m in c.means),
        tuple(map(key_of, c.places)),
        c.time and (c.time.earliest, c.time.latest),
        tuple(fold(a.source) for a in c.attribution),
    )


def _victim(v: Actor) -> Hashable:
    return v.count and (v.count.min, v.count.max), v.children, v.status, fold(v.name or v.text)
