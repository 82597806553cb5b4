"""Independent origins behind the claims of one incident, and the reports that only carry each on.

A claim's words go back to the innermost source of its attribution that is someone in particular; without one, to its
publisher. Two reports that name one source, or carry one text, one post, one footage or one wire, have one origin.
Unnamed people ('witnesses') of two reports that share no text are two origins: they may be different people.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from marsad.model import Claim, Origin, Report

from ._copies import agency, carried, copied_from
from ._sources import (
    innermost,
    is_generic,
    is_own_paper,
    one_person,
    shows_footage_of,
    source_key,
    speaks_for,
    spoken_to,
    unnamed_key,
)
from ._tellings import order, whole_counts
from ._words import key, party, tokens, word_set

_Key = tuple[str, str]
"""('source', name), ('publisher', name), ('unnamed', words and report) or ('report', id)."""
_WORDS = "words.json"


def origins(claims: Sequence[Claim], reports: Mapping[str, Report]) -> tuple[Origin, ...]:
    """The origins of one incident's claims, earliest first; each claim stands in exactly one."""
    ordered = sorted(claims, key=lambda c: order(c, reports))
    held = [reports[r] for r in dict.fromkeys(c.report for c in ordered) if r in reports]
    copies = carried(held) if len(held) > 1 else {}
    keys = _keys(ordered, held, copies, reports)
    same = _same_names(set(keys.values()))
    of: dict[_Key, list[Claim]] = defaultdict(list)
    for c in ordered:
        of[same.get(keys[c.id], keys[c.id])].append(c)
    named = [a for c in ordered for a in c.perpetrators]
    parties = {party(a) for a in named} | {party(replace(a, id=None)) for a in named}
    mine = {r.id: r for r in held}
    return tuple(_origin(ordered[0].id, k, group, copies, mine, parties - {""}) for k, group in of.items())


def _keys(
    ordered: list[Claim], held: list[Report], copies: Mapping[str, tuple[str, str]], reports: Mapping[str, Report]
) -> dict[str, _Key]:
    publishers = {_squash(r.publisher): r for r in reversed(held) if r.publisher}
    outlets = {key(r.publisher): r for r in reversed(held) if r.publisher and key(r.publisher)}
    by_id = {r.id: r for r in held}
    persons = _persons(ordered, by_id)
    keys: dict[str, _Key] = {}
    silent: list[Claim] = []
    back: list[Claim] = []
    for c in ordered:
        said = innermost(c)
        who = persons.get((c.report, said.source), said.source) if said is not None else ""
        if said is None and (shown := shows_footage_of(c)) is not None:
            keys[c.id] = ("source", source_key(shown))
        elif said is None:
            silent.append(c)
        elif is_generic(who):
            other = spoken_to(c, by_id.get(c.report), outlets)
            if other is not None:
                keys[c.id] = _publisher(other, copies, reports)
            elif is_own_paper(who):
                silent.append(c)
            elif people := unnamed_key(who):
                keys[c.id] = ("unnamed", f"{people} in {_paper(c, held, copies, reports)}")
            else:
                back.append(c)
        elif (r := publishers.get(_squash(who))) is not None:
            keys[c.id] = _publisher(r, copies, reports)
        else:
            keys[c.id] = ("source", source_key(who))
    for c in back:
        # 'One of them said': of those whom the report named last.
        before = [o for o in ordered if o.report == c.report and o.id in keys and o.trigger.start <= c.trigger.start]
        keys[c.id] = keys[before[-1].id] if before else ("unnamed", f"somebody in {_paper(c, held, copies, reports)}")
    sourced: dict[str, list[Claim]] = defaultdict(list)
    for c in ordered:
        if c.id in keys:
            sourced[c.report].append(c)
    for c in silent:
        # A report that names its source in one sentence goes on in its own voice in the next.
        near = [s for s in sourced[c.report] if _agree(c, s)]
        if near:
            closest = min(near, key=lambda s: (abs(s.trigger.start - c.trigger.start), s.trigger.start))
            keys[c.id] = keys[closest.id]
            continue
        root = reports.get(_root(c, held, copies))
        keys[c.id] = _publisher(root, copies, reports) if root is not None else ("report", c.report)
    # 'The paper wrote', where the paper's own report names its source, goes back to that source.
    own: dict[_Key, _Key] = {}
    for c in [*silent, *ordered]:
        if c.report in reports:
            own.setdefault(_publisher(reports[c.report], copies, reports), keys[c.id])
    return {c: _carried_to(k, own) for c, k in keys.items()}


def _persons(ordered: Sequence[Claim], held: Mapping[str, Report]) -> dict[tuple[str, str], str]:
    """(report, a source's post) → the name that the report gives beside it."""
    named: dict[str, list[str]] = defaultdict(list)
    for c in ordered:
        named[c.report] += [a.source for a in c.attribution]
    return {
        (r, post): name
        for r, names in named.items()
        if r in held and len(set(names)) > 1
        for post, name in one_person(names, [held[r].text]).items()
    }


def _paper(c: Claim, held: list[Report], copies: Mapping[str, tuple[str, str]], reports: Mapping[str, Report]) -> str:
    """Who talked to the unnamed people: a paper's 'medics' of Friday are its 'medics' of Monday."""
    root = reports.get(_root(c, held, copies))
    return " ".join(_publisher(root, copies, reports)) if root is not None else c.report


def _carried_to(k: _Key, own: Mapping[_Key, _Key]) -> _Key:
    """Where a chain of papers that quote one another ends; of a ring, the first by name."""
    chain = [k]
    while (further := own.get(chain[-1], chain[-1])) not in chain:
        chain.append(further)
    return min(chain[chain.index(further) :])


def _agree(a: Claim, b: Claim) -> bool:
    """Nothing in their numbers says that the words go back to different sources."""
    one, two = whole_counts([a]), whole_counts([b])
    if _of_one_group(a) != _of_one_group(b):
        # 'Two boys were among the dead' tells of a part of them.
        return True
    for harm in one.keys() & two.keys():
        (low, high), (low2, high2) = one[harm], two[harm]
        if (high is not None and high < (low2 or 0)) or (high2 is not None and high2 < (low or 0)):
            return False
    return True


def _of_one_group(claim: Claim) -> bool:
    """Whether it tells of children, women or men, and of nobody else."""
    return bool(claim.victims) and all(v.children is True or v.sex for v in claim.victims)


def _root(c: Claim, held: list[Report], copies: Mapping[str, tuple[str, str]]) -> str:
    if c.report in copies:
        return copies[c.report][0]
    found = (copied_from(c, held) if len(held) > 1 else None) or c.report
    return copies[found][0] if found in copies else found


def _publisher(r: Report, copies: Mapping[str, tuple[str, str]], reports: Mapping[str, Report]) -> _Key:
    root = reports.get(copies[r.id][0], r) if r.id in copies else r
    wire = agency(root)
    if wire is not None:
        return "source", wire
    name = root.publisher or (root.author if root.kind == "post" else None)
    return ("publisher", _squash(name)) if name else ("report", root.id)


def _squash(name: str | None) -> str:
    """A publisher's name without spaces, 'www' and top domain, so that 'Daily Herald' meets 'dailyherald.example'."""
    text = (name or "").strip().casefold().removeprefix("https://").removeprefix("http://").removeprefix("www.")
    if "." in text and " " not in text:
        text = text.split("/")[0].split(".")[0]
    return key(text).replace(" ", "")


def _same_names(keys: set[_Key]) -> dict[_Key, _Key]:
    """Short names to the one fuller name that they stand for: initials, or words of exactly one other name."""
    names = sorted((k for k in keys if k[0] in ("source", "publisher")), key=lambda k: (-len(k[1]), k))
    found: dict[_Key, _Key] = {}
    small = word_set(_WORDS, "not_initials")
    for k in names:
        mine = set(k[1].split())
        fuller = []
        for other in names:
            if other == k or len(other[1]) < len(k[1]):
                continue
            words = other[1].split()
            initials = "".join(w[0] for w in words if w not in small)
            # 'The district prefect' and 'the prefect of the district' are one name: the later one gives way.
            within = mine <= set(words) and (len(mine) < len(words) or k > other)
            if (len(words) > 1 and k[1] == initials) or within or (k[0] == "publisher" and k[1] == "".join(words)):
                fuller.append(other)
        squashed = [o for o in names if o != k and o[0] != k[0] and o[1].replace(" ", "") == k[1].replace(" ", "")]
        if len(fuller) == 1:
            found[k] = fuller[0]
        elif not fuller and squashed and k[0] == "publisher":
            found[k] = squashed[0]
    return {k: _last(found, k) for k in found}


def _last(found: Mapping[_Key, _Key], k: _Key) -> _Key:
    while k in found:
        k = found[k]
    return k


def _origin(
    anchor: str,
    who: _Key,
    claims: list[Claim],
    copies: Mapping[str, tuple[str, str]],
    reports: Mapping[str, Report],
    parties: set[str],
) -> Origin:
    said = [a for c in claims if (a := innermost(c)) is not None]
    names = _own_names([a.source for a in said], who) if who[0] != "publisher" else []
    first = reports.get(claims[0].report)
    if who[0] == "publisher":
        own = (r for r in reports.values() if r.publisher and _squash(r.publisher) == who[1])
        first = next(own, first)
    name = (
        max(names, key=lambda n: (len(source_key(n)), n))
        if names
        else ((first.publisher or first.author) if first else None)
    )
    kinds = [a.kind for a in said if a.kind != "unnamed" and (not names or a.source in names)]
    kind = kinds[0] if kinds else "unnamed" if said or first is None else _publisher_kind(first)
    written_by = key(first.author) if first and first.author and who[0] in ("publisher", "report") else ""
    if (
        who[1] in parties
        or written_by in parties
        or "perpetrator" in kinds
        or any(speaks_for(key(name or ""), p) for p in parties)
    ):
        kind = "perpetrator"
    in_order = list(dict.fromkeys(c.report for c in claims))
    folded = []
    for r in in_order[1:]:
        into, why = copies.get(r, (in_order[0], ""))
        if into not in in_order:
            into = in_order[0]
        if not why:
            mine = [c for c in claims if c.report == r]
            why = "quote" if any(c.attribution for c in mine) else "same source"
        folded.append((r, into, why))
    digest = hashlib.sha256(f"{anchor} {who[0]} {who[1]}".encode()).hexdigest()[:12]
    return Origin(
        id="o" + digest,
        source=name or (f"report {claims[0].report}" if claims[0].report else "unknown"),
        kind=kind,
        claims=tuple(c.id for c in claims),
        reports=tuple(in_order),
        folded=tuple(folded),
    )


def _own_names(names: Sequence[str], who: _Key) -> list[str]:
    """Those of the sources that are the origin itself, and not who carried its words on."""
    words = set(who[1].split())
    if who[0] == "unnamed":
        return [n for n in names if is_generic(n)] or list(names)
    return [n for n in names if words.intersection(source_key(n).split())] or list(names)


def _publisher_kind(r: Report) -> str:
    said = r.meta.get("publisher_kind")
    if isinstance(said, str) and said:
        return said
    if r.kind in ("post", "footage") or not r.publisher:
        return "unnamed"
    words = set(tokens(r.publisher))
    if words & word_set(_WORDS, "medical_words"):
        return "medic"
    return "monitor" if words & word_set(_WORDS, "monitor_words") else "media"
