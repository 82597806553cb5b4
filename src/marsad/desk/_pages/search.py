"""Search over everything: reports, incidents and exhibits, Arabic and Latin folded, with the hits marked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ...model import Claim, Exhibit, Incident, Report
from ...store import Session, query_words
from ...text import fold_with_map
from .._desk import Desk, page_number
from .._snapshot import Snapshot
from .._words import Words
from .incidents import title

_SIZE = 25
_AROUND = 110
_WHOLE = 200_000
KINDS = ("report", "incident", "exhibit")


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found: address, title, what it is, and words around the first hit with the hits' spans."""

    kind: str
    href: str
    title: str
    about: tuple[str, ...]
    snippet: str
    marks: list[tuple[int, int]]


def show(desk: Desk, request: Request) -> Response:
    """The page of results."""
    query, kind = _asked(request)
    page = page_number(request)
    found, more = _find(desk, request, query, kind, page)
    context = {"q": query, "kind": kind, "kinds": KINDS, "found": found, "page": page, "more": more}
    return desk.render(request, "search.html", context)


def show_json(desk: Desk, request: Request) -> Response:
    """The same as JSON."""
    query, kind = _asked(request)
    found, _ = _find(desk, request, query, kind, page_number(request))
    keys = ("kind", "href", "title", "about", "snippet")
    return JSONResponse([{k: getattr(f, k) for k in keys} for f in found])


def snippet(text: str, words: list[str]) -> tuple[str, list[tuple[int, int]]]:
    """About 220 characters of `text` around the first hit of a folded word, and the hits in them (code points)."""
    folded = fold_with_map(text[:_WHOLE])
    pattern = re.compile(r"\b(?:" + "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)) + r")\w*")
    hits = [folded.original(m.start(), m.end()) for m in pattern.finditer(folded.text)]
    if not hits:
        return " ".join(text[: 2 * _AROUND].split()), []
    first = max(0, hits[0][0] - _AROUND)
    last = min(len(text), hits[0][1] + _AROUND)
    if first:
        first += len(text[first:last].split(" ", 1)[0]) + 1 if " " in text[first : hits[0][0]] else 0
    if last < len(text) and " " in text[hits[0][1] : last]:
        last = first + text[first:last].rindex(" ")
    shown = text[first:last].replace("\n", " ").replace("\t", " ")
    return shown, [(a - first, b - first) for a, b in hits if first <= a and b <= last]


def _asked(request: Request) -> tuple[str, str | None]:
    kind = request.query_params.get("kind")
    return request.query_params.get("q", "")[:300].strip(), kind if kind in KINDS else None


def _find(desk: Desk, request: Request, query: str, kind: str | None, page: int) -> tuple[list[Found], bool]:
    words = desk.words(request)
    if not query:
        return [], False
    with desk.case.store.read() as s:
        snapshot = desk.snapshots.now(s)
        hits = s.search.find(query, kinds=(kind,) if kind else (), limit=_SIZE + 1, offset=(page - 1) * _SIZE)
        folded = query_words(query)
        found = [f for h in hits[:_SIZE] if (f := _found(s, snapshot, h.kind, h.ref, folded, words))]
        if page == 1 and re.fullmatch(r"[\w-]{6,64}", query):
            by_id = [f for thing in s.find(query) if (f := _thing(s, snapshot, thing, folded, words))]
            found = [f for f in by_id if f.href not in {x.href for x in found}] + found
    return found, len(hits) > _SIZE


def _thing(
    s: Session, snapshot: Snapshot, thing: Incident | Claim | Report | Exhibit, folded: list[str], words: Words
) -> Found | None:
    if isinstance(thing, Exhibit):
        return _found(s, snapshot, "exhibit", thing.sha256, folded, words)
    if isinstance(thing, Claim):
        text, marks = snippet(thing.sentence.text, folded)
        return Found("claim", f"/claims/{thing.id}", words.label(thing.act), (thing.id,), text, marks)
    return _found(s, snapshot, "report" if isinstance(thing, Report) else "incident", thing.id, folded, words)


def _found(s: Session, snapshot: Snapshot, kind: str, ref: str, folded: list[str], words: Words) -> Found | None:
    if kind == "report" and (report := s.reports.get(ref)):
        text, marks = snippet(report.text, folded) if report.text else ("", [])
        parts = (report.publisher, words.moment(report.published), words.tongue(report.language))
        about = tuple(p for p in parts if p)
        return Found(kind, f"/reports/{ref}", words.heading(report), about, text, marks)
    if kind == "incident" and ref in snapshot.headlines:
        headline = snapshot.headlines[ref]
        name = title(headline, words)
        claims = snapshot.claims(headline.incident)
        text, marks = snippet(" … ".join(dict.fromkeys(c.sentence.text for c in claims.values())), folded)
        shown = ", ".join(filter(None, (name["what"], name["where"])))
        return Found(kind, f"/incidents/{ref}", shown, (name["when"],), text, marks)
    if kind == "exhibit" and (exhibit := s.exhibits.get(ref)):
        return Found(
            kind, f"/exhibits/{ref}", exhibit.name, (exhibit.media_type, words.size(exhibit.size)), exhibit.sha256, []
        )
    return None
