"""Renders every kind of notice for the sender."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.circular_notices import CircularTestFreezer, render_circular_news
from bot.handling import NO_PAGES
from domain.calendar_changes import CalendarChange
from domain.news import ArrivedItem, News, UnheldPost
from domain.windows import Stage, WindowKind
from handlers import handovers
from handlers.circulars.silent_notice import silent_message
from handlers.conversation import Request
from handlers.linking import notice_message
from handlers.readers import reader_of
from handlers.reminders import ShowAllDuties, ShowDuties, digest_message
from handlers.submission_news import arrivals_message, news_message, unheld_message
from messages_th.alarm import alarm
from messages_th.calendar_changed import calendar_changed
from messages_th.chase import Asking, chase_notice
from scheduler.calendar_notices import CalendarNoticeFreezer
from scheduler.chases import ChaseFreezer, DueChase
from scheduler.freezing import Freezer, Frozen, Verdict
from scheduler.gathering import GatheringFreezer, Scene
from scheduler.handover_notices import HandoverFreezer
from scheduler.link_notices import LinkNoticeFreezer
from scheduler.reminders import PlannedReminder, ReminderFreezer
from storage.outbox_claims import Claimed, Now
from storage.queries.arrivals import ArrivalReading
from storage.queries.circular_news import CircularNewsReading
from storage.queries.circular_reminders import SilentLetter, SilentReading
from storage.queries.readers import PersonReading
from storage.queries.submission_news import NewsReading
from storage.queries.unheld import UnheldReading
from storage.submissions.news import GATHERED_FOR
from storage.tables.messaging import NoticeKind

AN_HOUR = timedelta(hours=1)
"""Between two messages that tell a person what came to a step."""


class NoticeFreezer:
    """Hands each claimed message to the freezer of its kind."""

    def __init__(self) -> None:
        self._freezers: Mapping[NoticeKind, Freezer] = {
            NoticeKind.ANSWER: _AnswerFreezer(),
            NoticeKind.REMINDER: ReminderFreezer(_render_reminder),
            NoticeKind.CALENDAR_CHANGED: CalendarNoticeFreezer(_render_calendar_change),
            NoticeKind.ALARM: _AlarmFreezer(),
            NoticeKind.CHASE: ChaseFreezer(_render_chase),
            NoticeKind.LINK_CHANGED: LinkNoticeFreezer(notice_message),
            NoticeKind.HANDOVER: HandoverFreezer(handovers.notice_message),
            NoticeKind.SUBMISSION_NEWS: GatheringFreezer(NewsReading, _render_news, ahead=GATHERED_FOR),
            NoticeKind.ARRIVAL: GatheringFreezer(ArrivalReading, _render_arrivals, pause=AN_HOUR),
            NoticeKind.UNHELD: GatheringFreezer(UnheldReading, _render_unheld, pause=AN_HOUR),
            NoticeKind.CIRCULAR_REMINDER: GatheringFreezer(SilentReading, _render_silent),
            NoticeKind.CIRCULAR_NEWS: GatheringFreezer(CircularNewsReading, render_circular_news),
            NoticeKind.CIRCULAR_TEST: CircularTestFreezer(),
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


class _AnswerFreezer:
    """Hands out answers that could not be given as a reply; they were final when they were queued."""

    def prepare(self, session: Session, rows: Sequence[Claimed], now: Now) -> None:
        """Load nothing."""

    def freeze(self, _session: Session, rows: Sequence[Claimed], _now: Now) -> Mapping[int, Verdict]:
        return {row.id: Frozen(row.args["body"]) for row in rows}


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


def _render_chase(chase: DueChase) -> str:
    asking = Asking(
        asked_by=chase.asked_by.position,
        quarter=chase.quarter,
        basis=chase.basis,
        states=chase.states,
        names=chase.names,
        span=chase.span,
        days_left=chase.span.days_left(chase.today) if chase.span else 0,
        working_days_left=chase.working_days_left,
    )
    about = WindowKind.QUARTER_REPORT, chase.quarter.fiscal_year, chase.quarter.number
    show = ShowDuties(*about, Stage.AGENCY).pack()
    return chase_notice(asking, reader_of(chase.reader), show, chase.at).body


def _render_alarm(args: Mapping[str, Any], at: datetime) -> str:
    facts = dict(args)
    return alarm(facts.pop("topic"), facts, at).body


def _render_news(scene: Scene, news: Sequence[News]) -> str:
    return news_message(reader_of(scene.reader), news, scene.now.business).body


def _render_arrivals(scene: Scene, items: Sequence[ArrivedItem]) -> str:
    request = Request(
        session=scene.session,
        reference=scene.reference,
        asker=scene.reader,
        account="",
        now=scene.now.business,
        real_now=scene.now.real,
        links=NO_PAGES,  # a link would be dead before the message is read
    )
    return arrivals_message(request, items).body


def _render_unheld(scene: Scene, posts: Sequence[UnheldPost]) -> str:
    return unheld_message(reader_of(scene.reader), posts, scene.now.business).body


def _render_silent(scene: Scene, letters: Sequence[SilentLetter]) -> str:
    return silent_message(reader_of(scene.reader), letters, scene.now.business).body
