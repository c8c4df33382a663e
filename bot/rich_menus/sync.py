"""Brings LINE's rich menus in step with ours, a step at a time: what is right already is not touched.

Stopped at any moment, the next run goes on: a menu counts as uploaded only when it has its image, and menus of ours
that we do not know (a run broke off between making and remembering one) are removed like old ones. In order: menus,
default, aliases, people, and only then what is no longer needed: nobody looks at a menu that is taken away.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from http import HTTPStatus

from bot.rich_menus.definition import OURS, Definition, alias_of, define
from bot.rich_menus.line import MAX_PEOPLE, MenuCallFailed, MenuOnLine, Rehearsal, RichMenuLine
from domain.clock import Clock
from domain.reminders import BANGKOK
from messages_th.rich_menus import GUEST, Menu, menus
from scheduler.menus import menu_of
from storage.database import Database
from storage.menus import Holder, Uploaded, forget_menus, holders, note_given, note_uploaded, role_sets, uploaded_menus

_LOOKS, _LOOK_SECONDS = 20, 0.5
"""LINE links many accounts "within seconds": how often and how long apart we look whether it did."""
_WITNESSES = 3


class Change(StrEnum):
    """What a step did, or would do."""

    MENU_UPLOADED = "menu_uploaded"
    DEFAULT_SET = "default_set"
    ALIAS_SET = "alias_set"
    PEOPLE_MOVED = "people_moved"
    ACCOUNT_REFUSED = "account_refused"
    ALIAS_REMOVED = "alias_removed"
    MENU_REMOVED = "menu_removed"
    REMOVAL_PUT_OFF = "removal_put_off"
    """LINE does not show yet that people were moved: what they look at stays until the next run."""


@dataclass(frozen=True, slots=True)
class Done:
    """A step: of which menu or alias by name, and how many people or menus it concerns."""

    change: Change
    name: str = ""
    count: int = 1


class Sync:
    """One run; with a ``Rehearsal`` nothing is changed, neither on LINE nor in the database."""

    def __init__(self, database: Database, line: RichMenuLine, clock: Clock) -> None:
        self._database = database
        self._line = line
        self._clock = clock
        self._is_rehearsal = isinstance(line, Rehearsal)

    async def run(self) -> AsyncIterator[Done]:
        """Yield each step when it is done.

        Raises:
            bot.rich_menus.line.HourlyLimitReached: LINE takes no more within this hour; the next run goes on.
            bot.rich_menus.line.MenuCallFailed: LINE refused something, or could not be reached.
            bot.rich_menus.draw.FontsMissing: Thai cannot be drawn here.
        """
        with self._database.read() as session:
            wanted = menus(role_sets(session, self._today()))
            stored = uploaded_menus(session)
        there = await self._line.menus()
        on_line = {menu.menu_id for menu in there}
        known = {name: menu for name, menu in stored.items() if menu.menu_id in on_line}
        for menu in wanted:  # guests' comes first: it serves everybody as long as the others are missing
            async for done in self._ensure(menu, known):
                yield done
        async for done in self._set_aliases(wanted, known):
            yield done
        needed = {menu.name: known[menu.name] for menu in wanted}
        self._forget(stored.keys() - needed.keys())
        confirmed = True
        async for done in self._move_people(needed):
            confirmed = confirmed and done.change is not Change.REMOVAL_PUT_OFF
            yield done
        if confirmed:
            async for done in self._remove_old(wanted, needed, there):
                yield done

    async def _ensure(self, menu: Menu, known: dict[str, Uploaded]) -> AsyncIterator[Done]:
        """Upload a menu unless LINE has it as it is to be."""
        definition = await asyncio.to_thread(define, menu)
        if menu.name not in known or known[menu.name].fingerprint != definition.fingerprint:
            known[menu.name] = await self._upload(definition)
            yield Done(Change.MENU_UPLOADED, menu.name)
        if menu is GUEST and await self._line.default() != known[menu.name].menu_id:
            await self._line.set_default(known[menu.name].menu_id)
            yield Done(Change.DEFAULT_SET, menu.name)

    async def _upload(self, definition: Definition) -> Uploaded:
        menu_id = await self._line.create(definition.body)
        await self._line.upload(menu_id, definition.png)
        uploaded = Uploaded(menu_id, definition.fingerprint)
        if not self._is_rehearsal:
            with self._database.write() as session:
                note_uploaded(session, definition.menu.name, uploaded, self._clock.real_now())
        return uploaded

    async def _set_aliases(self, wanted: Iterable[Menu], known: Mapping[str, Uploaded]) -> AsyncIterator[Done]:
        aliases = await self._line.aliases()
        for menu in wanted:
            alias, menu_id = alias_of(menu), known[menu.name].menu_id
            if alias is None or aliases.get(alias) == menu_id:
                continue
            await (self._line.update_alias if alias in aliases else self._line.create_alias)(alias, menu_id)
            yield Done(Change.ALIAS_SET, alias)

    async def _move_people(self, needed: Mapping[str, Uploaded]) -> AsyncIterator[Done]:
        """Give everybody the menu of their roles, in batches, and look whether LINE shows it to the last of them."""
        newest: list[Holder] = []
        for menu_id, moving in self._to_move(needed).items():
            name = next(name for name, menu in needed.items() if menu.menu_id == menu_id)
            for start in range(0, len(moving), MAX_PEOPLE):
                batch = moving[start : start + MAX_PEOPLE]
                moved = await self._move(batch, menu_id)
                if refused := len(batch) - len(moved):
                    yield Done(Change.ACCOUNT_REFUSED, name, refused)
                if moved:
                    yield Done(Change.PEOPLE_MOVED, name, len(moved))
                newest = [*newest, *moved][-_WITNESSES:]
        if newest and not await self._is_shown(newest, needed):
            yield Done(Change.REMOVAL_PUT_OFF)

    def _to_move(self, needed: Mapping[str, Uploaded]) -> Mapping[str, list[Holder]]:
        with self._database.read() as session:
            found = holders(session, self._today())
        moving: dict[str, list[Holder]] = defaultdict(list)
        for holder in found:
            menu_id = menu_of(holder.roles, needed)
            if menu_id is not None and menu_id != holder.menu_id:
                moving[menu_id].append(holder)
        return moving

    async def _move(self, batch: Sequence[Holder], menu_id: str) -> list[Holder]:
        """Link a batch and return who was linked: one malformed id refuses all, so the batch is halved around it."""
        try:
            await self._line.link([holder.account for holder in batch], menu_id)
        except MenuCallFailed as failure:
            if failure.status != HTTPStatus.BAD_REQUEST:
                raise
            if len(batch) == 1:
                return []
            half = len(batch) // 2
            return [*await self._move(batch[:half], menu_id), *await self._move(batch[half:], menu_id)]
        if not self._is_rehearsal:
            with self._database.write() as session:
                note_given(session, batch, menu_id)
        return list(batch)

    async def _is_shown(self, witnesses: Sequence[Holder], needed: Mapping[str, Uploaded]) -> bool:
        """Tell whether LINE shows a new menu to one of these people; some may have blocked the bot unnoticed."""
        new = {menu.menu_id for menu in needed.values()}
        for look in range(_LOOKS):
            for holder in witnesses:
                if await self._line.linked(holder.account) in new:
                    return True
            if look < _LOOKS - 1:
                await asyncio.sleep(_LOOK_SECONDS)
        return False

    async def _remove_old(
        self, wanted: Iterable[Menu], needed: Mapping[str, Uploaded], there: Iterable[MenuOnLine]
    ) -> AsyncIterator[Done]:
        """Remove our aliases and menus that nobody needs any more, aliases first."""
        leads = {alias_of(menu) for menu in wanted}
        for alias in sorted(await self._line.aliases()):
            if alias.startswith(OURS) and alias not in leads:
                await self._line.delete_alias(alias)
                yield Done(Change.ALIAS_REMOVED, alias)
        kept = {menu.menu_id for menu in needed.values()}
        for menu in there:
            if menu.name.startswith(OURS) and menu.menu_id not in kept:
                await self._line.delete(menu.menu_id)
                yield Done(Change.MENU_REMOVED, menu.name)

    def _forget(self, names: Iterable[str]) -> None:
        gone = sorted(names)
        if gone and not self._is_rehearsal:
            with self._database.write() as session:
                forget_menus(session, gone)

    def _today(self) -> date:
        return self._clock.now().astimezone(BANGKOK).date()
