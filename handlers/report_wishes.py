"""Wishes to write a report, typed: they lead to its form as the buttons do."""

from __future__ import annotations

from domain.roles import Role
from handlers.conversation import Answer, Request
from handlers.projects import report_project
from handlers.reminders import ReportNow
from handlers.spoken import period_of
from handlers.unreported import report_now
from messages_th.understanding.intents import Understood
from messages_th.understanding.wishes import REPORT, WISH


def wishes_to_report(request: Request, understood: Understood) -> bool:
    """Tell whether somebody who writes reports asks for the form of one."""
    return understood.extra.get(WISH) == REPORT and request.holds(Role.PROJECT_OFFICER)


def report_wished(request: Request, understood: Understood) -> Answer:
    """Lead to the form of the project that is named or, without one, to what is to be reported of the quarter."""
    if understood.slots.project_code is not None:
        return report_project(request, understood.slots.project_code, understood.slots)
    quarter = period_of(request, understood.slots).quarter
    return report_now(request, ReportNow(quarter.fiscal_year, quarter.number))
