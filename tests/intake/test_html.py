"""Pages as the web has them: metadata before guesses, paragraphs and quotes kept, nothing fetched. All fiction."""

import json
from pathlib import Path

import pytest

from marsad.intake import read_file
from marsad.model import Report

LEAD = "Two shells struck the grain market of Qasr Alwan on Tuesday morning, killing four people, a nurse said."
QUOTE = "“We carried them in carts,” said a porter who gave his name as Yunus. “There was no ambulance.”"
DENIAL = "The brigade denied that it had fired, and blamed a rival group for the attack on the town."


def page(head: str = "", body: str | None = None, attributes: str = 'lang="en"') -> str:
    body = body or f"<article><h1>Market struck</h1><p>{LEAD}</p><p>{QUOTE}</p><p>{DENIAL}</p></article>"
    return f"<!DOCTYPE html><html {attributes}><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"


def read(tmp_path: Path, html: str | bytes) -> Report:
    path = tmp_path / "page.html"
    path.write_bytes(html if isinstance(html, bytes) else html.encode())
    (report,) = read_file(path)
    return report


def ld(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", **fields})}</script>'


def test_json_ld_goes_before_meta_tags_and_these_before_guesses(tmp_path: Path) -> None:
    article = {
        "@type": ["NewsArticle"],
        "headline": "Four killed as shells hit market",
        "datePublished": "2021-03-09T10:00:00+03:00",
        "dateModified": "2021-03-09T12:00:00+03:00",
        "author": [{"@type": "Person", "name": "Rana Sel"}, {"name": "Omar Tal"}],
        "publisher": {"@type": "Organization", "name": "The Valley Post"},
        "inLanguage": "en-GB",
    }
    head = (
        ld(**{"@graph": [{"@type": "WebSite", "name": "Valley"}, {"@type": "WebPage", "name": "Other"}, article]})
        + '<meta property="og:title" content="Shells hit market | Valley"><title>Valley</title>'
        + '<meta property="article:published_time" content="2021-03-10T00:00:00Z">'
        + '<link rel="canonical" href="https://valley.example/market">'
    )
    report = read(tmp_path, page(head))
    assert report.title == "Four killed as shells hit market"
    assert report.published == "2021-03-09T10:00:00+03:00"
    assert report.author == "Rana Sel, Omar Tal"
    assert report.publisher == "The Valley Post"
    assert report.language == "en"
    assert report.url == "https://valley.example/market"
    assert report.meta["published_from"] == report.meta["title_from"] == "json-ld"
    assert report.meta["modified"] == "2021-03-09T12:00:00+03:00"


def test_meta_tags_where_there_is_no_json_ld(tmp_path: Path) -> None:
    head = (
        '<title>x</title><meta property="og:title" content="Market struck">'
        '<meta property="og:site_name" content="Valley">'
        '<meta name="author" content="Rana Sel"><meta name="pubdate" content="Tue, 09 Mar 2021 10:00:00 +0300">'
    )
    report = read(tmp_path, page(head))
    assert (report.title, report.publisher, report.author) == ("Market struck", "Valley", "Rana Sel")
    assert report.published == "2021-03-09T10:00:00+03:00"
    assert report.meta["published_from"] == "meta pubdate"


def test_broken_json_ld_does_not_hide_the_rest(tmp_path: Path) -> None:
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": </script><title>Market struck</title>'
    )
    author = json.dumps({"@type": "Article", "author": "R. Sel"})
    wrapped = f"<script type='application/ld+json'>\n//<![CDATA[\n{author}\n//]]>\n</script>"
    report = read(tmp_path, page(head + wrapped))
    assert report.title == "Market struck"
    assert report.author == "R. Sel"


def test_json_ld_of_hostile_shapes(tmp_path: Path) -> None:
    for shape in (
        [],
        [[[]]],
        {"@graph": {"@graph": []}},
        {"@type": "Article", "headline": ["a"], "author": {"name": {"name": 3}}},
        "x",
        7,
    ):
        report = read(
            tmp_path,
            page(f'<title>Market struck</title><script type="application/ld+json">{json.dumps(shape)}</script>'),
        )
        assert report.title == "Market struck"
        assert LEAD in report.text


def test_paragraphs_quotes_lists_and_tables_are_kept_and_menus_are_not(tmp_path: Path) -> None:
    body = f"""<nav><ul><li><a href="/">Home</a></li><li><a href="/w">World</a></li></ul></nav>
      <div class="cookie-banner">We use cookies to improve your visit.</div>
      <main><article><h1>Market struck</h1><div class="byline">By Rana Sel</div><p>{LEAD}</p>
      <blockquote><p>{QUOTE}</p></blockquote><p>{DENIAL}</p>
      <p>The dead were named by the clinic:</p><ul><li>Huda, 9</li><li>Salim, 41</li></ul></article></main>
      <aside class="related"><h3>Most read</h3><a href="/x">Ten recipes for spring</a></aside>
      <footer>Copyright Valley Post. All rights reserved.</footer>"""
    report = read(tmp_path, page("<title>Market struck - Valley</title>", body))
    for part in (LEAD, QUOTE, DENIAL, "Huda, 9", "Salim, 41"):
        assert part in report.text
    for part in ("cookies", "recipes", "Copyright", "World"):
        assert part not in report.text
    assert f"{LEAD}\n\n{QUOTE}\n\n{DENIAL}" in report.text


def test_line_breaks_part_paragraphs_in_old_pages(tmp_path: Path) -> None:
    prose = f"<b>Market struck</b><br><br>{LEAD}<br><br>{QUOTE}<br><br>{DENIAL}"
    body = f'<table width="600"><tr><td><font size=2>{prose}</font></td></tr></table>'
    report = read(tmp_path, page("<title>Market struck</title>", body))
    for part in (LEAD, QUOTE, DENIAL):
        assert part in report.text
    assert LEAD + " " + QUOTE not in report.text


def test_arabic_page_that_says_it_is_english(tmp_path: Path) -> None:
    lead = "قال شهود عيان إن قصفا استهدف سوق المدينة صباح الثلاثاء وأدى إلى مقتل أربعة أشخاص وإصابة آخرين بجروح."
    quote = "وأضاف أحد السكان: «نقلنا الجرحى على العربات، ولم تصل سيارة إسعاف واحدة»."
    more = "ونفى اللواء أن يكون قد أطلق النار، واتهم جماعة منافسة بالوقوف وراء الهجوم على البلدة."
    paragraphs = "".join(f"<p>{part}</p>" for part in (lead, quote, more))
    body = f"<article dir=rtl><h1>قصف على السوق</h1>{paragraphs}</article>"
    report = read(
        tmp_path, page('<title>قصف على السوق | الوادي</title><meta property="og:title" content="قصف على السوق">', body)
    )
    assert report.language == "ar"
    assert report.meta["language_declared"] == "en"
    assert report.title == "قصف على السوق"
    for part in (lead, quote, more):
        assert part in report.text


@pytest.mark.parametrize("encoding", ["windows-1256", "utf-8"])
def test_the_declared_encoding_of_a_page(tmp_path: Path, encoding: str) -> None:
    declared = f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}">'
    body = "<body><p>قال شهود إن قصفا استهدف السوق صباح الثلاثاء.</p></body>"
    html = f"<html><head>{declared}<title>قصف على السوق</title></head>{body}</html>"
    report = read(tmp_path, html.encode(encoding))
    assert report.title == "قصف على السوق"
    assert "استهدف السوق" in report.text


def test_media_are_listed_and_never_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head = '<title>x</title><meta property="og:image" content="https://valley.example/lead.jpg"><link rel=canonical href="https://valley.example/a/b">'
    body = (
        f'<article><p>{LEAD}</p><img src="/pic.jpg" alt="The market"><video><source src="v.mp4"></video>'
        '<iframe src="https://www.youtube.com/embed/q"></iframe><iframe src="https://ads.example/"></iframe>'
        f'<img src="data:image/png;base64,AAAA"><p>{DENIAL}</p></article>'
    )
    report = read(tmp_path, page(head, body))
    assert [row["url"] for row in report.meta["media"]] == [
        "https://valley.example/lead.jpg",
        "https://valley.example/pic.jpg",
        "https://valley.example/a/v.mp4",
        "https://www.youtube.com/embed/q",
    ]
    assert report.meta["media"][1]["alt"] == "The market"


def test_a_title_is_not_lost_on_a_short_page(tmp_path: Path) -> None:
    report = read(tmp_path, "<html><head><title>Statement no. 4</title></head><body>We did not fire.</body></html>")
    assert (report.title, report.text) == ("Statement no. 4", "We did not fire.")


def test_a_page_with_a_title_alone_says_so(tmp_path: Path) -> None:
    report = read(
        tmp_path, "<html><head><title>Statement no. 4</title></head><body><script>go()</script></body></html>"
    )
    assert report.status == "unreadable"
    assert report.title == "Statement no. 4"
    assert "without text" in report.reason


def test_absurd_dates_are_not_taken_and_are_told(tmp_path: Path) -> None:
    head = (
        '<title>x</title><meta name="date" content="0001-01-01T00:00:00">'
        '<meta property="article:published_time" content="31/02/20">'
    )
    report = read(tmp_path, page(head))
    assert report.published is None
    assert "0001-01-01" in report.meta["notes"][0]


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("posted Sunday 16 March 2031 by yusra_b", "2031-03-16"),
        ("Published on: March 16, 2031 | Lake news", "2031-03-16"),
        ("posted by yusra_b", None),
        ("Posted guards turned back on 16 March 2031 and were seen by the many people who came to watch", None),
    ],
)
def test_a_visible_line_gives_the_day_on_which_a_page_was_put_up(tmp_path: Path, line: str, day: str | None) -> None:
    prose = "The ferry did not run and I sold tea beside the jetty. " * 8
    page = f"<html lang=en><body><div><h2>At the landing</h2><i>{line}</i><p>{prose}</p></div></body></html>"
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    (report,) = read_file(tmp_path / "page.html")
    assert report.published == day
    assert report.meta.get("published_from") == ("byline" if day else None)
