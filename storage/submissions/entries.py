"""Entering a project, and asking to change one that is official (M1 to M5); sending is ``sending.submit``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import exists, inspect, select
from sqlalchemy.orm import Session

from domain.entry_completeness import METHODS, REQUIRED, entry_gaps
from domain.errors import Gap, Refusal, TransitionRefused
from domain.fiscal import fiscal_year_of
from domain.roles import Role
from domain.submissions import SubmissionKind, SubmissionState
from storage import shared_state
from storage.outbox_claims import Now
from storage.reference import Reference
from storage.submissions.actor import Actor
from storage.submissions.project_changes import NOT_EDITABLE
from storage.submissions.project_parts import ProjectParts, replace_parts
from storage.submissions.rows import changed
from storage.tables import Activity, FundingSource, Project, SpendingPlan, Submission
from storage.tables.submissions import Origin

_UNSENT = (SubmissionState.DRAFT, SubmissionState.RETURNED)


@dataclass(frozen=True, slots=True)
class ProjectEntry:
    """A project as its unit (a code) enters it.

    ``values`` are columns of ``projects``; name, fiscal year and both months must be there for a new project, and what
    is not named stays as it is.
    """

    code: str
    unit: str
    values: Mapping[str, Any]
    parts: ProjectParts = field(default_factory=ProjectParts)


@dataclass(frozen=True, slots=True)
class Saved:
    """What was kept: the submission to send, and which columns of the project are other than before."""

    row: Submission
    changes: Mapping[str, Any]


def save_entry(session: Session, reference: Reference, by: Actor, entry: ProjectEntry, at: Now) -> Saved:
    """Keep a project that is entered, or entered anew after a return, as the draft of its entry.

    A new one is not official: it owes nothing until its entry is approved.

    Raises:
        TransitionRefused: ``by`` does not enter the unit's data, or the entry is on its way or approved.
    """
    unit_id = reference.unit_ids[entry.unit]
    _check_officer(reference, by, unit_id)
    project = session.scalar(select(Project).where(Project.code == entry.code).with_for_update(key_share=True))
    if project is None:
        project = Project(code=entry.code, unit_id=unit_id, official_version=0, **entry.values)
        session.add(project)
        session.flush()
        changes: Mapping[str, Any] = {}
        is_found_otherwise = True
    else:
        _check_officer(reference, by, project.unit_id)
        changes = _differences(project, entry.values)
        is_found_otherwise = "name" in changes or project.unit_id != unit_id
    row = _entry_of(session, project)
    if row.state not in _UNSENT or project.official_version:
        raise TransitionRefused(Refusal.WRONG_STATE)
    project.unit_id = row.unit_id = unit_id
    for name, value in changes.items():
        setattr(project, name, value)
    row.fiscal_year, row.origin = project.fiscal_year, Origin.BOT
    session.flush()
    replace_parts(session, project.id, entry.parts)
    if is_found_otherwise:
        shared_state.projects_changed(session, at.real)
    changed(session, row, row.state, at)
    return Saved(row, changes)


def save_edit(
    session: Session, reference: Reference, by: Actor, code: str, values: Mapping[str, Any], at: Now
) -> Saved:
    """Prepare the edit of an official project (its code); what it is to change goes along when it is sent.

    ``values`` are columns of ``projects`` but those that ``NOT_EDITABLE`` names. An edit that was returned or withdrawn
    is taken up again, whatever its year.

    Raises:
        TransitionRefused: the project is not official, an edit is on its way, nothing would be different, or ``by``
            does not enter the unit's data.
        sqlalchemy.exc.NoResultFound: there is no such project.
    """
    project = session.scalars(select(Project).where(Project.code == code).with_for_update(key_share=True)).one()
    _check_officer(reference, by, project.unit_id)
    changes = _differences(project, {name: value for name, value in values.items() if name not in NOT_EDITABLE})
    edits = session.scalars(
        select(Submission)
        .where(Submission.project_id == project.id, Submission.kind == SubmissionKind.PROJECT_EDIT)
        .order_by(Submission.fiscal_year.desc())
    ).all()
    on_its_way = any(edit.state is SubmissionState.PENDING_APPROVAL for edit in edits)
    if not project.official_version or on_its_way or not changes:
        raise TransitionRefused(Refusal.WRONG_STATE)
    this_year = fiscal_year_of(reference.rules.today)
    unfinished = (edit for edit in edits if edit.state in _UNSENT)
    row = next(unfinished, None) or next((edit for edit in edits if edit.fiscal_year == this_year), None)
    if row is None:
        row = _new(session, project, SubmissionKind.PROJECT_EDIT, this_year)
    changed(session, row, row.state, at)
    return Saved(row, changes)


def gaps_of_entry(session: Session, project: Project) -> tuple[Gap, ...]:
    """Return what a project's entry lacks before it can be sent."""
    parts = (Activity, FundingSource, SpendingPlan)
    activities, funding, plan = (
        bool(session.scalar(select(exists().where(part.project_id == project.id)))) for part in parts
    )
    values = {name: getattr(project, name) for name in (*REQUIRED, *METHODS, "uses_budget")}
    return entry_gaps(values, has_activities=activities, has_funding=funding, has_plan=plan)


def _check_officer(reference: Reference, by: Actor, unit_id: int) -> None:
    unit = reference.unit_codes[unit_id]
    if not reference.rules.organisation.enters_data_of(by.code, unit, Role.PROJECT_OFFICER):
        raise TransitionRefused(Refusal.NOT_YOUR_UNIT)


def _differences(project: Project, values: Mapping[str, Any]) -> Mapping[str, Any]:
    columns = inspect(Project).columns
    return {name: value for name, value in values.items() if name in columns and getattr(project, name) != value}


def _entry_of(session: Session, project: Project) -> Submission:
    kind = SubmissionKind.PROJECT_ENTRY
    query = select(Submission).where(Submission.project_id == project.id, Submission.kind == kind)
    newest = query.order_by(Submission.fiscal_year.desc(), Submission.id.desc()).limit(1)
    row = session.scalar(newest.with_for_update(key_share=True))
    return row or _new(session, project, kind, project.fiscal_year)


def _new(session: Session, project: Project, kind: SubmissionKind, fiscal_year: int) -> Submission:
    row = Submission(
        project_id=project.id,
        kind=kind,
        fiscal_year=fiscal_year,
        quarter=0,
        unit_id=project.unit_id,
        state=SubmissionState.DRAFT,
        version=0,
        origin=Origin.BOT,
    )
    session.add(row)
    session.flush()
    return row
