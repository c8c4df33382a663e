"""Circulars: what they say, their files, who gets them, and the batches in which they go out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.circulars.letters import Relation, Urgency
from domain.circulars.life import CircularState, PauseReason
from storage.tables.base import Base, Key, enum_column
from storage.tables.messaging import OutboxState


class Circular(Base):
    """A letter to many people. All instants are business time.

    ``ministry_id`` is its maker's, whose policy binds it and whose coordinators look after it; None: an administrator's
    outside of any ministry. ``version`` grows with every change of what it says, to whom, when or with which files.
    ``audience`` is ``Audience.as_json()``, ``windows`` the calendar rows that its release enters
    (``storage.circulars.calendar``). ``about_id`` is the earlier letter that it ``relation`` (corrects or withdraws).
    ``body`` is the JSON text of the messages array that every recipient gets, frozen at the release. No batch is formed
    before ``not_before``. ``failures`` counts tries that failed one after the other. ``sent_back_reason`` is why a
    second officer gave it back. ``silent_reminded`` is the last of the policy's ``remind_silent`` for which the silent
    were reminded.
    """

    __tablename__ = "circulars"
    __table_args__ = (Index(None, "state", "not_before"), Index(None, "maker_id", "state"))

    id: Mapped[Key]
    maker_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    ministry_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    state: Mapped[CircularState] = mapped_column(enum_column(CircularState), default=CircularState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    letter_no: Mapped[str] = mapped_column(default="")
    letter_date: Mapped[date | None]
    urgency: Mapped[Urgency] = mapped_column(enum_column(Urgency), default=Urgency.NORMAL)
    subject: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    wants_acknowledgement: Mapped[bool] = mapped_column(default=True)
    acknowledge_by: Mapped[date | None]
    send_at: Mapped[datetime | None]
    audience: Mapped[dict[str, Any]] = mapped_column(default=dict)
    windows: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    relation: Mapped[Relation | None] = mapped_column(enum_column(Relation))
    about_id: Mapped[int | None] = mapped_column(ForeignKey("circulars.id"), index=True)
    body: Mapped[str | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    finished_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    retry_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(SmallInteger, default=0)
    pause_reason: Mapped[PauseReason | None] = mapped_column(enum_column(PauseReason))
    sent_back_reason: Mapped[str] = mapped_column(default="")
    silent_reminded: Mapped[int | None] = mapped_column(SmallInteger)


class CircularFile(Base):
    """A PDF of a circular, byte by byte as it was handed in; its bytes lie in pieces.

    ``message_id`` is that of the LINE message which brought it, empty where a page did. ``added_at`` is real time.
    """

    __tablename__ = "circular_files"
    __table_args__ = (UniqueConstraint("circular_id", "sha256"),)

    id: Mapped[Key]
    circular_id: Mapped[int] = mapped_column(ForeignKey("circulars.id", ondelete="CASCADE"))
    name: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    message_id: Mapped[str] = mapped_column(default="")
    added_at: Mapped[datetime]


class CircularFilePart(Base):
    """A piece of a circular's file; ``number`` counts from 0."""

    __tablename__ = "circular_file_parts"

    file_id: Mapped[int] = mapped_column(ForeignKey("circular_files.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes]


class CircularBatch(Base):
    """Up to 500 people to whom one multicast goes (LINE reference, "Send multicast message").

    A batch is formed in the transaction that claims it and is tried from then on under one retry key with one list of
    ``accounts`` (LINE id to person id, in the order in which they are sent); the body is the circular's. What LINE
    surely did not take is no batch any more. ``accounts`` is blanked when the batch reaches an end; ``size`` is how
    many they were. ``lease_until``, ``retry_at`` and ``first_tried_at`` are real time, ``sent_at`` is business time.
    """

    __tablename__ = "circular_batches"
    __table_args__ = (Index(None, "state", "lease_until"), Index(None, "circular_id", "state"))

    id: Mapped[Key]
    circular_id: Mapped[int] = mapped_column(ForeignKey("circulars.id"))
    accounts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    size: Mapped[int] = mapped_column(SmallInteger)
    retry_key: Mapped[str]
    state: Mapped[OutboxState] = mapped_column(enum_column(OutboxState), default=OutboxState.SENDING)
    reason: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    uncertain: Mapped[bool] = mapped_column(default=False)
    first_tried_at: Mapped[datetime]
    retry_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    lease_owner: Mapped[str | None]
    request_id: Mapped[str | None]
    sent_at: Mapped[datetime | None]


class CircularRecipient(Base):
    """One person to whom a circular goes, named at its release; ``unit_id`` is through which unit.

    ``state`` ends as in the outbox, with a ``reason``; *due* ones have no batch yet, *sending* ones are in
    ``batch_id``. Instants are business time: when LINE took it, when its documents were first opened, when it was
    acknowledged.
    """

    __tablename__ = "circular_recipients"
    __table_args__ = (
        Index(None, "circular_id", "state", "person_id"),
        Index(None, "person_id"),
        {"sqlite_with_rowid": False},
    )

    circular_id: Mapped[int] = mapped_column(ForeignKey("circulars.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    state: Mapped[OutboxState] = mapped_column(enum_column(OutboxState), default=OutboxState.DUE)
    reason: Mapped[str] = mapped_column(default="")
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("circular_batches.id"), index=True)
    sent_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]


class AudienceGroup(Base):
    """A choice of recipients that was saved under a name; ``ministry_id`` None: for administrators alone.

    No id is used twice: a draft that names a removed group must not get another one.
    """

    __tablename__ = "audience_groups"
    __table_args__ = (UniqueConstraint("ministry_id", "name"), {"sqlite_autoincrement": True})

    id: Mapped[Key]
    ministry_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    name: Mapped[str]
    audience: Mapped[dict[str, Any]] = mapped_column(default=dict)
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    saved_at: Mapped[datetime]
