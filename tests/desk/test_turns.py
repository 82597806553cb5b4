"""Turns at drawing pages: one after the other, search before them, and nobody for long behind what takes long."""

import threading
import time

import pytest

from marsad.desk._routes import ROUTES
from marsad.desk._turns import Turns


def held(turns: Turns, kind: str, until: threading.Event) -> threading.Thread:
    """A thread that holds a turn until it is let go; it holds it when this returns."""
    began = threading.Event()

    def hold() -> None:
        with turns.of(kind):  # type: ignore[arg-type]
            began.set()
            assert until.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    assert began.wait(10)
    return thread


def waited(turns: Turns, kind: str) -> float:
    began = time.monotonic()
    with turns.of(kind):  # type: ignore[arg-type]
        return time.monotonic() - began


@pytest.mark.parametrize("other, kind, waits", [
    ("page", "page", True), ("first", "page", True), ("page", "first", False), ("first", "first", False),
    ("page", "any", False), ("any", "page", False),
])  # fmt: skip
def test_who_waits_for_whom(other: str, kind: str, waits: bool) -> None:
    turns, until = Turns(patience=0.3), threading.Event()
    thread = held(turns, other, until)
    assert (waited(turns, kind) >= 0.3) == waits
    until.set()
    thread.join()
    assert waited(turns, kind) < 0.1


def test_a_turn_is_taken_as_soon_as_it_is_free() -> None:
    turns, until = Turns(patience=10), threading.Event()
    thread = held(turns, "page", until)
    threading.Timer(0.05, until.set).start()
    assert waited(turns, "page") < 5
    thread.join()


def test_after_any_rush_every_turn_is_free_again() -> None:
    turns = Turns(patience=0.01)

    def ask(kind: str) -> None:
        for _ in range(20):
            with turns.of(kind):  # type: ignore[arg-type]
                time.sleep(0.001)

    threads = [threading.Thread(target=ask, args=(kind,)) for kind in ("page", "page", "page", "first", "any")]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert waited(turns, "page") < 0.01


def test_what_writes_or_is_asked_by_programs_waits_for_no_page() -> None:
    turn = {(d.method, d.path): d.turn for d in ROUTES}
    assert turn["GET", "/search"] == "first"
    assert turn["GET", "/incidents/{id}"] == turn["GET", "/map"] == "page"
    assert turn["GET", "/queue"] == turn["POST", "/judge"] == turn["GET", "/match.csv"] == "any"
