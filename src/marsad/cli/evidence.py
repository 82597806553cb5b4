"""`marsad evidence`: packages, keys, timestamps, witnesses, encryption, holds, erasure."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ..errors import CaseError
from ..model import Exhibit, Report
from ._output import CASE, echo, progress_bar

FILE = click.Path(path_type=Path, dir_okay=False)
PERSON = click.option("--person", help="Who does it, for the chain of custody. The system's user where not given.")


@click.group()
def command() -> None:
    """Hand evidence over so that others can check it; encrypt it; hold it, or erase it, by law."""


@command.command()
@CASE
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--purpose", required=True, help="For whom and why; becomes part of the chain of custody.")
@click.option("--exhibit", "exhibits", multiple=True, help="Only this exhibit (or report); may be given again.")
@PERSON
def export(case: Path, target: Path, purpose: str, exhibits: tuple[str, ...], person: str | None) -> None:
    """Write the evidence of CASE into TARGET, a new folder or .zip, with its custody, proofs and a custody report.

    Anyone can check the package offline with tools/marsad_verify.py and the public key (marsad evidence key CASE).
    """
    from ..pipeline import open_case

    with open_case(case, person=person) as opened, progress_bar() as progress:
        chosen = [_exhibit(opened, e) for e in exhibits] or None
        written = opened.vault.export(
            target, purpose=purpose, exhibits=chosen, progress=lambda done, total: progress("packing", done, total)
        )
        key = opened.vault.log.verifiers()[0]
    echo(f"Wrote {written}. To check it: python marsad_verify.py {written} --key '{key}'")


@command.command()
@CASE
def key(case: Path) -> None:
    """Print the public key of CASE's log. Give it to those who will check, in another way than the package."""
    from ..pipeline import open_case

    with open_case(case) as opened:
        echo(str(opened.vault.log.verifiers()[0]))


@command.command()
@CASE
@click.argument("authority")
@click.option("--root", type=FILE, required=True, help="PEM file with the authority's root certificate.")
@PERSON
def timestamp(case: Path, authority: str, root: Path, person: str | None) -> None:
    """Have the log of CASE timestamped (RFC 3161) by the AUTHORITY at an http(s) address. Only a hash is sent."""
    from ..pipeline import open_case
    from ..vault import authority_at

    with open_case(case, person=person) as opened:
        at = opened.vault.timestamp(authority_at(authority), _read(root), authority=authority)
    echo(f"The authority attests that the log stood so at {at.isoformat()}.")


@command.command("ots")
@CASE
@click.argument("calendars", metavar="CALENDAR...", nargs=-1, required=True)
@PERSON
def ots(case: Path, calendars: tuple[str, ...], person: str | None) -> None:
    """Have the log of CASE promised a place in Bitcoin's chain by OpenTimestamps CALENDARs at http(s) addresses.

    Only a salted hash is sent. The promise becomes a proof some hours later: see ots-upgrade.
    """
    from ..pipeline import open_case
    from ..vault import calendar_at

    with open_case(case, person=person) as opened:
        opened.vault.opentimestamp({address: calendar_at(address) for address in calendars})
    echo(f"Promised by {len(calendars)}. In some hours: marsad evidence ots-upgrade {case} {' '.join(calendars)}")


@command.command("ots-upgrade")
@CASE
@click.argument("calendars", metavar="CALENDAR...", nargs=-1, required=True)
@PERSON
def ots_upgrade(case: Path, calendars: tuple[str, ...], person: str | None) -> None:
    """Fetch the way of earlier promises into blocks, and print what a Bitcoin node has to confirm."""
    from ..pipeline import open_case
    from ..vault import calendar_at

    with open_case(case, person=person) as opened:
        found = opened.vault.opentimestamp_upgrade({address: calendar_at(address) for address in calendars})
    for events, state in found:
        for height, root in state.blocks:
            echo(f"The log of {events} events leads into block {height}, if a Bitcoin node gives it the root {root}.")
    if not found:
        echo("The calendars have nothing new yet.")


@command.command("witness-ask")
@CASE
@click.argument("witness", metavar="WITNESS-KEY")
@click.argument("request", type=FILE)
def witness_ask(case: Path, witness: str, request: Path) -> None:
    """Write into REQUEST what the witness with that public key should countersign: a checkpoint, no content."""
    from ..pipeline import open_case

    with open_case(case) as opened:
        _write(request, opened.vault.witness_request(witness))
        echo(f"Wrote {request}. Give it to the witness, with the log's key: {opened.vault.log.verifiers()[0]}")


@command.command("witness-sign")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.argument("request", type=FILE)
@click.argument("log", metavar="LOG-KEY")
@click.argument("answer", type=FILE)
@click.option("--name", required=True, help="The witness's name, in its key ('example.org/lawyer').")
def witness_sign(folder: Path, request: Path, log: str, answer: Path, name: str) -> None:
    """As a witness (key and memory in FOLDER), countersign REQUEST of the log with that key, into ANSWER.

    Refuses a checkpoint that rewrites what this witness has signed before.
    """
    from ..vault import Witness

    witness = Witness(folder, name=name)
    _write(answer, witness.countersign(_read(request), log))
    echo(f"Countersigned into {answer}. The witness's public key: {witness.verifier}")


@command.command("witness-accept")
@CASE
@click.argument("request", type=FILE)
@click.argument("answer", type=FILE)
@click.argument("witness", metavar="WITNESS-KEY")
@PERSON
def witness_accept(case: Path, request: Path, answer: Path, witness: str, person: str | None) -> None:
    """Keep a witness's ANSWER to our REQUEST in CASE, once it is seen to be that witness's signature."""
    from ..pipeline import open_case

    with open_case(case, person=person) as opened:
        events = opened.vault.accept_witness(_read(request), _read(answer), witness)
    echo(f"The witness has countersigned the first {events} events.")


@command.command()
@CASE
@click.argument("exhibit")
@click.option("--reason", required=True, help="The law or order that asks for it; kept for good.")
@click.option("--yes", is_flag=True, help="Do not ask again.")
@PERSON
def erase(case: Path, exhibit: str, reason: str, yes: bool, person: str | None) -> None:
    """Destroy the bytes of one EXHIBIT of CASE, where the law asks for it. There is no way back.

    A signed tombstone with the reason and the custody stay, and proofs still verify. Backups are yours to erase.
    """
    from ..pipeline import open_case

    with open_case(case, person=person) as opened:
        sha256 = _exhibit(opened, exhibit)
        if not yes:
            click.confirm(f"Destroy the bytes of exhibit {sha256[:12]} for good?", abort=True)
        opened.erase(sha256, reason=reason)
    echo(f"The bytes of exhibit {sha256} are gone; its custody says who destroyed it and why.")


@command.command()
@click.argument("file", type=FILE)
def identity(file: Path) -> None:
    """Make a new age identity in FILE, which must not exist, and print its recipient.

    The identity opens what is encrypted for the recipient. Keep FILE apart from the case, and a copy somewhere safe:
    once every recipient of a case has lost theirs, the bytes are lost for good. age and rage read it too.
    """
    from ..vault import new_identity

    secret, recipient = new_identity()
    text = (
        f"# A Marsad identity (age). Whoever has this file can read what is encrypted for:\n# {recipient}\n{secret}\n"
    )
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            out.write(text)
    except OSError as error:
        raise CaseError(f"{file}: cannot be made ({error.strerror}).") from error
    echo(recipient)


@command.command()
@CASE
@click.option("--to", "recipients", multiple=True, required=True, help="An age recipient (age1…); may be given again.")
@click.option("--again", is_flag=True, help="Encrypt anew what is encrypted already; needs an identity.")
@PERSON
def encrypt(case: Path, recipients: tuple[str, ...], again: bool, person: str | None) -> None:
    """Encrypt the bytes of CASE, and all that come, for the recipients; each is one who may then read them.

    The text, claims and names in the database are not encrypted by this: use an encrypted disk as well.
    """
    from ..pipeline import open_case

    with open_case(case, person=person) as opened, progress_bar() as progress:
        count = opened.vault.encrypt_to(
            recipients, again=again, progress=lambda done, total: progress("encrypting", done, total)
        )
    echo(f"Encrypted {count} exhibits for {len(recipients)} recipients. Whoever loses every identity loses the bytes.")


@command.command()
@CASE
@click.argument("exhibit", required=False)
@click.option("--reason", required=True, help="The order or law that it rests on; kept for good.")
@PERSON
def hold(case: Path, exhibit: str | None, reason: str, person: str | None) -> None:
    """Put EXHIBIT, or the whole CASE, under legal hold: nothing under it can be erased until the hold is lifted."""
    from ..pipeline import open_case

    with open_case(case, person=person) as opened:
        sha256 = _exhibit(opened, exhibit) if exhibit else ""
        number = opened.vault.hold(sha256, reason=reason)
    echo(f"Legal hold {number} stands over {f'exhibit {sha256}' if sha256 else 'the whole case'}.")


@command.command()
@CASE
@click.argument("number", metavar="HOLD", type=int)
@click.option("--reason", required=True, help="Why it is lifted; kept for good.")
@PERSON
def lift(case: Path, number: int, reason: str, person: str | None) -> None:
    """Lift the legal HOLD of that number."""
    from ..pipeline import open_case

    with open_case(case, person=person) as opened:
        opened.vault.lift(number, reason=reason)
    echo(f"Legal hold {number} is lifted.")


def _exhibit(opened, prefix: str) -> str:  # type: ignore[no-untyped-def]
    found = opened.find(prefix)
    if isinstance(found, Report):
        return found.exhibit
    if isinstance(found, Exhibit):
        return found.sha256
    raise CaseError(f"'{prefix}' is a {type(found).__name__.lower()}; name an exhibit or a report.")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CaseError(f"{path}: cannot be read ({error.strerror}).") from error


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise CaseError(f"{path}: cannot be written ({error.strerror}).") from error
