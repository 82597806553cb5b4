"""Attributions by syntax rules in real text whose licence allows it, as weak labels for training.

`python -m training.silver --data CORPORA --out silver.jsonl`; needs the project's own environment, for the parser.
The rules are those of `marsad.claims` (`data/sayings.tsv`); the texts are the train parts of HRDsAttack and UW
factuality, which the network reads for other tasks anyway. One line an example: its id and its spans.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from marsad.claims import attributions
from training import corpora
from training.corpora import Example


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    with given.out.open("w", encoding="utf-8") as out:
        for example in texts(given.data):
            spans = [{"channel": c, "start": a, "end": b} for c, a, b in marked(example.text)]
            out.write(json.dumps({"id": example.id, "spans": spans}) + "\n")


def texts(data: Path) -> Iterator[Example]:
    """The texts that may be labelled."""
    yield from corpora.hrdsattack(data / "hrdsattack/train.json")
    yield from corpora.factuality(data / "factuality_uw/train.jsonl")


def marked(text: str) -> list[tuple[str, int, int]]:
    """Spans of source, cue and content, outermost attributions only, those of a channel apart from each other."""
    spans: set[tuple[str, int, int]] = set()
    for said in attributions(text, learned=False):
        spans.add(("cue", said.cue.start, said.cue.end))
        spans |= {("content", c.start, c.end) for c in said.contents}
        if said.source is not None:
            spans.add(("source", said.source.start, said.source.end))
    kept: list[tuple[str, int, int]] = []
    for channel, start, end in sorted(spans, key=lambda s: s[1] - s[2]):
        if not any(c == channel and start < b and a < end for c, a, b in kept):
            kept.append((channel, start, end))
    return sorted(kept, key=lambda s: s[1:])


if __name__ == "__main__":
    main()
