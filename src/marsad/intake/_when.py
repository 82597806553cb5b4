"""Dates that metadata claims, as ISO 8601; None where they are absurd or could be read in two ways."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

_EARLIEST, _LATEST = 1900, 2099
_ISO = re.compile(
    r"\s*(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:[T\s]+(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?)?\s*\Z",
    re.I,
)
_MONTH_WORD = re.compile(r"[^\W\d_]{3,}")


def iso(value: Any) -> str | None:
    """`value` (ISO or RFC 2822 text, seconds or milliseconds since 1970, or words with a month's name) as ISO 8601.

    A date stays a date; a time keeps its offset, and goes without one where none was given. Nothing is guessed: an
    order such as 03/04/2015, a year before 1900 or after 2099 gives None.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return _epoch(float(value))
    text = str(value).strip()
    if re.fullmatch(r"\d{9,13}(\.\d+)?", text):
        return _epoch(float(text))
    for parse in (_from_iso, _from_mail, _from_exif, _from_words):
        found = parse(text)
        if found is not None:
            return found if _sane(found) else None
    return None


def _epoch(seconds: float) -> str | None:
    if seconds > 1e11:
        seconds /= 1000
    if not 0 < seconds < 1e11:
        return None
    try:
        found = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    except (OverflowError, ValueError, OSError):
        return None
    return found if _sane(found) else None


def _from_iso(text: str) -> str | None:
    match = _ISO.match(text)
    if not match:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    date = f"{year}-{month}-{day}"
    if hour is None:
        return _valid(date)
    zone = (zone or "").upper()
    if zone in ("Z", "UTC", "GMT"):
        zone = "+00:00"
    elif zone:
        zone = f"{zone[:3]}:{zone[3:].lstrip(':') or '00'}"
    return _valid(f"{date}T{hour}:{minute}:{second or '00'}{zone}")


def _from_mail(text: str) -> str | None:
    if not re.search(r"\d{1,2} [A-Z][a-z]{2} \d{4} \d", text):
        return None
    try:
        return parsedate_to_datetime(text).isoformat(timespec="seconds")
    except (ValueError, TypeError, IndexError):
        return None


def _from_exif(text: str) -> str | None:
    match = re.fullmatch(r"(\d{4}):(\d\d):(\d\d)(?: (\d\d:\d\d:\d\d))?\x00*", text)
    if not match:
        return None
    date = "-".join(match.groups()[:3])
    return _valid(f"{date}T{match.group(4)}" if match.group(4) else date)


def _from_words(text: str) -> str | None:
    # Without the name of a month the order of day and month is anybody's guess.
    if len(text) > 80 or not _MONTH_WORD.search(text) or not re.search(r"\d{4}", text):
        return None
    import dateparser

    settings: Any = {"REQUIRE_PARTS": ["day", "month", "year"], "RETURN_AS_TIMEZONE_AWARE": False}
    try:
        found = dateparser.parse(text, settings=settings)
    except (ValueError, OverflowError, RecursionError):
        return None
    if found is None:
        return None
    has_time = re.search(r"\d{1,2}:\d\d", text)
    return found.isoformat(timespec="seconds") if has_time else found.date().isoformat()


def _valid(text: str) -> str | None:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return None
    return text


def _sane(text: str) -> bool:
    day = datetime.fromisoformat(text).date()
    # Not held against this machine's clock: a field laptop's may be years behind, and the date is kept as claimed.
    return _EARLIEST <= day.year <= _LATEST
