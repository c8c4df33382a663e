"""The card on which a circular is written: every fact with a tap that changes it, what is asked, what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.circulars.letters import Letter, LetterPart
from domain.reminders import BANGKOK
from messages_th import formats
from messages_th.circulars.letters import COLOURS, date_like, number_and_date
from messages_th.lengths import cut_utf16
from messages_th.listing import NAVY
from messages_th.rendering import Rendered, card
from messages_th.words import word

FILES = "เอกสารแนบ"
_NOT_YET, _NONE = "ยังไม่ระบุ", "ไม่มี"
_VALUE_LENGTH, _FILE_NAME_LENGTH, _LINE_LENGTH = 200, 60, 400
_FILES_NAMED = 3
_NO_DEFAULT = (LetterPart.LETTER_NO, LetterPart.LETTER_DATE, LetterPart.SUBJECT, LetterPart.AUDIENCE)
_IN_ORDER = (
    LetterPart.LETTER_NO,
    LetterPart.LETTER_DATE,
    LetterPart.URGENCY,
    LetterPart.SUBJECT,
    LetterPart.TEXT,
    LetterPart.AUDIENCE,
    LetterPart.ACKNOWLEDGE_BY,
    LetterPart.SEND_AT,
)


@dataclass(frozen=True, slots=True)
class Picker:
    """What LINE's picker offers, in its own notation: a day or a moment to open on, and its bounds."""

    mode: str
    initial: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: ``label`` has at most 20 graphemes; with a ``picker`` it asks LINE for a day or a moment."""

    label: str
    press: str
    about: str = ""
    is_first: bool = False
    picker: Picker | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the card. ``press`` is the data of the tap that changes it, "" where none does."""

    label: str
    value: str
    press: str = ""
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: what is ``said``, with what was wrong before in ``notes``, and buttons that answer it."""

    said: str
    choices: Sequence[Choice] = ()
    notes: Sequence[str] = ()


def day_picker(initial: date, first: date, last: date) -> Picker:
    """Return the picker of a day."""
    return Picker("date", *(day.isoformat() for day in (initial, first, last)))


def moment_picker(initial: datetime, first: datetime, last: datetime) -> Picker:
    """Return the picker of a moment; by the clock in Bangkok."""
    moments = (moment.astimezone(BANGKOK) for moment in (initial, first, last))
    return Picker("datetime", *(f"{moment:%Y-%m-%dT%H:%M}" for moment in moments))


def facts_of(letter: Letter, whom: str, files: Sequence[str], presses: Mapping[LetterPart, str]) -> Sequence[Fact]:
    """Return what a letter says so far; ``whom`` is "" where nobody is chosen, ``presses`` change a part each."""
    values = {
        LetterPart.LETTER_NO: formats.one_line(letter.letter_no),
        LetterPart.LETTER_DATE: date_like(letter.letter_no, letter.letter_date) if letter.letter_date else "",
        LetterPart.URGENCY: word(letter.urgency),
        LetterPart.SUBJECT: formats.one_line(letter.subject),
        LetterPart.TEXT: formats.one_line(letter.text),
        LetterPart.AUDIENCE: whom,
        LetterPart.ACKNOWLEDGE_BY: acknowledgement_words(letter),
        LetterPart.SEND_AT: sending_words(letter.send_at),
    }
    facts = [
        Fact(
            word(part),
            cut_utf16(values[part], _VALUE_LENGTH) or (_NOT_YET if part in _NO_DEFAULT else _NONE),
            presses.get(part, ""),
            is_missing=part in _NO_DEFAULT and not values[part],
        )
        for part in _IN_ORDER
    ]
    return [*facts, Fact(FILES, _files(files))]


def acknowledgement_words(letter: Letter) -> str:
    """Return whether and by when a letter is to be acknowledged."""
    if not letter.wants_acknowledgement:
        return "ไม่ต้องรับทราบ"
    if letter.acknowledge_by is None:
        return "ให้กดรับทราบ ไม่กำหนดวัน"
    return f"ให้กดรับทราบภายในวันที่ {formats.short_date(letter.acknowledge_by)}"


def sending_words(send_at: datetime | None) -> str:
    """Return when a letter is to be sent."""
    return formats.date_and_time(send_at) if send_at else "ส่งทันทีที่ปล่อยหนังสือ ในเวลาราชการ"


def draft_card(
    letter: Letter, kind: str, asked: Asked, facts: Sequence[Fact], lines: Sequence[str], as_of: datetime
) -> Rendered:
    """Return the card of a draft; ``kind`` is what the letter is called («ยกเลิกหนังสือเวียน»)."""
    headline = f"ร่าง{kind}"
    about = " ".join((headline, number_and_date(letter.letter_no, letter.letter_date), asked.said))
    return _card(asked, headline, COLOURS[letter.urgency], facts, lines, about, as_of)


def question(headline: str, asked: Asked, as_of: datetime) -> Rendered:
    """Return a question by itself."""
    return _card(asked, headline, NAVY, (), (), f"{headline} {asked.said}", as_of)


def _card(
    asked: Asked,
    headline: str,
    colour: str,
    rows: Sequence[Fact],
    lines: Sequence[str],
    alt: str,
    as_of: datetime,
) -> Rendered:
    return card(
        "circulars/draft_card",
        headline=headline,
        place="",
        colour=colour,
        said=asked.said,
        notes=[cut_utf16(note, _LINE_LENGTH) for note in asked.notes],
        rows=rows,
        lines=[cut_utf16(line, _LINE_LENGTH) for line in lines],
        choices=asked.choices,
        as_of=formats.as_of(as_of),
        alt=alt,
    )


def _files(names: Sequence[str]) -> str:
    if not names:
        return f"{_NONE} (ส่งไฟล์ PDF เข้ามาในแชตนี้ได้)"
    shown = ", ".join(cut_utf16(formats.one_line(name), _FILE_NAME_LENGTH) for name in names[:_FILES_NAMED])
    more = len(names) - _FILES_NAMED
    return f"{formats.count(len(names))} ไฟล์: {shown}" + (f" และอีก {formats.count(more)} ไฟล์" if more > 0 else "")
