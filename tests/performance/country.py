"""A whole country, made up: as many ministries as asked for, with projects, people, routes and reports."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from domain.organisation import UnitLevel
from domain.roles import Role
from domain.submissions import ExecutionStatus, SubmissionKind, SubmissionState
from domain.windows import Stage
from storage import tables
from storage.database import Database

LAST_DAY = datetime(2023, 4, 28, 1, 30, tzinfo=UTC)
"""08:30 in Bangkok on the last working day of the default window of quarter 2/2566: everybody has something."""

_PROJECT_NAME = "โครงการยกระดับทักษะแรงงานและพัฒนาระบบบริการประชาชนเชิงรุกในพื้นที่ ระยะที่ {}"
_ROWS_A_STATEMENT = 5_000


@dataclass(frozen=True, slots=True)
class Size:
    """How large a country is."""

    ministries: int
    agencies_each: int
    divisions_each: int
    projects_each: int

    @property
    def projects(self) -> int:
        """Number of projects."""
        return self.ministries * self.agencies_each * self.divisions_each * self.projects_each


COUNTRY = Size(ministries=20, agencies_each=30, divisions_each=50, projects_each=10)
ONE_OF_TWENTY = Size(ministries=1, agencies_each=30, divisions_each=50, projects_each=10)
PILOT = Size(ministries=1, agencies_each=5, divisions_each=11, projects_each=6)


class Country:
    """Fills an empty, migrated database."""

    def __init__(self, size: Size) -> None:
        self._size = size
        self._rows: dict[type[tables.Base], list[dict[str, Any]]] = {}
        self._units, self._people = itertools.count(1), itertools.count(1)
        self._projects = itertools.count(1)

    def build(self, database: Database) -> int:
        """Write everything and return how many people there are."""
        for number in range(1, self._size.ministries + 1):
            self._ministry(number)
        with database.write() as session:
            for table in (
                tables.Unit,
                tables.Person,
                tables.RoleAssignment,
                tables.RouteStep,
                tables.Project,
                tables.Submission,
            ):
                _insert(session, table, self._rows[table])
        return len(self._rows[tables.Person])

    def _ministry(self, number: int) -> None:
        ministry = self._unit(f"M{number:02}", UnitLevel.MINISTRY, None)
        secretary = self._person(ministry, Role.APPROVER)
        cluster_head = self._person(ministry, Role.APPROVER)
        for _ in range(2):
            self._person(ministry, Role.MINISTRY_COORDINATOR)
        for agency_number in range(1, self._size.agencies_each + 1):
            agency = self._unit(f"M{number:02}A{agency_number:02}", UnitLevel.AGENCY, ministry)
            director = self._person(agency, Role.APPROVER)
            self._person(agency, Role.PLAN_OFFICER)
            for division_number in range(1, self._size.divisions_each + 1):
                code = f"M{number:02}A{agency_number:02}D{division_number:02}"
                division = self._unit(code, UnitLevel.DIVISION, agency)
                self._person(division, Role.PROJECT_OFFICER)
                head = self._person(division, Role.APPROVER)
                for order, (stage, person) in enumerate(
                    [
                        (Stage.AGENCY, head),
                        (Stage.AGENCY, director),
                        (Stage.UPPER, cluster_head),
                        (Stage.UPPER, secretary),
                    ],
                    1,
                ):
                    self._add(tables.RouteStep, unit_id=division, order=order, stage=stage, approver_id=person)
                for _ in range(self._size.projects_each):
                    self._project(division)

    def _unit(self, code: str, level: UnitLevel, parent: int | None) -> int:
        number = next(self._units)
        self._add(
            tables.Unit, id=number, code=code, name=f"หน่วยงาน {code}", short_name="", level=level, parent_id=parent
        )
        return number

    def _person(self, unit: int, role: Role) -> int:
        number = next(self._people)
        self._add(
            tables.Person,
            id=number,
            code=f"P{number:06}",
            full_name=f"นางสาวพรทิพย์ ที่ {number}",
            email="",
            line_user_id=f"U{number:032x}",
        )
        self._add(tables.RoleAssignment, person_id=number, unit_id=unit, role=role, position="ผู้อำนวยการกอง")
        return number

    def _project(self, unit: int) -> None:
        number = next(self._projects)
        self._add(
            tables.Project,
            id=number,
            code=f"กข {unit % 10000:04}-66-{number:07}",
            unit_id=unit,
            fiscal_year=2566,
            official_version=1,
            name=_PROJECT_NAME.format(number),
            execution_status=ExecutionStatus.IN_PROGRESS,
            start_month=date(2022, 10, 1),
            end_month=date(2023, 9, 1),
        )
        state = (None, None, SubmissionState.DRAFT, SubmissionState.RETURNED, SubmissionState.PENDING_APPROVAL)[
            number % 5
        ]
        if state is not None:
            pending = state is SubmissionState.PENDING_APPROVAL
            self._add(
                tables.Submission,
                project_id=number,
                unit_id=unit,
                kind=SubmissionKind.QUARTER_REPORT,
                fiscal_year=2566,
                quarter=2,
                state=state,
                step=number // 5 % 4 + 1 if pending else None,
                arrived_at=datetime(2023, 4, 10, tzinfo=UTC) if pending else None,
            )

    def _add(self, table: type[tables.Base], **values: Any) -> None:
        self._rows.setdefault(table, []).append(values)


def _insert(session: Session, table: type[tables.Base], rows: Iterable[Mapping[str, Any]]) -> None:
    for page in _pages(rows):
        session.execute(insert(table), page)


def _pages(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    rows = iter(rows)
    while page := list(itertools.islice(rows, _ROWS_A_STATEMENT)):
        yield page
