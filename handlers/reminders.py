"""Reminders as messages, and what their buttons carry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from domain.reminders import Digest, Step, Topic
from domain.windows import Occasion, Stage, WindowKind
from handlers.postback import Postback
from messages_th.digest import Buttons, digest_card
from messages_th.reader import Reader
from messages_th.rendering import Rendered


class ShowDuties(Postback, prefix="du1"):
    """Asks for the list behind a topic: what the presser owes, holds or watches there when it is pressed."""

    kind: WindowKind
    fiscal_year: int
    quarter: int | None
    stage: Stage


class ReportNow(Postback, prefix="on1"):
    """Asks for the form of the one report of a fiscal quarter that the presser has to write, or for their list."""

    fiscal_year: int
    quarter: int


class ShowAllDuties(Postback, prefix="da1"):
    """Asks for everything that the presser owes, holds or watches."""


class SnoozeReminder(Postback, prefix="sn1"):
    """Puts the reminder of ``day`` (Bangkok) off; ``is_last_day``: it told of a window's last working day."""

    day: date
    is_last_day: bool


class GiveLateReason(Postback, prefix="lr1"):
    """Begins giving the reason why something is late."""

    kind: WindowKind
    fiscal_year: int
    quarter: int | None
    stage: Stage


def digest_message(digest: Digest, reader: Reader, unit_names: Mapping[str, str]) -> Rendered:
    """Return the reminder message of a digest; ``unit_names`` names every unit code in it.

    Raises:
        KeyError: a unit has no name.
    """
    snooze = SnoozeReminder(digest.at.date(), any(topic.is_last_working_day for topic in digest.topics))
    return digest_card(digest, reader, unit_names, _buttons, ShowAllDuties().pack(), snooze.pack())


def _buttons(topic: Topic) -> Buttons:
    return _buttons_of(topic.occasion, topic.stage, topic.step is Step.OVERDUE, topic.is_to_be_reported)


@lru_cache(maxsize=1024)
def _buttons_of(about: Occasion, stage: Stage, asks_reason: bool, asks_report: bool) -> Buttons:  # noqa: FBT001 - a key
    where = about.kind, about.fiscal_year, about.quarter, stage
    return Buttons(
        show=ShowDuties(*where).pack(),
        give_reason=GiveLateReason(*where).pack() if asks_reason else None,
        report=ReportNow(about.fiscal_year, about.quarter).pack() if asks_report and about.quarter else None,
    )
