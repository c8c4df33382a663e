"""Two people press in the same moment, in two threads or on two machines: one decision, and one polite answer."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.errors import Refusal, TransitionRefused
from domain.reminders import BANGKOK
from domain.submissions import SubmissionState
from domain.windows import Stage
from handlers.approval_presses import AskReturn, ConfirmApproval, ConfirmReturn, UndoApproval
from handlers.item_presses import ConfirmWithdrawal
from storage import rerouting, tables
from storage.reference import Reference, load_reference
from storage.submissions.actor import Actor
from storage.submissions.deciding import Decided, Wish, decide, undo
from storage.submissions.sending import withdraw
from storage.tables.conversations import InboxState
from storage.tables.messaging import AuditAction
from storage.tables.submissions import Verdict
from tests.chatting import Chatter, Web, web_of
from tests.faults.test_killed_web import deadly_web, stored
from tests.office import Bot, labour, line_id_of, texts
from tests.processes import wait_for
from tests.submitting import actor_of, decide_now, moment, send_report, submission_of

__all__ = ["labour"]

PROJECT, UNIT, OFFICER = "รง 0501-66-0003", "รง0501", "P00033"
HEAD, OTHER_HEAD, DIRECTOR_GENERAL = "P00034", "P00036", "P00031"
REASON = "ตัวเลขเบิกจ่ายไม่ตรงกับแผน"
ROUNDS = 5

APPROVE, RETURN = AuditAction.SUBMISSION_APPROVE, AuditAction.SUBMISSION_RETURN
WITHDRAW, UNDO = AuditAction.SUBMISSION_WITHDRAW, AuditAction.SUBMISSION_UNDO

Deed = Callable[[Session, Reference, Actor, Bot], None]


@dataclass(frozen=True)
class Press:
    """What somebody does to the report at a step, and the refusal when the other one was quicker."""

    person: str
    action: AuditAction
    step: int
    beaten: Refusal


@dataclass(frozen=True)
class Race:
    """Two presses in one moment, after ``approved`` steps; ``decisions`` are left, whichever comes first."""

    name: str
    one: Press
    other: Press
    decisions: dict[AuditAction, int]
    approved: Sequence[str] = ()

    @property
    def presses(self) -> tuple[Press, Press]:
        return self.one, self.other


RACES = (
    Race(
        "both approve",
        Press(HEAD, APPROVE, 1, Refusal.ALREADY_DECIDED),
        Press(OTHER_HEAD, APPROVE, 1, Refusal.ALREADY_DECIDED),
        {APPROVE: 1},
    ),
    Race(
        "one approves, one returns",
        Press(HEAD, APPROVE, 1, Refusal.WRONG_STATE),
        Press(OTHER_HEAD, RETURN, 1, Refusal.ALREADY_DECIDED),
        {APPROVE: 1, RETURN: 1},
    ),
    Race(
        "the head approves, the officer withdraws",
        Press(HEAD, APPROVE, 1, Refusal.WRONG_STATE),
        Press(OFFICER, WITHDRAW, 1, Refusal.ALREADY_DECIDED),
        {APPROVE: 1, WITHDRAW: 0},
    ),
    Race(
        "the head takes back, the next step approves",
        Press(HEAD, UNDO, 1, Refusal.ALREADY_DECIDED),
        Press(DIRECTOR_GENERAL, APPROVE, 2, Refusal.NOT_YOUR_STEP),
        {UNDO: 0, APPROVE: 2},
        approved=(HEAD,),
    ),
)


@pytest.fixture
def office(labour: Bot) -> Bot:
    """The sample ministry, where two people may decide at the first step of one unit."""
    with labour.writes() as session:
        unit = session.scalars(select(tables.Unit.id).where(tables.Unit.code == UNIT)).one()
        approver = actor_of(session, OTHER_HEAD).person_id
        session.add(tables.RouteStep(unit_id=unit, order=1, stage=Stage.AGENCY, approver_id=approver))
    return labour


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.name)
def test_of_two_threads_in_one_moment_one_decides_and_one_is_refused(office: Bot, race: Race) -> None:
    for number in range(ROUNDS):
        submission = send_report(office, OFFICER, PROJECT)
        for holder in race.approved:
            decide_now(office, holder, submission)
        version, heard = submission_of(office, PROJECT).version, audited(office)
        assert version == number + 1
        outcomes = at_once(office, [doing(press, submission, version) for press in race.presses])
        done = [press for press, refused in zip(race.presses, outcomes, strict=True) if refused is None]
        assert len(done) == 1
        assert outcomes == [None if press in done else press.beaten for press in race.presses]
        assert audited(office)[len(heard) :] == [done[0].action]
        assert len(decided(office, submission, version)) == race.decisions[done[0].action]
        give_back(office, submission)


def test_of_two_machines_in_one_moment_one_decides_and_the_other_one_says_so(office: Bot) -> None:
    with ExitStack() as running, ThreadPoolExecutor(2) as pool:
        started = [pool.submit(running.enter_context, deadly_web(office, web_of(office), "never")) for _ in range(2)]
        doors = [each.result(60)[1] for each in started]
        for race in RACES:
            submission = send_report(office, OFFICER, PROJECT)
            for holder in race.approved:
                decide_now(office, holder, submission)
            version, heard = submission_of(office, PROJECT).version, audited(office)
            told = pressed_on_two_machines(office, doors, pool, {p: button(office, p, version) for p in race.presses})
            (done,) = audited(office)[len(heard) :]
            (winner,) = [press for press in race.presses if (press.person, press.action) == last_entry(office)]
            (loser,) = [press for press in race.presses if press is not winner]
            assert len(decided(office, submission, version)) == race.decisions[done]
            assert {person: len(messages) for person, messages in told.items()} == {p.person: 1 for p in race.presses}
            said = "\n".join(texts(told[loser.person]))
            assert all(word in said for word in TOLD[winner.person, winner.action]), (race.name, winner, said)
            give_back(office, submission)


def pressed_on_two_machines(
    bot: Bot, doors: Sequence[Web], pool: ThreadPoolExecutor, presses: Mapping[Press, str]
) -> Mapping[str, list[Mapping[str, Any]]]:
    """Let two people press in the same moment, each at a web process of their own; return what they were told."""
    before = {press.person: len(bot.phone(press.person)) for press in presses}
    start = Barrier(2)

    def press_at(door: Web, press: Press) -> int:
        event = door.press(line_id_of(press.person), presses[press])
        start.wait(20)
        return door.deliver(event)

    pressed = [pool.submit(press_at, door, press) for door, press in zip(doors, presses, strict=True)]
    assert [future.result(20) for future in pressed] == [200, 200]
    wait_for(lambda: all(len(bot.phone(person)) > number for person, number in before.items()), 20, "both answers")
    wait_for(lambda: set(stored(bot)) == {InboxState.DONE}, 20, "both presses are done")
    return {person: bot.phone(person)[number:] for person, number in before.items()}


TOLD = {
    (HEAD, APPROVE): ("ผู้อำนวยการกอง", "อนุมัติ", "20 มี.ค. 66 เวลา 08.30 น."),
    (OTHER_HEAD, APPROVE): ("ผู้อำนวยการกอง", "อนุมัติ", "20 มี.ค. 66 เวลา 08.30 น."),
    (OTHER_HEAD, RETURN): ("ผู้อำนวยการกอง", "ส่งกลับแก้ไข", REASON, "20 มี.ค. 66 เวลา 08.30 น."),
    (DIRECTOR_GENERAL, APPROVE): ("อธิบดี", "อนุมัติ", "20 มี.ค. 66 เวลา 08.30 น."),
    (OFFICER, WITHDRAW): ("หน่วยงานดึงเรื่องกลับไปแก้ไข",),
    (HEAD, UNDO): ("ขณะนี้", "ผู้อำนวยการกอง", "ลำดับที่ 1 จาก 4"),
}
"""What the slower one hears, by who was quicker with what."""


def button(bot: Bot, press: Press, version: int) -> str:
    """Return the data of the button that does it, as it stands on the person's phone in the end."""
    chatter, submission = Chatter(bot, press.person), submission_of(bot, PROJECT).id
    match press.action:
        case AuditAction.SUBMISSION_APPROVE:
            return ConfirmApproval(submission, version, press.step).pack()
        case AuditAction.SUBMISSION_UNDO:
            return UndoApproval(submission, version, press.step).pack()
        case AuditAction.SUBMISSION_WITHDRAW:
            return ConfirmWithdrawal(submission, version).pack()
    chatter.presses(AskReturn(submission, version, press.step).pack())
    return next(data for data in chatter.says(REASON).buttons().values() if data.startswith(ConfirmReturn.prefix))


def doing(press: Press, submission: int, version: int) -> tuple[str, Deed]:
    """Return who does what."""

    def deed(session: Session, reference: Reference, by: Actor, bot: Bot) -> None:
        match press.action:
            case AuditAction.SUBMISSION_WITHDRAW:
                withdraw(session, reference, by, submission, version, moment(bot))
            case AuditAction.SUBMISSION_UNDO:
                undo(session, reference, by, submission, version, press.step, moment(bot))
            case action:
                verdict = Verdict.APPROVED if action is APPROVE else Verdict.RETURNED
                decide(session, reference, by, Wish(submission, version, press.step, verdict, REASON), moment(bot))

    return press.person, deed


def test_what_is_decided_while_its_route_changes_stays_decided(labour: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    code, last = "รง 0603-66-0004", 4
    waiting = submission_of(labour, code)
    today = labour.at.astimezone(BANGKOK).date()
    with ThreadPoolExecutor(1) as pool:

        def decided_meanwhile(session: Session, on: date) -> Reference:
            deciding.append(pool.submit(decide_now, labour, "P00005", waiting.id))
            if not labour.database.is_sqlite:  # where only one writes at a time
                deciding[0].result(20)
            return load_reference(session, on)

        deciding: list[Future[Decided]] = []
        monkeypatch.setattr(rerouting, "load_reference", decided_meanwhile)
        with labour.database.write() as session:
            changing = rerouting.Rerouting(session, today, load_reference(session, today).rules.organisation)
            session.execute(delete(tables.RouteStep).where(tables.RouteStep.order == last))
            told = changing.follow(moment(labour))
        refused = deciding[0].exception(20)
    row = submission_of(labour, code)
    if labour.database.is_sqlite:
        assert isinstance(refused, TransitionRefused)
        assert row.step == last - 1
    else:
        assert (row.state, row.step) == (SubmissionState.APPROVED, None)
        assert (last, Verdict.APPROVED) in decided(labour, row.id, row.version)
    assert told.redirected == (1 if labour.database.is_sqlite else 0)


def at_once(bot: Bot, deeds: Sequence[tuple[str, Deed]]) -> list[Refusal | None]:
    """Let people do something in the same moment, each in a thread and a transaction; return who was refused why."""
    start = Barrier(len(deeds))

    def run(person: str, deed: Deed) -> Refusal | None:
        with bot.database.read() as session:
            reference, by = load_reference(session, bot.at.astimezone(BANGKOK).date()), actor_of(session, person)
        start.wait(20)
        try:
            with bot.database.write() as session:
                deed(session, reference, by, bot)
        except TransitionRefused as refused:
            return refused.refusal
        return None

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [future.result(20) for future in [pool.submit(run, *deed) for deed in deeds]]


def audited(bot: Bot) -> list[AuditAction]:
    """Return what was done to submissions, oldest first."""
    about = tables.AuditEntry.action.in_((APPROVE, RETURN, WITHDRAW, UNDO))
    with bot.database.read() as session:
        return list(session.scalars(select(tables.AuditEntry.action).where(about).order_by(tables.AuditEntry.id)))


def last_entry(bot: Bot) -> tuple[str, AuditAction]:
    """Return who did what the audit trail tells of last."""
    entry, person = tables.AuditEntry, tables.Person
    query = select(person.code, entry.action).join(entry, entry.actor_id == person.id).order_by(entry.id.desc())
    with bot.database.read() as session:
        by, action = session.execute(query.limit(1)).one()
    return by, action


def decided(bot: Bot, submission: int, version: int) -> list[tuple[int, Verdict]]:
    """Return the decisions on a version, by step."""
    row = tables.Decision
    query = select(row.step, row.verdict).where(row.submission_id == submission, row.version == version)
    with bot.database.read() as session:
        return [(step, verdict) for step, verdict in session.execute(query.order_by(row.step))]


def give_back(bot: Bot, submission: int) -> None:
    """Return the report to the unit, if it is not there already, so that it can be sent anew."""
    row = submission_of(bot, PROJECT)
    if row.step is not None:
        holder = {1: HEAD, 2: DIRECTOR_GENERAL, 3: "P00006"}[row.step]
        decide_now(bot, holder, submission, Verdict.RETURNED, REASON)
