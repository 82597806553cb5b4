"""What the words around a mention say about it: division or town, part of it, near it, what it lies in."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ._keys import data_file, key

_data = data_file("words")
_abbreviations = data_file("abbreviations")
NAMES: dict[str, str] = {name: code if ":" in code else f"iso:{code}" for name, code in _abbreviations["names"].items()}
_SPACELESS = {name.replace(" ", ""): code for name, code in NAMES.items()}
_POSTAL = {code: country for country in ("CA", "US") for code in _abbreviations["postal"][country]}
PEOPLE: dict[str, str] = {
    key(word): country for country, words in data_file("countries")["people"].items() for word in words
}


REGIONS = frozenset(key(name) for name in data_file("not_places")["regions"])


CONTEXT: dict[str, str] = PEOPLE | {
    key(word): country for country, words in data_file("countries")["parties"].items() for word in words
}


def _any(words: Sequence[str]) -> str:
    return "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in sorted(words, key=len, reverse=True))


_LEVELS = {
    **dict.fromkeys(_data["first"], "1"),
    **dict.fromkeys(_data["second"], "2"),
    **dict.fromkeys(_data["any"], "D"),
    **dict.fromkeys(_data["town"], "P"),
    **{w: {"first": "1", "second": "2", "town": "P", "any": "D"}[k] for k, ws in _data["arabic"].items() for w in ws},
}
_ARABIC = [word for words in _data["arabic"].values() for word in words]
_AFTER = re.compile(rf"(?:[ \t\n]+|-)(?:city )?({_any(list(_LEVELS))})\b(?!\s+of\b)", re.IGNORECASE)
_BEFORE = re.compile(
    rf"\b(?:({_any(_data['leading_of'])})s?\s+of|[وفبل]*({_any(_ARABIC)}))\s+$",
    re.IGNORECASE,
)
_SUFFIX = re.compile(rf"[\s-]+({_any(list(_LEVELS))})$", re.IGNORECASE)
_PREFIX = re.compile(
    rf"^(?:the\s+)?(?:({_any(_data['leading_of'])})\s+of\s+|({_any(_ARABIC)})\s+"
    r"|(wilayat|wilaya)\s+(?:al-)?)",
    re.IGNORECASE,
)
_DIRECTION = re.compile(rf"^({_any(_data['directions'])})[\s-]+", re.IGNORECASE)
_AWAY = re.compile(
    rf"\b(?:{_any(_data['away'])})\s+(?:the\s+)?(?:(?:\w+\s+)?(?:city|town|village)\s+of\s+)?$", re.IGNORECASE
)
_PART_AFTER = re.compile(rf"(?:['’]s?)?[ \t\n]+({_any(_data['part'])})\b", re.IGNORECASE)
_DIRECTIONS = frozenset(_data["directions"])
_LEVEL_OF_LEADING = {w: _LEVELS.get(w, "P" if w in ("port",) else "D") for w in _data["leading_of"]}
_POSSESSIVE = re.compile(r"['’]s?$")
_STATE_AFTER = re.compile(r"\s*,\s*((?:[A-Z][a-z]*\.\s?){1,2}|[A-Z]{2,3}\b)")
IN_GAP = re.compile(
    rf"^\s*(?:,|,?\s*(?:in|of|at)\b|\()\s*(?:the\s+)?(?:(?:{_any(_data['directions'])})[\s-]+)?(?:the\s+)?"
    rf"(?:(?:{_any([*_data['leading_of'], *_data['town']])})\s+of\s+)?$",
    re.IGNORECASE,
)
"""Between an inner place and the one that holds it: 'Ramadi, Anbar', 'Ramadi in western Iraq', 'Ramadi (Iraq)'."""
OF_GAP = re.compile(r"^['’]s?\s+(?:[\w-]+\s+){0,2}$|^\s+(?:city|town|village)\s+of\s+$")
"""Between the one that holds it and an inner place: 'Syria's Idlib', 'Anbar's provincial capital Ramadi'."""


_HOLDER = re.compile(r"\b(?:of|in|at|near|around|outside)\s+(?:the\s+)?((?:al-)?[A-Z][^,]*)$")
_OUTER = re.compile(
    rf"\s*(?:,|,?\s+(?:in|of)\b|\()\s*(?:the\s+)?(?:(?:{_any(_data['directions'])})[\s-]+)?"
    r"((?:[A-Z][\w'’-]+)(?: [A-Z][\w'’-]+){0,2})|\s*(?:،|في)\s*([\u0620-\u06d3]+)"
)


def outer_names(text: str, end: int) -> tuple[int, list[str]]:
    """Where the name begins that may hold the mention that ends at `end`, and its readings, longest first: 'New
    Jersey' after 'Palmyra, '."""
    hit = _OUTER.match(text, end)
    if hit is None:
        return end, []
    words = (hit[1] or hit[2]).split()
    return hit.start(1 if hit[1] else 2), [" ".join(words[:n]) for n in range(len(words), 0, -1)]


@dataclass(frozen=True, slots=True)
class Cues:
    """What a mention's own and neighbouring words say."""

    names: tuple[str, ...]
    """Names to look for, the likeliest first."""
    level: str | None = None
    """'1', '2', 'D' (some division) or 'P' where a word says so."""
    whole: bool = True
    """False where only a part of the place is meant, or somewhere near it."""
    state: str | None = None
    """Id of the division that an abbreviation right after the mention names."""
    fixed: str | None = None
    """Id where the mention is itself an abbreviation."""
    directed: str | None = None
    """The name with the direction before it ('north Darfur'), which may be a name of its own."""
    holder: str | None = None
    """The known place that an unknown one is said to lie in ('the old quarter of Homs')."""
    people: str | None = None
    """Country code where the mention is an adjective or a people, no place."""


@functools.lru_cache(maxsize=4096)
def of_text(name: str) -> tuple[tuple[str, ...], str | None, bool]:
    """(names to look for, level, whole) by the mention's own words."""
    name = _POSSESSIVE.sub("", name.strip(' \t\n,.;:()[]"“”'))
    names, level, whole = [name], None, True
    if hit := _SUFFIX.search(name):
        level = _LEVELS[hit[1].lower()]
        names.append(name[: hit.start()])
    elif hit := _PREFIX.match(name):
        word = (hit[1] or hit[2] or hit[3]).lower()
        level = _LEVEL_OF_LEADING.get(word) or _LEVELS[word]
        names.append(name[hit.end() :])
    if hit := _DIRECTION.match(names[-1]):
        names.append(names[-1][hit.end() :])
        whole = False
    return tuple(n for n in names if n.strip()), level, whole


def around(text: str, start: int, end: int, name: str) -> Cues:
    """Cues of the mention `name` at [start, end) of `text`; `text` may be empty."""
    if "," in name:
        text, start = (text, start) if text else (name, 0)
        name = name[: name.index(",")]
        end = start + len(name)
    names, level, whole = of_text(name)
    if not names:
        return Cues(())
    held = _HOLDER.search(name)
    bare = _POSSESSIVE.sub("", name.strip())
    dotted = bare if bare in NAMES else f"{bare}." if f"{bare}." in NAMES and text[end : end + 1] == "." else ""
    fixed = NAMES.get(dotted) or _SPACELESS.get(bare.replace(" ", ""))
    postal = bare in _POSTAL and text[max(0, start - 2) : start] == ", "
    if postal and fixed is None:
        fixed = f"iso:{_POSTAL[bare]}-{bare}"
    people = PEOPLE.get(key(names[0]))
    state = directed = None
    if text:
        if level is None and (hit := _AFTER.match(text, end)):
            level = _LEVELS[" ".join(hit[1].lower().split())]
        before = text[max(0, start - 40) : start]
        if level is None and (hit := _BEFORE.search(before)):
            word = (hit[1] or hit[2]).lower()
            level = _LEVEL_OF_LEADING.get(word) or _LEVELS[word]
        if direction := _direction_before(before):
            directed = f"{direction.removesuffix('ern') if direction.endswith('ern') else direction} {names[0]}"
        if direction or _AWAY.search(before) or _PART_AFTER.match(text, end):
            whole = False
        if (after := _STATE_AFTER.match(text, end)) is not None:
            state = _state(after[1])
    return Cues(names, level, whole, state, fixed, directed, held[1] if held else None, people)


def _direction_before(before: str) -> str:
    words = before.split()
    last = words[-1].lower() if words and before[-1:].isspace() else ""
    return last if last in _DIRECTIONS else ""


def _state(written: str) -> str | None:
    tight = written.strip().replace(" ", "")
    if tight in _SPACELESS:
        return _SPACELESS[tight]
    return f"iso:{_POSTAL[tight]}-{tight}" if tight in _POSTAL else None
