"""Notices of links that changed: to the account that lost its person, and to the ministry's coordinators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.organisation import Organisation
from storage.outbox import NewMessage, Priority, enqueue
from storage.outbox_claims import Now
from storage.tables import Person
from storage.tables.messaging import NoticeKind

NOTICE_LIFE = timedelta(days=7)


class Change(StrEnum):
    """What became of a person's link."""

    RELINKED = "relinked"
    """Another account has it now."""
    UNLINKED = "unlinked"
    DECLINED = "declined"
    """Somebody typed the person's code and said not to be that person: the code is void."""


@dataclass(frozen=True, slots=True)
class LinkNotice:
    """What a notice says: whose link changed how, and when (business time). ``reader`` is who is told.

    Both are people's codes; ``reader`` is the person of the link itself for the account that lost it.
    """

    change: Change
    person: str
    reader: str
    at: datetime

    @property
    def to_earlier_account(self) -> bool:
        """Whether it goes to the account that lost the link, not to a coordinator."""
        return self.reader == self.person


def tell_earlier_account(session: Session, person: Person, account: str, now: Now) -> None:
    """Queue for the account that the person left that another one has the link: at once, for it may be a theft."""
    notice = LinkNotice(Change.RELINKED, person.code, person.code, now.business)
    enqueue(session, [_message(notice, person.id, now, Priority.ALARM, account)], now.business)


def tell_coordinators(session: Session, organisation: Organisation, person: Person, change: Change, now: Now) -> None:
    """Queue for the coordinators of the person's ministries that the link changed; the person is not told."""
    ministries = {organisation.ministry_of(post.unit) for post in organisation.posts_of(person.code)}
    coordinators = {who for ministry in ministries for who in organisation.coordinators(ministry)} - {person.code}
    ids = session.execute(select(Person.code, Person.id).where(Person.code.in_(coordinators)))
    notices = {number: LinkNotice(change, person.code, reader, now.business) for reader, number in ids}
    enqueue(session, [_message(notice, number, now) for number, notice in notices.items()], now.business)


def decode(args: Mapping[str, Any]) -> LinkNotice:
    """Return the notice that a message's arguments hold."""
    return LinkNotice(Change(args["change"]), args["person"], args["reader"], datetime.fromisoformat(args["at"]))


def names_in(notices: Iterable[LinkNotice]) -> set[str]:
    """Return the codes of all people in notices."""
    return {code for notice in notices for code in (notice.person, notice.reader)}


def _message(
    notice: LinkNotice, person_id: int, now: Now, priority: Priority = Priority.ORDINARY, account: str | None = None
) -> NewMessage:
    return NewMessage(
        key=f"link:{notice.change}:{notice.person}:{notice.reader}:{now.real.isoformat()}",
        kind=NoticeKind.LINK_CHANGED,
        person_id=person_id,
        not_before=now.business,
        expires_at=now.business + NOTICE_LIFE,
        priority=priority,
        args={
            "change": notice.change,
            "person": notice.person,
            "reader": notice.reader,
            "at": notice.at.isoformat(),
        },
        account=account,
    )
