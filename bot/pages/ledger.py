"""The ledger of a circular as a spreadsheet: whether it may be seen is decided at every look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import quote

from flask import Blueprint, Response, url_for
from sqlalchemy.orm import Session

from bot.circular_ledger import ledger_table
from bot.pages.refusals import Refused, TooLarge
from bot.pages.site import PageKind, Site, html
from bot.pages.unreported import XLSX
from domain.circulars.life import CircularRefused
from handlers.circulars.presses import CIRCULAR, MAY
from handlers.conversation import Page, Request
from messages_th import pages as thai
from messages_th.circulars import ledger as ledger_th
from storage.circulars.rows import found
from storage.exports.circular_ledger import LedgerLetter, ledger, number_of_recipients
from storage.exports.spreadsheet import table_bytes

MOST_ROWS = 20_000
"""People of one file, which are written within seconds: a letter to a whole country is exported at the shell."""
IDLE = timedelta(minutes=10)


class _Views:
    def __init__(self, site: Site) -> None:
        self._site = site

    def show(self, nonce: str) -> Response:
        """Show which file the session opened."""
        ticket = self._site.session(Page.LEDGER, nonce)
        with self._site.database.read() as session:
            asked = self._site.asked(session, ticket)
            letter = _letter(asked, ticket.arguments)
            rows = _rows(session, letter)
        title = ledger_th.title(letter.letter_no, letter.letter_date)
        download = url_for("pages.ledger_file", nonce=nonce)
        return html(thai.file_page(title, rows=rows, download=download, until=ticket.until, of=ledger_th.PEOPLE))

    def download(self, nonce: str) -> Response:
        """Hand out the file as it stands now; as often as wished while the session lasts."""
        ticket = self._site.session(Page.LEDGER, nonce)
        with self._site.database.read() as session:
            asked = self._site.asked(session, ticket)
            letter = _letter(asked, ticket.arguments)
            _rows(session, letter)
            content = table_bytes(ledger_table(letter, ledger(session, asked.reference, letter.circular_id)))
        name = quote(ledger_th.file_name(letter.letter_no), safe="")
        named = f"attachment; filename=\"ledger.xlsx\"; filename*=UTF-8''{name}"
        return Response(content, mimetype=XLSX, headers={"Content-Disposition": named})


def _letter(request: Request, arguments: Mapping[str, str]) -> LedgerLetter:
    """Return the circular whose ledger its person may see now; raises Refused where there is none."""
    number = arguments.get(CIRCULAR, "")
    if not (request.holds(*MAY) and number.isdecimal()):
        raise Refused
    try:
        row = found(request.session, request.reference, request.actor, int(number))
    except CircularRefused as refused:
        raise Refused from refused
    if row.released_at is None:
        raise Refused
    return LedgerLetter(row.id, row.letter_no, row.letter_date, row.subject, row.wants_acknowledgement)


def _rows(session: Session, letter: LedgerLetter) -> int:
    """Return how many rows the file has; raises TooLarge where a file does not take them."""
    rows = number_of_recipients(session, letter.circular_id)
    if rows > MOST_ROWS:
        raise TooLarge(thai.large_ledger_page(rows, MOST_ROWS))
    return rows


def _title(request: Request, arguments: Mapping[str, str]) -> str:
    letter = _letter(request, arguments)
    return ledger_th.title(letter.letter_no, letter.letter_date)


def _add(blueprint: Blueprint, site: Site) -> None:
    views = _Views(site)
    blueprint.add_url_rule("/w/ledger/<nonce>", Page.LEDGER, views.show)
    blueprint.add_url_rule("/w/ledger/<nonce>/file", "ledger_file", views.download)


KIND = PageKind(_title, IDLE, _add)
