"""The network's numbers to spans: for each channel, the likeliest run of outside, begin and inside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Tuning:
    """How a channel is decoded; chosen on a development part."""

    outside: float = 0.0
    """Added to the log-probability of 'outside': above 0 fewer spans, below 0 more."""
    switch: float = 0.0
    """Subtracted for each step between outside and inside: keeps long spans whole."""


def decode(logits: Array, breaks: frozenset[int], tuning: tuple[Tuning, ...]) -> list[tuple[int, int, int, float]]:
    """Spans as (channel, first word, word after the last, score) from logits of shape (words, channels, 3).

    A span may go on across a segment's start (`breaks`), but 'inside' may follow 'outside' only at the window's first
    word, where a span that was cut goes on.
    """
    log = log_softmax(logits)
    outside = np.exp(log[..., 0])
    paths = _viterbi(log, tuning, 0 in breaks)
    spans = []
    for channel in range(logits.shape[1]):
        path = paths[:, channel]
        starts = np.flatnonzero((path == 1) | ((path == 2) & (np.r_[0, path[:-1]] == 0)))
        for first in starts:
            last = int(first) + 1
            while last < len(path) and path[last] == 2:
                last += 1
            spans.append((channel, int(first), last, float(1.0 - outside[first:last, channel].mean())))
    return spans


def belonging(logits: Array) -> Array:
    """The probability of each word to belong to each channel, from logits of shape (words, channels, 3)."""
    inside: Array = 1.0 - np.exp(log_softmax(logits)[..., 0])
    return inside


def log_softmax(logits: Array) -> Array:
    """Logarithms of the probabilities that logits stand for, over the last axis."""
    shifted = logits - logits.max(-1, keepdims=True)
    normal: Array = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    return normal


def _viterbi(log: Array, tuning: tuple[Tuning, ...], opens: bool) -> Array:
    """Best state (0 outside, 1 begin, 2 inside) for each word and channel."""
    words, channels, _ = log.shape
    emitted = log.copy()
    emitted[..., 0] += np.array([t.outside for t in tuning])
    switch = np.array([t.switch for t in tuning])
    steps = np.zeros((channels, 3, 3))
    steps[:, 0, 1] = -switch
    steps[:, 0, 2] = -np.inf
    steps[:, 1, 0] = steps[:, 2, 0] = -switch
    steps[:, 1, 1] = steps[:, 2, 1] = -2 * switch
    best = emitted[0].copy()
    best[:, 1] -= switch
    best[:, 2] = -np.inf if opens else best[:, 2] - switch
    back = np.zeros((words, channels, 3), dtype=np.int8)
    for word in range(1, words):
        reached = best[:, :, None] + steps
        back[word] = reached.argmax(1)
        best = reached.max(1) + emitted[word]
    paths = np.zeros((words, channels), dtype=np.int8)
    state = best.argmax(1)
    each = np.arange(channels)
    for word in range(words - 1, -1, -1):
        paths[word] = state
        state = back[word, each, state]
    return paths
