"""A page inside LINE, on a phone: LINE's way from the link in the chat to the page, and another browser's.

LINE's hosts are played by the simulator: where it opens a LIFF app, its SDK, and its login.
"""

from collections.abc import Iterator
from importlib.resources import files
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect
from pydantic import SecretStr

from bot.app import create_app
from bot.pages.links import links_of
from bot.settings import Settings
from handlers.conversation import Page as Kind
from simulator.messaging_api.login import first_address
from simulator.server import serve
from tests.browser.accessibility import serious_findings
from tests.chatting import Later, OfficeClock
from tests.office import Bot, labour, line_id_of
from tests.sending import Line, line_on_loopback

__all__ = ["labour"]

OFFICER, COLLEAGUE = "P00017", "P00033"
LIFF_ID, CHANNEL = "2000000001-AbcdEfgh", "2000000001"
SDK = files("simulator").joinpath("static/liff-sdk.js").read_text(encoding="utf-8")


class InLine:
    """Somebody's phone, and the bot whose pages it opens."""

    def __init__(self, bot: Bot, line: Line, origin: str, settings: Settings) -> None:
        self.bot, self.line, self.origin = bot, line, origin
        self._links = links_of(settings, bot.database, OfficeClock(bot))
        bot.link(OFFICER, COLLEAGUE)
        self.holder = OFFICER

    def link(self) -> str:
        """Return the link that the officer got in the chat."""
        made = self._links.page(Kind.UNREPORTED, {"list": "dl1:2566:1:!0:!0::0"}, OFFICER)
        assert made is not None
        return made

    def plays_line(self, page: Page, *, inside: bool) -> None:
        """Answer for LINE's hosts; ``inside``: the browser is that of the LINE app."""

        def opens(route: Route) -> None:
            rest = urlsplit(route.request.url).path.removeprefix(f"/{LIFF_ID}")
            address = first_address(f"{self.origin}/w/l", rest, self.token() if inside else None)
            route.fulfill(status=302, headers={"Location": address})

        def logs_in(route: Route) -> None:
            (back,) = parse_qs(urlsplit(route.request.url).query)["redirect_uri"]
            route.fulfill(status=302, headers={"Location": f"{back}#id_token={self.token()}"})

        page.route("https://liff.line.me/**", opens)
        page.route("https://access.line.me/**", logs_in)
        page.route(
            "https://static.line-scdn.net/liff/edge/2/sdk.js",
            lambda route: route.fulfill(body=SDK, content_type="text/javascript"),
        )

    def token(self) -> str:
        """Return the ID token of whoever holds the phone."""
        return self.line.logins.id_token(line_id_of(self.holder), CHANNEL)


@pytest.fixture
def in_line(labour: Bot) -> Iterator[InLine]:
    later = Later()
    with line_on_loopback(phones=0) as line, serve(later) as origin:
        labour.line = line
        settings = Settings(
            public_url=origin,
            secret_key=SecretStr("k" * 40),
            liff_id=LIFF_ID,
            line_login_channel_id=CHANNEL,
            line_api_base=line.origin,
        )
        later.app = create_app(settings, labour.database, OfficeClock(labour))
        yield InLine(labour, line, origin, settings)


def test_inside_line_a_link_opens_by_itself(in_line: InLine, handset: Page) -> None:
    in_line.plays_line(handset, inside=True)
    handset.goto(in_line.link())
    expect(handset.get_by_role("link", name="ดาวน์โหลด Excel")).to_be_visible()
    assert urlsplit(handset.url).path.startswith("/w/unreported/")
    assert serious_findings(handset) == []


def test_another_persons_phone_is_refused_and_spends_nothing(in_line: InLine, handset: Page) -> None:
    in_line.plays_line(handset, inside=True)
    link = in_line.link()
    in_line.holder = COLLEAGUE
    with handset.expect_response(lambda answer: answer.request.method == "POST") as refused:
        handset.goto(link)
    assert refused.value.status == 404
    expect(handset.get_by_role("heading", name="ลิงก์นี้ใช้ไม่ได้")).to_be_visible()
    in_line.holder = OFFICER
    handset.goto(link)
    expect(handset.get_by_role("link", name="ดาวน์โหลด Excel")).to_be_visible()


def test_another_browser_asks_to_log_in_with_line_first(in_line: InLine, handset: Page) -> None:
    in_line.plays_line(handset, inside=False)
    handset.goto(in_line.link())
    button = handset.get_by_role("button", name="เข้าสู่ระบบด้วย LINE")
    expect(button).to_be_visible()
    assert serious_findings(handset) == []
    button.press("Enter")
    expect(handset.get_by_role("link", name="ดาวน์โหลด Excel")).to_be_visible()


def test_while_line_is_away_the_page_offers_to_try_again(in_line: InLine, handset: Page) -> None:
    in_line.plays_line(handset, inside=True)
    in_line.line.fault("server_error", "/oauth2/v2.1/verify", count=1)
    handset.goto(in_line.link())
    handset.get_by_role("link", name="ลองอีกครั้ง").click()
    expect(handset.get_by_role("link", name="ดาวน์โหลด Excel")).to_be_visible()


def test_without_its_link_the_page_says_where_to_find_one(in_line: InLine, handset: Page) -> None:
    in_line.plays_line(handset, inside=True)
    handset.goto(f"{in_line.origin}/w/l")
    expect(handset.get_by_text("โปรดเปิดจากปุ่มในแชต LINE ของระบบ")).to_be_visible()
