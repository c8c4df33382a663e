"""What is owed beside quarterly reports: project entries that were not sent, and duties of agencies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.fiscal import first_day_of_fiscal_year
from domain.obligations import AGENCY_KINDS, DutyRecord, OwedDuty, agency_duties
from domain.permissions import Sight
from domain.submissions import DutyState, ExecutionStatus, SubmissionKind, SubmissionState
from domain.windows import Occasion, WindowKind
from storage.queries.scope import projects_in, submissions_in
from storage.reference import Reference
from storage.tables import AgencyDuty, Project, Submission

_UNSENT = (SubmissionState.DRAFT, SubmissionState.RETURNED)


@dataclass(frozen=True, slots=True)
class UnsentEntry:
    """A project whose entry was begun and not sent; ``unit`` is a code, ``closes_on`` the agency's last day."""

    project_id: int
    code: str
    name: str
    unit: str
    occasion: Occasion
    state: DutyState
    closes_on: date | None
    late_reason: str


@dataclass(frozen=True, slots=True)
class OpenAgencyDuty:
    """A plan, yearly report or Open-D entry that an agency (a code) owes; the agency's own plan has an empty name.

    ``duty_id`` is its row in the office's list, None where the list does not have it. ``submission_id`` is what was
    begun or sent of it.
    """

    agency: str
    occasion: Occasion
    plan_name: str
    state: DutyState
    duty_id: int | None
    submission_id: int | None
    closes_on: date | None
    late_reason: str


@dataclass(frozen=True, slots=True)
class EnteredOpenData:
    """An Open-D entry of an agency (a code) that is made: it can be corrected."""

    agency: str
    duty_id: int
    plan_name: str
    entered_on: date


def unsent_entries(session: Session, reference: Reference, sight: Sight, units: Collection[str]) -> list[UnsentEntry]:
    """Return the entries of these units (codes) that wait for their officer, by project code, as far as seen."""
    if not units:
        return []
    seen = sight if sight.everything and len(units) == len(reference.unit_ids) else sight.within(units)
    query = (
        select(Project.id, Project.code, Project.name, Project.unit_id, Project.end_month)
        .add_columns(Submission.state, Submission.late_reason)
        .join(Submission, Submission.project_id == Project.id)
        .where(Submission.kind == SubmissionKind.PROJECT_ENTRY, Submission.state.in_(_UNSENT))
        .where(projects_in(seen, reference.unit_ids), submissions_in(seen, reference.unit_ids))
        .where(Project.execution_status != ExecutionStatus.CANCELLED)
        .order_by(Project.code)
    )
    found = []
    for project_id, code, name, unit_id, end_month, state, late_reason in session.execute(query):
        unit = reference.unit_codes[unit_id]
        occasion = reference.active.entry_of(unit)
        if occasion is not None and end_month >= first_day_of_fiscal_year(occasion.fiscal_year):
            closes_on = _closes_on(reference, unit, occasion)
            duty = DutyState(state.value)
            found.append(UnsentEntry(project_id, code, name, unit, occasion, duty, closes_on, late_reason))
    return found


def open_agency_duties(session: Session, reference: Reference, agencies: Collection[str]) -> list[OpenAgencyDuty]:
    """Return what these agencies (codes) owe today, in the order of agencies and windows."""
    rows = _rows_of(session, reference, agencies)
    records: dict[tuple[str, Occasion], list[DutyRecord]] = defaultdict(list)
    for row in rows:
        records[row.record.agency, row.record.occasion].append(row.record)
    listed = {(row.record.agency, row.record.occasion, row.record.plan_name): row for row in rows}
    found = []
    for agency in sorted(agencies):
        for occasion in reference.active.of(agency):
            if occasion.kind in AGENCY_KINDS:
                closes_on = _closes_on(reference, agency, occasion)
                for owed in agency_duties(agency, occasion, records[agency, occasion]):
                    known = listed.get((agency, occasion, owed.plan_name))
                    found.append(_open(agency, occasion, owed, known, closes_on))
    return found


def entered_open_data(
    session: Session, reference: Reference, agencies: Collection[str], fiscal_year: int
) -> list[EnteredOpenData]:
    """Return the Open-D entries of a year (B.E.) that these agencies (codes) made, by agency."""
    row = AgencyDuty
    ids = sorted(reference.unit_ids[agency] for agency in agencies)
    query = (
        select(row.unit_id, row.id, row.plan_name, row.entered_on)
        .where(row.unit_id.in_(ids), row.kind == WindowKind.OPEN_D, row.fiscal_year == fiscal_year)
        .where(row.entered_on.is_not(None))
        .order_by(row.unit_id, row.id)
    )
    return [
        EnteredOpenData(reference.unit_codes[unit_id], number, plan_name, entered_on)
        for unit_id, number, plan_name, entered_on in session.execute(query)
        if entered_on is not None
    ]


def _open(agency: str, occasion: Occasion, owed: OwedDuty, row: _Row | None, closes_on: date | None) -> OpenAgencyDuty:
    return OpenAgencyDuty(
        agency=agency,
        occasion=occasion,
        plan_name=owed.plan_name,
        state=owed.state,
        duty_id=row.duty_id if row else None,
        submission_id=row.submission_id if row else None,
        closes_on=closes_on,
        late_reason=row.late_reason if row else "",
    )


class _Row(NamedTuple):
    record: DutyRecord
    duty_id: int
    submission_id: int | None
    late_reason: str


def _rows_of(session: Session, reference: Reference, agencies: Collection[str]) -> list[_Row]:
    row, sent = AgencyDuty, Submission
    ids = sorted(reference.unit_ids[agency] for agency in agencies)
    query = (
        select(row.unit_id, row.kind, row.fiscal_year, row.plan_name, row.is_thematic, row.entered_on)
        .add_columns(sent.state, sent.returned_by, row.id, sent.id, row.late_reason)
        .outerjoin(sent, sent.agency_duty_id == row.id)
        .where(row.unit_id.in_(ids))
        .order_by(row.id)
    )
    found = []
    for unit_id, kind, year, name, thematic, entered_on, state, returned_by, *rest in session.execute(query):
        agency, occasion = reference.unit_codes[unit_id], Occasion(kind, year)
        found.append(_Row(DutyRecord(agency, occasion, name, thematic, entered_on, state, returned_by), *rest))
    return found


def _closes_on(reference: Reference, unit: str, occasion: Occasion) -> date | None:
    rules = reference.rules
    windows = rules.window(occasion, rules.organisation.path(unit))
    span = windows.agency if windows else None
    return span.rolled(rules.policy(unit).roll, rules.calendar).closes_on if span else None
