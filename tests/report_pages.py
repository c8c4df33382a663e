"""A browser without scripts on the page of a report, and what a script would send: ``page.types(summary="…")``."""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse, encode_multipart

from bot.app import create_app
from bot.pages.links import links_of
from domain.fiscal import Quarter
from handlers.conversation import Page
from storage.tables import Person
from tests.chatting import OfficeClock
from tests.handset import PUBLIC_URL, SETTINGS
from tests.office import Bot, line_id_of
from tests.submitting import FIRST_QUARTER

_CONTROL = re.compile(
    r'<textarea[^>]* name="(?P<area>[^"]+)"[^>]*>\n?(?P<text>.*?)</textarea>'
    r'|<input type="(?P<kind>text|hidden)"[^>]* name="(?P<name>[^"]+)"[^>]*? value="(?P<value>[^"]*)"',
    re.DOTALL,
)


@dataclass
class ReportPage:
    """The page of a report in the browser of ``person``, as it was shown last."""

    bot: Bot
    person: str
    code: str
    quarter: Quarter = FIRST_QUARTER
    app: Flask | None = None
    browser: FlaskClient = field(init=False)
    path: str = ""
    shown: TestResponse = field(init=False)
    said: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clock = OfficeClock(self.bot)
        self.app = self.app or create_app(SETTINGS, self.bot.database, self.clock)
        self.browser = self.app.test_client()

    def opens(self) -> TestResponse:
        """Open a fresh link of a person who is linked to LINE, and return what it leads to."""
        with self.bot.database.write() as session:
            person = session.scalars(select(Person).where(Person.code == self.person)).one()
            if person.line_user_id is None:
                linked_at = self.clock.real_now() - timedelta(days=1)
                person.line_user_id, person.linked_at = line_id_of(self.person), linked_at
        about = {"code": self.code, "year": str(self.quarter.fiscal_year), "quarter": str(self.quarter.number)}
        link = links_of(SETTINGS, self.bot.database, self.clock).page(Page.REPORT, about, self.person)
        assert link is not None
        opened = self.browser.post(urlsplit(link).path, base_url=PUBLIC_URL, headers={"Origin": PUBLIC_URL})
        if opened.status_code != 303:
            return opened
        self.path = urlsplit(opened.location or "").path
        return self.looks()

    def looks(self, where: str = "") -> TestResponse:
        """Look at the page, or at an address below it."""
        return self._show(self.browser.get(f"{self.path}{where}", base_url=PUBLIC_URL, follow_redirects=True))

    def presses(self, button: str, /, **typed: str) -> TestResponse:
        """Send the whole form as a browser without scripts does, with these fields typed into."""
        where, _, answered = button.partition(" ")
        form = {**self.said, **{name.replace("__", ":"): value for name, value in typed.items()}}
        form |= {"none": answered} if answered else {}
        boundary, body = encode_multipart({name: value.replace("\n", "\r\n") for name, value in form.items()})
        answer = self.browser.post(
            f"{self.path}/{where}",
            base_url=PUBLIC_URL,
            headers={"Origin": PUBLIC_URL},
            data=body,
            content_type=f"multipart/form-data; boundary={boundary}",
        )
        if answer.status_code == 303:
            return self.looks(answer.location.removeprefix(self.path).partition("#")[0])
        return self._show(answer)

    def autosaves(self, edits: Mapping[str, tuple[str, str]], since: str = "0") -> dict[str, Any]:
        """Send edits (what it said before, what it shall say) as the script does, and return what it is told."""
        answer = self.posts(
            {"edits": [{"field": n, "base": b, "value": v} for n, (b, v) in edits.items()], "since": since}
        )
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.get_json()
        return found

    def posts(self, body: Any, **headers: str) -> TestResponse:
        """Send JSON as the script does; ``headers`` replace its own."""
        return self.browser.post(
            f"{self.path}/fields",
            base_url=PUBLIC_URL,
            headers={"Origin": PUBLIC_URL, "X-Form-Key": self.said.get("form_key", ""), **headers},
            data=json.dumps(body),
            content_type="application/json",
        )

    def _show(self, answer: TestResponse) -> TestResponse:
        self.shown = answer
        self.said = {
            html.unescape(found["area"] or found["name"]): html.unescape(
                found["text"] if found["area"] else found["value"]
            )
            for found in _CONTROL.finditer(answer.text)
        }
        return answer
