"""What somebody typed about a circular, in a line or as a whole pasted letter, read into its facts.

Number, subject and text stay as they were typed, Thai digits included; the maker confirms them on a card.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from domain.circulars.letters import LONGEST_SUBJECT, LONGEST_TEXT, Letter, Urgency
from domain.reminders import BANGKOK
from domain.workdays import WorkingCalendar
from messages_th.circulars.moments import Sending, read_sending
from messages_th.circulars.reading_parts import (
    ACKNOWLEDGE_BY,
    ACKNOWLEDGEMENT,
    DATED,
    NO_ACKNOWLEDGEMENT,
    NUMBER,
    SEND_AT,
    URGENT,
    parted,
    tidied,
)
from messages_th.days import FoundDay, find_day
from messages_th.formats import arabic_digits
from messages_th.lengths import cut_utf16

_D = "0-9๐-๙"
_NUMBER = re.compile(rf"(?:(?:เลข|หนังสือ ?)?ที่ ?:? ?)?(?P<number>{NUMBER})")
_SHORT_NUMBER = re.compile(rf"(?<![ก-๎])(?:(?:เลข)?ที่ ?)?(?P<number>ว\.? ?[{_D}]{{1,6}}(?:/[{_D}]{{2,4}})?)(?![{_D}/])")
_NUMBER_LABEL = re.compile(r"(?:เลขที่|หนังสือ|ที่|:| )*")
_DATED, _URGENT = re.compile(DATED), re.compile(URGENT)
_URGENCIES = (
    ("สุด", Urgency.MOST_URGENT),
    ("มาก", Urgency.VERY_URGENT),
    ("ด่วน", Urgency.URGENT),
    ("ปกติ", Urgency.NORMAL),
)
_ACKNOWLEDGE_BY, _SEND_AT = re.compile(ACKNOWLEDGE_BY), re.compile(SEND_AT)
_NO_ACKNOWLEDGEMENT, _ACKNOWLEDGEMENT = re.compile(NO_ACKNOWLEDGEMENT), re.compile(ACKNOWLEDGEMENT)
_SOME_DAYS = re.compile(rf"(?:ใน|ภายใน)? ?(?P<number>[{_D}]{{1,3}}) ?วัน(?P<working>ทำการ)?")
_SUBJECT_LABEL, _TEXT_LABEL = re.compile(r"เรื่อง ?:? ?"), re.compile(r"(?:ข้อความ|เนื้อหา) ?:? ?")
_PAST_YEAR = timedelta(days=300)
"""A letter's date without a year lies at most so far back."""
_BEFORE_A_DAY = 15
"""Characters that may stand between a word and its day («วันพฤหัสบดีที่ »)."""


@dataclass(frozen=True, slots=True)
class Acknowledging:
    """Whether an acknowledgement is wanted, and by when (inclusive; None: no such day)."""

    wanted: bool
    by: date | None = None


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What was said of a letter; empty or None: nothing. ``whom`` are the words that may name recipients.

    ``is_cut``: more was typed than a circular holds.
    """

    letter_no: str = ""
    letter_date: date | None = None
    urgency: Urgency | None = None
    subject: str = ""
    text: str = ""
    acknowledging: Acknowledging | None = None
    sending: Sending | None = None
    whom: str = ""
    is_cut: bool = False

    def written_into(self, letter: Letter) -> Letter:
        """Return the letter with what was said in the place of what it says."""
        letter = replace(
            letter,
            letter_no=self.letter_no or letter.letter_no,
            letter_date=self.letter_date or letter.letter_date,
            urgency=self.urgency or letter.urgency,
            subject=self.subject or letter.subject,
            text=self.text or letter.text,
        )
        if self.acknowledging is not None:
            wanted, by = self.acknowledging.wanted, self.acknowledging.by
            letter = replace(letter, wants_acknowledgement=wanted, acknowledge_by=by)
        return letter if self.sending is None else replace(letter, send_at=self.sending.at)


def read_letter(typed: str, now: datetime, calendar: WorkingCalendar) -> LetterFacts:
    """Return what was typed about a circular at ``now``: in a sentence, or as a whole letter with its text."""
    parts = parted(typed)
    orders, head = _Words(parts.orders), _Words(parts.head)
    today = now.astimezone(BANGKOK).date()
    numbers = [words.take_number() for words in (orders, head)]
    dates = [orders.take_date(today), head.take_date(today) or head.take_day(today)]
    acknowledging, sending = orders.take_acknowledging(today, calendar), orders.take_sending(now, calendar)
    urgencies = [words.take_urgency() for words in (orders, head)]
    subject, text = cut_utf16(parts.subject, LONGEST_SUBJECT), parts.text[:LONGEST_TEXT]
    return LetterFacts(
        letter_no=next(filter(None, numbers), ""),
        letter_date=next(filter(None, dates), None),
        urgency=next(filter(None, urgencies), None),
        subject=subject,
        text=text,
        acknowledging=acknowledging,
        sending=sending,
        whom=orders.left,
        is_cut=(subject, text) != (parts.subject, parts.text),
    )


def read_number(typed: str) -> str:
    """Return the number of a letter as it was typed, without «ที่»; "" where no digit was typed."""
    words = _Words(tidied(typed).replace("\n", " "))
    whole = words.left
    number = words.take_number() or whole[_end(_NUMBER_LABEL, whole) :]
    return number if any(letter.isdecimal() for letter in number) else ""


def read_letter_date(typed: str, today: date) -> date | None:
    """Return the date of a letter; without a year the latest such day, or one that comes within two months."""
    return _Words(tidied(typed)).take_day(today)


def read_last_day(typed: str, today: date, calendar: WorkingCalendar) -> date | None:
    """Return a last day: «24 มี.ค.», «3 วันทำการ»; None: none was read."""
    found = _Words(tidied(typed)).last_day_at(0, today, calendar)
    return found.day if found else None


def read_moment(typed: str, now: datetime, calendar: WorkingCalendar) -> Sending | None:
    """Return when something is to be sent by an answer such as «พรุ่งนี้ 9 โมง»; None: it does not say."""
    said = tidied(typed).replace("\n", " ")
    return read_sending(said, now, calendar, _end(_SEND_AT, said))


def read_urgency(typed: str) -> Urgency | None:
    """Return the urgency that is named; None: none is."""
    said = tidied(typed)
    return next((urgency for word, urgency in _URGENCIES if word in said), None)


def read_subject(typed: str) -> str:
    """Return a subject in one line, without «เรื่อง»."""
    said = tidied(typed).replace("\n", " ")
    return said[_end(_SUBJECT_LABEL, said) :]


def read_text(typed: str) -> str:
    """Return a text with its paragraphs, without «ข้อความ»."""
    said = tidied(typed)
    return said[_end(_TEXT_LABEL, said) :]


class _Words:
    """Words from which facts are taken one after the other; ``left`` are the rest."""

    def __init__(self, words: str) -> None:
        self._words = words

    @property
    def left(self) -> str:
        """What is left, in one line."""
        return " ".join(self._words.split())

    def take_number(self) -> str:
        """Take a letter's number, or «ว 3» where there is none with its office."""
        for pattern in (_NUMBER, _SHORT_NUMBER):
            found = pattern.search(self._words)
            if found is not None:
                self._take(found.start(), found.end())
                return " ".join(found["number"].split())
        return ""

    def take_date(self, today: date) -> date | None:
        """Take the day that follows «ลงวันที่»."""
        dated = _DATED.search(self._words)
        return self.take_day(today, dated.start(), dated.end()) if dated else None

    def take_day(self, today: date, start: int = 0, after: int = 0) -> date | None:
        """Take the first day after a place; a year that was not said is the last one in which the day has been."""
        found = find_day(self._words, today, after, past=_PAST_YEAR)
        if found is None or (after and found.start > after + _BEFORE_A_DAY):
            return None
        self._take(start if after else found.start, found.end)
        return found.day

    def take_acknowledging(self, today: date, calendar: WorkingCalendar) -> Acknowledging | None:
        """Take whether and by when it is to be acknowledged."""
        if (refused := _NO_ACKNOWLEDGEMENT.search(self._words)) is not None:
            self._take(*refused.span())
            return Acknowledging(wanted=False)
        if (until := _ACKNOWLEDGE_BY.search(self._words)) is not None:
            found = self.last_day_at(until.end(), today, calendar)
            self._take(until.start(), found.end if found else until.end())
            return Acknowledging(wanted=True, by=found.day if found else None)
        if (wanted := _ACKNOWLEDGEMENT.search(self._words)) is not None:
            self._take(*wanted.span())
            return Acknowledging(wanted=True)
        return None

    def last_day_at(self, start: int, today: date, calendar: WorkingCalendar) -> FoundDay | None:
        """Return the last day that is named at a place: a day, or so many days from today."""
        some = _SOME_DAYS.match(self._words, start)
        if some is not None:
            days, last = int(arabic_digits(some["number"])), today
            if not some["working"]:
                return FoundDay(today + timedelta(days=days), *some.span())
            for _ in range(days):
                last = calendar.on_or_after(last + timedelta(days=1))
            return FoundDay(last, *some.span())
        found = find_day(self._words, today, start)
        return found if found and found.start <= start + _BEFORE_A_DAY else None

    def take_sending(self, now: datetime, calendar: WorkingCalendar) -> Sending | None:
        """Take when it is to be sent."""
        for order in _SEND_AT.finditer(self._words):
            found = read_sending(self._words, now, calendar, order.end())
            if found is not None:
                self._take(order.start(), found.end)
                return found
        return None

    def take_urgency(self) -> Urgency | None:
        """Take the urgency."""
        found = _URGENT.search(self._words)
        if found is None:
            return None
        self._take(*found.span())
        return read_urgency(found[0])

    def _take(self, start: int, end: int) -> None:
        self._words = f"{self._words[:start]} {self._words[end:]}"


def _end(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.match(text)
    return found.end() if found else 0
