"""Where: the places that a claim's words name, and the report's own context where they name none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from marsad.model import Report

from ._draft import Draft
from ._parsed import Parsed

_FACILITY_ACTS = {"school": "attack_on_school", "hospital": "attack_on_hospital"}
_ATTACKS = frozenset({"bombardment", "ground_attack", "explosion", "destruction"})


class Whereabouts:
    """The places of one report."""

    def __init__(self, report: Report, flat: str, parsed: list[Parsed]) -> None:
        self._report = report

    def fill(self, d: Draft) -> None:
        """Add the places of a draft."""

    def facilities(self, d: Draft) -> Iterator[Draft]:
        """The draft, and beside it the attack on a school or hospital that it is where its target is one."""
        kinds = [p.facility for p in d.targets if p.facility in _FACILITY_ACTS]
        if d.act in _ATTACKS and kinds:
            act = _FACILITY_ACTS[str(kinds[0])]
            if d.act in {"bombardment", "explosion"}:
                yield d
            twin = replace(
                d,
                act=act,
                same_as=[],
                apart_from=[],
                why=list(d.why),
                means=[],
                places=[],
                hedges=[],
                attribution=[],
                denied_by=[],
            )
            twin.because("act", f"the target is a {kinds[0]}")
            yield twin
        else:
            yield d
