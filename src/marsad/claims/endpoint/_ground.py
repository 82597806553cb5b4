"""Proposals onto the report: a value is kept only where its words stand in the sentence that it was read from."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from marsad.claims._actor_index import ActorIndex
from marsad.claims._coref import References
from marsad.claims._lexicon import lexicon
from marsad.claims._sources import Sources
from marsad.model import Actor, Attribution, Claim, Count, Means, Place, Reason, Report, Span, When
from marsad.places import Gazetteer, Mention
from marsad.text import find_dates, find_numbers

from ._client import Proposal


def add_proposals(
    report: Report, claims: Sequence[Claim], proposals: Iterable[Proposal], model: str
) -> tuple[Claim, ...]:
    """The claims with what the model proposed beside them, in the order of their triggers.

    Fields that the engine left empty are filled; what it filled is never changed. An act that it did not find becomes
    a claim of its own. Each such value has a reason 'llm MODEL'.
    """
    out = list(claims)
    for proposal in proposals:
        trigger = _within(report.text, proposal.trigger, proposal.sentence)
        if trigger is None:
            continue
        at = next((n for n, c in enumerate(out) if c.act == proposal.act and _meet(c.trigger, trigger)), None)
        if at is None:
            same = f"{report.id}\0{trigger.start}\0{trigger.end}\0{proposal.act}\0{model}"
            claim = Claim(
                id="c" + hashlib.sha256(same.encode("utf-8", "replace")).hexdigest()[:16],
                act=proposal.act,
                kind="event",
                trigger=trigger,
                sentence=proposal.sentence,
                report=report.id,
                why=(Reason("act", _rule(model)),),
            )
            out.append(_filled(report, claim, proposal, model))
        else:
            out[at] = _filled(report, out[at], proposal, model)
    return tuple(sorted(out, key=lambda c: c.trigger.start))


def _filled(report: Report, claim: Claim, proposal: Proposal, model: str) -> Claim:
    found = {
        name: [s for words in given if (s := _within(report.text, words, proposal.sentence, claim.trigger))]
        for name, given in proposal.words.items()
    }
    new: dict[str, object] = {}
    if not claim.perpetrators:
        new["perpetrators"] = tuple(_actor(s) for s in found["perpetrators"])
    if not claim.victims:
        new["victims"] = tuple(_victim(s) for s in found["victims"])
    if not claim.means:
        new["means"] = tuple(m for s in found["weapons"] if (m := _means(s)))
    if not claim.places:
        new["places"] = _places(found["places"], report.text)
    if claim.time is None:
        new["time"] = next((w for s in found["times"] if (w := _when(s, report))), None)
    if not claim.attribution:
        new["attribution"] = tuple(
            Attribution(s.text, "", s.start, s.end, _source_kind(s.text), s.text) for s in found["sources"]
        )
    new = {name: value for name, value in new.items() if value}
    why = (*claim.why, *(Reason(name, _rule(model)) for name in new))
    return replace(claim, **new, why=why)  # type: ignore[arg-type]


def _within(text: str, words: str, sentence: Span, near: Span | None = None) -> Span | None:
    """Where the words stand in the sentence, word for word up to white space; of several, the nearest to `near`."""
    parts = words.split()
    if not parts or len(words) > len(sentence.text):
        return None
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, parts)) + r"(?!\w)")
    spots = [m.span() for m in pattern.finditer(text, sentence.start, sentence.end)]
    if not spots:
        return None
    start, end = min(spots, key=lambda s: abs(s[0] - near.start)) if near else spots[0]
    return Span(start, end, text[start:end])


def _meet(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


def _rule(model: str) -> str:
    return f"llm {model}"


@functools.cache
def _actors() -> ActorIndex:
    return ActorIndex()


def _actor(s: Span) -> Actor:
    known = next((actor for _, _, actor in _actors().find(s.text)), None)
    if known is not None:
        return Actor(s.start, s.end, s.text, known.name, known.id, known.kind)
    noun = lexicon().person(*s.text.lower().split())
    name = s.text if noun is None and s.text[:1].isupper() else None
    return Actor(s.start, s.end, s.text, name, None, noun.kind if noun else "unknown")


def _victim(s: Span) -> Actor:
    actor = _actor(s)
    noun = lexicon().person(*s.text.lower().split())
    numbers = find_numbers(s.text)
    if numbers:
        n = numbers[0]
        actor = replace(actor, count=Count(n.min, n.max, s.text[n.start : n.end], s.start + n.start, s.start + n.end))
    if noun is not None:
        children = {"child": True, "adult": False}.get(noun.age or "")
        actor = replace(actor, status=noun.status, children=children, sex=_SEX.get(noun.sex or ""))
    return actor


_SEX = {"f": "female", "m": "male"}


def _means(s: Span) -> Means | None:
    known = lexicon().means
    words = s.text.lower().split()
    code = next((known[tail] for i in range(len(words)) if (tail := " ".join(words[i:])) in known), None)
    return Means(code, s.start, s.end, s.text) if code else None


def _places(found: Sequence[Span], text: str) -> tuple[Place, ...]:
    """The places by the gazetteer where it has the very name, else by their words alone."""
    gazetteer = Gazetteer.default()
    named = [Mention(s.start, s.end, s.text) for s in found if gazetteer.exactly(s.text)]
    known = {(p.start, p.end): replace(p, text=text[p.start : p.end]) for p in gazetteer.resolve(named, text)}
    return tuple(known.get((s.start, s.end), Place(s.start, s.end, s.text)) for s in found)


def _source_kind(words: str) -> str:
    return Sources("", lexicon(), References()).kind(words)


def _when(s: Span, report: Report) -> When | None:
    dates = [d for d in find_dates(s.text, report.published) if d.earliest]
    if not dates:
        return None
    d = dates[0]
    return When(d.earliest, d.latest, s.start + d.start, s.start + d.end, s.text[d.start : d.end])
