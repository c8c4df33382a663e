"""Sending a report from its page: what its first approver would get, and sending just that.

The form carries a digest of what it showed. Whatever changed since is shown before it is sent; what was sent already
leads to how far it came, so that a second press, or one whose answer was lost, does nothing twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from flask import Blueprint, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from bot.pages.refusals import Refused
from bot.pages.report import showing
from bot.pages.report.keeping import Seen, look, report_of, seen
from bot.pages.report.sent import SENT, go_to
from bot.pages.site import Site, html
from bot.pages.tickets import Ticket
from domain.doubts import Doubt, doubts_about
from domain.errors import Refusal, TransitionRefused
from domain.report_fields import FieldKey, keys_of, typed_text
from domain.send_timing import SendTiming
from domain.submissions import MAX_REASON_LENGTH, says_enough
from handlers.conversation import Page
from handlers.report_preview import ToCome, card_to_come
from handlers.signatories import signed_as
from messages_th.pages import report_sending as thai
from messages_th.pages.report import anchor_of
from messages_th.pages.report_words import missing_label
from storage.queries.report_form import NoSuchReport, ReportForm, project_to_report
from storage.submissions.drafts import existing_report
from storage.submissions.sending import submit


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the form asks for: ``reason`` is why it is late, ``sure`` which doubts are answered.

    ``digest`` is of what it showed at ``shown_at`` (real time; None: it does not say so).
    """

    reason: str
    sure: frozenset[str] = frozenset()
    digest: str = ""
    shown_at: datetime | None = None


class Sending:
    """Shows what would be sent, and sends it; a session that does nothing for ``idle`` is over."""

    def __init__(self, site: Site, idle: timedelta) -> None:
        self._site = site
        self._idle = idle

    def add(self, blueprint: Blueprint) -> None:
        """Add the addresses."""
        blueprint.add_url_rule("/w/report/<nonce>/preview", "report_preview", self.look)
        blueprint.add_url_rule("/w/report/<nonce>/send", "report_send", self.send, methods=["POST"])

    def look(self, nonce: str) -> AnyResponse:
        """Show what the first approver would get, or what stands in the way."""
        ticket = self._site.session(Page.REPORT, nonce)
        found = look(self._site, ticket)
        return self._site.keep(self._shown(ticket, found, _Wish(found.form.late_reason)), ticket, self._idle)

    def send(self, nonce: str) -> AnyResponse:
        """Send what was shown; or show it again, with another reason or because of what came in between."""
        ticket = self._site.posted(Page.REPORT, nonce)
        if request.form.get("go") == "look":
            found = look(self._site, ticket)
            return self._site.keep(self._shown(ticket, found, _wish(found.form)), ticket, self._idle)
        with self._site.write() as session:
            found = self._locked(session, ticket)
            notices = _send(session, found)
        if notices is None:
            return self._site.keep(go_to(SENT, ticket), ticket, self._idle)
        shown = self._shown(ticket, found, _wish(found.form), notices)
        shown.status_code = HTTPStatus.CONFLICT
        return self._site.keep(shown, ticket, self._idle)

    def _locked(self, session: Session, ticket: Ticket) -> Seen:
        """Return the report, which nobody else changes until the transaction ends; raises Refused."""
        asked = self._site.asked(session, ticket)
        code, quarter = report_of(ticket.arguments)
        try:
            project = project_to_report(session, asked.reference, asked.asker.code, code)
        except NoSuchReport as error:
            raise Refused from error
        existing_report(session, project.id, quarter, locked=True)
        return seen(asked, ticket.arguments)

    def _shown(self, ticket: Ticket, found: Seen, wish: _Wish, notices: Sequence[str] = ()) -> AnyResponse:
        form = found.form
        if not form.is_writable:
            return go_to(SENT, ticket)
        fault = _fault(form, wish.reason) if wish.reason else ""
        to_come, refusal = None, form.refusal
        if not (form.gaps or fault) and _may_go(form, wish.reason):
            to_come, refusal = self._tried(ticket, form, wish.reason)
        is_late = form.refusal is Refusal.LATE_REASON_NEEDED or (
            to_come is not None and to_come.preview.sent.timing is SendTiming.LATE
        )
        text = thai.preview_page(
            showing.head(found),
            _addresses(ticket),
            thai.Hidden(self._site.form_key(ticket), _digest(form, wish.reason), found.request.real_now.isoformat()),
            _to_send(ticket, form, to_come, wish) if to_come else None,
            thai.InTheWay(refusal, form.span, _missing(ticket, form)),
            late_reason=wish.reason if is_late else None,
            notices=[*notices, *filter(None, [fault])],
        )
        return html(text)

    def _tried(self, ticket: Ticket, form: ReportForm, reason: str) -> tuple[ToCome | None, Refusal | None]:
        """Return what sending the report would lead to, or why it cannot be sent; nothing of it stays."""
        if form.submission_id is None:
            return None, form.refusal
        with self._site.trial() as session:
            try:
                return card_to_come(self._site.asked(session, ticket), form.submission_id, reason), None
            except TransitionRefused as refused:
                return None, refused.refusal


def _send(session: Session, found: Seen) -> Sequence[str] | None:
    """Send the report if that is what was shown; None: it is sent, by this press or before it.

    Otherwise return what is to be said above it when it is shown again.
    """
    form, asked = found.form, found.request
    if not form.is_writable:
        return None
    wish = _wish(form)
    if wish.digest != _digest(form, wish.reason):
        return thai.changed_since(_changes(form, wish.shown_at))
    if any(doubt.kind not in wish.sure for doubt in _doubts(form)):
        return (thai.UNTICKED,)
    if form.submission_id is None or _fault(form, wish.reason) or not _may_go(form, wish.reason):
        return ()
    try:
        submit(session, asked.reference, asked.actor, form.submission_id, asked.moment, late_reason=wish.reason)
    except TransitionRefused:
        return ()
    return None


def _wish(form: ReportForm) -> _Wish:
    """Return what the form that was sent asks for; where it had no field for a reason, an earlier one counts."""
    sent = request.form
    reason = typed_text(sent["late_reason"]).strip() if "late_reason" in sent else form.late_reason
    return _Wish(reason, frozenset(sent.getlist("sure")), sent.get("digest", ""), _instant(sent.get("shown_at", "")))


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _may_go(form: ReportForm, reason: str) -> bool:
    """Tell whether the window lets the report go, given that reason."""
    return form.refusal is None or (form.refusal is Refusal.LATE_REASON_NEEDED and bool(reason))


def _fault(form: ReportForm, reason: str) -> str:
    """Return what is wrong with the reason for sending late; one that was given before counts as it is."""
    if reason == form.late_reason:
        return ""
    if len(reason) > MAX_REASON_LENGTH:
        return thai.REASON_TOO_LONG
    return "" if says_enough(reason) else thai.REASON_TOO_SHORT


def _digest(form: ReportForm, reason: str) -> str:
    """Return a hash of all that an approver is shown of the report before it is sent."""
    money = asdict(form.money) if form.money else None
    figures = money, form.budget_total, form.disbursed_before
    shown = [form.version, reason, asdict(form.content), figures, list(form.evidence), form.name]
    return hashlib.sha256(json.dumps(shown, sort_keys=True, default=str).encode()).hexdigest()


def _changes(form: ReportForm, since: datetime | None) -> Sequence[tuple[str, str, datetime]]:
    """Return the fields that were written after an instant, by whom and when, the oldest first."""
    if since is None:
        return ()
    newer = [(mark.at, key, mark.by) for key, mark in form.marks.items() if mark.at > since]
    return [(_label(form, key), by, at) for at, key, by in sorted(newer)]


def _doubts(form: ReportForm) -> Sequence[Doubt]:
    if not form.demands.uses_budget:
        return ()
    said = form.content
    figures = said.disbursed_baht, form.demands.planned_baht, form.disbursed_before, form.budget_total
    return doubts_about(*figures, said.carried_disbursed_baht)


def _to_send(ticket: Ticket, form: ReportForm, to_come: ToCome, wish: _Wish) -> thai.ToSend:
    preview, uses_budget = to_come.preview, form.demands.uses_budget
    holders = preview.item.holders if preview.reader else ()
    return thai.ToSend(
        card=to_come.card,
        holders=[signed_as(one) for one in holders],
        step=preview.sent.position.step or 1,
        steps=preview.item.steps,
        timing=preview.sent.timing,
        disbursed=form.content.disbursed_baht if uses_budget else None,
        carried=form.content.carried_disbursed_baht if uses_budget else None,
        planned=form.demands.planned_baht,
        doubts=_doubts(form),
        sure=wish.sure,
        brought_over=_links(ticket, form, (key for key, mark in form.marks.items() if mark.is_brought_over)),
    )


def _missing(ticket: Ticket, form: ReportForm) -> Sequence[thai.FieldLink]:
    return [thai.FieldLink(one.label, _field(ticket, one.key)) for one in showing.missing(form)]


def _links(ticket: Ticket, form: ReportForm, keys: Iterable[FieldKey]) -> Sequence[thai.FieldLink]:
    wanted = set(keys)
    return [thai.FieldLink(_label(form, key), _field(ticket, key)) for key in keys_of(form.demands) if key in wanted]


def _label(form: ReportForm, key: FieldKey) -> str:
    return missing_label(key, showing.abouts_of(form).get(key, ("", ""))[0])


def _addresses(ticket: Ticket) -> thai.Addresses:
    return thai.Addresses(
        send=url_for("pages.report_send", nonce=ticket.nonce),
        form=url_for("pages.report", nonce=ticket.nonce, at="checklist", _anchor="checklist"),
        amount=_field(ticket, FieldKey("disbursed_baht")),
    )


def _field(ticket: Ticket, key: FieldKey) -> str:
    anchor = anchor_of(key)
    return url_for("pages.report", nonce=ticket.nonce, at=anchor, _anchor=anchor)
