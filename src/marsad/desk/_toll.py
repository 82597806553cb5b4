"""How the toll of one incident was told over time: what each report said, when it came out, and for which origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from ..incidents import headcount
from ..model import Claim, Incident, Report, codes

_HARMS = ("killed", "injured", "abducted", "displaced")
_ROOM = 0.16
"""Of the drawing's height, left free above the highest figure."""
_LABEL = (9.0, 9.0)
"""Per cent of the drawing's width and height that a figure beside a dot may need."""
_Telling = tuple[date, int | None, int | None, str, str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """One report's figure: per cent from where the line of time begins and from the top, its range, and whose it is."""

    at: float
    top: float
    bottom: float
    least: int | None
    most: int | None
    origin: str
    report: str
    published: str
    claim: str
    label: str = "after"
    """Where its figure stands: 'after' or 'before' its dot, or 'no' where the dot beside it says the same."""


@dataclass(frozen=True, slots=True)
class Toll:
    """One harm over time. `highest` is the figure at the top of the drawing; `first` and `last` are days."""

    harm: str
    told: tuple[Told, ...]
    highest: int
    first: str
    last: str


def tolls(incident: Incident, claims: Mapping[str, Claim], reports: Mapping[str, Report]) -> list[Toll]:
    """The harms of which more than one figure was told, on more than one day or by more than one report."""
    found: dict[str, dict[tuple[str, str], _Telling]] = {}
    for origin in incident.origins:
        for claim in (claims[c] for c in origin.claims if c in claims):
            day = _day(reports, claim.report)
            if day is None or claim.certainty == "denied":
                continue
            for f in headcount(claim):
                if f.group == "total" and f.min is not None and not f.cumulative and not f.withdrawn:
                    told = (day, f.min, f.max, origin.source, claim.report, claim.id)
                    # Within one report the largest figure is the whole, and smaller ones are told of its parts.
                    kept = found.setdefault(f.harm, {})
                    before = kept.get((origin.id, claim.report))
                    if before is None or (f.min, f.max or 1 << 40) > (before[1] or 0, before[2] or 1 << 40):
                        kept[origin.id, claim.report] = told
    several = [h for h in codes.HARMS if h in _HARMS and len({r for _, r in found.get(h, {})}) > 1]
    return [_toll(h, sorted(found[h].values(), key=lambda x: (x[0], x[4]))) for h in several]


def _toll(harm: str, told: list[_Telling]) -> Toll:
    first, last = told[0][0], told[-1][0]
    days = max(1, (last - first).days)
    highest = max(n for _, a, b, *_ in told for n in (a, b) if n is not None)
    scale = (1 - _ROOM) * 100 / max(1, highest)
    marks = []
    for day, least, most, origin, report, claim in told:
        # Inwards from both edges, so that no mark is cut off.
        at = 6 + 86 * (day - first).days / days if last > first else 50.0
        top = 100 - (most if most is not None else highest / (1 - _ROOM)) * scale
        bottom = 100 - (least or 0) * scale
        marks.append(
            Told(round(at, 2), round(top, 2), round(bottom, 2), least, most, origin, report, day.isoformat(), claim)
        )
    return Toll(harm, tuple(_labelled(marks)), highest, first.isoformat(), last.isoformat())


def _labelled(marks: list[Told]) -> list[Told]:
    """The marks, in the order of time, with their figures where they cover no dot and no other figure."""
    placed: list[Told] = []
    for n, m in enumerate(marks):
        near = [o for o in marks[n + 1 :] if o.at - m.at < _LABEL[0] and abs(o.bottom - m.bottom) < _LABEL[1]]
        if any((o.least, o.most) == (m.least, m.most) for o in near):
            label = "no"
        else:
            label = "before" if near and m.at >= _LABEL[0] else "after"
        placed.append(replace(m, label=label))
    return placed


def _day(reports: Mapping[str, Report], report: str) -> date | None:
    found = reports.get(report)
    try:
        return date.fromisoformat(found.published[:10]) if found and found.published else None
    except ValueError:
        return None
