"""Roles of acts named by nouns: 'the killing of X by Y', 'an Israeli airstrike on Z', 'the death toll rose to 40'."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ._data import word_set
from ._draft import Draft
from ._parsed import Phrase, conjuncts
from ._place_names import town_name
from ._struck import struck
from ._syntax import is_verb, surface_subjects

_TARGET_PREPS = word_set("target_preps")
_FOUND = word_set("found")
_AGAINST = frozenset({"sexual_violence", "torture", "injury", "abduction", "recruitment_and_use"})
_FROM_AFAR = frozenset({"airstrike", "missile", "shelling", "barrel_bomb", "cluster_munition"})
_LIGHT = "light"
_SUFFER = "suffer"
Fits = Callable[[Phrase, str], bool]


def noun_roles(d: Draft, fits: Fits) -> bool:
    """Fill the roles of a noun (or adjective) trigger; False where it is no act at all."""
    frame = d.entry.frame
    if frame in {"of", "death"}:
        return _of(d, fits)
    if frame == "attack":
        return _attack(d, fits)
    if frame in {"deadcount", "state"}:
        return _counted(d, fits)
    if frame == "toll":
        return _toll(d)
    if frame == "body":
        return _bodies(d, fits)
    if frame == "ofaid":
        words = {t.lower_ for t in d.token.subtree} | set(d.parsed.words_before(d.token))
        return bool(words & {"humanitarian", "aid", "relief", "food", "medicine"})
    if frame == "threat":
        return _threat(d, fits)
    return False


def _of(d: Draft, fits: Fits) -> bool:
    p = d.parsed
    cause = d.token.head.head if d.token.dep_ == "pobj" else d.token
    if d.act == "injury" and cause.lower_ in word_set("dying"):
        return False  # 'succumbed to his injuries': the death is told, and of what
    of = [p.phrase(x) for x in _prep(d.token, {"of"}) or _shared(d)]
    if not of and d.act in _AGAINST:
        of = [p.phrase(x) for x in _against(d.token)]
    by = [p.phrase(x) for x in _prep(d.token, {"by"})]
    by += [p.phrase(x) for h in _prep(d.token, {"at"}) if h.lower_ in {"hands", "hand"} for x in _prep(h, {"of"})]
    owner = [p.phrase(x) for c in _owning(d.token).children if c.dep_ == "poss" for x in conjuncts(c)]
    victims = [x for x in of if fits(x, d.entry.object)]
    if of and not victims and d.entry.object != "property":
        return False
    modifiers = [p.phrase(c) for c in d.token.children if c.dep_ in {"compound", "amod", "nmod"}]
    for x in modifiers:
        if x.core.tag_.startswith("JJ") and x.actor is None and x.core.lower_ not in p.lexicon.demonyms:
            continue
        if d.entry.frame == "death" and not fits(x, "people"):
            continue
        if (x.noun or x.actor) and not victims and fits(x, d.entry.object if d.entry.object == "child!" else "person!"):
            armed = x.actor is not None or (
                x.noun is not None and x.noun.kind in {"police", "state_force", "armed_group"}
            )
            (by if armed and d.entry.frame != "death" else victims).append(x)
        elif x.core.lower_ in p.lexicon.demonyms and d.entry.frame != "death":
            continue
    if owner:
        personal = [x for x in owner if x.personal or x.kind in {"name", "human_name", "unknown"}]
        if d.entry.frame == "death" or (
            not victims and d.entry.object in {"people", "person!"} and not _armed(personal)
        ):
            victims = victims or [x for x in personal if fits(x, d.entry.object)]
        else:
            by = by or personal
    d.doers = [x for x in by if x.kind not in {"means", "event", "abstract", "aid"}]
    d.weapons = [x for x in by if x.kind in {"means", "event"}]
    (d.targets if d.entry.object in {"property", "facility"} else d.sufferers).extend(victims)
    _light_verb(d, fits)
    d.doers = d.doers or _blamed(d)
    if not d.sufferers and (shown := [x for x in map(p.phrase, _shows_signs(d.token)) if fits(x, "people")]):
        d.sufferers, d.carried = shown, True
    if d.entry.object in {"child!", "person!", "property", "facility"} and not (d.sufferers or d.targets):
        return False
    if not d.sufferers and d.entry.object == "people" and _numbered(d.token):
        d.sufferers = [p.phrase(d.token)]  # '29 killings'
    d.reference = not (d.sufferers or d.targets or d.doers or d.carried)
    return True


def _shows_signs(noun: Any) -> list[Any]:
    """'his body was found with signs of torture', 'the bodies bore marks of beatings': whose body it is."""
    signs = noun.head.head
    if noun.dep_ != "pobj" or noun.head.lower_ != "of" or signs.lower_ not in word_set("signs"):
        return []
    at = signs.head.head if signs.dep_ == "pobj" else signs.head
    bodies = surface_subjects(at) if is_verb(at) else [at]
    bodies = bodies or [x for x in at.children if x.dep_ == "dobj"]
    return [x for b in bodies for x in ([c for c in b.children if c.dep_ == "poss"] or _prep(b, {"of"}) or [b])]


def _shared(d: Draft) -> list[Any]:
    """'the killing and wounding of all who were in it': both of all."""
    noun, acts = d.token, d.parsed.lexicon.triggers
    if noun.dep_ == "conj" and noun.head.tag_[:2] in {"NN", "VB"}:
        return [x for x in _prep(noun.head, {"of"}) if x.i > noun.i]
    if any(c.dep_ == "poss" for c in noun.lefts):
        return []
    beside = [c for c in noun.rights if c.dep_ == "conj" and c.tag_ in {"NN", "VBG"} and c.i - noun.i <= 3]
    alike = (c for c in beside if c.lower_ in acts and not any(x.dep_ in {"det", "poss"} for x in c.lefts))
    return [x for c in alike for x in _prep(c, {"of"})]


def _owning(noun: Any) -> Any:
    """The noun whose owner is this one's too: 'his arrest and torture'."""
    bare = not any(c.dep_ in {"det", "poss", "prep", "nummod"} for c in noun.children)
    bare = bare and not any(c.lower_ == "its" for c in noun.head.lefts)
    return noun.head if noun.dep_ == "conj" and noun.head.tag_[:2] == "NN" and bare else noun


def _blamed(d: Draft) -> list[Phrase]:
    """'blamed the rebels for the massacre', 'convicted of the torture': whose the act is said to be."""
    noun = d.token
    if noun.dep_ == "dobj" and noun.head.lower_ in word_set("blaming") | word_set("attributing"):
        on = _prep(noun.head, {"on", "to"}) or _prep(noun, {"on", "to"})
        return [d.parsed.phrase(x) for x in on if not _day(x)]  # 'blamed the attack on the rebels'
    while noun.dep_ == "conj" and noun.head.tag_[:2] == "NN":
        noun = noun.head
    prep = noun.head
    part = prep.head
    if part.lower_ in word_set("having_part") and part.dep_ == "pobj":
        prep = part.head  # 'accused of involvement in the murder'
    verb = prep.head.head if prep.head.dep_ == "dobj" else prep.head
    if prep.head.dep_ == "pobj" and prep.head.lower_ in word_set("spans") | {"death", "life", "imprisonment", "prison"}:
        verb = prep.head.head.head  # 'sentenced a soldier to 12 years for the rape of …'
    effects = d.parsed.lexicon.control.get(verb.lower_, set())
    if noun.dep_ != "pobj" or not is_verb(verb) or prep.lower_ not in {"for", "of", "with", "in", "over"}:
        return []
    jailed = prep.lower_ == "for" and verb.lower_ not in word_set("sentencing")
    if not effects & ({"accuse"} if jailed else {"accuse", "convict"}) or d.act == "detention":
        return []
    found = [d.parsed.phrase(x) for c in verb.children if c.dep_ in {"dobj", "nsubjpass"} for x in conjuncts(c)]
    found = [x for x in found if x.kind not in {"means", "event", "abstract", "thing", "aid"}]
    if found and "convict" not in effects:
        d.certainty = "alleged"
    return found


def _numbered(noun: Any) -> bool:
    """'29 killings': a plural of acts with its number, each done to somebody."""
    return noun.tag_ == "NNS" and any(c.dep_ == "nummod" for c in noun.lefts)


def _against(token: Any) -> list[Any]:
    """'rape against women', 'injuries to three', 'sexual violence perpetrated against 47 girls'."""
    holders = [token, *(c for c in token.children if c.dep_ in {"acl", "relcl"})]
    if token.dep_ == "dobj" and is_verb(token.head):
        holders.append(token.head)
    return [x for h in holders for x in _prep(h, {"against", "to", "on"} if h is token else {"against"})]


def _attack(d: Draft, fits: Fits) -> bool:
    p = d.parsed
    token = d.token
    if token.dep_ in {"compound", "nmod"} and token.head.tag_[:2] == "NN":
        return False
    by = [p.phrase(x) for x in _prep(token, {"by", "from", "between"}) if not _day(x)]
    if token.dep_ == "nsubj" and token.head.lower_ in word_set("happens"):
        by += [p.phrase(x) for x in _prep(token.head, {"between"})]  # 'clashes took place between …'
    owner = [p.phrase(x) for c in token.children if c.dep_ == "poss" for x in conjuncts(c) if not _day(x)]
    before = [p.phrase(c) for c in token.children if c.dep_ in {"compound", "amod", "nmod"}]
    d.doers = [
        x
        for x in [*by, *owner]
        if x.kind in {"person", "group", "name", "human_name", "pronoun", "unknown"}
        and (x.actor or x.personal or x.kind == "name")
    ]
    for x in before:
        armed = x.actor or (x.noun and x.noun.kind in {"police", "state_force", "armed_group", "unknown_armed"})
        armed = armed and x.core.lower_ not in {"terrorist", "criminal", "extremist"}
        if armed or p.owns(x.core, token):
            d.doers.append(x)
        elif x.facility or (x.kind == "place" and x.core.dep_ == "compound"):
            d.targets.append(x)
    blamed = _blamed(d)
    aside = {x.head.i for x in blamed}
    goals = [p.phrase(_somewhere(x)) for x in _prep(token, set(_TARGET_PREPS)) if x.i not in aside]
    goals += [p.phrase(x) for x in _struck(d)]
    goals += [p.phrase(x) for x in _prep(token, {"of"}) if d.entry.act in {"bombardment", "explosion", "ground_attack"}]
    for x in goals:
        if x.core.dep_ == "pobj" and x.core.head.lower_ == "of" and d.act == "ground_attack" and _armed([x]):
            d.doers.append(x)
        elif x.kind in {"human_name", "name"} and (town_name(x.core) or struck(x.core)):
            d.targets.append(x)
        elif x.kind == "pronoun" or x.personal:
            d.sufferers.append(x)
        elif x.kind == "means" and x.core.dep_ == "pobj" and x.core.head.lower_ == "of":
            d.weapons.append(x)  # 'the explosion of a bomb'
        elif x.kind not in {"abstract", "event", "means"}:
            d.targets.append(x)
    _light_verb(d, fits)
    d.doers = d.doers or blamed
    if d.act == "ground_attack" and any(p.lexicon.means.get(w.core.lower_) in _FROM_AFAR for w in d.weapons):
        d.act = "bombardment"
        d.because("act", "by what flies or fires from afar")
    strong = bool(d.entry.means) or d.entry.act != "ground_attack"
    bare = not (d.doers or d.sufferers or d.targets or any(w.core.head.lower_ == "of" for w in d.weapons))
    if bare and not strong and not _context(d):
        return False
    if goals and not d.sufferers and not d.targets and not d.weapons:
        return False
    d.reference = bare
    return True


def _day(token: Any) -> bool:
    """'Sunday's shelling', 'attacks between Aug. 9 and 16': when, and not by whom."""
    return token.ent_type_ in {"DATE", "TIME"} or token.lower_ in word_set("always_capital")


def _somewhere(noun: Any) -> Any:
    """'raids on places in Hass': Hass, since 'places' says nothing."""
    inside = _prep(noun, {"in", "of", "at", "near"}) if noun.lower_ in word_set("somewhere") else []
    return inside[0] if inside else noun


def _struck(d: Draft) -> list[Any]:
    """'An explosion ripped through a mosque', 'a blast rocked the market': what the verb of the noun says was hit."""
    verb = d.token.head
    if d.token.dep_ != "nsubj" or not is_verb(verb) or verb.lower_ not in word_set("blast_verbs"):
        return []
    direct = [x for c in verb.children if c.dep_ == "dobj" for x in conjuncts(c)]
    return direct or _prep(verb, set(_TARGET_PREPS) | {"through", "in"})


def _context(d: Draft) -> bool:
    """A bare 'attack' counts where its words or its verb show violence: 'armed attack', 'killed in the attack'."""
    words = {c.lower_ for c in d.token.children} | ({a.lower_ for a in list(d.token.ancestors)[:3]})
    return bool(words & d.parsed.lexicon.violent)


def _counted(d: Draft, fits: Fits) -> bool:
    """'12 dead', 'the dead included', '12 people are dead'."""
    token, p = d.token, d.parsed
    if d.entry.frame == "deadcount" and _told_among(d, fits):
        return True
    of = token.head
    if token.dep_ == "pobj" and of.lower_ == "of" and of.head.lower_ in word_set("total_nouns"):
        d.sufferers = [p.phrase(token)]  # 'the number of wounded'; `_tolls` finds how many
        return True
    if token.dep_ == "dobj" and token.head.lower_ in word_set("toll_verbs"):
        at = [x for x in _prep(token.head, {"at", "to"}) + _prep(token, {"at", "to"}) if x.tag_ == "CD"]
        d.sufferers, d.total = [p.phrase(x) for x in at[:1]], token if at else None  # 'put the dead at 22'
        return bool(at)
    if d.entry.frame == "state" or token.tag_.startswith("JJ") or is_verb(token):
        if token.dep_ == "acomp" and is_verb(token.head):
            d.sufferers = [x for x in (p.phrase(t) for t in surface_subjects(token.head)) if fits(x, "person!")]
        elif token.dep_ in {"ccomp", "oprd", "xcomp"}:
            d.sufferers = [x for x in (p.phrase(c) for c in token.children if c.dep_ == "nsubj") if fits(x, "people")]
        if not d.sufferers and token.dep_ == "amod" and token.head.i < token.i:
            d.sufferers = [x for x in [p.phrase(token.head)] if fits(x, "person!")]  # 'the fall of 37 civilians dead'
        if not d.sufferers:
            d.sufferers = [p.phrase(x) for x in [_number_before(token)] if x is not None]
        return bool(d.sufferers)
    counted = any(c.tag_ == "CD" or c.lower_ in {"dozens", "hundreds", "several", "scores"} for c in token.subtree)
    if counted:
        d.sufferers = [p.phrase(token)]
    return counted


def _number_before(token: Any) -> Any | None:
    """'12 dead', '"more than 12" dead': the number straight before, which may stand in quotes."""
    left = token.doc[token.i - 1] if token.i else None
    if left is not None and left.text in {'"', "'"} and left.i:
        left = token.doc[left.i - 1]
    return left if left is not None and left.tag_ == "CD" else None


def _told_among(d: Draft, fits: Fits) -> bool:
    """'Six women were among the dead', 'the wounded included two nurses'."""
    token, p = d.token, d.parsed
    heads: list[Any] = told_among(token)
    if heads:
        d.because("victims", "told among them")
    elif token.dep_ == "nsubj" and token.head.lower_ in _INCLUDES:
        heads = [x for c in token.head.children if c.dep_ in {"dobj", "attr"} for x in conjuncts(c)]
    heads = [h for h in heads if h.tag_ != "CD" or h.nbor(-1).text != "," or any(h.children)]  # 'X, 58, a teacher'
    heads += [x for h in heads for x in beside(h)]
    d.sufferers = [x for x in (p.phrase(t) for t in heads) if fits(x, "people")]
    return bool(d.sufferers)


def beside(name: Any) -> list[Any]:
    """'X, 58, a teacher, his wife and five of their children': those who stand beside what X is said to be."""
    if name.tag_ == "NNS":
        return []  # 'two brothers, Ali and Musa': who they are
    said = [c for c in name.rights if c.dep_ == "appos" and c.tag_[:2] == "NN"]
    kin = [c for c in said if any(x.dep_ == "poss" and x.lower_ in {"his", "her", "their"} for x in c.children)]
    more = [*kin, *(x for c in said for x in conjuncts(c)[1:])]
    own = {"poss", "nummod", "appos"}
    return [x for x in more if x.tag_ == "CD" or x.tag_ == "NNP" or any(c.dep_ in own for c in x.children)]


def told_among(token: Any) -> list[Any]:
    """Those who are told to be among them: 'six women were among the dead', 'among those killed were …'."""
    group = token.head if token.dep_ == "acl" and token.head.lower_ in {"those", "people", "civilians"} else token
    if group.dep_ != "pobj" or group.head.lower_ != "among" or not is_verb(group.head.head):
        return []
    return [x for c in group.head.head.children if c.dep_ in {"nsubj", "attr", "dobj"} for x in conjuncts(c)]


_INCLUDES = word_set("includes")


def _toll(d: Draft) -> bool:
    """'the death toll rose to 40': the number that its clause gives, as a running total."""
    clause = d.token.head if is_verb(d.token.head) else d.token
    numbers = sorted(
        [*clause.subtree, *d.token.subtree], key=lambda x: (x.dep_ == "pobj" and x.head.lower_ == "from", x.i)
    )
    for x in numbers:
        if (
            x.tag_ == "CD"
            and x.i > d.token.i
            and x.dep_ != "compound"
            and (x.ent_type_ not in {"DATE", "TIME", "PERCENT"} or "," in x.text or _put_at(x))
        ):
            d.sufferers = [d.parsed.phrase(x if x.dep_ != "nummod" else x.head)]
            d.cumulative = True
            return True
    return False


def _put_at(number: Any) -> bool:
    """'at 33', 'to 41': a number that a toll is put at, though the tagger takes it for a date."""
    return number.dep_ == "pobj" and number.head.lower_ in {"at", "to"} and len(number.text) < 4


def _bodies(d: Draft, fits: Fits) -> bool:
    found = [t for t in d.parsed.doc if abs(t.i - d.token.i) <= 20 and is_verb(t) and t.lower_ in _FOUND]
    never = any(c.dep_ == "neg" or c.lower_ == "never" for t in found for c in t.children)
    if not found or (never and len(found) == 1):
        return False
    of = [d.parsed.phrase(x) for x in _prep(d.token, {"of"})]
    owner = [d.parsed.phrase(c) for c in d.token.children if c.dep_ == "poss"]
    d.sufferers = [x for x in [*of, *owner] if fits(x, "people")] or ([] if of else [d.parsed.phrase(d.token)])
    return bool(d.sufferers)


def _threat(d: Draft, fits: Fits) -> bool:
    p = d.parsed
    if d.entry.head == "threat":
        people = [p.phrase(x) for x in _prep(d.token, {"against", "to"})]
        d.sufferers = [x for x in people if fits(x, "person!")]
        d.doers = [x for x in (p.phrase(t) for t in _prep(d.token, {"by", "from"})) if x.personal or x.actor]
        if d.token.dep_ == "dobj" and d.token.head.lower_ in word_set("receiving"):
            d.sufferers = [x for x in map(p.phrase, surface_subjects(d.token.head)) if fits(x, "person!")]
            return bool(d.sufferers)
        return bool(d.sufferers) and (bool(d.doers) or "death" in p.words_before(d.token))
    d.doers = [x for x in (p.phrase(t) for t in _prep(d.token, {"by", "from"})) if x.personal or x.actor]
    d.sufferers = [x for x in (p.phrase(t) for t in _prep(d.token, {"against", "to"})) if fits(x, "person!")]
    _light_verb(d, fits)
    return True


def _light_verb(d: Draft, fits: Fits) -> None:
    """'carried out an attack', 'suffered torture': roles from the verb that carries the noun."""
    token, p = d.token, d.parsed
    verbs: list[tuple[Any, list[Any], bool]] = []
    while token.dep_ == "conj" and token.head.tag_[:2] == "NN":
        token = token.head
    if token.dep_ in {"dobj", "nsubjpass", "pobj", "conj"}:
        verb = token.head
        if token.dep_ == "pobj" and is_verb(verb.head):
            if verb.lower_ == "to" and verb.head.lower_ in word_set("subjects"):
                whom = [x for c in verb.head.children if c.dep_ == "dobj" for x in conjuncts(c)]
                if whom:
                    verbs.append((verb.head, surface_subjects(verb.head), False))
                verbs.append((verb.head, whom or surface_subjects(verb.head), True))
        elif is_verb(verb):
            effect = p.lexicon.control.get(verb.lower_, set())
            subjects = surface_subjects(verb) if token.dep_ == "dobj" else []
            if _LIGHT in effect:
                d.carried = True
                agents = subjects or [
                    x for c in verb.children if c.dep_ == "agent" for o in c.children for x in conjuncts(o)
                ]
                verbs.append((verb, agents, False))
            elif _SUFFER in effect and token.dep_ == "dobj":
                verbs.append((verb, subjects, True))
    for c in d.token.children:
        if c.dep_ in {"acl", "relcl"} and is_verb(c) and _LIGHT in p.lexicon.control.get(c.lower_, set()):
            agents = [x for a in c.children if a.dep_ == "agent" for o in a.children for x in conjuncts(o)]
            verbs.append((c, agents, False))
    for verb, people, suffers in verbs:
        phrases = [p.phrase(t) for t in people]
        if suffers and not d.sufferers:
            d.sufferers = [x for x in phrases if fits(x, "people")]
        elif not suffers and not d.doers:
            d.doers = [x for x in phrases if x.kind not in {"means", "event", "abstract", "thing", "aid"}]
            d.weapons += [x for x in phrases if x.kind == "means"]
        if phrases:
            d.because("perpetrators" if not suffers else "victims", f"carried by '{verb.lower_}'")


def _armed(phrases: list[Phrase]) -> bool:
    return any(
        x.actor
        or (
            x.noun
            and x.noun.kind in {"police", "state_force", "armed_group", "unknown_armed"}
            and x.noun.status != "hors_de_combat"
        )
        for x in phrases
    )


def _prep(token: Any, preps: set[str]) -> list[Any]:
    out: list[Any] = []
    for c in token.children:
        if c.dep_ in {"prep", "agent"} and c.lower_ in preps:
            out += [x for o in c.children if o.dep_ in {"pobj", "pcomp"} for x in conjuncts(o)]
    return out
