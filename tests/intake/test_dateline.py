"""The day that a report gives itself. All reports are fictional."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.intake import read_exhibit
from marsad.intake._dateline import day_of
from marsad.model import Exhibit


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (
            "Strike on a hospital\n\nBy Nadia Sarraf, Northern Wire\n12 February 2031\n\nBEIRUT - Jets struck.",
            "2031-02-12",
        ),
        ("Girls taken from a village\n\n(Goma, May 6, 2031) – Fighters killed four.", "2031-05-06"),
        ("A video\n\nPublished: 18 Nov 2031\n\nThe group released it.", "2031-11-18"),
        ("BEIRUT, Feb 12, 2031 (Northern Wire) - Shells fell.", "2031-02-12"),
        ("GENEVA (4 May 2031) – Experts said so.", "2031-05-04"),
        ("Updated 3 May 2031, 14:30 GMT\n\nShells fell.", "2031-05-03"),
        ("Daily report\nSunday, 4 May 2031\n\nShells fell.", "2031-05-04"),
        ("Aleppo, Syria, 2031-05-04 -- Shells fell.", "2031-05-04"),
        ("1 May 2031\nA note.\n\nPosted 9 May 2031\n", "2031-05-09"),
    ],
)
def test_a_line_of_its_own_or_a_dateline_dates_a_report(text: str, day: str) -> None:
    assert day_of(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "Massacre of 12 February 2031\n\nTen people were killed.",
        "On 12 February 2031 shells fell on the town.\n",
        "1 May 2031\nShells fell.\n2 May 2031\nMore shells fell.",
        "Report covering 1 January 2031 to 31 March 2031\n\nTen died.",
        "The clashes of 5 May 2031 left ten dead\n\nTen people were killed.",
        "BEIRUT, Feb 12 (Northern Wire) - Shells fell.",
        "He was born on 5 May 2001 in Hama, and was killed there, his mother said on the telephone, by a sniper.",
        "",
    ],
)
def test_a_day_of_the_story_does_not(text: str) -> None:
    assert day_of(text) is None


def test_the_report_is_dated_and_says_by_what() -> None:
    data = b"Strike on a hospital\n\n12 February 2031\n\nJets struck on Thursday."
    (report,) = read_exhibit(Exhibit("0" * 64, "a.txt", len(data), "text/plain", "2031-03-01T00:00:00Z"), _stream(data))
    assert (report.published, report.meta["published_from"]) == ("2031-02-12", "its own words")
    (told,) = read_exhibit(
        Exhibit("0" * 64, "a.txt", len(data), "text/plain", "2031-03-01T00:00:00Z"),
        _stream(data),
        sidecar={"published": "2031-02-20"},
    )
    assert told.published == "2031-02-20" and "its own words" not in told.meta.values()


def _stream(data: bytes):  # type: ignore[no-untyped-def]
    import io

    return io.BytesIO(data)


@given(st.text(max_size=400))
def test_any_text_gives_a_day_or_none(text: str) -> None:
    day = day_of(text)
    assert day is None or datetime.date.fromisoformat(day)
