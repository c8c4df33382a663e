"""Who opened a page inside LINE: the ID token that LIFF hands to the page, verified by LINE itself."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

import structlog
import urllib3

from bot.line_client import LINE_API
from bot.settings import Settings

VERIFY = "/oauth2/v2.1/verify"
ISSUER = "https://access.line.me"
TIMEOUT = urllib3.Timeout(connect=3, read=5)
"""Seconds; somebody waits in front of a phone."""

_TOKEN = re.compile(r"[\w-]{1,1000}\.[\w-]{1,6000}\.[\w-]{1,1000}", re.ASCII)
_log = structlog.get_logger()


class LineAway(Exception):
    """LINE gave no answer that says anything about the token."""


class IdTokens:
    """Asks LINE whose an ID token is (LINE Login reference, "Verify ID token"); safe for threads.

    A token counts for our LINE Login channel alone, and for an hour. Tokens and LINE ids are never logged.
    """

    def __init__(self, channel_id: str, origin: str = LINE_API, timeout: urllib3.Timeout = TIMEOUT) -> None:
        self._channel_id = channel_id
        self._url = f"{origin}{VERIFY}"
        self._http = urllib3.PoolManager(retries=False, timeout=timeout)

    def account(self, token: str) -> str | None:
        """Return the LINE id of whom the token proves to be there; None: it proves nobody to us.

        Raises:
            LineAway: LINE does not answer, or has a fault of its own.
        """
        if not _TOKEN.fullmatch(token):
            return None
        form = urlencode({"id_token": token, "client_id": self._channel_id})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        started = time.monotonic()
        try:
            answer = self._http.request("POST", self._url, body=form, headers=headers, redirect=False)
        except urllib3.exceptions.HTTPError as error:
            _log.warning("id_token_unverified", error=type(error).__name__)
            raise LineAway from None  # what was tried names the address alone, but nobody needs it
        milliseconds = round(1000 * (time.monotonic() - started))
        request_id = answer.headers.get("x-line-request-id", "")
        _log.info("id_token_verified", status=answer.status, ms=milliseconds, line_request_id=request_id)
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise LineAway
        return self._subject(answer.data) if answer.status == HTTPStatus.OK else None

    def _subject(self, body: bytes) -> str | None:
        try:
            claims = json.loads(body)
        except ValueError:
            raise LineAway from None
        if not isinstance(claims, dict):
            raise LineAway
        is_ours = (claims.get("iss"), claims.get("aud")) == (ISSUER, self._channel_id)
        return str(claims["sub"]) if is_ours and claims.get("sub") else None


@dataclass(frozen=True, slots=True)
class Liff:
    """The LIFF app as which our pages open inside LINE; ``app`` is its id."""

    app: str
    tokens: IdTokens


def liff_of(settings: Settings) -> Liff | None:
    """Return the LIFF app; None: none is set, pages open by their signed links alone."""
    if settings.liff_id is None or settings.line_login_channel_id is None:
        return None
    return Liff(settings.liff_id, IdTokens(settings.line_login_channel_id, settings.line_api_base or LINE_API))
