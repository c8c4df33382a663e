"""What waits for a decision: for the asker, or anywhere within the asker's sight; most urgent first.

The whole list is read as light rows, for the counts and the order need all of it; names are read for one page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from domain.fiscal import Quarter
from domain.in_force import Rules
from domain.permissions import Seat, Sight
from domain.policy import ReminderPolicy
from domain.reminders import BANGKOK
from domain.submissions import ExecutionStatus, SubmissionKind, SubmissionState, binding_stage
from domain.windows import Occasion, ScopePath, Stage, WindowKind
from storage.queries.scope import submissions_in, waiting_at
from storage.reference import Reference
from storage.tables import AgencyDuty, Project, Submission

_ENTRIES = frozenset({SubmissionKind.PROJECT_ENTRY, SubmissionKind.PROJECT_EDIT})
_IN_MOTION = ~Project.execution_status.in_([ExecutionStatus.CANCELLED])


@dataclass(frozen=True, slots=True)
class Wanted:
    """Narrows a list down to ``units`` (codes), to the reports of a quarter, or to submissions of these ids.

    ``most``: no more are read, whichever they are.
    """

    units: frozenset[str] | None = None
    quarter: Quarter | None = None
    ids: frozenset[int] | None = None
    most: int | None = None


EVERYTHING = Wanted()


class Waiting(NamedTuple):
    """Something that waits at ``step`` of its route; ``unit`` (a code) is who sent it.

    ``since`` is when it came there, ``closes_on`` the last day of the window that binds the step (None: there is none).
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


def late_of(reference: Reference, items: Iterable[Waiting]) -> list[Waiting]:
    """Return those of the items that wait past their step's window, or longer than the policy likes; longest first."""
    return sorted((item for item in items if _is_late(reference.rules, item)), key=lambda item: item.since or _EVER)


def _is_late(rules: Rules, item: Waiting) -> bool:
    after, since = rules.policy(item.unit).escalate_after, item.since_day()
    waits_long = after is not None and since is not None and rules.calendar.after(since, after) <= rules.today
    return waits_long or (item.closes_on is not None and item.closes_on < rules.today)


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
            Submission.returned_by,
        )
        .outerjoin(Project, Project.id == Submission.project_id)
        .outerjoin(AgencyDuty, AgencyDuty.id == Submission.agency_duty_id)
        .where(Submission.state == SubmissionState.PENDING_APPROVAL, scope, _is_somebodys_duty(), *_narrowed(wanted))
    )
    reading = _Reading.of(reference)
    rows = session.execute(query.limit(wanted.most)).all()
    found = [item for row in rows if (item := reading.item(row)) is not None]
    if wanted.most is not None and len(found) < len(rows) == wanted.most:  # behind what nobody owes may be more
        return _waiting(session, reference, scope, replace(wanted, most=None))[: wanted.most]
    return sorted(found, key=_urgency)


def _is_somebodys_duty() -> ColumnElement[bool]:
    """Return the condition that what waits counts at all: a report of a project that owes none reminds nobody."""
    is_report = Submission.kind == SubmissionKind.QUARTER_REPORT
    return and_(or_(Submission.project_id.is_(None), _IN_MOTION), or_(~is_report, Project.official_version > 0))


def _narrowed(wanted: Wanted) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [] if wanted.ids is None else [Submission.id.in_(wanted.ids)]
    quarter = wanted.quarter
    if quarter is not None:
        found.append(Submission.kind == SubmissionKind.QUARTER_REPORT)
        found += [Submission.fiscal_year == quarter.fiscal_year, Submission.quarter == quarter.number]
    return found


def _urgency(item: Waiting) -> tuple[date, datetime | Any, int]:
    return item.closes_on or date.max, item.since or _EVER, item.submission_id


_EVER = datetime.min.replace(tzinfo=BANGKOK)


class _Reading:
    """Makes items of rows: what units and occasions share is looked up once, for all questions of a day."""

    @classmethod
    def of(cls, reference: Reference) -> Self:
        """Return the one of this reference data; safe for threads, for what two look up at once is the same."""
        return reference.worked_out((cls,), lambda: cls(reference))

    def __init__(self, reference: Reference) -> None:
        self._codes = reference.unit_codes
        self._rules: Rules = reference.rules
        self._active = reference.active
        self._places: dict[tuple[Any, ...], _Place | None] = {}
        self._closing: dict[tuple[ScopePath, Occasion, Stage], date | None] = {}

    def item(self, row: Sequence[Any]) -> Waiting | None:
        """Return the item of a row; None: a report that nobody owes."""
        submission_id, unit_id, kind, year, number, step, since, duty, start, end, returned_by = row
        key = unit_id, kind, year, number, step, duty, returned_by
        if key not in self._places:
            self._places[key] = self._place(*key)
        place = self._places[key]
        if place is None or (place.quarter is not None and not _overlaps(start, end, *place.quarter)):
            return None
        return Waiting(submission_id, place.unit, kind, place.occasion, step, place.stage, since, place.closes_on)

    def _place(
        self, unit_id: int, kind: SubmissionKind, year: int, number: int, step: int, duty: WindowKind | None,
        returned_by: Stage | None,
    ) -> _Place | None:  # fmt: skip
        """Return what items of a unit share; None: reports from before tracking began."""
        unit, rules = self._codes[unit_id], self._rules
        policy, quarter = rules.policy(unit), None
        if duty is not None:
            occasion = Occasion(duty, year)
        elif kind in _ENTRIES:
            occasion = self._active.entry_of(unit) or Occasion(WindowKind.PROJECT_ENTRY, year)
        else:
            occasion, quarter = Occasion(WindowKind.QUARTER_REPORT, year, number), Quarter(year, number)
            if policy.tracked_from is not None and quarter < policy.tracked_from:
                return None
        stage = rules.organisation.stage_of(unit, step)
        path = rules.windows.shared_path(rules.organisation.path(unit))
        is_edit = kind is SubmissionKind.PROJECT_EDIT  # which has no window
        closes_on = None if is_edit else self._closes_on(path, occasion, binding_stage(stage, returned_by), policy)
        return _Place(unit, occasion, stage, closes_on, (quarter.first_day, quarter.last_day) if quarter else None)

    def _closes_on(self, path: ScopePath, occasion: Occasion, stage: Stage, policy: ReminderPolicy) -> date | None:
        key = path, occasion, stage
        if key not in self._closing:
            windows = self._rules.window(occasion, path)
            span = windows.of(stage) if windows else None
            self._closing[key] = span.rolled(policy.roll, self._rules.calendar).closes_on if span else None
        return self._closing[key]


class _Place(NamedTuple):
    """What items of a unit at a step share; ``quarter`` is the first and last day of the one that a report is for."""

    unit: str
    occasion: Occasion
    stage: Stage
    closes_on: date | None
    quarter: tuple[date, date] | None


def _overlaps(start: date, end: date, first: date, last: date) -> bool:
    """Tell whether a project runs in a quarter; a report of one outside it is owed by nobody."""
    return start <= last and end >= first
