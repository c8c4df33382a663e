"""May something be sent on this day, and does it count as late (``domain.md`` §3, §4)?"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from domain.errors import Refusal, TransitionRefused
from domain.policy import LateReports
from domain.windows import Stage, StageWindows


class SendTiming(StrEnum):
    """How a sending stands to its window."""

    ON_TIME = "on_time"
    RESENT = "resent"
    """The upper stage sent it back, and that stage's window is open: nobody's delay."""
    LATE = "late"


def send_timing(
    windows: StageWindows | None,
    returned_by: Stage | None,
    late_reports: LateReports,
    on: date,
    *,
    is_reopened: bool,
    late_reason: str,
) -> SendTiming:
    """Return how a sending on ``on`` (Bangkok) counts; ``windows`` None: nothing limits it.

    Raises:
        TransitionRefused: the window has not opened, or it closed and there is no reason, or the ministry takes late
            reports only after an administrator reopened them.
    """
    if windows is None:
        return SendTiming.ON_TIME
    opens_on = windows.starts_on(Stage.AGENCY)
    if opens_on is not None and on < opens_on and not is_reopened:
        raise TransitionRefused(Refusal.NOT_OPEN_YET)
    if returned_by is Stage.UPPER and _is_open(windows, Stage.UPPER, on):
        return SendTiming.RESENT
    if _is_open(windows, Stage.AGENCY, on):
        return SendTiming.ON_TIME
    if late_reports is LateReports.REOPEN_ONLY and not is_reopened:
        raise TransitionRefused(Refusal.WINDOW_CLOSED)
    if not late_reason.strip():
        raise TransitionRefused(Refusal.LATE_REASON_NEEDED)
    return SendTiming.LATE


def _is_open(windows: StageWindows, stage: Stage, on: date) -> bool:
    span = windows.of(stage)
    return span is None or on <= span.closes_on
