"""`marsad judge`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from ..model import codes
from ._output import AS_JSON, CASE, echo, print_json


@click.command()
@CASE
@click.argument("target", metavar="ID")
@click.argument("decision", type=click.Choice(codes.DECISIONS))
@click.argument("others", nargs=-1, metavar="[OTHERS]...")
@click.option("--field", help="For correct: the field's path, such as certainty or victims.0.count.")
@click.option("--value", help="For correct: the new value, as JSON. For set_status: the status.")
@click.option("--reason", help="Why; kept with the judgement.")
@click.option("--person", help="Who judges. The system's user where not given.")
@AS_JSON
def command(
    case: Path,
    target: str,
    decision: str,
    others: tuple[str, ...],
    field: str | None,
    value: str | None,
    reason: str | None,
    person: str | None,
    as_json: bool,
) -> None:
    """Decide about the claim or incident ID of CASE. The machine's value and yours are both kept.

    \b
      marsad judge CASE CLAIM accept            (or reject, unsure)
      marsad judge CASE CLAIM correct --field victims.0.count --value '{"min": 9, "max": 9, …}'
      marsad judge CASE INCIDENT merge INCIDENT-OR-CLAIM...
      marsad judge CASE INCIDENT split CLAIM...
      marsad judge CASE INCIDENT set_status --value documented
      marsad judge CASE NUMBER undo             (the judgement's number)
    """
    from ..pipeline import open_case

    with open_case(case, person=person) as opened:
        undoes = None
        if decision == "undo":
            undoes, target = _undone(opened, target)
        else:
            target, others = _id(opened, target), tuple(_id(opened, o) for o in others)
        kept = opened.judge(
            target, decision, field=field, value=_value(decision, value), others=others, reason=reason, undoes=undoes
        )
    if as_json:
        print_json(kept)
    else:
        echo(f"Judgement {kept.seq}: {kept.person} {kept.decision.replace('_', ' ')} {kept.target_kind} {kept.target}.")


def _id(opened, prefix: str) -> str:  # type: ignore[no-untyped-def]
    return str(opened.find(prefix).id)


def _undone(opened, number: str) -> tuple[int, str]:  # type: ignore[no-untyped-def]
    if not number.isdecimal():
        raise click.UsageError("To undo, give the judgement's number in place of the id.")
    with opened.store.read() as s:
        found = s.judgements.get(int(number))
    return int(number), found.target if found else ""


def _value(decision: str, value: str | None) -> Any:
    if value is None or decision != "correct":
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value
