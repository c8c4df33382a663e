"""Circulars that move windows: the old window is kept, reminders follow, and everybody hears of it exactly once."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from domain.circulars.audience import Audience
from domain.circulars.letters import Letter
from domain.circulars.life import CircularRefusal, CircularRefused
from domain.reminders import BANGKOK
from domain.windows import CalendarWindow, Scope, Stage
from handlers.circulars.letter import calendar_notes
from scheduler.clock import Ticker
from storage import tables
from storage.circulars import drafts, releasing
from storage.tables.messaging import AuditAction, NoticeKind, OutboxState
from tests.issuing import COORDINATOR, SECOND, doing, draft, issue, release
from tests.office import Bot, bangkok, labour, steps, texts
from tests.scenario.test_calendar_replaced import NOTHING_LEFT, Q1, all_outcomes, notices, window
from tests.scenario.test_clock import MovableClock
from tests.sending import line_on_loopback
from tests.submitting import moment
from tests.unit.domain.thai_dates import day, span

__all__ = ["labour"]

ADMIN, OFFICER, HEAD, APPROVER, PERMANENT_SECRETARY = "P00001", "P00033", "P00034", "P00015", "P00005"
SOCIAL_SECURITY_OFFICER = "P00041"
PEOPLE = (OFFICER, HEAD, APPROVER, PERMANENT_SECRETARY, COORDINATOR, SECOND, SOCIAL_SECURITY_OFFICER)
WELFARE = Audience(units=frozenset({"รง05"}))
EXTENSION = Letter("รง ๐๒๑๔/ว ๙", day("20 มี.ค. 66"), subject="ขยายเวลารายงานไตรมาส 1")


@pytest.fixture
def bot(labour: Bot) -> Iterator[Bot]:
    """The sample ministry, whose people were told on 7 มี.ค. that the window of quarter 1 opened."""
    with line_on_loopback(phones=0) as labour.line:
        labour.link(*PEOPLE)
        labour.remind(at=bangkok("7 มี.ค. 66"))
        labour.send()
        labour.at = bangkok("20 มี.ค. 66", "09:00")
        yield labour


def row(dates: str, stage: Stage = Stage.AGENCY, unit: str = "รง", scope: Scope = Scope.MINISTRY) -> CalendarWindow:
    return CalendarWindow(Q1, stage, scope, unit, span(dates))


LONGER = (row("7–31 มี.ค. 66"), row("1–12 เม.ย. 66", Stage.UPPER))
FORMER = (span("7–20 มี.ค. 66"), span("21–31 มี.ค. 66"))
EXTENDED = (span("7–31 มี.ค. 66"), span("1–12 เม.ย. 66"))


def news(bot: Bot, person: str) -> list[Mapping[str, Any]]:
    """Return what arrived since the 7th."""
    return [message for message in bot.phone(person) if not message["altText"].startswith("เปิดให้")]


def is_notice(message: Mapping[str, Any]) -> bool:
    return bool(message["altText"].startswith("เปลี่ยนกำหนดเวลา"))


def all_notices(bot: Bot) -> list[str]:
    """Return to whom notices were ever queued, one for each."""
    query = select(tables.Person.code).join(tables.OutboxMessage, tables.OutboxMessage.person_id == tables.Person.id)
    with bot.database.read() as session:
        return list(session.scalars(query.where(tables.OutboxMessage.kind == NoticeKind.CALENDAR_CHANGED)))


def recipients(bot: Bot, circular: int) -> set[str]:
    query = select(tables.Person.code).join(
        tables.CircularRecipient, tables.CircularRecipient.person_id == tables.Person.id
    )
    with bot.database.read() as session:
        return set(session.scalars(query.where(tables.CircularRecipient.circular_id == circular)))


def calendar_audit(bot: Bot) -> Sequence[tuple[str, Any, Any]]:
    entry = tables.AuditEntry
    query = select(entry.subject, entry.before, entry.after).where(entry.action == AuditAction.CALENDAR_CHANGE)
    with bot.database.read() as session:
        return session.execute(query.where(entry.actor_id.is_not(None)).order_by(entry.id)).all()


def refusal(bot: Bot, *windows: CalendarWindow, by: str = COORDINATOR) -> CircularRefusal:
    with pytest.raises(CircularRefused) as refused:
        issue(bot, EXTENSION, WELFARE, by=by, windows=windows)
    return refused.value.refusal


def test_recipients_read_it_on_the_card_and_others_hear_of_it_by_a_notice(bot: Bot) -> None:
    assert steps(bot.remind(at=bangkok("20 มี.ค. 66", "08:30"))[OFFICER])[0][3] == "last_day"  # not sent yet
    circular = issue(bot, EXTENSION, WELFARE, windows=LONGER)
    bot.at = bangkok("20 มี.ค. 66", "09:00")
    bot.send()
    for person in (OFFICER, HEAD):
        assert NOTHING_LEFT in all_outcomes(bot, person)  # the reminder of the former last day
        (card,) = news(bot, person)
        shown = " ".join(texts(card))
        assert re.search(r"ไตรมาส 1/2566 \(ต.ค.–ธ.ค. 65\) ระดับหน่วยงาน.*เดิม 7–20 มี.ค. 66 ใหม่ 7–31 มี.ค. 66", shown)
        assert re.search(r"ระดับกระทรวง.*เดิม 21–31 มี.ค. 66 ใหม่ 1–12 เม.ย. 66", shown)
    (told,) = news(bot, SOCIAL_SECURITY_OFFICER)
    assert is_notice(told)
    assert "กำหนดเดิม 7–20 มี.ค. 66" in told["altText"]
    assert "วันทำการสุดท้าย" not in str([bot.phone(person) for person in PEOPLE])
    told_by_notice = all_notices(bot)
    assert len(told_by_notice) == len(set(told_by_notice))
    twice = recipients(bot, circular) & set(told_by_notice)
    assert {notices(bot)[person] for person in twice} == {OutboxState.SKIPPED}  # who has no LINE gets neither
    assert window(bot, "รง0501", "19 มี.ค. 66") == FORMER
    assert window(bot, "รง0501", "20 มี.ค. 66") == EXTENDED
    assert [step for *_, step, _ in steps(bot.remind(at=bangkok("24 มี.ค. 66"))[OFFICER])] == ["ahead"]


def test_a_letter_dated_ahead_holds_from_its_date_and_its_recipients_hear_of_it_by_the_letter(bot: Bot) -> None:
    ticker = Ticker(bot.database, clock := MovableClock(bot.at))
    ticker.tick()
    ahead = replace(EXTENSION, letter_date=day("22 มี.ค. 66"))
    circular = issue(bot, ahead, WELFARE, windows=[row("7–24 มี.ค. 66"), row("25 มี.ค.–5 เม.ย. 66", Stage.UPPER)])
    bot.send()
    (card,) = (message for message in news(bot, OFFICER) if EXTENSION.subject in message["altText"])
    assert "(มีผลตั้งแต่วันที่ 22 มี.ค. 66)" in " ".join(texts(card))
    assert all_notices(bot) == []
    for on in ("21 มี.ค. 66", "22 มี.ค. 66", "23 มี.ค. 66"):
        clock.at = bangkok(on)
        ticker.tick()
    ticker.close()
    assert window(bot, "รง0501", "21 มี.ค. 66") == FORMER
    assert window(bot, "รง0501", "22 มี.ค. 66") == (span("7–24 มี.ค. 66"), span("25 มี.ค.–5 เม.ย. 66"))
    assert SOCIAL_SECURITY_OFFICER in all_notices(bot)
    assert {OFFICER, HEAD}.isdisjoint(all_notices(bot))
    assert recipients(bot, circular) >= {OFFICER, HEAD}
    with bot.database.read() as session:
        queued = session.scalars(
            select(tables.OutboxMessage.not_before).where(tables.OutboxMessage.kind == NoticeKind.CALENDAR_CHANGED)
        )
        assert {moment.astimezone(BANGKOK).date() for moment in queued} == {day("22 มี.ค. 66")}


def test_a_circular_that_is_cancelled_leaves_the_calendar_and_tells_those_who_do_not_get_it(bot: Bot) -> None:
    later = replace(EXTENSION, send_at=bangkok("21 มี.ค. 66", "09:00"))
    circular = issue(bot, later, WELFARE, windows=LONGER)
    bot.send()
    assert SOCIAL_SECURITY_OFFICER in all_notices(bot)
    assert OFFICER not in all_notices(bot)
    before = all_notices(bot)
    doing(bot, SECOND, lambda session, reference, by: releasing.cancel(session, reference, by, circular, moment(bot)))
    assert window(bot, "รง0501", "20 มี.ค. 66") == EXTENDED
    told = all_notices(bot)
    assert len(told) == len(set(told))
    assert {OFFICER, HEAD} <= set(told) - set(before)
    bot.at = bangkok("21 มี.ค. 66", "09:30")
    bot.send()
    for person in (OFFICER, HEAD, SOCIAL_SECURITY_OFFICER):
        (message,) = news(bot, person)
        assert is_notice(message)


def test_whom_it_could_not_reach_hears_of_it_once_when_it_is_sent_again(bot: Bot) -> None:
    with bot.writes() as session:
        head = session.scalars(select(tables.Person).where(tables.Person.code == HEAD)).one()
        account, head.line_user_id = head.line_user_id, None
    circular = issue(bot, EXTENSION, WELFARE, windows=LONGER)
    bot.send()
    assert notices(bot)[HEAD] is OutboxState.SKIPPED
    with bot.writes() as session:
        session.scalars(select(tables.Person).where(tables.Person.code == HEAD)).one().line_user_id = account
    doing(
        bot, COORDINATOR, lambda session, reference, by: releasing.resend(session, reference, by, circular, moment(bot))
    )
    bot.at = bangkok("20 มี.ค. 66", "13:00")
    bot.send()
    (message,) = news(bot, HEAD)
    assert not is_notice(message)
    (message,) = news(bot, OFFICER)
    assert not is_notice(message)


def test_the_same_letter_again_corrects_its_own_rows_and_the_audit_trail_has_both(bot: Bot) -> None:
    issue(bot, EXTENSION, WELFARE, windows=LONGER)
    again = replace(EXTENSION, letter_no="รง 0214/ว 9")
    issue(bot, again, WELFARE, windows=[row("7–30 มี.ค. 66"), row("1–12 เม.ย. 66", Stage.UPPER)])
    assert window(bot, "รง0501", "20 มี.ค. 66") == (span("7–30 มี.ค. 66"), span("1–12 เม.ย. 66"))
    with bot.database.read() as session:
        kept = session.scalars(
            select(tables.CalendarWindow.letter_no).where(tables.CalendarWindow.letter_no.like("รง%ว %"))
        )
        assert [number for number in kept if "๓" not in number] == ["รง ๐๒๑๔/ว ๙"] * 2
    first, second, corrected = calendar_audit(bot)
    subject = "calendar:quarter_report:2566:1:AGENCY:ministry:รง"
    letter = {"letter_no": "รง ๐๒๑๔/ว ๙", "issued_on": "2023-03-20", "opens_on": "2023-03-07"}
    assert first == (subject, None, {**letter, "closes_on": "2023-03-31"})
    assert second[0] == "calendar:quarter_report:2566:1:UPPER:ministry:รง"
    assert corrected == (subject, {**letter, "closes_on": "2023-03-31"}, {**letter, "closes_on": "2023-03-30"})


def test_the_maker_is_told_what_stays_as_it_is_and_what_would_have_no_window(bot: Bot) -> None:
    own = row("7–22 มี.ค. 66", unit="รง06", scope=Scope.AGENCY)
    issue(bot, replace(EXTENSION, letter_no="รง ๐๒๑๔/ว ๘"), WELFARE, windows=[own])
    begun = draft(bot, EXTENSION, WELFARE, windows=[row("7–31 มี.ค. 66")])
    lines = doing(bot, COORDINATOR, lambda session, reference, _: calendar_notes(session, reference, begun, bot.at))
    assert any("สปส. มีกำหนดเฉพาะ จึงยังคงเดิม" in line for line in lines)
    assert any("ระดับกระทรวงจะไม่มีกำหนดเวลา เพราะหนังสือไม่ได้ระบุ" in line for line in lines)
    release(bot, begun.circular_id)
    assert window(bot, "รง0601", "20 มี.ค. 66") == (span("7–22 มี.ค. 66"), None)
    assert window(bot, "รง0501", "20 มี.ค. 66") == (span("7–31 มี.ค. 66"), None)


def test_a_coordinator_sets_the_own_ministrys_calendar_alone_and_nothing_that_is_over(bot: Bot) -> None:
    national = row("7–31 มี.ค. 66", unit="", scope=Scope.NATIONAL)
    assert refusal(bot, national) is CircularRefusal.OUT_OF_REACH
    assert refusal(bot, row("1–17 มี.ค. 66")) is CircularRefusal.CALENDAR_OVER
    assert refusal(bot, row("7–31 มี.ค. 66"), row("7–30 มี.ค. 66")) is CircularRefusal.CALENDAR_UNCLEAR
    assert window(bot, "รง0501", "20 มี.ค. 66") == FORMER
    issue(bot, EXTENSION, WELFARE, by=ADMIN, windows=[national])
    assert window(bot, "รง0501", "20 มี.ค. 66") == FORMER  # a ministry's own dates stay
    with bot.database.read() as session:
        rows = session.scalars(select(tables.CalendarWindow).where(tables.CalendarWindow.unit_id.is_(None))).all()
        assert [found.letter_no for found in rows] == [EXTENSION.letter_no]
    issue(bot, EXTENSION, WELFARE, by=ADMIN, windows=[replace(national, span=span("7–30 มี.ค. 66"))])
    with bot.database.read() as session:
        rows = session.scalars(select(tables.CalendarWindow).where(tables.CalendarWindow.unit_id.is_(None))).all()
        assert [found.closes_on for found in rows] == [day("30 มี.ค. 66")]


def test_a_draft_that_is_never_released_changes_nothing(bot: Bot) -> None:
    begun = draft(bot, EXTENSION, WELFARE, windows=LONGER)
    doing(bot, COORDINATOR, lambda session, reference, by: drafts.discard(session, reference, by, begun.circular_id))
    assert window(bot, "รง0501", "20 มี.ค. 66") == FORMER
    assert all_notices(bot) == []
