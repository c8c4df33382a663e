"""Renders every kind of notice for the sender."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.calendar_changes import CalendarChange
from handlers.readers import reader_of
from handlers.reminders import ShowAllDuties, digest_message
from messages_th.alarm import alarm
from messages_th.calendar_changed import calendar_changed
from scheduler.calendar_notices import CalendarNoticeFreezer
from scheduler.freezing import Freezer, Frozen, Verdict
from scheduler.reminders import PlannedReminder, ReminderFreezer
from storage.outbox_claims import Claimed, Now
from storage.queries.readers import PersonReading
from storage.tables.messaging import NoticeKind


class NoticeFreezer:
    """Hands each claimed message to the freezer of its kind."""

    def __init__(self) -> None:
        self._freezers: Mapping[NoticeKind, Freezer] = {
            NoticeKind.REMINDER: ReminderFreezer(_render_reminder),
            NoticeKind.CALENDAR_CHANGED: CalendarNoticeFreezer(_render_calendar_change),
            NoticeKind.ALARM: _AlarmFreezer(),
        }

    def prepare(self, session: Session, rows: Sequence[Claimed], now: Now) -> None:
        """Load what the messages of each kind have in common."""
        for kind, alike in _by_kind(rows).items():
            self._freezers[kind].prepare(session, alike, now)

    def freeze(self, session: Session, rows: Sequence[Claimed], now: Now) -> Mapping[int, Verdict]:
        """Return the body of each message, or why it is not sent, or not yet."""
        results: dict[int, Verdict] = {}
        for kind, alike in _by_kind(rows).items():
            results.update(self._freezers[kind].freeze(session, alike, now))
        return results


def _by_kind(rows: Sequence[Claimed]) -> Mapping[NoticeKind, Sequence[Claimed]]:
    by_kind: dict[NoticeKind, list[Claimed]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row)
    return by_kind


class _AlarmFreezer:
    """Renders alarms, whose arguments say everything."""

    def prepare(self, session: Session, rows: Sequence[Claimed], now: Now) -> None:
        """Load nothing."""

    def freeze(self, _session: Session, rows: Sequence[Claimed], now: Now) -> Mapping[int, Verdict]:
        return {row.id: Frozen(_render_alarm(row.args, now.business)) for row in rows}


def _render_reminder(reminder: PlannedReminder, unit_names: Mapping[str, str]) -> str:
    return digest_message(reminder.digest, reader_of(reminder.reader), unit_names).body


def _render_calendar_change(change: CalendarChange, reader: PersonReading, at: datetime) -> str:
    return calendar_changed(change, reader_of(reader), at, ShowAllDuties().pack()).body


def _render_alarm(args: Mapping[str, Any], at: datetime) -> str:
    facts = dict(args)
    return alarm(facts.pop("topic"), facts, at).body
