"""One judgement: checked against the person's role and the thing judged, then appended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from ..errors import JudgementRefused
from ..incidents import standing
from ..model import Claim, Incident, Judgement, Person, codes
from ..store import Session
from ._correct import corrected
from ._standing import standing_in


def decide(session: Session, judgement: Judgement) -> Judgement:
    """Append `judgement` (its `seq` is given here, its `at` if empty) and return it as kept.

    For 'merge' and 'split' of an incident, `others` names claims: those to join it, or those to leave it; `value` keeps
    the claims that were in it and stay, so that the decision means the same after every later run.
    Raises JudgementRefused, in words, if the person may not, or the target, field, value or claims are not there.
    """
    person = session.people.get(judgement.person)
    if person is None or not person.active:
        raise JudgementRefused(f"'{judgement.person}' is not an active person of this case.")
    if judgement.decision not in codes.DECISIONS:
        raise JudgementRefused(f"'{judgement.decision}' is not a decision; known: {', '.join(codes.DECISIONS)}.")
    if judgement.decision not in codes.MAY[person.role]:
        raise JudgementRefused(f"{person.name} is a {person.role} and may not {judgement.decision.replace('_', ' ')}.")
    if judgement.decision == "undo":
        _check_undo(session, judgement, person)
    elif judgement.target_kind == "claim":
        _check_claim(session, judgement)
    elif judgement.target_kind == "incident":
        judgement = _checked_incident(session, judgement)
    elif judgement.target_kind == "name":
        _check_name(judgement, person)
    else:
        raise JudgementRefused(f"A judgement is on a claim, an incident or a name, not on '{judgement.target_kind}'.")
    at = judgement.at or datetime.now(UTC).isoformat(timespec="seconds")
    with _relinked_where_claims_change(session, judgement):
        return session.judgements.add(replace(judgement, at=at))


def require_editor(session: Session, person: str, to: str) -> None:
    """Raise JudgementRefused unless `person` is an active editor; `to` says what only one may ('publish')."""
    who = session.people.get(person)
    if who is None or who.role != "editor" or not who.active:
        raise JudgementRefused(
            f"{person} is not an active editor of this case, and only an editor may {to}. An editor gives that role on "
            f"the desk's People page, or with: marsad people CASE {person} --role editor"
        )


@contextmanager
def _relinked_where_claims_change(session: Session, judgement: Judgement) -> Iterator[None]:
    """Have the report of the judged claim linked again, where the decision changes a claim of it that stands."""
    undone = session.judgements.get(judgement.undoes) if judgement.undoes is not None else None
    on = {j.target for j in (judgement, undone) if j is not None and j.target_kind == "claim"}
    reports = {c.report for c in session.claims.many(on)}
    before = standing_in(session, reports)
    yield
    if reports and standing_in(session, reports) != before:
        session.linking.mark(reports)


def _check_undo(session: Session, judgement: Judgement, person: Person) -> None:
    undone = session.judgements.get(judgement.undoes) if judgement.undoes is not None else None
    if undone is None:
        raise JudgementRefused(f"There is no judgement {judgement.undoes} to undo.")
    if undone.person != person.id and person.role != "editor":
        raise JudgementRefused(f"Judgement {undone.seq} is another person's; only they or an editor may undo it.")
    in_force = {j.seq for j in standing(session.judgements.all())}
    if undone.decision != "undo" and undone.seq not in in_force:
        raise JudgementRefused(f"Judgement {undone.seq} is undone already.")


def _check_claim(session: Session, judgement: Judgement) -> None:
    claim = session.claims.get(judgement.target)
    if claim is None:
        raise JudgementRefused(f"There is no claim '{judgement.target}'.")
    if judgement.decision == "correct":
        _check_correction(session, judgement, claim)
    elif judgement.decision not in ("accept", "reject", "unsure"):
        raise JudgementRefused(f"A claim cannot be judged by '{judgement.decision}'.")


def _check_name(judgement: Judgement, person: Person) -> None:
    if person.role != "editor":
        raise JudgementRefused(f"{person.name} is a {person.role}: only an editor decides which names are released.")
    if judgement.decision not in ("accept", "reject") or not judgement.target.strip():
        raise JudgementRefused("The name of a publisher, party or place is accepted or rejected for release.")


def _check_correction(session: Session, judgement: Judgement, claim: Claim) -> None:
    report = session.reports.get(claim.report)
    if judgement.field is None or report is None:
        raise JudgementRefused("A correction names the field that it sets.")
    # Earlier corrections may have made the element that this one sets, so they are applied first.
    for earlier in standing(session.judgements.of("claim", claim.id)):
        if earlier.decision == "correct" and earlier.field is not None:
            claim = corrected(claim, earlier.field, earlier.value)
    corrected(claim, judgement.field, judgement.value, report.text)


def _checked_incident(session: Session, judgement: Judgement) -> Judgement:
    incident = session.incidents.get(judgement.target)
    if incident is None:
        raise JudgementRefused(f"There is no incident '{judgement.target}'.")
    if judgement.decision == "set_status":
        if judgement.value not in codes.INCIDENT_STATUSES:
            raise JudgementRefused(f"'{judgement.value}' is not a status; known: {', '.join(codes.INCIDENT_STATUSES)}.")
        return judgement
    if judgement.decision not in ("merge", "split"):
        raise JudgementRefused(f"An incident cannot be judged by '{judgement.decision}'; judge its claims.")
    return _checked_membership(session, judgement, incident)


def _checked_membership(session: Session, judgement: Judgement, incident: Incident) -> Judgement:
    others = _claim_ids(session, judgement.others)
    members = set(incident.claims)
    if judgement.decision == "merge":
        others = tuple(c for c in others if c not in members)
        if not others:
            raise JudgementRefused("Name at least one claim or incident, not in this one, to merge with it.")
    else:
        if not set(others) <= members:
            raise JudgementRefused("Only claims of the incident can be split off from it.")
        if not others or set(others) == members:
            raise JudgementRefused("Name some, but not all, of the incident's claims to split off.")
    return replace(judgement, others=others, value=[c for c in incident.claims if c not in others])


def _claim_ids(session: Session, ids: tuple[str, ...]) -> tuple[str, ...]:
    found: list[str] = []
    for given in ids:
        incident = session.incidents.get(given)
        if incident is not None:
            found += incident.claims
        elif session.claims.get(given) is not None:
            found.append(given)
        else:
            raise JudgementRefused(f"There is no claim or incident '{given}'.")
    return tuple(dict.fromkeys(found))
