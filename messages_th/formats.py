"""Thai formats: dates in the Buddhist Era, quarters, deadlines, money (``domain.md`` §4, §10).

Dates come in as C.E. dates and instants as aware datetimes; only what leaves this module is Thai. Years are two digits
of the Buddhist Era in the short forms and four in the full ones; C.E. years are never shown.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from domain.fiscal import BUDDHIST_ERA_OFFSET, Quarter, YearBasis
from domain.reminders import BANGKOK
from domain.windows import Span

_MONTHS = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")
_FULL_MONTHS = (
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
)
_WEEKDAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
LAST_DAY = "วันนี้เป็นวันสุดท้าย"
_TO_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_TO_ARABIC_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


def short_date(day: date) -> str:
    """Return the day as in «27 ม.ค. 66»."""
    return f"{day.day} {_month_year(day)}"


def full_date(day: date) -> str:
    """Return the day as in «27 มกราคม 2566»; letters write it in Thai digits (``thai_digits``)."""
    return f"{day.day} {_FULL_MONTHS[day.month - 1]} {day.year + BUDDHIST_ERA_OFFSET}"


def weekday_date(day: date) -> str:
    """Return the day as in «วันจันทร์ที่ 20 มี.ค. 66»."""
    return f"วัน{_WEEKDAYS[day.weekday()]}ที่ {short_date(day)}"


def date_range(first: date, last: date) -> str:
    """Return both inclusive days, saying month and year once where they agree: «7–20 มี.ค. 66»."""
    if first == last:
        return short_date(last)
    if first.year != last.year:
        return f"{short_date(first)}–{short_date(last)}"
    if first.month != last.month:
        return f"{first.day} {_MONTHS[first.month - 1]}–{short_date(last)}"
    return f"{first.day}–{short_date(last)}"


def month_range(first: date, last: date) -> str:
    """Return the months of both days: «ต.ค. 65–ก.ย. 66», one month alone as «ต.ค. 65»."""
    months = dict.fromkeys((_month_year(first), _month_year(last)))
    return "–".join(months)


def span_text(span: Span) -> str:
    """Return the days of a window; without an opening date «ถึงวันที่ 20 ก.พ. 66»."""
    if span.opens_on is None:
        return f"ถึงวันที่ {short_date(span.closes_on)}"
    return date_range(span.opens_on, span.closes_on)


def clock_time(moment: datetime) -> str:
    """Return the Bangkok time of an aware instant as in «16.30 น.».

    Raises:
        ValueError: the instant is naive.
    """
    return f"{_in_bangkok(moment):%H.%M} น."


def date_and_time(moment: datetime) -> str:
    """Return the Bangkok day and time of an aware instant: «20 มี.ค. 66 เวลา 08.30 น.».

    Midnight to the second is a day that came from a file without a time, and told without one.

    Raises:
        ValueError: the instant is naive.
    """
    local = _in_bangkok(moment)
    day = short_date(local)
    return day if local.time() == time.min else f"{day} เวลา {clock_time(moment)}"


def as_of(moment: datetime) -> str:
    """Return what stands below all data: «ข้อมูล ณ วันที่ 20 มี.ค. 66 เวลา 08.30 น.».

    Raises:
        ValueError: the instant is naive.
    """
    return f"ข้อมูล ณ วันที่ {date_and_time(moment)}"


def quarter_months(quarter: Quarter) -> str:
    """Return the months of a fiscal quarter with their own year: «ต.ค.–ธ.ค. 65» for Q1/2566."""
    return f"{_MONTHS[quarter.first_day.month - 1]}–{_month_year(quarter.last_day)}"


def quarter_name(quarter: Quarter, basis: YearBasis) -> str:
    """Return what an agency of this year basis calls the fiscal quarter: «ไตรมาส 2/2566»."""
    label = quarter.label(basis)
    return f"ไตรมาส {label.number}/{label.be_year}"


def quarter_text(quarter: Quarter, basis: YearBasis) -> str:
    """Return the quarter's name with its months, which no year basis can mistake: «ไตรมาส 2/2566 (ม.ค.–มี.ค. 66)»."""
    return f"{quarter_name(quarter, basis)} ({quarter_months(quarter)})"


def fiscal_year_text(fiscal_year: int, basis: YearBasis) -> str:
    """Return the year (B.E.) as an agency of this year basis writes it: «ปีงบประมาณ 2566» or «ปี 2566»."""
    return f"ปีงบประมาณ {fiscal_year}" if basis is YearBasis.FISCAL else f"ปี {fiscal_year}"


def deadline(closes_on: date, days_left: int, working_days_left: int) -> str:
    """Return the deadline with the days left, both counted without today (``domain.md`` §10).

    0 days left is the last day, a negative number is how long the deadline has passed.
    """
    if days_left < 0:
        return f"พ้นกำหนดแล้ว {count(-days_left)} วัน"
    if days_left == 0:
        return LAST_DAY
    if working_days_left == 0:
        return f"ภายในวันที่ {short_date(closes_on)} (เหลือ {count(days_left)} วัน เป็นวันหยุดราชการ)"
    return f"ภายในวันที่ {short_date(closes_on)} (เหลือ {count(days_left)} วัน / {count(working_days_left)} วันทำการ)"


def dated_deadline(closes_on: date, days_left: int, working_days_left: int) -> str:
    """Return ``deadline`` with the day itself in all cases, for where no window is shown beside it."""
    phrase = deadline(closes_on, days_left, working_days_left)
    if days_left > 0:
        return phrase
    return f"{phrase} ({weekday_date(closes_on) if days_left == 0 else f'กำหนด {short_date(closes_on)}'})"


def letter_reference(letter_no: str, letter_date: date | None) -> str:
    """Return how a circular is quoted: «หนังสือ ที่ รง 0214/ว 3 ลงวันที่ 27 ม.ค. 66»; "" without number and date.

    The number may come with or without its «ที่» and urgency («ด่วนที่สุด ที่ …»), in digits of either kind.
    """
    number = arabic_digits(one_line(letter_no))
    if number and not number.startswith("ที่ ") and " ที่ " not in number:
        number = f"ที่ {number}"
    parts = [number, f"ลงวันที่ {short_date(letter_date)}" if letter_date else ""]
    return " ".join(["หนังสือ", *filter(None, parts)]) if any(parts) else ""


def baht(amount: Decimal) -> str:
    """Return an amount of baht as in «1,250,000.00 บาท»."""
    return f"{amount:,.2f} บาท"


def count(number: int) -> str:
    """Return a number with thousands separators."""
    return f"{number:,}"


def thai_digits(text: str) -> str:
    """Return the text with its digits in Thai."""
    return text.translate(_TO_THAI_DIGITS)


def arabic_digits(text: str) -> str:
    """Return the text with its Thai digits in Arabic."""
    return text.translate(_TO_ARABIC_DIGITS)


def one_line(text: str) -> str:
    """Return the text without line breaks and double spaces, as spreadsheets cells carry them."""
    return " ".join(text.split())


def _month_year(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {(day.year + BUDDHIST_ERA_OFFSET) % 100:02d}"


def _in_bangkok(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return moment.astimezone(BANGKOK)
