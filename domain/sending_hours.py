"""When messages may go out (``domain.md`` §10; ``architecture.md`` §3, 7)."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.policy import ReminderPolicy
from domain.reminders import BANGKOK
from domain.workdays import WorkingCalendar


def next_sending_time(now: datetime, policy: ReminderPolicy, calendar: WorkingCalendar) -> datetime:
    """Return ``now`` within the sending hours of a working day, else the next such morning (Asia/Bangkok)."""
    local = now.astimezone(BANGKOK)
    day = local.date()
    if calendar.is_working(day):
        if local.time() < policy.send_from:
            return datetime.combine(day, policy.send_from, BANGKOK)
        if local.time() <= policy.send_until:
            return local
    return datetime.combine(calendar.on_or_after(day + timedelta(days=1)), policy.send_from, BANGKOK)
