"""Letters that correct or withdraw an earlier one: begun with a tap, linked to it, and what stops with the first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from domain.circulars.audience import Audience
from domain.circulars.letters import Letter, Relation
from domain.circulars.life import CircularRefusal, CircularRefused, CircularState
from domain.windows import Scope, Stage, WindowKind
from handlers.circulars.calendar import SetWindows
from handlers.circulars.presses import CorrectCircular, WithdrawCircular
from storage import tables
from storage.circulars import releasing
from storage.circulars.later_letters import later_letters
from storage.shared_state import reference_changed
from storage.tables.messaging import AuditAction
from tests.chatting import Chatter, Stranger, web_of
from tests.issuing import ADMIN, COORDINATOR, SECOND, doing, draft, issue, release
from tests.office import Bot, bangkok, labour, texts
from tests.scenario.test_calendar_circulars import (
    EXTENDED,
    EXTENSION,
    FORMER,
    HEAD,
    LONGER,
    OFFICER,
    SOCIAL_SECURITY_OFFICER,
    WELFARE,
    all_notices,
    calendar_audit,
    is_notice,
    news,
    row,
)
from tests.scenario.test_calendar_circulars import bot as office_with_phones
from tests.scenario.test_calendar_replaced import window
from tests.submitting import moment
from tests.unit.domain.thai_dates import day, span

__all__ = ["labour", "office_with_phones"]

WITHDRAWAL = Letter("รง ๐๒๑๔/ว ๑๐", day("20 มี.ค. 66"), subject="ขอยกเลิกหนังสือ ที่ รง ๐๒๑๔/ว ๙")


@pytest.fixture
def bot(office_with_phones: Bot) -> Bot:
    """The sample ministry at nine on 20 มี.ค., with phones."""
    return office_with_phones


def about(first: int, relation: Relation = Relation.WITHDRAWS, letter: Letter = WITHDRAWAL) -> dict[str, Any]:
    """Return how a letter about an earlier one is issued to its recipients."""
    return {"letter": letter, "audience": Audience(recipients_of=first), "relation": relation, "about": first}


def state_of(bot: Bot, circular: int) -> CircularState:
    with bot.database.read() as session:
        return session.get_one(tables.Circular, circular).state


def later(bot: Bot, circular: int) -> list[tuple[Relation, str]]:
    with bot.database.read() as session:
        return [(one.relation, one.letter_no) for one in later_letters(session, circular)]


def refusal_of(act: Callable[[], object]) -> CircularRefusal:
    with pytest.raises(CircularRefused) as refused:
        act()
    return refused.value.refusal


def test_what_held_before_a_withdrawn_letter_holds_again_and_everybody_is_told_once_of_that(bot: Bot) -> None:
    first = issue(bot, EXTENSION, WELFARE, windows=LONGER)
    bot.send()
    before = {person: len(news(bot, person)) for person in (OFFICER, SOCIAL_SECURITY_OFFICER)}
    bot.at = bangkok("22 มี.ค. 66", "09:00")
    withdrawal = issue(bot, **about(first, letter=replace(WITHDRAWAL, letter_date=day("22 มี.ค. 66"))))
    bot.send()
    assert window(bot, "รง0501", "19 มี.ค. 66") == FORMER
    assert window(bot, "รง0501", "21 มี.ค. 66") == EXTENDED
    assert window(bot, "รง0501", "22 มี.ค. 66") == FORMER
    (card,) = news(bot, OFFICER)[before[OFFICER] :]
    shown = " ".join(texts(card))
    assert "เดิม 7–31 มี.ค. 66 ใหม่ 7–20 มี.ค. 66" in shown
    assert "ยกเลิกหนังสือ ที่ รง ๐๒๑๔/ว ๙ ลงวันที่ ๒๐ มีนาคม ๒๕๖๖" in shown
    (notice,) = news(bot, SOCIAL_SECURITY_OFFICER)[before[SOCIAL_SECURITY_OFFICER] :]
    assert is_notice(notice)
    assert "ตามหนังสือ ที่ รง 0214/ว 10 ลงวันที่ 22 มี.ค. 66" in notice["altText"]
    assert later(bot, first) == [(Relation.WITHDRAWS, WITHDRAWAL.letter_no)]
    assert state_of(bot, first) is CircularState.SENT
    ended = [after for _, before, after in calendar_audit(bot) if before is not None]
    assert [after["withdrawn_on"] for after in ended] == ["2023-03-22"] * 2
    at = moment(bot)
    refused = refusal_of(lambda: doing(bot, SECOND, lambda s, r, by: releasing.resend(s, r, by, first, at)))
    assert refused is CircularRefusal.WITHDRAWN
    refused = refusal_of(lambda: draft(bot, relation=Relation.WITHDRAWS, about=withdrawal))
    assert refused is CircularRefusal.WITHDRAWAL


def has_post(bot: Bot, person: str, unit: str = "") -> None:
    """Let a person's only post be in another unit, or let there be none."""
    with bot.writes() as session:
        mine = select(tables.RoleAssignment).join(tables.Person, tables.Person.id == tables.RoleAssignment.person_id)
        seat = select(tables.Unit.id).where(tables.Unit.code == unit)
        for post in session.scalars(mine.where(tables.Person.code == person)).all():
            if unit:
                post.unit_id = session.scalars(seat).one()
            else:
                session.delete(post)
        reference_changed(session, bot.at)


def test_who_left_the_ministry_since_gets_no_further_letter_of_it(bot: Bot) -> None:
    first = issue(bot, letter=EXTENSION, audience=WELFARE)
    has_post(bot, OFFICER, "สศช")
    has_post(bot, HEAD)
    second = issue(bot, **about(first, Relation.CORRECTS))
    assert {OFFICER, HEAD} == named(bot, first) - named(bot, second)
    third = issue(bot, by=ADMIN, **about(first, Relation.CORRECTS))
    assert {HEAD} == named(bot, first) - named(bot, third)


def named(bot: Bot, circular: int) -> set[str]:
    """Return who is to get a letter."""
    row = tables.CircularRecipient
    with bot.database.read() as session:
        query = select(tables.Person.code).join(row, row.person_id == tables.Person.id)
        return set(session.scalars(query.where(row.circular_id == circular)))


def ended(bot: Bot) -> list[bool]:
    """Tell of each calendar row of the extension whether it ended."""
    with bot.database.read() as session:
        rows = session.scalars(select(tables.CalendarWindow).filter_by(letter_no=EXTENSION.letter_no))
        return [row.withdrawn_on is not None for row in rows]


def test_a_letter_whose_maker_has_left_is_withdrawn_from_the_calendar_too(bot: Bot) -> None:
    first = issue(bot, letter=EXTENSION, audience=WELFARE, windows=LONGER)
    has_post(bot, COORDINATOR)
    issue(bot, by=SECOND, **about(first))
    assert ended(bot) == [True, True]


def test_a_ministry_ends_nothing_that_an_administrator_who_sits_in_it_said_of_the_country(bot: Bot) -> None:
    has_post(bot, ADMIN, "รง")
    national = (row("7–31 มี.ค. 66", unit="", scope=Scope.NATIONAL),)
    first = issue(bot, letter=EXTENSION, audience=WELFARE, windows=national, by=ADMIN)
    issue(bot, **about(first))
    assert ended(bot) == [False]
    issue(bot, by=ADMIN, **about(issue(bot, letter=EXTENSION, audience=WELFARE, windows=national, by=ADMIN)))
    assert ended(bot) == [True]


def test_a_withdrawn_letter_that_still_waits_goes_out_no_more(bot: Bot) -> None:
    first = issue(bot, replace(EXTENSION, send_at=bangkok("21 มี.ค. 66", "09:00")), WELFARE, windows=LONGER)
    issue(bot, **about(first))
    assert state_of(bot, first) is CircularState.CANCELLED
    assert {OFFICER, HEAD}.isdisjoint(all_notices(bot))
    bot.at = bangkok("21 มี.ค. 66", "10:00")
    bot.send()
    for person in (OFFICER, HEAD):
        (message,) = news(bot, person)
        assert "ขอยกเลิกหนังสือ" in message["altText"]
    with bot.database.read() as session:
        entry = tables.AuditEntry
        query = select(entry.action).where(entry.subject == f"circular:{first}").order_by(entry.id)
        assert list(session.scalars(query)) == [AuditAction.CIRCULAR_RELEASE, AuditAction.CIRCULAR_CANCEL]


def test_a_withdrawal_dated_ahead_ends_the_rows_on_its_day(bot: Bot) -> None:
    first = issue(bot, EXTENSION, WELFARE, windows=LONGER)
    issue(bot, **about(first, letter=replace(WITHDRAWAL, letter_date=day("24 มี.ค. 66"))))
    assert window(bot, "รง0501", "23 มี.ค. 66") == EXTENDED
    assert window(bot, "รง0501", "24 มี.ค. 66") == FORMER


def test_a_correction_of_a_correction_holds_until_it_is_withdrawn_itself(bot: Bot) -> None:
    first = issue(bot, EXTENSION, WELFARE, windows=LONGER)
    correction = replace(WITHDRAWAL, subject="แก้ไขเพิ่มเติมหนังสือ")
    second = issue(
        bot,
        **about(first, Relation.CORRECTS, correction),
        windows=[row("7–28 มี.ค. 66"), row("1–9 เม.ย. 66", Stage.UPPER)],
    )
    third = issue(
        bot,
        **about(second, Relation.CORRECTS, replace(correction, letter_no="รง ๐๒๑๔/ว ๑๑")),
        windows=[row("7–29 มี.ค. 66"), row("1–10 เม.ย. 66", Stage.UPPER)],
    )
    assert window(bot, "รง0501", "20 มี.ค. 66") == (span("7–29 มี.ค. 66"), span("1–10 เม.ย. 66"))
    issue(bot, **about(third, letter=replace(WITHDRAWAL, letter_no="รง ๐๒๑๔/ว ๑๒")))
    assert window(bot, "รง0501", "20 มี.ค. 66") == (span("7–28 มี.ค. 66"), span("1–9 เม.ย. 66"))
    issue(bot, **about(first, letter=replace(WITHDRAWAL, letter_no="รง ๐๒๑๔/ว ๑๓")))
    assert window(bot, "รง0501", "20 มี.ค. 66") == (span("7–28 มี.ค. 66"), span("1–9 เม.ย. 66"))
    assert [relation for relation, _ in later(bot, first)] == [Relation.CORRECTS, Relation.WITHDRAWS]
    notices = all_notices(bot)
    assert OFFICER not in notices


def test_of_two_withdrawals_at_once_one_is_released(bot: Bot) -> None:
    first = issue(bot, EXTENSION, WELFARE, windows=LONGER)
    begun = {
        by: draft(bot, **about(first, letter=replace(WITHDRAWAL, letter_no=f"รง ๐๒๑๔/ว {by}")), by=by).circular_id
        for by in (COORDINATOR, SECOND)
    }
    together = Barrier(2)

    def released(by: str) -> CircularRefusal | None:
        together.wait()
        try:
            release(bot, begun[by], by)
        except CircularRefused as refused:
            return refused.refusal
        return None

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(released, begun))
    assert sorted(results, key=str) == [None, CircularRefusal.WITHDRAWN]
    assert len(later(bot, first)) == 1
    assert window(bot, "รง0501", "20 มี.ค. 66") == FORMER


def test_a_sentence_shows_the_letter_and_a_tap_begins_the_withdrawal_for_the_same_people(labour: Bot) -> None:
    web_of(labour)
    labour.at = bangkok("20 มี.ค. 66", "09:00")
    first = issue(labour, EXTENSION, WELFARE)
    waiting = draft(labour, replace(EXTENSION, letter_no="รง ๐๒๑๔/ว ๑๕"), WELFARE).circular_id
    coordinator = Chatter(labour, COORDINATOR)
    shown = coordinator.says("ขอยกเลิกหนังสือ รง 0214/ว 9 ค่ะ")
    assert shown.contains("ทำหนังสือยกเลิก", "ที่ รง ๐๒๑๔/ว ๙ ลงวันที่ ๒๐ มีนาคม ๒๕๖๖", EXTENSION.subject)
    begun = coordinator.presses(WithdrawCircular(first).pack())
    assert begun.contains("ขอยกเลิกหนังสือ ที่ รง ๐๒๑๔/ว ๙ ลงวันที่ ๒๐ มีนาคม ๒๕๖๖", "ร่างยกเลิกหนังสือเวียน")
    assert coordinator.presses(WithdrawCircular(first).pack()).contains("ร่างยกเลิกหนังสือเวียน")
    with labour.database.read() as session:
        (row_,) = session.scalars(select(tables.Circular).filter_by(about_id=first))
        assert (row_.relation, Audience.from_json(row_.audience)) == (Relation.WITHDRAWS, Audience(recipients_of=first))
        assert "ในการนี้ ขอยกเลิกหนังสือดังกล่าว" in row_.text
    assert coordinator.says("แก้ไขหนังสือเวียน ว 15").contains("ยังเป็นร่าง")
    assert coordinator.presses(CorrectCircular(waiting).pack()).contains("ยังไม่ได้ส่งถึงผู้รับ")
    assert coordinator.says("ขอยกเลิกหนังสือ รง 0214/ว 99").contains("ไม่พบหนังสือเวียนเลขที่นี้")
    issue(labour, **about(first))
    assert coordinator.presses(CorrectCircular(first).pack()).contains("ยกเลิกโดยหนังสือ ที่ รง ๐๒๑๔/ว ๑๐")
    assert coordinator.says("หนังสือเวียน").contains("มีหนังสือยกเลิกแล้ว")


def test_nobody_else_reaches_any_of_it(labour: Bot) -> None:
    web_of(labour)
    labour.at = bangkok("20 มี.ค. 66", "09:00")
    first = issue(labour, EXTENSION, WELFARE)
    written = draft(labour, EXTENSION, WELFARE).circular_id
    setting = SetWindows(written, WindowKind.QUARTER_REPORT, 2566, 1, "รง", None, day("31 มี.ค. 66"), None, None)
    for who in (Chatter(labour, OFFICER), Chatter(labour, "P00002"), Stranger(labour)):
        for press in (WithdrawCircular(first), CorrectCircular(first), setting):
            assert "รง ๐๒๑๔" not in who.presses(press.pack()).text
        assert "รง ๐๒๑๔" not in who.says("ขอยกเลิกหนังสือ รง 0214/ว 9").text
    with labour.database.read() as session:
        assert session.scalars(select(tables.Circular).filter_by(about_id=first)).all() == []
        assert session.get_one(tables.Circular, written).windows == []
