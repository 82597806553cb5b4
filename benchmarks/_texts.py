"""Texts of the shared corpora's reports, whatever their layout."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def load(place: Path) -> list[str]:
    """Texts of the reports in a file, or in a folder at any depth, in a stable order.

    Taken: JSON lines or lists whose rows hold `doctext`, `doc_text`, `text` or `html`; XML with `<text>`; text files;
    messages of MUC. A file that holds none of these gives nothing.
    """
    files = [place] if place.is_file() else sorted(p for p in place.rglob("*") if p.is_file())
    return [text for path in files for text in _texts(path)]


def _texts(path: Path) -> Iterator[str]:
    if path.suffix in (".json", ".jsonl"):
        for row in _rows(path.read_text(encoding="utf-8")):
            if "html" in row:
                body = html.unescape(re.sub(r"<[^>]+>", "\n\n", row["html"]))
                yield f"{row['title']}\n\n" + re.sub(r"\n\s*\n+", "\n\n", body).strip()
            elif text := row.get("doctext") or row.get("doc_text") or row.get("text"):
                yield text
    elif path.suffix == ".xml":
        yield from re.findall(r"<text>(.*?)</text>", path.read_text(encoding="utf-8"), re.DOTALL)
    elif path.suffix == ".txt":
        yield path.read_text(encoding="utf-8", errors="replace")
    elif path.name.endswith("muc3") or path.name.startswith("dev-muc3"):
        yield from re.split(r"\n(?=(?:DEV|TST\d)-MUC\d-\d)", path.read_text(encoding="utf-8", errors="replace"))


def _rows(text: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        found = [json.loads(line) for line in text.splitlines() if line.strip()]
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
