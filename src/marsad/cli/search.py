"""`marsad search`."""

from pathlib import Path

import click

from ._output import AS_JSON, CASE, echo, print_json, shorten
from ._words import dates, incident_title


@click.command()
@CASE
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="At most so many.")
@AS_JSON
def command(case: Path, words: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Find the reports and incidents of CASE that hold all WORDS, best first.

    Each word matches as a beginning, in any script: accents, Arabic marks and letter variants are folded.
    Exit code 1 where nothing is found.
    """
    from ..pipeline import open_case

    with open_case(case) as opened:
        hits = opened.search(" ".join(words), limit=limit)
        with opened.store.read() as s:
            if as_json:
                print_json(hits)
            for hit in hits if not as_json else ():
                if hit.kind == "incident" and (incident := s.incidents.get(hit.ref)):
                    claims = {c.id: c for c in s.claims.many(incident.claims)}
                    echo(
                        f"incident {hit.ref[:12]}  {dates(incident.earliest, incident.latest):<24}  "
                        f"{incident_title(incident, claims)}"
                    )
                elif report := s.reports.get(hit.ref):
                    echo(
                        f"report   {hit.ref[:12]}  {(report.published or '')[:10]:<24}  "
                        f"{shorten(report.title or report.text, 80)}"
                    )
    if not hits:
        echo("Nothing found.", err=True)
        raise SystemExit(1)
