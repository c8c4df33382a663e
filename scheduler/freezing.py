"""Renders messages at their first claim, so that they say what is true then.

A reminder whose duty is done meanwhile is dropped here instead of being sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from domain.in_force import Rules
from domain.sending_hours import next_sending_time
from storage.outbox_claims import Claimed, Now
from storage.tables.messaging import OutboxState

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Frozen:
    """The final text of a message: a JSON array of 1 to 5 message objects."""

    body: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """The message is not sent, and why; ``state`` is cancelled or skipped."""

    reason: str
    state: OutboxState = OutboxState.CANCELLED


@dataclass(frozen=True, slots=True)
class Deferred:
    """The message is due again at ``not_before`` (business time) and rendered then: this is no hour to send it."""

    not_before: datetime


Verdict = Frozen | Dropped | Deferred


def outside_hours(rules: Rules, reader: str, now: datetime) -> Deferred | None:
    """Return when a message to ``reader`` (a code) is due again; None: the hours of the reader's post let it go now.

    ``now`` is business time. Whoever holds no post may be told at any hour.
    """
    posts = rules.organisation.posts_of(reader)
    sending = next_sending_time(now, rules.policy(posts[0].unit), rules.calendar) if posts else now
    return Deferred(sending) if sending > now else None


class NotPrepared(Exception):
    """What all messages of a page are rendered from could not be loaded; it says nothing about any one of them."""


class Freezer(Protocol):
    """Renders claimed messages."""

    def prepare(self, session: Session, rows: Sequence[Claimed], now: Now) -> None:
        """Load what ``rows`` have in common, before each ``freeze`` of all or some of them.

        What it raises is no fault of a message: none is parked, and the claim is tried again after a while.
        """
        ...

    def freeze(self, session: Session, rows: Sequence[Claimed], now: Now) -> Mapping[int, Verdict]:
        """Return for each row's id what to send to ``row.recipient``, or why nothing is sent, or not yet.

        Called in the transaction that claims the rows, with people who can be reached; it must not commit or roll back.
        """
        ...


def freeze_rows(session: Session, freezer: Freezer, rows: Sequence[Claimed], now: Now) -> Mapping[int, Verdict]:
    """Return what becomes of each of ``rows``; one that cannot be rendered is parked, alone.

    Raises:
        NotPrepared: nothing could be rendered; the caller rolls the claim back.
    """
    if not rows:
        return {}
    try:
        freezer.prepare(session, rows, now)
    except DBAPIError:
        raise
    except Exception as error:
        raise NotPrepared(type(error).__name__) from error
    return _freeze_apart(session, freezer, rows, now)


def _freeze_apart(session: Session, freezer: Freezer, rows: Sequence[Claimed], now: Now) -> Mapping[int, Verdict]:
    """Freeze all rows at once, or, when that fails, in halves, down to the rows that fail by themselves."""
    try:
        with session.begin_nested():
            results = freezer.freeze(session, rows, now)
            return {row.id: results[row.id] for row in rows}
    except DBAPIError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever the text of one message does, the others go out
        if len(rows) == 1:
            _log.exception("message_not_rendered", outbox_id=rows[0].id, kind=rows[0].kind)
            return {rows[0].id: Dropped(f"not_rendered {type(error).__name__}", OutboxState.PARKED)}
    middle = len(rows) // 2
    first, second = rows[:middle], rows[middle:]
    return {**_freeze_apart(session, freezer, first, now), **_freeze_apart(session, freezer, second, now)}
