"""Work in a process of its own: done there, told of in words when it fails, and over when its parent is."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from marsad.errors import CaseError
from marsad.review._apart import Apart


@contextmanager
def writer(folder: Path) -> Iterator[Callable[[Collection[str]], object]]:
    """Work that writes down what it was given and by which process, and fails on 'bad'."""

    def work(reports: Collection[str]) -> None:
        if "bad" in reports:
            raise CaseError("case.sqlite: the disk is full.")
        with (folder / "done").open("a") as file:
            file.write(f"{os.getpid()} {' '.join(reports)}\n")

    yield work
    (folder / "ended").touch()


@pytest.fixture
def apart(tmp_path: Path) -> Iterator[Apart]:
    made = Apart(partial(writer, tmp_path))
    yield made
    made.close()


def done(folder: Path) -> list[list[str]]:
    return [line.split() for line in (folder / "done").read_text().splitlines()]


def test_it_is_done_elsewhere_and_in_one_process(apart: Apart, tmp_path: Path) -> None:
    apart({"r2", "r1"})
    apart(["r3"])
    (first, *one), (second, *two) = done(tmp_path)
    assert first == second != str(os.getpid()) and (one, two) == (["r1", "r2"], ["r3"])
    apart.close()
    assert (tmp_path / "ended").exists(), "it was let end by itself"


def test_what_fails_there_is_said_here_and_the_next_is_done(apart: Apart, tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="the disk is full"):
        apart(["bad"])
    apart(["r1"])
    assert [reports for _, *reports in done(tmp_path)] == [["r1"]]


def test_a_process_that_was_killed_is_followed_by_another(apart: Apart, tmp_path: Path) -> None:
    apart(["r1"])
    os.kill(int(done(tmp_path)[0][0]), signal.SIGKILL)
    with pytest.raises(CaseError, match="ended from outside"):
        apart(["r2"])
    apart(["r3"])
    assert [reports for _, *reports in done(tmp_path)] == [["r1"], ["r3"]]


def test_ctrl_c_while_the_process_is_still_loading_does_not_stop_it(apart: Apart, tmp_path: Path) -> None:
    thread = threading.Thread(target=apart, args=(["r1"],))
    thread.start()
    deadline = time.monotonic() + 10
    while apart._child is None and time.monotonic() < deadline:
        time.sleep(0.001)
    assert apart._child is not None
    # As the terminal would, to the child of the group; this process is spared.
    os.kill(apart._child[0].pid or 0, signal.SIGINT)
    thread.join(20)
    assert [line[1:] for line in done(tmp_path)] == [["r1"]]


def test_nothing_was_begun_where_nothing_was_asked(tmp_path: Path) -> None:
    Apart(partial(writer, tmp_path)).close()
    assert not (tmp_path / "ended").exists()


def test_it_ends_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import os, sys, signal\nfrom functools import partial\nfrom pathlib import Path\n"
        "from marsad.review._apart import Apart\nfrom test_apart import writer\n"
        "Apart(partial(writer, Path(sys.argv[1])))(['r1'])\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    where = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    ended = subprocess.run([sys.executable, "-c", program, str(tmp_path)], env=where, check=False)
    assert ended.returncode == -signal.SIGKILL
    until = time.monotonic() + 20
    while not (tmp_path / "ended").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert (tmp_path / "ended").exists()
