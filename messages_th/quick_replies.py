"""Buttons below the last message (LINE reference, "Quick reply").

LINE for PC shows none, so what they lead to can always be typed or pressed on a card, too.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from messages_th.lengths import cut
from messages_th.rendering import Rendered

MAX_QUICK_REPLIES = 13
_LABEL_LENGTH, _FILL_LENGTH = 20, 300


@dataclass(frozen=True, slots=True)
class QuickReply:
    """A button that says ``label``: it sends button ``data``, or, without it, types ``text`` (by default the label).

    With ``fills``, a button that sends data opens the keyboard with these words in it, to be completed and sent.
    """

    label: str
    data: str = ""
    text: str = ""
    fills: str = ""


def with_quick_replies(message: Rendered, replies: Sequence[QuickReply]) -> Rendered:
    """Return the message with the buttons below it, thirteen at most."""
    if not replies:
        return message
    items = [{"type": "action", "action": _action(reply)} for reply in replies[:MAX_QUICK_REPLIES]]
    quick_reply = json.dumps({"items": items}, ensure_ascii=False, separators=(",", ":"))
    return Rendered(message.alt, f'{message.body[:-2]},"quickReply":{quick_reply}}}]')


def _action(reply: QuickReply) -> dict[str, str]:
    label = cut(reply.label, _LABEL_LENGTH)
    if reply.fills:
        keyboard = {"inputOption": "openKeyboard", "fillInText": cut(reply.fills, _FILL_LENGTH)}
        return {"type": "postback", "label": label, "data": reply.data, **keyboard}
    if reply.data:
        return {"type": "postback", "label": label, "data": reply.data, "displayText": reply.text or reply.label}
    return {"type": "message", "label": label, "text": reply.text or reply.label}
