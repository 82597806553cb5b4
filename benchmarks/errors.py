"""Errors on the development parts, drawn at random to be read: what `docs/explanation/errors.md` counts.

`python benchmarks/errors.py --data ../shared/corpora [--seed 7]` prints each with its report and words; nothing is
kept. The same seed, corpora and engine draw the same errors.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hrdsattack
import indiapoliceevents
import muc4
import polnear
from _common import arguments

DRAWN = {"muc4": (60, 50), "hrdsattack": (40, 30), "indiapoliceevents": (260, 30), "polnear": (22, 40)}
"""Corpus → reports that are read, errors that are drawn from theirs."""


def main() -> None:
    """Print the draw."""
    parser = arguments(__doc__, "the folder of the shared corpora")
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    number = 0
    for name, (reports, errors) in DRAWN.items():
        found = list(FOUND[name](given.data / name, random.Random(given.seed), reports))
        for error in random.Random(given.seed).sample(found, min(errors, len(found))):
            number += 1
            where = f"{number} {name} {error['report']} {error['kind']} {error['of']}"
            print(f"{where} | gold {error['gold']} | ours {error['ours']}", flush=True)
            print(f"    {' '.join(error['words'].split())}\n")


def in_muc4(folder: Path, draw: random.Random, most: int) -> Iterator[dict[str, Any]]:
    """Role fillers missed and found wrongly."""
    lines = (folder / "role_fillers" / "dev.json").read_text(encoding="utf-8").splitlines()
    heads, reader = muc4.headers(folder / "templates" / "dev"), muc4.readers()[muc4.BOTH]
    for row in draw.sample([json.loads(line) for line in lines], most):
        text = row["doctext"]
        report = row["docid"]
        found, _ = reader(report, text, heads.get(report))
        for role in muc4.ROLES:
            gold = [{m[0] for m in entity} for entity in row["extracts"][role]]
            left = list(found[role])
            for names in gold:
                hit = next((w for w in left if w in names), None)
                if hit is not None:
                    left.remove(hit)
                else:
                    yield _error(report, "miss", role, names, found[role], _around(text, min(map(text.find, names))))
            for words in left:
                yield _error(report, "false", role, gold, words, _around(text, text.find(words)))


def in_hrdsattack(folder: Path, draw: random.Random, most: int) -> Iterator[dict[str, Any]]:
    """Violations missed and added, and other answers that are not the corpus's."""
    rows = json.loads((folder / "dev.json").read_text(encoding="utf-8"))
    for n in draw.sample(range(len(rows)), most):
        gold, ours = rows[n]["gold"], hrdsattack.answer(n, rows[n])
        words = f"{rows[n]['title']} | {re.sub(r'<[^>]+>', ' ', rows[n]['html'])}"[:3000]
        wanted = set(gold["violation_types"]) - {"unknown"}
        for act in sorted(wanted ^ ours["violations"]):
            yield _error(n, "miss" if act in wanted else "false", act, wanted, ours["violations"], words)
        for name, truth in hrdsattack.facts(gold).items():
            if truth is not None and not hrdsattack.same(name, truth, ours[name]):
                yield _error(n, "wrong", name, truth, ours[name], words)


def in_india(folder: Path, draw: random.Random, most: int) -> Iterator[dict[str, Any]]:
    """Sentences whose labels of killing, arrest or force differ."""
    documents = indiapoliceevents.read(folder / "dev")
    for number in draw.sample(sorted(documents), most):
        before: list[str] = []
        for gold, found, sentence in indiapoliceevents.answer(number, documents[number]):
            for label in ("KILL", "ARREST", "FORCE"):
                if (label in gold) != (label in found):
                    kind = "miss" if label in gold else "false"
                    yield _error(
                        number, kind, label, sorted(gold), sorted(found), f"{' '.join(before[-3:])} >> {sentence}"
                    )
            before.append(sentence)


def in_polnear(folder: Path, draw: random.Random, most: int) -> Iterator[dict[str, Any]]:
    """Sources, cues and contents that are not the same to the letter."""
    for report, (text, gold) in draw.sample(list(enumerate(polnear.read(folder / "dev"))), most):
        ours = polnear._told(text, learned=True)
        for channel in polnear.CHANNELS:
            for kind, these, others in (
                ("miss", gold[channel], ours[channel]),
                ("false", ours[channel], gold[channel]),
            ):
                for start, end in sorted(these - others):
                    near = [text[a:b] for a, b in sorted(others) if a < end and start < b]
                    own = text[start:end]
                    gold_ours = (own, near) if kind == "miss" else (near, own)
                    yield _error(report, kind, channel, *gold_ours, _around(text, start))


FOUND = {"muc4": in_muc4, "hrdsattack": in_hrdsattack, "indiapoliceevents": in_india, "polnear": in_polnear}


def _error(report: object, kind: str, of: str, gold: object, ours: object, words: str) -> dict[str, Any]:
    return {"report": report, "kind": kind, "of": of, "gold": gold, "ours": ours, "words": words}


def _around(text: str, at: int, reach: int = 400) -> str:
    return f"{text[max(0, at - reach) : max(0, at)]} >> {text[max(0, at) : at + reach]}"


if __name__ == "__main__":
    main()
