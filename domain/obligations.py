"""What is owed: which project owes which quarter, and what agencies owe beside projects (``domain.md`` §3, §6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from domain.fiscal import Quarter
from domain.submissions import DutyState, ExecutionStatus, SubmissionState, duty_state
from domain.windows import Occasion, Stage, WindowKind

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

    ``thematic`` marks a plan of a theme, which comes on top of the agency's own plan. ``state`` is how far it is on its
    route, None where nothing was begun; ``returned_by`` the stage that sent it back.
    """

    agency: str
    occasion: Occasion
    plan_name: str
    thematic: bool
    entered_on: date | None
    state: SubmissionState | None = None
    returned_by: Stage | None = None


class OwedDuty(NamedTuple):
    """What an agency owes, and with whom it is; the empty name is the agency's own plan."""

    plan_name: str
    state: DutyState
    returned_by: Stage | None


def agency_duties(agency: str, occasion: Occasion, records: Iterable[DutyRecord]) -> Sequence[OwedDuty]:
    """Return what ``agency`` still owes for ``occasion``: not entered, or entered and not approved yet.

    An agency owes one per kind and window; the office's list may split it into named plans and adds thematic ones.
    Thematic achievement reports exist only where the list names them. Source: ``domain.md`` §6.
    """
    of_agency = [record for record in records if record.agency == agency and record.occasion == occasion]
    own, themes = ([r for r in of_agency if r.thematic is thematic] for thematic in (False, True))
    owed = [
        OwedDuty(record.plan_name, state, record.returned_by)
        for record in (*own, *themes)
        if record.entered_on is None and (state := duty_state(record.state)) is not None
    ]
    if not own and occasion.kind is not WindowKind.ACHIEVEMENT_ACTION_PLAN:
        owed.insert(0, OwedDuty("", DutyState.MISSING, None))
    return owed
