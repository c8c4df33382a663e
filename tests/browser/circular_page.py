"""The form of a circular as its maker uses it."""

from playwright.sync_api import Page, expect

from handlers.circulars.making_presses import OpenCircularPage
from storage import tables
from storage.circulars.drafts import Draft, read
from tests.chatting import Chatter
from tests.issuing import COORDINATOR
from tests.office import Bot
from tests.processes import wait_for


def opens(bot: Bot, page: Page, circular: int, maker: str = COORDINATOR, *, scripts: bool = True) -> None:
    """Ask for the form in the chat, open its link, and wait until its scripts have heard of the server."""
    shown = Chatter(bot, maker).presses(OpenCircularPage(circular).pack())
    page.goto(next(action["uri"] for action in shown.actions().values() if action["type"] == "uri"))
    page.get_by_role("button", name="เปิด", exact=True).click()
    expect(page.locator("#circular")).to_be_visible()
    if scripts:
        expect(page.locator("#saved")).to_have_attribute("data-state", "saved")


def saved(page: Page) -> None:
    """Wait until nothing waits on the phone: the server has it all."""
    page.evaluate("document.activeElement.blur()")
    look = "document.querySelector('#saved').dataset.state === 'saved' && localStorage.length === 0"
    wait_for(lambda: page.evaluate(look), seconds=20, what="a save")


def held(bot: Bot, circular: int) -> Draft:
    """Return what the server holds."""
    with bot.database.read() as session:
        return read(session, session.get_one(tables.Circular, circular))
