"""All tables. Dates are C.E., instants UTC, money baht; ``fiscal_year`` is B.E. and quarters are fiscal ones."""

from storage.tables.api import ApiKey, ApiRequest
from storage.tables.base import Base
from storage.tables.calendar import CalendarWindow, Holiday, MinistryPolicy
from storage.tables.circulars import (
    AudienceGroup,
    Circular,
    CircularBatch,
    CircularFile,
    CircularFilePart,
    CircularRecipient,
)
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
from storage.tables.reporting import DraftField, Evidence, EvidencePart, ReportVisit
from storage.tables.submissions import (
    ActivityProgress,
    AgencyDuty,
    ApprovalBatch,
    Decision,
    InformationRequest,
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
    "ApiKey",
    "ApiRequest",
    "ApprovalBatch",
    "AudienceGroup",
    "AuditEntry",
    "Base",
    "CalendarWindow",
    "Circular",
    "CircularBatch",
    "CircularFile",
    "CircularFilePart",
    "CircularRecipient",
    "Conversation",
    "Decision",
    "DraftField",
    "Evidence",
    "EvidencePart",
    "FundingSource",
    "GroupChat",
    "GroupMember",
    "Holiday",
    "InboxEvent",
    "InformationRequest",
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
    "ReportVisit",
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
