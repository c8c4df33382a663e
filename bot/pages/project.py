"""A whole project (M1 to M5), read-only, with what an edit changes: for whom the project may be seen, as of now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask import Blueprint, Response

from bot.pages.refusals import Refused
from bot.pages.site import PageKind, Site, html
from handlers.conversation import Page, Request
from handlers.project_pages import CODE
from handlers.signatories import signed_as
from messages_th.pages import project as thai
from storage.queries.project_sheet import ProjectSheet, Revision, project_sheet
from storage.queries.projects import NoSuchProject

IDLE = timedelta(minutes=30)


def project_html(request: Request, code: str, back: str = "") -> str:
    """Return the page of the project with this code as the asker sees it now; ``back`` is an address to return to.

    Raises:
        Refused: there is none for the asker.
    """
    return thai.project_page(_told(request, _sheet(request, code)), back)


def _sheet(request: Request, code: str) -> ProjectSheet:
    try:
        return project_sheet(request.session, request.reference, request.asker.code, request.sight, code)
    except NoSuchProject:
        raise Refused from None


def _told(request: Request, sheet: ProjectSheet) -> thai.ToldProject:
    return thai.ToldProject(
        code=sheet.code,
        name=sheet.name,
        unit=request.reference.unit_names[sheet.unit],
        values=sheet.values,
        activities=[(one.name, one.is_part, one.quarters) for one in sheet.lists.activities],
        links=[(one.kind, one.name) for one in sheet.lists.links],
        funding=sheet.lists.funding,
        plans=[
            thai.ToldPlan(plan.fiscal_year, plan.dated_on, plan.quarters, plan.carried_over) for plan in sheet.plans
        ],
        revision=_revision(sheet.revision) if sheet.revision else None,
        as_of=request.now,
    )


def _revision(revision: Revision) -> thai.ToldRevision:
    back = revision.returned
    by = signed_as(back.by) if back else ""
    return thai.ToldRevision(
        kind=revision.kind,
        state=revision.state,
        version=revision.version,
        step=revision.step,
        steps=revision.steps,
        changes=revision.changes,
        returned_by=by,
        reason=back.reason if back else "",
    )


class _Views:
    def __init__(self, site: Site) -> None:
        self._site = site

    def show(self, nonce: str) -> Response:
        """Show the project that the session opened."""
        ticket = self._site.session(Page.PROJECT, nonce)
        with self._site.database.read() as session:
            page = project_html(self._site.asked(session, ticket), ticket.arguments[CODE])
        return self._site.keep(html(page), ticket, IDLE)


def _title(request: Request, arguments: Mapping[str, str]) -> str:
    return thai.project_title(_sheet(request, arguments[CODE]).code)


def _add(blueprint: Blueprint, site: Site) -> None:
    blueprint.add_url_rule("/w/project/<nonce>", Page.PROJECT, _Views(site).show)


KIND = PageKind(_title, IDLE, _add)
