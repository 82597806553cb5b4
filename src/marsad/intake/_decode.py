"""Bytes to text: byte order marks, what the carrier declared, UTF-8, UTF-16, then the likeliest legacy code page."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Order breaks ties: the commonest page first.
_PAGES = ("cp1252", "cp1256", "cp1251", "cp1254", "cp1255", "cp1253", "cp1250", "iso8859-6")
_SAMPLE = 65536
_ENOUGH = 12
_VOWELS = frozenset("аеёиоуыэюяіїєαεηιουω")
# These take the places of ş, ğ and ı in the Turkish page, whose readers are many more.
_ICELANDIC = frozenset("þðýÞÐÝ")
_ALIASES = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding that it was read with, and whether that was certain, declared or guessed."""

    text: str
    encoding: str
    how: str
    replaced: int = 0
    """How many bytes sequences could not be decoded and became U+FFFD."""


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Text of `data`; never raises. `declared` is believed only when the bytes decode under it without error.

    Line ends become `\\n`, as Python's text files do, so that offsets agree with `Path.read_text`.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            # A UTF-8 mark stays in the text: dropping it would shift every offset against the file.
            text: str | None = data.decode("utf-8" if name == "utf-8-sig" else name, "replace")
            return _decoded(text or "", name, "byte order mark")
    if declared and (text := _strictly(data, declared)) is not None:
        return _decoded(text, declared, "declared")
    # Before UTF-8, under which UTF-16 of Latin letters is valid, with a zero after each.
    if (wide := _wide(data)) is not None:
        return _decoded(data.decode(wide, "replace"), wide, "guessed from its zero bytes")
    if (text := _strictly(data, "utf-8")) is not None:
        return _decoded(text, "utf-8", "valid")
    if _mostly_utf8(data):
        return _decoded(data.decode("utf-8", "replace"), "utf-8", "mostly valid")
    page = _page(data[:_SAMPLE])
    return _decoded(data.decode(page, "replace"), page, "guessed")


def newlines(text: str) -> str:
    """Universal newlines, as `Path.read_text` applies."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _decoded(text: str, encoding: str, how: str) -> Decoded:
    return Decoded(newlines(text), encoding, how, text.count("\ufffd"))


def _strictly(data: bytes, name: str) -> str | None:
    try:
        return data.decode(_ALIASES.get(name.strip().lower(), name.strip()))
    except (UnicodeError, LookupError, ValueError):
        return None


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark, told by its zero bytes and by what it decodes to: characters that are in use."""
    head = data[: 4096 & ~1]
    if len(head) < 4 or b"\x00" not in head:
        return None
    odd, even = head[1::2].count(0) / len(head[1::2]), head[0::2].count(0) / len(head[0::2])
    for name, high, low in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if high > 0.1 and low < 0.05:
            text = head.decode(name, "replace")
            strange = sum(unicodedata.category(char) in ("Cn", "Co", "Cs") or char == "\ufffd" for char in text)
            if strange <= 0.02 * len(text):
                return name
    return None


def _mostly_utf8(data: bytes) -> bool:
    """True for UTF-8 with a few broken bytes: most non-ASCII runs are whole sequences."""
    sample = data[:_SAMPLE]
    whole = len(re.findall(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}", sample))
    bad = sample.decode("utf-8", "ignore")
    lost = len(sample) - len(bad.encode("utf-8"))
    return whole > 4 * lost


def _page(sample: bytes) -> str:
    best, best_score = "cp1252", float("-inf")
    for rank, name in enumerate(_PAGES):
        score = _plausible(sample.decode(name, "replace")) - rank * 1e-6
        if score > best_score:
            best, best_score = name, score
    return best


def _plausible(text: str) -> float:
    """How much decoded text looks like words: letters of one script running together, no controls, no stray case."""
    score = 0.0
    before = " "
    letters: dict[str, list[str]] = {"cyrillic": [], "greek": []}
    for char in text:
        if ord(char) >= 128:
            score += _worth(char, before)
            if (script := _script(char)) in letters:
                letters[script].append(char)
        before = char
    for found in letters.values():
        # Hebrew read as Cyrillic or Greek has the look of words, but hardly a vowel.
        if len(found) >= _ENOUGH and sum(_plain(char) in _VOWELS for char in found) < 0.28 * len(found):
            score *= 0.5
    return score


def _worth(char: str, before: str) -> float:
    if char == "\ufffd" or unicodedata.category(char) == "Cc":
        return -4.0
    if not char.isalpha():
        # Typographic quotes and dashes stand beside spaces or letters in every page; others hardly ever do.
        return 0.2 if char in "«»“”‘’–—…،؛؟\u200c\u200d\xa0ـ" or unicodedata.combining(char) else -1.0
    script = _script(char)
    if char in _ICELANDIC:
        return -0.5
    if script == "latin" and ord(before) >= 128 and before.isalpha():
        # Accented letters stand alone among plain ones; a run of them is another script, misread.
        return 0.0
    if not before.isalpha():
        return 0.5
    if char.isupper() and before.islower():
        return -1.5
    return 1.0 if script == _script(before) else -1.0


def _plain(char: str) -> str:
    return unicodedata.normalize("NFD", char)[0].lower()


def _script(char: str) -> str:
    code = ord(char)
    if code < 0x250:
        return "latin"
    if 0x370 <= code < 0x400:
        return "greek"
    if 0x400 <= code < 0x530:
        return "cyrillic"
    if 0x590 <= code < 0x600:
        return "hebrew"
    if 0x600 <= code < 0x780:
        return "arabic"
    return "other"
