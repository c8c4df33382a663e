"""The pages themselves: a link is looked at as often as one likes and opened once; what it opened lasts ten minutes.

Whatever is refused looks the same to a stranger. GET and HEAD spend nothing, for chats look into links to preview them.
"""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from importlib.resources import files
from urllib.parse import quote

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.pages.downloads import MOST_ROWS, Downloads, Refused, TooLarge
from bot.pages.links import OPEN
from bot.pages.tickets import LIFETIME, Purpose, Signer, Ticket
from domain.clock import Clock
from messages_th import pages as thai
from storage import page_tickets
from storage.database import Database

COOKIE = "emenscr_page"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # with "no-referrer" browsers would send no Origin with the form
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


class _Used(Exception):
    """The link was opened before."""


def pages(public_url: str, secret: str, database: Database, clock: Clock) -> Blueprint:
    """Return the pages under ``/w/`` as phones see them at ``public_url``."""
    blueprint = Blueprint("pages", __name__)
    views = _Views(public_url, secret, database, clock)
    style = files("bot.pages").joinpath("style.css").read_bytes()
    blueprint.add_url_rule("/w/style.css", "style", lambda: Response(style, mimetype="text/css"))
    blueprint.add_url_rule(f"{OPEN}<token>", "look", views.look)
    blueprint.add_url_rule(f"{OPEN}<token>", "open", views.open, methods=["POST"])
    blueprint.add_url_rule("/w/file", "file", views.file)
    blueprint.add_url_rule("/w/file/download", "download", views.download)
    blueprint.register_error_handler(Refused, _refused)
    blueprint.register_error_handler(_Used, _used)
    blueprint.register_error_handler(TooLarge, _too_large)
    blueprint.after_request(_guarded)
    return blueprint


class _Views:
    """What each address shows."""

    def __init__(self, public_url: str, secret: str, database: Database, clock: Clock) -> None:
        self._public_url = public_url
        self._links, self._sessions = Signer(secret, Purpose.LINK), Signer(secret, Purpose.SESSION)
        self._downloads = Downloads(database, clock)
        self._database = database
        self._clock = clock

    def look(self, token: str) -> Response:
        """Show what a link would open."""
        ticket = self._read(self._links, token)
        title = self._downloads.title(ticket)
        with self._database.read() as session:
            if page_tickets.is_spent(session, ticket.nonce):
                raise _Used
        return Response(thai.open_page(title))

    def open(self, token: str) -> AnyResponse:
        """Open a link: once, and only from its own page."""
        ticket, now = self._read(self._links, token), self._clock.real_now()
        if request.headers.get("Origin", self._public_url) != self._public_url:
            raise Refused
        self._downloads.title(ticket)  # whoever is refused spends nothing
        with self._database.write() as session:
            if not page_tickets.spend(session, ticket.nonce, ticket.until, now):
                raise _Used
        response = redirect(url_for("pages.file"), HTTPStatus.SEE_OTHER)
        response.set_cookie(
            COOKIE,
            self._sessions.write(replace(ticket, until=now + LIFETIME)),
            max_age=LIFETIME,
            path="/w/",
            secure=self._public_url.startswith("https://"),
            httponly=True,
            samesite="Strict",
        )
        return response

    def file(self) -> Response:
        """Show the file that the session opened."""
        ticket = self._session()
        title, rows = self._downloads.title_and_rows(ticket)
        return Response(thai.file_page(title, rows=rows, download=url_for("pages.download"), until=ticket.until))

    def download(self) -> Response:
        """Hand out the file, with what its person may see now; as often as wished while the session lasts."""
        name, content = self._downloads.spreadsheet(self._session())
        named = f"attachment; filename=\"unreported.xlsx\"; filename*=UTF-8''{quote(name, safe='')}"
        return Response(content, mimetype=XLSX, headers={"Content-Disposition": named})

    def _session(self) -> Ticket:
        return self._read(self._sessions, request.cookies.get(COOKIE, ""))

    def _read(self, signer: Signer, text: str) -> Ticket:
        ticket = signer.read(text, self._clock.real_now())
        if ticket is None:
            raise Refused
        return ticket


def _guarded(response: Response) -> Response:
    response.headers.update(_HEADERS)
    return response


def _refused(_: Exception) -> Response:
    return Response(thai.refused_page(), HTTPStatus.NOT_FOUND)


def _used(_: Exception) -> Response:
    return Response(thai.used_page(), HTTPStatus.GONE)


def _too_large(error: TooLarge) -> Response:
    return Response(thai.too_large_page(error.rows, MOST_ROWS), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
