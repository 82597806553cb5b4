"""Offsets hold and nothing raises, whatever the text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marsad.claims import extract
from marsad.claims._segment import flatten, sentences
from marsad.model import Report

from .spans import check

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


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=20)), max_size=12).map("".join))
def test_any_text_gives_true_spans(text: str) -> None:
    check(text, extract(Report("r", "x", text=text, published="2023-05-10")))


@given(st.text(max_size=400))
def test_sentences_cover_all_but_white_space(text: str) -> None:
    flat = flatten(text)
    assert len(flat) == len(text)
    at = 0
    for s in sentences(text):
        assert at <= s.start < s.end <= len(text)
        assert not flat[at : s.start].strip() or not text[at : s.start].strip()
        at = s.end
    assert not flat[at:].strip() or not text[at:].strip()


@pytest.mark.parametrize("text", ["", " \n", "killed", "." * 3000, "killed " * 3000, "ق" * 500, "kill" + "a" * 5000])
def test_odd_texts(text: str) -> None:
    check(text, extract(Report("r", "x", text=text)))


@pytest.mark.shared
def test_shared_reports_give_true_spans(shared: Path) -> None:
    lines = (shared / "corpora/muc4/role_fillers/dev.json").read_text(encoding="utf-8").splitlines()
    for line in lines[:25]:
        text = json.loads(line)["doctext"]
        check(text, extract(Report("r", "x", text=text)))
