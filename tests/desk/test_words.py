"""Values in words: ranges, intervals, moments, sizes; and strings of others made safe to look at."""

import ast
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

import marsad.claims
from marsad.claims._lexicon import lexicon
from marsad.desk._i18n import catalog, locale_of
from marsad.desk._words import _RULES, Words, bdi, marked, plain
from marsad.model import Count, Place
from marsad.places import Gazetteer

EN = Words("en", locale_of("en"), catalog("en"))
AR = Words("ar", locale_of("ar"), catalog("ar"))


@pytest.mark.parametrize(
    ("least", "most", "shown"),
    [
        (9, 9, "9"),
        (9, 14, "9–14"),
        (26, None, "26 or more"),
        (None, 10, "up to 10"),
        (None, None, "–"),
        (0, 0, "0"),
        (1200, 1200, "1,200"),
    ],
)
def test_ranges(least: int | None, most: int | None, shown: str) -> None:
    assert EN.range(least, most) == shown


def test_counts() -> None:
    assert EN.count(None) == "–"
    assert EN.count(Count(None, None, "a family", 0, 8)) == "no number"
    assert AR.range(26, None) == "26 أو أكثر"


@pytest.mark.parametrize(
    ("earliest", "latest", "shown"),
    [
        ("2031-03-04", "2031-03-04", "4 March 2031"),
        ("2031-03-04", "2031-03-06", "4–6 March 2031"),
        ("2031-03-01", "2031-03-31", "March 2031"),
        ("2032-02-01", "2032-02-29", "February 2032"),
        ("2031-01-01", "2031-12-31", "2031"),
        ("2031-03-04", "2031-05-06", "4 Mar – 6 May 2031"),
        ("2030-12-04", "2031-05-06", "4 December 2030 – 6 May 2031"),
        ("2031-03-04", None, "4 March 2031 or later"),
        (None, "2031-03-04", "4 March 2031 or earlier"),
        (None, None, "–"),
        ("nonsense", "2031-13-45", "–"),
    ],
)
def test_intervals(earliest: str | None, latest: str | None, shown: str) -> None:
    assert EN.interval(earliest, latest) == shown


def test_dates_in_arabic_have_its_months_and_western_digits() -> None:
    assert AR.interval("2031-03-04", "2031-03-04") == "4 آذار/مارس 2031"


def test_moments() -> None:
    assert EN.moment("2031-03-04T18:10:00+03:00") == "4 Mar 2031, 18:10 +03:00"
    assert EN.moment("2031-03-04T18:10:00Z") == "4 Mar 2031, 18:10 UTC"
    assert EN.moment("2031-03-04") == "4 March 2031"
    assert EN.moment("last \u202eTuesday evening") == "last ⟦RLO⟧Tuesday evening"
    assert EN.moment(None) == "–"


def test_sizes() -> None:
    assert [EN.size(n) for n in (0, 999, 7200, 7_250_000, 3_000_000_000_000)] == [
        "0 B",
        "999 B",
        "7.2 kB",
        "7.2 MB",
        "3,000 GB",
    ]


def test_verified_is_never_said_of_itself() -> None:
    assert EN.label("verified") == "verified by the UN"
    assert EN.action("verified") == "bytes checked"


@given(st.text())
def test_strings_of_others_are_escaped_and_still(s: str) -> None:
    shown = str(bdi(s))
    inner = shown.removeprefix("<bdi>").removesuffix("</bdi>")
    assert "<" not in inner and '"' not in inner
    assert not set(inner) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00")
    assert not set(plain(s)) & set("\u202e\u2066\x00")


@given(
    st.text(alphabet=st.characters(blacklist_categories=["Cc", "Cs", "Cf"])), st.lists(st.integers(0, 30), max_size=8)
)
def test_marks_change_no_word(s: str, cuts: list[int]) -> None:
    bounds = sorted({min(c, len(s)) for c in cuts})
    spans = list(zip(bounds[::2], bounds[1::2], strict=False))
    shown = marked(s, spans)
    assert isinstance(shown, Markup)
    assert shown.count("<mark>") == len(spans)
    assert Markup(shown.replace("<mark>", "").replace("</mark>", "")).unescape() == s


@given(st.dates(), st.dates())
def test_intervals_never_raise(a: date, b: date) -> None:
    first, last = sorted((a, b))
    for words in (EN, AR):
        assert words.interval(first.isoformat(), last.isoformat())


def rules_given() -> Iterator[str]:
    """What the claim modules write down as the rule behind a value, where it stands in the call; holes as 'kill'."""

    def read(node: ast.expr) -> Iterator[str]:
        if isinstance(node, ast.IfExp):
            yield from (*read(node.body), *read(node.orelse))
        elif isinstance(node, ast.Constant):
            yield str(node.value)
        elif isinstance(node, ast.JoinedStr):
            yield "".join(str(v.value) if isinstance(v, ast.Constant) else "kill" for v in node.values)

    for module in Path(str(marsad.claims.__file__)).parent.glob("_*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "because":
                yield from read(node.args[1])


def test_the_rules_of_claims_have_their_words_in_both_languages() -> None:
    # The kind of an act's word is a hole too, and so is the network with its channels: each of them is a phrase.
    given = {r for r in rules_given() if not r.startswith(("kill ", "kill:"))}
    given |= {f"{entry.pos}:{entry.pattern}" for held in lexicon().triggers.values() for entry in held}
    assert len(given) > 200
    assert {r for r in given if not (_RULES.knows(r, "en") and _RULES.knows(r, "ar"))} == set()
    assert EN.rule("v:carry+out") == "a verb of the list of acts: ‘carry+out’"
    assert "said" in AR.rule("said + clause") and "«" in AR.rule("said + clause")
    assert AR.rule("a rule of tomorrow") == "a rule of tomorrow"


def test_the_learned_layers_channels_have_their_words() -> None:
    for name in ("perp_ind", "perp_org", "target", "victim", "weapon", "attribution", "factuality"):
        assert _RULES.knows(f"learned {name}", "ar"), name


def test_places_are_named_in_arabic_to_those_who_read_it() -> None:
    Gazetteer.default()
    known = Place(0, 7, "Palmyra", "Tadmur", "SY", 34.56, 38.28, "populated_place", id="geonames:163808", admin1="Homs")
    assert (EN.place(known), EN.division(known)) == ("Tadmur", "Homs")
    assert (AR.place(known), AR.division(known)) == ("تدمر", "حمص")
    assert AR.place(Place(0, 8, "the dam")) == "the dam"


def test_without_an_index_at_hand_nobody_waits_for_one(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("MARSAD_CACHE", str(tmp_path))
    words = Words("ar", locale_of("ar"), catalog("ar"))
    assert words.place(Place(0, 7, "Palmyra", "Tadmur", id="geonames:163808")) == "Tadmur"
    assert not list(tmp_path.iterdir())


def test_an_origin_without_a_name_is_said_to_be_one() -> None:
    assert EN.source("report rfc251b50f673228da6775191") == "a report without a publisher"
    assert AR.source("unknown") == "تقرير بلا ناشر"
    assert EN.source("report of the town council") == "report of the town council"


def test_what_a_source_revised_and_the_machine_said_reads_in_the_language() -> None:
    words = Words("ar", locale_of("ar"), catalog("ar"))
    assert words.shown("26 or more") == words.range(26, None) != "26 or more"
    assert words.shown("9–14") == "9–14" and words.shown("Tell Warda") == "Tell Warda"
    assert words.told("It has no text of its own.") == "ليس فيه نص خاص به."
    assert words.told("Erased: order 7") == "Erased: order 7" and words.told(None) == ""


def test_quarters_countries_and_divisions_in_the_readers_language() -> None:
    town = Place(0, 1, "x", name="Manbij", country="SY", precision="populated_place", admin1="Aleppo")
    country = Place(0, 5, "Syria", name="Syria", country="SY", precision="country")
    assert (EN.quarter("2031-Q1"), AR.quarter("2031-Q2"), EN.quarter("unknown")) == (
        "Q1 2031",
        "الربع الثاني 2031",
        "unknown",
    )
    assert (EN.place(country), AR.place(country)) == ("Syria", "سوريا")
    assert EN.called("Aleppo", [country, town]) == "Aleppo" and EN.called("Nowhere", [town]) == "Nowhere"


def test_a_report_without_a_publisher_is_said_so_in_a_grade() -> None:
    rule = "Two or more origins, none of them a belligerent, tell of it (origins: a medic, report rfc25, uncle)"
    assert EN.why(rule).endswith("(origins: a medic, a report without a publisher, uncle)")
