"""Until when something may be done, as it matters to the asker, and the year's calendar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.fiscal import QUARTERS, fiscal_year_of
from domain.in_force import Rules
from domain.permissions import seats_of
from domain.roles import Role
from domain.spoken_quarters import Purpose
from domain.windows import Occasion, Span, Stage, StageWindows, WindowKind
from handlers import fallback
from handlers.conversation import Answer, Context, Request
from handlers.paging import page_at, rows_of
from handlers.places import is_year, place_named, pressed_occasion, sees_any
from handlers.postback import Postback
from handlers.routes import Routes
from handlers.spoken import period_of
from messages_th.deadlines import (
    PLAN_WINDOWS,
    CalendarLine,
    DeadlineView,
    Earlier,
    Letter,
    Matter,
    StageDeadline,
    calendar_card,
    deadline_card,
    matter_of,
    no_window,
)
from messages_th.listing import ROWS_A_PAGE
from messages_th.understanding.intents import Intent, Relative, Slots, Understood

routes = Routes()

_STAGES = (Stage.AGENCY, Stage.UPPER)


class ShowDeadline(Postback, prefix="dd1"):
    """Asks for the windows of an occasion in a unit; None: the asker's own."""

    kind: WindowKind
    fiscal_year: int
    quarter: int | None
    unit: str | None


class ShowCalendar(Postback, prefix="wc1"):
    """Asks for a page of a fiscal year's calendar in a unit (None: the asker's own); page None: where today is."""

    unit: str | None
    fiscal_year: int
    page: int | None


@routes.intent(Intent.DEADLINE)
def deadline(request: Request, asked: Understood) -> Answer:
    """Answer until when what the sentence names may be done."""
    unit = _unit_of(request, asked)
    if isinstance(unit, Answer):
        return unit
    matter = matter_of(asked.utterance)
    occasion = _occasion_meant(request, unit, matter, asked.slots)
    if occasion is None:
        place = request.reference.unit_names[unit]
        return Answer((no_window(request.reader, _kinds(request, matter), place, request.now),))
    return _deadline_answer(request, unit, occasion, matter, asked.slots)


@routes.press(ShowDeadline)
def show_deadline(request: Request, press: ShowDeadline) -> Answer:
    """Show the windows of one occasion."""
    unit = press.unit or request.sight.home
    if unit is None or not sees_any_or_own(request, unit):
        return fallback.not_permitted(request)
    occasion = pressed_occasion(press.kind, press.fiscal_year, press.quarter)
    if occasion is None or _windows(request.reference.rules, unit, occasion) is None:
        return fallback.old_button(request)
    return _deadline_answer(request, unit, occasion, Matter(), Slots())


@routes.intent(Intent.WINDOW_CALENDAR)
def window_calendar(request: Request, asked: Understood) -> Answer:
    """Answer with the year's calendar, opened where today is."""
    unit = _unit_of(request, asked)
    if isinstance(unit, Answer):
        return unit
    year = asked.slots.fiscal_year or fiscal_year_of(request.today)
    named = unit if asked.slots.agency else None
    answer = show_calendar(request, ShowCalendar(named, year, None))
    return replace(answer, context=replace(answer.context, slots=asked.slots))


@routes.press(ShowCalendar)
def show_calendar(request: Request, press: ShowCalendar) -> Answer:
    """Show a page of the calendar."""
    unit = press.unit or request.sight.home
    if unit is None or not sees_any_or_own(request, unit):
        return fallback.not_permitted(request)
    if not is_year(press.fiscal_year):
        return fallback.old_button(request)
    dated = sorted(_dated(request, unit, press.fiscal_year), key=lambda line: line.order())
    coming = next((place for place, line in enumerate(dated) if line.deadline.days_left >= 0), None)
    lines = [
        CalendarLine(line.occasion, line.deadline, place == coming, _press(press.unit, line.occasion))
        for place, line in enumerate(dated)
    ]
    asked = 1 + (coming or 0) // ROWS_A_PAGE if press.page is None else press.page
    page = page_at(asked, len(lines), lambda number: replace(press, page=number).pack())
    card = calendar_card(
        request.reader,
        press.fiscal_year,
        request.reference.rules.organisation.year_basis(unit),
        request.reference.unit_names[unit],
        rows_of(page, lines),
        page,
        request.now,
        by_default=all(line.is_default for line in dated),
    )
    return Answer((card,), context=Context(Intent.WINDOW_CALENDAR, next_page=page.next, previous_page=page.previous))


def _unit_of(request: Request, asked: Understood) -> str | Answer:
    """Return the unit whose windows are asked for: the agency that is named, or the asker's own."""
    if request.sight.home is None:
        return fallback.not_permitted(request)
    return place_named(request, asked) or request.sight.home


def sees_any_or_own(request: Request, unit: str) -> bool:
    """Tell whether the unit is the asker's own or one of which the asker sees anything."""
    return unit == request.sight.home or sees_any(request, unit)


def _kinds(request: Request, matter: Matter) -> Sequence[WindowKind]:
    """Return the kinds of window that are meant: what is named, else plans for plan officers and reports for others."""
    if matter.kinds:
        return matter.kinds
    plans_only = request.holds(Role.PLAN_OFFICER) and not request.holds(
        Role.PROJECT_OFFICER, Role.APPROVER, Role.MINISTRY_COORDINATOR, Role.ASSISTANT, Role.ADMIN
    )
    return PLAN_WINDOWS if plans_only and matter.stage is None else (WindowKind.QUARTER_REPORT,)


def _occasion_meant(request: Request, unit: str, matter: Matter, slots: Slots) -> Occasion | None:
    kinds = _kinds(request, matter)
    if slots.quarter is not None and not matter.kinds:
        kinds = (WindowKind.QUARTER_REPORT,)
    if kinds == (WindowKind.QUARTER_REPORT,):
        if matter.about_then:
            slots = slots if slots.quarter is not None else replace(slots, quarter=Relative.PREVIOUS)
        purpose = Purpose.REPORTING if matter.about_then else Purpose.DEADLINE
        quarter = period_of(request, slots, unit, purpose).quarter
        return Occasion(WindowKind.QUARTER_REPORT, quarter.fiscal_year, quarter.number)
    return _nearest(request, unit, kinds, matter, slots)


def _nearest(request: Request, unit: str, kinds: Sequence[WindowKind], matter: Matter, slots: Slots) -> Occasion | None:
    """Return the occasion of these kinds that closes next, else the one that closed last; of the year that was said.

    ``kinds`` that close together come in their order.
    """
    this_year, rules = fiscal_year_of(request.today), request.reference.rules
    stage = _stage_asked(matter, _own_stage(request)) or Stage.AGENCY
    years = [slots.fiscal_year] if slots.fiscal_year else [this_year - 1, this_year, this_year + 1]
    closing: list[tuple[date, Occasion]] = []
    for occasion in (found for year in years for kind in kinds for found in _occasions(rules, kind, year)):
        windows = _windows(rules, unit, occasion)
        span = windows and (windows.of(stage) or windows.agency or windows.upper)
        if span and (not isinstance(slots.quarter, int) or slots.quarter == occasion.quarter):
            closing.append((span.closes_on, occasion))
    to_come = [pair for pair in closing if pair[0] >= request.today]
    by_date = sorted(to_come or closing, key=lambda pair: (pair[0], kinds.index(pair[1].kind)))
    return (by_date[0] if to_come else by_date[-1])[1] if by_date else None


def _occasions(rules: Rules, kind: WindowKind, year: int) -> Iterator[Occasion]:
    if kind is WindowKind.QUARTER_REPORT:
        yield from (Occasion(kind, year, number) for number in QUARTERS)
    else:
        yield from (Occasion(kind, year, number) for number in rules.windows.rounds(kind, year))


def _windows(rules: Rules, unit: str, occasion: Occasion) -> StageWindows | None:
    windows = rules.window(occasion, rules.organisation.path(unit))
    return windows if windows and (windows.agency or windows.upper) else None


def _deadline_answer(request: Request, unit: str, occasion: Occasion, matter: Matter, slots: Slots) -> Answer:
    rules = request.reference.rules
    windows = _windows(rules, unit, occasion)
    if windows is None:
        place = request.reference.unit_names[unit]
        return Answer((no_window(request.reader, (occasion.kind,), place, request.now),))
    stages = _stages(request, unit, windows)
    own = _own_stage(request)
    asked = _stage_asked(matter, own) or next((s.stage for s in stages if s.days_left >= 0), Stage.UPPER)
    view = DeadlineView(
        occasion,
        rules.organisation.year_basis(unit),
        [replace(stage, is_answer=stage.stage is asked, is_own=stage.stage is own) for stage in stages],
        _letter(windows),
        place=request.reference.unit_names[unit],
        earlier=_earlier(rules, unit, occasion, windows) if matter.about_extension or matter.about_then else (),
        about_extension=matter.about_extension,
        calendar=ShowCalendar(unit if unit != request.sight.home else None, occasion.fiscal_year, None).pack(),
    )
    card = deadline_card(request.reader, view, request.now)
    return Answer((card,), context=Context(Intent.DEADLINE, slots))


def _stages(request: Request, unit: str, windows: StageWindows) -> list[StageDeadline]:
    if windows.agency == windows.upper and windows.agency is not None:
        return [_stage(request, unit, Stage.ALL, windows.agency)]
    return [_stage(request, unit, stage, span) for stage in _STAGES if (span := windows.of(stage)) is not None]


def _stage(request: Request, unit: str, stage: Stage, span: Span) -> StageDeadline:
    rules = request.reference.rules
    span = span.rolled(rules.policy(unit).roll, rules.calendar)
    working_days = rules.calendar.working_days_left(request.today, span.closes_on)
    return StageDeadline(stage, span, request.today, working_days)


def _stage_asked(matter: Matter, own: Stage | None) -> Stage | None:
    """Return the stage that the words name, or else the asker's own; None: whichever is open."""
    return matter.stage or own or (Stage.UPPER if matter.about_approval else None)


def _own_stage(request: Request) -> Stage | None:
    """Return the stage at which the asker acts: that of the steps one looks after, or where officers report."""
    organisation = request.reference.rules.organisation
    seats = seats_of(request.asker.code, organisation)
    decided = {
        organisation.stage_of(unit, order)
        for seat in seats
        for unit, orders in organisation.orders_of(seat.holder).items()
        for order in orders
    }
    if len(decided) == 1:
        return decided.pop()
    return Stage.AGENCY if not decided and request.holds(Role.PROJECT_OFFICER, Role.PLAN_OFFICER) else None


def _earlier(rules: Rules, unit: str, occasion: Occasion, now: StageWindows) -> Sequence[Earlier]:
    """Return what earlier letters had set, oldest first."""
    before = [w for w in rules.windows.history(occasion, rules.organisation.path(unit)) if w != now]
    return [
        Earlier(
            _letter(windows),
            [(stage, span) for stage in _STAGES if (span := windows.of(stage)) is not None],
        )
        for windows in before
        if (windows.issued_on or date.min) <= rules.today
    ]


def _letter(windows: StageWindows) -> Letter:
    return Letter(windows.letter_no, windows.issued_on, windows.is_default)


@dataclass(frozen=True, slots=True)
class _Dated:
    """A window of the calendar before it has its place in it."""

    occasion: Occasion
    deadline: StageDeadline
    is_default: bool

    def order(self) -> tuple[date, date, tuple[str, int, int]]:
        """Return the key that puts windows in the order of their last days."""
        return self.deadline.span.closes_on, self.deadline.span.opens_on or date.min, self.occasion.order()


def _dated(request: Request, unit: str, fiscal_year: int) -> Iterator[_Dated]:
    rules = request.reference.rules
    for kind in WindowKind:
        for occasion in _occasions(rules, kind, fiscal_year):
            windows = _windows(rules, unit, occasion)
            for stage in _stages(request, unit, windows) if windows else ():
                yield _Dated(occasion, stage, windows.is_default if windows else True)


def _press(unit: str | None, occasion: Occasion) -> str:
    return ShowDeadline(occasion.kind, occasion.fiscal_year, occasion.quarter, unit).pack()
