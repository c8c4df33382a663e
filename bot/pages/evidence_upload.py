"""Adding and removing photos and documents on the page of who writes a report or a plan.

A page that takes files makes one ``EvidenceUploads``, lets it ``add`` its addresses, and shows its ``part``. With the
script files go one by one; without it the browser's own form sends them all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from http import HTTPStatus

from flask import Blueprint, Response, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.pages.evidence_files import chosen, file_answer, thumbnail_answer
from bot.pages.refusals import Refused
from bot.pages.sent_files import Outcome, each_taken, limit_body, outcomes_answer, refused
from bot.pages.site import Site
from bot.pages.tickets import Ticket
from domain.errors import Refusal, TransitionRefused
from domain.evidence import MOST_BYTES, MOST_FILES, EvidenceRefused
from handlers.conversation import Page, Request
from messages_th.evidence import fault_words
from messages_th.pages import evidence as thai
from storage import evidence
from storage.agency_entries import NoSuchDuty
from storage.evidence import Attached, Target
from storage.queries.evidence import EvidenceFile, EvidenceGone, thumbnail_of
from storage.untrusted_files.apart import cleaned_apart
from storage.untrusted_files.cleaning import check_size

_LAST = 2**31 - 1
"""No database has a file of a higher number."""


@dataclass(frozen=True, slots=True)
class EvidenceUploads:
    """The files of one kind of page, all below ``/w/PAGE/<nonce>/evidence``.

    Args:
        target: What the files of a session belong to, by its link's arguments, for its person as of now; raises
            Refused where that is nothing.
        idle: How long a session lives after the last request, as of the page itself.
    """

    site: Site
    page: Page
    idle: timedelta
    target: Callable[[Request, Mapping[str, str]], Target]

    def add(self, blueprint: Blueprint) -> None:
        """Add the addresses to the blueprint of all pages."""
        path = f"/w/{self.page}/<nonce>/evidence"
        blueprint.add_url_rule(path, self._endpoint("evidence"), self.take, methods=["POST"])
        one = f"{path}/<int(max={_LAST}):number>"
        blueprint.add_url_rule(f"{one}/remove", self._endpoint("remove"), self.remove, methods=["POST"])
        blueprint.add_url_rule(one, self._endpoint("file"), self.file)
        blueprint.add_url_rule(f"{one}/thumbnail", self._endpoint("thumbnail"), self.thumbnail)

    def part(self, asked: Request, ticket: Ticket) -> thai.EvidencePart:
        """Return the part of the page with the files; raises Refused."""
        found = self._attached(asked, ticket)
        upload = url_for(f"pages.{self._endpoint('evidence')}", nonce=ticket.nonce)
        rows, form_key = self._rows(found, ticket), self.site.form_key(ticket)
        return thai.evidence_part(rows, upload, form_key, is_writable=found.is_writable)

    def take(self, nonce: str) -> AnyResponse:
        """Keep what is sent; each file by itself, all of it or nothing."""
        ticket = self._posted(nonce)
        return self._answer(ticket, each_taken(MOST_BYTES, partial(self._take_one, ticket)))

    def remove(self, nonce: str, number: int) -> AnyResponse:
        """Take a file out."""
        ticket = self._posted(nonce)
        try:
            with self.site.write() as session:
                asked = self.site.asked(session, ticket)
                target = self.target(asked, ticket.arguments)
                evidence.remove(session, asked.reference, asked.actor, target, number, asked.moment)
        except EvidenceGone:
            return self._answer(ticket, [Outcome(thai.GONE)])
        except TransitionRefused as error:
            return self._answer(ticket, [_not_writable(error)])
        return self._answer(ticket, [Outcome(thai.REMOVED)])

    def file(self, nonce: str, number: int) -> Response:
        """Hand out a file."""
        ticket = self.site.session(self.page, nonce)
        return file_answer(self.site.database, chosen(self._listed(ticket).files, number))

    def thumbnail(self, nonce: str, number: int) -> Response:
        """Hand out the small picture of a photo."""
        ticket = self.site.session(self.page, nonce)
        file = chosen(self._listed(ticket).files, number)
        with self.site.database.read() as session:
            try:
                return thumbnail_answer(thumbnail_of(session, file.evidence_id))
            except EvidenceGone as error:
                raise Refused from error

    def _posted(self, nonce: str) -> Ticket:
        """Return the session that sends files; nobody else's body is read."""
        limit_body(MOST_FILES, MOST_BYTES)
        self.site.session(self.page, nonce)
        ticket = self.site.posted(self.page, nonce)
        self._listed(ticket)  # who may see nothing of it any more is refused, whatever is sent
        return ticket

    def _take_one(self, ticket: Ticket, name: str, content: bytes) -> Outcome:
        try:
            check_size(len(content))
            self._check_writable(ticket)
            cleaned = cleaned_apart(content)  # before the transaction, which others wait for
            with self.site.write() as session:
                asked = self.site.asked(session, ticket)
                target = self.target(asked, ticket.arguments)
                evidence.add(session, asked.reference, asked.actor, target, name, cleaned, asked.moment)
        except EvidenceRefused as error:
            return refused(name, fault_words(error.fault))
        except TransitionRefused as error:
            return _not_writable(error)
        return Outcome(thai.taken_words(name))

    def _check_writable(self, ticket: Ticket) -> None:
        """Spare the work on what could not be added anyway."""
        if not self._listed(ticket).is_writable:
            raise TransitionRefused(Refusal.WRONG_STATE)

    def _answer(self, ticket: Ticket, outcomes: Sequence[Outcome]) -> AnyResponse:
        """Return to a script the list as it is now and what happened; without one the page, or what went wrong."""
        page = url_for(f"pages.{self.page}", nonce=ticket.nonce, _anchor="evidence")
        response = outcomes_answer(outcomes, page, lambda: thai.evidence_list(self._rows(self._listed(ticket), ticket)))
        return self.site.keep(response, ticket, self.idle)

    def _listed(self, ticket: Ticket) -> Attached:
        with self.site.database.read() as session:
            return self._attached(self.site.asked(session, ticket), ticket)

    def _attached(self, asked: Request, ticket: Ticket) -> Attached:
        target = self.target(asked, ticket.arguments)
        try:
            return evidence.attached(asked.session, asked.reference, asked.asker.code, target)
        except (TransitionRefused, EvidenceGone, NoSuchDuty) as error:
            raise Refused from error

    def _rows(self, found: Attached, ticket: Ticket) -> Sequence[thai.FileRow]:
        return [self._row(file, ticket.nonce, is_writable=found.is_writable) for file in found.files]

    def _row(self, file: EvidenceFile, nonce: str, *, is_writable: bool) -> thai.FileRow:
        def address(what: str) -> str:
            return url_for(f"pages.{self._endpoint(what)}", nonce=nonce, number=file.evidence_id)

        return thai.FileRow(
            name=file.name,
            content_type=file.content_type,
            size=file.size,
            href=address("file"),
            thumbnail=address("thumbnail") if file.has_thumbnail else "",
            remove=address("remove") if is_writable else "",
        )

    def _endpoint(self, what: str) -> str:
        return f"{self.page}_files_{what}"


def _not_writable(error: TransitionRefused) -> Outcome:
    """Return that it was sent meanwhile; raises Refused where it never was the person's to write."""
    if error.refusal is Refusal.NOT_YOUR_UNIT:
        raise Refused from error
    return Outcome(thai.NOT_WRITABLE, HTTPStatus.CONFLICT)
