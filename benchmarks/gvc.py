"""Cross-document event coreference on the Gun Violence Corpus: MUC, B³, CEAF-e and CoNLL F1.

usage: python benchmarks/gvc.py --data FOLDER [--given]   (a folder with dev.json or test.json)

Twice: on the mentions that are given, and end to end, on the words that our own reading takes for acts. There a
mention is found where its words are those of the corpus; 'by a shared word' lets 'shot dead' stand for 'shot'. What is
not found is a cluster of its own on the corpus's side, what is found too much one on ours (Pradhan et al. 2014).
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent))

from conll import average, conll

from marsad.claims import extract_many
from marsad.incidents import Document, Mention, document_groups, link_mentions
from marsad.model import Report

if TYPE_CHECKING:
    from collections.abc import Callable


def read(path: Path) -> tuple[list[Document], list[Mention], dict[str, str], dict[str, str]]:
    """Documents, mentions, the gold cluster of each mention, and the gold topic of each document."""
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    documents, mentions = [], []
    gold: dict[str, str] = {}
    for row in rows:
        sentences = tuple(tuple(s) for s in row["sentences"])
        first = " ".join(sentences[0]) if sentences else ""
        published = first if len(first) == 10 and first[:4].isdecimal() else None
        documents.append(Document(row["doc_id"], sentences, published))
        for m in row["mentions"]:
            mentions.append(Mention(m["id"], row["doc_id"], m["sentence"], m["start"], m["end"] + 1))
            gold[m["id"]] = m["cluster"]
    return documents, mentions, gold, {r["doc_id"]: r["topic"] for r in rows}


def own_mentions(documents: list[Document]) -> list[Mention]:
    """The triggers of all claims that the engine makes of the documents, as words of their sentences."""
    reports, at = [], {}
    for d in documents:
        text, where = "", []
        for n, sentence in enumerate(d.sentences):
            for m, word in enumerate(sentence):
                where.append((len(text), len(text) + len(word), n, m))
                text += word + (" " if m + 1 < len(sentence) else "")
            text += "\n\n"
        reports.append(Report(d.id, d.id, language="en", published=d.published, text=text))
        at[d.id] = where
    found: dict[tuple[str, int, int, int], Mention] = {}
    for report, claims in zip(reports, extract_many(reports), strict=True):
        for c in claims:
            words = [(n, m) for s, e, n, m in at[report.id] if s < c.trigger.end and c.trigger.start < e]
            if words:
                key = (report.id, words[0][0], words[0][1], words[-1][1] + 1)
                found.setdefault(key, Mention(" ".join(map(str, key)), *key))
    return list(found.values())


def end_to_end(documents: list[Document], given: list[Mention], gold: dict[str, str]) -> None:
    """Print how many of the given mentions our own reading finds, and the scores of linking those that it finds."""
    own = own_mentions(documents)
    clusters = link_mentions(documents, own)
    for name, same in (("the same words", _exact), ("a shared word", _overlapping)):
        pairs = _aligned(given, own, same)
        renamed = {pairs.get(m.id, f"ours {m.id}"): clusters[m.id] for m in own}
        scores = conll(gold, renamed)
        columns = "  ".join(f"{s.f1 * 100:5.1f}" for s in scores.values())
        precision, recall = len(pairs) / max(1, len(own)), len(pairs) / max(1, len(given))
        f1 = 2 * precision * recall / (precision + recall) if pairs else 0.0
        print(f"  end to end, by {name}: {len(own)} mentions found, precision {precision * 100:.1f}, "
              f"recall {recall * 100:.1f}, F1 {f1 * 100:.1f}")  # fmt: skip
        print(f"  {'':<17} {columns}  {average(scores) * 100:5.1f}")
        held = set(pairs.values())
        inside = conll({m: c for m, c in gold.items() if m in held}, {m: c for m, c in renamed.items() if m in held})
        columns = "  ".join(f"{s.f1 * 100:5.1f}" for s in inside.values())
        print(f"  {'of those found':<17} {columns}  {average(inside) * 100:5.1f}")


def _aligned(given: list[Mention], own: list[Mention], same: Callable[[Mention, Mention], bool]) -> dict[str, str]:
    """Our mention's id → the id of the given one that it stands for, each at most once."""
    by_sentence: dict[tuple[str, int], list[Mention]] = {}
    for m in given:
        by_sentence.setdefault((m.document, m.sentence), []).append(m)
    pairs: dict[str, str] = {}
    taken: set[str] = set()
    for m in sorted(own, key=lambda o: (o.document, o.sentence, o.start, o.end)):
        hit = next((g for g in by_sentence.get((m.document, m.sentence), ()) if g.id not in taken and same(g, m)), None)
        if hit is not None:
            pairs[m.id] = hit.id
            taken.add(hit.id)
    return pairs


def _exact(a: Mention, b: Mention) -> bool:
    return (a.start, a.end) == (b.start, b.end)


def _overlapping(a: Mention, b: Mention) -> bool:
    return a.start < b.end and b.start < a.end


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--given", action="store_true", help="only on the mentions that are given")
    args = parser.parse_args()
    files = sorted(args.data.glob("*.json"))
    if not files:
        raise SystemExit(f"{args.data}: no JSON file of the corpus there.")
    for path in files:
        documents, mentions, gold, topics = read(path)
        found = link_mentions(documents, mentions)
        words = {
            m.id: " ".join(d.sentences[m.sentence][m.start : m.end]).casefold()
            for d in documents
            for m in mentions
            if m.document == d.id
        }
        docs = conll(topics, document_groups(documents))
        print(f"{path.name}: {len(documents)} documents, {len(mentions)} mentions, {len(set(gold.values()))} clusters")
        print("                     MUC    B³     CEAF-e CoNLL")
        for name, partition in (("same words", words), ("shipped linker", found)):
            scores = conll(gold, partition)
            columns = "  ".join(f"{s.f1 * 100:5.1f}" for s in scores.values())
            print(f"  {name:<17} {columns}  {average(scores) * 100:5.1f}")
        if not args.given:
            end_to_end(documents, mentions, gold)
        print(
            f"  documents grouped by what they tell of: B³ {docs['b3'].f1 * 100:.1f}, CoNLL {average(docs) * 100:.1f}"
        )


if __name__ == "__main__":
    main()
