"""Reads who got a circular and who acknowledged it, a thousand people at a time: a country's has a hundred thousand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.circulars.searching import is_of_number, number_parts
from storage.reference import Reference
from storage.tables import Circular, CircularRecipient, Person, RoleAssignment, Unit
from storage.tables.messaging import OutboxState

_PEOPLE_A_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class LedgerLetter:
    """A released circular as its ledger names it."""

    circular_id: int
    letter_no: str
    letter_date: date | None
    subject: str
    wants_acknowledgement: bool


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A recipient: name, position, unit and agency by name, and what became of the letter there (business time)."""

    name: str
    position: str
    unit: str
    agency: str
    state: OutboxState
    reason: str
    sent_at: datetime | None
    opened_at: datetime | None
    acknowledged_at: datetime | None


def letters_named(session: Session, number: str) -> list[LedgerLetter]:
    """Return the released circulars that a number or an id names, oldest first: an id alone, or a whole number.

    Where no circular has the whole number, it is a part of one: the running number of its ministry, say.
    """
    row = Circular
    query = select(row.id, row.letter_no, row.letter_date, row.subject, row.wants_acknowledgement).order_by(row.id)
    released = [LedgerLetter(*values) for values in session.execute(query.where(row.released_at.is_not(None)))]
    sought = number_parts(number)
    return (
        [letter for letter in released if [str(letter.circular_id)] == sought]
        or [letter for letter in released if number_parts(letter.letter_no) == sought]
        or [letter for letter in released if is_of_number(number, letter.letter_no)]
    )


def ledger(session: Session, reference: Reference, circular_id: int) -> Iterator[LedgerLine]:
    """Yield a circular's recipients, unit by unit; the session must stay open meanwhile."""
    row, post = CircularRecipient, RoleAssignment
    position = (
        select(func.max(post.position))
        .where(post.person_id == row.person_id, post.unit_id == row.unit_id)
        .correlate(row)
        .scalar_subquery()
    )
    query = (
        select(
            Person.full_name, position, row.unit_id, row.state, row.reason, row.sent_at, row.opened_at,
            row.acknowledged_at,
        )
        .join(Person, Person.id == row.person_id)
        .join(Unit, Unit.id == row.unit_id)
        .where(row.circular_id == circular_id)
        .order_by(Unit.code, Person.code)
    )  # fmt: skip
    organisation = reference.rules.organisation
    found = session.execute(query, execution_options={"yield_per": _PEOPLE_A_PAGE})
    for name, held, unit_id, *became in found:
        unit = organisation.units[reference.unit_codes[unit_id]]
        agency = organisation.path(unit.code).agency
        yield LedgerLine(name, held or "", unit.name, organisation.units[agency].name if agency else "", *became)


def number_of_recipients(session: Session, circular_id: int) -> int:
    """Return how many lines a ledger has."""
    query = select(func.count()).select_from(CircularRecipient).where(CircularRecipient.circular_id == circular_id)
    return session.scalar(query) or 0
