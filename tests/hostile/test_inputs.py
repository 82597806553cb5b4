"""Each hostile input gives one clear line, no traceback, and is kept where its bytes could be read."""

import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from marsad.intake import receive
from marsad.intake._receive import _hash_only

from . import INPUTS, Hostile

SECONDS = 20
"""The most that one may take: the limit of a reader is 60, so nothing here was ended for its time."""

NOBODY = 65534
"""The user of Debian's that owns nothing."""


def test_there_are_at_least_fifty() -> None:
    assert len(INPUTS) >= 50
    assert len({hostile.name for hostile in INPUTS}) == len(INPUTS)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that anybody may look into, which pytest's own is not."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        yield Path(made)


@contextmanager
def stopped_by_permissions() -> Iterator[None]:
    """As somebody whom permissions stop, where the superuser runs the tests."""
    mine = os.geteuid()
    if mine == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(mine)


@pytest.mark.parametrize("hostile", INPUTS, ids=lambda hostile: hostile.name)
def test_hostile(hostile: Hostile, folder: Path) -> None:
    source = hostile.make(folder)
    before = sorted(folder.iterdir())
    start = time.monotonic()
    with nullcontext() if hostile.root else stopped_by_permissions():
        got = list(receive([source], _hash_only))
    assert time.monotonic() - start < SECONDS
    assert sorted(folder.iterdir()) == before

    lines = [line for one in got for line in ([one.problem] if one.problem else []) + list(one.notes)]
    reports = [report for one in got for report in one.reports]
    notes = [note for report in reports for note in report.meta.get("notes", ())]
    for one in got:
        for line in [one.source, *([one.problem] if one.problem else []), *one.notes]:
            assert line.isprintable() or re.search("[\u200f\u200e]", line), line
            assert "Traceback" not in line
    for report in reports:
        for value in (report.text, report.title or "", report.author or "", report.reason or ""):
            assert "\x00" not in value
            value.encode("utf-8")

    kept = [one for one in got if one.exhibit]
    read = [report for report in reports if report.status == "read"]
    if hostile.outcome == "refused":
        assert not kept
        assert len(lines) == 1
    elif hostile.outcome == "unreadable":
        assert kept
        assert any(one.problem for one in got)
        assert not any(report.text for report in read)
    elif hostile.outcome == "read":
        assert kept
        assert any(report.text or report.kind == "footage" for report in read)
    elif hostile.outcome == "partly":
        assert any(report.text for report in read)
        assert lines
    else:
        assert kept
    assert re.search(hostile.words, " ".join([*lines, *notes])), (lines, notes)
