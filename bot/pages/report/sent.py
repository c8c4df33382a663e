"""A report that was sent: how far it came, and taking it back while nobody has decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.pages.refusals import Refused
from bot.pages.report import showing
from bot.pages.report.keeping import Seen, seen
from bot.pages.site import Site, html
from bot.pages.tickets import Ticket
from domain.errors import TransitionRefused
from domain.reminders import BANGKOK
from handlers.approval_views import route_step, view_of
from handlers.conversation import Page, Request
from handlers.owed_lists import WITH_OFFICERS, entered_units
from handlers.sender_presses import is_undecided
from messages_th.approval_card import wording
from messages_th.pages import report_sending as thai
from messages_th.project_card import RouteStep
from storage.queries.approval_item import ApprovalItem, approval_item
from storage.queries.report_form import ReportForm
from storage.queries.route_progress import StepProgress, route_progress
from storage.queries.unreported import Asked, page_of, tally
from storage.submissions.sending import withdraw

SENT = "report_sent"


def go_to(endpoint: str, ticket: Ticket) -> AnyResponse:
    """Return the answer that leads to another page of the session, to be looked at as often as one likes."""
    return redirect(url_for(f"pages.{endpoint}", nonce=ticket.nonce), HTTPStatus.SEE_OTHER)


class Sent:
    """Shows how far a report came, and takes it back; a session that does nothing for ``idle`` is over."""

    def __init__(self, site: Site, idle: timedelta) -> None:
        self._site = site
        self._idle = idle

    def add(self, blueprint: Blueprint) -> None:
        """Add the addresses."""
        blueprint.add_url_rule("/w/report/<nonce>/sent", SENT, self.show)
        blueprint.add_url_rule("/w/report/<nonce>/withdraw", "report_withdraw", self.withdraw, methods=["POST"])

    def show(self, nonce: str) -> AnyResponse:
        """Show how far the report came; one that lies with its unit is shown as the form."""
        ticket = self._site.session(Page.REPORT, nonce)
        return self._site.keep(self._shown(ticket), ticket, self._idle)

    def withdraw(self, nonce: str) -> AnyResponse:
        """Ask once, then take the report back, or say who was quicker; pressed twice it does nothing."""
        ticket = self._site.posted(Page.REPORT, nonce)
        version = request.form.get("version", type=int)
        if version is None:
            raise Refused
        if "confirmed" not in request.form:
            return self._site.keep(self._asked_once(ticket, version), ticket, self._idle)
        try:
            with self._site.write() as session:
                found = seen(self._site.asked(session, ticket), ticket.arguments)
                if not found.form.is_writable:
                    self._take_back(found, version)
        except TransitionRefused as refused:
            return self._site.keep(self._shown(ticket, refused), ticket, self._idle)
        return self._site.keep(go_to(Page.REPORT, ticket), ticket, self._idle)

    def _take_back(self, found: Seen, version: int) -> None:
        by = found.request
        withdraw(by.session, by.reference, by.actor, _submission(found.form), version, by.moment)

    def _asked_once(self, ticket: Ticket, version: int) -> AnyResponse:
        with self._site.database.read() as session:
            found = seen(self._site.asked(session, ticket), ticket.arguments)
        if found.form.is_writable:
            return go_to(Page.REPORT, ticket)
        back = url_for(f"pages.{SENT}", nonce=ticket.nonce)
        return html(thai.withdraw_page(showing.head(found), self._withdrawal(ticket, version), back))

    def _shown(self, ticket: Ticket, refused: TransitionRefused | None = None) -> AnyResponse:
        with self._site.database.read() as session:
            found = seen(self._site.asked(session, ticket), ticket.arguments)
            form, asked = found.form, found.request
            if form.is_writable:
                return go_to(Page.REPORT, ticket)
            item = _item(asked, form)
            is_undone = is_undecided(asked, item)
            text = thai.sent_page(
                showing.head(found),
                _sent(asked, item),
                asked.now,
                withdrawal=self._withdrawal(ticket, item.version) if is_undone else None,
                further=_further(asked, form),
                chat=self._site.chat,
                notices=[_not_withdrawn(asked, item, refused)] if refused else (),
            )
        return html(text, HTTPStatus.CONFLICT if refused else HTTPStatus.OK)

    def _withdrawal(self, ticket: Ticket, version: int) -> thai.Withdrawal:
        address = url_for("pages.report_withdraw", nonce=ticket.nonce)
        return thai.Withdrawal(address, self._site.form_key(ticket), version)


def _item(asked: Request, form: ReportForm) -> ApprovalItem:
    found = approval_item(asked.session, asked.reference, asked.asker.code, _submission(form))
    if found is None:
        raise Refused
    return found


def _submission(form: ReportForm) -> int:
    if form.submission_id is None:
        raise Refused
    return form.submission_id


def _sent(asked: Request, item: ApprovalItem) -> thai.SentReport:
    return thai.SentReport(
        state=item.state,
        by=item.sent.by,
        at=item.sent.at,
        is_own=item.is_own,
        is_late=item.sent.is_late,
        is_resent=item.sent.is_resent,
        steps=_steps(asked, item),
    )


def _steps(asked: Request, item: ApprovalItem) -> Sequence[RouteStep]:
    """Return the route; of an approved report the decisions, as far as they are on record."""
    if item.step is not None:
        return [route_step(step) for step in route_progress(asked.session, asked.reference, item)]
    return [
        route_step(
            StepProgress(
                one.step, [one.by], is_passed=True, is_current=False, decided_on=one.at.astimezone(BANGKOK).date()
            )
        )
        for one in item.decisions
    ]


def _not_withdrawn(asked: Request, item: ApprovalItem, refused: TransitionRefused) -> str:
    decisions: Sequence[str] = [wording.decided(one) for one in view_of(asked, item).decisions]
    return thai.not_withdrawn(refused.refusal, decisions[-1] if decisions else "")


def _further(asked: Request, form: ReportForm) -> thai.Further | None:
    """Return the next report of the quarter that lies with the officer's units; None: there is none."""
    question = Asked(form.quarter, entered_units(asked), WITH_OFFICERS)
    counted = tally(asked.session, asked.reference, asked.sight, question)
    found = page_of(asked.session, asked.reference, asked.sight, question, counted, 0, 1)
    return thai.Further(found[0].code, found[0].name, counted.total) if found else None
