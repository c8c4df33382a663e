"""The texts of an approved report to be copied into eMENSCR, and the note that they were: we never write there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from http import HTTPStatus

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.pages.cells import Unreadable, read_cell
from bot.pages.refusals import Refused
from bot.pages.site import PageKind, Site, html
from bot.pages.tickets import Ticket
from domain.days_of_entry import ImpossibleDay
from domain.errors import TransitionRefused
from handlers.conversation import Page, Request
from handlers.mirroring import SUBMISSION, mirror_view
from messages_th.formats import short_date
from messages_th.mirroring import impossible_day_words
from messages_th.pages import mirror as thai
from messages_th.pages.mirror import Sheet
from messages_th.refusals import refusal_words
from storage.imports.values import day
from storage.queries.mirroring import ReportToMirror, report_to_mirror
from storage.submissions.mirroring import mark_mirrored, unmark_mirrored

IDLE = timedelta(minutes=30)


class _Views:
    def __init__(self, site: Site) -> None:
        self._site = site

    def show(self, nonce: str) -> Response:
        """Show the texts, and how it stands with them."""
        return self._page(self._site.session(Page.MIRROR, nonce), nonce)

    def change(self, nonce: str) -> AnyResponse:
        """Note that the report is in eMENSCR, or take that back; or show why that cannot be."""
        ticket = self._site.posted(Page.MIRROR, nonce)
        typed = request.form.get("on", "")
        try:
            with self._site.write() as session:
                _act(self._site.asked(session, ticket), ticket.arguments)
        except Unreadable as none:
            return self._page(ticket, nonce, HTTPStatus.UNPROCESSABLE_ENTITY, day=typed, fault=str(none))
        except ImpossibleDay:
            fault = impossible_day_words()
            return self._page(ticket, nonce, HTTPStatus.UNPROCESSABLE_ENTITY, day=typed, fault=fault)
        except TransitionRefused as refused:
            return self._page(ticket, nonce, HTTPStatus.CONFLICT, refused=refusal_words(refused.refusal))
        return self._site.keep(redirect(url_for("pages.mirror", nonce=nonce), HTTPStatus.SEE_OTHER), ticket, IDLE)

    def _page(
        self,
        ticket: Ticket,
        nonce: str,
        status: HTTPStatus = HTTPStatus.OK,
        *,
        day: str | None = None,
        fault: str = "",
        refused: str = "",
    ) -> Response:
        with self._site.database.read() as session:
            asked = self._site.asked(session, ticket)
            report = _report(asked, ticket.arguments)
            sheet = Sheet(
                address=url_for("pages.mirror", nonce=nonce),
                form_key=self._site.form_key(ticket),
                version=report.version,
                day=short_date(asked.today) if day is None else day,
                fault=fault,
                refused=refused,
            )
            page = thai.mirror_page(mirror_view(asked, report), sheet)
        return self._site.keep(html(page, status), ticket, IDLE)


def _act(asked: Request, arguments: Mapping[str, str]) -> None:
    """Do what the pressed button says; raises Unreadable where that is no day, or as the use-cases do."""
    version = request.form.get("version", 0, type=int)
    wish = asked.session, asked.reference, asked.actor, _report(asked, arguments).submission_id, version
    match request.form.get("action"):
        case "mark":
            mark_mirrored(*wish, _day(request.form.get("on", "")), asked.moment)
        case "unmark":
            unmark_mirrored(*wish, asked.moment)
        case _:
            raise Refused


def _day(typed: str) -> date:
    found: date | None = read_cell(typed, day)
    if found is None:
        raise Unreadable(thai.DAY_NEEDED)
    return found


def _report(asked: Request, arguments: Mapping[str, str]) -> ReportToMirror:
    """Return the report as its person may copy it now; raises Refused where it is not theirs to copy."""
    report = report_to_mirror(asked.session, asked.reference, asked.asker.code, int(arguments[SUBMISSION]))
    if report is None:
        raise Refused
    return report


def _title(asked: Request, arguments: Mapping[str, str]) -> str:
    return thai.mirror_title(mirror_view(asked, _report(asked, arguments)))


def _add(blueprint: Blueprint, site: Site) -> None:
    views = _Views(site)
    address = f"/w/{Page.MIRROR}/<nonce>"
    blueprint.add_url_rule(address, Page.MIRROR, views.show)
    blueprint.add_url_rule(address, f"{Page.MIRROR}_change", views.change, methods=["POST"])


KIND = PageKind(_title, IDLE, _add)
