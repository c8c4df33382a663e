"""LINE hands events over twice, at the same time or behind later ones: nothing is lost and nothing counts twice."""

from collections import Counter
from collections.abc import Iterator

import pytest

from domain.submissions import SubmissionState
from handlers.approval_presses import ConfirmApproval, UndoApproval
from simulator.line.behaviour import Behaviour
from simulator.webhooks.phones import Phones
from tests.chatting import Chatter, web_of
from tests.office import Bot, labour
from tests.submitting import send_report, submission_of

__all__ = ["labour"]

PROJECT, OFFICER, HEAD = "รง 0501-66-0003", "P00033", "P00034"


@pytest.fixture
def phones(labour: Bot) -> Iterator[Phones]:
    """The phones of people whose LINE errs in both ways."""
    web = web_of(labour)
    web.line.platform.webhook = f"{web.origin}/callback"
    web.line.platform.behaviour = Behaviour(duplicates=True, reorders=True, reorder_window=2)
    yield web.line.phones
    assert web.line.phones.settle(20)
    web.line.platform.behaviour = Behaviour()


def settle(bot: Bot) -> None:
    assert web_of(bot).line.phones.settle(20)
    web_of(bot).settle()


def test_two_people_who_type_and_press_in_one_moment_are_answered_once_each(labour: Bot, phones: Phones) -> None:
    number = send_report(labour, OFFICER, PROJECT)
    officer, head = Chatter(labour, OFFICER), Chatter(labour, HEAD)

    phones.says(officer.account, "ช่วยเหลือ")
    phones.says(officer.account, PROJECT)
    phones.presses(head.account, ConfirmApproval(number, 1, 1).pack())
    phones.says(head.account, "ช่วยเหลือ")
    settle(labour)

    report = submission_of(labour, PROJECT)
    assert (report.state, report.step) == (SubmissionState.PENDING_APPROVAL, 2)
    said = Counter(message["altText"][:10] for person in (OFFICER, HEAD) for message in labour.phone(person))
    assert sum(said.values()) == 4
    assert said["อนุมัติแล้ว"[:10]] == 1
    assert len(labour.phone(OFFICER)) == len(labour.phone(HEAD)) == 2


def test_a_decision_and_its_taking_back_in_one_moment_leave_what_was_answered(labour: Bot, phones: Phones) -> None:
    number = send_report(labour, OFFICER, PROJECT)
    head = Chatter(labour, HEAD)

    phones.presses(head.account, ConfirmApproval(number, 1, 1).pack())
    phones.presses(head.account, UndoApproval(number, 1, 1).pack())
    settle(labour)

    assert submission_of(labour, PROJECT).step == 2, "what came first was refused, as there was nothing to take back"
    assert len(labour.phone(HEAD)) == 2
