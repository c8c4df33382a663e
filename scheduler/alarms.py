"""Tells the administrators that the machinery needs somebody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.reminders import BANGKOK
from domain.roles import Role
from storage.outbox import NewMessage, Priority, enqueue
from storage.tables import RoleAssignment
from storage.tables.messaging import NoticeKind

ALARM_LIFE = timedelta(days=1)


class AlarmTopic(StrEnum):
    """What is wrong; it stands in the notice's ``args["topic"]`` and the message catalogue words it."""

    SENDER_STOPPED = "sender_stopped"
    """args: ``reason``, a ``StopReason``"""
    QUOTA_LOW = "quota_low"
    """args: ``limit`` and ``used``, in messages of this month"""
    SENDER_LATE = "sender_late"
    """args: ``minutes`` that the oldest due message has waited"""
    CLOCK_LATE = "clock_late"
    """args: ``minutes`` since the last tick"""
    LINK_ATTEMPTS = "link_attempts"
    """args: ``tries``, wrong invite codes within the last hour"""


def raise_alarm(
    session: Session, topic: AlarmTopic, facts: Mapping[str, Any], now: datetime, incident: str = ""
) -> None:
    """Queue a notice to every administrator, once per topic, ``incident`` and business day.

    ``now`` is business time. When LINE itself is what is wrong, the notice goes out after recovery or expires in a day.
    """
    today = now.astimezone(BANGKOK).date()
    row = RoleAssignment
    admins = session.scalars(
        select(row.person_id)
        .where(
            row.role == Role.ADMIN,
            or_(row.valid_from.is_(None), row.valid_from <= today),
            or_(row.valid_to.is_(None), row.valid_to >= today),
        )
        .distinct()
    )
    enqueue(
        session,
        [
            NewMessage(
                key=f"alarm:{topic}:{incident}:{today}:{admin}",
                kind=NoticeKind.ALARM,
                person_id=admin,
                not_before=now,
                expires_at=now + ALARM_LIFE,
                priority=Priority.ALARM,
                args={"topic": topic, **facts},
            )
            for admin in admins
        ],
        now,
    )
