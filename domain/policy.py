"""A ministry's reminder policy; defaults from ``domain.md`` §5 and §10, stored per ministry and editable."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time
from enum import StrEnum

from domain.fiscal import Quarter
from domain.windows import Roll


class LateReports(StrEnum):
    """May a report still be sent after the agency's window: always with a reason, or only when reopened."""

    ALLOW = "allow"
    REOPEN_ONLY = "reopen_only"


@dataclass(frozen=True, slots=True)
class ReminderPolicy:
    """When and how a ministry reminds.

    ``lead_days`` are working days before the window's last working day, farthest first; the head of the unit joins
    from number ``head_joins_at`` of them. Times are Asia/Bangkok. ``tracked_from`` overrides where tracking
    begins. What waited at one step for ``escalate_after`` working days is reported to coordinators even inside its
    window, for ``admin_after`` to administrators; None: it is not. ``mirror_emenscr``: its units still write what is
    approved here into eMENSCR by hand, and say so here. ``second_officer``: a circular goes out only when somebody
    else than its maker has released it. Who has not acknowledged one is reminded ``remind_silent`` working days before
    the last day for it, and never where this is empty.
    """

    lead_days: tuple[int, ...] = (5, 2)
    head_joins_at: int = 2
    send_from: time = time(8, 30)
    send_until: time = time(16, 30)
    late_reports: LateReports = LateReports.ALLOW
    roll: Roll = Roll.NONE
    tracked_from: Quarter | None = None
    escalate_after: int | None = None
    admin_after: int | None = None
    mirror_emenscr: bool = False
    second_officer: bool = False
    remind_silent: tuple[int, ...] = (1,)

    @property
    def head_joins_lead(self) -> int:
        """Working days before the last one from which the head of the unit is told; 0: on the last day only."""
        leads = sorted(self.lead_days, reverse=True)
        return leads[self.head_joins_at - 1] if self.head_joins_at <= len(leads) else 0

    def tracking(self, default: Quarter | None) -> ReminderPolicy:
        """Return the policy with ``default`` as where tracking begins, unless the ministry set it."""
        return self if self.tracked_from is not None else replace(self, tracked_from=default)


DEFAULT_POLICY = ReminderPolicy()
