"""A release gives away no planted name, exact place, day, word or id, wherever it stands. All people are fictional."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from marsad.errors import ReleaseRefused
from marsad.model import (
    Actor,
    Attribution,
    Claim,
    Count,
    Hedge,
    Incident,
    Judgement,
    Means,
    Origin,
    Place,
    Report,
    Span,
    When,
)
from marsad.publish import Figure, Material, release
from marsad.publish import _release as release_module
from marsad.publish._leaks import Secrets, leaks
from marsad.publish._names import Guard
from marsad.review import Review

C1, C2, C3, C9 = (f"c{n}f00ba4deadbee{n}f" for n in range(4, 8))
I1, I2, I3 = (f"i{c}" for c in (C1, C2, C3))
R1, R2 = "r0ddba11cafe0001", "r0ddba11cafe0002"
CHILD = "Salma Haddad"
ARABIC = "سلمى حداد"
ADULT = "Tariq Mansour"
TEXT = (
    f"Mortar shells struck the ferry landing at Maskanah on Friday and killed nine people, among them {CHILD}, 9, "
    f"and her father {ADULT}, said the town council."
)
PLACE = Place(40, 48, "Maskanah", "Maskanah", "SY", 35.9632, 38.0364, "populated_place", "geonames:167080", "Aleppo")
DIVISION = Place(40, 48, "Maskanah", "Aleppo", "SY", 36.2, 37.9, "first_order_division", "iso:SY-HL", "Aleppo")
FAR = Place(1, 5, "Sana", "Sanaa", "YE", 15.35, 44.2, "populated_place", "geonames:71137", "Amanat")


def coarsen(place: Place, precision: str) -> Place:
    return replace(DIVISION, start=place.start, end=place.end, text=place.text)


def claim(id: str, report: str, place: Place, day: str, victims: tuple[Actor, ...]) -> Claim:
    return Claim(
        id,
        "killing",
        "event",
        Span(63, 69, "killed"),
        Span(0, len(TEXT), TEXT),
        perpetrators=(Actor(0, 5, "guards", "Provisional Guard", "provisional-guard", "armed_group"),),
        victims=victims,
        means=(Means("shelling", 0, 13, "Mortar shells"),),
        places=(place,),
        time=When(day, day, 52, 58, "Friday"),
        attribution=(Attribution("town council", "said", 10, 20, "official", "town council"),),
        hedges=(Hedge(0, 3, "may"),),
        violations=("killing",),
        report=report,
    )


def material(name: str = "Case", verdict: str | None = None) -> Material:
    child = Actor(98, 110, CHILD, CHILD, children=True, count=Count(1, 1, CHILD, 98, 110))
    adult = Actor(130, 143, ADULT, ADULT, children=False)
    unknown = Actor(1, 5, "Huda", "Huda Sabbagh")
    claims = [
        claim(C1, R1, PLACE, "2031-03-14", (Actor(60, 71, "nine people", count=Count(9, 9, "nine", 60, 64)), child)),
        claim(C2, R1, PLACE, "2031-03-14", (adult,)),
        claim(C3, R2, FAR, "2031-05-02", (unknown,)),
    ]
    taken = (C1, C2) if verdict else ()
    judgements = [Judgement(n, "2031-06-01", "p", "claim", c, str(verdict)) for n, c in enumerate(taken, 1)]
    told = [
        Report(R1, "a" * 64, title="Ferry landing", publisher="Eastern Wire", published="2031-03-15", text=TEXT),
        Report(R2, "b" * 64, title="Market", publisher="Sanaa Post", published="2031-05-03", text="Huda died."),
    ]
    return Material(
        name=name,
        incidents=[
            Incident(I1, (C1,), origins=(Origin("o", "town council", "official", (C1,), (R1,)),)),
            Incident(I2, (C2,), earliest="2031-03-14", latest="2031-03-14"),
            Incident(I3, (C3,), earliest="2031-05-02", latest="2031-05-02"),
        ],
        review=Review.of(claims, judgements),
        reports={r.id: r for r in told},
        figures={
            I1: [Figure("killed", "total", 9, 9), Figure("killed", "children", 1, 1)],
            I2: [Figure("killed", "total", 4, 6)],
            I3: [Figure("killed", "total", 7, 7)],
        },
        totals=[Figure("killed", "total", 20, 22), Figure("killed", "children", 1, 1)],
        matrix=[
            {
                "violation": "killing",
                "party": "Provisional Guard",
                "place": "Aleppo",
                "quarter": "2031-Q1",
                "min": 1,
                "max": 1,
                "counted_by": "victims",
                "lacking": [],
                "incidents": [I1],
            }
        ],
        policy="range",
        rule="least to most",
        assumptions=["Incidents are counted once."],
        key=b"k" * 32,
        small_cell=3,
        coarsen=coarsen,
    )


def read_back(folder: Path) -> str:
    return "\n".join(p.read_text(encoding="utf-8") for p in sorted(folder.iterdir()) if p.suffix != ".pdf")


def test_a_public_release_gives_nothing_away(tmp_path: Path) -> None:
    result = release(material(), "public", tmp_path / "out", version="1")
    text = read_back(tmp_path / "out")
    for secret in (
        CHILD,
        ARABIC,
        ADULT,
        "Salma",
        "Huda",
        "Maskanah",
        "35.96",
        "38.03",
        "2031-03-14",
        "a" * 64,
        C1,
        I1,
    ):
        assert secret not in text, secret
    assert set(result.files) == {p.name for p in (tmp_path / "out").iterdir()}
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out/incidents.csv").read_text(encoding="utf-8"))))
    first, neighbour, far = rows
    assert (first["place"], first["earliest"], first["coarsened"]) == ("Aleppo", "", "yes")
    assert (neighbour["place"], neighbour["earliest"], neighbour["time_precision"]) == ("Aleppo", "2031-03", "month")
    assert (far["place"], far["earliest"], far["coarsened"]) == ("Sanaa", "2031-05-02", "no")


def test_small_figures_are_withheld_and_cannot_be_worked_out(tmp_path: Path) -> None:
    release(material(), "public", tmp_path / "out", version="1")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out/ledger.csv").read_text(encoding="utf-8"))))
    children = [r for r in rows if r["group"] == "children"]
    assert children and all(r["withheld"] == "yes" and r["min"] == r["max"] == "" for r in children)
    assert next(r for r in rows if not r["incident"] and r["group"] == "total")["min"] == "20"


def test_internal_keeps_all_but_children_and_partners_keep_words_without_guarded_names(tmp_path: Path) -> None:
    release(material(), "internal", tmp_path / "internal", version="1")
    text = read_back(tmp_path / "internal")
    assert CHILD not in text and ADULT in text and "Huda" in text and "Maskanah" in text
    release(material(), "partners", tmp_path / "partners", version="1")
    text = read_back(tmp_path / "partners")
    assert CHILD not in text and ADULT not in text and "Huda" not in text
    assert "Maskanah" in text and "2031-03-14" in text and I1 in text


def test_an_adult_in_an_accepted_claim_may_be_named_to_partners(tmp_path: Path) -> None:
    base = material(verdict="accept")
    release(base, "partners", tmp_path / "beside", version="1")
    assert ADULT not in read_back(tmp_path / "beside")  # The report tells of a child: its words stay in.
    apart = [replace(r.claim, report=R2 if r.claim.id == C2 else r.claim.report) for r in base.review.all()]
    apart = [replace(c, sentence=Span(0, 9, f"{ADULT} died.")) if c.id == C2 else c for c in apart]
    release(replace(base, review=Review.of(apart, base.review.judgements)), "partners", tmp_path / "out", version="1")
    text = read_back(tmp_path / "out")
    assert ADULT in text and CHILD not in text


def plants(name: str) -> Iterator[tuple[str, Material]]:
    """The material with `name` planted in one field after another, free text and coded fields alike."""
    base = material()
    c1 = base.review.claim(C1)
    assert c1 is not None
    others = [r.claim for r in base.review.all() if r.claim.id != C1]
    claim = c1.claim

    def with_claim(changed: Claim) -> Material:
        return replace(base, review=Review.of([changed, *others], []))

    yield "case name", replace(base, name=f"The {name} case")
    for field in ("title", "publisher", "author", "url", "text", "language", "kind"):
        report = replace(
            base.reports[R1], **{field: f"https://x.example/{name.replace(' ', '-')}" if field == "url" else name}
        )
        yield f"report.{field}", replace(base, reports={**base.reports, R1: report})
    for field in ("text", "name", "admin1", "facility"):
        yield f"place.{field}", with_claim(replace(claim, places=(replace(PLACE, **{field: name}),)))
    for field in ("text", "name", "id", "kind"):
        actor = replace(claim.perpetrators[0], **{field: name})
        yield f"perpetrator.{field}", with_claim(replace(claim, perpetrators=(actor,)))
    for field in ("source", "cue", "text"):
        said = replace(claim.attribution[0], **{field: name})
        yield f"attribution.{field}", with_claim(replace(claim, attribution=(said,)))
    yield "means.text", with_claim(replace(claim, means=(Means("shelling", 0, 4, name),)))
    yield "hedge.text", with_claim(replace(claim, hedges=(Hedge(0, 4, name),)))
    yield "time.text", with_claim(replace(claim, time=When("2031-03-14", "2031-03-14", 0, 4, name)))
    yield "trigger", with_claim(replace(claim, trigger=Span(0, 4, name)))
    yield "sentence", with_claim(replace(claim, sentence=Span(0, 4, name)))
    yield "denied_by", with_claim(replace(claim, denied_by=(Attribution(name, "denied", 0, 4),)))
    yield "pattern", replace(base, review=Review.of([claim, *others, replace(claim, id=C9, kind="pattern")], []))
    origin = replace(base.incidents[0].origins[0], source=name)
    incident = replace(base.incidents[0], origins=(origin,))
    yield "origin.source", replace(base, incidents=[incident, *base.incidents[1:]])
    matrix = [dict(base.matrix[0]) | {"party": name, "place": name}]
    yield "matrix", replace(base, matrix=matrix)
    judged = Review.of([claim, *others], [Judgement(1, "t", "p", "claim", C1, "accept", reason=name)])
    yield "judgement.reason", replace(base, review=judged)


@pytest.mark.parametrize("name", [CHILD, CHILD.upper(), ARABIC, "Haddad, Salma", "Salmah Hadad"])
@pytest.mark.parametrize("profile", ["public", "partners"])
def test_a_childs_name_planted_in_any_field_stays_in_the_case(tmp_path: Path, name: str, profile: str) -> None:
    for field, planted in plants(name):
        folder = tmp_path / field.replace(" ", "-")
        release(planted, profile, folder, version="1")
        text = read_back(folder)
        for form in (name, name.replace(" ", "-"), CHILD, ARABIC):
            assert form not in text, f"{profile}: {field} lets «{form}» out"


def test_the_leak_check_refuses_what_the_writer_lets_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check shares no code with the writers: each planted file is found, and nothing is left behind."""
    written = release_module._files
    plants = {
        "index.html": "<p data-incident='x'>Sal<b>ma</b> &#72;addad</p>",
        "claims.json": json.dumps({"a": ARABIC}),
        "ledger.csv": f"id\r\n{I1}\r\n",
        "sources.csv": TEXT[:90],
        "incidents.geojson": json.dumps({"coordinates": [38.0364, 35.9632]}),
        "photo.jpg": "\xff\xd8",
    }
    for name, planted in plants.items():

        def files(*args: object, name: str = name, planted: str = planted) -> dict[str, bytes]:
            made: dict[str, bytes] = written(*args)  # type: ignore[arg-type]
            if args[0].incidents:  # type: ignore[attr-defined]
                made[name] = planted.encode("latin-1" if name == "photo.jpg" else "utf-8")
            return made

        monkeypatch.setattr(release_module, "_files", files)
        with pytest.raises(ReleaseRefused, match="Nothing was released"):
            release(material(), "public", tmp_path / "out", version="1")
        assert list(tmp_path.iterdir()) == [], name


def test_a_release_never_goes_over_another(tmp_path: Path) -> None:
    release(material(), "public", tmp_path / "out", version="1")
    with pytest.raises(ReleaseRefused, match="not empty"):
        release(material(), "public", tmp_path / "out", version="1")


def test_released_ids_stay_and_lead_nowhere(tmp_path: Path) -> None:
    release(material(), "public", tmp_path / "a", version="1")
    release(material(), "public", tmp_path / "b", version="1")
    assert (tmp_path / "a/incidents.csv").read_bytes() == (tmp_path / "b/incidents.csv").read_bytes()
    release(replace(material(), key=b"x" * 32), "public", tmp_path / "c", version="1")
    assert (tmp_path / "a/incidents.csv").read_bytes() != (tmp_path / "c/incidents.csv").read_bytes()


def test_the_manifest_lists_every_file_by_digest(tmp_path: Path) -> None:
    import hashlib

    release(material(), "public", tmp_path / "out", version="1")
    manifest = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))
    for name, row in manifest["files"].items():
        assert hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest() == row["sha256"]
    assert set(manifest["files"]) | {"manifest.json"} == {p.name for p in (tmp_path / "out").iterdir()}


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\t=1", "\u202e=1"])
def test_cells_are_no_formulas(tmp_path: Path, text: str) -> None:
    base = material()
    reports = {**base.reports, R2: replace(base.reports[R2], publisher=text)}
    release(replace(base, reports=reports), "internal", tmp_path / "out", version="1")
    rows = csv.DictReader(io.StringIO((tmp_path / "out/sources.csv").read_text(encoding="utf-8")))
    publishers = [r["publisher"] for r in rows]
    assert not any(p.lstrip().startswith(("=", "+", "-", "@")) for p in publishers), publishers


def test_the_page_runs_nothing_and_asks_for_nothing(tmp_path: Path) -> None:
    base = material(name="<script>alert(1)</script>")
    release(base, "public", tmp_path / "out", version="1")
    page = (tmp_path / "out/index.html").read_text(encoding="utf-8")
    assert "<script" not in page and "http" not in page.replace("http-equiv", "").replace("http://www.w3.org", "")


@pytest.mark.parametrize("said", ["on 14 March 2031", "March 14, 2031", "14 آذار 2031", "2031 مارس 14"])
def test_a_day_beside_a_coarsened_incident_is_found_by_its_months_name_too(said: str) -> None:
    page = f'<article data-incident="{I1}"><p>Killed, {said}</p></article><article data-incident="i-0">{said}</article>'
    month = f'<article data-incident="{I1}"><p>March 2031, killed: 13–14</p></article>'
    secrets = Secrets(Guard.of(()), frozenset(), {}, {I1: ["2031-03-14"]}, (), frozenset(), ())
    assert leaks({"index.html": page.encode()}, secrets)
    assert not leaks({"index-ar.html": month.encode()}, secrets)


def test_what_the_totals_assume_stands_on_the_page_in_both_languages(tmp_path: Path) -> None:
    told = "2 incidents give no number: they add nothing to the least and leave the most open."
    release(replace(material(), assumptions=[told]), "public", tmp_path / "out", version="1")
    english, arabic = ((tmp_path / "out" / name).read_text("utf-8") for name in ("index.html", "index-ar.html"))
    assert told in english and told not in arabic
    assert "حوادث لا تذكر عدداً: 2" in arabic
