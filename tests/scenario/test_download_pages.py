"""Lists as spreadsheets behind a link that is short-lived, opens once, and shows what its person may see now."""

import http.client
import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from urllib.parse import unquote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from bot.app import create_app
from bot.pages import unreported
from bot.pages.links import links_of
from bot.settings import Settings
from domain.submissions import SubmissionState
from handlers.conversation import Page
from simulator.server import serve
from storage import tables
from tests.chatting import Chatter
from tests.office import Bot, bangkok, labour

__all__ = ["labour"]

PUBLIC_URL = "https://bot.example"
SETTINGS = Settings(public_url=PUBLIC_URL, secret_key=SecretStr("k" * 40))
COORDINATOR, OFFICER, WELFARE_OFFICER, MONITOR = "P00004", "P00017", "P00033", "P00002"
ALL, OF_WELFARE = "dl1:2566:1:!0:!0::0", "dl1:2566:1:รง05:!0::0"
REFUSED = "ลิงก์นี้ใช้ไม่ได้"


class HandClock:
    """Real time that tests move; business time is the bot's."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self.real = datetime.now(UTC)

    def now(self) -> datetime:
        return self._bot.at

    def real_now(self) -> datetime:
        return self.real


class Phone:
    """A browser, and the links that a person is given in the chat."""

    def __init__(self, app: Flask, bot: Bot, clock: HandClock) -> None:
        self.app, self.bot, self.clock = app, bot, clock
        self.browser: FlaskClient = app.test_client()
        self.opened = "/w/unreported/none"

    def link(self, person: str, data: str = ALL) -> str:
        """Return the path of a fresh link for a person who is linked to LINE."""
        with self.bot.database.write() as session:
            row = session.scalars(select(tables.Person).where(tables.Person.code == person)).one()
            if row.line_user_id is None:
                row.line_user_id, row.linked_at = f"U{person:0>32}", self.clock.real - timedelta(days=1)
        made = links_of(SETTINGS, self.bot.database, self.clock).page(Page.UNREPORTED, {"list": data}, person)
        assert made is not None
        assert made.startswith(f"{PUBLIC_URL}/w/l/")
        assert len(made) <= 1_000
        return urlsplit(made).path

    def get(self, path: str) -> TestResponse:
        return self.browser.get(path, base_url=PUBLIC_URL)

    def opens(self, path: str, **headers: str) -> TestResponse:
        answer = self.browser.post(path, base_url=PUBLIC_URL, headers={"Origin": PUBLIC_URL, **headers})
        self.opened = answer.location or self.opened
        return answer

    def file(self) -> TestResponse:
        """Return the page that was opened last."""
        return self.get(self.opened)

    def downloads(self) -> list[list[str]]:
        """Return the rows of the file that is open now."""
        response = self.get(f"{self.opened}/file")
        assert response.status_code == 200
        sheet = CalamineWorkbook.from_filelike(BytesIO(response.data)).get_sheet_by_index(0)
        return [[str(cell) for cell in row] for row in sheet.to_python()]


@pytest.fixture
def phone(labour: Bot) -> Phone:
    clock = HandClock(labour)
    return Phone(create_app(SETTINGS, labour.database, clock), labour, clock)


def test_a_link_shows_a_page_opens_once_and_gives_the_file_again_and_again(phone: Phone) -> None:
    path = phone.link(OFFICER)
    for _ in range(3):  # chats look into links to preview them
        assert phone.browser.head(path, base_url=PUBLIC_URL).status_code == 200
        page = phone.get(path)
        assert page.status_code == 200
        assert "โครงการที่ยังไม่รายงาน ไตรมาส 1/2566 (ต.ค.–ธ.ค. 65)" in page.text
        assert "รง 0301" not in page.text
    opened = phone.opens(path)
    assert (opened.status_code, opened.location) == (303, phone.opened)
    assert "ดาวน์โหลด Excel" in phone.file().text
    header, *rows = phone.downloads()
    assert header[0] == "รหัสโครงการ"
    assert [row[0] for row in rows] == ["รง 0301-66-0001"]
    assert phone.downloads() == [header, *rows]
    for again in (phone.opens(path), phone.get(path), phone.app.test_client().get(path, base_url=PUBLIC_URL)):
        assert again.status_code == 410
        assert "ลิงก์นี้ใช้แล้ว" in again.text


def test_pages_keep_to_themselves(phone: Phone) -> None:
    path = phone.link(OFFICER)
    for page in (
        phone.get(path),
        phone.opens(path),
        phone.file(),
        phone.get("/w/l/x"),
        phone.get("/w/style.css"),
    ):
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("no-store", "same-origin")
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert "http://" not in page.text
    cookie = phone.opens(phone.link(OFFICER)).headers["Set-Cookie"]
    for part in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/w/unreported/", "Max-Age=600"):
        assert part in cookie


def test_styles_and_scripts_are_loaded_once_a_version_and_never_stale(phone: Phone) -> None:
    page = phone.get(phone.link(OFFICER))
    (style,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.text)
    script = phone.get("/w/report.js")
    modules = re.findall(r'^import .* from "([^"]+)";$', script.text, re.MULTILINE)
    assert len(modules) == 4
    for versioned in (style, *modules):
        assert re.fullmatch(r"/w/\w+\.(css|js)\?v=[0-9a-f]{16}", versioned)
        kept = phone.get(versioned)
        assert (kept.status_code, kept.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
        for other in (versioned.partition("?")[0], versioned[:-1], f"{versioned}0"):
            assert phone.get(other).headers["Cache-Control"] == "no-store"
            assert phone.get(other).data == kept.data


def test_the_file_has_a_thai_name_and_text_in_every_cell(phone: Phone, labour: Bot) -> None:
    with labour.writes() as session:
        renamed = update(tables.Project).where(tables.Project.code == "รง 0301-66-0001")
        session.execute(renamed.values(name='=HYPERLINK("https://example.com","+-@")'))
    phone.opens(phone.link(OFFICER))
    response = phone.get(f"{phone.opened}/file")
    named = response.headers["Content-Disposition"]
    assert named.isascii()
    assert unquote(named.partition("UTF-8''")[2]) == "โครงการที่ยังไม่รายงาน ไตรมาส 1-2566.xlsx"
    assert phone.downloads()[1][1] == '=HYPERLINK("https://example.com","+-@")'  # a formula would be read as its value


def test_a_link_and_what_it_opened_end_after_ten_minutes_of_real_time(phone: Phone) -> None:
    late, used = phone.link(OFFICER), phone.link(OFFICER)
    phone.clock.real += timedelta(minutes=9)
    assert phone.opens(used).status_code == 303
    phone.clock.real += timedelta(minutes=2)
    for refused in (phone.get(late), phone.opens(late)):
        assert (refused.status_code, REFUSED in refused.text) == (404, True)
    assert phone.file().status_code == 200
    phone.clock.real += timedelta(minutes=8)
    assert (phone.file().status_code, phone.get(f"{phone.opened}/file").status_code) == (404, 404)


def test_whatever_is_refused_looks_the_same(phone: Phone) -> None:
    path = phone.link(OFFICER)
    stranger = phone.app.test_client()
    stranger.set_cookie("emenscr_page", path.rsplit("/", 1)[1], domain="bot.example", path="/w/unreported/x")
    refused = [
        phone.get("/w/l/x"),
        phone.get(f"{path[:-2]}{'A' if path[-2] != 'A' else 'B'}{path[-1]}"),  # not all bits of the last letter count
        phone.get(phone.link(MONITOR)),
        phone.get(phone.link(OFFICER, OF_WELFARE)),
        phone.get(phone.link(OFFICER, "dl1:2566:9:!0:!0::0")),
        phone.opens(path, Origin="https://elsewhere.example"),
        phone.opens(path, Origin="null"),
        phone.file(),
        phone.get(f"{phone.opened}/file"),
        stranger.get("/w/unreported/x/file", base_url=PUBLIC_URL),  # a link is no session
    ]
    assert {response.status_code for response in refused} == {404}
    assert len({response.text for response in refused}) == 1
    assert phone.opens(path).status_code == 303  # none of that spent it


def test_what_is_in_the_file_is_decided_when_it_is_fetched(phone: Phone, labour: Bot) -> None:
    phone.opens(phone.link(WELFARE_OFFICER))
    assert {row[0] for row in phone.downloads()[1:]} == {"รง 0501-66-0001", "รง 0501-66-0003"}
    labour.report("รง 0501-66-0003", SubmissionState.APPROVED)
    assert {row[0] for row in phone.downloads()[1:]} == {"รง 0501-66-0001"}
    with labour.writes() as session:
        session.execute(
            update(tables.Person).where(tables.Person.code == WELFARE_OFFICER).values(line_user_id=None, linked_at=None)
        )
    assert phone.get(f"{phone.opened}/file").status_code == 404
    with labour.writes() as session:  # linked anew: the old link is another account's
        later = phone.clock.real + timedelta(minutes=1)
        person = update(tables.Person).where(tables.Person.code == WELFARE_OFFICER)
        session.execute(person.values(line_user_id="U" + "f" * 32, linked_at=later))
    assert phone.get(f"{phone.opened}/file").status_code == 404


def test_a_list_of_what_is_late_is_called_so(phone: Phone, labour: Bot) -> None:
    labour.at = bangkok("22 มี.ค. 66")
    path = phone.link(WELFARE_OFFICER, "dl1:2566:1:!0:draft::1")
    assert "โครงการที่เกินกำหนด ไตรมาส 1/2566" in phone.get(path).text
    phone.opens(path)
    assert [row[0] for row in phone.downloads()[1:]] == ["รง 0501-66-0001"]


def test_two_people_on_one_browser_get_their_own_files(phone: Phone) -> None:
    phone.opens(phone.link(OFFICER))
    phone.opens(phone.link(WELFARE_OFFICER))
    assert {row[0][:7] for row in phone.downloads()[1:]} == {"รง 0501"}
    first, second = phone.app.test_client(), phone.app.test_client()
    path = phone.link(OFFICER)
    first_opened = first.post(path, base_url=PUBLIC_URL)
    assert first_opened.status_code == 303
    assert second.post(path, base_url=PUBLIC_URL).status_code == 410
    assert second.get(first_opened.location or "", base_url=PUBLIC_URL).status_code == 404


def test_a_file_of_too_many_rows_is_refused_in_words(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unreported, "MOST_ROWS", 10)
    phone.opens(phone.link(COORDINATOR))
    for path in (phone.opened, f"{phone.opened}/file"):
        response = phone.get(path)
        assert (response.status_code, "15 โครงการ" in response.text) == (413, True)


def test_without_an_address_of_our_own_there_are_no_pages(labour: Bot) -> None:
    clock = HandClock(labour)
    settings = Settings()
    assert links_of(settings, labour.database, clock).page(Page.UNREPORTED, {"list": ALL}, OFFICER) is None
    assert create_app(settings, labour.database, clock).test_client().get("/w/style.css").status_code == 404


def test_in_development_all_processes_share_a_secret_that_nobody_set(labour: Bot) -> None:
    clock = HandClock(labour)
    settings = Settings(public_url="http://127.0.0.1:8000")
    Chatter(labour, OFFICER)
    clock.real = datetime.now(UTC)
    link = links_of(settings, labour.database, clock).page(Page.UNREPORTED, {"list": ALL}, OFFICER)
    assert link is not None
    browser = create_app(settings, labour.database, clock).test_client()
    opened = browser.post(urlsplit(link).path)
    assert opened.status_code == 303
    assert "Secure" not in opened.headers["Set-Cookie"]  # there is no https on a developer's machine


def test_the_whole_way_over_http(phone: Phone) -> None:
    with serve(phone.app) as origin:
        server = http.client.HTTPConnection(urlsplit(origin).netloc, timeout=10)
        path = phone.link(COORDINATOR)
        server.request("POST", path, headers={"Origin": PUBLIC_URL, "Content-Length": "0"})
        opened = server.getresponse()
        opened.read()
        assert opened.status == 303
        cookie = (opened.headers["Set-Cookie"] or "").partition(";")[0]
        server.request("GET", f"{opened.headers['Location']}/file", headers={"Cookie": cookie})
        file = server.getresponse()
        sheet = CalamineWorkbook.from_filelike(BytesIO(file.read())).get_sheet_by_index(0)
        server.close()
    assert len(sheet.to_python()) == 1 + 15
