"""Offsets hold and nothing raises, whatever the text."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from marsad.claims import extract
from marsad.claims._segment import _LEAD, flatten, sentences
from marsad.model import Report

from .spans import check

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from _texts import load

PIECES = (
    "Rebels killed 12 people in Aleppo on Monday",
    "“They took my son,” said Umm Khalil",
    "including four children",
    ", the army said.",
    "\n\n",
    " the group ",
    "\u202eقتل ثلاثة أطفال\u202c",
    "ISIS’s fighters — at least 5 – shot dead",
    "İstanbul",
    "\x00",
    "\ud800",
    "was raped",
    ".",
    '"',
    "…",
    "a hospital was bombed",
    "Dr. A. B. Khan",
    "👨‍👩‍👧 abducted 3 girls ",
)


ANY = st.text(st.characters(codec=None, exclude_categories=()), max_size=30)
"""Any code points at all: every script, marks, controls, private use, lone surrogates."""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(st.sampled_from(PIECES), ANY), max_size=14).map("".join))
def test_any_text_gives_true_spans(text: str) -> None:
    check(text, extract(Report("r", "x", text=text, published="2023-05-10")))


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(st.sampled_from(PIECES), ANY), min_size=2, max_size=6), st.integers(40, 120))
def test_long_texts_give_true_spans(pieces: list[str], times: int) -> None:
    text = "".join(pieces) * times
    check(text, extract(Report("r", "x", text=text, published="2023-05-10")))


@given(st.text(max_size=400))
@example("* ")
@example("1. Two died. - ")
def test_sentences_cover_all_but_white_space_and_what_opens_a_line(text: str) -> None:
    def empty(start: int, end: int) -> bool:
        """White space, before or after it was made plain, or a bullet, a number or an hour."""
        blank = len(flat[start:end]) - len(flat[start:end].lstrip())
        lead = _LEAD.match(flat, start + blank)
        return not (flat[lead.end() if lead else start : end].strip() and text[start:end].strip())

    flat = flatten(text)
    assert len(flat) == len(text)
    at = 0
    for s in sentences(text):
        assert at <= s.start < s.end <= len(text)
        assert empty(at, s.start)
        at = s.end
    assert empty(at, len(text))


@pytest.mark.parametrize("text", ["", " \n", "killed", "." * 3000, "killed " * 3000, "ق" * 500, "kill" + "a" * 5000])
def test_odd_texts(text: str) -> None:
    check(text, extract(Report("r", "x", text=text)))


@pytest.mark.shared
@pytest.mark.parametrize("corpus", ["muc4/role_fillers", "hrdsattack", "indiapoliceevents", "polnear", "geo", "re3d"])
def test_shared_reports_give_true_spans(shared: Path, corpus: str) -> None:
    """A few reports of each corpus; `benchmarks/spans.py` takes them all."""
    texts = load(shared / "corpora" / corpus)
    assert texts
    for text in random.Random(11).sample(texts, min(5, len(texts))):
        check(text, extract(Report("r", "x", text=text, published="2020-06-01")))
