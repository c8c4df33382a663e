"""What waits for a decision: for the asker, or anywhere within the asker's sight; most urgent first.

The whole list is read as light rows, for the counts and the order need all of it; names are read for one page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from domain.fiscal import Quarter
from domain.in_force import Rules
from domain.permissions import Seat, Sight
from domain.policy import ReminderPolicy
from domain.reminders import BANGKOK
from domain.submissions import ExecutionStatus, SubmissionKind, SubmissionState
from domain.windows import Occasion, ScopePath, Stage, WindowKind
from storage.queries.scope import submissions_in, waiting_at
from storage.reference import Reference
from storage.tables import AgencyDuty, Project, Submission

_ENTRIES = frozenset({SubmissionKind.PROJECT_ENTRY, SubmissionKind.PROJECT_EDIT})
_IN_MOTION = ~Project.execution_status.in_([ExecutionStatus.CANCELLED])


@dataclass(frozen=True, slots=True)
class Wanted:
    """Narrows a list down to ``units`` (codes) or to the reports of a quarter."""

    units: frozenset[str] | None = None
    quarter: Quarter | None = None


EVERYTHING = Wanted()


class Waiting(NamedTuple):
    """Something that waits at ``step`` of its route; ``unit`` (a code) is who sent it.

    ``since`` is when it came there, ``closes_on`` the last day of that step's window (None: it has none).
    """

    submission_id: int
    unit: str
    kind: SubmissionKind
    occasion: Occasion
    step: int
    stage: Stage
    since: datetime | None
    closes_on: date | None

    def since_day(self) -> date | None:
        """Return the Bangkok day on which it came."""
        return None if self.since is None else self.since.astimezone(BANGKOK).date()


@dataclass(frozen=True, slots=True)
class Named:
    """A waiting item with what it is called; ``code`` is empty for an agency's plan or yearly report."""

    item: Waiting
    code: str
    name: str
    version: int


def waiting_for(
    session: Session, reference: Reference, seats: Iterable[Seat], wanted: Wanted = EVERYTHING
) -> list[Waiting]:
    """Return what waits at the steps of these seats, most urgent first."""
    steps: dict[str, set[int]] = defaultdict(set)
    for seat in seats:
        for unit, orders in reference.rules.organisation.orders_of(seat.holder).items():
            if wanted.units is None or unit in wanted.units:
                steps[unit] |= orders
    return _waiting(session, reference, waiting_at(steps, reference.unit_ids), wanted) if steps else []


def waiting_within(session: Session, reference: Reference, sight: Sight, wanted: Wanted = EVERYTHING) -> list[Waiting]:
    """Return what waits anywhere in what is seen in every state, most urgent first."""
    narrowed = sight if wanted.units is None else sight.within(wanted.units)
    seen = Sight(everything=narrowed.everything, whole=narrowed.whole, duties=narrowed.duties)
    if seen.is_blind and not seen.duties:
        return []
    return _waiting(session, reference, submissions_in(seen, reference.unit_ids), wanted)


def named(session: Session, items: Sequence[Waiting]) -> list[Named]:
    """Return the items, in their order, with names and versions."""
    query = (
        select(
            Submission.id,
            func.coalesce(Project.code, ""),
            func.coalesce(Project.name, AgencyDuty.plan_name, ""),
            Submission.version,
        )
        .outerjoin(Project, Project.id == Submission.project_id)
        .outerjoin(AgencyDuty, AgencyDuty.id == Submission.agency_duty_id)
        .where(Submission.id.in_([item.submission_id for item in items]))
    )
    found = {row.id: row for row in session.execute(query)}
    return [Named(item, *found[item.submission_id][1:]) for item in items]


def of_projects(session: Session, items: Iterable[Waiting], codes: Collection[str]) -> list[Waiting]:
    """Return those of the items that are of one of these projects (codes)."""
    query = (
        select(Submission.id)
        .join(Project, Project.id == Submission.project_id)
        .where(Project.code.in_(codes), Submission.state == SubmissionState.PENDING_APPROVAL)
    )
    ids = set(session.scalars(query))
    return [item for item in items if item.submission_id in ids]


def waiting_on(session: Session, reference: Reference, sight: Sight, codes: Collection[str]) -> list[Waiting]:
    """Return what of these projects (codes) waits at anybody's step, as far as the asker may see it."""
    of_codes = Project.code.in_(codes)
    return _waiting(session, reference, and_(submissions_in(sight, reference.unit_ids), of_codes), EVERYTHING)


def _waiting(session: Session, reference: Reference, scope: ColumnElement[bool], wanted: Wanted) -> list[Waiting]:
    query = (
        select(
            Submission.id,
            Submission.unit_id,
            Submission.kind,
            Submission.fiscal_year,
            Submission.quarter,
            func.coalesce(Submission.step, 1),
            Submission.arrived_at,
            AgencyDuty.kind.label("duty_kind"),
            Project.start_month,
            Project.end_month,
        )
        .outerjoin(Project, Project.id == Submission.project_id)
        .outerjoin(AgencyDuty, AgencyDuty.id == Submission.agency_duty_id)
        .where(Submission.state == SubmissionState.PENDING_APPROVAL, scope, _is_somebodys_duty(), *_narrowed(wanted))
    )
    reading = _Reading(reference)
    found = [item for row in session.execute(query) if (item := reading.item(row)) is not None]
    return sorted(found, key=_urgency)


def _is_somebodys_duty() -> ColumnElement[bool]:
    """Return the condition that what waits counts at all: a report of a project that owes none reminds nobody."""
    is_report = Submission.kind == SubmissionKind.QUARTER_REPORT
    return and_(or_(Submission.project_id.is_(None), _IN_MOTION), or_(~is_report, Project.official_version > 0))


def _narrowed(wanted: Wanted) -> Sequence[ColumnElement[bool]]:
    quarter = wanted.quarter
    if quarter is None:
        return ()
    return (
        Submission.kind == SubmissionKind.QUARTER_REPORT,
        Submission.fiscal_year == quarter.fiscal_year,
        Submission.quarter == quarter.number,
    )


def _urgency(item: Waiting) -> tuple[date, datetime | Any, int]:
    return item.closes_on or date.max, item.since or _EVER, item.submission_id


_EVER = datetime.min.replace(tzinfo=BANGKOK)


class _Reading:
    """Makes items of rows: what units and occasions share is looked up once."""

    def __init__(self, reference: Reference) -> None:
        self._codes = reference.unit_codes
        self._rules: Rules = reference.rules
        self._active = reference.active
        self._quarters: dict[tuple[int, int], Quarter] = {}
        self._spans: dict[Quarter, tuple[date, date]] = {}
        self._offices: dict[int, _Office] = {}
        self._closing: dict[tuple[ScopePath, Occasion, Stage], date | None] = {}

    def item(self, row: Sequence[Any]) -> Waiting | None:
        """Return the item of a row; None: a report that nobody owes."""
        submission_id, unit_id, kind, year, number, step, since, duty, start, end = row
        office = self._offices.get(unit_id) or self._office(unit_id)
        if duty is not None:
            occasion = Occasion(duty, year)
        elif kind in _ENTRIES:
            occasion = self._active.entry_of(office.unit) or Occasion(WindowKind.PROJECT_ENTRY, year)
        elif self._is_owed(office, year, number, start, end):
            occasion = Occasion(WindowKind.QUARTER_REPORT, year, number)
        else:
            return None
        stage = self._rules.organisation.stage_of(office.unit, step)
        closes_on = self._closes_on(office, occasion, stage)
        return Waiting(submission_id, office.unit, kind, occasion, step, stage, since, closes_on)

    def _office(self, unit_id: int) -> _Office:
        unit, rules = self._codes[unit_id], self._rules
        path = rules.windows.shared_path(rules.organisation.path(unit))
        office = self._offices[unit_id] = _Office(unit, path, rules.policy(unit))
        return office

    def _is_owed(self, office: _Office, year: int, number: int, start: date, end: date) -> bool:
        """Tell whether a report is owed: none of a quarter outside the project, or from before tracking began, is."""
        if (year, number) not in self._quarters:
            quarter = self._quarters[year, number] = Quarter(year, number)
            self._spans[quarter] = quarter.first_day, quarter.last_day
        quarter, tracked = self._quarters[year, number], office.policy.tracked_from
        first, last = self._spans[quarter]
        return start <= last and end >= first and (tracked is None or quarter >= tracked)

    def _closes_on(self, office: _Office, occasion: Occasion, stage: Stage) -> date | None:
        key = office.path, occasion, stage
        if key not in self._closing:
            windows = self._rules.window(occasion, office.path)
            span = windows.of(stage) if windows else None
            self._closing[key] = span.rolled(office.policy.roll, self._rules.calendar).closes_on if span else None
        return self._closing[key]


class _Office(NamedTuple):
    """What the items of a unit need to know of it."""

    unit: str
    path: ScopePath
    policy: ReminderPolicy
