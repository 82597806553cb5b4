"""Role proposals of one document to entities: the same words, or a name and its last part, are one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from marsad.claims.learned._labels import labels
from marsad.claims.learned._records import Proposal, Proposals

_OPENS = re.compile(r"\s*[(\[]\s*")
_LETTER = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Filler:
    """An entity that fills a role somewhere in the document, with every proposal that names it."""

    role: str
    text: str
    """Its likeliest words, in lower case, spaces made single, without articles and prepositions at the edges."""
    score: float
    mentions: tuple[Proposal, ...]


def fillers(text: str, proposals: Proposals) -> list[Filler]:
    """Entities by role, best first.

    Names of one role merge where one's words end or begin the other's, or where
    one stands in brackets behind the other ('… Liberation Front (FMLN)').
    """
    found: list[Filler] = []
    for role in labels().groups["roles"]:
        named: dict[str, list[Proposal]] = {}
        for proposal in proposals.of(role):
            if words := _bare(text[proposal.start : proposal.end]):
                named.setdefault(words, []).append(proposal)
        bracketed = _bracketed(text, named)
        clusters: list[dict[str, list[Proposal]]] = []
        for words in sorted(named, key=lambda w: -max(p.score for p in named[w])):
            home = next(
                (c for c in clusters if any(_same(words, o) or frozenset((words, o)) in bracketed for o in c)), None
            )
            if home is None:
                home = {}
                clusters.append(home)
            home[words] = named[words]
        for cluster in clusters:
            best = max(cluster, key=lambda w: (max(p.score for p in cluster[w]), len(w)))
            mentions = tuple(sorted((p for ps in cluster.values() for p in ps), key=lambda p: p.start))
            found.append(Filler(role, best, max(p.score for p in mentions), mentions))
    return sorted(found, key=lambda f: -f.score)


def _bracketed(text: str, named: dict[str, list[Proposal]]) -> set[frozenset[str]]:
    """Pairs of names of which one stands in brackets straight behind the other."""
    ordered = sorted((p.start, p.end, words) for words, proposals in named.items() for p in proposals)
    return {
        frozenset((one, other))
        for (_, end, one), (start, stop, other) in pairwise(ordered)
        if _OPENS.fullmatch(text, end, max(end, start)) and text[stop : stop + 2].lstrip()[:1] in (")", "]")
    }


def _bare(words: str) -> str:
    """In lower case, spaces made single, without the punctuation and function words at the edges."""
    parts = words.lower().split()
    while parts and (parts[-1] in labels().edges or not _LETTER.search(parts[-1])):
        parts.pop()
    while parts and (parts[0] in labels().edges or not _LETTER.search(parts[0])):
        parts.pop(0)
    return " ".join(parts)


def _same(one: str, other: str) -> bool:
    a, b = one.split(), other.split()
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    if short == long:
        return True
    return long[-len(short) :] == short or long[: len(short)] == short or _initials(long) == "".join(short)


def _initials(words: list[str]) -> str:
    return "".join(w[0] for w in words) if len(words) > 2 else ""
