"""What all pages share: the database, the clock, who looks, and the session that an opened link began."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

from flask import Blueprint, Response, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from bot.handling import NO_PAGES
from bot.pages.refusals import Refused
from bot.pages.tickets import Purpose, Signer, Ticket
from domain.clock import Clock
from domain.reminders import BANGKOK
from handlers.conversation import Page, Request
from storage.database import Database
from storage.queries.readers import people_reading
from storage.reference import Reference, ReferenceBook
from storage.submissions.actor import Channel
from storage.tables import Person

SomeResponse = TypeVar("SomeResponse", bound=AnyResponse)

COOKIE = "emenscr_page"
MOST_OF_A_SESSION = timedelta(hours=4)
"""From asking in the chat: however busy somebody is, a new link is one tap away then."""
FORM_KEY = "form_key"
"""The field of forms, and ``FORM_KEY_HEADER`` that of scripts, by which a request proves to come from our page."""
FORM_KEY_HEADER = "X-Form-Key"


class Site:
    """The pages of one process; safe for threads.

    A session is a cookie that reaches one opened page alone (``/w/PAGE/NONCE``), so that two reports on one phone never
    mix. It says who asked for what; what that person may see or do is read from the database at every request.
    ``chat`` leads back to the chat, "" where the bot's @id is not known.
    """

    def __init__(self, public_url: str, secret: str, database: Database, clock: Clock, chat: str = "") -> None:
        self.public_url = public_url
        self.chat = chat
        self.database = database
        self.clock = clock
        self.links = Signer(secret, Purpose.LINK)
        self._sessions = Signer(secret, Purpose.SESSION)
        self._form_keys = Signer(secret, Purpose.FORM)
        self._book = ReferenceBook()

    def ticket(self, signer: Signer, text: str) -> Ticket:
        """Return a ticket that still counts; raises Refused."""
        ticket = signer.read(text, self.clock.real_now())
        if ticket is None:
            raise Refused
        return ticket

    def session(self, page: Page, nonce: str) -> Ticket:
        """Return whose session of the page this request belongs to; raises Refused."""
        ticket = self.ticket(self._sessions, request.cookies.get(COOKIE, ""))
        if (ticket.page, ticket.nonce) != (page, nonce):
            raise Refused
        return ticket

    def posted(self, page: Page, nonce: str) -> Ticket:
        """Return the session of a request that changes something: it comes from our own page; raises Refused."""
        self.check_origin()
        ticket = self.session(page, nonce)
        given = request.headers.get(FORM_KEY_HEADER) or request.form.get(FORM_KEY, "")
        if not hmac.compare_digest(given.encode(), self.form_key(ticket).encode()):
            raise Refused
        return ticket

    def check_origin(self) -> None:
        """Check that the request does not come from another site's page, nor from one that hides where; raises Refused.

        All browsers of today say where a form comes from; what says nothing is no browser that somebody else could use.
        """
        is_ours = request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")
        if not is_ours or request.headers.get("Origin", self.public_url) != self.public_url:
            raise Refused

    def form_key(self, ticket: Ticket) -> str:
        """Return what forms of the session carry; the same as long as the session lives."""
        return self._form_keys.write(replace(ticket, arguments={}, until=ticket.asked_at)).rpartition(".")[2]

    def keep(self, response: SomeResponse, ticket: Ticket, idle: timedelta) -> SomeResponse:
        """Begin the ticket's session in the answer, or let it go on: it ends ``idle`` after the last request.

        Returns:
            The answer.
        """
        now = self.clock.real_now()
        until = min(now + idle, ticket.asked_at + MOST_OF_A_SESSION)
        response.set_cookie(
            COOKIE,
            self._sessions.write(replace(ticket, until=until)),
            max_age=until - now,
            path=f"/w/{ticket.page}/{ticket.nonce}",
            secure=self.public_url.startswith("https://"),
            httponly=True,
            samesite="Strict",
        )
        return response

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Yield a session whose one transaction commits at the end of the block."""
        self._read_reference()
        with self.database.write() as session:
            yield session

    @contextmanager
    def trial(self) -> Iterator[Session]:
        """Yield a session that may write, and whose transaction is always rolled back."""
        self._read_reference()
        with self.database.trial() as session:
            yield session

    def asked(self, session: Session, ticket: Ticket) -> Request:
        """Return what the ticket's person asks, as of now.

        Raises:
            Refused: the account that asked for the link is not linked to the person any more.
        """
        linked = select(Person.id).where(
            Person.code == ticket.person, Person.line_user_id.is_not(None), Person.linked_at <= ticket.asked_at
        )
        if session.scalar(linked) is None:
            raise Refused
        now = self.clock.now()
        reference = self._reference(session)
        person = people_reading(session, [ticket.person], reference.rules.today)[ticket.person]
        return Request(
            session=session,
            reference=reference,
            asker=person,
            account="",
            now=now,
            real_now=self.clock.real_now(),
            links=NO_PAGES,
            event_id=f"{ticket.page}:{ticket.nonce}",
            channel=Channel.PAGE,
        )

    def _read_reference(self) -> None:
        """Read reference data where it is old: nobody must wait for that in a session that writes."""
        with self.database.read() as session:
            self._reference(session)

    def _reference(self, session: Session) -> Reference:
        return self._book.on(session, self.clock.now().astimezone(BANGKOK).date())


def _notes_nothing(_asked: Request, _arguments: Mapping[str, str]) -> None:
    """Note nothing of a link that was opened."""


@dataclass(frozen=True, slots=True)
class PageKind:
    """How one kind of page is opened and served.

    Args:
        title: What a link would open, for its person as of now; raises Refused where that is nothing.
        idle: How long its session lives after the last request.
        add: Adds its addresses, all below ``/w/PAGE/<nonce>``, to the blueprint; the endpoint of that one is the page.
        opened: Notes that its person opened a link, in the transaction that spends it.
    """

    title: Callable[[Request, Mapping[str, str]], str]
    idle: timedelta
    add: Callable[[Blueprint, Site], None]
    opened: Callable[[Request, Mapping[str, str]], None] = _notes_nothing


def html(text: str, status: int = 200) -> Response:
    """Return a page."""
    return Response(text, status)
