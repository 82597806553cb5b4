"""Examples to windows with their labels, and windows to batches of tensors."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer

from marsad.claims.learned._labels import labels
from marsad.claims.learned._windows import Window, pack
from training.corpora import Example

UNKNOWN = -100
OUTSIDE, BEGIN, INSIDE = 0, 1, 2


@dataclass(slots=True)
class Item:
    """One window, its labels, and the corpus that it comes from."""

    corpus: str
    window: Window
    tags: np.ndarray
    """(words, channels): UNKNOWN, OUTSIDE, BEGIN or INSIDE."""
    values: list[tuple[int, float]]
    """(word, factuality)."""
    pooled: np.ndarray
    """One number in [0, 1] for each pooled name; NaN is unknown."""
    empty: bool = False
    """Nothing is marked in the window but by weak labels."""


def encode(
    corpus: str, examples: Iterable[Example], tokenizer: Tokenizer, most_windows: int = 0, pieces: int = 0
) -> list[Item]:
    """All windows of the examples; with `most_windows`, only so many from the start of each text.

    `pieces` is the most pieces a window may have (0: as at run time).
    """
    items = []
    for example in examples:
        windows = pack(tokenizer, example.text, example.segments(), pieces or labels().max_pieces)
        items.extend(_item(corpus, example, window) for window in windows[: most_windows or None])
    return items


def batches(
    items: Sequence[Item], budget: int, rng: random.Random, drop_empty: dict[str, float]
) -> Iterator[list[Item]]:
    """One epoch: batches of one corpus each, of at most `budget` pieces with padding, in random order.

    Of the empty windows of a corpus, the share given in `drop_empty` is left out, drawn anew each time.
    """
    by_corpus: dict[str, list[Item]] = {}
    for item in items:
        if not (item.empty and rng.random() < drop_empty.get(item.corpus, 0.0)):
            by_corpus.setdefault(item.corpus, []).append(item)
    made: list[list[Item]] = []
    for kept in by_corpus.values():
        kept.sort(key=lambda item: len(item.window.pieces) + rng.randrange(12))
        batch: list[Item] = []
        for item in kept:
            if batch and len(item.window.pieces) * (len(batch) + 1) > budget:
                made.append(batch)
                batch = []
            batch.append(item)
        made.append(batch)
    rng.shuffle(made)
    yield from made


def tensors(batch: Sequence[Item]) -> dict[str, torch.Tensor]:
    """Pad a batch; word labels stand at each word's first piece."""
    length = max(len(item.window.pieces) for item in batch)
    pieces = torch.zeros(len(batch), length, dtype=torch.long)
    mask = torch.zeros(len(batch), length, dtype=torch.long)
    tags = torch.full((len(batch), length, len(labels().channels)), UNKNOWN, dtype=torch.long)
    values = torch.full((len(batch), length), float("nan"))
    for row, item in enumerate(batch):
        n = len(item.window.pieces)
        pieces[row, :n] = torch.tensor(item.window.pieces)
        mask[row, :n] = 1
        first = torch.tensor(item.window.first)
        tags[row, first] = torch.from_numpy(item.tags).long()
        for word, value in item.values:
            values[row, item.window.first[word]] = value
    pooled = torch.from_numpy(np.stack([item.pooled for item in batch])).float()
    return {"pieces": pieces, "mask": mask, "tags": tags, "values": values, "pooled": pooled}


def _item(corpus: str, example: Example, window: Window) -> Item:
    known = labels()
    tags = np.full((len(window.first), len(known.channels)), UNKNOWN, dtype=np.int16)
    for group, channels in known.groups.items():
        if group in example.tasks:
            for channel in channels:
                tags[:, known.channels.index(channel)] = OUTSIDE
    starts, ends = np.array(window.starts), np.array(window.ends)
    weak, marked = set(example.weak), False
    for channel, start, end in (*example.spans, *example.weak):
        column = known.channels.index(channel)
        inside = np.flatnonzero((starts < end) & (ends > start))
        if len(inside):
            marked = marked or (channel, start, end) not in weak
            tags[inside, column] = INSIDE
            if starts[inside[0]] <= start < ends[inside[0]]:
                tags[inside[0], column] = BEGIN
    values = []
    for start, end, value in example.factuality:
        inside = np.flatnonzero((starts < end) & (ends > start))
        if len(inside):
            values.append((int(inside[0]), value))
    return Item(corpus, window, tags, values, _pooled(example, tags), not (marked or values))


def _pooled(example: Example, tags: np.ndarray) -> np.ndarray:
    names = labels().pooled
    pooled = np.full(len(names), np.nan, dtype=np.float32)
    for at, name in enumerate(names):
        kind = name.split(":")[0]
        if kind == "gate" and "gate" in example.tasks:
            roles = [labels().channels.index(role) for role in labels().groups["roles"]]
            pooled[at] = float((tags[:, roles] > 0).any())
        elif kind in ("violation", "perpetrator") and "violation" in example.tasks:
            pooled[at] = example.pooled.get(name, 0.0)
    return pooled
