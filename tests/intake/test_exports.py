"""Social exports, in the layouts that docs/reference/intake.md lists. All accounts and events are fiction."""

import json
from pathlib import Path
from typing import Any

import pytest
from hostile import makers as make
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marsad.intake import read_file
from marsad.intake._readers import _facebook, _posts, _telegram, _twitter
from marsad.model import Report

WORDS = "Two shells struck the grain market on Tuesday, killing four people."


def read(tmp_path: Path, data: Any, name: str = "a.json") -> list[Report]:
    path = tmp_path / name
    path.write_text(data if isinstance(data, str) else json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return read_file(path)


def test_yt_dlp_info(tmp_path: Path) -> None:
    info = {
        "id": "q1", "title": "Market struck", "description": WORDS, "uploader": "Qasr News", "channel": "Qasr News TV",
        "uploader_id": "@qasr", "timestamp": 1615276800, "upload_date": "20210309", "language": "en", "duration": 31.5,
        "webpage_url": "https://video.example/q1", "extractor": "youtube", "extractor_key": "Youtube", "_type": "video",
        "comments": [{"id": "c", "text": "lies"}], "formats": [{"url": "https://x.example/1"}],
    }  # fmt: skip
    (report,) = read(tmp_path, info, "clip [q1].info.json")
    assert (report.kind, report.part, report.title, report.text) == ("post", "q1", "Market struck", WORDS)
    assert (report.author, report.publisher) == ("Qasr News", "Qasr News TV")
    assert report.published == "2021-03-09T08:00:00+00:00"
    assert report.url == "https://video.example/q1"
    assert report.meta["platform"] == "Youtube"
    assert report.meta["duration"] == 31.5
    assert "1 comments" in report.meta["notes"][0]


def test_yt_dlp_day_alone_and_playlist(tmp_path: Path) -> None:
    entry = {
        "id": "q1",
        "title": "One",
        "upload_date": "20210309",
        "extractor": "x",
        "webpage_url": "https://v.example/1",
    }
    playlist = {"_type": "playlist", "extractor": "x", "entries": [entry, None, {**entry, "id": "q2", "title": "Two"}]}
    first, second = read(tmp_path, playlist)
    assert (first.title, second.title) == ("One", "Two")
    assert first.published == "2021-03-09"
    assert first.text == "One"


def test_gallery_dl_tweet_and_instagram(tmp_path: Path) -> None:
    tweet = {
        "category": "twitter", "subcategory": "tweet", "tweet_id": 1369, "date": "2021-03-09 08:00:00", "lang": "en",
        "content": WORDS, "author": {"id": 5, "name": "qasrnews", "nick": "Qasr News"}, "retweet_id": 0, "quote_id": 0,
        "hashtags": ["market"], "filename": "EwA", "extension": "jpg",
    }  # fmt: skip
    (report,) = read(tmp_path, tweet, "1369_1.jpg.json")
    assert (report.author, report.text) == ("Qasr News", WORDS)
    assert report.url == "https://x.com/qasrnews/status/1369"
    assert report.published == "2021-03-09T08:00:00+00:00"
    assert report.meta["tags"] == ["market"]
    assert "repost_of" not in report.meta
    gram = {
        "category": "instagram", "post_shortcode": "CM1", "post_url": "https://www.instagram.com/p/CM1/",
        "username": "qasr", "fullname": "Qasr News", "description": WORDS, "post_date": "2021-03-09 08:00:00",
    }  # fmt: skip
    (report,) = read(tmp_path, gram)
    assert (report.author, report.url) == ("Qasr News", "https://www.instagram.com/p/CM1/")


def test_gallery_dl_dump_joins_the_pictures_of_a_post(tmp_path: Path) -> None:
    post = {"category": "twitter", "tweet_id": 7, "content": WORDS, "author": {"name": "q", "nick": "Q"}}
    dump = [
        [2, post],
        [3, "https://i.example/1.jpg", {**post, "num": 1}],
        [3, "https://i.example/2.jpg", {**post, "num": 2}],
    ]
    (report,) = read(tmp_path, dump)
    assert [row["url"] for row in report.meta["media"]] == ["https://i.example/1.jpg", "https://i.example/2.jpg"]


def test_telegram_channel(tmp_path: Path) -> None:
    messages = [
        {"id": 1, "type": "service", "action": "create_channel", "text": "", "actor": "Q"},
        {
            "id": 2, "type": "message", "date": "2021-03-09T11:00:00", "date_unixtime": "1615276800", "from": "Q",
            "from_id": "channel9",
            "text": ["Two shells on the ", {"type": "hashtag", "text": "#market"}, ", four dead. ",
            {"type": "text_link", "text": "More", "href": "https://v.example/2"}], "photo": "photos/a.jpg", "width": 8,
        },
        {"id": 3, "type": "message", "date": "2021-03-09T12:00:00", "forwarded_from": "Valley Post", "text": WORDS},
        {"id": 4, "type": "message", "date_unixtime": "1615280400", "text": "", "file": "video_files/v.mp4",
         "media_type": "video_file", "mime_type": "video/mp4", "duration_seconds": 12},
        {"id": 5, "type": "message", "date_unixtime": "1615280400", "text": "",
         "location_information": {"latitude": 34.5, "longitude": 38.2}},
        {"id": 6, "type": "message", "date_unixtime": "1615280400",
         "text_entities": [{"type": "plain", "text": "مقتل أربعة أشخاص في قصف على سوق المدينة"}]},
    ]  # fmt: skip
    chat = {"name": "Qasr News", "type": "public_channel", "id": 9, "messages": messages}
    two, three, four, six = read(tmp_path, chat, "result.json")
    assert two.text == "Two shells on the #market, four dead. More"
    assert (two.part, two.publisher, two.published) == ("message 2", "Qasr News", "2021-03-09T08:00:00+00:00")
    assert two.meta["media"] == [{"kind": "image", "file": "photos/a.jpg", "width": 8}]
    assert two.meta["links"] == ["https://v.example/2"]
    assert three.meta["repost_of"] == "Valley Post"
    assert three.published == "2021-03-09T12:00:00"
    assert "time zone" in three.meta["published_from"]
    assert (four.status, four.text, four.meta["media"][0]["kind"]) == ("read", "", "video_file")
    assert (six.language, six.text[:4]) == ("ar", "مقتل")


def test_telegram_account_with_many_chats(tmp_path: Path) -> None:
    one = {
        "name": "A",
        "id": 1,
        "type": "public_channel",
        "messages": [{"id": 1, "type": "message", "text": "First words."}],
    }
    two = {**one, "name": "B", "id": 2}
    reports = read(tmp_path, {"about": "x", "chats": {"list": [one, two]}})
    assert [report.part for report in reports] == ["1 message 1", "2 message 1"]
    assert len({report.id for report in reports}) == 2


def test_telegram_export_in_html(tmp_path: Path) -> None:
    html = """<!DOCTYPE html><html><head><title>Exported Data</title></head><body><div class="page_wrap">
    <div class="page_header"><div class="content"><div class="text bold">Qasr News</div></div></div>
    <div class="page_body chat_page"><div class="history">
    <div class="message service" id="message-1"><div class="body details">9 March 2021</div></div>
    <div class="message default clearfix" id="message2"><div class="body">
      <div class="pull_right date details" title="09.03.2021 11:00:00 UTC+03:00">11:00</div>
      <div class="from_name">Qasr News </div>
      <div class="media_wrap clearfix"><a class="photo_wrap" href="photos/a.jpg"><img src="t.jpg"></a></div>
      <div class="text">Two shells on the <a href="#">#market</a>,<br>four dead.</div></div></div>
    <div class="message default clearfix joined" id="message3"><div class="body">
      <div class="pull_right date details" title="09.03.2021 11:05:00 UTC+03:00">11:05</div>
      <div class="reply_to details">In reply to <a href="#go_to_message2">this message</a></div>
      <div class="forwarded body"><div class="from_name">Valley Post <span class="date details">x</span></div>
      <div class="text">The brigade denied it.</div></div></div></div>
    </div></div></div></body></html>"""
    first, second = read(tmp_path, html, "messages.html")
    assert (first.part, first.text) == ("message 2", "Two shells on the #market,\nfour dead.")
    assert (first.publisher, first.author, first.published) == ("Qasr News", "Qasr News", "2021-03-09T11:00:00+03:00")
    assert first.meta["media"] == [{"file": "photos/a.jpg", "kind": "file"}]
    assert (second.author, second.meta["repost_of"], second.meta["reply_to"]) == ("Qasr News", "Valley Post", "2")


TWEET = {
    "id_str": "77", "id": 77, "created_at": "Tue Mar 09 08:00:00 +0000 2021", "lang": "en",
    "full_text": "Two shells on the market &amp; the clinic", "in_reply_to_status_id_str": "76",
    "extended_entities": {"media": [{"media_url_https": "https://pbs.example/1.jpg"}]},
}  # fmt: skip


def test_twitter_archive(tmp_path: Path) -> None:
    rows = [{"tweet": TWEET}, {"tweet": {**TWEET, "id_str": "78", "full_text": "RT @valleypost: Four dead"}}]
    first, second = read(tmp_path, f"window.YTD.tweets.part0 = {json.dumps(rows)}", "tweets.js")
    assert first.text == "Two shells on the market & the clinic"
    assert first.published == "2021-03-09T08:00:00+00:00"
    assert first.url == "https://x.com/i/web/status/77"
    assert first.meta["reply_to"] == "76"
    assert first.meta["media"][0]["url"] == "https://pbs.example/1.jpg"
    assert second.meta["repost_of"] == "@valleypost"


def test_twitter_api(tmp_path: Path) -> None:
    user = {"screen_name": "qasr", "name": "Qasr News"}
    lines = "\n".join(json.dumps({**TWEET, "user": user, "id_str": str(n)}) for n in range(3)) + "\n{broken\n"
    *reports, broken = read(tmp_path, lines, "tweets.jsonl")
    assert [report.url for report in reports] == [f"https://x.com/qasr/status/{n}" for n in range(3)]
    assert "1 lines are broken" in broken.reason
    answer = {
        "data": [{"id": "5", "text": WORDS, "author_id": "9", "created_at": "2021-03-09T08:00:00.000Z"}],
        "includes": {"users": [{"id": "9", "name": "Qasr News", "username": "qasr"}]},
    }
    (report,) = read(tmp_path, answer)
    assert (report.author, report.url) == ("Qasr News", "https://x.com/qasr/status/5")


def test_facebook_and_instagram_downloads(tmp_path: Path) -> None:
    arabic = "مقتل أربعة أشخاص في قصف على سوق المدينة"
    mangled = arabic.encode().decode("latin-1")
    (report,) = read(
        tmp_path, [{"timestamp": 1615276800, "data": [{"post": mangled}], "title": "Q updated his status."}]
    )
    assert (report.text, report.language, report.published) == (arabic, "ar", "2021-03-09T08:00:00+00:00")
    media = [{"uri": "media/posts/1.jpg", "creation_timestamp": 1615276800, "title": mangled}]
    (report,) = read(tmp_path, [{"media": media}])
    assert (report.text, report.meta["media"]) == (arabic, [{"file": "media/posts/1.jpg", "kind": "file"}])


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_table_of_posts(tmp_path: Path, mark: str) -> None:
    rows = [
        ["ID", "Date", "Text", "Link"],
        ["a1", "2021-03-09", f'"{WORDS}"', "https://v.example/1"],
        ["a2", "", '""', ""],
    ]
    (report,) = read(tmp_path, "\n".join(mark.join(row) for row in rows), "posts.csv")
    assert (report.part, report.text, report.published, report.url) == (
        "a1",
        WORDS,
        "2021-03-09",
        "https://v.example/1",
    )


def test_table_without_words_and_json_of_no_known_layout(tmp_path: Path) -> None:
    (report,) = read(tmp_path, "lat,lon\n1,2\n", "points.csv")
    assert "without a column named" in report.reason
    (report,) = read(tmp_path, {"features": []})
    assert "layout that is not known" in report.reason


NAMES = (
    "messages type text id date name chats list extractor title description tweet full_text created_at id_str data "
    "timestamp media creation_timestamp entries user text_entities poll answers photo includes users attachments "
    "category comments"
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES.split()), inner, max_size=6),
    max_leaves=20,
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(JSON)
def test_no_layout_is_upset_by_other_shapes(data: Any) -> None:
    for layout in (_telegram, _twitter, _facebook, _posts):
        if layout.matches(data):
            for draft in layout.posts(data):
                assert isinstance(draft.text, str)
                json.dumps(draft.meta)


def test_makers_are_read(tmp_path: Path) -> None:
    (report,) = read(tmp_path, make.telegram().decode())
    assert report.text == "Two shells on the #market, four dead."
