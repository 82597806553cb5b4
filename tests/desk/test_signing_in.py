"""Signing in: passwords, second factors, passkeys, invitations; guessing is slow; sessions can be ended."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from desk_fiction import Client, enter
from hypothesis import given
from hypothesis import strategies as st
from soft_passkey import PRESENT, SoftPasskey
from starlette.testclient import TestClient

from marsad.desk import Access, create_app
from marsad.desk._signin import _codes, _entry, _passwords
from marsad.desk._signin._box import Box
from marsad.errors import CaseError
from marsad.model import Person
from marsad.pipeline import Case, open_case
from marsad.store import Credential, Store

PASSWORD = "seven green kettles"
ORIGIN = "http://localhost:8000"
THROTTLES = Store.open("sqlite://")


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The real cost is measured by no test here, and some tests sign in many times."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(_passwords, "_hasher", lambda: cheap)
    _passwords._nobody.cache_clear()
    yield
    _passwords._nobody.cache_clear()


def with_password(case: Case, person: str, password: str = PASSWORD) -> None:
    with case.store.write() as s:
        s.credentials.remove(person, "password")
        kept = _passwords.hashed(password)
        s.credentials.add(Credential(f"password:{person}", person, "password", kept, "2031-03-01T00:00:00+00:00"))


def with_codes(case: Case, person: str) -> tuple[str, list[str]]:
    """(secret, recovery codes) of a second factor that was confirmed a minute ago."""
    secret = _codes.new_secret()
    access = Access(case.store, case.folder, 12)
    entry = _entry.Entry(case.store, access, Box(case.folder))
    with case.store.write() as s:
        given_codes = entry.set_second(s, person, secret, _codes.code_at(secret, int(time.time()) // 30))
        kept = s.credentials.get(f"code:{person}")
        assert kept and given_codes
        s.credentials.used(kept.id, kept.added_at, kept.counter - 2)
    return secret, given_codes


def now_code(secret: str) -> str:
    return _codes.code_at(secret, int(time.time()) // _codes.STEP)


def actions(case: Case) -> list[tuple[str | None, str, str | None]]:
    with case.store.read() as s:
        return [(e.person, e.action, e.about) for e in reversed(s.audit.newest())]


def sign_in(client: TestClient, person: str, password: str = PASSWORD) -> int:
    return client.post("/sign-in/password", data={"id": person, "password": password}).status_code


# Codes


RFC_6238 = {59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037"}


@pytest.mark.parametrize(("second", "code"), [*RFC_6238.items(), (20000000000, "353130")])
def test_codes_are_those_of_rfc_6238(second: int, code: str) -> None:
    # The appendix's secret, and the last six of its eight digits.
    assert _codes.code_at("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", second // 30) == code


@given(st.integers(min_value=10**9, max_value=4 * 10**9), st.integers(min_value=-3, max_value=3))
def test_a_code_is_good_for_its_step_and_those_beside_it_once(now: int, off: int) -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    step = now // 30 + off
    code = _codes.code_at(secret, step)
    found = _codes.matching_step(secret, f" {code[:3]} {code[3:]} ", now, 0)
    assert (found is not None) == (abs(off) <= 1) or found in (now // 30 - 1, now // 30, now // 30 + 1)
    if found is not None:
        again = _codes.matching_step(secret, code, now, found)
        assert again is None or again > found


@given(st.text(max_size=40))
def test_no_text_passes_for_a_code_by_chance_or_breaks_the_check(text: str) -> None:
    shown = "".join(str(int(c)) for c in text if c.isdecimal())
    right = {_codes.code_at("GEZDGNBVGY3TQOJQ", n) for n in (33333332, 33333333, 33333334)}
    assert (_codes.matching_step("GEZDGNBVGY3TQOJQ", text, 10**9, 0) is not None) == (shown in right)
    plain = _codes.plain_recovery(text)
    assert plain is None or len(plain) == 10


def test_arabic_digits_are_digits() -> None:
    secret = _codes.new_secret()
    arabic = now_code(secret).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert _codes.matching_step(secret, arabic, time.time(), 0) is not None


def test_the_picture_is_svg_without_style_or_script() -> None:
    drawn = _codes.picture(_codes.address("ABC", "amal", "a & b: <c>"))
    assert drawn.startswith("<svg") and "stroke" in drawn and "style" not in drawn and "script" not in drawn
    assert "issuer=Marsad%20a%20%26%20b%3A%20%3Cc%3E" in _codes.address("ABC", "amal", "a & b: <c>")


# Passwords


def test_a_password_opens_a_session(client: Client, case: Case) -> None:
    with_password(case, "basim")
    nobody = client(None, **{"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko Firefox/140.0"})
    answer = nobody.post("/sign-in/password", data={"id": " Basim ", "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/queue")
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert nobody.get("/queue").status_code == 200
    assert "Firefox, Linux" in nobody.get("/account/security").text
    assert actions(case)[-1] == ("basim", "signed_in", "basim")
    with case.store.read() as s:
        assert PASSWORD not in s.credentials.of("basim", "password")[0].secret


@pytest.mark.parametrize(("person", "password"), [("basim", PASSWORD + " "), ("basim", ""), ("rim", PASSWORD)])
def test_a_wrong_one_opens_nothing(client: Client, case: Case, person: str, password: str) -> None:
    with_password(case, "basim")
    nobody = client(None)
    assert sign_in(nobody, person, password) == 401
    assert nobody.get("/queue").status_code == 303
    assert actions(case)[-1] == (None, "sign_in_refused", person)


def test_somebody_who_left_does_not_come_in(client: Client, case: Case) -> None:
    with_password(case, "rim")
    with case.store.write() as s:
        s.people.put(Person("rim", "Rim", "reader", active=False))
    assert sign_in(client(None), "rim") == 401


def test_what_is_typed_as_a_name_is_not_kept_where_it_is_nobodys(client: Client, case: Case) -> None:
    sign_in(client(None), "correct-horse-battery-staple", "x")
    assert actions(case)[-1] == (None, "sign_in_refused", None)
    kept = b"".join(p.read_bytes() for p in case.folder.rglob("*") if p.is_file())
    assert b"correct-horse" not in kept


def test_a_cheap_hash_is_made_anew_on_signing_in(client: Client, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    with_password(case, "basim")
    dearer = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(_passwords, "_hasher", lambda: dearer)

    def kept() -> str:
        with case.store.read() as s:
            return s.credentials.of("basim", "password")[0].secret

    old = kept()
    assert sign_in(client(None), "basim", "wrong") == 401 and kept() == old
    assert sign_in(client(None), "basim") == 303
    assert kept() != old and "m=16,t=2" in kept() and not _passwords.outdated(kept())
    assert sign_in(client(None), "basim") == 303


def test_passwords_cost_what_rfc_9106_asks() -> None:
    from argon2 import Type, extract_parameters
    from argon2.profiles import RFC_9106_LOW_MEMORY

    made = extract_parameters(PasswordHasher().hash("x"))
    assert made == RFC_9106_LOW_MEMORY and made.type is Type.ID


@pytest.mark.parametrize(
    "weak",
    ["short", "aaaaaaaaaaaaaaaa", "basim basim basim", "abababababababab", "x" * 257, "the market of tell warda"],
)
def test_easy_passwords_are_refused(client: Client, case: Case, weak: str) -> None:
    basim = client("basim")
    assert basim.post("/account/password", data={"password": weak, "again": weak}).status_code == 422
    with case.store.read() as s:
        assert s.credentials.of("basim") == []


def test_a_password_ends_the_other_sessions(client: Client, case: Case) -> None:
    one, other = client("basim"), client("basim")
    assert one.post("/account/password", data={"password": PASSWORD, "again": "else"}).status_code == 422
    assert one.post("/account/password", data={"password": PASSWORD, "again": PASSWORD}).status_code == 303
    assert one.get("/queue").status_code == 200 and other.get("/queue").status_code == 303


# Second factor


def test_the_second_factor_is_set_up_and_asked_for(client: Client, case: Case) -> None:
    with_password(case, "basim")
    basim = client("basim")
    page = basim.post("/account/second").text
    secret = re.sub(r"\s", "", re.search(r"<code>([A-Z2-7 ]{32,})</code>", page)[1])  # type: ignore[index]
    name = re.search(r'name="name" value="([^"]+)"', page)[1]  # type: ignore[index]
    wrong = basim.post("/account/second/confirm", data={"name": name, "code": "000000x"})
    assert wrong.status_code == 422
    name = re.search(r'name="name" value="([^"]+)"', wrong.text)[1]  # type: ignore[index]
    assert client("rim").post("/account/second/confirm", data={"name": name, "code": "1"}).status_code == 410
    page = basim.post("/account/second").text
    secret = re.sub(r"\s", "", re.search(r"<code>([A-Z2-7 ]{32,})</code>", page)[1])  # type: ignore[index]
    name = re.search(r'name="name" value="([^"]+)"', page)[1]  # type: ignore[index]
    shown = basim.post("/account/second/confirm", data={"name": name, "code": now_code(secret)})
    recovery = re.findall(r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>", shown.text)
    assert shown.status_code == 200 and len(set(recovery)) == 10
    with case.store.read() as s:
        kept = [c.secret for c in s.credentials.of("basim")]
    assert not any(secret in k for k in kept), "the secret is sealed"
    assert not any(r.replace("-", "") in k for k in kept for r in recovery)

    nobody = client(None)
    answer = nobody.post("/sign-in/password", data={"id": "basim", "password": PASSWORD})
    assert answer.headers["location"] == "/sign-in/code"
    assert nobody.get("/queue").status_code == 303, "half is not enough"
    assert nobody.post("/sign-in/code", data={"code": now_code(secret)}).status_code == 401, "used when it was set up"
    used = nobody.post("/sign-in/code", data={"code": recovery[3].upper().replace("-", " ")})
    assert (used.status_code, used.headers["location"]) == (303, "/queue")
    assert nobody.get("/queue").status_code == 200
    assert [a for _, a, _ in actions(case)][-2:] == ["recovery_used", "signed_in"]
    other = client(None)
    other.post("/sign-in/password", data={"id": "basim", "password": PASSWORD})
    assert other.post("/sign-in/code", data={"code": recovery[3]}).status_code == 401, "each once"


def test_a_code_works_once(client: Client, case: Case) -> None:
    with_password(case, "basim")
    secret, _ = with_codes(case, "basim")
    code = now_code(secret)
    first, second = client(None), client(None)
    for one in (first, second):
        assert sign_in(one, "basim") == 303
    assert first.post("/sign-in/code", data={"code": code}).status_code == 303
    assert second.post("/sign-in/code", data={"code": code}).status_code == 401


def test_without_the_first_step_there_is_no_second(client: Client, case: Case) -> None:
    secret, _ = with_codes(case, "basim")
    nobody = client(None)
    assert nobody.get("/sign-in/code").headers["location"] == "/sign-in"
    assert nobody.post("/sign-in/code", data={"code": now_code(secret)}).headers["location"] == "/sign-in"


def test_a_link_that_an_editor_sends_does_not_stand_in_for_the_code(client: Client, case: Case) -> None:
    secret, _ = with_codes(case, "basim")
    page = client("amal").post("/people/invite", data={"id": "basim"}).text
    token = re.search(r"sign-in\?link=([\w-]+)", page)[1]  # type: ignore[index]
    nobody = client(None)
    assert nobody.post("/sign-in", data={"link": token}).headers["location"] == "/sign-in/code"
    assert nobody.get("/queue").status_code == 303
    assert nobody.post("/sign-in/code", data={"code": now_code(secret)}).status_code == 303
    assert nobody.get("/queue").status_code == 200
    assert ("amal", "link_made", "basim") in actions(case)


def test_a_case_may_ask_everybody_for_a_second_factor(case: Case, client: Client) -> None:
    text = (case.folder / "settings.toml").read_text("utf-8").replace("second_factor = false", "second_factor = true")
    (case.folder / "settings.toml").write_text(text, "utf-8")
    with open_case(case.folder, person="amal") as again:
        app = create_app(again)
        headers = {"sec-fetch-site": "same-origin", "cookie": enter(again, "basim")}
        basim = TestClient(app, base_url=ORIGIN, headers=headers, follow_redirects=False)
        assert basim.get("/queue").headers["location"] == "/account/security"
        assert basim.post("/judge", data={}).headers["location"] == "/account/security"
        assert "asks everybody" in basim.get("/account/security").text
        with_codes(again, "basim")
        assert basim.get("/queue").status_code == 200


def test_another_key_opens_no_second_factor(case: Case, client: Client) -> None:
    with_password(case, "basim")
    with_codes(case, "basim")
    key = case.folder / "keys" / "desk.key"
    assert key.stat().st_mode & 0o777 == 0o600
    sealed = Box(case.folder).seal("x")
    key.write_bytes(b"\0" * 32)
    with pytest.raises(CaseError, match="marsad people"):
        Box(case.folder).open(sealed)
    nobody = client(None)
    sign_in(nobody, "basim")
    answer = nobody.post("/sign-in/code", data={"code": "123456"})
    assert answer.status_code == 422 and "is not the key" in answer.text


# Guessing


def test_guessing_one_persons_password_becomes_slow(client: Client, case: Case) -> None:
    with_password(case, "basim")
    with_password(case, "rim")
    nobody = client(None)
    assert [sign_in(nobody, "basim", f"guess {n}") for n in range(5)] == [401] * 5
    answer = nobody.post("/sign-in/password", data={"id": "basim", "password": PASSWORD})
    assert answer.status_code == 429 and int(answer.headers["retry-after"]) > 60
    restarted = TestClient(create_app(case), base_url="http://127.0.0.1", headers={"sec-fetch-site": "same-origin"})
    assert sign_in(restarted, "basim") == 429, "starting again forgets nothing"
    assert sign_in(client(None), "rim") == 303, "nobody else waits"
    with case.store.write() as s:
        waited = int(time.time()) + _entry.PERSON_EVERY + 1
        assert (
            s.throttle.spend(Box(case.folder).mark("person basim"), _entry.PERSON_EVERY, _entry.PERSON_BURST, waited)
            == 0
        )


def test_coming_in_forgets_the_wrong_attempts(client: Client, case: Case) -> None:
    with_password(case, "basim")
    for _ in range(3):
        assert [sign_in(client(None), "basim", "wrong") for _ in range(4)] == [401] * 4
        assert sign_in(client(None), "basim") == 303


def test_a_right_password_gives_no_more_guesses_at_the_code(client: Client, case: Case) -> None:
    with_password(case, "basim")
    with_codes(case, "basim")
    answers = []
    for n in range(8):
        nobody = client(None)
        answers.append(sign_in(nobody, "basim"))
        if answers[-1] == 303:
            answers.append(nobody.post("/sign-in/code", data={"code": f"{n:06}"}).status_code)
    assert answers.count(401) <= 3 and answers[-1] == 429


def test_guessing_from_one_address_becomes_slow(client: Client, case: Case) -> None:
    statuses = [sign_in(client(None), f"nobody{n}", "x") for n in range(_entry.ADDRESS_BURST + 2)]
    assert statuses == [401] * _entry.ADDRESS_BURST + [429] * 2
    kept = b"".join(p.read_bytes() for p in case.folder.rglob("case.sqlite*"))
    assert b"testclient" not in kept, "the address itself is not kept"


def test_attempts_at_once_gain_nothing(case: Case) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with_password(case, "basim")
    entry = _entry.Entry(case.store, Access(case.store, case.folder, 12), Box(case.folder))

    def guess(n: int) -> bool:
        try:
            entry.by_password("basim", f"guess {n}", f"192.0.2.{n}")
        except _entry.TooMany:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(guess, range(16))) == _entry.PERSON_BURST


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2:bbbb::2", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
    ],
)
def test_addresses_of_one_household_are_one(one: str, other: str, same: bool) -> None:
    assert (_entry.network_of(one) == _entry.network_of(other)) is same


@given(st.integers(1, 500), st.integers(1, 20), st.lists(st.integers(0, 700), min_size=1, max_size=30))
def test_no_more_attempts_pass_than_the_rate_allows(every: int, burst: int, gaps: list[int]) -> None:
    now, passed = 1_900_000_000, []
    with THROTTLES.write() as s:
        s.throttle.clear("k")
        for gap in gaps:
            now += gap
            wait = s.throttle.spend("k", every, burst, now)
            if wait:
                assert s.throttle.spend("k", every, burst, now + wait - 1) == 1, "waiting less is not enough"
            else:
                passed.append(now)
    for i, first in enumerate(passed):
        for j in range(i, len(passed)):
            assert j - i + 1 <= burst + (passed[j] - first) // every


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
