"""A whole project on a phone."""

from playwright.sync_api import Page, expect
from sqlalchemy import update

from storage import tables
from tests.browser.accessibility import serious_findings
from tests.chatting import Chatter
from tests.office import Bot, labour

__all__ = ["labour"]

OFFICER, CODE = "P00033", "รง 0501-66-0003"


def test_a_project_with_long_texts_is_read_on_a_phone_without_scrolling_sideways(labour: Bot, handset: Page) -> None:
    with labour.writes() as session:
        project = update(tables.Project).where(tables.Project.code == CODE)
        session.execute(project.values(rationale="ก" * 2_000, owner_email=f"{'a' * 300}@example.go.th"))
    officer = Chatter(labour, OFFICER)
    officer.presses(f"oj1:{CODE}")
    handset.goto(officer.last.actions()["เปิดดูข้อมูลโครงการ"]["uri"])
    assert serious_findings(handset) == []
    handset.get_by_role("button", name="เปิด").click()
    expect(handset.get_by_role("heading", name="M5 งบประมาณ")).to_be_visible()
    assert serious_findings(handset) == []
    assert handset.evaluate("document.documentElement.scrollWidth") == 390
