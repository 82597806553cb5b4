"""Whether a phrase may fill a role: people for 'kill', children for 'recruit', a facility for 'occupy'."""

from __future__ import annotations

from ._coref import References
from ._parsed import Parsed, Phrase
from ._triggers import Fits

_NOT_PEOPLE = frozenset({"abstract", "event", "means", "thing", "aid", "place", "facility"})


def fitter(parsed: Parsed, refs: References | None = None) -> Fits:
    """A function (phrase, object class of acts.tsv) → bool for one sentence; without `refs`, whoever may prove to be a
    child once references are known counts as one."""

    def fits(p: Phrase, wanted: str) -> bool:
        low = p.core.lower_
        if wanted == "people":
            return p.kind not in _NOT_PEOPLE and low not in {"it", "itself", "what", "which"}
        if wanted == "person!":
            return (
                p.personal
                and low not in {"we", "us", "it"}
                and not (p.noun is not None and p.noun.kind == "organisation")
            )
        if wanted == "child!":
            return p.personal and (
                refs is None or refs.of(parsed, p).child is True or (p.noun is not None and p.noun.age == "child")
            )
        if wanted == "place":
            return p.kind not in {"abstract", "aid"} and low not in {"we", "us"}
        if wanted == "target":
            return p.kind not in {"abstract", "aid"}
        if wanted == "property":
            return (
                p.kind in {"thing", "facility", "place", "name"} and not p.personal
            ) or low in parsed.lexicon.class_forms["property"]
        if wanted == "facility":
            return p.facility is not None
        if wanted == "thing":
            return p.kind in {"thing", "facility", "means", "name", "unknown", "place"} and not p.personal
        return True

    return fits
