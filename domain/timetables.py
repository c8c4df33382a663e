"""What a day is for one occasion and stage: where its ladders stand, and which mornings are for what waits.

Whom that concerns is the planner's business (``domain.md`` §5; the ladder is in ``domain/reminders.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.in_force import Rules
from domain.policy import ReminderPolicy
from domain.reminders import Rung, Step, ladder, last_rung
from domain.windows import Occasion, ScopePath, Span, Stage

_EVERY_STEP = frozenset(Step)
_HEAD_STEPS = frozenset({Step.AHEAD, Step.LAST_DAY, Step.OVERDUE})
_LATE_STEPS = frozenset({Step.LAST_DAY, Step.OVERDUE})
_OVERDUE_STEPS = frozenset({Step.OVERDUE})


@dataclass(frozen=True, slots=True)
class Timetable:
    """What today is for one occasion and stage: the newest rung of each ladder, and the mornings of waiting items.

    ``late`` is the coordinator's ladder. ``approver_on`` and ``coordinator_on`` are the mornings that reminders of
    waiting items belong to; None: not today.
    """

    occasion: Occasion
    stage: Stage
    span: Span | None
    officer: Rung | None
    head: Rung | None
    late: Rung | None
    approver_on: date | None
    coordinator_on: date | None


def timetable(rules: Rules, occasion: Occasion, stage: Stage, path: ScopePath, policy: ReminderPolicy) -> Timetable:
    """Return what the day of ``rules`` is for an occasion and stage, to the units at ``path``."""
    windows = rules.window(occasion, path)
    span = windows.of(stage) if windows else None
    if windows is None or span is None:
        weekly = _weekly_morning(rules, None)
        return Timetable(occasion, stage, None, None, None, None, approver_on=weekly, coordinator_on=weekly)
    span = span.rolled(policy.roll, rules.calendar)
    starts_on = windows.starts_on(stage) if stage is Stage.AGENCY else None
    rungs = _rungs_so_far(rules, span, starts_on, path, policy)
    newest = {steps: last_rung(rungs, steps) for steps in (_EVERY_STEP, _HEAD_STEPS, _LATE_STEPS, _OVERDUE_STEPS)}
    head, overdue, weekly = newest[_HEAD_STEPS], newest[_OVERDUE_STEPS], _weekly_morning(rules, span)
    too_early = head is not None and head.lead is not None and head.lead > policy.head_joins_lead
    is_open = span.holds(rules.today)
    return Timetable(
        occasion=occasion,
        stage=stage,
        span=span,
        officer=newest[_EVERY_STEP],
        head=None if too_early else head,
        late=newest[_LATE_STEPS],
        approver_on=rules.today if is_open else weekly,
        coordinator_on=None if is_open else overdue.on if overdue and stage is Stage.AGENCY else weekly,
    )


def _rungs_so_far(
    rules: Rules, span: Span, starts_on: date | None, path: ScopePath, policy: ReminderPolicy
) -> Sequence[Rung]:
    """Return the rungs up to today; none when the window is over for good."""
    ends_before = rules.overdue_ends(span.closes_on, path)
    if rules.today > span.closes_on and rules.today >= ends_before:
        return ()
    rungs = ladder(span, starts_on, ends_before, rules.calendar, policy)
    return [rung for rung in rungs if rung.on <= rules.today]


def _weekly_morning(rules: Rules, span: Span | None) -> date | None:
    """Return the first working day of this week when it has come and lies outside the window."""
    first = rules.calendar.first_of_week(rules.today)
    if first is None or first > rules.today or (span is not None and span.holds(first)):
        return None
    return first
