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
from marsad.claims.learned._look import look
from marsad.claims.learned._network import SHIPPED, Network, open_network
from marsad.claims.learned._records import NEVER, Proposal, Proposals
from marsad.claims.learned._snap import snap
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
    seen = look(network, text, parts)
    if seen is None:
        return Proposals()
    channels = labels().channels
    spans = [
        Proposal(channels[channel], seen.starts[first], seen.ends[last - 1], round(score, 4))
        for channel, first, last, score in decode(seen.tags, seen.breaks, network.tuning)
    ]
    spans.sort(key=lambda p: (p.start, p.end, p.channel))
    if network.settings.get("snap", True):
        spans = snap(text, spans)
    inside = belonging(seen.tags).T.round(4).tolist()
    return Proposals(
        tuple(spans),
        (*join(text, spans), *join(text, spans, "inner_")),
        seen.document,
        seen.starts,
        seen.ends,
        tuple(round(float(v), 3) for v in np.clip(seen.values, -3.0, 3.0)),
        {channel: tuple(column) for channel, column in zip(channels, inside, strict=True)},
        float(network.settings.get("trusted", NEVER)),
    )


def rough_sentences(text: str) -> list[tuple[int, int]]:
    """Cut a text after sentence-ending punctuation, at line ends and at wide gaps."""
    cuts = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    return [(a, b) for a, b in pairwise(cuts) if text[a:b].strip()]


@cache
def _opened(folder: Path) -> Network:
    return open_network(folder)
