"""Notices of who decides in whose place, and of who holds what after a handover (``NoticeKind.HANDOVER``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.appointments import Delegation
from domain.organisation import Capacity
from domain.reminders import BANGKOK
from domain.sending_hours import next_sending_time
from storage.outbox import NewMessage, enqueue
from storage.outbox_claims import Now
from storage.reference import Reference
from storage.tables import Person
from storage.tables.messaging import NoticeKind

NOTICE_LIFE = timedelta(days=7)


class DelegationEvent(StrEnum):
    """What is told of a delegation."""

    NAMED = "named"
    LAST_DAY = "last_day"
    """On its last working day: from the next day on everything waits for the principal alone."""
    ENDED = "ended"
    """Somebody ended it before its day."""


class Holding(NamedTuple):
    """How much waits for the same people: each with whose step it is and in what capacity; nobody: nobody holds it."""

    hands: tuple[tuple[str, str, Capacity | None], ...]
    number: int


@dataclass(frozen=True, slots=True)
class DelegationNotice:
    """What ``reader`` is told of a delegation; ``by`` said so. All are people's codes."""

    event: DelegationEvent
    reader: str
    by: str
    about: Delegation


@dataclass(frozen=True, slots=True)
class HoldingsNotice:
    """Who holds now what changed hands at ``at`` (business time), for the coordinator ``reader`` (a code)."""

    reader: str
    at: datetime
    holdings: Sequence[Holding]


HandoverNotice = DelegationNotice | HoldingsNotice


def tell_of_delegation(session: Session, reference: Reference, about: Delegation, by: str, at: Now) -> None:
    """Queue for deputy and principal that the deputy was named, and a word on the last working day.

    Who did it knows it already.
    """
    _tell(session, reference, DelegationEvent.NAMED, about, by, at, except_for=by)
    last = _last_working_morning(reference, about)
    if last is not None and last > at.business:
        _tell(session, reference, DelegationEvent.LAST_DAY, about, by, at, not_before=last)


def tell_of_end(session: Session, reference: Reference, about: Delegation, by: str, at: Now) -> None:
    """Queue for deputy and principal that a delegation was ended before its day."""
    _tell(session, reference, DelegationEvent.ENDED, about, by, at, except_for=by)


def tell_of_holdings(
    session: Session, reference: Reference, holdings: Mapping[str, Sequence[Holding]], by: str | None, at: Now
) -> None:
    """Queue for the coordinators of each ministry (a code) who holds now what changed hands; not for ``by``."""
    organisation = reference.rules.organisation
    messages = []
    for ministry, held in holdings.items():
        args = {"at": at.business.isoformat(), "holdings": [[list(map(list, one.hands)), one.number] for one in held]}
        for reader, person_id in _ids(session, organisation.coordinators(ministry), except_for=by).items():
            key = f"{NoticeKind.HANDOVER}:held:{ministry}:{reader}:{at.real.isoformat()}"
            messages.append(_message(reference, ministry, key, person_id, at, {**args, "reader": reader}))
    enqueue(session, messages, at.business)


def decode(args: Mapping[str, Any]) -> HandoverNotice:
    """Return the notice that a message's arguments hold."""
    if "holdings" in args:
        holdings = [Holding(tuple(_hand(*hand) for hand in hands), number) for hands, number in args["holdings"]]
        return HoldingsNotice(args["reader"], datetime.fromisoformat(args["at"]), holdings)
    about = Delegation(
        args["delegation_id"], args["principal"], args["deputy"], Capacity(args["capacity"]),
        _day(args["first_day"]), _day(args["last_day"]),
    )  # fmt: skip
    return DelegationNotice(DelegationEvent(args["event"]), args["reader"], args["by"], about)


def names_in(notices: Iterable[HandoverNotice]) -> set[str]:
    """Return the codes of all people in notices."""
    found: set[str] = set()
    for notice in notices:
        found.add(notice.reader)
        if isinstance(notice, DelegationNotice):
            found |= {notice.by, notice.about.principal, notice.about.deputy}
        else:
            found.update(
                code for held in notice.holdings for person, holder, _ in held.hands for code in (person, holder)
            )
    return found


def _tell(
    session: Session,
    reference: Reference,
    event: DelegationEvent,
    about: Delegation,
    by: str,
    at: Now,
    *,
    except_for: str | None = None,
    not_before: datetime | None = None,
) -> None:
    unit = min(reference.rules.organisation.orders_of(about.principal))
    args = {
        "event": event,
        "by": by,
        "delegation_id": about.delegation_id,
        "principal": about.principal,
        "deputy": about.deputy,
        "capacity": about.capacity,
        "first_day": about.first_day and about.first_day.isoformat(),
        "last_day": about.last_day and about.last_day.isoformat(),
    }
    messages = []
    for reader, person_id in _ids(session, (about.deputy, about.principal), except_for=except_for).items():
        key = f"{NoticeKind.HANDOVER}:{event}:{about.delegation_id}:{reader}:{at.real.isoformat()}"
        messages.append(_message(reference, unit, key, person_id, at, {**args, "reader": reader}, not_before))
    enqueue(session, messages, at.business)


def _message(
    reference: Reference,
    unit: str,
    key: str,
    person_id: int,
    at: Now,
    args: Mapping[str, Any],
    not_before: datetime | None = None,
) -> NewMessage:
    rules = reference.rules
    sending = next_sending_time(not_before or at.business, rules.policy(unit), rules.calendar)
    return NewMessage(
        key=key,
        kind=NoticeKind.HANDOVER,
        person_id=person_id,
        not_before=sending,
        expires_at=sending + NOTICE_LIFE,
        args=args,
    )


def _last_working_morning(reference: Reference, about: Delegation) -> datetime | None:
    """Return when the last working day of a delegation begins; None: it has no last day, or no working day."""
    if about.last_day is None:
        return None
    rules = reference.rules
    day = rules.calendar.on_or_before(about.last_day)
    if about.first_day is not None and day < about.first_day:
        return None
    opens = rules.policy(min(rules.organisation.orders_of(about.principal))).send_from
    return datetime.combine(day, opens, BANGKOK)


def _ids(session: Session, codes: Iterable[str], *, except_for: str | None) -> Mapping[str, int]:
    wanted = set(codes) - {except_for}
    return dict(session.execute(select(Person.code, Person.id).where(Person.code.in_(wanted))).all())


def _hand(person: str, holder: str, capacity: str | None) -> tuple[str, str, Capacity | None]:
    return person, holder, None if capacity is None else Capacity(capacity)


def _day(iso: str | None) -> date | None:
    return None if iso is None else date.fromisoformat(iso)
