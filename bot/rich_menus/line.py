"""LINE's rich menu calls, typed (reference, "Rich menu"); what LINE refuses is raised."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from bot.line_client import LineClient
from scheduler.line_port import Answer, NoAnswer, Reply

MAX_PEOPLE = 500
"""Accounts in one call of bulk link."""


class MenuCallFailed(Exception):
    """LINE did not do what it was asked: ``call`` names the endpoint, ``why`` is LINE's status or what was seen."""

    def __init__(self, call: str, why: str, status: int | None) -> None:
        super().__init__(f"{call}: {why}")
        self.call = call
        self.why = why
        self.status = status


class HourlyLimitReached(MenuCallFailed):
    """LINE takes no more creations or deletions within this hour (reference, "Rate limits": 100 each)."""


@dataclass(frozen=True, slots=True)
class MenuOnLine:
    """A menu that LINE has."""

    menu_id: str
    name: str


class RichMenuLine:
    """The rich menus of a channel. Every method raises ``MenuCallFailed`` when LINE does not do it."""

    def __init__(self, line: LineClient) -> None:
        self._line = line

    async def menus(self) -> list[MenuOnLine]:
        """Return every menu that was made with the API."""
        path = "/v2/bot/richmenu/list"
        found = _read(path, await self._line.read(path))["richmenus"]
        return [MenuOnLine(str(menu["richMenuId"]), str(menu["name"])) for menu in found]

    async def create(self, definition: Mapping[str, Any]) -> str:
        """Make a menu and return its id; it cannot be shown before it has its image."""
        path = "/v2/bot/richmenu"
        return str(_read(path, await self._line.call("POST", path, _json(definition)))["richMenuId"])

    async def upload(self, menu_id: str, png: bytes) -> None:
        """Give a menu its image, once and for all."""
        path = f"/v2/bot/richmenu/{menu_id}/content"
        _done(path, await self._line.upload(path, png, "image/png"))

    async def delete(self, menu_id: str) -> None:
        """Remove a menu; one that is gone already is fine."""
        await self._remove(f"/v2/bot/richmenu/{menu_id}")

    async def default(self) -> str | None:
        """Return the menu of everybody who has none of their own; None: none, or one made by hand in LINE's manager."""
        path = "/v2/bot/user/all/richmenu"
        reply = await self._line.call("GET", path)
        if isinstance(reply, Answer) and reply.status in (HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN):
            return None
        return str(_read(path, reply)["richMenuId"])

    async def set_default(self, menu_id: str) -> None:
        """Show a menu to everybody who has none of their own."""
        path = f"/v2/bot/user/all/richmenu/{menu_id}"
        _done(path, await self._line.call("POST", path))

    async def aliases(self) -> dict[str, str]:
        """Return the menu of every alias."""
        path = "/v2/bot/richmenu/alias/list"
        found = _read(path, await self._line.read(path))["aliases"]
        return {str(alias["richMenuAliasId"]): str(alias["richMenuId"]) for alias in found}

    async def create_alias(self, alias: str, menu_id: str) -> None:
        """Make an alias of a menu."""
        path = "/v2/bot/richmenu/alias"
        body = _json({"richMenuAliasId": alias, "richMenuId": menu_id})
        _done(path, await self._line.call("POST", path, body))

    async def update_alias(self, alias: str, menu_id: str) -> None:
        """Let an alias stand for another menu."""
        path = f"/v2/bot/richmenu/alias/{alias}"
        _done(path, await self._line.call("POST", path, _json({"richMenuId": menu_id})))

    async def delete_alias(self, alias: str) -> None:
        """Remove an alias; one that is gone already is fine."""
        await self._remove(f"/v2/bot/richmenu/alias/{alias}")

    async def link(self, accounts: Sequence[str], menu_id: str) -> None:
        """Show a menu to up to 500 accounts, within seconds; one malformed id and LINE refuses all."""
        path = "/v2/bot/richmenu/bulk/link"
        body = _json({"richMenuId": menu_id, "userIds": list(accounts)})
        _done(path, await self._line.call("POST", path, body))

    async def linked(self, account: str) -> str | None:
        """Return the menu that an account was given; None: none."""
        reply = await self._line.call("GET", f"/v2/bot/user/{account}/richmenu")
        if isinstance(reply, Answer) and reply.status == HTTPStatus.NOT_FOUND:
            return None
        return str(_read("/v2/bot/user/{userId}/richmenu", reply)["richMenuId"])

    async def _remove(self, path: str) -> None:
        reply = await self._line.call("DELETE", path)
        if not (isinstance(reply, Answer) and reply.status == HTTPStatus.NOT_FOUND):
            _done(path, reply)


class Rehearsal(RichMenuLine):
    """LINE as it is, where every change is only pretended."""

    def __init__(self, line: LineClient) -> None:
        super().__init__(line)
        self._shown: dict[str, str] = {}

    async def create(self, definition: Mapping[str, Any]) -> str:
        """Return an id that stands for the menu."""
        return f"new:{definition['name']}"

    async def upload(self, menu_id: str, png: bytes) -> None:
        """Do nothing."""

    async def delete(self, menu_id: str) -> None:
        """Do nothing."""

    async def set_default(self, menu_id: str) -> None:
        """Do nothing."""

    async def create_alias(self, alias: str, menu_id: str) -> None:
        """Do nothing."""

    async def update_alias(self, alias: str, menu_id: str) -> None:
        """Do nothing."""

    async def delete_alias(self, alias: str) -> None:
        """Do nothing."""

    async def link(self, accounts: Sequence[str], menu_id: str) -> None:
        """Remember who would be shown the menu."""
        self._shown.update(dict.fromkeys(accounts, menu_id))

    async def linked(self, account: str) -> str | None:
        """Return the menu that the account would be shown."""
        return self._shown.get(account)


def _json(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def _done(call: str, reply: Reply) -> Answer:
    match reply:
        case Answer(status=status) if 200 <= status < 300:
            return reply
        case Answer(status=HTTPStatus.TOO_MANY_REQUESTS as status):
            raise HourlyLimitReached(call, f"HTTP {status}", status)
        case Answer(status=status, message=message):
            raise MenuCallFailed(call, f"HTTP {status} {message}".rstrip(), status)
        case NoAnswer(reason=reason):
            raise MenuCallFailed(call, reason, None)


def _read(call: str, reply: Reply) -> Any:
    try:
        return json.loads(_done(call, reply).text)
    except (ValueError, RecursionError) as error:
        raise MenuCallFailed(call, "not JSON", None) from error
