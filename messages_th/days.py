"""Days as people type them: «20 มี.ค. 66», «20-24 มี.ค.», «1 เม.ย. ถึง 3 พ.ค. 2566», «20/3/66», «พรุ่งนี้»."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from domain.fiscal import BUDDHIST_ERA_OFFSET
from messages_th.formats import arabic_digits
from messages_th.understanding.normalise import lowered, normalised

_MONTHS = (
    r"ม\.?ค\.?|มกรา(?:คม)?", r"ก\.?พ\.?|กุมภา(?:พันธ์)?", r"มี\.?ค\.?|มีนา(?:คม)?", r"เม\.?ย\.?|เมษา(?:ยน)?",
    r"พ\.?ค\.?|พฤษภา(?:คม)?", r"มิ\.?ย\.?|มิถุนา(?:ยน)?", r"ก\.?ค\.?|กรกฎา(?:คม)?", r"ส\.?ค\.?|สิงหา(?:คม)?",
    r"ก\.?ย\.?|กันยา(?:ยน)?", r"ต\.?ค\.?|ตุลา(?:คม)?", r"พ\.?ย\.?|พฤศจิกา(?:ยน)?", r"ธ\.?ค\.?|ธันวา(?:คม)?",
)  # fmt: skip
_MONTH = "|".join(f"(?P<m{number}>{names})" for number, names in enumerate(_MONTHS, start=1))
_YEAR = r"(?: ?(?:พ ?\. ?ศ ?\. ?)?(?P<year>\d{2,}+(?![.:]\d)))?"
_DAY = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}}) ?(?:(?:{_MONTH}){_YEAR}"
    r"|/ ?(?P<number>\d{1,2})(?: ?/ ?(?P<slash_year>\d+))?(?!\d))"
)
_MONTH_ALONE = re.compile(rf"(?<![ก-๎\d])(?:เดือน ?)?(?:{_MONTH}){_YEAR}(?![ก-๎\d])")
_DAYS_OF_A_MONTH = re.compile(r"(?<!\d)(\d{1,2}) ?(?:-|ถึง(?:วันที่)?|to) ?(?=\d{1,2} ?[ก-๎/])")
_BUDDHIST = re.compile(r"(?:25)?\d\d")
_SPOKEN = (("มะรืน", 2), ("พรุ่งนี้", 1), ("วันนี้", 0))


def read_days(text: str, today: date) -> tuple[date, date | None] | None:
    """Return the first day that a text names, and the last day where it names two; None: it names none that exists.

    Without a year the next such day is meant, and never one before ``today``.
    Years are B.E., of two digits or four; what is written as a year and cannot be one makes the day none.
    """
    said = lowered(normalised(text))
    shortened = _DAYS_OF_A_MONTH.search(said)
    found = [_date(match, today) for match in _DAY.finditer(said)]
    if not found:
        return next(((today + timedelta(days=ahead), None) for word, ahead in _SPOKEN if word in said), None)
    first, last = found[0], found[1] if len(found) > 1 else None
    if first is None or (len(found) > 1 and last is None):
        return None
    if shortened is None or last is not None:
        return first, last
    try:
        return first.replace(day=int(shortened[1])), first
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class FoundDay:
    """A day that stands in a text from ``start`` to ``end``; None: it is written as a day, and no such day exists."""

    day: date | None
    start: int
    end: int


def find_day(text: str, today: date, start: int = 0, *, past: timedelta = timedelta(0)) -> FoundDay | None:
    """Return the first day that a text names from ``start`` on, read as in ``read_days``; None: it names none.

    Places are those of the text as it was typed, which has no other spaces than single plain ones. A day whose year is
    not said is the first one from ``past`` before today on.
    """
    written = _DAY.search(arabic_digits(text), start)
    found = [] if written is None else [FoundDay(_date(written, today - past), *written.span())]
    for word, ahead in _SPOKEN:
        if (at := text.find(word, start)) >= 0:
            found.append(FoundDay(today + timedelta(days=ahead), at, at + len(word)))
    return min(found, key=lambda one: one.start, default=None)


def take_past_days(text: str, today: date) -> tuple[str, tuple[date, date] | None]:
    """Return a text without the days that it names of what was, and these inclusive days: one, some, or a whole month.

    Without a year the last such day or month up to today is meant. None: it names none that exists.
    """
    said = normalised(text)
    if (month := _MONTH_ALONE.search(said)) is not None and _DAY.search(said) is None:
        return " ".join(_MONTH_ALONE.sub(" ", said).split()), _month(month, today)
    a_year_ago = today - timedelta(days=364)
    named = read_days(said, a_year_ago if _DAY.search(said) else today)
    return without_days(said), named and (named[0], named[1] or named[0])


def _month(match: re.Match[str], today: date) -> tuple[date, date] | None:
    number = next(number for number in range(1, len(_MONTHS) + 1) if match[f"m{number}"])
    try:
        year = _christian(match["year"]) if match["year"] else today.year - (number > today.month)
    except ValueError:
        return None
    first = date(year, number, 1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def without_days(text: str) -> str:
    """Return a text without the days that it names."""
    said = _DAY.sub(" ", _DAYS_OF_A_MONTH.sub(" ", normalised(text)))
    for word, _ in _SPOKEN:
        said = said.replace(word, " ")
    return " ".join(said.split())


def _date(match: re.Match[str], today: date) -> date | None:
    month = next((number for number in range(1, len(_MONTHS) + 1) if match[f"m{number}"]), None) or int(match["number"])
    year = match["year"] or match["slash_year"]
    try:
        if year is not None:
            return date(_christian(year), month, int(match["day"]))
        soon = date(today.year, month, int(match["day"]))
        return soon if soon >= today else soon.replace(year=today.year + 1)
    except ValueError:
        return None


def _christian(year: str) -> int:
    """Return the Christian year.

    Raises:
        ValueError: it is not written as years are.
    """
    if not _BUDDHIST.fullmatch(year):
        raise ValueError(year)
    return 2500 + int(year[-2:]) - BUDDHIST_ERA_OFFSET
