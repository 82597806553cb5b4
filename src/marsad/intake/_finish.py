"""Draft to report: text cleaned, language settled, id derived. What the reading process sends is only data here."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from marsad.model import Report, codes, digest
from marsad.text import clean, detect_language

from ._dateline import day_of
from ._draft import Draft
from ._limits import Limits
from ._when import iso

_LONGEST = {"title": 1000, "publisher": 300, "author": 500, "url": 4000, "reason": 500, "part": 500}
_MOST_META = 262_144
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_].*)?\Z")
# Below this many letters the page's own word on its language is better than a guess from the letters.
_ENOUGH_LETTERS = 200
_SELF_DATED = ("article", "document")
SIDECAR_FIELDS = ("title", "published", "publisher", "author", "language", "url")


def finish(draft: Draft, exhibit: str, limits: Limits, *, exact: bool = False) -> Report:
    """The report of `draft`, read from the exhibit with that SHA-256.

    `exact` keeps the text as the reader gave it, because offsets are compared against the original file.
    """
    text = draft.text if exact else clean(draft.text)
    meta = dict(draft.meta)
    if len(text) > limits.report_chars:
        text = text[: limits.report_chars]
        _note(meta, f"only the first {limits.report_chars:,} characters were read")
    line = {name: _line(getattr(draft, name), longest) for name, longest in _LONGEST.items()}
    published = iso(draft.published)
    if draft.published and published is None:
        _note(meta, f"its date is absurd or unclear and was not taken: {_line(draft.published, 60)}")
    if published is None and not draft.reason and draft.kind in _SELF_DATED:
        published = day_of(text)
        meta |= {"published_from": "its own words"} if published else {}
    language = _language(draft.language, text, meta)
    unreadable = draft.reason is not None
    return Report(
        id=report_id(exhibit, line["part"] or "", "" if unreadable else text),
        exhibit=exhibit,
        part=line["part"] or "",
        kind=draft.kind if draft.kind in codes.REPORT_KINDS else "document",
        title=line["title"],
        publisher=line["publisher"],
        author=line["author"],
        published=published,
        language=language,
        text="" if unreadable else text,
        url=line["url"],
        status="unreadable" if unreadable else "read",
        reason=line["reason"] if unreadable else None,
        meta=_plain(meta),
    )


def unreadable(exhibit: str, reason: str, *, title: str | None = None, note: str | None = None) -> Report:
    """The one report of an exhibit from which nothing could be read."""
    draft = Draft(kind="document", title=title, reason=reason)
    if note:
        draft.note(note)
    return finish(draft, exhibit, Limits())


def report_id(exhibit: str, part: str, text: str) -> str:
    """The same bytes, part and text give the same id, whichever version reads them."""
    return f"r{digest([exhibit, part, text])[:24]}"


def apply_sidecar(draft: Draft, sidecar: Mapping[str, Any]) -> None:
    """What a person wrote beside the file goes before what was read from it, and says so."""
    for name in SIDECAR_FIELDS:
        value = sidecar.get(name)
        if isinstance(value, str) and value.strip():
            setattr(draft, name, value.strip())
            draft.meta[f"{name}_from"] = "sidecar"
    extra = {key: value for key, value in sidecar.items() if key not in SIDECAR_FIELDS and isinstance(value, str)}
    if extra:
        draft.meta["sidecar"] = extra


def _language(declared: str | None, text: str, meta: dict[str, Any]) -> str | None:
    match = _LANGUAGE.match((declared or "").strip())
    stated = match.group(1).lower() if match else None
    if stated and meta.get("language_from") == "sidecar":
        return stated
    found = detect_language(text) if text else None
    if stated is None or found is None or stated == found:
        if found and not stated:
            meta["language_from"] = "detected"
        return stated or found
    if sum(map(str.isalpha, text[:2000])) < _ENOUGH_LETTERS:
        return stated
    meta["language_from"] = "detected"
    meta["language_declared"] = stated
    return found


def _line(value: str | None, longest: int) -> str | None:
    if value is None:
        return None
    return " ".join(clean(value[: 4 * longest]).split())[:longest] or None


def _note(meta: dict[str, Any], words: str) -> None:
    notes = meta.get("notes")
    meta["notes"] = [*(notes if isinstance(notes, list) else []), words]


def _plain(meta: dict[str, Any]) -> dict[str, Any]:
    """JSON values only, every string cleaned, and not without bound."""
    kept = {str(key): _cleaned(value, 0) for key, value in meta.items() if value not in (None, [], {})}
    while kept and len(json.dumps(kept)) > _MOST_META:
        longest = max(kept, key=lambda key: len(json.dumps(kept[key])))
        kept[longest] = "too long: left out"
    return kept


def _cleaned(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return clean(value)[:20_000]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if depth > 6:
        return "too deep: left out"
    if isinstance(value, (list, tuple)):
        return [_cleaned(item, depth + 1) for item in value[:5000]]
    if isinstance(value, Mapping):
        return {clean(str(key))[:200]: _cleaned(item, depth + 1) for key, item in list(value.items())[:500]}
    return clean(str(value))[:20_000]
