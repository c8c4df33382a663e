"""Rich menus of the channel: what they look like, whose chat shows which (reference, "Rich menu").

Changes are seen at once, where LINE lets a default menu or a deleted one take up to a minute.
"""

import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

MOST = 1_000
"""Rich menus, and aliases, that one channel may have."""


class UnknownMenu(Exception):
    """No rich menu has this id."""


class UnknownAlias(Exception):
    """No alias of a rich menu has this id."""


class AliasTaken(Exception):
    """An alias with this id exists."""


class TooMany(Exception):
    """The channel has `MOST` of them."""


class WithoutImage(Exception):
    """The rich menu has no image yet, so it cannot be shown."""


class HasImage(Exception):
    """The rich menu has its image, which can never be replaced."""


@dataclass(frozen=True, slots=True)
class Image:
    """An image file and its media type."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class RichMenu:
    """A rich menu.

    Args:
        id: ``richmenu-`` and 32 hexadecimal digits.
        layout: The rich menu object as it was sent: size, areas, text of the chat bar.
        image: Its image, once there is one.
    """

    id: str
    layout: Mapping[str, Any]
    image: Image | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch control request: when it was accepted, and the operations that it carried out at once."""

    accepted_at: datetime
    operations: tuple[Mapping[str, str], ...]


class RichMenus:
    """Rich menus, aliases, the default, and who is linked to which. Safe to use from many threads.

    Args:
        touched: Told whose chats may show another menu; None for everybody's.
    """

    def __init__(self, touched: Callable[[Iterable[str] | None], None]) -> None:
        self._touched = touched
        self._lock = threading.RLock()
        self._menus: dict[str, RichMenu] = {}
        self._aliases: dict[str, str] = {}
        self._links: dict[str, str] = {}
        self._batches: dict[str, Batch] = {}
        self._default: str | None = None

    # Menus

    def create(self, layout: Mapping[str, Any]) -> RichMenu:
        """Add a menu, which has no image yet.

        Raises:
            TooMany: There are `MOST` already.
        """
        with self._lock:
            if len(self._menus) >= MOST:
                raise TooMany
            menu = RichMenu(f"richmenu-{secrets.token_hex(16)}", layout)
            self._menus[menu.id] = menu
        return menu

    def menus(self) -> list[RichMenu]:
        """Every menu, in the order of creation."""
        with self._lock:
            return list(self._menus.values())

    def menu(self, menu_id: str) -> RichMenu:
        """The menu with this id.

        Raises:
            UnknownMenu: There is none.
        """
        with self._lock:
            try:
                return self._menus[menu_id]
            except KeyError:
                raise UnknownMenu(menu_id) from None

    def delete(self, menu_id: str) -> None:
        """Remove a menu; it vanishes from the chats that show it, while its aliases lead nowhere.

        Raises:
            UnknownMenu: There is none.
        """
        with self._lock:
            self.menu(menu_id)
            del self._menus[menu_id]
            self._links = {user_id: linked for user_id, linked in self._links.items() if linked != menu_id}
            if self._default == menu_id:
                self._default = None
        self._touched(None)

    def set_image(self, menu_id: str, image: Image) -> None:
        """Give a menu its image.

        Raises:
            UnknownMenu: There is no such menu.
            HasImage: It has one.
        """
        with self._lock:
            menu = self.menu(menu_id)
            if menu.image is not None:
                raise HasImage
            self._menus[menu_id] = replace(menu, image=image)

    # Aliases

    def create_alias(self, alias: str, menu_id: str) -> None:
        """Give a menu another name, which a switch action uses.

        Raises:
            UnknownMenu: There is no such menu.
            AliasTaken: The alias is in use.
            TooMany: There are `MOST` already.
        """
        with self._lock:
            self.menu(menu_id)
            if alias in self._aliases:
                raise AliasTaken
            if len(self._aliases) >= MOST:
                raise TooMany
            self._aliases[alias] = menu_id

    def update_alias(self, alias: str, menu_id: str) -> None:
        """Let an alias stand for another menu.

        Raises:
            UnknownAlias: There is no such alias.
            UnknownMenu: There is no such menu.
        """
        with self._lock:
            self.alias(alias)
            self.menu(menu_id)
            self._aliases[alias] = menu_id

    def alias(self, alias: str) -> str:
        """Id of the menu that an alias stands for, which may have been deleted.

        Raises:
            UnknownAlias: There is no such alias.
        """
        with self._lock:
            try:
                return self._aliases[alias]
            except KeyError:
                raise UnknownAlias(alias) from None

    def aliases(self) -> Mapping[str, str]:
        """Menu ids by alias."""
        with self._lock:
            return dict(self._aliases)

    def delete_alias(self, alias: str) -> None:
        """Forget an alias.

        Raises:
            UnknownAlias: There is none.
        """
        with self._lock:
            self.alias(alias)
            del self._aliases[alias]

    # Who sees which

    @property
    def default(self) -> str | None:
        """The menu of everybody who is linked to none."""
        with self._lock:
            return self._default

    def set_default(self, menu_id: str | None) -> None:
        """Show a menu to everybody who is linked to none, or no menu at all.

        Raises:
            UnknownMenu: There is no such menu.
            WithoutImage: It has no image.
        """
        with self._lock:
            if menu_id is not None:
                self._showable(menu_id)
            self._default = menu_id
        self._touched(None)

    def link(self, user_ids: Iterable[str], menu_id: str) -> None:
        """Show a menu to these people.

        Raises:
            UnknownMenu: There is no such menu.
            WithoutImage: It has no image.
        """
        people = list(user_ids)
        with self._lock:
            self._showable(menu_id)
            self._links.update(dict.fromkeys(people, menu_id))
        self._touched(people)

    def unlink(self, user_ids: Iterable[str]) -> None:
        """Show these people the default again."""
        people = list(user_ids)
        with self._lock:
            for user_id in people:
                self._links.pop(user_id, None)
        self._touched(people)

    def linked(self, user_id: str) -> str | None:
        """The menu that a person is linked to."""
        with self._lock:
            return self._links.get(user_id)

    def shown_to(self, user_id: str) -> RichMenu | None:
        """The menu in a person's chat: the person's own, or else the default."""
        with self._lock:
            menu_id = self._links.get(user_id, self._default)
            return None if menu_id is None else self._menus[menu_id]

    def _showable(self, menu_id: str) -> None:
        if self.menu(menu_id).image is None:
            raise WithoutImage

    # Batches

    def run_batch(self, request_id: str, batch: Batch) -> None:
        """Link and unlink everybody who is linked to certain menus, as things stand before the first operation.

        Raises:
            UnknownMenu: An operation names a menu that does not exist.
            WithoutImage: People would be linked to a menu without an image.
        """
        with self._lock:
            moves: dict[str, str | None] = {}
            for operation in batch.operations:
                if operation["type"] == "link":
                    self._showable(operation["to"])
                if operation["type"] != "unlinkAll":
                    self.menu(operation["from"])
                    moves[operation["from"]] = operation.get("to")
            before, self._links = self._links, {}
            if {"type": "unlinkAll"} not in batch.operations:
                after = {user_id: moves.get(linked, linked) for user_id, linked in before.items()}
                self._links = {user_id: linked for user_id, linked in after.items() if linked is not None}
            self._batches[request_id] = batch
        self._touched(before)

    def batch(self, request_id: str) -> Batch | None:
        """The batch that was accepted in this request."""
        with self._lock:
            return self._batches.get(request_id)

    def saved(self) -> Any:
        """Everything as it stands."""
        with self._lock:
            return dict(self._menus), dict(self._aliases), dict(self._links), dict(self._batches), self._default

    def put_back(self, saved: Any) -> None:
        """Be as it was when this was saved."""
        menus, aliases, links, batches, default = saved
        with self._lock:
            self._menus, self._aliases, self._links, self._batches = map(dict, (menus, aliases, links, batches))
            self._default = default

    def clear(self) -> None:
        """Back to a channel without rich menus."""
        with self._lock:
            self._menus.clear()
            self._aliases.clear()
            self._links.clear()
            self._batches.clear()
            self._default = None
