"""What intake applies to text before anything has offsets into it, and how invisible controls are shown."""

from __future__ import annotations

import re
import unicodedata

_REPLACEMENT = "\ufffd"
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# C0 but tab and line feed, DEL, C1, soft hyphen, zero-width space, word joiner and BOM, noncharacters: none of them is
# seen by a reader, all of them break words apart for a search. ZWNJ/ZWJ stay: Persian spelling needs them.
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u2060\ufeff\ufdd0-\ufdef\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_BIDI_NAMES = {
    0x061C: "ALM",
    0x200E: "LRM",
    0x200F: "RLM",
    0x202A: "LRE",
    0x202B: "RLE",
    0x202C: "PDF",
    0x202D: "LRO",
    0x202E: "RLO",
    0x2066: "LRI",
    0x2067: "RLI",
    0x2068: "FSI",
    0x2069: "PDI",
}
_VISIBLE: dict[int, str] = (
    {code: f"⟦{name}⟧" for code, name in _BIDI_NAMES.items()}
    | {code: chr(0x2400 + code) for code in range(0x20)}
    | {0x7F: "␡"}
    | dict.fromkeys(range(0x80, 0xA0), _REPLACEMENT)
)


def clean(s: str) -> str:
    """Text as a report may hold it: NFC, line ends as LF, no NUL, no other control, no lone surrogate.

    A surrogate pair becomes its character and a lone surrogate U+FFFD; vertical tab, form feed, NEL and Unicode's line
    and paragraph separators become LF; all other controls, soft hyphens, zero-width spaces, byte order marks and
    noncharacters are removed. Tabs, ZWNJ/ZWJ and bidirectional controls stay: Arabic and Persian use them, and what
    misleads the eye is shown by `visible_controls`, not hidden from a court. NFC is a canonical equivalence, so no
    meaning is lost; compatibility forms (ligatures, full-width digits) stay as they are. Idempotent; never raises.
    """
    if _SURROGATES.search(s):
        s = s.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        s = _SURROGATES.sub(_REPLACEMENT, s)
    s = _LINE_ENDS.sub("\n", s)
    s = _INVISIBLE.sub("", s)
    return unicodedata.normalize("NFC", s)


def visible_controls(s: str) -> str:
    """`s` for a single line of display (a log, a file name): each bidirectional control as ⟦RLO⟧ and so on, each other
    control as its Unicode picture (␀). Length changes: never use it on text that spans point into."""
    return s if s.isascii() and s.isprintable() else s.translate(_VISIBLE)
