"""MUC-4: role fillers of attacks by CEAF-REE, and slots of the official templates at document level.

`python benchmarks/muc4.py --data ../shared/corpora/muc4 [--part dev] [--show Victim]`

Role fillers: PerpInd, PerpOrg, Target, Victim, Weapon; an entity is right where the one mention that we give is among
the gold entity's mentions (Du et al., 2021: similarity is 1 where the prediction is a subset of the gold entity), each
entity matched once, micro-averaged. Victims are those with a name, as the corpus takes them from the slot of names.
Templates: what confidence is given to which organisation, how many victims, which dates; compared as sets an article,
which is milder than the official alignment of templates. Texts are lower-cased; published rows are on the test part.

Rows: the structure without the learned layer; the learned layer alone (its fillers, where its document label says that
an attack is told); both: the engine's claims with the learned layer, those of their fillers that the network gives some
probability, and the network's own fillers that no claim holds. MUC wants terrorist attacks only: claims of battles
between armed sides are right as claims and wrong here, which the network has learned and the structure has not.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from _common import arguments, measured, table

from marsad.claims import Engine, learned
from marsad.model import Actor, Claim, Report

ROLES = ("PerpInd", "PerpOrg", "Target", "Victim", "Weapon")
PUBLISHED = [
    ("GRIT, BERT-base (2021)", 0.545, 0.496, 0.519, 0.490, 0.678, 0.591),
    ("MiniLM-L6 tagger, this project's own trial", 0.478, None, None, None, None, None),
]
VIOLENT = {
    "killing",
    "injury",
    "abduction",
    "bombardment",
    "ground_attack",
    "explosion",
    "destruction",
    "attack_on_school",
    "attack_on_hospital",
    "threat",
    "torture",
}
Fillers = dict[str, list[str]]
Cells = dict[str, set[tuple[str, ...]]]
SLOTS = ("perpetrator confidence", "victim number", "date")
OURS = {"perp_ind": "PerpInd", "perp_org": "PerpOrg", "target": "Target", "victim": "Victim", "weapon": "Weapon"}
ALONE, BOTH = "Marsad, learned layer alone", "Marsad, both"
GATE = 0.7
"""Least probability of an article on an attack; chosen on dev, as `weights/settings.json` has it."""
LEAST = {
    "PerpInd": (0.0, 0.2),
    "PerpOrg": (0.7, 0.5),
    "Target": (0.55, 0.25),
    "Victim": (0.75, 0.15),
    "Weapon": (0.5, 0.2),
}
"""Chosen on dev with the shipped weights, for both: least score of the network's own filler; least support of one that
a claim gives."""
CONFIDENCE = {
    "claimed or admitted": re.compile(r"claim\w* (?:\w+ )?responsib|admitt|took credit|communique"),
    "suspected or accused": re.compile(r"accus|blam|suspect|presum|alleg|attribut|responsib"),
    "possible": re.compile(r"possib|\bmay\b|might|could have"),
}
PRONOUNS = {"they", "he", "she", "it", "we", "them", "who", "him", "some of whom", "whom"}
_ARTICLE = re.compile(r"^(?:the|a|an|some|several|his|her|their|its|this|that|these|those)\s+")
_ACT = re.compile(r"(?:ing|ings|ion|ions|shots?|ed|attacks?|fire|torture|raids?|blasts?|strikes?)$")
_PLURAL = re.compile(r"\b(?:people|men|women|children|police|\w{3,}s)\b(?!.*\bof a\b)")
_DAY = re.compile(r"\b(\d{1,2}) (jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* (\d{2,4})\b")


def main() -> None:
    parser = arguments(__doc__, "folder with role_fillers/ and templates/")
    parser.add_argument("--part", default="dev")
    parser.add_argument("--show", help="print misses and false finds of this role")
    given = parser.parse_args()
    lines = (given.data / "role_fillers" / f"{given.part}.json").read_text(encoding="utf-8").splitlines()
    articles = [json.loads(line) for line in lines]
    heads = headers(given.data / "templates" / given.part)
    keys = templates(given.data / "templates" / given.part)
    rows: list[list[object]] = []
    slots: list[list[object]] = []
    for name, reader in readers().items():
        totals = {role: [0, 0, 0] for role in ROLES}
        cells: dict[str, Cells] = {}
        with measured() as cost:
            read = {a["docid"]: reader(a["docid"], a["doctext"], heads.get(a["docid"])) for a in articles}
        for article in articles:
            found, cells[article["docid"]] = read[article["docid"]]
            for role in ROLES:
                gold = [{m[0] for m in entity} for entity in article["extracts"][role]]
                totals[role][0] += matched(gold, [{words} for words in found[role]])
                totals[role][1] += len(found[role])
                totals[role][2] += len(gold)
                if role == given.show and name == BOTH:
                    report(article["docid"], gold, [{words} for words in found[role]])
        print(
            f"{name}: "
            + "; ".join(f"{r} P {h / max(1, s):.3f} R {h / max(1, w):.3f}" for r, (h, s, w) in totals.items())
        )
        micro = _f1(*(sum(t[i] for t in totals.values()) for i in range(3)))
        rows.append([name, micro, *(_f1(*totals[role]) for role in ROLES), f"{cost.cpu:.1f}", f"{cost.memory:.0f}"])
        slots += [
            [slot, name, *_sets([(keys.get(k, {}).get(slot, set()), cells[k][slot]) for k in cells])]
            for slot in SLOTS
            if name != ALONE
        ]
    rows += [[*row, None, None] for row in PUBLISHED]
    print()
    table(["role fillers, CEAF-REE", "micro F1", *ROLES, "CPU s", "MiB"], rows)
    print(f"\ntemplates, sets an article ({len(keys)} keyed)")
    table(["slot", "", "precision", "recall", "F1"], sorted(slots, key=lambda row: SLOTS.index(str(row[0]))))


def readers() -> dict[str, Callable[[str, str, str | None], tuple[Fillers, Cells]]]:
    """Each row's reader of one article: (id, text, day of filing, which the role-filler files leave out)."""
    structure, engine = Engine(learned=False), Engine()

    def plain(docid: str, text: str, filed: str | None) -> tuple[Fillers, Cells]:
        claims = structure.extract(Report(docid, "x", text=text, published=filed))
        return fillers(claims, text), our_slots(claims, text, filed)

    def alone(docid: str, text: str, filed: str | None) -> tuple[Fillers, Cells]:
        proposals = learned.propose(text)
        return proposed(text, proposals), {}

    def both(docid: str, text: str, filed: str | None) -> tuple[Fillers, Cells]:
        proposals = learned.propose(text)
        claims = engine.extract(Report(docid, "x", text=text, published=filed))
        if proposals.document.get("gate", 0.0) < GATE:
            return {role: [] for role in ROLES}, {slot: set() for slot in SLOTS}
        out = {role: united(text, proposals, role, words) for role, words in fillers(claims, text).items()}
        return out, our_slots(claims, text, filed, out)

    if reason := learned.available():
        print(reason, file=sys.stderr)
        return {"Marsad, structure": plain}
    return {"Marsad, structure": plain, ALONE: alone, BOTH: both}


def proposed(text: str, proposals: learned.Proposals) -> Fillers:
    """What the learned layer alone would answer: nothing for an article that it holds to tell of no attack."""
    out: Fillers = {role: [] for role in ROLES}
    if proposals.document.get("gate", 0.0) >= GATE:
        for filler in learned.fillers(text, proposals):
            out[OURS[filler.role]].append(filler.text)
    return out


def united(text: str, proposals: learned.Proposals, role: str, claimed: list[str]) -> list[str]:
    """The network's fillers of a role that it is sure enough of, and those of claims that it gives some probability."""
    least, support_wanted = LEAST[role]
    own = [f for f in learned.fillers(text, proposals) if OURS[f.role] == role and f.score >= least]
    kept = [f.text for f in own]
    for words in claimed:
        known = any(_nested(words, text[m.start : m.end].lower()) for f in own for m in f.mentions)
        if not known and support(text, proposals, role, words) >= support_wanted:
            kept.append(words)
    return kept


def support(text: str, proposals: learned.Proposals, role: str, words: str) -> float:
    """The most that the network thinks of any occurrence of the words as a filler of the role."""
    channel = next(ours for ours, theirs in OURS.items() if theirs == role)
    hits = re.finditer(re.escape(words), text)
    return max((proposals.support(channel, m.start(), m.end()) for m in hits), default=0.0)


def fillers(claims: Iterable[Claim], text: str) -> Fillers:
    """Entities of each role, each by the one mention that we give."""
    out: dict[str, list[str]] = defaultdict(list)
    for claim in claims:
        if claim.act not in VIOLENT or claim.kind == "pattern":
            continue
        for p in claim.perpetrators:
            if p.text.lower() in PRONOUNS:
                continue
            if p.id or (p.kind == "state_force" and p.count is None and _is_name(p)):
                name = (p.name or "").lower()
                out["PerpOrg"].append(name if name and name in text else _words(p.text))
            if not (p.id or p.kind == "state_force") or not _is_name(p):
                out["PerpInd"].append(_words(p.text))
        out["Victim"] += [v.name.lower() for v in claim.victims if v.name and v.id is None and v.kind != "organisation"]
        for place in claim.places:
            if place.facility and claim.act not in {"killing", "injury", "abduction", "torture"}:
                out["Target"].append(_words(place.text))
        out["Weapon"] += [_words(m.text) for m in claim.means if not _ACT.search(m.text.lower())]
    return {role: list(dict.fromkeys(out[role])) for role in ROLES}


def matched(gold: list[set[str]], found: list[set[str]]) -> int:
    """The most found entities that can be paired with gold ones that hold their mention."""
    pairs: dict[int, int] = {}

    def place(i: int, seen: set[int]) -> bool:
        for j, entity in enumerate(gold):
            if j not in seen and found[i] <= entity:
                seen.add(j)
                if j not in pairs or place(pairs[j], seen):
                    pairs[j] = i
                    return True
        return False

    return sum(place(i, set()) for i in range(len(found)))


def our_slots(claims: Iterable[Claim], text: str, filed: str | None, found: Fillers | None = None) -> Cells:
    """Our cells of the three template slots; `found` are fillers that count beside those of the claims.

    As the keys do, an attack whose day an article does not give counts as of its day of filing, or before.
    """
    out: Cells = {slot: set() for slot in SLOTS}
    told: dict[str, Counter[str]] = defaultdict(Counter)
    violent = [c for c in claims if c.act in VIOLENT and c.kind != "pattern"]
    for claim in violent:
        for p in claim.perpetrators:
            if p.text.lower() not in PRONOUNS and (p.id or (p.kind == "state_force" and _is_name(p))):
                name = plain_letters(p.name or "")
                told[name if name and name in text else _words(p.text)][confidence(claim)] += 1
        for v in claim.victims:
            if v.count and v.count.min is not None:
                out["victim number"].add((str(v.count.min),))
            elif v.count is None and v.kind not in {"armed_group", "unknown_armed"}:
                out["victim number"].add(("1" if v.name or not _PLURAL.search(v.text.lower()) else "plural",))
        if claim.time and claim.time.latest and claim.time.earliest:
            out["date"].add((claim.time.latest,))
    if found is not None:
        told = {w: c for w, c in told.items() if any(_alike(w, o) for o in found["PerpOrg"])}
        for words in found["PerpOrg"]:
            if not any(_alike(words, other) for other in told):
                told[words] = Counter([worded(text, words)])
        if found["Victim"]:
            out["victim number"].add(("1",))
    for words, says in told.items():
        out["perpetrator confidence"].add((words, says.most_common(1)[0][0]))
    if filed and not out["date"] and (violent or (found and any(found.values()))):
        out["date"].add((filed,))
    return out


def worded(text: str, words: str) -> str:
    """MUC's confidence of an organisation that no claim holds, by the words of the sentences that name it."""
    near = " ".join(text[max(0, m.start() - 160) : m.end() + 160] for m in re.finditer(re.escape(words), text))
    return next((name for name, pattern in CONFIDENCE.items() if pattern.search(near)), "reported as fact")


def confidence(claim: Claim) -> str:
    """MUC's confidence of an organisation, from certainty and attribution."""
    if claim.certainty == "denied":
        return "possible"
    if any(a.kind == "perpetrator" for a in claim.attribution):
        return "claimed or admitted"
    if claim.certainty in {"alleged", "hedged"} or any(h.applies_to == "perpetrators" for h in claim.hedges):
        return "suspected or accused"
    return "reported as fact"


def templates(folder: Path) -> dict[str, Cells]:
    """Gold cells of the three slots, from the official keys."""
    out: dict[str, Cells] = {}
    for path in sorted(folder.glob("key-*")):
        slot = docid = ""
        for line in path.read_text(encoding="latin-1").splitlines():
            if not line.strip() or line.startswith(";"):
                continue
            m = re.match(r"(\d+)\.\s+(.{30})(.*)", line)
            number, value = (m.group(1), m.group(3).strip()) if m else (slot, line.strip())
            slot = number
            if number == "0":
                docid = value
                out.setdefault(docid, {"perpetrator confidence": set(), "victim number": set(), "date": set()})
            elif docid:
                _cell(out[docid], number, value)
    return out


def _cell(cells: Cells, number: str, value: str) -> None:
    if value in {"-", "*", ""}:
        return
    if number == "11" and ":" in value:
        kinds, _, names = value.lower().partition(":")
        cells["perpetrator confidence"].add((kinds, *re.findall(r'"([^"]+)"', names)))
        return
    for option in value.split(" / ")[:1]:
        if number == "2" and (day := _iso(option.lower())):
            cells["date"].add((day,))
        elif number == "21":
            count = option.partition(":")[0].strip().lower().strip("~")
            cells["victim number"].add(("plural" if "plural" in count else count.split("-")[0].strip(),))


def headers(folder: Path) -> dict[str, str]:
    """Message id → its day of filing, from the official texts."""
    out: dict[str, str] = {}
    for path in sorted(p for p in folder.iterdir() if not p.name.startswith("key")):
        text = path.read_text(encoding="latin-1")
        for m in re.finditer(r"^((?:DEV|TST\d)-MUC\d-\d{4})[^\n]*\n(.{0,400})", text, re.MULTILINE | re.DOTALL):
            day = _iso(m.group(2).lower())
            if day:
                out[m.group(1)] = day
    return out


def report(docid: str, gold: list[set[str]], found: list[set[str]]) -> None:
    """Print what is missed and what is found in vain."""
    right = [f for f in found if any(f <= g for g in gold)]
    missed = [g for g in gold if not any(f <= g for f in found)]
    print(docid, "MISSED", missed, "FALSE", [f for f in found if f not in right])


def plain_letters(words: str) -> str:
    """In lower case, without accents, as the corpus is written."""
    parts = unicodedata.normalize("NFKD", words.lower())
    return "".join(c for c in parts if not unicodedata.combining(c))


def _alike(one: str, other: str) -> bool:
    """The same words, articles and quotation marks aside."""
    return _words(one) == _words(other)


def _nested(one: str, other: str) -> bool:
    """A name and its beginning or end."""
    short, long = sorted((one.split(), other.split()), key=len)
    return long[: len(short)] == short or long[-len(short) :] == short


def _iso(words: str) -> str | None:
    m = _DAY.search(words)
    if not m:
        return None
    year = int(m.group(3))
    try:
        return datetime.strptime(f"{m.group(1)} {m.group(2)} {year % 100:02d}", "%d %b %y").date().isoformat()
    except ValueError:
        return None


def _is_name(p: Actor) -> bool:
    words = p.text.lower()
    return not re.search(
        r"\b(?:members?|guerrillas?|rebels?|soldiers?|men|gunmen|troops|fighters|terrorists|column)\b", words
    )


def _words(text: str) -> str:
    return _ARTICLE.sub("", text.lower().strip(" \"'\\"))


def _f1(hit: int, said: int, wanted: int) -> float:
    return 2 * hit / (said + wanted) if hit else 0.0


def _equal(gold: tuple[str, ...], ours: tuple[str, ...]) -> bool:
    """Equal cells; for an organisation, one of its names with one of the confidences that the key allows."""
    return gold == ours or (
        len(gold) > 1 and len(ours) == 2 and any(_alike(ours[0], name) for name in gold[1:]) and ours[1] in gold[0]
    )


def _sets(pairs: list[tuple[set[tuple[str, ...]], set[tuple[str, ...]]]]) -> tuple[float, float, float]:
    hit = sum(sum(any(_equal(g, o) for o in ours) for g in gold) for gold, ours in pairs)
    said, wanted = sum(len(ours) for _, ours in pairs), sum(len(gold) for gold, _ in pairs)
    return hit / max(1, said), hit / max(1, wanted), _f1(hit, said, wanted)


if __name__ == "__main__":
    main()
