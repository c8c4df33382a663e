"""Pages inside LINE: a link opens for the account alone that asked for it, as LINE itself says.

LINE is the simulator, over real HTTP.
"""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import delete, select, update
from urllib3 import Timeout

from bot.pages.id_tokens import IdTokens, LineAway
from bot.settings import Settings
from handlers.conversation import Page
from simulator.line.people import Person as Phone
from storage import tables
from storage.shared_state import reference_changed
from tests.handset import PUBLIC_URL, REFUSED, Handset
from tests.office import Bot, labour, line_id_of
from tests.sending import Line, line_on_loopback

__all__ = ["labour"]

OFFICER, COLLEAGUE = "P00017", "P00033"
LIFF_ID, CHANNEL = "2000000001-AbcdEfgh", "2000000001"
VERIFY = "/oauth2/v2.1/verify"
LIST = {"list": "dl1:2566:1:!0:!0::0"}


class Inside(Handset):
    """A phone whose links open inside LINE."""

    def __init__(self, bot: Bot, line: Line) -> None:
        settings = Settings(
            public_url=PUBLIC_URL,
            secret_key=SecretStr("k" * 40),
            liff_id=LIFF_ID,
            line_login_channel_id=CHANNEL,
            line_api_base=line.origin,
        )
        super().__init__(bot, settings)
        self.line = line
        for person in (OFFICER, COLLEAGUE):
            line.platform.register(Phone(line_id_of(person), person))

    def asks(self, person: str = OFFICER) -> str:
        """Return where LINE goes on to with a person's link."""
        made = self.link(person, Page.UNREPORTED, LIST)
        before, after = f"https://liff.line.me/{LIFF_ID}", f"{PUBLIC_URL}/w/l"
        assert made.startswith(f"{before}/")
        return made.replace(before, after).removeprefix(PUBLIC_URL)

    def token(self, person: str = OFFICER, channel: str = CHANNEL) -> str:
        """Return the ID token that the page gets on a person's phone."""
        return self.line.logins.id_token(line_id_of(person), channel)

    def shows(self, path: str, token: str) -> int:
        """Let the page send a token, and return the status."""
        return self.posts(path, {"id_token": token}).status_code

    def asked_line(self) -> int:
        """Return how often LINE was asked whose a token is."""
        return sum(call.path == VERIFY for call in self.line.platform.calls())


@pytest.fixture(scope="module")
def shared_line() -> Iterator[Line]:
    with line_on_loopback(phones=0) as line:
        yield line


@pytest.fixture
def phone(labour: Bot, shared_line: Line) -> Iterator[Inside]:
    shared_line.platform.reset()
    yield Inside(labour, shared_line)
    shared_line.clear_faults()


def test_a_link_opens_on_the_phone_of_who_asked_and_once(phone: Inside) -> None:
    path = phone.asks()
    entrance = phone.get("/w/l?liff.state=%2Fx")
    for page, is_link in ((entrance, False), (phone.get("/w/l/"), False), (phone.get(path), True)):
        assert (page.status_code, "data-is-link" in page.text) == (200, is_link)
        assert f'data-liff-id="{LIFF_ID}"' in page.text
        assert "โครงการ" not in page.text  # what it would open is nobody else's business
        policy = page.headers["Content-Security-Policy"]
        assert "script-src 'self' https://static.line-scdn.net;" in policy
        assert "connect-src 'self' https://api.line.me https://liffsdk.line-scdn.net;" in policy
        assert "default-src 'none'" in policy
    opened = phone.posts(path, {"id_token": phone.token()})
    assert opened.status_code == 303
    assert opened.location is not None
    shown = phone.get(opened.location)
    assert "ดาวน์โหลด Excel" in shown.text
    assert "line" not in shown.headers["Content-Security-Policy"]
    asked = phone.asked_line()
    assert phone.shows(path, phone.token()) == 410
    assert phone.asked_line() == asked


def test_on_another_phone_a_link_opens_nothing_and_is_not_spent(phone: Inside) -> None:
    path = phone.asks()
    refused = [phone.posts(path, {"id_token": token}) for token in ("", "x", "a.b.c", phone.token(COLLEAGUE))]
    refused.append(phone.posts(path))
    refused.append(phone.posts(path, {"id_token": phone.token(OFFICER, "2000000002")}))
    refused.append(phone.posts(path, {"id_token": f"{phone.token()[:-4]}AAAA"}))
    refused.append(phone.posts(path, {"id_token": "a." * 9_000}))
    refused.append(phone.posts(path, {"id_token": phone.token()}, Origin="https://elsewhere.example"))
    assert {answer.status_code for answer in refused} == {404}
    assert {REFUSED in answer.text for answer in refused} == {True}
    assert not any("Set-Cookie" in answer.headers for answer in refused)
    assert phone.asked_line() == 4  # what cannot be a token is not LINE's business
    assert phone.shows(path, phone.token()) == 303


def test_an_old_token_proves_nothing(phone: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    path, token = phone.asks(), phone.token()
    later = datetime.now(UTC) + timedelta(hours=1)
    monkeypatch.setattr(phone.line.platform, "_now", lambda: later)
    assert phone.shows(path, token) == 404
    assert phone.shows(path, phone.token()) == 303


@pytest.mark.parametrize("kind", ("server_error", "rate_limited", "reset_before_acceptance", "timeout"))
def test_while_line_is_away_the_page_says_so_and_nothing_is_spent(
    phone: Inside, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    path, token = phone.asks(), phone.token()
    phone.line.fault(kind, VERIFY, count=1)
    with caplog.at_level(logging.DEBUG):
        away = phone.posts(path, {"id_token": token})
    assert (away.status_code, "ลองอีกครั้ง" in away.text, f'href="{path}"' in away.text) == (503, True, True)
    assert token not in caplog.text
    assert line_id_of(OFFICER) not in caplog.text
    assert phone.get(path).status_code == 200
    assert phone.shows(path, token) == 303


def test_line_that_is_silent_is_not_waited_for(phone: Inside) -> None:
    phone.line.fault("timeout", VERIFY, count=1, seconds=30)
    impatient = IdTokens(CHANNEL, phone.line.origin, timeout=Timeout(0.2))
    with pytest.raises(LineAway):
        impatient.account(phone.token())


def test_who_has_no_role_any_more_or_is_linked_elsewhere_opens_nothing(phone: Inside, labour: Bot) -> None:
    path, token = phone.asks(), phone.token()
    officer = tables.Person.code == OFFICER
    with labour.writes() as session:
        session.execute(update(tables.Person).where(officer).values(line_user_id=f"U{'f' * 32}"))
    assert phone.shows(path, token) == 404
    with labour.writes() as session:
        session.execute(update(tables.Person).where(officer).values(line_user_id=line_id_of(OFFICER)))
        of_officer = tables.RoleAssignment.person_id.in_(select(tables.Person.id).where(officer))
        session.execute(delete(tables.RoleAssignment).where(of_officer))
        reference_changed(session, datetime.now(UTC))
    asked = phone.asked_line()
    assert phone.get(path).status_code == 404
    assert phone.shows(path, token) == 404
    assert phone.asked_line() == asked


def test_without_a_liff_app_there_is_no_entrance_for_one(labour: Bot) -> None:
    plain = Handset(labour)
    assert plain.get("/w/l").status_code == 404
    assert plain.get("/w/l/").status_code == 404
