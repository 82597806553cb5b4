"""`marsad names`."""

from __future__ import annotations

from pathlib import Path

import click

from ._output import AS_JSON, CASE, echo, print_json, table


@click.command()
@CASE
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--approve", "decision", flag_value="accept", help="The NAMEs given may stand in public releases.")
@click.option("--refuse", "decision", flag_value="reject", help="They may not; takes an approval back.")
@click.option("--reason", help="Why; kept with the decision.")
@click.option("--person", help="Who decides; must be an editor. The system's user where not given.")
@AS_JSON
def command(
    case: Path, names: tuple[str, ...], decision: str | None, reason: str | None, person: str | None, as_json: bool
) -> None:
    """List, approve or refuse the names that a public release of CASE would show.

    Places of the gazetteer and parties of the list of armed actors are shown as they are. Any other name of a
    publisher, party or place comes from a report and may be a person's: it is withheld until an editor approves it,
    letter by letter as it is listed. Names of children, and of people harmed, are never offered here.

    \b
      marsad names CASE
      marsad names CASE --approve "Eastern Wire" "Harbour Gazette"
    """
    from ..pipeline import open_case

    if bool(names) != bool(decision):
        raise click.UsageError("Give NAMEs together with --approve or --refuse, or neither to list them.")
    with open_case(case, person=person) as opened:
        if decision:
            kept = opened.approve_names(names, decision, reason=reason)
            if as_json:
                print_json(kept)
            else:
                echo(f"{'Approved' if decision == 'accept' else 'Refused'}: {', '.join(names)}.")
            return
        waiting = opened.names_to_approve()
    if as_json:
        print_json(waiting)
    elif waiting:
        warned = "much like the name of somebody harmed"
        rows = sorted((w.what, w.name, warned if w.resembles else "") for w in waiting)
        table(("names a", "name", "look twice"), rows)
    else:
        echo("No name waits for approval.")
