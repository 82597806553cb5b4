"""One incident as a matrix: fields down, origins across, each value beside its words, and whether they agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..incidents import Contradiction, headcount
from ..model import Claim, Incident, Origin, Report, codes
from ..text import fold
from ._words import Words

_TEXT_FIELDS = ("party", "means", "place", "time", "status", "certainty")


@dataclass(frozen=True, slots=True)
class Cell:
    """One value that one origin gives."""

    text: str
    words: str
    claim: str
    report: str
    published: str | None
    denied: bool
    child: bool = False
    running: bool = False
    least: int | None = None
    most: int | None = None
    whole: bool = False
    """A number of its own, rather than one person's name or 'a man'."""


@dataclass(frozen=True, slots=True)
class Line:
    """One field over all origins. `state` is 'agree', 'differ', 'revised' or 'single'."""

    field: str
    group: str
    cells: tuple[tuple[Cell, ...], ...]
    state: str


@dataclass(frozen=True, slots=True)
class Column:
    """One origin: the reports that carry it, and those folded into it."""

    origin: Origin
    carriers: tuple[Report, ...]
    folded: tuple[tuple[Report | None, Report | None, str], ...]
    """(report, the one that it was folded into, why)."""
    denies: bool
    through: str
    """Who carried its words first; empty where it spoke for itself. 'medics' alone are not told from other medics."""


def columns(incident: Incident, claims: Mapping[str, Claim], reports: Mapping[str, Report]) -> list[Column]:
    """The incident's origins with their reports."""
    made = []
    for origin in incident.origins:
        folded = tuple((reports.get(a), reports.get(b), why) for a, b, why in origin.folded)
        aside = {a for a, _, _ in origin.folded}
        carriers = tuple(reports[r] for r in origin.reports if r in reports and r not in aside)
        mine = [claims[c] for c in origin.claims if c in claims]
        denies = bool(mine) and all(c.certainty == "denied" for c in mine)
        first = next((r.publisher for r in carriers if r.publisher), "") or ""
        through = "" if fold(first) == fold(origin.source) else first
        made.append(Column(origin, carriers, folded, denies, through))
    return made


@dataclass(frozen=True, slots=True)
class Told:
    """The claims of one report. `why` says how it was folded into `into` (copy, quote); empty where it stands."""

    report: Report
    cards: tuple[Any, ...]
    why: str
    into: Report | None

    @property
    def repeats(self) -> bool:
        """Whether it only says again what another report says."""
        return self.why in ("copy", "repost")


def by_report(cards: Sequence[Any], reports: Mapping[str, Report], columns: Sequence[Column]) -> list[Told]:
    """Cards by their reports, those first that say something of their own, by the time at which they came out."""
    folded = {a.id: (b, why) for col in columns for a, b, why in col.folded if a}
    held: dict[str, list[Any]] = {}
    for card in cards:
        held.setdefault(card.claim.report, []).append(card)
    told = []
    for r, mine in held.items():
        into, why = folded.get(r, (None, ""))
        told.append(Told(reports[r], tuple(mine), why, into))
    return sorted(told, key=lambda t: (t.repeats, t.report.published or "~", t.report.id))


@dataclass(frozen=True, slots=True)
class Glance:
    """What is to be known of an incident before anything else."""

    copies: int
    quotes: int
    differ: tuple[tuple[str, str], ...]
    """(field, group) on which origins contradict each other."""
    revised: tuple[tuple[str, str], ...]
    denied_by: tuple[str, ...]


def glance(columns: Sequence[Column], lines: Sequence[Line], denials: Sequence[Contradiction]) -> Glance:
    """The incident in a line: what repeats, contradicts, revises and denies."""
    why = [w for c in columns for _, _, w in c.folded]
    copies = sum(w in ("copy", "repost") for w in why)
    deny = [c.origin.source for c in columns if c.denies] + [v.source for d in denials for v in d.values]
    states = {s: tuple((x.field, x.group) for x in lines if x.state == s) for s in ("differ", "revised")}
    return Glance(copies, len(why) - copies, states["differ"], states["revised"], tuple(dict.fromkeys(deny)))


def lines(
    incident: Incident,
    claims: Mapping[str, Claim],
    reports: Mapping[str, Report],
    differing: tuple[Contradiction, ...],
    words: Words,
) -> list[Line]:
    """The rows of the matrix: how many, by harm and group; then who, with what, where, when and how surely."""
    table: dict[tuple[str, str], dict[str, list[Cell]]] = {}
    for origin in incident.origins:
        copies = {r for r, _, why in origin.folded if why in ("copy", "repost")}
        for claim in (claims[c] for c in origin.claims if c in claims):
            if claim.report in copies and any(claims[c].report not in copies for c in origin.claims if c in claims):
                continue
            for key, cell in _cells(claim, reports.get(claim.report), words):
                row = table.setdefault(key, {}).setdefault(origin.id, [])
                if all((cell.text, cell.denied) != (c.text, c.denied) for c in row):
                    row.append(cell)
    kinds = {c.field: c.kind for c in reversed(differing)}
    order = sorted(table, key=_rank)
    ids = [o.id for o in incident.origins]
    return [Line(*k, tuple(tuple(table[k].get(o, ())) for o in ids), _state(*k, table[k], kinds)) for k in order]


def _cells(claim: Claim, report: Report | None, words: Words) -> list[tuple[tuple[str, str], Cell]]:
    published = report.published if report else None
    denied = claim.certainty == "denied"

    def cell(text: str, quote: str, child: bool = False, running: bool = False, **more: Any) -> Cell:
        return Cell(text, quote, claim.id, claim.report, published, denied, child, running, **more)

    found = []
    for f in headcount(claim):
        # 'unknown' holds those whose status nobody says: the total tells the same.
        if (f.min, f.max) != (None, None) and f.group != "unknown" and not f.withdrawn:
            whole = f.rule not in ("name", "singular")
            shown = cell(
                words.range(f.min, f.max),
                f.words,
                f.group == "children",
                f.cumulative,
                least=f.min,
                most=f.max,
                whole=whole,
            )
            found.append(((f.harm, f.group), shown))
    found += [(("party", ""), cell(a.name or a.text, a.text)) for a in claim.perpetrators]
    found += [(("means", ""), cell(words.label(m.code), m.text)) for m in claim.means]
    found += [(("place", ""), cell(words.place(p), p.text)) for p in claim.places]
    if claim.time:
        found.append((("time", ""), cell(words.interval(claim.time.earliest, claim.time.latest), claim.time.text)))
    statuses = dict.fromkeys(a.status for a in claim.victims if a.status != "unknown")
    found += [(("status", ""), cell(words.label(status), "")) for status in statuses]
    found.append((("certainty", ""), cell(words.label(claim.certainty), "")))
    return found


def _state(field: str, group: str, row: Mapping[str, list[Cell]], kinds: Mapping[str, str]) -> str:
    name = f"{field}: {group}" if group not in ("", "total") else field
    if field == "certainty":
        denied = {c.denied for cells in row.values() for c in cells}
        return "differ" if len(denied) == 2 else "agree" if len(row) > 1 else "single"
    if kinds.get(name) == "contradiction":
        return "differ"
    if kinds.get(name) == "revision":
        return "revised"
    if (
        group
        and len(row) > 1
        and _apart([c for cells in row.values() for c in cells if not c.denied and not c.running])
    ):
        return "differ"
    return "agree" if len([o for o in row if any(not c.denied for c in row[o])]) > 1 else "single"


def _apart(cells: Sequence[Cell]) -> bool:
    """Whether two of the figures cannot both be true; a person told of alone is a part, not another figure."""
    spans = [(c.least or 0, c.most) for c in cells if c.whole]
    return any(b is not None and a > b for a, _ in spans for _, b in spans)


def _rank(key: tuple[str, str]) -> tuple[int, int, int]:
    field, group = key
    if field in codes.HARMS:
        groups = ("total", *codes.GROUPS)
        return 0, codes.HARMS.index(field), groups.index(group) if group in groups else len(groups)
    return 1, _TEXT_FIELDS.index(field), 0
