"""Read the segments of a text by a network, twice where they fill more than one window, and take the mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from marsad.claims.learned._decode import Array, log_softmax
from marsad.claims.learned._labels import labels
from marsad.claims.learned._network import Network
from marsad.claims.learned._windows import Window, pack


@dataclass(frozen=True, slots=True)
class Look:
    """What a network puts out for a text, word by word, whatever its windows were."""

    starts: tuple[int, ...]
    """Code-point offset at which each word starts."""
    ends: tuple[int, ...]
    breaks: frozenset[int]
    """Indexes of the words that open a segment."""
    tags: Array
    """Logarithms of probabilities, (words, channels, 3)."""
    values: Array
    """Factuality, (words)."""
    document: dict[str, float]
    """Probability of each document label: 'gate' that of the likeliest window, the others the mean of the windows."""


def look(network: Network, text: str, segments: Sequence[tuple[int, int]]) -> Look | None:
    """Read the segments [start, end) of a text, in order; None where they hold no word.

    Segments of more than one window are read again with the windows cut elsewhere, so that what stood at a window's
    edge stands inside one too.
    """
    size = labels().max_pieces
    windows = pack(network.tokenizer, text, segments, size)
    if not windows:
        return None
    views = [_view(network, windows)]
    if len(windows) > 1:
        views.append(_view(network, pack(network.tokenizer, text, segments, size, size // 2)))
    starts = tuple(s for w in windows for s in w.starts)
    ends = tuple(e for w in windows for e in w.ends)
    breaks, at = set(), 0
    for window in windows:
        breaks |= {at + b for b in window.breaks}
        at += len(window.starts)
    probability = np.mean([np.exp(tags) for tags, _, _ in views], axis=0)
    document = np.mean([d for _, _, d in views], axis=0)
    return Look(
        starts,
        ends,
        frozenset(breaks),
        np.log(probability),
        np.mean([values for _, values, _ in views], axis=0),
        {name: round(float(document[n]), 4) for n, name in enumerate(labels().pooled)},
    )


def _view(network: Network, windows: Sequence[Window]) -> tuple[Array, Array, Array]:
    out = [network.run(window) for window in windows]
    pooled = 1.0 / (1.0 + np.exp(-np.stack([document for _, _, document in out])))
    gate = labels().pooled.index("gate")
    document = pooled.mean(0)
    document[gate] = pooled[:, gate].max()
    return np.concatenate([log_softmax(tags) for tags, _, _ in out]), np.concatenate([v for _, v, _ in out]), document
