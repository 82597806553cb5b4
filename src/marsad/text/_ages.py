"""How old: age expressions as [min, max] years. The reading of each form is a table in docs/reference/text.md."""

from __future__ import annotations

from marsad.model import Age

from ._numerals import TENS, UNITS, numeral
from ._tokens import Phrases, Tokens, word_list

_data = word_list("ages")
_WORDS = Phrases(_data["words"])
_LEAD = Phrases(dict.fromkeys(_data["lead"], True))
_BETWEEN = Phrases(dict.fromkeys(_data["between"], True))
_BOUNDS = Phrases.grouped({k: _data[k] for k in ("under", "under_or_at", "over", "at_least")})
_ABOUT = Phrases(dict.fromkeys(_data["about"], True))
_OLD = Phrases(dict.fromkeys(_data["old"], "years") | dict.fromkeys(_data["months_old"], "days"))
_DECADES: dict[str, int] = _data["decades"]
_PARTS: dict[str, list[int]] = _data["parts"]
_PEOPLE = frozenset(_data["people"])
_NAME_AGE = frozenset(_data["verbs_after_name_age"])
_PERSON = frozenset(_data["person_of"])
_ONE = frozenset(_data["one_person"])
_CLOSES = frozenset(word_list("numbers")["no_noun"])
_MOST: int = _data["most"]
_STARTS = frozenset(
    [*UNITS, *TENS, *_WORDS.by_first, *_LEAD.by_first, *_BETWEEN.by_first, *_BOUNDS.by_first, *_ABOUT.by_first]
) | {"in", "a", "an"}
_Found = tuple[int, int, int | None, int | None]


def find_ages(text: str) -> list[Age]:
    """Every age expression of `text`, in order, not overlapping; offsets in code points, years as [min, max].

    'aged 12', '12-year-old', '12 and 13-year-olds', 'between the ages of 12 and 13', 'under 18', 'in his late 40s',
    'six-month-old', 'teenage', and the bare age after a name ('…, 43, was …'). None is a bound that is not given.
    """
    t = Tokens(text)
    ages: list[Age] = []
    i = 0
    while i < len(t):
        found = _at(t, i) if t.word(i) in _STARTS or t.digits(i) else None
        if found is None:
            i += 1
            continue
        start, end, low, high = found
        begin, stop, words = t.slice(start, end)
        ages.append(Age(low, high, words, begin, stop))
        i = end
    return ages


def _at(t: Tokens, i: int) -> _Found | None:
    return (
        _between(t, i)
        or _decade(t, i)
        or _bound(t, i)
        or _lead(t, i)
        or _old(t, i)
        or _of_one(t, i)
        or _after_name(t, i)
        or _word(t, i)
    )


def _year(t: Tokens, i: int) -> tuple[int, int] | None:
    """(end, years) of a plausible age at token `i`; about-words before it are passed over."""
    if hit := t.phrase(i, _ABOUT):
        i = hit[0]
    value = numeral(t, i)
    if value is None or value.open or value.scale != 1 or not 0 <= value.value <= _MOST:
        return None
    if value.literal and t.joined(value.end) and t.letters(value.end) and t.word(value.end) != "s":
        return None
    return value.end, value.floor


def _between(t: Tokens, i: int) -> _Found | None:
    hit = t.phrase(i, _BETWEEN)
    pair = _pair(t, hit[0]) if hit else None
    return (i, _old_end(t, pair[0]), pair[1], pair[2]) if pair else None


def _pair(t: Tokens, i: int) -> tuple[int, int, int] | None:
    low = _year(t, i)
    if low is None:
        return None
    joint = low[0]
    if t.word(joint) in ("and", "to", "or", "through") or t.dash(joint):
        high = _year(t, joint + 1)
        if high and high[1] >= low[1]:
            return high[0], low[1], high[1]
    return None


def _old_end(t: Tokens, end: int) -> int:
    """End with 'years old' taken in, where it follows."""
    hit = t.phrase(end + 1 if t.hyphen(end) else end, _OLD)
    return hit[0] if hit and hit[1] == "years" else end


def _bound(t: Tokens, i: int) -> _Found | None:
    """'under 18', 'over the age of 60', 'as young as nine': bare ones only of people or before 'years old'."""
    hit = t.phrase(i, _BOUNDS)
    if hit is None:
        return None
    at = hit[0] + 1 if t.hyphen(hit[0]) else hit[0]
    year = _year(t, at)
    if year is None:
        return None
    end = _old_end(t, year[0])
    sure = any("age" in t.word(k) or t.word(k) in ("young", "younger", "older") for k in range(i, hit[0]))
    suffixed = t.joined(end) and t.word(end) == "s"
    if not sure and end == year[0] and not suffixed and not _of_people(t, i, hit, end):
        return None
    if t.word(end) in _data["not_for_under"]:
        return None
    end += suffixed
    years = year[1]
    bounds: dict[str, tuple[int | None, int | None]] = {
        "under": (0, years - 1),
        "under_or_at": (0, years),
        "over": (years + 1, None),
        "at_least": (years, None),
    }
    low, high = bounds[hit[1]]
    return (i, end, low, high) if high is None or high >= 0 else None


def _of_people(t: Tokens, i: int, hit: tuple[int, str], end: int) -> bool:
    """'children under five' but not 'there were over 40 dead': people before, and no noun after.

    'were under 18' stands alone too: below the age of majority.
    """
    single = hit[0] == i + 1 and hit[1] in ("under", "over")
    if single and hit[1] == "under" and t.word(i - 1) in _data["be"] and t.word(end) in _CLOSES:
        return t.word(hit[0]) in _data["majority"]
    return single and t.word(i - 1) in _PEOPLE and t.word(i - 2) != "there" and t.word(end) in _CLOSES


def _lead(t: Tokens, i: int) -> _Found | None:
    """'aged 12', 'ages 6 to 9', 'aged 12 and 13', 'at the age of 14'."""
    hit = t.phrase(i, _LEAD)
    if hit is None or t.word(i - 1) in _data["not_of"]:
        return None
    at = hit[0] + 1 if t.word(hit[0]) in (":", "between", "from") else hit[0]
    if (bound := t.phrase(at, _BOUNDS)) and (year := _year(t, bound[0])):
        inner = {"under": (0, year[1] - 1), "under_or_at": (0, year[1]), "over": (year[1] + 1, None)}
        low, high = inner.get(bound[1], (year[1], None))
        if high is not None and high < 0:
            return None
        return i, _old_end(t, year[0]), low, high
    if pair := _pair(t, at):
        return i, _old_end(t, pair[0]), pair[1], pair[2]
    year = _year(t, at)
    if year is None:
        return _months(t, i, at)
    end = year[0]
    low = high = year[1]
    while t.word(end) == "," and (more := _year(t, end + 1)):
        end, low, high = more[0], min(low, more[1]), max(high, more[1])
        if t.word(end) in ("and", "or") and (last := _year(t, end + 1)):
            end, low, high = last[0], min(low, last[1]), max(high, last[1])
    return i, _old_end(t, end), low, high


def _months(t: Tokens, start: int, at: int) -> _Found | None:
    value = numeral(t, at)
    if value is None or value.open or t.word(value.end) not in _data["days_per"]:
        return None
    years = int(value.value * _data["days_per"][t.word(value.end)] / 365.25)
    return start, value.end + 1, years, years


def _old(t: Tokens, i: int) -> _Found | None:
    """'12-year-old', '12 years old', '12- and 13-year-olds', '12 to 14-year-old', 'six-month-old', 'a year old'."""
    if t.word(i) in ("a", "an"):
        hit = t.phrase(i + 1, _OLD)
        return (i, hit[0], *((1, 1) if hit[1] == "years" else (0, 0))) if hit else None
    year = _year(t, i)
    if year is None:
        value = numeral(t, i)
        if value is None or value.open or value.value > 400 or value.scale > 100:
            return None
        year = value.end, value.floor
    end, low = year
    high = low
    joint = end + 1 if t.dash(end) else end
    if t.word(joint) in ("and", "or", "to", ",") or (t.dash(end) and t.joined(end)):
        second = joint + 1 if t.word(joint) in ("and", "or", "to", ",") else joint
        if other := _year(t, second):
            end, high = other[0], other[1]
            if high < low:
                return None
    hit = t.phrase(end + 1 if t.hyphen(end) else end, _OLD)
    if hit is None:
        return None
    unit = next((t.word(k) for k in range(end, hit[0]) if t.word(k) in _data["days_per"]), "")
    if hit[1] == "days" and unit:
        per = _data["days_per"][unit] / 365.25
        return i, hit[0], int(low * per), int(high * per)
    return (i, hit[0], low, high) if high <= _MOST else None


def _decade(t: Tokens, i: int) -> _Found | None:
    """'in his 40s', 'in their late twenties', 'in her early to mid 30s' (outermost bounds)."""
    if t.word(i) != "in" or t.word(i + 1) not in _data["possessives"]:
        return None
    at = i + 2
    low, high = 0, 9
    first = True
    while t.word(at) in _PARTS or t.word(at) in ("to", "or") or (t.dash(at) and not first):
        if t.word(at) in _PARTS:
            bounds = _PARTS[t.word(at)]
            low = bounds[0] if first else low
            high, first = bounds[1], False
        at += 1
    if t.word(at) in _DECADES:
        decade, end = _DECADES[t.word(at)], at + 1
        if decade == 10:
            return i, end, max(13, 10 + low), 10 + high
    elif t.digits(at) and len(t.word(at)) == 2 and t.word(at)[1] == "0":
        end = at + 2 if t.word(at + 1) == "s" else at + 3 if t.word(at + 2) == "s" and t.word(at + 1) in "'’" else 0
        decade = int(t.word(at))
        if not end or t.word(i + 1) == "the":
            return None
    else:
        return None
    if t.word(i + 1) == "the":
        return None
    return i, end, decade + low, decade + high


def _of_one(t: Tokens, i: int) -> _Found | None:
    """'a girl of 14', 'a woman of 23 who': of one person, and no noun after."""
    if t.word(i - 1) != "of" or t.word(i - 2) not in _PERSON:
        return None
    year = _year(t, i)
    if year is None or year[1] < 1 or not (t.word(year[0]) in _CLOSES or not t.letters(year[0])):
        return None
    return i, year[0], year[1], year[1]


def _after_name(t: Tokens, i: int) -> _Found | None:
    """The bare age between commas after a name or one person: 'X Y, 43, was', 'her son, 16, lost'. Two capitalised
    words stand for a name."""
    if not t.digits(i) or len(t.word(i)) > 2 or t.word(i)[0] == "0" or t.word(i - 1) != ",":
        return None
    named = t.capital(i - 2) and t.letters(i - 2) and (t.capital(i - 3) or t.word(i - 3) in ("-", "'", "’"))
    if not named and t.word(i - 2) not in _ONE:
        return None
    closed = t.word(i + 1) in (",", ";", ")") or (t.word(i + 1) == "." and not t.joined(i + 2))
    if not closed or (t.word(i + 1) == "," and t.joined(i + 2)):
        return None
    if t.word(i + 1) == "," and not (t.word(i + 2) in _NAME_AGE or t.letters(i + 2)):
        return None
    years = int(t.word(i))
    return i, i + 1, years, years


def _word(t: Tokens, i: int) -> _Found | None:
    hit = t.phrase(i, _WORDS)
    return (i, hit[0], hit[1][0], hit[1][1]) if hit else None
