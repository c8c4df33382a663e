"""What single cells mean: dates and years of both eras, money, numbers, choices, codes and texts.

A converter takes a cell as the reader gives it (text, float, bool, date …) and returns the value, None where the cell
is blank ("-" is blank too). It raises ``BadValue`` for anything it is not sure of: no unit and no century is ever
guessed, two-digit years are Buddhist Era.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from domain.fiscal import BUDDHIST_ERA_OFFSET
from storage.imports import vocabulary
from storage.imports.problems import BadValue, ProblemCode
from storage.imports.vocabulary import Words, clean, loose, plain

Converter = Callable[[Any, Words], Any]

FIRST_BE_YEAR, LAST_BE_YEAR = 2493, 2643
"""Years taken for Buddhist Era; their C.E. counterparts 1950 to 2100 are taken for Common Era."""
AMOUNT_LIMIT = Decimal(10) ** 16
"""Numeric(18,2) holds less than this."""
EXCEL_DIGITS = ".15g"
"""Spreadsheets keep 15 significant digits: what is behind them is noise of binary fractions."""
MAX_SHORT = 100
"""No code, number, amount or date is spelled with more characters; what is longer is refused before it is looked into,
as looking for a pattern can take time that grows with the square of the length."""

_WHITESPACE = re.compile(r"\s+")
_TIME = r"(?:(?:t|\s+)\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?)?"
_YEAR_FIRST = re.compile(rf"(?P<year>\d{{4}})([-/.])(?P<month>\d{{1,2}})\2(?P<day>\d{{1,2}}){_TIME}", re.IGNORECASE)
_DAY_FIRST = re.compile(rf"(?P<day>\d{{1,2}})\s?([-/.])\s?(?P<month>\d{{1,2}})\s?\2\s?(?P<year>\d{{4}}|\d{{2}}){_TIME}")
_NAMED = re.compile(r"(?:(?P<day>\d{1,2})[\s/-]*)?(?P<name>[^\W\d][^\d]*?)[\s/.,-]*(?P<year>\d{4}|\d{2})")
_MONTH_OF_YEAR = re.compile(
    r"(?P<month>\d{1,2})\s?[/.-]\s?(?P<year>\d{4}|\d{2})|(?P<year_first>\d{4})[/.-](?P<month_last>\d{1,2})"
)
_AMOUNT = re.compile(r"(?P<minus>-?)\s*(?P<whole>\d{1,3}(?:(?:,\s?|\s)\d{3})+|\d+)?(?P<decimals>\.\d+)?", re.ASCII)
_THOUSANDS = re.compile(r"[,\s]")
_NEGATIVE_IN_BRACKETS = re.compile(r"\(([^()]+)\)")
_PROJECT_CODE = re.compile(
    "([\u0e01-\u0e2e]{2})\\s?\\.?\\s?(\\d{4,5}(?:\\.\\d{1,3})?(?:\\([^)]{1,6}\\))?)-(\\d{2})-(\\d{4})",
    re.ASCII,
)


def shown(value: Any) -> str:
    """Return a cell as a spreadsheet shows it, for messages."""
    if isinstance(value, float):
        return format(value, EXCEL_DIGITS)
    return value if isinstance(value, str) else str(value)


def is_blank(value: Any) -> bool:
    """Tell whether a cell holds nothing: no visible character, or dashes alone."""
    return isinstance(value, str) and vocabulary.is_blank(value)


def _short(value: Any, problem: ProblemCode) -> str:
    """Return the plain spelling of a cell that must be short, else raise ``problem``."""
    spelled = plain(shown(value))
    if len(spelled) > MAX_SHORT:
        raise BadValue(problem, limit=str(MAX_SHORT))
    return spelled


def text(value: Any, words: Words) -> str | None:  # noqa: ARG001 - a converter
    """Return the text on one line; quotes, ampersands and the like stay as they are."""
    return None if is_blank(value) else _WHITESPACE.sub(" ", clean(shown(value)))


def lines(value: Any, words: Words) -> str | None:  # noqa: ARG001 - a converter
    """Return the text with its line breaks, without blank lines."""
    if is_blank(value):
        return None
    return "\n".join(filter(None, map(str.strip, clean(shown(value)).splitlines())))


def short_text(limit: int) -> Converter:
    """Return the converter for text of at most ``limit`` characters on one line."""

    def convert(value: Any, words: Words) -> str | None:
        found = text(value, words)
        if found is not None and len(found) > limit:
            raise BadValue(ProblemCode.TOO_LONG, limit=str(limit))
        return found

    return convert


def code(value: Any, words: Words) -> str | None:  # noqa: ARG001 - a converter
    """Return the code of a unit or a person: Arabic digits, hyphens, no spaces."""
    return None if is_blank(value) else _WHITESPACE.sub("", _short(value, ProblemCode.TOO_LONG))


def codes(value: Any, words: Words) -> tuple[str, ...] | None:
    """Return the codes of a list with commas, in order and once each."""
    parts = [] if is_blank(value) else re.split(r"[,;\n]", shown(value))
    return tuple(dict.fromkeys(found for part in parts if (found := code(part, words)))) or None


def project_code(value: Any, words: Words) -> str | None:  # noqa: ARG001 - a converter
    """Return the project code in its one proper form, two letters, space, unit, year, number (``domain.md`` §7)."""
    if is_blank(value):
        return None
    spelled = _short(value, ProblemCode.NOT_A_PROJECT_CODE).replace(" -", "-").replace("- ", "-")
    if (found := _PROJECT_CODE.fullmatch(spelled)) is None:
        raise BadValue(ProblemCode.NOT_A_PROJECT_CODE)
    letters, unit, year, number = found.groups()
    return f"{letters} {unit}-{year}-{number}"


def choice(name: str, kind: type[StrEnum]) -> Converter:
    """Return the converter for one word of the list of choices ``name``."""

    def convert(value: Any, words: Words) -> StrEnum | None:
        if is_blank(value):
            return None
        if (found := words.choice(name, shown(value))) is None:
            raise BadValue(ProblemCode.NOT_A_CHOICE, choices=words.choices(name))
        return kind(found)

    return convert


def choices(name: str, kind: type[StrEnum]) -> Converter:
    """Return the converter for several words of the list of choices ``name``, with commas."""
    one = choice(name, kind)

    def convert(value: Any, words: Words) -> tuple[StrEnum, ...] | None:
        parts = [] if is_blank(value) else re.split(r"[,;\n]", shown(value))
        return tuple(dict.fromkeys(found for part in parts if (found := one(part, words)))) or None

    return convert


def yes_no(name: str) -> Converter:
    """Return the converter for a list of choices whose values are ``yes`` and ``no``."""

    def convert(value: Any, words: Words) -> bool | None:
        if is_blank(value):
            return None
        if isinstance(value, bool):
            return value
        if (found := words.choice(name, shown(value))) is None:
            raise BadValue(ProblemCode.NOT_A_CHOICE, choices=words.choices(name))
        return found == "yes"

    return convert


def whole(lowest: int, highest: int, names: str | None = None) -> Converter:
    """Return the converter for a whole number in a range, also as one of the list of choices ``names``."""

    def convert(value: Any, words: Words) -> int | None:
        if is_blank(value):
            return None
        if names is not None and (named := words.choice(names, shown(value))) is not None:
            return int(named)
        number = _whole(value, words)
        if not lowest <= number <= highest:
            raise BadValue(ProblemCode.OUT_OF_RANGE, lowest=str(lowest), highest=str(highest))
        return number

    return convert


def _whole(value: Any, words: Words) -> int:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise BadValue(ProblemCode.NOT_A_NUMBER)
    digits = words.without_noise("number", _short(value, ProblemCode.NOT_A_NUMBER))
    if not digits.isascii() or not digits.isdigit():
        raise BadValue(ProblemCode.NOT_A_NUMBER)
    return int(digits)


def quarters(value: Any, words: Words) -> frozenset[int] | None:
    """Return the quarters of a list such as "1, 2" or "1-3"."""
    if is_blank(value):
        return None
    if isinstance(value, (date, bool)):
        raise BadValue(ProblemCode.NOT_A_NUMBER)
    found: set[int] = set()
    for part in re.split(r"[,;\s]+", words.without_noise("number", _short(value, ProblemCode.NOT_A_NUMBER))):
        first, dash, last = part.partition("-")
        found.update(_quarter_range(first, last if dash else first))
    return frozenset(found)


def _quarter_range(first: str, last: str) -> range:
    if not all(number.isascii() and number.isdigit() for number in (first, last)):
        raise BadValue(ProblemCode.NOT_A_NUMBER)
    if not 1 <= int(first) <= int(last) <= 4:
        raise BadValue(ProblemCode.OUT_OF_RANGE, lowest="1", highest="4")
    return range(int(first), int(last) + 1)


def amount(value: Any, words: Words) -> Decimal | None:
    """Return baht, not negative, with at most two decimals; a unit such as a million is refused, never guessed."""
    if is_blank(value):
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise BadValue(ProblemCode.NOT_AN_AMOUNT)
    baht = Decimal(format(value, EXCEL_DIGITS)) if isinstance(value, float) else _amount_in_text(value, words)
    if not baht.is_finite():
        raise BadValue(ProblemCode.NOT_AN_AMOUNT)
    if baht < 0:
        raise BadValue(ProblemCode.NEGATIVE_AMOUNT)
    if baht >= AMOUNT_LIMIT:
        raise BadValue(ProblemCode.AMOUNT_TOO_LARGE)
    satang = baht.quantize(Decimal("0.01"))
    if satang != baht:
        raise BadValue(ProblemCode.TOO_MANY_DECIMALS)
    return satang


def _amount_in_text(value: str | int, words: Words) -> Decimal:
    bare = _short(value, ProblemCode.NOT_AN_AMOUNT)
    found = _AMOUNT.fullmatch(bare)
    if found is None:
        found = _AMOUNT.fullmatch(_NEGATIVE_IN_BRACKETS.sub(r"-\1", words.without_noise("amount", bare)))
    if found is None or not (found["whole"] or found["decimals"]):
        raise BadValue(ProblemCode.NOT_AN_AMOUNT)
    if found["decimals"] and len(found["decimals"]) > 3:
        raise BadValue(ProblemCode.TOO_MANY_DECIMALS)
    return Decimal(found["minus"] + _THOUSANDS.sub("", found["whole"] or "0") + (found["decimals"] or ""))


def fiscal_year(value: Any, words: Words) -> int | None:
    """Return the year as B.E.; two digits are B.E., four digits of either era are told apart by their size."""
    if is_blank(value):
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise BadValue(ProblemCode.NOT_A_YEAR)
    return _be_year(words.without_noise("year", _short(value, ProblemCode.NOT_A_YEAR)), ProblemCode.NOT_A_YEAR)


def _be_year(digits: str, problem: ProblemCode) -> int:
    if not digits.isascii() or not digits.isdigit() or len(digits) not in (2, 4):
        raise BadValue(problem)
    year = int(digits) + (2500 if len(digits) == 2 else 0)
    if FIRST_BE_YEAR - BUDDHIST_ERA_OFFSET <= year <= LAST_BE_YEAR - BUDDHIST_ERA_OFFSET:
        return year + BUDDHIST_ERA_OFFSET
    if not FIRST_BE_YEAR <= year <= LAST_BE_YEAR:
        raise BadValue(problem)
    return year


def day(value: Any, words: Words) -> date | None:
    """Return the C.E. date of a day: day first or ISO, month in figures or by name, either era."""
    if is_blank(value):
        return None
    if isinstance(value, date):
        return _from_spreadsheet(value, ProblemCode.NOT_A_DATE)
    if not isinstance(value, str):
        raise BadValue(ProblemCode.NOT_A_DATE)
    spelled = words.without_noise("date", _short(value, ProblemCode.NOT_A_DATE))
    found = _YEAR_FIRST.fullmatch(spelled) or _DAY_FIRST.fullmatch(spelled) or _NAMED.fullmatch(spelled)
    if found is None or found["day"] is None:
        raise BadValue(ProblemCode.NOT_A_DATE)
    month = int(found["month"]) if "month" in found.re.groupindex else _month_by_name(found["name"], words)
    return _date(found["year"], month, int(found["day"]), ProblemCode.NOT_A_DATE)


def month(value: Any, words: Words) -> date | None:
    """Return the first day (C.E.) of a month; a day within it may be given."""
    if is_blank(value):
        return None
    if isinstance(value, date):
        return _from_spreadsheet(value, ProblemCode.NOT_A_MONTH).replace(day=1)
    if not isinstance(value, str):
        raise BadValue(ProblemCode.NOT_A_MONTH)
    spelled = words.without_noise("date", _short(value, ProblemCode.NOT_A_MONTH))
    if found := _MONTH_OF_YEAR.fullmatch(spelled):
        year, number = found["year"] or found["year_first"], int(found["month"] or found["month_last"])
        return _date(year, number, 1, ProblemCode.NOT_A_MONTH)
    if (found := _NAMED.fullmatch(spelled)) and found["day"] is None:
        return _date(found["year"], _month_by_name(found["name"], words), 1, ProblemCode.NOT_A_MONTH)
    try:
        exact = day(value, words)
    except BadValue:
        raise BadValue(ProblemCode.NOT_A_MONTH) from None
    return None if exact is None else exact.replace(day=1)


def _month_by_name(name: str, words: Words) -> int | None:
    return words.months.get(loose(name))


def _date(year: str, month_number: int | None, day_number: int, problem: ProblemCode) -> date:
    if month_number is None:
        raise BadValue(problem)
    try:
        return date(_be_year(year, problem) - BUDDHIST_ERA_OFFSET, month_number, day_number)
    except ValueError:
        raise BadValue(problem) from None


def _from_spreadsheet(value: date, problem: ProblemCode) -> date:
    """Return the date of a date cell; a year typed in B.E. is stored by the spreadsheet as if it were C.E."""
    found = value.date() if isinstance(value, datetime) else value
    return _date(f"{found.year:04}", found.month, found.day, problem)
