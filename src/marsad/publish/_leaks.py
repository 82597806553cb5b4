"""The leak check: reads the finished bundle back as an attacker would, and names what should not be there.

It shares no code with what writes the bundle but the list of guarded names. It looks for names in any spelling and
script; for exact days and places in the record of a coarsened incident; for coordinates finer than the profile gives;
for the case's own ids and digests; for words of the reports; and for files of a kind that a release does not hold.
"""

from __future__ import annotations

import csv
import functools
import html
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

from babel.dates import get_month_names

from ._names import Guard, words
from ._stills import faults, is_still

ALLOWED = frozenset(
    {
        "incidents.csv",
        "incidents.geojson",
        "ledger.csv",
        "matrix.csv",
        "sources.csv",
        "claims.json",
        "claims.schema.json",
        "columns.json",
        "report-en.pdf",
        "report-ar.pdf",
        "corrections.csv",
        "corrections.json",
        "README.txt",
        "index.html",
        "index-ar.html",
        "manifest.json",
    }
)
_TAG = re.compile(r"<[^>]*>")
_NUMBER = re.compile(r"(?<![\w.-])-?\d{1,3}\.\d+")
_TOKEN = re.compile(r"[\w-]+")
_PARTS = re.compile(r"[^\W\d_]+|-?\d+|[_-]")
_RELEASED = re.compile(r"i-[0-9a-f]{12}")
_ROW = 400
"""No row of a report's table has more letters; after the last row other things follow."""
_DAY = re.compile(r"\d{4}-(\d\d)-(\d\d)")
_RUN = 8
"""A run of so many words of a report is taken for its text."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a bundle must not hold."""

    guard: Guard
    harmless: frozenset[str]
    """Folded words that a release of an empty case holds, and of places and parties from lists: no leak by
    themselves, only as a whole name."""
    empty: Mapping[str, bytes]
    """The release of an empty case: whatever is in it is no leak."""
    beside: Mapping[str, Sequence[str]]
    """Released id → days and place names that must not stand in the same record."""
    points: Sequence[tuple[float, float]]
    """Coordinates (lat, lon) of the places that were coarsened away."""
    ids: frozenset[str]
    """The case's own ids and digests."""
    texts: Sequence[str]
    """Reports whose words must not be in it."""


def leaks(files: Mapping[str, bytes], secrets: Secrets) -> list[str]:
    """What the bundle gives away, one line each; empty when nothing was found."""
    stills = {name: data for name, data in sorted(files.items()) if is_still(name)}
    found = [f"{name}: a release does not hold such a file" for name in sorted(files.keys() - ALLOWED - stills.keys())]
    found += [line for name, data in stills.items() for line in faults(name, data)]
    runs = _runs(secrets.texts)
    for name, data in sorted((name, data) for name, data in files.items() if name not in stills):
        try:
            raw = _pdf_text(data) if name.endswith(".pdf") else data.decode("utf-8")
        except (UnicodeDecodeError, ValueError) as error:
            found.append(f"{name}: cannot be read, so it cannot be checked ({error})")
            continue
        for form in dict.fromkeys(_forms(name, raw)):
            names = secrets.guard.found(form, allowed=secrets.harmless, near=False)
            names = [n for n in names if n not in _known(secrets)] if names else []
            found += [f"{name}: holds the guarded name «{n}»" for n in names]
            there = words(form)
            found += [f"{name}: holds the id {i[:16]}… of the case" for i in secrets.ids.intersection(there)]
            if any(tuple(there[i : i + _RUN]) in runs for i in range(len(there) - _RUN + 1)):
                found.append(f"{name}: holds {_RUN} words in a row of a report")
        found += [f"{name}: {line}" for line in _points(raw, secrets.points)]
        if name != "claims.schema.json":
            found += [f"{name}: {line}" for line in _records_with(name, raw, secrets.beside)]
    return list(dict.fromkeys(found))


def _pdf_text(data: bytes) -> str:
    """All that a PDF says: metadata, pages, attachments' names. Raises ValueError if it cannot be read."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(data) as document:
            said = [str(v) for v in document.get_metadata_dict().values()]
            said += [document.get_attachment(n).get_name() for n in range(document.count_attachments())]
            for page in document:
                said.append(page.get_textpage().get_text_range())
    except pypdfium2.PdfiumError as error:
        raise ValueError(str(error)) from error
    return unicodedata.normalize("NFKC", "\n".join(said))


def _turned(token: re.Match[str]) -> str:
    """A token with its runs of letters and of digits the other way round, as they come out of a right-to-left page."""
    return "".join(reversed(_PARTS.findall(token.group())))


def _known(secrets: Secrets) -> set[str]:
    """The names that stand in the release of an empty case, as 'United Nations' does."""
    return {
        hit
        for name, data in secrets.empty.items()
        for form in _forms(name, data.decode("utf-8"))
        for hit in secrets.guard.found(form, allowed=secrets.harmless, near=False)
    }


def _forms(name: str, raw: str) -> Iterator[str]:
    """The text as stored, and as a reader, a parser or a browser would see it."""
    yield raw
    yield unquote(unquote(html.unescape(raw)))
    if name.endswith(".html"):
        yield html.unescape(_TAG.sub(" ", raw))
        yield html.unescape(_TAG.sub("", raw))
    if name.endswith(".pdf"):
        yield _TOKEN.sub(_turned, raw)
    if name.endswith(("json", ".geojson")):
        yield " ".join(_strings(json.loads(raw)))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
    else:
        yield value if isinstance(value, str) else json.dumps(value)


def _points(raw: str, points: Sequence[tuple[float, float]]) -> Iterator[str]:
    numbers = [float(n) for n in _NUMBER.findall(raw)]
    pairs = {(round(a, 2), round(b, 2)) for a, b in pairwise(numbers)}
    for lat, lon in points:
        key = (round(lat, 2), round(lon, 2))
        if key in pairs or key[::-1] in pairs:
            yield f"holds the exact place {key[0]}, {key[1]} of a coarsened incident"


def _records_with(name: str, raw: str, beside: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for record_id, record in _records(name, raw):
        for secret in beside.get(record_id, ()):
            if any(re.search(rf"(?<!\w){form}(?!\w)", record, re.IGNORECASE) for form in _as_written(secret)):
                yield f"the record of {record_id} holds «{secret}»"


@functools.lru_cache(maxsize=4096)
def _as_written(secret: str) -> tuple[str, ...]:
    """Patterns of a secret; a day also by its month, in any order: what is set right to left comes out turned."""
    found = _DAY.fullmatch(secret)
    if not found:
        return (re.escape(secret),)
    month, day = int(found.group(1)), rf"0?{int(found.group(2))}"
    names = "|".join(sorted({re.escape(n) for names in _months() if (n := names[month])}))
    return re.escape(secret), rf"{day}\W{{1,3}}(?:{names})", rf"(?:{names})\W{{1,3}}{day}"


@functools.cache
def _months() -> tuple[Mapping[int, str], ...]:
    return tuple(get_month_names("wide", locale=locale) for locale in ("en", "ar", "ar_SY", "ar_DZ"))


def _records(name: str, raw: str) -> Iterator[tuple[str, str]]:
    """(released id, everything said beside it) for each record of a file."""
    if name.endswith(".csv"):
        for row in csv.DictReader(io.StringIO(raw)):
            for key in ("id", "incident"):
                if row.get(key):
                    yield row[key], " | ".join(str(v) for v in row.values())
    elif name.endswith(("json", ".geojson")):
        yield from _json_records(json.loads(raw))
    elif name.endswith(".pdf"):
        yield from _pdf_rows(raw)
    elif name.endswith(".html"):
        for part in re.split(r"(?=data-incident=)", raw)[1:]:
            found = re.match(r'data-incident="([^"]+)"', part)
            if found:
                yield found.group(1), html.unescape(_TAG.sub(" ", "<" + part.split("</article>")[0]))


def _pdf_rows(raw: str) -> Iterator[tuple[str, str]]:
    """(released id, its row: the lines from that of the id up to that of the next); the id may stand turned round."""
    found = [
        (raw.rfind("\n", 0, token.start()) + 1, id)
        for token in _TOKEN.finditer(raw)
        for id in {token.group(), _turned(token)}
        if _RELEASED.fullmatch(id)
    ]
    for n, (at, id) in enumerate(found):
        after = found[n + 1][0] if n + 1 < len(found) else len(raw)
        yield id, raw[at : min(after, at + _ROW)]


def _json_records(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if isinstance(value.get("id"), str):
            yield value["id"], " | ".join(_strings(value))
        for inner in value.values():
            yield from _json_records(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _json_records(inner)


def _runs(texts: Sequence[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(w[i : i + _RUN]) for w in map(words, texts) for i in range(len(w) - _RUN + 1))
