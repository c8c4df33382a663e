"""Channel access tokens: who may call (reference, "Issue stateless channel access token")."""

import hmac
import secrets
import threading
from collections.abc import Callable

from simulator.settings import Settings

LIFETIME = 900
"""Seconds that a stateless token lives."""


class WrongCredentials(Exception):
    """Channel id or channel secret is not this channel's."""


class TokenOffice:
    """Issues stateless tokens and knows the valid ones."""

    def __init__(self, settings: Settings, elapsed: Callable[[], float]) -> None:
        self._settings = settings
        self._elapsed = elapsed
        self._lock = threading.Lock()
        self._expiry: dict[str, float] = {}

    def issue(self, channel_id: str, channel_secret: str) -> str:
        """A new token, valid for `LIFETIME` seconds beside all earlier ones.

        Raises:
            WrongCredentials: The pair is not this channel's.
        """
        given = f"{channel_id}\n{channel_secret}".encode()
        own = f"{self._settings.channel_id}\n{self._settings.channel_secret}".encode()
        if not hmac.compare_digest(given, own):
            raise WrongCredentials
        token = secrets.token_urlsafe(48)
        with self._lock:
            at = self._elapsed()
            self._expiry = {known: expiry for known, expiry in self._expiry.items() if expiry > at}
            self._expiry[token] = at + LIFETIME
        return token

    def accepts(self, token: str) -> bool:
        """Whether `token` is the long-lived one, or a stateless one that has not run out."""
        if self._settings.access_token is not None and hmac.compare_digest(
            token.encode(), self._settings.access_token.encode()
        ):
            return True
        with self._lock:
            return self._expiry.get(token, 0) > self._elapsed()
