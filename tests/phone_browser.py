"""The browser in which LINE opens a link: real HTTP, cookies, and what a script of the page would send."""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

PATIENCE_SECONDS = 20.0
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"[^>]*? value="([^"]*)"')


def _browser() -> OpenerDirector:
    return build_opener(HTTPCookieProcessor(CookieJar()))


@dataclass
class PhoneBrowser:
    """A phone's browser; ``address`` and ``page`` are what it shows. What is refused raises ``HTTPError``."""

    address: str = ""
    page: str = ""
    _browser: OpenerDirector = field(default_factory=_browser)

    def looks(self, address: str) -> str:
        """Go to an address, as it stands in the page or whole, and return what is shown."""
        return self._show(Request(urljoin(self.address, address)))

    def opens(self, link: str) -> str:
        """Look at a link of the chat, press its button, and return what that leads to."""
        self.looks(link)
        return self.sends(link, {})

    def sends(self, address: str, form: Mapping[str, str]) -> str:
        """Send a form of the page that is shown, its hidden fields included, and return what that leads to."""
        body = urlencode({**self.hidden, **form}).encode()
        return self._show(Request(urljoin(self.address, address), body, {"Origin": self._origin}))

    def autosaves(self, edits: Mapping[str, tuple[str, str]]) -> Mapping[str, Any]:
        """Send edits (what a field said, what it shall say) as the form's script does; return what it is told."""
        sent = [{"field": name, "base": base, "value": value} for name, (base, value) in edits.items()]
        body = json.dumps({"edits": sent, "since": "0"}).encode()
        key = {"X-Form-Key": self.hidden["form_key"], "Content-Type": "application/json"}
        address = urljoin(self.address, f"{urlsplit(self.address).path}/fields")
        asked = Request(address, body, {"Origin": self._origin, **key})
        with self._browser.open(asked, timeout=PATIENCE_SECONDS) as answer:
            found: Mapping[str, Any] = json.load(answer)
            return found

    @property
    def hidden(self) -> Mapping[str, str]:
        """What the page's forms send that nobody sees."""
        return {html.unescape(name): html.unescape(value) for name, value in _HIDDEN.findall(self.page)}

    @property
    def _origin(self) -> str:
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"

    def _show(self, asked: Request) -> str:
        with self._browser.open(asked, timeout=PATIENCE_SECONDS) as answer:
            self.address, self.page = answer.url, answer.read().decode()
        return self.page
