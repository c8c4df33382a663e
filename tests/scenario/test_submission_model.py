"""A report lives as a small model of it does, whoever does what in whatever order (domain.md §3).

The model below says in forty lines what the use-cases do with a database, an audit trail and an outbox. Hypothesis lets
random people act on routes of one to five steps, while the clock moves about the ten minutes of taking back.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from domain.errors import Refusal, TransitionRefused
from domain.organisation import Capacity
from domain.reminders import BANGKOK
from domain.roles import Role
from domain.submissions import SubmissionState
from domain.windows import Stage
from storage import tables
from storage.outbox_claims import Now
from storage.reference import load_reference
from storage.report_counts import recount
from storage.submissions.actor import Actor, Channel
from storage.submissions.deciding import Wish, decide, reopen, undo
from storage.submissions.information import AlreadyAnswered, answer, ask
from storage.submissions.sending import submit, withdraw
from storage.tables.submissions import Verdict
from tests.office import Bot, bangkok, fill
from tests.submitting import send_report

PROJECT, UNIT = "รง 0501-66-0003", "รง0501"
REASON = "ตัวเลขเบิกจ่ายไม่ตรงกับแผน"
TEN_MINUTES = timedelta(minutes=10)
DRAFT, PENDING, RETURNED, APPROVED = "draft", "pending_approval", "returned", "approved"

OFFICER, OFFICER_WHO_APPROVES = "P00033", "P00032"
APPROVERS = (OFFICER_WHO_APPROVES, "P00034", "P00031", "P00006", "P00005")
DEPUTY, DEPUTYS_DEPUTY, ADMIN, COORDINATOR, ELSEWHERE = "P00008", "P00016", "P00001", "P00003", "P00017"
COORDINATORS = {COORDINATOR, "P00004"}
PEOPLE = (OFFICER, *APPROVERS, DEPUTY, DEPUTYS_DEPUTY, ADMIN, COORDINATOR, ELSEWHERE)

Routes = list[set[str]]
_someone = st.sampled_from(PEOPLE)
_routes = st.lists(st.sets(st.sampled_from(APPROVERS), min_size=1, max_size=2), min_size=1, max_size=5)


@dataclass
class Model:
    """A report, as ``domain.md`` §3 tells of it. Everything returns why it is refused, or None and is done."""

    route: Routes
    principal: str
    state: str = DRAFT
    version: int = 1
    step: int | None = None
    sender: str = OFFICER
    decisions: dict[tuple[int, int], tuple[str, str, datetime]] = field(default_factory=dict)
    questions: list[tuple[int, int, bool]] = field(default_factory=list)

    def hold(self, person: str, step: int) -> Refusal | None:
        names = self.route[step - 1] if 1 <= step <= len(self.route) else set()
        if person not in names and not (person == DEPUTY and self.principal in names):
            return Refusal.NOT_YOUR_STEP
        return Refusal.OWN_SUBMISSION if person == self.sender else None

    def wait(self, version: int, step: int) -> Refusal | None:
        if self.state != PENDING or self.step is None:
            return Refusal.WRONG_STATE
        if version != self.version:
            return Refusal.STALE_VERSION
        if step != self.step:
            return Refusal.ALREADY_DECIDED if step < self.step else Refusal.NOT_YOUR_STEP
        return None

    def submit(self, person: str) -> Refusal | None:
        if person not in (OFFICER, OFFICER_WHO_APPROVES):
            return Refusal.NOT_YOUR_UNIT
        if self.state in (PENDING, APPROVED):
            return Refusal.WRONG_STATE
        self.state, self.version, self.step, self.sender = PENDING, self.version + 1, 1, person
        return None

    def withdraw(self, person: str, version: int) -> Refusal | None:
        if person not in (OFFICER, OFFICER_WHO_APPROVES):
            return Refusal.NOT_YOUR_UNIT
        if version != self.version:
            return Refusal.STALE_VERSION
        if self.state != PENDING:
            return Refusal.WRONG_STATE
        if self.step != 1:
            return Refusal.ALREADY_DECIDED
        self.state, self.step = DRAFT, None
        return None

    def decide(self, person: str, version: int, step: int, verdict: str, at: datetime) -> Refusal | None:
        refusal = self.hold(person, step) or self.wait(version, step)
        if refusal is None:
            self.decisions[version, step] = (person, verdict, at)
            is_last = verdict == Verdict.APPROVED and step == len(self.route)
            self.state = RETURNED if verdict == Verdict.RETURNED else APPROVED if is_last else PENDING
            self.step = step + 1 if self.state == PENDING else None
        return refusal

    def undo(self, person: str, version: int, step: int, at: datetime) -> Refusal | None:
        by, verdict, given_at = self.decisions.get((version, step), ("", "", at))
        is_stale = Refusal.STALE_VERSION if version != self.version else None
        if refusal := self.hold(person, step) or is_stale:
            return refusal
        if by != person or verdict != Verdict.APPROVED:
            return Refusal.NOT_YOUR_STEP
        if self.state == APPROVED:
            return Refusal.LAST_STEP
        if self.state != PENDING or self.step != step + 1:
            return Refusal.ALREADY_DECIDED
        if at - given_at > TEN_MINUTES:
            return Refusal.UNDO_TOO_LATE
        del self.decisions[version, step]
        self.step = step
        return None

    def reopen(self, person: str) -> Refusal | None:
        if person != ADMIN:
            return Refusal.NOT_YOUR_STEP
        if self.state == PENDING:
            return Refusal.WRONG_STATE
        self.state = RETURNED if self.state == APPROVED else self.state
        return None

    def ask(self, person: str, version: int, step: int) -> Refusal | None:
        refusal = self.hold(person, step) or self.wait(version, step)
        if refusal is None:
            self.questions.append((version, step, False))
        return refusal

    def answer(self, person: str, number: int) -> Refusal | type[AlreadyAnswered] | None:
        version, step, is_answered = self.questions[number]
        if person not in (OFFICER, OFFICER_WHO_APPROVES):
            return Refusal.NOT_YOUR_UNIT
        if is_answered:
            return AlreadyAnswered
        refusal = self.wait(version, step)
        if refusal is None:
            self.questions[number] = (version, step, True)
        return refusal


class LifeOfAReport(RuleBasedStateMachine):
    """Random people do random things to one report of the sample ministry; in the end all of it is undone."""

    bot: Bot
    submission_id: int

    def __init__(self) -> None:
        super().__init__()
        self.connection = self.bot.database.engine.connect()
        self.whole = self.connection.begin()
        self.session = Session(self.connection, join_transaction_mode="create_savepoint")
        self.at = bangkok("8 มี.ค. 66", "09:00")
        self.ids = {code: number for number, code in self.session.execute(select(_PERSON.id, _PERSON.code))}
        self.codes = {number: code for code, number in self.ids.items()}

    def teardown(self) -> None:
        try:
            self.the_counters_are_what_a_fresh_count_finds()
        finally:
            self.session.close()
            self.whole.rollback()
            self.connection.close()

    @initialize(route=_routes, principal=st.sampled_from(APPROVERS[1:]), agency_steps=st.integers(0, 5))
    def settle(self, route: Routes, principal: str, agency_steps: int) -> None:
        unit = self.session.scalars(select(tables.Unit).where(tables.Unit.code == UNIT)).one()
        self.session.execute(delete(tables.RouteStep).where(tables.RouteStep.unit_id == unit.id))
        for order, people in enumerate(route, 1):
            stage = Stage.AGENCY if order <= agency_steps else Stage.UPPER
            for person in people:
                about = {"unit_id": unit.id, "order": order, "stage": stage}
                self.session.add(tables.RouteStep(**about, approver_id=self.ids[person]))
        approver = {"unit_id": unit.id, "role": Role.APPROVER, "capacity": Capacity.ACTING}
        for person, absent in ((DEPUTY, principal), (DEPUTYS_DEPUTY, DEPUTY)):
            row = {"person_id": self.ids[person], "acting_for_id": self.ids[absent]}
            self.session.add(tables.RoleAssignment(**approver, **row))
        self.session.flush()
        self.unit_id = unit.id
        recount(self.session, [unit.id])
        self.session.flush()
        self.model = Model(route, principal)
        self.reference = load_reference(self.session, self.at.astimezone(BANGKOK).date())
        self.entries = self.count(tables.AuditEntry)
        self.questions: list[int] = []

    @rule(minutes=st.sampled_from((0.5, 4, 10, 10.01)))
    def time_passes(self, minutes: float) -> None:
        self.at += timedelta(minutes=minutes)

    @rule(person=_someone, well_chosen=st.booleans())
    def submits(self, person: str, *, well_chosen: bool) -> None:
        by = OFFICER if well_chosen else person
        self.does(
            self.model.submit(by), lambda now: submit(self.session, self.reference, self.actor(by), *self.it, now)
        )

    @rule(person=st.sampled_from((OFFICER, OFFICER_WHO_APPROVES, COORDINATOR)), old=st.booleans())
    def withdraws(self, person: str, *, old: bool) -> None:
        version = self.model.version - old
        self.does(
            self.model.withdraw(person, version),
            lambda now: withdraw(self.session, self.reference, self.actor(person), *self.it, version, now),
        )

    @rule(person=_someone, well_chosen=st.integers(0, 3), is_approval=st.integers(0, 4), old=st.integers(0, 5))
    def decides(self, person: str, well_chosen: int, is_approval: int, old: int) -> None:
        by, version, step = self.aim(person, well_chosen, old)
        verdict = Verdict.APPROVED if is_approval else Verdict.RETURNED
        wish = Wish(self.submission_id, version, step, verdict, REASON)
        self.does(
            self.model.decide(by, version, step, verdict, self.at),
            lambda now: decide(self.session, self.reference, self.actor(by), wish, now),
        )

    @rule(person=_someone, old=st.integers(0, 5))
    def takes_back(self, person: str, old: int) -> None:
        given = list(self.model.decisions.items())
        (version, step), (by, _, _) = given[-1] if given else ((self.model.version, 1), (person, "", self.at))
        by = person if old == 1 else by
        step += old == 2
        self.does(
            self.model.undo(by, version, step, self.at),
            lambda now: undo(self.session, self.reference, self.actor(by), *self.it, version, step, now),
        )

    @rule(person=st.sampled_from((ADMIN, COORDINATOR, OFFICER)))
    def reopens(self, person: str) -> None:
        self.does(
            self.model.reopen(person),
            lambda now: reopen(self.session, self.reference, self.actor(person), *self.it, REASON, now),
        )

    @rule(person=_someone, well_chosen=st.integers(0, 3), old=st.integers(0, 5))
    def asks(self, person: str, well_chosen: int, old: int) -> None:
        by, version, step = self.aim(person, well_chosen, old)

        def put(now: Now) -> None:
            about = (*self.it, version, step, REASON)
            self.questions.append(ask(self.session, self.reference, self.actor(by), *about, now).id)

        self.does(self.model.ask(by, version, step), put)

    @rule(person=st.sampled_from((OFFICER, OFFICER, OFFICER_WHO_APPROVES, ELSEWHERE)), number=st.integers(0, 3))
    def answers(self, person: str, number: int) -> None:
        if self.questions:
            number = max(0, len(self.questions) - 1 - number)
            question = self.questions[number]
            self.does(
                self.model.answer(person, number),
                lambda now: answer(self.session, self.reference, self.actor(person), question, "ตรวจสอบแล้ว", now),
            )

    @property
    def it(self) -> tuple[int]:
        return (self.submission_id,)

    def aim(self, person: str, well_chosen: int, old: int) -> tuple[str, int, int]:
        """Return who decides on what: mostly somebody of the step, on what stands there now."""
        step = self.model.step or 1
        if well_chosen:
            holders = sorted(self.model.route[step - 1])
            person = DEPUTY if well_chosen == 3 and self.model.principal in holders else holders[-1]
        return person, self.model.version - (old == 1), step - (old == 2)

    def actor(self, person: str) -> Actor:
        return Actor(person, self.ids[person], Channel.LINE)

    def count(self, table: type[Any]) -> int:
        return self.session.scalars(select(func.count()).select_from(table)).one()

    def does(self, expected: object, deed: Callable[[Now], object]) -> None:
        """Do it, and find it refused as the model says, or audited once."""
        messages = self.count(tables.OutboxMessage)
        found: object = None
        try:
            deed(Now(self.at, datetime.now(UTC)))
        except TransitionRefused as refused:
            found = refused.refusal
        except AlreadyAnswered as answered:
            found = type(answered)
        self.session.flush()
        assert found == expected
        self.entries += expected is None
        assert self.count(tables.AuditEntry) == self.entries
        assert expected is None or self.count(tables.OutboxMessage) == messages

    @invariant()
    def it_stands_where_the_model_does(self) -> None:
        row = self.session.get_one(tables.Submission, self.submission_id, populate_existing=True)
        assert (row.state, row.version, row.step) == (self.model.state, self.model.version, self.model.step)

    @invariant()
    def its_decisions_are_those_of_the_model(self) -> None:
        found = self.session.scalars(select(_DECISION).where(_DECISION.submission_id == self.submission_id))
        kept = {
            (row.version, row.step): (self.codes[row.decided_by_id], row.verdict, row.acting_for_id) for row in found
        }
        told = {
            key: (by, verdict, self.ids[self.model.principal] if by == DEPUTY else None)
            for key, (by, verdict, _) in self.model.decisions.items()
        }
        assert kept == told

    @invariant()
    def nobody_decided_what_they_sent(self) -> None:
        sent = tables.SubmissionVersion
        of_it = (sent.submission_id == _DECISION.submission_id) & (sent.version == _DECISION.version)
        query = select(_DECISION.id).join(sent, of_it).where(sent.sent_by_id == _DECISION.decided_by_id)
        assert self.session.scalars(query).all() == []

    def the_counters_are_what_a_fresh_count_finds(self) -> None:
        """Looked at in the end: it takes longer than all the rest."""
        kept = self.counters()
        recount(self.session, [self.unit_id])
        assert self.counters() == kept

    def counters(self) -> Counter[tuple[Any, ...]]:
        counted = Counter(tuple(row) for row in self.session.execute(select(tables.ReportCount.__table__)))
        return counted + Counter(tuple(row) for row in self.session.execute(select(tables.SpendingSum.__table__)))

    @invariant()
    def only_people_concerned_are_told(self) -> None:
        concerned = {OFFICER, OFFICER_WHO_APPROVES, *COORDINATORS}.union(*self.model.route)
        if any(self.model.principal in people for people in self.model.route):
            concerned.add(DEPUTY)
        told = self.session.scalars(select(tables.OutboxMessage.person_id).distinct())
        assert {self.codes[number] for number in told} <= concerned


_PERSON, _DECISION = tables.Person, tables.Decision


def live(url: str, examples: int) -> None:
    """Let reports live, each of them anew, in the sample ministry with one officer more, who decides, too."""
    fill(url)
    bot = Bot(url, at=bangkok("8 มี.ค. 66", "08:30"))
    with bot.writes() as session:
        person = session.scalars(select(_PERSON.id).where(_PERSON.code == OFFICER_WHO_APPROVES)).one()
        for role in (Role.PROJECT_OFFICER, Role.APPROVER):
            unit = session.scalars(select(tables.Unit.id).where(tables.Unit.code == UNIT)).one()
            session.add(tables.RoleAssignment(person_id=person, unit_id=unit, role=role))
    number = send_report(bot, OFFICER, PROJECT)
    with bot.writes() as session:
        session.execute(delete(tables.OutboxMessage))
        session.get_one(tables.Submission, number).state = SubmissionState.DRAFT
        session.get_one(tables.Submission, number).step = None
    machine = type("OneOfThem", (LifeOfAReport,), {"bot": bot, "submission_id": number})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
    bot.close()


def test_a_report_lives_as_its_model_does(sqlite_url: str) -> None:
    live(sqlite_url, examples=15)


def test_a_report_lives_as_its_model_does_on_postgresql(postgres_url: str) -> None:
    live(postgres_url, examples=3)
