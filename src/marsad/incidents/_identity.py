"""Where a report itself doubts whether two things that it tells are one: footage that somebody dates to a known
killing, 'it was not clear whether this was the same attack'."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence

from marsad.model import Claim, Incident

from ._headcount import headcount
from ._judged import Pair, pair
from ._tellings import family
from ._words import data

_FILE = "identity.json"


def doubted(groups: Sequence[Sequence[Claim]]) -> set[Pair]:
    """Pairs of claims, of different groups of one report, that it says may be one. `groups` come in its order."""
    found: set[Pair] = set()
    for n, group in enumerate(groups):
        for c in group:
            how = speaks_of_identity(c)
            if how is None:
                continue
            kin = [g for g in groups if g is not group and any(family(o) == family(c) for o in g)]
            if how == "footage":
                others = [g for g in kin if any(_shown(o) for o in g)]
            else:
                # 'The same attack' is the one told last before it.
                others = [g for g in kin if g in groups[:n]][-1:] or kin[:1]
            found |= {pair(c.id, o.id) for g in others for o in g if family(o) == family(c)}
    return found


def shown_otherwise(claims: Sequence[Claim]) -> set[Pair]:
    """Pairs of a claim by which somebody dates footage and one of what it shows, whose numbers cannot both be: one
    report tells the two as one, and then doubts it."""
    found: set[Pair] = set()
    for c in claims:
        if speaks_of_identity(c) == "footage":
            found |= {
                pair(c.id, o.id)
                for o in claims
                if o.sentence.start != c.sentence.start and _shown(o) and family(o) == family(c) and _differ(c, o)
            }
    return found


def _differ(a: Claim, b: Claim) -> bool:
    ranges = [[(f.min or 0, f.max) for f in headcount(c) if f.group == "total" and f.own and "figure" in f.rule]
              for c in (a, b)]  # fmt: skip
    return any(
        (high is not None and high < low2) or (high2 is not None and high2 < low)
        for low, high in ranges[0]
        for low2, high2 in ranges[1]
    )


def speaks_of_identity(claim: Claim) -> str | None:
    """'footage' or 'same' where its sentence says, unsurely or in another's name, that this may be what else is told.

    What a report says flatly in its own voice is no doubt: then it tells the two as one.
    """
    text = " ".join(claim.sentence.text.split())
    if _rule("same").search(text) or _rule("whether").search(text):
        return "same"
    unsure = claim.attribution or claim.certainty != "asserted" or _rule("unsure").search(text)
    return "footage" if unsure and _rule("dated_footage").search(text) else None


def against(text: str) -> bool:
    """Whether a sentence says that it is another one ('at least the second time')."""
    return _rule("another").search(text) is not None


def doubts(one: Incident, other: Incident, claims: Mapping[str, Claim]) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
    """The claims that speak for two incidents being the same, and those that speak against it.

    For: sentences that say that they may be one. Against: sentences that tell of another one, and claims of a report
    that tells the two apart.
    """
    mine = [claims[c] for c in one.claims if c in claims]
    theirs = [claims[c] for c in other.claims if c in claims]
    both = [*mine, *theirs]
    ids = {c.id for c in both}
    for_it = [c for c in both if speaks_of_identity(c)]
    told_apart = {x for c in both for o in c.apart_from if (o in ids) and _across(c.id, o, one) for x in (c.id, o)}
    no = [c for c in both if c not in for_it and (c.id in told_apart or against(c.sentence.text))]
    return tuple(_one_a_sentence(for_it)), tuple(_one_a_sentence(no))


def _across(a: str, b: str, one: Incident) -> bool:
    return (a in one.claims) != (b in one.claims)


def _one_a_sentence(claims: Sequence[Claim]) -> list[Claim]:
    return list({(c.report, c.sentence.start): c for c in reversed(claims)}.values())[::-1]


def _shown(claim: Claim) -> bool:
    return _rule("footage").search(claim.sentence.text) is not None


@functools.cache
def _rule(name: str) -> re.Pattern[str]:
    parts = data(_FILE)
    lists = {k: "|".join(v) for k, v in parts["words"].items()}
    return re.compile("|".join(p.format(**lists) for p in parts["rules"][name]), re.IGNORECASE)
