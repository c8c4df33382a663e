"""Nobody learns what is not theirs to know, whatever they press or say.

Each person does everything that can be done (``tests.probing`` reads the registry), with arguments that point at other
people's data. Then all that the person must not know is turned upside down, and the person does the same again: every
answer has to be the same to the letter. What an answer does not depend on, it cannot tell.

Which rows are asked for is the same code for both databases: on PostgreSQL one person of each width of sight is enough.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import cycle

import pytest
from sqlalchemy import Connection, select, text, update
from sqlalchemy.orm import Session

from domain.circulars.life import CircularState, PauseReason
from domain.organisation import UnitLevel
from domain.roles import Role
from domain.submissions import ExecutionStatus, SubmissionKind, SubmissionState
from domain.windows import Stage, WindowKind
from storage import tables
from storage.report_counts import recount
from storage.tables.messaging import OutboxState
from storage.tables.submissions import Verdict
from tests.office import Bot, labour, line_id_of, on_sqlite
from tests.probing import (
    FOREIGN_CODE,
    FOREIGN_PERSON,
    NOW,
    OTHER_APPROVER,
    OTHER_MINISTRY,
    SUBMISSIONS,
    ask_all,
    odd_probes,
    telling_probes,
)

__all__ = ["labour"]

OFFICER, DIRECTOR_GENERAL, PLAN_OFFICER = "P00019", "P00015", "P00016"
COORDINATOR, ADMIN, MONITOR, MONITOR_OF_MINISTRY = "P00003", "P00001", "P00002", "P00026"
ASSISTANT, FORMER_OFFICER, WITHOUT_POST, OF_OTHER_AGENCY = "P00021", "P00025", "P00029", "P00035"
SECRET = "ลับสุดยอด"

_Hidden = Callable[[str], bool]
"""Tells whether a person must not know the projects of a unit (a code)."""


@pytest.fixture
def world(labour: Bot) -> Bot:
    """The sample ministry beside another one, with something at every step, and people with every kind of post."""
    with labour.writes() as session:
        _add_other_ministry(session)
        _change_posts(session)
        ministries = session.scalars(select(tables.Unit).where(tables.Unit.level == UnitLevel.MINISTRY))
        session.add_all(tables.MinistryPolicy(unit_id=one.id, name="mirror_emenscr", value="on") for one in ministries)
        for person in session.scalars(select(tables.Person).where(tables.Person.code != WITHOUT_POST)):
            person.line_user_id, person.linked_at = line_id_of(person.code), NOW
        projects = _projects(session, lambda _: True)
        for project, step in zip(projects, cycle((None, 1, 2, 3, 4))):
            _report(session, project, step)
        for submission in (111, 121):
            question = {"submission_id": submission, "version": 1, "step": 1, "asked_by_id": 1, "asked_at": NOW}
            session.add(tables.InformationRequest(**question, question="ขอหลักฐานการเบิกจ่าย"))
        _add_circulars(session)
        for unit in session.scalars(select(tables.Unit).where(tables.Unit.level == UnitLevel.AGENCY)):
            kinds = (WindowKind.LEVEL3_PLAN, WindowKind.OPEN_D)
            session.add_all(tables.AgencyDuty(unit_id=unit.id, kind=kind, fiscal_year=2566) for kind in kinds)
    return labour


def _add_other_ministry(session: Session) -> None:
    ministry = tables.Unit(code=OTHER_MINISTRY, name="กระทรวงสาธารณสุข", short_name="สธ.", level=UnitLevel.MINISTRY)
    agency = tables.Unit(code="สธ01", name="กรมตัวอย่าง", short_name="กตท.", level=UnitLevel.AGENCY)
    division = tables.Unit(code="สธ0101", name="กองตัวอย่าง", level=UnitLevel.DIVISION)
    session.add_all([ministry, agency, division])
    session.flush()
    agency.parent_id, division.parent_id = ministry.id, agency.id
    like = session.scalars(select(tables.Project).where(tables.Project.official_version > 0)).first()
    assert like is not None
    common = {name: getattr(like, name) for name in ("fiscal_year", "start_month", "end_month", "official_version")}
    session.add(tables.Project(code=FOREIGN_CODE, name="โครงการดูแลแรงงาน", unit_id=division.id, **common))
    approver = tables.Person(code=FOREIGN_PERSON, full_name="นายแพทย์ต่าง กระทรวง")
    session.add(approver)
    session.flush()
    post = {"person_id": approver.id, "unit_id": agency.id, "role": Role.APPROVER}
    session.add(tables.RoleAssignment(**post, position="อธิบดี"))
    session.add(tables.RouteStep(unit_id=agency.id, order=1, stage=Stage.AGENCY, approver_id=approver.id))
    session.flush()


def _add_circulars(session: Session) -> None:
    """Let an administrator begin a circular, and both ministries send one to somebody whom no test asks."""
    people = {person.code: person.id for person in session.scalars(select(tables.Person))}
    session.add(tables.Circular(maker_id=people[ADMIN], created_at=NOW, changed_at=NOW))
    session.flush()
    for makers, ministry, reader in (
        (COORDINATOR, "รง", OTHER_APPROVER),
        (FOREIGN_PERSON, OTHER_MINISTRY, FOREIGN_PERSON),
    ):
        unit = session.scalars(select(tables.Unit.id).where(tables.Unit.code == ministry)).one()
        instants = dict.fromkeys(("created_at", "changed_at", "released_at", "not_before", "finished_at"), NOW)
        sent = {"state": CircularState.SENT, "body": "[]", "released_by_id": people[makers], **instants}
        circular = tables.Circular(maker_id=people[makers], ministry_id=unit, letter_no="ว 1", subject="เรื่อง", **sent)
        session.add(circular)
        session.flush()
        of = {"circular_id": circular.id, "unit_id": unit, "person_id": people[reader]}
        session.add(tables.CircularRecipient(**of, state=OutboxState.SENT, sent_at=NOW))
        session.add(tables.CircularFile(circular_id=circular.id, name="ก.pdf", size=1, sha256="", added_at=NOW))


def _alter_circulars(session: Session, hidden: _Hidden) -> None:
    """Change all that can be known of the circulars of hidden ministries."""
    for circular, ministry in session.execute(select(tables.Circular, tables.Unit.code).join(tables.Unit)):
        if hidden(ministry):
            circular.letter_no = circular.subject = circular.text = SECRET
            circular.state, circular.pause_reason = CircularState.PAUSED, PauseReason.FAILURES
            of = update(tables.CircularRecipient).where(tables.CircularRecipient.circular_id == circular.id)
            session.execute(of.values(acknowledged_at=NOW, opened_at=NOW))


def _change_posts(session: Session) -> None:
    posts = tables.RoleAssignment
    by_code = {person.code: person for person in session.scalars(select(tables.Person))}
    of = {code: session.scalars(select(posts).where(posts.person_id == by_code[code].id)).one() for code in by_code}
    of[FORMER_OFFICER].valid_to = NOW.date() - timedelta(days=1)
    session.delete(of[WITHOUT_POST])
    of[MONITOR_OF_MINISTRY].role, of[MONITOR_OF_MINISTRY].unit_id = Role.MONITOR, of[COORDINATOR].unit_id
    of[ASSISTANT].role, of[ASSISTANT].unit_id = Role.ASSISTANT, of[DIRECTOR_GENERAL].unit_id


def _report(session: Session, project: tables.Project, step: int | None) -> None:
    """Put the report of quarter 1/2566 at a step of its route; without one it stays as it is."""
    report = _report_of(session, project)
    if step is not None and project.official_version:
        report.state, report.step, report.version = SubmissionState.PENDING_APPROVAL, step, 1
        report.sent_at = report.arrived_at = NOW - timedelta(days=step)
    if not session.scalars(select(tables.QuarterReport).filter_by(submission_id=report.id)).all():
        session.add(tables.QuarterReport(submission_id=report.id, version=1, disbursed_baht=Decimal(7_654_321)))
    _attach(session, report, 1)


def _attach(session: Session, report: tables.Submission, since_version: int) -> None:
    """Add a photo to what its unit sends in this version."""
    kept = {"content_type": "image/jpeg", "size": 1, "sha256": "", "added_by_id": 1, "added_at": NOW}
    session.add(tables.Evidence(submission_id=report.id, since_version=since_version, name=SECRET, **kept))


def _report_of(session: Session, project: tables.Project) -> tables.Submission:
    key = {"project_id": project.id, "kind": SubmissionKind.QUARTER_REPORT, "fiscal_year": 2566, "quarter": 1}
    report = session.scalar(select(tables.Submission).filter_by(**key))
    if report is None:
        report = tables.Submission(**key, unit_id=project.unit_id, state=SubmissionState.DRAFT)
        session.add(report)
        session.flush()
    return report


def _projects(session: Session, hidden: _Hidden) -> list[tables.Project]:
    query = select(tables.Project, tables.Unit.code).join(tables.Unit).order_by(tables.Project.code)
    return [project for project, unit in session.execute(query) if hidden(unit)]


def turn_upside_down(session: Session, hidden: _Hidden, knowing: str) -> None:
    """Change all that can be known of the projects, people and duties of hidden units, but for one's own name."""
    for number, project in enumerate(_projects(session, hidden)):
        _alter_unapproved(session, project)
        project.name = f"โครงการ{SECRET} {number}"
        project.budget_total = Decimal(9_876_543 + number)
        project.execution_status = list(ExecutionStatus)[number % len(ExecutionStatus)]
        project.official_version = (project.official_version + number) % 3
        project.end_month += timedelta(days=0 if number % 4 else 1461)
        session.query(tables.SpendingPlan).filter_by(project_id=project.id).update({"q1": Decimal(3_333_333)})
        _report_of(session, project).state = list(SubmissionState)[number % len(SubmissionState)]
    of_units = select(tables.Person, tables.Unit.code).join(
        tables.RoleAssignment, tables.RoleAssignment.person_id == tables.Person.id
    )
    for person, unit in session.execute(of_units.join(tables.Unit, tables.Unit.id == tables.RoleAssignment.unit_id)):
        if hidden(unit) and person.code != knowing:
            person.full_name = f"{SECRET} {person.code}"
    for duty, unit in session.execute(select(tables.AgencyDuty, tables.Unit.code).join(tables.Unit)):
        if hidden(unit):
            duty.plan_name, duty.late_reason = SECRET, SECRET
    _alter_circulars(session, hidden)
    recount(session)


def _alter_unapproved(session: Session, project: tables.Project) -> None:
    """Change all that is not approved of a project, and nothing else."""
    report = _report_of(session, project)
    if not project.official_version:
        project.name, project.budget_total = f"โครงการ{SECRET} {project.id}", Decimal(111)
    if report.state is not SubmissionState.APPROVED:
        _alter_questions(session, report)
        others = [state for state in SubmissionState if state not in (SubmissionState.APPROVED, report.state)]
        report.state, report.step = others[project.id % len(others)], 1 + project.id % 4
        report.late_reason, report.is_late, report.returned_by = SECRET, True, Stage.UPPER
        report.version += 10
        _attach(session, report, report.version)
        session.add(
            tables.QuarterReport(
                submission_id=report.id, version=report.version, summary=SECRET, disbursed_baht=Decimal(424_242)
            )
        )
        session.add(
            tables.Decision(
                submission_id=report.id,
                version=report.version,
                step=1,
                stage=Stage.AGENCY,
                verdict=Verdict.RETURNED,
                reason=SECRET,
                decided_by_id=1,
                decided_at=NOW,
            )
        )


def _alter_questions(session: Session, report: tables.Submission) -> None:
    for question in session.scalars(select(tables.InformationRequest).filter_by(submission_id=report.id)):
        question.question, question.answer, question.answered_at = SECRET, SECRET, NOW


def alter_unapproved(session: Session, hidden: _Hidden, _knowing: str) -> None:
    """Change all that is not approved of the projects of hidden units."""
    for project in _projects(session, hidden):
        _alter_unapproved(session, project)
    recount(session)


def alter_what_has_not_arrived(session: Session, hidden: _Hidden, _knowing: str) -> None:
    """Change what stands in reports that are before the second step of their route."""
    for project in _projects(session, hidden):
        report = _report_of(session, project)
        if report.state is SubmissionState.DRAFT or (report.step or 2) < 2:
            query = select(tables.QuarterReport).filter_by(submission_id=report.id)
            for content in session.scalars(query):
                content.disbursed_baht, content.summary, content.version = Decimal(31_415), SECRET, report.version


@contextmanager
def undone(bot: Bot) -> Iterator[Connection]:
    """Yield a connection whose changes are all undone."""
    with bot.database.engine.connect() as connection, connection.begin() as whole:
        yield connection
        whole.rollback()


@dataclass(frozen=True)
class Same:
    """What a person was told before and after a change of what must not matter."""

    differing: list[tuple[str, str, str]]
    answers: list[str]
    written: frozenset[str]


def told_twice(bot: Bot, person: str, change: Callable[[Session, _Hidden, str], None], hidden: _Hidden) -> Same:
    with undone(bot) as connection:
        before = ask_all(connection, person, telling_probes())
        if connection.dialect.name == "postgresql":  # its numbers do not come back with what was undone
            for table in ("approval_batches", "circulars", "audience_groups"):
                highest = f"SELECT COALESCE(MAX(id), 0) + 1 FROM {table}"
                connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), ({highest}), false)"))
        with Session(connection, join_transaction_mode="create_savepoint") as session, session.begin():
            change(session, hidden, person)
        after = ask_all(connection, person, telling_probes())
    pairs = [(probe, before.answers[probe], after.answers[probe]) for probe in before.answers]
    return Same([pair for pair in pairs if pair[1] != pair[2]], list(after.answers.values()), before.written)


@pytest.mark.parametrize(
    ("person", "hidden"),
    (
        pytest.param(OFFICER, lambda unit: unit != "รง0302", id="officer"),
        pytest.param(COORDINATOR, lambda unit: unit.startswith(OTHER_MINISTRY), id="coordinator of a ministry"),
        pytest.param("", lambda _: True, id="stranger"),
    ),
)
def test_nobody_learns_of_units_that_are_not_theirs(world: Bot, person: str, hidden: _Hidden) -> None:
    _learns_nothing(world, person, hidden)


@on_sqlite
@pytest.mark.parametrize(
    ("person", "hidden"),
    (
        pytest.param(ASSISTANT, lambda unit: not unit.startswith("รง03"), id="assistant of a director general"),
        pytest.param(PLAN_OFFICER, lambda unit: unit != "รง03", id="plan officer"),
        pytest.param(MONITOR_OF_MINISTRY, lambda unit: unit.startswith(OTHER_MINISTRY), id="monitor of a ministry"),
        pytest.param(FORMER_OFFICER, lambda _: True, id="role ended yesterday"),
        pytest.param(WITHOUT_POST, lambda _: True, id="no post"),
    ),
)
def test_neither_does_whoever_reads_for_others_or_has_no_post(world: Bot, person: str, hidden: _Hidden) -> None:
    _learns_nothing(world, person, hidden)


def _learns_nothing(world: Bot, person: str, hidden: _Hidden) -> None:
    told = told_twice(world, person, turn_upside_down, hidden)
    assert told.differing == []
    assert not [answer for answer in told.answers if SECRET in answer]
    assert not told.written & {"projects", "decisions", "submission_versions", "quarter_reports", "role_assignments"}


def test_a_monitor_learns_nothing_that_is_not_approved(world: Bot) -> None:
    _learns_only_what_is_approved(world, MONITOR)


@on_sqlite
def test_a_monitor_of_a_ministry_learns_nothing_that_is_not_approved(world: Bot) -> None:
    _learns_only_what_is_approved(world, MONITOR_OF_MINISTRY)


def _learns_only_what_is_approved(world: Bot, monitor: str) -> None:
    told = told_twice(world, monitor, alter_unapproved, lambda _: True)
    assert told.differing == []
    assert not [answer for answer in told.answers if SECRET in answer]


def test_who_decides_does_not_read_what_has_not_come_to_the_own_step(world: Bot) -> None:
    told = told_twice(world, DIRECTOR_GENERAL, alter_what_has_not_arrived, lambda unit: unit.startswith("รง03"))
    assert told.differing == []


def test_the_probes_point_at_the_submissions_that_they_speak_of(world: Bot) -> None:
    query = select(tables.Submission.id, tables.Project.code).join(tables.Project)
    with world.database.read() as session:
        found = session.execute(query.where(tables.Submission.id.in_(SUBMISSIONS))).all()
    assert sorted(map(tuple, found)) == sorted(SUBMISSIONS.items())


@on_sqlite
def test_the_proof_would_find_a_leak(world: Bot) -> None:
    told = told_twice(world, OF_OTHER_AGENCY, turn_upside_down, lambda unit: unit.startswith("รง05"))
    assert len(told.differing) > 50
    assert [answer for answer in told.answers if SECRET in answer]


def test_a_forged_button_breaks_nothing_and_is_answered(world: Bot) -> None:
    with undone(world) as connection:
        for person in (OFFICER, PLAN_OFFICER, ADMIN, ""):
            assert all(ask_all(connection, person, odd_probes()).answers.values())
