"""How the whole chain does on the bundled fictional reports: `python benchmarks/demo.py [--verbose]`.

Each row holds the rooms against `marsad.demo.truth()`: what a careful analyst records. The reports are our own and
were read while the rooms were written, so the table shows what is broken, not how good the reading is.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from marsad import demo
from marsad.model import Claim, Report
from marsad.pipeline import Case, create_case


@dataclass
class Row:
    """One line of the table: what was asked, how much of it held, and what did not."""

    name: str
    held: int = 0
    of: int = 0
    misses: list[str] = field(default_factory=list)

    def add(self, good: bool, what: str) -> None:
        """Count one check."""
        self.of += 1
        self.held += good
        if not good:
            self.misses.append(what)


class Found:
    """A case over the bundled reports, and how to find in it what the truth speaks of."""

    def __init__(self, case: Case) -> None:
        self.case = case
        with case.store.read() as s:
            self.reports = {r.id: r for r in s.reports.all()}
            self.claims = {r.claim.id: r.claim for r in case.review(s).all()}
            self.incidents = {i.id: i for i in s.incidents.all()}
            came = {e.exhibit: e.source for e in s.custody.all() if e.source}
        self.source_of = {r.id: _bundled(came, r.exhibit) for r in self.reports.values()}
        self.incident_of = {c: i.id for i in self.incidents.values() for c in i.claims}
        self.ledger = case.ledger()

    def at(self, source: str, words: str) -> list[Claim]:
        """The claims of that source whose trigger, victims or their counts lie within `words`."""
        claims = []
        for report in self.reports.values():
            if self.source_of[report.id] == source and (at := _where(report, words)):
                claims += [c for c in self.claims.values() if c.report == report.id and _overlaps(c, at)]
        return claims

    def of_incident(self, told: dict[str, Any]) -> list[Claim]:
        """Every claim at the words that the truth gives for one incident, of its acts."""
        found = [c for say in told["says"] for c in self.at(say["source"], say["words"]) if c.act in told["acts"]]
        return list(dict.fromkeys(found))


def table(found: Found) -> list[Row]:
    """Every row."""
    truth = demo.truth()
    incidents = truth["incidents"]
    claims = {name: found.of_incident(told) for name, told in incidents.items()}
    return [
        reading(found, truth),
        said(found, incidents),
        numbers(found, incidents),
        dated(claims, incidents),
        placed(claims, incidents),
        blamed(claims, incidents),
        together(found, claims),
        apart(found, claims, truth["apart"]),
        tied(found, claims, truth["possibly_same"]),
        patterns(found, truth["patterns"]),
        nothing(found, truth["not_events"]),
        totals(found, truth["running_totals"]),
        folded(found, truth["copies"]),
        counted(found, claims, incidents),
    ]


def reading(found: Found, truth: dict[str, Any]) -> Row:
    """Reports read from each source, with language and publisher."""
    row = Row("sources read as they should be")
    for source, told in truth["reports"].items():
        got = [r for r in found.reports.values() if found.source_of[r.id].startswith(source)]
        good = len(got) == told["reports"] and all(r.status != "unreadable" for r in got)
        for key in ("language", "publisher"):
            good = good and (told[key] is None or all(getattr(r, key) == told[key] for r in got))
        good = good and (told["published"] is None or all((r.published or "")[:10] == told["published"] for r in got))
        row.add(good, source)
    return row


def said(found: Found, incidents: dict[str, Any]) -> Row:
    """Each telling of an incident gives at least one event claim of one of its acts."""
    row = Row("tellings that give a claim")
    for name, told in incidents.items():
        for say in told["says"]:
            acts = [c.act for c in found.at(say["source"], say["words"]) if c.kind == "event"]
            row.add(bool(set(acts) & set(told["acts"])), f"{name}: {say['words']} ({', '.join(acts) or 'nothing'})")
    return row


def numbers(found: Found, incidents: dict[str, Any]) -> Row:
    """Numbers of killed, as each telling has them."""
    row = Row("tellings with the right number killed")
    for name, told in incidents.items():
        for say in (s for s in told["says"] if "killed" in s):
            got = [n for c in found.at(say["source"], say["words"]) if c.act == "killing" for n in _killed(c)]
            row.add(tuple(say["killed"]) in got, f"{name}: {say['words']} {got}")
    return row


def dated(claims: dict[str, list[Claim]], incidents: dict[str, Any]) -> Row:
    """Claims whose time lies within the incident's days; without a time, where the truth gives it no first day."""
    row = Row("claims dated within the incident's days")
    for name, told in incidents.items():
        earliest, latest = told["date"]
        for claim in claims[name]:
            time = claim.time
            undated = time is None and earliest is None
            good = time is not None and (latest is None or (time.earliest or "") <= latest)
            good = good and (earliest is None or time is None or (time.latest or "9") >= earliest)
            row.add(good or undated, f"{name}: {claim.sentence.text[:60]} {time and (time.earliest, time.latest)}")
    return row


def placed(claims: dict[str, list[Claim]], incidents: dict[str, Any]) -> Row:
    """Claims placed at the incident's own entry of the gazetteer."""
    row = Row("claims placed where it happened")
    for name, told in incidents.items():
        for claim in claims[name] if told["place"] else ():
            ids = [p.id for p in claim.places]
            row.add(told["place"]["id"] in ids, f"{name}: {claim.sentence.text[:60]} {[p.text for p in claim.places]}")
    return row


def blamed(claims: dict[str, list[Claim]], incidents: dict[str, Any]) -> Row:
    """Perpetrators named are those whom the sources blame."""
    row = Row("perpetrators named, and rightly")
    for name, told in incidents.items():
        for claim in claims[name]:
            for actor in claim.perpetrators:
                named = actor.name or actor.text
                good = any(b.lower() in named.lower() for b in told["blamed"])
                vague = actor.name is None and actor.kind in ("unknown", "unknown_armed", "armed_group", "state_force")
                row.add(good or vague, f"{name}: {named}")
    return row


def together(found: Found, claims: dict[str, list[Claim]]) -> Row:
    """Pairs of claims about one occurrence that stand in one incident."""
    row = Row("pairs of one occurrence that are together")
    for name, own in claims.items():
        for a, b in combinations([c for c in own if c.id in found.incident_of], 2):
            row.add(found.incident_of[a.id] == found.incident_of[b.id], f"{name}: {_short(a)} / {_short(b)}")
    return row


def apart(found: Found, claims: dict[str, list[Claim]], pairs: Iterable[tuple[str, str]]) -> Row:
    """Pairs of claims about two occurrences that stand in two incidents."""
    row = Row("pairs of two occurrences that are apart")
    for one, other in [*pairs, ("silos", "silo_video")]:
        for a in claims[one]:
            for b in claims[other]:
                good = a.id == b.id or found.incident_of.get(a.id, a.id) != found.incident_of.get(b.id, b.id)
                row.add(good, f"{one}/{other}: {_short(a)} / {_short(b)}")
    return row


def tied(found: Found, claims: dict[str, list[Claim]], pairs: Iterable[tuple[str, str]]) -> Row:
    """Incidents of doubtful identity that are tied as possibly the same."""
    row = Row("doubtful identities that are tied")
    for one, other in pairs:
        left, right = _incidents(found, claims[one]), _incidents(found, claims[other])
        ties = {(i.id, o) for i in found.incidents.values() for o, _, _ in i.possibly_same}
        good = any((a, b) in ties or (b, a) in ties for a in left for b in right)
        row.add(good, f"{one} {sorted(left)} / {other} {sorted(right)}")
    return row


def patterns(found: Found, told: list[dict[str, str]]) -> Row:
    """Patterns are not events."""
    row = Row("patterns kept out of events")
    for say in told:
        got = found.at(say["source"], say["words"])
        row.add(all(c.kind == "pattern" for c in got), f"{say['words']} {[(c.act, c.kind) for c in got]}")
    return row


def nothing(found: Found, told: list[dict[str, str]]) -> Row:
    """Threats and negations are not events of the act that they speak of."""
    row = Row("threats and negations kept out of events")
    for say in told:
        got = [c.act for c in found.at(say["source"], say["words"]) if c.act != "threat" and c.kind == "event"]
        row.add(not got, f"{say['words']} {got}")
    return row


def totals(found: Found, told: list[dict[str, Any]]) -> Row:
    """Running totals are marked, or in no count."""
    row = Row("running totals kept apart")
    for say in told:
        counts = [v.count for c in found.at(say["source"], say["words"]) for v in c.victims if v.count]
        row.add(all(k.cumulative for k in counts if k.min == say["count"]), say["words"])
    return row


def folded(found: Found, pairs: Iterable[tuple[str, str]]) -> Row:
    """Copies are folded into what they copy."""
    row = Row("copies folded into their originals")
    folds = {
        frozenset((found.source_of[a], found.source_of[b]))
        for i in found.incidents.values()
        for o in i.origins
        for a, b, _ in o.folded
    }
    for pair in pairs:
        row.add(frozenset(pair) in folds, " / ".join(pair))
    return row


def counted(found: Found, claims: dict[str, list[Claim]], incidents: dict[str, Any]) -> Row:
    """The ledger's range of killed lies over the truth's, for the incident that holds most of its claims."""
    row = Row("ranges of killed that are the analyst's")
    for name, told in incidents.items():
        if "killed" not in told:
            continue
        held = [found.incident_of[c.id] for c in claims[name] if c.id in found.incident_of]
        figure = found.ledger.figure(max(set(held), key=held.count), "killed") if held else None
        got = (figure.min, figure.max) if figure else None
        row.add(got == tuple(told["killed"]["range"]), f"{name}: {got}, not {told['killed']['range']}")
    return row


def _killed(claim: Claim) -> list[tuple[int | None, int | None]]:
    """The numbers of a claim's victims, parts of a whole left out, and what they come to together."""
    counts = [v.count for v in claim.victims if v.count and v.part_of is None and not v.count.cumulative]
    together = (
        sum(k.min or 0 for k in counts),
        None if any(k.max is None for k in counts) else sum(k.max or 0 for k in counts),
    )
    return [*((k.min, k.max) for k in counts), *([together] if len(counts) > 1 else [])]


def _incidents(found: Found, claims: list[Claim]) -> set[str]:
    return {found.incident_of[c.id] for c in claims if c.id in found.incident_of}


def _bundled(came: Mapping[str, str], exhibit: str) -> str:
    """The bundled file that an exhibit came from, by its chain of custody: one found inside another leads to that."""
    source = came.get(exhibit, "")
    while source.startswith("exhibit:"):
        source = came.get(source.removeprefix("exhibit:"), "")
    path = Path(source)
    return str(path.relative_to(demo.reports())) if path.is_relative_to(demo.reports()) else source


def _where(report: Report, words: str) -> tuple[int, int] | None:
    pattern = r"\s+".join(re.escape(w).replace("'", "['’]") for w in words.split())
    match = re.search(pattern, report.text)
    return match.span() if match else None


def _overlaps(claim: Claim, at: tuple[int, int]) -> bool:
    spans = [claim.trigger, *(v.count for v in claim.victims if v.count)]
    return any(s.start < at[1] and at[0] < s.end for s in spans)


def _short(claim: Claim) -> str:
    return f"{claim.act} {claim.trigger.text!r} in {claim.report[:6]}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--verbose", action="store_true", help="say what missed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        case = create_case(Path(folder) / "case", name="Demonstration", person="benchmark")
        for received in case.add([demo.reports()]):
            if received.problem:
                print(f"{received.source}: {received.problem}")
        case.refresh()
        found = Found(case)
        seconds = time.perf_counter() - start
        rows = table(found)
        least, most = demo.truth()["total_killed"]["range"]
        for row in rows:
            print(f"{row.name:<45} {row.held:>4} of {row.of:>4}")
            for miss in row.misses if options.verbose else ():
                print(f"      {miss}")
        total = next((t for t in found.ledger.totals() if (t.harm, t.group) == ("killed", "total")), None)
        got = f"{total.min} to {total.max if total.max is not None else '…'}" if total else "?"
        truth = f"an analyst records {len(demo.truth()['incidents'])}"
        print(f"\n{len(found.incidents)} incidents from {len(found.claims)} claims ({truth});")
        print(f"killed in total {got} (an analyst: {least} to {most}); {seconds:.1f} s")


if __name__ == "__main__":
    main()
