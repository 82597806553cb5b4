"""The engine: a report's text through screen, parser, triggers, roles, attribution and the rest, into claims."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from marsad.model import Actor, Attribution, Claim, Hedge, Report, Span
from marsad.text import DateMention, find_dates

from . import _hedges, _learned, _responsibility
from ._actor_index import ActorIndex
from ._attribution import Attributor
from ._blame import blames, lay
from ._breakdown import break_down, own_numbers
from ._buildings import same_building
from ._casing import recase
from ._coref import References
from ._draft import Draft
from ._figures import figure, other_figures
from ._fits import fitter
from ._lexicon import lexicon
from ._means import means_of
from ._members import tell_members
from ._numbers import Numbers
from ._occurrence import gather
from ._parsed import Parsed
from ._parties import listed
from ._people import actor_of, worded
from ._reality import DROPPED, pattern, reality
from ._relations import relate
from ._roles import fill_roles
from ._segment import flatten, lowered, paragraphs, quotations, sentences
from ._selection import Selection, choose, choose_all
from ._share import absorb, joined, lend_doers, share
from ._sources import Sources
from ._tolls import governing_total, list_parts, over_a_period, set_total
from ._triggers import triggers
from ._unseen import stopped_by, taken_before
from ._unverified import doubt
from ._violations import violations_of
from ._when import time_of
from ._where import Whereabouts

_FIRST = frozenset({"i", "me", "we", "us"})
_EXECUTED = re.compile(r"\b(?:execut|behead)(?:ed?|s|es|ing|ings|ions?)?\b", re.IGNORECASE)
_VERIFIED = re.compile(r"verif|confirm|corroborat|substantiat")
_AHEAD = 200_000
"""Characters of reports that `extract_many` reads together."""


class Engine:
    """Reads reports. Holds the lexicons and the list of armed actors; one engine serves any number of reports."""

    def __init__(
        self,
        actors: Iterable[Path] = (),
        *,
        screened: bool = True,
        learned: bool = True,
        weights: Path | None = None,
    ) -> None:
        """`actors`: the user's own files of armed actors, with the columns of data/actors.tsv. Unless `screened`, every
        sentence is parsed and read: several times slower, to measure what the screen loses. Unless `learned`, or where
        its weights or packages are absent, only the structure reads. `weights` is a folder with others than the shipped
        ones, such as `make train-fuller` makes; then reading raises ModelMissing where they cannot be used.
        """
        self._lexicon = lexicon()
        self._actors = ActorIndex(tuple(actors))
        self._screened = screened
        self._learned = learned
        self._weights = weights

    def extract(self, report: Report) -> tuple[Claim, ...]:
        """The claims that a report makes, in the order of their triggers; empty for text that makes none.

        Offsets are code points into `report.text`. Never raises on text of any script or length; raises ModelMissing
        where the language model is not installed and the text holds something to parse.
        """
        return self._read([report])[0]

    def extract_many(self, reports: Iterable[Report]) -> Iterator[tuple[Claim, ...]]:
        """The claims of each report, in order; some reports are read ahead, since many are read quicker together."""
        batch: list[Report] = []
        size = 0
        for report in reports:
            batch.append(report)
            size += len(report.text)
            if size >= _AHEAD:
                yield from self._read(batch)
                batch, size = [], 0
        yield from self._read(batch)

    def _read(self, reports: Sequence[Report]) -> list[tuple[Claim, ...]]:
        selections = [self._selection(r.text) for r in reports]
        (choose if self._screened else choose_all)(selections)
        chosen = zip(reports, selections, strict=True)
        return [_Reading(self, r, s.flat, s.parsed, s.hits).claims() if s.hits else () for r, s in chosen]

    def _selection(self, text: str) -> Selection:
        flat = recase(text, flatten(text), self._lexicon, self._actors)
        return Selection(flat, lowered(flat), sentences(text, flat), self._lexicon, self._actors)


class _Reading:
    """One report being read."""

    def __init__(self, engine: Engine, report: Report, flat: str, parsed: list[Parsed], hits: set[int]) -> None:
        self.report, self.flat, self.parsed, self.hits = report, flat, parsed, hits
        self.learned, self.weights = engine._learned, engine._weights
        self.told: _learned.Told | None = None
        self.actors = engine._actors
        self.refs = References()
        self.sources = Sources(flat, engine._lexicon, self.refs)
        quotes = [q for a, b in paragraphs(report.text) for q in quotations(flat, a, b)]
        self.attributor = Attributor(report.text, flat, self.sources, quotes)
        self.dates: list[DateMention] = find_dates(flat, report.published)
        self.numbers: dict[int, Numbers] = {}

    def claims(self) -> tuple[Claim, ...]:
        drafts: list[Draft] = []
        hedges = {}
        for p in self.parsed:
            self.numbers[p.sentence.index] = Numbers(p, self.dates)
            self.refs.read(p, self.numbers[p.sentence.index])
        same_building(self.parsed)
        for p in self.parsed:
            hedges[p.sentence.index] = _hedges.find(p)
            _hedges.remember(p, hedges[p.sentence.index], self.refs)
            self.attributor.read(p)
        for p in self.parsed:
            if p.sentence.index not in self.hits:
                continue
            for d in triggers(p, fitter(p, self.refs)):
                if self._judge(d, drafts):
                    drafts.append(d)
        if not drafts:
            return ()
        if self.learned:
            self.told = _learned.read(self.report.text, self.parsed, drafts, self.weights)
        if self.told:
            self.told.fill(drafts)
        own_numbers(drafts)
        for d in drafts:
            numbers = self.numbers[d.parsed.sentence.index]
            governing_total(d)
            fill_roles(d, self.refs, numbers, self.report.text)
            set_total(d, numbers)
            list_parts(d, self.refs, numbers, self.report.text)
            break_down(d, self.refs, numbers, self.report.text)
            d.victims = [self._fuller(v) for v in d.victims]
            d.perpetrators = [self._fuller(v) for v in d.perpetrators]
        drafts = [d for d in absorb(drafts) if not self._idle(d, drafts)]
        if not drafts:
            return ()
        where = Whereabouts(self.report, self.flat, self.parsed)
        drafts = [twin for d in drafts for twin in where.facilities(d)]
        for d in drafts:
            d.id = self._identity(d)
            acts = {o.token.i for o in drafts if o.parsed is d.parsed} - {d.token.i}
            d.time = time_of(d, self.dates, acts)
            d.means = means_of(d)
            where.fill(d, drafts)
        share(drafts)
        lend_doers(drafts)
        tell_members(self.parsed, drafts, self.refs, self.numbers, self.report.text)
        for d in drafts:
            d.headline = self._headline(d)
            d.kind, rule = pattern(d, self.refs, d.headline, any(v.count for v in d.victims), d.time is not None)
            if over_a_period(d):
                d.kind, rule = "pattern", "total over a period"
            d.because("kind", rule)
            if d.kind == "pattern" and not d.placed:
                d.places = []
            self._certainty(d, hedges[d.parsed.sentence.index])
            d.violations = violations_of(d)
        if _VERIFIED.search(self.flat):
            doubt(self.flat, sentences(self.report.text, self.flat), drafts)
        self._responsibility(drafts)
        drafts = self._beside(drafts)
        relate(drafts, self.refs)
        gather(drafts)
        return tuple(self._freeze(d) for d in drafts)

    def _judge(self, d: Draft, drafts: list[Draft]) -> bool:
        """Set what the words make of the act; False where it is not told as something done."""
        if any(t.lower_ in {"whoever", "whomever"} for t in d.token.subtree):
            return False
        d.reality = reality(d)
        if d.reality == "ordered":
            definite = any((d.parsed.sentence.index, p.head.i) in self.refs.anaphoric for p in d.sufferers)
            known = any(x.act == d.act for x in drafts)
            d.reality = "real" if definite and known else "plan"
            d.because("kind", "order about people whose killing is told")
        if d.act == "injury" and d.entry.head == "shoot" and _EXECUTED.search(self.report.title or ""):
            d.act = "killing"
            d.because("act", "the title speaks of an execution")
        if d.reality == "threat":
            d.act = "threat"
            return True
        if d.reality in DROPPED:
            return False
        if d.reality == "denied":
            d.certainty = "denied"
        return True

    def _idle(self, d: Draft, drafts: list[Draft]) -> bool:
        """A bare reference ('the attack') beside claims that tell the same is no claim of its own."""
        if d.entry.frame == "unseen":
            return not self._vanished(d, drafts)
        if d.entry.pos == "v" and d.sufferers and self._repeats(d, drafts):
            return True
        if d.total is not None and d.entry.frame == "deadcount" and not any(v.count for v in d.victims):
            return True  # 'the number of the dead is expected to rise'
        counted = d.entry.frame == "deadcount" and any(v.count for v in d.victims)
        told = (o for o in drafts if o is not d and o.act == d.act and o.token.dep_ != "amod")
        if d.token.dep_ == "amod" and any(o.parsed is d.parsed or not counted for o in told):
            return True
        if d.token.dep_ == "amod" and (d.act == "displacement" or self._describes(d, drafts)):
            return True
        if d.entry.frame == "attack" and d.act == "ground_attack" and not (d.doers or d.sufferers or d.means):
            bare = all(p.kind == "place" for p in d.targets)
            if bare and any(o is not d and o.parsed is d.parsed and joined(o, d) for o in drafts):
                return True
        return d.reference and d.act != "threat"

    def _vanished(self, d: Draft, drafts: list[Draft]) -> bool:
        """Whether the report tells that those who are missing were taken; whoever took them is who did it."""
        taken = taken_before(d, drafts, self.refs)
        if taken is not None:
            d.perpetrators = list(taken.perpetrators)
            d.because("perpetrators", "who took those who are missing")
            return taken.act != d.act  # else it was said before
        by = stopped_by(d)
        numbers = self.numbers[d.parsed.sentence.index]
        for p in (by or ()) if not d.perpetrators else ():
            d.perpetrators.append(actor_of(d.parsed, p, self.refs, numbers, self.report.text, victim=False))
            d.because("perpetrators", "who took those who are missing")
        return by is not None

    def _describes(self, d: Draft, drafts: list[Draft]) -> bool:
        """'killed five captured soldiers': what was done to those who suffer the act before says only who they are."""
        return any(
            o is not d
            and o.parsed is d.parsed
            and d.token.head.i in {i for p in o.sufferers for i in (p.head.i, p.core.i)}
            for o in drafts
        )

    def _repeats(self, d: Draft, drafts: list[Draft]) -> bool:
        """'has taken 500 children, taking them to its bases': the same act on the same people in one sentence."""
        if not all((d.parsed.sentence.index, p.head.i) in self.refs.anaphoric for p in d.sufferers):
            return False
        mine = [self.refs.of(d.parsed, p) for p in d.sufferers]
        for o in drafts:
            above = o.token.i in {a.i for a in d.token.ancestors}
            if o is d or o.parsed is not d.parsed or o.act != d.act or not above:
                continue
            if any(self.refs.of(o.parsed, q) is m for q in o.sufferers for m in mine):
                return True
        return False

    def _headline(self, d: Draft) -> bool:
        s = d.parsed.sentence
        title = (self.report.title or "").strip()
        words = self.report.text[s.start : s.end]
        return s.index == 0 and (words[-1:] not in ".!?\"”'" or (bool(title) and title.startswith(words[:40])))

    def _certainty(self, d: Draft, hedges: list[tuple[Hedge, Any, str]]) -> None:
        links = self.attributor.chain(d)
        if not links and self.told:
            links = self.told.says(d, self.attributor.link)
        whole = _hedges.apply(d, hedges, self.refs)
        for a, phrases in (("perpetrators", d.doers), ("victims", d.sufferers)):
            for p in phrases:
                for h in self.refs.of(d.parsed, p).hedges:
                    found = type(h)(h.start, h.end, h.text, a)
                    if found not in d.hedges and not any(x.start == h.start for x in d.hedges):
                        d.hedges.append(found)
        for n, (link, stance) in enumerate(links):
            if d.refuted and n == 0 and len(links) > 1:
                stance = "denied"
            if self._is_doer(link, d):
                link = replace(link, kind="perpetrator")
            elif link.kind == "unnamed" and self._is_sufferer(link, d):
                link = replace(link, kind="victim")
            if stance == "denied":
                d.denied_by.append(link)
            else:
                d.attribution.append(link)
        stances = [s for _, s in links]
        if d.certainty == "denied" or "denied" in stances:
            d.certainty = "denied"
        elif "alleged" in stances or "alleged" in {whole, d.certainty}:
            d.certainty = "alleged"
        elif "hedged" in stances or whole == "hedged":
            d.certainty = "hedged"
        elif self.told and d.entry.frame != "unseen" and (doubt := self.told.doubt(d)) is not None:
            d.certainty = "hedged"
            d.because("certainty", f"{_learned.MODEL} factuality", doubt)

    def _responsibility(self, drafts: list[Draft]) -> None:
        """Claims and denials of responsibility, in the clause of an act or in a later sentence about it."""
        for p in self.parsed if drafts else ():
            for verb, word in _responsibility.owners(p):
                teller = self.attributor.teller(verb)
                links = [self.attributor.link(p, teller, verb.head.text)] if teller is not None else []
                numbers = self.numbers[p.sentence.index]
                who = actor_of(p, p.phrase(word), self.refs, numbers, self.report.text, victim=False)
                _responsibility.own(p, drafts, who, links)
            for kind, verb, who in _responsibility.statements(p, self.refs):
                link = self.attributor.link(p, who, verb.text)
                numbers = self.numbers[p.sentence.index]
                _responsibility.apply(p, drafts, self.refs, numbers, self.report.text, link, kind, verb)
        for d in drafts:
            d.attribution = [replace(a, kind="perpetrator") if self._is_doer(a, d) else a for a in d.attribution]
            if d.certainty == "alleged" and any(r.rule == "claimed responsibility" for r in d.why):
                d.certainty = "asserted"

    def _beside(self, drafts: list[Draft]) -> list[Draft]:
        """The drafts, with a claim for every statement that lays what was told before on somebody or counts it anew."""
        added: list[Draft] = []
        for p in self.parsed:
            numbers, text = self.numbers[p.sentence.index], self.report.text
            for verb, teller, whom in blames(p, self.refs):
                who = actor_of(p, p.phrase(whom), self.refs, numbers, text, victim=False)
                d = lay(p, drafts, verb, who, self.attributor.link(p, teller, verb.text))
                if d is not None and not self._is_doer(d.attribution[0], d):
                    added.append(d)
            for verb, teller, number in other_figures(p):
                link = self.attributor.link(p, teller, verb.text)
                d = figure(p, drafts, verb, number, numbers, link, text)
                if d is not None:
                    added.append(d)
        for d in added:
            d.id = self._identity(d)
            next(o for o in drafts if o.id == d.same_as[0]).same_as.append(d.id)
        return sorted([*drafts, *added], key=lambda d: d.start) if added else drafts

    def _is_doer(self, link: Attribution, d: Draft) -> bool:
        """Whether a source is the one who did it: by the list of armed actors, else by its name."""
        known = {actor.id for _, _, actor in self.actors.find(link.text)}
        names = {p.name.casefold() for p in d.perpetrators if p.name}
        return bool(known & {p.id for p in d.perpetrators}) or link.source.casefold() in names

    def _is_sufferer(self, link: Attribution, d: Draft) -> bool:
        """Whether a source is among those whom it was done to: 'two of them said that they had been beaten'."""
        p = d.parsed
        mine = [self.refs.of(p, s) for s in d.sufferers]
        if any(s.head.lower_ in _FIRST for s in d.sufferers):
            return True  # 'I was beaten', says who was
        said = [p.phrase(t) for t in p.tokens(link.start - p.offset, link.end - p.offset)]
        return any(s.personal and self.refs.of(p, s) is m for s in said for m in mine)

    def _fuller(self, a: Actor) -> Actor:
        """A person by the fullest form of the name in the report ('Idris' → 'Amna Idris')."""
        if a.id is not None or not a.name or len(a.name.split()) > 1:
            return a
        return replace(a, name=self.sources.fullest(a.name))

    def _identity(self, d: Draft) -> str:
        key = f"{self.report.id}\0{d.start}\0{d.end}\0{d.act}"
        return "c" + hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:16]

    def _span(self, start: int, end: int) -> Span:
        return Span(start, end, self.report.text[start:end])

    def _freeze(self, d: Draft) -> Claim:
        text = self.report.text
        s = d.parsed.sentence
        return Claim(
            id=d.id,
            act=d.act,
            kind=d.kind,
            trigger=self._span(d.start, d.end),
            sentence=self._span(s.start, s.end),
            perpetrators=tuple(worded(replace(a, id=listed(a.id)), text) for a in d.perpetrators),
            victims=tuple(worded(replace(a, id=listed(a.id)), text) for a in d.victims),
            means=tuple(type(m)(m.code, m.start, m.end, text[m.start : m.end]) for m in d.means),
            places=tuple(d.places),
            time=type(d.time)(d.time.earliest, d.time.latest, d.time.start, d.time.end, text[d.time.start : d.time.end])
            if d.time
            else None,
            attribution=tuple(d.attribution),
            certainty=d.certainty,
            hedges=tuple(type(h)(h.start, h.end, text[h.start : h.end], h.applies_to) for h in d.hedges),
            violations=d.violations,
            denied_by=tuple(d.denied_by),
            same_as=tuple(d.same_as),
            apart_from=tuple(d.apart_from),
            report=self.report.id,
            why=tuple(d.why),
        )


@functools.cache
def _bundled(learned: bool, weights: Path | None) -> Engine:
    return Engine(learned=learned, weights=weights)


def extract(report: Report, *, learned: bool = True, weights: Path | None = None) -> tuple[Claim, ...]:
    """The claims of one report, by the engine with the bundled data; see `Engine`."""
    return _bundled(learned, weights).extract(report)


def extract_many(
    reports: Iterable[Report], *, learned: bool = True, weights: Path | None = None
) -> Iterator[tuple[Claim, ...]]:
    """The claims of each report, in order; see `Engine.extract_many`."""
    return _bundled(learned, weights).extract_many(reports)
