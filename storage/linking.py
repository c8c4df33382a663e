"""Linking a person to a LINE account with a single-use code, and undoing it; every change is audited without LINE ids.

One account belongs to one person and one person has one account. Link lifetimes and lock-outs run on real time,
notices on business time. Every function belongs into a transaction of ``Database.write``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import CursorResult, Select, delete, func, select, update
from sqlalchemy.orm import Session

from domain.invite_codes import (
    ANSWER_WITHIN,
    ATTACK,
    ATTACK_WITHIN,
    TRIES,
    TRIES_REMEMBERED,
    TRIES_UNDER_ATTACK,
    locked_until,
)
from domain.organisation import Organisation
from storage import inbox, outbox
from storage.invites import hash_of_code, is_live
from storage.link_notices import Change, tell_coordinators, tell_earlier_account
from storage.outbox_claims import Now
from storage.shared_state import plan_changed
from storage.tables import AuditEntry, Conversation, InviteCode, LinkAttempt, Person
from storage.tables.messaging import AuditAction


class NotOffered(StrEnum):
    """Why a typed code offers nothing; a code that is unknown, used, voided or expired is simply *wrong*."""

    WRONG = "wrong"
    LOCKED = "locked"
    OWN = "own"
    """The account is that person's already."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Whose code was typed (a person's code). ``invite`` is what to confirm.

    ``replaces_account``: the person is linked to another account; ``replaces_person``: the account is linked to this
    other person (a code). A yes ends both.
    """

    person: str
    invite: int
    replaces_account: bool
    replaces_person: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was made: the person, whether another account lost it, and which person lost this account."""

    person: str
    replaced_account: bool
    replaced_person: str | None


@dataclass(frozen=True, slots=True)
class Linked:
    """To whom an account is linked (a code), and since when (real time)."""

    person: str
    since: datetime | None


def offer(session: Session, account: str, code: str, real_now: datetime) -> Offer | NotOffered:
    """Return whose code an account typed, which it may confirm within ten minutes, or why there is no offer.

    A wrong code counts against this account alone. A code that somebody else typed before goes to whoever typed last.
    """
    if _is_locked(session, account, real_now):
        return NotOffered.LOCKED
    found = session.execute(
        select(InviteCode.id, Person.code, Person.line_user_id)
        .join(Person, Person.id == InviteCode.person_id)
        .where(InviteCode.code_hash == hash_of_code(code))
    ).one_or_none()
    if found is not None and found.line_user_id == account:
        return NotOffered.OWN
    if found is None or not _reserve(session, found.id, account, real_now):
        _count_wrong(session, account, real_now)
        return NotOffered.WRONG
    earlier = session.scalar(select(Person.code).where(Person.line_user_id == account))
    return Offer(found.code, found.id, found.line_user_id is not None, earlier)


def _reserve(session: Session, invite: int, account: str, real_now: datetime) -> bool:
    reserved = update(InviteCode).where(InviteCode.id == invite, is_live(real_now))
    return _changes_one(session, reserved.values(offered_to=_hash_of_account(account), offered_at=real_now))


def confirm(
    session: Session, organisation: Organisation, account: str, invite: int, privacy_version: str, now: Now
) -> Link | None:
    """Link the account to the person whose code it typed within the last ten minutes; None: nothing is on offer to it.

    The person's earlier account and an earlier person of this account lose their link. The earlier account and the
    ministry's coordinators are told.
    """
    invited = session.scalar(select(InviteCode.person_id).where(InviteCode.id == invite))
    if invited is None:
        return None
    concerned = _locked_people(session, invited, account)
    if not _spend(session, invite, account, now.real):
        return None
    person = next(one for one in concerned if one.id == invited)
    earlier_person = next((one for one in concerned if one.id != invited), None)
    earlier_account = person.line_user_id
    if earlier_person is not None:
        _cut(session, earlier_person, person, now.real)
        tell_coordinators(session, organisation, earlier_person, Change.UNLINKED, now)
    if earlier_account is not None:
        _cut(session, person, person, now.real)
        tell_earlier_account(session, person, earlier_account, now)
        tell_coordinators(session, organisation, person, Change.RELINKED, now)
    session.flush()  # the account has to be free before it is given to somebody else
    person.line_user_id, person.linked_at = account, now.real
    person.unreachable_since, person.menu_id = None, None
    person.privacy_version, person.consented_at = privacy_version, now.real
    _audit(session, AuditAction.PERSON_LINK, person, person, now.real, after=_state(person))
    session.execute(delete(LinkAttempt).where(LinkAttempt.account == _hash_of_account(account)))
    plan_changed(session, now.real)
    return Link(person.code, earlier_account is not None, earlier_person.code if earlier_person else None)


def decline(session: Session, organisation: Organisation, account: str, invite: int, now: Now) -> bool:
    """Void a code that reached the wrong person, who typed it and said so; tell whether it was on offer to the account.

    The ministry's coordinators are told, for the right person needs a new one.
    """
    on_offer = update(InviteCode).where(InviteCode.id == invite, *_on_offer(account, now.real))
    if not _changes_one(session, on_offer.values(voided_at=now.real)):
        return False
    person = session.scalars(select(Person).join(InviteCode).where(InviteCode.id == invite)).one()
    _audit(session, AuditAction.INVITE_DECLINE, person, None, now.real)
    tell_coordinators(session, organisation, person, Change.DECLINED, now)
    return True


def unlink(session: Session, organisation: Organisation, account: str, now: Now) -> bool:
    """Undo the account's link and erase its LINE id; tell whether it had one. The coordinators are told."""
    person = session.scalar(_locking(select(Person).where(Person.line_user_id == account)))
    if person is None:
        return False
    _cut(session, person, person, now.real)
    tell_coordinators(session, organisation, person, Change.UNLINKED, now)
    plan_changed(session, now.real)
    return True


def followed(session: Session, account: str, real_now: datetime) -> None:
    """Note that the account added or unblocked the bot: its person can be reached, and gets the menu anew."""
    back = update(Person).where(Person.line_user_id == account)
    if _changes_one(session, back.values(unreachable_since=None, menu_id=None)):
        plan_changed(session, real_now)


def blocked(session: Session, account: str, at: datetime, real_now: datetime) -> None:
    """Note that the account blocked the bot ``at`` (real time), so that its person gets no messages. The link stays."""
    lost = update(Person).where(Person.line_user_id == account, Person.unreachable_since.is_(None))
    if _changes_one(session, lost.values(unreachable_since=at, menu_id=None)):
        plan_changed(session, real_now)


def person_of(session: Session, account: str) -> Linked | None:
    """Return to whom the account is linked."""
    found = session.execute(select(Person.code, Person.linked_at).where(Person.line_user_id == account)).one_or_none()
    return None if found is None else Linked(*found)


def wrong_codes(session: Session, since: datetime) -> int:
    """Return how many wrong codes all accounts together typed since an instant (real time)."""
    return session.scalar(select(func.count()).select_from(LinkAttempt).where(LinkAttempt.at > since)) or 0


def _is_locked(session: Session, account: str, real_now: datetime) -> bool:
    row = LinkAttempt
    query = select(row.at).where(row.account == _hash_of_account(account), row.at > real_now - TRIES_REMEMBERED)
    tries: Sequence[datetime] = session.scalars(query.order_by(row.at)).all()
    under_attack = wrong_codes(session, real_now - ATTACK_WITHIN) >= ATTACK
    until = locked_until(tries, TRIES_UNDER_ATTACK if under_attack else TRIES)
    return until is not None and real_now < until


def _count_wrong(session: Session, account: str, real_now: datetime) -> None:
    session.execute(delete(LinkAttempt).where(LinkAttempt.at <= real_now - TRIES_REMEMBERED))
    session.add(LinkAttempt(account=_hash_of_account(account), at=real_now))


def _locked_people(session: Session, invited: int, account: str) -> Collection[Person]:
    """Return the invited person and whom the account is linked to, locked, always in the same order."""
    concerned = (Person.id == invited) | (Person.line_user_id == account)
    return session.scalars(_locking(select(Person).where(concerned).order_by(Person.id))).all()


def _locking(people: Select[Person]) -> Select[Person]:
    return people.with_for_update().execution_options(populate_existing=True)


def _spend(session: Session, invite: int, account: str, real_now: datetime) -> bool:
    on_offer = update(InviteCode).where(InviteCode.id == invite, *_on_offer(account, real_now))
    return _changes_one(session, on_offer.values(used_at=real_now, offered_to=None))


def _on_offer(account: str, real_now: datetime) -> Sequence[Any]:
    row = InviteCode
    return (
        row.offered_to == _hash_of_account(account),
        row.offered_at > real_now - ANSWER_WITHIN,
        is_live(real_now),
    )


def _cut(session: Session, person: Person, by: Person, real_now: datetime) -> None:
    """Take the account off a person, with all that was kept of it."""
    account = person.line_user_id
    if account is None:
        return
    inbox.forget(session, account)
    outbox.forget(session, person.id, account)
    session.execute(delete(Conversation).where(Conversation.person_id == person.id))
    before = _state(person)
    person.line_user_id = person.linked_at = person.unreachable_since = person.menu_id = None
    person.privacy_version, person.consented_at = "", None
    _audit(session, AuditAction.PERSON_UNLINK, person, by, real_now, before=before)


def _audit(
    session: Session,
    action: AuditAction,
    person: Person,
    by: Person | None,
    real_now: datetime,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    session.add(
        AuditEntry(
            at=real_now,
            action=action,
            subject=f"person:{person.code}",
            actor_id=None if by is None else by.id,
            channel="line",
            before=before,
            after=after,
        )
    )


def _state(person: Person) -> Mapping[str, Any]:
    consented = person.consented_at.isoformat() if person.consented_at else None
    return {"linked": True, "privacy_version": person.privacy_version, "consented_at": consented}


def _changes_one(session: Session, statement: Any) -> bool:
    return cast("CursorResult[Any]", session.execute(statement)).rowcount == 1


def _hash_of_account(account: str) -> str:
    """Return what is kept of a LINE id that is not linked: the id is 128 random bits, so a plain hash tells nothing."""
    return hashlib.sha256(f"line account {account}".encode()).hexdigest()
