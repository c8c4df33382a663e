"""A plan officer says on a page that a plan, a yearly report or open data are in eMENSCR, and is left in peace then."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from html import unescape
from io import BytesIO
from pathlib import Path
from threading import Barrier

import pytest
from PIL import Image
from sqlalchemy import func, select, update

from domain.submissions import SubmissionState
from domain.windows import WindowKind
from handlers.conversation import Page
from handlers.duty_pages import DUTY, OpenDutyForm
from storage import tables
from storage.shared_state import reference_changed
from storage.tables.submissions import Verdict
from tests.chatting import Chatter, Stranger
from tests.duty_pages import OFFICER, PLAN, Desk, duty_of, imports_duties, office, statements
from tests.handset import PUBLIC_URL, REFUSED, Handset
from tests.office import Bot, bangkok, labour, steps
from tests.submitting import decide_now
from tests.unit.domain.thai_dates import day

__all__ = ["labour", "office"]

OTHER_AGENCYS, PROJECT_OFFICER, COORDINATOR = "P00032", "P00017", "P00003"
ROUTE = DIRECTOR_GENERAL, CLUSTER_HEAD, _ = "P00015", "P00006", "P00005"
LIST = "du1:level3_plan:2566:!0:AGENCY"
THEME = "แผนปฏิบัติการด้านแรงงานนอกระบบ ระยะที่ 1 (พ.ศ. 2566 – 2570)"
NASTY = '<script>alert("1")</script> \u202egnol\u202c =cmd|"/c calc"!A1 👩‍👩‍👧‍👦'
REASON = "ขอให้แนบประกาศฉบับลงนาม"
FROM_US = {"Origin": PUBLIC_URL}


def sent_of(bot: Bot) -> tables.Submission:
    with bot.database.read() as session:
        return session.scalars(select(tables.Submission).where(tables.Submission.agency_duty_id.is_not(None))).one()


def listed(bot: Bot, kind: WindowKind, name: str = "", **fields: object) -> OpenDutyForm:
    """Put a duty into the office's list, and return the button that opens it."""
    with bot.writes() as session:
        unit = session.scalars(select(tables.Unit.id).where(tables.Unit.code == "รง03")).one()
        row = tables.AgencyDuty(unit_id=unit, kind=kind, fiscal_year=2566, plan_name=name, **fields)
        session.add(row)
        session.flush()
        return OpenDutyForm(kind, "รง03", 2566, row.id)


def reminded(bot: Bot, on: str, person: str) -> list[tuple[str, str, int | None, str, int]]:
    """Return what somebody is reminded of on a morning, open data apart."""
    found = bot.remind(at=bangkok(on)).get(person)
    return [topic for topic in steps(found) if topic[0] != "open_d"] if found else []


def test_a_plan_goes_from_the_list_to_the_last_approval_and_nobody_is_reminded_of_it_any_more(office: Bot) -> None:
    office.link(OFFICER, *ROUTE)
    assert reminded(office, "21 ก.พ. 66", OFFICER) == [("level3_plan", "AGENCY", None, "ahead", 1)]
    officer = Chatter(office, OFFICER)
    assert officer.presses(LIST).contains("แผนระดับ 3 ของหน่วยงาน", "กกจ. · ยังไม่นำเข้า", "เหลือ 7 วัน / 5 วันทำการ")
    assert officer.presses("บันทึกการนำเข้า").contains("แผนระดับ 3 ปีงบประมาณ 2566", "ใช้ได้ครั้งเดียวภายใน 10 นาที")
    assert "/w/l/" in officer.last.actions()["เปิดแบบบันทึก"]["uri"]

    desk = Desk(office)
    assert "แผนระดับ 3 ปีงบประมาณ 2566" in desk.text
    assert "สถานะ ยังไม่นำเข้า" in desk.text
    assert "ภายในวันที่ 28 ก.พ. 66 (เหลือ 7 วัน / 5 วันทำการ)" in desk.text
    assert "ระบบนี้ไม่ได้นำเข้าแทนท่าน" in desk.text
    desk.presses("save", entered_on="๑๕/๒/๒๕๖๖", reference="รง 0304/12")
    assert "บันทึกร่างแล้ว" in desk.text
    assert 'value="15 ก.พ. 66"' in desk.last.text
    assert reminded(office, "22 ก.พ. 66", OFFICER) == []  # one rung, told yesterday
    desk.presses("send", entered_on="15 ก.พ. 66", reference="รง 0304/12")
    assert "ส่งอนุมัติแล้ว" in desk.text
    assert "รออนุมัติ ลำดับที่ 1 จาก 3" in desk.text
    assert "ลำดับที่ 1 อธิบดี รอพิจารณา" in desk.text
    assert officer.presses(LIST).contains("กกจ. · รออนุมัติ", "ลำดับที่ 1 จาก 3: รอ อธิบดี")
    assert "ดึงกลับ" in officer.last.buttons()

    assert reminded(office, "24 ก.พ. 66", OFFICER) == []
    assert reminded(office, "27 ก.พ. 66", OFFICER) == []
    assert reminded(office, "28 ก.พ. 66", DIRECTOR_GENERAL) == [("level3_plan", "AGENCY", None, "pending", 1)]
    number = sent_of(office).id
    card = Chatter(office, DIRECTOR_GENERAL).presses(f"it1:{number}")
    assert card.contains("แผนระดับ 3 ปีงบประมาณ 2566", "15 ก.พ. 66", "รง 0304/12")
    for person in ROUTE:
        decide_now(office, person, number)
        is_last = person == ROUTE[-1]
        assert (duty_of(office).entered_on is not None) is is_last
    assert duty_of(office).entered_on == day("15 ก.พ. 66")
    desk.looks()
    assert "อนุมัติครบทุกลำดับแล้ว · นำเข้าแล้ว 15 ก.พ. 66" in desk.text
    assert not desk.offers("save")
    assert "แผนระดับ 3" not in officer.presses("da1").text
    for on in ("1 มี.ค. 66", "7 มี.ค. 66", "20 มี.ค. 66"):
        assert reminded(office, on, OFFICER) == []
        assert not [topic for topic in reminded(office, on, DIRECTOR_GENERAL) if topic[0] == "level3_plan"]


def test_what_comes_back_says_why_and_is_mended_and_sent_again(office: Bot) -> None:
    office.link(OFFICER)
    desk = Desk(office)
    desk.presses("send", entered_on="15 ก.พ. 66", reference="เดิม")
    decide_now(office, DIRECTOR_GENERAL, sent_of(office).id, Verdict.RETURNED, REASON)
    officer = Chatter(office, OFFICER)
    office.at += timedelta(minutes=5)
    office.send()
    assert REASON in str(office.phone(OFFICER)[-1])
    assert LIST in str(office.phone(OFFICER)[-1])  # the button of the news leads to the list
    assert officer.presses(LIST).contains("ส่งกลับแก้ไข", f"อธิบดี: “{REASON}”")
    assert reminded(office, "21 ก.พ. 66", OFFICER) == [("level3_plan", "AGENCY", None, "ahead", 1)]
    desk.looks()
    assert desk.text.index(REASON) < desk.text.index("สถานะ ส่งกลับแก้ไข")
    assert "อธิบดี 20 ก.พ. 66 เวลา 09.00 น." in desk.text
    desk.presses("send", entered_on="16 ก.พ. 66", reference="ใหม่")
    assert "รออนุมัติ ลำดับที่ 1 จาก 3" in desk.text
    assert (duty_of(office).stated_on, duty_of(office).reference) == (day("16 ก.พ. 66"), "ใหม่")
    assert sent_of(office).version == 2
    desk.presses("withdraw", version="2")
    assert "ดึงกลับเป็นฉบับร่างแล้ว" in desk.text
    assert REASON in desk.text
    assert desk.offers("send")
    assert [after["reference"] for _, after in statements(office)] == ["เดิม", "ใหม่"]


def test_the_approver_sees_the_file_that_belongs_to_a_plan(office: Bot) -> None:
    desk = Desk(office)
    photo = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(photo, "PNG")
    form = {"form_key": desk.hidden("form_key"), "file": (BytesIO(photo.getvalue()), "ประกาศ.png")}
    sent = desk.handset.browser.post(f"{desk.address}/evidence", base_url=PUBLIC_URL, data=form, headers=FROM_US)
    assert sent.status_code == 303
    assert "ประกาศ.png" in desk.looks()
    desk.presses("send", entered_on="15 ก.พ. 66")
    assert "ประกาศ.png" in desk.text
    card = Chatter(office, DIRECTOR_GENERAL).presses(f"it1:{sent_of(office).id}")
    assert "หลักฐาน 1 ไฟล์" in card.buttons()


def test_after_the_window_a_plan_is_sent_with_a_reason(office: Bot) -> None:
    office.at = bangkok("1 มี.ค. 66", "09:00")
    desk = Desk(office)
    assert "พ้นกำหนดแล้ว 1 วัน" in desk.text
    typed = {"entered_on": "28 ก.พ. 66", "reference": "ก"}
    assert desk.presses("send", **typed).status_code == 409
    assert "เหตุผลที่ล่าช้า (จำเป็น)" in desk.text
    assert "พ้นกำหนดส่งแล้ว แต่ยังส่งได้โดยแจ้งเหตุผล" in desk.text
    assert 'value="28 ก.พ. 66"' in desk.last.text
    assert desk.presses("send", **typed, late_reason="สั้น").status_code == 422
    assert "โปรดพิมพ์อย่างน้อย 10 ตัวอักษร" in desk.text
    desk.presses("send", **typed, late_reason="รอประกาศในราชกิจจานุเบกษา")
    assert (sent_of(office).is_late, sent_of(office).late_reason) == (True, "รอประกาศในราชกิจจานุเบกษา")


@pytest.mark.parametrize(
    ("typed", "said"),
    (
        ("31 ก.พ. 66", "ไม่ใช่วันที่"),
        ("21 ก.พ. 66", "ต้องไม่เป็นวันที่ยังมาไม่ถึง"),
        ("20/2/2023 ", ""),
        ("20 กุมภาพันธ์ ๒๕๖๖", ""),
        ("15 ก.พ. 56", "ต้องไม่ก่อนปีงบประมาณ 2562"),
        ("2566", "ไม่ใช่วันที่"),
        ("", "โปรดระบุวันที่นำเข้า"),
        ("ก" * 20_000, "ไม่ใช่วันที่"),
    ),
)
def test_only_a_day_on_which_it_can_have_been_entered_is_taken(office: Bot, typed: str, said: str) -> None:
    desk = Desk(office)
    desk.presses("send", entered_on=typed, reference="ที่พิมพ์ไว้")
    assert "2023" not in desk.text
    if not said:
        assert desk.last.status_code == 200
        assert "20 ก.พ. 66" in desk.text
        return
    assert desk.last.status_code == 422
    assert said in desk.text
    assert 'value="ที่พิมพ์ไว้"' in desk.last.text
    with office.database.read() as session:
        assert session.scalar(select(func.count()).select_from(tables.AgencyDuty)) == 0


def test_of_two_officers_the_second_is_told_who_was_first_and_sees_both(office: Bot) -> None:
    with office.writes() as session:
        mate = session.scalars(select(tables.Person).where(tables.Person.code == PROJECT_OFFICER)).one()
        post = session.scalars(select(tables.RoleAssignment).where(tables.RoleAssignment.person_id == mate.id)).one()
        boss = select(tables.Person.id).where(tables.Person.code == OFFICER).scalar_subquery()
        plans = session.scalars(select(tables.RoleAssignment).where(tables.RoleAssignment.person_id == boss)).one()
        post.role, post.unit_id = plans.role, plans.unit_id
    first, second = Desk(office), Desk(office, person=PROJECT_OFFICER)
    first.presses("save", entered_on="15 ก.พ. 66", reference="ของคนแรก")
    assert second.presses("send", entered_on="16 ก.พ. 66", reference="ของคนที่สอง").status_code == 409
    assert "มีผู้บันทึกก่อนท่าน" in second.text
    assert "บันทึกล่าสุดโดย นางสาววราภรณ์ พงษ์ไพบูลย์ 20 ก.พ. 66 เวลา 09.00 น." in second.text
    assert "บันทึกไว้แล้ว 15 ก.พ. 66 ที่ท่านกรอก 16 ก.พ. 66" in second.text
    assert "บันทึกไว้แล้ว ของคนแรก ที่ท่านกรอก ของคนที่สอง" in second.text
    assert duty_of(office).reference == "ของคนแรก"
    second.presses("send", entered_on="16 ก.พ. 66", reference="ของคนที่สอง")  # now knowingly
    assert duty_of(office).reference == "ของคนที่สอง"
    assert first.presses("save", entered_on="15 ก.พ. 66", reference="ของคนแรก").status_code == 409
    assert "สถานะของรายการเปลี่ยนไปแล้ว" in first.text
    assert duty_of(office).reference == "ของคนที่สอง"


def test_of_two_who_send_in_the_same_moment_one_is_told(office: Bot) -> None:
    desks, days, start = [Desk(office), Desk(office)], ["15 ก.พ. 66", "16 ก.พ. 66"], Barrier(2)

    def sends(desk: Desk, on: str) -> int:
        start.wait(20)
        return desk.presses("send", entered_on=on).status_code

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(sends, desks, days)) == [200, 409]
    assert sent_of(office).version == 1
    assert len(statements(office)) == 1


def test_a_thematic_plan_is_named_as_announced_and_the_list_still_finds_it(office: Bot, tmp_path: Path) -> None:
    listing = {"is_thematic": True}
    button = listed(office, WindowKind.LEVEL3_PLAN, "แผนปฏิบัติการด้านแรงงานนอกระบบ", **listing)
    listed(office, WindowKind.LEVEL3_PLAN, "แผนปฏิบัติการด้านอื่น", **listing)
    desk = Desk(office, button)
    assert "ชื่อแผนที่บันทึกไว้ไม่ตรงตามแบบ" in desk.text
    assert desk.presses("save", plan_name="", entered_on="").status_code == 422
    assert desk.presses("save", plan_name="แผนปฏิบัติการด้านอื่น").status_code == 422
    assert "หน่วยงานมีแผนชื่อนี้ในปีเดียวกันแล้ว" in desk.text
    desk.presses("save", plan_name=THEME)
    assert THEME in desk.text
    assert "ไม่ตรงตามแบบ" not in desk.text
    imports_duties(office, tmp_path)
    plans = select(tables.AgencyDuty).where(tables.AgencyDuty.kind == WindowKind.LEVEL3_PLAN)
    with office.database.read() as session:
        rows = session.scalars(plans.order_by(tables.AgencyDuty.id)).all()
    assert [(row.plan_name, row.listed_as) for row in rows] == [
        (THEME, "แผนปฏิบัติการด้านแรงงานนอกระบบ"),
        ("แผนปฏิบัติการด้านอื่น", None),
    ]


def test_whoever_does_not_enter_the_agencys_plans_learns_nothing_of_the_page(office: Bot) -> None:
    answers = {
        Chatter(office, person).presses(PLAN.pack()).text for person in (OTHER_AGENCYS, PROJECT_OFFICER, COORDINATOR)
    }
    assert len(answers) == 1
    missing = {
        Chatter(office, OTHER_AGENCYS).presses(button).text
        for button in ("od1:level3_plan:รง99:2566:0", "od1:quarter_report:รง05:2566:0", "od1:open_d:รง05:2566:999")
    }
    assert missing == answers
    assert "บันทึกการนำเข้า" not in Chatter(office, COORDINATOR).presses(LIST).buttons()
    assert Stranger(office).presses(PLAN.pack()).text not in answers
    handset = Handset(office)
    for person in (OTHER_AGENCYS, PROJECT_OFFICER, COORDINATOR):
        path = handset.path(person, Page.DUTY, {DUTY: PLAN.pack()})
        for answer in (handset.get(path), handset.posts(path)):
            assert (answer.status_code, REFUSED in answer.text) == (404, True)


def test_a_page_is_closed_to_whoever_is_no_officer_any_more_and_to_forged_requests(office: Bot) -> None:
    desk = Desk(office)
    typed = {"form_key": desk.hidden("form_key"), "revision": "0", "entered_on": "15 ก.พ. 66", "action": "save"}
    for form, headers in (
        ({**typed, "form_key": ""}, {}),
        ({name: typed[name] for name in typed if name != "form_key"}, {}),
        (typed, {"Origin": "https://evil.example"}),
        ({**typed, "action": "approve"}, {}),
        ({**typed, "action": "withdraw", "version": "x"}, {}),
    ):
        assert desk.handset.posts(desk.address, form, **headers).status_code == 404
    with office.database.read() as session:
        assert session.scalar(select(func.count()).select_from(tables.AgencyDuty)) == 0
    path = desk.handset.path(OFFICER, Page.DUTY, {DUTY: PLAN.pack()})
    assert desk.handset.get(path).status_code == 200  # a robot that looks spends nothing
    assert desk.handset.posts(path).status_code == 303
    assert desk.handset.posts(path).status_code == 410
    with office.writes() as session:
        boss = select(tables.Person.id).where(tables.Person.code == OFFICER).scalar_subquery()
        ended = {"valid_to": date(2023, 2, 19)}
        session.execute(update(tables.RoleAssignment).where(tables.RoleAssignment.person_id == boss).values(**ended))
        reference_changed(session, desk.handset.clock.real)
    assert desk.handset.get(desk.address).status_code == 404
    assert desk.handset.posts(desk.address, typed).status_code == 404
    late = Handset(office)
    path = late.path(OTHER_AGENCYS, Page.DUTY, {DUTY: OpenDutyForm(WindowKind.OPEN_D, "รง05", 2566, 0).pack()})
    late.clock.real += timedelta(minutes=11)
    assert late.posts(path).status_code == 404


def test_nasty_texts_are_shown_as_they_are_or_refused(office: Bot) -> None:
    desk = Desk(office)
    assert desk.presses("save", entered_on="15 ก.พ. 66", reference="ก" * 20_000).status_code == 422
    assert "500" in desk.text
    desk.presses("save", entered_on="15 ก.พ. 66", reference=NASTY)
    assert desk.last.status_code == 200
    assert "<script>" not in desk.last.text
    assert 'alert("1")' in unescape(desk.last.text)
    for number in range(12):
        listed(office, WindowKind.LEVEL3_PLAN, f"{NASTY * 8} {number}", is_thematic=True, late_reason=NASTY * 20)
    officer = Chatter(office, OFFICER)
    assert officer.presses(LIST).contains("12 แผน", "1 แผน")  # LINE took it
    assert officer.presses("หน้าถัดไป").contains("หน้า 2 จาก 2")
    assert officer.presses("บันทึกการนำเข้า").contains('alert("1")')
    desk.presses("send", entered_on="15 ก.พ. 66", reference=NASTY)
    assert sent_of(office).state is SubmissionState.PENDING_APPROVAL
    assert Chatter(office, DIRECTOR_GENERAL).presses(f"it1:{sent_of(office).id}").contains('alert("1")')
