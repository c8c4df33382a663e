"""kill -9 of the web process that decides, at every point: one decision, and one answer, by whoever takes over."""

import signal
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.inbox_keeper import InboxKeeper
from domain.submissions import SubmissionState
from handlers.approval_presses import ConfirmApproval
from storage import tables
from storage.tables.conversations import InboxState
from storage.tables.messaging import AuditAction
from tests.chatting import Chatter, web_of
from tests.faults.test_killed_web import deadly_web, deliver, stored
from tests.office import Bot, labour, texts
from tests.submitting import send_report, submission_of

__all__ = ["labour"]

PROJECT, HEAD = "รง 0501-66-0003", "P00034"


@pytest.mark.parametrize(
    ("point", "is_committed"),
    (("before effects are committed", False), ("before reply", True), ("after reply", True)),
)
def test_a_decision_whose_web_process_is_killed_is_made_once_and_answered_once(
    labour: Bot, point: str, *, is_committed: bool
) -> None:
    number = send_report(labour, "P00033", PROJECT)
    web, head = web_of(labour), Chatter(labour, HEAD)
    event = web.press(head.account, ConfirmApproval(number, 1, 1).pack())
    with deadly_web(labour, web, point) as (process, door):
        assert deliver(door, event) in {200, 0}
        assert process.wait(30) == -signal.SIGKILL
    assert decided(labour, number) == [1] * is_committed
    assert stored(labour) == [InboxState.ANSWERING if is_committed else InboxState.WORKING]
    assert web.deliver(event) == 200  # LINE delivers it once more
    web.clock.ahead = timedelta(seconds=31)
    InboxKeeper(labour.database, web.conversations, web.clock).drain()
    labour.send()
    assert decided(labour, number) == [1]
    row = submission_of(labour, PROJECT)
    assert (row.state, row.step) == (SubmissionState.PENDING_APPROVAL, 2)
    assert approvals(labour) == [event["webhookEventId"]]
    answers = answered(labour)
    assert ["อนุมัติแล้ว" in answer and "ขั้นต่อไป" in answer for answer in answers] == [True]
    assert "ท่านพิจารณาเรื่องนี้แล้ว" in head.presses(event["postback"]["data"]).text
    assert (decided(labour, number), len(approvals(labour))) == ([1], 1)


def decided(bot: Bot, submission: int) -> Sequence[int]:
    """Return the steps at which there is a decision."""
    with bot.database.read() as session:
        return session.scalars(select(tables.Decision.step).where(tables.Decision.submission_id == submission)).all()


def approvals(bot: Bot) -> Sequence[str]:
    """Return LINE's events of the approvals in the audit trail."""
    entry = tables.AuditEntry
    with bot.database.read() as session:
        return session.scalars(select(entry.event_id).where(entry.action == AuditAction.SUBMISSION_APPROVE)).all()


def answered(bot: Bot) -> list[str]:
    """Return what the head's phone says of approving, beside news of what arrived."""
    return [said for message in bot.phone(HEAD) if "อนุมัติแล้ว" in (said := "\n".join(texts(message)))]
