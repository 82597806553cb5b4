"""MUC-4: role fillers of attacks by CEAF-REE, and slots of the official templates at document level.

`python benchmarks/muc4.py --data ../shared/corpora/muc4 [--part dev] [--show Victim]`

Role fillers: PerpInd, PerpOrg, Target, Victim, Weapon; an entity is right where the one mention that we give is among
the gold entity's mentions (Du et al., 2021: similarity is 1 where the prediction is a subset of the gold entity), each
entity matched once, micro-averaged. Victims are those with a name, as the corpus takes them from the slot of names.
Templates: what confidence is given to which organisation, how many victims, which dates; compared as sets an article,
which is milder than the official alignment of templates. Texts are lower-cased; published rows are on the test part.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from _common import arguments, measured, table

from marsad.claims import extract
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
PRONOUNS = {"they", "he", "she", "it", "we", "them", "who", "him", "some of whom", "whom"}
_ARTICLE = re.compile(r"^(?:the|a|an|some|several|his|her|their|its|this|that|these|those)\s+")
_ACT = re.compile(r"(?:ing|ings|ion|ions|shots?|ed|attacks?|fire|torture|raids?|blasts?|strikes?)$")
_DAY = re.compile(r"\b(\d{1,2}) (jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* (\d{2,4})\b")


def main() -> None:
    parser = arguments(__doc__, "folder with role_fillers/ and templates/")
    parser.add_argument("--part", default="dev")
    parser.add_argument("--show", help="print misses and false finds of this role")
    given = parser.parse_args()
    lines = (given.data / "role_fillers" / f"{given.part}.json").read_text(encoding="utf-8").splitlines()
    articles = [json.loads(line) for line in lines]
    totals = {role: [0, 0, 0] for role in ROLES}
    heads = headers(given.data / "templates" / given.part)
    slots: dict[str, dict[str, set[tuple[str, ...]]]] = {}
    with measured() as cost:
        for article in articles:
            claims = read(article["docid"], article["doctext"], heads.get(article["docid"]))
            found = fillers(claims, article["doctext"])
            slots[article["docid"]] = our_slots(claims)
            for role in ROLES:
                gold = [{m[0] for m in entity} for entity in article["extracts"][role]]
                hit = matched(gold, found[role])
                totals[role][0] += hit
                totals[role][1] += len(found[role])
                totals[role][2] += len(gold)
                if role == given.show:
                    report(article["docid"], gold, found[role])
    f1 = [_f1(*totals[role]) for role in ROLES]
    micro = _f1(*(sum(t[i] for t in totals.values()) for i in range(3)))
    for role, (hit, said, wanted) in totals.items():
        print(f"{role}: precision {hit / max(1, said):.3f} recall {hit / max(1, wanted):.3f} ({wanted})")
    rows = [["Marsad, structure", micro, *f1, f"{cost.cpu:.1f}", f"{cost.memory:.0f}"]]
    rows += [[*row, None, None] for row in PUBLISHED]
    table(["role fillers, CEAF-REE", "micro F1", *ROLES, "CPU s", "MiB"], rows)
    gold_slots = templates(given.data / "templates" / given.part)
    print()
    names = ("perpetrator confidence", "victim number", "date")
    scores = [_sets([(gold_slots.get(k, {}).get(n, set()), slots[k][n]) for k in slots]) for n in names]
    print(f"templates, sets an article ({len(gold_slots)} keyed): precision, recall, F1")
    table(["slot", "precision", "recall", "F1"], [[n, *s] for n, s in zip(names, scores)])


def read(docid: str, text: str, header: str | None) -> list[Claim]:
    """The claims of one article; its day of filing is in the header that the role-filler files leave out."""
    return list(extract(Report(docid, "x", text=text, published=header)))


def fillers(claims: Iterable[Claim], text: str) -> dict[str, list[set[str]]]:
    """Entities of each role, as sets of the one mention that we give."""
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
    return {role: [{w} for w in dict.fromkeys(out[role])] for role in ROLES}


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


def our_slots(claims: list[Claim]) -> dict[str, set[tuple[str, ...]]]:
    """Our cells of the three template slots."""
    out: dict[str, set[tuple[str, ...]]] = {"perpetrator confidence": set(), "victim number": set(), "date": set()}
    for claim in claims:
        if claim.act not in VIOLENT or claim.kind == "pattern":
            continue
        for p in claim.perpetrators:
            if p.id and p.name:
                out["perpetrator confidence"].add((p.name.lower(), confidence(claim)))
        for v in claim.victims:
            if v.count and v.count.min is not None:
                out["victim number"].add((str(v.count.min),))
            elif v.count is None:
                out["victim number"].add(("plural",))
        if claim.time and claim.time.earliest and claim.time.earliest == claim.time.latest:
            out["date"].add((claim.time.earliest,))
    return out


def confidence(claim: Claim) -> str:
    """MUC's confidence of an organisation, from certainty and attribution."""
    if claim.certainty == "denied":
        return "possible"
    if any(a.kind == "perpetrator" for a in claim.attribution):
        return "claimed or admitted"
    if claim.certainty in {"alleged", "hedged"} or any(h.applies_to == "perpetrators" for h in claim.hedges):
        return "suspected or accused"
    return "reported as fact"


def templates(folder: Path) -> dict[str, dict[str, set[tuple[str, ...]]]]:
    """Gold cells of the three slots, from the official keys."""
    out: dict[str, dict[str, set[tuple[str, ...]]]] = {}
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


def _cell(cells: dict[str, set[tuple[str, ...]]], number: str, value: str) -> None:
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
    return _ARTICLE.sub("", text.lower().strip(" \"'"))


def _f1(hit: int, said: int, wanted: int) -> float:
    return 2 * hit / (said + wanted) if hit else 0.0


def _equal(gold: tuple[str, ...], ours: tuple[str, ...]) -> bool:
    """Equal cells; for an organisation, one of its names with one of the confidences that the key allows."""
    return gold == ours or (len(gold) > 1 and len(ours) == 2 and ours[0] in gold[1:] and ours[1] in gold[0])


def _sets(pairs: list[tuple[set[tuple[str, ...]], set[tuple[str, ...]]]]) -> tuple[float, float, float]:
    hit = sum(sum(any(_equal(g, o) for o in ours) for g in gold) for gold, ours in pairs)
    said, wanted = sum(len(ours) for _, ours in pairs), sum(len(gold) for gold, _ in pairs)
    return hit / max(1, said), hit / max(1, wanted), _f1(hit, said, wanted)


if __name__ == "__main__":
    main()
