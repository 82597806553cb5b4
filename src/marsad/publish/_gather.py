"""The material of a release, from the case that it is made of."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from ..ledger import Ledger, Matrix
from ..model import Report, to_json
from ..places import Gazetteer
from ..review import Review
from ..settings import Settings
from ..store import Session
from ._view import Figure, Material


def gather(s: Session, review: Review, ledger: Ledger, matrix: Matrix, settings: Settings, folder: Path) -> Material:
    """All that a release may draw on; discarded incidents are left out. `folder` is the case's, which keeps the key."""
    incidents = [i for i in s.incidents.all() if review.status(i) != "discarded"]
    reports: Mapping[str, Report] = {r.id: r for r in s.reports.all()}
    return Material(
        name=settings.name,
        incidents=incidents,
        review=review,
        reports=reports,
        figures={i.id: [Figure(c.harm, c.group, c.min, c.max) for c in ledger.figures(i.id)] for i in incidents},
        totals=[Figure(t.harm, t.group, t.min, t.max) for t in ledger.totals()],
        matrix=[to_json(c) for c in (*matrix.cells, *matrix.beside)],
        policy=ledger.policy,
        rule=ledger.rule,
        assumptions=ledger.assumptions,
        key=_key(folder / "keys" / "release.key"),
        small_cell=settings.small_cell,
        coarsen=Gazetteer.default().coarsen,
        in_arabic=Gazetteer.default().in_arabic,
        months=settings.arabic_months,
        conflict=settings.conflict,
    )


def _key(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(32))
    return path.read_bytes()
