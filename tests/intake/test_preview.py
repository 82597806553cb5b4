"""Pages shown beside their text: nothing that loads, runs, links or styles survives."""

import io

import pypdfium2
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from marsad.errors import Unreadable
from marsad.intake import read_preview

PAGE = """<html lang=ar dir=rtl><head><title>t</title><style>p{}</style></head><body onload=alert(1)><nav>menu</nav>
<h1 style='x' onclick=1>Head <b>bold</b> tail</h1><p>a<img src=x alt="A picture">b<script>alert(1)</script>c
<a href="javascript:1">link</a>d</p><custom-x>in <i>it</i></custom-x> end<!-- c --> fin</body></html>"""


def snapshot(page: str) -> str:
    return read_preview(io.BytesIO(page.encode())).html or ""


def test_a_web_page_keeps_its_words_in_order_and_nothing_else() -> None:
    html = snapshot(PAGE)
    assert html.startswith('<div lang="ar" dir="rtl">') and "<h1>Head <b>bold</b> tail</h1>" in html
    assert '<span class="media">▨ A picture</span>b' in html
    for gone in ("script", "alert", "onload", "style", "href", "javascript", "src=", "menu", "<!--"):
        assert gone not in html, gone
    assert html.index("in ") < html.index("it") < html.index("end") < html.index("fin")


@settings(max_examples=25, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</div>",
                "<svg onload=x>",
                "<a href='//e'>",
                "word ",
                "<img src=x onerror=y>",
                "<iframe srcdoc='<script>z</script>'>",
                "<math><mi xlink:href=q>",
                "&lt;script&gt;",
            ]
        )
    )
)
def test_whatever_stands_in_a_page_nothing_active_survives(parts: list[str]) -> None:
    html = snapshot("<html><body>" + "".join(parts) + "</body></html>")
    assert not any(bad in html for bad in ("<script", "<svg", "<iframe", "<img", "<a ", "onload", "onerror=", "href"))


def test_a_pdf_is_drawn_page_by_page() -> None:
    document, file = pypdfium2.PdfDocument.new(), io.BytesIO()
    document.new_page(300, 200)
    document.new_page(200, 300)
    document.save(file)
    first, second = (read_preview(file, page=n) for n in (1, 2))
    assert first.picture is not None and second.picture is not None and first.pages == 2
    assert first.picture.width > first.picture.height and second.picture.width < second.picture.height
    with pytest.raises(Unreadable, match="no page 3"):
        read_preview(file, page=3)
    with pytest.raises(Unreadable):
        read_preview(io.BytesIO(b"plain words"))
