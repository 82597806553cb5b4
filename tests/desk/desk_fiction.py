# ruff: noqa: E501
"""A small case, entirely fictional: no person, group, outlet or event in it is real. Claims are written by hand, so
that the desk's tests need no engine; they are linked by the real one."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from starlette.testclient import TestClient

from marsad.model import Actor, Attribution, Claim, Count, Hedge, Means, Person, Place, Reason, Report, Span, When
from marsad.pipeline import Case, create_case

Client = Callable[..., TestClient]
"""Makes clients: `client('amal')` is signed in, `client(None)` is nobody; keywords are headers."""

WARDA = {"name": "Tell Warda", "country": "SY", "lat": 35.62, "lon": 38.91, "admin1": "Raqqa"}
NAHR = {"name": "Nahr al-Safi", "country": "SY", "lat": 36.11, "lon": 38.02, "admin1": "Aleppo"}

WIRE = """Shells struck a crowded market in Tell Warda on Tuesday, killing nine people, four of them children, medics said.

At least 20 others were wounded when the shells, fired by the Northern Guard, landed between the stalls, according to Dr Lina Hadad of the town's clinic.

"We ran out of blankets," she said. A spokesman for the Guard denied that its forces had fired on the town.
"""
MONITOR = """Update on the market of Tell Warda

The Furat Monitoring Office has now documented 14 people killed in the shelling of the market in Tell Warda on 4 March, among them six children. The Northern Guard fired three artillery shells from the ridge.

An earlier figure of 9 was given on the day.
"""
GUARD = """Statement of the Northern Guard

Our forces did not shell the market in Tell Warda on 4 March. Reports that nine civilians were killed by our guns are false. A gas depot exploded.
"""
BOYS = """Gunmen took three boys aged 14 to 16 from a school in Nahr al-Safi on 9 March, a teacher told Lamp Radio. The alleged gunmen of the Eagles of the Steppe forced the boys into a van.

Families in the district say that the Eagles regularly recruit children at checkpoints.
"""
ARABIC = """قصف سوق تل وردة

قُتل تسعة أشخاص بينهم أربعة أطفال في قصف استهدف سوقاً في بلدة تل وردة يوم الثلاثاء 4 آذار، بحسب ما قال مسعفون لإذاعة Lamp Radio.

وقال شاهد عيان إن ثلاث قذائف سقطت بين البسطات.
"""
HOSTILE = """<script>document.title='fired'</script> <img src=x onerror=alert(1)> {{ 7*7 }}

Two men were shot dead in Tell Warda\u202e on Friday \u202c, <b>said</b> "O'Brien & sons" </p></div>😀 and one woman was hurt.
"""
HOSTILE_TITLE = "\"><script>document.title='fired'</script>\u202egpj.exe"


def make(folder: Path) -> Case:
    """The fictional case, linked and indexed, with people amal (editor), basim (analyst) and rim (reader)."""
    case = create_case(folder, name="The market of Tell Warda (fiction)", person="amal")
    with case.store.write() as s:
        s.people.put(Person("amal", "Amal Haddad", "editor"))
        s.people.put(Person("basim", "باسم الخطيب", "analyst"))
        s.people.put(Person("rim", "Rim <b>Saleh</b>", "reader"))
    reports = [
        _report(
            case,
            "wire",
            WIRE,
            "Shells strike market in Tell Warda, killing nine, medics say",
            "Eastern Wire",
            "2031-03-04T18:10:00+03:00",
        ),
        _report(case, "copy", WIRE, "Market shelling kills nine", "The Daily Quay", "2031-03-05"),
        _report(
            case, "monitor", MONITOR, "Update on the market of Tell Warda", "Furat Monitoring Office", "2031-03-06"
        ),
        _report(case, "guard", GUARD, "Statement on false reports", "Northern Guard Media", "2031-03-05"),
        _report(case, "boys", BOYS, "Three boys taken from school in Nahr al-Safi", "Lamp Radio", "2031-03-10"),
        _report(
            case,
            "arabic",
            ARABIC,
            "قصف سوق تل وردة يقتل تسعة",
            "إذاعة المصباح",
            "2031-03-04",
            language="ar",
            status="not_yet_extracted",
        ),
        _report(
            case,
            "hostile",
            HOSTILE,
            HOSTILE_TITLE,
            "<i>Evil</i> =HYPERLINK(1)",
            "2031-03-08",
            author="=cmd|' /C calc'!A0",
        ),
        _report(case, "empty", "", None, None, None, status="unreadable", language=None),
    ]
    by_name = {r.meta["name"]: r for r in reports}
    claims = [
        *_wire(by_name["wire"]),
        *_wire(by_name["copy"]),
        *_monitor(by_name["monitor"]),
        *_guard(by_name["guard"]),
        *_boys(by_name["boys"]),
        *_hostile(by_name["hostile"]),
    ]
    with case.store.write() as s:
        for r in reports:
            s.reports.add(r, "2031-03-11T08:00:00+00:00")
            s.search.put_report(r)
        for r in reports:
            mine = [c for c in claims if c.report == r.id]
            if mine:
                s.claims.put(r.id, mine, "fiction 1.0")
    picture(case)
    case.link()
    return case


def picture(case: Case) -> str:
    """A drawn picture as an exhibit with a report of its own; its digest."""
    drawn = Image.new("RGB", (640, 400), "#7a8b6f")
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((80, 120, 560, 340), fill="#b9a27c")
    pen.ellipse((250, 150, 390, 290), fill="#7c2f2b")
    out = io.BytesIO()
    drawn.save(out, "JPEG")
    kept = case.vault.deposit(
        out.getvalue(), name="market-\u202egpj.jpg", source="https://lamp.example/market.jpg", method="fiction"
    )
    sha = kept.exhibit.sha256
    with case.store.write() as s:
        s.reports.add(
            Report(id="r-picture", exhibit=sha, kind="footage", title="Picture of the market", status="extracted"),
            "2031-03-11T09:00:00+00:00",
        )
    return sha


def _report(
    case: Case,
    name: str,
    text: str,
    title: str | None,
    publisher: str | None,
    published: str | None,
    *,
    language: str | None = "en",
    status: str = "extracted",
    author: str | None = None,
) -> Report:
    page = f"<html><title>{name}</title><script>alert('exhibit')</script><p>{text}</p></html>".encode()
    kept = case.vault.deposit(page, name=f"{name}.html", source=f"https://{name}.example/1", method="fiction")
    reason = "The PDF has no text in it." if status == "unreadable" else None
    return Report(
        id="r-" + hashlib.sha256(name.encode()).hexdigest()[:10],
        exhibit=kept.exhibit.sha256,
        title=title,
        publisher=publisher,
        author=author,
        published=published,
        language=language,
        text=text,
        url=f"https://{name}.example/1",
        status=status,
        reason=reason,
        meta={"name": name},
    )


class _On:
    """Finds words of one report, so that no offset is written by hand."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def at(self, words: str, nth: int = 0) -> dict[str, Any]:
        found = [m.start() for m in re.finditer(re.escape(words), self.report.text)]
        return {"start": found[nth], "end": found[nth] + len(words), "text": words}

    def count(self, words: str, least: int | None, most: int | None) -> Count:
        return Count(least, most, **self.at(words))

    def who(self, words: str, nth: int = 0, **more: Any) -> Actor:
        return Actor(**self.at(words, nth), **more)

    def where(self, words: str, place: dict[str, Any], precision: str = "populated_place", **more: Any) -> Place:
        return Place(**self.at(words), **place, precision=precision, id="fiction:" + place["name"], **more)

    def said(self, source: str, cue: str, kind: str, words: str | None = None) -> Attribution:
        return Attribution(source, cue, kind=kind, **self.at(words or source))

    def claim(self, name: str, act: str, trigger: str, **more: Any) -> Claim:
        start = self.at(trigger)["start"]
        text = self.report.text
        first = max(text.rfind("\n", 0, start) + 1, text.rfind(". ", 0, start) + 2 if ". " in text[:start] else 0)
        first += len(text[first:]) - len(text[first:].lstrip())
        ends = [e for e in (text.find(". ", start), text.find("\n", start)) if e >= 0]
        last = min(ends) + 1 if ends else len(text)
        sentence = Span(first, last, text[first:last])
        kind = more.pop("kind", "event")
        why = (
            Reason("act", f"trigger '{trigger}' in the list of acts", 0.94),
            Reason("victims", "object of the trigger", 0.81),
        )
        return Claim(
            f"c-{self.report.id[2:8]}-{name}",
            act,
            kind,
            Span(**self.at(trigger)),
            sentence,
            report=self.report.id,
            why=why,
            **more,
        )


def _wire(report: Report) -> list[Claim]:
    on = _On(report)
    guard = on.who("the Northern Guard", name="Northern Guard", id="northern-guard", kind="armed_group")
    shared: dict[str, Any] = {
        "places": (on.where("Tell Warda", WARDA),),
        "time": When("2031-03-04", "2031-03-04", **on.at("on Tuesday")),
        "means": (Means("shelling", **on.at("Shells")),),
    }
    killing = on.claim(
        "k",
        "killing",
        "killing",
        victims=(
            on.who("nine people", count=on.count("nine", 9, 9), status="civilian"),
            on.who("four of them children", count=on.count("four", 4, 4), children=True, part_of=0, status="civilian"),
        ),
        perpetrators=(guard,),
        attribution=(on.said("medics", "said", "medic"),),
        violations=("killing",),
        denied_by=(on.said("spokesman for the Guard", "denied", "party"),),
        **shared,
    )
    injury = on.claim(
        "i",
        "injury",
        "wounded",
        victims=(on.who("At least 20 others", count=on.count("At least 20", 20, None)),),
        perpetrators=(guard,),
        attribution=(on.said("Dr Lina Hadad", "according to", "medic"),),
        violations=("maiming",),
        same_as=(killing.id,),
        **shared,
    )
    return [killing, injury]


def _monitor(report: Report) -> list[Claim]:
    on = _On(report)
    return [
        on.claim(
            "k",
            "killing",
            "killed",
            victims=(
                on.who("14 people", count=on.count("14", 14, 14)),
                on.who("six children", count=on.count("six", 6, 6), children=True, part_of=0),
            ),
            perpetrators=(
                on.who("The Northern Guard", name="Northern Guard", id="northern-guard", kind="armed_group"),
            ),
            places=(on.where("Tell Warda", WARDA),),
            time=When("2031-03-04", "2031-03-04", **on.at("on 4 March")),
            means=(Means("shelling", **on.at("artillery shells")),),
            attribution=(on.said("Furat Monitoring Office", "documented", "monitor"),),
            violations=("killing",),
        )
    ]


def _guard(report: Report) -> list[Claim]:
    on = _On(report)
    return [
        on.claim(
            "d",
            "killing",
            "killed",
            certainty="denied",
            victims=(on.who("nine civilians", count=on.count("nine", 9, 9), status="civilian"),),
            perpetrators=(on.who("Our forces", name="Northern Guard", id="northern-guard", kind="armed_group"),),
            places=(on.where("Tell Warda", WARDA),),
            time=When("2031-03-04", "2031-03-04", **on.at("on 4 March")),
        )
    ]


def _boys(report: Report) -> list[Claim]:
    on = _On(report)
    eagles = on.who("gunmen of the Eagles of the Steppe", name="Eagles of the Steppe", kind="armed_group")
    return [
        on.claim(
            "a",
            "abduction",
            "took",
            victims=(
                on.who("three boys", count=on.count("three", 3, 3), children=True, sex="male", status="civilian"),
            ),
            perpetrators=(eagles,),
            places=(on.where("Nahr al-Safi", NAHR, facility="school"),),
            time=When("2031-03-09", "2031-03-09", **on.at("on 9 March")),
            attribution=(on.said("a teacher", "told", "witness"),),
            certainty="hedged",
            hedges=(Hedge(**on.at("alleged"), applies_to="perpetrators"),),
            violations=("abduction",),
        ),
        on.claim(
            "p",
            "recruitment_and_use",
            "recruit",
            kind="pattern",
            victims=(on.who("children", children=True),),
            perpetrators=(on.who("the Eagles", nth=1, name="Eagles of the Steppe", kind="armed_group"),),
            violations=("recruitment",),
        ),
    ]


def _hostile(report: Report) -> list[Claim]:
    on = _On(report)
    return [
        on.claim(
            "h",
            "killing",
            "shot dead",
            victims=(on.who("Two men", count=on.count("Two", 2, 2), sex="male"),),
            perpetrators=(on.who("<b>said</b>", name="<script>document.title='fired'</script>\u202e"),),
            places=(on.where("Tell Warda", {**WARDA, "name": "<img src=x onerror=alert(2)>"}),),
            attribution=(on.said('"O\'Brien & sons"', "<u>said</u>", "unnamed"),),
            hedges=(Hedge(**on.at("😀"), applies_to="<s>claim</s>"),),
        )
    ]


def enter(case: Case, person: str) -> str:
    """A session's cookie value for `person`, as redeeming a link gives it."""
    from marsad.desk import Access

    access = Access(case.store, case.folder, case.settings.session_hours)
    entered = access.redeem(access.link(person, datetime.now(UTC)))
    assert entered is not None
    return f"{access.cookie}={entered[0]}"
