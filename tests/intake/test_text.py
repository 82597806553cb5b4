"""Plain text keeps its own offsets; encodings are told from bytes; dates are claimed or not at all."""

import codecs
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marsad.intake import read_exhibit, read_file
from marsad.intake._decode import decode
from marsad.intake._kind import detect
from marsad.intake._when import iso
from marsad.model import Exhibit

CLEAN = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t\r"), min_size=1, max_size=300
).filter(lambda text: text.strip("\ufeff \t\r\n\ufffd"))


def exhibit(name: str = "a.txt") -> Exhibit:
    return Exhibit("0" * 64, 1, "text/plain", name, "")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(CLEAN)
def test_clean_utf8_is_kept_to_the_letter(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode())
    if detect(path.read_bytes(), "a.txt").code != "text":
        return
    (report,) = read_file(path)
    assert report.status == "read"
    assert report.text == path.read_text(encoding="utf-8")


@pytest.mark.shared
def test_the_text_of_a_shared_case_is_kept_to_the_letter(shared: Path) -> None:
    for path in sorted((shared / "cases").glob("*/article.txt")):
        (report,) = read_file(path)
        assert report.text == path.read_text(encoding="utf-8")
        assert report.published
        assert report.title
        assert report.meta["published_from"] == "sidecar"


@pytest.mark.parametrize("name", ["notes.txt", "notes", "notes.md"])
def test_soft_hyphens_marks_and_odd_spaces_do_not_move_offsets(tmp_path: Path, name: str) -> None:
    text = "\ufeffA soft\u00adhyphen, a zero\u200bwidth space, a line\u2028separator, e\u0301.\r\nNext.\n" * 3
    path = tmp_path / name
    path.write_bytes(text.encode())
    assert read_file(path)[0].text == path.read_text(encoding="utf-8")


def test_what_no_store_can_hold_is_replaced_one_for_one(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"Two\x00shells\x1bstruck the market.\x0cA new page.")
    (report,) = read_file(path)
    assert report.text == "Two\ufffdshells\ufffdstruck the market.\nA new page."
    assert len(report.text) == len(path.read_text(encoding="utf-8"))
    assert "2 characters" in report.meta["notes"][0]


def test_the_same_bytes_give_the_same_id_and_other_words_another(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Two shells struck the market.")
    (tmp_path / "b.txt").write_text("Three shells struck the market.")
    first, again, other = (read_file(tmp_path / name)[0].id for name in ("a.txt", "a.txt", "b.txt"))
    assert first == again != other
    one, two = (read_exhibit(exhibit(), tmp_path / "a.txt")[0].id for _ in range(2))
    assert one == two != first


ARABIC = "أعلنت مصادر محلية مقتل أربعة أشخاص في قصف على سوق المدينة، ونقل الجرحى إلى المستوصف القريب."
FRENCH = "Quatre personnes ont été tuées à l’aube près du marché, selon une infirmière : « C’était l’enfer. »"
RUSSIAN = "Четыре человека погибли при обстреле рынка, сообщила медсестра местной больницы."
TURKISH = "Pazar yerine düşen iki top mermisi dört kişinin ölümüne yol açtı, diye konuştu bir hemşire."
GERMAN = "Übergriffe auf Zivilisten in der Stadt, sagte ein Sprecher der größten Klinik."
POLISH = "Zginęło czworo ludzi, powiedziała pielęgniarka. Źródła żołnierzy milczą."
HEBREW = "ארבעה בני אדם נהרגו בהפגזה על השוק, אמרה אחות במרפאה."
GREEK = "Τέσσερις άνθρωποι σκοτώθηκαν από οβίδες στην αγορά, είπε νοσοκόμα."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ARABIC, "cp1256"),
        (FRENCH, "cp1252"),
        (RUSSIAN, "cp1251"),
        (HEBREW, "cp1255"),
        (GREEK, "cp1253"),
        (TURKISH, "cp1254"),
        (GERMAN, "cp1252"),
        (POLISH, "cp1250"),
        ("Двое детей погибли", "cp1251"),
        ("مقتل خمسة أشخاص", "cp1256"),
        ("مقتل خمسة أشخاص", "iso8859-6"),
        (ARABIC, "utf-8"),
        (ARABIC, "utf-16"),
        (ARABIC, "utf-16-le"),
        (FRENCH, "utf-16-be"),
        (RUSSIAN, "utf-32"),
    ],
)
def test_encodings_are_told_from_the_bytes(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).text.lstrip("\ufeff") == text


def test_a_declared_encoding_is_believed_only_if_it_fits() -> None:
    assert decode(ARABIC.encode("cp1256"), "windows-1256").how == "declared"
    assert decode(ARABIC.encode(), "us-ascii").text == ARABIC
    assert decode(FRENCH.encode("cp1252"), "iso-8859-1").text == FRENCH
    assert decode(FRENCH.encode(), "no-such-thing").text == FRENCH
    assert decode(FRENCH.encode(), "rot13").text == FRENCH


def test_a_few_broken_bytes_do_not_turn_utf8_into_a_legacy_page() -> None:
    got = decode(ARABIC.encode() * 5 + b"\xff\xfe\xff")
    assert got.text.startswith(ARABIC)
    assert got.encoding == "utf-8"
    assert got.replaced


@given(
    st.binary(max_size=400), st.sampled_from([None, "utf-8", "cp1256", "utf-16", "utf-7", "idna", "punycode", "\x00"])
)
def test_decoding_never_raises(data: bytes, declared: str | None) -> None:
    decode(data, declared).text.encode("utf-8", "surrogatepass")


@given(st.binary(max_size=400), st.text(max_size=20))
def test_detection_never_raises(data: bytes, name: str) -> None:
    for head in (data, codecs.BOM_UTF16_LE + data, b"<" + data, b"{" + data, b"\x1f\x8b" + data, b"PK\x03\x04" + data):
        assert detect(head, name).label


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2021-03-04", "2021-03-04"),
        ("2021-03-04T10:00:00Z", "2021-03-04T10:00:00+00:00"),
        ("2021-03-04T10:00:00.123+0200", "2021-03-04T10:00:00+02:00"),
        ("2021-03-04 10:00", "2021-03-04T10:00:00"),
        ("20210304", "2021-03-04"),
        ("Thu, 04 Mar 2021 10:00:00 +0200", "2021-03-04T10:00:00+02:00"),
        ("4 March 2021", "2021-03-04"),
        ("March 4, 2021", "2021-03-04"),
        ("٤ مارس 2021", "2021-03-04"),
        ("2021:03:04 10:00:00", "2021-03-04T10:00:00"),
        (1614844800, "2021-03-04T08:00:00+00:00"),
        ("1614844800", "2021-03-04T08:00:00+00:00"),
        (1614844800000, "2021-03-04T08:00:00+00:00"),
        ("03/04/2021", None),
        ("0001-01-01", None),
        ("9999-12-31", None),
        ("2021-02-30", None),
        ("March 2021", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        (True, None),
        (float("inf"), None),
        (float("nan"), None),
        (-5, None),
    ],
)
def test_dates(value: object, expected: str | None) -> None:
    assert iso(value) == expected


@given(st.one_of(st.text(max_size=60), st.integers(), st.floats()))
def test_dates_never_raise(value: object) -> None:
    found = iso(value)
    assert found is None or 1900 <= int(found[:4]) <= 2099
