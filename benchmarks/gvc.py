"""Cross-document event coreference on the Gun Violence Corpus, on given mentions: MUC, B³, CEAF-e and CoNLL F1.

usage: python benchmarks/gvc.py --data FOLDER   (a folder with dev.json or test.json)
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from conll import average, conll

from marsad.incidents import Document, Mention, document_groups, link_mentions


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
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
        print(
            f"  documents grouped by what they tell of: B³ {docs['b3'].f1 * 100:.1f}, CoNLL {average(docs) * 100:.1f}"
        )


if __name__ == "__main__":
    main()
