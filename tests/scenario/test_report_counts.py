"""The kept counters say what counting everything by the rules says, whatever has changed."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

from sqlalchemy import delete, select, update

from domain.fiscal import Quarter
from domain.obligations import owes_report
from domain.organisation import Organisation
from domain.submissions import ExecutionStatus, SubmissionKind, SubmissionState
from domain.windows import Stage
from storage.late_reasons import explain_late_report
from storage.outbox_claims import Now
from storage.queries.rules import load_organisation
from storage.report_counts import FIRST_QUARTER, recount
from storage.schema import upgrade
from storage.tables import Project, QuarterReport, ReportCount, Submission, Unit
from tests.importing import NOW, Office, office, sample
from tests.spreadsheets import changed
from tests.submitting import actor_of

__all__ = ["office"]

Counters = Counter[tuple[int, int, str, str, str, int, bool, bool]]
Q1 = Quarter(2566, 1)


def kept(office: Office) -> Counters:
    """Return the counters as they are kept: year, quarter, ministry, unit and how the reports stand."""
    with office.sees() as session:
        codes = dict(session.execute(select(Unit.id, Unit.code)).all())
        rows = session.scalars(select(ReportCount)).all()
    return Counter(
        {
            (
                row.fiscal_year, row.quarter, codes[row.ministry_id], codes[row.unit_id],
                row.state, row.step, row.left_agency, row.is_late,
            ): row.number
            for row in rows
        }
    )  # fmt: skip


def by_the_rules(office: Office) -> Counters:
    """Return the counters by asking the domain about every project and quarter."""
    found: Counters = Counter()
    with office.sees() as session:
        organisation = load_organisation(session, NOW.date())
        codes = dict(session.execute(select(Unit.id, Unit.code)).all())
        filled = set(session.scalars(select(QuarterReport.submission_id)))
        reports = {
            (report.project_id, report.fiscal_year, report.quarter): report
            for report in session.scalars(select(Submission))
            if report.kind is SubmissionKind.QUARTER_REPORT
        }
        for project in session.scalars(select(Project)):
            unit = codes[project.unit_id]
            entry = SubmissionState.APPROVED if project.official_version else SubmissionState.DRAFT
            quarter, last = FIRST_QUARTER, Quarter.containing(project.end_month)
            while quarter <= last:
                if owes_report(project.start_month, project.end_month, entry, project.execution_status, quarter, None):
                    report = reports.get((project.id, quarter.fiscal_year, quarter.number))
                    standing = standing_of(
                        organisation, unit, report, is_filled=report is not None and report.id in filled
                    )
                    found[quarter.fiscal_year, quarter.number, organisation.ministry_of(unit), unit, *standing] += 1
                quarter = quarter.next()
    return found


def standing_of(
    organisation: Organisation, unit: str, report: Submission | None, *, is_filled: bool
) -> tuple[str, int, bool, bool]:
    if report is None:
        return "", 0, False, False
    waits = report.state is SubmissionState.PENDING_APPROVAL
    at_ministry = waits and organisation.stage_of(unit, report.step or 1) is Stage.UPPER
    left = report.state is SubmissionState.APPROVED or at_ministry or report.returned_by is Stage.UPPER
    is_empty = report.state is SubmissionState.DRAFT and not is_filled
    return "" if is_empty else report.state.value, (report.step or 1) if waits else 0, left, report.is_late


def put(office: Office, code: str, quarter: Quarter, **values: object) -> None:
    """Put a report into a state as sending and deciding will, with its counters in the same transaction."""
    with office.database.write() as session:
        project = session.scalars(select(Project).where(Project.code == code)).one()
        key = {"fiscal_year": quarter.fiscal_year, "quarter": quarter.number, "kind": SubmissionKind.QUARTER_REPORT}
        report = session.scalar(select(Submission).filter_by(project_id=project.id, **key))
        if report is None:
            report = Submission(project_id=project.id, unit_id=project.unit_id, state=SubmissionState.DRAFT, **key)
            session.add(report)
        for name, value in values.items():
            setattr(report, name, value)
        recount(session, [project.unit_id], [quarter])


def test_counters_stay_right_through_imports_reports_reasons_and_reorganisations(office: Office) -> None:
    office.imports_sample()
    assert kept(office) == by_the_rules(office) != Counter()

    put(office, "รง 0301-66-0001", Q1, state=SubmissionState.PENDING_APPROVAL, step=3)
    put(office, "รง 0302-66-0001", Q1, state=SubmissionState.RETURNED, step=None, returned_by=Stage.UPPER, is_late=True)
    put(office, "รง 0601-66-0001", Q1.next(), state=SubmissionState.APPROVED)
    assert kept(office) == by_the_rules(office)

    with office.database.write() as session:
        real_now = datetime(2026, 1, 5, tzinfo=UTC)
        by = actor_of(session, "P00033")
        explain_late_report(session, "รง 0501-66-0003", Q1, "การจัดซื้อจัดจ้างล่าช้า", by, Now(real_now, real_now))
    assert kept(office) == by_the_rules(office)

    projects = sample("projects.xlsx")
    moved = changed(projects, "หน่วยงานระดับกองหรือเทียบเท่า", {2: "รง0501"})
    office.imports_rows(*changed(moved, "สถานะการดำเนินโครงการ", {3: "ยกเลิก", 61: "อยู่ระหว่างดำเนินการ"}))
    reports = sample("reports.xlsx")
    office.imports_rows(*changed(changed(reports, "สถานะ", {2: "ร่าง"}), "ลำดับที่รออนุมัติ", {32: 2}), name="reports.xlsx")
    assert kept(office) == by_the_rules(office)

    units, routes = sample("units.xlsx"), sample("routes.xlsx")
    row = next(number for number, unit in enumerate(units, 1) if unit[0] == "รง03")
    office.imports_rows(*changed(units, "สังกัด", {row: ""}), name="units.xlsx")
    step = next(number for number, route in enumerate(routes, 1) if route[:2] == ["รง0301", 3])
    office.imports_rows(*changed(routes, "ขั้น", {step: "หน่วยงาน"}), name="routes.xlsx")
    assert kept(office) == by_the_rules(office)
    assert {counter[2] for counter in kept(office)} == {"รง", "รง03"}


def test_cancelled_projects_merged_units_and_an_upgrade_leave_the_counters_right(
    office: Office, database_url: str
) -> None:
    office.imports_sample()
    with office.database.write() as session:
        ids = dict(session.execute(select(Unit.code, Unit.id)).all())
        cancelled = update(Project).where(Project.unit_id == ids["รง0301"])
        session.execute(cancelled.values(execution_status=ExecutionStatus.CANCELLED))
        session.execute(update(Unit).where(Unit.code == "รง0603").values(merged_into_id=ids["รง03"], parent_id=None))
        recount(session, [ids["รง0301"], ids["รง0603"]])
    before = kept(office)
    assert before == by_the_rules(office) != Counter()
    assert "รง0301" not in {counter[3] for counter in before}

    with office.database.write() as session:
        recount(session, None, [])
        recount(session, None, [Quarter(2600, 1)])
    assert kept(office) == before

    with office.database.write() as session:
        session.execute(delete(ReportCount))
    upgrade(database_url)
    assert kept(office) == before


def test_of_two_changes_at_once_neither_is_lost(office: Office) -> None:
    office.imports_sample()
    codes = ("รง 0303-64-0002", "รง 0303-64-0004", "รง 0303-66-0001", "รง 0303-66-0003")
    barrier = Barrier(len(codes))

    def approve(code: str) -> None:
        barrier.wait()
        put(office, code, Quarter(2566, 3), state=SubmissionState.APPROVED)

    with ThreadPoolExecutor(len(codes)) as threads:
        list(threads.map(approve, codes))
    assert kept(office) == by_the_rules(office)
