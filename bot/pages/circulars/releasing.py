"""Letting a circular go from its page: what would happen, and doing just that; fetching it back, and throwing it away.

The form carries the version that it showed: whatever changed since is shown before anything goes out. What was released
already is shown as it stands, so that a second press, or one whose answer was lost, does nothing twice.
"""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.pages.circulars import showing
from bot.pages.circulars.keeping import Seen, circular_of, seen
from bot.pages.refusals import Refused
from bot.pages.site import Site, html
from bot.pages.tickets import Ticket
from domain.circulars.letters import CircularIncomplete
from domain.circulars.life import CircularAct, CircularRefusal, CircularRefused, is_possible
from handlers.circulars.letter import letter_body
from handlers.conversation import Page
from messages_th.circulars.refusals import circular_refusal_words
from messages_th.pages import circulars as thai
from storage.circulars.drafts import discard
from storage.circulars.releasing import propose, release, take_back


class Releasing:
    """The addresses that end a draft; a session without a request for ``idle`` is over."""

    def __init__(self, site: Site, idle: timedelta) -> None:
        self._site = site
        self._idle = idle

    def add(self, blueprint: Blueprint) -> None:
        """Add the addresses."""
        page = f"/w/{Page.CIRCULARS}/<nonce>"
        blueprint.add_url_rule(f"{page}/release", "circulars_release", self.look)
        for name, view in (("release", self.go), ("take-back", self.take_back), ("discard", self.discard)):
            blueprint.add_url_rule(f"{page}/{name}", f"circulars_{name}_post", view, methods=["POST"])

    def look(self, nonce: str) -> AnyResponse:
        """Show what would happen, or how the circular stands that nobody can release any more."""
        ticket = self._site.session(Page.CIRCULARS, nonce)
        return self._shown(ticket)

    def go(self, nonce: str) -> AnyResponse:
        """Release what was shown, or hand it to a second officer; or say why that is not done."""
        ticket = self._site.posted(Page.CIRCULARS, nonce)
        version = request.form.get("version", type=int)
        act = request.form.get("go")
        if act not in ("release", "propose") or version is None:
            raise Refused
        try:
            with self._site.write() as session:
                asked = self._site.asked(session, ticket)
                about = session, asked.reference, asked.actor, circular_of(ticket.arguments), version
                if act == "propose":
                    propose(*about, asked.moment)
                else:
                    body = letter_body(session, asked.reference, seen(asked, ticket.arguments).draft, asked.now)
                    release(*about, body, asked.moment)
        except CircularIncomplete:
            return self._shown(ticket, status=HTTPStatus.CONFLICT)
        except CircularRefused as refused:
            return self._refused(ticket, refused)
        return self._home(ticket)

    def take_back(self, nonce: str) -> AnyResponse:
        """Make a circular that waits for its release its maker's draft again."""
        ticket = self._site.posted(Page.CIRCULARS, nonce)
        if request.form.get("go") != "take-back":
            raise Refused
        try:
            with self._site.write() as session:
                asked = self._site.asked(session, ticket)
                now = seen(asked, ticket.arguments)
                take_back(
                    session, asked.reference, asked.actor, now.draft.circular_id, now.draft.version, "", asked.moment
                )
        except CircularRefused as refused:
            return self._refused(ticket, refused)
        return self._home(ticket)

    def discard(self, nonce: str) -> AnyResponse:
        """Throw a draft away."""
        ticket = self._site.posted(Page.CIRCULARS, nonce)
        if request.form.get("go") != "discard":
            raise Refused
        try:
            with self._site.write() as session:
                asked = self._site.asked(session, ticket)
                discard(session, asked.reference, asked.actor, circular_of(ticket.arguments))
        except CircularRefused as refused:
            return self._refused(ticket, refused)
        return html(thai.discarded_page(self._frame(ticket)))

    def _refused(self, ticket: Ticket, refused: CircularRefused) -> AnyResponse:
        """Show what is true now; raises Refused where there is nothing of it for this person."""
        if refused.refusal is CircularRefusal.NOT_YOURS:
            raise Refused from refused
        if refused.refusal is CircularRefusal.WRONG_STATE:
            return self._home(ticket)
        return self._shown(ticket, circular_refusal_words(refused.refusal), HTTPStatus.CONFLICT)

    def _shown(self, ticket: Ticket, refused: str = "", status: HTTPStatus = HTTPStatus.OK) -> AnyResponse:
        with self._site.database.read() as session:
            found = seen(self._site.asked(session, ticket), ticket.arguments)
            if not is_possible(CircularAct.RELEASE, found.draft.state) or self._waits_for_another(found):
                return self._home(ticket)
            page = thai.going_page(
                thai.Going(
                    frame=self._frame(ticket),
                    version=found.draft.version,
                    side=showing.side(found),
                    proposes=showing.proposes(found),
                    refused=refused,
                )
            )
        return self._site.keep(html(page, status), ticket, self._idle)

    @staticmethod
    def _waits_for_another(found: Seen) -> bool:
        """Tell whether its reader proposed it already, and somebody else has to release it."""
        return showing.proposes(found) and not is_possible(CircularAct.PROPOSE, found.draft.state)

    def _home(self, ticket: Ticket) -> AnyResponse:
        address = url_for(f"pages.{Page.CIRCULARS}", nonce=ticket.nonce)
        return self._site.keep(redirect(address, HTTPStatus.SEE_OTHER), ticket, self._idle)

    def _frame(self, ticket: Ticket) -> thai.Frame:
        return frame(self._site, ticket)


def frame(site: Site, ticket: Ticket) -> thai.Frame:
    """Return what all pages of a session need."""
    address = url_for(f"pages.{Page.CIRCULARS}", nonce=ticket.nonce)
    return thai.Frame(address, site.form_key(ticket), site.chat)
