"""Files that come over the network: what they are called where they wait to be preserved."""

from __future__ import annotations

import re

_UNSAFE = re.compile(r"[/\\\x00-\x1f]")
_MOST_BYTES = 200


def file_name(sent: str) -> str:
    """A name for a file of that name: no folder, not hidden, of a length that every disk takes, with its ending."""
    name = _UNSAFE.sub("_", sent).lstrip(".") or "unnamed"
    # File systems count bytes; the ending tells the kind.
    stem, dot, ending = name.rpartition(".")
    return name if len(name.encode()) < _MOST_BYTES else f"{(stem or name)[:40]}{dot}{ending[:8]}"
