"""A browser without scripts on the page of a circular, and what its script would send."""

import html
import json
import re
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from handlers.circulars.presses import CIRCULAR
from handlers.conversation import Page
from storage.circulars.drafts import Draft, read
from storage.tables import Circular
from tests.handset import PUBLIC_URL, Handset
from tests.issuing import COORDINATOR
from tests.office import Bot

_BASE = re.compile(r'<input type="hidden" name="base:([^"]+)" value="([^"]*)">')
_KEY = re.compile(r'name="form_key" value="([^"]+)"')


class CircularPage(Handset):
    """The page of a circular, as it was shown last in the browser of ``person``."""

    def __init__(self, bot: Bot, circular: int, person: str = COORDINATOR) -> None:
        super().__init__(bot)
        self.circular = circular
        self.key = ""
        self.address = self.opens(person, Page.CIRCULARS, {CIRCULAR: str(circular)})
        self.looks()

    def looks(self, below: str = "") -> TestResponse:
        """Look at the page, or at one below it."""
        return self._keep(self.get(self.address + below))

    @property
    def bases(self) -> Mapping[str, str]:
        """What the page says that the fields said."""
        return {name: html.unescape(base) for name, base in _BASE.findall(self.shown.text)}

    def saves(self, to: str = "/save", go: str = "save", **typed: Any) -> TestResponse:
        """Send the whole form: what was there but for what is typed, boxes as lists of what is ticked."""
        bases = self.bases
        form = MultiDict({"form_key": self.key, "go": go, **{f"base:{name}": base for name, base in bases.items()}})
        for name, base in bases.items():
            given = typed.get(name, base.split() if name in ("units", "roles", "without_units") else base)
            for one in [given] if isinstance(given, str) else given:
                form.add(name, one)
        for name in typed.keys() - bases.keys():
            given = typed[name]
            for one in [given] if isinstance(given, str) else given:
                form.add(name, one)
        return self._keep(self._sends(self.address + to, form))

    def presses(self, to: str, **fields: str) -> TestResponse:
        """Send a small form of the page that is shown."""
        return self._keep(self._sends(self.address + to, MultiDict({"form_key": self.key, **fields})))

    def types(self, since: str = "", bases: Mapping[str, str] | None = None, **typed: str) -> Any:
        """Send edits as the script does, and return what it is told; with an error its status."""
        known = self.bases if bases is None else bases
        edits = [{"field": name, "base": known.get(name, ""), "value": value} for name, value in typed.items()]
        answer = self.browser.post(
            f"{self.address}/fields",
            base_url=PUBLIC_URL,
            headers={"Origin": PUBLIC_URL, "X-Form-Key": self.key},
            data=json.dumps({"edits": edits, "since": since}),
            content_type="application/json",
        )
        return answer.json if answer.is_json else answer.status_code

    def held(self) -> Draft:
        """What the database holds."""
        with self.bot.database.read() as session:
            return read(session, session.get_one(Circular, self.circular))

    def _sends(self, address: str, form: MultiDict[str, Any]) -> TestResponse:
        answer = self.browser.post(address, base_url=PUBLIC_URL, data=form, headers={"Origin": PUBLIC_URL})
        return self.get(answer.location) if answer.status_code == 303 and answer.location else answer

    def _keep(self, answer: TestResponse) -> TestResponse:
        if answer.status_code != 404:
            self.shown = answer
            self.key = next(iter(_KEY.findall(answer.text)), self.key)
        return answer
