"""Webhook bodies as they come, read event by event from raw JSON (``docs/adr/0007``).

Nothing that LINE adds or leaves out stops the other events: what is not as expected is read as absent. Texts come out
without what a database cannot keep (NUL, halves of surrogate pairs).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from domain.evidence import display_name
from handlers.conversation import Attached, Pressed, Said, Utterance
from storage.imports.vocabulary import clean
from storage.inbox import Arrival

_ID = re.compile(r"[!-~]{1,100}")
"""What an id of LINE's looks like, and a reply token: printable ASCII."""

_LONGEST_TEXT = 5_000
_MENU_SWITCH = "newRichMenuAliasId"

_KEPT_OF_GROUPS = ("type", "mode", "timestamp", "source", "webhookEventId", "deliveryContext", "replyToken")

_UNREADABLE = (ValueError, RecursionError)
"""What JSON that is none, or nested beyond all measure, raises."""


class BadBody(Exception):
    """The body of a webhook is no JSON object with a list of events."""


@dataclass(frozen=True, slots=True)
class Event:
    """What we need to know of an event; empty where it has none.

    ``account`` is who caused it, ``group`` the group or room where it happened. ``message_id`` is that of a message, or
    of one that was unsent. ``is_standby``: another channel holds the chat, so nothing may be sent. ``names_us``: a
    message in a group mentions the bot.
    """

    kind: str = ""
    account: str = ""
    group: str = ""
    reply_token: str = ""
    message_id: str = ""
    utterance: Utterance | None = None
    is_standby: bool = False
    names_us: bool = False

    @property
    def is_private(self) -> bool:
        """Whether it is of somebody's private chat with us."""
        return bool(self.account) and not self.group


def arrivals(body: bytes, real_now: datetime) -> Sequence[Arrival]:
    """Return the events in a webhook's body, to be stored; ``real_now`` stands in where LINE's time cannot be read.

    Raises:
        BadBody: it is no JSON object, or ``events`` is no list.
    """
    try:
        parsed = json.loads(body)
    except _UNREADABLE:
        raise BadBody from None
    events = parsed.get("events") if isinstance(parsed, dict) else None
    if not isinstance(events, list):
        raise BadBody
    return [_arrival(event, real_now) for event in events if isinstance(event, dict)]


def _arrival(event: Mapping[str, Any], real_now: datetime) -> Arrival:
    read = _read(event)
    return Arrival(
        webhook_event_id=_id(event, "webhookEventId") or _fingerprint(event),
        body=json.dumps(_kept(event, read)),  # ASCII only, so that every database keeps it
        sender=read.account or read.group or None,
        occurred_at=_instant(event.get("timestamp"), real_now),
    )


def _kept(event: Mapping[str, Any], read: Event) -> Mapping[str, Any]:
    """Return what is stored of an event: of a group's neither what people say there nor who else is in it.

    Whoever asks to be forgotten may be named in what others did there.
    """
    if not read.group:
        return event
    kept = {name: event[name] for name in _KEPT_OF_GROUPS if name in event}
    return {**kept, "message": {"mention": {"mentionees": [{"isSelf": True}]}}} if read.names_us else kept


def _fingerprint(event: Mapping[str, Any]) -> str:
    """Return a name for an event that has none, as those of the console's button in older days."""
    told = {name: value for name, value in event.items() if name != "deliveryContext"}
    return "sha256:" + hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _instant(milliseconds: Any, otherwise: datetime) -> datetime:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return otherwise


def read_event(stored: str) -> Event:
    """Return the event that was stored as JSON text."""
    return _read(json.loads(stored))


def _read(event: Mapping[str, Any]) -> Event:
    source, message = _part(event, "source"), _part(event, "message")
    return Event(
        kind=_text(event, "type"),
        account=_id(source, "userId"),
        group=_id(source, "groupId") or _id(source, "roomId"),
        reply_token=_id(event, "replyToken"),
        message_id=_id(message, "id") or _id(_part(event, "unsend"), "messageId"),
        utterance=_utterance(event, message),
        is_standby=event.get("mode", "active") != "active",
        names_us=_names_us(message),
    )


def _utterance(event: Mapping[str, Any], message: Mapping[str, Any]) -> Utterance | None:
    match event.get("type"), message.get("type"):
        case "message", "text":
            text = clean(_text(message, "text"))
            return Said(text) if text else None
        case "message", "file":
            return Attached("file", _id(message, "id"), display_name(_text(message, "fileName")), _size(message))
        case "message", str(kind):
            return Attached(kind)
        case "postback", _:
            postback = _part(event, "postback")
            given = _part(postback, "params")
            params = {name: _text(given, name) for name in given if isinstance(given[name], str)}
            return None if _MENU_SWITCH in params else Pressed(_text(postback, "data"), params)
    return None


def _names_us(message: Mapping[str, Any]) -> bool:
    mentioned = _part(message, "mention").get("mentionees")
    return isinstance(mentioned, list) and any(isinstance(one, dict) and one.get("isSelf") is True for one in mentioned)


def _part(whole: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = whole.get(name)
    return part if isinstance(part, dict) else {}


def _id(whole: Mapping[str, Any], name: str) -> str:
    value = whole.get(name)
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def _size(message: Mapping[str, Any]) -> int:
    value = message.get("fileSize")
    return value if isinstance(value, int) else 0


def _text(whole: Mapping[str, Any], name: str) -> str:
    value = whole.get(name)
    if not isinstance(value, str):
        return ""
    return value[:_LONGEST_TEXT].encode(errors="replace").decode().replace("\0", " ")
