"""The list of armed actors: which words of a text name which of them. Users may add a file of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ._data import cells, rows, word_set


@dataclass(frozen=True, slots=True)
class ArmedActor:
    """One row of actors.tsv."""

    id: str
    name: str
    kind: str
    countries: tuple[str, ...]


class ActorIndex:
    """Finds names and aliases of armed actors in text. `extra` are files of the same columns as data/actors.tsv."""

    def __init__(self, extra: Sequence[Path] = ()) -> None:
        self.by_id: dict[str, ArmedActor] = {}
        exact: dict[str, str] = {}
        loose: dict[str, str] = {}
        for row in [*rows("actors.tsv"), *(r for path in extra for r in rows(path))]:
            identity, name, kind, countries, aliases = (*row, "", "", "", "", "")[:5]
            self.by_id[identity] = ArmedActor(identity, name, kind, tuple(countries.split()))
            for alias in [name, *cells(aliases, ";")]:
                if alias.startswith("="):
                    exact[alias[1:]] = identity
                else:
                    loose[_key(alias)] = identity
        self._ids = {**{_key(a): i for a, i in exact.items()}, **loose}
        self._exact = _pattern(exact, 0)
        self._loose = _pattern(loose, re.IGNORECASE)
        # A short alias is a common word in lower case ('is'): there it needs three letters and no cased sibling.
        self._lowered = _pattern([a.lower() for a in exact if len(a) > 2 and a.lower() not in _ORDINARY], 0)

    def find(self, text: str, uncased: bool = False) -> list[tuple[int, int, ArmedActor]]:
        """(start, end, actor) of every name in `text`, in order; `uncased` for text without capitals."""
        found = [(m.start(), m.end()) for p in (self._exact, self._loose) for m in p.finditer(text)]
        if uncased:
            found += [(m.start(), m.end()) for m in self._lowered.finditer(text)]
        out: list[tuple[int, int, ArmedActor]] = []
        last = -1
        for start, end in sorted(found, key=lambda x: (x[0], -x[1])):
            if start >= last:
                out.append((start, end, self.by_id[self._ids[_key(text[start:end])]]))
                last = end
        return out


_ORDINARY = word_set("ordinary")


def _key(alias: str) -> str:
    return re.sub(r"[\s-]+", " ", alias).casefold()


def _pattern(aliases: Sequence[str] | dict[str, str], flags: int) -> re.Pattern[str]:
    parts = [re.escape(a).replace(r"\ ", r"[\s-]+").replace(r"\-", r"[\s-]+") for a in aliases if a]
    body = "|".join(sorted(parts, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{body})(?!\w|-[A-Z])", flags)
