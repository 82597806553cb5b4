"""Which reports only carry another on: near-copies of its text, reposts of its post or footage, a wire's credit."""

from __future__ import annotations

import functools
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marsad.model import Claim, Report

from ._tellings import day
from ._words import key, shingles, word_set

_COPY = 0.5
"""Jaccard likeness of two texts' shingles from which the later is a copy."""
_CONTAINED = 0.8
"""Share of the shorter text's shingles found in the longer from which it is a cut or padded copy."""
_ENOUGH = 25
"""Shingles below which a text is too short to be told from a common phrase, save where the two are nearly equal."""
_LONG_SENTENCE = 16
"""Shingles of a sentence that two writers would hardly both write."""
_SOON = 7
"""Days within which a short text is taken to be copied."""
_CREDIT = re.compile(r"\(([^()\n]{2,40})\)\s*[-–—:]|[-–—]\s*([^\n()–—]{2,40})\s*$|\(([^()\n]{2,40})\)\s*$")


@dataclass(frozen=True, slots=True)
class Print:
    """What tells whether a report's text is another's, without the text."""

    published: str | None
    publisher: str | None
    shingles: bytes
    """Those of its text, each once, in order: four bytes each, the least significant first."""


def carried(reports: Sequence[Report]) -> dict[str, tuple[str, str]]:
    """Report id → (id of the report that it carries on, reason 'copy' or 'repost'), for those that carry one on.

    Every report that is carried on is an earliest one (by publication, then id), never itself carried.
    """
    ordered = sorted(reports, key=_age)
    rank = {r.id: i for i, r in enumerate(ordered)}
    parent: dict[str, str] = {r.id: r.id for r in ordered}
    reasons: dict[str, str] = {}

    def root(i: str) -> str:
        while parent[i] != i:
            i = parent[i]
        return i

    for one, two, reason in [*_reposts(ordered), *_copies(ordered)]:
        a, b = root(one), root(two)
        if a == b:
            continue
        first, later = (a, b) if rank[a] < rank[b] else (b, a)
        parent[later] = first
        reasons.setdefault(later, reason)
        reasons.setdefault(two if rank[two] > rank[one] else one, reason)
    return {r.id: (root(r.id), reasons.get(r.id, "copy")) for r in ordered if root(r.id) != r.id}


def print_of(report: Report) -> Print:
    """The print of a report."""
    found = sorted(_shingles(report.text))
    return Print(report.published, report.publisher, struct.pack(f"<{len(found)}I", *found))


def is_copy(a: Print, b: Print) -> bool:
    """Whether the texts of two reports are nearly one text."""
    if not a.shingles or not b.shingles:
        return False
    if a.publisher is not None and a.publisher == b.publisher:
        # Versions that one publisher put out are its own revisions, unless nothing differs.
        return a.shingles == b.shingles
    return _is_copy(a, b, _unpacked(a.shingles), _unpacked(b.shingles))


def copied_from(claim: Claim, reports: Sequence[Report]) -> str | None:
    """The earliest other report that holds the claim's sentence nearly word for word; None where it is too short."""
    words = shingles(claim.sentence.text)
    if len(words) < _LONG_SENTENCE:
        return None
    mine = next((r for r in reports if r.id == claim.report), None)
    for r in sorted(reports, key=_age):
        if mine is not None and _age(r) >= _age(mine):
            return None
        if r.id != claim.report and len(words & _shingles(r.text)) / len(words) >= _CONTAINED:
            return r.id
    return None


def agency(report: Report) -> str | None:
    """The wire service that the report credits in its author, dateline or last line."""
    names = word_set("words.json", "agencies")
    for said in (report.author, str(report.meta.get("agency") or "")):
        if said and key(said) in names:
            return key(said)
    for part in (report.text[:160], report.text.rstrip()[-80:]):
        for line in part.splitlines():
            m = _CREDIT.search(line.strip())
            if m and (name := key(next(g for g in m.groups() if g))) in names:
                return name
    last = report.text.rstrip().rsplit("\n", 1)[-1]
    return key(last) if len(last) < 40 and key(last) in names else None


def _age(r: Report) -> tuple[str, str]:
    return r.published or "9999", r.id


def _copies(ordered: Sequence[Report]) -> Iterator[tuple[str, str, str]]:
    prints = [(r.id, print_of(r)) for r in ordered]
    found = [(a, b) for n, (a, one) in enumerate(prints) for b, two in prints[n + 1 :] if is_copy(one, two)]
    return ((a, b, "copy") for a, b in sorted(found))


def _is_copy(a: Print, b: Print, one: frozenset[int], two: frozenset[int]) -> bool:
    smaller, shared = min(len(one), len(two)), len(one & two)
    jaccard = shared / (len(one) + len(two) - shared)
    if smaller < _ENOUGH:
        # 'Two people were killed in the town' is written anew every month.
        one_day, other = day(a.published), day(b.published)
        return jaccard >= 0.9 and (one_day is None or other is None or abs(one_day - other) <= _SOON)
    return jaccard >= _COPY or shared / smaller >= _CONTAINED


def _reposts(ordered: Sequence[Report]) -> Iterator[tuple[str, str, str]]:
    first: dict[str, str] = {}
    for r in ordered:
        for mark in _marks(r.meta, r):
            if mark in first and first[mark] != r.id:
                yield first[mark], r.id, "repost"
            first.setdefault(mark, r.id)


def _marks(meta: Mapping[str, Any], r: Report) -> Iterator[str]:
    """What makes two reports one post or one footage: ids, addresses and digests."""
    yield r.id
    if r.url:
        yield r.url
    for name in ("repost_of", "forwarded_from", "quoted_url", "post_id"):
        value = meta.get(name)
        if isinstance(value, str) and value:
            yield value
    media = meta.get("media")
    for item in media if isinstance(media, (list, tuple)) else ():
        if isinstance(item, Mapping):
            yield from (str(item[k]) for k in ("sha256", "footage", "source_url") if item.get(k))


@functools.lru_cache(maxsize=1024)
def _shingles(text: str) -> frozenset[int]:
    return shingles(text)


@functools.lru_cache(maxsize=1024)
def _unpacked(packed: bytes) -> frozenset[int]:
    return frozenset(struct.unpack(f"<{len(packed) // 4}I", packed))
