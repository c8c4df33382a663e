"""The list of unreported projects as a spreadsheet: what is in it is decided at every look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from flask import Blueprint, Response, url_for

from bot.pages.refusals import Refused, TooLarge
from bot.pages.site import PageKind, Site, html
from bot.unreported_table import unreported_table
from handlers.conversation import Page, Request
from handlers.downloads import LIST
from handlers.owed_lists import DownloadUnreported, View, sees_owed
from handlers.postback import PostbackError
from messages_th import pages as thai
from storage.exports.spreadsheet import table_bytes
from storage.queries.unreported import every, tally

MOST_ROWS = 20_000
"""Rows of one file: a ministry has them; a whole country is exported at the shell."""
IDLE = timedelta(minutes=10)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list that a ticket opens, for its person as of now."""

    request: Request
    view: View

    @property
    def title(self) -> str:
        """What the list is called."""
        return thai.list_title(self.view.quarter, self.request.basis, overdue=self.view.overdue)

    def rows(self) -> int:
        """Return how many rows it has; raises TooLarge where a file does not take them."""
        request = self.request
        rows = tally(request.session, request.reference, request.sight, self.view.asked(request)).total
        if rows > MOST_ROWS:
            raise TooLarge(thai.too_large_page(rows, MOST_ROWS))
        return rows


class _Views:
    def __init__(self, site: Site) -> None:
        self._site = site

    def show(self, nonce: str) -> Response:
        """Show which file the session opened."""
        ticket = self._site.session(Page.UNREPORTED, nonce)
        with self._site.database.read() as session:
            listed = _listed(self._site.asked(session, ticket), ticket.arguments)
            title, rows = listed.title, listed.rows()
        download = url_for("pages.unreported_file", nonce=nonce)
        return html(thai.file_page(title, rows=rows, download=download, until=ticket.until))

    def download(self, nonce: str) -> Response:
        """Hand out the file, with what its person may see now; as often as wished while the session lasts."""
        ticket = self._site.session(Page.UNREPORTED, nonce)
        with self._site.database.read() as session:
            listed = _listed(self._site.asked(session, ticket), ticket.arguments)
            listed.rows()
            request, view = listed.request, listed.view
            projects = every(session, request.reference, request.sight, [view.asked(request)])
        name = thai.list_file_name(view.quarter, request.basis, overdue=view.overdue)
        named = f"attachment; filename=\"unreported.xlsx\"; filename*=UTF-8''{quote(name, safe='')}"
        content = table_bytes(unreported_table(projects))
        return Response(content, mimetype=XLSX, headers={"Content-Disposition": named})


def _listed(request: Request, arguments: Mapping[str, str]) -> _Listed:
    """Return the list as its person may see it now; raises Refused where there is nothing of it to see."""
    try:
        view = View.of(DownloadUnreported.unpack(arguments[LIST]))
    except PostbackError as error:
        raise Refused from error
    if view is None or not sees_owed(request.sight) or not view.asked(request).units:
        raise Refused
    return _Listed(request, view)


def _title(request: Request, arguments: Mapping[str, str]) -> str:
    return _listed(request, arguments).title


def _add(blueprint: Blueprint, site: Site) -> None:
    views = _Views(site)
    blueprint.add_url_rule("/w/unreported/<nonce>", Page.UNREPORTED, views.show)
    blueprint.add_url_rule("/w/unreported/<nonce>/file", "unreported_file", views.download)


KIND = PageKind(_title, IDLE, _add)
