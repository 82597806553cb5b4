"""'The claim could not be independently verified': what was told just before, or in the same sentence, is less sure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from marsad.model import Hedge

from ._data import word_set
from ._draft import Draft
from ._segment import Sentence

_DOUBT = re.compile(
    r"\b(?:(?:could|can|has|have|had|was|were|is|are)(?: not|n't)|cannot|unable to|not been able to|not able to"
    r"|impossible to)"
    r"(?: (?:be|been|yet|immediately|independently|fully|also|so far|at once|able to|possible to))*"
    r" (?:independently |immediately )?(?:verif(?:y|ied)|confirm(?:ed)?|corroborat(?:ed?)|substantiat(?:ed?))"
    r"(?: independently)?\b"
)
_SUBJECT = re.compile(
    rf"\b(?:the|this|that|these|those|his|her|its|their|both|neither|either|such|'s|all)\b[^,;]*?"
    rf"\b(?P<noun>{'|'.join(sorted(word_set('accounts'), key=len, reverse=True))})\b|^(?:it|this|that|these)\b"
)
_MORE = re.compile(r"\b(?:further|other|more|additional|any|whether|identit(?:y|ies))\b")
_REACH = 2
"""Sentences back to the claim that is meant."""


def doubt(flat: str, sentences: Sequence[Sentence], drafts: list[Draft]) -> None:
    """Hedge the claims that a report says nobody could verify: those of that sentence, else those told last before.

    A number that is so called bears on those counted, 'the date of the video' on the time, its place on the places.
    """
    lower = flat.lower()
    for m in _DOUBT.finditer(lower):
        s = next((s for s in sentences if s.start <= m.start() < s.end), None)
        if s is None:
            continue
        before, after = lower[s.start : m.start()].strip(' "'), lower[m.end() : s.end]
        said = before if "be " in m.group() or "been " in m.group() or not after.strip(" .\"'") else after.strip()
        about = _SUBJECT.search(said)
        if about is None or _MORE.search(said[: about.end()]):
            continue
        noun = about.group("noun") or ""
        fields = _fields(noun, said)
        for d in _meant(s, m.start(), drafts):
            # 'The agency could not verify that …': it does not say so.
            d.attribution = [a for a in d.attribution if not (0 <= m.start() - a.end <= 1 and d.start > m.end())]
            for field in fields:
                d.hedges.append(Hedge(m.start(), m.end(), flat[m.start() : m.end()], field))
            if "claim" in fields and d.certainty == "asserted":
                d.certainty = "hedged"
                d.because("certainty", "nobody could verify it")


def _fields(noun: str, said: str) -> list[str]:
    if noun in word_set("figures"):
        return ["victims"]
    fields = ["places"] * bool(re.search(r"\b(?:location|place|where)\b", said))
    fields += ["time"] * bool(re.search(r"\b(?:date|when)\b", said))
    return fields or ["claim"]


def _meant(s: Sentence, at: int, drafts: list[Draft]) -> list[Draft]:
    events = [d for d in drafts if d.kind != "threat" and d.act != "threat"]
    here = [d for d in events if d.parsed.sentence.index == s.index]
    if here:
        return here
    last = max((d.parsed.sentence.index for d in events if d.start < at), default=None)
    if last is None or s.index - last > _REACH:
        return []
    told = [d for d in events if d.parsed.sentence.index == last]
    near = s.paragraph - told[0].parsed.sentence.paragraph <= 1
    return told if near else []
