"""README.txt and columns.json of a release: what is in the folder, what each column means, how it was made."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from functools import cache
from importlib import resources

from ._method import method
from ._view import View

FILES: Mapping[str, str] = {
    "index.html": "the page; open it in a browser, it needs no network",
    "index-ar.html": "the page in Arabic",
    "report-en.pdf": "the report, in English",
    "report-ar.pdf": "the report, in Arabic",
    "incidents.csv": "one row an incident",
    "incidents.geojson": "the same for maps (RFC 7946), each point with the radius of its area",
    "ledger.csv": "the figures",
    "matrix.csv": "the draft matrix of grave violations against children",
    "sources.csv": "the reports",
    "claims.json": "what each report asserts; claims.schema.json describes it",
    "corrections.csv": "what changed since an earlier release (also as corrections.json)",
    "columns.json": "what each column means, for machines",
    "manifest.json": "profile, rule, method, and the SHA-256 of every file",
}


def readme(view: View, released_at: str, version: str, files: Mapping[str, bytes]) -> str:
    """The text; of the files only those that the release holds are named."""
    parts = [
        view.name,
        f"Release under the profile '{view.profile.name}' ({view.profile.label}),",
        f"made {released_at} with Marsad {version}.",
        "",
        "FILES",
        *(f"  {name}: {what}" for name, what in FILES.items() if name in files or name == "manifest.json"),
        *([f"  still-….png: {len(view.stills)} pictures, faces painted over"] if view.stills else []),
        "",
        "METHOD",
    ]
    for section in method(view.facts):
        parts += [f"{section.title}.", *(_wrapped(line) for line in section.lines), ""]
    parts += ["COLUMNS"]
    for name, columns in columns_of().items():
        if name in files:
            parts += ["", name, *(_wrapped(f"{column}: {what}") for column, what in columns.items())]
    return "\n".join(parts) + "\n"


@cache
def columns_of() -> Mapping[str, Mapping[str, str]]:
    """File → column → what it means."""
    data = json.loads(columns_json())
    return {name: columns for name, columns in data.items() if name != "about"}


def columns_json() -> str:
    """The data dictionary as released."""
    return resources.files(__package__).joinpath("columns.json").read_text(encoding="utf-8")


def _wrapped(line: str) -> str:
    return textwrap.fill(line, 110, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
