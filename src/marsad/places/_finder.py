"""Finds place names in raw text by the gazetteer alone, for those who have no tagger of names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ._index import Match
from ._keys import LOOSE_COUNTRIES, data_file, key
from ._words import NAMES, PEOPLE, REGIONS

if TYPE_CHECKING:
    from ._gazetteer import Gazetteer, Mention

_words = data_file("words")
_NOT = frozenset(data_file("not_places")["words"])
_LEADS = frozenset(_words["in"])
_TITLES = frozenset(_words["titles"])
_ORGANISATION = frozenset(w.split()[0] for w in _words["organisation_after"])
_LEVELS = frozenset([*_words["first"], *_words["second"], *_words["any"], *_words["town"], *_words["part"]])
_DIRECTIONS = frozenset(_words["directions"])
_CONNECTORS = frozenset(
    ["al", "el", "ez", "as", "ar", "ash", "ad", "az", "at", "an", "de", "la", "le", "del", "of", "the"]
)
_CONNECTORS |= {
    "les",
    "do",
    "da",
    "dos",
    "sur",
    "en",
    "am",
    "an",
    "der",
    "und",
    "and",
    "i",
    "y",
    "on",
    "upon",
    "di",
    "du",
    "es",
}
_TOKEN = re.compile(r"[^\W\d_][\w’'ʼʻ`]*(?:-[^\W_][\w’'ʼʻ`]*)*\.?")
_WORD = re.compile(r"[^\W\d_]+")
_ARTICLE = re.compile(r"[a-z]{2,3}-[^\W\d_a-z]")
_ABBREVIATION = re.compile(
    r"(?=[A-Z])(?<![\w.])(?:" + "|".join(map(re.escape, sorted(NAMES, key=len, reverse=True))) + r")(?!\w)"
)
_JOIN = re.compile(r"^(?:[ \t\u00a0]|\n(?!\n)|\. (?=[A-Z]))$")
_ARABIC = re.compile("[\u0620-\u06d3]")
_ARABIC_PREFIX = re.compile("^(?:و|ف)?(?:بال|كال|لل|ب|ل|ك)(?=..)")
_ARABIC_LEADS = frozenset(
    ["في", "من", "إلى", "الى", "على", "مدينة", "بلدة", "قرية", "محافظة", "ريف", "مخيم", "حي", "قرب", "شمال"]
)
_ARABIC_LEADS |= {
    "جنوب",
    "شرق",
    "غرب",
    "شمالي",
    "جنوبي",
    "شرقي",
    "غربي",
    "مديرية",
    "ولاية",
    "وسط",
    "بمدينة",
    "ببلدة",
    "بمحافظة",
}
_LIKENESS = 85.0
_ACRONYM = 6
_MOST_TOKENS = 5
_TOWN, _CITY = 5_000, 100_000


class Finder:
    """One text's search for names; `run` gives the mentions in order, not overlapping."""

    def __init__(self, gazetteer: Gazetteer, text: str) -> None:
        self._gazetteer = gazetteer
        self._text = text
        self._tokens = [(m.start(), m.end()) for m in _TOKEN.finditer(text)]
        self._words = [text[s:e] for s, e in self._tokens]
        self._found: list[tuple[int, int]] = []
        self._doubtful: list[tuple[int, int]] = []
        self._countries = {code for w in set(self._words) if (code := self._country(w))}

    def run(self) -> list[Mention]:
        from ._gazetteer import Mention

        abbreviations = {m.start(): m.end() for m in _ABBREVIATION.finditer(self._text)}
        i = 0
        while i < len(self._tokens):
            start = self._tokens[i][0]
            if start in abbreviations and self._abbreviation(i):
                end = abbreviations[start]
                self._found.append((start, end))
                while i < len(self._tokens) and self._tokens[i][0] < end:
                    i += 1
                continue
            i = self._at(i)
        sure = {self._text[s:e] for s, e in self._found}
        self._found += [span for span in self._doubtful if self._text[slice(*span)] in sure and span not in self._found]
        return [Mention(s, e, self._text[s:e]) for s, e in sorted(self._found)]

    def _country(self, word: str) -> str | None:
        if not word[0].isupper() and not _ARABIC.match(word):
            return None
        word = word.removesuffix("'s").removesuffix("’s").rstrip(".")
        if code := PEOPLE.get(key(word)):
            return code
        named = [m.entry.country for m in self._gazetteer.exactly(word) if m.entry.kind == "C" and m.quality >= 2]
        return named[0] if named else None

    def _at(self, i: int) -> int:
        word = self._words[i]
        arabic = bool(_ARABIC.match(word))
        if not (arabic or _capital(word)) or (arabic and word in _ARABIC_LEADS):
            return i + 1
        for n in range(min(_MOST_TOKENS, len(self._tokens) - i), 0, -1):
            if not self._whole(i, n, arabic):
                continue
            start, end = self._span(i, n)
            if i and not arabic and self._words[i - 1] in _DIRECTIONS and self._whole(i - 1, n + 1, True):
                directed = self._span(i - 1, n + 1)
                if any(m.entry.kind in "12" for m in self._gazetteer.exactly(self._text[slice(*directed)])):
                    self._found.append(directed)
                    return i + n
            if self._is_place(i, n, start, end, arabic):
                if arabic:
                    start += self._prefix(i, n, start, end)
                self._found.append((start, end))
                return i + n
        return i + 1

    def _whole(self, i: int, n: int, arabic: bool) -> bool:
        for k in range(i + 1, i + n):
            if not _JOIN.match(self._text[self._tokens[k - 1][1] : self._tokens[k][0]]):
                return False
            if self._words[k - 1].endswith(".") and self._words[k - 1].lower() not in ("st.", "mt.", "ft.", "ste."):
                return False
            if not arabic and not _capital(self._words[k]) and self._words[k].lower() not in _CONNECTORS:
                return False
        return arabic or _capital(self._words[i + n - 1])

    def _span(self, i: int, n: int) -> tuple[int, int]:
        start, end = self._tokens[i][0], self._tokens[i + n - 1][1]
        while end > start and self._text[end - 1] in ".’'`":
            end -= 1
        if self._text[end - 2 : end] in ("'s", "’s"):
            end -= 2
        return start, end

    def _is_place(self, i: int, n: int, start: int, end: int, arabic: bool) -> bool:
        name = self._text[start:end]
        if (not arabic and n == 1 and len(name) < 3) or key(name) in REGIONS:
            return False
        if n == 1 and name.isupper() and len(name) <= _ACRONYM and not self._text.isupper() and not arabic:
            return False
        matches = self._gazetteer.exactly(name)
        if not matches and arabic:
            matches = self._gazetteer.exactly(_ARABIC_PREFIX.sub("", name))
        if arabic:
            return bool(matches) and self._arabic(i, matches, len(name))
        led = self._led(i)
        if (
            not matches
            and n <= 3
            and (led or n > 1 or self._contained(i, n))
            and not any(w.lower() in _NOT for w in _WORD.findall(name))
        ):
            matches = self._romanised(name, led)
        return bool(matches) and self._latin(i, n, name, matches, led)

    def _romanised(self, name: str, led: bool) -> list[Match]:
        """Names that resemble this one, in the countries that the text speaks of; anywhere, where it names none."""
        matches = self._gazetteer.resembling(name, _LIKENESS)
        if self._countries:
            return [m for m in matches if m.entry.country in self._countries]
        return matches if led else []

    def _latin(self, i: int, n: int, name: str, matches: list[Match], led: bool) -> bool:
        best = max(matches, key=lambda m: (m.entry.kind == "C", m.quality >= 2, m.entry.population))
        population = max(m.entry.population for m in matches if m.quality >= min(2, best.quality))
        big = any(m.entry.kind in "C1" and m.quality >= 2 for m in matches)
        following = self._next(i + n)
        placed = led or following.lower() in _LEVELS or self._contained(i, n)
        common = all(w.lower() in _NOT for w in name.split())
        if common and (n == 1 or not (big or placed or name.split()[-1].lower() in _LEVELS)):
            return False
        before = self._before(i)
        if before.lower().rstrip(".") in _TITLES:
            return False
        if before[:1].isupper() and not self._sentence_start(i - 1) and before.lower() not in _DIRECTIONS:
            touching = bool(self._found) and self._found[-1][1] >= self._tokens[i - 1][0]
            if not touching and not big:
                return False
        named_on = following[:1].isupper() and following.lower() not in _LEVELS | _DIRECTIONS
        if named_on and (following.lower().rstrip(".") in _ORGANISATION or (not big and n == 1)):
            return False
        if best.quality < 2:
            local = any(m.entry.country in LOOSE_COUNTRIES for m in matches)
            spoken_of = n > 1 and any(m.entry.country in self._countries for m in matches)
            return spoken_of or (placed and (population >= _TOWN or local) and len(name) >= 4)
        if big or n > 1 or placed:
            return True
        if n == 1 and population >= _TOWN:
            self._doubtful.append(self._span(i, n))
        return (population >= _CITY and not self._sentence_start(i)) or (population >= 5 * _CITY)

    def _arabic(self, i: int, matches: list[Match], length: int) -> bool:
        before = self._words[i - 1] if i else ""
        joined = i and self._tokens[i][0] - self._tokens[i - 1][1] == 1
        led = bool(joined) and before in _ARABIC_LEADS
        big = any(m.entry.kind in "C1" or m.entry.population >= _CITY for m in matches)
        return (big and length >= 3) or (led and any(m.entry.population >= 0 for m in matches) and length >= 3)

    def _prefix(self, i: int, n: int, start: int, end: int) -> int:
        name = self._text[start:end]
        if self._gazetteer.exactly(name):
            return int(name[0] == "و" and bool(self._gazetteer.exactly(name[1:])))
        hit = _ARABIC_PREFIX.match(name)
        return hit.end() if hit else 0

    def _before(self, i: int) -> str:
        if i == 0 or not _JOIN.match(self._text[self._tokens[i - 1][1] : self._tokens[i][0]]):
            return ""
        return self._words[i - 1]

    def _next(self, i: int) -> str:
        if i >= len(self._tokens) or not _JOIN.match(self._text[self._tokens[i - 1][1] : self._tokens[i][0]]):
            return ""
        return "" if self._words[i - 1].endswith((".", "'s", "’s")) else self._words[i]

    def _led(self, i: int) -> bool:
        """A word that places follow stands before the name, directions and 'the' passed over."""
        k = i - 1
        while k >= 0 and self._words[k].lower() in _DIRECTIONS | {
            "the",
            "city",
            "town",
            "village",
            "district",
            "nearby",
        }:
            if self._words[k].lower() in _LEADS:
                return True
            k -= 1
        return k >= 0 and self._words[k].lower() in _LEADS and self._tokens[i][0] - self._tokens[k][1] < 30

    def _contained(self, i: int, n: int) -> bool:
        """', La.' or ', Syria' follows, or the name follows a place and a comma."""
        end = self._tokens[i + n - 1][1]
        if self._text[end : end + 2] == ", " and _ABBREVIATION.match(self._text, end + 2):
            return True
        if self._text[end : end + 2] == ", " and i + n < len(self._tokens) and self._words[i + n][0].isupper():
            return any(m.entry.kind in "C1" and m.quality >= 2 for m in self._gazetteer.exactly(self._words[i + n]))
        start = self._tokens[i][0]
        return bool(self._found) and self._text[self._found[-1][1] : start] in (", ", " and ", ", and ")

    def _sentence_start(self, i: int) -> bool:
        if i <= 0:
            return True
        return bool(re.search(r"[.!?:\n“\"]\s*[“\"‘']?$", self._text[self._tokens[i - 1][1] - 1 : self._tokens[i][0]]))

    def _abbreviation(self, i: int) -> bool:
        """Dotted abbreviations are places where one stands before them, or where they hold more than one dot."""
        start = self._tokens[i][0]
        after_place = bool(self._found) and self._text[self._found[-1][1] : start] in (", ", " (")
        dotted = "." in self._text[start : start + 3][1:2]
        if NAMES.get(self._text[start : self._span(i, 1)[1]], "").count("-") == 0:
            return True
        return after_place or dotted or self._text[max(0, start - 2) : start] == ", "


def _capital(word: str) -> bool:
    """A capital at the start, or after an Arabic article ('al-Bab', 'ez-Zor')."""
    return word[0].isupper() or bool(_ARTICLE.match(word))
