"""The bot's endpoints for developers (``/dev/…``), signed like webhooks; a bot in production has none of them."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

import urllib3

from simulator.line.platform import Platform
from simulator.settings import Settings
from simulator.webhooks.letters import signature


class NoSuchEndpoint(Exception):
    """The bot does not let itself be looked at or moved, or there is no bot."""


class BotAway(Exception):
    """The bot does not answer, or is in trouble."""


class Refusal(Exception):
    """The bot does not do what it was asked; `reason` is its word for why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Development:
    """Asks the bot whose webhook is set."""

    def __init__(self, settings: Settings, platform: Platform) -> None:
        self._settings = settings
        self._platform = platform

    def ask(self, name: str, body: Mapping[str, Any], timeout: float) -> Mapping[str, Any]:
        """What the bot answers under ``/dev/{name}`` within so many seconds.

        Raises:
            NoSuchEndpoint: There is no such endpoint, or no webhook is set.
            Refusal: The bot refuses.
            BotAway: It does not answer in time, or with a fault of its own.
        """
        webhook = self._platform.webhook
        if webhook is None:
            raise NoSuchEndpoint
        raw = json.dumps(body).encode()
        signed = signature(self._settings.channel_secret, raw)
        headers = {"Content-Type": "application/json", "x-line-signature": signed}
        with urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(total=timeout)) as http:
            try:
                response = http.request("POST", urljoin(webhook, f"/dev/{name}"), body=raw, headers=headers)
            except urllib3.exceptions.HTTPError:
                raise BotAway from None
        if response.status >= 500:
            raise BotAway
        found = _object(response.data)
        if found is None or (response.status in {404, 405} and "reason" not in found):
            raise NoSuchEndpoint
        if response.status != 200:
            raise Refusal(str(found.get("reason", "")))
        return found


def _object(body: bytes) -> Mapping[str, Any] | None:
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
