"""Signing in: codes, passwords and second factors; guessing is slow."""

import re
import time

import pytest
from argon2 import PasswordHasher
from desk_fiction import Client, enter
from door_help import ORIGIN, PASSWORD, actions, now_code, sign_in, with_codes, with_password
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from marsad.desk import Access, create_app
from marsad.desk._signin import _codes, _entry, _passwords
from marsad.desk._signin._box import Box
from marsad.errors import CaseError
from marsad.model import Person
from marsad.pipeline import Case, open_case
from marsad.store import Store

THROTTLES = Store.open("sqlite://")
pytestmark = pytest.mark.usefixtures("cheap_hashes")


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
