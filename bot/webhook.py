"""``POST /callback``: LINE's webhook (contract §3). What it brings is on disk before it is answered.

200 stored, 400 signature or body, 413 above 2 MB; 503 when the database is away, or no channel secret is set.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence

import structlog
from flask import Blueprint, Response, request
from pydantic import SecretStr

from bot.events import BadBody, arrivals
from domain.clock import Clock
from storage.inbox import Arrival

MOST_BYTES = 2 * 1024 * 1024

_log = structlog.get_logger()


def webhook(secret: SecretStr | None, clock: Clock, receive: Callable[[Sequence[Arrival]], None]) -> Blueprint:
    """Return the webhook; ``receive`` returns when the events that came are on disk."""
    routes = Blueprint("webhook", __name__)

    @routes.post("/callback")
    def callback() -> Response:
        """Store the events of a body that LINE signed."""
        request.max_content_length = MOST_BYTES
        body = request.get_data(cache=False)
        if secret is None:
            _log.error("webhook_without_channel_secret")
            return Response(status=503)
        if not is_signed(body, request.headers.get("x-line-signature", ""), secret.get_secret_value()):
            _log.warning("webhook_refused", reason="signature")
            return Response(status=400)
        try:
            came = arrivals(body, clock.real_now())
        except BadBody:
            _log.warning("webhook_refused", reason="body")
            return Response(status=400)
        if came:
            receive(came)
        return Response(status=200)

    return routes


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Tell whether LINE signed these very bytes (docs, "Verify webhook signature"); takes as long for any signature."""
    expected = base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256))
    return hmac.compare_digest(expected, signature.encode())
