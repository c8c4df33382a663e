"""A simulator with two people on it, and a bot that answers by a script."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Page

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
