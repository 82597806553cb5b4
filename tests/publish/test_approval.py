"""A name on no list stands in a public release only once an editor approved it. All people are fictional."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from test_release import CHILD, R2, material, read_back

from marsad.model import Judgement
from marsad.publish import Material, names_to_approve, release
from marsad.review import Review


def approved(base: Material, *names: str, decision: str = "accept") -> Material:
    said = [Judgement(n, "2031-06-01", "p", "name", name, decision) for n, name in enumerate(names, 900)]
    return replace(base, review=Review.of([r.machine for r in base.review.all()], [*base.review.judgements, *said]))


def test_a_publisher_is_withheld_until_it_is_approved(tmp_path: Path) -> None:
    result = release(material(), "public", tmp_path / "before", version="1", pdf=False)
    assert "Eastern Wire" not in read_back(tmp_path / "before")
    assert any("nobody has approved" in note for note in result.notes)
    assert {w.name for w in names_to_approve(material())} == {"Eastern Wire", "Sanaa Post"}
    after = approved(material(), "Eastern Wire")
    release(after, "public", tmp_path / "after", version="1", pdf=False)
    text = read_back(tmp_path / "after")
    assert "Eastern Wire" in text and "Sanaa Post" not in text
    assert [w.name for w in names_to_approve(after)] == ["Sanaa Post"]


def test_an_approval_can_be_taken_back() -> None:
    both = approved(approved(material(), "Eastern Wire"), "Eastern Wire", decision="reject")
    assert "Eastern Wire" in {w.name for w in names_to_approve(both)}


def test_no_approval_lets_a_guarded_name_out(tmp_path: Path) -> None:
    base = material()
    named = replace(base, reports={**base.reports, R2: replace(base.reports[R2], publisher=f"{CHILD} Foundation")})
    assert f"{CHILD} Foundation" not in {w.name for w in names_to_approve(named)}
    release(approved(named, f"{CHILD} Foundation"), "public", tmp_path / "out", version="1", pdf=False)
    assert "Foundation" not in read_back(tmp_path / "out")


def test_a_name_spelt_much_like_a_guarded_one_carries_a_warning() -> None:
    base = material()
    near = replace(base, reports={**base.reports, R2: replace(base.reports[R2], publisher="Saltma Fund")})
    assert {w.name: w.resembles for w in names_to_approve(near)} == {"Eastern Wire": False, "Saltma Fund": True}


def test_listed_places_and_parties_need_no_approval(tmp_path: Path) -> None:
    release(material(), "public", tmp_path / "out", version="1", pdf=False)
    text = read_back(tmp_path / "out")
    assert "Sanaa" in text and "Provisional Guard" in text
