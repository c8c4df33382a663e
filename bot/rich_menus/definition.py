"""A rich menu as LINE takes it: the rich menu object, its image, and the name under which we find it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.rich_menus.draw import draw
from bot.rich_menus.layout import HEIGHT, WIDTH, Box, cells, tabs
from handlers.rich_menus import OpenTab
from messages_th.rich_menus import CHAT_BAR_TEXT, PAGES, Menu, tab_name
from messages_th.understanding.commands import TYPED_WORDS

OURS = "emenscr-"
"""What the names of our menus and aliases begin with on LINE: nothing else there is touched."""


@dataclass(frozen=True, slots=True)
class Definition:
    """What is uploaded. ``fingerprint`` is another one when the object or the image is."""

    menu: Menu
    layout: Mapping[str, Any]
    png: bytes
    fingerprint: str

    @property
    def body(self) -> Mapping[str, Any]:
        """The rich menu object with its name."""
        return {**self.layout, "name": f"{OURS}{self.menu.name}-{self.fingerprint[:12]}"}


def define(menu: Menu) -> Definition:
    """Return what LINE is to have of a menu; raises as ``draw`` does."""
    layout, png = layout_of(menu), draw(menu)
    digest = hashlib.sha256(json.dumps(layout, sort_keys=True).encode() + png)
    return Definition(menu, layout, png, digest.hexdigest())


def alias_of(menu: Menu) -> str | None:
    """Return the alias by which tabs lead to the menu; None: no tab does."""
    return f"{OURS}{menu.name}" if menu.tabs else None


def layout_of(menu: Menu) -> Mapping[str, Any]:
    """Return the rich menu object without its name (reference, "Rich menu object")."""
    return {
        "size": {"width": WIDTH, "height": HEIGHT},
        "selected": True,
        "chatBarText": CHAT_BAR_TEXT,
        "areas": [*_tab_areas(menu), *_cell_areas(menu)],
    }


def _tab_areas(menu: Menu) -> Iterable[Mapping[str, Any]]:
    for tab in tabs(menu):
        action = {
            "type": "richmenuswitch",
            "label": PAGES[tab.role].tab,
            "richMenuAliasId": f"{OURS}{tab_name(menu.tabs, tab.role)}",
            "data": OpenTab(tab.role).pack(),
        }
        yield _area(tab.box, action)


def _cell_areas(menu: Menu) -> Iterable[Mapping[str, Any]]:
    for cell in cells(menu):
        words = TYPED_WORDS[cell.entry.says]
        yield _area(cell.box, {"type": "message", "label": cell.entry.label.replace("\n", ""), "text": words})


def _area(box: Box, action: Mapping[str, str]) -> Mapping[str, Any]:
    return {"bounds": {"x": box.x, "y": box.y, "width": box.width, "height": box.height}, "action": action}
