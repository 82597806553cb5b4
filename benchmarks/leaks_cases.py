"""Generated cases for leaks.py: fictional people, places and reports, with names planted where they might get out."""

from __future__ import annotations

import html
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from urllib.parse import quote

from marsad.model import Actor, Attribution, Claim, Count, Incident, Judgement, Origin, Place, Report, Span, When
from marsad.publish import Figure, Material
from marsad.review import Review

SMALL = 3
UNTAKEN = "sentence, not taken for a name"
NAMES = json.loads((Path(__file__).parent / "leaks_names.json").read_text(encoding="utf-8"))
TOWNS = [
    ("Maskanah", "Aleppo", 35.9633, 38.0367),
    ("Sarmin", "Idlib", 35.9031, 36.7261),
    ("Salamiyah", "Hama", 35.0114, 37.0525),
    ("Sinjar", "Nineveh", 36.3209, 41.8766),
    ("Hodeidah", "Al Hudaydah", 14.7978, 42.9545),
]
DIVISIONS = {"Aleppo": (36.25, 37.71), "Idlib": (35.77, 36.69), "Hama": (35.24, 36.94), "Nineveh": (36.15, 42.2)}
PUBLISHERS = ["Eastern Wire", "Harbour Gazette", "The Observer of the North", "مرصد الشرق", "Relief Bulletin"]


@dataclass(frozen=True, slots=True)
class Planted:
    """A case, and what of it must not get out."""

    material: Material
    how: str
    names: frozenset[str]
    """Every way in which the guarded names, and what was planted, may be written."""
    ids: frozenset[str]
    places: tuple[tuple[float, float], ...]
    """Exact places where only incidents with a child happened."""
    free: int
    """Incidents without a child in them or beside them."""
    clean_publishers: frozenset[str]


@dataclass(slots=True)
class _Case:
    rng: random.Random
    name: str
    forms: list[str]
    reports: dict[str, Report]
    claims: list[Claim]
    incidents: list[Incident]
    matrix: list[dict[str, object]]
    title: str = "Case"
    planted: tuple[str, ...] = ()


def generate(seed: int) -> Planted:
    """One case a seed."""
    rng = random.Random(seed)
    kind = rng.choices(["plain", "single", "word", "town"], [70, 12, 12, 6])[0]
    first, last = rng.choice(NAMES["first"]), rng.choice(NAMES["last"])
    if kind in ("word", "town"):
        first = [rng.choice(NAMES[kind])]
    parts = [first] if kind == "single" else [first, last]
    name = " ".join(p[0] for p in parts)
    variants = {" ".join(v) for v in product(*parts)} | {" ".join(v[::-1]) for v in product(*parts)}
    case = _Case(rng, name, sorted(variants), {}, [], [], [])
    _fill(case)
    hows = rng.sample(sorted(PLANTS), rng.choice([1, 1, 2, 3]))
    hidden = UNTAKEN in hows
    if hidden:  # What the machine has not taken for a name can only be kept in by keeping all words of the report in.
        hows = [UNTAKEN]
    for how in hows:
        PLANTS[how](case)
    figures = {
        i.id: [Figure("killed", "total", n, n + rng.choice([0, 0, 3]))]
        for i in case.incidents
        for n in [rng.randint(1, 20)]
    }
    for i in (c.id for c in case.incidents[:2]):
        figures[i].append(Figure("killed", "children", rng.randint(1, 4), 4))
    review = Review.of(
        [
            replace(c, victims=tuple(replace(v, name=None) if hidden and v.children else v for v in c.victims))
            for c in case.claims
        ],
        _judged(case),
    )
    material = Material(
        name=case.title,
        incidents=case.incidents,
        review=review,
        reports=case.reports,
        figures=figures,
        totals=_totals(figures),
        matrix=case.matrix,
        policy="range",
        rule="least to most",
        assumptions=["Incidents are counted once."],
        key=seed.to_bytes(32, "big"),
        small_cell=SMALL,
        coarsen=_coarsen,
    )
    secrets = set(case.planted)
    if kind == "plain":
        secrets |= variants | {v for p in parts for v in p if len(p[0]) >= 3}
    elif kind == "single":
        secrets |= {v for v in first if len(v) >= 3}
    else:
        secrets |= {v for v in variants if len(v) > 6} | {v for v in last if len(last[0]) >= 3}
    child_towns = {c.places[0].lat for c in case.claims[:2]}
    elsewhere = {c.places[0].lat for c in case.claims[2:]}
    return Planted(
        material,
        f"{kind} «{name}» in {', '.join(hows)}",
        frozenset(secrets),
        frozenset(
            {c.id for c in case.claims} | {i.id for i in case.incidents} | {r.exhibit for r in case.reports.values()}
        ),
        tuple((t[2], t[3]) for t in TOWNS if t[2] in child_towns - elsewhere),
        len(case.incidents) - 2,
        frozenset(
            p
            for r in case.reports.values()
            if (p := r.publisher) in PUBLISHERS and not any(v.casefold() in p.casefold() for x in parts for v in x)
        ),
    )


def _fill(case: _Case) -> None:
    """The first two incidents are a child's, each told in a report of its own; the rest are adults'."""
    rng = case.rng
    for n in range(rng.randint(4, 8)):
        town, division, lat, lon = rng.choice(TOWNS)
        day = f"2031-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        report = f"r{rng.getrandbits(60):015x}"
        text = f"Shells struck {town} on {day} and killed several people, said the council."
        who = Actor(0, 5, case.name, case.name, children=True, count=Count(1, 1, "a", 0, 1))
        if n > 1:
            who = Actor(0, 5, "people", None, count=Count(4, 4, "four", 0, 4))
        if n < 2:
            text += f" The girl {case.name}, 9, was among them."
        claim = Claim(
            f"c{rng.getrandbits(60):015x}",
            rng.choice(["killing", "bombardment", "injury"]),
            "event",
            Span(0, 6, "killed"),
            Span(0, len(text), text),
            perpetrators=(Actor(0, 5, "guards", "Provisional Guard", "provisional-guard", "armed_group"),),
            victims=(who,),
            places=(Place(0, 5, town, town, "SY", lat, lon, "populated_place", f"geonames:{9000 + n}", division),),
            time=When(day, day, 0, 5, day),
            attribution=(Attribution("council", "said", 0, 5, "official", "council"),),
            report=report,
        )
        case.claims.append(claim)
        case.reports[report] = Report(
            report,
            f"{rng.getrandbits(256):064x}",
            title="Shelling",
            publisher=rng.choice(PUBLISHERS),
            published=day,
            language="en",
            text=text,
            url=f"https://wire.example/{n}",
        )
        origin = Origin("o", "council", "official", (claim.id,), (report,))
        case.incidents.append(
            Incident(f"i{claim.id}", (claim.id,), origins=(origin,), act=claim.act, earliest=day, latest=day)
        )
        case.matrix.append(
            {
                "violation": "killing",
                "party": "Provisional Guard",
                "place": division,
                "quarter": f"{day[:4]}-Q1",
                "min": rng.randint(0, 9),
                "max": 9,
                "counted_by": "victims",
                "lacking": [],
                "incidents": [f"i{claim.id}"],
            }
        )


def _totals(figures: dict[str, list[Figure]]) -> list[Figure]:
    totals = []
    for group in ("total", "children"):
        cells = [f for fs in figures.values() for f in fs if f.group == group]
        totals.append(Figure("killed", group, sum(f.min or 0 for f in cells), sum(f.max or 0 for f in cells)))
    return totals


def _judged(case: _Case) -> list[Judgement]:
    """Somebody has accepted some of the claims, with the child's name in the reason, and approved the known outlets."""
    taken = [c for c in case.claims if case.rng.random() < 0.4]
    on = [("claim", c.id) for c in taken] + [("name", p) for p in PUBLISHERS]
    return [Judgement(n, "2031-12-31", "p", *what, "accept", reason=case.name) for n, what in enumerate(on, 1)]


def _coarsen(place: Place, precision: str) -> Place:
    lat, lon = DIVISIONS.get(place.admin1 or "", (15.0, 43.2))
    return Place(
        place.start, place.end, place.text, place.admin1, place.country, lat, lon, precision, "iso:SY-XX", place.admin1
    )


def _form(case: _Case) -> str:
    """The name as somebody might write it; what was planted is remembered."""
    form = case.rng.choice(case.forms)
    ways: list[Callable[[str], str]] = [
        str,
        str,
        str,
        str.upper,
        str.title,
        _typo,
        _swap,
        lambda s: s.replace(" ", "\u200b "),
        lambda s: "و" + s if s[:1] > "\u0600" else s + "'s",
    ]
    form = case.rng.choice(ways)(form)
    case.planted += (form,)
    return form


def _typo(name: str) -> str:
    """One letter doubled or, in whole names, changed; single words are only respelt, which is all that is promised."""
    at = name.rfind(" ") + 2
    if " " not in name or len(name) < 10 or not name.isascii():
        return name
    return name[:at] + ("b" if name[at] in "aeiou" else "a" if at + 1 < len(name) else "") + name[at + 1 :]


def _swap(name: str) -> str:
    first, _, last = name.rpartition(" ")
    return f"{last}, {first}" if first else name


def _report(case: _Case, **change: str) -> None:
    id = case.rng.choice(list(case.reports))
    case.reports[id] = replace(case.reports[id], **change)


def _claim(case: _Case, make: Callable[[Claim], Claim]) -> None:
    at = case.rng.randrange(len(case.claims))
    case.claims[at] = make(case.claims[at])


def _place(case: _Case, **change: str | None) -> None:
    _claim(case, lambda c: replace(c, places=(replace(c.places[0], **change),)))


def _party(case: _Case, text: str) -> None:
    party = Actor(0, 5, text, text, None, case.rng.choice(["unknown", "armed_group", "state_force"]))
    _claim(case, lambda c: replace(c, perpetrators=(*c.perpetrators, party)))


def _said(case: _Case, source: str) -> None:
    kind = case.rng.choice(["witness", "unnamed", "official", "monitor"])
    _claim(case, lambda c: replace(c, attribution=(Attribution(source, "said", 0, 5, kind, source),)))
    at = case.rng.randrange(len(case.incidents))
    old = case.incidents[at]
    case.incidents[at] = replace(old, origins=(replace(old.origins[0], source=source, kind=kind),))


def _sentence(case: _Case, said: str) -> None:
    _claim(
        case,
        lambda c: replace(c, sentence=Span(0, 9, f"Neighbours buried {said} at dusk."), trigger=Span(0, 6, "killed")),
    )


def _split(case: _Case) -> None:
    words = case.rng.choice([f for f in case.forms if f.isascii()] or case.forms).split(" ", 1)
    _report(case, publisher=f"Friends of {words[0]}")
    _party(case, f"{words[-1]} Brigade")


def _title(case: _Case) -> None:
    case.title = f"What happened to {_form(case)}"


PLANTS: dict[str, Callable[[_Case], None]] = {
    "publisher": lambda c: _report(c, publisher=f"{_form(c)} Foundation"),
    "publisher alone": lambda c: _report(c, publisher=_form(c)),
    "title": lambda c: _report(c, title=f"Vigil for {_form(c)}"),
    "author": lambda c: _report(c, author=_form(c)),
    "address": lambda c: _report(c, url=f"https://x.example/2031/{_form(c).replace(' ', '-').lower()}-9.html"),
    "escaped address": lambda c: _report(c, url=f"https://x.example/{quote(_form(c))}"),
    "twice escaped address": lambda c: _report(c, url=f"https://x.example/{quote(quote(_form(c)))}"),
    "handle": lambda c: _report(c, publisher="@" + _form(c).replace(" ", "").replace("-", "") + "9"),
    "underscores": lambda c: _report(c, publisher=_form(c).replace(" ", "_") + "_2031"),
    "escaped title": lambda c: _report(c, title="".join(f"&#{ord(x)};" for x in _form(c))),
    "quoted title": lambda c: _report(c, title=html.escape(f"<b>{_form(c)}</b>")),
    "case name": _title,
    "place words": lambda c: _place(c, text=f"the house of {_form(c)}", name=None, id=None),
    "place name": lambda c: _place(c, name=f"{_form(c)} Street", id=None),
    "division": lambda c: _place(c, admin1=_form(c), id=None),
    "user's spot": lambda c: _place(c, name=f"{_form(c)} school", id="extra:1", precision="point"),
    "facility": lambda c: _place(c, facility=_form(c)),
    "organisation": lambda c: _party(c, f"{_form(c)} Brigade"),
    "party": lambda c: _party(c, _form(c)),
    "source": lambda c: _said(c, f"Umm {_form(c)}"),
    "monitor": lambda c: _said(c, f"{_form(c)} Centre for Rights"),
    "sentence": lambda c: _sentence(c, _form(c)),
    UNTAKEN: lambda c: None,
    "split over fields": _split,
    "matrix": lambda c: c.matrix.append(dict(c.matrix[0]) | {"party": _form(c), "place": _form(c)}),
    "language": lambda c: _report(c, language="en", kind="article", published="2031-05-05"),
}
