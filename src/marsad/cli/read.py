"""`marsad read`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from ._output import AS_JSON, echo, print_json


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--published", help="Day of publication (YYYY-MM-DD), against which 'yesterday' is read.")
@click.option("--explain", is_flag=True, help="Show the rule behind each value.")
@click.option("--no-learned", is_flag=True, help="Read by the rules alone, without the learned layer.")
@click.option(
    "--weights",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with other weights for the learned layer than the shipped ones.",
)
@AS_JSON
def command(
    file: Path, published: str | None, explain: bool, no_learned: bool, weights: Path | None, as_json: bool
) -> None:
    """Read one FILE, without a case, and print what it claims. Nothing is kept or sent.

    A sidecar FILE.json or article.json beside it may give title, published, publisher and language.
    """
    from ..pipeline import read_file

    if published:
        try:
            date.fromisoformat(published)
        except ValueError:
            raise click.BadParameter(
                f"'{published}' is not a day such as 2031-03-02.", param_hint="--published"
            ) from None
    results = read_file(file, published=published, learned=not no_learned, weights=weights)
    if as_json:
        values = [_as_json(*result, explain=explain) for result in results]
        print_json(values[0] if len(values) == 1 else {"reports": values})
        return
    for report, claims, incidents in results:
        _print(report, claims, incidents, explain)


def _as_json(report, claims, incidents, *, explain: bool) -> dict[str, Any]:  # type: ignore[no-untyped-def]
    """The claim's JSON of docs/reference/json.md."""
    import hashlib

    from ..model import to_json

    of = {c: i.id for i in incidents for c in i.claims}
    rows = []
    for claim in claims:
        row = to_json(claim) | {"incident": of.get(claim.id)}
        del row["report"]
        if not explain:
            del row["why"]
        rows.append(row)
    return {
        "report": {
            "title": report.title,
            "language": report.language,
            "published": report.published,
            "publisher": report.publisher,
            "text_sha256": hashlib.sha256(report.text.encode("utf-8")).hexdigest(),
            "status": report.status,
            "reason": report.reason,
        },
        "claims": rows,
        "incidents": [
            {
                "id": i.id,
                "claims": list(i.claims),
                "origins": len(i.origins),
                "possibly_same": [{"incident": o, "score": score, "reason": why} for o, score, why in i.possibly_same],
            }
            for i in incidents
        ],
    }


def _print(report, claims, incidents, explain: bool) -> None:  # type: ignore[no-untyped-def]
    from ._words import detail, incident_title

    echo(report.title or "(no title)", bold=True)
    facts = [report.publisher, report.published, report.language, f"{len(report.text):,} characters"]
    echo(" · ".join(f for f in facts if f))
    if report.reason:
        echo(f"unreadable: {report.reason}")
    elif not claims:
        echo("No claims were found." if report.language == "en" else "Claims are not yet extracted from this language.")
    by_id = {c.id: c for c in claims}
    for incident in incidents:
        echo()
        origins = f"{len(incident.origins)} origin" + ("s" if len(incident.origins) != 1 else "")
        echo(f"Incident {incident.id}: {incident_title(incident, by_id)} ({origins})", bold=True)
        for claim_id in incident.claims:
            for line in detail(by_id[claim_id], explain=explain):
                echo(f"  {line}")
        for other, _score, why in incident.possibly_same:
            echo(f"    possibly the same as {other}: {why}")
    loose = [c for c in claims if all(c.id not in i.claims for i in incidents)]
    if loose:
        echo()
        echo("Patterns, and claims outside incidents", bold=True)
        for claim in loose:
            for line in detail(claim, explain=explain):
                echo(f"  {line}")
