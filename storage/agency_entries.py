"""What plan officers state of their agency's plans, yearly reports and open data: when they came into eMENSCR.

Plans and reports go up their route then (``storage.submissions.plans``). Open-D entries have none (``domain.md`` §6):
they are done once their officer says so, and can be corrected later. We write nothing into eMENSCR ourselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.days_of_entry import check_day_of_entry
from domain.errors import Refusal, TransitionRefused
from domain.obligations import AGENCY_KINDS
from domain.submissions import SubmissionKind
from domain.windows import Occasion, WindowKind
from storage.audit import record
from storage.database import insert_into
from storage.outbox_claims import Now
from storage.queries.duties import open_agency_duties
from storage.reference import Reference
from storage.shared_state import plan_changed
from storage.submissions.actor import Actor
from storage.submissions.rows import plan_subject
from storage.submissions.sending import is_sender
from storage.tables import AgencyDuty
from storage.tables.messaging import AuditAction


class NoSuchDuty(LookupError):
    """Nobody owes such a thing, or the asker does not enter it."""


class Overtaken(Exception):
    """Somebody else said something else since it was looked at; nothing was changed."""


class NameTaken(Exception):
    """The agency has another plan of this name for the same year."""


class DutyKey(NamedTuple):
    """A duty of an agency (a code); ``number`` is its row's id, None for the own plan that no list names."""

    agency: str
    occasion: Occasion
    number: int | None


@dataclass(frozen=True, slots=True)
class Statement:
    """What an officer states; ``entered_on`` None: no day, or that an Open-D entry is not made after all.

    ``plan_name`` corrects the name of a thematic plan; None: it stays. ``seen`` is the revision that the officer looked
    at, None: whatever stands there.
    """

    entered_on: date | None
    reference: str
    plan_name: str | None = None
    seen: int | None = None


def enters_plans_of(reference: Reference, person: str, agency: str) -> bool:
    """Tell whether ``person`` states what became of the agency's plans, yearly reports and open data (codes)."""
    return is_sender(reference, person, agency, SubmissionKind.LEVEL3_PLAN)


def find_duty(session: Session, reference: Reference, person: str, key: DutyKey) -> AgencyDuty | None:
    """Return the row of a duty that ``person`` (a code) enters; None: it is owed, and no list has it yet.

    Raises:
        NoSuchDuty: nobody owes it, or ``person`` does not enter it.
    """
    if key.agency not in reference.unit_ids or key.occasion.kind not in AGENCY_KINDS:
        raise NoSuchDuty(key)
    if not enters_plans_of(reference, person, key.agency):
        raise NoSuchDuty(key)
    about = {"unit_id": reference.unit_ids[key.agency], "kind": key.occasion.kind}
    query = select(AgencyDuty).filter_by(**about, fiscal_year=key.occasion.fiscal_year)
    known = AgencyDuty.plan_name == "" if key.number is None else AgencyDuty.id == key.number
    row = session.scalar(query.where(known))
    if row is None and (key.number is not None or not _is_owed_unlisted(session, reference, key)):
        raise NoSuchDuty(key)
    return row


def duty_row(session: Session, reference: Reference, person: str, key: DutyKey) -> AgencyDuty:
    """Return the row of the duty, which nobody else changes until the transaction ends; begun where there was none.

    Raises:
        NoSuchDuty: nobody owes it, or ``person`` does not enter it.
    """
    row = find_duty(session, reference, person, key)
    if row is not None:
        return locked_duty(session, row.id)
    return begun_duty(session, reference.unit_ids[key.agency], key.occasion, "", is_thematic=False)


def begun_duty(session: Session, unit_id: int, occasion: Occasion, plan_name: str, *, is_thematic: bool) -> AgencyDuty:
    """Return the duty of this name, locked as ``duty_row`` does, whether somebody listed it or not."""
    key = {"unit_id": unit_id, "kind": occasion.kind, "fiscal_year": occasion.fiscal_year, "plan_name": plan_name}
    begun = insert_into(session, AgencyDuty).values(**key, is_thematic=is_thematic)
    session.execute(begun.on_conflict_do_nothing())  # somebody else may begin it at the same time
    return locked_duty(session, session.scalars(select(AgencyDuty.id).filter_by(**key)).one())


def locked_duty(session: Session, number: int) -> AgencyDuty:
    """Return the duty with this id, which nobody else changes until the transaction ends."""
    query = select(AgencyDuty).where(AgencyDuty.id == number).with_for_update(key_share=True)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def enter_open_data(
    session: Session, reference: Reference, by: Actor, key: DutyKey, statement: Statement, at: Now
) -> AgencyDuty:
    """Keep that open data were entered, which makes the duty done at once, or correct or take back what was said.

    Raises:
        NoSuchDuty: nobody owes it, or ``by`` does not enter it.
        TransitionRefused: what is owed goes up a route.
        ImpossibleDay: nothing can have been entered on that day.
        Overtaken: somebody else said something else meanwhile.
    """
    duty = duty_row(session, reference, by.code, key)
    if duty.kind is not WindowKind.OPEN_D:
        raise TransitionRefused(Refusal.WRONG_STATE)
    state(session, reference, by, duty, statement, at)
    duty.entered_on = statement.entered_on
    plan_changed(session, at.real)
    return duty


def state(session: Session, reference: Reference, by: Actor, duty: AgencyDuty, statement: Statement, at: Now) -> None:
    """Keep what an officer states of a locked duty, and by whom, if it is anything new.

    Raises:
        ImpossibleDay: nothing can have been entered on that day.
        Overtaken: somebody else said something else meanwhile.
        NameTaken: the agency has another plan of that name.
    """
    if statement.seen is not None and statement.seen != duty.revision:
        raise Overtaken
    if statement.entered_on is not None:
        check_day_of_entry(statement.entered_on, reference.rules.today)
    before, subject = _told(duty), _subject(reference, duty)
    if duty.is_thematic and statement.plan_name:
        _rename(session, duty, statement.plan_name)
    duty.stated_on, duty.reference = statement.entered_on, statement.reference
    after = _told(duty)
    if after == before:
        return
    duty.revision += 1
    duty.stated_by_id, duty.stated_at = by.person_id, at.business
    record(session, AuditAction.DUTY_STATE, subject, by, at, before=before, after=after)


def _rename(session: Session, duty: AgencyDuty, name: str) -> None:
    """Correct a plan's name; an import still finds it by the one that the office's list has."""
    if name == duty.plan_name:
        return
    others = select(AgencyDuty.id).filter_by(unit_id=duty.unit_id, kind=duty.kind, fiscal_year=duty.fiscal_year)
    is_same = (AgencyDuty.plan_name == name) | (AgencyDuty.listed_as == name)
    if session.scalar(others.where(is_same, AgencyDuty.id != duty.id)) is not None:
        raise NameTaken
    duty.listed_as = duty.listed_as or duty.plan_name
    duty.plan_name = name


def _told(duty: AgencyDuty) -> Mapping[str, Any]:
    named = {"plan_name": duty.plan_name} if duty.is_thematic else {}
    entered_on = duty.stated_on.isoformat() if duty.stated_on else None
    return {**named, "entered_on": entered_on, "reference": duty.reference}


def _subject(reference: Reference, duty: AgencyDuty) -> str:
    agency = reference.unit_codes[duty.unit_id]
    return plan_subject(agency, duty.kind, duty.fiscal_year, duty.listed_as or duty.plan_name)


def _is_owed_unlisted(session: Session, reference: Reference, key: DutyKey) -> bool:
    owed = open_agency_duties(session, reference, [key.agency])
    return any(one.occasion == key.occasion and one.duty_id is None for one in owed)
