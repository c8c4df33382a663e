"""A plan officer fills the form of an agency's plan on a phone of 390 pixels, with fingers and with the keyboard."""

from playwright.sync_api import Page, expect

from domain.windows import WindowKind
from handlers.duty_pages import OpenDutyForm
from tests.browser.accessibility import in_order
from tests.chatting import Chatter
from tests.office import Bot, bangkok, labour

__all__ = ["labour"]

PLAN = OpenDutyForm(WindowKind.LEVEL3_PLAN, "รง03", 2566, 0)


def test_a_plan_is_stated_and_sent_from_a_phone(labour: Bot, handset: Page) -> None:
    labour.at = bangkok("20 ก.พ. 66", "09:00")
    officer = Chatter(labour, "P00016")
    officer.presses(PLAN.pack())
    handset.goto(officer.last.actions()["เปิดแบบบันทึก"]["uri"])
    handset.get_by_role("button", name="เปิด").click()
    expect(handset.get_by_role("heading", name="แผนระดับ 3 ปีงบประมาณ 2566")).to_be_visible()
    in_order(handset)

    handset.get_by_label("วันที่นำเข้าระบบ eMENSCR").fill("31 ก.พ. 66")
    handset.get_by_role("button", name="ส่งอนุมัติ").click()
    expect(handset.get_by_label("วันที่นำเข้าระบบ eMENSCR")).to_have_attribute("aria-invalid", "true")
    in_order(handset)

    handset.get_by_label("วันที่นำเข้าระบบ eMENSCR").fill("๑๕ ก.พ. ๖๖")
    handset.keyboard.press("Tab")
    handset.keyboard.type("รง 0304/12")
    handset.keyboard.press("Enter")  # keeps a draft, and sends nothing
    expect(handset.get_by_role("status").first).to_contain_text("บันทึกร่างแล้ว")
    handset.get_by_role("button", name="ส่งอนุมัติ").click()
    expect(handset.locator(".route [aria-current]")).to_contain_text("ลำดับที่ 1 อธิบดี รอพิจารณา")
    in_order(handset)
    handset.get_by_role("button", name="ดึงกลับ").click()
    expect(handset.get_by_role("status").first).to_contain_text("ดึงกลับเป็นฉบับร่างแล้ว")
