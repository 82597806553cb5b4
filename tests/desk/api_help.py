"""What the tests of the API share: a token, and a program that has it."""

from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient

from marsad.desk import Access
from marsad.pipeline import Case

Bearer = Callable[..., TestClient]


def issue(case: Case, person: str, scopes: str = "read judge add publish", **more: Any) -> str:
    with case.store.read() as s:
        who = s.people.get(person)
    assert who is not None
    return Access(case.store, case.folder, 12).issue(
        who, "test", frozenset(scopes.split()), more.pop("days", 1), **more
    )


def filled(path: str, case: Case) -> str:
    """The address with ids that are there."""
    with case.store.read() as s:
        report = next(r for r in s.reports.all() if r.meta.get("name") == "boys")
        claim, incident = s.claims.of(report.id)[0].id, next(iter(s.incidents.all())).id
        exhibit = report.exhibit
    path = path.replace("{sha256}", exhibit).replace("{name}", "none")
    for room, there in (("reports", report.id), ("claims", claim), ("incidents", incident), ("people", "basim")):
        path = path.replace(f"/{room}/{{id}}", f"/{room}/{there}")
    asks = path.startswith(("/api/reports/", "/api/exhibits/"))
    return path + ("?purpose=check" if asks else "?q=Warda" if path.startswith("/search.") else "")
