"""The secret that signs links and sessions: the setting, or in development one that all processes share."""

from __future__ import annotations

import secrets

from bot.settings import Settings
from domain.clock import Clock
from storage import shared_state
from storage.database import Database
from storage.shared_state import StateKey


def shared_secret(settings: Settings, database: Database, clock: Clock) -> str:
    """Return ``SECRET_KEY``; where none is set, a random one kept in the database. Production always sets one."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    with database.write() as session:
        return str(shared_state.get_or_put(session, StateKey.PAGE_KEY, secrets.token_urlsafe(32), clock.real_now()))
