"""Tie words for occurrences across reports: which 'shot', 'killed' and 'the shooting' speak of one and the same thing.

A finer cut than an incident: within what one occurrence is, the shots fired, each person hit, each wound and each death
are things of their own. Reports are first grouped by what they tell of (rare words that they share, names above all);
then each mention is put in a class by the words around it, and its victim is read from them where they give one.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ._cluster import cluster
from ._tellings import day
from ._words import data, fold_word, word_set

_FILE = "mentions.json"
_ALIKE = 0.13
"""Cosine of two reports' weighted words from which they may tell of one occurrence."""
_DAYS = 60


@dataclass(frozen=True, slots=True)
class Document:
    """A report in sentences of words."""

    id: str
    sentences: tuple[tuple[str, ...], ...]
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a sentence, [start, end), that speak of an occurrence."""

    id: str
    document: str
    sentence: int
    start: int
    end: int


def link_mentions(documents: Sequence[Document], mentions: Sequence[Mention]) -> dict[str, str]:
    """Mention id → name of the thing that it speaks of; equal names are one thing. Order changes nothing."""
    by_id = {d.id: d for d in documents}
    group = document_groups(documents)
    several = {group[d.id] for d in documents if _tells_of_both(d)}
    found: dict[str, str] = {}
    for m in mentions:
        document = by_id[m.document]
        words = tuple(fold_word(w) for w in document.sentences[m.sentence])
        about = kind_of(document.sentences[m.sentence], m.start, m.end)
        if _is_generic(words, m.start, m.end):
            found[m.id] = "generic"
        elif _is_other(words, document):
            found[m.id] = f"{group[m.document]} elsewhere"
        else:
            # Where nobody else was harmed, who shot himself is the victim.
            whose = _whose(words, m.start, m.end, about) if group[m.document] in several else ""
            found[m.id] = f"{group[m.document]} {about} {whose}".rstrip()
    return found


def document_groups(documents: Sequence[Document]) -> dict[str, str]:
    """Document id → the least id of the documents that tell of the same occurrence."""
    ordered = sorted(documents, key=lambda d: d.id)
    vectors = _vectors(ordered)
    holders: dict[str, list[int]] = defaultdict(list)
    for i, v in enumerate(vectors):
        for w in v:
            holders[w].append(i)
    scores: dict[tuple[int, int], float] = defaultdict(float)
    for w, held in holders.items():
        for n, i in enumerate(held):
            for j in held[n + 1 :]:
                scores[i, j] += vectors[i][w] * vectors[j][w]
    days = [day(d.published) for d in ordered]

    def clash(i: int, j: int) -> bool:
        one, two = days[i], days[j]
        return one is not None and two is not None and abs(one - two) > _DAYS

    groups = cluster(len(ordered), dict(scores), _ALIKE, clash=clash)
    return {ordered[i].id: ordered[g[0]].id for g in groups for i in g}


def kind_of(sentence: Sequence[str], start: int, end: int) -> str:
    """The class of a mention: 'death', 'injury', 'hit', 'firing', 'whole' or, for a word that is in no list, itself."""
    lists = data(_FILE)
    words = [fold_word(w) for w in sentence]
    said = " ".join(words[start:end])
    if any(b in said for b in lists["both"]):
        return "death"
    if said in ("shot", "shoot", "shoots", "shooting"):
        return _shooting(sentence, words, start, end)
    classes: Mapping[str, list[str]] = lists["classes"]
    phrases = [(w, c) for c, ws in classes.items() for w in ws if " " in w and w in said]
    if phrases:
        return max(phrases, key=lambda p: (len(p[0]), p))[1]
    single = {w: c for c, ws in classes.items() for w in ws}
    for w in said.replace("-", " ").split():
        if w in single:
            return single[w]
        if w.startswith(("shot", "shoot", "gun", "fire")):
            return "firing"
    return said


def _shooting(sentence: Sequence[str], words: Sequence[str], start: int, end: int) -> str:
    before = words[start - 1] if start else ""
    after = words[end] if end < len(words) else ""
    named = end < len(words) and (sentence[end][:1].isupper() or sentence[end][:1].isdigit())
    lists = data(_FILE)
    if words[start] == "shot":
        return "firing" if before in lists["articles"] and after != "by" else "hit"
    if words[start] != "shooting":
        return "hit"
    if after in lists["shooting_nouns"]:
        return "firing"
    if after in lists["self"] or (before in lists["before_object"] and (after in lists["objects"] or named)):
        return "hit"
    if before in ("fatal", "deadly") and after == "of":
        return "hit"
    # 'The shooting happened at noon' speaks of all of it, 'a fatal shooting' of the shots.
    return "whole" if before in ("the", "this", "that") and after != "of" else "firing"


def _whose(words: Sequence[str], start: int, end: int, about: str) -> str:
    """Whose death, wound or hit it is, as far as the words say: of all, of whoever did it, or (empty) of the victim."""
    if about not in ("death", "injury", "hit"):
        return ""
    lists = data(_FILE)
    said = " ".join(words[start:end])
    if about == "death" and any(b in said for b in lists["both"]):
        return "of all"
    near = words[start : end + 3]
    text = " ".join(words[max(0, start - 4) : end + 4])
    if any(w in near for w in lists["self"]) or "suicide" in said or any(p in text for p in lists["self_words"]):
        return "of whoever did it"
    before = words[max(0, start - 4) : start]
    return "of all" if about == "death" and any(w in lists["several"] for w in before) else ""


def _tells_of_both(document: Document) -> bool:
    texts = [" ".join(fold_word(w) for w in s) for s in document.sentences]
    return any(b in t for t in texts for b in data(_FILE)["both"])


def _is_generic(words: Sequence[str], start: int, end: int) -> bool:
    return any(w in word_set(_FILE, "plural_generic") for w in words[start:end])


def _is_other(words: Sequence[str], document: Document) -> bool:
    """The sentence looks back to another time or away to another occurrence."""
    text = f" {' '.join(words)} "
    if any(f" {p} " in text for p in data(_FILE)["other_time"]):
        return True
    year = (document.published or "")[:4]
    return bool(year) and any(w.isdecimal() and len(w) == 4 and 1950 < int(w) < int(year) for w in words)


def _vectors(documents: Sequence[Document]) -> list[dict[str, float]]:
    """Each document's words, weighted by rarity and doubled where written as a name, at length one."""
    stop = word_set("words.json", "stop")
    counts: list[Counter[str]] = []
    names: set[str] = set()
    for d in documents:
        seen: Counter[str] = Counter()
        for s in d.sentences:
            for n, w in enumerate(s):
                f = fold_word(w)
                if len(f) < 3 or f in stop or not f[0].isalnum():
                    continue
                seen[f] += 1
                if n and w[:1].isupper():
                    names.add(f)
        counts.append(seen)
    held = Counter(w for c in counts for w in c)
    n = len(documents)
    vectors = []
    for c in counts:
        raw = {
            w: (1 + math.log(k)) * math.log(n / held[w]) * (2 if w in names else 1) for w, k in c.items() if held[w] < n
        }
        length = math.sqrt(sum(x * x for x in raw.values())) or 1.0
        vectors.append({w: x / length for w, x in raw.items()})
    return vectors
