"""A whole country, made up: as many ministries as asked for, with projects, people, routes and reports."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any

from domain.organisation import UnitLevel
from domain.roles import Role
from domain.submissions import ExecutionStatus, SubmissionKind, SubmissionState
from domain.windows import Stage
from storage import tables
from storage.database import Database
from storage.imports.store import insert_rows
from storage.tables.projects import INITIAL_PLAN_DATE

LAST_DAY = datetime(2023, 4, 28, 1, 30, tzinfo=UTC)
"""08:30 in Bangkok on the last working day of the default window of quarter 2/2566: everybody has something."""

_VERBS = ("ยกระดับ", "พัฒนา", "ส่งเสริม", "ขับเคลื่อน", "เพิ่มประสิทธิภาพ", "บูรณาการ", "ขยายผล", "ปรับปรุง", "สร้างเครือข่าย")
_MATTERS = (
    "ทักษะแรงงานดิจิทัล", "การตรวจแรงงานประมงทะเล", "ศูนย์บริการร่วม", "แหล่งน้ำเพื่อการเกษตร", "ผู้สูงอายุในชุมชน",
    "วิสาหกิจขนาดกลางและขนาดย่อม", "การท่องเที่ยวเมืองรอง", "ระบบข้อมูลสุขภาพปฐมภูมิ", "โรงเรียนขนาดเล็ก", "ป่าชายเลน",
    "การป้องกันการค้ามนุษย์", "ระบบราง", "เกษตรอินทรีย์", "พลังงานสะอาดในครัวเรือน", "ศูนย์เด็กเล็ก", "ผู้ประกันตนมาตรา 40",
    "การจัดการขยะมูลฝอย", "มาตรฐานฝีมือแรงงานแห่งชาติ", "กองทุนหมู่บ้าน", "การระงับข้อพิพาท", "e-Service ภาครัฐ", "ทางหลวงชนบท",
)  # fmt: skip
_PLACES = (
    "ในพื้นที่ EEC", "จังหวัดชายแดนภาคใต้", "ภาคตะวันออกเฉียงเหนือ", "16 จังหวัดนำร่อง", "ในเขตพัฒนาเศรษฐกิจพิเศษ", "แบบมีส่วนร่วม",
    "อย่างยั่งยืน", "กลุ่มเปราะบาง", 'เพื่อ "คนไทย"', "สู่ Thailand 4.0", "ยุควิถีใหม่", "ตามแนวชายแดน", "ลุ่มน้ำเจ้าพระยา",
)  # fmt: skip


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
    """Fills an empty, migrated database.

    ``with_money`` adds spending plans, reports of quarter 1 and what the reports say, which reminders never look at,
    and somebody who sees it all.
    """

    def __init__(self, size: Size, *, with_money: bool = False) -> None:
        self._size, self._with_money = size, with_money
        self._rows: dict[type[tables.Base], list[dict[str, Any]]] = {}
        self._units, self._people = itertools.count(1), itertools.count(1)
        self._projects, self._submissions = itertools.count(1), itertools.count(1)
        self._random = Random(2566)

    def build(self, database: Database) -> int:
        """Write everything and return how many people there are."""
        if self._with_money:
            self._person(self._unit("NESDC", UnitLevel.AGENCY, None), Role.ADMIN)
        for number in range(1, self._size.ministries + 1):
            self._ministry(number)
            self._write(database)
        return next(self._people) - 1

    def _write(self, database: Database) -> None:
        with database.write() as session:
            for table in (
                tables.Unit,
                tables.Person,
                tables.RoleAssignment,
                tables.RouteStep,
                tables.Project,
                tables.SpendingPlan,
                tables.Submission,
                tables.QuarterReport,
            ):
                insert_rows(session, table, self._rows.pop(table, []))

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
        at = number % self._size.projects_each + 1
        self._add(
            tables.Project,
            id=number,
            code=f"กข {unit:05}-66-{at:04}",
            unit_id=unit,
            fiscal_year=2566,
            official_version=1,
            name=self._name(number),
            execution_status=ExecutionStatus.IN_PROGRESS,
            start_month=date(2022, 10, 1),
            end_month=date(2023, 9, 1),
            budget_total=Decimal(4_000_000),
        )
        if self._with_money:
            self._plan(number)
            if number % 10:
                self._report(number, unit, 1, SubmissionState.APPROVED)
        state = (None, None, SubmissionState.DRAFT, SubmissionState.RETURNED, SubmissionState.PENDING_APPROVAL)[
            number % 5
        ]
        if state is not None:
            self._report(number, unit, 2, state)

    def _name(self, number: int) -> str:
        """Return a name like many others; every third is one of several with the same words."""
        some = self._random.choice
        name = f"โครงการ{some(_VERBS)}{some(_MATTERS)} {some(_PLACES)}"
        return name if number % 3 == 0 else f"{name} ระยะที่ {number}"

    def _plan(self, project: int) -> None:
        for dated_on in (INITIAL_PLAN_DATE, date(2023, 2, 1))[: 2 if project % 10 == 0 else 1]:
            figures = {f"q{quarter}": Decimal(self._random.randrange(10**8)) / 100 for quarter in (1, 2, 3, 4)}
            self._add(tables.SpendingPlan, project_id=project, fiscal_year=2566, dated_on=dated_on, **figures)

    def _report(self, project: int, unit: int, quarter: int, state: SubmissionState) -> None:
        number = next(self._submissions)
        pending = state is SubmissionState.PENDING_APPROVAL
        version = 0 if state is SubmissionState.DRAFT else 1
        self._add(
            tables.Submission,
            id=number,
            project_id=project,
            unit_id=unit,
            kind=SubmissionKind.QUARTER_REPORT,
            fiscal_year=2566,
            quarter=quarter,
            state=state,
            version=version,
            step=project // 5 % 4 + 1 if pending else None,
            arrived_at=datetime(2023, 4, 10, tzinfo=UTC) if pending else None,
            sent_at=datetime(2023, 4, 10, tzinfo=UTC) if version else None,
        )
        if self._with_money:
            self._add(
                tables.QuarterReport,
                submission_id=number,
                version=1,
                disbursed_baht=Decimal(self._random.randrange(10**8)) / 100,
                summary="ดำเนินการตามแผน จัดอบรมและติดตามผลในพื้นที่แล้ว",
            )

    def _add(self, table: type[tables.Base], **values: Any) -> None:
        self._rows.setdefault(table, []).append(values)
