"""The reading process: what it may not do, and what becomes of a job that goes wrong."""

import io
import os
import platform
import signal
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest
from hostile import makers as make
from PIL import Image

from marsad.errors import Unreadable
from marsad.intake import Limits, read_file, receive
from marsad.intake._draft import Draft
from marsad.intake._sandbox import Sandbox

filtered = pytest.mark.skipif(
    not sys.platform.startswith("linux") or platform.machine() not in ("x86_64", "aarch64"),
    reason="no system-call filter for this platform",
)


def confined(code: str, memory: int = 1 << 30) -> str:
    """What `code` prints when it runs under the limits of a reading process."""
    start = f"""
        import os, socket, sys
        from marsad.intake._confine import confine
        from marsad.intake import Limits
        confine(Limits(read_memory={memory}, read_seconds=5))
        def attempt(act):
            try:
                act()
            except (OSError, MemoryError) as problem:
                print(type(problem).__name__)
            else:
                print("allowed")
    """
    program = textwrap.dedent(start) + textwrap.dedent(code)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@filtered
@pytest.mark.parametrize(
    "act",
    [
        "socket.socket(socket.AF_INET, socket.SOCK_STREAM)",
        "socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)",
        "os.execv('/bin/true', ['/bin/true'])",
        "os.kill(os.getppid(), 0)",
        "open('{path}', 'w')",
        "open('{path}', 'a')",
        "os.open('{path}', os.O_RDONLY | os.O_TRUNC)",
        "os.unlink('{path}')",
        "os.rename('{path}', '{path}.2')",
        "os.truncate('{path}', 0)",
        "os.chmod('{path}', 0)",
        "os.symlink('{path}', '{path}.3')",
        "os.mkdir('{path}.4')",
    ],
)
def test_refused(act: str, tmp_path: Path) -> None:
    path = tmp_path / "evidence.txt"
    path.write_text("kept")
    assert confined(f"attempt(lambda: {act.format(path=path)})") == "PermissionError"
    assert path.read_text() == "kept"
    assert len(list(tmp_path.iterdir())) == 1


@filtered
def test_reading_and_memory_within_bounds_are_allowed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("kept")
    assert confined(f"attempt(lambda: open('{tmp_path / 'a.txt'}').read())") == "allowed"
    assert confined("attempt(lambda: bytes(100 << 20))") == "allowed"


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS does not hold address-space limits")
def test_memory_is_bounded() -> None:
    assert confined("attempt(lambda: bytes(900 << 20))", memory=512 << 20) == "MemoryError"


def test_time_is_bounded_inside_one_call() -> None:
    # One regular expression: no Python code runs, and no Python handler would, until it ends.
    code = """
        import re, signal
        from marsad.intake._confine import confine
        from marsad.intake import Limits
        confine(Limits(read_seconds=0.3))
        re.match(r"(a+)+b", "a" * 60)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], timeout=60, check=False)
    assert done.returncode == -signal.SIGPROF


def items(sandbox: Sandbox, data: bytes, kind: str, limits: Limits | None = None) -> list[Draft]:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        job = {"kind": kind, "name": "x", "size": len(data), "url": None}
        return [item for item in sandbox.read(file, job, limits or Limits()) if isinstance(item, Draft)]


@pytest.fixture
def sandbox():
    box = Sandbox()
    yield box
    box.close()


def test_one_process_serves_many_and_is_replaced_when_it_dies(sandbox: Sandbox) -> None:
    assert items(sandbox, make.page(), "html")[0].title
    first = sandbox._process
    assert items(sandbox, make.page(), "html")[0].title
    assert sandbox._process is first
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert items(sandbox, make.page(), "html")[0].title
    assert sandbox._process is not first


def test_a_slow_file_is_told_and_the_next_is_read(sandbox: Sandbox) -> None:
    slow = b"<html><body>" + b"".join(b"<div><p>word %d <a href=x>y</a></div>" % n for n in range(60_000))
    with pytest.raises(Unreadable, match="longer than"):
        items(sandbox, slow, "html", Limits(read_seconds=0.2))
    assert items(sandbox, make.page(), "html")[0].title


def test_a_greedy_file_is_told_and_the_next_is_read(sandbox: Sandbox) -> None:
    assert items(sandbox, make.picture(), "image")
    out = io.BytesIO()
    Image.new("RGB", (9000, 9000)).save(out, "PNG", compress_level=1)
    greedy = out.getvalue()
    with pytest.raises(Unreadable, match="memory"):
        items(sandbox, greedy, "image", Limits(read_memory=300 << 20))
    assert items(sandbox, make.picture(), "image")


def test_jobs_may_overlap(sandbox: Sandbox) -> None:
    data = make.warc([make.page(f"Page {n}") for n in range(5)])
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        job = {"kind": "warc", "name": "x", "size": len(data), "url": None}
        titles = []
        for outer in sandbox.read(file, job, Limits()):
            titles.append(outer.title)
            assert items(sandbox, make.page("Within"), "html")[0].title == "Within"
    assert titles == [f"Page {n}" for n in range(5)]


def test_an_abandoned_job_leaves_no_process(sandbox: Sandbox) -> None:
    data = make.warc([make.page(f"Page {n}") for n in range(50)])
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        job = {"kind": "warc", "name": "x", "size": len(data), "url": None}
        jobs = sandbox.read(file, job, Limits())
        next(jobs)
        jobs.close()
    children = Path(f"/proc/{sandbox._process.pid}/task/{sandbox._process.pid}/children")
    if children.exists():
        assert children.read_text().split() == []


def test_a_module_beside_the_evidence_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "trafilatura.py").write_text("open('run', 'w')\nraise SystemExit(0)\n")
    (tmp_path / "page.html").write_bytes(make.page())
    monkeypatch.chdir(tmp_path)
    box = Sandbox()
    try:
        assert items(box, make.page(), "html")[0].title
    finally:
        box.close()
    assert not (tmp_path / "run").exists()
    assert read_file(tmp_path / "page.html")[0].status == "read"


def test_it_reads_in_a_forked_process_too(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(make.page())
    assert read_file(path)[0].status == "read"
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            code = 0 if read_file(path)[0].status == "read" else 1
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert read_file(path)[0].status == "read"


def test_a_reading_process_that_does_not_start_says_nothing_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deposits
) -> None:
    box = Sandbox()
    monkeypatch.setattr("marsad.intake._sandbox.shared", box)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    (tmp_path / "page.html").write_bytes(make.page())
    (got,) = receive([tmp_path / "page.html"], deposits)
    assert len(deposits.kept) == 1
    assert got.reports == ()
    assert "not read yet" in got.problem
    monkeypatch.undo()
    assert items(box, make.page(), "html")[0].title
    box.close()
