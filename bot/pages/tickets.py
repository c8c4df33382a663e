"""What a link or a page session says, signed: whose it is, what it opens, and until when.

All instants are real time: a shifted business clock makes no link live longer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from handlers.conversation import Page

LINK_LIFETIME = timedelta(minutes=10)
"""How long a link can be opened (contract §3)."""


class Purpose(StrEnum):
    """What a signature is for; one is worth nothing in the place of another."""

    LINK = "link"
    SESSION = "session"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Ticket:
    """Opens ``page`` with its arguments for a person (a code). ``asked_at`` is when the person asked in the chat.

    ``nonce`` names the link, and the session that it opened.
    """

    nonce: str
    person: str
    page: Page
    arguments: Mapping[str, str]
    asked_at: datetime
    until: datetime


class Signer:
    """Writes tickets of one purpose, and reads those alone that it wrote."""

    def __init__(self, secret: str, purpose: Purpose) -> None:
        self._serializer = URLSafeSerializer(secret, salt=f"pages.{purpose}")

    def write(self, ticket: Ticket) -> str:
        """Return the ticket as a text for a URL or a cookie."""
        asked_at, until = ticket.asked_at.timestamp(), ticket.until.timestamp()
        fields = [ticket.nonce, ticket.person, ticket.page.value, dict(ticket.arguments), asked_at, until]
        return str(self._serializer.dumps(fields))

    def read(self, text: str, real_now: datetime) -> Ticket | None:
        """Return the ticket; None: not ours, tampered with, or over."""
        try:
            fields: Any = self._serializer.loads(text)
            nonce, person, page, arguments, asked_at, until = fields
            ticket = Ticket(nonce, person, Page(page), arguments, _instant(asked_at), _instant(until))
        except (BadData, ValueError):  # the second: another version of the program wrote it
            return None
        return ticket if real_now < ticket.until else None


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
