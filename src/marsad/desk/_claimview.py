"""A claim as rows for the page: each field in words, beside the report's own words and why it was proposed."""

from __future__ import annotations

from dataclasses import dataclass

from ..model import Actor, Attribution, Claim, Place, Reason
from ..review import ReviewedClaim
from ._words import Words

FIELDS = ("victims", "perpetrators", "means", "places", "time", "attribution", "denied_by", "hedges")
"""In the order in which a reader asks."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One value: in our words, in the report's, and where those stand (code points; start = end where nowhere)."""

    text: str
    quote: str = ""
    start: int = 0
    end: int = 0
    notes: tuple[str, ...] = ()
    figure: str = ""
    child: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One field of a claim. `machine` is what the machine said, where a person set something else."""

    field: str
    values: tuple[Shown, ...]
    machine: tuple[Shown, ...] | None
    why: tuple[Reason, ...]


def rows(reviewed: ReviewedClaim, words: Words) -> list[Row]:
    """The fields of a claim that hold something, or held something before a person set them."""
    found = []
    for field in FIELDS:
        now, then = _values(reviewed.claim, field, words), _values(reviewed.machine, field, words)
        touched = any(path.split(".")[0] == field for path in reviewed.corrected)
        why = tuple(r for r in reviewed.machine.why if r.field.split(".")[0] == field)
        if now or (touched and then):
            found.append(Row(field, now, then if touched else None, why))
    return found


def changed(reviewed: ReviewedClaim) -> list[tuple[str, str, str]]:
    """The plain fields (act, kind, certainty) that a person set: field, the machine's code, the person's."""
    pairs = (
        (f, str(getattr(reviewed.machine, f)), str(getattr(reviewed.claim, f))) for f in ("act", "kind", "certainty")
    )
    return [p for p in pairs if p[0] in reviewed.corrected]


def quotes_at(claim: Claim) -> list[tuple[int, int]]:
    """The claim's spans inside its sentence, as offsets into the sentence's text: merged and in order."""
    found = [(claim.trigger.start, claim.trigger.end)]
    found += [(a.start, a.end) for a in (*claim.victims, *claim.perpetrators)]
    found += [(x.start, x.end) for x in claim.places] + [(x.start, x.end) for x in claim.means]
    first, last = claim.sentence.start, claim.sentence.end
    spans = sorted((a - first, b - first) for a, b in found if first <= a < b <= last)
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _values(claim: Claim, field: str, words: Words) -> tuple[Shown, ...]:
    if field in ("victims", "perpetrators"):
        return tuple(_actor(a, words, victim=field == "victims") for a in getattr(claim, field))
    if field == "means":
        return tuple(Shown(words.label(m.code), m.text, m.start, m.end) for m in claim.means)
    if field == "places":
        return tuple(_place(p, words) for p in claim.places)
    if field == "time":
        when = claim.time
        return (Shown(words.interval(when.earliest, when.latest), when.text, when.start, when.end),) if when else ()
    if field in ("attribution", "denied_by"):
        return tuple(_source(a, words) for a in getattr(claim, field))
    return tuple(Shown(words.label(h.applies_to), h.text, h.start, h.end) for h in claim.hedges)


def _actor(actor: Actor, words: Words, victim: bool) -> Shown:
    notes = []
    if actor.children:
        notes.append(words.label("children"))
    if actor.age:
        notes.append(words.age(actor.age))
    if actor.sex:
        notes.append(words.label(actor.sex))
    if victim and actor.status != "unknown":
        notes.append(words.label(actor.status))
    if not victim and actor.kind != "unknown":
        notes.append(words.label(actor.kind))
    if actor.part_of is not None:
        notes.append(words.part_of())
    if actor.count and actor.count.cumulative:
        notes.append(words.cumulative())
    figure = words.count(actor.count) if actor.count else ""
    name = actor.name or ("" if figure else actor.text)
    return Shown(name, actor.text, actor.start, actor.end, tuple(notes), figure, bool(actor.children))


def _place(place: Place, words: Words) -> Shown:
    # A whole country is said once, in the reader's language.
    whole = place.precision == "country" and place.country is not None
    parts = [] if whole else [name for name in (words.place(place), words.division(place)) if name]
    if place.country:
        parts.append(words.country(place.country))
    notes = [words.label(place.precision) if place.id or place.lat is not None else words.unresolved()]
    if place.facility:
        notes.append(words.label(place.facility))
    return Shown(words.comma().join(parts), place.text, place.start, place.end, tuple(notes))


def _source(source: Attribution, words: Words) -> Shown:
    notes = (words.label(source.kind),) + ((source.cue,) if source.cue else ())
    return Shown(source.source, source.text, source.start, source.end, notes)
