"""The other side of the phones in a browser, before a running bot: faults are switched on, and the bot gets over them.

The bot is the real one: web application, inbox, outbox and sender, with a clock that developers may move.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect
from pydantic import SecretStr

from bot.app import create_app
from bot.clock import shared_clock
from bot.conversations import open_conversations
from bot.notices import NoticeFreezer
from bot.pages.links import links_of
from bot.settings import Settings
from scheduler.sender import DEFAULT_PACE
from scheduler.worker import Worker
from simulator.server import serve
from simulator.webhooks import letters
from tests.browser.accessibility import serious_findings
from tests.browser.scene import ANONG, Scene
from tests.chatting import Later
from tests.office import Bot, labour, line_id_of
from tests.sending import CHANNEL, line_on_loopback

__all__ = ["labour"]

FIRST, SECOND = "P00046", "P00045"
LAPTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
LONGEST_WAIT = 90_000
"""Milliseconds after which the bot has tried again what LINE refused some times: it waits longer each time."""
_MOST_TABS = 200


@pytest.fixture
def office(labour: Bot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bot]:
    """The sample ministry's bot at work, with phones for two; it may be slower than LINE allows."""
    monkeypatch.setattr(letters, "TIMEOUT", 20.0)
    with line_on_loopback(phones=0) as labour.line:
        labour.link(FIRST, SECOND)
        labour.line.platform.cast = [line_id_of(FIRST)]
        with _at_work(labour):
            yield labour


@contextmanager
def _at_work(bot: Bot) -> Iterator[None]:
    assert bot.line is not None
    clock, later = shared_clock(bot.database, bot.at), Later()
    with serve(later) as origin:
        settings = Settings(
            line_channel_secret=SecretStr(CHANNEL.channel_secret), public_url=origin, secret_key=SecretStr("k" * 40)
        )
        conversations = open_conversations(
            bot.database, clock, bot.line.connect, links_of(settings, bot.database, clock)
        )
        later.app = create_app(settings, bot.database, clock, conversations)
        bot.line.platform.webhook = f"{origin}/callback"
        pace = replace(DEFAULT_PACE, idle_seconds=0.05, quota_check_seconds=0.1)
        worker = Worker(bot.database, bot.line.connect, NoticeFreezer(), clock, pace)
        at_work = threading.Thread(target=worker.run)
        at_work.start()
        try:
            yield
        finally:
            worker.stop()
            at_work.join()
            conversations.close()


def opened(bot: Bot, page: Page, person: str = FIRST) -> None:
    """Open a person's phone."""
    assert bot.line is not None
    page.goto(f"{bot.line.origin}/?u={line_id_of(person)}")
    see_other_side(page)


def see_other_side(page: Page) -> None:
    """Let the parts beside the phones be seen, which small screens fold away."""
    expect(page.locator("[data-when=open]")).not_to_have_attribute("hidden", "")
    if not page.locator("#other-side").is_visible():
        page.locator(".strip [data-fold]").click()


def tabs_to(page: Page, wanted: Locator) -> None:
    """Go on with the keyboard until something has the focus."""
    for _ in range(_MOST_TABS):
        if wanted.evaluate("wanted => wanted === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"no way to {wanted} with the keyboard")


def part(page: Page, heading: str) -> Locator:
    """Return the part of the other side under a heading."""
    return page.get_by_role("region", name=heading)


def bubbles(page: Page) -> Locator:
    return page.get_by_role("log").locator(".bubble")


def fits(page: Page) -> bool:
    """Tell whether nothing on the page is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("page", ((1440, 900),), indirect=True, ids=("wide",))
def test_what_line_refuses_is_seen_waiting_and_arrives_once_all_with_the_keyboard(office: Bot, page: Page) -> None:
    opened(office, page)
    tabs_to(page, page.locator("#other-side > summary"))
    page.keyboard.press("Enter")
    switch = page.get_by_role("button", name="LINE ขัดข้อง (500)")
    tabs_to(page, switch)
    page.keyboard.press("Space")
    expect(switch).to_have_attribute("aria-pressed", "true")
    expect(switch).to_be_focused()

    office.remind()
    outbox = part(page, "ข้อความขาออกของบอต")
    waiting = outbox.get_by_role("listitem").filter(has_text=FIRST)
    expect(waiting).to_contain_text("รอส่ง")
    expect(waiting).to_contain_text("LINE ขัดข้อง (500)")
    expect(bubbles(page)).to_have_count(0)
    expect(switch).to_be_focused()
    page.keyboard.press("Space")
    expect(switch).to_have_attribute("aria-pressed", "false")

    expect(waiting).to_contain_text("ส่งแล้ว", timeout=LONGEST_WAIT)
    expect(waiting).to_contain_text("ลองแล้ว")
    expect(bubbles(page)).to_have_count(1)
    expect(part(page, "ลองให้ขัดข้อง")).to_contain_text("กระทบแล้ว")
    expect(part(page, "โควตาข้อความของเดือน")).to_contain_text("ใช้ไป 2 ข้อความ", timeout=LONGEST_WAIT)
    for screen in (LAPTOP, PHONE):
        page.set_viewport_size(screen)
        expect(page.locator("body")).to_have_attribute("data-side", "open" if screen is LAPTOP else "closed")
        see_other_side(page)
        assert fits(page)
        assert serious_findings(page, "#other-side") == []


@pytest.mark.parametrize("page", ((1440, 900),), indirect=True, ids=("wide",))
def test_duplicates_are_answered_once_and_who_has_blocked_the_bot_is_passed_over(office: Bot, page: Page) -> None:
    opened(office, page)
    page.locator("#other-side > summary").click()
    page.get_by_role("button", name="เหตุการณ์มาซ้ำ").click()
    expect(page.get_by_role("button", name="เหตุการณ์มาซ้ำ")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("ข้อความถึง").fill("ช่วยเหลือ")
    page.keyboard.press("Enter")
    inbox = part(page, "เหตุการณ์ขาเข้าของบอต").get_by_role("listitem").filter(has_text="พิมพ์ข้อความ")
    expect(inbox).to_contain_text("เสร็จแล้ว")
    expect(inbox).to_contain_text("LINE แจ้ง 2 ครั้ง: บอตรับ, บอตรับ")
    answers = page.get_by_role("log").locator("li.line:not(.own)")
    expect(answers).to_have_count(1)

    page.get_by_text("ผู้ใช้บล็อกบอต").click()
    blocks = part(page, "ลองให้ขัดข้อง").locator(f"#other-side-{line_id_of(FIRST)}")
    blocks.click()
    expect(blocks).to_have_attribute("aria-pressed", "true")
    expect(part(page, "เหตุการณ์ขาเข้าของบอต").get_by_role("listitem").filter(has_text="บล็อกบอต")).to_contain_text(
        "เสร็จแล้ว"
    )
    office.remind()
    outbox = part(page, "ข้อความขาออกของบอต").get_by_role("listitem")
    expect(outbox.filter(has_text=FIRST)).to_contain_text("ผู้รับบล็อกบอต")
    expect(outbox.filter(has_text=SECOND)).to_contain_text("ส่งแล้ว")

    blocks.click()
    expect(blocks).to_have_attribute("aria-pressed", "false")
    expect(answers).to_have_count(2)


@pytest.mark.parametrize("page", ((1440, 900),), indirect=True, ids=("wide",))
def test_a_spent_quota_stops_the_bot_and_a_new_one_lets_it_go_on_at_once(office: Bot, page: Page) -> None:
    opened(office, page)
    page.locator("#other-side > summary").click()
    quota = part(page, "โควตาข้อความของเดือน")
    spent = quota.get_by_role("button", name="เหลือ 0")
    spent.click()
    expect(spent).to_have_attribute("aria-pressed", "true")
    office.remind()
    expect(quota).to_contain_text("บอตหยุดส่งการแจ้งเตือนและหนังสือเวียน: โควตาเดือนนี้หมด")
    expect(bubbles(page)).to_have_count(0)

    quota.get_by_role("button", name="300").click()
    expect(quota).to_contain_text("จาก 300 ข้อความ")
    expect(quota).not_to_contain_text("บอตหยุดส่ง")
    expect(bubbles(page)).to_have_count(1)


@pytest.mark.parametrize("page", ((390, 844),), indirect=True, ids=("narrow",))
def test_a_bot_that_does_not_let_its_queues_be_seen_is_named_as_such(scene: Scene, page: Page) -> None:
    page.goto(f"{scene.address}/?u={ANONG}")
    see_other_side(page)
    page.locator("#other-side > summary").click()

    expect(part(page, "ข้อความขาออกของบอต")).to_contain_text("บอตไม่ได้เปิดให้ดูคิว")
    assert fits(page)


@pytest.mark.parametrize("page", ((1440, 900),), indirect=True, ids=("wide",))
def test_what_is_being_pressed_stays_under_the_hand_until_it_is_let_go(scene: Scene, page: Page) -> None:
    page.goto(f"{scene.address}/?u={ANONG}")
    see_other_side(page)
    page.locator("#other-side > summary").click()
    switch, other = (page.get_by_role("button", name=name) for name in ("LINE ขัดข้อง (500)", "ส่งถี่เกินไป (429)"))
    switch.hover()
    page.mouse.down()
    scene.calls("/sim/faults", {"kind": "rate_limited", "path": "/v2/bot/nothing"})
    for words in ("หนึ่ง", "สอง"):  # when the second is there, so is what came before it
        scene.calls("/v2/bot/message/push", {"to": ANONG, "messages": [{"type": "text", "text": words}]})
        expect(page.get_by_role("log").get_by_text(words, exact=True)).to_be_visible()

    page.mouse.up()

    expect(switch).to_have_attribute("aria-pressed", "true")
    expect(other).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("page", ((1440, 900),), indirect=True, ids=("wide",))
def test_what_is_folded_by_hand_stays_folded_when_the_page_loads_anew(office: Bot, page: Page) -> None:
    opened(office, page)
    strip, other_side = page.locator("#year-strip"), page.locator("#other-side")
    expect(strip).to_have_attribute("open", "")
    for part in (strip, other_side):
        part.locator("> summary").click()
    page.reload()

    expect(other_side).to_have_attribute("open", "")
    expect(strip).not_to_have_attribute("open", "")
