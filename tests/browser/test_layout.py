"""The page with six phones: how it fits the screen, who can use it, what it keeps, what it survives."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.demo.line import free_port
from simulator.line.people import Person
from simulator.page.screen import MOST_LINES
from tests.browser.accessibility import serious_findings
from tests.browser.conftest import PATIENCE
from tests.browser.scene import ANONG, BOONMI, Scene, held_up, open_side
from tests.browser.test_phones import button, card, menu, press, say, text

OTHERS = tuple(f"U{digit * 32}" for digit in "cdef0")
SIX = (ANONG, BOONMI, *OTHERS[:4])

sizes = pytest.mark.parametrize(
    ("page", "whole"),
    (((390, 844), 1), ((768, 1024), 2), ((1440, 900), 2)),
    ids=("phone", "tablet", "laptop"),
    indirect=["page"],
)
laptop = pytest.mark.parametrize("page", ((1440, 900),), ids=("laptop",), indirect=True)
handheld = pytest.mark.parametrize("page", ((390, 844),), ids=("phone",), indirect=True)


WHOLE = """
() => [...document.querySelectorAll(".phone")].map((phone) => phone.getBoundingClientRect())
  .filter(({ left, right }) => left >= 0 && right <= innerWidth).length
"""
"""How many phones are seen from edge to edge."""


@pytest.fixture
def crowd(scene: Scene) -> Scene:
    """Seven people with a menu and something to read."""
    for number, user_id in enumerate(OTHERS):
        scene.platform.register(Person(user_id, f"นางสาวผู้มีชื่อยาวมากคนที่ {number}", "ผู้อำนวยการกองยุทธศาสตร์และแผนงาน"))
    menu_id = menu(scene, "first", say("งานของฉัน"), say("ช่วยเหลือ"))
    scene.calls(f"/v2/bot/user/all/richmenu/{menu_id}", {})
    found = card(button(press("ดูรายละเอียด", "pj1~7")))
    for user_id in (ANONG, BOONMI, *OTHERS):
        scene.calls("/v2/bot/message/push", {"to": user_id, "messages": [found, text("เลือก", say("กกจ."))]})
    return scene


def shows(scene: Scene, page: Page, *people: str) -> None:
    """Open the page with these phones."""
    page.goto(f"{scene.address}/?{'&'.join(f'u={person}' for person in people)}")
    expect(page.locator(".phone")).to_have_count(len(people))
    expect(page.locator("[data-when=open]")).to_be_visible()


def chats_of(page: Page) -> list[str | None]:
    return [phone.get_attribute("data-chat") for phone in page.locator(".phone").all()]


@sizes
def test_six_phones_fit_a_screen_and_keep_nobody_out(crowd: Scene, page: Page, whole: int) -> None:
    shows(crowd, page, *SIX)

    expect(page.locator("[data-tab][aria-current=true]").first).to_be_visible()
    assert page.evaluate(WHOLE) == whole
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    heights = page.evaluate("[...document.querySelectorAll('.chat')].map((chat) => chat.clientHeight)")
    assert min(heights) >= 220
    for part in (page.locator(".composer").first, page.locator(".bar").first):
        expect(part).to_be_in_viewport(ratio=1)
    assert serious_findings(page) == []
    open_side(page)
    assert serious_findings(page) == []


@laptop
def test_phones_are_opened_and_closed_beside_each_other_without_losing_what_is_typed(crowd: Scene, page: Page) -> None:
    shows(crowd, page, ANONG)
    page.get_by_label("ข้อความถึง").fill("ยังพิมพ์ไม่")

    for person in (BOONMI, *OTHERS):
        page.locator(f"#entry-{person} .entry").click()
    expect(page.get_by_text("เปิดพร้อมกันได้ไม่เกิน 6 เครื่อง")).to_be_visible()
    expect(page.locator(".phone")).to_have_count(6)
    page.locator(f"#entry-{BOONMI}").get_by_role("button", name="ปิดโทรศัพท์ของ บุญมี").click()
    expect(page.locator(".phone")).to_have_count(5)
    expect(page.get_by_text("เปิดพร้อมกันได้ไม่เกิน 6 เครื่อง")).to_be_hidden()
    expect(page).to_have_url(re.compile("&".join(f"u={person}" for person in (ANONG, *OTHERS[:4]))))
    expect(page.get_by_label("ข้อความถึง eMENSCR จาก อนงค์")).to_have_value("ยังพิมพ์ไม่")

    crowd.platform.set_blocked(OTHERS[4], blocked=True)  # everybody's page loads anew
    expect(page.locator(f"#entry-{OTHERS[4]}")).to_contain_text("บล็อก")
    expect(page.locator(".phone")).to_have_count(5)
    assert chats_of(page) == [ANONG, *OTHERS[:4]]
    expect(page.get_by_label("ข้อความถึง eMENSCR จาก อนงค์")).to_have_value("ยังพิมพ์ไม่")


@laptop
def test_phones_stand_in_the_order_in_which_they_were_chosen_however_long_one_takes(crowd: Scene, page: Page) -> None:
    shows(crowd, page, ANONG)
    on_the_way = held_up(page, f"**/sim/phones/{BOONMI}")

    for person in (BOONMI, *OTHERS):
        page.locator(f"#entry-{person} .entry").click()
    on_the_way().continue_()

    expect(page.get_by_text("เปิดพร้อมกันได้ไม่เกิน 6 เครื่อง")).to_be_visible()
    assert chats_of(page) == [*SIX]


@laptop
def test_a_tab_leads_to_its_phone_and_tells_what_came_out_of_sight(crowd: Scene, page: Page) -> None:
    shows(crowd, page, *SIX)
    last = page.locator(f"[data-tab='{SIX[-1]}']")
    expect(last.locator(".unread")).to_have_text("2 ข้อความยังไม่อ่าน")
    crowd.calls("/v2/bot/message/push", {"to": SIX[-1], "messages": [text("อีกเรื่อง")]})
    expect(last.locator(".unread")).to_have_text("3 ข้อความยังไม่อ่าน")

    last.press("Enter")

    expect(last).to_have_attribute("aria-current", "true")
    expect(last.locator(".unread")).to_be_hidden()
    expect(page.locator(f"#phone-{SIX[-1]}")).to_be_focused()


@handheld
def test_the_tab_of_a_phone_that_is_opened_comes_into_view(crowd: Scene, page: Page) -> None:
    shows(crowd, page, *SIX[:-1])
    open_side(page)
    page.locator(f"#entry-{SIX[-1]} .entry").click()

    expect(page.locator(f"[data-tab='{SIX[-1]}']")).to_be_in_viewport(ratio=0.99)
    expect(page.locator(f"#phone-{SIX[-1]}")).to_be_in_viewport(ratio=0.9)


@handheld
def test_on_a_small_screen_a_visitor_sees_the_tour_first_and_the_time_above_it(crowd: Scene, page: Page) -> None:
    step = {"title": "หนึ่ง", "how": ["กด «หนึ่ง»"], "phones": [BOONMI], "done": [{"userId": BOONMI, "words": ["ก"]}]}
    says = {"says": {"userId": BOONMI, "text": "สวัสดี"}}
    told = json.dumps({"title": "ลองทำตาม", "steps": [step | says]}).encode()
    with urlopen(Request(f"{crowd.address}/sim/tour", told, {"Content-Type": "application/json"}, method="PUT")):
        shows(crowd, page, ANONG)

    expect(page.get_by_text("ลองทำตาม")).to_be_in_viewport(ratio=1)
    top, side = (page.locator(part).bounding_box() for part in (".top", "#side"))
    assert top is not None
    assert side is not None
    assert side["y"] >= top["y"] + top["height"]
    page.get_by_role("button", name="พิมพ์และส่งประโยคนี้ให้").click()
    expect(page.locator(f"#phone-{BOONMI} .own")).to_be_in_viewport()
    page.reload()
    expect(page.locator("#side")).to_be_hidden()


@laptop
def test_what_a_phone_calls_attention_to_leads_to_the_newest_message(crowd: Scene, page: Page) -> None:
    shows(crowd, page, ANONG)
    phone = page.locator(f"#phone-{ANONG}")
    crowd.calls("/v2/bot/message/push", {"to": ANONG, "messages": [text("เรื่องยาว\n" * 40), text("เรื่องต่อไป")]})
    chat = phone.get_by_role("log")
    expect(chat.get_by_text("เรื่องต่อไป")).to_have_count(1)
    chat.evaluate("(chat) => chat.scrollTo(0, 0)")
    crowd.calls("/v2/bot/message/push", {"to": ANONG, "messages": [text("มาใหม่")]})
    expect(phone.locator("[data-notification]")).to_have_text("มาใหม่")
    expect(chat.get_by_text("มาใหม่")).not_to_be_in_viewport()

    phone.get_by_role("button", name="แจ้งเตือน").press("Enter")

    expect(chat.get_by_text("มาใหม่")).to_be_in_viewport(ratio=1)


@laptop
def test_what_hangs_over_the_page_goes_with_escape(crowd: Scene, page: Page) -> None:
    shows(crowd, page, ANONG)
    options = page.get_by_label("ตัวเลือกของโทรศัพท์")
    options.press("Enter")
    expect(page.get_by_role("button", name="บล็อก", exact=True)).to_be_visible()

    page.get_by_label("LINE บน PC").press("Escape")

    expect(page.get_by_role("button", name="บล็อก", exact=True)).to_be_hidden()
    expect(options).to_be_focused()


@handheld
def test_what_comes_behind_the_sheet_is_unread_until_the_sheet_is_closed(crowd: Scene, page: Page) -> None:
    shows(crowd, page, ANONG, BOONMI)
    unread = page.locator(f"[data-tab='{ANONG}'] .unread")
    expect(unread).to_be_hidden()
    open_side(page)
    crowd.calls("/v2/bot/message/push", {"to": ANONG, "messages": [text("อีกเรื่อง")]})
    expect(unread).to_have_text("1 ข้อความยังไม่อ่าน")

    page.locator("#side").press("Escape")
    expect(unread).to_be_hidden()


@laptop
def test_a_flood_leaves_the_newest_lines_of_each_chat_and_a_way_to_the_others(scene: Scene, page: Page) -> None:
    shows(scene, page, ANONG, BOONMI)
    started = perf_counter()
    for first in range(1, 400, 5):
        messages = [text(f"เรื่อง {number}") for number in range(first, first + 5)]
        scene.calls("/v2/bot/message/multicast", {"to": [ANONG, BOONMI], "messages": messages})
    flood = perf_counter() - started

    for person in (ANONG, BOONMI):
        phone = page.locator(f"#phone-{person}")
        expect(phone.get_by_role("log").get_by_text("เรื่อง 400", exact=True)).to_be_in_viewport()
        assert 60 <= phone.locator(".line").count() <= 120
    assert perf_counter() - started < flood + 10

    lines = page.locator(f"#phone-{ANONG} .line")
    before = lines.count()
    page.locator(f"#phone-{ANONG}").get_by_role("button", name="แสดงข้อความก่อนหน้า").click()
    expect(lines).to_have_count(before + MOST_LINES)
    expect(lines.locator(".balloon")).to_have_text([f"เรื่อง {each}" for each in range(401 - before - MOST_LINES, 401)])


@contextmanager
def running(port: int, name: str) -> Iterator[None]:
    """Run a simulator as a process on a port, with one person of this name, and kill it."""
    options = ("--channel-id", "1234567890", "--channel-secret", "a-channel-secret", "--port", str(port))
    process = subprocess.Popen([sys.executable, "-m", "simulator", *options], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert str(port) in process.stdout.readline()
        address = f"http://127.0.0.1:{port}/sim/people/{ANONG}"
        body = json.dumps({"name": name}).encode()
        with urlopen(Request(address, body, {"Content-Type": "application/json"}, method="PUT"), timeout=10):
            yield
    finally:
        process.kill()
        process.communicate()


def test_a_page_says_that_it_hears_nothing_and_goes_on_with_a_restarted_simulator(browser: Browser) -> None:
    port = free_port()
    with browser.new_page() as page:
        page.set_default_timeout(PATIENCE)
        with running(port, "อนงค์"):
            page.goto(f"http://127.0.0.1:{port}/?u={ANONG}")
            expect(page.locator("[data-when=open]")).to_be_visible()
        expect(page.locator("[data-when=closed]")).to_be_visible()

        with running(port, "อนงค์นาถ"):
            expect(page.get_by_role("region", name="อนงค์นาถ")).to_be_visible()
            expect(page.locator("[data-when=open]")).to_be_visible()
