"""Opening links: one is looked at as often as one likes and opened once; what it opened is a session of its own.

GET and HEAD spend nothing, for chats look into links to preview them. Without LIFF a link is a bearer token, which is
why it is short-lived and good once. With LIFF it opens for the LINE account alone that asked for it, and shows nothing
before LINE has said whose phone it is; but for pages that LINE does not show (``bot.pages.links.OUTSIDE_LINE``).

LINE first opens the app's endpoint URL, which is ``/w/l``, with the rest of the link in ``liff.state``; ``liff.init()``
goes on to the link itself and has to run there, too (LIFF docs, "Opening a LIFF app").
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.pages.headers import POLICY_HEADER, policy
from bot.pages.id_tokens import Liff
from bot.pages.links import OPEN, OUTSIDE_LINE
from bot.pages.refusals import Refused, Used
from bot.pages.site import PageKind, Site, html
from bot.pages.tickets import Ticket
from handlers.conversation import Page
from messages_th import pages as thai
from storage import page_tickets

SDK = "https://static.line-scdn.net/liff/edge/2/sdk.js"
"""LIFF's CDN edge path: LINE keeps the SDK of a major version up to date there."""
_LIFF_POLICY = policy(
    scripts=("https://static.line-scdn.net",), calls=("https://api.line.me", "https://liffsdk.line-scdn.net")
)


class Opening:
    """What a link shows and opens."""

    def __init__(self, site: Site, kinds: Mapping[Page, PageKind], liff: Liff | None) -> None:
        self._site = site
        self._kinds = kinds
        self._liff = liff

    def add(self, blueprint: Blueprint) -> None:
        """Add the addresses of links."""
        blueprint.add_url_rule(f"{OPEN}/<token>", "look", self.look)
        blueprint.add_url_rule(f"{OPEN}/<token>", "open", self.open, methods=["POST"])
        if self._liff is not None:
            blueprint.add_url_rule(OPEN, "entrance", self.entrance, strict_slashes=False)

    def entrance(self) -> Response:
        """Let LINE's script go on to the link, which stands behind the question mark."""
        return self._in_line(is_link=False)

    def look(self, token: str) -> Response:
        """Show what a link would open, or inside LINE let LINE's script say whose phone this is."""
        ticket = self._site.ticket(self._site.links, token)
        title = self._title(ticket)
        return html(thai.open_page(title)) if self._liff_of(ticket) is None else self._in_line(is_link=True)

    def open(self, token: str) -> AnyResponse:
        """Open a link: once, only from its own page, and with LIFF only by the account that asked for it.

        Raises:
            Refused: this is nothing for whoever asks; nothing is spent.
            Used: it was opened before.
            LineAway: LINE does not say who asks; nothing is spent.
        """
        self._site.check_origin()
        ticket = self._site.ticket(self._site.links, token)
        self._title(ticket)
        kind, liff = self._kinds[ticket.page], self._liff_of(ticket)
        account = None if liff is None else liff.tokens.account(request.form.get("id_token", ""))
        with self._site.write() as session:
            asked = self._site.asked(session, ticket)
            if liff is not None and asked.asker.line_user_id != account:
                raise Refused
            if not page_tickets.spend(session, ticket.nonce, ticket.until, self._site.clock.real_now()):
                raise Used
            kind.opened(asked, ticket.arguments)
        response = redirect(url_for(f"pages.{ticket.page}", nonce=ticket.nonce), HTTPStatus.SEE_OTHER)
        return self._site.keep(response, ticket, kind.idle)

    def _liff_of(self, ticket: Ticket) -> Liff | None:
        """Return what says whose phone a link is opened on; None: whoever holds it may open it."""
        return None if ticket.page in OUTSIDE_LINE else self._liff

    def _in_line(self, *, is_link: bool) -> Response:
        if self._liff is None:
            raise Refused
        response = html(thai.liff_page(self._liff.app, SDK, is_link=is_link))
        response.headers[POLICY_HEADER] = _LIFF_POLICY
        return response

    def _title(self, ticket: Ticket) -> str:
        """Return what the link would open; raises as ``open`` does."""
        with self._site.database.read() as session:
            title = self._kinds[ticket.page].title(self._site.asked(session, ticket), ticket.arguments)
            if page_tickets.is_spent(session, ticket.nonce):
                raise Used
        return title
