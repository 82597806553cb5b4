"""A release: built in memory, read back by the leak check, and only then put in place, whole."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ..errors import ReleaseRefused
from ..model import codes
from ._differences import Cells, told
from ._documents import claims_json, dump, geojson, manifest, schema
from ._leaks import Secrets, leaks
from ._names import words
from ._page import Ring, pages
from ._pdf import reports
from ._profile import PROFILES, WITHHELD
from ._readme import columns_json, readme
from ._said import said_words
from ._since import Earlier, corrections, exposed, hold_back, reasons
from ._tables import corrections_csv, incidents_csv, ledger_csv, matrix_csv, sources_csv
from ._view import Material, View, listed_names, view_of


@dataclass(frozen=True, slots=True)
class Release:
    """What was released, and where."""

    folder: str
    profile: str
    incidents: int
    files: tuple[str, ...]
    notes: tuple[str, ...]


def release(
    material: Material,
    profile: str,
    folder: Path,
    *,
    version: str,
    outlines: Sequence[Ring] = (),
    previous: Path | None = None,
    pdf: bool = True,
) -> Release:
    """Write a release of the case into the new folder `folder`.

    With `pdf`, and typst installed, it holds a report to print. With `previous`, the folder of an earlier release
    under the same profile, what changed since is listed, and figures that the two would give away together are
    withheld. Raises ReleaseRefused if the folder holds anything, if `previous` is no such release, or if the leak
    check finds something that the profile forbids; then nothing is left behind.
    """
    chosen = PROFILES[profile]
    if folder.exists() and any(folder.iterdir()):
        raise ReleaseRefused(f"{folder}: is not empty. A release goes into a new folder, so that none is overwritten.")
    at = datetime.now(UTC).isoformat(timespec="seconds")
    earlier = Earlier.read(previous, chosen) if previous else None
    view = view_of(material, chosen)
    if earlier:
        view = _compared(material, view, earlier)
    files = _files(view, at, version, outlines, pdf)
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        for name, data in files.items():
            (aside / name).write_bytes(data)
        if chosen.leak_check:
            _check(aside, material, view, at, version, earlier)
        aside.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        aside.rename(folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return Release(str(folder), profile, len(view.incidents), tuple(sorted(files)), _notes(view, earlier))


def _compared(material: Material, view: View, earlier: Earlier) -> View:
    view = hold_back(view, earlier, material.small_cell)
    why: dict[str, str] = {}
    if view.profile.words != "none":
        owners = {c: i.id for i in material.incidents for c in i.claims}
        said = reasons(material.review.judgements, earlier, owners)
        why = {i: WITHHELD if view.guard.found(text) else text for i, text in said.items()}
    return replace(view, corrections=corrections(view, earlier, why), since=earlier.released_at)


def _files(view: View, at: str, version: str, outlines: Sequence[Ring], pdf: bool = False) -> dict[str, bytes]:
    texts = {
        "incidents.csv": incidents_csv(view),
        "incidents.geojson": geojson(view),
        "ledger.csv": ledger_csv(view),
        "matrix.csv": matrix_csv(view),
        "sources.csv": sources_csv(view),
        "claims.json": claims_json(view),
        "claims.schema.json": schema(),
        "columns.json": columns_json(),
    }
    if view.corrections is not None:
        texts["corrections.csv"] = corrections_csv(view)
        texts["corrections.json"] = dump({"since": view.since, "changes": [dict(c) for c in view.corrections]})
    printed = reports(view, at, version, outlines) if pdf else {}
    texts |= pages(view, at, version, outlines, tuple(printed))
    files = {name: text.encode("utf-8") for name, text in texts.items()} | printed
    files |= view.stills
    files["README.txt"] = readme(view, at, version, files).encode("utf-8")
    files["manifest.json"] = manifest(view, files, at, version).encode("utf-8")
    return files


def _check(aside: Path, material: Material, view: View, at: str, version: str, earlier: Earlier | None) -> None:
    written = {str(p.relative_to(aside)): p.read_bytes() for p in sorted(aside.rglob("*")) if p.is_file()}
    found = leaks(written, _secrets(material, view, at, version))
    if earlier and view.profile.small_cells:
        before, now = Cells.read(earlier.files["ledger.csv"]), Cells.read(written["ledger.csv"])
        together = told(before, now, material.small_cell)
        found += [f"ledger.csv, beside the earlier release: {line}" for _, line in together]
    if found:
        more = f" (and {len(found) - 12} more)" if len(found) > 12 else ""
        lines = "\n  ".join(found[:12])
        raise ReleaseRefused(f"Nothing was released: the leak check found {len(found)} things{more}.\n  {lines}")


def _secrets(material: Material, view: View, at: str, version: str) -> Secrets:
    """What must not be in the bundle, by what the profile shows."""
    empty = replace(
        view,
        name="",
        incidents=(),
        patterns=(),
        totals=(),
        matrix=(),
        sources=(),
        coarse={},
        stills={},
        corrections=() if view.corrections is not None else None,
        assumptions=view.assumptions,
    )
    bare = _files(empty, at, version, ())
    harmless = frozenset(w for data in bare.values() for w in words(data.decode("utf-8")))
    harmless |= frozenset(w for text in (*codes.words(), *said_words()) for w in words(text))
    claims = [r.claim for r in material.review.all()]
    harmless |= frozenset(w for name in listed_names(claims, view.guard) for w in words(name))
    if view.profile.words != "none":
        return Secrets(view.guard, harmless, bare, {}, (), frozenset(), ())
    internal = {c.machine.id for c in material.review.all()} | set(material.reports)
    internal |= {r.exhibit for r in material.reports.values()} | {i.id for i in material.incidents}
    shown = {(round(i.place.lat, 2), round(i.place.lon or 0, 2)) for i in view.incidents if i.place and i.place.lat}
    exact = {
        (p.lat, p.lon)
        for i in material.incidents
        for c in i.claims
        if (reviewed := material.review.claim(c)) is not None
        for p in reviewed.claim.places
        if p.lat is not None and p.lon is not None and p.precision in ("point", "populated_place")
    }
    hidden = [p for p in exact if (round(p[0], 2), round(p[1], 2)) not in shown]
    texts = [t for r in material.reports.values() for t in (r.text, r.title or "")]
    return Secrets(view.guard, harmless, bare, view.coarse, hidden, frozenset(internal), texts)


def _notes(view: View, earlier: Earlier | None) -> tuple[str, ...]:
    notes = []
    if earlier and view.corrections is not None:
        notes.append(f"{len(view.corrections)} changes since the release of {earlier.released_at} are listed.")
    if earlier and (given := exposed(view, earlier)):
        notes.append(
            f"{given} incidents that are coarse now were given exactly in the earlier release: whoever holds both can "
            "still read it. Think about withdrawing that one."
        )
    coarsened = sum(i.coarsened for i in view.incidents)
    withheld = sum(f.withheld for f in (*view.totals, *(f for i in view.incidents for f in i.figures)))
    if coarsened:
        notes.append(f"{coarsened} incidents are given without their exact place and day, to protect a child.")
    if withheld:
        notes.append(f"{withheld} small figures are withheld.")
    if view.waiting:
        notes.append(
            f"{len(view.waiting)} names of publishers, parties or places are withheld because nobody has approved them "
            "('marsad names' lists them)."
        )
    if view.guard.names:
        notes.append(f"{len(view.guard.names)} names are guarded.")
    if view.profile.leak_check:
        notes.append("The leak check read the folder back and found nothing.")
    return tuple(notes)
