"""The map and the line of one incident: areas by precision, who says what where they differ, what else is near."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from desk_fiction import Client
from hypothesis import given
from hypothesis import strategies as st

from marsad.desk._axis import Axis
from marsad.desk._i18n import catalog, locale_of
from marsad.desk._incidentview import Column
from marsad.desk._related import related
from marsad.desk._whereabouts import chart, tellings, whereabouts
from marsad.desk._words import Words
from marsad.model import Claim, Origin, Place, Report, Span, When
from marsad.overview import Headline, headlines_of
from marsad.pipeline import Case

WORDS = Words("en", locale_of("en"), catalog("en"))
TOWN = Place(0, 4, "town", "Qarat", "SY", 35.0, 38.0, "populated_place", "fiction:qarat", "Raqqa")
NEXT = Place(0, 4, "next", "Hafir", "SY", 35.4, 38.6, "populated_place", "fiction:hafir", "Raqqa")
PROVINCE = Place(0, 8, "province", "Raqqa", "SY", 35.9, 39.0, "first_order_division", "fiction:raqqa")
COUNTRY = Place(0, 7, "country", "Syria", "SY", 35.0, 38.0, "country", "iso:SY")
NOWHERE = Place(0, 3, "dam")
DAYS = st.dates(date(1990, 1, 1), date(2040, 1, 1))


def claim(name: str, *places: Place, when: tuple[str | None, str | None] | None = None, **more: str) -> Claim:
    words = Span(0, 4, "dead")
    time = When(*when, start=0, end=4, text="then") if when else None
    return Claim(name, "killing", "event", words, words, places=places, time=time, report="r" + name, **more)


def side(source: str, *claims: Claim, published: str | None = None, copy: str | None = None) -> Column:
    report = Report(id="r" + source, exhibit="e", published=published)
    folded = ((Report(id="c" + source, exhibit="e", published=copy), report, "copy"),) if copy else ()
    origin = Origin(source, source, "media", tuple(c.id for c in claims), (report.id,), ())
    return Column(origin, (report,), folded, False, "")


def places_of(*told: tuple[str, tuple[Claim, ...]]):  # type: ignore[no-untyped-def]
    claims = {c.id: c for _, held in told for c in held}
    return whereabouts(claims, [side(source, *held) for source, held in told])


def test_a_place_that_every_origin_names_is_shared_and_others_say_whose_they_are() -> None:
    one, other = places_of(
        ("Wire", (claim("a", TOWN),)), ("Monitor", (claim("b", TOWN), claim("c", NEXT))), ("Radio", (claim("d", TOWN),))
    )
    assert (one.place.name, one.shared, other.place.name, other.shared) == ("Qarat", True, "Hafir", False)
    drawn = chart([one, other], [], WORDS).drawing
    assert drawn is not None
    beside = {m.spot.place.name: m.spot.beside for m in drawn.marks}
    assert beside == {"Qarat": "", "Hafir": "Monitor"}


def test_a_country_is_kept_only_of_those_who_name_nothing_finer_and_contradicts_nobody() -> None:
    found = places_of(("Wire", (claim("a", TOWN, COUNTRY),)), ("Radio", (claim("b", COUNTRY),)))
    assert [(w.place.precision, [s.side.origin.source for s in w.sayings]) for w in found] == [
        ("populated_place", ["Wire"]),
        ("country", ["Radio"]),
    ]
    assert found[0].shared


def test_areas_are_as_large_as_places_are_vague_and_nothing_is_drawn_of_what_is_not_located() -> None:
    found = chart(places_of(("Wire", (claim("a", TOWN, PROVINCE, NOWHERE),))), [], WORDS)
    km = {w.place.precision: round(w.mark.km) if w.mark else None for w in found.places}
    assert km == {"populated_place": 5, "first_order_division": 80, "unknown": None}
    assert chart(places_of(("Wire", (claim("a", NOWHERE),))), [], WORDS).drawing is None


def test_a_whole_country_is_painted_where_nothing_finer_is_known_and_stands_in_the_view() -> None:
    drawn = chart(places_of(("Wire", (claim("a", COUNTRY),))), [], WORDS).drawing
    assert drawn is not None and drawn.told == {"SY"} and not drawn.marks
    assert any(o.code == "SY" for o, _ in drawn.outlines)


def test_what_is_denied_is_a_place_of_the_incident_only_where_nothing_else_is_told() -> None:
    denial = claim("b", NEXT, certainty="denied")
    assert [w.place.name for w in places_of(("Wire", (claim("a", TOWN),)), ("Guard", (denial,)))] == ["Qarat"]
    assert [w.place.name for w in places_of(("Guard", (denial,)))] == ["Hafir"]


def test_each_origin_has_its_days_above_those_on_which_its_reports_came_out() -> None:
    told = claim("a", when=("2031-03-04", "2031-03-06"))
    vague = claim("b", when=(None, "2031-03-05"))
    sides = [
        side("Wire", told, published="2031-03-06T18:00:00+03:00", copy="2031-03-07"),
        side("Radio", vague, published="2033-01-01"),
        side("Post", claim("c"), published=None),
    ]
    axis, rows = tellings({"a": told, "b": vague}, sides)
    assert axis is not None and axis.last < date(2031, 5, 1), "what came out years later squeezes nothing"
    wire, radio, post = rows
    (left, width, kind), (came, _), (again, _) = wire.spans[0].bar, wire.published[0], wire.again[0]
    day = axis.at(date(2031, 3, 5)) - axis.at(date(2031, 3, 4))
    assert kind == "" and left < came < again and width == pytest.approx(3 * day, abs=0.1)
    assert radio.spans[0].bar[0] == 0 and radio.spans[0].bar[2] == "bar-open"
    assert radio.published == ((100.0, "2033-01-01"),)
    assert (post.spans, post.published) == ((), ())


@given(DAYS, st.integers(0, 4000), DAYS, st.integers(0, 4000))
def test_a_bar_is_as_long_as_its_days_and_never_outside(first: date, length: int, day: date, more: int) -> None:
    axis = Axis(first, first + timedelta(days=length))
    left, width = axis.bar(day, day + timedelta(days=more))
    assert 0 <= left <= 100 and width >= 0 and left + width <= 100.01
    if first <= day and day + timedelta(days=more) < axis.last:
        assert width == pytest.approx((more + 1) / max(1, length) * 100, abs=0.02)
    assert axis.at(day) <= axis.at(day, 0.5) <= axis.at(day + timedelta(days=1))


def headline(name: str, first: str | None, last: str | None, places: tuple[Place, ...], *parties: str) -> Headline:
    return Headline(name, first, last, 1, 1, False, ("killing",), places, parties, "new", False, False, 0, (), 1, "")


def test_related_are_those_that_share_a_place_days_or_a_perpetrator_the_most_alike_first() -> None:
    here = headline("i", "2031-03-04", "2031-03-04", (TOWN, COUNTRY), "Northern Guard")
    others = [
        headline("party", "2031-03-20", "2031-03-20", (NEXT,), "northern guard"),
        headline("place", "2031-06-01", "2031-06-01", (TOWN,)),
        headline("both", "2031-03-03", "2031-03-05", (TOWN,)),
        headline("days", "2031-03-04", None, (NEXT,)),
        headline("year", "2031-01-01", "2031-12-31", (NEXT,)),
        headline("country", "2030-01-01", "2030-01-01", (COUNTRY,)),
        here,
    ]
    found = related(here, others, WORDS)
    assert [(r.headline.id, r.shares) for r in found] == [
        ("both", ("place", "days")),
        ("days", ("days",)),
        ("party", ("party",)),
        ("place", ("place",)),
    ]


def test_what_else_happened_in_these_days_is_faint_and_leads_there() -> None:
    here = headline("i", "2031-03-04", "2031-03-04", (TOWN,))
    near = headline("j", "2031-03-04", "2031-03-04", (replace(NEXT, precision="second_order_division"),))
    same, far = (headline(n, "2031-03-04", "2031-03-04", (p,)) for n, p in (("k", TOWN), ("l", replace(NEXT, lat=2.0))))
    alike = related(here, [near, same, far], WORDS)
    drawn = chart(places_of(("Wire", (claim("a", TOWN),))), alike, WORDS)
    assert drawn.drawing is not None and drawn.others == 1
    faint = [m.spot for m in drawn.drawing.marks if m.spot.faint]
    assert [s.href for s in faint] == ["/incidents/j"]
    two = chart(places_of(("Wire", (claim("a", TOWN),))), related(here, [near, replace(near, id="m")], WORDS), WORDS)
    assert two.drawing is not None and [m.spot.count for m in two.drawing.marks if m.spot.faint] == [2]
    assert "place=Hafir" in next(m.spot.href for m in two.drawing.marks if m.spot.faint)


def test_a_childs_incident_is_drawn_no_finer_than_on_the_map(case: Case, client: Client) -> None:
    incident = next(h for h in headlines_of_all(case) if h.children and h.acts == ("abduction",))
    rim = client("rim")
    page, whole = rim.get(f"/incidents/{incident.id}").text, rim.get("/map").text
    circle = re.compile(
        r'aria-label="Nahr al-Safi:.*?class="area (area-\w+)" cx="[\d.]+" cy="[\d.]+" r="[\d.]+" data-r="([\d.]+)"',
        re.S,
    )
    scale = re.compile(r'H([\d.]+)V-5"/><text[^>]*>([\d,]+) ')
    drawn, listed = circle.search(page), circle.search(whole)
    assert drawn and listed and drawn.group(1) == listed.group(1)
    a, b = (scale.search(text) for text in (page, whole))
    assert a and b
    on_the_ground = [float(c.group(2)) / float(m.group(1)) * float(m.group(2)) for c, m in ((drawn, a), (listed, b))]
    assert on_the_ground[0] == pytest.approx(on_the_ground[1], rel=0.02) and on_the_ground[0] >= 5


def headlines_of_all(case: Case) -> list[Headline]:
    with case.look() as s:
        return list(headlines_of(s, [i.id for i in s.incidents.all()]).values())


def test_the_page_shows_map_line_and_related_to_readers_too(case: Case, client: Client) -> None:
    with case.look() as s:
        incident = max(s.incidents.all(), key=lambda i: len(i.claims))
    for language in ("en", "ar"):
        page = client("rim", **{"accept-language": language}).get(f"/incidents/{incident.id}").text
        assert 'class="area area-populated_place"' in page
        assert page.count('class="bar"') >= 2 and 'class="out again"' in page
        assert 'id="related"' not in page
    away = incident.claims[-1]
    case.judge(incident.id, "split", others=(away,), person="basim")
    page = client("rim").get(f"/incidents/{away}").text
    beside = page.split('id="related"')[1].split("</section>")[0]
    assert "same place, same days, same perpetrator" in beside and "/incidents/" in beside
