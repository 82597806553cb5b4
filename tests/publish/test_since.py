"""Two releases side by side: what changed is listed, and nothing small can be worked out. All people are fictional."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_release import C2, C3, CHILD, I1, I2, I3, PLACE, claim, material

from marsad.errors import ReleaseRefused
from marsad.model import Judgement
from marsad.publish import Figure, Material, release
from marsad.publish._differences import Cells, told
from marsad.review import Review


def rows(folder: Path, name: str = "corrections.csv") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / name).read_text(encoding="utf-8"))))


def figures(base: Material, **killed: int) -> Material:
    cells = {i: [Figure("killed", "total", n, n)] for i, n in zip((I1, I2, I3), killed.values(), strict=False)}
    total = sum(killed.values())
    kept = [i for i in base.incidents if i.id in cells]
    return replace(base, incidents=kept, figures=cells, totals=[Figure("killed", "total", total, total)])


def test_what_changed_is_listed_with_its_reasons(tmp_path: Path) -> None:
    release(material(), "internal", tmp_path / "a", version="1")
    base = figures(material(), one=9, two=4)
    why = [
        Judgement(1, "2999-01-01", "p", "claim", C3, "reject", reason="Told of another war"),
        Judgement(2, "2999-01-01", "p", "incident", I1, "set_status", value="confirmed", reason=f"{CHILD} was named"),
    ]
    base = replace(base, review=Review.of([r.claim for r in base.review.all()], why))
    release(base, "internal", tmp_path / "b", version="1", previous=tmp_path / "a")
    found = {(r["incident"], r["change"], r["field"]): r for r in rows(tmp_path / "b")}
    assert found[I3, "withdrawn", ""]["reason"] == "Told of another war"
    assert (
        found[I2, "figure", "killed total"]["before"] == "4–6" and found[I2, "figure", "killed total"]["after"] == "4"
    )
    assert found["", "figure", "killed total"]["after"] == "13"
    assert (
        found[I1, "changed", "status"]["after"] == "confirmed"
        and found[I1, "changed", "status"]["reason"] == "withheld"
    )
    data = json.loads((tmp_path / "b/corrections.json").read_text(encoding="utf-8"))
    assert len(data["changes"]) == len(rows(tmp_path / "b")) and data["since"]
    assert "1 incidents withdrawn" in (tmp_path / "b/index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("profile", ["public", "partners"])
def test_reasons_with_a_guarded_name_stay_in(tmp_path: Path, profile: str) -> None:
    release(material(), profile, tmp_path / "a", version="1")
    why = [Judgement(1, "2999-01-01", "p", "claim", C2, "accept", reason=f"{CHILD} was his daughter")]
    base = figures(material(), one=9, two=8, three=7)
    base = replace(base, review=Review.of([r.claim for r in base.review.all()], why))
    release(base, profile, tmp_path / "b", version="1", previous=tmp_path / "a")
    assert CHILD not in (tmp_path / "b/corrections.csv").read_text(encoding="utf-8")
    reasons = {r["reason"] for r in rows(tmp_path / "b")}
    assert reasons == ({""} if profile == "public" else {"", "withheld"})


def test_nothing_changed_gives_an_empty_log(tmp_path: Path) -> None:
    release(material(), "public", tmp_path / "a", version="1")
    result = release(material(), "public", tmp_path / "b", version="1", previous=tmp_path / "a")
    assert rows(tmp_path / "b") == [] and any(n.startswith("0 changes") for n in result.notes)


def test_an_incident_added_does_not_give_its_small_figure_away(tmp_path: Path) -> None:
    """Nine and eight, total 17; then a hidden one more beside a hidden eight: 18 - 17 would be the small one."""
    release(figures(material(), one=9, two=8), "public", tmp_path / "a", version="1")
    release(figures(material(), one=9, two=8, three=1), "public", tmp_path / "alone", version="1")
    now = rows(tmp_path / "alone", "ledger.csv")
    assert next(r for r in now if not r["incident"])["min"] == "18"
    release(figures(material(), one=9, two=8, three=1), "public", tmp_path / "b", version="1", previous=tmp_path / "a")
    assert next(r for r in rows(tmp_path / "b", "ledger.csv") if not r["incident"])["withheld"] == "yes"


def test_an_incident_that_becomes_coarse_is_not_told_again(tmp_path: Path) -> None:
    adults = [claim(C2, "r0ddba11cafe0001", PLACE, "2031-03-14", ())]
    before = replace(material(), review=Review.of(adults, []), incidents=material().incidents[1:2])
    release(before, "public", tmp_path / "a", version="1")
    assert rows(tmp_path / "a", "incidents.csv")[0]["earliest"] == "2031-03-14"
    result = release(material(), "public", tmp_path / "b", version="1", previous=tmp_path / "a")
    text = (tmp_path / "b/corrections.csv").read_text(encoding="utf-8")
    assert "2031-03-14" not in text and "Maskanah" not in text and "withheld" in text
    assert any("given exactly" in n for n in result.notes)


def test_only_a_whole_release_of_the_same_profile_is_compared(tmp_path: Path) -> None:
    release(material(), "public", tmp_path / "a", version="1")
    for folder, profile, says in ((tmp_path, "public", "earlier release"), (tmp_path / "a", "partners", "made under")):
        with pytest.raises(ReleaseRefused, match=says):
            release(material(), profile, tmp_path / "b", version="1", previous=folder)
    (tmp_path / "a/ledger.csv").write_bytes(b"incident,harm\r\n")
    with pytest.raises(ReleaseRefused, match="manifest lists"):
        release(material(), "public", tmp_path / "b", version="1", previous=tmp_path / "a")


@given(st.lists(st.integers(0, 12), min_size=1, max_size=6), st.lists(st.integers(0, 12), min_size=1, max_size=6))
def test_the_check_finds_each_figure_that_a_difference_pins(first: list[int], second: list[int]) -> None:
    """Against plain arithmetic: all of `first` shown, `second` added and withheld, both totals shown."""
    key = ("killed", "total")
    shown: dict[tuple[tuple[str, str], str | None], tuple[int | None, int | None, bool]]
    shown = {(key, f"a{n}"): (v, v, False) for n, v in enumerate(first)}
    hidden = {(key, f"b{n}"): (None, None, True) for n, _ in enumerate(second)}
    total = sum(first)
    before = Cells(shown | {(key, None): (total, total, False)})
    more = total + sum(second)
    now = Cells(shown | hidden | {(key, None): (more, more, False)})
    pinned = sum(second) > 0 and sum(second) - len(second) + 1 < 3
    assert bool(list(told(before, now, 3))) == pinned
