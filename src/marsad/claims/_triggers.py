"""Triggers: the words of a sentence under which an act may stand, with the heads of its roles."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ._data import word_set
from ._draft import Draft
from ._lexicon import Entry
from ._nouns import noun_roles
from ._parsed import Parsed, Phrase, conjuncts
from ._screen import void
from ._syntax import is_verb, roles, surface_subjects

_SCORE = re.compile(r"(?<![\d-])\d{1,2}-\d{1,2}(?![\d-])")
_CLAUSE_END = re.compile(r"[;:]|, (?:and|but|who|which)\b")
_HELPLESS = re.compile(
    r"\b(?:kneel(?:ing|ed|s)?|knelt|blindfold(?:ed|s)?|handcuffed|(?:hands|arms) (?:were )?(?:tied|bound|cuffed))\b"
)
Fits = Callable[[Phrase, str], bool]


def triggers(parsed: Parsed, fits: Fits) -> list[Draft]:
    """Drafts for one sentence. `fits(phrase, object class)` says whether a phrase may fill a role of that class."""
    out = _labelled(parsed)
    if out:
        return out
    taken = -1
    for m in parsed.lexicon.trigger_re.finditer(parsed.lower):
        if m.start() < taken:
            continue
        found = _at(parsed, m, fits)
        if found:
            out += found
            taken = m.end()
    return out


_LABEL = re.compile(r"(?P<label>[A-Za-z][^:.!?]{2,60}): *(?:at least |up to |about |~)?(?P<n>\d[\d,.]*)[^a-z]*$")


def _labelled(parsed: Parsed) -> list[Draft]:
    """'Civilians reported killed: 12-15': a line of a table, its label and its number."""
    line = _LABEL.match(parsed.text)
    for m in parsed.lexicon.trigger_re.finditer(parsed.lower, 0, line.end("label")) if line else ():
        for entry in parsed.lexicon.triggers.get(re.sub(r"[ -]+", " ", m.group()), ()):
            counts = (
                entry.object == "people" and entry.frame in {"does", "deadcount", "of", "death"} and not entry.extra
            )
            number = parsed.tokens(*line.span("n")) if line and counts else []
            if number:
                token = _root(parsed.tokens(m.start(), m.end()))
                d = Draft(entry, entry.act, parsed, token, parsed.offset + m.start(), parsed.offset + m.end())
                people = parsed.phrase(number[0])
                people.end = parsed.offset + len(parsed.text)
                d.sufferers = [people]
                d.because("act", f"label of a number: {entry.pattern}")
                return [d]
    return []


def _at(parsed: Parsed, m: re.Match[str], fits: Fits) -> list[Draft]:
    entries = parsed.lexicon.triggers.get(re.sub(r"[ -]+", " ", m.group()))
    tokens = parsed.tokens(m.start(), m.end())
    if not entries or not tokens or parsed.actor_at(tokens[0]):
        return []
    if _figurative(parsed, m, tokens):
        return []
    head = _root(tokens)
    drafts: list[Draft] = []
    for entry in sorted(entries, key=_specific):
        if entry.extra and not _follows(parsed, head, entry.extra):
            continue
        if not _tagged(entry, head, tokens):
            continue
        end = m.end()
        if entry.extra:
            spot = re.compile(rf"\b{re.escape(entry.extra)}\b").search(parsed.lower, m.end())
            end = spot.end() if spot and spot.start() - m.end() < 3 else m.end()
        d = Draft(entry, entry.act, parsed, head, parsed.offset + m.start(), parsed.offset + end)
        if _fill(d, parsed, fits):
            d.because("act", f"{entry.pos}:{entry.pattern}")
            drafts.append(d)
            break
    return drafts


def _figurative(parsed: Parsed, m: re.Match[str], tokens: list[Any]) -> bool:
    """'general strike', 'heart attack', 'kill the bill', 'death penalty': words beside a trigger that void it."""
    if m.group() in parsed.lexicon.class_forms["sporting"] and _sport(parsed):
        return True
    return void(parsed.lexicon, m.group(), parsed.lower, m)


def _sport(parsed: Parsed) -> bool:
    """Two words of sport, or one and a score."""
    words = {t.lower_ for t in parsed.doc} & parsed.lexicon.class_forms["sport"]
    return len(words) + bool(_SCORE.search(parsed.text)) >= 2


def _specific(entry: Entry) -> tuple[bool, bool, bool, bool]:
    """Patterns with more words first, a bare 'at' last of them ('shot dead a man at his house'), then those that want
    evidence of their object."""
    return (
        not entry.extra,
        entry.extra == "at",
        entry.object in {"people", "target", "property", "thing"},
        entry.object != "child!",
    )


def _root(tokens: list[Any]) -> Any:
    inside = {t.i for t in tokens}
    roots = [t for t in tokens if t.head.i not in inside or t.head.i == t.i]
    return roots[-1] if roots else tokens[-1]


def _tagged(entry: Entry, head: Any, tokens: list[Any]) -> bool:
    if entry.pos == "v":
        return is_verb(head) and (head.dep_ not in {"compound"} or head.tag_ in {"VBD"})
    if entry.pos == "n":
        return (
            head.tag_[:2] == "NN"
            or (head.tag_ == "VBG" and not any(c.dep_ in {"dobj", "aux"} for c in head.children))
            or (entry.frame == "deadcount" and head.tag_ in {"JJ", "VBN", "VBD"})
            or (len(tokens) > 1 and head.tag_[:2] in {"VB", "JJ"})
        )
    return bool(head.tag_.startswith("JJ"))


def _follows(parsed: Parsed, head: Any, extra: str) -> bool:
    """Whether the words of a pattern follow its head in the same clause."""
    start = head.idx + len(head.text)
    stretch = parsed.lower[start : start + 90]
    cut = _CLAUSE_END.search(stretch)
    window = stretch[: cut.start()] if cut else stretch
    m = re.search(rf"\b{re.escape(extra)}\b", window)
    if m is None:
        return False
    spot = parsed.tokens(start + m.start(), start + m.start() + 1)
    near = len(window[: m.start()].split()) <= 7
    return (
        near and bool(spot) and (spot[0].i - head.i <= 2 or any(a.i == head.i for a in (spot[0], *spot[0].ancestors)))
    )


def _fill(d: Draft, parsed: Parsed, fits: Fits) -> bool:
    frame = d.entry.frame
    if d.entry.pos != "v":
        return noun_roles(d, fits)
    if frame in {"does", "uses", "occupies", "denies", "threatens", "lives", "hits"}:
        return _FRAMES[frame](d, parsed, fits)
    if frame == "suffers":
        subjects = [parsed.phrase(t) for t in surface_subjects(d.token)]
        d.sufferers = [p for p in subjects if fits(p, d.entry.object) and not (p.kind == "unknown" and _thing(p))]
        causes = {w for o in _prep_objects(d.token, {"of", "from", "in"}) for w in (o.lower_, *_pairs(parsed, o))}
        if causes & parsed.lexicon.class_forms["natural"]:
            return False
        if d.act == "displacement":
            d.sufferers = [
                p for p in d.sufferers if not _armed(p) and (p.core.tag_ in {"NNS", "CD"} or p.kind == "people")
            ]
        return bool(d.sufferers)
    if frame == "leaves":
        return _leaves(d, parsed, fits)
    if frame == "fires":
        return _fires(d, parsed, fits)
    if frame == "fires_at_all":
        return _fires_at_all(d, parsed)
    if frame == "happens":
        subjects = [parsed.phrase(t) for t in surface_subjects(d.token)]
        d.weapons = [p for p in subjects if p.kind in {"means", "event"}]
        things = [p for p in subjects if p.kind in {"facility", "thing", "unknown"}]
        d.targets = things
        if d.entry.means == "suicide_bomb":
            d.doers = [p for p in subjects if p.personal]
        return bool(d.weapons or d.doers) or any(p.facility for p in things)
    return False


def _does(d: Draft, parsed: Parsed, fits: Fits) -> bool:
    r = roles(d.token, d.entry.object not in {"target", "place", "thing"} or d.act in {"bombardment", "destruction"})
    d.passive = r.passive
    for rule in r.rules:
        d.because("perpetrators" if r.doers else "victims", rule)
    if not r.sufferers and any(c.dep_ == "ccomp" for c in d.token.children):
        return False
    doers = [parsed.phrase(t) for t in r.doers]
    if d.entry.object == "person!" and d.entry.head == "take" and any(t.lower_ == "it" for t in r.doers):
        return False  # 'it takes people longer'
    bare = d.entry.object == "person!" and d.entry.head == "take" and not d.entry.extra and not r.passive
    if bare and doers and all(p.kind == "human_name" or _kin(p) for p in doers):
        return False  # 'taking her daughter to see her parents'
    sufferers = [parsed.phrase(t) for t in r.sufferers]
    own_words = set(d.entry.extra.split())
    if d.entry.extra and all(t.lower_ in own_words for t in r.sufferers):
        others = _prep_objects(d.token, {"on", "at", "upon", "against"})
        sufferers = [parsed.phrase(t) for t in others if t.ent_type_ not in {"DATE", "TIME"}]
    good = [p for p in sufferers if fits(p, d.entry.object)]
    if sufferers and not good:
        return False
    if not sufferers and d.entry.object.endswith("!"):
        return False
    if d.act == "abduction" and _brought_to_care(d, parsed):
        return False
    if d.act == "injury" and d.entry.head == "shoot" and _HELPLESS.search(parsed.lower):
        d.act = "killing"
        d.because("act", "shot while bound or kneeling")
    _place_roles(d, doers, good)
    return bool(good) or (
        not sufferers and d.entry.object == "people" and d.token.tag_ != "VBN" and bool(d.doers or d.weapons)
    )


def _brought_to_care(d: Draft, parsed: Parsed) -> bool:
    """'took the wounded to the ward'."""
    goals = _prep_objects(d.token, {"to", "into"})
    return any(parsed.phrase(t).facility == "hospital" or t.lower_ in word_set("care_goals") for t in goals)


def _place_roles(d: Draft, doers: list[Phrase], sufferers: list[Phrase]) -> None:
    for p in doers:
        if p.kind in {"means", "event"}:
            d.weapons.append(p)
        elif p.kind not in {"abstract", "aid"}:
            d.doers.append(p)
    more = [d.parsed.phrase(t) for p in sufferers if p.core.i != p.head.i for t in conjuncts(p.core)[1:]]
    for p in [*sufferers, *(p for p in more if p.personal)]:
        _trim(d, p)
        (
            d.sufferers
            if p.personal or (p.kind in {"name", "unknown"} and d.entry.object in {"people", "person!"})
            else d.targets
        ).append(p)


def _trim(d: Draft, p: Phrase) -> None:
    """'took dozens of women hostage': the pattern's own last word is no part of the people."""
    extra = d.entry.extra
    words = d.parsed.lower[p.start - d.parsed.offset : p.end - d.parsed.offset]
    if extra and words.endswith(" " + extra) and " " not in extra:
        p.end -= len(extra) + 1
        core = d.parsed.doc[p.core.i - 1]
        if p.core.lower_ == extra and core.tag_[:2] == "NN":
            p.core, p.noun = core, d.parsed.lexicon.person(core.lower_)


def _uses(d: Draft, parsed: Parsed, fits: Fits) -> bool:
    """'use X as fighters', 'be used as human shields', 'recruit X into the army'."""
    r = roles(d.token)
    sufferers = [p for p in (parsed.phrase(t) for t in r.sufferers) if fits(p, "person!")]
    if not sufferers:
        return False
    uses = {o.lower_ for o in _prep_objects(d.token, {"as"})} | {
        " ".join(parsed.words_before(o)[-2:]) for o in _prep_objects(d.token, {"as"})
    }
    fought = (
        d.entry.head in {"recruit", "enlist"}
        or bool(uses & parsed.lexicon.class_forms["role_use"])
        or bool(d.entry.extra)
    )
    child = all(fits(p, "child!") for p in sufferers) and d.entry.head in {"use", "exploit", "deploy"}
    if not fought and not child:
        return False
    d.passive = r.passive
    _place_roles(d, [parsed.phrase(t) for t in r.doers], sufferers)
    for rule in r.rules:
        d.because("perpetrators", rule)
    return True


def _occupies(d: Draft, parsed: Parsed, fits: Fits) -> bool:
    r = roles(d.token)
    within = _prep_objects(d.token, {"in", "inside"}) if d.entry.extra == "in" else []
    within += [o for t in within for o in _prep_objects(t, {"of"})]
    targets = [p for p in (parsed.phrase(t) for t in (*r.sufferers, *within)) if p.facility in {"school", "hospital"}]
    if not targets:
        return False
    words = {t.lower_ for o in _prep_objects(d.token, {"as", "into", "for", "to"}) for t in o.subtree}
    military = words & {
        "base",
        "barracks",
        "outpost",
        "post",
        "military",
        "soldiers",
        "fighters",
        "troops",
        "army",
        "checkpoint",
    }
    doers = [parsed.phrase(t) for t in r.doers]
    armed = any(_armed(p) for p in doers)
    if not military and not (
        armed and (within or d.entry.head in {"occupy", "commandeer", "take", "seize", "fortify"})
    ):
        return False
    d.doers, d.targets, d.passive = [p for p in doers if p.kind not in {"means", "event"}], targets, r.passive
    return True


def _thing(p: Phrase) -> bool:
    """A single common noun that the list of people lacks, 'our bulletin'."""
    return p.core.tag_ == "NN" and p.noun is None and p.core.lower_ not in word_set("pronouns")


def _kin(p: Phrase) -> bool:
    return p.noun is not None and p.noun.kind == "civilian" and p.noun.word not in word_set("generic_people")


def _armed(p: Phrase) -> bool:
    kinds = {"state_force", "armed_group", "unknown_armed", "police"}
    return p.actor is not None or (p.noun is not None and p.noun.kind in kinds)


def _denies(d: Draft, parsed: Parsed, fits: Fits) -> bool:
    r = roles(d.token)
    aid = [parsed.phrase(t) for t in r.sufferers]
    subtree = {t.lower_ for t in d.token.subtree}
    strong = {
        "humanitarian",
        "aid",
        "relief",
        "medicine",
        "food",
        "medical",
        "convoy",
        "convoys",
        "unhcr",
        "supplies",
        "evacuation",
    }
    named = any(p.kind == "aid" or p.core.lower_ in parsed.lexicon.class_forms["aid"] for p in aid)
    if not named and not (
        d.entry.head in {"deny", "prevent", "block", "bar", "stop"}
        and aid
        and subtree & {"aid", "humanitarian", "relief"}
    ):
        return False
    if not (subtree & strong):
        return False
    d.doers = [p for p in (parsed.phrase(t) for t in r.doers) if p.kind not in {"means", "event", "abstract"}]
    d.targets, d.passive = aid, r.passive
    return True


def _threatens(d: Draft, parsed: Parsed, fits: Fits) -> bool:
    r = roles(d.token, transitive=False)
    d.doers = [p for p in (parsed.phrase(t) for t in r.doers) if p.kind not in {"means", "event", "abstract", "thing"}]
    d.sufferers = [p for p in (parsed.phrase(t) for t in r.sufferers) if p.personal]
    d.passive = r.passive
    return (bool(d.sufferers) and bool(d.doers or d.passive)) or any(
        c.dep_ == "xcomp" and c.lower_ in parsed.lexicon.triggers for c in d.token.children
    )


def _lives(d: Draft, parsed: Parsed, fits: Fits) -> bool:
    """'claimed 12 lives', 'took the lives of 12 people'."""
    for o in (t for c in d.token.children if c.dep_ == "dobj" for t in [c]):
        if parsed.phrase(o).core.lower_ in {"life", "lives"}:
            d.sufferers = [parsed.phrase(o)]
            doers = [parsed.phrase(t) for t in surface_subjects(d.token)]
            _place_roles(d, [p for p in doers if p.kind != "abstract"], [])
            return True
    return False


def _hits(d: Draft, parsed: Parsed, fits: Fits) -> bool:
    r = roles(d.token, transitive=not d.entry.extra)
    if r.passive and "passive without its auxiliary" in r.rules and all(_weapon(parsed, t) for t in r.sufferers):
        r = roles(d.token, transitive=False)  # 'a rocket hit near the school'
    doers, objects = [parsed.phrase(t) for t in r.doers], [parsed.phrase(t) for t in r.sufferers]
    objects += [parsed.phrase(t) for t in _prep_objects(d.token, {"on", "into", "near"})] if not objects else []
    weapon = any(_weapon(parsed, t) for t in r.doers)
    armed = any(p.actor or (p.noun and p.noun.kind in {"state_force", "armed_group"}) for p in doers)
    by_weapon = bool(parsed.lexicon.means_re.search(parsed.lower, max(0, d.token.idx - 60), d.token.idx + 120))
    solid = [
        p for p in objects if p.kind in {"facility", "place", "thing", "name", "person", "human_name"} or p.facility
    ]
    if (
        not doers
        and all(p.kind in {"person", "human_name"} for p in solid)
        and "with"
        in {c.lower_ for c in d.token.children if c.dep_ == "prep"}
        | {g.lower_ for c in d.token.children for g in c.children if g.dep_ == "prep"}
    ):
        return False
    if not solid or not (weapon or (armed and by_weapon) or (r.passive and not doers and by_weapon)):
        return False
    d.passive = r.passive
    _place_roles(d, doers, solid)
    return True


def _weapon(parsed: Parsed, token: Any) -> bool:
    p = parsed.phrase(token)
    return p.kind == "means" or p.core.lower_ in parsed.lexicon.class_forms["weapon_subject"]


def _leaves(d: Draft, parsed: Parsed, fits: Fits) -> bool:
    """'left 12 people dead and 30 injured': the people that stand nearest before the word that says the harm."""
    last = d.entry.extra.split()[-1]
    spot = next((t for t in parsed.doc[d.token.i + 1 :] if t.lower_ == last), None)
    if spot is None:
        return False
    r = roles(d.token, transitive=False)
    if r.passive:
        d.sufferers = [p for p in (parsed.phrase(t) for t in r.sufferers) if fits(p, "people")]
    else:
        own = [c for c in spot.children if c.dep_ == "nsubj"]
        before = own or [
            t
            for t in parsed.doc[d.token.i + 1 : spot.i]
            if t.tag_ in {"NNS", "NN", "CD", "PRP", "NNP"} and t.dep_ not in {"compound", "nummod", "poss"}
        ]
        d.sufferers = [p for p in [parsed.phrase(t) for t in before[-1:]] if fits(p, "people")]
    doers = [parsed.phrase(t) for t in surface_subjects(d.token)] if not r.passive else []
    _place_roles(
        d,
        [p for p in doers if p.kind in {"means", "event", "person", "group", "name"}]
        if d.entry.head == "leave"
        else [],
        [],
    )
    d.passive = r.passive
    return bool(d.sufferers)


def _fires(d: Draft, parsed: Parsed, fits: Fits) -> bool:
    preps = {d.entry.extra}
    objects = [parsed.phrase(t) for t in _prep_objects(d.token, preps)]
    direct = [parsed.phrase(c) for c in d.token.children if c.dep_ in {"dobj", "nsubjpass"}]
    weapons = [p for p in direct if p.kind in {"means", "event"}]
    if not objects or not weapons or not any(fits(p, "place") for p in objects):
        return False
    r = roles(d.token, transitive=False)
    d.weapons = weapons
    _place_roles(d, [parsed.phrase(t) for t in r.doers if t.i not in {w.head.i for w in weapons}], objects)
    return True


def _fires_at_all(d: Draft, parsed: Parsed) -> bool:
    """'police fired 12 rounds', 'burst tear-gas shells', 'opened fire': force used, whoever was hit."""
    r = roles(d.token, transitive=False)
    doers = [parsed.phrase(t) for t in r.doers]
    d.doers = [p for p in doers if _armed(p) or p.kind in {"name", "pronoun", "person"}]
    direct = [parsed.phrase(t) for t in (r.sufferers or [])]
    d.weapons = [p for p in direct if p.kind in {"means", "event"} or p.core.lower_ in parsed.lexicon.means]
    d.passive = r.passive
    targets = [parsed.phrase(t) for t in _prep_objects(d.token, {"at", "on", "upon", "into"})]
    d.sufferers = [p for p in targets if p.personal]
    d.targets = [p for p in targets if p.facility]
    alone = not direct and d.entry.head == "fire" and bool(d.doers) and all(_armed(p) for p in d.doers)
    return (bool(d.doers) and (bool(d.weapons) or bool(d.entry.extra) or alone)) or (d.passive and bool(d.weapons))


def _pairs(parsed: Parsed, token: Any) -> list[str]:
    return [" ".join(parsed.words_before(token)[-2:])]


def _prep_objects(token: Any, preps: set[str]) -> list[Any]:
    found = [c for c in token.children if c.dep_ in {"prep", "prt"} and c.lower_ in preps]
    for c in token.children:
        if c.dep_ == "dobj" or c.dep_ == "xcomp":
            found += [g for g in c.children if g.dep_ == "prep" and g.lower_ in preps]
    return [x for p in found for o in p.children if o.dep_ == "pobj" for x in conjuncts(o)]


_FRAMES = {
    "does": _does,
    "uses": _uses,
    "occupies": _occupies,
    "denies": _denies,
    "threatens": _threatens,
    "lives": _lives,
    "hits": _hits,
}
