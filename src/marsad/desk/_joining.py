"""How somebody becomes, stays or ceases to be one of the case's people: rules that page, invitation and API share."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ..errors import JudgementRefused
from ..model import Person, codes
from ..store import Credential, Invitation, Session
from ._access import digest, iso
from ._i18n import _

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
INVITATION_DAYS = 3


def checked_id(wanted: str) -> str | None:
    """What is wrong with a new id (a message of the catalog), or None."""
    if _ID.fullmatch(wanted):
        return None
    return _("An id is 1 to 40 small letters, digits, dots, dashes: for example 'amal' or 'amal.h'.")


def offer(s: Session, by: str, role: str, label: str, now: datetime | None = None) -> str:
    """A new invitation's token: for one person, in one role, for three days. Raises JudgementRefused."""
    if role not in codes.ROLES:
        raise JudgementRefused(_("That is not a role of the case."))
    token, name, at = secrets.token_urlsafe(32), secrets.token_hex(6), now or datetime.now(UTC)
    until = iso(at + timedelta(days=INVITATION_DAYS))
    s.invitations.add(digest(token), Invitation(name, role, label, by, iso(at), until))
    s.audit.add(iso(at), by, "invitation_made", name, role=role, label=label)
    return token


def joined(s: Session, invitation: Invitation, person: str, name: str, password: str, now: str) -> Person:
    """The new person, with the hash of their password; the invitation is used up."""
    new = Person(person, name, invitation.role)
    s.people.put(new)
    s.credentials.add(Credential(f"password:{person}", person, "password", password, now))
    s.invitations.end(invitation.id, now, used_by=person)
    s.audit.add(now, person, "invitation_used", person, invitation=invitation.id, role=invitation.role)
    return new


def put(s: Session, by: str, person: str, *, role: str, name: str | None, active: bool, new: bool) -> Person:
    """Add a person, or change the name, role or activity of one. Raises JudgementRefused.

    The last active editor stays an editor. A session does not outlive the role that it was opened under.
    """
    was = s.people.get(person)
    if new and (wrong := checked_id(person)):
        raise JudgementRefused(wrong)
    if role not in codes.ROLES:
        raise JudgementRefused(_("That is not a role of the case."))
    if new and was is not None:
        raise JudgementRefused(_("That id is taken; choose another."))
    if not new and was is None:
        raise JudgementRefused(_("There is nobody of that id."))
    now = Person(person, name or (was.name if was else person), role, active) if was is None else was
    now = replace(now, name=name or now.name, role=role, active=active)
    others = [p for p in s.people.all() if p.active and p.role == "editor" and p.id != person]
    if not others and (now.role != "editor" or not now.active):
        raise JudgementRefused(_("A case needs an active editor; make somebody else one first."))
    s.people.put(now)
    at = iso(None)
    s.audit.add(at, by, "person_added" if was is None else "person_changed", person, role=role, active=active)
    if was is not None and (was.role != now.role or not now.active) and person != by:
        s.logins.end_all(person, at)
    return now


def reset(s: Session, by: str, person: str) -> None:
    """Take away everything that a person signs in with, and end their sessions and tokens."""
    at = iso(None)
    taken = sorted({c.kind for c in s.credentials.of(person)})
    s.credentials.remove(person)
    s.logins.end_all(person, at)
    s.audit.add(at, by, "sign_in_reset", person, taken=taken)
