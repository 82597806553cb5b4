"""Corrections, lists, snippets, the map's geometry, the queue's order: the desk's own pure functions."""

import csv
import io
from dataclasses import replace
from pathlib import Path

from desk_fiction import WIRE
from hypothesis import given
from hypothesis import strategies as st

from marsad.desk._atlas import WIDTH, View, graticule, outlines, view_of
from marsad.desk._corrections import corrections
from marsad.desk._lists import Pager, csv_answer, inert
from marsad.desk._pages.reports import paragraphs
from marsad.desk._pages.search import snippet
from marsad.desk._pointing import nearest, snap
from marsad.model import Actor, Claim, Count, Place, Span, When
from marsad.pipeline import Case
from marsad.review._correct import corrected
from marsad.store import query_words

CLAIM = Claim(
    "c1", "killing", "event", Span(0, 6, "killed"), Span(0, 40, "killed nine, four of them children, and a guard"),
    victims=(
        Actor(7, 11, "nine", count=Count(9, 9, "nine", 7, 11)),
        Actor(13, 17, "four", count=Count(4, 4, "four", 13, 17), children=True, part_of=0),
        Actor(30, 37, "a guard"),
    ),
    perpetrators=(Actor(0, 0, "", name="Northern Guard", kind="armed_group"),),
    places=(Place(0, 0, "there", name="Tell Warda", lat=35.0, lon=38.0, id="x:1", precision="populated_place"),),
    time=When("2031-03-04", "2031-03-04", 0, 0, "then"),
)  # fmt: skip


def whole_form(claim: Claim) -> dict[str, str]:
    """What the page's form sends when nothing was touched."""
    form = {"act": claim.act, "kind": claim.kind, "certainty": claim.certainty}
    for i, v in enumerate(claim.victims):
        for end in ("min", "max"):
            number = getattr(v.count, end) if v.count else None
            form[f"victims.{i}.{end}"] = "" if number is None else str(number)
        form[f"victims.{i}.children"] = {True: "yes", False: "no", None: ""}[v.children]
        form |= {f"victims.{i}.sex": v.sex or "", f"victims.{i}.status": v.status}
    for i, p in enumerate(claim.perpetrators):
        form |= {f"perpetrators.{i}.name": p.name or "", f"perpetrators.{i}.kind": p.kind}
    form |= {f"places.{i}.name": p.name or p.text for i, p in enumerate(claim.places)}
    form |= {"places.new.name": "", "perpetrators.new.name": "", "victims.new.min": "", "victims.new.max": ""}
    if claim.time:
        form |= {"time.earliest": claim.time.earliest or "", "time.latest": claim.time.latest or ""}
    return form


def applied(claim: Claim, form: dict[str, str]) -> Claim:
    for path, value in corrections(claim, form):
        claim = corrected(claim, path, value)
    return claim


def test_an_untouched_form_corrects_nothing(case: Case) -> None:
    with case.store.read() as s:
        for claim in (CLAIM, *s.claims.all()):
            assert corrections(claim, whole_form(claim)) == []


def test_each_field_is_one_correction() -> None:
    form = whole_form(CLAIM) | {
        "act": "injury",
        "victims.0.max": "12",
        "victims.2.children": "no",
        "time.latest": "2031-03-05",
    }
    assert [path for path, _ in corrections(CLAIM, form)] == ["act", "victims.0.count", "victims.2.children", "time"]
    new = applied(CLAIM, form)
    assert new.victims[0].count == Count(9, 12, "nine", 7, 11)
    assert new.time == When("2031-03-04", "2031-03-05", 0, 0, "then")


def test_taking_a_group_out_moves_what_points_at_it() -> None:
    gone = applied(CLAIM, whole_form(CLAIM) | {"victims.0.remove": "1"})
    assert [v.text for v in gone.victims] == ["four", "a guard"] and gone.victims[0].part_of is None
    kept = applied(replace(CLAIM, victims=CLAIM.victims[::-1][:1] + CLAIM.victims[:2]), {"victims.0.remove": "1"})
    assert kept.victims[1].part_of is None or kept.victims[1].part_of < 2


def test_adding_and_changing_at_once() -> None:
    new = applied(
        CLAIM,
        whole_form(CLAIM) | {"victims.new.min": "3", "victims.0.min": "8", "perpetrators.new.name": "Ridge Battalion"},
    )
    assert [(v.count.min if v.count else None) for v in new.victims] == [8, 4, None, 3]
    assert [p.name for p in new.perpetrators] == ["Northern Guard", "Ridge Battalion"]


def test_another_place_keeps_no_coordinates_of_the_old() -> None:
    (place,) = applied(CLAIM, whole_form(CLAIM) | {"places.0.name": "Tell Abyad"}).places
    assert (place.name, place.lat, place.id, place.text) == ("Tell Abyad", None, None, "there")


@given(st.text(max_size=30))
def test_no_cell_begins_a_formula(s: str) -> None:
    shown = inert(s)
    assert shown.endswith(s)
    stripped = shown.lstrip(" \u00a0\ufeff")
    if not s.strip() or stripped[:1] not in "=+-@\t\r\n＝＋－＠":
        return
    float(s.replace(",", "."))  # only a plain number may begin so


def test_csv_keeps_arabic_and_numbers() -> None:
    body = csv_answer("x", ("a", "b"), [("=1+1", "قصف"), ("-5", None)]).body
    assert body.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(bytes(body).decode("utf-8-sig")))) == [["a", "b"], ["'=1+1", "قصف"], ["-5", ""]]


@given(st.integers(0, 10_000), st.integers(1, 10_000), st.integers(1, 100))
def test_a_page_is_always_one_that_there_is(total: int, page: int, size: int) -> None:
    pager = Pager.over(total, page, size)
    assert 1 <= pager.page <= pager.last and 0 <= pager.offset <= max(0, total - 1)


@given(st.text())
def test_paragraphs_stand_where_they_say(s: str) -> None:
    for p in paragraphs(s):
        assert s[p.start : p.start + len(p.text)] == p.text


@given(st.text(min_size=1, max_size=400), st.sampled_from(["market", "سوق", "Warda", "ة"]))
def test_snippets_mark_words_of_the_text(s: str, word: str) -> None:
    text = f"{s} {word} {s}"
    shown, marks = snippet(text, query_words(word) or ["x"])
    assert len(shown) <= 400
    for start, end in marks:
        assert 0 <= start < end <= len(shown)


def test_snippets_find_arabic_however_it_is_written() -> None:
    for query in ("السوق", "سوق", "والسوق", "سُوق"):
        shown, marks = snippet("قصف استهدف سوقاً في البلدة", query_words(query))
        assert [shown[a:b] for a, b in marks] == ["سوقاً"], query
    shown, marks = snippet(WIRE, query_words("tell warda"))
    assert shown[marks[0][0] : marks[0][1]] == "Tell"


@given(st.lists(st.tuples(st.floats(-179, 179), st.floats(-80, 80)), min_size=1, max_size=6))
def test_every_place_is_inside_its_view(points: list[tuple[float, float]]) -> None:
    view = view_of(points)
    for lon, lat in points:
        x, y = view.at(lon, lat)
        assert -0.2 <= x <= WIDTH + 0.2 and -0.2 <= y <= view.height + 0.2
    assert view.radius("first_order_division") > view.radius("populated_place") > view.radius("point")
    km, units = view.scale_bar()
    assert km >= 1 and 0 < units <= WIDTH


def test_countries_are_drawn_and_named_where_they_are() -> None:
    view = View(38.5, 35.0, 10, 7)
    seen = {o.code: o for o in outlines(view)}
    assert {"SY", "TR", "IQ", "LB"} <= set(seen) and "FR" not in seen
    label = seen["SY"].label
    assert label is not None and view.at(36, 34)[0] < label[0] < view.at(42, 34)[0]
    xs, ys = graticule(view)
    assert len(xs) >= 5 and len(ys) >= 4


def test_modules_are_small() -> None:
    import marsad.desk

    for module in Path(str(marsad.desk.__file__)).parent.rglob("*.py"):
        assert len(module.read_text("utf-8").splitlines()) <= 500, module


@given(st.text(max_size=60), st.integers(-5, 70), st.integers(-5, 70))
def test_a_selection_snaps_to_whole_words(s: str, a: int, b: int) -> None:
    start, end = snap(s, min(a, b), max(a, b))
    assert 0 <= start <= end <= len(s)
    assert snap(s, start, end) == (start, end)
    words = s[start:end]
    assert words == words.strip()
    if words and words[0].isalnum():
        assert start == 0 or not s[start - 1].isalnum()


def test_snapping_keeps_harakat_with_their_word() -> None:
    text = "قُتِلَ تسعةُ أشخاص"
    assert text[slice(*snap(text, 1, 3))] == "قُتِلَ"
    assert text[slice(*snap(text, 6, 9))] == "تسعةُ"
    assert nearest("a b a b a", "a", 5) == (4, 5)
