"""A claim in the making: what each step of the engine adds before it is frozen as a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from marsad.model import Actor, Attribution, Hedge, Means, Place, Reason, When

from ._lexicon import Entry
from ._parsed import Parsed, Phrase


@dataclass(slots=True)
class Draft:
    """One act at one trigger. Token-level fields are spaCy tokens of `parsed`; offsets are into the report."""

    entry: Entry
    act: str
    parsed: Parsed
    token: Any
    start: int
    end: int
    doers: list[Phrase] = field(default_factory=list)
    sufferers: list[Phrase] = field(default_factory=list)
    targets: list[Phrase] = field(default_factory=list)
    weapons: list[Phrase] = field(default_factory=list)
    passive: bool = False
    cumulative: bool = False
    total: Any = None
    """The noun of a total that it stands under ('the number of people killed', 'the toll')."""
    placed: bool = False
    """Its own clause names the place."""
    headline: bool = False
    carried: bool = False
    """A light verb carries the noun ('arrests were made')."""
    reference: bool = False
    """The trigger only points to an act told elsewhere ('the slaughter', 'the kidnapped girls')."""
    days_before: tuple[int, int, int] | None = None
    """'came two days after a strike': how many days before the occurrence told last; the words' offsets."""
    told: str | None = None
    """The last day of the date on which it was told; the act was no later."""
    refuted: bool = False
    """The report says that those who told it told it falsely ('reports that … were false, the mayor said')."""
    reality: str = "real"
    kind: str = "event"
    certainty: str = "asserted"
    perpetrators: list[Actor] = field(default_factory=list)
    victims: list[Actor] = field(default_factory=list)
    means: list[Means] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    time: When | None = None
    attribution: list[Attribution] = field(default_factory=list)
    denied_by: list[Attribution] = field(default_factory=list)
    hedges: list[Hedge] = field(default_factory=list)
    violations: tuple[str, ...] = ()
    same_as: list[str] = field(default_factory=list)
    apart_from: list[str] = field(default_factory=list)
    id: str = ""
    why: list[Reason] = field(default_factory=list)

    def anew(self, parsed: Parsed, token: Any, link: Attribution, certainty: str, why: Mapping[str, str]) -> Draft:
        """Another statement of the same act, at `token` of a sentence: tied to this one, in the words of whom `link`
        names, with the rules of `why` (field → rule). It keeps where, when and by what; people are for the caller."""
        start, end = parsed.at(token)
        told = replace(
            self,
            parsed=parsed,
            token=token,
            start=start,
            end=end,
            doers=[],
            sufferers=[],
            total=None,
            headline=False,
            perpetrators=list(self.perpetrators),
            victims=[],
            means=list(self.means),
            places=list(self.places),
            attribution=[link],
            denied_by=[],
            hedges=[],
            certainty=certainty,
            same_as=[self.id],
            apart_from=[],
            why=[],
        )
        told.because("act", "the act told before")
        for name, rule in why.items():
            told.because(name, rule)
        return told

    def because(self, name: str, rule: str, score: float | None = None) -> None:
        """Note the rule behind a field, or the model with its score, once."""
        reason = Reason(name, rule, score)
        if reason not in self.why:
            self.why.append(reason)
