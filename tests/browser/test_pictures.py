"""The pictures in the guides show what phones and pages show today; ``make docs-pictures`` takes them again.

A function takes the pictures of one guide, as a short story in the sample ministry on the last day of its window.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
import segno
from playwright.sync_api import Browser, expect

from bot.demo.ministry import line_user_id
from domain.circulars.audience import Audience
from domain.roles import Role
from handlers.circulars.presses import PreviewCircular, ShowCircular
from messages_th.linking.letters import Letter, letters
from scheduler.alarms import AlarmTopic, raise_alarm
from storage.tables.submissions import Verdict
from tests.browser.circular_page import opens as opens_circular
from tests.browser.pictures import Studio, keep, kept_words, shown_in
from tests.browser.report_page import CODE, OFFICER, box, opens, saved
from tests.chatting import Chatter, Stranger, web_of
from tests.demo_process import demo
from tests.issuing import COORDINATOR, LETTER, acknowledge, draft, issue
from tests.linking import letter
from tests.office import Bot, labour
from tests.submitting import decide_now, send_report

__all__ = ["labour"]

ADMIN, HEAD, DIRECTOR_GENERAL = "P00001", "P00034", "P00031"
OTHER, OF_OTHERS, APPROVED = "รง 0501-66-0001", "รง 0301-66-0001", "รง 0301-66-0002"
REASON = "โปรดตรวจสอบผลการเบิกจ่ายให้ตรงกับหลักฐานของเดือนธันวาคม"
EVERY_AGENCY = Audience(units=frozenset({"รง02", "รง03", "รง04", "รง05"}))


def in_the_morning(bot: Bot, *people: str) -> list[Chatter]:
    """Bring people what the morning of the last day has for them."""
    chatters = [Chatter(bot, person) for person in people]
    bot.remind()
    bot.send()
    return chatters


def a_minute_later(bot: Bot) -> None:
    """Send what has been said since."""
    bot.at += timedelta(minutes=1)
    bot.send()


def officers(studio: Studio, bot: Bot) -> None:
    (officer,) = in_the_morning(bot, OFFICER)
    studio.menu("officer-menu", Role.PROJECT_OFFICER)
    studio.chat("officer-reminder", officer)
    with studio.page() as page:
        opens(bot, page)
        box(page, "output_progress").fill("จัดอบรมแล้ว 12 รุ่น มีผู้ผ่านการอบรม 360 คน")
        box(page, "disbursed_baht").fill("๒๕๐,๐๐๐")
        saved(page)
        studio.part("officer-form", page, page.locator("main > *").first, page.locator("#report .field").first)
        for control in page.locator("#report .field:visible textarea").all():
            control.fill("รอหน่วยงานในพื้นที่ส่งหลักฐานการเบิกจ่าย")
        page.get_by_role("button", name="ตรวจทานก่อนส่ง").click()
        expect(page.get_by_role("button", name="ส่งอนุมัติ")).to_be_visible()
        studio.part("officer-review", page, page.locator("form h2").first, page.get_by_text("บาทถ้วน").last)
    decide_now(bot, HEAD, send_report(bot, OFFICER, CODE), Verdict.RETURNED, REASON)
    a_minute_later(bot)
    studio.chat("officer-returned", officer)


def approvers(studio: Studio, bot: Bot) -> None:
    sent = [send_report(bot, OFFICER, code) for code in (CODE, OTHER)]
    (head,) = in_the_morning(bot, HEAD)
    studio.chat("approver-reminder", head)
    head.says("รายการรออนุมัติ")
    head.presses("อนุมัติหลายรายการ")
    head.presses("สรุปก่อนอนุมัติ")
    studio.chat("approver-several", head)
    head.says("รายการรออนุมัติ")
    head.presses(CODE)
    studio.chat("approver-card", head)
    head.presses("อนุมัติ")
    head.presses("ยืนยันอนุมัติ")
    studio.chat("approver-approved", head)
    decide_now(bot, HEAD, sent[1])
    director = Chatter(bot, DIRECTOR_GENERAL)
    director.says(f"ส่งกลับแก้ไข {OTHER}")
    director.says(REASON)
    studio.chat("approver-return", director)


def coordinators(studio: Studio, bot: Bot) -> None:
    bot.link(*(f"P000{number}" for number in range(10, 36)))
    (coordinator,) = in_the_morning(bot, COORDINATOR)
    coordinator.says("โครงการที่ยังไม่รายงาน")
    studio.chat("coordinator-unreported", coordinator)
    coordinator.presses("กสร.")
    coordinator.presses("ทวงถาม")
    studio.chat("coordinator-chase", coordinator)
    written = draft(bot, LETTER, EVERY_AGENCY).circular_id
    with studio.page(height=1400) as page:
        opens_circular(bot, page, written)
        studio.part("coordinator-letter", page, page.locator("main > *").first, page.locator("#f-subject"))
    coordinator.presses(PreviewCircular(written).pack())
    studio.chat("coordinator-preview", coordinator, -2, -1)
    circular = issue(bot, LETTER, EVERY_AGENCY)
    bot.send()
    for person in ("P00010", "P00015", "P00017", "P00023", "P00031", "P00033", "P00034"):
        acknowledge(bot, person, circular)
    coordinator.presses(ShowCircular(circular).pack())
    studio.chat("coordinator-progress", coordinator, -2)


def admins(studio: Studio, bot: Bot) -> None:
    with studio.page(width=794, scale=1) as page:
        page.set_content("".join(letters([printed(bot)], "@emenscr")))
        studio.part("admin-letter", page, page.locator("h1"), page.locator("ol"))
    newcomer = Stranger(bot)
    newcomer.says(letter(bot, "P00035"))
    studio.chat("admin-linking", newcomer)
    admin = Chatter(bot, ADMIN)
    with bot.writes() as session:
        raise_alarm(session, AlarmTopic.QUOTA_LOW, {"limit": 500, "used": 460}, bot.at)
    bot.send()
    studio.chat("admin-alarm", admin)
    admin.says(f"โครงการ {APPROVED} ถึงขั้นไหนแล้ว")
    admin.presses("เปิดให้แก้ไขอีกครั้ง")
    admin.says("พบตัวเลขเบิกจ่ายคลาดเคลื่อนจากระบบบัญชี")
    studio.chat("admin-reopening", admin)
    admin.says("โอนเรื่อง")
    for name in ("ธีรพงษ์ พงษ์ไพบูลย์", "เบญจมาศ แสงทอง"):
        (choice,) = admin.says(name).buttons().values()
        admin.presses(choice)
    studio.chat("admin-handover", admin)


def printed(bot: Bot) -> Letter:
    """Return the letter of an officer, with the code that stands for all codes."""
    qr = segno.make_qr("AB2D-EF3H-JK4N", error="m").svg_inline(border=2, omitsize=True)
    until = bot.at + timedelta(days=30)
    return Letter("นายสุรชัย พงษ์ไพบูลย์", "นักวิเคราะห์นโยบายและแผนปฏิบัติการ", "กองบริหารการคลัง กสร.", "AB2DEF3HJK4N", qr, until)


STORIES: Mapping[str, Callable[[Studio, Bot], None]] = {
    "docs/th/officers.md": officers,
    "docs/th/approvers.md": approvers,
    "docs/th/coordinators.md": coordinators,
    "docs/th/admins.md": admins,
}


@pytest.fixture
def studio(browser: Browser, request: pytest.FixtureRequest) -> Studio:
    return Studio(browser, film=request.config.getoption("--keep-pictures"))


@pytest.mark.parametrize("guide", STORIES)
def test_the_pictures_of_a_guide_show_what_is_shown_today(guide: str, labour: Bot, studio: Studio) -> None:
    web_of(labour)
    STORIES[guide](studio, labour)
    is_up_to_date(guide, studio)


def test_the_picture_of_the_demo_shows_its_page(studio: Studio) -> None:
    people = ("P017", "P016", "P004")  # an officer, the head of the division, a coordinator
    phones = "&".join(f"u={line_user_id(person)}" for person in people)
    with demo() as running, studio.page(width=1580, height=1000, scale=1) as page:
        page.goto(f"{running.opens()}/?{phones}")
        for chat in range(len(people)):
            expect(page.get_by_role("log").nth(chat).locator(".bubble").first).to_be_visible(timeout=90_000)
        machine = page.locator("[data-panel='time']")
        expect(machine.get_by_role("button").first).to_be_visible()
        if studio.film:  # the reminders of the coming year take a while, and are not among the words
            expect(page.get_by_text("กำลังคำนวณ")).to_be_hidden(timeout=90_000)
        studio.window("demo", page, machine, page.locator("main"))
    is_up_to_date("README.md", studio)


def is_up_to_date(guide: str, studio: Studio) -> None:
    """Check that the pictures of a guide say what was shown in the studio; keep these in their place if it has film."""
    if studio.film:
        keep(guide, studio.taken)
    shown = {name: picture.words for name, picture in studio.taken.items()}
    assert shown == kept_words(guide), "a picture shows what is shown no more: run make docs-pictures"
    assert shown.keys() <= shown_in(guide), "a picture was taken for nothing"
