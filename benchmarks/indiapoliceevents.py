"""IndiaPoliceEvents: which sentences say that police killed, arrested, used force, failed to act.

`python benchmarks/indiapoliceevents.py --data ../shared/corpora/indiapoliceevents [--part dev] [--show KILL]`

Each document is the corpus's own sentences, joined; a claim counts for the sentence that its trigger stands in. Police
are claims' perpetrators of kind police (and, as the corpus's guidelines count paramilitary police and soldiers who keep
order, state_force); an arrest with no perpetrator told is one by police. 'Failed to act' is no act of the code list,
so nothing is answered there. The published row is the corpus's keyword baseline.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

from _common import arguments, measured, table

from marsad.claims import extract
from marsad.model import Claim, Report

LABELS = ("KILL", "ARREST", "FORCE", "FAIL", "ANY_ACTION")
PUBLISHED = ("keyword baseline (Halterman et al., 2021)", 0.50, 0.48, 0.65, 0.045, 0.66)
POLICE = {"police", "state_force"}
FORCE = {"killing", "injury", "torture", "ground_attack", "bombardment", "explosion"}
FORCEFUL_MEANS = {"tear_gas", "beating", "shooting"}


def main() -> None:
    parser = arguments(__doc__, "folder with dev/sents.jsonl and dev/docs.jsonl")
    parser.add_argument("--part", default="dev")
    parser.add_argument("--show", help="print the misses and false finds of this label")
    given = parser.parse_args()
    documents = read(given.data / given.part)
    counts = {label: [0, 0, 0] for label in LABELS}
    with measured() as cost:
        for number, sentences in documents.items():
            for gold, found, text in answer(number, sentences):
                for label in LABELS:
                    right, said = label in gold, label in found
                    counts[label][0] += right and said
                    counts[label][1] += said and not right
                    counts[label][2] += right and not said
                    if label == given.show and right != said:
                        print("MISS " if right else "FALSE", text)
    f1 = [2 * hit / (2 * hit + false + miss) if hit else 0.0 for hit, false, miss in counts.values()]
    for label, (hit, false, miss) in counts.items():
        print(
            f"{label}: precision {hit / max(1, hit + false):.3f} recall {hit / max(1, hit + miss):.3f} ({hit + miss})"
        )
    print(f"{len(documents)} articles, {sum(map(len, documents.values()))} sentences")
    rows = [["Marsad, structure", *f1, f"{cost.cpu:.1f}", f"{cost.memory:.0f}"], [*PUBLISHED, None, None]]
    table(["", *(f"{label.lower()} F1" for label in LABELS), "CPU s", "MiB"], rows)


def read(folder: Path) -> dict[int, list[tuple[str, set[str]]]]:
    """Document → its sentences in order, with their labels."""
    out: dict[int, list[tuple[str, set[str]]]] = defaultdict(list)
    for line in (folder / "sents.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        out[row["doc_id"]].append((row["sent_text"], set(row["sent_labels"])))
    return out


def answer(number: int, sentences: list[tuple[str, set[str]]]) -> list[tuple[set[str], set[str], str]]:
    """(gold labels, our labels, sentence) for each sentence of one document."""
    text, starts = "", []
    for sentence, _ in sentences:
        starts.append(len(text))
        text += sentence.rstrip() + " "
    found: dict[int, set[str]] = defaultdict(set)
    for claim in extract(Report(str(number), "x", text=text, published="2002-03-15")):
        at = max(i for i, start in enumerate(starts) if start <= claim.trigger.start)
        found[at] |= labels(claim)
    return [(gold, found[i], sentence) for i, (sentence, gold) in enumerate(sentences)]


def labels(claim: Claim) -> set[str]:
    """The corpus's labels that a claim amounts to."""
    out: set[str] = set()
    if claim.certainty == "denied":
        return out
    police = any(p.kind in POLICE for p in claim.perpetrators)
    if claim.act == "detention" and (police or not claim.perpetrators):
        out |= {"ARREST", "ANY_ACTION"}
    if police and claim.act in FORCE:
        out |= {"FORCE", "ANY_ACTION"}
        if claim.act == "killing":
            out.add("KILL")
    if police:
        out.add("ANY_ACTION")
    return out


if __name__ == "__main__":
    main()
