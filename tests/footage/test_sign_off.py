"""A covered copy is a derivative that somebody answers for, and only such a one is released. All is fictional."""

import io
from pathlib import Path

import av
import numpy as np
import pytest
from drawn import face
from PIL import Image

from marsad.errors import ReleaseRefused, Unreadable, VaultError
from marsad.footage import Box, propose
from marsad.intake import read_picture
from marsad.pipeline import Case, create_case


@pytest.fixture
def case(tmp_path: Path) -> Case:
    made = create_case(tmp_path / "case", person="amal")
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    face().save(tmp_path / "photo.jpg", exif=exif)
    list(made.add([tmp_path / "photo.jpg"]))
    return made


def original(case: Case) -> str:
    with case.store.read() as s:
        return next(iter(s.exhibits.all())).sha256


def test_a_signed_copy_is_tied_to_its_sealed_original_and_released(case: Case, tmp_path: Path) -> None:
    sealed = original(case)
    proposal = propose(case.vault, sealed)
    assert proposal.boxes
    made = case.cover(proposal, proposal.boxes)
    with case.store.read() as s:
        told = [e for e in s.custody.of(made) if e.detail.get("derived_from") == sealed]
        assert [e.action for e in s.custody.of(sealed)].count("opened") == 1
    assert told and told[0].detail["signed_off_by"] == "amal" and "parts painted over" in told[0].detail["changed"]
    assert case.read_pending() == 0
    case.publish("public", tmp_path / "out", stills=[made])
    (picture,) = (tmp_path / "out").glob("still-*.png")
    assert Image.open(picture).info == {} and made not in (tmp_path / "out" / "index.html").read_text("utf-8")
    assert picture.name in (tmp_path / "out" / "index.html").read_text("utf-8")


def test_what_nobody_signed_off_is_not_released(case: Case, tmp_path: Path) -> None:
    with pytest.raises(VaultError, match="signed off"):
        case.publish("public", tmp_path / "out", stills=[original(case)])
    assert not (tmp_path / "out").exists()


def test_a_face_that_was_left_open_is_found_by_the_leak_check(case: Case, tmp_path: Path) -> None:
    made = case.cover(propose(case.vault, original(case)), [Box(0, 400, 20, 20)])
    with pytest.raises(ReleaseRefused, match="looks like a face"):
        case.publish("public", tmp_path / "out", stills=[made])
    assert not (tmp_path / "out").exists()


def test_a_frame_of_a_video_is_read_at_its_time() -> None:
    stream = io.BytesIO()
    with av.open(stream, "w", format="mp4") as out:
        video = out.add_stream("mpeg4", rate=10)
        video.width = video.height = 64
        video.pix_fmt = "yuv420p"
        for n in range(50):
            shade = np.full((64, 64, 3), n * 5, np.uint8)
            for packet in video.encode(av.VideoFrame.from_ndarray(shade, format="rgb24")):
                out.mux(packet)
        for packet in video.encode():
            out.mux(packet)
    early, late = read_picture(stream, at=0.0), read_picture(stream, at=4.0)
    assert (early.width, early.height, len(early.rgb)) == (64, 64, 64 * 64 * 3)
    assert early.rgb[0] < 10 and 190 <= late.rgb[0] <= 210


@pytest.mark.parametrize(
    "data", [b"", b"not a picture", b"\xff\xd8\xff\xe0" + bytes(40), b"\x89PNG\r\n\x1a\n" + bytes(40)]
)
def test_what_is_no_picture_is_said(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read_picture(io.BytesIO(data))
