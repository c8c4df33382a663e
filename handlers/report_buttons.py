"""The button that leads to the form of a report, wherever a list or a card shows one that lies with its unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.fiscal import Quarter
from domain.report_standing import QuarterStanding, ReportStanding
from domain.submissions import SubmissionKind
from handlers.conversation import Request
from handlers.report_pages import OpenReport
from messages_th import page_link
from messages_th.listing import Button
from storage.submissions.sending import is_sender

_WRITABLE = (ReportStanding.MISSING, ReportStanding.DRAFT, ReportStanding.RETURNED)


def writes_reports(request: Request, unit: str) -> bool:
    """Tell whether the asker writes the reports of a unit (a code)."""
    return is_sender(request.reference, request.asker.code, unit, SubmissionKind.QUARTER_REPORT)


def writable(request: Request, unit: str, reports: Iterable[QuarterStanding]) -> Sequence[QuarterStanding]:
    """Return those of a unit's reports that the asker can write now."""
    return [one for one in reports if one.standing in _WRITABLE and writes_reports(request, unit)]


def report_button(code: str, quarter: Quarter, *, is_returned: bool) -> Button:
    """Return the button to the form of the report of a project (``code``)."""
    press = OpenReport(code, quarter.fiscal_year, quarter.number)
    return page_link.report_button(code, press.pack(), is_returned=is_returned)


def button_of(code: str, report: QuarterStanding) -> Button:
    """Return the same button to a report that can be written now."""
    return report_button(code, report.quarter, is_returned=report.standing is ReportStanding.RETURNED)
