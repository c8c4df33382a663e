"""Invite codes at rest: issued to people, kept as hashes only (``domain.invite_codes`` says what they look like).

A code is looked up by its hash, so the hash has no salt of its own. It needs none: codes are random, 58 bits each, so
nobody has a table of them. scrypt makes trying them slow for whoever steals the database: to hit one of 60,000 live
codes takes some 4 * 10^12 tries of half a millisecond each, seventy years of a core, and codes live for a month.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import ColumnElement, and_, insert, select, update
from sqlalchemy.orm import Session

from domain.invite_codes import LIFETIME, new_code
from storage.tables import AuditEntry, InviteCode, Person
from storage.tables.messaging import AuditAction

_SALT = b"emenscr-bot invite code 1"
_ROWS_A_QUERY = 500


@dataclass(frozen=True, slots=True)
class DrawnCode:
    """A new code and its hash, which takes half a millisecond: draw before the transaction that issues."""

    code: str
    code_hash: str


def draw_code() -> DrawnCode:
    """Return a code that nobody can foresee."""
    code = new_code(secrets.choice)
    return DrawnCode(code, hash_of_code(code))


def hash_of_code(code: str) -> str:
    """Return what is kept of a code (without hyphens)."""
    return hashlib.scrypt(code.encode(), salt=_SALT, n=2**8, r=8, p=1, dklen=32).hex()


def is_live(real_now: datetime) -> ColumnElement[bool]:
    """Return the condition that a code can still be used."""
    row = InviteCode
    return and_(row.used_at.is_(None), row.voided_at.is_(None), row.expires_at > real_now)


def issue_codes(session: Session, codes: Mapping[int, DrawnCode], real_now: datetime) -> datetime:
    """Give people (by id) these codes, void what they had, and return when the new ones expire (real time). Audited."""
    expires_at = real_now + LIFETIME
    for people in _pages(sorted(codes)):
        locked = select(Person.id, Person.code).where(Person.id.in_(people)).order_by(Person.id).with_for_update()
        names = dict(session.execute(locked).all())  # two issues at once leave one code alive
        unused = InviteCode.used_at.is_(None) & InviteCode.voided_at.is_(None)
        session.execute(update(InviteCode).where(InviteCode.person_id.in_(people), unused).values(voided_at=real_now))
        session.execute(
            insert(InviteCode),
            [
                {
                    "person_id": person,
                    "code_hash": codes[person].code_hash,
                    "created_at": real_now,
                    "expires_at": expires_at,
                }
                for person in people
            ],
        )
        session.execute(
            insert(AuditEntry),
            [
                {
                    "at": real_now,
                    "action": AuditAction.INVITE_ISSUE,
                    "subject": f"person:{names[person]}",
                    "channel": "cli",
                    "after": {"expires_at": expires_at.isoformat()},
                }
                for person in people
            ],
        )
    return expires_at


def _pages(people: Iterable[int]) -> Iterable[Sequence[int]]:
    rest = iter(people)
    while page := list(islice(rest, _ROWS_A_QUERY)):
        yield page
