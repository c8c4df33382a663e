"""The documents of a circular: the free reply gives a link of ten minutes, and only who got the letter reads it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from urllib.parse import quote, urlsplit

import pytest
from pydantic import SecretStr
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from bot.pages.site import COOKIE
from bot.settings import Settings
from domain.circulars.letters import Relation
from handlers.circulars.presses import CIRCULAR, Acknowledge, OpenLetter
from handlers.conversation import Page, Pressed
from storage import tables
from storage.circulars import files
from storage.file_pieces import PIECE
from storage.shared_state import reference_changed
from tests.chatting import Chatter, line
from tests.handset import PUBLIC_URL, REFUSED, Handset
from tests.issuing import ADMIN, COORDINATOR, LETTER, draft, issue, recipient
from tests.office import Bot, bangkok, labour, line_id_of
from tests.probing import Probe, ask_all
from tests.sending import Line

__all__ = ["labour", "line"]

OFFICER, HEAD, DIRECTOR_GENERAL, OTHER_AGENCYS = "P00033", "P00034", "P00031", "P00017"
NAME = 'หนังสือเวียน "ว ๓"\r\nSet-Cookie: a=b'
CONTENT = b"%PDF-1.7\n" + bytes(range(256)) * (3 * PIECE // 256)
LONG = replace(LETTER, text="ตามที่กระทรวงได้แจ้ง <b>กำหนดการ</b>\n\n" + "รายละเอียด " * 300 + "จบหนังสือ")


@pytest.fixture
def office(labour: Bot, line: Line) -> Bot:
    labour.at = bangkok("20 มี.ค. 66", "09:05")
    labour.link(OFFICER, HEAD, DIRECTOR_GENERAL, COORDINATOR)
    return labour


@pytest.fixture
def circular(office: Bot) -> int:
    number = issue(office, LONG, documents=[(NAME, CONTENT), ("แนบ.PDF", b"%PDF-1.4")])
    office.send()
    return number


@pytest.fixture
def phone(office: Bot) -> Handset:
    return Handset(office)


def about(circular: int) -> dict[str, str]:
    return {CIRCULAR: str(circular)}


def documents(bot: Bot, circular: int) -> list[int]:
    with bot.database.read() as session:
        return [file.file_id for file in files.files_of(session, circular)]


def form_key(page: TestResponse) -> str:
    return page.text.partition('name="form_key" value="')[2].partition('"')[0]


def refused(answer: TestResponse) -> bool:
    return answer.status_code == 404 and REFUSED in answer.text and "รายละเอียด" not in answer.text


def test_the_reply_opens_the_letter_in_the_phones_own_browser(office: Bot, circular: int, phone: Handset) -> None:
    officer = Chatter(office, OFFICER)
    told = officer.presses(OpenLetter(circular).pack())
    assert told.contains("ที่ รง ๐๒๑๔/ว ๓", "10 นาที")
    link = urlsplit(told.buttons()["เปิดเอกสาร"])
    assert link.query == "openExternalBrowser=1"  # Android's browser inside LINE shows no PDF
    assert told.buttons()["รับทราบ"] == Acknowledge(circular).pack()
    assert recipient(office, OFFICER, circular).opened_at is None  # a link is not read yet

    page = phone.opens(OFFICER, Page.LETTER, about(circular))
    opened_at = recipient(office, OFFICER, circular).opened_at
    assert opened_at == office.at
    shown = phone.get(page)
    assert shown.status_code == 200
    for words in ("ที่ รง ๐๒๑๔/ว ๓", "การรายงานผล", "&lt;b&gt;กำหนดการ", "จบหนังสือ", "สิ่งที่ส่งมาด้วย 2 ฉบับ", "24 มี.ค. 66"):
        assert words in shown.text
    phone.clock.advance(minutes=5)
    assert phone.get(phone.opens(OFFICER, Page.LETTER, about(circular))).status_code == 200
    assert recipient(office, OFFICER, circular).opened_at == opened_at
    assert "เปิดเอกสาร" not in officer.presses(Acknowledge(circular).pack()).buttons()


def test_a_document_comes_byte_by_byte_under_its_thai_name_and_can_do_nothing(
    office: Bot, circular: int, phone: Handset
) -> None:
    page, (first, second) = phone.opens(OFFICER, Page.LETTER, about(circular)), documents(office, circular)
    answer = phone.get(f"{page}/{first}")
    assert (answer.status_code, answer.data == CONTENT) == (200, True)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Length"] == str(len(CONTENT))
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    named = answer.headers["Content-Disposition"]
    assert named.startswith(f"attachment; filename=\"circular-{first}.pdf\"; filename*=UTF-8''{quote('หนังสือเวียน')}")
    assert named.endswith(".pdf")
    assert "a=b" not in str(answer.headers)
    assert phone.get(f"{page}/{second}").headers["Content-Disposition"].endswith(f"{quote('แนบ.PDF')}")
    robot = phone.browser.head(f"{page}/{first}", base_url=PUBLIC_URL)
    assert (robot.status_code, robot.data) == (200, b"")
    assert phone.get(f"{page}/{first}").status_code == 200  # as often as wished while the page is open


def test_the_page_acknowledges_once_and_from_its_own_form_alone(office: Bot, circular: int, phone: Handset) -> None:
    page = phone.opens(OFFICER, Page.LETTER, about(circular))
    key = form_key(phone.get(page))
    assert refused(phone.posts(page))
    assert refused(phone.posts(page, {"form_key": key}, Origin="https://elsewhere.example"))
    assert recipient(office, OFFICER, circular).acknowledged_at is None
    office.at = phone.clock.business = bangkok("27 มี.ค. 66", "10:00")
    for _ in range(2):
        assert phone.posts(page, {"form_key": key}).location == page
        phone.clock.advance(minutes=1)
    assert recipient(office, OFFICER, circular).acknowledged_at == bangkok("27 มี.ค. 66", "10:00")
    shown = phone.get(page).text
    assert "ท่านรับทราบแล้วเมื่อ 27 มี.ค. 66 เวลา 10.00 น." in shown
    assert "พ้นกำหนดรับทราบวันที่ 24 มี.ค. 66" in shown
    assert "form_key" not in shown


def test_a_link_opens_once_within_ten_minutes_and_a_robot_that_looks_spends_and_learns_nothing(
    office: Bot, circular: int, phone: Handset
) -> None:
    link = phone.path(OFFICER, Page.LETTER, about(circular))
    robot = phone.app.test_client()
    for method in ("HEAD", "GET", "GET"):
        seen = robot.open(link, method=method, base_url=PUBLIC_URL)
        assert (seen.status_code, "Set-Cookie" in seen.headers) == (200, False)
        assert not any(words in seen.text for words in ("๐๒๑๔", "ไตรมาส", "รายละเอียด", "กระทรวง"))
    assert recipient(office, OFFICER, circular).opened_at is None
    assert phone.posts(link).status_code == 303
    assert (phone.posts(link).status_code, phone.get(link).status_code) == (410, 410)
    late = phone.path(OFFICER, Page.LETTER, about(circular))
    phone.clock.advance(minutes=10)
    assert refused(phone.get(late))
    assert refused(phone.posts(late))


def test_only_who_got_the_letter_or_looks_after_it_reads_it(office: Bot, circular: int, phone: Handset) -> None:
    others = replace(LETTER, letter_no="รง ๐๒๑๔/ว ๙", subject="ฉบับอื่น")
    foreign = draft(office, others, documents=[("ร่าง.pdf", b"%PDF-1.5")])
    for person, is_seen in ((OFFICER, True), (COORDINATOR, True), (ADMIN, True), (OTHER_AGENCYS, False)):
        link = phone.path(person, Page.LETTER, about(circular))
        assert (phone.get(link).status_code, phone.posts(link).status_code) == ((200, 303) if is_seen else (404, 404))
    for wrong in ({CIRCULAR: "9999"}, about(foreign.circular_id)):
        assert refused(phone.get(phone.path(OFFICER, Page.LETTER, wrong)))
    page = phone.opens(OFFICER, Page.LETTER, about(circular))
    for number in (foreign.files[0].file_id, 9_999):
        assert refused(phone.get(f"{page}/{number}"))
    looks_after = phone.opens(COORDINATOR, Page.LETTER, about(circular))
    shown = phone.get(looks_after)
    assert "ในฐานะผู้ดูแล" in shown.text
    assert "form_key" not in shown.text
    assert not phone.opens(COORDINATOR, Page.LETTER, about(foreign.circular_id)).endswith(page)  # a draft by its maker

    robber = phone.app.test_client()
    kept = phone.browser.get_cookie(COOKIE, domain="bot.example", path=looks_after)
    assert kept is not None
    robber.set_cookie(COOKIE, kept.value, domain="bot.example", path="/")
    assert refused(robber.get(page, base_url=PUBLIC_URL))
    assert refused(phone.app.test_client().get(page, base_url=PUBLIC_URL))


def test_what_ends_is_refused_at_the_next_request(office: Bot, circular: int, phone: Handset) -> None:
    page, (first, _) = phone.opens(OFFICER, Page.LETTER, about(circular)), documents(office, circular)
    unopened = phone.path(OFFICER, Page.LETTER, about(circular))
    key = form_key(phone.get(page))
    of = select(tables.Person.id).where(tables.Person.code == OFFICER)

    def is_over() -> bool:
        asked = [phone.get(address) for address in (page, f"{page}/{first}", unopened)]
        asked += [phone.posts(unopened), phone.posts(page, {"form_key": key})]
        return all(map(refused, asked)) and recipient(office, OFFICER, circular).acknowledged_at is None

    with office.writes() as session:
        session.execute(update(tables.Person).where(tables.Person.code == OFFICER).values(line_user_id=None))
    assert is_over()
    with office.writes() as session:
        account = {"line_user_id": line_id_of(OFFICER)}
        session.execute(update(tables.Person).where(tables.Person.code == OFFICER).values(account))
        post = update(tables.RoleAssignment).where(tables.RoleAssignment.person_id.in_(of))
        session.execute(post.values(valid_to=date(2023, 3, 19)))
        reference_changed(session, datetime.now(UTC))
    assert is_over()


def test_a_withdrawn_letter_stays_readable_and_says_so(office: Bot, circular: int, phone: Handset) -> None:
    page = phone.opens(OFFICER, Page.LETTER, about(circular))
    issue(office, replace(LETTER, letter_no="รง ๐๒๑๔/ว ๔"), relation=Relation.WITHDRAWS, about=circular)
    assert "ยกเลิกแล้ว" not in phone.get(page).text
    office.send()
    shown = phone.get(page).text
    assert "ยกเลิกแล้วตามหนังสือ ที่ รง ๐๒๑๔/ว ๔" in shown
    assert "จบหนังสือ" in shown
    assert "form_key" not in shown  # nobody waits for an acknowledgement of it any more
    assert Chatter(office, OFFICER).presses(OpenLetter(circular).pack()).contains("ยกเลิกแล้วตามหนังสือ")


def test_with_liff_the_letter_opens_outside_of_line_all_the_same(office: Bot, circular: int, line: Line) -> None:
    settings = Settings(
        public_url=PUBLIC_URL,
        secret_key=SecretStr("k" * 40),
        liff_id="2000000001-AbcdEfgh",
        line_login_channel_id="2000000001",
        line_api_base=line.origin,
    )
    phone = Handset(office, settings)
    link = phone.link(OFFICER, Page.LETTER, about(circular))
    assert link.startswith(f"{PUBLIC_URL}/w/l/")
    assert link.endswith("?openExternalBrowser=1")
    assert "จบหนังสือ" in phone.get(phone.opens(OFFICER, Page.LETTER, about(circular))).text
    assert refused(phone.posts(urlsplit(link).path.replace("/w/l/", "/w/l/x")))
    other = urlsplit(phone.link(OFFICER, Page.PROJECT, {"code": "รง 0501-66-0003"}).replace("https://liff.line.me", ""))
    assert refused(phone.posts(f"/w/l/{other.path.rpartition('/')[2]}"))  # other pages still ask LINE


def test_without_pages_the_chat_shows_what_it_can(office: Bot, circular: int) -> None:
    with office.database.engine.connect() as connection, connection.begin() as whole:
        (answer,) = ask_all(connection, OFFICER, [Probe(Pressed(OpenLetter(circular).pack()))]).answers.values()
        whole.rollback()
    assert "จบหนังสือ" in answer
    assert "สิ่งที่ส่งมาด้วย 2 ฉบับ เปิดในแชตไม่ได้" in answer
