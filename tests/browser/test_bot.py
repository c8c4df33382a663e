"""An officer chats with the bot itself on the simulator's page."""

from playwright.sync_api import Page, expect

from tests.chatting import Chatter, web_of
from tests.office import Bot, labour

__all__ = ["labour"]

OFFICER = "P00017"


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
