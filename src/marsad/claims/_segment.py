"""Report text into paragraphs and sentences with offsets, and the same text 'flattened' for the parser.

Flattening keeps the length: each character becomes one character, so offsets into the flat text are offsets into
the report. Sentences are cut by rules here, not by the parser, so that a screen can choose which ones are parsed.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from ._data import cells, rows, words_of

MAX_SENTENCE = 900
"""Longest run of characters that is parsed as one sentence; longer runs are cut at a space."""

_FLAT = {
    **{ord(c): '"' for c in "“”„‟«»"},
    **{ord(c): "'" for c in "‘’‚‛`´"},
    **{ord(c): "-" for c in "‐‑‒–—―"},
    **dict.fromkeys((*range(32), 127, *range(128, 160), 160, 8232, 8233, 8239, 8203, 65279, 12288), " "),
    **dict.fromkeys((*range(8204, 8208), *range(8234, 8239), *range(8294, 8298), 173), " "),
}
_HASHTAG = re.compile(r"(?<![\w#])#(?=[^\W\d])")
"""The sign before a word: '#Quetta' names the town."""
_END = re.compile(r"""[.!?…]+["')\]]*(?=\s|$)|[.!?]["']?(?=\(?[A-Z][a-z])""")
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n\s*")
_DATELINE = re.compile(
    r"(?:[A-Z]{2}[A-Z'. -]+(?:,[^\n!?]{0,40}?)?(?: ?\([^)\n]{2,40}\))?"
    r"|[A-Z][\w'. -]{1,30}(?:,[^\n!?]{0,40}?)? ?\([^)\n]{2,40}\)|\([A-Z][^)\n]{2,40}\)) ?--? +(?=[\w\"\[])"
)
_LEAD = re.compile(
    r"(?:[-*•·▪●►>#]+ +|\d{1,3}[.)] +(?=[A-Z\"'])|\(?[a-zA-Z][.)] +(?=[A-Z\"'])|\[text\] *"
    r"|\d{1,2}(?:[:.h]\d{2}|(?=[ap]\.?m))(?: ?(?:[ap]\.?m\.?|gmt|utc|bst|[ecmp][sd]?t|hrs|local time))?"
    r"(?: *[-:|])* +)+",
    re.IGNORECASE,
)
"""What opens a line and is no part of its sentence: a bullet, a number, the hour of an entry."""
_LISTED = re.compile(r"\s*(?:[-*•·▪●►]+ |\d{1,3}[.)] |\d{1,2}[:.h]\d{2}|[A-Z@#][\w .'/()@-]{1,40}: *\S)")
_HEAD = 4
"""A dateline opens one of so many first paragraphs."""
_INITIAL = re.compile(r"(?:^|[\s(\"'.-])[A-Za-z]$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as offsets into the report, its paragraph's number and its own."""

    index: int
    paragraph: int
    start: int
    end: int


# 'Fighters kill villagers - HRW': who says it, or who published it, behind the headline.
_TAIL = re.compile(r"(?<=\w) [-|] ((?:[A-Z][\w.'&-]* ?){1,5}|[a-z][\w-]*(?: [a-z][\w-]*){0,2})\s*\Z")


def flatten(text: str) -> str:
    """The text with quotes, dashes and white space made plain, one character for one."""
    flat = _HASHTAG.sub(" ", text.translate(_FLAT))
    return "".join("?" if "\ud800" <= c <= "\udfff" else c for c in flat) if not flat.isascii() else flat


def lowered(flat: str) -> str:
    """The lower case of a flat text, one character for one."""
    lower = flat.lower()
    return lower if len(lower) == len(flat) else "".join(c.lower() if len(c.lower()) == 1 else c for c in flat)


def sentences(text: str, flat: str | None = None) -> list[Sentence]:
    """The sentences of a report in order; white space around them belongs to none. `flat`: the text as it is read."""
    flat = flatten(text) if flat is None else flat
    out: list[Sentence] = []
    for number, (start, end) in enumerate(paragraphs(text)):
        head = dateline(flat, start, end) if number < _HEAD else None
        if head is not None:
            # Its place and day are where and when the report was filed, not where and when the act was done.
            out.append(Sentence(len(out), number, start, start + len(flat[start:head].rstrip())))
            start = head
        lead = _LEAD.match(flat, start, end)
        start = lead.end() if lead else start
        tail = _tail(flat, start, end) if number == 0 else None
        for a, b in _cut(flat, start, tail.start() if tail else end):
            out.append(Sentence(len(out), number, a, b))
        if tail:
            out.append(Sentence(len(out), number, tail.start(1), tail.end(1)))
    return out


def _tail(flat: str, start: int, end: int) -> re.Match[str] | None:
    """Who a headline says that it has it from, behind a dash: a name, or 'medics', 'war monitor'."""
    found = _TAIL.search(flat, start, end)
    if found is None or flat[found.start(1)].isupper():
        return found
    last = found.group(1).split()[-1]
    return found if last in _tellers() or last.removesuffix("s") in _tellers() else None


@functools.cache
def _tellers() -> frozenset[str]:
    return frozenset(word for _, words in rows("sources.tsv") for word in cells(words) if " " not in word)


def dateline(flat: str, start: int, end: int) -> int | None:
    """Where the dateline that opens a paragraph ends ('TADIF, Syria, April 23 (EW) - '), or None if there is none."""
    found = _DATELINE.match(flat, start, min(end, start + 110))
    return found.end() if found else None


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Paragraphs as [start, end): cut at blank lines, and at line ends where lines are not hard-wrapped."""
    blocks, last = [], 0
    for m in _PARAGRAPH.finditer(text):
        blocks.append((last, m.start()))
        last = m.end()
    blocks.append((last, len(text)))
    out: list[tuple[int, int]] = []
    for start, end in blocks:
        lines = text[start:end].split("\n")
        width = max((len(line) for line in lines), default=0)
        listed = sum(_LISTED.match(line) is not None for line in lines)
        wrapped = len(lines) > 2 and width <= 110 and 2 * listed < len(lines)
        at = begin = start
        for line in lines:
            at += len(line) + 1
            short = len(line.rstrip()) < 0.6 * width
            if not wrapped or (short and line.rstrip().endswith((".", "!", "?", '"', "”", ":"))):
                out.append((begin, min(at - 1, end)))
                begin = at
        if begin < end:
            out.append((begin, end))
    return [(a, b) for a, b in out if text[a:b].strip()]


def quotations(flat: str, start: int, end: int) -> list[tuple[int, int]]:
    """Quoted stretches of a paragraph [start, end) of the flat text; one left open runs to the paragraph's end."""
    marks = [i for i in range(start, end) if flat[i] == '"']
    if not marks:
        return []
    out = [(a, b + 1) for a, b in zip(marks[::2], marks[1::2], strict=False)]
    if len(marks) % 2:
        out.append((marks[-1], end))
    return out


def _cut(flat: str, start: int, end: int) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    begin = start
    for m in _END.finditer(flat, start, end):
        stop = m.end()
        if stop < end and not _ends(flat, begin, m, stop, end):
            continue
        _add(flat, begin, stop, out)
        begin = stop
    _add(flat, begin, end, out)
    return out


def _ends(flat: str, begin: int, m: re.Match[str], stop: int, end: int) -> bool:
    """Whether the mark at `m` ends a sentence, by what stands before and after it."""
    following = flat[stop : min(stop + 40, end)].lstrip()
    if not following:
        return True
    if flat[m.start()] != "." or m.group().startswith(".."):
        return not following[0].islower() or m.group()[-1] not in "\"')"
    word = re.split(r"[\s(\"\[]", flat[begin : m.start()])[-1].lower()
    if word in _abbreviations() or (_INITIAL.search(flat, max(begin, m.start() - 2), m.start()) and word != "i"):
        return word in {"u.s", "u.n", "a.m", "p.m", "etc", "inc", "co", "ltd"} and bool(re.match(r"[A-Z]", following))
    return not (following[0].islower() and word.isalpha() and _cased(flat))


@functools.lru_cache(maxsize=8)
def _cased(flat: str) -> bool:
    """Whether sentences of this text begin with capitals."""
    return sum(c.isupper() for c in flat[:4000]) > 0.004 * len(flat[:4000])


def _add(flat: str, start: int, end: int, out: list[tuple[int, int]]) -> None:
    while start < end and flat[start].isspace():
        start += 1
    while end > start and flat[end - 1].isspace():
        end -= 1
    while end - start > MAX_SENTENCE:
        gap = max(flat.rfind(mark, start, start + MAX_SENTENCE) for mark in ("; ", ", ", " "))
        cut = gap + 1 if gap > start else start + MAX_SENTENCE
        out.append((start, cut))
        start = cut
        while start < end and flat[start].isspace():
            start += 1
    if end > start:
        out.append((start, end))


@functools.cache
def _abbreviations() -> frozenset[str]:
    return frozenset(words_of("abbreviations.txt"))
