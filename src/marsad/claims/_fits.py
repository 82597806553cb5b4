"""Whether a phrase may fill a role: people for 'kill', children for 'recruit', a facility for 'occupy'."""

from __future__ import annotations

from ._coref import References
from ._parsed import Parsed, Phrase
from ._triggers import Fits

_ARMED = frozenset({"state_force", "armed_group"})
_NOT_PEOPLE = frozenset({"abstract", "event", "means", "thing", "aid", "place", "facility"})


def fitter(parsed: Parsed, refs: References | None = None) -> Fits:
    """A function (phrase, object class of acts.tsv) → bool for one sentence; 'armed' asks whether it is a force or a
    group. Without `refs`, whoever may prove to be a child, or armed, once references are known counts as one."""

    def fits(p: Phrase, wanted: str) -> bool:
        low = p.core.lower_
        if wanted == "armed":
            state = low in parsed.lexicon.countries and p.core.tag_ == "NNP"  # 'Israel strikes Lebanon'
            armed = state or p.actor is not None or (p.noun is not None and p.noun.kind in _ARMED)
            if armed or low != "it":
                return armed
            meant = refs.of(parsed, p) if refs is not None else None
            return meant is None or meant.party() is not None or meant.kind in _ARMED
        if any(c.kind == "show" for c in parsed.lexicon.cues.get(low, ())) and wanted in {"people", "person!"}:
            return False  # 'beheads hostages in video'
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
