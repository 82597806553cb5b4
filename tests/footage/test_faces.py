"""Faces are found however a picture is turned, and what is covered is gone. The face is drawn: nobody's."""

import hashlib
import io
from importlib import resources

import pytest
from drawn import face
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from marsad.footage import Box, cover, find_faces
from marsad.footage._faces import _back

WEIGHTS = "5aaf17b351911ad4a27f126d2de45809710c458b95cba4a6478c4fd4e2e9d978"


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_face_is_found_and_its_box_holds_it(turn: int) -> None:
    picture = face(at=(200, 60), tall=60)
    left, top, right, bottom = {
        0: (200, 60, 244, 120),
        90: (60, 640 - 244, 120, 640 - 200),
        180: (640 - 244, 480 - 120, 640 - 200, 480 - 60),
        270: (480 - 120, 200, 480 - 60, 244),
    }[turn]
    found = find_faces(picture.rotate(turn, expand=True))
    middle = ((left + right) / 2, (top + bottom) / 2)
    assert any(
        b.x <= middle[0] - 10
        and b.y <= middle[1] - 10
        and b.x + b.width >= middle[0] + 10
        and b.y + b.height >= middle[1] + 10
        for b in found
    ), found


def test_plain_ground_has_no_face() -> None:
    assert find_faces(Image.new("RGB", (300, 200), (120, 140, 120))) == []


def test_after_covering_no_face_is_left_and_no_pixel_of_it() -> None:
    picture = face()
    boxes = find_faces(picture)
    made = cover(picture, boxes)
    copy = Image.open(io.BytesIO(made.png)).convert("RGB")
    assert find_faces(copy, least=0.5) == []
    for box in boxes:
        inside = copy.crop((box.x, box.y, box.x + box.width, box.y + box.height))
        assert len(inside.getcolors() or []) == 1


def test_a_covered_copy_holds_nothing_but_pixels() -> None:
    picture = Image.new("RGB", (40, 30), "red")
    picture.info["comment"] = "made by nobody"
    made = cover(picture, [Box(0, 0, 10, 10)])
    assert Image.open(io.BytesIO(made.png)).info == {}
    assert "10×10 at 0,0" in made.says()


def test_a_box_outside_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        cover(Image.new("RGB", (40, 30)), [Box(40, 0, 5, 5)])


sides = st.integers(1, 60)


@settings(max_examples=60, deadline=None)
@given(sides, sides, st.integers(-20, 80), st.integers(-20, 80), sides, sides)
def test_every_box_that_touches_the_picture_is_filled_and_nothing_else_changes(
    width: int, height: int, x: int, y: int, wide: int, tall: int
) -> None:
    picture = Image.new("RGB", (width, height), (200, 10, 10))
    box = Box(x, y, wide, tall)
    if x >= width or y >= height or x + wide <= 0 or y + tall <= 0:
        with pytest.raises(ValueError, match="outside"):
            cover(picture, [box])
        return
    copy = Image.open(io.BytesIO(cover(picture, [box]).png)).convert("RGB")
    for at in ((i, j) for i in range(width) for j in range(height)):
        inside = x <= at[0] < x + wide and y <= at[1] < y + tall
        assert (copy.getpixel(at) != (200, 10, 10)) == inside


@given(st.sampled_from((0, 90, 180, 270)), st.integers(2, 50), st.integers(2, 50), st.data())
def test_a_box_of_the_turned_picture_comes_back_to_the_same_pixels(
    turn: int, width: int, height: int, data: st.DataObject
) -> None:
    left, top = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    picture = Image.new("L", (width, height))
    picture.putpixel((left, top), 255)
    box = picture.rotate(turn, expand=True).getbbox()
    assert box is not None
    assert _back(tuple(map(float, box)), turn, width, height) == (left, top, left + 1, top + 1)  # type: ignore[arg-type]


def test_the_weights_are_those_of_the_card() -> None:
    folder = resources.files("marsad.footage")
    assert hashlib.sha256(folder.joinpath("weights/centerface.onnx").read_bytes()).hexdigest() == WEIGHTS
    assert WEIGHTS in folder.joinpath("CARD.md").read_text(encoding="utf-8")
