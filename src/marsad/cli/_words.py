"""Records in words, for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Actor, Claim, Incident, Place, codes
from ._output import span


def headline(claim: Claim) -> str:
    """One line that says what a claim asserts: 'Killing: 26 or more soldiers, by Islamic State, Tadmur, late May'."""
    parts = [codes.ACTS[claim.act].label]
    if claim.kind == "pattern":
        parts[0] += " (pattern)"
    whom = ", ".join(actor_words(v) for v in claim.victims)
    by = ", ".join(p.name or p.text for p in claim.perpetrators)
    where = ", ".join(dict.fromkeys(place_words(p) for p in claim.places))
    tail = [whom, f"by {by}" if by else "", where, when_words(claim)]
    return f"{parts[0]}: " + "; ".join(filter(None, tail))


def in_words(code: str) -> str:
    """A code as it is read."""
    return code.replace("_", " ")


def actor_words(actor: Actor) -> str:
    """An actor by name or words, with the number read from them where they are not plain."""
    words = actor.name or actor.text
    number = actor.count
    if number and (number.min, number.max) != (1, 1):
        words += f" [{span(number.min, number.max)}]"
    return words


def place_words(place: Place) -> str:
    """A place by its resolved name and division, else by its words."""
    if place.name is None:
        return f"{place.text} (unresolved)"
    return place.name if place.admin1 in (None, place.name) else f"{place.name}, {place.admin1}"


def when_words(claim: Claim) -> str:
    """The claim's time as an interval, or nothing."""
    if claim.time is None:
        return ""
    return dates(claim.time.earliest, claim.time.latest) or claim.time.text


def dates(earliest: str | None, latest: str | None) -> str:
    """An interval of days in words."""
    if earliest == latest:
        return earliest or ""
    return f"{earliest or '…'} to {latest or '…'}"


def source_words(claim: Claim) -> str:
    """Who says so, outermost first; the publisher's own voice where nobody is named."""
    return " ← ".join(a.source for a in claim.attribution) or "the publisher"


def detail(claim: Claim, *, explain: bool = False) -> Iterator[str]:
    """A claim over several lines, each value with the words that it comes from."""
    yield f"{claim.id}  {headline(claim)}"
    yield f"    words      «{claim.sentence.text}»"
    yield f"    trigger    «{claim.trigger.text}» at {claim.trigger.start}"
    for label, actors in (("by", claim.perpetrators), ("to", claim.victims)):
        for actor in actors:
            yield f"    {label:<10} {actor_words(actor)}{_marks(actor)}  «{actor.text}»"
    for means in claim.means:
        yield f"    with       {means.code}  «{means.text}»"
    for place in claim.places:
        yield f"    where      {place_words(place)}  ({place.precision.replace('_', ' ')})  «{place.text}»"
    if claim.time:
        yield f"    when       {when_words(claim)}  «{claim.time.text}»"
    yield f"    says who   {source_words(claim)}"
    yield f"    how surely {claim.certainty}" + "".join(f"; «{h.text}» on {h.applies_to}" for h in claim.hedges)
    for denial in claim.denied_by:
        yield f"    denied by  {denial.source}"
    if claim.violations:
        yield f"    may be     {', '.join(claim.violations)}"
    if explain:
        for reason in claim.why:
            score = "" if reason.score is None else f"  ({reason.score:.2f})"
            yield f"    because    {reason.field}: {reason.rule}{score}"


def incident_title(incident: Incident, claims: dict[str, Claim]) -> str:
    """What, where: from the incident's claims, the commonest resolved place first."""
    told = [claims[c] for c in incident.claims if c in claims]
    acts = dict.fromkeys(codes.ACTS[c.act].label for c in told)
    places = [p.name for c in told for p in c.places if p.name]
    place = max(dict.fromkeys(places), key=places.count) if places else "place unknown"
    return f"{', '.join(acts)} — {place}"


def _marks(actor: Actor) -> str:
    marks = []
    if actor.children:
        marks.append("children")
    if actor.age:
        marks.append(f"aged {span(actor.age.min, actor.age.max)}")
    if actor.sex:
        marks.append(actor.sex)
    if actor.status != "unknown":
        marks.append(actor.status.replace("_", " "))
    if actor.part_of is not None:
        marks.append("part of the above")
    return f" ({', '.join(marks)})" if marks else ""
