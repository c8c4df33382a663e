"""A circular as one who got it finds it now, and what such a one does with it: opening and acknowledging.

Who got none, is linked no more or holds no post finds exactly what there is of an unknown circular: nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Row, Select, and_, exists, false, or_, select, update
from sqlalchemy.orm import Session

from domain.circulars.letters import Relation, Urgency
from domain.circulars.life import CircularState
from domain.circulars.searching import matches
from storage.circulars.drafts import Draft, draft, read
from storage.circulars.later_letters import LaterLetter
from storage.outbox_claims import Now
from storage.reference import Reference
from storage.submissions.actor import Actor
from storage.tables import Circular, CircularBatch, CircularRecipient
from storage.tables.messaging import OutboxState

_ROW = CircularRecipient
_TRIED = (OutboxState.SENDING, OutboxState.SENT, OutboxState.PARKED, OutboxState.EXPIRED)


@dataclass(frozen=True, slots=True)
class LetterRead:
    """A circular as somebody may read it now. Instants are business time.

    ``is_recipient`` is False for those who only look after it; they have nothing to acknowledge. ``later`` is the
    letter that withdrew it or, if none did, that corrected it last; ``got_later``: that came to the reader, too.
    """

    sheet: Draft
    is_recipient: bool
    opened_at: datetime | None = None
    acknowledged_at: datetime | None = None
    later: LaterLetter | None = None
    got_later: bool = False

    @property
    def is_withdrawn(self) -> bool:
        """Whether it holds no more."""
        return self.later is not None and self.later.relation is Relation.WITHDRAWS

    @property
    def waits(self) -> bool:
        """Whether its reader is still to acknowledge it."""
        wants = self.is_recipient and self.sheet.letter.wants_acknowledgement
        return wants and self.acknowledged_at is None and not self.is_withdrawn


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What an acknowledgement led to: ``at`` is its first instant (business time), ``is_first`` whether this was it.

    ``at`` None: the letter wants none, or its presser only looks after it; nothing was noted.
    """

    letter: LetterRead
    at: datetime | None
    is_first: bool


@dataclass(frozen=True, slots=True)
class LetterListed:
    """A circular in the list of one who got it; ``came_at`` is when it did, or when it was released."""

    circular_id: int
    letter_no: str
    letter_date: date | None
    urgency: Urgency
    subject: str
    relation: Relation | None
    came_at: datetime
    acknowledge_by: date | None
    acknowledged_at: datetime | None
    waits: bool
    is_withdrawn: bool


def readable(session: Session, reference: Reference, by: Actor, circular_id: int, now: datetime) -> LetterRead:
    """Return a circular that came to ``by``, or that ``by`` looks after.

    Raises:
        CircularRefused: NOT_YOURS.
    """
    columns = _ROW.opened_at, _ROW.acknowledged_at
    query = _received(select(Circular, *columns), reference, by, now).where(_ROW.circular_id == circular_id)
    found = session.execute(query).one_or_none()
    later, got_later = _later(session, by, [circular_id], now).get(circular_id, (None, False))
    if found is None:
        return LetterRead(draft(session, reference, by, circular_id), False, None, None, later, got_later)
    circular, opened_at, acknowledged_at = found
    return LetterRead(read(session, circular), True, opened_at, acknowledged_at, later, got_later)


def acknowledge(session: Session, reference: Reference, by: Actor, circular_id: int, at: Now) -> Acknowledged:
    """Note that ``by`` acknowledges a circular, and return how it stands then; the first instant is kept.

    It is never too late for that, and what was withdrawn since can be acknowledged, too.

    Raises:
        CircularRefused: NOT_YOURS; nothing was changed.
    """
    letter = readable(session, reference, by, circular_id, at.business)
    if not (letter.is_recipient and letter.sheet.letter.wants_acknowledgement):
        return Acknowledged(letter, None, is_first=False)
    if _note(session, by, circular_id, {"acknowledged_at": at.business}):
        return Acknowledged(replace(letter, acknowledged_at=at.business), at.business, is_first=True)
    letter = readable(session, reference, by, circular_id, at.business)  # another press, or the end of the circular
    return Acknowledged(letter, letter.acknowledged_at, is_first=False)


def note_opened(session: Session, by: Actor, circular_id: int, at: Now) -> None:
    """Note that ``by`` opened the documents of a circular that came, if that was the first time."""
    _note(session, by, circular_id, {"opened_at": at.business})


def received(
    session: Session, reference: Reference, by: Actor, now: datetime, words: str = ""
) -> Sequence[LetterListed]:
    """Return the circulars that came to ``by``: those that wait first, the nearest day before, then the newest.

    ``words`` are of the number or the subject (``domain.circulars.searching``); none: all.
    """
    row = Circular
    columns = (
        row.id, row.letter_no, row.letter_date, row.urgency, row.subject, row.relation, row.released_at,
        row.wants_acknowledgement, row.acknowledge_by, _ROW.sent_at, _ROW.acknowledged_at,
    )  # fmt: skip
    rows = session.execute(_received(select(*columns), reference, by, now))
    found = [one for one in rows if not words or matches(words, one.letter_no, one.subject)]
    later = _later(session, by, [one.id for one in found], now)
    letters = [_listed(one, later.get(one.id, (None, False))[0]) for one in found]
    newest = sorted(letters, key=lambda letter: (letter.came_at, letter.circular_id), reverse=True)
    return sorted(newest, key=lambda letter: (not letter.waits, letter.acknowledge_by or date.max))


def _listed(one: Row[*tuple[Any, ...]], later: LaterLetter | None) -> LetterListed:
    is_withdrawn = later is not None and later.relation is Relation.WITHDRAWS
    waits = one.wants_acknowledgement and one.acknowledged_at is None and not is_withdrawn
    return LetterListed(
        circular_id=one.id,
        letter_no=one.letter_no,
        letter_date=one.letter_date,
        urgency=one.urgency,
        subject=one.subject,
        relation=one.relation,
        came_at=one.sent_at or one.released_at,
        acknowledge_by=one.acknowledge_by if waits else None,
        acknowledged_at=one.acknowledged_at,
        waits=waits,
        is_withdrawn=is_withdrawn,
    )


def _received(
    query: Select[*tuple[Any, ...]], reference: Reference, by: Actor, now: datetime
) -> Select[*tuple[Any, ...]]:
    """Return the query of circulars and rows of recipients for what came to ``by``; nothing comes without a post."""
    query = query.join(_ROW, _ROW.circular_id == Circular.id).where(_ROW.person_id == by.person_id, _came(now))
    return query if reference.rules.organisation.posts_of(by.code) else query.where(false())


def _came(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a circular came to one of its recipients, or would have if that had been possible.

    Before its hour nobody learns of it; when it was cancelled, those alone to whom it had gone by then.
    """
    is_named = and_(_ROW.state != OutboxState.CANCELLED, _has_begun(now))
    return or_(_ROW.state.in_(_TRIED), _ROW.acknowledged_at.is_not(None), is_named)


def _has_begun(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a circular has begun to go out: its hour came, whatever was done with it since."""
    is_going = and_(Circular.state == CircularState.SENDING, Circular.not_before <= now)
    has_batch = exists().where(CircularBatch.circular_id == Circular.id).correlate(Circular)
    return or_(Circular.state == CircularState.SENT, is_going, has_batch)


def _later(
    session: Session, by: Actor, circulars: Collection[int], now: datetime
) -> Mapping[int, tuple[LaterLetter, bool]]:
    """Return which letters went out about earlier ones (ids), by these, and whether each came to ``by``, too.

    A withdrawal goes before corrections, of these the last.
    """
    row = Circular
    came = exists().where(_ROW.circular_id == row.id, _ROW.person_id == by.person_id, _came(now)).correlate(row)
    query: Select[*tuple[Any, ...]] = (
        select(row.about_id, row.id, row.relation, row.letter_no, row.letter_date, row.subject, row.released_at, came)
        .where(row.about_id.in_(circulars), row.released_at.is_not(None), _has_begun(now))
        .order_by(row.relation == Relation.WITHDRAWS, row.released_at, row.id)
    )
    return {about: (LaterLetter(*values), got) for about, *values, got in session.execute(query)}


def _note(session: Session, by: Actor, circular_id: int, first: Mapping[str, datetime]) -> bool:
    """Write an instant into the row of a recipient where there is none yet, and tell whether it was written."""
    (name,) = first
    statement = (
        update(_ROW)
        .where(_ROW.circular_id == circular_id, _ROW.person_id == by.person_id)
        .where(_ROW.state != OutboxState.CANCELLED, getattr(_ROW, name).is_(None))
        .values(first)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", session.execute(statement)).rowcount == 1
