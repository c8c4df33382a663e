"""The strip of the fiscal year on the page: everything has a place in percent of its thirteen months."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from simulator.clock import BANGKOK

MONTHS = 13
"""From October to October: the year's last quarter is reported after the year."""

_OPENING = time(8, 30)
_SMALLEST, _LARGEST, _GROWTH = 1.6, 5.5, 0.55
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the strip: its first day, where it begins and how wide it is."""

    first: date
    left: str
    width: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A window for quarterly reports.

    Args:
        opens: Its first day; None where it was open before.
        closes: Its last day.
        to: The morning on which it opens (ISO), if that is still to come.
        style: Where it stands, as CSS.
        is_open: Whether today is one of its days.
    """

    fiscal_year: int
    quarter: int
    opens: date | None
    closes: date
    to: str
    style: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Dot:
    """The messages of one day; expected ones are still to come."""

    on: date
    count: int
    place: str
    radius: float
    is_expected: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """The whole strip.

    Args:
        fiscal_year: Its year (B.E.).
        agency: Windows of agencies.
        upper: Windows of the ministry.
        holidays: Place and name of each.
        today: Where the line of today stands.
        is_pending: Whether the messages to come are still being worked out.
        sent: How many messages came on its days.
    """

    fiscal_year: int
    now: datetime
    months: tuple[Month, ...]
    agency: tuple[Bar, ...]
    upper: tuple[Bar, ...]
    holidays: tuple[tuple[str, date, str], ...]
    dots: tuple[Dot, ...]
    today: str
    is_pending: bool
    sent: int

    @property
    def open_bars(self) -> Iterable[tuple[str, Bar]]:
        """The windows that are open today, each with its stage."""
        for stage, bars in (("AGENCY", self.agency), ("UPPER", self.upper)):
            yield from ((stage, bar) for bar in bars if bar.is_open)


def drawn(year: Mapping[str, Any], now: datetime, arrived: Iterable[datetime]) -> Strip:
    """The strip of a year as the bot described it.

    Args:
        year: Answer of ``/dev/year``.
        now: The supposed instant, in Bangkok.
        arrived: When each message came.
    """
    first = date.fromisoformat(year["firstDay"])
    starts = [_month(first, number) for number in range(MONTHS + 1)]
    scale = _Scale(first, (starts[-1] - first).days)
    sent = Counter(at.astimezone(BANGKOK).date() for at in arrived)
    sent = Counter({on: count for on, count in sent.items() if first <= on < starts[-1]})
    expected = {date.fromisoformat(on): count for on, count in (year["reminders"] or {}).items()}
    to_come = {on: count for on, count in expected.items() if on >= now.date() and on not in sent}
    bars = {stage: tuple(_bars(year["windows"], stage, scale, now)) for stage in ("AGENCY", "UPPER")}
    return Strip(
        fiscal_year=year["fiscalYear"],
        now=now,
        months=tuple(Month(on, scale.place(on), scale.width(on, following)) for on, following in pairwise(starts)),
        agency=bars["AGENCY"],
        upper=bars["UPPER"],
        holidays=tuple(_holidays(year["holidays"], scale)),
        dots=(*_dots(sent, scale, is_expected=False), *_dots(to_come, scale, is_expected=True)),
        today=scale.middle(now.date()),
        is_pending=year["reminders"] is None,
        sent=sent.total(),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    days: int

    def place(self, on: date) -> str:
        """Where a day begins."""
        return self._percent((on - self.first).days)

    def middle(self, on: date) -> str:
        """Where the middle of a day is."""
        return self._percent((on - self.first).days + 0.5)

    def width(self, on: date, until: date) -> str:
        """How wide the days from one to before another are."""
        return self._percent((until - on).days)

    def _percent(self, days: float) -> str:
        return f"{100 * days / self.days:.3f}%"


def _month(first: date, number: int) -> date:
    years, month = divmod(first.month - 1 + number, 12)
    return date(first.year + years, month + 1, 1)


def _bars(windows: Iterable[Mapping[str, Any]], stage: str, scale: _Scale, now: datetime) -> Iterable[Bar]:
    last = scale.first + scale.days * _DAY
    for window in windows:
        opens = date.fromisoformat(window["opens"]) if window["opens"] else None
        closes = date.fromisoformat(window["closes"])
        shown = max(opens or scale.first, scale.first)
        if window["stage"] != stage or shown >= last:
            continue
        morning = datetime.combine(opens, _OPENING, BANGKOK) if opens else None
        yield Bar(
            fiscal_year=window["fiscalYear"],
            quarter=window["quarter"],
            opens=opens,
            closes=closes,
            to=morning.isoformat() if morning and morning > now else "",
            style=f"left:{scale.place(shown)};width:{scale.width(shown, min(closes + _DAY, last))}",
            is_open=shown <= now.date() <= closes,
        )


def _holidays(holidays: Iterable[Mapping[str, str]], scale: _Scale) -> Iterable[tuple[str, date, str]]:
    for holiday in holidays:
        on = date.fromisoformat(holiday["on"])
        yield scale.middle(on), on, holiday["name"]


def _dots(counts: Mapping[date, int], scale: _Scale, *, is_expected: bool) -> Iterable[Dot]:
    for on, count in sorted(counts.items()):
        radius = min(_SMALLEST + _GROWTH * count**0.5, _LARGEST)
        yield Dot(on, count, scale.middle(on), round(radius, 1), is_expected)
