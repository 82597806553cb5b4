"""PDF: the text layer, page by page, and what the file claims of itself. A scan has no text layer and says so."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw

from marsad.errors import Unreadable
from marsad.text import clean

from .._draft import Draft, Source
from .._when import iso
from ._pdf_rtl import Glyph, is_rtl, reading_order

_MOST_PAGES = 5000
_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(Z)|([+-]\d\d)'?(\d\d)?'?)?")


def read(source: Source) -> Iterator[Draft]:
    """One document; pages are parted by a blank line, and `meta['pages']` has the offset at which each starts."""
    try:
        document = pypdfium2.PdfDocument(source.file)
    except pypdfium2.PdfiumError as problem:
        raise Unreadable(_why(str(problem))) from None
    draft = Draft(kind="document", meta=_meta(document))
    draft.title = draft.meta.get("claimed", {}).get("Title") or None
    if draft.title:
        draft.meta["title_from"] = "pdf"
    draft.author = draft.meta.get("claimed", {}).get("Author") or None
    # The file's own date is of the file, not of the words: shown as claimed, never used as the date of publication.
    texts: list[str] = []
    starts: list[int] = []
    broken = 0
    total = len(document)
    for number in range(min(total, _MOST_PAGES)):
        starts.append(sum(map(len, texts)) + 2 * len(texts))
        text = _page(document, number)
        broken += text is None
        texts.append(clean(_tidy(text or "")))
        if starts[-1] > source.limits.report_chars:
            draft.note(f"only the first {number + 1} of {total} pages were read")
            break
    draft.text = "\n\n".join(texts)
    draft.meta["pages"] = starts
    if broken:
        draft.note(f"{broken} of {total} pages could not be read")
    if not draft.text.strip():
        pages = "1 page" if total == 1 else f"{total} pages"
        raise Unreadable(f"no text layer in its {pages}: a scan needs to be transcribed first")
    yield draft


def _page(document: pypdfium2.PdfDocument, number: int) -> str | None:
    try:
        page = document[number]
        try:
            text = page.get_textpage()
            words = str(text.get_text_bounded())
            return _reordered(text) if any(map(is_rtl, words)) else words
        finally:
            page.close()
    except pypdfium2.PdfiumError:
        return None


def _reordered(text: pypdfium2.PdfTextPage) -> str:
    """The page's text with its right-to-left lines in reading order, by where each character stands."""
    lines: list[list[Glyph]] = [[]]
    for index in range(text.count_chars()):
        char = chr(pypdfium2.raw.FPDFText_GetUnicode(text, index))
        if char == "\n":
            lines.append([])
        elif char != "\r":
            left, _, right, _ = text.get_charbox(index)
            lines[-1].append(Glyph(char, left, right))
    return "\n".join(map(reading_order, lines))


def _tidy(text: str) -> str:
    """Lines of a paragraph joined again, words that were parted at a line's end put together."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # PDFium marks a soft hyphen at a line's end as U+FFFE or U+0002.
    text = re.sub("[\ufffe\x02\xad]\n?", "", text)
    lines = [line.strip() for line in text.split("\n")]
    widest = max(map(len, lines), default=0)
    out: list[str] = []
    for line, after in zip(lines, [*lines[1:], ""]):
        out.append(line)
        if not line or not after:
            out.append("\n")
        elif len(line) > 0.6 * widest and not (re.search(r"[.!?؟:]['\"”’»)]*$", line) and len(line) < 0.8 * widest):
            out.append(" ")
        else:
            out.append("\n")
    return re.sub(r"\n{3,}", "\n\n", "".join(out)).strip()


def _meta(document: pypdfium2.PdfDocument) -> dict[str, object]:
    try:
        claimed = {key: value.strip("\x00 ") for key, value in document.get_metadata_dict(skip_empty=True).items()}
    except pypdfium2.PdfiumError:
        return {}
    for key in ("CreationDate", "ModDate"):
        if key in claimed:
            claimed[key] = iso(_date(claimed[key])) or claimed[key]
    return {"claimed": claimed} if claimed else {}


def _date(text: str) -> str:
    match = _DATE.match(text)
    if not match or not match.group(3):
        return text
    year, month, day, hour, minute, second, zulu, offset, minutes = match.groups()
    zone = "+00:00" if zulu else f"{offset}:{minutes or '00'}" if offset else ""
    time = f"T{hour}:{minute or '00'}:{second or '00'}{zone}" if hour else ""
    return f"{year}-{month}-{day}{time}"


def _why(message: str) -> str:
    if "password" in message.lower():
        return "a PDF that needs a password"
    return "a PDF that is broken or cut short"
