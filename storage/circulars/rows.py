"""A circular as its officers find it: only whoever may handle it, and only while it takes what is to be done."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from domain.circulars.audience import ministries_of
from domain.circulars.life import CircularAct, CircularRefusal, CircularRefused, CircularState, is_possible
from storage.outbox_claims import Now
from storage.reference import Reference
from storage.submissions.actor import Actor
from storage.tables import Circular, Person


class LetterTitle(NamedTuple):
    """By what a letter is known to others."""

    letter_no: str
    letter_date: date | None
    subject: str


def subject_of(circular_id: int) -> str:
    """Return what the audit trail calls a circular."""
    return f"circular:{circular_id}"


def handled_by(reference: Reference, person: str) -> frozenset[int] | None:
    """Return the ministries (unit ids) whose circulars somebody (a code) handles; None: all there are."""
    ministries = ministries_of(reference.rules.organisation, person)
    return None if ministries is None else frozenset(reference.unit_ids[ministry] for ministry in ministries)


def of_handler(query: Select[*tuple[Any, ...]], reference: Reference, by: Actor) -> Select[*tuple[Any, ...]]:
    """Return the query for those circulars alone that ``by`` may know of: of drafts only the own ones."""
    is_shown = (Circular.maker_id == by.person_id) | (Circular.state != CircularState.DRAFT)
    ministries = handled_by(reference, by.code)
    query = query.where(is_shown)
    return query if ministries is None else query.where(Circular.ministry_id.in_(ministries))


def found(session: Session, reference: Reference, by: Actor, circular_id: int) -> Circular:
    """Return the circular, to be looked at.

    Raises:
        CircularRefused: NOT_YOURS: there is none, or it is not for ``by``.
    """
    query = of_handler(select(Circular).where(Circular.id == circular_id), reference, by)
    row: Circular | None = session.scalar(query)
    if row is None:
        raise CircularRefused(CircularRefusal.NOT_YOURS)
    return row


def maker_of(session: Session, row: Circular) -> str:
    """Return who (a code) made a circular."""
    return session.scalars(select(Person.code).where(Person.id == row.maker_id)).one()


def releaser_of(session: Session, row: Circular) -> str:
    """Return who (a name) released a circular; "" as long as nobody did."""
    return session.scalar(select(Person.full_name).where(Person.id == row.released_by_id)) or ""


def title_of(session: Session, circular_id: int) -> LetterTitle | None:
    """Return what a circular is called, whosever it is; None: there is none."""
    query = select(Circular.letter_no, Circular.letter_date, Circular.subject).where(Circular.id == circular_id)
    found = session.execute(query).one_or_none()
    return None if found is None else LetterTitle(*found)


def locked(
    session: Session, reference: Reference, by: Actor, circular_id: int, act: CircularAct, version: int | None = None
) -> Circular:
    """Return the circular, locked until the transaction ends, where ``act`` is possible now.

    ``version`` is the one that was shown, None where any will do.

    Raises:
        CircularRefused: NOT_YOURS, WRONG_STATE or STALE_VERSION; nothing was changed.
    """
    query = of_handler(select(Circular).where(Circular.id == circular_id), reference, by)
    row: Circular | None = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise CircularRefused(CircularRefusal.NOT_YOURS)
    if not is_possible(act, row.state):
        raise CircularRefused(CircularRefusal.WRONG_STATE)
    if version is not None and row.version != version:
        raise CircularRefused(CircularRefusal.STALE_VERSION)
    return row


def changed(row: Circular, at: Now) -> None:
    """Note that what a circular says, to whom, when or with which files is another now."""
    row.version += 1
    row.changed_at = at.business
