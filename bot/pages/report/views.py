"""The addresses of the form of a quarterly report: ``/w/report/<nonce>`` and below.

With a script the form saves itself (``/fields``). Without one every button sends the whole form, each field with what
the server said before (``base:<field>``), so that either way nothing is silently overwritten and nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus

from flask import Blueprint, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.pages.edits import Typed, read_edits
from bot.pages.evidence_upload import EvidenceUploads
from bot.pages.project import project_html
from bot.pages.report import showing
from bot.pages.report.autosave import answer
from bot.pages.report.forms import TypedReport
from bot.pages.report.keeping import NotWritable, Seen, keep, report_of, seen
from bot.pages.report.sending import Sending
from bot.pages.report.sent import SENT, Sent, go_to
from bot.pages.report.showing import NOTHING_TRIED, Attempt
from bot.pages.site import PageKind, Site, html
from bot.pages.tickets import Ticket
from domain.report_fields import EditOutcome
from domain.submissions import SubmissionState
from handlers.conversation import Page, Request
from messages_th import formats
from messages_th.pages import report as thai
from messages_th.pages import report_words as words
from storage.evidence import OfReport

IDLE = timedelta(minutes=30)
"""How long somebody may think over a sentence."""
_BASE, _CHOICE, _ASKED = "base:", "choice:", "asked:"
_THEIRS = "theirs"


class _Views:
    def __init__(self, site: Site, uploads: EvidenceUploads) -> None:
        self._site = site
        self._uploads = uploads

    def show(self, nonce: str) -> AnyResponse:
        """Show the form, opened where the approver pointed; what is on its way or approved is not written."""
        ticket = self._site.session(Page.REPORT, nonce)
        opened = self._opened(ticket)
        found, _ = opened
        anchor = showing.anchor_of_return(found.form)
        if found.form.state is SubmissionState.PENDING_APPROVAL:
            return self._site.keep(go_to(SENT, ticket), ticket, IDLE)
        if anchor and "at" not in request.args:
            return self._site.keep(_back(ticket, anchor), ticket, IDLE)
        return self._site.keep(html(_page(opened)), ticket, IDLE)

    def project(self, nonce: str) -> AnyResponse:
        """Show what the project is (M1 to M5)."""
        ticket = self._site.session(Page.REPORT, nonce)
        code, _ = report_of(ticket.arguments)
        with self._site.database.read() as session:
            page = project_html(self._site.asked(session, ticket), code, _address(ticket))
        return self._site.keep(html(page), ticket, IDLE)

    def fields(self, nonce: str) -> AnyResponse:
        """Keep what the script sends, and tell it how the report stands."""
        ticket = self._site.posted(Page.REPORT, nonce)
        edits, since = read_edits()
        typed = TypedReport(edits)
        try:
            kept = keep(self._site, ticket, typed)
        except NotWritable:
            refused = jsonify(message=words.NOT_WRITABLE, reload=True)
            refused.status_code = HTTPStatus.CONFLICT
            return refused
        return self._site.keep(jsonify(answer(kept, typed, since)), ticket, IDLE)

    def save(self, nonce: str) -> AnyResponse:
        """Keep the whole form; what could not be kept is shown again."""
        ticket = self._site.posted(Page.REPORT, nonce)
        answered = request.form.get("none", "")
        return self._take(ticket, _back(ticket, f"f-{answered.replace(':', '-')}" if answered else "checklist"))

    def bring_over(self, nonce: str) -> AnyResponse:
        """Keep the whole form, and begin blank texts with those of the report before."""
        ticket = self._site.posted(Page.REPORT, nonce)
        return self._take(ticket, _back(ticket, "report"), brings_over=True)

    def check(self, nonce: str) -> AnyResponse:
        """Keep the whole form, and go on to what sending it would do."""
        ticket = self._site.posted(Page.REPORT, nonce)
        return self._take(ticket, go_to("report_preview", ticket))

    def _take(self, ticket: Ticket, then: AnyResponse, *, brings_over: bool = False) -> AnyResponse:
        """Keep the form that was sent, and go on; what could not be kept is shown again."""
        try:
            attempt = self._attempt(ticket, brings_over=brings_over)
        except NotWritable:
            unsaved = [typed.value for typed in _typed().values() if typed.value.strip() and typed.value != typed.base]
            return self._shown(ticket, trouble=words.NOT_WRITABLE, unsaved=unsaved)
        if attempt.is_open:
            return self._shown(ticket, attempt, words.NOT_ALL_SAVED)
        return self._site.keep(then, ticket, IDLE)

    def _attempt(self, ticket: Ticket, *, brings_over: bool = False) -> Attempt:
        """Keep the form that was sent, and return what became of it; a field whose conflict waits is left alone."""
        fields = _typed()
        undecided = {name for name in fields if _ASKED + name in request.form and _CHOICE + name not in request.form}
        report = TypedReport({name: typed for name, typed in fields.items() if name not in undecided})
        kept = keep(self._site, ticket, report, brings_over=brings_over)
        return Attempt(fields, report.refused, {**kept.outcomes, **dict.fromkeys(undecided, EditOutcome.CONFLICT)})

    def _shown(
        self, ticket: Ticket, attempt: Attempt = NOTHING_TRIED, trouble: str = "", unsaved: Sequence[str] = ()
    ) -> AnyResponse:
        return self._site.keep(html(_page(self._opened(ticket), attempt, trouble, unsaved)), ticket, IDLE)

    def _opened(self, ticket: Ticket) -> tuple[Seen, showing.Session]:
        """Return the report as it stands now, and what its page is made with."""
        with self._site.database.read() as session:
            asked = self._site.asked(session, ticket)
            found, files = seen(asked, ticket.arguments), self._uploads.part(asked, ticket)
        return found, showing.Session(_address(ticket), self._site.form_key(ticket), files)


def _page(
    opened: tuple[Seen, showing.Session],
    attempt: Attempt = NOTHING_TRIED,
    trouble: str = "",
    unsaved: Sequence[str] = (),
) -> str:
    """Return the form with what was tried, or the report to be read with texts that came too late for it."""
    found, session = opened
    if found.form.is_writable:
        return showing.form_page(found, session, attempt, trouble)
    return showing.read_page(found, session, trouble, unsaved)


def _typed() -> Mapping[str, Typed]:
    """Return what the form that was sent says: as its writer chose in conflicts, and «none» where that was tapped."""
    form = request.form
    names = [name.removeprefix(_BASE) for name in form if name.startswith(_BASE)]
    typed = {name: Typed(form[_BASE + name], form[name]) for name in names if name in form}
    kept = {name: one for name, one in typed.items() if form.get(_CHOICE + name) != _THEIRS}
    answered = form.get("none", "")
    if answered in kept and not kept[answered].value.strip():
        kept[answered] = Typed(kept[answered].base, words.NONE)
    return kept


def _address(ticket: Ticket) -> str:
    return url_for("pages.report", nonce=ticket.nonce)


def _back(ticket: Ticket, anchor: str) -> AnyResponse:
    """Go to the form, to an element of it; the page that is asked for with ``at`` leads nowhere else."""
    address = url_for("pages.report", nonce=ticket.nonce, at=anchor, _anchor=anchor)
    return redirect(address, HTTPStatus.SEE_OTHER)


def _title(asked: Request, arguments: Mapping[str, str]) -> str:
    form = seen(asked, arguments).form
    return thai.opening_title(form.code, formats.quarter_text(form.quarter, form.basis))


def _files_of(_: Request, arguments: Mapping[str, str]) -> OfReport:
    return OfReport(*report_of(arguments))


def _add(blueprint: Blueprint, site: Site) -> None:
    uploads = EvidenceUploads(site, Page.REPORT, IDLE, _files_of)
    views, page = _Views(site, uploads), "/w/report/<nonce>"
    blueprint.add_url_rule(page, Page.REPORT, views.show)
    blueprint.add_url_rule(f"{page}/project", "report_project", views.project)
    for name, view in (
        ("fields", views.fields),
        ("save", views.save),
        ("bring-over", views.bring_over),
        ("preview", views.check),
    ):
        blueprint.add_url_rule(f"{page}/{name}", f"report_{name}_post", view, methods=["POST"])
    uploads.add(blueprint)
    Sending(site, IDLE).add(blueprint)
    Sent(site, IDLE).add(blueprint)


KIND = PageKind(_title, IDLE, _add)
