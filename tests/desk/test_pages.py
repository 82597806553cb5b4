"""Every page for every role, and hostile strings in every field."""

import html
import re
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from desk_fiction import Client
from starlette.testclient import TestClient

from marsad.desk._access import allows
from marsad.desk._routes import ROUTES
from marsad.model import Person
from marsad.pipeline import Case

ROLES = {None: None, "reader": "rim", "analyst": "basim", "editor": "amal"}


def paths(case: Case) -> dict[str, list[str]]:
    """Every address with a part to fill in, filled in with everything there is."""
    with case.store.read() as s:
        return {
            "/reports/{id}": [f"/reports/{r.id}" for r in s.reports.all()],
            "/claims/{id}": [f"/claims/{c.id}" for c in s.claims.all()],
            "/incidents/{id}": [f"/incidents/{i.id}" for i in s.incidents.all()],
            "/exhibits/{sha256}": [f"/exhibits/{e.sha256}" for e in s.exhibits.all()],
            "/search": ["/search", "/search?q=Tell+Warda", "/search?q=%3Cscript%3E", "/search?q=سوق"],
            "/search.json": ["/search.json?q=Warda"],
            "/search.csv": ["/search.csv?q=Warda"],
            "/search.geojson": ["/search.geojson?q=Warda"],
            "/people/{id}": [f"/people/{p.id}" for p in s.people.all()],
            "/ledger": ["/ledger", *(f"/ledger?policy={p}" for p in ("range", "lowest", "ucdp", "airwars", "x'y"))],
        }


def every_page(case: Case) -> list[str]:
    filled = paths(case)
    left_out = ("/bytes", "/page", "/", "{name}", "{number}", "/oidc", "/oidc/back", "/tie", "/invitation")
    whole = [d for d in ROUTES if not d.path.startswith("/api/")]
    gets = [d.path for d in whole if d.method == "GET" and not d.path.endswith(left_out)]
    return [p for path in gets for p in filled.get(path, [path])]


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_what_it_may(client: Client, case: Case, role: str | None) -> None:
    filled = paths(case)
    who = client(ROLES[role])
    for door in ROUTES:
        path = filled.get(door.path, [door.path])[0].replace("{sha256}", "0" * 64)
        if path == "/sign-out":
            who = client(ROLES[role])  # a session of its own, since it ends here
        answer = who.get(path) if door.method == "GET" else who.post(path, data={})
        who = client(ROLES[role]) if path == "/sign-out" else who
        allowed = door.role is None or (role is not None and allows(Person("x", "x", role), door.role))
        if door.role is not None and role is None:
            page = door.method == "GET" and door.api is None
            assert answer.status_code == (303 if page else 401), path
            assert answer.headers.get("location", "/sign-in") == "/sign-in"
        elif not allowed:
            assert answer.status_code == 403, path
        else:
            assert answer.status_code in (200, 201, 303, 401, 404, 410, 422), (path, answer.status_code)


def test_no_page_fails(client: Client, case: Case) -> None:
    amal = client("amal")
    for path in every_page(case):
        assert amal.get(path).status_code in (200, 303), path


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_hostile_strings_never_become_markup(client: Client, case: Case) -> None:
    amal = client("amal")
    planted = re.compile(r"onerror|HYPERLINK|fired", re.IGNORECASE)
    seen = 0
    for path in every_page(case):
        answer = amal.get(path)
        if "html" not in answer.headers.get("content-type", ""):
            continue
        text = answer.text
        seen += "fired" in text
        parser = _Elements()
        parser.feed(text)
        for tag, attributes in parser.found:
            assert tag not in ("u", "s", "object", "embed", "base", "style"), (path, tag)
            # The preserved page is shown in a frame that may do nothing at all.
            assert tag != "iframe" or attributes.get("sandbox") == "", (path, attributes)
            assert not any(name.startswith("on") or name == "style" for name in attributes), (path, tag, attributes)
            if tag == "script":
                assert str(attributes.get("src", "")).startswith("/static/"), (path, attributes)
            if tag == "img":
                assert "onerror" not in attributes
            for name in ("href", "src", "action"):
                target = attributes.get(name) or "/"
                assert target.startswith(("/", "#")), (path, tag, target)
                # A filter names what it narrows to, in an address where nothing is a mark of markup.
                encoded = re.fullmatch(r"/[a-z]+\?[^<>\"' ]*", target)
                assert not planted.search(target) or encoded, (path, target)
        assert "{{" not in text.replace("{{ 7*7 }}", ""), "templates do not read strings"
        assert "\u202e" not in re.sub(r'<p dir="auto" data-start.*?</p>', "", text, flags=re.DOTALL), path
    assert seen > 8


def test_inline_style_and_script_are_absent(client: Client) -> None:
    for path in ("/queue", "/incidents", "/map", "/timeline", "/ledger", "/children"):
        text = client("amal").get(path).text
        assert "<style" not in text and " style=" not in text and "javascript:" not in text


def test_unknown_things_are_a_page_of_their_own(client: Client) -> None:
    for path in ("/reports/nothing", "/claims/x", "/incidents/y", "/exhibits/" + "0" * 64, "/x/y/z", "/exhibits/<b>"):
        answer = client("amal").get(path)
        assert answer.status_code == 404 and "Nothing here" in answer.text
    assert client("amal").get("/static/0/../_app.py").status_code == 404
    assert client("amal").get("/static/0/%2e%2e%2f_app.py").status_code == 404
    assert client("amal").delete("/queue").status_code == 405


def test_the_report_shows_its_text_and_where_claims_stand(client: Client, case: Case) -> None:
    with case.store.read() as s:
        report = next(r for r in s.reports.all() if r.meta.get("name") == "hostile")
        claim = s.claims.of(report.id)[0]
    text = client("rim").get(f"/reports/{report.id}").text
    parser = _Elements()
    parser.feed(text)
    starts = [int(str(a["data-start"])) for t, a in parser.found if t == "p" and "data-start" in a]
    assert starts == [0, report.text.index("Two men")]
    card = next(a for t, a in parser.found if a.get("data-claim") == claim.id)
    assert (card["data-start"], card["data-end"]) == (str(claim.trigger.start), str(claim.trigger.end))
    assert "⟦RLO⟧" in text and "hidden marks" in text


def test_an_arabic_report_is_right_to_left_and_says_that_it_is_not_extracted(client: Client, case: Case) -> None:
    with case.store.read() as s:
        report = next(r for r in s.reports.all(status="not_yet_extracted"))
    text = client("rim").get(f"/reports/{report.id}").text
    assert "Not yet extracted" in text and 'lang="ar" dir="auto"' in text


def test_readers_get_no_buttons(client: Client, case: Case) -> None:
    for path in ("/queue", *paths(case)["/incidents/{id}"], *paths(case)["/claims/{id}"]):
        text = client("rim").get(path).text
        assert 'action="/judge"' not in text and 'action="/correct"' not in text


WITHOUT_MORE = {
    **dict.fromkeys(("/sign-in/oidc", "/account/tie"), 404),
    **dict.fromkeys(("/sign-in/oidc/back", "/invitation"), 410),
    **dict.fromkeys(("/search.json", "/search.csv", "/search.geojson"), 422),
}
"""What the addresses answer that need something beside: a provider, a token, words to look for."""


def test_an_empty_case_says_what_to_do(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    from desk_fiction import enter

    from marsad.desk import create_app
    from marsad.pipeline import create_case

    with create_case(tmp_path / "new", name="New", person="amal") as case:
        cookie = enter(case, "amal")
        who = TestClient(create_app(case), base_url="http://localhost", headers={"cookie": cookie})
        for door in ROUTES:
            if door.method == "GET" and "{" not in door.path:
                assert who.get(door.path).status_code == WITHOUT_MORE.get(door.path, 200), door.path
        assert "marsad add new" in who.get("/queue").text


def test_pages_answer_in_the_language_that_was_chosen(client: Client) -> None:
    amal = client("amal")
    assert '<html lang="en" dir="ltr"' in amal.get("/queue").text
    amal.headers["accept-language"] = "ar-SY,ar;q=0.9,en;q=0.5"
    assert '<html lang="ar" dir="rtl"' in amal.get("/queue").text


@pytest.mark.parametrize("person", ["rim", "amal"])
def test_no_link_leads_nowhere(client: Client, person: str) -> None:
    who = client(person)
    seen, left = set(), ["/queue"]
    shapes: Counter[tuple[str, frozenset[str]]] = Counter()
    while left:
        path = left.pop()
        # Filters link to each other in every combination: of those that differ in their values alone, a few are tried.
        split = urlsplit(path)
        shape = (split.path, frozenset(name for name, _ in parse_qsl(split.query)))
        if path in seen or (split.query and shapes[shape] >= 2) or len(shape[1]) > 2:
            continue
        seen.add(path)
        shapes[shape] += 1
        answer = who.get(path)
        assert answer.status_code in (200, 303), path
        if "html" in answer.headers.get("content-type", ""):
            found = re.findall(r'(?:href|data-href)="(/[^"#]*)', answer.text)
            left += [html.unescape(p) for p in found if not p.startswith("/static/")]
    assert len(seen) > 60


STRANGE = ["'", "\x00", "\u202e", "<script>", "9" * 40, "../../etc/passwd", "{{7*7}}", '" NEAR(', "*", "²", "\n", "-1"]
ASKED = [
    "q",
    "page",
    "status",
    "act",
    "party",
    "place",
    "earliest",
    "latest",
    "policy",
    "harm",
    "reason",
    "kind",
    "view",
    "link",
    "person",
    "children",
]
SENT = [
    "target",
    "decision",
    "field",
    "value",
    "others",
    "reason",
    "undoes",
    "next",
    "words",
    "start",
    "end",
    "id",
    "name",
    "role",
    "language",
    "theme",
    "link",
    "act",
    "victims.0.min",
    "victims.new.min",
    "time.earliest",
    "places.new.name",
    "perpetrators.new.name",
]


@pytest.mark.parametrize("strange", STRANGE)
def test_nothing_that_is_sent_breaks_a_page(client: Client, strange: str) -> None:
    who = client("amal")
    for door in ROUTES:
        if door.path == "/sign-out":
            continue
        path = door.path.replace("{id}", quote(strange, safe="")).replace("{sha256}", quote(strange, safe=""))
        if door.method == "GET":
            answer = who.get(path, params=dict.fromkeys(ASKED, strange))
        else:
            answer = who.post(path, data=dict.fromkeys(SENT, strange))
        assert answer.status_code < 500, (door.path, strange)
        assert "html" not in answer.headers.get("content-type", "") or "<script>" not in answer.text


def test_what_people_write_is_cleaned(client: Client, case: Case) -> None:
    with case.store.read() as s:
        claim = next(s.claims.all())
    written = "be\x00cause\ufeff\r\n" + "x" * 9000
    client("amal").post("/judge", data={"target": claim.id, "decision": "accept", "reason": written})
    with case.store.read() as s:
        reason = s.judgements.all()[-1].reason
    assert reason is not None and reason.startswith("because\nx") and len(reason) == 4000
