"""A simulator with two people on it, and a bot that answers by a script."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Page, Route

from simulator.line.platform import Platform
from simulator.webhooks.phones import Phones

ANONG, BOONMI = (f"U{digit * 32}" for digit in "ab")
TOKEN = "a-long-lived-token"
Messages = list[Mapping[str, Any]]


@dataclass
class Scene:
    """A simulator with two people, and a bot: ``answers`` says what it replies to an event, if anything."""

    address: str
    platform: Platform
    phones: Phones
    heard: list[Mapping[str, Any]] = field(default_factory=list)
    answers: Callable[[Mapping[str, Any]], Messages] = lambda _: []

    def hears(self, body: bytes) -> None:
        """Take a webhook and reply at once."""
        for event in json.loads(body)["events"]:
            self.heard.append(event)
            if "replyToken" in event and (messages := self.answers(event)):
                self.calls("/v2/bot/message/reply", {"replyToken": event["replyToken"], "messages": messages})

    def calls(self, path: str, body: Any) -> Any:
        """Call the Messaging API; bytes are a PNG."""
        raw, kind = (body, "image/png") if isinstance(body, bytes) else (json.dumps(body).encode(), "application/json")
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": kind}
        with urlopen(Request(self.address + path, raw, headers), timeout=5) as answer:
            return json.load(answer)


def open_side(page: Page) -> None:
    """Show the parts beside the phones, which a small screen folds away at first."""
    if not page.locator("#side").is_visible():
        page.get_by_role("button", name="แผงด้านข้าง", exact=True).click()


def let_it_draw(page: Page) -> None:
    """Wait for two frames: what the page has heard by now can be seen."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def held_up(page: Page, pattern: str) -> Callable[[], Route]:
    """Hold up the next request to an address; what comes back waits for it and gives it, to be let go."""
    held: list[Route] = []
    page.route(pattern, lambda route: held.append(route), times=1)  # noqa: PLW0108 - Playwright marks what it is given

    def on_the_way() -> Route:
        until = time.monotonic() + 20
        while not held:
            assert time.monotonic() < until, f"nothing asks for {pattern}"
            page.wait_for_timeout(10)
        return held[0]

    return on_the_way
