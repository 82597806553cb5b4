"""`marsad learn`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import __version__
from ..errors import CaseError
from ._output import AS_JSON, CASE, echo, print_json, table

if TYPE_CHECKING:
    from ..incidents import Weights
    from ..pipeline import Case

LEAST = 12
"""Judged pairs below which nothing is learned: they would teach accidents."""


@click.command()
@CASE
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--undo", is_flag=True, help="Go back to the weights before the last that were learned.")
@click.option("--pull", default=20.0, show_default=True, type=click.FloatRange(1, 10_000),
              help="How many judged pairs a weight as shipped is worth: higher keeps closer to it.")  # fmt: skip
@AS_JSON
def command(case: Path, dry_run: bool, undo: bool, pull: float, as_json: bool) -> None:
    """Fit the linker's weights to the judgements of CASE, from the shipped weights on, and link again.

    It learns from pairs that people merged or split, and from incidents with the status 'documented'. Shown are the
    weights that move, and how far the linker agrees with people before and after, also on pairs that it did not learn
    from. The weights are kept in the case with their card; --undo takes them back.
    """
    from ..incidents import Weights
    from ..pipeline import open_case

    with open_case(case) as opened:
        if undo:
            _undo(opened)
            return
        learned, card = _learned(opened, pull)
        before = Weights.shipped()
        if as_json:
            print_json({"card": card, **learned.to_json()})
        else:
            _show(before, learned, card)
        if dry_run:
            return
        with opened.store.write() as s:
            s.learned.put({"card": card, **learned.to_json()}, opened.person, str(card["at"]))
        count = opened.link()
    if not as_json:
        echo(f"Kept, and linked again: {count} incidents. To take it back: marsad learn {case} --undo")


def _learned(case: Case, pull: float) -> tuple[Weights, dict[str, object]]:
    from ..incidents import Weights, agreement, held_out, judged_pairs, learn

    with case.store.read() as s:
        review = case.review(s)
        incidents = [i for i in s.incidents.all() if review.status(i) == "documented"]
        reports = {r.id: r for r in s.reports.all() if r.kind != "dataset"}
        current = s.learned.current()
    pairs = judged_pairs(review.claims(), reports, review.judgements, [i.claims for i in incidents])
    same = sum(1 for _, s in pairs if s)
    if len(pairs) < LEAST or not 0 < same < len(pairs):
        raise CaseError(
            f"{case.folder}: {same} pairs that people hold to be one and {len(pairs) - same} that they hold to be two "
            f"are too few to learn from (at least {LEAST}, of both kinds). Merge, split, or document incidents."
        )
    shipped = Weights.shipped()
    learned = learn(pairs, start=shipped, pull=pull)
    used = Weights.from_json(current) if current else shipped
    card: dict[str, object] = {
        "what": "Weights of the pairwise comparison, in bits, fitted to this case's judgements by logistic regression "
        "that is pulled towards the shipped weights.",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "by": case.person,
        "version": __version__,
        "pull": pull,
        "pairs_held_to_be_one": same,
        "pairs_held_to_be_two": len(pairs) - same,
        "agreement_shipped": round(agreement(pairs, shipped), 4),
        "agreement_before": round(agreement(pairs, used), 4),
        "agreement_after": round(agreement(pairs, learned), 4),
        "agreement_on_pairs_not_learned_from": round(held_out(pairs, start=shipped, pull=pull), 4),
        "limits": "Pairs come from one case and from what people chose to judge; elsewhere these weights may do worse.",
    }
    return learned, card


def _show(before: Weights, after: Weights, card: dict[str, object]) -> None:
    rows = [("prior", "", before.prior, after.prior)] if before.prior != after.prior else []
    rows += [
        (f, level, bits, after.features[f][level])
        for f, levels in before.features.items()
        for level, bits in levels.items()
        if after.features[f][level] != bits
    ]
    rows.sort(key=lambda r: -abs(r[3] - r[2]))
    table(("feature", "level", "shipped", "learned"), rows, right=(2, 3))
    echo()
    one, two = card["pairs_held_to_be_one"], card["pairs_held_to_be_two"]
    echo(f"Learned from {one} pairs that people hold to be one and {two} that they hold to be two.")
    for label, key in (
        ("as shipped", "agreement_shipped"),
        ("as used until now", "agreement_before"),
        ("after", "agreement_after"),
        ("after, on pairs not learned from", "agreement_on_pairs_not_learned_from"),
    ):
        echo(f"  agreement {label:<34} {100 * float(str(card[key])):5.1f} %")


def _undo(case: Case) -> None:
    with case.store.write() as s:
        gone = s.learned.undo(datetime.now(UTC).isoformat(timespec="seconds"))
        left = s.learned.current()
    if gone is None:
        echo("Nothing was learned in this case: it links by the shipped weights.")
        return
    count = case.link()
    stands = f"those learned at {left['card']['at']} stand again" if left else "the shipped ones stand again"
    echo(f"The weights learned last are taken back; {stands}. Linked again: {count} incidents.")
