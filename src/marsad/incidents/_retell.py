"""The first half of linking anew what changed: which claims repeat which, and what each touched report tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from marsad.model import Claim, Judgement, Report
from marsad.store import LinkClaim, LinkReport, Session

from ._block import number_of
from ._copies import Print, is_copy, print_of
from ._echo import LATEST, echo_keys, held_against, originals
from ._judged import Decided, Pair, decided
from ._tellings import order
from ._within import Told, tell

_FEW = 64
"""Claims that say the same, of which all are read at once, with the prints of their reports."""
Standing = Callable[[Collection[str]], Sequence[Claim]]
"""The claims of these reports that link and count, as people corrected them."""


@dataclass(slots=True)
class Retold:
    """What the reports that changed tell now."""

    ruling: Decided
    judged: set[Pair]
    """Pairs of claims on which people decided otherwise than when they were last linked."""
    reports: dict[str, Report]
    """The reports that were told anew."""
    told: dict[int, Told]
    """Telling → what it holds, of these reports."""
    changed: set[str] = field(default_factory=set)
    """Those of the reports whose own claims changed."""
    touched: set[str] = field(default_factory=set)
    """Claims of these reports, and those that repeat them; those that are gone too."""
    moved: set[int] = field(default_factory=set)
    """Tellings that claims came to or left."""


def retell(s: Session, changed: Collection[str], standing: Standing, judgements: Sequence[Judgement]) -> Retold:
    """Keep where the claims of the reports in `changed` stand now, and give what they and all that hangs on them tell.

    Reports that hang on them and wait to be linked themselves are linked too.
    """
    retold = Retold(Decided(), set(), {}, {})
    more: set[str] = set()
    ahead = set(changed)
    while True:
        retold.changed |= ahead
        more |= _place(s, ahead, standing, judgements, retold)
        ahead = s.linking.waiting(more - retold.changed)
        if not ahead:
            break
    retold.reports = {r.id: r for r in s.reports.many(retold.changed | more)}
    _tell(s, _by_report(standing(retold.reports.keys()), retold.reports), retold)
    return retold


def _place(
    s: Session, changed: set[str], standing: Standing, judgements: Sequence[Judgement], retold: Retold
) -> set[str]:
    """Keep where the claims of these reports stand; gives the reports whose tellings that may change."""
    reports = {r.id: r for r in s.reports.many(changed)}
    was = {c.claim: c for c in s.linking.claims_of(changed)}
    by_report = _by_report(standing(changed), reports)
    now = {c.claim: c for r, told in by_report.items() for c in _places(told, reports[r])}
    fresh = {c for c in now if c not in was or replace(was[c], original=None, telling=0) != now[c]}
    gone = was.keys() - now.keys()
    before = {c: was[c] for c in fresh | gone if c in was}
    prints = {r: print_of(reports[r]) for r, told in by_report.items() if told}
    s.linking.put_reports([LinkReport(r, p.published, p.publisher, p.shingles) for r, p in prints.items()])
    s.linking.drop_reports(changed - prints.keys())
    s.linking.drop_claims(gone)
    s.linking.put_claims([replace(now[c], telling=was[c].telling if c in was else 0) for c in fresh])
    retold.touched |= was.keys() | now.keys()
    retold.moved |= {was[c].telling for c in gone}
    retold.ruling, judged = _rulings(s, judgements)
    retold.judged |= judged
    held = {c.claim: c for c in s.linking.claims({c for p in judged for c in p})} if judged else {}
    ruled = {held[c] for p in _both(judged, held) if held[p[0]].alike == held[p[1]].alike for c in p}
    change = _Change(before, {c: now[c] for c in fresh}, {c.claim: c for c in ruled}, {c for p in judged for c in p})
    again = _assign(s, change, retold.ruling, prints)
    return {c.report for c in again} | _cut_anew(s, judged, held)


def _tell(s: Session, claims: Mapping[str, list[Claim]], retold: Retold) -> None:
    rows = {c.claim: c for c in s.linking.claims_of(retold.reports.keys())}
    retold.touched.update(rows)
    home: dict[str, int] = {}
    for report, mine in claims.items():
        copied = {c.id: o for c in mine if (o := rows[c.id].original) is not None}
        for told in tell(mine, retold.reports[report], copied, retold.ruling):
            t = number_of(told.telling)
            retold.told[t] = told
            home |= dict.fromkeys(told.telling.claims, t)
    moved = {c for c, t in home.items() if rows[c].telling != t}
    changed = [replace(rows[c], telling=home[c]) for c in moved]
    retold.moved |= {rows[c].telling for c in moved}
    repeating = {c.claim: c for c in s.linking.repeating(moved)} | {c: r for c, r in rows.items() if r.original}
    home |= {c.claim: c.telling for c in s.linking.claims({r.original or "" for r in repeating.values()} - home.keys())}
    for c, row in repeating.items():
        to = home[row.original or ""]
        retold.touched.add(c)
        retold.moved |= {row.telling, to}
        if row.telling != to:
            changed.append(replace(row, telling=to))
    s.linking.move_claims(changed)


def _by_report(claims: Sequence[Claim], reports: Mapping[str, Report]) -> dict[str, list[Claim]]:
    """The claims of events of each report, in order."""
    found: dict[str, list[Claim]] = defaultdict(list)
    for c in sorted((c for c in claims if c.kind == "event"), key=lambda c: order(c, reports)):
        found[c.report].append(c)
    return found


def _places(claims: Sequence[Claim], report: Report) -> list[LinkClaim]:
    alike = echo_keys(claims)
    rows = []
    for c in claims:
        published, _, first, last, _ = order(c, {report.id: report})
        rows.append(LinkClaim(c.id, report.id, published, first, last, alike[c.id]))
    return rows


def _rulings(s: Session, judgements: Sequence[Judgement]) -> tuple[Decided, set[Pair]]:
    """What people decided about the claims that are linked, and the pairs on which that differs from what it was."""
    was = {(a, b): (verdict, seq) for a, b, verdict, seq in s.linking.rulings()}
    if not judgements and not was:
        return Decided(), set()
    named = {x for j in judgements for x in (j.target, j.target[1:], *j.others, *_named(j.value))}
    ruling = decided(judgements, frozenset(c.claim for c in s.linking.claims(named)))
    now = {p: ("together", seq) for p, seq in ruling.together.items()}
    now |= {p: ("settled" if p in ruling.settled else "apart", seq) for p, seq in ruling.apart.items()}
    changed = {p for p in was.keys() | now.keys() if was.get(p) != now.get(p)}
    s.linking.put_rulings(((*p, *now[p]) for p in changed if p in now), [p for p in changed if p in was])
    return ruling, changed


def _named(value: object) -> list[str]:
    return [str(c) for c in value] if isinstance(value, (list, tuple)) else []


def _both(judged: Iterable[Pair], held: Mapping[str, LinkClaim]) -> list[Pair]:
    return [(a, b) for a, b in judged if a in held and b in held]


def _cut_anew(s: Session, judged: set[Pair], held: Mapping[str, LinkClaim]) -> set[str]:
    """Reports of which people now hold claims apart, or no longer, that their own words may tie."""
    pairs = [(held[a], held[b]) for a, b in _both(judged, held)]
    found = {a.report for a, b in pairs if a.report == b.report}
    repeated: dict[str, set[str]] = defaultdict(set)
    for c in s.linking.repeating(list(held)) if held else ():
        repeated[c.original or ""].add(c.report)
    for a, b in pairs:
        found |= {r for one, two in ((a, b), (b, a)) for r in repeated[two.claim] if r == one.report}
    return found


@dataclass(frozen=True, slots=True)
class _Change:
    """Claims that may repeat others than they did."""

    was: Mapping[str, LinkClaim]
    """Those that changed or went, as they were."""
    now: Mapping[str, LinkClaim]
    """Those that changed or came, as they are."""
    ruled: Mapping[str, LinkClaim]
    """Those that people decided about, where they may repeat one another."""
    judged: Set[str]
    """All that people decided about."""


class _Prints:
    """Prints of reports that are held against one another, read many at a time once one is needed."""

    def __init__(self, s: Session, known: Mapping[str, Print]) -> None:
        self._s = s
        self._known = dict(known)
        self._expected: set[str] = set()
        self._copies: dict[tuple[str, str], bool] = {}

    def expect(self, claims: Sequence[LinkClaim], changed: Sequence[LinkClaim]) -> None:
        """May be needed: the reports of those of these claims that repeat nothing, or come after what changed."""
        if len(claims) > 1:
            since = min(c.at for c in changed)
            self._expected.update(c.report for c in claims if c.original is None or c.at >= since)

    def copies(self, original: str, later: str) -> bool:
        """Whether the later report is a copy of the other."""
        both = original, later
        if both not in self._copies:
            if not self._known.keys() >= {*both}:
                wanted = (self._expected | {*both}) - self._known.keys()
                rows = self._s.linking.reports(wanted)
                self._known.update((r.report, Print(r.published, r.publisher, r.shingles)) for r in rows)
                self._expected.clear()
            self._copies[both] = is_copy(self._known[original], self._known[later])
        return self._copies[both]


def _assign(s: Session, change: _Change, ruling: Decided, known: Mapping[str, Print]) -> list[LinkClaim]:
    """Find the claims that each repeats, where that may have changed; gives those for which it did."""
    prints = _Prints(s, known)
    touched: dict[int, list[LinkClaim]] = defaultdict(list)
    for c in (*change.was.values(), *change.now.values(), *change.ruled.values()):
        touched[c.alike].append(c)
    sizes = s.linking.alike_sizes(touched.keys())
    few: dict[int, list[LinkClaim]] = defaultdict(list)
    for c in s.linking.alike([k for k in touched if sizes.get(k, 0) <= _FEW]):
        few[c.alike].append(c)
    for key, rows in few.items():
        prints.expect(rows, touched[key])
    again: list[LinkClaim] = []
    for key, mine in touched.items():
        if key in few:
            rows = sorted(few[key], key=lambda c: c.at)
            result, _ = _originals(rows, (), key, change, prints, ruling)
        elif sizes.get(key):
            rows, result = _in_crowd(s, mine, key, change, prints, ruling)
        else:
            continue
        again += [replace(c, original=result[c.claim]) for c in rows if result[c.claim] != c.original]
    s.linking.move_claims(again)
    return again


def _in_crowd(
    s: Session, mine: Sequence[LinkClaim], key: int, change: _Change, prints: _Prints, ruling: Decided
) -> tuple[list[LinkClaim], dict[str, str | None]]:
    """What the claims of a key that many share repeat, from the first change on until it makes no difference more."""
    since, last = min(c.published for c in mine), max(c.at for c in mine)
    ahead = s.linking.alike_before(key, since, LATEST)
    most = _FEW
    while True:
        rows = s.linking.alike_from(key, since, most)
        whole = len(rows) < most
        if whole or rows[-1].at >= last:
            prints.expect((*ahead, *rows), mine)
            result, same = _originals(rows, ahead, key, change, prints, ruling)
            if whole or same:
                return rows, result
        most *= 4


def _originals(
    rows: Sequence[LinkClaim],
    ahead: Sequence[LinkClaim],
    key: int,
    change: _Change,
    prints: _Prints,
    ruling: Decided,
) -> tuple[dict[str, str | None], bool]:
    """Claim → the one that it repeats, of the claims of a key in order; and whether what comes after them is held
    against the same as before. `ahead` are the latest before them that repeat nothing."""
    held = [c for c in rows if c.claim not in change.now]
    held = sorted([*held, *(c for c in change.was.values() if c.alike == key)], key=lambda c: c.at)
    was = {c.claim: c.original for c in held}
    known = held_against(list(was), was, [c.claim for c in ahead])
    for c in rows:
        if c.claim in change.was or c.claim in change.now or c.claim in change.judged:
            known.pop(c.claim, None)
    block = [(c.claim, c.report) for c in rows]
    result = originals(block, prints.copies, ruling, known, [(c.claim, c.report) for c in ahead])
    first = [c.claim for c in ahead]
    then, now = ([*first, *(c for c, o in found.items() if o is None)][-LATEST:] for found in (was, result))
    return result, then == now
