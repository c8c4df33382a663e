"""Notices of deputies and handovers right before they go out: within sending hours, and only what is still so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.orm import Session

from domain.permissions import Seat
from domain.reminders import BANGKOK
from scheduler.freezing import Dropped, Frozen, Verdict, outside_hours
from storage.delegations import delegation
from storage.handover_notices import DelegationEvent, DelegationNotice, HandoverNotice, decode, names_in
from storage.outbox_claims import Claimed, Now
from storage.queries.pending import waiting_for
from storage.queries.readers import PersonReading, people_reading
from storage.reference import ReferenceBook

OVER = "over"
"""Why a notice was dropped: the delegation is none any more, or another one."""

Render = Callable[[HandoverNotice, Mapping[str, PersonReading], int], str]
"""Returns the body of a notice, with everybody who is named in it and how much waits for the principal."""


class HandoverFreezer:
    """Renders each notice; outside of sending hours it waits for the next."""

    def __init__(self, render: Render) -> None:
        self._render = render
        self._book = ReferenceBook()

    def prepare(self, session: Session, rows: Sequence[Claimed], now: Now) -> None:
        """Load the rules in force and everybody who is named."""
        today = now.business.astimezone(BANGKOK).date()
        self._reference = self._book.on(session, today)
        self._people = people_reading(session, names_in(decode(row.args) for row in rows), today)

    def freeze(self, session: Session, rows: Sequence[Claimed], now: Now) -> Mapping[int, Verdict]:
        """Return the body of each notice, or why it is not sent, or when it is due again."""
        return {row.id: self._one(session, decode(row.args), now) for row in rows}

    def _one(self, session: Session, notice: HandoverNotice, now: Now) -> Verdict:
        waiting = 0
        if isinstance(notice, DelegationNotice):
            is_told_of_end = notice.event is DelegationEvent.ENDED
            if not is_told_of_end and delegation(session, notice.about.delegation_id) != notice.about:
                return Dropped(OVER)
            waiting = len(waiting_for(session, self._reference, [Seat(notice.about.principal, decides=True)]))
        later = outside_hours(self._reference.rules, notice.reader, now.business)
        return later or Frozen(self._render(notice, self._people, waiting))
