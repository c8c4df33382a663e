"""All tables. Dates are C.E., instants UTC, money baht; ``fiscal_year`` is B.E. and quarters are fiscal ones."""

from storage.tables.base import Base
from storage.tables.calendar import CalendarWindow, Holiday, MinistryPolicy
from storage.tables.messaging import AuditEntry, OutboxMessage, ReminderOccurrence, StateEntry
from storage.tables.organisation import GroupMember, Person, RoleAssignment, RouteStep, Unit
from storage.tables.projects import Activity, FundingSource, Project, ProjectLink, SpendingPlan
from storage.tables.submissions import (
    ActivityProgress,
    AgencyDuty,
    Decision,
    LinkProgress,
    QuarterReport,
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
    "Decision",
    "FundingSource",
    "GroupMember",
    "Holiday",
    "LinkProgress",
    "MinistryPolicy",
    "OutboxMessage",
    "Person",
    "Project",
    "ProjectLink",
    "QuarterReport",
    "ReminderOccurrence",
    "RoleAssignment",
    "RouteStep",
    "SpendingPlan",
    "StateEntry",
    "Submission",
    "SubmissionVersion",
    "Unit",
]
