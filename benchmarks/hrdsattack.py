"""HRDsAttack: violations, perpetrator type, country, city and day of attacks on human-rights defenders.

`python benchmarks/hrdsattack.py --data ../shared/corpora/hrdsattack [--part dev]`

An article's text is its headline and its body without markup. What the claims say is folded into the corpus's one
answer an article: violations are the acts of its event claims, weak ones (one claim late in the text) left out; the
rest is what most of them say, weighted by how early and how often. A second row joins the learned layer's labels of the
whole article, which it learned on the train part, to the violations. The corpus leaves many cells empty; country, city
and day count only where it gives one, as in the paper. Published rows: best T5 variant of each column, on test.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from typing import Any

from _common import arguments, measured, table

from marsad.claims import extract, learned
from marsad.model import Claim, Report
from marsad.places import Gazetteer

ACTS = {
    "detention": "arbitrary detention",
    "enforced_disappearance": "enforced disappearance",
    "abduction": "kidnapping",
    "killing": "killing",
    "torture": "torture",
}
STATE = {"state_force", "police"}
PUBLISHED = [("T5, best variant of each (2023)", 0.714, 0.62, 0.66, 0.23, 0.14)]
SURE, LEAST = 0.5, 0.2
"""Chosen on dev: a label's probability for a violation that no claim tells, and for one that a claim does."""
COUNTRIES = {
    "people's republic of china": "CN",
    "usa": "US",
    "united states of america": "US",
    "texas": "US",
    "england": "GB",
    "scotland": "GB",
    "columbia": "CO",
    "yemeni": "YE",
    "burma": "MM",
    "palestine": "PS",
}


def main() -> None:
    parser = arguments(__doc__, "folder with train.json and dev.json")
    parser.add_argument("--part", default="dev")
    parser.add_argument("--show", action="store_true", help="print gold and ours for each article")
    given = parser.parse_args()
    articles = json.loads((given.data / f"{given.part}.json").read_text(encoding="utf-8"))
    hit = false = miss = 0
    beside = [0, 0, 0]
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    with measured() as cost:
        for number, article in enumerate(articles):
            gold, ours = article["gold"], answer(number, article)
            wanted = set(gold["violation_types"]) - {"unknown"}
            hit += len(wanted & ours["violations"])
            false += len(ours["violations"] - wanted)
            miss += len(wanted - ours["violations"])
            labels = labelled(article, ours["violations"])
            beside = [n + m for n, m in zip(beside, map(len, (wanted & labels, labels - wanted, wanted - labels)))]
            for name, truth in facts(gold).items():
                if truth is not None:
                    asked[name] += 1
                    right[name] += same(name, truth, ours[name])
            if given.show:
                print(number, wanted, facts(gold), "|", ours)
    f1 = 2 * hit / (2 * hit + false + miss)
    print(f"violations: precision {hit / (hit + false):.3f} recall {hit / (hit + miss):.3f}; asked {dict(asked)}")
    rest = [right[name] / max(1, asked[name]) for name in ("perpetrator", "country", "city", "day")]
    rows = [["Marsad, claims", f1, *rest, f"{cost.cpu:.1f}", f"{cost.memory:.0f}"]]
    rows.append(
        ["and the learned layer's labels", 2 * beside[0] / (2 * beside[0] + beside[1] + beside[2]), *rest, None, None]
    )
    rows += [[*row, None, None] for row in PUBLISHED]
    table(["", "violation F1", "perpetrator type", "country", "city", "day", "CPU s", "MiB"], rows)


def facts(gold: dict[str, Any]) -> dict[str, str | None]:
    """The corpus's single answers; None where it gives none."""
    return {
        "perpetrator": gold["perpetrator_type"]
        if gold["perpetrator_type"] not in {None, "insufficient info"}
        else None,
        "country": _given(gold["country"]),
        "city": _given(gold["city"]),
        "day": str(int(float(gold["date"]))) if _given(gold["date"]) and _number(gold["date"]) else None,
    }


def answer(number: int, article: dict[str, Any]) -> dict[str, Any]:
    """Our answers for one article."""
    body = html.unescape(re.sub(r"<[^>]+>", "\n\n", article["html"]))
    text = f"{article['title']}\n\n" + re.sub(r"\n\s*\n+", "\n\n", body).strip()
    report = Report(str(number), "x", text=text, title=article["title"], published=article["published"][:10])
    claims = [c for c in extract(report) if c.certainty != "denied"]
    weights = [_weight(c, len(text)) for c in claims]
    acts: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    countries: Counter[str] = Counter()
    cities: Counter[str] = Counter()
    days: Counter[str] = Counter()
    for claim, weight in zip(claims, weights):
        acts[ACTS.get(claim.act, "other")] += weight
        for p in claim.perpetrators:
            kinds["state actor" if p.kind in STATE else p.kind] += weight
            if p.id and p.id.startswith("state:"):
                countries[p.id.split(":")[1]] += weight
        for place in claim.places:
            if place.country:
                countries[place.country] += weight / len(claim.places)
            if place.precision in {"populated_place", "point"} and place.name:
                cities[place.id or place.name] += weight / len(claim.places)
        if claim.time and claim.time.earliest and claim.time.earliest == claim.time.latest:
            days[claim.time.earliest] += weight
    most = max(acts.values(), default=0.0)
    violations = {act for act, weight in acts.items() if weight >= 0.3 * most} or {"other"}
    return {
        "violations": violations,
        "perpetrator": _kind(kinds),
        "country": _top(countries),
        "city": _top(cities),
        "day": str(int(_top(days)[-2:])) if days else None,
    }


def labelled(article: dict[str, Any], violations: set[str]) -> set[str]:
    """Violations of the claims that the network gives some probability for the article, and its own sure ones."""
    if learned.available():
        return violations
    body = html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<(?:/p|br\s*/?|/h\d|/li)>", "\n", article["html"])))
    document = learned.propose(f"{article['title']}\n{body}").document
    names = {name.partition(":")[2]: p for name, p in document.items() if name.startswith("violation:")}
    sure = {name for name, p in names.items() if p >= SURE and name != "unknown"}
    return {v for v in violations if names.get(v, 1.0) >= LEAST} | sure or {"other"}


def same(name: str, truth: str, ours: Any) -> bool:
    """Whether an answer is the corpus's, whose country and city are words."""
    if ours is None:
        return False
    if name == "country":
        return any(code(part) == ours for part in re.split(r",| and ", truth))
    if name == "city":
        entry = Gazetteer.default().by_id(ours)
        names = {entry.name.lower()} if entry else set()
        return truth.lower() in names or any(m.entry.id == ours for m in Gazetteer.default().named(truth))
    return bool(truth == ours)


def code(country: str) -> str | None:
    """ISO code of a country as the corpus writes it."""
    low = country.strip().lower()
    if low in COUNTRIES:
        return COUNTRIES[low]
    found = [m.entry for m in Gazetteer.default().named(country.strip()) if m.entry.kind == "C"]
    return found[0].country if found else None


def _weight(claim: Claim, length: int) -> float:
    early = 1.0 + 2.0 * (1 - claim.trigger.start / max(1, length))
    return early * (1.0 if claim.kind == "event" else 0.5)


def _kind(kinds: Counter[str]) -> str | None:
    known = Counter({k: v for k, v in kinds.items() if k not in {"civilian", "unknown"}})
    top = _top(known)
    if top is None:
        return "state actor"
    return top if top == "state actor" else "other actors without permissions"


def _top(counter: Counter[str]) -> str | None:
    return counter.most_common(1)[0][0] if counter else None


def _given(value: Any) -> str | None:
    return None if value in {None, "None", "unknown", ""} else str(value)


def _number(value: Any) -> bool:
    return bool(re.fullmatch(r"\d+(?:\.\d+)?", str(value)))


if __name__ == "__main__":
    main()
