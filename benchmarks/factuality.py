"""UW factuality: how surely an event happened, from -3 (it did not) to +3 (it did).

`python benchmarks/factuality.py --data ../shared/corpora/factuality_uw [--part dev] [--model FOLDER]`

`constant` says the mean of the train part for every event. The published row is as the corpus's README gives it, for
BERT models on the test part.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from _common import arguments, measured, table

from marsad.claims import learned

Event = tuple[int, int, float]


def main() -> None:
    parser = arguments(__doc__, "folder with train.jsonl and dev.jsonl")
    parser.add_argument("--part", default="dev")
    parser.add_argument("--model", type=Path, action="append", default=[], help="a folder of other weights")
    given = parser.parse_args()
    sentences = read(given.data / f"{given.part}.jsonl")
    gold = np.array([value for _, events in sentences for _, _, value in events])
    rows: list[list[object]] = []
    train = given.data / "train.jsonl"
    if train.exists():
        mean = float(np.mean([value for _, events in read(train) for _, _, value in events]))
        rows.append(["constant", float(np.abs(gold - mean).mean()), None, None, None])
    for folder in [None, *given.model]:
        place = {} if folder is None else {"folder": folder}
        name = "Marsad, shipped weights" if folder is None else f"Marsad, weights in {folder.name}"
        if reason := learned.available(**place):
            print(f"{name}: {reason}", file=sys.stderr)
            continue
        with measured() as cost:
            ours = np.array([value for text, events in sentences for value in _values(text, events, place)])
        r = float(np.corrcoef(ours, gold)[0, 1])
        rows.append([name, float(np.abs(ours - gold).mean()), r, f"{cost.cpu:.1f}", f"{cost.memory:.0f}"])
    rows.append(["BERT models, about", 0.35, 0.87, None, None])
    print(f"{len(sentences)} sentences, {len(gold)} events")
    table(["", "MAE", "Pearson r", "CPU s", "MiB"], rows)


def read(path: Path) -> list[tuple[str, list[Event]]]:
    """Sentences with their events as [start, end) in code points and the value that people gave."""
    sentences = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        starts = [0]
        for token in row["text"].split(" "):
            starts.append(starts[-1] + len(token) + 1)
        events = [(starts[t["span1"][0]], starts[t["span1"][1]] - 1, float(t["label"])) for t in row["targets"]]
        sentences.append((row["text"], events))
    return sentences


def _values(text: str, events: list[Event], place: dict[str, Path]) -> list[float]:
    """The network's value for each event; 0, that is unknown, where it read none."""
    proposals = learned.propose(text, [(0, len(text))], **place)
    return [proposals.factuality(start, end) or 0.0 for start, end, _ in events]


if __name__ == "__main__":
    main()
