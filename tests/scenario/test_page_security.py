"""Every page against who is not its reader: other sites, other sessions, robots, old links, and what never was one.

The tests go over all pages that are registered; ``OPENINGS`` says how each is opened in the sample ministry.
"""

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from bot.pages.headers import policy
from bot.pages.site import COOKIE, MOST_OF_A_SESSION, Site
from bot.pages.tickets import Purpose, Signer, Ticket
from bot.pages.views import KINDS, MOST_BYTES
from domain.circulars.life import CircularState
from domain.submissions import SubmissionState
from handlers.conversation import Page
from storage import tables
from storage.database import Database
from storage.policies import set_policy
from storage.shared_state import reference_changed
from storage.tables.base import Base
from tests.handset import PUBLIC_URL, REFUSED, SETTINGS, Handset
from tests.issuing import draft, issue_sent
from tests.markup import Markup
from tests.office import Bot, labour, line_id_of
from tests.submitting import submission_of

__all__ = ["labour"]

SECRET = "k" * 40
Opening = tuple[str, Mapping[str, str]]


def openings(bot: Bot) -> Mapping[Page, Opening]:
    """Return for each page who opens it with what."""
    report, approved = submission_of(bot, "รง 0301-66-0001"), submission_of(bot, "รง 0501-66-0001")
    return {
        Page.UNREPORTED: ("P00004", {"list": "dl1:2566:1:!0:!0::0"}),
        Page.REPORT: ("P00033", {"code": "รง 0501-66-0003", "year": "2566", "quarter": "1"}),
        Page.PROJECT: ("P00033", {"code": "รง 0501-66-0003"}),
        Page.EVIDENCE: ("P00015", {"submission": str(report.id), "version": str(report.version)}),
        Page.MIRROR: ("P00033", {"submission": str(approved.id)}),
        Page.DUTY: ("P00016", {"duty": "od1:level3_plan:รง03:2566:0"}),
        Page.CIRCULARS: ("P00003", {"circular": str(circular_in(bot, CircularState.DRAFT))}),
        Page.LETTER: ("P00033", {"circular": str(circular_in(bot, CircularState.SENT))}),
        Page.LEDGER: ("P00003", {"circular": str(circular_in(bot, CircularState.SENT))}),
    }


def circular_in(bot: Bot, state: CircularState) -> int:
    """Return the id of the ministry's circular that is in this state."""
    with bot.database.read() as session:
        return session.scalars(select(tables.Circular.id).filter_by(state=state)).one()


class Opened(Handset):
    """A phone at one opened page, and the bot's tables."""

    def __init__(self, bot: Bot, page: Page) -> None:
        super().__init__(bot)
        self.page = page
        self.person, self.arguments = openings(bot)[page]
        self.address = self.opens(self.person, page, self.arguments)

    @property
    def nonce(self) -> str:
        return self.address.rpartition("/")[2]

    def ticket(self) -> Ticket:
        """Return what the session's cookie says."""
        kept = self.browser.get_cookie(COOKIE, domain="bot.example", path=self.address)
        assert kept is not None
        ticket = Signer(SECRET, Purpose.SESSION).read(kept.value, self.clock.real)
        assert ticket is not None
        return ticket

    def form_key(self) -> str:
        return Site(PUBLIC_URL, SECRET, self.bot.database, self.clock).form_key(self.ticket())

    def addresses(self, method: str) -> Sequence[str]:
        """Return all addresses of the page that take a method."""
        rules = [rule for rule in self.app.url_map.iter_rules() if rule.rule.startswith(f"/w/{self.page}/<nonce>")]
        with self.app.test_request_context(base_url=PUBLIC_URL):
            binding = self.app.url_map.bind("bot.example")
            return [
                binding.build(rule.endpoint, dict.fromkeys(rule.arguments, 1) | {"nonce": self.nonce}, method)
                for rule in rules
                if method in (rule.methods or ())
            ]

    def rows(self) -> Mapping[str, Sequence[Any]]:
        """Return all that stands in the database."""
        with self.bot.database.read() as session:
            return {
                table.name: sorted(map(repr, session.execute(select(table)).all()))
                for table in Base.metadata.sorted_tables
            }


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: what is refused never gets so far, and use-cases have tests of their own."""
    return sqlite_url


@pytest.fixture
def ministry(labour: Bot) -> Bot:
    """The sample ministry, which still writes into eMENSCR by hand, with an approved report and a circular."""
    with labour.writes() as session:
        set_policy(session, "รง", "mirror_emenscr", "on", datetime.now(UTC))
    labour.report("รง 0501-66-0001", SubmissionState.APPROVED)
    issue_sent(labour)
    draft(labour)
    return labour


@pytest.fixture(params=sorted(KINDS))
def opened(request: pytest.FixtureRequest, ministry: Bot) -> Opened:
    return Opened(ministry, request.param)


def refused(answer: TestResponse) -> bool:
    return answer.status_code == 404 and REFUSED in answer.text and "Set-Cookie" not in answer.headers


def test_each_page_says_how_it_is_opened(ministry: Bot) -> None:
    assert set(openings(ministry)) >= set(KINDS)


def test_looking_changes_nothing_and_nothing_in_a_page_is_inline(opened: Opened) -> None:
    unopened = opened.path(opened.person, opened.page, opened.arguments)
    before = opened.rows()
    assert opened.get(opened.address).status_code in {200, 303}
    for address in opened.addresses("GET"):
        for answer in (opened.browser.head(address, base_url=PUBLIC_URL), opened.get(address)):
            assert answer.status_code < 500
            assert answer.headers["Content-Security-Policy"] == policy()
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "same-origin"
        if answer.mimetype == "text/html":
            markup = Markup(answer.text)
            assert markup.offences == []
            assert [action for action in markup.actions if action and not action.startswith(opened.address)] == []
    robot = opened.app.test_client()
    for method in ("GET", "HEAD", "GET", "OPTIONS"):  # a chat looks into links to preview them
        seen = robot.open(unopened, method=method, base_url=PUBLIC_URL, headers={"X-HTTP-Method-Override": "POST"})
        assert (seen.status_code, "Set-Cookie" in seen.headers, Markup(seen.text).offences) == (200, False, [])
    assert opened.rows() == before
    assert opened.posts(unopened).status_code == 303


def test_a_form_counts_from_our_page_and_this_session_alone(opened: Opened) -> None:
    key = opened.form_key()
    other = Opened(opened.bot, opened.page)
    assert other.nonce != opened.nonce
    assert other.form_key() != key
    before = opened.rows()
    for address in opened.addresses("POST"):
        stolen = address.replace(opened.nonce, other.nonce)
        for answer in (
            opened.posts(address),
            opened.posts(address, {"form_key": ""}),
            opened.posts(address, {"form_key": other.form_key()}),
            opened.posts(address, {}, **{"X-Form-Key": other.form_key()}),
            opened.posts(address, {"form_key": key}, Origin="https://elsewhere.example"),
            opened.posts(address, {"form_key": key}, Origin="null"),
            opened.posts(address, {"form_key": key}, Origin=f"{PUBLIC_URL}.elsewhere.example"),
            opened.posts(address, {"form_key": key}, **{"Sec-Fetch-Site": "cross-site"}),
            opened.posts(address, {"form_key": key}, **{"Sec-Fetch-Site": "same-site"}),
            opened.posts(f"{address}?form_key={key}"),
            opened.posts(stolen, {"form_key": key}),
            opened.app.test_client().post(address, base_url=PUBLIC_URL, data={"form_key": key}),
        ):
            assert refused(answer)
    assert opened.rows() == before


def test_a_session_reaches_its_own_page_alone(opened: Opened) -> None:
    kept = opened.browser.get_cookie(COOKIE, domain="bot.example", path=opened.address)
    assert kept is not None
    assert (kept.path, kept.http_only, kept.secure, kept.same_site) == (opened.address, True, True, "Strict")
    other = Opened(opened.bot, opened.page)
    robber = opened.app.test_client()
    robber.set_cookie(COOKIE, kept.value, domain="bot.example", path="/")
    for page in KINDS:
        for address in (f"/w/{page}/{other.nonce}", f"/w/{page}/{opened.nonce}x", f"/w/{page}/x"):
            assert refused(robber.get(address, base_url=PUBLIC_URL))
        if page != opened.page:
            assert refused(robber.get(f"/w/{page}/{opened.nonce}", base_url=PUBLIC_URL))
    link = opened.path(opened.person, opened.page, opened.arguments).rpartition("/")[2]
    for wrong in (link, opened.form_key(), f"{kept.value}x", "", "ก", "." * 4_000):
        robber.set_cookie(COOKIE, wrong, domain="bot.example", path="/")
        assert refused(robber.get(opened.address, base_url=PUBLIC_URL))
    assert refused(opened.get(f"/w/l/{kept.value}"))


def test_what_ended_between_opening_and_using_is_refused(opened: Opened) -> None:
    key, unopened = opened.form_key(), opened.path(opened.person, opened.page, opened.arguments)
    person = update(tables.Person).where(tables.Person.code == opened.person)
    account, since = line_id_of(opened.person), opened.clock.real - timedelta(days=1)

    def is_over() -> bool:
        before = opened.rows()
        answers = [opened.get(address) for address in (*opened.addresses("GET"), unopened)]
        answers += [opened.posts(address, {"form_key": key}) for address in (*opened.addresses("POST"), unopened)]
        return all(map(refused, answers)) and opened.rows() == before

    with opened.bot.writes() as session:
        session.execute(person.values(line_user_id=None, linked_at=None))
    assert is_over()
    with opened.bot.writes() as session:  # linked anew: the link was another account's
        session.execute(person.values(line_user_id=f"U{'f' * 32}", linked_at=opened.clock.real + timedelta(minutes=1)))
    assert is_over()
    with opened.bot.writes() as session:
        session.execute(person.values(line_user_id=account, linked_at=since))
    assert opened.get(opened.address).status_code in {200, 303}
    with opened.bot.writes() as session:
        of = select(tables.Person.id).where(tables.Person.code == opened.person)
        session.execute(delete(tables.RoleAssignment).where(tables.RoleAssignment.person_id.in_(of)))
        session.execute(delete(tables.RouteStep).where(tables.RouteStep.approver_id.in_(of)))
        reference_changed(session, datetime.now(UTC))
    assert is_over()


def test_links_and_sessions_end(opened: Opened) -> None:
    late = opened.path(opened.person, opened.page, opened.arguments)
    key = opened.form_key()
    opened.clock.advance(minutes=10)
    assert refused(opened.get(late))
    assert refused(opened.posts(late))
    opened.clock.advance(minutes=50)
    assert refused(opened.get(opened.address))
    for address in opened.addresses("POST"):
        assert refused(opened.posts(address, {"form_key": key}))


def test_odd_bodies_are_answered(opened: Opened) -> None:
    header = {"X-Form-Key": opened.form_key(), "Origin": PUBLIC_URL}
    for address in opened.addresses("POST"):
        for kind, body in (
            ("application/json", b"\xff\xfe"),
            ("application/json", b"[]"),
            ("application/json", b'{"fields": {"a": ' + b"[" * 5_000),
            ("application/json", b'{"edits": [], "since": "' + b"9" * 5_000 + b'"}'),
            (
                "application/json",
                b'{"edits": [' + b",".join([b'{"field": "x", "base": "", "value": ""}'] * 2_000) + b"]}",
            ),
            ("multipart/form-data", b"--x"),
            ("multipart/form-data; boundary=x", b"--x\r\n\r\n"),
            ("application/x-www-form-urlencoded", b"%ff=%00&=&&a"),
            ("text/plain", b"\x00" * 100),
        ):
            answer = opened.browser.post(address, base_url=PUBLIC_URL, headers=header, data=body, content_type=kind)
            assert answer.status_code < 500, (address, kind, body[:20])
    huge = b"a=" + b"x" * MOST_BYTES
    for address in opened.addresses("POST"):
        if not re.search("/(evidence|files)", address):
            answer = opened.browser.post(
                address, base_url=PUBLIC_URL, headers={"Origin": PUBLIC_URL}, data=huge,
                content_type="application/x-www-form-urlencoded",
            )  # fmt: skip
            assert (answer.status_code, "ขนาดใหญ่เกินไป" in answer.text) == (413, True)
        assert refused(opened.app.test_client().post(address, base_url=PUBLIC_URL, data=huge))


@pytest.fixture
def phone(ministry: Bot) -> Handset:
    return Handset(ministry)


def test_however_busy_somebody_is_a_session_ends_after_four_hours(ministry: Bot) -> None:
    phone = Opened(ministry, Page.PROJECT)
    for _ in range(int(MOST_OF_A_SESSION / timedelta(minutes=20)) - 1):
        phone.clock.advance(minutes=20)
        assert phone.get(phone.address).status_code == 200
    phone.clock.advance(minutes=20)
    assert refused(phone.get(phone.address))


def test_a_link_that_is_opened_by_many_at_once_opens_once(ministry: Bot) -> None:
    opened = Opened(ministry, Page.PROJECT)
    path = opened.path(opened.person, opened.page, opened.arguments)
    together = threading.Barrier(6)

    def opens(_: int) -> int:
        together.wait()
        headers = {"Origin": PUBLIC_URL}
        return opened.app.test_client().post(path, base_url=PUBLIC_URL, headers=headers).status_code

    with ThreadPoolExecutor(6) as threads:
        assert sorted(threads.map(opens, range(6))) == [303] + [410] * 5


def test_whatever_is_no_page_looks_like_what_is_refused(phone: Handset) -> None:
    looks = {phone.get("/w/l/x").text}
    for path in (
        "/w", "/w/", "/w/l//x", "/w/l/", "/w/unreported", "/w/unreported/", "/w/UNREPORTED/x",
        "/w/unreported/x/file/", "/w/unreported/x/..%2ffile", "/w/%2e%2e/healthz", "/w/l/%00", "/w/l/%ff%fe", "/w/l/ก",
        f"/w/l/{'a' * 4_000}", "/w/style.css/x", "/w/../../etc/passwd", "/w/l/x;y", "/w/project/x?nonce=y",
    ):  # fmt: skip
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            answer = phone.browser.open(path, method=method, base_url=PUBLIC_URL, headers={"Origin": PUBLIC_URL})
            assert answer.status_code == 404, (method, path)
            assert answer.headers["Content-Security-Policy"] == policy()
            looks.add(answer.text)
    assert len(looks) == 1


def test_a_browser_that_looks_for_a_picture_for_its_tab_meets_no_fault(phone: Handset) -> None:
    answer = phone.get("/favicon.ico")
    assert (answer.status_code, answer.data) == (204, b"")


def test_what_pages_load_is_there(phone: Handset) -> None:
    for rule in phone.app.url_map.iter_rules():
        if rule.endpoint.startswith("pages.asset_"):
            answer = phone.get(rule.rule)
            assert answer.status_code == 200
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.fixture
def away() -> Iterator[Database]:
    database = Database("sqlite:////nowhere/at/all.db")
    yield database
    database.dispose()


def test_while_the_database_is_away_a_page_says_so_in_thai(ministry: Bot, away: Database) -> None:
    phone = Opened(ministry, Page.PROJECT)
    link = phone.path(phone.person, phone.page, phone.arguments)
    there, ministry.database = ministry.database, away
    try:
        lost = Handset(ministry, SETTINGS)
        lost.browser = lost.app.test_client()
        for answer in (lost.get(link), lost.posts(link)):
            assert (answer.status_code, "ลองอีกครั้ง" in answer.text, f'href="{link}"' in answer.text) == (503, True, True)
            assert answer.headers["Content-Security-Policy"] == policy()
    finally:
        ministry.database = there


def test_a_fault_of_ours_is_told_without_a_word_about_it(phone: Handset, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr("bot.pages.project._sheet", breaks)
    broken = phone.get(phone.path("P00033", Page.PROJECT, {"code": "รง 0501-66-0003"}))
    assert (broken.status_code, "ระบบขัดข้อง" in broken.text, "secret" in broken.text) == (500, True, False)
    assert broken.headers["Content-Security-Policy"] == policy()


def test_a_fault_of_ours_is_logged_without_the_link_which_still_opens(
    phone: Handset, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("a fault")

    link = phone.path("P00033", Page.PROJECT, {"code": "รง 0501-66-0003"})
    monkeypatch.setattr("bot.pages.project._sheet", breaks)
    with capture_logs() as logged:
        assert phone.get(link).status_code == 500
    assert [(line["event"], line["endpoint"]) for line in logged] == [("request_failed", "pages.look")]
    assert link.rpartition("/")[2] not in f"{logged}{caplog.text}"
