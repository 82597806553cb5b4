"""Bringing the rows up to date: of every incident, claim and report that a change has touched, and of no other."""

from __future__ import annotations

import functools
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..incidents import grades
from ..ledger import matrix, policies, read_figures, tally
from ..model import Claim, Incident, Place, Report, codes, to_json
from ..review import Review, ReviewedClaim
from ..store import Session, Sum, WaitingRow
from ._headline import Headline, Tolls, headline_of
from ._ranking import weigh
from ._read import headlines_of

NOWHERE = "nowhere"
"""The spot of what cannot be drawn on a map."""
UNDATED = "~"
"""Sorts after every date."""
_BATCH = 300
_LISTED = 8
"""Labels of one kind that one thing may have."""
Labels = set[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Rules:
    """What of the case's settings the rows depend on."""

    conflict: str | None = None
    policy: str = "range"


def refresh(s: Session, rules: Rules, limit: int = _BATCH) -> bool:
    """Make the rows of at most `limit` incidents, claims and reports again; returns whether some are still stale.

    In a write transaction. After one judgement a single call is enough; after a large change call it until it is False.
    """
    _begin_anew_under_other_rules(s, rules)
    incidents, reports = s.overview.stale("incident", limit), s.overview.stale("report", limit)
    # An incident brings its claims with it: after much linking, few claims are left to be made by themselves.
    claims = s.overview.stale("claim", limit - len(incidents))
    home = s.incidents.of_claims(claims)
    judged = _only_judged(s, home, set(incidents))
    claims = [c for c in claims if home.get(c) not in judged]
    wanted = dict.fromkeys((*incidents, *(home[c] for c in claims if c in home)))
    # Those that an incident was tied to count otherwise once it is not.
    once = {o for i in wanted for o in s.overview.tied(i)} - wanted.keys()
    found = {i.id: i for i in s.incidents.many([*wanted, *sorted(once)])}
    s.overview.put_ties({i.id: tuple(o for o, _, _ in i.possibly_same) for i in found.values()})
    s.overview.drop_incidents([i for i in wanted if i not in found])
    s.marks.remove("incident", [i for i in wanted if i not in found])
    weighed = _put_incidents(s, found, set(incidents), set(claims), rules) + _put_judged(s, judged)
    _put_reports(s, reports)
    s.overview.fresh("claim", weighed)
    s.overview.fresh("incident", incidents)
    s.overview.fresh("report", reports)
    return s.overview.any_stale()


def is_stale(s: Session, rules: Rules) -> bool:
    """Whether any row is out of date, or all are because the rules are others."""
    return s.overview.any_stale() or s.state("overview") != _mark(rules)


def _only_judged(s: Session, home: Mapping[str, str], stale: set[str]) -> dict[str, set[str]]:
    """Incident → its claims that are out of date, where no more can have changed than whether they are settled: what
    a claim says changes its incident by being linked, now or soon, which marks that as out of date too."""
    found: dict[str, set[str]] = {}
    for claim, incident in home.items():
        if incident not in stale:
            found.setdefault(incident, set()).add(claim)
    rowed = headlines_of(s, found)
    return {i: held for i, held in found.items() if i in rowed}


def _put_judged(s: Session, judged: Mapping[str, set[str]]) -> list[str]:
    """Make the rows of claims that were only judged; of their incidents, how many are settled changes. Returns them."""
    made = headlines_of(s, judged)
    members = {i.id: i.claims for i in s.incidents.many(made)}
    reviewed, standing = _reviewed(s, [c for i in made for c in judged[i]])
    verdicts = Review.of((), s.judgements.on("claim", [c for held in members.values() for c in held])).verdicts
    now = {i: replace(h, judged=sum(c in verdicts for c in members[i])) for i, h in made.items()}
    s.overview.put_bodies({i: to_json(h) for i, h in now.items()})
    waits = {c: weigh(reviewed[c], now[i], standing) if c in reviewed else None for i in now for c in judged[i]}
    _put_claims(s, reviewed, waits)
    return list(waits)


def _put_incidents(
    s: Session, incidents: Mapping[str, Incident], whole: set[str], claims: set[str], rules: Rules
) -> list[str]:
    """Returns the claims whose rows were made with those of their incidents, or by themselves."""
    # A total counts what may be the same once, so what is tied is counted together.
    groups = {i: frozenset(s.overview.tied(i)) for i in incidents}
    beside = {o: x for g in groups.values() for o in g if o not in incidents and (x := s.incidents.get(o))}
    everything = {**incidents, **beside}
    reviewed, standing = _reviewed(s, [*(c for i in everything.values() for c in i.claims), *claims])
    # With their texts: copies, and figures that a report's own words take back, are read from them.
    reports = {r.id: r for r in s.reports.many(r.machine.report for r in reviewed.values())}
    stands = {c: r.claim for c, r in reviewed.items() if r.verdict != "reject"}
    were, made = headlines_of(s, incidents), dict[str, Headline]()
    under = s.overview.incidents_of([c for i in whole & incidents.keys() for c in incidents[i].claims])
    marked: dict[str, Labels] = {}
    waits: dict[str, WaitingRow | None] = {}
    for i, incident in everything.items():
        mine = [reviewed[c] for c in incident.claims if c in reviewed]
        made[i] = headline_of(incident, mine, _status(s, incident))
        if i in incidents:
            # What presses in one claim may be what another of the incident says.
            wholly = i not in were or _pressing(were[i]) != _pressing(made[i])
            again = mine if wholly else [r for r in mine if r.machine.id in claims or under.get(r.machine.id, i) != i]
            waits.update((r.machine.id, weigh(r, made[i], standing)) for r in again)
    placed = {c for i in everything.values() for c in i.claims}
    waits.update((c, weigh(reviewed[c], None, standing)) for c in claims - placed if c in reviewed)
    waits.update((c, None) for c in claims if c not in reviewed)
    sums, tolls = _sums(everything, groups, stands, reports, {i: h.status for i, h in made.items()}, rules.policy)
    made = {i: replace(h, tolls=tolls[i]) for i, h in made.items()}
    drafts = matrix(
        [i for i in incidents.values() if made[i.id].status != "discarded"],
        stands,
        reports,
        conflict=rules.conflict,
        policy=rules.policy,
    ).drafts
    told: dict[str, list[dict[str, object]]] = {i: [] for i in incidents}
    for d in drafts:
        row: dict[str, object] = {"violation": d.violation, "party": d.party, "place": d.place, "quarter": d.quarter}
        row |= {"lacking": " ".join(d.lacking), "min": d.min, "max": d.max, "body": to_json(d)}
        told[d.incident].append(row)
    for i, incident in everything.items():
        mine_now = [stands[c] for c in incident.claims if c in stands]
        grade = grades(incident, mine_now, reports, conflict=rules.conflict).airwars.code if mine_now else "none"
        marked[i] = _labels(made[i], mine_now, grade, {harm for _, harm, group, _ in sums[i] if group == "total"})
    rows = s.marks.put("incident", marked)
    s.overview.put_headlines(
        rows,
        {
            i: (h.earliest or h.latest or UNDATED, h.latest or h.earliest or UNDATED, to_json(h), sums[i])
            for i, h in made.items()
        },
    )
    s.overview.put_drafts(told)
    _put_claims(s, reviewed, waits)
    return list(waits)


def _put_claims(s: Session, reviewed: Mapping[str, ReviewedClaim], waits: Mapping[str, WaitingRow | None]) -> None:
    labels = {c: _claim_labels(reviewed[c], w) for c, w in waits.items() if c in reviewed}
    claim_rows = s.marks.put("claim", labels)
    s.overview.put_waiting(claim_rows, waits)
    s.marks.remove("claim", [c for c in waits if c not in reviewed])


def _pressing(headline: Headline) -> tuple[bool, bool, bool]:
    """What of an incident's headline presses on its claims."""
    return headline.denied, headline.tied, headline.origins == 1


def _put_reports(s: Session, reports: Sequence[str]) -> None:
    marked: dict[str, Labels] = {}
    for i, report in s.reports.light(reports).items():
        labels: Labels = {("", ""), ("status", report.status)}
        if report.language:
            labels.add(("language", report.language))
        if report.published:
            labels.add(("period", report.published[:7]))
        for c in s.claims.of(i):
            labels |= _claim_facets(c)
        marked[i] = labels
    s.marks.put("report", marked)


def _sums(
    incidents: Mapping[str, Incident],
    groups: Mapping[str, frozenset[str]],
    claims: Mapping[str, Claim],
    reports: Mapping[str, Report],
    statuses: Mapping[str, str],
    own: str,
) -> tuple[dict[str, list[Sum]], dict[str, Tolls]]:
    """What each incident adds to the totals of each policy, and its own tolls under the policy `own`. What may be the
    same adds its least once."""
    counted = {i: incident for i, incident in incidents.items() if statuses[i] != "discarded"}
    found: dict[str, list[Sum]] = {i: [] for i in incidents}
    tolls: dict[str, Tolls] = dict.fromkeys(incidents, ())
    together = {g for g in groups.values() if len(g & counted.keys()) > 1}
    read = read_figures(list(counted.values()), claims, reports)
    for policy in policies():
        leasts: dict[tuple[frozenset[str], str, str], int] = {}
        for group in together:
            held = [counted[i] for i in sorted(group) if i in counted]
            sums = tally(held, claims, reports, policy=policy.name, read=read).sums
            leasts.update(((group, t.harm, t.group), t.min) for t in sums)
        for cell in tally(list(counted.values()), claims, reports, policy=policy.name, read=read).cells:
            if policy.name == own and cell.group == "total" and (cell.min or cell.max is not None):
                tolls[cell.incident] = (*tolls[cell.incident], (cell.harm, cell.min, cell.max))
            key = (groups.get(cell.incident, frozenset()), cell.harm, cell.group)
            least = cell.min or 0
            if key[0] in together:
                least, leasts[key] = leasts[key], 0
            columns = {
                "incidents": 1,
                "least": least,
                "most": cell.max or 0,
                "best": cell.best or 0,
                "open": int(cell.max is None),
                "said": cell.max if cell.max is not None else cell.min or 0,
                "silent": int(cell.group == "total" and cell.min is None),
            }
            found[cell.incident].append((policy.name, cell.harm, cell.group, columns))
    return found, tolls


def _labels(headline: Headline, claims: Sequence[Claim], grade: str, harms: set[str]) -> Labels:
    labels: Labels = {("", ""), ("status", headline.status), ("grade", grade)}
    labels |= {(kind, "1") for kind in ("children", "denied", "tied") if getattr(headline, kind)}
    labels |= {("harm", h) for h in harms}
    for c in claims:
        if c.certainty != "denied":
            labels |= _claim_facets(c)
    for act in headline.acts:
        labels.add(("act", act))
    if first := headline.earliest or headline.latest:
        labels.add(("period", first[:7]))
    labels.add(("spot", _spot(headline)))
    return labels


def _claim_labels(reviewed: ReviewedClaim, waits: WaitingRow | None) -> Labels:
    labels: Labels = {("verdict", reviewed.verdict or "none")}
    if waits is not None:
        labels |= {("", ""), *(("reason", r) for r in waits.reasons)}
        labels |= _claim_facets(reviewed.claim)
        if waits.unsure:
            labels.add(("unsure", waits.unsure))
    return labels


def _claim_facets(claim: Claim) -> Labels:
    labels = {("act", claim.act)}
    labels |= {("party", name) for a in claim.perpetrators[:_LISTED] if (name := a.name or a.text)}
    for p in claim.places[:_LISTED]:
        labels |= {("place", name) for name in (p.name or p.text, p.admin1) if name}
    return labels


def _spot(headline: Headline) -> str:
    """The finest of its places that can be drawn, as JSON: what the map groups by."""
    known = [p for p in headline.places if (p.lat is not None and p.lon is not None) or p.precision == "country"]
    place = min(known, key=lambda p: codes.PRECISIONS.index(p.precision), default=None)
    if place is None:
        return NOWHERE
    named = Place(0, 0, "", place.name or place.text, place.country, place.lat, place.lon, place.precision)
    return json.dumps(to_json(named), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _reviewed(s: Session, claims: Sequence[str]) -> tuple[dict[str, ReviewedClaim], set[int]]:
    judgements = s.judgements.on("claim", claims)
    judged, current = {j.target for j in judgements}, s.claims.current(claims)
    review = Review.of([c for c in s.claims.many(claims) if c.id in current or c.id in judged], judgements)
    return {r.machine.id: r for r in review.all()}, {j.seq for j in review.standing}


def _status(s: Session, incident: Incident) -> str:
    return Review.of((), s.judgements.on("incident", [incident.id, *("i" + c for c in incident.claims)])).status(
        incident
    )


def _begin_anew_under_other_rules(s: Session, rules: Rules) -> None:
    """Mark everything as out of date where the rows were made under other rules, or by another version of them."""
    mark = _mark(rules)
    if s.state("overview") != mark:
        s.overview.mark_stale("claim", (c.id for c in s.claims.all()))
        s.overview.mark_stale("report", (r.id for r in s.reports.all()))
        s.overview.mark_stale("incident", (i.id for i in s.incidents.all()))
        s.set_state("overview", mark)


@functools.cache
def _mark(rules: Rules) -> int:
    return zlib.crc32(repr((_VERSION, rules, _policies())).encode()) & 0x7FFFFFFF


def _policies() -> tuple[str, ...]:
    return tuple(p.name for p in policies())


_VERSION = 2
"""Grows with every change to what the rows hold."""
