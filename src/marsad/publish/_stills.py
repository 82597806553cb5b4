"""Pictures of a release: covered copies that a person signed off, and what the leak check asks of each."""

from __future__ import annotations

import hashlib
import hmac
import io
import re
import struct
from collections.abc import Iterator, Mapping

from PIL import Image

from ..footage import NoDetector, find_faces

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PLAIN = frozenset((b"IHDR", b"PLTE", b"IDAT", b"IEND"))
"""Chunks of a PNG that hold pixels and nothing else."""
_NAME = re.compile(r"still-[0-9a-f]{12}\.png")
_SURE = 0.5
"""A face that the detector is so sure of after covering was not covered."""


def named(stills: Mapping[str, bytes], key: bytes) -> dict[str, bytes]:
    """The files of a release: names made from the case's secret, so that they stay the same and lead nowhere."""
    made = {f"still-{hmac.new(key, sha.encode(), hashlib.sha256).hexdigest()[:12]}.png": d for sha, d in stills.items()}
    return dict(sorted(made.items()))


def is_still(name: str) -> bool:
    """Whether a file of a release is one of its pictures, by its name."""
    return bool(_NAME.fullmatch(name))


def faults(name: str, data: bytes) -> Iterator[str]:
    """What is wrong with a finished picture: more than pixels in the file, or a face that can still be seen."""
    chunks = _chunks(data)
    if chunks is None or chunks - _PLAIN:
        yield f"{name}: holds more than pixels"
        return
    with Image.open(io.BytesIO(data)) as picture:
        image = picture.convert("RGB")
    try:
        seen = find_faces(image, least=_SURE)
    except NoDetector:
        return
    for face in seen:
        yield f"{name}: shows what looks like a face ({face.width}×{face.height} at {face.x},{face.y})"


def _chunks(data: bytes) -> frozenset[bytes] | None:
    """The kinds of chunk of a PNG; None where the file is no PNG from its first byte to its last."""
    if not data.startswith(_SIGNATURE):
        return None
    at, kinds = len(_SIGNATURE), []
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kinds.append(data[at + 4 : at + 8])
        at += 12 + length
    return frozenset(kinds) if at == len(data) and kinds and kinds[-1] == b"IEND" else None
