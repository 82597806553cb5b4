"""PDF reports say what the view says, in both languages; the leak check reads them. All people are fictional."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from test_release import ARABIC, CHILD, I1, material

from marsad import typeset
from marsad.publish import PROFILES, _pdf, release
from marsad.publish._leaks import Secrets, leaks
from marsad.publish._names import Guard
from marsad.publish._view import view_of

pytest.importorskip("typst")
import pypdfium2

AT = "2031-07-01T12:00:00+00:00"


def read(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as pdf:
        pages = [page.get_textpage().get_text_range() for page in pdf]
        return unicodedata.normalize("NFKC", "\n".join([*pdf.get_metadata_dict().values(), *pages]))


def reports(profile: str = "public", name: str = "Case") -> dict[str, bytes]:
    return _pdf.reports(view_of(material(name=name), PROFILES[profile]), AT, "1")


def test_the_same_view_and_time_give_the_same_bytes() -> None:
    assert reports() == reports()


def test_both_languages_hold_figures_incidents_matrix_and_method() -> None:
    made = reports()
    assert "report-en.pdf" in made
    for name, data in made.items():
        text = read(data)
        assert "20-22" in text or "20–22" in text, name
        assert "Aleppo" in text and "Sanaa" in text and "GeoNames" in text, name
        assert "Maskanah" not in text and "2031-03-14" not in text and CHILD not in text
    assert "How sources are evaluated" in read(made["report-en.pdf"])
    if "report-ar.pdf" in made:
        assert "المصادر" in read(made["report-ar.pdf"])


def test_nothing_of_the_case_is_read_as_markup() -> None:
    odd = '#panic("x") *b* $x$ \\ " [a] <b> @c ]'
    assert all(odd.split()[-1] in read(d) and "#panic" in read(d) for d in reports(name=odd).values())


@pytest.mark.parametrize("name", [CHILD, ARABIC])
def test_the_leak_check_reads_pages_and_metadata(name: str) -> None:
    """A report whose title (on the page and in the metadata) holds a name, and the ids of an internal one."""
    view = replace(view_of(material(), PROFILES["internal"]), name=f"What happened to {name}")
    secrets = Secrets(Guard.of([CHILD]), frozenset(), {}, {}, (), frozenset({I1}), ())
    for file, data in _pdf.reports(view, AT, "1").items():
        found = leaks({file: data}, secrets)
        assert any("guarded name" in line for line in found), (file, found)
        assert any("holds the id" in line for line in found), (file, found)


def test_an_exact_day_in_the_row_of_a_coarsened_incident_is_found() -> None:
    view = view_of(material(), PROFILES["public"])
    coarse = next(i for i in view.incidents if i.coarsened)
    wrong = replace(coarse, earliest="2031-03-14", latest="2031-03-14")
    view = replace(view, incidents=(wrong, *(i for i in view.incidents if i is not coarse)))
    secrets = Secrets(Guard.of([]), frozenset(), {}, {coarse.id: ["2031-03-14"]}, (), frozenset(), ())
    for file, data in _pdf.reports(view, AT, "1").items():
        assert leaks({file: data}, secrets) == [f"{file}: the record of {coarse.id} holds «2031-03-14»"]


def test_what_is_no_pdf_is_refused() -> None:
    secrets = Secrets(Guard.of([]), frozenset(), {}, {}, (), frozenset(), ())
    assert "cannot be read" in leaks({"report-en.pdf": b"%PDF-1.7 broken"}, secrets)[0]


def test_without_typst_there_is_a_release_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typeset, "fonts", lambda _: ())
    result = release(material(), "public", tmp_path / "out", version="1")
    assert not [f for f in result.files if f.endswith(".pdf")] and "index.html" in result.files
