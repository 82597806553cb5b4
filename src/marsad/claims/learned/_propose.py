"""Read a text with a network: windows, spans, attributions, factuality and document labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from marsad.claims.learned._decode import belonging, decode
from marsad.claims.learned._join import join
from marsad.claims.learned._labels import labels
from marsad.claims.learned._network import SHIPPED, Network, open_network
from marsad.claims.learned._records import Proposal, Proposals
from marsad.claims.learned._snap import snap
from marsad.claims.learned._windows import Window, pack
from marsad.errors import ModelMissing

_SENTENCE_END = re.compile(r"(?<=[.?!])[\"'’”)\]]*\s+|\n+|\s{4,}")


def available(folder: Path = SHIPPED) -> str | None:
    """None where the learned layer can be used, else the reason why it cannot, in one line."""
    try:
        _opened(folder)
    except ModelMissing as reason:
        return str(reason)
    return None


def weights(folder: Path = SHIPPED) -> str:
    """The name of the weights in a folder, with the first digits of the network's SHA-256; raises ModelMissing."""
    settings = _opened(folder).settings
    return f"{settings['name']} weights {settings['sha256']['network.onnx'][:8]}"


def propose(text: str, sentences: Sequence[tuple[int, int]] | None = None, folder: Path = SHIPPED) -> Proposals:
    """What the learned layer reads in a text.

    `sentences` are the parts to read, as [start, end) in code points, in order and apart from each other; what lies
    outside them is not read. Without them the whole text is cut roughly. `folder` holds the weights. Raises
    ModelMissing where they cannot be opened. The same arguments always give the same proposals.
    """
    network = _opened(folder)
    parts = [p for p in (rough_sentences(text) if sentences is None else sentences) if text[p[0] : p[1]].strip()]
    windows = pack(network.tokenizer, text, parts, labels().max_pieces)
    spans: list[Proposal] = []
    values: list[float] = []
    pooled = []
    inside: list[np.ndarray] = []
    for window in windows:
        tags, factuality, document = network.run(window)
        _spans(window, decode(tags, window.breaks, network.tuning), spans)
        values.extend(round(float(v), 3) for v in np.clip(factuality, -3.0, 3.0))
        pooled.append(document)
        inside.append(belonging(tags))
    spans = snap(text, spans)
    return Proposals(
        tuple(spans),
        (*join(text, spans), *join(text, spans, "inner_")),
        _document(np.stack(pooled)) if pooled else {},
        tuple(start for w in windows for start in w.starts),
        tuple(end for w in windows for end in w.ends),
        tuple(values),
        {c: tuple(column) for c, column in zip(labels().channels, np.concatenate(inside).T.round(4).tolist())}
        if inside
        else {},
    )


def rough_sentences(text: str) -> list[tuple[int, int]]:
    """Cut a text after sentence-ending punctuation, at line ends and at wide gaps."""
    cuts = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    return [(a, b) for a, b in pairwise(cuts) if text[a:b].strip()]


@cache
def _opened(folder: Path) -> Network:
    return open_network(folder)


def _spans(window: Window, decoded: list[tuple[int, int, int, float]], into: list[Proposal]) -> None:
    """Add a window's spans; one that goes on from the window before is joined to its first part."""
    channels = labels().channels
    for channel, first, last, score in decoded:
        into.append(Proposal(channels[channel], window.starts[first], window.ends[last - 1], round(score, 4)))


def _document(pooled: np.ndarray) -> dict[str, float]:
    """The gate holds where any window opens it; the other labels are judged by the mean of the windows."""
    probability = 1.0 / (1.0 + np.exp(-pooled))
    judged = {}
    for at, name in enumerate(labels().pooled):
        column = probability[:, at]
        judged[name] = round(float(column.max() if name == "gate" else column.mean()), 4)
    return judged
