"""Channel access tokens for LINE's API (reference, "Channel access token").

Stateless tokens are asked for with aiohttp and not with the SDK's client: that one blocks and knows no time-out.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from http import HTTPStatus
from typing import Protocol

import aiohttp

KEEP_SECONDS = 600.0
"""A stateless token lives 900 seconds; it is replaced early, so that none runs out on its way."""

_TOKEN = re.compile(r"[!-~]{1,4000}")
"""Printable ASCII without blanks: what can stand in a header, and short enough for servers that take 8 KB of them."""

_LONGEST_BODY = 65_536

_NOT_NOW = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}


class TokenRefused(Exception):
    """There is no token that LINE would take until the operator sets other credentials; carries the reason."""


class TokenUnavailable(Exception):
    """LINE could not issue a token right now; carries what it said instead."""


class TokenSource(Protocol):
    """Where the adapter gets its token from."""

    async def current(self) -> str:
        """Return a token that should be valid.

        Raises:
            TokenRefused: LINE gives none for these credentials.
            TokenUnavailable: LINE or the network has a fault; later may help.
        """
        ...

    async def renewed(self, refused: str) -> str:
        """Return another token than ``refused``, which LINE answered with 401, if there is one; raises as `current`."""
        ...


class LongLivedToken:
    """A token from LINE's console; it cannot be renewed from here."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def current(self) -> str:
        """Return the token; see `TokenSource`."""
        if not _TOKEN.fullmatch(self._token):
            raise TokenRefused("the channel access token holds blanks, line breaks or letters that no token has")
        return self._token

    async def renewed(self, refused: str) -> str:  # noqa: ARG002 - the protocol's signature
        """Return the same token: only the operator can set another."""
        return self._token


class StatelessToken:
    """Tokens of 15 minutes, issued for the channel's id and secret, shared by all calls of a process.

    Args:
        session: With time-outs.
        origin: Where LINE's API is, without a slash at the end.
        channel_id: From the console.
        channel_secret: From the console.
    """

    def __init__(self, session: aiohttp.ClientSession, origin: str, channel_id: str, channel_secret: str) -> None:
        self._session = session
        self._url = f"{origin}/oauth2/v3/token"
        self._form = {
            "grant_type": "client_credentials",
            "client_id": channel_id,
            "client_secret": channel_secret,
        }
        self._issuing = asyncio.Lock()
        self._token = ""
        self._fresh_until = float("-inf")

    async def current(self) -> str:
        """Return the cached token, or a new one when it is 10 minutes old; see `TokenSource`."""
        if time.monotonic() < self._fresh_until:
            return self._token
        async with self._issuing:
            if time.monotonic() >= self._fresh_until:
                await self._issue()
            return self._token

    async def renewed(self, refused: str) -> str:
        """Return a new token; calls that were refused together share one; see `TokenSource`."""
        async with self._issuing:
            if self._token == refused:
                await self._issue()
            return self._token

    async def _issue(self) -> None:
        try:
            async with self._session.post(self._url, data=self._form, allow_redirects=False) as response:
                if 400 <= response.status < 500 and response.status not in _NOT_NOW:
                    raise TokenRefused(f"no channel access token: HTTP {response.status}")
                if response.status != HTTPStatus.OK:
                    raise TokenUnavailable(f"token http_{response.status}")
                self._token = _issued(await start_of(response))
        except (aiohttp.ClientError, OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise TokenUnavailable(f"token {type(error).__name__}") from error
        self._fresh_until = time.monotonic() + KEEP_SECONDS


async def start_of(response: aiohttp.ClientResponse, longest: int = _LONGEST_BODY) -> bytes:
    """Read up to ``longest`` bytes of a body: what a portal sends may have no end."""
    raw = b""
    async for chunk in response.content.iter_any():
        raw += chunk
        if len(raw) > longest:
            break
    return raw[:longest]


def _issued(raw: bytes) -> str:
    token = json.loads(raw)["access_token"]
    if not _TOKEN.fullmatch(token):
        raise ValueError("not a token")
    return str(token)
