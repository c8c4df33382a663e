"""Webhook events, in the shapes of LINE's reference ("Webhook Event Objects"); a property without a value is absent."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from simulator.line.people import Group

Event = Mapping[str, Any]
Part = Mapping[str, Any]

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class SwitchStatus(StrEnum):
    """What came of a tap on a rich menu's tab."""

    SUCCESS = "SUCCESS"
    ALIAS_NOT_FOUND = "RICHMENU_ALIAS_ID_NOTFOUND"
    MENU_NOT_FOUND = "RICHMENU_NOTFOUND"
    FAILED = "FAILED"


def envelope(at: datetime, source: Part, reply_token: str | None, about: Part, *, standby: bool = False) -> Event:
    """The whole event: what it is about, with everything that all events have.

    Args:
        at: When it happened.
        source: Where it came from: `in_chat`, `in_group`.
        reply_token: None for events that cannot be answered; in standby there is none either.
        about: Type of the event and what belongs to that type.
        standby: Whether another module channel holds the chat.
    """
    token = {} if reply_token is None or standby else {"replyToken": reply_token}
    return {
        **about,
        **token,
        "mode": "standby" if standby else "active",
        "timestamp": int(at.timestamp() * 1_000),
        "source": source,
        "webhookEventId": ulid(at),
        "deliveryContext": {"isRedelivery": False},
    }


def redelivered(event: Event) -> Event:
    """The same event, marked as sent before."""
    return {**event, "deliveryContext": {"isRedelivery": True}}


def ulid(at: datetime) -> str:
    """An id that sorts by time: 48 bits of milliseconds and 80 at random, in Crockford's base 32."""
    number = int(at.timestamp() * 1_000) << 80 | secrets.randbits(80)
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


# Where from


def in_chat(user_id: str) -> Part:
    """The source of an event in a person's own chat with the bot."""
    return {"type": "user", "userId": user_id}


def in_group(group: Group, user_id: str | None = None) -> Part:
    """The source of an event in a group or room.

    Args:
        group: Which.
        user_id: The sender of a message; the reference promises it for no other event.
    """
    kind = "group" if group.group_id.startswith("C") else "room"
    sender = {} if user_id is None else {"userId": user_id}
    return {"type": kind, f"{kind}Id": group.group_id, **sender}


# What about


def text(message_id: str, words: str) -> Part:
    """A text message."""
    return {"type": "text", "id": message_id, **_quotable(), "text": words}


def sticker(message_id: str) -> Part:
    """A sticker."""
    return {
        "type": "sticker",
        "id": message_id,
        **_quotable(),
        "packageId": "446",
        "stickerId": "1988",
        "stickerResourceType": "STATIC",
    }


def image(message_id: str) -> Part:
    """A picture whose bytes LINE keeps."""
    return {"type": "image", "id": message_id, **_quotable(), "contentProvider": {"type": "line"}}


def file(message_id: str, name: str, size: int) -> Part:
    """A file whose bytes LINE keeps for a while."""
    token = secrets.token_urlsafe(24)
    return {"type": "file", "id": message_id, "markAsReadToken": token, "fileName": name, "fileSize": size}


def message(about: Part) -> Part:
    """Somebody sent a message."""
    return {"type": "message", "message": about}


def unsend(message_id: str) -> Part:
    """Somebody took a message back."""
    return {"type": "unsend", "unsend": {"messageId": message_id}}


def postback(data: str, params: Mapping[str, str] | None = None) -> Part:
    """Somebody pressed a button.

    Args:
        data: The button's data.
        params: What a date picker or a tab of a rich menu adds.
    """
    return {"type": "postback", "postback": {"data": data, **({"params": params} if params else {})}}


def switched(alias: str, status: SwitchStatus) -> Mapping[str, str]:
    """The ``params`` of a press on a rich menu's tab."""
    found = {"newRichMenuAliasId": alias} if status is SwitchStatus.SUCCESS else {}
    return {**found, "status": status}


def follow(*, unblocked: bool) -> Part:
    """Somebody became a friend, or took a block back."""
    return {"type": "follow", "follow": {"isUnblocked": unblocked}}


UNFOLLOW: Part = {"type": "unfollow"}
"""Somebody blocked the bot."""
JOIN: Part = {"type": "join"}
"""The bot came into a group."""
LEAVE: Part = {"type": "leave"}
"""The bot was taken out of a group."""


def members_joined(user_ids: Iterable[str]) -> Part:
    """People came into a group of the bot."""
    return {"type": "memberJoined", "joined": {"members": [in_chat(user_id) for user_id in user_ids]}}


def members_left(user_ids: Iterable[str]) -> Part:
    """People left a group of the bot."""
    return {"type": "memberLeft", "left": {"members": [in_chat(user_id) for user_id in user_ids]}}


def _quotable() -> Part:
    return {"quoteToken": secrets.token_urlsafe(24), "markAsReadToken": secrets.token_urlsafe(24)}
