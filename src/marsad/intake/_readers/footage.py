"""Video and sound: container, streams, duration and what the recorder wrote into the file, all of it as claimed."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av

from marsad.errors import Unreadable

from .._draft import Draft, Source
from .._when import iso

_MOST_TAGS = 60
_ISO_6709 = re.compile(r"([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)")
_PLACE_TAGS = ("location", "location-eng", "com.apple.quicktime.location.ISO6709")
_TIME_TAGS = ("com.apple.quicktime.creationdate", "creation_time", "date")


def read(source: Source) -> Iterator[Draft]:
    """One report of kind 'footage' without text. A first frame is decoded, so that a broken file is found out."""
    try:
        # Only what is in this file: a playlist inside a container must not open another.
        container = av.open(source.file, mode="r", metadata_errors="replace", options={"protocol_whitelist": "pipe"})
    except (av.FFmpegError, OSError, ValueError) as problem:
        raise Unreadable(_why(problem)) from None
    with container:
        if not container.streams.video and not container.streams.audio:
            raise Unreadable("a media file without picture or sound")
        meta = _meta(container)
        if broken := _unplayable(container):
            meta["notes"] = [broken]
    draft = Draft(kind="footage", meta=meta, title=meta.get("claimed", {}).get("title"))
    yield draft


def _meta(container: Any) -> dict[str, Any]:
    video, audio = container.streams.video, container.streams.audio
    meta: dict[str, Any] = {"footage": "video" if video else "audio", "format": container.format.name}
    if container.duration:
        meta["seconds"] = round(container.duration / av.time_base, 3)
    meta["streams"] = [_stream(stream) for stream in container.streams][:20]
    tags = dict(list(container.metadata.items())[:_MOST_TAGS])
    for stream in [*video, *audio]:
        for key, value in stream.metadata.items():
            tags.setdefault(key, value)
    claimed: dict[str, Any] = {str(key)[:100]: str(value)[:1000] for key, value in tags.items()}
    for key in _TIME_TAGS:
        if taken := iso(claimed.get(key)):
            claimed["taken"] = taken
            break
    for key in _PLACE_TAGS:
        match = _ISO_6709.match(claimed.get(key, ""))
        if match and abs(float(match.group(1))) <= 90 and abs(float(match.group(2))) <= 180:
            claimed["gps"] = {"lat": float(match.group(1)), "lon": float(match.group(2))}
            break
    return {**meta, "claimed": claimed} if claimed else meta


def _stream(stream: Any) -> dict[str, Any]:
    codec = stream.codec_context
    row: dict[str, Any] = {"type": stream.type, "codec": getattr(codec, "name", None)}
    if stream.type == "video" and codec is not None:
        row.update(width=codec.width, height=codec.height, frames_per_second=_rate(stream.average_rate))
    if stream.type == "audio" and codec is not None:
        row.update(samples_per_second=codec.sample_rate, channels=codec.channels)
    return row


def _rate(value: Fraction | None) -> float | None:
    rate = float(value) if value else 0.0
    return round(rate, 3) if rate and math.isfinite(rate) else None


def _unplayable(container: Any) -> str | None:
    try:
        next(container.decode(container.streams.video[:1] or container.streams.audio[:1]), None)
    except (av.FFmpegError, OSError, ValueError) as problem:
        return f"its first frame cannot be decoded ({_words(problem)})"
    return None


def _why(problem: Exception) -> str:
    return f"a media file that is broken or cut short ({_words(problem)})"


def _words(problem: Exception) -> str:
    return " ".join(str(getattr(problem, "strerror", None) or problem).split())[:120]
