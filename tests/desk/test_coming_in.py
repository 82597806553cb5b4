"""Coming in by passkey or invitation, and staying: sessions that can be ended, and what is written down of it."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from desk_fiction import Client, enter
from door_help import ORIGIN, PASSWORD, actions, sign_in, with_codes, with_password
from soft_passkey import PRESENT, SoftPasskey
from starlette.testclient import TestClient

from marsad.desk import create_app
from marsad.errors import CaseError
from marsad.model import Person
from marsad.pipeline import Case, open_case

pytestmark = pytest.mark.usefixtures("cheap_hashes")


# Passkeys


@pytest.fixture
def local(case: Case) -> Client:
    """Clients as `client`, at a host name that passkeys can belong to."""
    app = create_app(case)

    def make(person: str | None, **headers: str) -> TestClient:
        given_headers = {"sec-fetch-site": "same-origin", **headers}
        if person:
            given_headers["cookie"] = enter(case, person)
        return TestClient(app, base_url=ORIGIN, headers=given_headers, follow_redirects=False)

    return make


def new_passkey(client: TestClient, key: SoftPasskey) -> int:
    begun = client.post("/account/passkeys/options", json={}).json()
    return client.post(
        "/account/passkeys", json={"name": begun["name"], "credential": key.make(begun["options"])}
    ).status_code


def use_passkey(client: TestClient, key: SoftPasskey) -> int:
    begun = client.post("/sign-in/passkey/options", json={}).json()
    sent = {"name": begun["name"], "credential": key.sign(begun["options"])}
    return client.post("/sign-in/passkey", json=sent).status_code


def test_a_passkey_opens_a_session(local: Client, case: Case) -> None:
    key = SoftPasskey(ORIGIN)
    basim = local("basim")
    assert new_passkey(basim, key) == 200
    nobody = local(None)
    assert use_passkey(nobody, key) == 200
    assert nobody.get("/queue").status_code == 200
    assert "passkey" in nobody.get("/account/security").text
    assert new_passkey(basim, key) == 422, "the same again"
    with case.store.read() as s:
        kept = s.credentials.of("basim", "passkey")
    assert [c.counter for c in kept] == [1]
    assert basim.post("/account/credentials/end", data={"id": kept[0].id}).status_code == 303
    assert use_passkey(local(None), key) == 422


def test_a_passkey_of_another_place_time_or_key_opens_nothing(local: Client, case: Case) -> None:
    key = SoftPasskey(ORIGIN)
    assert new_passkey(local("basim"), key) == 200
    nobody = local(None)
    begun = nobody.post("/sign-in/passkey/options", json={}).json()
    answer = {"name": begun["name"], "credential": key.sign(begun["options"])}
    assert nobody.post("/sign-in/passkey", json=answer).status_code == 200
    assert local(None).post("/sign-in/passkey", json=answer).status_code == 422, "a challenge is good once"
    phished = SoftPasskey("http://localhost:8001", key.name)
    phished._key, phished.counter = key._key, key.counter
    assert use_passkey(local(None), phished) == 422, "signed for another origin"
    assert use_passkey(local(None), SoftPasskey(ORIGIN, key.name)) == 422, "another key under its name"
    assert use_passkey(local(None), SoftPasskey(ORIGIN, b"unknown")) == 422
    key.flags = PRESENT
    assert use_passkey(local(None), key) == 422, "nobody was asked for a finger or a PIN"
    key.flags, key.counter = 0x05, 0
    assert use_passkey(local(None), key) == 422, "a counter that fell back: a copy"
    assert [a for _, a, _ in actions(case)].count("sign_in_refused") == 5


@pytest.mark.parametrize(
    "sent", [[], {}, "x", None, {"name": 1}, {"name": "x", "credential": {"id": {}}}, {"credential": []}]
)
def test_nonsense_in_place_of_a_passkey_is_refused(local: Client, sent: object) -> None:
    for path in ("/sign-in/passkey", "/account/passkeys"):
        assert local("basim").post(path, json=sent).status_code == 422
    begun = local(None).post("/sign-in/passkey/options", json={}).json()
    for credential in (sent, {"id": "x"}, {"id": 5}):
        answer = local(None).post("/sign-in/passkey", json={"name": begun["name"], "credential": credential})
        assert answer.status_code == 422


def test_nobody_crowds_out_the_challenges_of_others(local: Client) -> None:
    nobody = local(None)
    answers = [nobody.post("/sign-in/passkey/options", json={}).status_code for _ in range(40)]
    assert answers[:30] == [200] * 30 and answers[-1] == 429


def test_a_bare_address_has_no_passkeys(client: Client) -> None:
    assert client(None).post("/sign-in/passkey/options", json={}).status_code == 422
    assert "data-passkey" not in client(None).get("/sign-in").text
    assert "http://localhost" in client("basim").get("/account/security").text


# Invitations


def invited(client: TestClient, role: str = "analyst") -> str:
    page = client.post("/people/invitations", data={"role": role, "label": "the new lawyer"})
    assert page.status_code == 201
    return re.search(r"invitation\?token=([\w-]+)", page.text)[1]  # type: ignore[index]


def join(client: TestClient, token: str, person: str = "nur", **more: str) -> int:
    fields = {"token": token, "id": person, "name": "Nur", "password": PASSWORD, "again": PASSWORD, **more}
    return client.post("/invitation", data=fields).status_code


def test_an_invitation_lets_one_person_in_in_one_role(client: Client, case: Case) -> None:
    token = invited(client("amal"))
    assert "You are invited" in client(None).get("/invitation", params={"token": token}).text
    nobody = client(None)
    assert join(nobody, token, role="editor") == 303
    assert nobody.get("/queue").status_code == 200 and nobody.get("/people").status_code == 403
    with case.store.read() as s:
        assert s.people.get("nur") == Person("nur", "Nur", "analyst")
    assert join(client(None), token, "second") == 410
    assert client(None).get("/invitation", params={"token": token}).status_code == 410
    assert sign_in(client(None), "nur") == 303
    kept = b"".join(p.read_bytes() for p in case.folder.rglob("case.sqlite*"))
    assert token.encode() not in kept
    assert [a for _, a, _ in actions(case) if "invitation" in a] == ["invitation_made", "invitation_used"]


def test_what_an_invitation_refuses(client: Client, case: Case) -> None:
    token = invited(client("amal"))
    assert join(client(None), token, "basim") == 422, "the id of somebody else"
    assert join(client(None), token, "../x") == 422
    assert join(client(None), token, again="something else") == 422
    assert join(client(None), token, password="short", again="short") == 422
    assert join(client(None), "nonsense") == 410
    with case.store.read() as s:
        assert {p.id for p in s.people.all()} == {"amal", "basim", "rim"}
        offer = s.invitations.open("2031-01-01T00:00:00+00:00") or s.invitations.open("2000-01-01T00:00:00+00:00")
    assert client("amal").post("/people/invitations/end", data={"id": offer[0].id}).status_code == 303
    assert join(client(None), token) == 410
    assert client("amal").post("/people/invitations", data={"role": "king"}).status_code == 422


def test_an_invitation_expires(case: Case) -> None:
    from marsad.desk._access import digest, iso
    from marsad.desk._joining import offer

    then = datetime(2031, 3, 1, tzinfo=UTC)
    with case.store.write() as s:
        token = offer(s, "amal", "reader", "", then)
        assert s.invitations.of_token(digest(token), iso(then + timedelta(days=2, hours=23))) is not None
        assert s.invitations.of_token(digest(token), iso(then + timedelta(days=3, seconds=1))) is None


# Sessions


def test_sessions_are_ended_by_their_person_and_by_an_editor(client: Client, case: Case) -> None:
    one, two, three = client("basim"), client("basim"), client("basim")

    def ids() -> list[str]:
        with case.store.read() as s:
            return [login.id for login in s.logins.open("session", "2000-01-01", "basim")]

    newest = re.findall(r'name="id" value="([0-9a-f]{12})"', three.get("/account/security").text)
    assert sorted(newest) == sorted(ids()) and len(newest) == 3
    assert client("rim").post("/account/logins/end", data={"id": newest[0]}).status_code == 303
    assert len(ids()) == 3, "nobody ends another's"
    assert one.post("/account/logins/end", data={"others": "1"}).status_code == 303
    assert len(ids()) == 1 and one.get("/queue").status_code == 200 and two.get("/queue").status_code == 303
    assert client("amal").post("/people/basim/logins/end", data={"id": ids()[0]}).status_code == 303
    assert one.get("/queue").status_code == 303 and ids() == []
    assert ("amal", "session_ended", "basim") in actions(case)


def test_an_editor_resets_how_somebody_signs_in(client: Client, case: Case) -> None:
    with_password(case, "basim")
    with_codes(case, "basim")
    basim = client("basim")
    assert client("amal").post("/people/basim/reset").status_code == 303
    assert basim.get("/queue").status_code == 303 and sign_in(client(None), "basim") == 401
    with case.store.read() as s:
        assert s.credentials.of("basim") == []
    assert client("amal").post("/people/nobody/reset").status_code == 404


def test_the_command_line_resets_how_somebody_signs_in(client: Client, case: Case) -> None:
    from click.testing import CliRunner

    from marsad.cli import main

    with_password(case, "basim")
    basim = client("basim")
    done = CliRunner().invoke(main, ["people", str(case.folder), "basim", "--reset"])
    assert done.exit_code == 0, done.output
    assert basim.get("/queue").status_code == 303 and sign_in(client(None), "basim") == 401
    assert [a for _, a, _ in actions(case)][-2:] == ["sign_in_reset", "sign_in_refused"]
    assert CliRunner().invoke(main, ["people", str(case.folder), "nobody", "--reset"]).exit_code == 1


def test_an_old_session_must_sign_in_again_to_change_how_one_comes_in(client: Client, case: Case) -> None:
    basim = client("basim")
    data = {"password": PASSWORD, "again": PASSWORD}
    with case.store.write() as s:
        s._connection.exec_driver_sql("UPDATE login SET created_at = '2026-01-01T00:00:00+00:00'")
    assert basim.post("/account/second").status_code == 200, "whoever has only links cannot do so again"
    with_password(case, "basim")
    for path in ("/account/password", "/account/second", "/account/tokens", "/account/recovery"):
        answer = basim.post(path, data=data)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?again=1"), path
    options = basim.post("/account/passkeys/options", json={}, headers={"accept": "application/json"})
    assert options.status_code == 403 and options.json()["to"] == "/sign-in?again=1"
    assert basim.get("/sign-in?again=1").status_code == 200
    again = client(None)
    assert sign_in(again, "basim") == 303 and again.post("/account/second").status_code == 200


def test_the_door_tells_a_stranger_nothing_of_the_case(client: Client, case: Case) -> None:
    nobody = client(None)
    for path in ("/sign-in", "/sign-in?link=x", "/invitation?token=x", "/nothing", "/api/openapi.json"):
        text = nobody.get(path).text
        assert "Warda" not in text and case.folder.name not in re.findall(r"marsad desk (\S+?)<", text), path


# The trail


def test_the_audit_trail_is_for_editors(client: Client, case: Case) -> None:
    sign_in(client(None), "basim", "wrong")
    assert client("basim").get("/audit").status_code == 403
    page = client("amal").get("/audit").text
    assert "was refused at the door" in page and "nobody signed in" in page
    assert "was refused" not in client("amal").get("/audit?person=rim").text


@pytest.mark.parametrize(
    "planted", ["<script>document.title='fired'</script>", '"><img src=x onerror=fired()>', "=cmd|' /C x'!A0"]
)
def test_what_is_typed_never_becomes_markup(client: Client, case: Case, planted: str) -> None:
    amal, mark = client("amal"), planted[:8]
    amal.post("/people", data={"new": "1", "id": "planted", "name": planted, "role": "reader"})
    amal.post("/people/invitations", data={"role": "reader", "label": planted})
    amal.post("/account/tokens", data={"name": planted, "scope": "read", "days": "30"})
    sign_in(client(None, **{"user-agent": planted}), planted, planted)
    shown = [amal.get(p).text for p in ("/people", "/people/planted", "/audit", "/account/security", "/account")]
    shown.append(client(None).post("/sign-in/password", data={"id": planted, "password": planted}).text)
    assert sum("fired" in page or "cmd|" in page for page in shown) >= 4
    assert not any("<script>document" in page or "<img src=x" in page for page in shown), mark


def test_the_settings_name_further_hosts(case: Case, tmp_path: Path) -> None:
    text = (case.folder / "settings.toml").read_text("utf-8").replace("hosts = []", 'hosts = ["desk.example.org"]')
    (case.folder / "settings.toml").write_text(text, "utf-8")
    with open_case(case.folder) as again:
        nobody = TestClient(create_app(again), base_url="https://desk.example.org", follow_redirects=False)
        answer = nobody.get("/sign-in")
        assert answer.status_code == 200 and "max-age" in answer.headers["strict-transport-security"]
        assert nobody.get("/sign-in", headers={"host": "evil.example"}).status_code == 421
    (case.folder / "settings.toml").write_text('hosts = "desk.example.org"', "utf-8")
    with pytest.raises(CaseError, match="list of words"):
        open_case(case.folder)
