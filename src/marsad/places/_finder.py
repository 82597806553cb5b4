"""Finds place names in raw text by the gazetteer alone, for those who have no tagger of names."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
_INSTITUTIONS = frozenset(_words["institution_after"])
_ORGANISATION = frozenset(w.split()[0] for w in _words["organisation_after"]) - _INSTITUTIONS
_ORGANISATION -= {*_words["learning_after"]}
_FIRM_LEADS = frozenset(_words["firmly_in"])
_OF_TOWN = frozenset(_words["of_town"])
_BASED_IN = frozenset(_words["based_in"])
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
    r"(?=[A-Z])(?<![\w.])(?:"
    + "|".join(re.sub(r"\\.(?=[A-Z])", r"\\. ?", re.escape(n)) for n in sorted(NAMES, key=len, reverse=True))
    + r")(?!\w|-\d)"
)
_JOIN = re.compile(r"^(?:[ \t\u00a0]|\n(?!\n)|\. (?=[A-Z]))$")
_DATED = re.compile(r"\s*(?:\([^)\n]{2,20}\)\s*)?(?:--|[–—]|-\s)|\s*\([A-Z][^)\n]{1,18}\)\s|:(?=\s)")
_PLURALS = frozenset(w for w in {*_words["first"], *_words["second"], *_words["plurals"]} if w.endswith("s"))
_LISTED = re.compile(r"^(?: |, | and |, and )$")
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
_ACRONYM, _INITIALS = 6, 3
_MOST_TOKENS = 5
_TOWN, _CITY = 5_000, 100_000


class Finder:
    """One text's search for names; `run` gives the mentions in order, not overlapping."""

    def __init__(self, gazetteer: Gazetteer, text: str, peoples: bool = False) -> None:
        self._gazetteer = gazetteer
        self._text = text
        self._peoples = peoples
        self._tokens = [(m.start(), m.end()) for m in _TOKEN.finditer(text)]
        self._words = [text[s:e] for s, e in self._tokens]
        self._found: list[tuple[int, int]] = []
        self._doubtful: list[tuple[int, int]] = []
        self._weak: set[tuple[int, int]] = set()
        self._lower = {w for w in self._words if w.islower()}
        self._persons: set[str] = set()
        self._lists = [span for i, w in enumerate(self._words) if w.rstrip(".") in _PLURALS and (span := self._list(i))]
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
        firm = {self._text[s:e] for s, e in self._found if (s, e) not in self._weak}
        people = self._persons - firm
        self._found = [span for span in self._found if self._text[slice(*span)] not in people]
        self._found += [span for span in self._doubtful if self._text[slice(*span)] in firm and span not in self._found]
        if self._peoples:
            self._found += list(self._of_peoples())
        return [Mention(s, e, self._text[s:e]) for s, e in sorted(self._found)]

    def _of_peoples(self) -> Iterator[tuple[int, int]]:
        """Adjectives of countries and peoples ('Syrian', 'Sri Lankans') that are in no place's name."""
        held = {at for s, e in self._found for at in range(s, e)}
        for i in range(len(self._tokens)):
            for n in (2, 1):
                start, end = self._span(i, n) if i + n <= len(self._tokens) else (0, 0)
                if self._text[start : start + 1].isupper() and key(self._text[start:end]) in PEOPLE:
                    if held.isdisjoint((start, end - 1)):
                        yield start, end
                    break

    def _list(self, i: int) -> tuple[int, int] | None:
        """Offsets of the names before a plural that says what all of them are: 'Harbin, Daqing and Jixi districts'."""
        k, joined = i, False
        while k:
            before = k - 2 if self._words[k - 1] == "and" and k < i else k - 1
            gap = self._text[self._tokens[before][1] : self._tokens[k][0]] if before >= 0 else ""
            if not _LISTED.match(gap) or not self._words[before][0].isupper() or (k == i and gap != " "):
                break
            k, joined = before, joined or gap != " "
        return (self._tokens[k][0], self._tokens[i][0]) if joined else None

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
        if word == "The":
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
        if "-" in word and not arabic:
            self._found += self._parts(i)
        return i + 1

    def _parts(self, i: int) -> list[tuple[int, int]]:
        """The places in a word that hyphens join: 'Harbin-based', 'Chad-Sudan', 'D-Ohio'."""
        at, end = self._span(i, 1)
        head, _, tail = self._text[at:end].partition("-")
        if tail.lower() in _BASED_IN:
            return [(at, at + len(head))] if self._known(head, _TOWN) else []
        if len(head) == 1 and self._text[max(0, at - 2) : at] in (", ", " ("):
            return [(at + 2, end)] if self._known(tail, 0) else []
        if self._known(head, _CITY) and self._known(tail, _CITY):
            return [(at, at + len(head)), (end - len(tail), end)]
        return []

    def _known(self, name: str, least: int) -> bool:
        """Whether a country, a division or a place of at least so many people has this as its own name."""
        if len(name) < 3 or not name[0].isupper() or name.lower() in _NOT:
            return False
        return any(
            m.quality >= 2 and (m.entry.kind in "C1" or m.entry.population >= least)
            for m in self._gazetteer.exactly(name)
        )

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
        acronym = n == 1 and name.isupper() and len(name) <= _ACRONYM and not self._text.isupper() and not arabic
        if acronym and (len(name) <= _INITIALS or not (self._dated(i, end) or self._contained(i, n))):
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
        span = self._span(i, n)
        listed = any(a <= span[0] < b for a, b in self._lists)
        firm = (
            listed
            or following.lower() in _LEVELS
            or following.rstrip(".") in _LEVELS
            or self._contained(i, n)
            or self._dated(i, span[1])
        )
        firm = firm or self._led(i, _FIRM_LEADS)
        institution = following[:1].isupper() and following.lower() in _INSTITUTIONS and population >= _TOWN
        of_town = not {following.rstrip("."), following.rstrip(".").removesuffix("s")}.isdisjoint(_OF_TOWN)
        common = all(w.lower() in _NOT for w in name.split())
        if common and not listed and (n == 1 or not (big or firm or led or name.split()[-1].lower() in _LEVELS)):
            return False
        if n == 1 and not firm and not big and name.lower() in self._lower:
            return False
        placed = firm or led or institution or of_town
        before = self._before(i)
        if before.lower().rstrip(".") in _TITLES:
            return False
        if before[:1].isupper() and not self._sentence_start(i - 1) and before.lower() not in _DIRECTIONS | {"the"}:
            touching = bool(self._found) and self._found[-1][1] >= self._tokens[i - 1][0]
            if not touching and not big:
                if not placed and population < 5 * _CITY:
                    self._persons.add(name)
                return False
        named_on = following[:1].isupper() and following.lower() not in _LEVELS | _DIRECTIONS
        if named_on and following.lower().rstrip(".") in _ORGANISATION:
            return False
        if named_on and not big and n == 1 and not (institution and placed):
            if population >= _TOWN:
                self._doubtful.append(span)
            return False
        if best.quality < 2:
            local = any(m.entry.country in LOOSE_COUNTRIES for m in matches)
            spoken_of = n > 1 and any(m.entry.country in self._countries for m in matches)
            return spoken_of or (placed and (population >= _TOWN or local) and len(name) >= 4)
        if big or n > 1 or firm:
            return True
        self._weak.add(span)
        if placed:
            return True
        self._doubtful.append(span)
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

    def _led(self, i: int, leads: frozenset[str] = _LEADS) -> bool:
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
            if self._words[k].lower() in leads:
                return True
            k -= 1
        return k >= 0 and self._words[k].lower() in leads and self._tokens[i][0] - self._tokens[k][1] < 30

    def _contained(self, i: int, n: int) -> bool:
        """', La.' or ', Syria' follows, or the name follows a place and a comma."""
        end = self._tokens[i + n - 1][1]
        if self._text[end : end + 2] == ", " and _ABBREVIATION.match(self._text, end + 2):
            return True
        if self._text[end : end + 2] == ", " and i + n < len(self._tokens) and self._words[i + n][0].isupper():
            return any(m.entry.kind in "C1" and m.quality >= 2 for m in self._gazetteer.exactly(self._words[i + n]))
        start = self._tokens[i][0]
        return bool(self._found) and self._text[self._found[-1][1] : start] in (", ", " and ", ", and ")

    def _dated(self, i: int, end: int) -> bool:
        """The name opens a line or sentence, and what closes a dateline follows: 'HARBIN -- ', 'HARBIN (AP) '."""
        hit = _DATED.match(self._text, end)
        if hit is None or not self._sentence_start(i):
            return False
        return self._words[i].isupper() or (hit[0][0] != ":" and "(" not in hit[0])

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
