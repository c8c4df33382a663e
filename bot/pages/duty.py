"""The form of what an agency owes beside reports: its plan officer says when it came into eMENSCR, and sends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, Form

from bot.pages.cells import read_cell
from bot.pages.evidence_upload import EvidenceUploads
from bot.pages.refusals import Refused
from bot.pages.site import PageKind, Site, html
from bot.pages.tickets import Ticket
from domain.days_of_entry import ImpossibleDay
from domain.errors import TransitionRefused
from domain.submissions import MAX_REASON_LENGTH, check_reason
from handlers.approval_views import route_step
from handlers.conversation import Page, Request
from handlers.duty_pages import DUTY, OpenDutyForm
from handlers.postback import PostbackError
from handlers.signatories import signed_as
from messages_th.duties import Due
from messages_th.formats import short_date
from messages_th.pages import duty as thai
from messages_th.pages.duty import Done, Sheet, ToldDuty, ToldReturn, Typed
from messages_th.refusals import refusal_words
from storage.agency_entries import DutyKey, NameTaken, NoSuchDuty, Overtaken, Statement, enter_open_data
from storage.evidence import OfDuty
from storage.imports import values as cell
from storage.imports.values import Converter
from storage.queries.duty_form import DutyForm, duty_form
from storage.submissions.plans import state_plan
from storage.submissions.rows import NoSuchSubmission
from storage.submissions.sending import submit, withdraw

IDLE = timedelta(minutes=30)
MAX_LENGTH = 500
"""Characters of a plan's name or a reference, as in the office's files."""


class Cell(Field):
    """A field that is read as a cell of the office's files is: dates in either digits, texts on one line."""

    def __init__(self, convert: Converter, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._convert = convert

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed; raises Unreadable, which the form keeps as what is wrong."""
        self.data = None
        self.data = read_cell(valuelist[0], self._convert) if valuelist else None


class EntryForm(Form):
    """What an officer states."""

    plan_name = Cell(cell.short_text(MAX_LENGTH))
    entered_on = Cell(cell.day)
    reference = Cell(cell.short_text(MAX_LENGTH))
    late_reason = Cell(cell.short_text(MAX_REASON_LENGTH))

    def typed(self) -> Mapping[str, str]:
        """Return what stands in the fields: a day that was understood as it is written here, else as it was typed."""
        shown = {name: request.form.get(name, "") for name in thai.LABELS}
        return shown if self.entered_on.data is None else {**shown, thai.ENTERED_ON: short_date(self.entered_on.data)}

    def statement(self, *, needs_day: bool) -> Statement:
        """Return what is stated; raises Faulty where any of it cannot be."""
        faults = {name: str(one.errors[0]) for name, one in self._fields.items() if one.errors}
        if needs_day and self.entered_on.data is None:
            faults.setdefault(thai.ENTERED_ON, thai.DAY_NEEDED)
        if thai.PLAN_NAME in request.form and self.plan_name.data is None:
            faults.setdefault(thai.PLAN_NAME, thai.NAME_NEEDED)
        if self.late_reason.data:
            try:
                check_reason(self.late_reason.data)
            except TransitionRefused as short:
                faults.setdefault(thai.LATE_REASON, refusal_words(short.refusal))
        if faults:
            raise Faulty(faults)
        seen = request.form.get("revision", -1, type=int)
        return Statement(self.entered_on.data, self.reference.data or "", self.plan_name.data, seen)


class Faulty(Exception):
    """Fields hold what cannot be kept; carries what is wrong, by field."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


class _Views:
    def __init__(self, site: Site, uploads: EvidenceUploads) -> None:
        self._site = site
        self._uploads = uploads

    def show(self, nonce: str) -> Response:
        """Show the form as it stands now."""
        ticket = self._site.session(Page.DUTY, nonce)
        done = request.args.get("done", "")
        return self._page(ticket, Sheet(**self._frame(ticket), done=Done(done) if done in set(Done) else None))

    def change(self, nonce: str) -> AnyResponse:
        """Do what the pressed button says, or show why it cannot be done, with all that was typed."""
        ticket = self._site.posted(Page.DUTY, nonce)
        typed = EntryForm(request.form)
        typed.validate()
        frame = self._frame(ticket)
        try:
            with self._site.write() as session:
                done = _act(self._site.asked(session, ticket), _key(ticket.arguments), typed)
        except Faulty as faulty:
            told = Typed(typed.typed(), faulty.faults)
            return self._page(ticket, Sheet(**frame), told, HTTPStatus.UNPROCESSABLE_ENTITY)
        except Overtaken:
            sheet = Sheet(**frame, overtaken=True)
            return self._page(ticket, sheet, Typed(typed.typed()), HTTPStatus.CONFLICT)
        except TransitionRefused as refused:
            sheet = Sheet(**frame, refused=refusal_words(refused.refusal))
            return self._page(ticket, sheet, Typed(typed.typed()), HTTPStatus.CONFLICT)
        response = redirect(url_for("pages.duty", nonce=nonce, done=done), HTTPStatus.SEE_OTHER)
        return self._site.keep(response, ticket, IDLE)

    def _page(
        self, ticket: Ticket, sheet: Sheet, typed: Typed | None = None, status: HTTPStatus = HTTPStatus.OK
    ) -> Response:
        with self._site.database.read() as session:
            asked = self._site.asked(session, ticket)
            form = _form(asked, _key(ticket.arguments))
            told, files = _told(asked, form), self._uploads.part(asked, ticket)
        shown = typed or Typed(thai.kept(told, form.late_reason))
        page = thai.duty_page(told, shown, replace(sheet, revision=form.revision, files=files))
        return self._site.keep(html(page, status), ticket, IDLE)

    def _frame(self, ticket: Ticket) -> Mapping[str, Any]:
        address = url_for("pages.duty", nonce=ticket.nonce)
        return {"address": address, "form_key": self._site.form_key(ticket), "revision": 0}


def _act(asked: Request, key: DutyKey, typed: EntryForm) -> Done:
    """Do what the pressed button says; raises Refused where there is no such button, or nothing to press it on."""
    about = asked.session, asked.reference, asked.actor
    try:
        match request.form.get("action"):
            case "save":
                state_plan(*about, key, typed.statement(needs_day=False), asked.moment)
                return Done.SAVED
            case "send":
                row = state_plan(*about, key, typed.statement(needs_day=True), asked.moment)
                submit(*about, row.id, asked.moment, late_reason=typed.late_reason.data or "")
                return Done.SENT
            case "enter":
                enter_open_data(*about, key, typed.statement(needs_day=True), asked.moment)
                return Done.ENTERED
            case "not_entered":
                nothing = replace(typed.statement(needs_day=False), entered_on=None)
                enter_open_data(*about, key, nothing, asked.moment)
                return Done.NOT_ENTERED
            case "withdraw":
                number = _form(asked, key).submission_id
                withdraw(*about, number or 0, request.form.get("version", 0, type=int), asked.moment)
                return Done.WITHDRAWN
            case _:
                raise Refused
    except ImpossibleDay as impossible:
        raise Faulty({thai.ENTERED_ON: thai.day_fault(impossible.fault)}) from impossible
    except NameTaken as taken:
        raise Faulty({thai.PLAN_NAME: thai.NAME_TAKEN}) from taken
    except (NoSuchDuty, NoSuchSubmission) as missing:
        raise Refused from missing


def _key(arguments: Mapping[str, str]) -> DutyKey:
    """Return which duty a link is about; raises Refused."""
    try:
        key = OpenDutyForm.unpack(arguments[DUTY]).key()
    except PostbackError as error:
        raise Refused from error
    if key is None:
        raise Refused
    return key


def _form(asked: Request, key: DutyKey) -> DutyForm:
    """Return the form as its person may see it now; raises Refused."""
    try:
        return duty_form(asked.session, asked.reference, asked.asker.code, key)
    except NoSuchDuty as error:
        raise Refused from error


def _told(asked: Request, form: DutyForm) -> ToldDuty:
    back = form.returned
    by = signed_as(back.by) if back else ""
    return ToldDuty(
        occasion=form.occasion,
        basis=form.basis,
        agency=asked.reference.rules.organisation.units[form.key.agency].name,
        plan_name=form.plan_name,
        is_thematic=form.is_thematic,
        has_route=form.has_route,
        is_editable=form.is_editable,
        can_withdraw=form.can_withdraw,
        state=form.state,
        version=form.version,
        entered_on=form.entered_on,
        stated_on=form.stated_on,
        reference=form.reference,
        stated_by=form.stated_by,
        stated_at=form.stated_at,
        due=_due(asked, form.span.closes_on) if form.span else None,
        span=form.span,
        timing=form.timing,
        opens_on=form.opens_on,
        returned=ToldReturn(by, back.at, back.reason) if back else None,
        steps=[route_step(step) for step in form.steps],
    )


def _due(asked: Request, closes_on: date) -> Due:
    working = asked.reference.rules.calendar.working_days_left(asked.today, closes_on)
    return Due(closes_on, (closes_on - asked.today).days, working)


def _files_of(_: Request, arguments: Mapping[str, str]) -> OfDuty:
    return OfDuty(_key(arguments))


def _title(asked: Request, arguments: Mapping[str, str]) -> str:
    form = _form(asked, _key(arguments))
    return thai.title(form.occasion, form.basis)


def _add(blueprint: Blueprint, site: Site) -> None:
    uploads = EvidenceUploads(site, Page.DUTY, IDLE, _files_of)
    views = _Views(site, uploads)
    blueprint.add_url_rule("/w/duty/<nonce>", Page.DUTY, views.show)
    blueprint.add_url_rule("/w/duty/<nonce>", "duty_change", views.change, methods=["POST"])
    uploads.add(blueprint)


KIND = PageKind(_title, IDLE, _add)
