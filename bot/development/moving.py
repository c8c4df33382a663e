"""Moves business time on and waits until the clock and the senders have done what is due by then.

Clock and sender are the real ones, in processes of their own; they see the new time in the database.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.clock import ShiftedClock
from domain.policy import DEFAULT_POLICY
from domain.reminders import BANGKOK
from storage import inbox, outbox, outbox_claims, shared_state
from storage.circulars import batches
from storage.database import Database
from storage.holidays import working_calendar
from storage.outbox_claims import Now
from storage.policies import load_policies
from storage.shared_state import StateKey
from storage.tables.conversations import InboxState

PATIENCE_SECONDS = 10.0
"""How long a move waits for what is due; LINE may be away."""

_HELD_BACK_SECONDS = 1.0
"""After so long without a change nobody is at work on what is still due: it waits for quota, or all sending stopped."""

_LOOK_SECONDS = 0.01
_LONG_LOOK_SECONDS = 0.02
"""The same where a look asks for more."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Where business time stands.

    Args:
        now: Business time.
        next_due: The next instant at which something may be due.
        next_working_day: The same hour of the next working day.
        settled: Whether all that is due was done: False while LINE is away.
    """

    now: datetime
    next_due: datetime
    next_working_day: datetime
    settled: bool


class Mover:
    """Sets the clock of all processes on a database."""

    def __init__(self, database: Database, clock: ShiftedClock) -> None:
        self._database = database
        self._clock = clock

    def moment(self, *, settled: bool = True) -> Moment:
        """Return where business time stands."""
        now = self._clock.now()
        with self._database.read() as session:
            return Moment(now, next_due(session, now), _next_working_day(session, now), settled)

    def move(self, to: datetime, patience: float = PATIENCE_SECONDS) -> Moment:
        """Let it be ``to`` now, and return when all that is due by then was done, or after ``patience`` seconds.

        Raises:
            BackInTime: it is later already.
        """
        self._clock.set(to)
        return self.moment(settled=self.settle(to, patience))

    def settle(self, instant: datetime, patience: float = PATIENCE_SECONDS) -> bool:
        """Wait until the clock has ticked for ``instant`` and the senders are done; False when that takes too long."""
        deadline = time.monotonic() + patience
        return self._is_ticked(instant, deadline) and self._is_done(deadline)

    def rest(self, patience: float) -> Moment:
        """Let time stay, and return when what is due was done, or after ``patience`` seconds."""
        return self.moment(settled=self._is_done(time.monotonic() + patience))

    def _is_ticked(self, instant: datetime, deadline: float) -> bool:
        while True:
            with self._database.read() as session:
                ticked = _ticked_for(session)
            if ticked is not None and ticked >= instant:
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(_LOOK_SECONDS)

    def _is_done(self, deadline: float) -> bool:
        last, unchanged_since = None, time.monotonic()
        while True:
            with self._database.read() as session:
                left = self._left(session)
            if left == _NOTHING:
                return True
            if left != last:
                last, unchanged_since = left, time.monotonic()
            if not left.under_way and time.monotonic() - unchanged_since > _HELD_BACK_SECONDS:
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(_LONG_LOOK_SECONDS)

    def _left(self, session: Session) -> _Left:
        now = Now(self._clock.now(), self._clock.real_now())
        events = inbox.open_counts(session)
        retried = outbox_claims.next_ready(session, now) or batches.next_ready(session, now)
        return _Left(
            under_way=retried is not None or any(events.get(state) for state in _AT_WORK),
            due=outbox.due_count(session, now.business),
            circulars=batches.is_work(session, now),
        )


_AT_WORK = (InboxState.RECEIVED, InboxState.WORKING, InboxState.ANSWERING)


@dataclass(frozen=True, slots=True)
class _Left:
    """What is not done yet: something that is surely being worked on, or waits to be; messages due; circulars."""

    under_way: bool
    due: int
    circulars: bool


_NOTHING = _Left(under_way=False, due=0, circulars=False)


def next_due(session: Session, now: datetime) -> datetime:
    """Return the next instant after ``now`` at which something may be due (Bangkok).

    That is the hour at which a ministry's reminders begin on a working day, or the hour of a message or circular that
    waits for it.
    """
    local = now.astimezone(BANGKOK)
    calendar = working_calendar(session, local.year, local.year + 1)
    hours = {policy.send_from for policy in (DEFAULT_POLICY, *load_policies(session).values())}
    mornings = [
        datetime.combine(day, hour, BANGKOK)
        for day in (calendar.on_or_after(local.date()), calendar.after(local.date(), 1))
        for hour in hours
    ]
    waiting = [outbox.next_due(session, now), batches.next_due(session, now)]
    later = [*(morning for morning in mornings if morning > now), *(each for each in waiting if each is not None)]
    return min(later).astimezone(BANGKOK)


def _next_working_day(session: Session, now: datetime) -> datetime:
    local = now.astimezone(BANGKOK)
    day = working_calendar(session, local.year, local.year + 1).after(local.date(), 1)
    return local + timedelta(days=(day - local.date()).days)


def _ticked_for(session: Session) -> datetime | None:
    tick = shared_state.get(session, StateKey.LAST_TICK)
    return None if tick is None or "for" not in tick else datetime.fromisoformat(tick["for"])
