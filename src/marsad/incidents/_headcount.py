"""How many people one claim speaks of, by harm and group, read from its victims' words and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from marsad.model import Actor, Claim, codes

from ._words import data, tokens, word_set

_FILE = "numbers.json"


@dataclass(frozen=True, slots=True)
class Figure:
    """How many of one group one claim says were harmed; None where its words leave an end open."""

    harm: str
    """One of `codes.HARMS`."""
    group: str
    """One of `codes.GROUPS`, or 'total'."""
    min: int | None
    max: int | None
    claim: str
    words: str
    rule: str
    """Which reading of the words gave it; a key of numbers.json's `rules`."""
    cumulative: bool = False
    """A running total, which is not the event's own number."""
    withdrawn: bool = False
    """A figure that its own source takes back."""

    @property
    def own(self) -> bool:
        """Whether it is what its source says of this event: neither a running total nor taken back."""
        return not (self.cumulative or self.withdrawn)


def headcount(claim: Claim) -> tuple[Figure, ...]:
    """The figures of one claim: its total first, then each group that its words name.

    A part ('nine, including four children') counts in its group and never again in the total. Empty where the act
    harms no people. A claim without victims gives one unnumbered total.
    """
    harm = codes.ACTS[claim.act].harm if claim.act in codes.ACTS else None
    if harm is None:
        return ()
    people = claim.victims
    roots = [i for i, a in enumerate(people) if _parent(people, i) is None]
    aside = [i for i in roots if (c := people[i].count) is not None and (c.cumulative or c.withdrawn)]
    own = [i for i in roots if i not in aside]
    figures = [_sum(claim, harm, "total", own)] if own or not aside else []
    for i in aside:
        back = people[i].count.withdrawn  # type: ignore[union-attr]
        rule = "taken back" if back else "running total"
        figures.append(
            Figure(harm, "total", *_range(people[i])[:2], claim.id, people[i].text, rule, not back, withdrawn=back)
        )
    for group in codes.GROUPS:
        members = [
            i
            for i in range(len(people))
            if _in_group(people, i, group) and not _under(people, i, aside) and not _outgrows(people, i)
        ]
        topmost = [i for i in members if not any(j in members for j in _ancestors(people, i))]
        if topmost:
            figures.append(_sum(claim, harm, group, topmost))
    return tuple(figures)


def tells_later_death(claim: Claim) -> bool:
    """Whether a killing is told of someone who was hurt before and has died since."""
    return claim.act == "killing" and speaks_of_later_death(claim)


def speaks_of_later_death(claim: Claim) -> bool:
    """Whether its sentence says that someone hurt before has died since."""
    words = " ".join(tokens(claim.sentence.text))
    return any(f" {w} " in f" {words} " for w in word_set("words.json", "later_death"))


def tells_new_total(claim: Claim) -> bool:
    """Whether a total of the killed is told as what new deaths bring it to: 'This brings the number to 13'."""
    words = " ".join(tokens(claim.sentence.text))
    return claim.act == "killing" and any(f" {w} " in f" {words} " for w in word_set("words.json", "new_total"))


def read_number(actor: Actor) -> tuple[int | None, int | None, str]:
    """(min, max, rule) of one victim phrase, by numbers.json."""
    count = actor.count
    if count is not None and (count.min is not None or count.max is not None):
        return _ordered(count.min, count.max, "figure")
    words = tokens(actor.text)
    head = _head(words)
    many = _is_plural(words, head)
    if many is not None:
        # A family, a crew: several people as a rule, but the word gives no number.
        return (1 if many == "collective" else 2), None, many
    if actor.name and actor.kind not in ("state_force", "armed_group", "police", "organisation") and not actor.id:
        return 1, 1, "name"
    if _is_one(words, head):
        return 1, 1, "singular"
    return None, None, "unnumbered"


def _sum(claim: Claim, harm: str, group: str, indexes: list[int]) -> Figure:
    ranges = [_of_claim(claim, claim.victims[i]) for i in indexes]
    lows = [low for low, _, _ in ranges if low is not None]
    highs = [high for _, high, _ in ranges]
    least = sum(lows) if lows else None
    most = sum(h for h in highs if h is not None) if highs and None not in highs else None
    words = "; ".join(claim.victims[i].count.text if _has_figure(claim.victims[i]) else claim.victims[i].text  # type: ignore[union-attr]
                      for i in indexes)  # fmt: skip
    rule = " + ".join(dict.fromkeys(r for _, _, r in ranges)) or "unnumbered"
    return Figure(harm, group, least, most, claim.id, words or claim.trigger.text, rule)


def _of_claim(claim: Claim, actor: Actor) -> tuple[int | None, int | None, str]:
    """(min, max, rule) of one victim phrase in its sentence."""
    low, high, rule = _range(actor, claim.victims)
    return (low, None, "some") if _told_of_some(claim, actor) else (low, high, rule)


def _told_of_some(claim: Claim, actor: Actor) -> bool:
    """Whether the figure is of some of those harmed: 'three of the boys who were taken' are home, others are not."""
    if not (_has_figure(actor) and _SOME_OF.search(actor.text)) or actor.end > claim.trigger.start:
        return False
    start = claim.sentence.start
    between = claim.sentence.text[actor.end - start : claim.trigger.start - start]
    if not between.strip():
        return claim.trigger.text.casefold() in word_set(_FILE, "participles")
    return bool(_WHO_WERE.match(between) or (_WHOM_THEY.match(between) and len(_AUXILIARIES.findall(between)) <= 1))


_SOME_OF = re.compile(r"\bof (?:the|those|these|them)\b", re.IGNORECASE)
_AUXILIARY = r"(?:was|were|is|are|has|have|had|been|being|be)"
_AUXILIARIES = re.compile(rf"\b{_AUXILIARY}(?:\s+{_AUXILIARY})*\b", re.IGNORECASE)
_WHO_WERE = re.compile(rf"\s*(?:who|that|which)(?:\s+(?:{_AUXILIARY}|not|also|since|\w+ly))*\s*$", re.IGNORECASE)
_WHOM_THEY = re.compile(r"\s*(?:whom|that|which)(?:\s+[\w'’-]+){0,6}\s*$", re.IGNORECASE)


def _range(actor: Actor, people: tuple[Actor, ...] = ()) -> tuple[int | None, int | None, str]:
    low, high, rule = read_number(actor)
    # A part without a figure cannot be larger than its whole.
    if high is None and actor.part_of is not None and 0 <= actor.part_of < len(people):
        whole = people[actor.part_of].count
        high = whole.max if whole is not None and not whole.cumulative else None
    return _ordered(low, high, rule)


def _ordered(low: int | None, high: int | None, rule: str) -> tuple[int | None, int | None, str]:
    low = None if low is None else max(0, low)
    high = None if high is None else max(0, high)
    return (high, low, rule) if low is not None and high is not None and high < low else (low, high, rule)


def _has_figure(actor: Actor) -> bool:
    return actor.count is not None and (actor.count.min is not None or actor.count.max is not None)


def _parent(people: tuple[Actor, ...], i: int) -> int | None:
    p = people[i].part_of
    return p if p is not None and 0 <= p < len(people) and p != i else None


def _ancestors(people: tuple[Actor, ...], i: int) -> Iterable[int]:
    seen = {i}
    at = _parent(people, i)
    while at is not None and at not in seen:
        yield at
        seen.add(at)
        at = _parent(people, at)


def _outgrows(people: tuple[Actor, ...], i: int) -> bool:
    """A part that is larger than its whole was misread: it is told of somebody else."""
    least = read_number(people[i])[0]
    wholes = [read_number(people[j])[1] for j in _ancestors(people, i)]
    return least is not None and any(most is not None and most < least for most in wholes)


def _under(people: tuple[Actor, ...], i: int, aside: list[int]) -> bool:
    return i in aside or any(j in aside for j in _ancestors(people, i))


_GROUP: dict[str, Callable[[Actor], bool]] = {
    "children": lambda a: a.children is True,
    "women": lambda a: a.sex == "female" and a.children is not True,
    "men": lambda a: a.sex == "male" and a.children is not True,
    "civilians": lambda a: a.status in ("civilian", "protected"),
    "combatants": lambda a: a.status in ("combatant", "hors_de_combat"),
}


def _in_group(people: tuple[Actor, ...], i: int, group: str) -> bool:
    if group != "unknown":
        return _GROUP[group](people[i])
    # Only wholes are of unknown status: a part says less about status than the whole that it is told of.
    return _parent(people, i) is None and people[i].status == "unknown"


def _head(words: list[str]) -> str:
    """The head noun of an English noun phrase: the last word before its first 'of', 'who', 'in' or other follower."""
    followers = {
        "of",
        "who",
        "that",
        "which",
        "in",
        "from",
        "at",
        "on",
        "with",
        "including",
        "by",
        "for",
        "aged",
        "near",
    }
    cut = next((i for i, w in enumerate(words) if w in followers and i > 0), len(words))
    kept = [w for w in words[:cut] if not w.isdecimal()]
    return kept[-1] if kept else ""


def _is_plural(words: list[str], head: str) -> str | None:
    """Which rule makes it two or more; None where nothing does."""
    if not words:
        return None
    lists = data(_FILE)
    if head in word_set(_FILE, "collectives"):
        return "collective"
    if words[0] in lists["plural_first"] or head in word_set(_FILE, "plural_nouns"):
        return "plural"
    if head in word_set(_FILE, "one_person") or words[0] in ("a", "an", "one"):
        return None
    singular = head[:-1] if head.endswith("s") else head
    if head.endswith("s") and singular in word_set(_FILE, "one_person"):
        return "plural"
    if head.endswith("ies") and head[:-3] + "y" in word_set(_FILE, "one_person") | word_set(_FILE, "collectives"):
        return "plural"
    return None


def _is_one(words: list[str], head: str) -> bool:
    if not words:
        return False
    if words[0] in word_set(_FILE, "one_pronouns"):
        return True
    return head in word_set(_FILE, "one_person") or (words[0] in ("a", "an", "one") and len(words) > 1)
