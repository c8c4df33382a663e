"""Days written as the office writes them, so that a test reads like the circular: ``span("7–20 มี.ค. 66")``."""

from datetime import date

from domain.windows import Span

_MONTHS = ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."]


def day(text: str) -> date:
    """Return the day of a text like "20 มี.ค. 66" (B.E. 25xx)."""
    number, month, year = text.split()
    return date(2500 + int(year) - 543, _MONTHS.index(month) + 1, int(number))


def day_and_month(on: date) -> str:
    """Return a day of a year that is understood: "20 มี.ค."."""
    return f"{on.day} {_MONTHS[on.month - 1]}"


def days(text: str) -> list[date]:
    """Return the days of a text like "5, 11, 18 เม.ย. 66"."""
    *numbers, last = text.split(", ")
    month_and_year = last.split(" ", 1)[1]
    return [*(day(f"{number} {month_and_year}") for number in numbers), day(last)]


def span(text: str) -> Span:
    """Return the span of "7–20 มี.ค. 66" or "21 ก.พ.–6 มี.ค. 66"; "–20 ก.พ. 66" has no opening date."""
    first, last = (end.split() for end in text.split("–"))
    opens_on = day(" ".join([*first, *last[len(first) :]])) if first else None
    return Span(opens_on, day(" ".join(last)))
