"""The case as a whole: work cut off is finished, whatever it was in the middle of. All reports are fictional."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from marsad.errors import CaseError
from marsad.pipeline import Case, create_case, open_case


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return create_case(tmp_path / "case", person="layla")


def archive(folder: Path) -> Path:
    path = folder / "reports.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        for n in range(5):
            zipped.writestr(f"{n}.txt", f"Shells killed {n + 2} men in Tadif on {n + 1} April 2031.")
    return path


def test_an_archive_cut_off_between_its_members_is_read_to_its_end(case: Case, tmp_path: Path) -> None:
    received = case.add([archive(tmp_path)])
    next(received), next(received)
    received.close()
    with case.store.read() as s:
        assert s.exhibits.count() < 6
    case.refresh()
    with case.store.read() as s:
        assert s.exhibits.count() == 6
        assert sorted(r.text[:13] for r in s.reports.all() if r.text) == ["Shells killed"] * 5
        assert s.reports.exhibits_read() == {e.sha256 for e in s.exhibits.all()}
    assert case.read_pending() == 0
    assert case.verify().ok


def test_a_sidecar_outlives_the_cut(case: Case, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Shells killed two men in Tadif on Monday.", encoding="utf-8")
    (tmp_path / "a.txt.json").write_text('{"title": "T", "published": "2031-04-02"}', encoding="utf-8")
    from marsad.intake import _receive

    def cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_receive._Room, "_read", cut)
        with pytest.raises(KeyboardInterrupt):
            list(case.add([tmp_path / "a.txt"]))
    assert case.read_pending() == 1
    with case.store.read() as s:
        assert [(r.title, r.published) for r in s.reports.all()] == [("T", "2031-04-02")]


def test_find_names_what_is_missing_or_many(case: Case, tmp_path: Path) -> None:
    list(case.add([archive(tmp_path)]))
    with pytest.raises(CaseError, match="Nothing"):
        case.find("zzz")
    with pytest.raises(CaseError, match="More than one"):
        case.find("r")


@pytest.mark.parametrize("countries", ['["FR"]', "[]"])
def test_countries_without_arabic_have_no_arabic_months(case: Case, countries: str) -> None:
    (case.folder / "settings.toml").write_text(f"arabic_months = {countries}", encoding="utf-8")
    with pytest.raises(CaseError, match="'arabic_months' should list"):
        open_case(case.folder)


def test_settings_that_are_wrong_are_named(case: Case) -> None:
    (case.folder / "settings.toml").write_text("small_cell = 'three'", encoding="utf-8")
    with pytest.raises(CaseError, match=r"settings\.toml: 'small_cell' should be int"):
        open_case(case.folder)
    (case.folder / "settings.toml").write_text("colour = 1", encoding="utf-8")
    with pytest.raises(CaseError, match="unknown setting 'colour'"):
        open_case(case.folder)
    (case.folder / "settings.toml").write_text("= 1", encoding="utf-8")
    with pytest.raises(CaseError, match="not valid TOML"):
        open_case(case.folder)


def test_a_name_of_any_characters_is_saved_and_read(tmp_path: Path) -> None:
    name = 'مرصد "quoted" \\ \x07 \n end'
    create_case(tmp_path / "c", name=name).close()
    assert open_case(tmp_path / "c").settings.name == name
