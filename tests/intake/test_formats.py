"""PDF, pictures, video, feeds, WARC, WACZ, mail, MHTML, Office text and archives. All words are fiction."""

import gzip
import hashlib
import io
import json
from pathlib import Path

import pytest
from hostile import makers as make
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from marsad.intake import Limits, read_file, receive
from marsad.intake._readers.warc import _inflated, _unchunked
from marsad.model import Report


def read(tmp_path: Path, name: str, data: bytes) -> list[Report]:
    path = tmp_path / name
    path.write_bytes(data)
    return read_file(path)


# PDF


def test_pdf_text_and_claims(tmp_path: Path) -> None:
    (report,) = read(tmp_path, "a.pdf", make.pdf("Two shells struck the market, killing four people."))
    assert report.kind == "document"
    assert report.text == "Two shells struck the market, killing four people."
    assert report.title == "A fictional bulletin"
    assert report.published is None
    assert report.meta["claimed"]["CreationDate"] == "2021-03-04T10:15:00+03:00"
    assert report.meta["pages"] == [0]


def test_pdf_after_junk_and_under_another_name(tmp_path: Path) -> None:
    (report,) = read(tmp_path, "a.txt", b"junk from a mailer\n" + make.pdf())
    assert report.text == "Two shells struck the market."
    assert "named .txt" in report.meta["notes"][0]


def test_pdf_lines_become_paragraphs() -> None:
    from marsad.intake._readers.pdf import _tidy

    page = (
        "Weekly bulletin\r\nTwo shells struck the grain market of Qasr Alwan on Tues\ufffe\r\nday morning, "
        "killing four "
        "people\r\nwho had come to sell barley, a nurse said.\r\n"
        "The brigade denied that it had fired on the town at all.\r\n"
    )
    got = _tidy(page)
    assert "Tuesday morning" in got
    assert got.startswith("Weekly bulletin\n")
    assert "people who had come" in got


# Pictures and video


def picture_with_exif() -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Kestrel"
    exif[ExifTags.Base.ImageDescription] = "The market"
    exif.get_ifd(ExifTags.IFD.Exif).update(
        {
            ExifTags.Base.DateTimeOriginal: "2021:03:09 08:15:00",
            ExifTags.Base.OffsetTimeOriginal: "+03:00",
        }
    )
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {
            ExifTags.GPS.GPSLatitudeRef: "S",
            ExifTags.GPS.GPSLatitude: (34.0, 30.0, 0.0),
            ExifTags.GPS.GPSLongitudeRef: "E",
            ExifTags.GPS.GPSLongitude: (38.0, 15.0, 36.0),
        }
    )
    return make.picture(exif=exif)


def test_what_a_camera_claims(tmp_path: Path) -> None:
    (report,) = read(tmp_path, "a.jpg", picture_with_exif())
    assert (report.kind, report.text, report.published) == ("footage", "", None)
    assert report.meta["format"] == "JPEG"
    assert (report.meta["width"], report.meta["height"]) == (320, 240)
    assert report.meta["claimed"]["taken"] == "2021-03-09T08:15:00+03:00"
    assert report.meta["claimed"]["gps"] == {"lat": -34.5, "lon": 38.26}


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "TIFF", "BMP"])
def test_other_pictures(tmp_path: Path, kind: str) -> None:
    (report,) = read(tmp_path, f"a.{kind.lower()}", make.picture(kind))
    assert report.meta["format"] == kind
    assert "notes" not in report.meta


PICTURE = picture_with_exif()


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_a_picture_with_a_broken_byte_is_read_or_told(data: st.DataObject) -> None:
    whole = bytearray(PICTURE)
    at = data.draw(st.integers(3, len(whole) - 1))
    whole[at] = data.draw(st.integers(0, 255))
    (got,) = receive(["-"], keep_nothing, stdin=io.BytesIO(bytes(whole)))
    (report,) = got.reports
    assert report.kind == "footage" or report.reason


def keep_nothing(content, /, **known):
    from marsad.intake._receive import _hash_only

    return _hash_only(content, **known)


def test_video_streams_and_claims(tmp_path: Path) -> None:
    data = make.video(2, creation_time="2021-03-09T05:15:00Z", location="+34.5000+038.2600/")
    (report,) = read(tmp_path, "a.mp4", data)
    assert report.kind == "footage"
    assert report.meta["seconds"] == 2.0
    assert report.meta["streams"] == [
        {"type": "video", "codec": "mpeg4", "width": 64, "height": 48, "frames_per_second": 10.0}
    ]
    assert report.meta["claimed"]["taken"] == "2021-03-09T05:15:00+00:00"
    assert report.meta["claimed"]["gps"] == {"lat": 34.5, "lon": 38.26}


# Feeds


def test_feed_entries(tmp_path: Path) -> None:
    entry = (
        "<item><title>Market &amp;amp; clinic struck</title><link>https://v.example/2</link>"
        "<author>r@v.example (Rana)</author>"
        "<description>&lt;p&gt;Four people&lt;br&gt;were killed.&lt;/p&gt;"
        "&lt;blockquote&gt;“No ambulance.”&lt;/blockquote&gt;"
        "&lt;script&gt;x()&lt;/script&gt;</description>"
        '<enclosure url="https://v.example/v.mp4" type="video/mp4"/></item>'
    )
    first, second = read(tmp_path, "a.xml", make.feed(entry, "<item><title>Headline alone</title></item>"))
    assert first.kind == "feed_entry"
    assert first.title == "Market & clinic struck"
    assert first.text == "Four people\nwere killed.\n\n“No ambulance.”"
    assert first.part == "https://v.example/2"
    assert first.publisher == "The Valley Post"
    assert first.meta["media"] == [{"url": "https://v.example/v.mp4", "kind": "enclosure"}]
    assert (second.text, second.meta["text_from"]) == ("Headline alone", "title")


def test_atom_and_its_dates(tmp_path: Path) -> None:
    atom = (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ar">'
        "<title>الوادي</title>"
        "<entry><id>tag:v.example,2021:1</id><title>قصف على السوق</title>"
        "<published>2021-03-09T10:00:00+03:00</published>"
        '<content type="html">&lt;p&gt;قال شهود إن قصفا استهدف السوق صباح الثلاثاء.&lt;/p&gt;</content></entry></feed>'
    )
    (report,) = read(tmp_path, "feed.atom", atom.encode())
    assert report.part == "tag:v.example,2021:1"
    assert report.published == "2021-03-09T10:00:00+03:00"
    assert report.language == "ar"
    assert report.text == "قال شهود إن قصفا استهدف السوق صباح الثلاثاء."


# WARC and WACZ


@pytest.mark.parametrize("packed", [False, True])
def test_warc_pages(tmp_path: Path, packed: bool) -> None:
    pages = [make.page(f"Page {n}", body=f"{make.WORDS} This is page {n}.") for n in range(3)]
    reports = read(tmp_path, "a.warc.gz" if packed else "a.warc", make.warc(pages, packed))
    assert [report.title for report in reports] == ["Page 0", "Page 1", "Page 2"]
    assert [report.url for report in reports] == [f"https://news.example/{n}.html" for n in range(3)]
    assert len({report.part for report in reports}) == len({report.id for report in reports}) == 3
    assert all(report.part.startswith("<urn:uuid:") for report in reports)
    assert all(report.meta["captured"] for report in reports)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("broken", [0, 1, 2, 3])
def test_a_broken_record_is_named_and_the_rest_is_read(tmp_path: Path, packed: bool, broken: int) -> None:
    whole = make.warc([make.page(f"Page {n}") for n in range(4)], packed)
    sign = b"\x1f\x8b\x08" if packed else b"WARC/1.1\r\n"
    starts = [at for at in range(len(whole)) if whole.startswith(sign, at)]
    at = starts[broken] + (40 if packed else 2)
    reports = read(
        tmp_path, "a.warc.gz" if packed else "a.warc", whole[:at] + b"\xff\xff\xff\xff\xff\xff" + whole[at + 6 :]
    )
    read_titles = [report.title for report in reports if report.status == "read"]
    assert read_titles == [f"Page {n}" for n in range(4) if n != broken]
    (told,) = [report.reason for report in reports if report.status == "unreadable"]
    assert "byte" in told


CRAWLS = [make.warc([make.page(f"Page {n}") for n in range(3)], packed) for packed in (False, True)]


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_a_warc_broken_anywhere_is_read_or_told(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from(CRAWLS)))
    at = data.draw(st.integers(0, len(whole) - 1))
    end = data.draw(st.integers(at, min(len(whole), at + 200)))
    del whole[at:end]
    for got in receive(["-"], keep_nothing, stdin=io.BytesIO(bytes(whole))):
        for report in got.reports:
            assert report.status == "read" or report.reason


def test_pdf_in_a_warc_and_a_picture_tied_to_it(tmp_path: Path, deposits) -> None:
    path = tmp_path / "a.warc"
    pdf = make.warc([make.pdf()], headers=[("Content-Type", "application/pdf")])
    photo = make.warc([picture_with_exif()], headers=[("Content-Type", "image/jpeg")])
    path.write_bytes(pdf + photo)
    got = list(receive([path], deposits))
    reports = [report for one in got for report in one.reports]
    assert "Two shells struck the market." in [report.text for report in reports]
    inner = deposits.kept[hashlib.sha256(picture_with_exif()).hexdigest()]
    assert inner.source == f"exhibit:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    assert inner.name == "0.html"


def wacz(data: bytes) -> bytes:
    return make.archive(
        {
            "datapackage.json": json.dumps({"profile": "data-package", "wacz_version": "1.1.1"}).encode(),
            "archive/data.warc.gz": data,
            "pages/pages.jsonl": b"{}",
        }
    )


def test_wacz_is_read_as_its_warcs(tmp_path: Path) -> None:
    pages = [make.page(f"Page {n}") for n in range(2)]
    reports = read(tmp_path, "a.wacz", wacz(make.warc(pages, packed=True)))
    assert [report.title for report in reports] == ["Page 0", "Page 1"]
    assert all(report.part.startswith("archive/data.warc.gz <urn:uuid:") for report in reports)


@given(st.binary(max_size=2000), st.lists(st.integers(1, 300), min_size=1, max_size=10))
def test_chunks_are_put_together(body: bytes, sizes: list[int]) -> None:
    out, at, turn = b"", 0, 0
    while at < len(body):
        part = body[at : at + sizes[turn % len(sizes)]]
        out += b"%x\r\n%s\r\n" % (len(part), part)
        at, turn = at + len(part), turn + 1
    assert _unchunked(out + b"0\r\n\r\n") == body


@given(st.binary(max_size=2000))
def test_packed_bodies(body: bytes) -> None:
    assert _inflated(gzip.compress(body), 10_000) == body


# Mail, MHTML, Office


def test_mail_with_an_attachment(tmp_path: Path, deposits) -> None:
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"], message["Subject"] = "Monitor <m@v.example>", "تحديث: Market struck"
    message["Date"] = "Tue, 09 Mar 2021 10:00:00 +0300"
    message.set_content(make.WORDS)
    message.add_alternative(f"<p>{make.WORDS}</p>", subtype="html")
    message.add_attachment(make.pdf(), maintype="application", subtype="pdf", filename="../../report.pdf")
    (tmp_path / "a.eml").write_bytes(bytes(message))
    got = list(receive([tmp_path / "a.eml"], deposits))
    texts = {one.exhibit.name: one.reports[0] for one in got}
    letter = texts["a.eml"]
    assert letter.title == "تحديث: Market struck"
    assert letter.author == "Monitor <m@v.example>"
    assert letter.published == "2021-03-09T10:00:00+03:00"
    assert "grain market" in letter.text
    assert texts["report.pdf"].text == "Two shells struck the market."


def test_a_page_saved_as_mhtml(tmp_path: Path, deposits) -> None:
    from email.message import EmailMessage

    html, image = EmailMessage(), EmailMessage()
    html.set_content(make.page("Market struck").decode(), subtype="html", charset="utf-8", cte="quoted-printable")
    html["Content-Location"] = "https://v.example/market"
    image.set_content(make.picture(), maintype="image", subtype="jpeg")
    image["Content-Location"] = "https://v.example/img/pic.jpg?w=2"
    whole = EmailMessage()
    whole["From"], whole["Subject"] = "<Saved by a browser>", "Market struck"
    whole["Snapshot-Content-Location"] = "https://v.example/market"
    whole["Date"] = "Wed, 10 Mar 2021 10:00:00 +0300"
    whole.make_related()
    whole.attach(html)
    whole.attach(image)
    (tmp_path / "a.mhtml").write_bytes(bytes(whole))
    got = {one.exhibit.name: one for one in receive([tmp_path / "a.mhtml"], deposits)}
    (page,) = got["a.mhtml"].reports
    assert (page.title, page.url) == ("Market struck", "https://v.example/market")
    assert page.meta["captured"] == "2021-03-10T10:00:00+03:00"
    assert page.published is None
    assert got["pic.jpg"].reports[0].kind == "footage"


def test_word_document(tmp_path: Path) -> None:
    (report,) = read(tmp_path, "a.docx", make.docx())
    assert report.text == make.WORDS.strip()


def test_workbook_is_told_what_to_do(tmp_path: Path) -> None:
    (report,) = read(tmp_path, "a.xlsx", make.archive({"xl/workbook.xml": b"<x/>"}))
    assert "Excel" in report.reason


# Archives


def test_members_become_exhibits_of_their_own(tmp_path: Path, deposits) -> None:
    inner = make.archive({"deep/page.html": make.page("Deep")})
    members = {"notes.txt": make.WORDS.encode(), "../up.jpg": make.picture(), "inner.zip": inner, "__MACOSX/x": b"x"}
    path = tmp_path / "a.zip"
    path.write_bytes(make.archive(members))
    got = list(receive([path], deposits))
    outer = hashlib.sha256(path.read_bytes()).hexdigest()
    assert {kept.name: kept.source for kept in deposits.kept.values() if kept.name != "a.zip"} == {
        "notes.txt": f"exhibit:{outer}",
        "up.jpg": f"exhibit:{outer}",
        "inner.zip": f"exhibit:{outer}",
        "page.html": f"exhibit:{hashlib.sha256(inner).hexdigest()}",
    }
    assert "Deep" in {report.title for one in got for report in one.reports}
    assert got[-1].exhibit.name == "a.zip"
    assert got[-1].reports[0].meta["members"] == list(members)


def test_the_bounds_of_an_archive(tmp_path: Path, deposits) -> None:
    many = make.archive({f"{n}.txt": f"{make.WORDS} {n}".encode() for n in range(8)})
    (tmp_path / "many.zip").write_bytes(many)
    got = list(receive([tmp_path / "many.zip"], deposits, limits=Limits(members=3)))
    assert len(got) == 4
    assert "more than 3 members" in got[-1].problem
    big = make.archive({"a.bin": bytes(range(256)) * 400})
    (tmp_path / "big.zip").write_bytes(big)
    (last,) = receive([tmp_path / "big.zip"], deposits, limits=Limits(member_bytes=50_000))
    assert "unpacks to more than 50,000 bytes" in last.problem


def test_packed_text(tmp_path: Path, deposits) -> None:
    (tmp_path / "notes.txt.gz").write_bytes(gzip.compress(make.WORDS.encode()))
    inner, outer = receive([tmp_path / "notes.txt.gz"], deposits)
    assert inner.exhibit.name == "notes.txt"
    assert inner.reports[0].text == make.WORDS
    assert outer.problem is None


# Transcripts


VTT = """WEBVTT
Kind: captions
Language: ar

00:00:01.500 --> 00:00:03.000 align:start position:0%
قصف<00:00:02.000><c> على السوق</c>

00:00:03.000 --> 00:00:05.000
قصف على السوق
قتل أربعة

NOTE a remark

01:00:00.000 --> 01:00:02.000
&lt;no&gt; ambulance
"""


def test_subtitles_are_said_once_and_timed(tmp_path: Path) -> None:
    (report,) = read(tmp_path, "a.ar.vtt", VTT.encode())
    assert (report.kind, report.language) == ("transcript", "ar")
    assert report.text == "قصف على السوق\nقتل أربعة\n<no> ambulance"
    assert [report.text[int(offset) :][:3] for offset, _ in report.meta["cues"]] == ["قصف", "قتل", "<no"]
    assert [seconds for _, seconds in report.meta["cues"]] == [1.5, 3.0, 3600.0]
    first = "1\r\n00:00:01,000 --> 00:00:02,000\r\nTwo shells struck.\r\n\r\n"
    second = "2\r\n00:00:02,000 --> 00:00:03,000\r\n<i>Four dead.</i>\r\n"
    (report,) = read(tmp_path, "a.srt", (first + second).encode())
    assert report.text == "Two shells struck.\nFour dead."
