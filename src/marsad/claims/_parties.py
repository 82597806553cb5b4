"""Armed parties that no list knows, by the head word of their names ('Ember Front', 'Provisional Guard')."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from ._actor_index import ArmedActor
from ._data import cells, rows, word_set
from ._lexicon import lexicon
from ._place_names import known_place

Hit = tuple[int, int, ArmedActor]

_LEAD = word_set("name_leads")
"""A capital at the start of a sentence makes no such word part of a name."""
_MARK = "party:"
_ADJECTIVE = ("ist", "ish", "ian", "ese", "ern", "led", "backed")


@dataclass(frozen=True, slots=True)
class _Head:
    kind: str
    other: dict[str, str | None]
    """Word before it → the kind that the two make together, None where they name no armed party."""


class Parties:
    """The parties that one report names by a capitalised name with a known head word; `find` gives their mentions.

    'the Guard' alone stands for 'the Provisional Guard' where the report names one party with that head.
    """

    def __init__(self, flat: str, known: list[tuple[int, int]]) -> None:
        """`known` are the offsets of names that the list of armed actors has: they are not read again."""
        self._hits: list[Hit] = []
        by_head: dict[str, set[str]] = {}
        found: dict[str, ArmedActor] = {}
        for m in _pattern().finditer(flat):
            if any(a < m.end() and m.start() < b for a, b in known):
                continue
            read = _read(m)
            if read is None:
                continue
            start, name, kind = read
            actor = found.setdefault(name.casefold(), ArmedActor(_MARK + name.casefold(), name, kind, ()))
            by_head.setdefault(m.group("head"), set()).add(name.casefold())
            self._hits.append((start, m.end(), actor))
        for m in _fighters().finditer(flat):
            start, name = m.start("name"), m.group("name")
            first = name.split()[0]
            if first.casefold() in word_set("always_capital") | _LEAD and " " in name:
                start, name = start + len(first) + 1, name[len(first) + 1 :]  # 'On Monday Nyatura fighters'
            if _made_up(name) and not any(
                a < m.end() and m.start() < b for a, b in (*known, *(h[:2] for h in self._hits))
            ):
                actor = found.setdefault(name.casefold(), ArmedActor(_MARK + name.casefold(), name, "armed_group", ()))
                self._hits.append((start, m.end("name"), actor))
        for head, names in by_head.items():
            if len(names) > 1:
                continue
            actor = found[next(iter(names))]
            for m in re.finditer(rf"(?<=\b[Tt]he ){head}(?!\w)(?! [A-Z])", flat):
                if not any(a < m.end() and m.start() < b for a, b, _ in self._hits):
                    self._hits.append((m.start(), m.end(), actor))
        self._hits.sort(key=lambda h: h[:2])

    def find(self, start: int, end: int) -> list[Hit]:
        """The mentions inside [start, end) of the report, with offsets from `start`."""
        return [(a - start, b - start, actor) for a, b, actor in self._hits if start <= a and b <= end]


def listed(identity: str | None) -> str | None:
    """The id as a record may hold it: None for a party that only its name tells of."""
    return None if identity is None or identity.startswith(_MARK) else identity


def _read(m: re.Match[str]) -> tuple[int, str, str] | None:
    words = m.group("words").split()
    start = m.start()
    while words and words[0].casefold() in _LEAD:
        start += len(words[0]) + 1
        words = words[1:]
    if not words:
        return None
    head = _heads()[m.group("head").casefold()]
    before = words[-1].casefold().removesuffix("'s")
    kind = head.kind
    if before in head.other:
        other = head.other[before]
        if other is None:
            return None
        kind = other
    return start, " ".join([*words, m.group("head")]), kind


def _made_up(name: str) -> bool:
    """Whether a name before 'fighters' is a group's own: of no country, people or town ('Nyatura fighters')."""
    lex = lexicon()
    words = name.casefold().split()
    common = any(w in lex.demonyms or w in lex.people or w in _LEAD or w.endswith(_ADJECTIVE) for w in words)
    return not common and not any(known_place(n) for n in {name, *name.split()})


@functools.cache
def _fighters() -> re.Pattern[str]:
    words = "|".join(sorted(word_set("fighters"), key=len, reverse=True))
    return re.compile(rf"(?<=[a-z,] )(?P<name>[A-Z][\w'-]+(?: [A-Z][\w'-]+)?) (?:{words})(?!\w)")


@functools.cache
def _heads() -> dict[str, _Head]:
    found = {}
    for row in rows("parties.tsv"):
        word, kind, others = (*row, "", "")[:3]
        pairs = [c.partition("=") for c in cells(others)]
        found[word] = _Head(kind, {w: k or None for w, _, k in pairs})
    return found


@functools.cache
def _pattern() -> re.Pattern[str]:
    heads = "|".join(sorted((h.capitalize() for h in _heads()), key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?P<words>(?:[A-Z][\w'-]*[ ]){{1,4}})(?P<head>{heads})(?![\w-])")
