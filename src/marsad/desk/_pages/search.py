"""Search over everything: reports, incidents and exhibits, Arabic and Latin folded, with the hits marked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from ...model import Claim, Exhibit, Incident, Report
from ...overview import headlines_of
from ...store import MOST_FOUND, Hit, Session, query_words
from ...text import fold, fold_with_map
from .._desk import Desk, page_number
from .._narrowing import Choice, asked
from .._titles import title
from .._words import Words
from .views import views_of

_SIZE = 25
_AROUND = 110
_WHOLE = 200_000
_PIECE = re.compile(r"[\s\S]{1,240}(?:\s|$)|[\s\S]{1,240}")
"""Texts are folded piece by piece, and no farther than the first hit."""
_SENTENCES = (6, 60)
"""Claims of an incident whose sentences are read for the words asked; more, where the first have none of them."""
_VALUES = 8
FACETS = ("act", "party", "place", "period", "grade", "status", "language")
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


@dataclass(frozen=True, slots=True)
class Results:
    """One page of what was found, how much there is, and its labels."""

    shown: list[Found]
    count: int
    facets: list[Choice]


def show(desk: Desk, request: Request) -> Response:
    """The page of results, with how many of them have each label."""
    query, page = request.query_params.get("q", "")[:300].strip(), page_number(request)
    chosen = asked(request, ("kind", *FACETS))
    with desk.case.look() as s:
        results = _find(s, query, chosen, page, desk.words(request))
        views = views_of(s, request)
    context = {
        "q": query,
        "kinds": KINDS,
        "chosen": chosen,
        "found": results.shown,
        "count": results.count,
        "most": MOST_FOUND,
        "facets": results.facets,
        "page": page,
        "more": results.count > page * _SIZE,
        "views": views,
    }
    return desk.render(request, "search.html", context)


def snippet(text: str, words: list[str]) -> tuple[str, list[tuple[int, int]]]:
    """About 220 characters of `text` around the first hit of a folded word, and the hits in them (code points)."""
    pattern = re.compile(r"\b(?:" + "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)) + r")\w*")
    hits: list[tuple[int, int]] = []
    for piece in _PIECE.finditer(text, 0, _WHOLE):
        if hits and piece.start() > hits[0][1] + _AROUND:
            break
        if pattern.search(fold(piece[0])):
            folded, at = fold_with_map(piece[0]), piece.start()
            found = (folded.original(m.start(), m.end()) for m in pattern.finditer(folded.text))
            hits += [(at + a, at + b) for a, b in found]
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


def hits_of(s: Session, query: str, chosen: Mapping[str, str], most: int = MOST_FOUND) -> list[Hit]:
    """What holds every word of `query` and every label in `chosen`, best first; at most `most` of a kind.

    Of `chosen`, 'kind' is one of KINDS; with other labels, the kinds come one after the other.
    """
    kind = chosen.get("kind", "")
    labels = [(k, v) for k, v in chosen.items() if k != "kind"]
    kinds = [kind] if kind in KINDS else list(KINDS)
    if not labels:
        return s.search.find(query, kinds=kinds, limit=most)
    hits: list[Hit] = []
    for one in kinds:
        if (narrowed := s.marks.narrowed(one, labels)) is not None:
            hits += s.search.find(query, kinds=(one,), limit=most, narrowed=narrowed)
    return hits


def _find(s: Session, query: str, chosen: dict[str, str], page: int, words: Words) -> Results:
    hits = hits_of(s, query, chosen)
    first = (page - 1) * _SIZE
    folded = query_words(query)
    shown = _shown(s, hits[first : first + _SIZE], folded, words)
    if page == 1 and not chosen.keys() - {"kind"} and re.fullmatch(r"[\w-]{6,64}", query):
        by_id = [f for thing in s.find(query) if (f := _thing(s, thing, folded, words))]
        shown = [f for f in by_id if f.href not in {x.href for x in shown}] + shown
    return Results(shown, len(hits), _facets(s, hits, chosen))


def _facets(s: Session, hits: Sequence[Hit], chosen: dict[str, str]) -> list[Choice]:
    """How many of the hits have each label: of every kind the commonest, and what is chosen."""
    counts: dict[str, Counter[str]] = {k: Counter() for k in FACETS}
    for (kind, value), n in s.marks.among([h.row for h in hits], kinds=FACETS).items():
        counts[kind][value] += n
    kinds = Counter(h.kind for h in hits)
    found = [Choice("kind", tuple(kinds.most_common()), chosen.get("kind", ""))] if len(kinds) > 1 else []
    for kind, values in counts.items():
        now = chosen.get(kind, "")
        top = sorted(values.items(), key=(lambda x: x[0]) if kind == "period" else (lambda x: (-x[1], x[0])))
        best = {v for v, _ in values.most_common(_VALUES)} | {now}
        if shown := tuple(x for x in top if x[0] in best):
            found.append(Choice(kind, shown, now))
    return found


def _shown(s: Session, hits: Sequence[Hit], folded: list[str], words: Words) -> list[Found]:
    found = _incidents(s, [h.ref for h in hits if h.kind == "incident"], folded, words)
    found |= {r.id: _found(r, folded, words) for r in s.reports.many(h.ref for h in hits if h.kind == "report")}
    exhibits = (s.exhibits.get(h.ref) for h in hits if h.kind == "exhibit")
    found |= {e.sha256: _found(e, folded, words) for e in exhibits if e}
    return [found[h.ref] for h in hits if h.ref in found]


def _thing(s: Session, thing: Report | Incident | Claim | Exhibit, folded: list[str], words: Words) -> Found | None:
    if isinstance(thing, Incident):
        return _incidents(s, [thing.id], folded, words).get(thing.id)
    return _found(thing, folded, words)


def _incidents(s: Session, ids: Sequence[str], folded: list[str], words: Words) -> dict[str, Found]:
    """Incident id → what is shown of it: the sentences of its claims round the first that holds a word."""
    heads = headlines_of(s, ids)
    shown = {i: ("", list[tuple[int, int]]()) for i in heads}
    for most in _SENTENCES:
        lacking = [i for i, (_, marks) in shown.items() if not marks]
        for i, told in s.incidents.sentences(lacking, most).items():
            shown[i] = snippet(" … ".join(told), folded)
    found = {}
    for i, head in heads.items():
        name = title(head, words)
        what = ", ".join(filter(None, (name["what"], name["where"])))
        found[i] = Found("incident", f"/incidents/{i}", what, (name["when"],), *shown[i])
    return found


def _found(thing: Report | Claim | Exhibit, folded: list[str], words: Words) -> Found:
    if isinstance(thing, Exhibit):
        about = (thing.media_type, words.size(thing.size))
        return Found("exhibit", f"/exhibits/{thing.sha256}", thing.name, about, thing.sha256, [])
    if isinstance(thing, Claim):
        text, marks = snippet(thing.sentence.text, folded)
        return Found("claim", f"/claims/{thing.id}", words.label(thing.act), (thing.id,), text, marks)
    text, marks = snippet(thing.text, folded) if thing.text else ("", [])
    parts = (thing.publisher, words.moment(thing.published), words.tongue(thing.language))
    return Found("report", f"/reports/{thing.id}", words.heading(thing), tuple(filter(None, parts)), text, marks)
