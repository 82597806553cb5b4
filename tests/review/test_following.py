"""What follows a decision behind the answer: done once for all that asked, waited for, and ended in order."""

import logging
import threading
import time
from collections.abc import Collection

import pytest

from marsad.errors import CaseError
from marsad.review import Following


class Slow:
    """Work that lasts until it is let go."""

    def __init__(self) -> None:
        self.began, self.go = threading.Event(), threading.Event()
        self.done: list[set[str]] = []

    def __call__(self, reports: Collection[str]) -> None:
        self.began.set()
        assert self.go.wait(10)
        self.done.append(set(reports))


def test_who_asked_waits_for_their_own_and_nobody_for_anothers() -> None:
    work = Slow()
    following = Following(work)
    following.ask(["r1"], ["amal"])
    assert work.began.wait(10)
    assert following.wait("basim") and not following.wait("amal", 0.01)
    work.go.set()
    assert following.wait("amal") and work.done == [{"r1"}]


def test_what_is_asked_for_meanwhile_is_done_in_one_go() -> None:
    work = Slow()
    following = Following(work)
    following.ask(["r1"], ["amal"])
    assert work.began.wait(10)
    for n in range(2, 6):
        following.ask([f"r{n}"], ["basim"])
    assert not following.wait("basim", 0.01)
    work.go.set()
    following.close()
    assert work.done == [{"r1"}, {"r2", "r3", "r4", "r5"}]
    assert following.wait("basim", 0)


def test_nothing_asked_for_is_nothing_to_wait_for() -> None:
    following = Following(lambda reports: pytest.fail("nothing was to be done"))
    following.ask([], ["amal"])
    following.close()
    assert following.wait("amal", 0)


class Failing:
    """Work that fails so many times."""

    def __init__(self, times: int) -> None:
        self.left, self.done = times, list[set[str]]()

    def __call__(self, reports: Collection[str]) -> None:
        if self.left:
            self.left -= 1
            raise CaseError("case.sqlite: the disk is full.")
        self.done.append(set(reports))


def test_what_failed_is_tried_once_more_before_anybody_sees(caplog: pytest.LogCaptureFixture) -> None:
    work = Failing(1)
    following = Following(work)
    following.ask(["r1"], ["amal"])
    assert following.wait("amal") and work.done == [{"r1"}] and not caplog.text
    following.close()


def test_what_goes_on_failing_is_said_and_done_with_the_next(caplog: pytest.LogCaptureFixture) -> None:
    work = Failing(2)
    following = Following(work)
    with caplog.at_level(logging.WARNING):
        following.ask(["r1"], ["amal"])
        assert following.wait("amal")
        following.ask(["r2"], ["basim"])
        following.close()
    assert "the disk is full" in caplog.text and work.done == [{"r1", "r2"}]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_after_a_fault_of_our_own_nobody_waits_for_ever() -> None:
    following = Following(lambda reports: 1 // 0)
    following.ask(["r1"], ["amal"])
    assert following.wait("amal")
    for thread in [t for t in threading.enumerate() if t.name == "following"]:
        thread.join()


def test_many_that_ask_at_once_lose_nothing() -> None:
    done: set[str] = set()
    following = Following(lambda reports: (time.sleep(0.001), done.update(reports)))

    def ask(n: int) -> None:
        for i in range(30):
            following.ask([f"{n}.{i}"], [f"p{n}"])
            assert following.wait(f"p{n}") and f"{n}.{i}" in done

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(6)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    following.close()
    assert len(done) == 180
