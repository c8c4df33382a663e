"""How a quarter's report stands, in words and in a colour: nobody has to tell it by the colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from domain.report_standing import QuarterStanding, ReportStanding
from domain.submissions import SubmissionState
from messages_th.listing import BROWN, GREEN, GREY, NAVY, RED
from messages_th.words import word

COLOURS: Mapping[ReportStanding, str] = MappingProxyType(
    {
        ReportStanding.NOT_OWED: GREY,
        ReportStanding.NOT_YET: GREY,
        ReportStanding.MISSING: BROWN,
        ReportStanding.HIDDEN: GREY,
        ReportStanding.DRAFT: BROWN,
        ReportStanding.WAITING: NAVY,
        ReportStanding.RETURNED: BROWN,
        ReportStanding.APPROVED: GREEN,
    }
)


def standing_words(found: QuarterStanding) -> str:
    """Return the state, and that it is overdue: «อนุมัติแล้ว», «เกินกำหนด», «ร่าง (เกินกำหนด)»."""
    if found.overdue is None:
        return word(found.standing)
    return "เกินกำหนด" if found.standing is ReportStanding.MISSING else f"{word(found.standing)} (เกินกำหนด)"


def standing_colour(found: QuarterStanding) -> str:
    """Return the colour of the state, red when it is overdue."""
    return RED if found.overdue else COLOURS[found.standing]


def listed_standing(entry: SubmissionState | None, report: QuarterStanding) -> str:
    """Return what a row of a list says; ``entry`` is how the project's own entry stands while it is not approved."""
    return standing_words(report) if entry is None else f"ข้อมูลโครงการ: {word(entry)}"
