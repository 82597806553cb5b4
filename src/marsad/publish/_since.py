"""What changed since an earlier release, and what the two together would tell that neither tells alone."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import ReleaseRefused
from ..model import Judgement
from ..text import cell
from ._differences import Cells, Key, told
from ._profile import WITHHELD, Profile
from ._said import Said
from ._tables import incident_row
from ._view import Figure, Shown, View

COMPARED = ("acts", "earliest", "latest", "place", "division", "country", "parties", "certainty", "origins", "status")
_READ = ("incidents.csv", "ledger.csv")
_EXACT = ("earliest", "latest", "place", "division")


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier release, as anybody can read it from its folder."""

    released_at: str
    incidents: Mapping[str, Mapping[str, str]]
    files: Mapping[str, bytes]

    @classmethod
    def read(cls, folder: Path, profile: Profile) -> Earlier:
        """The release in `folder`. Raises ReleaseRefused if it is none, was altered, or has another profile."""
        try:
            manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            files = {name: (folder / name).read_bytes() for name in _READ}
            wanted = {name: manifest["files"][name]["sha256"] for name in _READ}
            made, at = manifest["profile"], manifest["released_at"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ReleaseRefused(f"{folder}: cannot be read as an earlier release ({error}).") from error
        for name, digest in wanted.items():
            if hashlib.sha256(files[name]).hexdigest() != digest:
                raise ReleaseRefused(
                    f"{folder / name}: is not the file that its manifest lists; compare with a whole one."
                )
        if made != profile.name:
            raise ReleaseRefused(f"{folder}: was made under '{made}'; compare with a release under '{profile.name}'.")
        rows = csv.DictReader(io.StringIO(files["incidents.csv"].decode("utf-8")))
        return cls(at, {r["id"]: r for r in rows}, files)


def hold_back(view: View, earlier: Earlier, k: int) -> View:
    """The view without figures that, beside the earlier release, give a small one away.

    A figure that was withheld before stays so where showing it would tell another of that release; the total goes
    where the difference of the two totals is that of a small figure.
    """
    if not view.profile.small_cells:
        return view
    before = Cells.read(earlier.files["ledger.csv"])
    for _ in range(2 * len(before.keys() | _cells(view).keys()) + 2):
        now = _cells(view)
        found = list(told(before, now, k))
        if not found:
            return view
        for key in {key for key, _ in found}:
            again = {i for i in before.hidden(key) if i in now.shown(key)}
            view = _without(view, key, again or {None})
    return view


def corrections(view: View, earlier: Earlier, reasons: Mapping[str, str]) -> tuple[Mapping[str, Any], ...]:
    """Incidents added and withdrawn, values and figures changed, for corrections.csv."""
    return tuple(row | {"reason": reasons.get(row["incident"] or "")} for row in _changes(view, earlier))


def reasons(judgements: Sequence[Judgement], earlier: Earlier, owners: Mapping[str, str]) -> dict[str, str]:
    """Incident → what people gave as reasons since the earlier release. `owners` maps claims to their incidents;
    an incident that is no more is known by its anchor claim."""
    said: dict[str, list[str]] = {}
    for judgement in judgements:
        if judgement.reason and judgement.at > earlier.released_at:
            for target in (judgement.target, *judgement.others):
                for incident in {owners.get(target, target), f"i{target}"}:
                    said.setdefault(incident, []).append(judgement.reason)
    return {incident: "; ".join(dict.fromkeys(lines)) for incident, lines in said.items()}


def exposed(view: View, earlier: Earlier) -> int:
    """How many incidents the earlier release gave exactly and this one gives coarsely."""
    was = (earlier.incidents.get(i.id) for i in view.incidents if i.coarsened)
    return sum(row is not None and row["coarsened"] == "no" for row in was)


def _changes(view: View, earlier: Earlier) -> Iterator[dict[str, Any]]:
    now = {i.id: i for i in view.incidents}
    for id in sorted(now.keys() - earlier.incidents.keys()):
        yield _row(id, "added")
    for id in sorted(earlier.incidents.keys() - now.keys()):
        yield _row(id, "withdrawn")
    for id, incident in now.items():
        if was := earlier.incidents.get(id):
            yield from _values(incident, was)
    before, after = Cells.read(earlier.files["ledger.csv"]), _cells(view)
    for key in sorted(before.keys() | after.keys()):
        for owner in [None, *(i for i in now if i in earlier.incidents)]:
            old, new = before.get(key, owner), after.get(key, owner)
            if old != new:
                yield _row(owner, "figure", " ".join(key), _figure(old), _figure(new))


def _values(incident: Shown, was: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    row = incident_row(incident)
    for name in (*COMPARED, "coarsened"):
        old, new = was.get(name, ""), cell(row[name])
        if old != new:
            # The log must not say again what is now kept back.
            hidden = incident.coarsened and was["coarsened"] == "no" and name in _EXACT
            yield _row(incident.id, "changed", name, WITHHELD if hidden else old, new)


def _row(incident: str | None, change: str, field: str = "", before: str = "", after: str = "") -> dict[str, Any]:
    return {"incident": incident, "change": change, "field": field, "before": before, "after": after}


def _figure(value: tuple[int | None, int | None, bool] | None) -> str:
    return Said("en").figure(Figure("", "", *value)) if value else "none"


def _cells(view: View) -> Cells:
    return Cells(
        {
            ((f.harm, f.group), owner): (f.min, f.max, f.withheld)
            for owner, figures in ((None, view.totals), *((i.id, i.figures) for i in view.incidents))
            for f in figures
        }
    )


def _without(view: View, key: Key, owners: set[Any]) -> View:
    def kept(figures: Sequence[Figure], owner: str | None) -> tuple[Figure, ...]:
        gone = owner in owners
        return tuple(
            replace(f, min=None, max=None, withheld=True) if gone and (f.harm, f.group) == key else f for f in figures
        )

    incidents = tuple(replace(i, figures=kept(i.figures, i.id)) for i in view.incidents)
    return replace(view, totals=kept(view.totals, None), incidents=incidents)
