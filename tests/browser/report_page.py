"""The form of a report as an officer uses it on a phone."""

from collections.abc import Iterator

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from domain.report_fields import FieldKey, Value, value_of
from storage import tables
from storage.submissions.drafts import content_of, newest_content
from storage.tables.projects import LinkKind
from tests.chatting import Chatter
from tests.office import Bot
from tests.processes import wait_for
from tests.submitting import submission_of

CODE, OFFICER, COLLEAGUE = "รง 0501-66-0003", "P00033", "P99001"


def opens(bot: Bot, page: Page, person: str = OFFICER, *, quarter: int = 1, scripts: bool = True) -> None:
    """Ask for the form in the chat, open its link, and wait until its scripts have heard of the server."""
    shown = Chatter(bot, person).presses(f"op1:{CODE}:2566:{quarter}")
    page.goto(shown.actions()["เปิดแบบรายงาน"]["uri"])
    page.get_by_role("button", name="เปิด", exact=True).click()
    expect(page.locator("#report")).to_be_visible()
    if scripts:
        expect(page.locator("#saved")).to_have_attribute("data-state", "saved")


def box(page: Page, name: str) -> Locator:
    """Return the control of a field."""
    return page.locator(f"[name='{name}']")


def boxes(page: Page) -> Iterator[Locator]:
    """Return the controls of all fields that are shown."""
    yield from page.locator("#report .field:visible").locator("textarea, input[type=text]").all()


def saved(page: Page) -> None:
    """Wait until nothing waits on the phone: the server has it all."""
    look = "document.querySelector('#saved').dataset.state === 'saved' && localStorage.length === 0"
    wait_for(lambda: page.evaluate(look), seconds=20, what="a save")


def held(bot: Bot, name: str, item: int | None = None) -> Value:
    """Return what the server holds in a field."""
    with bot.database.read() as session:
        content = content_of(session, newest_content(session, submission_of(bot, CODE).id))
    return value_of(content, FieldKey(name, item))


def add_plan(bot: Bot) -> None:
    """Give the project activities of the quarter, one a part of the other, and a plan of level 2."""
    with bot.writes() as session:
        project = session.scalars(select(tables.Project.id).where(tables.Project.code == CODE)).one()
        whole = tables.Activity(project_id=project, name="จัดอบรมอาชีพอิสระแก่แรงงานสตรี " * 9, in_q1=True)
        link = tables.ProjectLink(project_id=project, kind=LinkKind.NESD_PLAN, name="แผนพัฒนาฯ ฉบับที่ 13")
        session.add_all([whole, link])
        session.flush()
        session.add(tables.Activity(project_id=project, parent_id=whole.id, name="รุ่นที่ 1", in_q1=True))


def beats(page: Page) -> None:
    """Let the page ask what others did, as it does every minute and whenever it is looked at again."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def sends(page: Page) -> None:
    """Answer what is asked on the page before sending, and send."""
    send = page.get_by_role("button", name="ส่งอนุมัติ")
    expect(send).to_be_visible()
    for doubt in page.locator("input[name=sure]").all():
        doubt.check()
    send.click()
    expect(page.locator(".route")).to_be_visible()
