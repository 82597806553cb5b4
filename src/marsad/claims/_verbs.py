"""Roles of acts told by verbs: 'X killed Y', 'left 12 dead', 'a shell hit the market', 'fired at the crowd'."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ._data import word_set
from ._draft import Draft
from ._nouns import told_among
from ._parsed import Parsed, Phrase, conjuncts
from ._struck import struck
from ._syntax import agents, is_passive, roles, surface_subjects

_HELPLESS = re.compile(
    r"\b(?:kneel(?:ing|ed|s)?|knelt|blindfold(?:ed|s)?|handcuffed|(?:hands|arms) (?:were )?(?:tied|bound|cuffed))\b"
)
Fits = Callable[[Phrase, str], bool]


def verb_roles(d: Draft, parsed: Parsed, fits: Fits) -> bool:
    """Fill the roles of a verb trigger; False where it is no act at all."""
    frame = d.entry.frame
    if frame in {"does", "uses", "occupies", "denies", "threatens", "lives", "hits"}:
        return _FRAMES[frame](d, parsed, fits)
    if frame == "suffers":
        subjects = [parsed.phrase(t) for t in surface_subjects(d.token)]
        d.sufferers = [p for p in subjects if fits(p, d.entry.object) and not (p.kind == "unknown" and _thing(p))]
        if is_passive(d.token):
            _place_roles(d, [parsed.phrase(t) for t in agents(d.token)], [])  # 'forcibly disappeared by the police'
        beside = _together(d.token) if d.act != "displacement" else []
        d.sufferers += [p for p in (parsed.phrase(t) for t in beside) if fits(p, "person!")]
        causes = {w for o in _prep_objects(d.token, {"of", "from", "in"}) for w in (o.lower_, *_pairs(parsed, o))}
        if causes & parsed.lexicon.class_forms["natural"] or _ill(d.token):
            return False
        if d.act == "displacement":
            d.sufferers = [
                p for p in d.sufferers if not _armed(p) and (p.core.tag_ in {"NNS", "CD"} or p.kind == "people")
            ]
        return bool(d.sufferers)
    if frame == "loses":
        lost = [parsed.phrase(x) for c in d.token.children if c.dep_ == "dobj" for x in conjuncts(c)]
        d.sufferers = [
            p for p in lost if _armed(p) and (p.head.tag_ == "CD" or any(t.tag_ == "CD" for t in p.head.lefts))
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
    past = d.entry.object not in {"target", "place", "thing"} or d.act in {"bombardment", "destruction"}
    r = roles(d.token, past and not d.entry.extra.endswith("with"))
    d.passive = r.passive
    for rule in r.rules:
        d.because("perpetrators" if r.doers else "victims", rule)
    if not r.sufferers and any(c.dep_ == "ccomp" for c in d.token.children):
        return False
    maimed = _had_done(d.token)
    if maimed is not None:
        r.doers, r.sufferers = [], [maimed]
    doers = [parsed.phrase(t) for t in r.doers]
    if d.entry.object == "person!" and d.entry.head == "take" and any(t.lower_ == "it" for t in r.doers):
        return False  # 'it takes people longer'
    bare = d.entry.object == "person!" and d.entry.head == "take" and not d.entry.extra and not r.passive
    if bare and doers and all(p.kind == "human_name" or _kin(p) for p in doers):
        return False  # 'taking her daughter to see her parents'
    sufferers = [parsed.phrase(t) for t in told_among(d.token) or r.sufferers]
    own_words = set(d.entry.extra.split())
    body = [t for p in sufferers for t in (p.core, p.head) if t.lower_ in own_words & word_set("body_parts")]
    if owners := [x for t in body for x in _owners(t)]:
        # 'cut the throat of a man', 'broke three of his fingers'
        if d.entry.head == "break" and not r.passive and not any(_armed(p) or _several(p) for p in doers):
            return False  # 'fell and broke his leg'
        sufferers = [parsed.phrase(t) for t in owners]
    elif d.act in _BODILY and r.sufferers and all(t.lower_ in word_set("body_parts") for t in r.sufferers):
        sufferers = [parsed.phrase(x) for t in r.sufferers for x in _owners(t)]  # 'beat his feet'
        if not sufferers:
            return False
    elif d.entry.extra and all(t.lower_ in own_words for t in r.sufferers):
        last = d.entry.extra.split()[-1]
        others = _prep_objects(d.token, {last} if last in {"to", "into", "with"} else {"on", "at", "upon", "against"})
        sufferers = [parsed.phrase(t) for t in others if t.ent_type_ not in {"DATE", "TIME"}]
        if last == "into":
            sufferers = [p for p in sufferers if p.facility or p.kind == "place"]
            if not sufferers:
                return False  # 'burst into tears'
    good = [p for p in sufferers if fits(p, d.entry.object)]
    if sufferers and not good:
        return False
    if not sufferers and d.entry.object.endswith("!"):
        return False
    if d.act == "abduction" and (_brought_to_care(d, parsed) or (good and all(_dead(p) for p in good))):
        return False
    if d.act == "abduction" and d.entry.head == "capture" and any(_state(p) for p in doers):
        d.act = "detention"
        d.because("act", "captured by a state's forces")
    if d.act == "injury" and d.entry.head == "treat":
        doers = []  # who treats the wounded did not wound them
    if d.act == "injury" and d.entry.head == "shoot" and _HELPLESS.search(parsed.lower):
        d.act = "killing"
        d.because("act", "shot while bound or kneeling")
    _place_roles(d, doers, good)
    _towns(d)
    if good and r.passive:
        d.sufferers += [p for p in (parsed.phrase(t) for t in _together(d.token)) if fits(p, "person!")]
    return bool(good) or (
        not sufferers and d.entry.object == "people" and d.token.tag_ != "VBN" and bool(d.doers or d.weapons)
    )


def _dead(p: Phrase) -> bool:
    """'the bodies were taken', 'seized his remains': nobody is abducted."""
    return p.head.lower_ in word_set("the_dead")


def _ill(verb: Any) -> bool:
    """'fell ill and died': of no harm that anybody did."""
    before = verb.head if verb.dep_ == "conj" else verb
    return any(c.lower_ in {"ill", "sick"} for c in before.children if c.dep_ in {"acomp", "oprd", "advmod"})


def _had_done(verb: Any) -> Any | None:
    """'A child had both feet amputated': whom it was done to."""
    who = [c for c in verb.lefts if c.dep_ in {"nsubj", "nsubjpass"}]
    had = any(c.lower_ in {"had", "has", "have"} for c in verb.lefts)
    return who[0] if had and len(who) > 1 and who[-1].lower_ in word_set("body_parts") else None


def _towns(d: Draft) -> None:
    """'raided Hass', 'shells hit Maarat al-Numan': names that the tagger takes for people's and that are towns'."""
    towns = [p for p in d.sufferers if p.kind in {"human_name", "name"} and struck(p.core)]
    d.targets += towns
    d.sufferers = [p for p in d.sufferers if p not in towns]


def _several(p: Phrase) -> bool:
    return p.core.tag_ in {"NNS", "NNPS"} or p.core.lower_ == "they" or p.core.ent_type_ == "ORG"


def _owners(part: Any) -> list[Any]:
    """Whose part of the body it is."""
    of = [x for c in part.children if c.lower_ == "of" for o in c.children if o.dep_ == "pobj" for x in conjuncts(o)]
    return of or [c for c in part.children if c.dep_ == "poss"]


def _state(p: Phrase) -> bool:
    kind = p.actor.kind if p.actor is not None else p.noun.kind if p.noun is not None else ""
    return kind in {"state_force", "police"}


def _together(verb: Any) -> list[Any]:
    """'was murdered together with his wife and his son': they were, too."""
    withs = [c for c in verb.children if c.dep_ == "prep" and c.lower_ in {"with", "alongside"}]
    shared = (
        w
        for w in withs
        if w.lower_ == "alongside"
        or any(c.lower_ in {"together", "along"} for c in (*w.children, *verb.children))
        or any(c.lower_ == "other" for o in w.children for c in o.lefts)
    )
    return [x for w in shared for o in w.children if o.dep_ == "pobj" for x in conjuncts(o)]


def _brought_to_care(d: Draft, parsed: Parsed) -> bool:
    """'took the wounded to the ward'."""
    goals = _prep_objects(d.token, {"to", "into"})
    return any(parsed.phrase(t).facility == "hospital" or t.lower_ in word_set("care_goals") for t in goals)


def _place_roles(d: Draft, doers: list[Phrase], sufferers: list[Phrase]) -> None:
    for p in doers:
        event = _event_before(d.parsed, p)
        if p.kind in {"means", "event"} or event is not None:
            d.weapons.append(event or p)
        elif p.kind not in {"abstract", "aid", "facility", "place"} or p.core.lower_ in d.parsed.lexicon.countries:
            d.doers.append(p)
    more = [d.parsed.phrase(t) for p in sufferers if p.core.i != p.head.i for t in conjuncts(p.core)[1:]]
    for p in [*sufferers, *(p for p in more if p.personal)]:
        _trim(d, p)
        (
            d.sufferers
            if p.personal or (p.kind in {"name", "unknown"} and d.entry.object in {"people", "person!"})
            else d.targets
        ).append(p)


def _event_before(parsed: Parsed, p: Phrase) -> Phrase | None:
    """'an assault on a hotel in Tripoli that killed nine': it was the assault that killed them."""
    node = p.head
    while (
        node.dep_ == "pobj" and node.head.dep_ == "prep" and parsed.phrase(node).kind in {"facility", "place", "name"}
    ):
        node = node.head.head
        if parsed.phrase(node).kind == "event":
            return parsed.phrase(node)
    return None


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
    if d.entry.head == "deny" and any(c.dep_ == "ccomp" for c in d.token.children):
        return False  # 'denied that his group obstructs aid'
    aid = [parsed.phrase(t) for t in r.sufferers]
    loads = [c for c in d.token.children if c.dep_ == "prep" and c.lower_ in {"with", "carrying"}]
    held = {t.lower_ for x in (*(p.head for p in aid), *loads) for t in x.subtree}
    named = any(p.kind == "aid" or p.core.lower_ in parsed.lexicon.class_forms["aid"] for p in aid)
    entry = any(p.core.lower_ in word_set("access_nouns") or p.facility == "vehicle" for p in aid)
    barred = d.entry.head in word_set("barring") and aid and held & {"aid", "humanitarian", "relief"}
    if not named and not barred and not (entry and held & word_set("relief_words")):
        return False
    if not {t.lower_ for t in d.token.subtree} & word_set("relief_words"):
        return False
    keepers = [a for o in _prep_objects(d.token, {"at"}) for c in o.children if c.dep_ == "acl" for a in agents(c)]
    doers = [parsed.phrase(t) for t in r.doers or keepers]  # 'held at a checkpoint run by the militia'
    d.doers = [p for p in doers if p.kind not in {"means", "event", "abstract"}]
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
    ours = any(c.lower_ == "our" for p in doers for c in p.head.lefts)  # 'our lions targeted the house with a grenade'
    armed = ours or any(fits(p, "armed") for p in doers)
    by_weapon = bool(parsed.lexicon.means_re.search(parsed.lower, max(0, d.token.idx - 60), d.token.idx + 160))
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
    # An army that says that it hit a building did so with arms; that it hit people, it may have done with words.
    site = armed and any(p.facility or p.kind == "place" or (d.entry.head == "target" and _armed(p)) for p in solid)
    if not solid or not (weapon or site or (armed and by_weapon) or (r.passive and not doers and by_weapon)):
        return False
    d.passive = r.passive
    _place_roles(d, doers, solid)
    _towns(d)
    near = {parsed.lexicon.means.get(w.core.lower_) for w in d.weapons} & _AT_HAND
    in_body = any(t.lower_ in word_set("struck_parts") for t in _prep_objects(d.token, {"in", "on"}))
    if d.act == "bombardment" and d.sufferers and not d.targets and (near or in_body):
        d.act = "injury"
        d.because("act", "what hit was no weapon that hits from afar, or a part of the body was hit")
    return True


_BODILY = frozenset({"injury", "torture", "killing"})
_AT_HAND = frozenset({"shooting", "beating", "stabbing"})


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
    _towns(d)
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
    fired = [m.group() for m in parsed.lexicon.means_re.finditer(parsed.lower, d.token.idx, _clause_end(d.token))]
    at = parsed.offset
    for p in d.weapons:  # 'shells fired by the army'
        fired += [m.group() for m in parsed.lexicon.means_re.finditer(parsed.lower, p.start - at, p.end - at)]
    if (d.doers or d.passive) and {parsed.lexicon.means.get(word) for word in fired} & {"shelling", "missile"}:
        d.act = "bombardment"
        d.because("act", "by what was fired")
    alone = not direct and d.entry.head == "fire" and bool(d.doers) and all(_armed(p) for p in d.doers)
    return (bool(d.doers) and (bool(d.weapons) or bool(d.entry.extra) or alone)) or (d.passive and bool(d.weapons))


def _clause_end(verb: Any) -> int:
    last = verb.right_edge
    return int(last.idx + len(last.text))


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
