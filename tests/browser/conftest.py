"""The page with the phones in a real browser, beside a bot that answers by a script."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from simulator.app import create_app, phones_of, platform_of
from simulator.line.people import Person
from simulator.server import serve
from simulator.settings import Settings
from tests.browser.scene import ANONG, BOONMI, TOKEN, Scene
from tests.chromium import chromium
from tests.loopback import taking_posts

PATIENCE = 20_000
"""Milliseconds that a busy machine may take for anything."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--keep-pictures", action="store_true", help="put the pictures of the guides into docs/pictures")


@pytest.fixture
def scene() -> Iterator[Scene]:
    app = create_app(Settings("1234567890", "a-channel-secret", TOKEN))
    for user_id, name in ((ANONG, "อนงค์"), (BOONMI, "บุญมี")):
        platform_of(app).register(Person(user_id, name, f"ตำแหน่งของ{name}"))
    with serve(app) as address:
        scene = Scene(address, platform_of(app), phones_of(app))

        def take(path: str, _headers: object, body: bytes) -> tuple[int, bytes]:
            if path != "/callback":  # a bot that has nothing for developers
                return 404, b""
            scene.hears(body)
            return 200, b""

        with taking_posts(take) as bot:
            scene.platform.webhook = f"{bot}/callback"
            yield scene
            assert scene.phones.settle(20)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: what differs between them shows in other tests."""
    return sqlite_url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with chromium() as browser:
        yield browser


@pytest.fixture(params=((1440, 900), (420, 800)), ids=("wide", "narrow"))
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page on a large and on a small screen; whatever a browser complains about fails the test."""
    width, height = request.param
    yield from _quiet_page(browser.new_context(viewport={"width": width, "height": height}))


@pytest.fixture
def handset(browser: Browser) -> Iterator[Page]:
    """A page on a phone that is touched; whatever a browser complains about fails the test, but what is not there.

    Pages that are refused and a lost signal are what such tests are about.
    """
    yield from _handset(browser)


@pytest.fixture
def another_handset(browser: Browser) -> Iterator[Page]:
    """The phone of somebody else."""
    yield from _handset(browser)


@pytest.fixture
def plain_handset(browser: Browser) -> Iterator[Page]:
    """A phone whose browser runs no scripts."""
    yield from _handset(browser, java_script_enabled=False)


def _handset(browser: Browser, **settings: Any) -> Iterator[Page]:
    screen: ViewportSize = {"width": 390, "height": 844}
    context = browser.new_context(viewport=screen, is_mobile=True, has_touch=True, **settings)
    yield from _quiet_page(context, forgiven=("Failed to load resource",))


def _quiet_page(context: BrowserContext, forgiven: tuple[str, ...] = ()) -> Iterator[Page]:
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    context.on("weberror", lambda found: complaints.append(str(found.error)))
    context.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    yield page
    context.close()
    assert [complaint for complaint in complaints if not complaint.startswith(forgiven)] == []
