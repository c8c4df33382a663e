"""The documents of a circular: added and removed while its maker writes it, each by itself.

With the script of ``evidence.js`` files go one by one; without it the browser's own form sends them all at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from http import HTTPStatus

from flask import Blueprint, Response, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from bot.pages.circulars.keeping import Seen, circular_of, seen
from bot.pages.file_answers import file_answer
from bot.pages.refusals import Refused
from bot.pages.sent_files import Outcome, each_taken, limit_body, outcomes_answer, refused
from bot.pages.site import Site
from bot.pages.tickets import Ticket
from domain.circulars.letters import MOST_BYTES, MOST_FILES, LetterRefused, check_size
from domain.circulars.life import CircularRefusal, CircularRefused
from handlers.conversation import Page
from messages_th.circulars.files import letter_fault_words
from messages_th.pages import circulars as thai
from messages_th.pages import circulars_words as words
from messages_th.pages import evidence as of_files
from storage.circulars import files
from storage.file_pieces import FileGone, pieces_of
from storage.tables import CircularFilePart
from storage.untrusted_files.apart import checked_apart
from storage.untrusted_files.kinds import Kind

_LAST = 2**31 - 1


class LetterFiles:
    """The addresses below ``/w/circulars/<nonce>/files``; a session that does nothing for ``idle`` is over."""

    def __init__(self, site: Site, idle: timedelta) -> None:
        self._site = site
        self._idle = idle

    def add(self, blueprint: Blueprint) -> None:
        """Add the addresses."""
        path = f"/w/{Page.CIRCULARS}/<nonce>/files"
        one = f"{path}/<int(max={_LAST}):number>"
        blueprint.add_url_rule(path, "circulars_files", self.take, methods=["POST"])
        blueprint.add_url_rule(one, "circulars_file", self.file)
        blueprint.add_url_rule(f"{one}/remove", "circulars_file_remove", self.remove, methods=["POST"])

    def listed(self, seen: Seen, nonce: str) -> Markup:
        """Return the list of a draft's documents as a part of the page."""
        return thai.files_list(
            [
                thai.FileRow(
                    file.name,
                    file.size,
                    url_for("pages.circulars_file", nonce=nonce, number=file.file_id),
                    url_for("pages.circulars_file_remove", nonce=nonce, number=file.file_id),
                )
                for file in seen.draft.files
            ]
        )

    def take(self, nonce: str) -> AnyResponse:
        """Keep what is sent; each file by itself, all of it or nothing."""
        ticket = self._posted(nonce)
        return self._answer(ticket, each_taken(MOST_BYTES, partial(self._take_one, ticket)))

    def remove(self, nonce: str, number: int) -> AnyResponse:
        """Take a file out."""
        ticket = self._posted(nonce)
        try:
            with self._site.write() as session:
                asked = self._site.asked(session, ticket)
                circular = circular_of(ticket.arguments)
                files.remove(session, asked.reference, asked.actor, circular, number, asked.moment)
        except FileGone:
            return self._answer(ticket, [Outcome(of_files.GONE)])
        except CircularRefused as error:
            return self._answer(ticket, [_not_writable(error)])
        return self._answer(ticket, [Outcome(of_files.REMOVED)])

    def file(self, nonce: str, number: int) -> Response:
        """Hand out a file."""
        ticket = self._site.session(Page.CIRCULARS, nonce)
        file = next((file for file in self._look(ticket).draft.files if file.file_id == number), None)
        if file is None:
            raise Refused
        pieces = pieces_of(self._site.database, CircularFilePart, file.file_id, file.size)
        answer = file_answer(pieces, file.size, Kind.PDF, file.name, f"circular-{file.file_id}")
        return self._site.keep(answer, ticket, self._idle)

    def _posted(self, nonce: str) -> Ticket:
        """Return the session that sends files; nobody else's body is read."""
        limit_body(MOST_FILES, MOST_BYTES)
        self._site.session(Page.CIRCULARS, nonce)
        ticket = self._site.posted(Page.CIRCULARS, nonce)
        self._look(ticket)  # who may see nothing of it any more is refused, whatever is sent
        return ticket

    def _take_one(self, ticket: Ticket, name: str, content: bytes) -> Outcome:
        try:
            check_size(len(content))
            self._check_writable(ticket)
            checked = checked_apart(content)  # before the transaction, which others wait for
            with self._site.write() as session:
                asked = self._site.asked(session, ticket)
                circular = circular_of(ticket.arguments)
                files.add(session, asked.reference, asked.actor, circular, name, checked, asked.moment)
        except LetterRefused as error:
            return refused(name, letter_fault_words(error.fault))
        except CircularRefused as error:
            return _not_writable(error)
        return Outcome(of_files.taken_words(name))

    def _check_writable(self, ticket: Ticket) -> None:
        """Spare the work on what could not be added anyway."""
        if not self._look(ticket).is_writable:
            raise CircularRefused(CircularRefusal.WRONG_STATE)

    def _answer(self, ticket: Ticket, outcomes: Sequence[Outcome]) -> AnyResponse:
        """Return to a script the list as it is now and what happened; without one the page, or what went wrong."""
        page = url_for(f"pages.{Page.CIRCULARS}", nonce=ticket.nonce, _anchor="evidence")
        response = outcomes_answer(outcomes, page, lambda: self.listed(self._look(ticket), ticket.nonce))
        return self._site.keep(response, ticket, self._idle)

    def _look(self, ticket: Ticket) -> Seen:
        with self._site.database.read() as session:
            return seen(self._site.asked(session, ticket), ticket.arguments)


def _not_writable(error: CircularRefused) -> Outcome:
    """Return that it is no draft any more; raises Refused where it never was the person's to write."""
    if error.refusal is not CircularRefusal.WRONG_STATE:
        raise Refused from error
    return Outcome(words.NOT_WRITABLE, HTTPStatus.CONFLICT)
