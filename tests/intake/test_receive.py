"""The batch: order, what is left out and why, sidecars, the same bytes twice, and that the rest goes on."""

import io
import json
import os
from pathlib import Path

import pytest
from hostile import makers as make

from marsad.errors import IntakeRefused
from marsad.intake import Limits, read_exhibit, read_file, receive
from marsad.intake._receive import _hash_only
from marsad.intake._sandbox import shared

WORDS = "Two shells struck the grain market on Tuesday, killing four people.\n"


def test_a_folder_is_taken_in_order_and_what_is_left_out_is_told(tmp_path: Path, deposits) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("Not part of the folder.")
    folder = tmp_path / "case"
    (folder / "b" / "deep").mkdir(parents=True)
    for name in ("c.txt", "a.txt", "b/deep/x.txt", "B.txt", ".hidden.txt"):
        (folder / name).write_text(f"{WORDS} {name}")
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("x")
    (folder / "d.txt").symlink_to(outside)
    (folder / "e").symlink_to(tmp_path)
    (folder / "f.txt").symlink_to(folder / "a.txt")
    (folder / "g.txt").symlink_to(folder / "g.txt")
    got = list(receive([folder], deposits))
    taken = [Path(one.source).relative_to(folder).as_posix() for one in got if one.exhibit]
    assert taken == ["B.txt", "a.txt", "b/deep/x.txt", "c.txt"]
    told = {Path(one.source).name: (one.problem or one.notes[0]) for one in got if not one.exhibit}
    assert set(told) == {".git", ".hidden.txt", "d.txt", "e", "f.txt", "g.txt"}
    assert "hidden" in told[".hidden.txt"]
    assert "outside the folder" in told["d.txt"]
    assert "link to a folder" in told["e"]
    assert "taken there" in told["f.txt"]
    assert "circle" in told["g.txt"]


def test_a_broken_file_does_not_stop_the_batch(tmp_path: Path, deposits) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4 nothing")
    (tmp_path / "b.txt").write_text(WORDS)
    os.mkfifo(tmp_path / "c.txt")
    (tmp_path / "d.html").write_bytes(make.page())
    got = list(receive([tmp_path, tmp_path / "nowhere", tmp_path / "b.txt"], deposits))
    assert [bool(one.exhibit) for one in got] == [True, True, False, True, False, True]
    assert [one.problem is None for one in got] == [False, True, False, True, False, True]
    assert got[0].reports[0].status == "unreadable"
    assert got[0].reports[0].exhibit == got[0].exhibit.sha256
    assert got[0].problem == f"kept, but not readable: {got[0].reports[0].reason}"
    assert [one.new for one in got if one.exhibit] == [True, True, True, False]
    assert deposits.kept[got[1].exhibit.sha256].times == 2
    assert got[1].reports == got[5].reports


def test_a_named_hidden_file_or_link_is_taken(tmp_path: Path, deposits) -> None:
    (tmp_path / ".a.txt").write_text(WORDS)
    (tmp_path / "b.txt").symlink_to(tmp_path / ".a.txt")
    assert all(one.exhibit for one in receive([tmp_path / ".a.txt", str(tmp_path / "b.txt")], deposits))


def test_standard_input(deposits) -> None:
    (got,) = receive(["-"], deposits, stdin=io.BytesIO(make.page("From a pipe")))
    assert got.source == "stdin"
    assert got.reports[0].title == "From a pipe"
    (got,) = receive(["-"], deposits, stdin=io.BytesIO(bytes(2000)), limits=Limits(member_bytes=1000))
    assert got.exhibit is None
    assert "longer than" in got.problem


SIDECAR = {
    "title": "Update no. 3", "published": "2021-03-09", "publisher": "Qasr Clinic", "language": "en",
    "note": "typed in",
    "url": None,
}  # fmt: skip


@pytest.mark.parametrize("name", ["a.txt.json", "a.json", "article.json"])
def test_sidecars(tmp_path: Path, deposits, name: str) -> None:
    (tmp_path / "a.txt").write_text(WORDS)
    (tmp_path / name).write_text(json.dumps(SIDECAR))
    (got,) = receive([tmp_path], deposits)
    (report,) = got.reports
    assert (report.title, report.published, report.publisher) == ("Update no. 3", "2021-03-09", "Qasr Clinic")
    assert report.language == "en"
    assert report.meta["published_from"] == "sidecar"
    assert report.meta["sidecar"] == {"note": "typed in"}
    detail = deposits.kept[got.exhibit.sha256].detail
    assert detail["sidecar"] == {key: value for key, value in SIDECAR.items() if value}
    assert detail["sidecar_name"] == name
    (again,) = read_exhibit(got.exhibit, tmp_path / "a.txt", sidecar=detail["sidecar"])
    assert again == report
    assert read_file(tmp_path / "a.txt") == [report]
    (alone,) = receive([tmp_path / name], deposits)
    assert alone.exhibit is None
    assert "describes a.txt" in alone.notes[0]


def test_a_sidecar_does_not_speak_for_each_entry_of_a_feed(tmp_path: Path) -> None:
    entry = "<item><guid>{}</guid><title>T{}</title><description>Words of entry {}.</description></item>"
    (tmp_path / "a.xml").write_bytes(make.feed(entry.format(1, 1, 1), entry.format(2, 2, 2)))
    (tmp_path / "a.xml.json").write_text(json.dumps(SIDECAR))
    assert [report.title for report in read_file(tmp_path / "a.xml")] == ["T1", "T2"]


def test_what_looks_like_a_sidecar_but_is_a_post_is_taken(tmp_path: Path, deposits) -> None:
    (tmp_path / "clip.mp4").write_bytes(make.video())
    info = {"id": "q", "title": "Market", "description": WORDS, "extractor": "x", "webpage_url": "https://v.example/q"}
    (tmp_path / "clip.info.json").write_text(json.dumps(info))
    (tmp_path / "clip.json").write_text("[1, 2")
    got = list(receive([tmp_path], deposits))
    assert [one.reports[0].kind for one in got] == ["post", "document", "footage"]
    assert [one.problem is None for one in got] == [True, False, True]


def test_a_date_that_is_given_goes_first(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(make.page(head='<meta name="date" content="2020-01-01">'))
    assert read_file(tmp_path / "a.html")[0].published == "2020-01-01"
    assert read_file(tmp_path / "a.html", published="2021-03-09")[0].published == "2021-03-09"


def test_read_file_refuses_what_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.txt", tmp_path):
        with pytest.raises(IntakeRefused, match=str(path.name)):
            read_file(path)


def test_reading_preserved_bytes_again_gives_the_same_reports(tmp_path: Path, deposits) -> None:
    (tmp_path / "a.html").write_bytes(make.page())
    (tmp_path / "b.warc.gz").write_bytes(make.warc([make.page(f"Page {n}") for n in range(3)], packed=True))
    (tmp_path / "c.json").write_bytes(make.telegram())
    (tmp_path / "d.jpg").write_bytes(make.picture())
    for got in receive([tmp_path], deposits):
        data = deposits.kept[got.exhibit.sha256].data
        assert tuple(read_exhibit(got.exhibit, io.BytesIO(data))) == got.reports
        assert all(report.exhibit == got.exhibit.sha256 for report in got.reports)


def test_what_is_read_is_what_was_preserved(tmp_path: Path, deposits) -> None:
    """With `reopen`, reading is from the vault; without, a file that changes under us is not read."""
    path = tmp_path / "a.txt"
    path.write_text(WORDS)

    def changing(content, /, **known):
        kept = deposits(content, **known)
        path.write_text("Other words than those that were preserved.")
        os.utime(path, (1, 1))
        return kept

    (got,) = receive([path], changing)
    assert "changed while" in got.problem
    path.write_text(WORDS)
    (got,) = receive([path], changing, reopen=lambda exhibit: io.BytesIO(deposits.kept[exhibit.sha256].data))
    assert got.reports[0].text == WORDS


def test_many_reports_come_in_batches(tmp_path: Path, deposits) -> None:
    messages = [{"id": n, "type": "message", "text": f"Message number {n} of the channel."} for n in range(450)]
    (tmp_path / "result.json").write_bytes(make.telegram(*messages))
    got = list(receive([tmp_path], deposits))
    assert [len(one.reports) for one in got] == [200, 200, 50]
    assert len({report.id for one in got for report in one.reports}) == 450
    got = list(receive([tmp_path], deposits, limits=Limits(parts=300)))
    assert got[-1].reports[-1].status == "unreadable"
    assert "more than 300 reports" in got[-1].reports[-1].reason


def test_progress_is_told(tmp_path: Path, deposits) -> None:
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(WORDS)
    told: list[tuple[int, int]] = []
    list(receive([tmp_path], deposits, progress=lambda done, total, _: told.append((done, total))))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_a_failing_vault_is_not_hidden(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(WORDS)

    def full(content, /, **known):
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        list(receive([tmp_path], full))


def test_many_small_files_do_not_pay_as_many_starts(tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"{number}.html").write_bytes(make.page(f"Page {number}"))
    list(receive([tmp_path / "0.html"], _hash_only))
    worker = shared._process
    got = list(receive([tmp_path], _hash_only))
    assert len(got) == 60
    assert all(one.problem is None for one in got)
    assert shared._process is worker
