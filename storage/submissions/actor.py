"""Who does something, and by which way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """By which way somebody acts."""

    LINE = "line"
    PAGE = "page"
    API = "api"
    CLI = "cli"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, by code and database id, who acts; ``event_id`` is LINE's webhook event or the API's request."""

    code: str
    person_id: int
    channel: Channel
    event_id: str = ""
