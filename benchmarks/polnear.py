"""PolNeAR: who says what, by exact spans of source, cue and content.

`python benchmarks/polnear.py --data ../shared/corpora/polnear [--part dev] [--model FOLDER]`

Rows: the rules of syntax over a parse ('structure'), the shipped network, and both, as `marsad.claims.attributions`
joins them. Gold spans are the corpus's brat spans; a discontinuous span counts as its fragments (a sequence tagger can
do no other), fragments that only white space divides as one. `--model` is a folder written by `training.export`, e.g.
of the fuller weights that are trained on PolNeAR itself; the shipped ones never saw it. Thresholds, where they were
chosen, were chosen on the dev part, so a figure on dev is the best case. The published figures are those of the
papers, on the test part.
"""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable
from pathlib import Path

from _common import arguments, measured, table

from marsad.claims import attributions, learned

CHANNELS = ("source", "cue", "content")
PUBLISHED = [
    ("CofeNet-BERT", 0.832, 0.753, 0.729),
    ("BERT", 0.811, 0.740, 0.689),
    ("BiLSTM-CRF", 0.696, 0.667, 0.590),
    ("MiniLM-L6, three epochs (a trial on paragraphs)", 0.749, 0.689, 0.621),
]
_BRAT = re.compile(r"T\d+\t(Source|Cue|Content) ([\d ;]+)\t")
_HASHED = re.compile(r"_[0-9a-f]{4}$")

Spans = dict[str, set[tuple[int, int]]]


def main() -> None:
    parser = arguments(__doc__, "folder with train/ and dev/, each with text/ and attributions/")
    parser.add_argument("--part", default="dev")
    parser.add_argument("--model", type=Path, action="append", default=[], help="a folder of other weights")
    given = parser.parse_args()
    articles = list(read(given.data / given.part))
    readers: list[tuple[str, Callable[[str], Spans]]] = [("Marsad, structure", functools.partial(_told, learned=False))]
    for folder in [None, *given.model]:
        place = {} if folder is None else {"folder": folder}
        name = "Marsad, shipped weights" if folder is None else f"Marsad, weights in {folder.name}"
        if reason := learned.available(**place):
            print(f"{name}: {reason}", file=sys.stderr)
            continue
        readers.append((name, functools.partial(_proposed, place=place)))
        readers.append(
            (name.replace("Marsad,", "Marsad, structure and"), functools.partial(_told, learned=True, **place))
        )
    rows: list[list[object]] = []
    for name, reader in readers:
        with measured() as cost:
            found = [reader(text) for text, _ in articles]
        f1 = [score([f[c] for f in found], [gold[c] for _, gold in articles]) for c in CHANNELS]
        rows.append([name, *(round(f, 3) for _, _, f in f1), f"{cost.cpu:.1f}", f"{cost.memory:.0f}"])
        for channel, (precision, recall, _) in zip(CHANNELS, f1):
            print(f"{name}: {channel} precision {precision:.3f} recall {recall:.3f}")
    rows += [[*row, None, None] for row in PUBLISHED]
    print(f"{len(articles)} articles, {sum(len(text.split()) for text, _ in articles)} words")
    table(["", "source F1", "cue F1", "content F1", "CPU s", "MiB"], rows)


def read(folder: Path) -> list[tuple[str, Spans]]:
    """Articles with their gold spans; where several people annotated one, the first file by name."""
    articles = []
    annotations = sorted((folder / "attributions").glob("*.ann"))
    for path in sorted((folder / "text").glob("*.txt")):
        own = [a for a in annotations if _HASHED.sub("", a.stem) == path.stem]
        if own:
            text = path.read_text(encoding="utf-8")
            articles.append((text, _gold(text, own[0].read_text(encoding="utf-8"))))
    if not articles:
        raise SystemExit(f"{folder}: no articles with annotations there; --data wants the folder that holds dev/")
    return articles


def score(found: list[set[tuple[int, int]]], gold: list[set[tuple[int, int]]]) -> tuple[float, float, float]:
    """Precision, recall and F1 of equal offsets, over all articles."""
    right = sum(len(f & g) for f, g in zip(found, gold))
    proposed, wanted = sum(map(len, found)), sum(map(len, gold))
    return right / max(1, proposed), right / max(1, wanted), 2 * right / max(1, proposed + wanted)


def _proposed(text: str, place: dict[str, Path]) -> Spans:
    proposals = learned.propose(text, **place)
    return {channel: {(p.start, p.end) for p in proposals.of(channel)} for channel in CHANNELS}


def _told(text: str, learned: bool, **place: Path) -> Spans:
    spans: Spans = {channel: set() for channel in CHANNELS}
    for said in attributions(text, learned=learned, **place):
        spans["cue"].add((said.cue.start, said.cue.end))
        spans["content"].update((c.start, c.end) for c in said.contents)
        if said.source is not None:
            spans["source"].add((said.source.start, said.source.end))
    return spans


def _gold(text: str, brat: str) -> Spans:
    spans: Spans = {channel: set() for channel in CHANNELS}
    for line in brat.splitlines():
        if mark := _BRAT.match(line):
            joined: list[tuple[int, int]] = []
            for start, end in sorted(tuple(int(n) for n in part.split()) for part in mark[2].split(";")):
                if joined and not text[joined[-1][1] : start].strip():
                    joined[-1] = (joined[-1][0], end)
                else:
                    joined.append((start, end))
            spans[mark[1].lower()].update(joined)
    return spans


if __name__ == "__main__":
    main()
