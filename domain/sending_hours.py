"""When messages may go out (``domain.md`` §10; ``architecture.md`` §3, 7)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import NamedTuple

from domain.policy import ReminderPolicy
from domain.reminders import BANGKOK
from domain.workdays import WorkingCalendar

LAST_DAY_UNTIL = time(21)
"""On a window's last day news go out until this hour (Bangkok), holiday or not: what came back is mended today."""


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


def next_news_time(now: datetime, policy: ReminderPolicy, calendar: WorkingCalendar, *, is_last_day: bool) -> datetime:
    """Return when news of a decision may go out from ``now`` on: as reminders do, on a last day until 21:00."""
    local = now.astimezone(BANGKOK)
    if is_last_day and local.time() <= LAST_DAY_UNTIL:
        return max(local, datetime.combine(local.date(), policy.send_from, BANGKOK))
    return next_sending_time(now, policy, calendar)


class NewsHours(NamedTuple):
    """The hours for news of something that a ministry's policy and, today, perhaps a window's last day bind."""

    policy: ReminderPolicy
    is_last_day: bool

    def next_time(self, now: datetime, calendar: WorkingCalendar) -> datetime:
        """Return when news may go out from ``now`` on."""
        return next_news_time(now, self.policy, calendar, is_last_day=self.is_last_day)
