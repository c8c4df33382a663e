"""The reminder of circulars that somebody has not acknowledged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.reminders import BANGKOK
from handlers.circulars.presses import Acknowledge, OpenLetter
from handlers.circulars.receiving import ListReceived, ShowReceived
from messages_th.circulars.silent import WaitingLetter, silent_reminder
from messages_th.reader import Reader
from messages_th.rendering import Rendered
from storage.queries.circular_reminders import SilentLetter


def silent_message(reader: Reader, letters: Sequence[SilentLetter], at: datetime) -> Rendered:
    """Return the message that reminds a reader of these letters."""
    waiting = [
        WaitingLetter(
            letter=one.letter,
            files=one.files,
            working_days_left=one.working_days_left,
            acknowledge=Acknowledge(one.circular_id).pack(),
            open=OpenLetter(one.circular_id).pack(),
            show=ShowReceived(one.circular_id).pack(),
        )
        for one in letters
    ]
    more = ListReceived(waiting=True, words="", page=1).pack()
    return silent_reminder(reader, waiting, at, at.astimezone(BANGKOK).date(), more)
