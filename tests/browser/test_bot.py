"""An officer and a director-general chat with the bot itself on the simulator's page."""

from playwright.sync_api import Locator, Page, expect

from tests.chatting import Chatter, web_of
from tests.office import Bot, labour
from tests.submitting import submission_of

__all__ = ["labour"]

OFFICER = "P00017"
DIRECTOR_GENERAL = "P00015"


def test_an_officer_asks_in_thai_and_looks_into_a_project_of_the_answer(labour: Bot, page: Page) -> None:
    officer, web = Chatter(labour, OFFICER), web_of(labour)
    web.line.platform.webhook = f"{web.origin}/callback"
    page.goto(f"{web.line.origin}/?u={officer.account}")
    chat = page.get_by_role("log")

    page.get_by_label("ข้อความถึง").fill("ไตรมาสนี้โครงการไหนยังไม่รายงานบ้างครับ")
    page.get_by_role("button", name="ส่ง", exact=True).click()
    expect(chat.locator(".bubble")).to_contain_text("โครงการที่ยังไม่รายงาน")
    chat.get_by_role("button", name="รง 0301-66-0001").click()

    expect(chat.locator(".bubble")).to_have_count(2)
    expect(chat.locator(".bubble").last).to_contain_text("รง 0301-66-0001")
    expect(page.locator(".loading")).to_be_hidden()


def opened(bot: Bot, page: Page, person: str) -> Locator:
    """Open a person's phone and return its chat."""
    chatter, web = Chatter(bot, person), web_of(bot)
    web.line.platform.webhook = f"{web.origin}/callback"
    page.goto(f"{web.line.origin}/?u={chatter.account}")
    return page.get_by_role("log")


def types(page: Page, words: str) -> None:
    """Type words behind those that are in the field, and send."""
    page.get_by_label("ข้อความถึง").press_sequentially(words)
    page.get_by_role("button", name="ส่ง", exact=True).click()


def test_a_director_general_approves_with_two_taps_and_takes_it_back(labour: Bot, page: Page) -> None:
    chat = opened(labour, page, DIRECTOR_GENERAL)
    types(page, "วันนี้มีอะไรให้ผมเซ็นบ้าง")
    chat.get_by_role("button", name="รง 0301-66-0001").click()
    chat.get_by_role("button", name="อนุมัติ", exact=True).click()
    confirm = chat.get_by_role("button", name="ยืนยันอนุมัติ", exact=True)
    expect(confirm).to_be_visible()
    assert submission_of(labour, "รง 0301-66-0001").step == 2

    confirm.click()
    expect(chat.locator(".bubble").last).to_contain_text("ขั้นต่อไป")
    assert submission_of(labour, "รง 0301-66-0001").step == 3

    chat.get_by_role("button", name="ยกเลิกการอนุมัติ", exact=True).click()
    expect(chat.locator(".bubble")).to_have_count(5)
    assert submission_of(labour, "รง 0301-66-0001").step == 2


def test_a_reason_begun_by_a_tap_is_completed_on_the_keyboard_and_quoted_before_it_counts(
    labour: Bot, page: Page
) -> None:
    chat = opened(labour, page, DIRECTOR_GENERAL)
    types(page, "ส่งกลับแก้ไข รง 0301-66-0001")
    page.get_by_role("button", name="การเบิกจ่าย", exact=True).click()
    expect(page.get_by_label("ข้อความถึง")).to_have_value("โปรดตรวจสอบผลการเบิกจ่ายให้ตรงกับหลักฐานและแผนการใช้จ่าย ")
    expect(page.locator(".loading")).to_be_hidden()
    types(page, "ของเดือนธันวาคม")
    expect(chat.locator(".bubble").last).to_contain_text("แผนการใช้จ่าย ของเดือนธันวาคม")
    assert submission_of(labour, "รง 0301-66-0001").state == "pending_approval"

    chat.get_by_role("button", name="ยืนยันส่งกลับแก้ไข", exact=True).click()
    expect(chat.locator(".bubble").last).to_contain_text("ส่งกลับแก้ไขแล้ว")
    assert submission_of(labour, "รง 0301-66-0001").state == "returned"
