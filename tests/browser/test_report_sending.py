"""An officer sends the quarterly report from a phone of 390 pixels with keys alone, and sees how far it came."""

from playwright.sync_api import Page, expect

from domain.submissions import SubmissionState
from tests.browser.accessibility import in_order
from tests.browser.report_page import CODE, box, opens
from tests.office import Bot, labour
from tests.submitting import submission_of

__all__ = ["labour"]

NAVY = "rgb(31, 58, 95)"


def fills(page: Page, disbursed: str) -> None:
    """Fill the whole form with less money than planned, and go on to the preview."""
    box(page, "disbursed_baht").fill(disbursed)
    expect(box(page, "underspend_reason")).to_be_visible()
    for control in page.locator("#report .field:visible textarea").all():
        control.fill("ดำเนินการแล้ว")
    page.locator("[formaction$='/preview']").press("Enter")


def test_the_card_is_looked_at_sent_and_taken_back_by_keyboard(labour: Bot, handset: Page) -> None:
    opens(labour, handset)
    fills(handset, "๓๒๑.๙๐")
    expect(handset.get_by_role("heading", name="การ์ดที่ผู้อนุมัติจะเห็น")).to_be_visible()
    expect(handset.locator(".fx-bubble > .fx-on-navy")).to_have_css("background-color", NAVY)
    in_order(handset)
    send = handset.get_by_role("button", name="ส่งอนุมัติ", exact=True)
    send.press("Enter")
    expect(handset.get_by_role("alert")).to_contain_text("ตัวเลขถูกต้องแล้ว")
    in_order(handset)
    handset.get_by_role("checkbox", name="ตัวเลขถูกต้องแล้ว").press("Space")
    send.press("Enter")
    expect(handset.get_by_role("heading", name="ส่งอนุมัติแล้ว")).to_be_visible()
    expect(handset.locator(".route [aria-current=step]")).to_contain_text("ผู้อำนวยการกอง")
    in_order(handset)
    handset.reload()  # nothing is sent twice
    assert (submission_of(labour, CODE).state, submission_of(labour, CODE).version) == (
        SubmissionState.PENDING_APPROVAL,
        1,
    )
    handset.get_by_role("button", name="ดึงกลับ").press("Enter")
    confirm = handset.get_by_role("button", name="ยืนยันดึงกลับ")
    expect(confirm).to_be_visible()
    in_order(handset)
    confirm.press("Enter")
    expect(handset.locator("#report")).to_be_visible()
    assert submission_of(labour, CODE).state is SubmissionState.DRAFT


def test_what_is_missing_is_a_tap_away(labour: Bot, handset: Page) -> None:
    opens(labour, handset)
    handset.goto(f"{handset.url.partition('?')[0].partition('#')[0]}/preview")
    in_order(handset)
    handset.get_by_role("link", name="สรุปผลการดำเนินงาน").press("Enter")
    expect(box(handset, "summary")).to_be_in_viewport()
