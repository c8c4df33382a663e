"""What a sentence can be about, and the particulars it names (``domain.md`` §9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Intent(StrEnum):
    """What somebody wants of the bot."""

    UNREPORTED_PROJECTS = "unreported_projects"
    MY_PROJECTS = "my_projects"
    PROJECT_STATUS = "project_status"
    PENDING_APPROVALS = "pending_approvals"
    APPROVE = "approve"
    RETURN = "return"
    DEADLINE = "deadline"
    WINDOW_CALENDAR = "window_calendar"
    DISBURSEMENT_STATUS = "disbursement_status"
    AGENCY_SUMMARY = "agency_summary"
    OVERDUE_LIST = "overdue_list"
    REPORT_HISTORY = "report_history"
    BROADCAST = "broadcast"
    SETTINGS_REMINDERS = "settings_reminders"
    LINK_ACCOUNT = "link_account"
    UNLINK_ACCOUNT = "unlink_account"
    HELP = "help"
    GREETING = "greeting"
    OUT_OF_SCOPE = "out_of_scope"


class Relative(StrEnum):
    """A quarter named by where the speaker stands; resolved by the speaker's calendar."""

    CURRENT = "current"
    PREVIOUS = "previous"
    NEXT = "next"


class Status(StrEnum):
    """A state that is named as a filter or a premise."""

    DRAFT = "draft"
    PENDING_APPROVAL = "pending_approval"
    RETURNED = "returned"
    APPROVED = "approved"
    UNREPORTED = "unreported"
    OVERDUE = "overdue"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Slots:
    """The particulars of a sentence; None: not said.

    ``quarter`` is 1 to 4 as the speaker labels it, or relative; ``fiscal_year`` is B.E. as said. ``agency`` is a
    canonical abbreviation («กกจ.»), ``project_code`` is normalised («รง 0402-66-0003»), ``project_query`` holds the
    distinguishing words of a project's name.
    """

    quarter: int | Relative | None = None
    fiscal_year: int | None = None
    agency: str | None = None
    project_code: str | None = None
    project_query: str | None = None
    status: Status | None = None


NOTHING_SAID = Slots()


@dataclass(frozen=True, slots=True)
class Understood:
    """What a sentence means. Below the threshold ``intent`` is None and ``choices`` holds up to three, likeliest first.

    ``extra`` is whatever else was said: reason, letter number, days.
    """

    utterance: str
    intent: Intent | None
    slots: Slots
    confidence: float
    choices: tuple[Intent, ...] = ()
    extra: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
