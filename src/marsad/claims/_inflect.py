"""English inflection for the lexicons: the surface forms under which a lemma may stand in a sentence."""

from __future__ import annotations

import re

_VOWELS = "aeiou"
_CLOSED = re.compile(r"[^aeiou]+[aeiou][bdgklmnprt]")
"""One short syllable that doubles its last letter: drag, rob, stab."""
_IRREGULAR_VERBS = {
    "be": "is are was were been being am",
    "beat": "beats beating beaten",
    "begin": "begins beginning began begun",
    "behead": "beheads beheading beheaded",
    "bleed": "bleeds bleeding bled",
    "blow": "blows blowing blew blown",
    "break": "breaks breaking broke broken",
    "burst": "bursts bursting",
    "burn": "burns burning burned burnt",
    "bring": "brings bringing brought",
    "catch": "catches catching caught",
    "choose": "chooses choosing chose chosen",
    "come": "comes coming came",
    "cut": "cuts cutting",
    "deny": "denies denying denied",
    "die": "dies dying died",
    "do": "does doing did done",
    "draw": "draws drawing drew drawn",
    "drive": "drives driving drove driven",
    "fall": "falls falling fell fallen",
    "feel": "feels feeling felt",
    "fight": "fights fighting fought",
    "find": "finds finding found",
    "flee": "flees fleeing fled",
    "forbid": "forbids forbidding forbade forbidden",
    "force": "forces forcing forced",
    "get": "gets getting got gotten",
    "give": "gives giving gave given",
    "go": "goes going went gone",
    "grab": "grabs grabbing grabbed",
    "hang": "hangs hanging hanged hung",
    "have": "has having had",
    "hear": "hears hearing heard",
    "hide": "hides hiding hid hidden",
    "hit": "hits hitting",
    "hold": "holds holding held",
    "hurt": "hurts hurting",
    "keep": "keeps keeping kept",
    "kidnap": "kidnaps kidnapping kidnapped kidnaping kidnaped",
    "know": "knows knowing knew known",
    "lay": "lays laying laid",
    "lead": "leads leading led",
    "leave": "leaves leaving left",
    "lose": "loses losing lost",
    "make": "makes making made",
    "mean": "means meaning meant",
    "meet": "meets meeting met",
    "mow": "mows mowing mowed mown",
    "overrun": "overruns overrunning overran",
    "pay": "pays paying paid",
    "put": "puts putting",
    "read": "reads reading",
    "refer": "refers referring referred",
    "say": "says saying said",
    "see": "sees seeing saw seen",
    "seek": "seeks seeking sought",
    "sell": "sells selling sold",
    "send": "sends sending sent",
    "set": "sets setting",
    "shell": "shells shelling shelled",
    "shoot": "shoots shooting shot",
    "show": "shows showing showed shown",
    "slay": "slays slaying slew slain",
    "slit": "slits slitting",
    "speak": "speaks speaking spoke spoken",
    "steal": "steals stealing stole stolen",
    "strike": "strikes striking struck stricken",
    "swear": "swears swearing swore sworn",
    "take": "takes taking took taken",
    "tell": "tells telling told",
    "think": "thinks thinking thought",
    "throw": "throws throwing threw thrown",
    "understand": "understands understanding understood",
    "withhold": "withholds withholding withheld",
    "write": "writes writing wrote written",
    "admit": "admits admitting admitted",
    "commit": "commits committing committed",
    "permit": "permits permitting permitted",
    "allot": "allots allotting allotted",
    "maltreat": "maltreats maltreating maltreated",
    "bar": "bars barring barred",
    "rebut": "rebuts rebutting rebutted",
    "plan": "plans planning planned",
    "plot": "plots plotting plotted",
    "prepare": "prepares preparing prepared",
    "rob": "robs robbing robbed",
    "stab": "stabs stabbing stabbed",
    "club": "clubs clubbing clubbed",
    "flog": "flogs flogging flogged",
    "whip": "whips whipping whipped",
    "slam": "slams slamming slammed",
    "abet": "abets abetting abetted",
    "nab": "nabs nabbing nabbed",
    "cut off": "cuts cutting",
    "wed": "weds wedding wedded",
    "gun": "guns gunning gunned",
    "stop": "stops stopping stopped",
    "drop": "drops dropping dropped",
    "scar": "scars scarring scarred",
    "gut": "guts gutting gutted",
    "spin": "spins spinning spun",
    "let": "lets letting",
    "grieve": "grieves grieving grieved",
    "lob": "lobs lobbing lobbed",
    "batter": "batters battering battered",
    "intern": "interns interning interned",
    "torture": "tortures torturing tortured",
    "bomb": "bombs bombing bombed",
    "barrel-bomb": "barrel-bombs barrel-bombing barrel-bombed",
}
_IRREGULAR_NOUNS = {
    "man": "men",
    "woman": "women",
    "child": "children",
    "person": "persons",
    "people": "peoples",
    "wife": "wives",
    "life": "lives",
    "knife": "knives",
    "body": "bodies",
    "foot": "feet",
    "clergy": "clergy",
    "police": "police",
    "mujahid": "mujahideen mujahedin mujahidin",
    "hostage-taking": "hostage-takings",
}


def verb_forms(lemma: str) -> set[str]:
    """All surface forms of a verb, with the lemma itself; a hyphened or spaced lemma inflects its last word."""
    if lemma in _IRREGULAR_VERBS:
        return {lemma, *_IRREGULAR_VERBS[lemma].split()}
    for gap in (" ", "-"):
        front, _, last = lemma.rpartition(gap)
        if front:
            return {f"{front}{gap}{form}" for form in verb_forms(last)}
    out = {lemma}
    if lemma.endswith("e"):
        stem = lemma[:-1]
        return out | {lemma + "s", lemma + "d", stem + "ing"}
    if lemma.endswith("y") and lemma[-2:-1] not in _VOWELS:
        return out | {lemma[:-1] + "ies", lemma[:-1] + "ied", lemma + "ing"}
    if len(lemma) <= 5 and _CLOSED.fullmatch(lemma):
        return {lemma, lemma + "s", lemma + lemma[-1] + "ed", lemma + lemma[-1] + "ing"}
    out.add(lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x", "z")) else "s"))
    return out | {lemma + "ed", lemma + "ing"}


def past_like_base(lemma: str) -> bool:
    """Whether the past of a verb is its base form: 'hit', 'set', 'beat'."""
    return all(f == lemma + "s" or f.endswith(("ing", "en")) for f in _IRREGULAR_VERBS.get(lemma, "x").split())


def noun_forms(lemma: str) -> set[str]:
    """Singular and plural of a noun; the last word of a phrase inflects, a final 'man' or 'woman' as itself."""
    for gap in (" ", "-"):
        front, _, last = lemma.rpartition(gap)
        if front:
            return {f"{front}{gap}{form}" for form in noun_forms(last)}
    if lemma in _IRREGULAR_NOUNS:
        return {lemma, *_IRREGULAR_NOUNS[lemma].split()}
    if lemma.endswith("man") and lemma not in {"human", "roman", "german", "shaman"}:
        return {lemma, lemma[:-3] + "men"}
    if lemma.endswith("child"):
        return {lemma, lemma + "ren"}
    if lemma.endswith("y") and lemma[-2:-1] not in _VOWELS:
        return {lemma, lemma[:-1] + "ies"}
    if lemma.endswith(("s", "sh", "ch", "x", "z")):
        return {lemma, lemma + "es"}
    if lemma.endswith("f") and lemma not in {"chief", "belief", "relief", "roof"}:
        return {lemma, lemma + "s", lemma[:-1] + "ves"}
    return {lemma, lemma + "s"}
