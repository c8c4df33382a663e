"""Every position of a submission × every transition: where it goes, or why it does not (domain.md §3)."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refusal, TransitionRefused
from domain.submissions import (
    UNDO_FOR,
    ApprovalStep,
    Position,
    SubmissionKind,
    SubmissionState,
    approve,
    reopen,
    return_,
    send,
    undo,
    withdraw,
)
from domain.windows import Stage

ROUTE = (ApprovalStep(1, Stage.AGENCY), ApprovalStep(2, Stage.UPPER), ApprovalStep(4, Stage.UPPER))
"""Step 3 was taken out: orders need not be without gaps."""
REASON = "ตัวเลขเบิกจ่ายไม่ตรงกับแผน"
REPORT, EDIT = SubmissionKind.QUARTER_REPORT, SubmissionKind.PROJECT_EDIT
SOON = timedelta(minutes=3)

POSITIONS: Mapping[str, Position] = {
    "draft": Position(SubmissionState.DRAFT, 1),
    "at 1": Position(SubmissionState.PENDING_APPROVAL, 1, 1),
    "at 2": Position(SubmissionState.PENDING_APPROVAL, 1, 2),
    "at 4": Position(SubmissionState.PENDING_APPROVAL, 1, 4),
    "returned": Position(SubmissionState.RETURNED, 1),
    "approved": Position(SubmissionState.APPROVED, 1),
    "at 1 anew": Position(SubmissionState.PENDING_APPROVAL, 2, 1),
}

TRANSITIONS: Mapping[str, Callable[[Position], Position]] = {
    "send": lambda it: send(it, ROUTE, REPORT),
    "send the next edit": lambda it: send(it, ROUTE, EDIT),
    "approve at 1": lambda it: approve(it, ROUTE, seen_version=1, step=1),
    "approve at 2": lambda it: approve(it, ROUTE, seen_version=1, step=2),
    "approve at 4": lambda it: approve(it, ROUTE, seen_version=1, step=4),
    "return at 1": lambda it: return_(it, seen_version=1, step=1, reason=REASON),
    "return at 4": lambda it: return_(it, seen_version=1, step=4, reason=REASON),
    "undo 1": lambda it: undo(it, ROUTE, seen_version=1, step=1, decided_for=SOON),
    "undo 2": lambda it: undo(it, ROUTE, seen_version=1, step=2, decided_for=SOON),
    "withdraw": lambda it: withdraw(it, ROUTE),
    "reopen": lambda it: reopen(it, REPORT),
    "reopen an entry": lambda it: reopen(it, SubmissionKind.PROJECT_ENTRY),
}

TABLE = """
                   | draft     | at 1     | at 2      | at 4     | returned  | approved  | at 1 anew
send               | at 1 anew | state    | state     | state    | at 1 anew | state     | state
send the next edit | at 1 anew | state    | state     | state    | at 1 anew | at 1 anew | state
approve at 1       | state     | at 2     | decided   | decided  | state     | state     | stale
approve at 2       | state     | not yet  | at 4      | decided  | state     | state     | stale
approve at 4       | state     | not yet  | not yet   | approved | state     | state     | stale
return at 1        | state     | returned | decided   | decided  | state     | state     | stale
return at 4        | state     | not yet  | not yet   | returned | state     | state     | stale
undo 1             | decided   | decided  | at 1      | decided  | decided   | last      | stale
undo 2             | decided   | decided  | decided   | at 2     | decided   | last      | stale
withdraw           | state     | draft    | decided   | decided  | state     | state     | draft anew
reopen             | draft     | state    | state     | state    | returned  | returned  | state
reopen an entry    | draft     | state    | state     | state    | returned  | state     | state
"""

WORDS = {
    "state": Refusal.WRONG_STATE,
    "decided": Refusal.ALREADY_DECIDED,
    "not yet": Refusal.NOT_YOUR_STEP,
    "stale": Refusal.STALE_VERSION,
    "last": Refusal.LAST_STEP,
}


def cells() -> list[tuple[str, str, str]]:
    """Return what the table says: transition, position, outcome."""
    heading, *rows = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip("\n").splitlines()]
    return [(row[0], position, cell) for row in rows for position, cell in zip(heading[1:], row[1:], strict=True)]


def outcome(transition: str, position: str) -> Position | Refusal:
    try:
        return TRANSITIONS[transition](POSITIONS[position])
    except TransitionRefused as refused:
        return refused.refusal


def test_every_transition_from_every_position_is_in_the_table() -> None:
    assert [(transition, position) for transition, position, _ in cells()] == [
        (transition, position) for transition in TRANSITIONS for position in POSITIONS
    ]


@pytest.mark.parametrize(("transition", "position", "told"), cells())
def test_a_transition_leads_where_the_table_says(transition: str, position: str, told: str) -> None:
    expected = {**POSITIONS, **WORDS, "draft anew": Position(SubmissionState.DRAFT, 2)}
    assert outcome(transition, position) == expected[told]


@pytest.mark.parametrize(
    ("decided_for", "told"),
    (
        (timedelta(0), "at 1"),
        (UNDO_FOR, "at 1"),
        (UNDO_FOR + timedelta(microseconds=1), Refusal.UNDO_TOO_LATE),
        (timedelta(days=3), Refusal.UNDO_TOO_LATE),
    ),
)
def test_an_approval_can_be_taken_back_for_ten_minutes(decided_for: timedelta, told: str | Refusal) -> None:
    try:
        found: object = undo(POSITIONS["at 2"], ROUTE, seen_version=1, step=1, decided_for=decided_for)
    except TransitionRefused as refused:
        found = refused.refusal
    assert found == POSITIONS.get(told, told)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5, unique=True).map(sorted), st.data())
def test_however_often_it_is_returned_every_step_approves_the_last_version(
    orders: list[int], data: st.DataObject
) -> None:
    route = tuple(ApprovalStep(order, Stage.AGENCY) for order in orders)
    position = send(Position(SubmissionState.DRAFT, 0), route, REPORT)
    passed: list[int | None] = []
    for is_returned in data.draw(st.lists(st.booleans(), max_size=12)):
        assert position.step is not None
        here = {"seen_version": position.version, "step": position.step}
        if is_returned:
            position, passed = send(return_(position, **here, reason=REASON), route, REPORT), []
        else:
            passed.append(position.step)
            position = approve(position, route, **here)
        if position.state is SubmissionState.APPROVED:
            break
    while position.step is not None:
        passed.append(position.step)
        position = approve(position, route, seen_version=position.version, step=position.step)
    assert (position.state, passed) == (SubmissionState.APPROVED, orders)
