"""`marsad reports`."""

from pathlib import Path

import click

from ..model import Report, codes, to_json
from ._output import AS_JSON, CASE, echo, print_json, shorten, table


@click.command()
@CASE
@click.option("--status", type=click.Choice(codes.REPORT_STATUSES), help="Only those that stand here.")
@AS_JSON
def command(case: Path, status: str | None, as_json: bool) -> None:
    """List the reports of CASE: what was read from its exhibits, and how far each has come."""
    from ..pipeline import open_case

    with open_case(case) as opened, opened.store.read() as s:
        reports = list(s.reports.all(status))
    if as_json:
        print_json([_row(r) for r in reports])
        return
    if not reports:
        echo(f"No reports. Add some: marsad add {case} FILES, FOLDERS OR WEB ADDRESSES")
        return
    rows = [
        (r.id[:12], (r.published or "")[:10], r.language, r.status, shorten(r.publisher or "", 24), _title(r))
        for r in reports
    ]
    table(("id", "published", "lang", "status", "publisher", "title, or why not"), rows)


def _row(report: Report) -> dict[str, object]:
    row: dict[str, object] = to_json(report)
    del row["text"]
    return row


def _title(report: Report) -> str:
    if report.status == "unreadable":
        return shorten(report.reason or "", 70)
    return shorten(report.title or report.text or f"({report.kind})", 70)
