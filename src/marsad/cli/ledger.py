"""`marsad ledger`."""

from pathlib import Path

import click

from ._output import AS_JSON, CASE, echo, print_json, span, table


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
    if as_json:
        print_json(ledger)
        return
    table(
        ("harm", "group", "how many", "incidents"),
        [(f.harm, f.group, span(f.min, f.max), f.incidents) for f in ledger.totals()],
        right=(3,),
    )
    echo()
    echo(f"Rule: {ledger.policy}. {ledger.rule}")
    for assumption in ledger.assumptions:
        echo(f"  {assumption}")
    if explain:
        for figure in ledger.all_figures():
            echo()
            echo(f"{figure.incident[:12]}  {figure.harm}, {figure.group}: {span(figure.min, figure.max)}", bold=True)
            echo(f"  {figure.rule}")
            for claim_id in figure.claims:
                if claim := claims.get(claim_id):
                    echo(f"  {claim_id[:12]}  «{claim.sentence.text}»")
