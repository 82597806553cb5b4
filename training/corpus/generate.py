"""Write the corpus: `python -m training.corpus.generate --reports 4000 --seed 7 --out own.jsonl`."""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

from training.corpus.grammar import Grammar
from training.corpus.markup import Marked, parse

HAND = Path(__file__).parent / "by_hand"
HAND_SHARE = 0.4
"""Of the reports, how many are made of those written by hand, with names drawn anew."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    with given.out.open("w", encoding="utf-8") as out:
        for record in reports(given.reports, given.seed):
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


def reports(how_many: int, seed: int) -> Iterator[dict[str, object]]:
    """Yield fictional reports: id, style, text, spans (channel, start, end) and factuality (start, end, value)."""
    grammar = Grammar()
    written = by_hand()
    styles = sorted(grammar.plans)
    for number in range(how_many):
        rng = random.Random(f"{seed}/{number}")
        if rng.random() < HAND_SHARE:
            style, sentences = "by_hand", hand_report(written, grammar, rng)
        else:
            style = rng.choice(styles)
            sentences = report(grammar, rng.choice(grammar.plans[style]), rng)
        yield record(f"own-{seed}-{number}", style, sentences, rng)


def report(grammar: Grammar, plan: list[list[object]], rng: random.Random) -> list[Marked]:
    """Sentences by a plan of [rule, least, most]; '*' draws a new event."""
    slots = grammar.event(rng)
    sentences = []
    for rule, least, most in plan:
        for _ in range(rng.randint(int(str(least)), int(str(most)))):
            if rule == "*":
                slots = grammar.event(rng)
            else:
                sentences.append(parse(grammar.expand(f"{{{rule}}}", rng, slots, 3.0)))
    return sentences


def by_hand() -> list[list[str]]:
    """The reports written by hand: blocks of marked sentences, one a line, a blank line between blocks."""
    blocks: list[list[str]] = [[]]
    texts = [path.read_text(encoding="utf-8") for path in sorted(HAND.glob("*.txt"))]
    for line in "\n\n".join(texts).splitlines():
        if line.startswith("#"):
            continue
        if line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def hand_report(written: list[list[str]], grammar: Grammar, rng: random.Random) -> list[Marked]:
    """One to three blocks by hand, with the names in their slots drawn anew."""
    sentences = []
    for block in rng.sample(written, rng.randint(1, 3)):
        slots = grammar.event(rng)
        sentences += [parse(grammar.expand(line, rng, slots, 3.0)) for line in block]
    return sentences


def record(name: str, style: str, sentences: list[Marked], rng: random.Random) -> dict[str, object]:
    """Join sentences into paragraphs and move their offsets along."""
    text = ""
    spans: list[dict[str, object]] = []
    factuality: list[dict[str, object]] = []
    for sentence in sentences:
        if text:
            text += "\n\n" if rng.random() < 0.35 else " "
        at = len(text)
        text += sentence.text
        spans += [{"channel": c, "start": at + a, "end": at + b} for c, a, b in sentence.spans]
        factuality += [{"start": at + a, "end": at + b, "value": v} for a, b, v in sentence.events]
    return {"id": name, "style": style, "text": text, "spans": spans, "factuality": factuality}


if __name__ == "__main__":
    main()
