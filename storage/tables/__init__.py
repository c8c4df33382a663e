"""All tables. Dates are C.E., instants UTC, money baht; ``fiscal_year`` is B.E. and quarters are fiscal ones."""

from storage.tables.base import Base
from storage.tables.calendar import CalendarWindow, Holiday, MinistryPolicy
from storage.tables.conversations import (
    Conversation,
    GroupChat,
    InboxEvent,
    InviteCode,
    LinkAttempt,
    PageTicket,
    ReminderPreference,
    RichMenu,
)
from storage.tables.messaging import AuditEntry, OutboxMessage, ReminderOccurrence, StateEntry
from storage.tables.organisation import GroupMember, Person, RoleAssignment, RouteStep, Unit
from storage.tables.projects import Activity, FundingSource, Project, ProjectLink, SpendingPlan
from storage.tables.submissions import (
    ActivityProgress,
    AgencyDuty,
    Decision,
    LinkProgress,
    QuarterReport,
    ReportCount,
    SpendingSum,
    Submission,
    SubmissionVersion,
)

__all__ = [
    "Activity",
    "ActivityProgress",
    "AgencyDuty",
    "AuditEntry",
    "Base",
    "CalendarWindow",
    "Conversation",
    "Decision",
    "FundingSource",
    "GroupChat",
    "GroupMember",
    "Holiday",
    "InboxEvent",
    "InviteCode",
    "LinkAttempt",
    "LinkProgress",
    "MinistryPolicy",
    "OutboxMessage",
    "PageTicket",
    "Person",
    "Project",
    "ProjectLink",
    "QuarterReport",
    "ReminderOccurrence",
    "ReminderPreference",
    "ReportCount",
    "RichMenu",
    "RoleAssignment",
    "RouteStep",
    "SpendingPlan",
    "SpendingSum",
    "StateEntry",
    "Submission",
    "SubmissionVersion",
    "Unit",
]
