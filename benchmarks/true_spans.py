"""Whether every span of every claim, over every report of the shared corpora, is the report's own words.

`python benchmarks/true_spans.py --data ../shared/corpora [--most 1000000] [--structure]`

Counts claims, spans, spans whose words are not `text[start:end]`, and reports that raised; exits with 1 where there is
any of the last two. `tests/claims/test_spans.py` holds the same over generated texts and a few reports of each corpus.
"""

from __future__ import annotations

import random
import sys
import traceback
from pathlib import Path

from _common import arguments, measured, table
from _texts import load

from marsad.claims import Engine
from marsad.model import Report

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "claims"))
from spans import spans


def main() -> None:
    """Print the table."""
    parser = arguments(__doc__, "the folder of the shared corpora")
    parser.add_argument("--most", type=int, default=10**6, help="so many reports of each corpus, drawn with a seed")
    parser.add_argument("--structure", action="store_true", help="without the learned layer")
    given = parser.parse_args()
    engine = Engine(learned=not given.structure)
    rows, bad = [], 0
    for folder in sorted(p for p in given.data.iterdir() if p.is_dir()):
        texts = load(folder)
        if len(texts) > given.most:
            texts = random.Random(5).sample(texts, given.most)
        claims = held = false = raised = 0
        with measured() as cost:
            for n, text in enumerate(texts):
                try:
                    found = engine.extract(Report(f"r{n}", "x", text=text, published="2020-06-01"))
                except Exception:  # noqa: BLE001 - what is counted here is that anything raises at all
                    traceback.print_exc()
                    raised += 1
                    continue
                claims += len(found)
                for span in spans(found):
                    held += 1
                    if text[span.start : span.end] != span.text or not 0 <= span.start <= span.end <= len(text):
                        false += 1
                        print(f"{folder.name} {n}: {span!r} is {text[span.start : span.end]!r}")
        bad += false + raised
        rows.append([folder.name, len(texts), claims, held, false, raised, f"{cost.cpu:.0f}"])
    table(["corpus", "reports", "claims", "spans", "false", "raised", "CPU s"], rows)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
