"""The life of a submission, and whose delay a lateness is (domain.md §3)."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refusal, TransitionRefused
from domain.submissions import (
    ApprovalStep,
    DutyState,
    Position,
    SubmissionKind,
    SubmissionState,
    approve,
    duty_state,
    overdue_stage,
    return_,
    says_enough,
    send,
    withdraw,
)
from domain.windows import Stage, StageWindows
from tests.unit.domain.thai_dates import day, span

AGENCY, UPPER = Stage.AGENCY, Stage.UPPER
DRAFT, PENDING = SubmissionState.DRAFT, SubmissionState.PENDING_APPROVAL
RETURNED, APPROVED = SubmissionState.RETURNED, SubmissionState.APPROVED
ROUTE = (ApprovalStep(1, AGENCY), ApprovalStep(2, UPPER), ApprovalStep(3, UPPER))
REASON = "ผลเบิกจ่ายไม่ตรงกับแผน"


def at(step: int, version: int = 1) -> Position:
    return Position(PENDING, version, step)


def approved_at(step: int) -> Callable[[Position], Position]:
    return lambda position: approve(position, ROUTE, seen_version=1, step=step)


def returned_at(step: int, reason: str = REASON) -> Callable[[Position], Position]:
    return lambda position: return_(position, seen_version=1, step=step, reason=reason)


def sent(position: Position) -> Position:
    return send(position, ROUTE, SubmissionKind.QUARTER_REPORT)


def withdrawn(position: Position) -> Position:
    return withdraw(position, ROUTE)


@pytest.mark.parametrize(
    ("before", "transition", "after"),
    (
        pytest.param(Position(DRAFT, 0), sent, at(1), id="draft → the first step"),
        pytest.param(at(1), approved_at(1), at(2), id="approved → the next step"),
        pytest.param(at(2), approved_at(2), at(3), id="and the next"),
        pytest.param(at(3), approved_at(3), Position(APPROVED, 1), id="the last step → approved"),
        pytest.param(at(1), returned_at(1), Position(RETURNED, 1), id="returned at the first step"),
        pytest.param(
            at(3), returned_at(3), Position(RETURNED, 1), id="returned by a later step → the unit, not step 2"
        ),
        pytest.param(Position(RETURNED, 1), sent, at(1, version=2), id="sent again → the whole chain, a new version"),
        pytest.param(at(1), withdrawn, Position(DRAFT, 1), id="withdrawn before any decision"),
    ),
)
def test_a_step_in_its_life(before: Position, transition: Callable[[Position], Position], after: Position) -> None:
    assert transition(before) == after


@pytest.mark.parametrize(
    ("before", "transition", "refusal"),
    (
        pytest.param(at(1), sent, Refusal.WRONG_STATE, id="sent twice"),
        pytest.param(Position(APPROVED, 1), sent, Refusal.WRONG_STATE, id="sent after approval"),
        pytest.param(Position(DRAFT, 0), approved_at(1), Refusal.WRONG_STATE, id="a draft approved"),
        pytest.param(Position(RETURNED, 1), approved_at(1), Refusal.WRONG_STATE, id="a returned one approved"),
        pytest.param(Position(APPROVED, 1), approved_at(3), Refusal.WRONG_STATE, id="approved twice"),
        pytest.param(at(2), approved_at(1), Refusal.ALREADY_DECIDED, id="a step that has passed"),
        pytest.param(at(1), approved_at(2), Refusal.NOT_YOUR_STEP, id="a step to come"),
        pytest.param(at(1, version=2), approved_at(1), Refusal.STALE_VERSION, id="the card showed an older version"),
        pytest.param(at(1, version=2), returned_at(1), Refusal.STALE_VERSION, id="and so for returning"),
        pytest.param(at(2), returned_at(1), Refusal.ALREADY_DECIDED, id="returned from a step that has passed"),
        pytest.param(Position(DRAFT, 1), returned_at(1), Refusal.WRONG_STATE, id="a draft returned"),
        pytest.param(at(1), returned_at(1, ""), Refusal.REASON_TOO_SHORT, id="returned without a reason"),
        pytest.param(at(1), returned_at(1, "แก้ไขหน่อ"), Refusal.REASON_TOO_SHORT, id="nine characters"),
        pytest.param(at(1), returned_at(1, "   แก้ไข      "), Refusal.REASON_TOO_SHORT, id="spaces do not count"),
        pytest.param(at(2), withdrawn, Refusal.ALREADY_DECIDED, id="withdrawn after a decision"),
        pytest.param(Position(DRAFT, 0), withdrawn, Refusal.WRONG_STATE, id="a draft withdrawn"),
        pytest.param(Position(APPROVED, 1), withdrawn, Refusal.WRONG_STATE, id="an approved one withdrawn"),
    ),
)
def test_a_step_that_is_refused(before: Position, transition: Callable[[Position], Position], refusal: Refusal) -> None:
    with pytest.raises(TransitionRefused) as refused:
        transition(before)
    assert refused.value.refusal is refusal


@pytest.mark.parametrize(
    ("reason", "is_enough"),
    (
        ("แก้ไขหน่อย", True),
        ("ไตรมาส 1/2566", True),
        ("0.25 ≠ 250,000", True),
        ("check M6 total", True),
        ("\u2800" * 10, False),
        ("\u3164" * 10, False),
        ("…" * 10, False),
        ("แก้ไข??????????", False),
    ),
)
def test_a_reason_is_made_of_letters_and_digits_for_the_most_part(reason: str, is_enough: bool) -> None:  # noqa: FBT001
    assert says_enough(reason) is is_enough


def test_ten_characters_are_reason_enough() -> None:
    assert returned_at(1, "แก้ไขหน่อย")(at(1)).state is RETURNED


def test_steps_are_followed_in_order_whatever_their_numbers() -> None:
    route = (ApprovalStep(2, AGENCY), ApprovalStep(5, UPPER))
    first = send(Position(DRAFT, 0), route, SubmissionKind.QUARTER_REPORT)
    assert first.step == 2
    assert approve(first, route, seen_version=1, step=2).step == 5


MOVES: dict[str, Callable[[Position], Position]] = {
    "send": sent,
    "approve": lambda p: approve(p, ROUTE, seen_version=p.version, step=p.step or 1),
    "return": lambda p: return_(p, seen_version=p.version, step=p.step or 1, reason=REASON),
    "withdraw": withdrawn,
}


@given(st.lists(st.sampled_from(sorted(MOVES)), max_size=25))
def test_versions_only_grow_and_a_step_is_known_exactly_while_pending(moves: list[str]) -> None:
    position = Position(DRAFT, 0)
    for move in moves:
        try:
            after = MOVES[move](position)
        except TransitionRefused:
            continue
        assert position.state is not APPROVED
        assert after.version == position.version + (move == "send")
        assert (after.step is not None) == (after.state is PENDING)
        position = after


@pytest.mark.parametrize(
    ("state", "left"),
    (
        (None, DutyState.MISSING),
        (DRAFT, DutyState.DRAFT),
        (RETURNED, DutyState.RETURNED),
        (PENDING, DutyState.WAITING),
        (APPROVED, None),
    ),
)
def test_what_is_left_to_do(state: SubmissionState | None, left: DutyState | None) -> None:
    assert duty_state(state) is left


# Whose delay it is: the windows of Q2/66

WINDOWS = StageWindows(span("1–18 เม.ย. 66"), span("19–30 เม.ย. 66"))
IN_AGENCY_WINDOW, IN_UPPER_WINDOW, AFTER_BOTH = "18 เม.ย. 66", "30 เม.ย. 66", "1 พ.ค. 66"


@pytest.mark.parametrize(
    ("state", "waiting_at", "returned_by", "on", "late"),
    (
        pytest.param(None, None, None, IN_AGENCY_WINDOW, None, id="nothing sent, last day"),
        pytest.param(None, None, None, IN_UPPER_WINDOW, AGENCY, id="nothing sent, window closed"),
        pytest.param(DRAFT, None, None, IN_UPPER_WINDOW, AGENCY, id="a draft, window closed"),
        pytest.param(RETURNED, None, AGENCY, IN_AGENCY_WINDOW, None, id="returned within the agency, in time"),
        pytest.param(RETURNED, None, AGENCY, IN_UPPER_WINDOW, AGENCY, id="returned within the agency, window closed"),
        pytest.param(PENDING, AGENCY, None, IN_AGENCY_WINDOW, None, id="at the agency's step, in time"),
        pytest.param(PENDING, AGENCY, None, IN_UPPER_WINDOW, AGENCY, id="at the agency's step, window closed"),
        pytest.param(PENDING, UPPER, None, IN_UPPER_WINDOW, None, id="left the agency: never the agency's delay"),
        pytest.param(PENDING, UPPER, None, AFTER_BOTH, UPPER, id="the upper step held it too long"),
        pytest.param(PENDING, UPPER, None, IN_AGENCY_WINDOW, None, id="at the upper step before its window opens"),
        pytest.param(RETURNED, None, UPPER, IN_UPPER_WINDOW, None, id="returned from above: may be sent until then"),
        pytest.param(RETURNED, None, UPPER, AFTER_BOTH, AGENCY, id="returned from above and not sent again"),
        pytest.param(APPROVED, None, None, AFTER_BOTH, None, id="approved"),
    ),
)
def test_whose_delay_it_is(
    state: SubmissionState | None, waiting_at: Stage | None, returned_by: Stage | None, on: str, late: Stage | None
) -> None:
    assert overdue_stage(state, waiting_at, returned_by, WINDOWS, day(on)) is late


def test_a_stage_without_a_window_is_never_late() -> None:
    agency_alone = StageWindows(span("1–18 เม.ย. 66"), None)
    assert overdue_stage(PENDING, UPPER, None, agency_alone, day(AFTER_BOTH)) is None
