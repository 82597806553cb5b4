"""Every span that a record holds, for tests."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from marsad.model import Reason


def spans(value: Any) -> Iterator[Any]:
    """Whatever has start, end and text inside a record, the record itself included."""
    if isinstance(value, (tuple, list)):
        for x in value:
            yield from spans(x)
    elif dataclasses.is_dataclass(value) and not isinstance(value, Reason):
        if hasattr(value, "start") and hasattr(value, "text"):
            yield value
        for f in dataclasses.fields(value):
            yield from spans(getattr(value, f.name))


def check(text: str, claims: Any) -> None:
    """Assert that every span's words are the report's."""
    for span in spans(claims):
        assert 0 <= span.start <= span.end <= len(text), span
        assert text[span.start : span.end] == span.text, span
