"""The files behind pages: what is in them is decided at every look, for the person as of now."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.handling import NO_PAGES
from bot.pages.tickets import Ticket
from bot.unreported_table import unreported_table
from domain.clock import Clock
from domain.reminders import BANGKOK
from handlers.conversation import Request
from handlers.downloads import LIST
from handlers.owed_lists import DownloadUnreported, View, sees_owed
from handlers.postback import PostbackError
from messages_th import pages as thai
from storage.database import Database
from storage.exports.spreadsheet import table_bytes
from storage.queries.readers import people_reading
from storage.queries.unreported import every, tally
from storage.reference import ReferenceBook
from storage.tables import Person

MOST_ROWS = 20_000
"""Rows of one file: a ministry has them; a whole country is exported at the shell."""


class Refused(Exception):
    """The ticket opens nothing: its person is not linked as when it was asked for, or may see nothing of it."""


class TooLarge(Exception):
    """The list has more rows than a file takes; carries how many."""

    def __init__(self, rows: int) -> None:
        super().__init__(f"{rows} rows")
        self.rows = rows


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that a ticket opens, for its person as of now."""

    request: Request
    view: View

    @property
    def title(self) -> str:
        """What the list is called."""
        return thai.list_title(self.view.quarter, self.request.basis, overdue=self.view.overdue)

    def rows(self) -> int:
        """Return how many rows it has.

        Raises:
            TooLarge: a file does not take them.
        """
        request = self.request
        rows = tally(request.session, request.reference, request.sight, self.view.asked(request)).total
        if rows > MOST_ROWS:
            raise TooLarge(rows)
        return rows


class Downloads:
    """Looks into lists for whoever a ticket belongs to."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._book = ReferenceBook()

    def title(self, ticket: Ticket) -> str:
        """Return what the ticket's list is called; raises Refused."""
        with self._database.read() as session:
            return self._listed(session, ticket).title

    def title_and_rows(self, ticket: Ticket) -> tuple[str, int]:
        """Return what the list is called and how many rows it has; raises Refused and TooLarge."""
        with self._database.read() as session:
            listed = self._listed(session, ticket)
            return listed.title, listed.rows()

    def spreadsheet(self, ticket: Ticket) -> tuple[str, bytes]:
        """Return the file's name and content; raises Refused and TooLarge."""
        with self._database.read() as session:
            listed = self._listed(session, ticket)
            listed.rows()
            request, view = listed.request, listed.view
            projects = every(session, request.reference, request.sight, [view.asked(request)])
        name = thai.list_file_name(view.quarter, request.basis, overdue=view.overdue)
        return name, table_bytes(unreported_table(projects))

    def _listed(self, session: Session, ticket: Ticket) -> Listed:
        """Return the list as its person may see it now.

        Raises:
            Refused: there is nothing of it that the person may see.
        """
        if not _is_linked(session, ticket):
            raise Refused
        now, real_now = self._clock.now(), self._clock.real_now()
        today = now.astimezone(BANGKOK).date()
        person = people_reading(session, [ticket.person], today)[ticket.person]
        request = Request(session, self._book.on(session, today), person, "", now, real_now, NO_PAGES)
        try:
            view = View.of(DownloadUnreported.unpack(ticket.arguments[LIST]))
        except PostbackError as error:
            raise Refused from error
        if view is None or not sees_owed(request.sight) or not view.asked(request).units:
            raise Refused
        return Listed(request, view)


def _is_linked(session: Session, ticket: Ticket) -> bool:
    linked = select(Person.id).where(
        Person.code == ticket.person, Person.line_user_id.is_not(None), Person.linked_at <= ticket.asked_at
    )
    return session.scalar(linked) is not None
