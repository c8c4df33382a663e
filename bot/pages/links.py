"""Makes links to our pages for conversations."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from urllib.parse import quote

from bot.handling import NO_PAGES
from bot.pages.tickets import LINK_LIFETIME, Purpose, Signer, Ticket
from bot.secret_key import shared_secret
from bot.settings import Settings
from domain.clock import Clock
from handlers.conversation import Links, Page
from storage.database import Database

OPEN = "/w/l"
"""Below it lead links; it is the endpoint URL of the LIFF app."""
LIFF = "https://liff.line.me"
OUTSIDE_LINE = frozenset({Page.LETTER})
"""Pages whose documents LINE's own browser does not show: on Android it neither opens nor saves a PDF.

Their links open in the phone's browser (LINE URL scheme, "openExternalBrowser") and never as a LIFF app: LINE would
hold that one inside, and elsewhere people had to log in to LINE first. So they count for whoever holds them, as all
links do where there is no LIFF: once, and for ten minutes.
"""
_IN_PHONES_BROWSER = "?openExternalBrowser=1"


class SignedLinks:
    """Links that open once, within ten minutes, for the person who asked.

    ``base`` is what stands before the ticket, ``outside`` where that opens outside of LINE (``OUTSIDE_LINE``).
    """

    def __init__(self, base: str, outside: str, secret: str, clock: Clock) -> None:
        self._base = base
        self._outside = outside
        self._signer = Signer(secret, Purpose.LINK)
        self._clock = clock

    def page(self, page: Page, arguments: Mapping[str, str], person: str) -> str:
        """Return a link to a page."""
        now = self._clock.real_now()
        ticket = Ticket(secrets.token_urlsafe(16), person, page, arguments, now, now + LINK_LIFETIME)
        if page in OUTSIDE_LINE:
            return f"{self._outside}/{self._signer.write(ticket)}{_IN_PHONES_BROWSER}"
        return f"{self._base}/{self._signer.write(ticket)}"


def chat_link(basic_id: str | None) -> str:
    """Return the address of the chat with the bot, by its @id with or without the @; "" where that is not set."""
    return f"https://line.me/R/oaMessage/{quote('@' + basic_id.removeprefix('@'), safe='')}/" if basic_id else ""


def links_of(settings: Settings, database: Database, clock: Clock) -> Links:
    """Return what makes links; without ``PUBLIC_URL`` there are none. With ``LIFF_ID`` they open inside LINE."""
    if settings.public_url is None:
        return NO_PAGES
    outside = f"{settings.public_url}{OPEN}"
    base = f"{LIFF}/{settings.liff_id}" if settings.liff_id else outside
    return SignedLinks(base, outside, shared_secret(settings, database, clock), clock)
