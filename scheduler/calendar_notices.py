"""Notices of a changed calendar: in sending hours only, and only of dates that still hold when they go out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.calendar_changes import CalendarChange, WindowChange
from domain.reminders import BANGKOK
from domain.sending_hours import next_sending_time
from scheduler.freezing import Deferred, Dropped, Frozen, Verdict
from storage.calendar_changes import decode
from storage.outbox_claims import Claimed, Now
from storage.queries.readers import PersonReading, people_reading
from storage.queries.rules import load_rules
from storage.queries.windows import load_windows

REPLACED = "replaced"
"""Why a notice was dropped: a yet newer circular, or a correction of its own, came before it went out."""


class CalendarNoticeFreezer:
    """Renders what still holds of each announced change; outside of sending hours the notice waits for the next."""

    def __init__(self, render: Callable[[CalendarChange, PersonReading, datetime], str]) -> None:
        self._render = render

    def prepare(self, session: Session, rows: Sequence[Claimed], now: Now) -> None:
        """Load the rules in force and the readers."""
        today = now.business.astimezone(BANGKOK).date()
        self._rules = load_rules(session, today)
        self._letters = {(w.letter_no, w.issued_on, w.occasion, w.span) for w in load_windows(session)}
        self._readers = people_reading(session, {row.args["person"] for row in rows}, today)

    def freeze(self, _session: Session, rows: Sequence[Claimed], now: Now) -> Mapping[int, Verdict]:
        """Return the body of each notice, or that it is replaced, or when it is due again."""
        return {row.id: self._one(decode(row.args), now.business) for row in rows}

    def _one(self, change: CalendarChange, now: datetime) -> Verdict:
        holding = tuple(window for window in change.changes if self._holds(change, window))
        if not holding:
            return Dropped(REPLACED)
        sending = next_sending_time(now, self._rules.policy(change.unit), self._rules.calendar)
        if sending > now:
            return Deferred(sending)
        return Frozen(self._render(replace(change, changes=holding), self._readers[change.person], now))

    def _holds(self, change: CalendarChange, window: WindowChange) -> bool:
        """Tell whether the new window is in force, or its letter is and says so for other units of the reader's."""
        in_force = self._rules.window(window.occasion, self._rules.organisation.path(change.unit))
        if in_force is None:
            return window.after is None
        if in_force.of(window.stage) == window.after:
            return True
        letter = (change.letter_no, change.issued_on)
        is_latest = (in_force.letter_no, in_force.issued_on) == letter
        return is_latest and (*letter, window.occasion, window.after) in self._letters
