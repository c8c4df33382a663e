"""Keys of agencies' own systems: shown once when issued, kept as a hash, revoked but never deleted.

A key is 256 random bits, so its plain SHA-256 cannot be turned back, and looking it up takes no time.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.tables import ApiKey, AuditEntry, Unit
from storage.tables.messaging import AuditAction

_PREFIX = "emk_"
"""So that whoever finds a key in a file knows what it is, and programs that look for leaked secrets find it."""
_RANDOM_BYTES = 32


class UnknownUnit(LookupError):
    """There is no unit with this code."""


class NoSuchKey(LookupError):
    """There is no key of this id that still works."""


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key, in the one moment in which it is known."""

    id: int
    key: str


@dataclass(frozen=True, slots=True)
class ListedKey:
    """What is known of a key later; instants are real time."""

    id: int
    unit: str
    label: str
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Whose key it is: the unit's, and what lies below it."""

    key_id: int
    unit_id: int


def issue_key(session: Session, unit: str, label: str, real_now: datetime) -> IssuedKey:
    """Issue a key to the unit with this code, audited.

    Raises:
        UnknownUnit: there is none.
    """
    unit_id = session.scalar(select(Unit.id).where(Unit.code == unit))
    if unit_id is None:
        raise UnknownUnit(unit)
    key = _PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)
    row = ApiKey(unit_id=unit_id, label=label, key_hash=_hash(key), created_at=real_now)
    session.add(row)
    session.flush()
    _audit(session, AuditAction.API_KEY_ISSUE, row, None, {"unit": unit, "label": label}, real_now)
    return IssuedKey(row.id, key)


def revoke_key(session: Session, key_id: int, real_now: datetime) -> None:
    """Let a key work no more from now on, audited.

    Raises:
        NoSuchKey: there is none of this id, or it was revoked before.
    """
    row = session.scalar(select(ApiKey).where(ApiKey.id == key_id, ApiKey.revoked_at.is_(None)).with_for_update())
    if row is None:
        raise NoSuchKey(key_id)
    row.revoked_at = real_now
    unit = session.scalars(select(Unit.code).where(Unit.id == row.unit_id)).one()
    _audit(session, AuditAction.API_KEY_REVOKE, row, {"unit": unit, "label": row.label}, None, real_now)


def list_keys(session: Session) -> Sequence[ListedKey]:
    """Return every key ever issued, oldest first."""
    columns = ApiKey.id, Unit.code, ApiKey.label, ApiKey.created_at, ApiKey.revoked_at
    query = select(*columns).join(Unit, Unit.id == ApiKey.unit_id).order_by(ApiKey.id)
    return [ListedKey(*row) for row in session.execute(query)]


def holder_of(session: Session, key: str) -> KeyHolder | None:
    """Return whose key this is; None: nobody's, or it was revoked."""
    query = select(ApiKey.id, ApiKey.unit_id).where(ApiKey.key_hash == _hash(key), ApiKey.revoked_at.is_(None))
    found = session.execute(query).first()
    return KeyHolder(*found) if found else None


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _audit(
    session: Session, action: AuditAction, row: ApiKey, before: object | None, after: object | None, real_now: datetime
) -> None:
    session.add(AuditEntry(at=real_now, action=action, subject=f"api_key:{row.id}", before=before, after=after))
