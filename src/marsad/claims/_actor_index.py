"""The list of armed actors: which words of a text name which of them. Users may add a file of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ._data import cells, rows, word_set
from ._lexicon import alternation


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
        self._spelling: dict[str, str] = {}
        loose: dict[str, str] = {}
        for row in [*rows("actors.tsv"), *(r for path in extra for r in rows(path))]:
            identity, name, kind, countries, aliases = (*row, "", "", "", "", "")[:5]
            self.by_id[identity] = ArmedActor(identity, name, kind, tuple(countries.split()))
            for alias in [name, *cells(aliases, ";")]:
                if alias.startswith("="):
                    exact[alias[1:]] = identity
                else:
                    loose[_key(alias)] = identity
                self._spelling[_key(alias.removeprefix("="))] = alias.removeprefix("=")
        self._ids = {**{_key(a): i for a, i in exact.items()}, **loose}
        self._exact = alternation(exact)
        self._loose = alternation(a.lower() for a in loose)
        # A short alias is a common word in lower case ('is'): there it needs three letters and no cased sibling.
        self._lowered = alternation(a.lower() for a in exact if len(a) > 2 and a.lower() not in _ORDINARY)

    def find(self, text: str, uncased: bool = False) -> list[tuple[int, int, ArmedActor]]:
        """(start, end, actor) of every name in `text`, in order; `uncased` for text without capitals."""
        lower = text.lower() if text.isascii() else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
        found = [m.span() for m in self._exact.finditer(text)] + [m.span() for m in self._loose.finditer(lower)]
        if uncased:
            found += [m.span() for m in self._lowered.finditer(text)]
        found = [(a, b) for a, b in found if not _COMPOUND.match(text, b)]
        out: list[tuple[int, int, ArmedActor]] = []
        last = -1
        for start, end in sorted(found, key=lambda x: (x[0], -x[1])):
            if start >= last:
                out.append((start, end, self.by_id[self._ids[_key(text[start:end])]]))
                last = end
        return out

    def spelled(self, lower: str) -> list[tuple[int, int, str]]:
        """(start, end, name as the list writes it) of every name in text without capitals, where it is as long."""
        found = ((a, b, self._spelling.get(_key(lower[a:b]), "")) for a, b, _ in self.find(lower, uncased=True))
        return [(a, b, name) for a, b, name in found if len(name) == b - a]


_COMPOUND = re.compile(r"-[A-Z]")
_ORDINARY = word_set("ordinary")


def _key(alias: str) -> str:
    return re.sub(r"[\s-]+", " ", alias).casefold()
