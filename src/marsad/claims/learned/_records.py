"""What the learned layer puts forward. All offsets are code points into the text that was given."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

NEVER = 2.0
"""A score that nothing reaches."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Words that may fill a channel: a role ('victim', …) or a part of an attribution ('source', …)."""

    channel: str
    start: int
    end: int
    score: float
    """Mean probability, in [0, 1], that the words belong to the channel; not calibrated across channels."""


@dataclass(frozen=True, slots=True)
class Said:
    """One attribution, joined: who (None where the words name nobody), by which cue, and what."""

    source: Proposal | None
    cue: Proposal
    contents: tuple[Proposal, ...]
    inner: bool = False
    """True where it is told inside another attribution's content."""


@dataclass(frozen=True, slots=True)
class Proposals:
    """Everything that the network reads in one text, in the order of the text."""

    spans: tuple[Proposal, ...] = ()
    attributions: tuple[Said, ...] = ()
    document: dict[str, float] = field(default_factory=dict)
    """Probability of each of the network's document labels ('gate', 'violation:killing', …)."""
    word_starts: tuple[int, ...] = ()
    word_ends: tuple[int, ...] = ()
    word_values: tuple[float, ...] = ()
    """Factuality at each word, were it an event."""
    word_inside: dict[str, tuple[float, ...]] = field(default_factory=dict)
    """For each channel, the probability at each word that it belongs to the channel."""
    trusted: float = NEVER
    """Score from which all parts of an attribution are so sure that it goes before one that rules find."""

    def of(self, *channels: str, start: int = 0, end: int | None = None) -> list[Proposal]:
        """The proposals of these channels that overlap [start, end)."""
        stop = float("inf") if end is None else end
        return [p for p in self.spans if p.channel in channels and p.start < stop and p.end > start]

    def support(self, channel: str, start: int, end: int) -> float:
        """Mean probability that the words of [start, end) belong to a channel; 0 where the network read none of them.

        What the network thinks of words that it did not propose itself.
        """
        first, last = bisect_right(self.word_ends, start), bisect_left(self.word_starts, end)
        inside = self.word_inside.get(channel, ())[first:last]
        return sum(inside) / len(inside) if inside else 0.0

    def factuality(self, start: int, end: int) -> float | None:
        """How surely the event whose word or words stand at [start, end) happened: -3 did not, 0 unknown, +3 did.

        Read at the first word that overlaps; None where the network did not read that part of the text.
        """
        at = bisect_right(self.word_ends, start)
        if at < bisect_left(self.word_starts, end):
            return self.word_values[at]
        return None
