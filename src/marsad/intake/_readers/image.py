"""Pictures: format, size and what the camera or an editor wrote into the file, all of it as claimed."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

from PIL import ExifTags, Image, UnidentifiedImageError

from marsad.errors import Unreadable

from .._draft import Draft, Source
from .._when import iso

_KEPT = ("Make", "Model", "Software", "DateTime", "Artist", "Copyright", "ImageDescription", "HostComputer")
_KEPT_PHOTO = ("DateTimeOriginal", "DateTimeDigitized", "OffsetTimeOriginal", "LensModel", "UserComment")


def read(source: Source) -> Iterator[Draft]:
    """One report of kind 'footage' without text. The picture is decoded once, so that a broken one is found out."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = source.limits.pixels
    try:
        with Image.open(source.file) as picture:
            meta = _meta(picture)
            frames = int(getattr(picture, "n_frames", 1))
            picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unreadable(f"a picture of more than {source.limits.pixels // 1_000_000} million pixels") from None
    except UnidentifiedImageError:
        raise Unreadable(_unknown(source)) from None
    except (OSError, SyntaxError, ValueError, EOFError) as problem:
        raise Unreadable(f"a picture that is broken or cut short ({' '.join(str(problem).split())[:120]})") from None
    if frames > 1:
        meta["frames"] = frames
    draft = Draft(kind="footage", meta=meta)
    claimed = meta.get("claimed", {})
    draft.title = claimed.get("ImageDescription") or None
    yield draft


def _unknown(source: Source) -> str:
    source.file.seek(4)
    if source.file.read(4) == b"ftyp" and source.file.read(4) in (b"heic", b"heix", b"mif1", b"heif"):
        return "an HEIC picture, which is not read; add a JPEG copy beside it"
    return "a picture that is broken or of a format that is not known"


def warm() -> None:
    """Load the decoders."""
    Image.init()


def _meta(picture: Image.Image) -> dict[str, Any]:
    width, height = picture.size
    meta: dict[str, Any] = {"footage": "image", "format": picture.format, "width": width, "height": height}
    try:
        exif = picture.getexif()
    except (OSError, SyntaxError, ValueError, TypeError, KeyError):
        return {**meta, "notes": ["its EXIF data is broken"]}
    claimed: dict[str, Any] = {name: _plain(exif.get(getattr(ExifTags.Base, name))) for name in _KEPT}
    photo = exif.get_ifd(ExifTags.IFD.Exif)
    claimed.update({name: _plain(photo.get(getattr(ExifTags.Base, name))) for name in _KEPT_PHOTO})
    claimed = {name: value for name, value in claimed.items() if value}
    if taken := iso(claimed.get("DateTimeOriginal")) or iso(claimed.get("DateTime")):
        offset = str(claimed.get("OffsetTimeOriginal", ""))
        claimed["taken"] = taken + offset if len(offset) == 6 and "T" in taken else taken
    if place := _place(exif.get_ifd(ExifTags.IFD.GPSInfo)):
        claimed["gps"] = place
    if orientation := exif.get(ExifTags.Base.Orientation):
        meta["orientation"] = int(orientation) if isinstance(orientation, int) else None
    return {**meta, "claimed": claimed} if claimed else meta


def _place(gps: dict[int, Any]) -> dict[str, float] | None:
    try:
        lat, lon = (_degrees(gps[ExifTags.GPS.GPSLatitude]), _degrees(gps[ExifTags.GPS.GPSLongitude]))
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    lat = -lat if str(gps.get(ExifTags.GPS.GPSLatitudeRef, "N")).upper().startswith("S") else lat
    lon = -lon if str(gps.get(ExifTags.GPS.GPSLongitudeRef, "E")).upper().startswith("W") else lon
    # NaN (0/0 in the file) fails both comparisons.
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        return None
    return {"lat": round(lat, 7), "lon": round(lon, 7)}


def _degrees(parts: Any) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    return degrees + minutes / 60 + seconds / 3600


def _plain(value: Any) -> str | None:
    if isinstance(value, bytes):
        value = value.removeprefix(b"ASCII\x00\x00\x00").decode("utf-8", "replace")
    if value is None:
        return None
    return str(value).strip("\x00 ")[:1000] or None
