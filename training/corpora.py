"""Readers: each corpus to `Example`s, with the spans of each channel as code-point offsets into its text."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from marsad.claims.learned import rough_sentences

ROLES = {"PerpInd": "perp_ind", "PerpOrg": "perp_org", "Target": "target", "Victim": "victim", "Weapon": "weapon"}
_BRAT = re.compile(r"T\d+\t(Source|Cue|Content) ([\d ;]+)\t")
_HASHED = re.compile(r"_[0-9a-f]{4}$")


@dataclass(slots=True)
class Example:
    """A text, what is marked in it, and which tasks its markings are complete for."""

    id: str
    text: str
    tasks: frozenset[str]
    """Of 'roles', 'attribution', 'inner', 'factuality', 'gate', 'violation': what is absent there is unknown."""
    spans: list[tuple[str, int, int]] = field(default_factory=list)
    weak: list[tuple[str, int, int]] = field(default_factory=list)
    """Spans that rules marked, not people: learned from, but a text is not taken for marked by them."""
    factuality: list[tuple[int, int, float]] = field(default_factory=list)
    pooled: dict[str, float] = field(default_factory=dict)
    gold: object = None
    """The corpus's own record, for scoring."""

    def segments(self) -> list[tuple[int, int]]:
        """Rough sentences, as [start, end)."""
        return rough_sentences(self.text)


def muc4(path: Path) -> Iterator[Example]:
    """MUC-4 role fillers: every occurrence of a filler's words in the document is marked."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = row["doctext"]
        spans = set()
        for role, entities in row["extracts"].items():
            for mention in {m for entity in entities for m, _ in entity}:
                for hit in re.finditer(rf"(?<!\w){re.escape(mention)}(?!\w)", text):
                    spans.add((ROLES[role], hit.start(), hit.end()))
        yield Example(row["docid"], text, frozenset({"roles", "gate"}), _widest(spans), gold=row["extracts"])


def polnear(folder: Path) -> Iterator[Example]:
    """PolNeAR: brat spans; each fragment of a discontinuous span is a span, fragments that touch are one."""
    for path in sorted((folder / "text").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        annotated = sorted(p for p in (folder / "attributions").glob("*.ann") if _HASHED.sub("", p.stem) == path.stem)
        if not annotated:
            continue
        spans: set[tuple[str, int, int]] = set()
        for line in annotated[0].read_text(encoding="utf-8").splitlines():
            if mark := _BRAT.match(line):
                for start, end in _joined(text, mark[2]):
                    spans.add((mark[1].lower(), start, end))
        yield Example(path.stem, text, frozenset({"attribution"}), sorted(spans, key=lambda s: s[1:]))


def factuality(path: Path) -> Iterator[Example]:
    """UW factuality: tokens joined by blanks, a value in [-3, 3] for each event word."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        tokens = row["text"].split(" ")
        starts = [0]
        for token in tokens:
            starts.append(starts[-1] + len(token) + 1)
        values = [(starts[t["span1"][0]], starts[t["span1"][1]] - 1, t["label"]) for t in row["targets"]]
        yield Example(f"uw-{number}", row["text"], frozenset({"factuality"}), factuality=values)


def hrdsattack(path: Path) -> Iterator[Example]:
    """HRDsAttack: violation types and the perpetrator's type, for the whole article."""
    for number, row in enumerate(json.loads(path.read_text(encoding="utf-8"))):
        body = re.sub(r"<(?:/p|br\s*/?|/h\d|/li)>", "\n", row["html"])
        body = html.unescape(re.sub(r"<[^>]+>", " ", body))
        gold = row["gold"]
        pooled = {f"violation:{name}": 1.0 for name in gold["violation_types"]}
        pooled[f"perpetrator:{(gold['perpetrator_type'] or 'none').lower()}"] = 1.0
        yield Example(f"hrds-{number}", f"{row['title']}\n{body}", frozenset({"violation"}), pooled=pooled, gold=gold)


def own(path: Path) -> Iterator[Example]:
    """The corpus of our own, as `training.corpus.generate` writes it."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Example(
            row["id"],
            row["text"],
            frozenset({"roles", "attribution", "inner", "factuality"}),
            [(s["channel"], s["start"], s["end"]) for s in row["spans"]],
            factuality=[(s["start"], s["end"], s["value"]) for s in row["factuality"]],
        )


def weakly(examples: Iterator[Example], silver: dict[str, list[tuple[str, int, int]]]) -> Iterator[Example]:
    """The examples with the weak labels of attribution beside their own marks, where there are any for the text."""
    for example in examples:
        if example.id in silver:
            example = replace(example, tasks=example.tasks | {"attribution"}, weak=silver[example.id])
        yield example


def articles(path: Path, silver: dict[str, list[tuple[str, int, int]]]) -> Iterator[Example]:
    """The whole articles of HRDsAttack for their weak labels alone: their own are learned from the first windows."""
    for example in weakly(hrdsattack(path), silver):
        yield replace(example, tasks=frozenset({"attribution"}), spans=example.weak, weak=[], pooled={})


def silver(path: Path) -> dict[str, list[tuple[str, int, int]]]:
    """Weak labels by the id of the example, as `training.silver` writes them."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {row["id"]: [(s["channel"], s["start"], s["end"]) for s in row["spans"]] for row in rows}


def _widest(spans: set[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Of spans that overlap in one channel, the widest."""
    kept: list[tuple[str, int, int]] = []
    for channel, start, end in sorted(spans, key=lambda s: (s[1] - s[2], s)):
        if not any(c == channel and start < e and s < end for c, s, e in kept):
            kept.append((channel, start, end))
    return sorted(kept, key=lambda s: s[1:])


def _joined(text: str, extents: str) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    for extent in sorted(tuple(int(n) for n in part.split()) for part in extents.split(";")):
        start, end = extent
        if pieces and not text[pieces[-1][1] : start].strip():
            pieces[-1] = (pieces[-1][0], end)
        else:
            pieces.append((start, end))
    return pieces
