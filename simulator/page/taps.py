"""What a tap does: the actions of buttons, cards, quick replies and rich menus, as the page needs them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_WEB_LINKS = ("https://", "http://", "tel:")
_PRESSES = frozenset({"postback", "message", "datetimepicker", "clipboard", "richmenuswitch"})


@dataclass(frozen=True, slots=True)
class Tap:
    """Something that can be tapped.

    Args:
        label: What it says, or what a screen reader says for it.
        href: Where it leads, if to the web.
        press: The action as JSON for ``taps.js``, if the bot or the person's own keyboard has to do with it.
    """

    label: str = ""
    href: str = ""
    press: str = ""

    def __bool__(self) -> bool:
        return bool(self.href or self.press)


NO_TAP = Tap()


def tap(action: Mapping[str, Any]) -> Tap:
    """The tap for an action object; one that leads nowhere for what a page cannot do, such as taking a picture."""
    label = action.get("label") or action.get("displayText") or action.get("text", "")
    if action.get("type") in _PRESSES:
        return Tap(label, press=json.dumps(action, ensure_ascii=False, separators=(",", ":")))
    uri = action.get("uri", "")
    return Tap(label, href=uri if uri.startswith(_WEB_LINKS) else "")
