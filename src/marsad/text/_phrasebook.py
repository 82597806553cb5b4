"""Sentences that the program says, in a reader's language: by a data file, with holes for what they name."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping, Sequence

_HOLE = re.compile(r"\\\{(\w+)\\\}")


class Phrasebook:
    """What a part of the program says, and how that reads in each language.

    A phrase is {"is": what is said, with {holes}, and a language's code: how it reads there, with the same holes}. The
    hole {n} is a number; any other takes what stands there. Of several phrases that fit, the one with fewest holes is
    taken. `joins` are what stands between several phrases of one line, in the same form.
    """

    def __init__(self, phrases: Sequence[Mapping[str, str]], joins: Sequence[Mapping[str, str]] = ()) -> None:
        self.phrases = tuple(phrases)
        self._exact = {p["is"]: p for p in phrases if "{" not in p["is"]}
        holed = sorted((p for p in phrases if "{" in p["is"]), key=lambda p: p["is"].count("{"))
        self._holed = [(re.compile(_HOLE.sub(_taking, re.escape(p["is"])), re.DOTALL), p) for p in holed]
        self._joins = joins
        self._kept = functools.lru_cache(4096)(self._find)

    @classmethod
    def of(cls, data: str) -> Phrasebook:
        """From a JSON file's text with the keys 'phrases' and 'joins' (or without the latter)."""
        read = json.loads(data)
        return cls(read["phrases"], read.get("joins", ()))

    def said(self, line: str, language: str) -> str:
        """The line in a language; as it stands where the book has no such phrase, or none in that language."""
        return self._kept(line, language)[0]

    def knows(self, line: str, language: str) -> bool:
        """Whether the book has all of the line in a language."""
        return self._kept(line, language)[1]

    def _find(self, line: str, language: str) -> tuple[str, bool]:
        found = self._one(line, language)
        if found is not None:
            return found, True
        for join in self._joins:
            parts = line.split(join["is"])
            if len(parts) > 1:
                read = [self._kept(part, language) for part in parts]
                return join.get(language, join["is"]).join(text for text, _ in read), all(known for _, known in read)
        return line, False

    def _one(self, line: str, language: str) -> str | None:
        if (phrase := self._exact.get(line)) is not None:
            return phrase.get(language)
        for pattern, phrase in self._holed:
            if (named := pattern.fullmatch(line)) and language in phrase:
                return phrase[language].format(**named.groupdict())
        return None


def _taking(hole: re.Match[str]) -> str:
    return f"(?P<{hole[1]}>{'[0-9]+' if hole[1] == 'n' else '.+'})"
