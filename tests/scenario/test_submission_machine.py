"""Every state of a submission × everything that can be done × everybody: allowed, or refused and why (domain.md §3).

The tables are the specification, written out by hand. Everything goes through the use-cases that chat, pages and the
agencies' API share. The report was sent by somebody who is on the route of the unit as well, at every step.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.errors import Refusal, TransitionRefused
from domain.fiscal import Quarter
from domain.organisation import Capacity
from domain.reminders import BANGKOK
from domain.roles import Role
from domain.submissions import SubmissionState
from domain.windows import Stage
from storage import tables
from storage.outbox_claims import Now
from storage.reference import Reference, load_reference
from storage.submissions.actor import Actor, Channel
from storage.submissions.deciding import Wish, decide, reopen, undo
from storage.submissions.information import answer, ask
from storage.submissions.sending import submit, withdraw
from storage.tables.submissions import Verdict
from tests.office import Bot, fill
from tests.submitting import decide_now, moment, send_report, submission_of

PROJECT, QUARTER = "รง 0501-66-0003", Quarter(2566, 1)
REASON = "ตัวเลขเบิกจ่ายไม่ตรงกับแผน"
HOLDERS = {1: "P00034", 2: "P00031", 3: "P00006", 4: "P00005"}
OFFICER, SENDER, DEPUTY, DEPUTYS_DEPUTY, FORMER_HOLDER = "P00033", "P00032", "P00008", "P00016", "P00044"
ASSISTANT, WITHOUT_POST = "P00040", "P00045"
ALWAYS = {
    "officer of the unit": OFFICER,
    "officer elsewhere": "P00017",
    "sender who also approves": SENDER,
    "deputy today": DEPUTY,
    "deputy's deputy": DEPUTYS_DEPUTY,
    "holder until yesterday": FORMER_HOLDER,
    "assistant of the holder": ASSISTANT,
    "coordinator": "P00003",
    "monitor": "P00002",
    "administrator": "P00001",
    "without a post": WITHOUT_POST,
}

WORDS = {
    "state": Refusal.WRONG_STATE,
    "unit": Refusal.NOT_YOUR_UNIT,
    "step": Refusal.NOT_YOUR_STEP,
    "own": Refusal.OWN_SUBMISSION,
    "decided": Refusal.ALREADY_DECIDED,
    "last": Refusal.LAST_STEP,
}
"""How the tables call a refusal; ``ok``: it is done."""

DRAFT = """
                          submit  withdraw  approve  return  ask    answer  undo  reopen
officer of the unit       ok      state     step     step    step   state   step  step
officer elsewhere         unit    unit      step     step    step   unit    step  step
sender who also approves  ok      state     own      own     own    state   own   step
holder of the step        unit    unit      state    state   state  unit    step  step
holder of another step    unit    unit      step     step    step   unit    step  step
holder until yesterday    unit    unit      step     step    step   unit    step  step
deputy today              unit    unit      state    state   state  unit    step  step
deputy's deputy           unit    unit      step     step    step   unit    step  step
assistant of the holder   unit    unit      step     step    step   unit    step  step
coordinator               unit    unit      step     step    step   unit    step  step
monitor                   unit    unit      step     step    step   unit    step  step
administrator             unit    unit      step     step    step   unit    step  ok
without a post            unit    unit      step     step    step   unit    step  step
"""
AT_THE_FIRST_STEP = """
                          submit  withdraw  approve  return  ask   answer  undo  reopen
officer of the unit       state   ok        step     step    step  ok      step  step
officer elsewhere         unit    unit      step     step    step  unit    step  step
sender who also approves  state   ok        own      own     own   ok      own   step
holder of the step        unit    unit      ok       ok      ok    unit    step  step
holder of another step    unit    unit      step     step    step  unit    step  step
holder until yesterday    unit    unit      step     step    step  unit    step  step
deputy today              unit    unit      ok       ok      ok    unit    step  step
deputy's deputy           unit    unit      step     step    step  unit    step  step
assistant of the holder   unit    unit      step     step    step  unit    step  step
coordinator               unit    unit      step     step    step  unit    step  step
monitor                   unit    unit      step     step    step  unit    step  step
administrator             unit    unit      step     step    step  unit    step  state
without a post            unit    unit      step     step    step  unit    step  step
"""
AT_A_STEP_OF_THE_MINISTRY = """
                           submit  withdraw  approve  return  ask   answer  undo  reopen
officer of the unit        state   decided   step     step    step  ok      step  step
officer elsewhere          unit    unit      step     step    step  unit    step  step
sender who also approves   state   decided   own      own     own   ok      own   step
holder of the step         unit    unit      ok       ok      ok    unit    step  step
holder of the step before  unit    unit      step     step    step  unit    ok    step
holder of another step     unit    unit      step     step    step  unit    step  step
holder until yesterday     unit    unit      step     step    step  unit    step  step
deputy today               unit    unit      ok       ok      ok    unit    step  step
deputy's deputy            unit    unit      step     step    step  unit    step  step
assistant of the holder    unit    unit      step     step    step  unit    step  step
coordinator                unit    unit      step     step    step  unit    step  step
monitor                    unit    unit      step     step    step  unit    step  step
administrator              unit    unit      step     step    step  unit    step  state
without a post             unit    unit      step     step    step  unit    step  step
"""
AT_THE_LAST_STEP = AT_A_STEP_OF_THE_MINISTRY
RETURNED = """
                           submit  withdraw  approve  return  ask    answer  undo     reopen
officer of the unit        ok      state     step     step    step   state   step     step
officer elsewhere          unit    unit      step     step    step   unit    step     step
sender who also approves   ok      state     own      own     own    state   own      step
holder of the step         unit    unit      state    state   state  unit    step     step
holder of the step before  unit    unit      step     step    step   unit    decided  step
holder of another step     unit    unit      step     step    step   unit    step     step
holder until yesterday     unit    unit      step     step    step   unit    step     step
deputy today               unit    unit      state    state   state  unit    step     step
deputy's deputy            unit    unit      step     step    step   unit    step     step
assistant of the holder    unit    unit      step     step    step   unit    step     step
coordinator                unit    unit      step     step    step   unit    step     step
monitor                    unit    unit      step     step    step   unit    step     step
administrator              unit    unit      step     step    step   unit    step     ok
without a post             unit    unit      step     step    step   unit    step     step
"""
APPROVED = """
                          submit  withdraw  approve  return  ask    answer  undo  reopen
officer of the unit       state   state     step     step    step   state   step  step
officer elsewhere         unit    unit      step     step    step   unit    step  step
sender who also approves  state   state     own      own     own    state   own   step
holder of the step        unit    unit      state    state   state  unit    last  step
holder of another step    unit    unit      step     step    step   unit    step  step
holder until yesterday    unit    unit      step     step    step   unit    step  step
deputy today              unit    unit      state    state   state  unit    step  step
deputy's deputy           unit    unit      step     step    step   unit    step  step
assistant of the holder   unit    unit      step     step    step   unit    step  step
coordinator               unit    unit      step     step    step   unit    step  step
monitor                   unit    unit      step     step    step   unit    step  step
administrator             unit    unit      step     step    step   unit    step  ok
without a post            unit    unit      step     step    step   unit    step  step
"""

BECOMES = """
scene                      submit    withdraw  approve     return      ask       answer    undo      reopen
draft                      wait/2/1  -         -           -           -         -         -         draft/1
at the first step          -         draft/1   wait/1/2    returned/1  wait/1/1  wait/1/1  -         -
at a step of the ministry  -         -         wait/1/4    returned/1  wait/1/3  wait/1/3  wait/1/2  -
at the last step           -         -         approved/1  returned/1  wait/1/4  wait/1/4  wait/1/3  -
returned                   wait/2/1  -         -           -           -         -         -         returned/1
approved                   -         -         -           -           -         -         -         returned/1
"""
"""Where it stands after what is allowed: state/version/step."""


@dataclass(frozen=True)
class Scene:
    """A report that stands somewhere: ``step`` is the one to be decided, ``undoable`` the one that might be undone."""

    name: str
    table: str
    ways: tuple[Verdict, ...]
    step: int
    undoable: int

    @property
    def people(self) -> Mapping[str, str]:
        """Return everybody by role."""
        before = {"holder of the step before": HOLDERS[self.undoable]} if self.undoable != self.step else {}
        other = next(holder for step, holder in HOLDERS.items() if step not in (self.step, self.undoable))
        return {**ALWAYS, "holder of the step": HOLDERS[self.step], **before, "holder of another step": other}


YES, NO = Verdict.APPROVED, Verdict.RETURNED
SCENES = (
    Scene("draft", DRAFT, (), 1, 1),
    Scene("at the first step", AT_THE_FIRST_STEP, (), 1, 1),
    Scene("at a step of the ministry", AT_A_STEP_OF_THE_MINISTRY, (YES, YES), 3, 2),
    Scene("at the last step", AT_THE_LAST_STEP, (YES, YES, YES), 4, 3),
    Scene("returned", RETURNED, (YES, NO), 2, 1),
    Scene("approved", APPROVED, (YES, YES, YES, YES), 4, 4),
)


@dataclass(frozen=True)
class Deed:
    """What somebody does to the report of a scene."""

    session: Session
    reference: Reference
    by: Actor
    row: tables.Submission
    scene: Scene
    at: Now


def asks(deed: Deed) -> None:
    ask(deed.session, deed.reference, deed.by, deed.row.id, deed.row.version, deed.scene.step, REASON, deed.at)


def answers(deed: Deed) -> None:
    question = deed.session.scalars(select(tables.InformationRequest.id)).one()
    answer(deed.session, deed.reference, deed.by, question, "ตรวจสอบแล้ว ถูกต้องตามใบสำคัญ", deed.at)


def decides(deed: Deed, verdict: Verdict) -> None:
    wish = Wish(deed.row.id, deed.row.version, deed.scene.step, verdict, REASON)
    decide(deed.session, deed.reference, deed.by, wish, deed.at)


ACTIONS: Mapping[str, Callable[[Deed], object]] = {
    "submit": lambda do: submit(do.session, do.reference, do.by, do.row.id, do.at),
    "withdraw": lambda do: withdraw(do.session, do.reference, do.by, do.row.id, do.row.version, do.at),
    "approve": lambda do: decides(do, Verdict.APPROVED),
    "return": lambda do: decides(do, Verdict.RETURNED),
    "ask": asks,
    "answer": answers,
    "undo": lambda do: undo(do.session, do.reference, do.by, do.row.id, do.row.version, do.scene.undoable, do.at),
    "reopen": lambda do: reopen(do.session, do.reference, do.by, do.row.id, REASON, do.at),
}


@pytest.fixture
def office(sqlite_url: str) -> Iterator[Bot]:
    """The sample ministry; one of its officers decides too, and was given a place at every step of the unit's route."""
    fill(sqlite_url)
    bot = Bot(sqlite_url)
    with bot.writes() as session:
        give(session, SENDER, "รง0501", Role.PROJECT_OFFICER)
        give(session, SENDER, "รง05", Role.APPROVER)
        give(session, FORMER_HOLDER, "รง05", Role.APPROVER, valid_to=bot.at.astimezone(BANGKOK).date() - timedelta(1))
        leave_posts(session, FORMER_HOLDER, Role.APPROVER, "รง0602")
        leave_posts(session, WITHOUT_POST, Role.PROJECT_OFFICER, "รง0603")
        for order in HOLDERS:
            for person in (SENDER, FORMER_HOLDER):
                stage = Stage.AGENCY if order < 3 else Stage.UPPER
                route = {"unit_id": unit_id(session, "รง0501"), "approver_id": person_id(session, person)}
                session.add(tables.RouteStep(**route, order=order, stage=stage))
    yield bot
    bot.close()


def stand(bot: Bot, scene: Scene) -> None:
    """Let the report come to where the scene is, with a question of the step's holder, and deputies of the holder."""
    with bot.writes() as session:
        principal = person_id(session, HOLDERS[scene.step])
        deputy = person_id(session, DEPUTY)
        give(session, DEPUTY, "รง05", Role.APPROVER, acting_for_id=principal, capacity=Capacity.ACTING)
        give(session, DEPUTYS_DEPUTY, "รง05", Role.APPROVER, acting_for_id=deputy, capacity=Capacity.ACTING)
        give(session, ASSISTANT, "รง05", Role.ASSISTANT, acting_for_id=principal)
    number = send_report(bot, SENDER, PROJECT)
    for order, verdict in enumerate(scene.ways, 1):
        if order == scene.step:
            ask_once(bot, scene)
        decide_now(bot, HOLDERS[order], number, verdict, REASON)
    if len(scene.ways) < scene.step:
        ask_once(bot, scene)
    if scene.name == "draft":
        with bot.database.write() as session:
            row = session.get_one(tables.Submission, number)
            withdraw(session, today(bot, session), actor(session, SENDER), number, row.version, moment(bot))


def ask_once(bot: Bot, scene: Scene) -> None:
    with bot.database.write() as session:
        row = session.get_one(tables.Submission, submission_of(bot, PROJECT).id)
        asks(Deed(session, today(bot, session), actor(session, HOLDERS[scene.step]), row, scene, moment(bot)))


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_everybody_may_do_what_the_table_says_and_nothing_else(office: Bot, scene: Scene) -> None:
    stand(office, scene)
    specified = cells(scene.table)
    assert {role for role, _ in specified} == set(scene.people)
    number = submission_of(office, PROJECT).id
    with office.database.write() as session:
        reference = today(office, session)
        for (role, action), told in specified.items():
            by = actor(session, scene.people[role])
            deed = Deed(session, reference, by, session.get_one(tables.Submission, number), scene, moment(office))
            before = written(session)
            trial = session.begin_nested()
            found = outcome(deed, action)
            assert (role, action, found) == (role, action, expected(scene, action, told))
            changed = tuple(after - earlier for earlier, after in zip(before, written(session), strict=True))
            assert changed[0] == (told == "ok")  # one entry in the audit trail, and none for what is refused
            assert told == "ok" or changed == (0, 0, 0)
            if told == "ok":
                assert last_entry(session) == (by.code, HOLDERS[scene.step] if is_for_another(role, action) else None)
            trial.rollback()
            session.expire_all()


def outcome(deed: Deed, action: str) -> str:
    try:
        ACTIONS[action](deed)
    except TransitionRefused as refused:
        deed.session.flush()
        return refused.refusal
    deed.session.flush()
    row = deed.row
    names = {SubmissionState.PENDING_APPROVAL: "wait"}
    place = [names.get(row.state, row.state), str(row.version), *([str(row.step)] if row.step else [])]
    return "/".join(place)


def expected(scene: Scene, action: str, told: str) -> str:
    if told != "ok":
        return WORDS[told]
    return cells(BECOMES)[scene.name, action]


def is_for_another(role: str, action: str) -> bool:
    return role == "deputy today" and action in {"approve", "return", "ask"}


def cells(table: str) -> dict[tuple[str, str], str]:
    """Return what a table says, by the first words of a row and the heading of a column."""
    heading, *rows = [line for line in table.splitlines() if line.strip()]
    columns = [word for word in heading.split() if word != "scene"]
    found: dict[tuple[str, str], str] = {}
    for row in rows:
        name, *values = row.rsplit(maxsplit=len(columns))
        found |= {(name, column): value for column, value in zip(columns, values, strict=True)}
    return found


def written(session: Session) -> tuple[int, int, int]:
    """Return how many entries of the audit trail, messages and decisions there are."""
    counted = (tables.AuditEntry, tables.OutboxMessage, tables.Decision)
    return tuple(session.scalars(select(func.count()).select_from(table)).one() for table in counted)  # type: ignore[return-value]


def last_entry(session: Session) -> tuple[str, str | None]:
    """Return who did what was audited last, and for whom."""
    entry = session.scalars(select(tables.AuditEntry).order_by(tables.AuditEntry.id.desc()).limit(1)).one()
    by = session.get_one(tables.Person, entry.actor_id).code
    return by, session.get_one(tables.Person, entry.acting_for_id).code if entry.acting_for_id else None


def today(bot: Bot, session: Session) -> Reference:
    return load_reference(session, bot.at.astimezone(BANGKOK).date())


def actor(session: Session, person: str) -> Actor:
    return Actor(person, person_id(session, person), Channel.LINE)


def person_id(session: Session, code: str) -> int:
    return session.scalars(select(tables.Person.id).where(tables.Person.code == code)).one()


def unit_id(session: Session, code: str) -> int:
    return session.scalars(select(tables.Unit.id).where(tables.Unit.code == code)).one()


def give(session: Session, person: str, unit: str, role: Role, **fields: object) -> None:
    post = {"person_id": person_id(session, person), "unit_id": unit_id(session, unit), "role": role}
    session.add(tables.RoleAssignment(**post, **fields))


def leave_posts(session: Session, person: str, role: Role, unit: str) -> None:
    """Take a post that the sample ministry gave to a person."""
    held = tables.RoleAssignment
    post = (held.person_id == person_id(session, person)) & (held.unit_id == unit_id(session, unit))
    session.delete(session.scalars(select(held).where(post, held.role == role)).one())


def test_the_tables_speak_of_every_action() -> None:
    for scene in SCENES:
        assert {action for _, action in cells(scene.table)} == set(ACTIONS)
    assert {scene for scene, _ in cells(BECOMES)} == {scene.name for scene in SCENES}
