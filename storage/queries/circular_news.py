"""What news of circulars say when they go out: how each stands then, to those who still look after it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.circulars.life import CircularState, PauseReason
from domain.circulars.news import CircularEvent, CircularNews
from domain.policy import DEFAULT_POLICY
from domain.sending_hours import NewsHours
from storage.circulars.calendar import closes_today
from storage.circulars.hours import policy_of
from storage.circulars.rows import handled_by
from storage.outbox_claims import Now
from storage.outbox_merging import Args
from storage.queries.circulars import last_act, progress
from storage.queries.readers import PersonReading, people_reading
from storage.reference import Reference
from storage.tables import Circular, Person
from storage.tables.messaging import AuditAction

_UNDER_WAY = (CircularState.SCHEDULED, CircularState.SENDING, CircularState.PAUSED)


class CircularNewsReading:
    """Tells what of queued news of circulars holds: of each circular one thing, whatever happened to it before."""

    def __init__(self, session: Session, reference: Reference, _now: Now, pieces: Collection[Args]) -> None:
        self._session = session
        self._reference = reference
        circulars = {piece["circular"] for piece in pieces}
        found = session.scalars(select(Circular).where(Circular.id.in_(circulars)))
        self._rows = {row.id: row for row in found.unique()}

    def holding(self, reader: PersonReading, pieces: Sequence[Args]) -> Sequence[tuple[Args, CircularNews]]:
        """Return what is true and the reader's business, first what asks for something to be done."""
        found: dict[int, tuple[Args, CircularNews]] = {}
        for piece in pieces:
            row = self._rows.get(piece["circular"])
            if row is not None and piece["event"] == self._event(reader, row):
                found[row.id] = piece, self._news(row, CircularEvent(piece["event"]))
        order = list(CircularEvent)
        return sorted(found.values(), key=lambda pair: (order.index(pair[1].event), pair[1].circular_id))

    def hours(self, piece: Args) -> NewsHours:
        """Return when people may be told of what a notice is about."""
        row = self._rows.get(piece["circular"])
        if row is None:
            return NewsHours(DEFAULT_POLICY, is_last_day=False)
        return NewsHours(policy_of(self._reference, row), closes_today(self._reference, row.ministry_id))

    def _event(self, reader: PersonReading, row: Circular) -> CircularEvent | None:
        """Return what is news of a circular to the reader as it stands now; None: nothing is."""
        ministries = handled_by(self._reference, reader.code)
        if ministries is not None and row.ministry_id not in ministries:
            return None
        if row.maker_id != reader.person_id:
            return CircularEvent.WAITS if row.state is CircularState.WAITING_RELEASE else None
        if row.state is CircularState.DRAFT:
            return CircularEvent.SENT_BACK if row.sent_back_reason else None
        if row.state is CircularState.PAUSED and row.pause_reason is PauseReason.FAILURES:
            return CircularEvent.PAUSED
        if row.state in _UNDER_WAY:
            return CircularEvent.RELEASED if row.released_by_id != row.maker_id else None
        return CircularEvent.SENT if row.state is CircularState.SENT else None

    def _news(self, row: Circular, event: CircularEvent) -> CircularNews:
        how_far = progress(self._session, row.id)
        return CircularNews(
            event=event,
            circular_id=row.id,
            letter_no=row.letter_no,
            letter_date=row.letter_date,
            subject=row.subject,
            by=self._by(row, event),
            reason=row.sent_back_reason,
            goes_at=row.not_before,
            sent=how_far.sent,
            waiting=how_far.waiting,
            unreached=how_far.reasons,
            acknowledged=how_far.acknowledged if row.wants_acknowledgement else None,
        )

    def _by(self, row: Circular, event: CircularEvent) -> str:
        """Return who did it, by position or, without one, by name; "" where nobody did."""
        if event is CircularEvent.SENT_BACK:
            act = last_act(self._session, self._reference, row.id)
            return _named(act.by) if act is not None and act.action is AuditAction.CIRCULAR_TAKE_BACK else ""
        by = {CircularEvent.WAITS: row.maker_id, CircularEvent.RELEASED: row.released_by_id}.get(event)
        code = self._session.scalar(select(Person.code).where(Person.id == by))
        return _named(people_reading(self._session, [code], self._reference.rules.today).get(code)) if code else ""


def _named(person: PersonReading | None) -> str:
    return (person.position or person.full_name) if person is not None else ""
