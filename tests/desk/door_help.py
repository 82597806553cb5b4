"""What the tests of signing in share: people with passwords and second factors, and what was written down of them."""

import time

from starlette.testclient import TestClient

from marsad.desk import Access
from marsad.desk._signin import _codes, _entry, _passwords
from marsad.desk._signin._box import Box
from marsad.pipeline import Case
from marsad.store import Credential

PASSWORD = "seven green kettles"
ORIGIN = "http://localhost:8000"
"""A host name that passkeys can belong to."""


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
