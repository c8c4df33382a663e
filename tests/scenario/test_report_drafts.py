"""Writing a report field by field, alone and with a colleague, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.completeness import ReportContent
from domain.errors import Refusal, TransitionRefused
from domain.fiscal import Quarter
from domain.reminders import BANGKOK
from domain.report_fields import EditOutcome, FieldEdit, FieldKey, Value, keys_of
from domain.submissions import SubmissionKind, SubmissionState
from storage import report_visits, tables
from storage.queries.report_form import NoSuchReport, ReportForm, report_form
from storage.reference import Reference, load_reference
from storage.shared_state import StateKey, get
from storage.submissions.drafts import save_report
from storage.submissions.report_drafts import Drafted, bring_over, save_fields
from storage.submissions.sending import submit, withdraw
from storage.tables.projects import LinkKind
from storage.tables.submissions import Verdict
from tests.office import Bot, labour
from tests.submitting import FIRST_QUARTER, actor_of, add_officer, decide_now, moment, send_report, submission_of

__all__ = ["labour"]

CODE, OFFICER, OTHER_OFFICER = "รง 0501-66-0003", "P00033", "P00017"
SUMMARY = FieldKey("summary")


@pytest.fixture
def colleague(labour: Bot) -> str:
    """A second officer of the same unit."""
    add_officer(labour, "P99001", "เพื่อนร่วมงาน")
    return "P99001"


def reference_of(bot: Bot, session: Session) -> Reference:
    return load_reference(session, bot.at.astimezone(BANGKOK).date())


def writes(bot: Bot, person: str, *edits: tuple[str, Value, Value], quarter: Quarter = FIRST_QUARTER) -> Drafted:
    """Let somebody type into fields: (name, what it said, what it shall say)."""
    with bot.database.write() as session:
        found = [FieldEdit(FieldKey(name), base, value) for name, base, value in edits]
        return save_fields(
            session, reference_of(bot, session), actor_of(session, person), CODE, quarter, lambda _: found, moment(bot)
        )


def form_of(bot: Bot, person: str, at: datetime | None = None) -> ReportForm:
    with bot.database.read() as session:
        seen_at = at or datetime.now(UTC)
        return report_form(session, reference_of(bot, session), person, CODE, FIRST_QUARTER, seen_at)


def reports(bot: Bot) -> int:
    with bot.database.read() as session:
        return session.scalar(select(func.count()).select_from(tables.Submission)) or 0


def test_a_form_begins_empty_and_the_first_word_makes_it_a_draft(labour: Bot) -> None:
    before = reports(labour)
    empty = form_of(labour, OFFICER)
    assert (empty.state, empty.version, empty.is_writable, empty.refusal) == (None, 0, True, None)
    assert writes(labour, OFFICER).outcomes == {}
    assert reports(labour) == before  # looking in begins nothing
    assert writes(labour, OFFICER, ("summary", "", "อบรมแล้ว")).outcomes == {SUMMARY: EditOutcome.SAVED}
    written = form_of(labour, OFFICER)
    assert (written.state, written.content.summary) == (SubmissionState.DRAFT, "อบรมแล้ว")
    assert written.marks[SUMMARY].by
    assert SUMMARY not in [FieldKey.of(gap) for gap in written.gaps]
    assert len(written.gaps) == len(empty.gaps) - 1


def test_typing_disturbs_no_plans_once_the_draft_is_begun(labour: Bot) -> None:
    def token() -> object:
        with labour.database.read() as session:
            return get(session, StateKey.PLAN_VERSION)

    writes(labour, OFFICER, ("summary", "", "ก"))
    begun = token()
    writes(labour, OFFICER, ("summary", "ก", "กข"), ("disbursed_baht", None, Decimal("12.50")))
    assert token() == begun
    assert form_of(labour, OFFICER).content.disbursed_baht == Decimal("12.50")


def test_two_officers_are_told_of_each_other_and_overwrite_nothing(labour: Bot, colleague: str) -> None:
    writes(labour, OFFICER, ("summary", "", "ของอนงค์"))
    later = writes(labour, colleague, ("summary", "", "ของเพื่อน"), ("problems", "", "ไม่มี"))
    assert later.outcomes == {SUMMARY: EditOutcome.CONFLICT, FieldKey("problems"): EditOutcome.SAVED}
    form = form_of(labour, OFFICER)
    assert (form.content.summary, form.content.problems) == ("ของอนงค์", "ไม่มี")
    assert form.marks[FieldKey("problems")].by == "เพื่อนร่วมงาน"
    assert list(form.others) == ["เพื่อนร่วมงาน"]
    assert form_of(labour, OFFICER, datetime.now(UTC) + report_visits.SEEN_FOR + timedelta(seconds=5)).others == {}
    chosen = writes(labour, colleague, ("summary", "ของอนงค์", "ของทั้งสองคน"))
    assert chosen.outcomes == {SUMMARY: EditOutcome.SAVED}


def test_two_officers_who_begin_in_the_same_moment_begin_one_report(labour: Bot, colleague: str) -> None:
    together = Barrier(2)

    def begins(person: str, field: str) -> Drafted:
        together.wait()
        return writes(labour, person, (field, "", person), ("summary", "", person))

    with ThreadPoolExecutor(2) as threads:
        tries = [threads.submit(begins, OFFICER, "problems"), threads.submit(begins, colleague, "kpi_progress")]
        outcomes = sorted(done.result().outcomes[SUMMARY] for done in tries)
    assert outcomes == [EditOutcome.CONFLICT, EditOutcome.SAVED]
    content = form_of(labour, OFFICER).content
    assert (content.problems, content.kpi_progress) == (OFFICER, colleague)


def test_what_came_back_is_mended_as_a_new_version_and_the_returned_one_stays(labour: Bot) -> None:
    number = send_report(labour, OFFICER, CODE, summary="ฉบับแรก")
    with pytest.raises(TransitionRefused) as refused:
        writes(labour, OFFICER, ("summary", "ฉบับแรก", "แก้ขณะรออนุมัติ"))
    assert refused.value.refusal is Refusal.WRONG_STATE
    decide_now(labour, "P00034", number, Verdict.RETURNED, "โปรดแก้ไขตัวเลขให้ถูกต้อง")
    form = form_of(labour, OFFICER)
    assert form.sent_back is not None
    assert (form.sent_back.reason, form.version, form.is_writable) == ("โปรดแก้ไขตัวเลขให้ถูกต้อง", 1, True)
    writes(labour, OFFICER, ("summary", "ฉบับแรก", "ฉบับแก้ไข"))
    with labour.database.read() as session:
        query = select(tables.QuarterReport.version, tables.QuarterReport.summary).filter_by(submission_id=number)
        assert dict(session.execute(query).all()) == {1: "ฉบับแรก", 2: "ฉบับแก้ไข"}


def test_after_taking_it_back_the_words_are_still_there(labour: Bot) -> None:
    number = send_report(labour, OFFICER, CODE, summary="ส่งแล้ว")
    with labour.database.write() as session:
        by = actor_of(session, OFFICER)
        withdraw(session, reference_of(labour, session), by, number, 1, moment(labour))
    writes(labour, OFFICER, ("summary", "ส่งแล้ว", "ส่งแล้ว แก้ไข"))
    with labour.database.write() as session:
        submit(session, reference_of(labour, session), actor_of(session, OFFICER), number, moment(labour))
    assert (submission_of(labour, CODE).version, form_of(labour, OFFICER).content.summary) == (2, "ส่งแล้ว แก้ไข")


def test_texts_of_the_report_before_are_marked_until_somebody_edits_them(labour: Bot) -> None:
    second = Quarter(2566, 2)
    send_report(labour, OFFICER, CODE, summary="ไตรมาสก่อน")
    with labour.database.write() as session:
        by = actor_of(session, OFFICER)
        brought = bring_over(session, reference_of(labour, session), by, CODE, second, moment(labour))
    assert brought.outcomes[SUMMARY] is EditOutcome.SAVED
    assert (brought.content.summary, brought.content.disbursed_baht) == ("ไตรมาสก่อน", None)

    def marked() -> bool:
        with labour.database.read() as session:
            found = report_form(session, reference_of(labour, session), OFFICER, CODE, second, datetime.now(UTC))
            return found.marks[SUMMARY].is_brought_over

    assert marked()
    writes(labour, OFFICER, ("summary", "ไตรมาสก่อน", "ไตรมาสนี้"), quarter=second)
    assert not marked()


def test_nobody_else_writes_the_report(labour: Bot) -> None:
    for person in (OTHER_OFFICER, "P00034", "P00003", "P00001"):
        with pytest.raises(TransitionRefused) as refused:
            writes(labour, person, ("summary", "", "ผู้อื่น"))
        assert refused.value.refusal is Refusal.NOT_YOUR_UNIT
        with pytest.raises(NoSuchReport):
            form_of(labour, person)
    assert form_of(labour, OFFICER).state is None


def test_the_marks_of_who_wrote_what_go_with_the_last_approval(labour: Bot) -> None:
    writes(labour, OFFICER, ("summary", "", "ร่าง"))
    number = send_report(labour, OFFICER, CODE)
    for person in ("P00034", "P00031", "P00006", "P00005"):
        decide_now(labour, person, number)
    form = form_of(labour, OFFICER)
    assert (form.state, form.is_writable, dict(form.marks)) == (SubmissionState.APPROVED, False, {})


def test_a_form_asks_for_all_that_sending_asks_for(labour: Bot) -> None:
    with labour.database.write() as session:
        project = session.scalars(select(tables.Project).where(tables.Project.code == CODE)).one()
        session.add(tables.Activity(project_id=project.id, name="จัดอบรม", in_q1=True))
        session.add(tables.Activity(project_id=project.id, name="ติดตามผล", in_q2=True))
        session.add(tables.ProjectLink(project_id=project.id, kind=LinkKind.NESD_PLAN, name="แผนพัฒนาฯ ฉบับที่ 13"))
    form = form_of(labour, OFFICER)
    assert [one.name for one in form.activities] == ["จัดอบรม"]
    assert [one.name for one in form.links] == ["แผนพัฒนาฯ ฉบับที่ 13"]
    assert {FieldKey.of(gap) for gap in form.gaps} < set(keys_of(form.demands))


def test_a_whole_report_from_another_system_replaces_the_draft(labour: Bot) -> None:
    writes(labour, OFFICER, ("summary", "", "พิมพ์ในหน้าเว็บ"))
    with labour.database.write() as session:
        by, content = actor_of(session, OFFICER), ReportContent(summary="จากระบบของกรม")
        save_report(session, reference_of(labour, session), by, CODE, FIRST_QUARTER, content, moment(labour))
    assert form_of(labour, OFFICER).marks == {}  # nobody typed what stands there now
    late = writes(labour, OFFICER, ("summary", "พิมพ์ในหน้าเว็บ", "พิมพ์ต่อ"))
    assert late.outcomes == {SUMMARY: EditOutcome.CONFLICT}
    assert submission_of(labour, CODE).kind is SubmissionKind.QUARTER_REPORT


def test_what_another_system_brings_while_the_first_word_is_saved_is_not_written_over(
    labour: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = ReportContent(summary="จากระบบของกรม")
    with labour.database.write() as session:
        by = actor_of(session, OFFICER)
        save_report(session, reference_of(labour, session), by, CODE, FIRST_QUARTER, content, moment(labour))
    looked_too_early = "storage.submissions.report_drafts.existing_report"  # before the other one was there to be seen
    monkeypatch.setattr(looked_too_early, lambda *_, **__: None)
    late = writes(labour, OFFICER, ("summary", "", "คำแรก"), ("problems", "", "ไม่มี"))
    assert late.outcomes == {SUMMARY: EditOutcome.CONFLICT, FieldKey("problems"): EditOutcome.SAVED}
    assert (late.content.summary, late.content.problems) == ("จากระบบของกรม", "ไม่มี")
    number = send_report(labour, OFFICER, CODE)
    with pytest.raises(TransitionRefused) as refused:
        writes(labour, OFFICER, ("summary", "", "คำแรก"))
    assert refused.value.refusal is Refusal.WRONG_STATE
    with labour.database.read() as session:
        written = select(tables.QuarterReport.version).where(tables.QuarterReport.submission_id == number)
        assert session.scalars(written).all() == [1]


def test_who_wrote_which_field_is_kept_on_the_way_and_forgotten_with_the_last_approval(labour: Bot) -> None:
    number = send_report(labour, OFFICER, CODE)
    decide_now(labour, "P00034", number, Verdict.RETURNED, "ขอให้ระบุจำนวนผู้เข้าอบรม")
    writes(labour, OFFICER, ("output_progress", "จัดอบรมแล้ว 12 รุ่น", "จัดอบรมแล้ว 12 รุ่น 360 คน"))
    with labour.database.write() as session:
        submit(session, reference_of(labour, session), actor_of(session, OFFICER), number, moment(labour))
    for approver in ("P00034", "P00031", "P00006", "P00005"):
        assert list(form_of(labour, OFFICER).marks) == [FieldKey("output_progress")]
        decide_now(labour, approver, number, Verdict.APPROVED)
    assert form_of(labour, OFFICER).marks == {}


def test_what_was_disbursed_before_is_of_every_year_and_of_the_newest_versions_that_were_approved(labour: Bot) -> None:
    before = form_of(labour, OFFICER).disbursed_before
    with labour.writes() as session:
        project = session.scalars(select(tables.Project).where(tables.Project.code == CODE)).one()
        approved = {"kind": SubmissionKind.QUARTER_REPORT, "state": SubmissionState.APPROVED, "version": 2}
        for quarter in (3, 4):
            about = {"project_id": project.id, "unit_id": project.unit_id, "fiscal_year": 2565, "quarter": quarter}
            session.add(row := tables.Submission(**about, **approved))
            session.flush()
            session.add(tables.QuarterReport(submission_id=row.id, version=1, disbursed_baht=Decimal(1_000)))
            own = Decimal(100) if quarter == 4 else None  # an imported one says what its file says
            carried = {"disbursed_baht": own, "carried_disbursed_baht": Decimal("20.50")}
            session.add(tables.QuarterReport(submission_id=row.id, version=2, **carried))
    assert form_of(labour, OFFICER).disbursed_before == before + Decimal(141)
