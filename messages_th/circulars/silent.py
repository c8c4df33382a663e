"""What somebody is reminded of who got a circular and has not acknowledged it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.circulars.letters import Letter
from messages_th import formats
from messages_th.circulars.letter_card import ACKNOWLEDGE, OPEN, is_cut
from messages_th.circulars.letters import CIRCULAR, COLOURS, number_and_date, urgency_of
from messages_th.lengths import cut
from messages_th.listing import BROWN, NAVY, RED, ROWS_A_PAGE, Button, Row, Sheet, listing
from messages_th.reader import Reader
from messages_th.rendering import Rendered

_SUBJECT_LENGTH = 160


@dataclass(frozen=True, slots=True)
class WaitingLetter:
    """A letter that waits for the reader's acknowledgement, with how many ``files`` it has.

    ``working_days_left`` are those after today until the last day for it. ``acknowledge`` and ``open`` are button data
    as on its own card, which ``show`` brings back.
    """

    letter: Letter
    files: int
    working_days_left: int
    acknowledge: str
    open: str
    show: str


def silent_reminder(reader: Reader, letters: Sequence[WaitingLetter], at: datetime, today: date, more: str) -> Rendered:
    """Return the reminder of one or several letters; ``more`` is the data of the list of all that one got."""
    if len(letters) == 1:
        return _of_one(reader, letters[0], at, today)
    rest = len(letters) - ROWS_A_PAGE
    headline = f"{CIRCULAR}ที่รอท่านรับทราบ"
    return listing(
        Sheet(
            headline=headline,
            as_of=at,
            intro=f"{reader.salutation} มีหนังสือเวียน {formats.count(len(letters))} ฉบับรอท่านรับทราบ โปรดแตะที่ฉบับเพื่อเปิดอ่าน",
            rows=[_row(letter, today) for letter in letters[:ROWS_A_PAGE]],
            note=f"และอีก {formats.count(rest)} ฉบับ" if rest > 0 else "",
            buttons=[Button(f"{CIRCULAR}ที่ได้รับ", more, about=f"{CIRCULAR}ที่ได้รับ")],
            colour=BROWN,
            alt=f"{headline} {formats.count(len(letters))} ฉบับ",
        )
    )


def _of_one(reader: Reader, waiting: WaitingLetter, at: datetime, today: date) -> Rendered:
    letter = waiting.letter
    number = number_and_date(letter.letter_no, letter.letter_date)
    subject = f"เรื่อง {cut(formats.one_line(letter.subject), _SUBJECT_LENGTH)}"
    buttons = [Button(ACKNOWLEDGE, waiting.acknowledge, about=ACKNOWLEDGE, primary=True)]
    if waiting.files or is_cut(letter):
        buttons.append(Button(OPEN, waiting.open, about=OPEN))
    return listing(
        Sheet(
            headline=f"{CIRCULAR}ที่รอท่านรับทราบ",
            as_of=at,
            place=" ".join(filter(None, (urgency_of(letter), number))),
            period=_deadline(waiting, today),
            intro=f"{reader.salutation} {subject}",
            empty=f"ขอความกรุณากด «{ACKNOWLEDGE}» หากดำเนินการแล้วขอขอบคุณ{reader.particle}",
            buttons=buttons,
            colour=COLOURS[letter.urgency],
            alt=f"ขอความกรุณารับทราบหนังสือ {number} {subject}",
        )
    )


def _row(waiting: WaitingLetter, today: date) -> Row:
    letter = waiting.letter
    number = number_and_date(letter.letter_no, letter.letter_date)
    is_last = letter.acknowledge_by is not None and letter.acknowledge_by <= today
    return Row(
        title=formats.one_line(letter.subject),
        code=" ".join(filter(None, (urgency_of(letter), number))),
        note=_deadline(waiting, today),
        colour=RED if is_last else NAVY,
        press=waiting.show,
        about=f"{CIRCULAR} {number_and_date(letter.letter_no, None)}",
        button=Button(ACKNOWLEDGE, waiting.acknowledge, about=ACKNOWLEDGE),
    )


def _deadline(waiting: WaitingLetter, today: date) -> str:
    last_day = waiting.letter.acknowledge_by
    if last_day is None:
        return ""
    return formats.dated_deadline(last_day, (last_day - today).days, waiting.working_days_left)
