"""Webhooks: events on their way from the platform to the bot (docs, "Verify webhook signature")."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import urllib3

TIMEOUT = 2.0
"""Seconds within which a bot has to answer."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a bot took a webhook: HTTP status (0 without an answer), LINE's word for it, and a detail to read."""

    status: int
    reason: str
    detail: str

    @property
    def success(self) -> bool:
        """Whether the bot took it."""
        return self.reason == "OK"


def signature(secret: str, body: bytes) -> str:
    """The value of ``x-line-signature``."""
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


def letter(secret: str, destination: str, events: Iterable[Mapping[str, Any]]) -> tuple[bytes, Mapping[str, str]]:
    """The body of a webhook and its headers, signed."""
    body = json.dumps({"destination": destination, "events": list(events)}, ensure_ascii=False).encode()
    return body, {"Content-Type": "application/json; charset=utf-8", "x-line-signature": signature(secret, body)}


def deliver(endpoint: str, secret: str, destination: str, events: Iterable[Mapping[str, Any]] = ()) -> Outcome:
    """Post signed `events` to a bot; without any it is the ping that the console's Verify button sends."""
    body, headers = letter(secret, destination, events)
    with urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(total=TIMEOUT)) as http:
        try:
            response = http.request("POST", endpoint, body=body, headers=headers, redirect=False)
        except urllib3.exceptions.ReadTimeoutError:
            return Outcome(0, "REQUEST_TIMEOUT", f"No answer within {TIMEOUT:g} seconds")
        except urllib3.exceptions.HTTPError as failure:
            return Outcome(0, "COULD_NOT_CONNECT", str(failure))
    if 200 <= response.status < 300:
        return Outcome(response.status, "OK", str(response.status))
    return Outcome(response.status, "ERROR_STATUS_CODE", str(response.status))
