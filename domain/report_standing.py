"""How the report of one quarter of a project stands in the eyes of somebody who asks (``domain.md`` §3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.fiscal import Quarter
from domain.submissions import SubmissionState
from domain.windows import Stage


class ReportStanding(StrEnum):
    """What is said of a quarter; the first four are no matter of a report."""

    NOT_OWED = "not_owed"
    NOT_YET = "not_yet"
    """It will be owed; its window has not opened."""
    MISSING = "missing"
    HIDDEN = "hidden"
    """Not approved yet, and not for this person to look into: it has not come to the person's step."""
    DRAFT = "draft"
    WAITING = "waiting"
    RETURNED = "returned"
    APPROVED = "approved"


_BY_STATE = {
    None: ReportStanding.MISSING,
    SubmissionState.DRAFT: ReportStanding.DRAFT,
    SubmissionState.PENDING_APPROVAL: ReportStanding.WAITING,
    SubmissionState.RETURNED: ReportStanding.RETURNED,
    SubmissionState.APPROVED: ReportStanding.APPROVED,
}


@dataclass(frozen=True, slots=True)
class QuarterStanding:
    """A quarter and how its report stands: where it waits (None: nowhere) and whose delay it is (None: nobody's)."""

    quarter: Quarter
    standing: ReportStanding
    step: int | None = None
    overdue: Stage | None = None


def report_standing(
    state: SubmissionState | None, *, is_owed: bool, has_opened: bool, is_visible: bool
) -> ReportStanding:
    """Return how a quarter's report stands; ``state`` None: nothing of it is entered.

    ``is_visible``: the person may see the report in this state. What was reported before its window opened is said.
    """
    if not is_owed:
        return ReportStanding.NOT_OWED
    if state is None and not has_opened:
        return ReportStanding.NOT_YET
    return _BY_STATE[state] if is_visible else ReportStanding.HIDDEN
