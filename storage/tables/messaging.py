"""Outgoing messages, the ledger of reminders, the audit trail, and small shared state."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.reminders import Step
from domain.windows import Stage, WindowKind
from storage.tables.base import Base, FiscalYear, Key, QuarterNumber, enum_column


class OutboxState(StrEnum):
    """Where an outgoing message stands; the last five are ends, and every message reaches one."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    PARKED = "parked"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


class NoticeKind(StrEnum):
    """What a message is about; each kind has its own templates."""

    ANSWER = "answer"
    """The answer to an event, final already, that could not be given as a reply."""
    REMINDER = "reminder"
    CALENDAR_CHANGED = "calendar_changed"
    ALARM = "alarm"
    CHASE = "chase"
    """A ministry coordinator asks for reports that are owed; a reminder, so that a person gets one of either a day."""
    LINK_CHANGED = "link_changed"
    ARRIVAL = "arrival"
    """To approvers: something waits at their step."""
    UNHELD = "unheld"
    """To coordinators: something waits at a step that nobody holds who can be reached."""
    SUBMISSION_NEWS = "submission_news"
    """To the unit, and to whom it concerns: what became of something that was sent."""
    HANDOVER = "handover"
    """Who now holds what, after a role ended, a unit was merged or a deputy was named."""
    CIRCULAR_NEWS = "circular_news"
    """To who makes, releases or looks after a circular: it waits for a release, was given back, paused, or is sent."""
    CIRCULAR_REMINDER = "circular_reminder"
    """To recipients: a circular waits for their acknowledgement."""
    CIRCULAR_TEST = "circular_test"
    """To a circular's maker: how it will look."""


class OutboxMessage(Base):
    """One message to one person.

    ``key`` names the occurrence and is unique, so that nothing is queued twice. ``retry_key`` and, from the first try
    on, ``body`` (JSON text of the messages array) never change again. ``not_before`` and ``expires_at`` are business
    time; ``lease_until``, ``retry_at`` and ``first_tried_at`` are real time. ``uncertain``: a try may have been
    accepted unseen. ``account`` is a LINE id that gets it in the person's stead, such as the one that the person left.
    ``recipient`` and ``account`` are blanked when the message reaches an end but *parked*.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index(None, "state", "priority", "id"), Index(None, "person_id", "kind"))

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[NoticeKind] = mapped_column(enum_column(NoticeKind))
    priority: Mapped[int] = mapped_column(SmallInteger, default=5)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    args: Mapped[dict[str, Any]] = mapped_column(default=dict)
    account: Mapped[str | None]
    recipient: Mapped[str | None]
    body: Mapped[str | None]
    retry_key: Mapped[str]
    state: Mapped[OutboxState] = mapped_column(enum_column(OutboxState), default=OutboxState.DUE)
    reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    uncertain: Mapped[bool] = mapped_column(default=False)
    first_tried_at: Mapped[datetime | None]
    retry_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    lease_owner: Mapped[str | None]
    request_id: Mapped[str | None]
    sent_at: Mapped[datetime | None]


class ReminderOccurrence(Base):
    """One occurrence of a reminder that was put into a person's digest: it is not sent again."""

    __tablename__ = "reminder_occurrences"
    __table_args__ = (
        UniqueConstraint(
            "person_id", "kind", "fiscal_year", "quarter", "stage", "step", "on", name="uq_reminder_occurrences_key"
        ),
        Index(None, "on"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[WindowKind] = mapped_column(enum_column(WindowKind))
    fiscal_year: Mapped[FiscalYear]
    quarter: Mapped[QuarterNumber]
    stage: Mapped[Stage] = mapped_column(enum_column(Stage))
    step: Mapped[Step] = mapped_column(enum_column(Step))
    on: Mapped[date]
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"), index=True)


class AuditAction(StrEnum):
    """What was done, as ``subject:action``."""

    IMPORT_RUN = "import:run"
    POLICY_SET = "policy:set"
    PERSON_LINK = "person:link"
    PERSON_UNLINK = "person:unlink"
    INVITE_ISSUE = "invite:issue"
    INVITE_DECLINE = "invite:decline"
    OUTBOX_RETRY = "outbox:retry"
    LATE_REASON_GIVE = "late_reason:give"
    CHASE_SEND = "chase:send"
    PREFERENCE_SET = "preference:set"
    REMINDER_SNOOZE = "reminder:snooze"
    CALENDAR_CHANGE = "calendar:change"
    ROLE_GRANT = "role:grant"
    ROLE_CHANGE = "role:change"
    ROLE_REVOKE = "role:revoke"
    ROUTE_ADD = "route:add"
    ROUTE_CHANGE = "route:change"
    ROUTE_REMOVE = "route:remove"
    SUBMISSION_SEND = "submission:send"
    SUBMISSION_WITHDRAW = "submission:withdraw"
    SUBMISSION_APPROVE = "submission:approve"
    SUBMISSION_RETURN = "submission:return"
    SUBMISSION_UNDO = "submission:undo"
    SUBMISSION_REOPEN = "submission:reopen"
    SUBMISSION_REROUTE = "submission:reroute"
    SUBMISSION_MIRROR = "submission:mirror"
    SUBMISSION_UNMIRROR = "submission:unmirror"
    INFORMATION_ASK = "information:ask"
    INFORMATION_ANSWER = "information:answer"
    EVIDENCE_ADD = "evidence:add"
    EVIDENCE_REMOVE = "evidence:remove"
    DELEGATION_START = "delegation:start"
    DELEGATION_END = "delegation:end"
    DUTY_STATE = "duty:state"
    """An officer said when and under which reference an agency's plan, report or data entered eMENSCR."""
    CIRCULAR_PROPOSE = "circular:propose"
    CIRCULAR_TAKE_BACK = "circular:take_back"
    CIRCULAR_RELEASE = "circular:release"
    CIRCULAR_PAUSE = "circular:pause"
    CIRCULAR_RESUME = "circular:resume"
    CIRCULAR_CANCEL = "circular:cancel"
    CIRCULAR_RESEND = "circular:resend"
    CIRCULAR_REMIND = "circular:remind"
    AUDIENCE_SAVE = "audience:save"
    AUDIENCE_REMOVE = "audience:remove"
    API_KEY_ISSUE = "api_key:issue"
    API_KEY_REVOKE = "api_key:revoke"


class AuditEntry(Base):
    """Who did what, for whom, when, from what to what; never a LINE id. No actor: the operator's shell.

    The database itself refuses to change or remove entries. ``at`` is real time, ``business_at`` the business time of
    what concerns a submission. ``event_id`` is LINE's id of the webhook event, or the API's request, that it was done
    with; empty for others.
    """

    __tablename__ = "audit"
    __table_args__ = (Index(None, "subject", "id"),)

    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(index=True)
    business_at: Mapped[datetime | None]
    action: Mapped[AuditAction] = mapped_column(enum_column(AuditAction))
    subject: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    acting_for_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    channel: Mapped[str] = mapped_column(default="cli")
    event_id: Mapped[str] = mapped_column(default="", server_default="")
    before: Mapped[Any | None] = mapped_column(JSON)
    after: Mapped[Any | None] = mapped_column(JSON)


class StateEntry(Base):
    """Small facts that all processes share: the clock's shift, its last tick, the last known quota."""

    __tablename__ = "state"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    updated_at: Mapped[datetime]
