"""Reporting: the free reply gives a short-lived link to the form of a project's report (contract §3)."""

from __future__ import annotations

from domain.roles import Role
from handlers import fallback
from handlers.conversation import Answer, Context, Page, Request
from handlers.places import pressed_quarter
from handlers.postback import Postback
from handlers.project_choice import not_found
from handlers.project_presses import ShowProject
from handlers.routes import Routes
from messages_th import page_link
from messages_th.formats import quarter_text
from messages_th.understanding.intents import Intent, Slots
from storage.queries.report_form import NoSuchReport, project_to_report

CODE, YEAR, QUARTER = "code", "year", "quarter"
"""Under which arguments of a link the report's project, fiscal year (B.E.) and fiscal quarter stand."""

routes = Routes()


class OpenReport(Postback, prefix="op1"):
    """Asks for the form of a project's report of a fiscal quarter."""

    code: str
    fiscal_year: int
    quarter: int


@routes.press(OpenReport, roles=(Role.PROJECT_OFFICER,))
def open_report(request: Request, press: OpenReport) -> Answer:
    """Give a link under which an officer of the project's unit, and nobody else, finds the form for ten minutes."""
    quarter = pressed_quarter(press.fiscal_year, press.quarter)
    if quarter is None:
        return fallback.old_button(request)
    try:
        project = project_to_report(request.session, request.reference, request.asker.code, press.code)
    except NoSuchReport:
        return not_found(request)
    about = {CODE: project.code, YEAR: str(quarter.fiscal_year), QUARTER: str(quarter.number)}
    link = request.links.page(Page.REPORT, about, request.asker.code)
    context = Context(Intent.PROJECT_STATUS, Slots(project_code=project.code), shown=(project.code,))
    if link is None:
        return Answer((page_link.no_pages(request.reader),), context=context)
    period = quarter_text(
        quarter, request.reference.rules.organisation.year_basis(request.reference.unit_codes[project.unit_id])
    )
    standing = ShowProject(project.code).pack()
    card = page_link.report_link(request.reader, project.code, project.name, period, link, standing, request.now)
    return Answer((card,), context=context)
