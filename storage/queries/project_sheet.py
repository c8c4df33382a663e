"""A whole project as it was entered (M1 to M5), every version of its spending plan, and what is to change in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from domain.permissions import Sight
from domain.revisions import Change, Changes
from domain.submissions import SubmissionKind, SubmissionState
from storage.queries.approval_content import Particulars, particulars_of_project
from storage.queries.approval_item import ApprovalItem, RouteDecision, approval_item
from storage.queries.projects import find_project
from storage.reference import Reference
from storage.submissions.project_changes import NOT_EDITABLE, from_json
from storage.submissions.rows import subject_of
from storage.tables import AuditEntry, Project, SpendingPlan, Submission
from storage.tables.messaging import AuditAction
from storage.tables.projects import INITIAL_PLAN_DATE
from storage.tables.submissions import Verdict

_FIELDS = tuple(column.key for column in inspect(Project).columns if column.key not in NOT_EDITABLE)


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """A plan of a fiscal year (B.E.) in baht, by quarter; ``dated_on`` None: the one that was entered first.

    ``carried_over``: an earlier year's money that was reserved for this one.
    """

    fiscal_year: int
    dated_on: date | None
    quarters: Sequence[Decimal]
    carried_over: Decimal


@dataclass(frozen=True, slots=True)
class Revision:
    """The entry of a project that is not official yet, or the newest edit of one that is.

    ``step`` of ``steps``: where it waits; None: nowhere. ``returned``: why it came back, where it did. ``changes`` has
    its fields by name; what an approved edit replaced is known where its sending is in the audit trail.
    """

    kind: SubmissionKind
    state: SubmissionState
    version: int
    step: int | None
    steps: int
    returned: RouteDecision | None
    changes: Mapping[str, Change]


@dataclass(frozen=True, slots=True)
class ProjectSheet:
    """What is shown of a project: the official values or, before it is official, those that were entered.

    ``plans`` are by year, the newest version first. ``revision`` None: there is none, or not for who asks.
    """

    code: str
    name: str
    unit: str
    values: Mapping[str, Any]
    lists: Particulars
    plans: Sequence[PlanVersion]
    revision: Revision | None


def project_sheet(session: Session, reference: Reference, person: str, sight: Sight, code: str) -> ProjectSheet:
    """Return the project with this code as ``person`` (a code), who has this sight, sees it.

    Raises:
        NoSuchProject: there is none within the sight.
    """
    project, _ = find_project(session, reference, sight, code)
    return ProjectSheet(
        code=project.code,
        name=project.name,
        unit=reference.unit_codes[project.unit_id],
        values={name: getattr(project, name) for name in _FIELDS},
        lists=particulars_of_project(session, project),
        plans=_plans(session, project),
        revision=_revision(session, reference, person, project),
    )


def _plans(session: Session, project: Project) -> Sequence[PlanVersion]:
    plans = session.scalars(
        select(SpendingPlan)
        .where(SpendingPlan.project_id == project.id)
        .order_by(SpendingPlan.fiscal_year, SpendingPlan.dated_on.desc())
    )
    return [
        PlanVersion(
            plan.fiscal_year,
            None if plan.dated_on == INITIAL_PLAN_DATE else plan.dated_on,
            (plan.q1, plan.q2, plan.q3, plan.q4),
            plan.carried_over,
        )
        for plan in plans
    ]


def _revision(session: Session, reference: Reference, person: str, project: Project) -> Revision | None:
    kind = SubmissionKind.PROJECT_EDIT if project.official_version else SubmissionKind.PROJECT_ENTRY
    newest = (
        select(Submission)
        .where(Submission.project_id == project.id, Submission.kind == kind)
        .order_by(Submission.fiscal_year.desc(), Submission.id.desc())
        .limit(1)
    )
    row = session.scalar(newest)
    item = approval_item(session, reference, person, row.id) if row is not None else None
    if row is None or item is None or (kind is SubmissionKind.PROJECT_EDIT and not _is_told(item)):
        return None
    found = {change.field: change for change in item.changes.found} if item.changes else {}
    if kind is SubmissionKind.PROJECT_EDIT and item.state is SubmissionState.APPROVED:
        replaced = _replaced(session, row)
        found = {name: replace(change, before=replaced.get(name)) for name, change in found.items()}
    returned = next((one for one in item.decisions if one.verdict is Verdict.RETURNED), None)
    return Revision(item.kind, item.state, item.version, item.step, item.steps, returned, found)


def _is_told(item: ApprovalItem) -> bool:
    """Tell whether the asker learns what an edit changes; who sees approved data alone does not."""
    return isinstance(item.changes, Changes) and bool(item.changes.found)


def _replaced(session: Session, row: Submission) -> Mapping[str, Any]:
    """Return what the project said in the fields of an edit when that was sent."""
    sendings = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject == subject_of(session, row), AuditEntry.action == AuditAction.SUBMISSION_SEND)
        .order_by(AuditEntry.id.desc())
    )
    sent = next((one for one in sendings if (one.after or {}).get("version") == row.version), None)
    return from_json((sent.before or {}).get("changes") or {}) if sent is not None else {}
