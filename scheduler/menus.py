"""Gives every linked account the rich menu of its person's roles.

A role begins and ends at midnight, an import changes roles, an account is linked, or it comes back after blocking the
bot: LINE shows the right menu within a minute, as far as it is uploaded (``richmenu sync``). Whoever holds a set of
roles that has no menus yet gets the page of the weightiest role meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from http import HTTPStatus
from typing import Protocol, TypeVar

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from domain.clock import Clock
from domain.reminders import BANGKOK
from domain.roles import Role
from messages_th.rich_menus import menu_names
from scheduler.line_port import Answer, Reply
from scheduler.sender import pause
from storage import shared_state
from storage.database import Database
from storage.menus import Holder, Uploaded, holders, note_given, uploaded_menus
from storage.shared_state import StateKey

ROUND_SECONDS = 60.0
MENUS_A_ROUND = 500
"""Accounts that one round serves; ``richmenu sync`` moves many at once."""

_Found = TypeVar("_Found")
_log = structlog.get_logger()


class MenuPort(Protocol):
    """LINE as far as menus of single accounts go. No method raises for what LINE or the network does."""

    async def link_menu(self, account: str, menu_id: str) -> Reply:
        """Show a menu to an account; LINE says 200 and does nothing where the bot is blocked."""
        ...

    async def unlink_menu(self, account: str) -> Reply:
        """Show an account the default menu again."""
        ...


def menu_of(roles: Collection[Role], uploaded: Mapping[str, Uploaded]) -> str | None:
    """Return LINE's id of the best menu for somebody with these roles; None: none that fits is uploaded."""
    return next((uploaded[name].menu_id for name in menu_names(roles) if name in uploaded), None)


class MenuGiver:
    """Gives menus; one a process. ``give_all`` looks at everybody only when roles, the day or the menus changed."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._seen: tuple[date, str | None, Mapping[str, Uploaded]] | None = None

    async def give(self, line: MenuPort, account: str) -> None:
        """Give one account its menu at once: that of its person, or the default when it is linked to nobody.

        Best effort: an account that could not be given its menu is among those that ``give_all`` serves.
        """
        try:
            uploaded, found = await asyncio.to_thread(self._look, account)
            if found:
                await self._give(line, found, uploaded)
            elif uploaded:
                _warn_unless_done(await line.unlink_menu(account))
        except DBAPIError:
            _log.exception("database_away")

    async def keep(self, line: MenuPort, stop: asyncio.Event) -> None:
        """Give everybody the right menu, each minute until ``stop``: a companion of a ``Worker``."""
        while not stop.is_set():
            try:
                await self.give_all(line)
            except DBAPIError:
                _log.exception("database_away")
            await pause(stop, ROUND_SECONDS)

    async def give_all(self, line: MenuPort) -> int:
        """Give everybody whose menu is not the right one theirs, 500 at most; return how many were given one."""
        seen, found = await asyncio.to_thread(self._look_at_all)
        uploaded = seen[2]
        wrong = [holder for holder in found if holder.menu_id != (menu_of(holder.roles, uploaded) or holder.menu_id)]
        given = await self._give(line, wrong[:MENUS_A_ROUND], uploaded)
        if given == len(wrong):
            self._seen = seen
        return given

    async def _give(self, line: MenuPort, found: Iterable[Holder], uploaded: Mapping[str, Uploaded]) -> int:
        """Give menus until LINE says that it takes no more of them; return how many were given."""
        given = 0
        for holder in found:
            menu_id = menu_of(holder.roles, uploaded)
            if menu_id is None:
                continue
            reply = await line.link_menu(holder.account, menu_id)
            if _warn_unless_done(reply):
                await asyncio.to_thread(self._note, holder, menu_id)
                given += 1
            elif not (isinstance(reply, Answer) and reply.status == HTTPStatus.BAD_REQUEST):  # one account's own fault
                break
        return given

    def _note(self, holder: Holder, menu_id: str) -> None:
        with self._database.write() as session:
            note_given(session, [holder], menu_id)

    def _look(self, account: str) -> tuple[Mapping[str, Uploaded], list[Holder]]:
        return self._read(lambda session, today: (uploaded_menus(session), holders(session, today, account=account)))

    def _look_at_all(self) -> tuple[tuple[date, str | None, Mapping[str, Uploaded]], list[Holder]]:
        def look(session: Session, today: date) -> tuple[tuple[date, str | None, Mapping[str, Uploaded]], list[Holder]]:
            seen = today, shared_state.get(session, StateKey.REFERENCE_VERSION), uploaded_menus(session)
            return seen, holders(session, today, without_menu=self._seen == seen) if seen[2] else []

        return self._read(look)

    def _read(self, look: Callable[[Session, date], _Found]) -> _Found:
        today = self._clock.now().astimezone(BANGKOK).date()
        with self._database.read() as session:
            return look(session, today)


def _warn_unless_done(reply: Reply) -> bool:
    """Tell whether LINE did it, and log what it said otherwise."""
    if isinstance(reply, Answer) and 200 <= reply.status < 300:
        return True
    _log.warning("menu_not_given", status=reply.status if isinstance(reply, Answer) else reply.reason)
    return False
