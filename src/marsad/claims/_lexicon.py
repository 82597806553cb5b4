"""The lexicons, read once from the data files and turned into look-ups by surface form."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ._data import cells, rows, word_set
from ._inflect import noun_forms, verb_forms

_WEAK = frozenset({"lives", "uses", "occupies", "denies", "hits"})
"""Frames of words that mostly say something else."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of acts.tsv: under which words an act may stand, and how its roles are found."""

    act: str
    pos: str
    frame: str
    object: str
    means: str
    head: str
    extra: str

    @property
    def pattern(self) -> str:
        """The pattern as the data file writes it; it names the rule in a claim's `why`."""
        return f"{self.head}+{self.extra}" if self.extra else self.head

    @property
    def following(self) -> re.Pattern[str]:
        """The words that must follow the head; "one's" stands for any of 'his', 'her', 'their'."""
        return _following(self.extra)


@dataclass(frozen=True, slots=True)
class PersonNoun:
    """What a noun says of the people that it stands for."""

    word: str
    sex: str | None
    age: str | None
    status: str
    kind: str


@dataclass(frozen=True, slots=True)
class Cue:
    """A reporting word: its kind (verb, noun, prep, show) and what it does to what is reported."""

    kind: str
    stance: str
    head: str
    extra: str


class Lexicon:
    """All look-ups by lower-cased surface form."""

    def __init__(self) -> None:
        self.triggers: dict[str, list[Entry]] = defaultdict(list)
        """Surface form, with spaces for hyphens → entries; for verbs the head's form only."""
        for act, pos, frame, obj, means, pattern in rows("acts.tsv"):
            head, _, extra = pattern.partition("+")
            entry = Entry(act, pos, frame, obj, means, head, extra)
            forms = verb_forms(head) if pos == "v" else noun_forms(head) if pos == "n" else {head}
            for form in forms:
                self.triggers[form.replace("-", " ")].append(entry)
        self.people = {
            form: PersonNoun(word, sex or None, age or None, status, kind)
            for word, sex, age, status, kind in rows("people.tsv")
            for form in noun_forms(word)
        }
        self.people.pop("", None)
        self.facilities = _by_form((r[0], cells(r[1])) for r in rows("facilities.tsv"))
        self.means = _by_form((r[0], cells(r[1])) for r in rows("means.tsv"))
        self.cues: dict[str, list[Cue]] = defaultdict(list)
        for kind, stance, words in rows("cues.tsv"):
            for word in cells(words):
                head, _, extra = word.partition("+")
                forms = verb_forms(head) if kind == "verb" else noun_forms(head) if kind != "prep" else {head}
                for form in forms:
                    self.cues[form].append(Cue(kind, stance, head, extra))
        self.control: dict[str, set[str]] = defaultdict(set)
        for effect, words in rows("control.tsv"):
            for word in cells(words):
                for form in verb_forms(word.partition("+")[0]) | noun_forms(word.partition("+")[0]):
                    self.control[form].add(effect)
        self.hedges = {w: strength for strength, words in rows("hedges.tsv") for w in cells(words)}
        self.source_kinds = [(kind, cells(words)) for kind, words in rows("sources.tsv")]
        self.demonyms = {word.lower(): (code, country) for word, code, country in rows("demonyms.tsv")}
        self.countries = {country.lower(): (code, country) for code, country in self.demonyms.values()}
        self.figurative = [
            (_regex(before, r"(?<!\w)(?:{})\W+$"), _regex(word, "{}"), _regex(after, r"\W+(?:{})(?!\w)"))
            for word, before, after in ((*row, "", "")[:3] for row in rows("figurative.tsv"))
        ]
        self.violent: frozenset[str] = frozenset()
        self.classes: dict[str, set[str]] = {row[0]: set(cells(row[1])) for row in rows("classes.tsv")}
        self.class_forms = {name: {f for w in words for f in noun_forms(w)} for name, words in self.classes.items()}
        self.violent = frozenset(self.class_forms["violent"])
        self.trigger_re = alternation(self.triggers)
        self.people_re = alternation(self.people)
        self._companions = {
            "person!": self.people_re,
            "child!": alternation(self.class_forms["child_word"] | {"them", "others", "him", "her"}),
            "uses": alternation(
                self.class_forms["role_use"] | self.class_forms["child_word"] | {"fight", "serve", "join", "fighting"}
            ),
            "lives": alternation(["life", "lives"]),
            "facility": alternation(f for f, kind in self.facilities.items() if kind in {"school", "hospital"}),
            "aid": alternation(self.class_forms["aid"] | word_set("relief_words")),
            "place": alternation(
                self.class_forms["weapon_subject"]
                | set(self.means)
                | {form for form, noun in self.people.items() if noun.kind in {"state_force", "armed_group"}}
            ),
        }
        self.hedge_re = alternation(self.hedges)
        self.means_re = alternation(self.means)

    def accompanied(self, entry: Entry, lower: str, start: int = 0, end: int | None = None) -> bool:
        """Whether the sentence at `start:end` holds what a weak word ('use', 'hit', 'deny') needs to stand for its act:
        a child or a fight, a weapon, aid. Other words need nothing so."""
        if entry.frame not in _WEAK and entry.object != "child!":
            return True
        pattern = self._companions.get(entry.frame) or self._companions.get(entry.object, self.people_re)
        return pattern.search(lower, start, len(lower) if end is None else end) is not None

    def person(self, *words: str) -> PersonNoun | None:
        """The entry of the longest tail of `words` that the list of people has ('child soldiers', 'soldiers')."""
        for i in range(len(words)):
            found = self.people.get(" ".join(words[i:]).replace(" - ", "-"))
            if found:
                return found
        return None

    def facility(self, *words: str) -> str | None:
        """The facility kind of the longest tail of `words`."""
        for i in range(len(words)):
            found = self.facilities.get(" ".join(words[i:]).replace(" - ", "-"))
            if found:
                return found
        return None


@functools.cache
def lexicon() -> Lexicon:
    """The one lexicon of this process."""
    return Lexicon()


@functools.cache
def _following(extra: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(extra)}\b".replace("one's", "(?:my|your|his|her|its|our|their)"))


def _by_form(entries: Iterable[tuple[str, list[str]]]) -> dict[str, str]:
    out: dict[str, str] = {}
    for code, words in entries:
        for word in words:
            for form in noun_forms(word):
                out.setdefault(form, code)
    return out


def alternation(forms: Iterable[str]) -> re.Pattern[str]:
    """One pattern over lower-case text for all forms, the longest that fits, with a space or a hyphen between words.

    Built as a tree of common beginnings, which is several times faster than a flat list of the forms.
    """
    tree: dict[str, Any] = {}
    for form in forms:
        node = tree
        for char in form:
            node = node.setdefault(" " if char == "-" else char, {})
        node[""] = {}
    return re.compile(rf"(?<![\w-])(?:{_branches(tree)})(?![\w])")


def _regex(cell: str, frame: str) -> re.Pattern[str] | None:
    """The comma-separated words of a cell ('*' for none) as one pattern; a word may be a regular expression."""
    words = [w for w in cells(cell) if w != "*"]
    return re.compile(frame.format("|".join(words))) if words else None


def _branches(node: dict[str, Any]) -> str:
    parts = [("[ -]{1,3}" if c == " " else re.escape(c)) + _branches(sub) for c, sub in sorted(node.items()) if c]
    if not parts:
        return ""
    body = parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"
    return f"(?:{body})?" if "" in node else body
