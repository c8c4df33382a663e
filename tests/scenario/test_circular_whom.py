"""Choosing whom a circular is for: by taps, in words, and by groups that are saved."""

from datetime import UTC, datetime

from sqlalchemy import select

from domain.circulars.audience import NOBODY, Audience
from domain.roles import Role
from handlers.circulars.presses import whom_of
from storage import shared_state, tables
from storage.circulars.previewing import before_release
from storage.reference import load_reference
from storage.tables.messaging import AuditAction
from tests.chatting import Chatter
from tests.circular_drafts import COLLEAGUE, MAKER, audience_of, begin, previews
from tests.office import Bot, labour
from tests.submitting import actor_of, moment

__all__ = ["labour"]

ADMIN = "P00001"


def test_whom_is_chosen_by_taps_and_an_old_card_does_no_harm(labour: Bot) -> None:
    circular = begin(labour, NOBODY).circular_id
    maker = Chatter(labour, MAKER)
    shown = maker.presses(whom_of(circular).pack())
    assert shown.contains("ผู้รับหนังสือ", "ยังไม่ได้เลือกผู้รับ", "เฉพาะที่ยังไม่รายงานไตรมาส 1/2566")
    places = maker.presses("หน่วยงาน")
    assert places.contains("กระทรวงแรงงาน", "กสร.", "สปส.")
    for _ in range(2):  # a press says what it wants, however often and from however old a card
        assert maker.presses(places.buttons()["กสร."]).contains("ทุกคนใน กสร.", "เลือกแล้ว", "8 คน")
    below = maker.presses(f"kw1:{circular}:places:รง05:1")
    assert below.contains("กองบริหารการคลัง กสร.", "รวมอยู่ในหน่วยงานที่เลือกแล้ว")
    maker.presses(f"kw1:{circular}:without_places:รง05:1")
    assert maker.presses("กองบริหารการคลัง กสร.").contains("ยกเว้น กองบริหารการคลัง กสร.", "6 คน")
    maker.presses(f"kw1:{circular}:roles:!0:1")
    assert maker.presses("ผู้อนุมัติ").contains("ผู้อนุมัติ ใน กสร. ยกเว้น กองบริหารการคลัง กสร.", "3 คน")
    chosen = Audience(
        units=frozenset({"รง05"}), roles=frozenset({Role.APPROVER}), without_units=frozenset({"รง0502"})
    )  # fmt: skip
    assert audience_of(labour, circular) == chosen
    maker.presses(whom_of(circular).pack())
    assert maker.presses(shown.buttons()["เฉพาะที่ยังไม่รายงานไตร…"]).contains("เฉพาะหน่วยงานที่ยังไม่รายงานไตรมาส 1/2566")
    assert maker.presses("ล้างผู้รับ").contains("ยังไม่ได้เลือกผู้รับ")
    assert maker.presses("ทั้งกระทรวง").contains("ทุกคนในกระทรวงแรงงาน", "44 คน")


def test_whom_is_typed_named_back_and_asked_back(labour: Bot) -> None:
    circular = begin(labour, NOBODY).circular_id
    maker = Chatter(labour, MAKER)
    maker.presses(whom_of(circular).pack())
    assert maker.says("กสร. และ กพร. เฉพาะผู้อนุมัติ").contains("ผู้อนุมัติ ใน กพร. และกสร.", "8 คน")
    asked = maker.says("เพิ่มกองบริหารการคลัง")
    assert asked.contains("โปรดระบุให้ชัดเจน", "กองบริหารการคลัง สป.รง.", "กองบริหารการคลัง สปส.")
    assert maker.presses("กองบริหารการคลัง สปส.").contains("ผู้อนุมัติ ใน กพร., กสร. และกองบริหารการคลัง สปส.", "9 คน")
    assert maker.says("ยกเว้น กพร.").contains("ยกเว้น กพร.", "5 คน")
    assert maker.says("กระทรวงสาธารณสุข").contains("ไม่พบ", "กระทรวงสาธารณสุข")
    assert maker.says("เฉพาะที่ยังไม่รายงานไตรมาสนี้").contains("เฉพาะหน่วยงานที่ยังไม่รายงานไตรมาส 1/2566 (ต.ค.–ธ.ค. 65)")
    assert audience_of(labour, circular).unreported is not None


def test_groups_are_saved_chosen_and_removed_within_the_ministry(labour: Bot) -> None:
    circular = begin(labour, Audience(units=frozenset({"รง05", "รง04"}), roles=frozenset({Role.APPROVER}))).circular_id
    maker = Chatter(labour, MAKER)
    maker.presses(whom_of(circular).pack())
    assert maker.presses("บันทึกเป็นกลุ่ม").contains("โปรดพิมพ์ชื่อกลุ่ม")
    assert maker.says('ผู้บริหาร "กสร. กพร."').contains("บันทึกกลุ่มแล้ว", "กลุ่ม “ผู้บริหาร กสร. กพร.”")
    maker.presses("กลับไปที่ผู้รับ")
    maker.presses("บันทึกเป็นกลุ่ม")
    assert maker.says("ผู้บริหาร กสร. กพร.").contains("มีกลุ่มชื่อนี้แล้ว")
    assert maker.says("x" * 61).contains("ยาวเกินไป")
    other = begin(labour, NOBODY, COLLEAGUE).circular_id
    colleague = Chatter(labour, COLLEAGUE)
    colleague.presses(whom_of(other).pack())
    assert colleague.says("กลุ่ม “ผู้บริหาร กสร. กพร.” ยกเว้น กพร.").contains("ยกเว้น กพร.", "4 คน")
    colleague.presses(f"kw1:{other}:groups:!0:1")
    colleague.presses("ลบกลุ่ม")
    assert colleague.presses("ยืนยันลบกลุ่ม").contains("ยังไม่มีกลุ่มที่บันทึกไว้")
    assert colleague.presses(whom_of(other).pack()).contains("กลุ่มที่ลบไปแล้ว", "0 คน")
    assert colleague.presses("co1:1:1:1").contains("ไม่พบกลุ่มนี้")
    assert Chatter(labour, ADMIN).presses("co1:1:1:0").contains("ไม่พบกลุ่มนี้")
    with labour.database.read() as session:
        actions = set(session.scalars(select(tables.AuditEntry.action)))
    assert {AuditAction.AUDIENCE_SAVE, AuditAction.AUDIENCE_REMOVE} <= actions


def test_groups_that_name_each_other_name_everybody_once(labour: Bot) -> None:
    with labour.database.write() as session:
        maker, unit = actor_of(session, MAKER), session.scalars(select(tables.Unit.id).filter_by(code="รง")).one()
        common = {"ministry_id": unit, "saved_by_id": maker.person_id, "saved_at": labour.at}
        first = tables.AudienceGroup(
            name="ก", audience=Audience(units=frozenset({"รง0501"}), groups=(2,)).as_json(), **common
        )
        second = tables.AudienceGroup(
            name="ข", audience=Audience(units=frozenset({"รง0502"}), groups=(1,)).as_json(), **common
        )
        session.add(first)
        session.flush()
        session.add(second)
        session.flush()
        groups = (first.id, second.id)
    circular = begin(labour, Audience(groups=groups)).circular_id
    with labour.database.read() as session:
        reference = load_reference(session, labour.at.date())
        before = before_release(session, reference, actor_of(session, MAKER), circular, moment(labour))
    assert sorted(before.people.people) == ["P00033", "P00034", "P00035", "P00036"]


def test_a_country_of_units_is_chosen_page_by_page(labour: Bot) -> None:
    with labour.writes() as session:
        agency = session.scalars(select(tables.Unit).filter_by(code="รง05")).one()
        session.add_all(
            tables.Unit(code=f"รง05{n}", name='กอง "ทดสอบ" </b>\n' + "ยาว" * 90, level="division", parent_id=agency.id)
            for n in range(100, 400)
        )
        shared_state.reference_changed(session, datetime.now(UTC))
    circular = begin(labour).circular_id
    maker = Chatter(labour, MAKER)
    assert maker.presses(f"kw1:{circular}:places:รง05:1").contains("หน้า 1 จาก 31")
    assert maker.says("หน้าถัดไป").contains("หน้า 2 จาก 31")
    assert maker.presses(f"kw1:{circular}:places:รง05:31").contains("หน้า 31 จาก 31")
    with labour.database.write() as session:
        row = session.get_one(tables.Circular, circular)
        row.audience = Audience(units=frozenset(f"รง05{n}" for n in range(100, 350))).as_json()
    assert previews(labour, circular)[1].contains("และอีก 238 หน่วยงาน")
