"""Copying an approved report into eMENSCR on a phone, field by field."""

import pytest
from playwright.sync_api import Page, expect

from handlers.mirror_presses import OpenMirror
from tests.browser.accessibility import serious_findings
from tests.chatting import Chatter
from tests.office import Bot, labour
from tests.submitting import decide_now, send_report

__all__ = ["labour"]

OFFICER, PROJECT = "P00033", "รง 0501-66-0003"
ROUTE = ("P00034", "P00031", "P00006", "P00005")
SUMMARY = "ดำเนินการแล้ว\nบรรทัดที่สอง “มีเครื่องหมาย” <b>"
COPY_SUMMARY = "คัดลอก สรุปผลการดำเนินงาน"


@pytest.fixture
def link(labour: Bot) -> str:
    """A link to the texts of an approved report."""
    labour.run("policy", "set", "mirror_emenscr", "on", "--ministry", "รง")
    number = send_report(labour, OFFICER, PROJECT, summary=SUMMARY)
    for approver in ROUTE:
        decide_now(labour, approver, number)
    return str(Chatter(labour, OFFICER).presses(OpenMirror(number).pack()).actions()["เปิดหน้าคัดลอก"]["uri"])


def test_a_field_is_copied_by_a_tap_and_the_day_is_noted(link: str, handset: Page) -> None:
    handset.context.grant_permissions(["clipboard-read", "clipboard-write"])
    handset.goto(link)
    handset.get_by_role("button", name="เปิด").click()
    expect(handset.get_by_text("ยังต้องบันทึกใน eMENSCR").first).to_be_visible()
    assert serious_findings(handset) == []
    assert handset.evaluate("document.documentElement.scrollWidth") == 390
    handset.get_by_role("button", name=COPY_SUMMARY).click()
    expect(handset.get_by_role("status")).to_have_text("คัดลอกแล้ว: สรุปผลการดำเนินงาน")
    assert handset.evaluate("navigator.clipboard.readText()") == SUMMARY
    handset.get_by_role("button", name="บันทึกใน eMENSCR แล้ว").click()
    expect(handset.get_by_text("หน่วยงานแจ้งว่าบันทึกใน eMENSCR แล้ว เมื่อ 20 มี.ค. 66")).to_be_visible()
    assert serious_findings(handset) == []


def test_where_the_phone_lets_no_page_copy_the_text_is_left_selected(link: str, handset: Page) -> None:
    handset.add_init_script("delete Navigator.prototype.clipboard; document.execCommand = () => false;")
    handset.goto(link)
    handset.get_by_role("button", name="เปิด").click()
    handset.get_by_role("button", name=COPY_SUMMARY).click()
    expect(handset.get_by_role("status")).to_contain_text("เลือกข้อความไว้แล้ว")
    selected = "(({value, selectionStart, selectionEnd}) => value.slice(selectionStart, selectionEnd))"
    assert handset.evaluate(f"{selected}(document.activeElement)") == SUMMARY


def test_without_scripts_the_texts_are_there_and_no_button_that_does_nothing(link: str, plain_handset: Page) -> None:
    plain_handset.goto(link)
    plain_handset.get_by_role("button", name="เปิด").click()
    expect(plain_handset.get_by_label("สรุปผลการดำเนินงาน", exact=True)).to_have_value(SUMMARY)
    expect(plain_handset.get_by_role("button", name=COPY_SUMMARY)).to_be_hidden()
    plain_handset.get_by_role("button", name="บันทึกใน eMENSCR แล้ว").click()
    expect(plain_handset.get_by_text("หน่วยงานแจ้งว่าบันทึกใน eMENSCR แล้ว")).to_be_visible()
