"""Makes links to our pages for conversations."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from bot.handling import NO_PAGES
from bot.pages.tickets import LIFETIME, Purpose, Signer, Ticket
from bot.secret_key import shared_secret
from bot.settings import Settings
from domain.clock import Clock
from handlers.conversation import Download, Links
from storage.database import Database

OPEN = "/w/l/"
"""Where links lead."""


class SignedLinks:
    """Links that open once, within ten minutes, for the person who asked."""

    def __init__(self, public_url: str, secret: str, clock: Clock) -> None:
        self._public_url = public_url
        self._signer = Signer(secret, Purpose.LINK)
        self._clock = clock

    def download(self, file: Download, arguments: Mapping[str, str], person: str) -> str:
        """Return a link to the page of a file."""
        now = self._clock.real_now()
        ticket = Ticket(secrets.token_urlsafe(16), person, file, arguments, now, now + LIFETIME)
        return f"{self._public_url}{OPEN}{self._signer.write(ticket)}"


def links_of(settings: Settings, database: Database, clock: Clock) -> Links:
    """Return what makes links; without ``PUBLIC_URL`` there are none."""
    if settings.public_url is None:
        return NO_PAGES
    return SignedLinks(settings.public_url, shared_secret(settings, database, clock), clock)
