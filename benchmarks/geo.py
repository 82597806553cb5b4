"""Place resolution on LGL (local news): accuracy within 161 km, all mentions and resolved ones, beside published rows.

    python benchmarks/geo.py --data ../shared/corpora/geo/dev

`--data` is a folder with lgl.xml. Three settings: given the gold toponyms; the same with hints from what the
publisher's other articles were resolved to (no gold is used for them); end to end with our own finder.
"""

from __future__ import annotations

import argparse
import collections
import resource
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

from marsad.model import Place
from marsad.places import Gazetteer, Mention, km_between

WITHIN_KM = 161.0
PUBLISHED = [
    ("gazetteer + population + context (own earlier baseline)", 53.0, 67.0),
    ("Mordecai 3, gold toponyms (Halterman 2023)", 82.7, None),
]


@dataclass
class Article:
    """One article with its toponyms: (start, end, phrase, latitude, longitude, feature code)."""

    text: str
    domain: str
    gold: list[tuple[int, int, str, float, float, str]] = field(default_factory=list)


def read(path: Path) -> list[Article]:
    articles = []
    for node in ElementTree.parse(path).getroot():
        article = Article(node.findtext("text") or "", node.findtext("domain") or "")
        for toponym in node.iter("toponym"):
            tag = toponym.find("gaztag")
            if tag is None:
                continue
            article.gold.append(
                (
                    int(toponym.findtext("start") or 0),
                    int(toponym.findtext("end") or 0),
                    toponym.findtext("phrase") or "",
                    float(tag.findtext("lat") or 0),
                    float(tag.findtext("lon") or 0),
                    tag.findtext("fcode") or "",
                )
            )
        articles.append(article)
    return articles


def right(place: Place, lat: float, lon: float) -> bool:
    return (
        place.lat is not None and place.lon is not None and km_between((place.lat, place.lon), (lat, lon)) <= WITHIN_KM
    )


@dataclass
class Score:
    """Toponyms right within 161 km, resolved, in all; touched by the finder; its mentions, and those that touch one."""

    right: int = 0
    resolved: int = 0
    all: int = 0
    found: int = 0
    mentions: int = 0
    true: int = 0

    def row(self, name: str, seconds: float, articles: int) -> str:
        """One line of the table."""
        return (
            f"| {name} | {100 * self.right / max(1, self.all):.1f} | {100 * self.right / max(1, self.resolved):.1f} "
            f"| {self.resolved}/{self.all} | {1000 * seconds / max(1, articles):.1f} |"
        )


def given(gazetteer: Gazetteer, articles: list[Article], hints: dict[str, list], errors=None) -> tuple[Score, dict]:
    score = Score()
    places: dict[str, list[Place]] = collections.defaultdict(list)
    for article in articles:
        mentions = [Mention(s, e, phrase) for s, e, phrase, *_ in article.gold]
        resolved = gazetteer.resolve(mentions, article.text, hints=hints.get(article.domain, ()))
        places[article.domain] += resolved
        for place, (_, _, phrase, lat, lon, code) in zip(resolved, article.gold, strict=True):
            score.all += 1
            score.resolved += place.lat is not None
            hit = right(place, lat, lon)
            score.right += hit
            if errors is not None and not hit:
                errors[(phrase, code, f"{place.name}/{place.admin1}/{place.country}", article.domain)] += 1
    return score, places


def end_to_end(gazetteer: Gazetteer, articles: list[Article], peoples: bool) -> Score:
    score = Score()
    for article in articles:
        mentions = gazetteer.find(article.text, peoples=peoples)
        score.mentions += len(mentions)
        score.true += sum(any(m.start < end and start < m.end for start, end, *_ in article.gold) for m in mentions)
        resolved = gazetteer.resolve(mentions, article.text)
        score.resolved += sum(p.lat is not None for p in resolved)
        for start, end, _, lat, lon, _ in article.gold:
            score.all += 1
            hits = [p for p in resolved if p.start < end and start < p.end]
            score.found += bool(hits)
            score.right += any(right(p, lat, lon) for p in hits)
    return score


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--errors", type=int, default=0, help="print so many of the commonest errors")
    options = parser.parse_args()
    articles = read(options.data / "lgl.xml")
    gazetteer = Gazetteer.default()
    gazetteer.resolve([Mention(0, 6, "Aleppo")])
    print(
        "| system | within 161 km, all | resolved only | resolved/all | ms an article |\n"
        "| --- | --- | --- | --- | --- |"
    )
    for name, everything, only in PUBLISHED:
        print(f"| {name} | {everything} | {only if only else ''} | | |")
    errors: collections.Counter = collections.Counter()
    began = time.process_time()
    score, places = given(gazetteer, articles, {}, errors)
    print(score.row("ours, gold toponyms", time.process_time() - began, len(articles)))
    hints = {domain: gazetteer.focus(found) for domain, found in places.items()}
    began = time.process_time()
    score, _ = given(gazetteer, articles, hints)
    print(score.row("ours, gold toponyms, publisher's focus as hints", time.process_time() - began, len(articles)))
    for peoples in (False, True):
        began = time.process_time()
        score = end_to_end(gazetteer, articles, peoples)
        name = "ours, own finder" + (", adjectives and peoples too" if peoples else "")
        print(score.row(f"{name} (all gold toponyms; resolved: all found)", time.process_time() - began, len(articles)))
        print(
            f"finder: {100 * score.found / score.all:.1f} % of gold toponyms touched; "
            f"{100 * score.true / max(1, score.mentions):.1f} % of its {score.mentions} mentions touch one"
        )
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    for row, count in errors.most_common(options.errors):
        print(count, *row, sep="\t")


if __name__ == "__main__":
    main()
