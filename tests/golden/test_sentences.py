"""Fictional sentences and what must be read from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from marsad.claims import extract
from marsad.model import Claim, Report

ROWS = json.loads((Path(__file__).parent / "sentences.json").read_text(encoding="utf-8"))["rows"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"][:60])
def test_sentence(row: dict[str, Any]) -> None:
    claims = extract(Report("r", "x", text=row["text"], published="2023-05-10"))
    for wanted in row["claims"]:
        of_act = [c for c in claims if c.act == wanted["act"]]
        assert of_act, f"no {wanted['act']} in {[c.act for c in claims]}"
        least = min((faults(wanted, c) for c in of_act), key=len)
        assert not least
    assert not {c.act for c in claims} & set(row.get("none", ()))


def faults(wanted: dict[str, Any], claim: Claim) -> list[str]:
    """What a claim lacks of what is wanted."""
    out = [k for k in ("kind", "certainty") if k in wanted and getattr(claim, k) != wanted[k]]
    for field in ("perpetrators", "attribution", "denied_by", "places", "means", "hedges"):
        for words in wanted.get(field, ()):
            values = getattr(claim, field)
            texts = [str(t) for v in values for t in (v.text, *(getattr(v, a, "") for a in ("name", "source", "code")))]
            if not any(words.lower() in t.lower() for t in texts):
                out.append(f"{field}: {words} not in {texts}")
    out += _order(wanted.get("attribution", ()), [f"{a.source} {a.text}" for a in claim.attribution])
    out += [f"{field} not empty" for field in wanted.get("empty", ()) if getattr(claim, field)]
    for field, words in wanted.get("without", {}).items():
        codes = {getattr(v, "code", v.text) for v in getattr(claim, field)}
        out += [f"{field}: {word}" for word in words if word in codes]
    lost = [v for v in wanted.get("victims", ()) if not any(_is(v, found) for found in claim.victims)]
    out += [f"victim {v} not in {claim.victims}" for v in lost]
    if "parts" in wanted and wanted["parts"] != sum(v.part_of is not None for v in claim.victims):
        out.append(f"parts of {claim.victims}")
    if wanted.get("alone") and len(claim.victims) != len(wanted["victims"]):
        out.append(f"more victims: {claim.victims}")
    if "time" in wanted and (claim.time is None or [claim.time.earliest, claim.time.latest] != wanted["time"]):
        out.append(f"time {claim.time}")
    out += [f"violation {code}" for code in wanted.get("violations", ()) if code not in claim.violations]
    if "hedged_field" in wanted and wanted["hedged_field"] not in {h.applies_to for h in claim.hedges}:
        out.append("hedge's field")
    if "attribution_kind" in wanted and wanted["attribution_kind"] not in {a.kind for a in claim.attribution}:
        out.append("kind of source")
    return out


def _order(wanted: list[str], sources: list[str]) -> list[str]:
    """A fault where sources that were found do not stand in the order wanted, outermost first."""
    at = [next((i for i, s in enumerate(sources) if w.lower() in s.lower()), -1) for w in wanted]
    return [] if -1 in at or at == sorted(at) else [f"order of {sources}"]


def _is(wanted: dict[str, Any], v: Any) -> bool:
    if wanted["text"].lower() not in v.text.lower():
        return False
    if "min" in wanted and (v.count is None or v.count.min != wanted["min"]):
        return False
    if "max" in wanted and (v.count is None or v.count.max != wanted["max"]):
        return False
    if "cumulative" in wanted and not (v.count and v.count.cumulative == wanted["cumulative"]):
        return False
    if "withdrawn" in wanted and not (v.count and v.count.withdrawn == wanted["withdrawn"]):
        return False
    return all(getattr(v, k) == wanted[k] for k in ("children", "part_of", "name") if k in wanted)
