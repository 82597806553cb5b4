"""How much a source may cost before it is set aside. Sizes in bytes, times in seconds."""

from __future__ import annotations

from dataclasses import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on fetching and reading. What is over a reading bound is kept as an exhibit and marked unreadable."""

    fetch_bytes: int = 200 * _MIB
    """Largest answer that is taken from an address; a longer one is refused, never kept in part."""
    fetch_seconds: float = 120.0
    """For one address, redirects and body together."""
    connect_seconds: float = 15.0
    redirects: int = 8
    read_seconds: float = 60.0
    """Longest time that the reader may work on an exhibit without handing over a report."""
    read_memory: int = 2048 * _MIB
    """Address space of the reading process (not held on macOS, which ignores the limit)."""
    text_bytes: int = 32 * _MIB
    """Largest text, HTML, JSON or feed document that is parsed as a whole."""
    report_chars: int = 8_000_000
    """Longest text of one report, in code points."""
    parts: int = 100_000
    """Most reports from one exhibit."""
    members: int = 5_000
    """Most exhibits that are taken out of one archive."""
    member_bytes: int = 4096 * _MIB
    """Most bytes, unpacked, that are taken out of one archive, together."""
    ratio: int = 200
    """Most unpacked bytes for each packed one; a member over it is left in the archive and said so."""
    depth: int = 3
    """How deep archives inside archives are opened."""
    pixels: int = 120_000_000
    """Largest picture that is decoded."""
