"""Arabic and Hebrew lines of a PDF in the order in which they are read.

A PDF places glyphs; many producers store those of a right-to-left word from left to right, and PDFium hands them on so.
Where they stand on the page tells their order.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character and where it stands: left and right edge, in points."""

    char: str
    left: float
    right: float

    @property
    def middle(self) -> float:
        """Of both edges."""
        return (self.left + self.right) / 2


def is_rtl(char: str) -> bool:
    """True for a letter that is written from right to left."""
    return unicodedata.bidirectional(char) in ("R", "AL")


def reading_order(line: list[Glyph]) -> str:
    """One line as it is read. Left-to-right lines only have the right-to-left words in them turned."""
    rtl = sum(is_rtl(glyph.char) for glyph in line)
    if not rtl:
        return "".join(glyph.char for glyph in line)
    ltr = sum(unicodedata.bidirectional(glyph.char) == "L" for glyph in line)
    if rtl >= ltr:
        return _from_right(line)
    return "".join(_turned(list(run)) if right else _plain(run) for right, run in itertools.groupby(line, _stays))


def _from_right(line: list[Glyph]) -> str:
    """Words by where they begin, letters by where they stand. Where a producer puts its spaces says nothing."""
    words = [list(run) for space, run in itertools.groupby(line, lambda glyph: glyph.char.isspace()) if not space]
    words.sort(key=lambda word: -max(glyph.right for glyph in word))
    out: list[str] = []
    for foreign, run in itertools.groupby(words, _is_foreign):
        found = [_word(word) for word in run]
        # 'Al Jazeera' stands as it is read; two numbers side by side are read from the right, each by itself.
        latin = foreign and any(unicodedata.bidirectional(char) == "L" for word in found for char in word)
        out += reversed(found) if latin else found
    return " ".join(out)


def _word(glyphs: list[Glyph]) -> str:
    # Stable: the letters of a ligature share one box and are stored as they are read.
    clusters = sorted(_clusters(glyphs), key=lambda cluster: -cluster[0].middle)
    out: list[str] = []
    for rightward, run in itertools.groupby(zip(_directions(clusters), clusters, strict=True), lambda row: row[0]):
        found = [cluster for _, cluster in run]
        if rightward:
            found.reverse()
        words = "".join(_plain(cluster) for cluster in found)
        out.append(words if rightward else words.translate(_MIRRORED))
    return "".join(out)


def _is_foreign(word: list[Glyph]) -> bool:
    kinds = [unicodedata.bidirectional(glyph.char) for glyph in word]
    return not any(is_rtl(glyph.char) for glyph in word) and any(kind in ("L", "EN", "AN") for kind in kinds)


def _turned(run: list[Glyph]) -> str:
    clusters = _clusters(run)
    ascending = sum(b[0].middle > a[0].middle for a, b in itertools.pairwise(clusters))
    if 2 * ascending > len(clusters) - 1:
        clusters.reverse()
    return "".join(_plain(cluster) for cluster in clusters)


def _clusters(line: list[Glyph]) -> list[list[Glyph]]:
    """Each letter with the marks that are stored after it."""
    out: list[list[Glyph]] = []
    for glyph in line:
        if out and unicodedata.combining(glyph.char):
            out[-1].append(glyph)
        else:
            out.append([glyph])
    return out


def _plain(run: Iterable[Glyph]) -> str:
    return "".join(glyph.char for glyph in run)


def _stays(glyph: Glyph) -> bool:
    return is_rtl(glyph.char) or bool(unicodedata.combining(glyph.char))


def _directions(clusters: list[list[Glyph]]) -> list[bool]:
    """For each cluster, whether it belongs to a run that is read from left to right: Latin words, numbers."""
    kinds = [unicodedata.bidirectional(cluster[0].char) for cluster in clusters]
    strong = [kind in ("L", "EN", "AN") for kind in kinds]
    # A point or a slash between two of them is part of the run: '3.5', '9/3/2021'.
    return [
        here or (0 < at < len(strong) - 1 and strong[at - 1] and strong[at + 1] and not is_rtl(clusters[at][0].char))
        for at, here in enumerate(strong)
    ]
