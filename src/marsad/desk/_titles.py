"""How an incident is called."""

from __future__ import annotations

from ..overview import Headline
from ._words import Words


def title(headline: Headline, words: Words) -> dict[str, str]:
    """An incident's name in words: what, where and when."""
    acts = [a for a in headline.acts if a != "injury" or len(headline.acts) == 1]
    what = words.comma().join(words.label(a) for a in acts[:2])
    place = headline.place
    where = words.place(place) if place else ""
    when = words.interval(headline.earliest, headline.latest)
    return {"what": what, "where": where, "when": when, "hint": "" if where else headline.words}
