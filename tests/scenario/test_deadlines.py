"""Until when, for whom: the answers to questions about time, and the year's calendar."""

from datetime import date

from domain.windows import Scope, Stage, WindowKind
from storage.shared_state import reference_changed
from storage.tables import CalendarWindow
from tests.chatting import Chatter, Stranger
from tests.importing import REAL_NOW
from tests.office import Bot, bangkok, labour

__all__ = ["labour"]

OFFICER, DIRECTOR_GENERAL, SECRETARY, COORDINATOR = "P00017", "P00015", "P00005", "P00003"
PLAN_OFFICER, INSURANCE_OFFICER, INSURANCE_PLAN_OFFICER, ADMIN = "P00016", "P00041", "P00040", "P00001"
MINISTRY_ID = 2

QUESTIONS = (
    # label, business day, who, sentence, what the answer says
    ("last day", "20 มี.ค. 66", OFFICER, "เหลืออีกกี่วันปิดรายงาน", "วันนี้เป็นวันสุดท้าย (วันจันทร์ที่ 20 มี.ค. 66)"),
    ("days left", "17 มี.ค. 66", OFFICER, "ไตรมาสนี้ส่งได้ถึงวันไหน", "ภายในวันที่ 20 มี.ค. 66 (เหลือ 3 วัน / 1 วันทำการ)"),
    ("quarter echoed", "20 มี.ค. 66", OFFICER, "ไตรมาส 2 ส่งได้ถึงวันไหนครับ", "ไตรมาส 2/2566 (ม.ค.–มี.ค. 66)"),
    ("both stages", "20 มี.ค. 66", OFFICER, "กำหนดส่ง M6 ไตรมาสนี้วันสุดท้ายวันไหนคะ", "21–31 มี.ค. 66 · อีก 1 วันจึงเปิด"),
    ("letter", "20 มี.ค. 66", OFFICER, "กำหนดส่ง", "ตามหนังสือ ที่ รง 0214/ว 3 ลงวันที่ 27 ม.ค. 66"),
    ("approver's stage", "20 มี.ค. 66", DIRECTOR_GENERAL, "กำหนดส่ง", "รายงานและอนุมัติระดับหน่วยงาน วันนี้เป็นวันสุดท้าย"),
    ("upper stage", "20 มี.ค. 66", SECRETARY, "กำหนดส่ง", "อนุมัติระดับกระทรวง เปิดวันที่ 21 มี.ค. 66 (อีก 1 วัน)"),
    ("M7 named", "22 มี.ค. 66", OFFICER, "M7 ชั้นปลัดต้องเสร็จเมื่อไหร่", "อนุมัติระดับกระทรวง ภายในวันที่ 31 มี.ค. 66 (เหลือ 9 วัน"),
    ("passed", "22 มี.ค. 66", OFFICER, "กำหนดส่งไตรมาส 1/66", "พ้นกำหนดแล้ว 2 วัน (กำหนด 20 มี.ค. 66)"),
    ("whose turn it is", "22 มี.ค. 66", COORDINATOR, "เหลืออีกกี่วันปิดรายงาน", "อนุมัติระดับกระทรวง ภายในวันที่ 31 มี.ค. 66"),
    ("next one", "10 พ.ค. 66", OFFICER, "เหลืออีกกี่วันปิดรายงาน", "ไตรมาส 3/2566 (เม.ย.–มิ.ย. 66)"),
    ("no extension", "20 มี.ค. 66", OFFICER, "ขยายเวลาไตรมาส 4 มั้ย", "ขณะนี้ไม่มีหนังสือขยายเวลา ใช้กำหนดนี้อยู่ กำหนดเปลี่ยนได้โดย"),
    ("mid-year", "20 มี.ค. 66", OFFICER, "โครงการใหม่กลางปีคีย์ได้ถึงเมื่อไร", "เปิดวันที่ 1 เม.ย. 66 (อีก 12 วัน) ถึงวันที่ 18 เม.ย. 66"),
    ("achievement", "20 มี.ค. 66", PLAN_OFFICER, "เดดไลน์รายงานผลสัมฤทธิ์ปี 66", "รายงานผลสัมฤทธิ์แผนปฏิบัติราชการรายปี"),
    ("of the calendar year", "20 มี.ค. 66", INSURANCE_PLAN_OFFICER, "กำหนดส่งรายงานผลสัมฤทธิ์", "ถึงวันที่ 20 เม.ย. 66"),
    ("level-3 plan", "20 มี.ค. 66", PLAN_OFFICER, "แผนปฏิบัติราชการต้องนำเข้าภายในวันไหน", "พ้นกำหนดแล้ว 20 วัน"),
    ("open data", "20 มี.ค. 66", PLAN_OFFICER, "กำหนดส่ง Open-D วันไหน", "ถึงวันที่ 31 ธ.ค. 66"),
    ("own label", "20 มี.ค. 66", INSURANCE_OFFICER, "กำหนดส่งไตรมาสนี้", "ไตรมาส 4/2565 (ต.ค.–ธ.ค. 65)"),
    ("default rule", "20 มี.ค. 66", OFFICER, "ไตรมาส 1/67 ส่งได้ถึงวันไหน", "ยังไม่มีหนังสือกำหนดปฏิทิน จึงใช้หลักทั่วไป: 30 วัน"),
)  # fmt: skip


def test_questions_about_time_get_the_window_that_matters_to_the_asker(labour: Bot) -> None:
    for label, day, who, sentence, expected in QUESTIONS:
        labour.at = bangkok(day)
        assert expected in Chatter(labour, who).says(sentence).text, label


def changed_window(bot: Bot, closes_on: date, issued_on: date) -> None:
    with bot.database.write() as session:
        for stage, opens, closes in (
            (Stage.AGENCY, date(2023, 3, 7), closes_on),
            (Stage.UPPER, closes_on, date(2023, 4, 12)),
        ):
            session.add(
                CalendarWindow(
                    kind=WindowKind.QUARTER_REPORT, fiscal_year=2566, quarter=1, stage=stage, scope=Scope.MINISTRY,
                    unit_id=MINISTRY_ID, opens_on=opens, closes_on=closes, letter_no="ที่ รง 0214/ว 9",
                    issued_on=issued_on,
                )
            )  # fmt: skip
        reference_changed(session, REAL_NOW)


def test_an_extension_is_told_with_its_letter_and_what_was_in_force_before(labour: Bot) -> None:
    changed_window(labour, date(2023, 3, 27), date(2023, 3, 15))
    officer = Chatter(labour, OFFICER)
    shown = officer.says("ขยายเวลาไตรมาส 1 มั้ย")
    assert shown.contains(
        "ภายในวันที่ 27 มี.ค. 66", "มีหนังสือเปลี่ยนกำหนดแล้วตามข้างล่าง", "ตามหนังสือ ที่ รง 0214/ว 9 ลงวันที่ 15 มี.ค. 66",
        "กำหนดเดิม", "7–20 มี.ค. 66", "ตามหนังสือ ที่ รง 0214/ว 3 ลงวันที่ 27 ม.ค. 66",
    )  # fmt: skip
    labour.at = bangkok("10 พ.ค. 66")
    assert officer.says("ไตรมาส 1/66 ตอนนั้นปิดวันไหน").contains("กำหนด 27 มี.ค. 66", "กำหนดเดิม", "7–20 มี.ค. 66")
    labour.at = bangkok("14 มี.ค. 66")
    assert "27 มี.ค. 66" not in officer.says("กำหนดส่ง").text  # the letter is not out yet


def test_what_leans_on_a_question_is_about_the_same_window(labour: Bot) -> None:
    coordinator = Chatter(labour, COORDINATOR)
    assert coordinator.says("แผนปฏิบัติราชการต้องนำเข้าภายในวันไหน").contains("กำหนดเวลานำเข้าแผนระดับ 3")
    for _ in range(2):
        assert coordinator.says("แล้วของ สปส. ล่ะ").contains("กำหนดเวลานำเข้าแผนระดับ 3", "สปส.")


def test_the_calendar_of_the_year_opens_where_today_is(labour: Bot) -> None:
    officer = Chatter(labour, OFFICER)
    shown = officer.says("ขอปฏิทิน eMENSCR ปี 2566 ทั้งปี")
    assert shown.contains(
        "ปีงบประมาณ 2566", "หน้า 1 จาก 2", "ถัดไป: รายงานความก้าวหน้า ไตรมาส 1/2566", "ถึงวันที่ 20 ก.พ. 66 · พ้นกำหนดแล้ว"
    )
    assert officer.says("หน้าถัดไป").contains("หน้า 2 จาก 2", "1–15 ต.ค. 66", "Open-D")
    labour.at = bangkok("1 ส.ค. 66")
    later = officer.says("ปฏิทินทั้งปี")
    assert later.contains("หน้า 2 จาก 2", "ถัดไป: รายงานความก้าวหน้า ไตรมาส 4/2566")
    detail = officer.presses(next(data for data in later.buttons().values() if data.startswith("dd1:quarter_report")))
    assert detail.contains("กำหนดเวลารายงานความก้าวหน้า", "ตามหนังสือ ที่ รง 0214/ว 3")


def test_an_agency_of_the_calendar_year_has_its_own_labels(labour: Bot) -> None:
    shown = Chatter(labour, COORDINATOR).says("ไทม์ไลน์ของ สปส. ปี 66")
    assert shown.contains("สปส.", "ไตรมาส 4/2565 (ต.ค.–ธ.ค. 65)", "ไตรมาส 1/2566 (ม.ค.–มี.ค. 66)")
    assert "ปีงบประมาณ" not in shown.text


def test_a_year_without_a_circular_goes_by_the_default_rule_and_says_so(labour: Bot) -> None:
    shown = Chatter(labour, OFFICER).says("ปฏิทินปี 2568")
    assert shown.contains("1–30 ม.ค. 68", "ยังไม่มีหนังสือกำหนดปฏิทินของปีนี้ จึงแสดงตามหลักทั่วไป")
    assert Chatter(labour, ADMIN).says("ปฏิทินทั้งปี").contains("จึงแสดงตามหลักทั่วไป")


def test_other_agencies_strangers_and_forged_buttons_get_no_calendar(labour: Bot) -> None:
    officer, stranger = Chatter(labour, OFFICER), Stranger(labour)
    for press in ("wc1:รง05:2566:1", "dd1:quarter_report:2566:1:รง05", "dd1:quarter_report:2566:1:xx"):
        assert officer.presses(press).contains("ไม่มีสิทธิ")
        assert "66" not in stranger.presses(press).text
    for press in ("wc1:!0:999999:1", "dd1:quarter_report:2566:9:!0", "dd1:open_d:2569:!0:!0"):
        assert officer.presses(press).contains("ปุ่มนี้")
    assert officer.says("กำหนดส่งของ กสร.").contains("ไม่มีสิทธิ")
    assert officer.presses("wc1:!0:2566:999").contains("หน้า 2 จาก 2")
