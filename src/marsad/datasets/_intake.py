"""A table of another body into a case: its bytes to the vault, a report for each row; and out again as entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from marsad.errors import IntakeRefused
from marsad.intake import decode
from marsad.store import Session, Store
from marsad.vault import Vault

from ._records import record, report_of
from ._table import Entry, Problem, entry, kinds, read_table, spec

_TOGETHER = 200
"""Rows kept in one transaction: what is cut off goes on from there."""
_MOST_BYTES = 2**30


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What taking a table in gave."""

    exhibit: str
    added: int
    already: int
    """Rows that an earlier run, or an earlier copy of the file, had taken in."""
    problems: tuple[Problem, ...]


def take_in(
    kind: str, path: Path, vault: Vault, store: Store, progress: Callable[[int, int], None] | None = None
) -> TakenIn:
    """Preserve the CSV file at `path` and keep a report of kind 'dataset' for each of its rows.

    It can be cut off and run again: rows that are there are left alone. `progress` is called with (rows done, rows).
    Raises MarsadError where the file cannot be read or is no such table; bad rows are reported and the rest goes on.
    """
    label = spec(kind).label
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise IntakeRefused(f"{path}: larger than {_MOST_BYTES >> 20} MiB; take in the part for your countries.")
        data = path.read_bytes()
    except OSError as error:
        raise IntakeRefused(f"{path}: cannot be read ({error.strerror}).") from error
    text = decode(data).text
    # A header that is of no such table is refused before anything is kept.
    found = list(read_table(kind, text, name=str(path)))
    entries = [e for e in found if isinstance(e, Entry)]
    kept = vault.deposit(data, name=path.name, source=str(path), method=f"import of a table ({label})")
    sha256 = kept.exhibit.sha256
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with store.write() as s:
        # Its rows are read here; intake would read it once more, as any table.
        s.reports.finish_reading([sha256], now)
        there = {r.meta.get("entry") for r in s.reports.of(sha256)}
    added = 0
    waiting = [e for e in entries if e.id not in there]
    for at in range(0, len(waiting), _TOGETHER):
        with store.write() as s:
            for e in waiting[at : at + _TOGETHER]:
                report = report_of(kind, e, sha256)
                if s.reports.add(report, now):
                    s.search.put_report(report)
                    added += 1
        if progress:
            progress(len(entries) - len(waiting) + added, len(entries))
    problems = tuple(p for p in found if isinstance(p, Problem))
    return TakenIn(sha256, added, len(entries) - added, problems)


def held(s: Session, kind: str) -> list[Entry]:
    """The entries of that kind which the case holds; of an id that several files give, the one taken in last."""
    rows: dict[str, Entry] = {}
    for report in s.reports.all():
        if report.kind == "dataset" and report.meta.get("dataset") == kind:
            found, _ = record(report)
            rows[found.id] = found
    return list(rows.values())


def kinds_held(s: Session) -> list[str]:
    """The kinds of table of which the case holds rows."""
    there = {str(r.meta.get("dataset")) for r in s.reports.all() if r.kind == "dataset"}
    return [k for k in kinds() if k in there]


def ours(kind: str, rows: Iterable[Mapping[str, object]]) -> list[Entry]:
    """Rows of `marsad.ledger.export(spec(kind).export, …)` as entries."""
    return [entry(kind, row) for row in rows]
