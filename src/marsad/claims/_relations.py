"""Which claims of one report are one occurrence by its own words, and which are told apart."""

from __future__ import annotations

import re
from typing import Any

from marsad.model import codes

from ._coref import References
from ._draft import Draft
from ._share import long_after

_APART = re.compile(
    r"\b(?:separately|in a separate|another|elsewhere|a second|in a different|meanwhile|earlier this|previously|"
    r"last year|in a similar|other attacks?|also|(?:days?|weeks?|months?) (?:later|earlier))\b",
    re.IGNORECASE,
)
_STRONG = re.compile(
    r"\b(?:separately|in a separate|in another|elsewhere|a second|in a different|in a similar)\b", re.IGNORECASE
)


def relate(drafts: list[Draft], refs: References) -> None:
    """Fill `same_as` and `apart_from` between the event claims of a report."""
    events = [d for d in drafts if d.kind == "event"]
    for i, later in enumerate(events):
        for earlier in reversed(events[:i]):
            if earlier.headline and not later.headline:
                continue
            verdict, rule = _compare(earlier, later, refs)
            if verdict == "same":
                _link(earlier.same_as, later.id)
                _link(later.same_as, earlier.id)
                later.because("same_as", rule)
            elif verdict == "apart":
                _link(earlier.apart_from, later.id)
                _link(later.apart_from, earlier.id)
                later.because("apart_from", rule)
    for head in events:
        first = next((d for d in events if not d.headline and d.act == head.act and not _times_differ(head, d)), None)
        if head.headline and first is not None and not _counts_differ(head, first):
            _link(head.same_as, first.id)
            _link(first.same_as, head.id)
            head.because("same_as", "headline of the report")
            if first.attribution and not head.attribution:
                head.attribution = list(first.attribution)
                head.because("attribution", "whom the report has it from")
            if first.placed and not head.placed:
                head.places = list(first.places)
                head.because("places", "where the report tells that it was")
    _settle({d.id: d for d in events})


def _compare(a: Draft, b: Draft, refs: References) -> tuple[str, str]:
    """('same' | 'apart' | '', rule) for an earlier and a later claim."""
    family = codes.ACTS[a.act].family == codes.ACTS[b.act].family
    sentence = a.parsed.sentence.index == b.parsed.sentence.index
    if sentence and a.token.i == b.token.i:
        return "same", "one trigger"
    if _times_differ(a, b):
        return "apart", "other time"
    if _places_differ(a, b):
        return "apart", "other place"
    if sentence:
        if not family and codes.ACTS[a.act].family not in {"facility", "lethal", "bodily"}:
            return "", ""
        if _STRONG.search(
            a.parsed.text[a.start - a.parsed.offset : b.start - a.parsed.offset] if a.start < b.start else ""
        ):
            return "apart", "told apart in one sentence"
        if any(long_after(t) for t in _between(a.token, b.token)):
            return "apart", "so long after or before it"
        joined = any(t.i == a.token.i for t in b.token.ancestors) or any(t.i == b.token.i for t in a.token.ancestors)
        return ("same", "one clause") if joined and (family or _violent(a, b)) else ("", "")
    if not family or (a.act != b.act and not (family and (b.reference or _shared(a, b, refs)))):
        return "", ""
    opening = b.parsed.text[: max(0, b.start - b.parsed.offset)][-160:]
    if _STRONG.search(opening) or (
        b.doers and any(c.lower_ == "another" for p in b.sufferers for c in p.head.children)
    ):
        return "apart", "told apart by its words"
    shared = _shared(a, b, refs)
    if shared and not _counts_differ(a, b):
        return "same", "the same victims"
    if _points(b) and not a.reference and b.parsed.sentence.index - a.parsed.sentence.index <= 6 and _definite(b):
        return "same", "definite reference to the act"
    if (
        a.sufferers
        and b.sufferers
        and _new_people(b, refs)
        and not b.cumulative
        and not _of_wounds(b)
        and a.total is None
        and b.total is None
        and (
            (b.time is not None and a.time is None and not _same_count(a, b))
            or (_counted(b) and _APART.search(opening))
        )
    ):
        return "apart", "other victims are introduced"
    return "", ""


def _of_wounds(b: Draft) -> bool:
    """'Another villager died of her injuries': hurt in what was told."""
    words = {t.lower_ for t in b.token.subtree}
    return b.entry.frame == "suffers" and bool(words & {"injuries", "wounds"}) and b.act == "killing"


def _shared(a: Draft, b: Draft, refs: References) -> bool:
    mine = [refs.of(a.parsed, p) for p in a.sufferers]
    for p in b.sufferers:
        if (b.parsed.sentence.index, p.head.i) not in refs.anaphoric and p.actor is None and p.kind != "human_name":
            continue
        e = refs.of(b.parsed, p)
        if any(e is m for m in mine):
            return True
    names = {v.name for v in a.victims if v.name and v.id is None and v.kind != "organisation"}
    return bool(names & {v.name for v in b.victims if v.name and v.id is None})


def _points(b: Draft) -> bool:
    """Whether the words only point to an act, if also to who did it: 'blamed the rebels for the massacre'."""
    return b.reference or (b.entry.pos == "n" and not (b.sufferers or b.targets) and b.total is None)


def _between(a: Any, b: Any) -> list[Any]:
    """The words from either of two up to where their branches meet."""
    above = {t.i for t in (a, *a.ancestors)} & {t.i for t in (b, *b.ancestors)}
    return [t for x in (a, b) for t in (x, *x.ancestors) if t.i not in above]


def _definite(b: Draft) -> bool:
    return any(
        c.dep_ in {"det", "poss"} and c.lower_ in {"the", "this", "that", "these", "those", "their", "its"}
        for c in b.token.children
    )


def _new_people(b: Draft, refs: References) -> bool:
    """Victims brought in as new: without article, with 'a', or by a number."""
    for p in b.sufferers:
        if (b.parsed.sentence.index, p.head.i) in refs.anaphoric:
            return False
        dets = {c.lower_ for c in p.head.lefts if c.dep_ in {"det", "poss"}}
        if dets & {"the", "these", "those", "this", "that"}:
            return False
    return True


def _counted(b: Draft) -> bool:
    return any(v.count is not None and v.count.text.lower() not in {"the"} for v in b.victims)


def _counts_differ(a: Draft, b: Draft) -> bool:
    ca = [v.count for v in a.victims if v.count and v.part_of is None]
    cb = [v.count for v in b.victims if v.count and v.part_of is None]
    if not ca or not cb:
        return False
    x, y = ca[0], cb[0]
    return (x.max is not None and y.min is not None and x.max < y.min) or (
        y.max is not None and x.min is not None and y.max < x.min
    )


def _same_count(a: Draft, b: Draft) -> bool:
    ca = [(v.count.min, v.count.max) for v in a.victims if v.count and v.part_of is None]
    return bool(ca) and ca == [(v.count.min, v.count.max) for v in b.victims if v.count and v.part_of is None]


def _times_differ(a: Draft, b: Draft) -> bool:
    if a.time is None or b.time is None:
        return False
    x, y = a.time, b.time
    return bool(
        (x.latest and y.earliest and x.latest < y.earliest) or (y.latest and x.earliest and y.latest < x.earliest)
    )


def _places_differ(a: Draft, b: Draft) -> bool:
    """Both name populated places, and none in common."""
    mine = {p.id for p in a.places if p.id and p.precision in {"populated_place", "point"} and _own(a, p.start)}
    theirs = {p.id for p in b.places if p.id and p.precision in {"populated_place", "point"} and _own(b, p.start)}
    return bool(mine and theirs and not mine & theirs)


def _own(d: Draft, start: int) -> bool:
    return d.parsed.sentence.start <= start < d.parsed.sentence.end


def _violent(a: Draft, b: Draft) -> bool:
    kinds = {"lethal", "facility", "bodily"}
    return codes.ACTS[a.act].family in kinds and codes.ACTS[b.act].family in kinds


def _link(ids: list[str], other: str) -> None:
    if other not in ids:
        ids.append(other)


def _settle(by_id: dict[str, Draft]) -> None:
    """Words that tell two claims apart win over words that tie them."""
    for d in by_id.values():
        d.same_as[:] = [x for x in d.same_as if x not in d.apart_from]
