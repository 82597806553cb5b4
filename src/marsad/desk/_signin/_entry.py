"""Coming in: by password and second factor, by passkey, by another's word. Guessing is slow, and all of it is recorded.

Each attempt is counted before it is checked, by the name that was given and by the address that it came from, and kept
in the database: starting the desk again forgets nothing, and many attempts at once gain nothing.
"""

from __future__ import annotations

import time
from datetime import datetime
from ipaddress import IPv6Address, ip_address
from typing import Any

from ...errors import MarsadError
from ...model import Person
from ...store import Credential, Session, Store
from .._access import Access, Entered, iso
from . import _codes, _passkeys, _passwords
from ._box import Box

PERSON_EVERY, PERSON_BURST = 180, 5
"""Five wrong attempts under one name, then one in three minutes."""
ADDRESS_EVERY, ADDRESS_BURST = 20, 30
"""Thirty attempts from one address, then one in twenty seconds."""


class TooMany(MarsadError):
    """Too many attempts; `seconds` to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many attempts. Wait {seconds} seconds.")
        self.seconds = seconds


class Entry:
    """The ways in of one case."""

    def __init__(self, store: Store, access: Access, box: Box) -> None:
        self._store = store
        self._access = access
        self._box = box

    def by_password(self, name: str, password: str, address: str, browser: str = "") -> Entered | None:
        """Come in (half, where a second factor is asked for); None if name and password are not somebody's.

        Raises TooMany.
        """
        key = self._count(name, address)
        with self._store.read() as s:
            person = s.people.get(name)
            kept = next(iter(s.credentials.of(name, "password")), None)
        right = _passwords.good(password, kept.secret if kept else None)
        if not right or person is None or not person.active or kept is None:
            self._refused(person, "password")
            return None
        anew = _passwords.hashed(password) if _passwords.outdated(kept.secret) else None
        with self._store.write() as s:
            half = bool(s.credentials.of(name, "code"))
            s.credentials.used(kept.id, iso(None), kept.counter, anew)
            if not half:
                # With a second factor, a right password alone must not give back attempts at the code.
                s.throttle.clear(key)
            return self._access.begin(s, person, "password", browser=browser, half=half)

    def by_code(self, half: str, given: str, address: str, browser: str = "") -> Entered | None:
        """Come in wholly by a time-based or recovery code; None if it is wrong, or the half ended. Raises TooMany."""
        with self._store.read() as s:
            login, person = self._access.half(s, half)
        if login is None or person is None:
            return None
        key = self._count(person.id, address)
        with self._store.write() as s:
            how = self._second(s, person, given)
            # Ended within the same transaction: two requests with one half open one session.
            if how and s.logins.end(login.id, iso(None)):
                s.throttle.clear(key)
                return self._access.begin(s, person, f"{login.how}+{how}", browser=browser)
        self._refused(person, "code")
        return None

    def by_passkey(self, answer: Any, origin: str, challenge: bytes, address: str, browser: str = "") -> Entered | None:
        """Come in by a passkey that signed `challenge`; None if it is unknown or does not verify. Raises TooMany."""
        self._count(None, address)
        name = answer.get("id") if isinstance(answer, dict) else None
        with self._store.read() as s:
            kept = s.credentials.get(f"passkey:{name}") if isinstance(name, str) else None
            person = s.people.get(kept.person) if kept else None
        counter = _passkeys.signed(answer, kept, origin, challenge) if kept else None
        if kept is None or counter is None or person is None or not person.active:
            self._refused(person, "passkey")
            return None
        with self._store.write() as s:
            s.credentials.used(kept.id, iso(None), counter)
            return self._access.begin(s, person, "passkey", browser=browser)

    def by_word(self, credential: str, browser: str = "") -> Entered | None:
        """Come in as whoever another organisation's account was tied to; None if it is nobody's."""
        with self._store.write() as s:
            kept = s.credentials.get(credential)
            person = s.people.get(kept.person) if kept else None
            if kept is None or person is None or not person.active:
                return None
            s.credentials.used(kept.id, iso(None), 0)
            return self._access.begin(s, person, "oidc", browser=browser)

    def tie(self, credential: str, label: str, person: str) -> bool:
        """Tie another organisation's account to a person; False if it is tied to somebody already."""
        with self._store.write() as s:
            if s.credentials.get(credential) is not None:
                return False
            s.credentials.add(Credential(credential, person, "oidc", "", iso(None), label=label))
            s.audit.add(iso(None), person, "account_tied", person, provider=label)
            return True

    def set_password(self, s: Session, person: str, password: str, now: datetime | None = None) -> None:
        """Keep a password in place of any other."""
        s.credentials.remove(person, "password")
        secret = _passwords.hashed(password)
        s.credentials.add(Credential(f"password:{person}", person, "password", secret, iso(now)))

    def set_second(self, s: Session, person: str, secret: str, given: str) -> list[str] | None:
        """Ask for codes of `secret` from now on, if `given` is one; returns new recovery codes, None if it is wrong."""
        step = _codes.matching_step(secret, given, time.time(), 0)
        if step is None:
            return None
        s.credentials.remove(person, "code")
        sealed = self._box.seal(secret)
        s.credentials.add(Credential(f"code:{person}", person, "code", sealed, iso(None), counter=step))
        return self.set_recovery(s, person)

    def set_recovery(self, s: Session, person: str) -> list[str]:
        """New recovery codes in place of the old ones."""
        s.credentials.remove(person, "recovery")
        given = _codes.new_recovery_codes()
        for n, code in enumerate(given):
            mark = self._recovery(person, code.replace("-", ""))
            s.credentials.add(Credential(f"recovery:{person}:{n}", person, "recovery", mark, iso(None)))
        return given

    def _second(self, s: Session, person: Person, given: str) -> str | None:
        for kept in s.credentials.of(person.id, "code"):
            step = _codes.matching_step(self._box.open(kept.secret), given, time.time(), kept.counter)
            if step is not None:
                s.credentials.used(kept.id, iso(None), step)
                return "code"
        plain = _codes.plain_recovery(given)
        mark = self._recovery(person.id, plain) if plain else ""
        for kept in s.credentials.of(person.id, "recovery"):
            if kept.secret == mark:
                s.credentials.remove(person.id, "recovery", kept.id)
                left = len(s.credentials.of(person.id, "recovery"))
                s.audit.add(iso(None), person.id, "recovery_used", person.id, left=left)
                return "recovery"
        return None

    def _recovery(self, person: str, code: str) -> str:
        return self._box.mark(f"recovery {person} {code}")

    def _count(self, name: str | None, address: str) -> str:
        """Count an attempt; the key to clear when it succeeds."""
        now = int(time.time())
        key = self._box.mark(f"person {name}")
        place = self._box.mark(f"address {network_of(address)}")
        with self._store.write() as s:
            wait = s.throttle.spend(place, ADDRESS_EVERY, ADDRESS_BURST, now)
            if not wait and name is not None:
                wait = s.throttle.spend(key, PERSON_EVERY, PERSON_BURST, now)
        if wait:
            raise TooMany(wait)
        return key

    def _refused(self, person: Person | None, how: str) -> None:
        # What was typed as a name is not kept where it is nobody's: it may have been a password.
        with self._store.write() as s:
            s.audit.add(iso(None), None, "sign_in_refused", person.id if person else None, how=how)


def network_of(address: str) -> str:
    """What stands for one household or office: an IPv4 address, or the first half of an IPv6 one."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped) if mapped else str(IPv6Address(int(found) >> 64 << 64))
    return str(found)
