"""Whom a circular is for, and before it goes: preview, names, cost, a test, a second officer, two at once."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from domain.circulars.audience import NOBODY, Audience
from domain.circulars.letters import Letter
from domain.circulars.life import CircularRefusal, CircularRefused, CircularState
from domain.roles import Role
from handlers.circulars.letter import letter_body
from handlers.circulars.presses import PreviewCircular, whom_of
from handlers.circulars.releasing_presses import ReleaseCircular
from storage import shared_state, tables
from storage.circulars import drafts, releasing
from storage.circulars.drafts import Draft
from storage.reference import load_reference
from storage.tables.messaging import AuditAction, NoticeKind, OutboxState
from tests.chatting import Chatter, Stranger
from tests.circular_drafts import (
    COLLEAGUE,
    LETTER,
    MAKER,
    audience_of,
    begin,
    kept,
    previews,
    with_quota,
    with_second_officer,
)  # fmt: skip
from tests.office import Bot, bangkok, labour, texts
from tests.submitting import actor_of, moment

__all__ = ["labour"]

ADMIN = "P00001"
OFFICER, DIRECTOR_GENERAL, MONITOR = "P00033", "P00031", "P00002"
HIDDEN = "ขอความร่วมมือ"


def recipients(bot: Bot, circular: int) -> dict[str, tuple[OutboxState, str]]:
    row, person = tables.CircularRecipient, tables.Person
    query = select(person.code, row.state, row.reason).join(row, row.person_id == person.id)
    with bot.database.read() as session:
        found = session.execute(query.where(row.circular_id == circular))
        return {code: (state, reason) for code, state, reason in found}


def notices(bot: Bot, kind: NoticeKind) -> list[tuple[str, dict[str, Any]]]:
    row, person = tables.OutboxMessage, tables.Person
    query = select(person.code, row.args).join(row, row.person_id == person.id).where(row.kind == kind)
    with bot.database.read() as session:
        return [(code, args) for code, args in session.execute(query.order_by(row.id))]


def test_a_circular_is_shown_as_it_will_come_with_count_cost_and_who_cannot_be_reached(labour: Bot) -> None:
    labour.link("P00031", "P00033", "P00034", "P00035")
    with labour.writes() as session:
        blocked = session.scalars(select(tables.Person).filter_by(code="P00035")).one()
        blocked.unreachable_since = labour.at
    with_quota(labour, 100, 20)
    circular = begin(labour).circular_id
    maker, shown = previews(labour, circular)
    assert shown.contains("รง ๐๒๑๔/ว ๓", LETTER.subject, "ตรวจสอบก่อนส่ง", "ส่งถึง: ทุกคนใน กสร.")
    assert shown.contains("ผู้รับตามที่เลือก\n8 คน", "ส่งถึงได้\n3 คน", "ยังไม่ผูกบัญชี LINE\n4 คน", "ปิดกั้นบอต\n1 คน")
    assert shown.contains("ใช้โควตาข้อความ\n3 ข้อความ", "โควตาคงเหลือเดือนนี้\n80 ข้อความ", "ทันทีที่ปล่อย")
    assert {"ปล่อยหนังสือ", "ส่งทดสอบถึงตนเอง", "ดูผู้ที่ส่งไม่ได้", "แก้ไขผู้รับ"} <= shown.buttons().keys()
    names = maker.presses("ดูผู้ที่ส่งไม่ได้")
    assert names.contains("นางสาวพรทิพย์ ใจดี", "ยังไม่ผูกบัญชี LINE", "นายสุรชัย พงษ์ไพบูลย์", "ปิดกั้นบอต", "5 คน")
    assert "นางสมศรี จันทร์เพ็ญ" not in names.text
    assert maker.presses("กลับไปตรวจสอบ").contains("ตรวจสอบก่อนส่ง")
    assert kept(labour, circular).state is CircularState.DRAFT


def test_who_cannot_be_reached_is_named_page_by_page(labour: Bot) -> None:
    circular = begin(labour, Audience(units=frozenset({"รง"}))).circular_id
    maker, shown = previews(labour, circular)
    assert shown.contains("ส่งถึงได้\n1 คน")  # the maker
    assert maker.presses("ดูผู้ที่ส่งไม่ได้").contains("หน้า 1 จาก 5", "43 คน")
    assert maker.presses("หน้าถัดไป").contains("หน้า 2 จาก 5")
    assert maker.presses(f"ko1:{circular}:99").contains("หน้า 5 จาก 5")


def test_it_is_asked_once_more_and_then_goes_out_in_its_hours(labour: Bot) -> None:
    labour.at = bangkok("21 มี.ค. 66", "18:00")
    labour.link("P00031", "P00033")
    circular = begin(labour).circular_id
    maker, shown = previews(labour, circular)
    assert shown.contains("เวลาส่ง: วันพุธที่ 22 มี.ค. 66 เวลา 08.30 น.")
    asked = maker.presses("ปล่อยหนังสือ")
    assert asked.contains("ยืนยันปล่อยหนังสือ", "ส่งถึงได้\n2 คน", "แก้ไขเนื้อความไม่ได้")
    assert kept(labour, circular).state is CircularState.DRAFT
    done = maker.presses("ยืนยันปล่อยหนังสือ")
    assert done.contains("ปล่อยหนังสือแล้ว", "ส่งถึง 2 คน ส่งไม่ได้ 6 คน (ยังไม่ผูกบัญชี LINE 6 คน)", "22 มี.ค. 66 เวลา 08.30 น.")
    assert done.buttons()["ดูความคืบหน้า"] == f"ks1:{circular}"
    row = kept(labour, circular)
    assert (row.state, row.not_before) == (CircularState.SCHEDULED, bangkok("22 มี.ค. 66", "08:30"))
    assert row.body is not None
    assert LETTER.subject in "\n".join(texts(json.loads(row.body)))
    found = recipients(labour, circular)
    assert {code for code, (state, _) in found.items() if state is OutboxState.DUE} == {"P00031", "P00033"}
    assert found["P00034"] == (OutboxState.SKIPPED, "not_linked")
    again = maker.presses(ReleaseCircular(circular, row.version, confirmed=True).pack())
    assert again.contains("นางสาวจารุวรรณ เจริญผล ปล่อยหนังสือนี้แล้วเมื่อ 21 มี.ค. 66 เวลา 18.00 น.")
    assert maker.presses(whom_of(circular).pack()).contains("ปล่อยหนังสือนี้แล้ว")
    with labour.database.read() as session:
        (entry,) = session.scalars(select(tables.AuditEntry).filter_by(action=AuditAction.CIRCULAR_RELEASE))
    assert (entry.subject, entry.after and entry.after["recipients"]) == (f"circular:{circular}", 8)


def test_more_than_the_months_messages_is_said_with_how_many_wait(labour: Bot) -> None:
    labour.link(*(f"P000{number}" for number in range(31, 39)))
    with_quota(labour, 100, 87)
    maker, shown = previews(labour, begin(labour).circular_id)
    assert shown.contains(
        "ใช้โควตาข้อความ\n8 ข้อความ", "โควตาคงเหลือเดือนนี้\n13 ข้อความ", "กันไว้สำหรับการเตือนตามกำหนด\n10 ข้อความ"
    )
    assert shown.contains("ส่งได้ก่อน 3 คน อีก 5 คนรอจนมีโควตา")
    assert maker.presses("ปล่อยหนังสือ").contains("ส่งได้ก่อน 3 คน")
    with_quota(labour, 100, 95)
    assert previews(labour, begin(labour).circular_id)[1].contains("ทั้ง 8 คน รอจนมีโควตา")


def test_what_letters_that_were_released_before_still_need_is_taken_off_what_is_left(labour: Bot) -> None:
    labour.at = bangkok("21 มี.ค. 66", "18:00")
    labour.link("P00031", "P00033")
    with_quota(labour, 100, 80)
    maker, _ = previews(labour, begin(labour).circular_id)
    maker.presses("ปล่อยหนังสือ")
    maker.presses("ยืนยันปล่อยหนังสือ")
    shown = previews(labour, begin(labour).circular_id)[1]
    assert shown.contains("โควตาคงเหลือเดือนนี้\n20 ข้อความ", "หนังสือที่ปล่อยแล้วยังต้องใช้\n2 ข้อความ")
    assert not shown.contains("ส่งได้ก่อน")
    with_quota(labour, 100, 87)
    assert previews(labour, begin(labour).circular_id)[1].contains("ส่งได้ก่อน 1 คน อีก 1 คน")


def test_a_test_goes_to_the_presser_alone_marked_as_one(labour: Bot) -> None:
    labour.at = bangkok("21 มี.ค. 66", "20:00")
    labour.link("P00033")
    circular = begin(labour).circular_id
    maker, _ = previews(labour, circular)
    assert maker.presses("ส่งทดสอบถึงตนเอง").contains("ทดสอบ", "1 ข้อความ")
    assert notices(labour, NoticeKind.CIRCULAR_TEST) == [(MAKER, {"person": MAKER, "circular": circular})]
    labour.send()
    shown = "\n".join(texts(labour.phone(MAKER)[-1]))
    assert "ทดสอบ" in shown
    assert LETTER.subject in shown
    assert labour.phone("P00033") == []
    maker.presses(f"kk1:{circular}")
    assert (kept(labour, circular).state, recipients(labour, circular)) == (CircularState.DRAFT, {})


def test_a_second_officer_releases_what_a_maker_proposes(labour: Bot) -> None:
    with_second_officer(labour)
    labour.link("P00033", COLLEAGUE)
    circular = begin(labour).circular_id
    maker, shown = previews(labour, circular)
    assert "ปล่อยหนังสือ" not in shown.buttons()
    own = maker.presses(ReleaseCircular(circular, 1, confirmed=True).pack())
    assert own.contains("ผู้อื่นที่ไม่ใช่ผู้ร่าง", "นายอภิชาติ สายทอง")
    assert maker.presses("เสนอเพื่อปล่อยส่ง").contains("เสนอเพื่อปล่อยส่งแล้ว", "นายอภิชาติ สายทอง")
    assert kept(labour, circular).state is CircularState.WAITING_RELEASE
    ((told, args),) = notices(labour, NoticeKind.CIRCULAR_NEWS)
    assert (told, args["event"]) == (COLLEAGUE, "waits")
    assert maker.presses(whom_of(circular).pack()).contains("เสนอเพื่อปล่อยส่งแล้ว")  # it can no longer be changed
    colleague, waiting = previews(labour, circular, COLLEAGUE)
    assert waiting.contains(LETTER.subject, "ทุกคนใน กสร.")
    colleague.presses("ปล่อยหนังสือ")
    assert colleague.presses("ยืนยันปล่อยหนังสือ").contains("ปล่อยหนังสือแล้ว")
    assert [args["event"] for _, args in notices(labour, NoticeKind.CIRCULAR_NEWS)] == ["waits", "released"]
    assert maker.presses(PreviewCircular(circular).pack()).contains("นายอภิชาติ สายทอง ปล่อยหนังสือนี้แล้วเมื่อ 20 มี.ค. 66")


def test_a_second_officer_gives_it_back_with_the_reason_and_the_maker_takes_it_back(labour: Bot) -> None:
    with_second_officer(labour)
    circular = begin(labour).circular_id
    maker, _ = previews(labour, circular)
    maker.presses("เสนอเพื่อปล่อยส่ง")
    assert maker.presses("ดึงกลับมาแก้ไข").contains("ดึงกลับมาเป็นฉบับร่างแล้ว", "ตรวจสอบก่อนส่ง")
    maker.presses("เสนอเพื่อปล่อยส่ง")
    colleague, _ = previews(labour, circular, COLLEAGUE)
    assert colleague.presses("ส่งกลับแก้ไข").contains("โปรดพิมพ์เหตุผล")
    assert colleague.says("ไม่ได้").contains("สั้นเกินไป")
    assert colleague.says("ก" * 1_001).contains("เหตุผลยาวเกิน 1,000 ตัวอักษร")
    assert kept(labour, circular).state is CircularState.WAITING_RELEASE
    assert colleague.says("วันที่ในหนังสือไม่ตรงกับปฏิทิน").contains("ส่งกลับแก้ไขแล้ว", "วันที่ในหนังสือไม่ตรงกับปฏิทิน")
    assert previews(labour, circular)[1].contains("ส่งกลับแก้ไขครั้งก่อนเพราะ", "วันที่ในหนังสือไม่ตรงกับปฏิทิน")
    assert previews(labour, circular, COLLEAGUE)[1].contains("ไม่พบหนังสือเวียนนี้")  # a draft is its maker's alone


def test_what_was_changed_since_the_preview_is_shown_anew(labour: Bot) -> None:
    draft = begin(labour)
    maker, shown = previews(labour, draft.circular_id)
    release = shown.buttons()["ปล่อยหนังสือ"]
    maker.presses(release)
    confirm = maker.last.buttons()["ยืนยันปล่อยหนังสือ"]
    with labour.database.write() as session:
        reference = load_reference(session, labour.at.date())
        other = replace(LETTER, subject="เรื่องที่แก้ไขแล้ว")
        drafts.edit(
            session,
            reference,
            actor_of(session, MAKER),
            draft.circular_id,
            lambda d: replace(d, letter=other),
            moment(labour),
        )
    for old in (release, confirm):
        assert maker.presses(old).contains("มีการแก้ไขหลังจากที่แสดง", "เรื่องที่แก้ไขแล้ว", "ตรวจสอบก่อนส่ง")
    assert kept(labour, draft.circular_id).state is CircularState.DRAFT


def test_who_holds_a_post_at_the_release_gets_it_whoever_held_it_at_the_preview(labour: Bot) -> None:
    labour.link("P00033", "P00017")
    circular = begin(labour).circular_id
    maker, shown = previews(labour, circular)
    assert shown.contains("ส่งถึงได้\n1 คน")
    with labour.writes() as session:
        posts, unit = tables.RoleAssignment, tables.Unit
        leaves, comes = (
            session.scalars(select(posts).filter_by(person_id=actor_of(session, code).person_id)).one()
            for code in ("P00033", "P00017")
        )
        division = session.scalars(select(unit.id).where(unit.code == "รง0301")).one()
        comes.unit_id, leaves.unit_id = leaves.unit_id, division
        shared_state.reference_changed(session, datetime.now(UTC))
    maker.presses("ปล่อยหนังสือ")
    maker.presses("ยืนยันปล่อยหนังสือ")
    found = recipients(labour, circular)
    assert found["P00017"][0] is OutboxState.DUE
    assert "P00033" not in found


def test_what_a_maker_without_a_post_left_behind_reaches_nobody_and_says_so(labour: Bot) -> None:
    with_second_officer(labour)
    circular = begin(labour, Audience(units=frozenset({"รง"}))).circular_id
    previews(labour, circular)[0].presses("เสนอเพื่อปล่อยส่ง")
    with labour.writes() as session:
        posts = tables.RoleAssignment
        session.delete(session.scalars(select(posts).filter_by(person_id=actor_of(session, MAKER).person_id)).one())
        shared_state.reference_changed(session, datetime.now(UTC))
    colleague, shown = previews(labour, circular, COLLEAGUE)
    assert shown.contains("ผู้รับตามที่เลือก\n0 คน")
    assert "ปล่อยหนังสือ" not in shown.buttons()
    assert colleague.presses(f"kr1:{circular}:1:1").contains("ไม่มีผู้รับตามที่เลือกไว้")
    admin = begin(labour, Audience(everyone=True), ADMIN).circular_id
    assert previews(labour, admin, ADMIN)[1].contains("ทุกคนทั่วประเทศ", "44 คน")


def test_of_two_who_release_in_one_moment_one_does_and_the_other_is_told_who(labour: Bot) -> None:
    with_second_officer(labour)
    labour.link("P00033", COLLEAGUE, ADMIN)
    for _ in range(3):
        draft = begin(labour)
        previews(labour, draft.circular_id)[0].presses("เสนอเพื่อปล่อยส่ง")
        refusals = released_at_once(labour, draft, (COLLEAGUE, ADMIN))
        assert sorted(refusals, key=str) == [None, CircularRefusal.WRONG_STATE]
        winner = (COLLEAGUE, ADMIN)[refusals.index(None)]
        loser = (COLLEAGUE, ADMIN)[1 - refusals.index(None)]
        name = {COLLEAGUE: "นายอภิชาติ สายทอง", ADMIN: "นายธนกร สุขสวัสดิ์"}[winner]
        told = Chatter(labour, loser).presses(ReleaseCircular(draft.circular_id, draft.version, confirmed=True).pack())
        assert told.contains(f"{name} ปล่อยหนังสือนี้แล้วเมื่อ 20 มี.ค. 66")
        assert len(recipients(labour, draft.circular_id)) == 8


def released_at_once(bot: Bot, draft: Draft, people: tuple[str, str]) -> list[CircularRefusal | None]:
    barrier = Barrier(len(people))

    def press(person: str) -> CircularRefusal | None:
        barrier.wait()
        try:
            with bot.database.write() as session:
                reference = load_reference(session, bot.at.date())
                body = letter_body(session, reference, draft, bot.at)
                actor = actor_of(session, person)
                releasing.release(session, reference, actor, draft.circular_id, draft.version, body, moment(bot))
        except CircularRefused as refused:
            return refused.refusal
        return None

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(press, people))


def test_what_is_missing_is_said_and_nothing_can_be_released(labour: Bot) -> None:
    circular = begin(labour, NOBODY, letter=Letter("รง 0214/ว 4")).circular_id
    maker, shown = previews(labour, circular)
    assert shown.contains("ยังขาด", "ผู้รับ")
    assert "ปล่อยหนังสือ" not in shown.buttons()
    assert maker.presses(ReleaseCircular(circular, 1, confirmed=True).pack()).contains("ยังไม่ครบถ้วน", "ยังขาด")
    nobody = begin(labour, Audience(units=frozenset({"รง0501"}), roles=frozenset({Role.MONITOR}))).circular_id
    assert "ปล่อยหนังสือ" not in previews(labour, nobody)[1].buttons()


def test_the_longest_and_oddest_names_fit_every_card(labour: Bot) -> None:
    with_second_officer(labour)
    with_quota(labour, 10, 9)
    nasty = 'ที่ "อ้าง" \\ </b> {{ 7 * 7 }}\n👩‍👩‍👧‍👦 ' + "กำปั้นน้ำ" * 30
    with labour.writes() as session:
        for person in session.scalars(select(tables.Person)):
            person.full_name = f"{nasty[:200]} {person.id}"
        for post in session.scalars(select(tables.RoleAssignment)):
            post.position = nasty[:200]
        for unit in session.scalars(select(tables.Unit).where(tables.Unit.level != "agency")):
            unit.name = f"{nasty} {unit.id}"
        shared_state.reference_changed(session, datetime.now(UTC))
    letter = replace(LETTER, letter_no=nasty[:60], subject=nasty[:300], text=nasty * 9)
    divisions = Audience(units=frozenset(f"รง0{agency}0{number}" for agency in range(2, 7) for number in (1, 2)))
    circular = begin(labour, divisions, letter=letter).circular_id
    maker, shown = previews(labour, circular)
    assert shown.contains("ตรวจสอบก่อนส่ง", "{{ 7 * 7 }}")
    assert maker.presses("ดูผู้ที่ส่งไม่ได้").contains("ผู้ที่ส่งไม่ได้", "{{ 7 * 7 }}")
    maker.presses(whom_of(circular).pack())
    maker.presses("บันทึกเป็นกลุ่ม")
    assert maker.says(nasty[:60]).contains("บันทึกกลุ่มแล้ว")
    for part in ("places:!0:1", "places:รง05:1", "without_places:รง05:1", "roles:!0:1", "groups:!0:1"):
        assert maker.presses(f"kw1:{circular}:{part}").messages
    maker.presses("ลบกลุ่ม")
    maker.presses(PreviewCircular(circular).pack())
    assert maker.presses("เสนอเพื่อปล่อยส่ง").contains("เสนอเพื่อปล่อยส่งแล้ว")
    colleague, _ = previews(labour, circular, COLLEAGUE)
    assert colleague.presses("ปล่อยหนังสือ").contains("ยืนยันปล่อยหนังสือ")
    assert colleague.presses("ยืนยันปล่อยหนังสือ").contains("ปล่อยหนังสือแล้ว")
    assert maker.presses(PreviewCircular(circular).pack()).contains("ปล่อยหนังสือนี้แล้ว")


@pytest.mark.parametrize("person", (OFFICER, DIRECTOR_GENERAL, MONITOR, ""))
def test_nobody_else_reaches_any_of_it(labour: Bot, person: str) -> None:
    with_second_officer(labour)
    circular = begin(labour, Audience(units=frozenset({"รง"}))).circular_id
    previews(labour, circular)[0].presses("เสนอเพื่อปล่อยส่ง")
    before = labour.row_counts()
    visitor = Chatter(labour, person) if person else Stranger(labour)
    presses = (
        f"kw1:{circular}:all:!0:1", f"kw1:{circular}:places:!0:1", f"ci1:{circular}:all::1:!0:1", f"cg1:{circular}",
        f"co1:{circular}:1:1", f"kv1:{circular}", f"ko1:{circular}:1", f"ke1:{circular}", f"kr1:{circular}:1:0",
        f"kr1:{circular}:1:1", f"kg1:{circular}:1", f"ky1:{circular}:1",
    )  # fmt: skip
    for press in presses:
        shown = visitor.presses(press)
        assert shown.text
        assert HIDDEN not in shown.text
        assert shown.text == visitor.presses(press.replace(f":{circular}", ":999", 1)).text
    assert kept(labour, circular).state is CircularState.WAITING_RELEASE
    changed = {name for name, number in labour.row_counts().items() if number != before[name]}
    assert not changed & {"circulars", "circular_recipients", "audience_groups", "outbox_messages", "audit_entries"}


def test_another_ministrys_coordinator_finds_nothing(labour: Bot) -> None:
    with labour.writes() as session:
        ministry = tables.Unit(code="สธ", name="กระทรวงสาธารณสุข", short_name="สธ.", level="ministry")
        session.add(ministry)
        session.flush()
        theirs = select(tables.RoleAssignment).filter_by(person_id=actor_of(session, COLLEAGUE).person_id)
        post = session.scalars(theirs).one()
        post.unit_id = ministry.id
        shared_state.reference_changed(session, datetime.now(UTC))
    circular = begin(labour).circular_id
    with labour.database.write() as session:
        session.get_one(tables.Circular, circular).state = CircularState.WAITING_RELEASE
    stranger = Chatter(labour, COLLEAGUE)
    for press in (f"kv1:{circular}", f"kr1:{circular}:1:1", f"ky1:{circular}:1", f"kw1:{circular}:all:!0:1"):
        assert stranger.presses(press).contains("ไม่พบหนังสือเวียนนี้")
    own = begin(labour, NOBODY, COLLEAGUE).circular_id
    stranger.presses(whom_of(own).pack())
    assert stranger.says("กสร.").contains("ไม่พบ “กสร”")
    stranger.presses(f"ci1:{own}:places:รง05:1:!0:1")
    assert audience_of(labour, own) == NOBODY
    stranger.presses(whom_of(own).pack())
    assert stranger.presses("ทั้งกระทรวง").contains("ทุกคนในกระทรวงสาธารณสุข", "1 คน")
