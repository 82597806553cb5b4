from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from desk_fiction import enter

from marsad.desk import Access
from marsad.desk._access import LINK_MINUTES, allows
from marsad.errors import JudgementRefused
from marsad.model import Person
from marsad.pipeline import Case

NOW = datetime(2031, 3, 12, 9, 0, tzinfo=UTC)


@pytest.fixture
def access(case: Case) -> Access:
    return Access(case.store, case.folder, session_hours=12)


def test_a_link_works_once(access: Access) -> None:
    token = access.link("basim", NOW)
    assert access.invited(token, NOW) == access.invited(token, NOW), "looking does not use it up"
    entered = access.redeem(token, NOW)
    assert entered is not None and entered[1].id == "basim"
    assert access.redeem(token, NOW) is None
    assert access.invited(token, NOW) is None


def test_a_link_expires(access: Access) -> None:
    token = access.link("basim", NOW)
    assert access.redeem(token, NOW + timedelta(minutes=LINK_MINUTES, seconds=1)) is None
    token = access.link("basim", NOW)
    assert access.redeem(token, NOW + timedelta(minutes=LINK_MINUTES - 1)) is not None


def test_a_session_lasts_as_long_as_the_settings_say(access: Access) -> None:
    entered = access.redeem(access.link("rim", NOW), NOW)
    assert entered is not None
    session = entered[0]
    assert access.person(session, NOW + timedelta(hours=11)) is not None
    assert access.person(session, NOW + timedelta(hours=12, seconds=1)) is None


def test_links_and_sessions_are_not_each_other(access: Access) -> None:
    token = access.link("rim", NOW)
    assert access.person(token, NOW) is None
    entered = access.redeem(token, NOW)
    assert entered is not None and access.redeem(entered[0], NOW) is None


def test_tokens_are_not_kept(access: Access, case: Case) -> None:
    token = access.link("rim", NOW)
    entered = access.redeem(token, NOW)
    assert entered is not None
    kept = b"".join(p.read_bytes() for p in case.folder.glob("case.sqlite*"))
    assert token.encode() not in kept and entered[0].encode() not in kept


def test_nobody_and_the_inactive_get_no_link(access: Access, case: Case) -> None:
    with pytest.raises(JudgementRefused, match="nobody"):
        access.link("stranger", NOW)
    token, session = access.link("rim", NOW), access.redeem(access.link("rim", NOW), NOW)
    with case.store.write() as s:
        s.people.put(Person("rim", "Rim", "reader", active=False))
    assert access.redeem(token, NOW) is None
    assert session is not None and access.person(session[0], NOW) is None
    with pytest.raises(JudgementRefused):
        access.link("rim", NOW)


def test_signing_out_everywhere_ends_links_and_sessions(access: Access) -> None:
    first, second = (access.redeem(access.link("rim", NOW), NOW) for _ in range(2))
    assert first and second
    access.sign_out(first[0])
    assert access.person(first[0], NOW) is None and access.person(second[0], NOW) is not None
    access.sign_out(second[0], everywhere="rim")
    assert access.person(second[0], NOW) is None


def test_desks_of_two_cases_have_two_cookies(case: Case, tmp_path: Path) -> None:
    other = Access(case.store, tmp_path / "elsewhere", 12)
    assert other.cookie != Access(case.store, case.folder, 12).cookie
    assert enter(case, "amal").startswith(Access(case.store, case.folder, 12).cookie)


def test_roles_include_those_below() -> None:
    people = {r: Person("x", "x", r) for r in ("reader", "analyst", "editor")}
    assert [allows(people["reader"], r) for r in people] == [True, False, False]
    assert [allows(people["analyst"], r) for r in people] == [True, True, False]
    assert [allows(people["editor"], r) for r in people] == [True, True, True]
    assert not allows(Person("x", "x", "king"), "reader")
