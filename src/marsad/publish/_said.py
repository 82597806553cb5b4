"""What a release says in each language: its words, codes, figures and dates, for the page and for the report alike."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from babel import Locale

from .. import typeset
from ..ledger import policies, sayings
from ..ledger import said as ledger_said
from ..model import Place
from ..text import MONTHS, month_words, say_day
from ._drawing import Area
from ._method import method_words
from ._profile import WITHHELD
from ._view import Figure, Shown

_DATA = json.loads(resources.files(__package__).joinpath("report.json").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Said:
    """How things are said in one language; `arabic` holds places' names in Arabic, `months` is of `text.say_day`."""

    language: str
    arabic: Mapping[str, str] = field(default_factory=dict)
    months: tuple[str, ...] = MONTHS

    @property
    def words(self) -> Mapping[str, str]:
        """The release's own words."""
        return _words(self.language)

    @property
    def right_to_left(self) -> bool:
        """Whether its lines run from right to left."""
        return self.language == "ar"

    def code(self, value: str) -> str:
        """A code in words; a name, which is none, as it is."""
        return str(_DATA["codes"].get(value, {}).get(self.language) or self.apart(value.replace("_", " ")))

    def codes(self, values: Iterable[str]) -> str:
        """Several, with the language's own comma."""
        return ("، " if self.right_to_left else ", ").join(map(self.code, values))

    def acts(self, incident: Shown) -> str:
        """What was done, as a title."""
        said = self.codes(incident.acts)
        return said[:1].upper() + said[1:]

    def title(self, incident: Shown) -> str:
        """What was done, and where."""
        return ("، " if self.right_to_left else ", ").join(filter(None, (self.acts(incident), self.place(incident))))

    def apart(self, text: str) -> str:
        """See `typeset.apart`."""
        return typeset.apart(text, self.language)

    def checked(self, facts: Mapping[str, Any]) -> str:
        """How many of the claims people have decided on; empty where it is all of them."""
        claims, undecided = facts.get("claims", 0), facts.get("undecided", 0)
        return self.words["checked"].format(decided=claims - undecided, claims=claims) if undecided else ""

    def assumption(self, line: str) -> str:
        """What the ledger's totals assume."""
        return ledger_said(line, self.language)

    def figure(self, f: Figure | None) -> str:
        """A figure as people read it: '9–14', '26 or more', 'withheld'; '–' where there is none."""
        words = self.words
        if f is None:
            return "–"
        if f.withheld:
            return words["withheld"]
        if f.max is None and not f.min:
            return words["not_said"]
        if f.min == f.max:
            return str(f.min)
        if f.max is None:
            return f"{f.min} {words['or_more']}"
        return f"{words['up_to']} {f.max}" if f.min is None else f"{f.min}{self._to}{f.max}"

    def harms(self, incident: Shown) -> str:
        """All that it did to people, in one line; empty where nobody says."""
        told = (f for f in incident.figures if f.group == "total")
        return "; ".join(self.harm(f) for f in told)

    def harm(self, figure: Figure) -> str:
        """One figure with what it counts."""
        return f"{self.code(figure.harm)}: {self.figure(figure)}"

    def when(self, incident: Shown) -> str:
        """The incident's day, month or interval."""
        ends = list(dict.fromkeys(self.moment(t) for t in (incident.earliest, incident.latest) if t))
        return " – ".join(ends) or self.words["undated"]

    def moment(self, iso: str) -> str:
        """A day ('2031-03-14') or a month ('2031-03') by the month's name."""
        day = date.fromisoformat(iso[:10] if len(iso) > 7 else f"{iso[:7]}-01")
        return self.day(day, "d MMMM y" if len(iso) > 7 else "MMMM y")

    def day(self, day: date, pattern: str) -> str:
        """A date by one of CLDR's patterns."""
        return say_day(day, pattern, self.language, self.months)

    def place(self, incident: Shown) -> str:
        """Its place with its division; empty where none is given."""
        place = incident.place
        if place is None:
            return ""
        parts = [self.located(place)]
        if place.admin1 not in (None, place.name or place.text):
            parts.append(self.place_name(place.admin1 or ""))
        return ("، " if self.right_to_left else ", ").join(filter(None, parts))

    def located(self, place: Place) -> str:
        """A place's name, of a country the language's own."""
        if self.right_to_left and place.precision == "country" and place.country:
            return str(Locale.parse(self.language).territories.get(place.country, place.name))
        return self.place_name(place.name or place.text or "")

    def place_name(self, name: str) -> str:
        """The name of a place or a division; a code ('unknown', 'withheld') in words."""
        if name in ("unknown", WITHHELD):
            return self.code(name)
        return self.arabic.get(name, name) if self.right_to_left else name

    def area(self, area: Area) -> str:
        """An area of the map: its place's name and how many incidents are given there."""
        place = area.incidents[0].place
        return f"{self.located(place) if place else ''} ({len(area.incidents)})"

    def quarter(self, quarter: str) -> str:
        """A quarter of a year ('2031-Q1') in words."""
        year, _, number = quarter.partition("-Q")
        return self.day(date(int(year), 3 * int(number), 1), "QQQ y") if number else self.code(quarter)

    def name(self, value: str) -> str:
        """A name as it is; that there is one, where it is withheld."""
        return self.words["withheld"] if value == "withheld" else value

    @property
    def _to(self) -> str:
        # In a line from right to left a dash would turn '9–14' round; a hyphen between Western digits does not.
        return "-" if self.right_to_left else "–"


def said_words() -> list[str]:
    """Every word that a page or report may hold whatever the case: no leak by itself."""
    entries = (*_DATA["words"].values(), *_DATA["codes"].values())
    rules = [p.said(language, "rule") for p in policies() for language in ("en", "ar")]
    said = [text for entry in entries for text in entry.values()]
    return said + sorted(month_words()) + rules + method_words() + list(sayings())


@cache
def _words(language: str) -> Mapping[str, str]:
    return {name: forms[language] for name, forms in _DATA["words"].items()}
