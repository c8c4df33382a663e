"""Which windows bind a submission today, and the hours in which people may be told of it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.sending_hours import NewsHours
from domain.submissions import SubmissionKind, SubmissionState, binding_stage
from domain.windows import Occasion, Span, StageWindows, WindowKind
from storage.reference import Reference
from storage.submissions.rows import position_of, stage_at, unit_of
from storage.tables import AgencyDuty, Submission


def windows_of(session: Session, reference: Reference, row: Submission) -> StageWindows | None:
    """Return the windows that bind the submission today; None: nothing limits it, as with edits and plans."""
    occasion = occasion_of(session, reference, row)
    return windows_for(reference, unit_of(reference, row), occasion) if occasion else None


def windows_for(reference: Reference, unit: str, occasion: Occasion) -> StageWindows | None:
    """Return the windows that bind a unit (a code) today, with their last days as the ministry's policy moves them."""
    rules = reference.rules
    windows = rules.window(occasion, rules.organisation.path(unit))
    return windows.rolled(rules.policy(unit).roll, rules.calendar) if windows else None


def occasion_of(session: Session, reference: Reference, row: Submission) -> Occasion | None:
    """Return the occasion whose windows bind the submission; None for edits, which have none."""
    match row.kind:
        case SubmissionKind.QUARTER_REPORT:
            return Occasion(WindowKind.QUARTER_REPORT, row.fiscal_year, row.quarter)
        case SubmissionKind.PROJECT_ENTRY:
            unit = unit_of(reference, row)
            return reference.active.entry_of(unit) or Occasion(WindowKind.PROJECT_ENTRY, row.fiscal_year)
        case SubmissionKind.PROJECT_EDIT:
            return None
        case SubmissionKind.LEVEL3_PLAN | SubmissionKind.ACHIEVEMENT_REPORT:
            duty = session.get_one(AgencyDuty, row.agency_duty_id)
            return Occasion(duty.kind, duty.fiscal_year)


def binding_span(session: Session, reference: Reference, row: Submission) -> Span | None:
    """Return the window that binds whoever holds the submission now; None: nothing does."""
    windows, unit = windows_of(session, reference, row), unit_of(reference, row)
    position = position_of(row, reference.rules.organisation, unit)
    waiting_at = None if position.step is None else stage_at(reference, unit, position.step)
    return windows.of(binding_stage(waiting_at, row.returned_by)) if windows else None


def news_hours(session: Session, reference: Reference, row: Submission) -> NewsHours:
    """Return when people may be told what became of the submission: on its window's last day until late."""
    span, rules = binding_span(session, reference, row), reference.rules
    is_last_day = span is not None and span.closes_on == rules.today and row.state is not SubmissionState.APPROVED
    return NewsHours(rules.policy(unit_of(reference, row)), is_last_day)
