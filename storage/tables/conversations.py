"""What people send us and what we remember of it: events, follow-ups, codes, menus, preferences, opened pages."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Key, enum_column


class InboxState(StrEnum):
    """Where an event stands; the last two are ends."""

    RECEIVED = "received"
    WORKING = "working"
    ANSWERING = "answering"
    """Its effects are committed and its answer is stored; it only has to be given."""
    DONE = "done"
    FAILED = "failed"


_OPEN = "state IN ('working', 'answering')"


class InboxEvent(Base):
    """One webhook event as LINE sent it, stored before it is acknowledged (``architecture.md`` §2); less of groups.

    ``sender`` is the LINE id whose events are handled one after the other, in the order of ``occurred_at``; it,
    ``body`` and ``answer`` are blanked when the account is unlinked. ``answer`` is the JSON text of a messages array,
    ``answer_uncertain`` says that LINE may have taken it. Instants are real time; ``occurred_at`` is LINE's.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        Index(None, "state", "received_at"),
        Index(None, "sender", "occurred_at"),
        Index(
            "uq_inbox_open_sender",
            "sender",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
        Index(None, "finished_at"),
    )

    id: Mapped[Key]
    webhook_event_id: Mapped[str] = mapped_column(unique=True)
    body: Mapped[str]
    sender: Mapped[str | None]
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    state: Mapped[InboxState] = mapped_column(enum_column(InboxState), default=InboxState.RECEIVED)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    answer: Mapped[str | None]
    answer_uncertain: Mapped[bool] = mapped_column(default=False)
    reference: Mapped[str] = mapped_column(default="")
    finished_at: Mapped[datetime | None]


class Conversation(Base):
    """What a person's last answer was about, so that the next sentence may lean on it until ``expires_at`` (real)."""

    __tablename__ = "conversations"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    context: Mapped[dict[str, Any]]
    expires_at: Mapped[datetime]


class GroupChat(Base):
    """A group or room that was told, at ``told_at`` (real time), that the bot talks in private only."""

    __tablename__ = "group_chats"

    chat_id: Mapped[str] = mapped_column(primary_key=True)
    told_at: Mapped[datetime]


class InviteCode(Base):
    """A single-use code with which a person links a LINE account; only its hash is kept. Instants are real time.

    ``offered_to`` is the hash of the LINE id that typed the code and was asked "are you …?"; only it may say yes.
    A code that is neither used nor voided nor expired is live; a person has at most one.
    """

    __tablename__ = "invite_codes"
    __table_args__ = (Index(None, "person_id"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    code_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    offered_to: Mapped[str | None]
    offered_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]


class LinkAttempt(Base):
    """A wrong code typed by a LINE account (kept as a hash): too many lock that account out, never anybody else."""

    __tablename__ = "link_attempts"
    __table_args__ = (Index(None, "account", "at"), Index(None, "at"))

    id: Mapped[Key]
    account: Mapped[str]
    at: Mapped[datetime]


class RichMenu(Base):
    """A rich menu that is on LINE: its name here, LINE's id and the fingerprint of what was uploaded."""

    __tablename__ = "rich_menus"

    name: Mapped[str] = mapped_column(primary_key=True)
    menu_id: Mapped[str]
    fingerprint: Mapped[str]
    created_at: Mapped[datetime]


class ReminderPreference(Base):
    """How a person wishes to be reminded; a missing value is the ministry's policy.

    ``lead_days`` are working days ahead, ``quiet_weekdays`` ISO weekdays (1 Monday) without reminders.
    """

    __tablename__ = "reminder_preferences"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    lead_days: Mapped[Any | None] = mapped_column(JSON)
    quiet_weekdays: Mapped[Any] = mapped_column(JSON, default=list)


class PageTicket(Base):
    """A signed link that was opened: it opens nothing again. ``expires_at`` is real time."""

    __tablename__ = "page_tickets"

    nonce: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
