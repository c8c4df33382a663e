"""The page with a circular: all that its card has no room for, and the button that acknowledges it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from messages_th import formats
from messages_th.circulars.letter_card import ACKNOWLEDGE, LetterView
from messages_th.circulars.letters import kind_of, number_and_date, subject_of, urgency_of
from messages_th.circulars.receiving import Later, after_last_day, later_words, until_words
from messages_th.pages.evidence import FileRow, file_list
from messages_th.pages.rendering import page

TITLE = "เอกสารหนังสือเวียน"
"""What a link says that it opens: nothing of the letter itself, for links are looked into by robots."""


@dataclass(frozen=True, slots=True)
class LetterSheet:
    """How the letter stands for who reads it.

    ``address`` is where its button sends, with ``form_key``; it is there while the letter ``waits``. ``is_recipient``
    is False for who only looks after it. ``later`` is the letter that corrects or withdraws it.
    """

    address: str
    form_key: str
    files: Sequence[FileRow]
    is_recipient: bool
    waits: bool
    acknowledged_at: datetime | None
    later: Later | None


def letter_page(view: LetterView, sheet: LetterSheet) -> str:
    """Return the page."""
    letter, at = view.letter, sheet.acknowledged_at
    return page(
        "letter.html.j2",
        title=subject_of(letter),
        kind=" ".join(filter(None, (kind_of(view.relation), urgency_of(letter)))),
        number=number_and_date(letter.letter_no, letter.letter_date),
        sender=formats.one_line(view.sender),
        about=view.about,
        later=later_words(sheet.later) if sheet.later else "",
        text=letter.text.strip(),
        changes=view.changes,
        files=file_list(sheet.files, f"สิ่งที่ส่งมาด้วย {formats.count(len(sheet.files))} ฉบับ") if sheet.files else "",
        acknowledged=f"ท่านรับทราบแล้วเมื่อ {formats.date_and_time(at)}" if at else "",
        after_last_day=after_last_day(letter, at) if at else "",
        until=until_words(letter) if sheet.waits else "",
        is_recipient=sheet.is_recipient,
        waits=sheet.waits,
        acknowledge=ACKNOWLEDGE,
        address=sheet.address,
        form_key=sheet.form_key,
    )
