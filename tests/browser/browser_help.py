"""What the browser's tests share."""

import os
from pathlib import Path
from typing import Any

from marsad.pipeline import Case


def every_page(case: Case) -> dict[str, str]:
    """A name and an address for every kind of page."""
    with case.store.read() as s:
        incident = max(s.incidents.all(), key=lambda i: len(i.claims))
        reports = {r.meta.get("name", "picture"): r.id for r in s.reports.all()}
        exhibits = {e.media_type: e.sha256 for e in s.exhibits.all()}
    return {
        "queue": "/queue",
        "add": "/add",
        "reports": "/reports",
        "report": f"/reports/{reports['wire']}",
        "report-arabic": f"/reports/{reports['arabic']}",
        "report-hostile": f"/reports/{reports['hostile']}",
        "report-unreadable": f"/reports/{reports['empty']}",
        "claim": f"/claims/{incident.claims[0]}",
        "incidents": "/incidents",
        "incident": f"/incidents/{incident.id}",
        "map": "/map",
        "timeline": "/timeline",
        "ledger": "/ledger",
        "children": "/children",
        "exhibits": "/exhibits",
        "exhibit": f"/exhibits/{exhibits['image/jpeg']}",
        "search": "/search?q=Tell+Warda",
        "search-none": "/search?q=nothing-like-this",
        "judgements": "/judgements",
        "bulk": "/bulk",
        "mine": "/mine",
        "releases": "/releases",
        "people": "/people",
        "account": "/account",
        "security": "/account/security",
        "person": "/people/basim",
        "audit": "/audit",
        "sign-in-again": "/sign-in?again=1",
        "missing": "/nothing-here",
    }


def shoot(page: Any, name: str) -> None:
    """Keep a picture of the page, where MARSAD_SCREENSHOTS names a folder; none is taken otherwise."""
    folder = os.environ.get("MARSAD_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
