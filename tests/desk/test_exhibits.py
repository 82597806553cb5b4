"""Bytes stay covered until a reason is given; the reason is in the custody; nothing that could run is shown."""

import re

import pytest
from desk_fiction import Client

from marsad.model import Exhibit
from marsad.pipeline import Case


@pytest.fixture
def picture(case: Case) -> Exhibit:
    with case.store.read() as s:
        return next(e for e in s.exhibits.all() if e.media_type == "image/jpeg")


@pytest.fixture
def page(case: Case) -> Exhibit:
    with case.store.read() as s:
        return next(e for e in s.exhibits.all() if "html" in e.media_type)


def reveal(client, exhibit: Exhibit, reason: str = "Find the place"):  # type: ignore[no-untyped-def]
    answer = client.post(f"/exhibits/{exhibit.sha256}/reveal", data={"reason": reason})
    assert answer.status_code == 303
    return answer.headers["location"].split("#")[0]


def test_nothing_is_loaded_before_a_reason_is_given(client: Client, case: Case, picture: Exhibit) -> None:
    rim = client("rim")
    text = rim.get(f"/exhibits/{picture.sha256}").text
    assert "<img" not in text and "/bytes" not in text and "Covered" in text
    assert rim.get(f"/exhibits/{picture.sha256}/bytes").status_code == 403
    assert rim.get(f"/exhibits/{picture.sha256}/bytes?view=abc").status_code == 403
    assert rim.post(f"/exhibits/{picture.sha256}/reveal", data={"reason": "  "}).status_code == 422
    with case.store.read() as s:
        assert [e.action for e in s.custody.of(picture.sha256)] == ["deposited"]


def test_uncovering_is_recorded_and_grey_first(client: Client, case: Case, picture: Exhibit) -> None:
    rim = client("rim")
    where = reveal(rim, picture, "Find <b>the</b> place")
    shown = rim.get(where).text
    assert 'class="media grey"' in shown and "autoplay" not in shown
    with case.store.read() as s:
        last = s.custody.of(picture.sha256)[-1]
    assert (last.action, last.person, last.detail["purpose"]) == ("revealed", "rim", "Find <b>the</b> place")
    assert "<b>the</b>" not in shown and "Find &lt;b&gt;the" in shown
    assert case.verify().ok if hasattr(case.verify(), "ok") else not case.verify().faults
    source = re.search(r'<img src="([^"]+)"', shown)
    assert source
    answer = rim.get(source[1].replace("&amp;", "&"))
    assert answer.status_code == 200 and answer.headers["content-type"] == "image/jpeg"
    assert len(answer.content) == picture.size
    assert "sandbox" in answer.headers["content-security-policy"]


def test_a_pass_is_one_persons_for_one_exhibit(client: Client, picture: Exhibit, page: Exhibit) -> None:
    view = reveal(client("rim"), picture).split("view=")[1]
    assert client("rim").get(f"/exhibits/{picture.sha256}/bytes?view={view}").status_code == 200
    assert client("basim").get(f"/exhibits/{picture.sha256}/bytes?view={view}").status_code == 403
    assert client("rim").get(f"/exhibits/{page.sha256}/bytes?view={view}").status_code == 403
    assert "Covered" in client("basim").get(f"/exhibits/{picture.sha256}?view={view}").text


def test_a_pass_grows_old(client: Client, picture: Exhibit, monkeypatch: pytest.MonkeyPatch) -> None:
    rim = client("rim")
    where = reveal(rim, picture)
    monkeypatch.setattr("marsad.desk._passes.SECONDS", -1)
    assert rim.get(where.replace("?", "/bytes?")).status_code == 403


def test_parts_of_a_long_video_can_be_asked_for(client: Client, picture: Exhibit) -> None:
    rim = client("rim")
    address = reveal(rim, picture).replace("?", "/bytes?")
    whole = rim.get(address).content
    part = rim.get(address, headers={"range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(whole)}"
    assert rim.get(address, headers={"range": f"bytes={len(whole) - 5}-"}).content == whole[-5:]
    assert rim.get(address, headers={"range": f"bytes={len(whole)}-"}).status_code == 416
    assert rim.get(address, headers={"range": "bytes=5-2"}).status_code == 416
    assert rim.get(address, headers={"range": "lines=1-2"}).content == whole


def test_markup_is_only_ever_text_or_a_download(client: Client, page: Exhibit) -> None:
    rim = client("rim")
    where = reveal(rim, page)
    shown = rim.get(where).text
    assert "alert(&#39;exhibit&#39;)" in shown and "alert('exhibit')" not in shown
    answer = rim.get(where.replace("?", "/bytes?"))
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_pictures_that_can_hold_script_are_text(case: Case, client: Client) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    kept = case.vault.deposit(svg, name="x.svg", source="here", method="test", media_type="image/svg+xml").exhibit
    where = reveal(client("rim"), kept)
    shown = client("rim").get(where).text
    assert "<svg xmlns" not in shown
    assert client("rim").get(where.replace("?", "/bytes?")).headers["content-disposition"].startswith("attachment")


def test_the_figure_of_the_day_is_the_persons_own(client: Client, picture: Exhibit) -> None:
    for _ in range(3):
        reveal(client("rim"), picture)
    assert re.search(r'class="figure">3</b> pieces of media', client("rim").get("/account").text)
    assert re.search(r'class="figure">0</b> pieces of media', client("basim").get("/account").text)
