"""A unit explains a delay: the reason is kept with or without a report, audited, and shown in the office's list."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from domain.errors import Refusal, TransitionRefused
from domain.fiscal import Quarter
from domain.submissions import SubmissionKind, SubmissionState
from domain.windows import Occasion, WindowKind
from storage import tables
from storage.late_reasons import explain_late_duty, explain_late_report
from storage.outbox_claims import Now
from storage.tables.messaging import AuditAction, AuditEntry
from tests.office import Bot, bangkok, labour
from tests.submitting import actor_of

__all__ = ["labour"]

GIVEN_AT = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
Q1 = Quarter(2566, 1)
UNREPORTED, DRAFTED, APPROVED = "รง 0501-66-0003", "รง 0501-66-0001", "รง 0201-66-0001"
REASON = "การจัดซื้อจัดจ้างล่าช้า"
PLAN = Occasion(WindowKind.LEVEL3_PLAN, 2566)


def explain(bot: Bot, project: str, reason: str) -> None:
    with bot.database.write() as session:
        by = actor_of(session, "P00033")
        explain_late_report(session, project, Q1, reason, by, Now(bot.at, GIVEN_AT))


def explain_plan(bot: Bot, reason: str) -> None:
    with bot.database.write() as session:
        agency = session.scalars(select(tables.Unit.id).where(tables.Unit.code == "รง02")).one()
        by = actor_of(session, "P00008")
        explain_late_duty(session, agency, PLAN, "", reason, by, Now(bot.at, GIVEN_AT))


def report_of(bot: Bot, project: str) -> tables.Submission | None:
    query = (
        select(tables.Submission)
        .join(tables.Project, tables.Project.id == tables.Submission.project_id)
        .where(tables.Project.code == project, tables.Submission.kind == SubmissionKind.QUARTER_REPORT)
    )
    with bot.database.read() as session:
        return session.scalar(query)


def audited(bot: Bot) -> list[AuditEntry]:
    with bot.database.read() as session:
        given = AuditEntry.action == AuditAction.LATE_REASON_GIVE
        return list(session.scalars(select(AuditEntry).where(given).order_by(AuditEntry.id)))


def unreported(bot: Bot, folder: Path) -> dict[str, list[str]]:
    """Return the rows of the exported list by project code."""
    out = folder / "unreported.xlsx"
    bot.run("export", "unreported", "--out", out)
    rows = CalamineWorkbook.from_path(out).get_sheet_by_index(0).iter_rows()
    return {str(row[0]): [str(cell) for cell in row] for row in rows}


def test_a_reason_for_a_report_that_nobody_began_begins_an_empty_draft(labour: Bot) -> None:
    assert report_of(labour, UNREPORTED) is None
    explain(labour, UNREPORTED, f"  {REASON} \n")
    report = report_of(labour, UNREPORTED)
    assert report is not None
    assert (report.state, report.version, report.late_reason) == (SubmissionState.DRAFT, 0, REASON)
    assert (report.fiscal_year, report.quarter) == (2566, 1)


def test_explaining_does_not_end_the_reminders(labour: Bot) -> None:
    before = labour.json("remind", "--dry-run")
    explain(labour, DRAFTED, REASON)
    assert labour.json("remind", "--dry-run") == before
    explain(labour, UNREPORTED, REASON)
    (officer,) = (r for r in labour.json("remind", "--dry-run") if r["person"] == "P00033")
    assert "2 โครงการ: ยังไม่กรอก 1 · ร่าง 1" in officer["alt"]  # a reason alone enters nothing


def test_a_second_reason_replaces_the_first_and_both_are_audited_with_who_gave_them(labour: Bot) -> None:
    explain(labour, DRAFTED, REASON)
    explain(labour, DRAFTED, "รอข้อมูลจากจังหวัด")
    report = report_of(labour, DRAFTED)
    assert report is not None
    assert report.late_reason == "รอข้อมูลจากจังหวัด"
    first, second = audited(labour)
    assert (first.before, first.after) == ("", REASON)
    assert (second.before, second.after) == (REASON, "รอข้อมูลจากจังหวัด")
    with labour.database.read() as session:
        actor = session.get_one(tables.Person, second.actor_id)
    assert (actor.code, second.at, second.subject) == ("P00033", GIVEN_AT, f"report:{DRAFTED}:1/2566")


@pytest.mark.parametrize("reason", ("", "   รอข้อมูล      "))
def test_a_reason_under_ten_characters_is_refused(labour: Bot, reason: str) -> None:
    with pytest.raises(TransitionRefused) as refused:
        explain(labour, DRAFTED, reason)
    assert refused.value.refusal is Refusal.REASON_TOO_SHORT
    with pytest.raises(TransitionRefused) as refused:
        explain_plan(labour, reason)
    assert refused.value.refusal is Refusal.REASON_TOO_SHORT
    assert audited(labour) == []


def test_an_approved_report_needs_no_reason(labour: Bot) -> None:
    with pytest.raises(TransitionRefused) as refused:
        explain(labour, APPROVED, REASON)
    assert refused.value.refusal is Refusal.WRONG_STATE
    report = report_of(labour, APPROVED)
    assert report is not None
    assert report.late_reason == ""
    assert audited(labour) == []


def test_an_agency_explains_its_plan_until_the_plan_is_entered(labour: Bot) -> None:
    explain_plan(labour, REASON)
    with labour.database.write() as session:
        duty = session.scalars(select(tables.AgencyDuty)).one()
        assert (duty.kind, duty.late_reason, duty.entered_on) == (WindowKind.LEVEL3_PLAN, REASON, None)
        duty.entered_on = bangkok("1 มี.ค. 66").date()
    with pytest.raises(TransitionRefused) as refused:
        explain_plan(labour, "รอข้อมูลจากจังหวัด")
    assert refused.value.refusal is Refusal.WRONG_STATE
    assert [entry.after for entry in audited(labour)] == [REASON]


def test_the_list_of_unreported_projects_shows_the_reason(labour: Bot, tmp_path: Path) -> None:
    explain(labour, UNREPORTED, REASON)
    listed = unreported(labour, tmp_path)
    assert listed[UNREPORTED][-1] == REASON
    assert listed[DRAFTED][-1] == ""
    assert APPROVED not in listed
