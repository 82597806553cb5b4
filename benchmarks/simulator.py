"""Simulated worlds in which the truth is known: incidents, outlets, copies, quotes, revisions, errors and denials.

Everything in them is invented. A world gives claims and reports as the claims room would, and beside them, for every
claim, the incident that it is truly about, and for every incident its true toll and its independent origins.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from marsad.model import Actor, Attribution, Claim, Count, Means, Place, Report, Span, When

START = dt.date(2031, 1, 1)
_SYLLABLES = "qar tal dur zah nes mir ab sul hal kef raq ban dey sham war fal tik ram ghaz lut nim sar".split()  # noqa: SIM905
_WORDS = (  # noqa: SIM905
    "market bridge queue bakery rubble ambulance night morning families street neighbourhood school road convoy smoke "
    "windows harvest shelter rescue volunteers crowd river square mosque church farm orchard checkpoint garage stairs "
    "workshop basement roof generator water winter spring rumours phones network silence funeral cemetery hospital "
    "corridor doctor blood donors uncle sister neighbour shopkeeper driver bus taxi bicycle cart donkey dust fire hoses"
).split()
_PARTIES = ("Northern Front", "River Brigades", "Republic Army", "Black Banner")
_MEANS = ("airstrike", "shelling", "shooting", "explosive")
_ACT = {"airstrike": "bombardment", "shelling": "bombardment", "shooting": "ground_attack", "explosive": "explosion"}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a world is like; the shares are chances."""

    incidents: int = 300
    days: int = 90
    towns: int = 60
    outlets: int = 14
    monitors: int = 4
    copies: float = 0.5
    """Share of all reports that only carry another on."""
    wrong_number: float = 0.08
    at_least: float = 0.12
    revised: float = 0.2
    miscopied: float = 0.04
    undated: float = 0.12
    wrong_day: float = 0.05
    area_only: float = 0.06
    unplaced: float = 0.03
    denied: float = 0.1
    running_total: float = 0.05
    means_unsaid: float = 0.15
    means_mistaken: float = 0.07
    party_unsaid: float = 0.25
    party_mistaken: float = 0.05
    roundup: float = 0.1
    died_later: float = 0.04


@dataclass(slots=True)
class Happened:
    """What truly happened once."""

    id: int
    day: dt.date
    town: Place
    means: str
    party: str
    killed: int
    injured: int
    children: int
    origins: int = 0
    died_later: int = 0


@dataclass(slots=True)
class World:
    """The reports and claims of a world, and the truth beside them."""

    happened: list[Happened]
    claims: dict[str, Claim] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)
    about: dict[str, int] = field(default_factory=dict)
    """Claim id → id of what it is truly about."""
    said: dict[int, list[tuple[int, int | None]]] = field(default_factory=dict)
    """Incident → the (min, max) of killed of every report of it, copies too."""


def simulate(seed: int, settings: Settings | None = None) -> World:
    """A world; the same seed and settings give the same one."""
    return _Maker(seed, settings or Settings()).make()


@dataclass(frozen=True, slots=True)
class _Origin:
    key: str
    attribution: Attribution | None
    outlet: str
    killed: tuple[int, int | None]
    revised: tuple[int, int | None] | None


class _Maker:
    def __init__(self, seed: int, settings: Settings) -> None:
        self.rng = random.Random(seed)
        self.s = settings
        self.towns = list(self._towns())
        self.outlets = [f"{self._name()} {k}" for k in ("Post", "Herald", "Lamp", "Gazette") * settings.outlets]
        self.outlets = self.outlets[: settings.outlets]
        self.monitors = [f"{self._name()} Documentation Network" for _ in range(settings.monitors)]
        self.n = 0
        self.keys: dict[int, set[str]] = {}
        self.of_report: dict[str, list[str]] = {}

    def make(self) -> World:
        world = World([self._happening(i) for i in range(self.s.incidents)])
        for h in world.happened:
            self._tell(world, h)
        self._roundups(world)
        return world

    def _name(self) -> str:
        return "".join(self.rng.sample(_SYLLABLES, 2)).capitalize()

    def _towns(self) -> Iterator[Place]:
        for i in range(self.s.towns):
            lat, lon = 30 + self.rng.random() * 5, 40 + self.rng.random() * 5
            name = self._name() + str(i)
            division = f"Division {int(lat - 30) * 2 + int((lon - 40) / 2.5)}"
            yield Place(0, 0, name, name, "ZZ", lat, lon, "populated_place", f"sim:{i}", division)

    def _happening(self, i: int) -> Happened:
        rng = self.rng
        # Fighting keeps to a few towns: the n-th town has a chance of 1/n.
        town = rng.choices(self.towns, [1 / (n + 1) for n in range(len(self.towns))])[0]
        killed = min(400, int(rng.paretovariate(1.1)))
        injured = int(killed * rng.uniform(0, 4))
        children = sum(rng.random() < 0.25 for _ in range(min(killed, 60)))
        day = START + dt.timedelta(rng.randrange(self.s.days))
        return Happened(i, day, town, rng.choice(_MEANS), rng.choice(_PARTIES), killed, injured, children)

    def _tell(self, world: World, h: Happened) -> None:
        rng = self.rng
        # Known by few or many, the graver the more.
        n = 1 + sum(rng.random() < 0.45 + min(0.3, h.killed / 60) for _ in range(4))
        origins = self._origins(h, n)
        h.origins = len(origins)
        self.keys[h.id] = {o.key for o in origins}
        late = rng.random() < self.s.died_later and h.injured > 2
        told: list[Report] = []
        for o in origins:
            report = self._report(world, h, o, o.killed, rng.randrange(0, 3))
            told.append(report)
            if o.revised:
                told.append(self._report(world, h, o, o.revised, rng.randrange(3, 6)))
            if o.attribution is not None:
                others = [x for x in self.outlets if x not in {y.outlet for y in origins}]
                for outlet in rng.sample(others, min(len(others), rng.randrange(0, 3))):
                    value, late_by = (o.revised, 6) if o.revised else (o.killed, 0)
                    told.append(self._report(world, h, replace(o, outlet=outlet), value, late_by + rng.randrange(0, 3)))
        if late:
            self._died_later(world, h, origins[0])
        for report in told:
            while rng.random() < self.s.copies:
                self._copy(world, h, report)
        if rng.random() < self.s.denied:
            self._denial(world, h)

    def _origins(self, h: Happened, n: int) -> list[_Origin]:
        rng = self.rng
        kinds = ["own"] * 4 + ["monitor"] * 3 + ["hospital", "police"]
        found: dict[str, _Origin] = {}
        outlets = rng.sample(self.outlets, min(n, len(self.outlets)))
        for outlet in outlets:
            kind = rng.choice(kinds)
            if kind == "own":
                key, said = outlet, None
            elif kind == "monitor":
                name = rng.choice(self.monitors)
                key, said = name, Attribution(name, "said", 0, len(name), "monitor", name)
            elif kind == "hospital":
                name = f"{h.town.name} General Hospital"
                key, said = name, Attribution(name, "said", 0, len(name), "medic", name)
            else:
                key, said = "police", Attribution("police", "said", 0, 6, "official", "police")
            if key in found:
                continue
            final = self._number(h.killed)
            first: tuple[int, int | None] | None = None
            if rng.random() < self.s.revised and h.killed > 2:
                early = max(1, int(h.killed * rng.uniform(0.4, 0.9)))
                first = (early, rng.choice((early, None)))
            found[key] = _Origin(key, said, outlet, first or final, final if first else None)
        return list(found.values())

    def _number(self, true: int) -> tuple[int, int | None]:
        x = self.rng.random()
        if x < self.s.wrong_number:
            off = max(1, round(true * self.rng.uniform(0.05, 0.3))) * self.rng.choice((-1, 1))
            return max(1, true + off), max(1, true + off)
        if x < self.s.wrong_number + self.s.at_least:
            return max(1, int(true * self.rng.uniform(0.75, 1))), None
        return true, true

    def _report(self, world: World, h: Happened, o: _Origin, killed: tuple[int, int | None], after: int) -> Report:
        rng = self.rng
        shown = f"at least {killed[0]}" if killed[1] is None else str(killed[0])
        verb = {"airstrike": "bombed", "shelling": "shelled", "shooting": "opened fire on", "explosive": "blew up"}[
            h.means
        ]
        source = f", {o.attribution.source} said" if o.attribution else ""
        first = f"{h.party} {verb} {h.town.name}, killing {shown} people and wounding {h.injured}{source}."
        if rng.random() < 0.5:
            dead = f"{shown.capitalize()} people were killed and {h.injured} wounded"
            first = f"{dead} when {h.party} {verb} {h.town.name}{source}."
        filler = [
            " ".join(rng.choices(_WORDS, k=rng.randrange(9, 16))).capitalize() + "."
            for _ in range(rng.randrange(5, 11))
        ]
        child = f"Among the dead were {h.children} children{source}." if h.children > 1 else ""
        text = " ".join([first, *filler[:3], *([child] if child else []), *filler[3:]])
        report = self._add_report(world, text, o.outlet, h.day + dt.timedelta(after))
        count = Count(killed[0], killed[1], shown, 0, 0)
        victims = (Actor(0, 0, f"{shown} people", count=count),)
        claim = self._claim(world, h, report, "killing", first, victims, o.attribution)
        blow = replace(claim, act=_ACT[h.means], victims=())
        self._add(world, h, blow)
        if h.injured:
            hurt = Actor(0, 0, f"{h.injured} people", count=Count(h.injured, h.injured, str(h.injured), 0, 0))
            self._add(world, h, replace(claim, act="injury", victims=(hurt,), places=(), time=None))
        if child:
            young = Actor(0, 0, f"{h.children} children", children=True,
                          count=Count(h.children, h.children, str(h.children), 0, 0))  # fmt: skip
            part = self._claim(world, h, report, "killing", child, (young,), o.attribution, bare=True)
            world.claims[part.id] = replace(part, same_as=(claim.id,))
        if rng.random() < self.s.running_total:
            total = Count(killed[0] * 20, killed[0] * 20, "total", 0, 0, True)
            words = f"The strike brought the toll this year to {killed[0] * 20}."
            running = self._claim(
                world, h, report, "killing", words, (Actor(0, 0, "toll", count=total),), None, bare=True
            )
            world.claims[running.id] = replace(running, same_as=(claim.id,))
        world.said.setdefault(h.id, []).append(killed)
        return report

    def _copy(self, world: World, h: Happened, original: Report) -> None:
        rng = self.rng
        claims = [world.claims[c] for c in self.of_report[original.id]]
        outlet = rng.choice([x for x in self.outlets if x != original.publisher])
        lead = " ".join(rng.choices(_WORDS, k=8)).capitalize() + ". " if rng.random() < 0.5 else ""
        published = dt.date.fromisoformat(original.published or "") + dt.timedelta(rng.randrange(0, 4))
        text = lead + original.text
        report = self._add_report(world, text, outlet, published)
        wrong = rng.random() < self.s.miscopied
        ids = {}
        for c in claims:
            ids[c.id] = f"c{self.n:07d}"
            self.n += 1
            victims = c.victims
            sentence = c.sentence.text
            if wrong and victims and (n := victims[0].count) is not None and not n.cumulative:
                off = replace(n, min=(n.min or 0) * 10, max=None if n.max is None else n.max * 10, text=n.text + "0")
                victims = (replace(victims[0], count=off),)
                sentence = sentence.replace(n.text, off.text, 1)
            shift = len(lead)
            moved = replace(
                c, id=ids[c.id], report=report.id, victims=victims,
                trigger=replace(c.trigger, start=c.trigger.start + shift, end=c.trigger.end + shift),
                sentence=Span(c.sentence.start + shift, c.sentence.end + shift, sentence),
            )  # fmt: skip
            self._add(world, h, moved, numbered=False)
        for new in ids.values():
            c = world.claims[new]
            world.claims[new] = replace(c, same_as=tuple(ids.get(x, x) for x in c.same_as))
        low, high = next((n.min or 0, n.max) for c in claims if c.victims and (n := c.victims[0].count))
        world.said[h.id].append((low * 10, None if high is None else high * 10) if wrong else (low, high))

    def _denial(self, world: World, h: Happened) -> None:
        words = f"A spokesman for {h.party} denied that its forces had killed civilians in {h.town.name}."
        report = self._add_report(world, words, self.rng.choice(self.outlets), h.day + dt.timedelta(1))
        said = Attribution(h.party, "denied", 0, len(h.party), "party", h.party)
        claim = self._claim(world, h, report, "killing", words, (), said)
        world.claims[claim.id] = replace(claim, certainty="denied")

    def _died_later(self, world: World, h: Happened, o: _Origin) -> None:
        n = self.rng.randrange(1, 3)
        h.killed += n
        h.died_later = n
        words = f"{n} of those wounded in {h.town.name} died of their wounds, {o.key} said."
        report = self._add_report(world, words, o.outlet, h.day + dt.timedelta(7))
        victims = (Actor(0, 0, f"{n} of those wounded", count=Count(n, n, str(n), 0, 0)),)
        self._claim(world, h, report, "killing", words, victims, o.attribution)

    def _roundups(self, world: World) -> None:
        rng = self.rng
        for h in world.happened:
            if rng.random() >= self.s.roundup:
                continue
            near = [x for x in world.happened if x is not h and abs((x.day - h.day).days) <= 3]
            if not near:
                continue
            outlet = rng.choice(self.outlets)
            name = rng.choice(self.monitors)
            said = Attribution(name, "said", 0, len(name), "monitor", name)
            pair = (h, rng.choice(near))
            sentences = [f"{x.killed} people were killed in {x.town.name}, {name} said." for x in pair]
            report = self._add_report(world, " ".join(sentences), outlet, max(x.day for x in pair) + dt.timedelta(2))
            made = []
            for x, words in zip(pair, sentences):
                victims = (Actor(0, 0, f"{x.killed} people", count=Count(x.killed, x.killed, str(x.killed), 0, 0)),)
                made.append(self._claim(world, x, report, "killing", words, victims, said))
                world.said.setdefault(x.id, []).append((x.killed, x.killed))
                if name not in self.keys[x.id]:
                    self.keys[x.id].add(name)
                    x.origins += 1
            world.claims[made[0].id] = replace(made[0], apart_from=(made[1].id,))

    def _add_report(self, world: World, text: str, outlet: str, published: dt.date) -> Report:
        report = Report(f"r{len(world.reports):06d}", "x", publisher=outlet, published=published.isoformat(), text=text)
        world.reports[report.id] = report
        return report

    def _claim(
        self,
        world: World,
        h: Happened,
        report: Report,
        act: str,
        words: str,
        victims: tuple[Actor, ...],
        said: Attribution | None,
        *,
        bare: bool = False,
    ) -> Claim:
        rng = self.rng
        start = max(0, report.text.find(words))
        day = h.day + dt.timedelta(rng.choice((-1, 1)) if rng.random() < self.s.wrong_day else 0)
        time = None if bare or rng.random() < self.s.undated else When(day.isoformat(), day.isoformat(), 0, 0, "then")
        x = rng.random()
        place: tuple[Place, ...] = (h.town,)
        if bare or x < self.s.unplaced:
            place = ()
        elif x < self.s.unplaced + self.s.area_only:
            place = (Place(0, 0, h.town.admin1 or "", h.town.admin1, "ZZ", None, None, "first_order_division",
                           f"iso:ZZ-{h.town.admin1}", h.town.admin1),)  # fmt: skip
        party = rng.choice(_PARTIES) if rng.random() < self.s.party_mistaken else h.party
        means = rng.choice(_MEANS) if rng.random() < self.s.means_mistaken else h.means
        by = Actor(0, 0, party, name=party, id=party.casefold().replace(" ", "-"), kind="armed_group")
        return self._add(
            world,
            h,
            Claim(
                "",
                act,
                "event",
                Span(start, start + 6, "killed"),
                Span(start, start + len(words), words),
                perpetrators=() if bare or rng.random() < self.s.party_unsaid else (by,),
                victims=victims,
                means=() if bare or rng.random() < self.s.means_unsaid else (Means(means, 0, 0, means),),
                places=place,
                time=time,
                attribution=(said,) if said else (),
                report=report.id,
            ),
        )

    def _add(self, world: World, h: Happened, claim: Claim, *, numbered: bool = True) -> Claim:
        if numbered:
            claim = replace(claim, id=f"c{self.n:07d}")
            self.n += 1
        world.claims[claim.id] = claim
        self.of_report.setdefault(claim.report, []).append(claim.id)
        world.about[claim.id] = h.id
        return claim
