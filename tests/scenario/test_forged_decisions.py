"""Buttons that nobody gave to whoever presses them: forged, replayed, aged, of other units; and deputies by the day.

Whoever has no right hears about an item what is said of one that does not exist, to the letter.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import pytest
from sqlalchemy import Connection, func, select, update
from sqlalchemy.orm import Session

from domain.organisation import Capacity
from domain.reminders import BANGKOK
from domain.roles import Role
from domain.submissions import SubmissionState
from handlers.appointment_presses import EndDelegation
from handlers.approval_presses import (
    AskApproval,
    AskReturn,
    ConfirmApproval,
    ConfirmReturn,
    FillReason,
    ShowDetails,
    ShowItem,
    StartBulk,
    UndoApproval,
)
from handlers.bulk_approval import ConfirmBatch, ShowBatch, Shown, TickOff
from handlers.conversation import Context, Pressed, Said
from handlers.item_presses import (
    AnswerInformation,
    AskInformation,
    ConfirmAnswer,
    ConfirmQuestion,
    ConfirmWithdrawal,
    WithdrawItem,
)
from handlers.postback import Postback
from handlers.project_presses import ChooseReopening
from handlers.reopening import AskReopening, ConfirmReopening
from handlers.returning import digest_of
from storage import tables
from storage.shared_state import reference_changed
from storage.submissions.information import ask
from storage.submissions.sending import withdraw
from storage.tables.submissions import Verdict
from tests.chatting import Chatter, web_of
from tests.office import Bot, bangkok, labour
from tests.probing import HUGE, Probe, ask_all
from tests.scenario.test_submission_machine import give, person_id, today
from tests.submitting import actor_of, decide_now, moment, send_report, submission_of

__all__ = ["labour"]

PROJECT, OFFICER, HEAD, DIRECTOR_GENERAL = "รง 0501-66-0003", "P00033", "P00034", "P00031"
DEPUTY, DEPUTYS_DEPUTY = "P00008", "P00016"
REASON = "ตัวเลขเบิกจ่ายไม่ตรงกับแผน"

STRANGERS = {
    "officer of another unit of the agency": "P00035",
    "head of another unit of the agency": "P00036",
    "director general of another agency": "P00015",
    "plan officer of the agency": "P00032",
    "monitor of approved data": "P00002",
    "head until yesterday": "P00038",
    "deputy of the director general last week": DEPUTY,
    "deputy of a deputy": DEPUTYS_DEPUTY,
    "without a post": "P00029",
}
"""People without any right to a report at the first step of a unit's route."""


class Known(NamedTuple):
    """What there is to be pressed about: a project's code, the others by database id."""

    code: str
    submission: int
    question: int
    batch: int
    delegation: int


@pytest.fixture
def office(labour: Bot) -> Bot:
    """The sample ministry with people who may not any more, or not yet; all have phones."""
    yesterday = labour.at.astimezone(BANGKOK).date() - timedelta(days=1)
    with labour.writes() as session:
        principal, deputy = person_id(session, DIRECTOR_GENERAL), person_id(session, DEPUTY)
        acting = {"acting_for_id": principal, "capacity": Capacity.ACTING}
        give(session, DEPUTY, "รง05", Role.APPROVER, **acting, valid_to=yesterday - timedelta(days=7))
        give(session, DEPUTYS_DEPUTY, "รง05", Role.APPROVER, acting_for_id=deputy, capacity=Capacity.ACTING)
        end_posts(session, STRANGERS["head until yesterday"], yesterday)
        end_posts(session, STRANGERS["without a post"], yesterday)
        former = person_id(session, STRANGERS["head until yesterday"])
        unit = session.scalars(select(tables.Unit.id).where(tables.Unit.code == "รง0501")).one()
        session.add(tables.RouteStep(unit_id=unit, order=1, stage="AGENCY", approver_id=former))
        reference_changed(session, datetime.now(UTC))
    labour.link(*STRANGERS.values())
    return labour


def end_posts(session: Session, person: str, last_day: date) -> None:
    held = tables.RoleAssignment
    session.execute(update(held).where(held.person_id == person_id(session, person)).values(valid_to=last_day))


def buttons(known: Known, step: int) -> Sequence[Probe]:
    """Return all that decides about an item, shows it or asks about it, with words where words are wanted."""
    submission, version = known.submission, 1
    where = submission, version, step
    typed = Context(words=REASON)
    presses: Sequence[Postback] = (
        ShowItem(submission),
        ShowDetails(submission),
        AskApproval(*where),
        ConfirmApproval(*where),
        UndoApproval(*where),
        AskReturn(*where),
        FillReason(*where),
        AskInformation(*where),
        WithdrawItem(submission, version),
        ConfirmWithdrawal(submission, version),
        AnswerInformation(known.question),
        *(ShowBatch(known.batch, shown, 1) for shown in Shown),
        TickOff(known.batch, submission, excluded=True, page=1),
        ConfirmBatch(known.batch, "0" * 16),
        *(EndDelegation(known.delegation, DEPUTY, confirmed=confirmed) for confirmed in (False, True)),
        ChooseReopening(known.code, 1),
        AskReopening(known.code, 2566, 1),
        ConfirmReopening(known.code, 2566, 1, version, digest_of(REASON)),
    )
    return [
        *(Probe(Pressed(press.pack())) for press in presses),
        *(
            Probe(Pressed(press.pack()), typed)
            for press in (
                ConfirmReturn(*where, digest_of(REASON)),
                ConfirmQuestion(*where, digest_of(REASON)),
                ConfirmAnswer(known.question, digest_of(REASON)),
            )
        ),
        *(
            Probe(Said(REASON), Context(awaiting=press.pack()))
            for press in (AskReturn(*where), AskInformation(*where), AnswerInformation(known.question))
        ),
    ]


def test_somebody_without_any_right_hears_the_same_as_of_what_does_not_exist(office: Bot) -> None:
    number = send_report(office, OFFICER, PROJECT)
    Chatter(office, HEAD).presses(StartBulk(None, None, None).pack())
    real = Known(PROJECT, number, asked(office, number), *listed_and_delegated(office))
    before = office.row_counts()
    with office.database.engine.connect() as connection, connection.begin() as whole:
        for role, person in STRANGERS.items():
            first, *others = heard(connection, person, real)
            assert [(role, other) for other in others] == [(role, first)] * len(others)
        first, *others = heard(connection, HEAD, real)
        assert all(
            mine != nothings for other in others[1:] for mine, nothings in zip(first[:8], other[:8], strict=True)
        )
        whole.rollback()
    assert office.row_counts() == before


def heard(connection: Connection, person: str, real: Known) -> list[list[str]]:
    """Return what a person hears of what is there, at two steps, and then of what is not."""
    trials = [buttons(real, step) for step in (1, 4)]
    trials += [
        buttons(Known(f"รง 0501-66-{none % 10_000:04}", *[none] * 4), step)
        for none, step in ((10_000, 1), (10_000, 4), (HUGE, 1))
    ]
    answers = ask_all(connection, person, [probe for probes in trials for probe in probes]).answers
    return [[told(answers[str(probe)]) for probe in probes] for probes in trials]


def listed_and_delegated(bot: Bot) -> tuple[int, int]:
    """Return the ids of the head's list of what waits, and of a delegation of the head's step."""
    with bot.writes() as session:
        acting = {"acting_for_id": person_id(session, HEAD), "capacity": Capacity.ACTING}
        give(session, "P00012", "รง0501", Role.APPROVER, **acting)
        reference_changed(session, datetime.now(UTC))
    with bot.database.read() as session:
        batch = session.scalars(select(tables.ApprovalBatch.id)).one()
        return batch, session.scalars(select(func.max(tables.RoleAssignment.id))).one()


def told(answer: str) -> str:
    """Return what stands on the phone, and not what a next sentence may lean on."""
    return answer.rpartition("\n")[0]


def asked(bot: Bot, submission: int) -> int:
    with bot.database.write() as session:
        by = actor_of(session, HEAD)
        return ask(session, today(bot, session), by, submission, 1, 1, REASON, moment(bot)).id


def stands(bot: Bot) -> tuple[SubmissionState, int, int | None, int, int]:
    """Return state, version and step of the report, its decisions, and the entries in the audit trail."""
    row = submission_of(bot, PROJECT)
    decision, entry = tables.Decision, tables.AuditEntry
    with bot.database.read() as session:
        decisions = session.scalars(select(func.count()).where(decision.submission_id == row.id)).one()
        return row.state, row.version, row.step, decisions, session.scalars(select(func.count(entry.id))).one()


def test_forged_versions_and_steps_decide_nothing_though_the_presser_holds_the_step(office: Bot) -> None:
    number = send_report(office, OFFICER, PROJECT)
    head = Chatter(office, HEAD)
    before = stands(office)
    for where in ((1, 2), (1, 0), (1, -1), (1, HUGE), (1, -HUGE), (2, 1), (0, 1), (-1, 1), (HUGE, 1), (-HUGE, 1)):
        for press in (ConfirmApproval, UndoApproval):
            assert PROJECT in head.presses(press(number, *where).pack()).text
        for quoting in (ConfirmReturn, ConfirmQuestion):
            head.presses(AskReturn(number, 1, 1).pack())
            head.says(REASON)
            assert PROJECT in head.presses(quoting(number, *where, digest_of(REASON)).pack()).text
    for nothing in (0, -1, HUGE, -HUGE):
        assert "ไม่พบเรื่องนี้" in head.presses(ConfirmApproval(nothing, 1, 1).pack()).text
    assert stands(office) == before
    assert "อนุมัติแล้ว" in head.presses(ConfirmApproval(number, 1, 1).pack()).text


def test_a_webhook_that_comes_again_and_a_button_pressed_again_decide_once(office: Bot) -> None:
    number = send_report(office, OFFICER, PROJECT)
    head, web = Chatter(office, HEAD), web_of(office)
    event = web.press(head.account, ConfirmApproval(number, 1, 1).pack())
    for _ in range(3):
        assert web.deliver(event, event) == 200
        web.settle()
    after = stands(office)
    assert after[:4] == (SubmissionState.PENDING_APPROVAL, 1, 2, 1)
    assert [message["altText"][:10] for message in office.phone(HEAD)] == ["อนุมัติแล้ว"[:10]]
    again = head.presses(ConfirmApproval(number, 1, 1).pack())
    assert again.contains("ท่านพิจารณาเรื่องนี้แล้ว", "20 มี.ค. 66 เวลา 08.30 น.")
    assert stands(office) == after


def test_a_button_of_an_earlier_version_decides_nothing_after_the_report_was_sent_anew(office: Bot) -> None:
    number = send_report(office, OFFICER, PROJECT)
    head = Chatter(office, HEAD)
    card = head.presses(ShowItem(number).pack()).buttons()
    decide_now(office, HEAD, number, Verdict.RETURNED, REASON)
    send_report(office, OFFICER, PROJECT)
    before = stands(office)
    for label in ("อนุมัติ", "ส่งกลับแก้ไข", "ขอข้อมูลเพิ่ม"):
        assert head.presses(card[label]).contains("ฉบับที่ 2"), label
    for press in (ConfirmApproval(number, 1, 1), UndoApproval(number, 1, 1)):
        assert head.presses(press.pack()).contains("ฉบับที่ 2")
    assert stands(office) == before


def test_who_had_the_card_hears_that_it_was_withdrawn_or_went_back_a_step(office: Bot) -> None:
    number = send_report(office, OFFICER, PROJECT)
    director, head = Chatter(office, DIRECTOR_GENERAL), Chatter(office, HEAD)
    decide_now(office, HEAD, number)
    assert head.presses(UndoApproval(number, 1, 1).pack()).contains("ยกเลิกการอนุมัติแล้ว")
    assert director.presses(ConfirmApproval(number, 1, 2).pack()).contains("ขณะนี้", "ลำดับที่ 1 จาก 4")
    with office.database.write() as session:
        withdraw(session, today(office, session), actor_of(session, OFFICER), number, 1, moment(office))
    assert head.presses(ConfirmApproval(number, 1, 1).pack()).contains("หน่วยงานดึงเรื่องกลับไปแก้ไข")
    assert stands(office)[:4] == (SubmissionState.DRAFT, 1, None, 0)


def test_a_role_that_ended_this_morning_decides_nothing_though_its_card_is_on_the_phone(office: Bot) -> None:
    number = send_report(office, OFFICER, PROJECT)
    head = Chatter(office, HEAD)
    confirm = head.presses(head.presses(ShowItem(number).pack()).buttons()["อนุมัติ"]).buttons()["ยืนยันอนุมัติ"]
    with office.writes() as session:
        end_posts(session, HEAD, office.at.astimezone(BANGKOK).date() - timedelta(days=1))
        reference_changed(session, datetime.now(UTC))
    before = stands(office)
    refused = head.presses(confirm).text
    assert stands(office) == before
    assert refused == head.presses(ConfirmApproval(10_000, 1, 1).pack()).text


@pytest.mark.parametrize(
    ("person", "at", "decides"),
    (
        pytest.param(DEPUTY, bangkok("20 มี.ค. 66", "00:00"), True, id="the deputy on the first day"),
        pytest.param(DEPUTY, bangkok("22 มี.ค. 66", "23:59"), True, id="the deputy in the last minute"),
        pytest.param(DEPUTY, bangkok("23 มี.ค. 66", "00:00"), False, id="the deputy a minute later"),
        pytest.param(DEPUTY, bangkok("19 มี.ค. 66", "23:59"), False, id="the deputy a minute before"),
        pytest.param(DEPUTYS_DEPUTY, bangkok("21 มี.ค. 66", "09:00"), False, id="a deputy of the deputy"),
    ),
)
def test_a_deputy_decides_from_the_first_day_to_the_last_and_acting_does_not_cascade(
    office: Bot, person: str, at: datetime, *, decides: bool
) -> None:
    with office.writes() as session:
        span = {"valid_from": date(2023, 3, 20), "valid_to": date(2023, 3, 22)}
        acting = {"acting_for_id": person_id(session, DIRECTOR_GENERAL), "capacity": Capacity.ACTING}
        give(session, DEPUTY, "รง05", Role.APPROVER, **acting, **span)
        reference_changed(session, datetime.now(UTC))
    number = send_report(office, OFFICER, PROJECT)
    decide_now(office, HEAD, number)
    before, office.at = stands(office), at
    answer = Chatter(office, person).presses(ConfirmApproval(number, 1, 2).pack())
    if decides:
        assert answer.contains("อนุมัติแล้ว", "ขั้นต่อไป")
        assert acted(office, number) == (DEPUTY, DIRECTOR_GENERAL, Capacity.ACTING)
    else:
        assert stands(office) == before
        assert PROJECT not in answer.text


def acted(bot: Bot, submission: int) -> tuple[str, str, Capacity | None]:
    """Return who decided last for whom in what capacity, as decision and audit trail tell alike."""
    with bot.database.read() as session:
        decision = session.scalars(select(tables.Decision).where(tables.Decision.submission_id == submission)).all()[-1]
        entry = session.scalars(select(tables.AuditEntry).order_by(tables.AuditEntry.id.desc()).limit(1)).one()
        assert (entry.actor_id, entry.acting_for_id) == (decision.decided_by_id, decision.acting_for_id)
        by, absent = (session.get_one(tables.Person, number).code for number in (entry.actor_id, entry.acting_for_id))
        return by, absent, decision.capacity
