"""Fictional claims and reports, built from the model's records; the places and people are invented."""

from __future__ import annotations

import itertools
from typing import Any

from marsad.model import Actor, Attribution, Claim, Count, Means, Place, Report, Span, When

TOWNS = {
    "Qasrabad": (34.50, 38.20, "ZZ", "Sahara"),
    "Deir Nahr": (35.40, 40.10, "ZZ", "Furat"),
    "Tell Zahra": (36.20, 37.10, "ZZ", "Shamal"),
}
_at = itertools.count()


def place(name: str) -> Place:
    lat, lon, country, admin1 = TOWNS[name]
    return Place(0, len(name), name, name, country, lat, lon, "populated_place", f"test:{name}", admin1)


def division(name: str) -> Place:
    return Place(0, len(name), name, name, "ZZ", None, None, "first_order_division", f"iso:ZZ-{name}", name)


def people(
    text: str, low: int | None = None, high: int | None = None, *, cumulative: bool = False, **more: Any
) -> Actor:
    numbered = low is not None or high is not None
    count = Count(low, high, text.split()[0], 0, 3, cumulative) if numbered else None
    return Actor(0, len(text), text, count=count, **more)


def said(source: str, kind: str = "unnamed") -> Attribution:
    return Attribution(source, "said", 0, len(source), kind, source)


def claim(
    id: str,
    report: str,
    act: str = "killing",
    *,
    town: str | None = "Qasrabad",
    day: str | None = "2031-05-03",
    until: str | None = None,
    victims: tuple[Actor, ...] = (),
    by: str | None = None,
    by_kind: str = "armed_group",
    sources: tuple[Attribution, ...] = (),
    means: str | None = None,
    sentence: str | None = None,
    at: int | None = None,
    **more: Any,
) -> Claim:
    start = next(_at) * 100 if at is None else at
    text = sentence or f"words {id} of {report}"
    return Claim(
        id=id,
        act=act,
        kind=more.pop("kind", "event"),
        trigger=Span(start, start + 6, "killed"),
        sentence=Span(start, start + len(text), text),
        perpetrators=(Actor(0, len(by), by, name=by, id=by.casefold().replace(" ", "-"), kind=by_kind),) if by else (),
        victims=victims,
        means=(Means(means, 0, 4, means),) if means else (),
        places=(place(town),) if town else (),
        time=When(day, until or day, 0, 4, "then") if day else None,
        attribution=sources,
        report=report,
        **more,
    )


def report(
    id: str, published: str | None = "2031-05-04", publisher: str | None = None, text: str = "", **more: Any
) -> Report:
    return Report(id, f"exhibit-{id}", publisher=publisher, published=published, text=text, **more)


def reports(*made: Report) -> dict[str, Report]:
    return {r.id: r for r in made}


def parts(incidents: Any) -> set[frozenset[str]]:
    return {frozenset(i.claims) for i in incidents}
