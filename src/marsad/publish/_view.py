"""The case as a profile shows it: every table, map and page of a release is made from this view alone."""

from __future__ import annotations

import hashlib
import hmac
import html
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from ..model import Claim, Incident, Place, Report, codes, to_json
from ..review import Review
from ..text import MONTHS
from ._facts import facts_of
from ._guarded import approved, child, coarse_incidents, guarded_names, reports_of_children
from ._names import Guard
from ._profile import PROFILES, WITHHELD, Profile
from ._stills import named
from ._suppress import Range, hide

_ACCURACY_KM = {
    "point": 0.5,
    "populated_place": 5,
    "second_order_division": 30,
    "first_order_division": 100,
    "country": 400,
}

_CODED = frozenset(("kind", "code", "precision", "country", "id", "sex", "status", "applies_to", "earliest", "latest"))


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as released: a range, or withheld."""

    harm: str
    group: str
    min: int | None
    max: int | None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """One incident as released."""

    id: str
    acts: tuple[str, ...]
    earliest: str | None
    latest: str | None
    time_precision: str
    place: Place | None
    accuracy_km: float | None
    parties: tuple[str, ...]
    certainty: str
    origins: int
    sources: tuple[str, ...]
    """Kinds of origin, or their names where the profile shows names."""
    status: str
    violations: tuple[str, ...]
    figures: tuple[Figure, ...]
    coarsened: bool
    claims: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """All that a release is made from."""

    profile: Profile
    name: str
    incidents: tuple[Shown, ...]
    patterns: tuple[Mapping[str, Any], ...]
    totals: tuple[Figure, ...]
    matrix: tuple[Mapping[str, Any], ...]
    sources: tuple[Mapping[str, Any], ...]
    policy: str
    rule: str
    assumptions: tuple[str, ...]
    guard: Guard
    coarse: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Released id of each coarsened incident → what must not stand beside it (exact days, place names)."""
    corrections: tuple[Mapping[str, Any], ...] | None = None
    """Rows of corrections.csv; None where no earlier release was named."""
    since: str | None = None
    """When the earlier release was made."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What the method statement says of the case."""
    arabic: Mapping[str, str] = field(default_factory=dict)
    """Name of a place or division that is shown → its name in Arabic."""
    months: tuple[str, ...] = MONTHS
    stills: Mapping[str, bytes] = field(default_factory=dict)
    """File name → PNG."""
    waiting: Mapping[str, str] = field(default_factory=dict)
    """Names on no list that would be shown if an editor approved them → 'publisher', 'party' or 'place'."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A name that waits for approval: letter by letter; 'publisher', 'party' or 'place'; whether it is spelt much like
    the name of somebody harmed."""

    name: str
    what: str
    resembles: bool


@dataclass(frozen=True, slots=True)
class Material:
    """What a view is made of, as the case holds it."""

    name: str
    incidents: Sequence[Incident]
    review: Review
    reports: Mapping[str, Report]
    figures: Mapping[str, Sequence[Figure]]
    totals: Sequence[Figure]
    matrix: Sequence[Mapping[str, Any]]
    policy: str
    rule: str
    assumptions: Sequence[str]
    key: bytes
    """Secret of the case from which released ids are made, so that they stay the same and lead nowhere."""
    small_cell: int
    coarsen: Callable[[Place, str], Place]
    in_arabic: Callable[[Place], tuple[str | None, str | None]] = lambda _: (None, None)
    """A place's name in Arabic and its division's, where they are known."""
    months: tuple[str, ...] = MONTHS
    """Countries whose names of months Arabic uses; see `text.say_day`."""
    conflict: str = ""
    """The conflict that the case documents, where it names one."""
    stills: Mapping[str, bytes] = field(default_factory=dict)
    """Digest → PNG of the covered pictures that an editor chose for this release."""


def view_of(material: Material, profile: Profile) -> View:
    """The case as `profile` shows it."""
    claims = {r.claim.id: r.claim for r in material.review.all() if r.verdict != "reject"}
    guard = guarded_names(material.review, profile.names)
    coarse = coarse_incidents(material.incidents, claims) if profile.child_place or profile.child_time else frozenset()
    closed = reports_of_children(material.review) if profile.words == "guarded" else frozenset()
    make = _Maker(material, profile, claims, guard, coarse, listed_names(claims.values(), guard), closed)
    shown = [make.incident(i) for i in material.incidents]
    hidden_totals, shown = _suppressed(material, profile, shown)
    figures = [*hidden_totals, *(f for i in shown for f in i.figures)]
    facts = facts_of(material, profile, shown, make.code) | {
        "conflict": make.guarded(material.conflict),
        "names_guarded": bool(guard.names),
        "names_approved": profile.unlisted == "approved",
        "stills": len(material.stills),
        "withheld": sum(f.withheld for f in figures),
    }
    return View(
        profile,
        make.guarded(material.name) or "",
        tuple(shown),
        tuple(make.claim(c, None) for c in claims.values() if c.kind == "pattern"),
        tuple(hidden_totals),
        tuple(_matrix(material, profile, make)),
        tuple(make.source(r) for r in material.reports.values() if r.status != "unreadable"),
        material.policy,
        material.rule,
        tuple(material.assumptions),
        guard,
        {make.id("i", i.id): make.exact(i) for i in material.incidents if i.id in coarse},
        facts=facts,
        arabic=_arabic(material, guard, shown),
        months=material.months,
        stills=named(material.stills, material.key),
        waiting=make.waiting,
    )


def _arabic(material: Material, guard: Guard, shown: Sequence[Shown]) -> Mapping[str, str]:
    """Name → name in Arabic, of the places that are shown and their divisions; without one that holds a guarded name,
    and without a name that stands for two places with different ones."""
    found: dict[str, set[str]] = defaultdict(set)
    for place in {i.place for i in shown if i.place is not None}:
        for name, arabic in zip((place.name, place.admin1), material.in_arabic(place), strict=True):
            if name and arabic:
                found[name].add(arabic)
    return {n: a for n, forms in found.items() if len(forms) == 1 for a in forms if not guard.found(a)}


def names_to_approve(material: Material) -> list[Waiting]:
    """Names of publishers, parties and places that 'public' withholds until an editor approves them.
    A name that is guarded is not among them: no approval lets it out."""
    view = view_of(material, PROFILES["public"])
    return [Waiting(name, what, view.guard.resembles(name)) for name, what in sorted(view.waiting.items())]


@dataclass(frozen=True, slots=True)
class _Maker:
    material: Material
    profile: Profile
    claims: Mapping[str, Claim]
    guard: Guard
    coarse: frozenset[str]
    listed: frozenset[str]
    closed: frozenset[str]
    """Reports whose words are kept in for the sake of a child."""
    waiting: dict[str, str] = field(default_factory=dict)
    """Filled as values are asked for: what is withheld only because nobody approved it."""

    def id(self, kind: str, value: str) -> str:
        if self.profile.real_ids:
            return value
        return f"{kind}-" + hmac.new(self.material.key, value.encode(), hashlib.sha256).hexdigest()[:12]

    def text(self, value: str | None, what: str, *, listed: bool = False) -> str | None:
        """A value that came from a report, withheld if it holds a guarded name or, where the profile asks for it, is
        on no list and approved by nobody. `what` it names is told to whoever approves. With `listed`, the names that
        the gazetteer and the list of armed actors give are only withheld where they hold a whole name: a child called
        like a town takes no town off the map."""
        if value and listed and value in self.listed:
            return WITHHELD if self.guard.whole(value) else value
        shown = self.guarded(value)
        if not value or shown != value or value in self.material.review.approved_names:
            return shown
        unlike = self.profile.unlisted == "unlike" and what in ("publisher", "url")
        near = unlike and any(self.guard.resembles(form) for form in (value, _plain(value)))
        if near or self.profile.unlisted == "approved":
            self.waiting.setdefault(value, what)
            return WITHHELD
        return shown

    def guarded(self, value: str | None) -> str | None:
        """A value, withheld if it holds a guarded name."""
        held = value and any(self.guard.found(form) for form in {value, _plain(value)})
        return WITHHELD if held else value

    def incident(self, incident: Incident) -> Shown:
        told = [self.claims[c] for c in incident.claims if c in self.claims]
        coarse = incident.id in self.coarse
        place = self.place(_best_place(told), coarse)
        earliest, latest, precision = self.when(incident.earliest, incident.latest, coarse)
        return Shown(
            id=self.id("i", incident.id),
            acts=tuple(dict.fromkeys(c.act for c in told)),
            earliest=earliest,
            latest=latest,
            time_precision=precision,
            place=place,
            accuracy_km=_ACCURACY_KM.get(place.precision) if place and place.lat is not None else None,
            parties=self.parties(told),
            certainty=_certainty(told),
            origins=len(incident.origins),
            sources=tuple(dict.fromkeys(self.origin(o.source, o.kind) for o in incident.origins)),
            status=self.material.review.status(incident),
            violations=tuple(sorted({v for c in told for v in c.violations})),
            figures=tuple(self.material.figures.get(incident.id, ())),
            coarsened=coarse,
            claims=tuple(self.claim(c, incident) for c in told),
        )

    def place(self, place: Place | None, coarse: bool) -> Place | None:
        if place is None:
            return None
        if coarse and self.profile.child_place:
            place = self.material.coarsen(place, self.profile.child_place)
        if self.profile.words == "none":
            # Words of an unresolved place are words of a report.
            place = replace(place, text=place.name or "", start=0, end=0, facility=None)
        said = (place.text, place.name, place.admin1, place.facility)
        if WITHHELD in [self.text(v, "place", listed=True) for v in said]:
            return Place(0, 0, WITHHELD, country=place.country)
        return place

    def when(self, earliest: str | None, latest: str | None, coarse: bool) -> tuple[str | None, str | None, str]:
        if coarse and self.profile.child_time == "month":
            return earliest and earliest[:7], latest and latest[:7], "month" if earliest or latest else "unknown"
        exact = "day" if earliest and earliest == latest else "interval"
        return earliest, latest, exact if earliest or latest else "unknown"

    def parties(self, told: Iterable[Claim]) -> tuple[str, ...]:
        names = []
        for actor in (p for c in told for p in c.perpetrators):
            known = actor.id is not None or actor.kind in ("state_force", "armed_group", "police")
            if self.profile.words == "none" and not known:
                continue
            name = actor.name or (None if self.profile.words == "none" else actor.text)
            if name:
                names.append(self.text(name, "party", listed=actor.id is not None) or "")
        return tuple(dict.fromkeys(names))

    def origin(self, source: str, kind: str) -> str:
        private = kind in ("witness", "victim", "medic", "unnamed")
        if self.profile.words == "none" or (private and self.guard.found(source)):
            return kind
        return self.guarded(source) or kind

    def claim(self, claim: Claim, incident: Incident | None) -> Mapping[str, Any]:
        coded: dict[str, Any] = {
            "act": claim.act,
            "kind": claim.kind,
            "certainty": claim.certainty,
            "violations": list(claim.violations),
            "means": [m.code for m in claim.means],
            "attribution": [a.kind for a in claim.attribution],
            "denied": bool(claim.denied_by),
            "verdict": getattr(self.material.review.claim(claim.id), "verdict", None),
        }
        coded = self._scrub(coded, coded=True) | {"id": self.id("c", claim.id)}
        if self.profile.words == "none":
            if incident is None:
                coded |= {"countries": sorted({p.country for p in claim.places if p.country})}
                coded |= {"parties": list(self.parties([claim]))}
            return coded
        coded |= {"report": self.id("r", claim.report)}
        return coded if claim.report in self.closed else coded | self._words(claim)

    def _words(self, claim: Claim) -> dict[str, Any]:
        data = to_json(claim)
        kept: dict[str, Any] = {}
        for name in (
            "trigger",
            "sentence",
            "perpetrators",
            "victims",
            "means",
            "places",
            "time",
            "attribution",
            "hedges",
        ):
            kept[name] = self._scrub(data[name])
        verdict = getattr(self.material.review.claim(claim.id), "verdict", None)
        for actor, row in zip(claim.victims, kept["victims"], strict=True):
            named = not child(actor) if self.profile.names == "adults" else approved(actor, verdict)
            if actor.name and not named:
                row["name"], row["text"] = None, WITHHELD
        return kept

    def _scrub(self, value: Any, *, coded: bool = False) -> Any:
        if isinstance(value, str):
            return self.code(value) if coded else self.text(value, "words", listed=True)
        if isinstance(value, list):
            return [self._scrub(v, coded=coded) for v in value]
        if isinstance(value, dict):
            return {k: self._scrub(v, coded=coded or k in _CODED) for k, v in value.items()}
        return value

    def code(self, value: str | None) -> str | None:
        """A code, which is no name though it may look like part of one ('said', 'police')."""
        return WITHHELD if value and self.guard.whole(value) else value

    def source(self, report: Report) -> Mapping[str, Any]:
        full = self.profile.titles and report.id not in self.closed
        row = {
            "publisher": report.publisher,
            "title": report.title if full else None,
            "url": report.url if full else None,
        }
        coded = {
            "published": (report.published or "")[: 10 if full else 7] or None,
            "language": report.language,
            "kind": report.kind,
        }
        hidden = {"id": self.id("r", report.id), "exhibit": report.exhibit if self.profile.titles else None}
        shown = {name: self.text(value, name) for name, value in row.items()}
        return shown | {name: self.code(value) for name, value in coded.items()} | hidden

    def exact(self, incident: Incident) -> list[str]:
        """What must not stand beside a coarsened incident: its days, and the names of its finer places."""
        told = [self.claims[c] for c in incident.claims if c in self.claims]
        days = {d for d in (incident.earliest, incident.latest) if d}
        days |= {d for c in told if c.time for d in (c.time.earliest, c.time.latest) if d}
        coarse = self.place(_best_place(told), True)
        kept = {v.casefold() for v in (coarse.name, coarse.admin1) if v} if coarse else set()
        finer = ("point", "populated_place", "second_order_division", "unknown")
        fine = {v for c in told for p in c.places if p.precision in finer for v in (p.name, p.text) if v and _proper(v)}
        return sorted(days | {v for v in fine if v.casefold() not in kept})


def listed_names(claims: Iterable[Claim], guard: Guard) -> frozenset[str]:
    """What the gazetteer and the list of armed actors call the places and parties of the claims."""
    names = set()
    for claim in claims:
        names |= {v for p in claim.places if _in_gazetteer(p) for v in (p.name, p.admin1) if v}
        names |= {a.name for a in claim.perpetrators if a.id and a.name}
    return frozenset(n for n in names if not guard.whole(n))


def _in_gazetteer(place: Place) -> bool:
    return bool(place.id and place.id.startswith(("geonames:", "iso:")))


def _plain(value: str) -> str:
    """A value as a browser shows it: escapes and percent signs read, twice, and the host of an address in letters."""
    for _ in range(2):
        value = unquote(html.unescape(value))
    return " ".join(_unicode_host(part) for part in value.replace("/", " / ").split(" "))


def _unicode_host(part: str) -> str:
    if "xn--" not in part.casefold():
        return part
    try:
        return part.encode("ascii").decode("idna")
    except UnicodeError:
        return part


def _proper(words: str) -> bool:
    """Whether words hold a name: 'the al-Nahda hospital' does, 'the hospital' does not."""
    return any(c.isupper() or not c.isascii() for c in words)


def _best_place(told: Sequence[Claim]) -> Place | None:
    places = [p for c in told for p in c.places]
    resolved = [p for p in places if p.id or p.lat is not None]
    if not resolved:
        return places[0] if places else None
    often = Counter(p.id or p.name for p in resolved)
    return min(resolved, key=lambda p: (codes.PRECISIONS.index(p.precision), -often[p.id or p.name], p.start))


def _certainty(told: Sequence[Claim]) -> str:
    """The strongest certainty with which any report asserts it."""
    return min((c.certainty for c in told), key=codes.CERTAINTIES.index, default="alleged")


def _suppressed(material: Material, profile: Profile, shown: list[Shown]) -> tuple[list[Figure], list[Shown]]:
    totals = list(material.totals)
    if not profile.small_cells:
        return totals, shown
    k = material.small_cell
    # Down: one figure of every incident adds up to the total. Across: the groups of one incident add up to its own.
    hidden: dict[tuple[str, str], set[str]] = {}
    gone: set[tuple[str, str]] = set()
    for key in dict.fromkeys((f.harm, f.group) for i in shown for f in i.figures):
        cells = [(i.id, f) for i in shown for f in i.figures if (f.harm, f.group) == key]
        result = hide([_range(f) for _, f in cells], k)
        hidden[key] = {cells[n][0] for n in result.cells}
        if result.total:
            gone.add(key)
    out = []
    for incident in shown:
        closed = {f.harm for f in incident.figures if incident.id in hidden[f.harm, f.group]}
        figures = []
        for f in incident.figures:
            part = f.group != "total" and f.harm in closed
            figures.append(_withheld(f) if part or incident.id in hidden[f.harm, f.group] else f)
        out.append(replace(incident, figures=tuple(figures)))
    small = {f.harm for f in totals if any(b is not None and 0 < b < k for b in _range(f)) and f.group != "total"}
    return [_withheld(f) if _close_total(f, small, gone, k) else f for f in totals], out


def _close_total(figure: Figure, small: set[str], gone: set[tuple[str, str]], k: int) -> bool:
    if (figure.harm, figure.group) in gone or any(b is not None and 0 < b < k for b in _range(figure)):
        return True
    return figure.group != "total" and figure.harm in small


def _matrix(material: Material, profile: Profile, make: _Maker) -> list[dict[str, Any]]:
    rows = [
        # 'unknown' is no name: it waits for nobody's approval.
        dict(r) | {k: make.text(r[k], k, listed=True) for k in ("party", "place") if r[k] != "unknown"}
        for r in material.matrix
    ]
    if profile.small_cells:
        by_violation: dict[str, list[int]] = {}
        for n, row in enumerate(rows):
            by_violation.setdefault(str(row["violation"]), []).append(n)
        for indexes in by_violation.values():
            result = hide([(rows[n]["min"], rows[n]["max"]) for n in indexes], material.small_cell)
            for n in result.cells:
                rows[indexes[n]] |= {"min": None, "max": None, "withheld": True}
    for row in rows:
        row["incidents"] = [make.id("i", i) for i in row["incidents"]]
    return rows


def _range(figure: Figure) -> Range:
    return figure.min, figure.max


def _withheld(figure: Figure) -> Figure:
    return replace(figure, min=None, max=None, withheld=True)
