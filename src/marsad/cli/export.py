"""`marsad export`."""

from __future__ import annotations

from pathlib import Path

import click

from ._output import AS_JSON, CASE, echo, print_json

TABLES = ("ucdp_ged", "acled_like", "airwars_like", "mrm_draft")


@click.command()
@CASE
@click.argument("table", type=click.Choice(TABLES))
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write here instead of printing: Parquet where the name ends in .parquet, else CSV; its columns told beside.",
)
@click.option("--dictionary", is_flag=True, help="Print what each column holds, and no data.")
@AS_JSON
def command(case: Path, table: str, out: Path | None, dictionary: bool, as_json: bool) -> None:
    """Print CASE's incidents as a table of another body: UCDP GED, ACLED's or Airwars' vocabulary, the MRM draft.

    It is for work inside the case and NOT protected: exact places and days stand in it. To share, use marsad publish.
    """
    from ..ledger import dictionary as columns_of
    from ..ledger import write_table
    from ..pipeline import open_case
    from ..text import to_csv

    columns = columns_of(table)
    if dictionary:
        if as_json:
            print_json(columns)
        for name, holds in columns.items() if not as_json else ():
            echo(f"{name:<24} {holds}")
        return
    with open_case(case) as opened:
        rows = opened.export(table)
    if as_json:
        print_json(rows)
    elif out is None:
        click.echo(to_csv(columns, rows), nl=False)
    else:
        beside = write_table(out, table, rows)
        echo(f"Wrote {len(rows)} rows to {out}, and what its columns hold to {beside.name}.")
        echo("They are not protected: to share figures, use marsad publish.")
