"""A circular for one who got it: all of its text, its documents, and the button that acknowledges it.

What may be seen is read at every request. A withdrawn letter stays readable, and says that it is withdrawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus

from flask import Blueprint, Response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.pages.file_answers import file_answer
from bot.pages.refusals import Refused
from bot.pages.site import PageKind, Site, html
from domain.circulars.life import CircularRefused
from handlers.circulars.letter import letter_view
from handlers.circulars.presses import CIRCULAR
from handlers.circulars.receiving import later_of
from handlers.conversation import Page, Request
from messages_th.pages import letter as thai
from messages_th.pages.evidence import FileRow
from messages_th.pages.letter import LetterSheet
from storage.circulars import receiving
from storage.circulars.files import FileOfLetter
from storage.circulars.receiving import LetterRead, note_opened, readable
from storage.file_pieces import pieces_of
from storage.tables import CircularFilePart
from storage.untrusted_files.kinds import Kind

IDLE = timedelta(minutes=30)


class _Views:
    def __init__(self, site: Site) -> None:
        self._site = site

    def show(self, nonce: str) -> Response:
        """Show the letter and list its documents."""
        ticket = self._site.session(Page.LETTER, nonce)
        with self._site.database.read() as session:
            asked = self._site.asked(session, ticket)
            letter = _letter(asked, ticket.arguments)
            view = letter_view(session, asked.reference, letter.sheet, asked.now)
            sheet = LetterSheet(
                address=url_for("pages.letter", nonce=nonce),
                form_key=self._site.form_key(ticket),
                files=[_row(file, nonce) for file in letter.sheet.files],
                is_recipient=letter.is_recipient,
                waits=letter.waits,
                acknowledged_at=letter.acknowledged_at,
                later=later_of(letter),
            )
            page = thai.letter_page(view, sheet)
        return self._site.keep(html(page), ticket, IDLE)

    def file(self, nonce: str, number: int) -> Response:
        """Hand out a document."""
        ticket = self._site.session(Page.LETTER, nonce)
        with self._site.database.read() as session:
            files = _letter(self._site.asked(session, ticket), ticket.arguments).sheet.files
        file = next((file for file in files if file.file_id == number), None)
        if file is None:
            raise Refused
        pieces = pieces_of(self._site.database, CircularFilePart, file.file_id, file.size)
        answer = file_answer(pieces, file.size, Kind.PDF, file.name, f"circular-{file.file_id}")
        return self._site.keep(answer, ticket, IDLE)

    def acknowledge(self, nonce: str) -> AnyResponse:
        """Note that the letter is acknowledged, and show it again."""
        ticket = self._site.posted(Page.LETTER, nonce)
        with self._site.write() as session:
            asked = self._site.asked(session, ticket)
            try:
                receiving.acknowledge(session, asked.reference, asked.actor, _circular(ticket.arguments), asked.moment)
            except CircularRefused as refused:
                raise Refused from refused
        return self._site.keep(redirect(url_for("pages.letter", nonce=nonce), HTTPStatus.SEE_OTHER), ticket, IDLE)


def _row(file: FileOfLetter, nonce: str) -> FileRow:
    href = url_for("pages.letter_file", nonce=nonce, number=file.file_id)
    return FileRow(file.name, Kind.PDF, file.size, href, thumbnail="")


def _letter(asked: Request, arguments: Mapping[str, str]) -> LetterRead:
    """Return the letter as its person may read it now; raises Refused where there is none for that person."""
    try:
        return readable(asked.session, asked.reference, asked.actor, _circular(arguments), asked.now)
    except CircularRefused as refused:
        raise Refused from refused


def _circular(arguments: Mapping[str, str]) -> int:
    return int(arguments[CIRCULAR])


def _title(asked: Request, arguments: Mapping[str, str]) -> str:
    _letter(asked, arguments)
    return thai.TITLE


def _opened(asked: Request, arguments: Mapping[str, str]) -> None:
    note_opened(asked.session, asked.actor, _circular(arguments), asked.moment)


def _add(blueprint: Blueprint, site: Site) -> None:
    views, address = _Views(site), f"/w/{Page.LETTER}/<nonce>"
    blueprint.add_url_rule(address, Page.LETTER, views.show)
    blueprint.add_url_rule(address, f"{Page.LETTER}_acknowledge", views.acknowledge, methods=["POST"])
    blueprint.add_url_rule(f"{address}/<int:number>", f"{Page.LETTER}_file", views.file)


KIND = PageKind(_title, IDLE, _add, _opened)
