"""`marsad ledger`."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ._output import AS_JSON, CASE, echo, print_json, span, table
from ._words import in_words

if TYPE_CHECKING:
    from ..ledger import Doubt
    from ..model import Claim
    from ..store import Session


@click.command()
@CASE
@click.option("--policy", help="The counting rule: range, lowest, ucdp or airwars. The case's setting where not given.")
@click.option("--explain", is_flag=True, help="Print the rule and every claim that each figure rests on.")
@AS_JSON
def command(case: Path, policy: str | None, explain: bool, as_json: bool) -> None:
    """Count the casualties of CASE as ranges [least, most], per incident and in total, under a named rule."""
    from ..pipeline import open_case

    with open_case(case) as opened:
        ledger = opened.ledger(policy)
        with opened.store.read() as s:
            claims = {c.id: c for c in s.claims.many(c for f in ledger.all_figures() for c in f.claims)}
            both_sides = {d: _sides(s, d) for d in ledger.doubts} if explain else {}
    if as_json:
        print_json(ledger)
        return
    table(
        ("harm", "group", "how many", "incidents"),
        [(f.harm.replace("_", " "), f.group, span(f.min, f.max), f.incidents) for f in ledger.totals()],
        right=(3,),
    )
    echo()
    echo(f"Rule: {ledger.policy}. {ledger.rule}")
    for assumption in ledger.assumptions:
        echo(f"  {assumption}")
    for d in ledger.doubts:
        which = ", ".join(i[:12] for i in d.incidents)
        both = f"{span(*d.as_one)} if they are, {span(*d.apart)} if each is its own."
        echo(f"  {in_words(d.harm)}: {which} may be one: {both}")
        for heading, told in zip(("for", "against"), both_sides.get(d, ())):
            for c in told:
                echo(f"    {heading:<8} {c.id[:12]}  «{c.sentence.text}»")
    if explain:
        for figure in ledger.all_figures():
            echo()
            echo(
                f"{figure.incident[:12]}  {in_words(figure.harm)}, {figure.group}: {span(figure.min, figure.max)}",
                bold=True,
            )
            echo(f"  {figure.rule}")
            for claim_id in figure.claims:
                if claim := claims.get(claim_id):
                    echo(f"  {claim_id[:12]}  «{claim.sentence.text}»")


def _sides(s: Session, doubt: Doubt) -> tuple[list[Claim], list[Claim]]:
    """The claims that speak for incidents being one, and those that speak against it."""
    from ..incidents import doubts

    incidents = [i for x in doubt.incidents if (i := s.incidents.get(x)) is not None]
    claims = {c.id: c for c in s.claims.many(c for i in incidents for c in i.claims)}
    found = [doubts(a, b, claims) for a, b in combinations(incidents, 2)]
    yes, no = (list(dict.fromkeys(c for sides in found for c in sides[n])) for n in (0, 1))
    return yes, no
