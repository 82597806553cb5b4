"""The name of a place in Arabic, chosen among the names that the gazetteer's sources give it.

GeoNames' names do not say their language, and Persian, Urdu and Kurdish are written in much the same letters: so a name
is chosen only in countries where Arabic is an official language, and only of letters that Arabic has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz import fuzz

from ._keys import data_file, loose_key

_data = data_file("arabic")
COUNTRIES = frozenset(_data["countries"])
_KINDS = re.compile(rf"^(?:{'|'.join(_data['kinds'])})\s+")
_LATIN = {ord(a): b for a, b in _data["latin"].items()}
_MARKS = re.compile("[\u064b-\u0652\u0640]")
_LETTERS = re.compile("[\u0621-\u063a\u0641-\u064a ]+")
_CAREFUL = frozenset("أإآئؤة")
_INSIDE = re.compile("[ةى](?=[\u0621-\u064a])")


def arabic_name(name: str, country: str, candidates: Iterable[str]) -> str | None:
    """The candidate that sounds most like `name` (in Latin letters); None where none is Arabic.

    Of those that sound alike, the one with articles, then the one that writes hamza and ta marbuta, then the
    shortest. Words such as 'governorate' before a name are left out.
    """
    if country not in COUNTRIES:
        return None
    plain = {_KINDS.sub("", _MARKS.sub("", c).strip()) for c in candidates}
    fit = [c for c in plain if len(c) > 1 and _LETTERS.fullmatch(c) and not _INSIDE.search(c)]
    sound = loose_key(name)
    return min(fit, key=lambda c: (-_alike(sound, c), -_articles(c), -_care(c), len(c), c), default=None)


def _articles(candidate: str) -> int:
    return sum(word.startswith("ال") for word in candidate.split())


def _care(candidate: str) -> int:
    return sum(letter in _CAREFUL for letter in candidate)


def _alike(sound: str, candidate: str) -> float:
    words = [w.removeprefix("ال") if len(w) > 3 else w for w in candidate.split()]
    return fuzz.ratio(sound, loose_key(" ".join(words).translate(_LATIN)))
