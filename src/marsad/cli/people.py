"""`marsad people`."""

from __future__ import annotations

from pathlib import Path

import click

from ..errors import CaseError
from ..model import Person, codes
from ._output import AS_JSON, CASE, echo, print_json, table


@click.command()
@CASE
@click.argument("person", required=False)
@click.option("--role", type=click.Choice(codes.ROLES), help="Add PERSON with this role, or change it.")
@click.option("--name", help="PERSON's name as shown.")
@click.option("--leave", is_flag=True, help="PERSON no longer works on the case; what they decided stays.")
@click.option("--reset", is_flag=True, help="Take away all that PERSON signs in to the desk with, and sign them out.")
@AS_JSON
def command(
    case: Path, person: str | None, role: str | None, name: str | None, leave: bool, reset: bool, as_json: bool
) -> None:
    """List the people of CASE, or add or change PERSON (an id such as 'layla').

    A reader looks; an analyst judges; an editor also sets statuses, undoes others' judgements and publishes.
    """
    from dataclasses import replace
    from datetime import UTC, datetime

    from ..pipeline import open_case

    with open_case(case) as opened, opened.store.write() as s:
        if person:
            found = s.people.get(person)
            if found is None and (role is None or reset):
                raise CaseError(f"'{person}' is not of this case. Give a --role to add them: {', '.join(codes.ROLES)}.")
            record = found or Person(person, name or person, role or "reader")
            record = replace(record, name=name or record.name, role=role or record.role, active=not leave)
            if not any(
                p.role == "editor" and p.active for p in [*(p for p in s.people.all() if p.id != person), record]
            ):
                raise CaseError("A case needs at least one active editor. Make someone else editor first.")
            s.people.put(record)
            at, by = datetime.now(UTC).isoformat(timespec="seconds"), opened.person
            if record != found:
                action = "person_changed" if found else "person_added"
                s.audit.add(at, by, action, person, role=record.role, active=record.active)
            if reset or (found and (found.role != record.role or not record.active)):
                s.logins.end_all(person, at)
            if reset:
                taken = sorted({c.kind for c in s.credentials.of(person)})
                s.credentials.remove(person)
                s.audit.add(at, by, "sign_in_reset", person, taken=taken)
        people = s.people.all()
    if as_json:
        print_json(people)
    else:
        table(("id", "name", "role", ""), [(p.id, p.name, p.role, "" if p.active else "left") for p in people])
        if not people:
            echo("Nobody yet.")
