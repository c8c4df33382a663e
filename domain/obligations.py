"""What is owed: which project owes which quarter, and what agencies owe beside projects (``domain.md`` §3, §6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.fiscal import Quarter
from domain.submissions import ExecutionStatus, SubmissionState
from domain.windows import Occasion, WindowKind

AGENCY_KINDS = frozenset(
    {
        WindowKind.LEVEL3_PLAN,
        WindowKind.ACHIEVEMENT_ANNUAL,
        WindowKind.ACHIEVEMENT_ACTION_PLAN,
        WindowKind.OPEN_D,
    }
)
"""Kinds of what an agency owes beside its projects."""


def owes_report(
    start_month: date,
    end_month: date,
    entry: SubmissionState,
    execution: ExecutionStatus,
    quarter: Quarter,
    tracked_from: Quarter | None = None,
) -> bool:
    """Tell whether a project owes a report of ``quarter``.

    It does iff its months overlap the quarter, its entry is approved and it is not cancelled; the last one is that
    which holds ``end_month``. Nothing before ``tracked_from`` is owed. Months are C.E. dates of any day in them.
    """
    if tracked_from is not None and quarter < tracked_from:
        return False
    if entry is not SubmissionState.APPROVED or execution is ExecutionStatus.CANCELLED:
        return False
    return start_month <= quarter.last_day and end_month >= quarter.first_day


@dataclass(frozen=True, slots=True)
class DutyRecord:
    """One row of an office's list of agency duties: a named plan or report, and when it was entered (None: owed).

    ``thematic`` marks a plan of a theme, which comes on top of the agency's own plan.
    """

    agency: str
    occasion: Occasion
    plan_name: str
    thematic: bool
    entered_on: date | None


def agency_duties(agency: str, occasion: Occasion, records: Iterable[DutyRecord]) -> Sequence[str]:
    """Return the plan names that ``agency`` still owes for ``occasion``; the empty name is the agency's own plan.

    An agency owes one per kind and window; the office's list may split it into named plans and adds thematic ones.
    Thematic achievement reports exist only where the list names them. Source: ``domain.md`` §6.
    """
    own = [r for r in records if r.agency == agency and r.occasion == occasion and not r.thematic]
    themes = [r for r in records if r.agency == agency and r.occasion == occasion and r.thematic]
    owed = [r.plan_name for r in (*own, *themes) if r.entered_on is None]
    if not own and occasion.kind is not WindowKind.ACHIEVEMENT_ACTION_PLAN:
        owed.insert(0, "")
    return owed
