"""When circulars may go out: in their ministry's hours for news."""

from __future__ import annotations

from datetime import datetime

from domain.policy import DEFAULT_POLICY, ReminderPolicy
from domain.sending_hours import next_news_time
from storage.circulars.calendar import closes_today
from storage.reference import Reference
from storage.tables import Circular


def next_hour(reference: Reference, row: Circular, moment: datetime) -> datetime:
    """Return when a circular may go out from ``moment`` on (business time): ``moment`` itself within the hours."""
    is_last_day = closes_today(reference, row.ministry_id)
    return next_news_time(moment, policy_of(reference, row), reference.rules.calendar, is_last_day=is_last_day)


def policy_of(reference: Reference, row: Circular) -> ReminderPolicy:
    """Return the policy that binds a circular: its ministry's, or the usual one outside of any ministry."""
    if row.ministry_id is None:
        return DEFAULT_POLICY
    return reference.rules.policy(reference.unit_codes[row.ministry_id])
