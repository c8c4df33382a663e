"""Approved reports that units still write into eMENSCR by hand: which are left, and what is to be written.

Only ministries whose policy says so have any, and only who sees a unit in every state is told of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from domain.fiscal import Quarter, YearBasis
from domain.permissions import Sight, Visibility
from domain.reminders import BANGKOK
from domain.submissions import SubmissionKind, SubmissionState
from storage.queries.approval_content import Particulars, particulars_of, values_of
from storage.queries.obligations import report_of
from storage.queries.readers import people_reading
from storage.reference import Reference
from storage.submissions.mirroring import approval_day
from storage.submissions.sending import is_sender
from storage.tables import Decision, Person, Project, Submission

_MANY_UNITS = 5_000
"""From so many on, all that is left anywhere is counted faster than what is left in each of them."""


@dataclass(frozen=True, slots=True)
class Unmirrored:
    """An approved report of which nobody has said that it is in eMENSCR; ``approved_on`` None: not on record."""

    submission_id: int
    code: str
    name: str
    unit: str
    quarter: Quarter
    approved_on: date | None


@dataclass(frozen=True, slots=True)
class ReportToMirror:
    """An approved report as it is to be written into eMENSCR.

    ``values`` and ``particulars`` as ``storage.queries.approval_content`` gives them. ``mirrored_on``: it was, on that
    day; ``mirrored_by`` is by whom (a position, empty: an import says so). ``may_mark``: the asker may say so.
    """

    submission_id: int
    version: int
    code: str
    name: str
    unit: str
    quarter: Quarter
    basis: YearBasis
    uses_budget: bool
    values: Mapping[str, Any]
    particulars: Particulars
    approved_on: date | None
    mirrored_on: date | None
    mirrored_by: str
    may_mark: bool


class MirrorStanding(NamedTuple):
    """Whether an approved report is in eMENSCR, as its unit says; the fields are those of ``ReportToMirror``."""

    submission_id: int
    mirrored_on: date | None
    mirrored_by: str


def mirroring_units(reference: Reference, sight: Sight) -> frozenset[str]:
    """Return the units (codes) that write into eMENSCR by hand, as far as they are seen in every state."""
    below = reference.rules.organisation.below
    ministries = [code for code, policy in reference.rules.policies.items() if policy.mirror_emenscr]
    units = frozenset[str]().union(*(below(code) for code in ministries))
    return units if sight.everything else units & sight.whole


def count_unmirrored(session: Session, reference: Reference, units: Collection[str]) -> Mapping[str, int]:
    """Return how many reports are left, by unit, of some of the ``mirroring_units``; one with none is left out."""
    if not units:
        return {}
    ids = {reference.unit_ids[unit]: unit for unit in units}
    of_units = Submission.unit_id.in_(ids) if len(ids) < _MANY_UNITS else true()
    about = Submission.unit_id, Submission.fiscal_year, Submission.quarter
    left: Counter[str] = Counter()
    for number, year, quarter, reports in session.execute(
        select(*about, func.count()).where(_is_left(), of_units).group_by(*about)
    ):
        if number in ids and _is_tracked(reference, ids[number], Quarter(year, quarter)):
            left[ids[number]] += reports
    return left


def page_of_unmirrored(
    session: Session, reference: Reference, units: Collection[str], rows: range
) -> Sequence[Unmirrored]:
    """Return a page of what is left of some of the ``mirroring_units``, oldest quarter first; rows count from 0."""
    query = (
        select(Submission, Project.code, Project.name)
        .join(Project, Project.id == Submission.project_id)
        .where(_is_left(), _is_of(reference, units))
        .order_by(Submission.fiscal_year, Submission.quarter, Project.code)
    )
    found = session.execute(query.limit(len(rows)).offset(rows.start)).all()
    days = _approval_days(session, [row.id for row, _, _ in found])
    return [
        Unmirrored(
            submission_id=row.id,
            code=code,
            name=name,
            unit=reference.unit_codes[row.unit_id],
            quarter=Quarter(row.fiscal_year, row.quarter),
            approved_on=days.get((row.id, row.version)),
        )
        for row, code, name in found
    ]


def report_to_mirror(session: Session, reference: Reference, person: str, submission_id: int) -> ReportToMirror | None:
    """Return an approved report as ``person`` (a code) may copy it; None: there is none, or not for this person."""
    row = session.get(Submission, submission_id, populate_existing=True)
    if row is None or row.project_id is None or not _is_of_asker(reference, reference.sight(person), row):
        return None
    project = session.get_one(Project, row.project_id)
    unit = reference.unit_codes[row.unit_id]
    return ReportToMirror(
        submission_id=row.id,
        version=row.version,
        code=project.code,
        name=project.name,
        unit=unit,
        quarter=Quarter(row.fiscal_year, row.quarter),
        basis=reference.rules.organisation.year_basis(unit),
        uses_budget=project.uses_budget,
        values=values_of(session, row, project),
        particulars=particulars_of(session, row, project),
        approved_on=approval_day(session, row),
        mirrored_on=row.mirrored_on,
        mirrored_by=_position(session, reference, row.mirrored_by_id),
        may_mark=is_sender(reference, person, unit, row.kind),
    )


def report_standing(
    session: Session, reference: Reference, sight: Sight, unit: str, code: str, quarter: Quarter
) -> MirrorStanding | None:
    """Return how it stands with the approved report of a project (``code``) of a unit; None: there is none to copy."""
    if not _copies(reference, sight, unit):
        return None
    row = session.scalar(select(Submission).join(Project, report_of(quarter)).where(Project.code == code))
    if row is None or not _is_of_asker(reference, sight, row):
        return None
    return MirrorStanding(row.id, row.mirrored_on, _position(session, reference, row.mirrored_by_id))


def _copies(reference: Reference, sight: Sight, unit: str) -> bool:
    """Tell whether the unit is one of the ``mirroring_units``."""
    return reference.rules.policy(unit).mirror_emenscr and sight.of(unit) is Visibility.WHOLE


def _is_of_asker(reference: Reference, sight: Sight, row: Submission) -> bool:
    """Tell whether the row is an approved report that the asker may copy, in eMENSCR already or not."""
    if row.kind is not SubmissionKind.QUARTER_REPORT or row.state is not SubmissionState.APPROVED:
        return False
    unit, quarter = reference.unit_codes[row.unit_id], Quarter(row.fiscal_year, row.quarter)
    return _copies(reference, sight, unit) and _is_tracked(reference, unit, quarter)


def _is_tracked(reference: Reference, unit: str, quarter: Quarter) -> bool:
    first = reference.rules.policy(unit).tracked_from
    return first is None or quarter >= first


def _is_left() -> ColumnElement[bool]:
    """Return the condition that a row is an approved report of which nobody said that it is in eMENSCR."""
    is_report = Submission.kind == SubmissionKind.QUARTER_REPORT
    return and_(is_report, Submission.state == SubmissionState.APPROVED, Submission.mirrored_on.is_(None))


def _is_of(reference: Reference, units: Collection[str]) -> ColumnElement[bool]:
    """Return the condition that a row is of these units, and of a quarter that their ministry tracks."""
    ministry_of, by_ministry = reference.rules.organisation.ministry_of, defaultdict[str, list[int]](list)
    for unit in units:
        by_ministry[ministry_of(unit)].append(reference.unit_ids[unit])
    tracked = [
        and_(Submission.unit_id.in_(sorted(ids)), _is_since(reference.rules.policy(ministry).tracked_from))
        for ministry, ids in by_ministry.items()
    ]
    return or_(false(), *tracked)


def _is_since(first: Quarter | None) -> ColumnElement[bool]:
    if first is None:
        return Submission.fiscal_year > 0
    is_later_year = Submission.fiscal_year > first.fiscal_year
    return or_(is_later_year, and_(Submission.fiscal_year == first.fiscal_year, Submission.quarter >= first.number))


def _approval_days(session: Session, ids: Sequence[int]) -> Mapping[tuple[int, int], date]:
    """Return when the last decision on each version of some submissions was made."""
    query = (
        select(Decision.submission_id, Decision.version, func.max(Decision.decided_at))
        .where(Decision.submission_id.in_(ids))
        .group_by(Decision.submission_id, Decision.version)
    )
    return {(row, version): at.astimezone(BANGKOK).date() for row, version, at in session.execute(query)}


def _position(session: Session, reference: Reference, person_id: int | None) -> str:
    code = session.scalar(select(Person.code).where(Person.id == person_id))
    return people_reading(session, [code], reference.rules.today)[code].position if code else ""
