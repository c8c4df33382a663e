"""How far the reports of a quarter are: the country, a ministry, an agency or a unit, down by a tap."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from domain.fiscal import Quarter
from domain.organisation import UnitLevel
from domain.permissions import Visibility
from domain.windows import Occasion, Stage, WindowKind
from handlers import fallback
from handlers.conversation import Answer, Context, Request
from handlers.paging import page_at, rows_of
from handlers.places import common_place, may_list, place_named, pressed_quarter, seen_within
from handlers.postback import Postback
from handlers.routes import Routes
from handlers.spoken import period_of
from messages_th import replies
from messages_th.formats import quarter_text
from messages_th.summary import Part, SummaryFigures, SummaryView, summary_card
from messages_th.understanding.intents import Intent, Understood
from storage.queries.summary import Figures, by_ministry, by_part

routes = Routes()


class ShowSummary(Postback, prefix="as1"):
    """Asks for the summary of a unit, or of all that the asker sees, for a fiscal quarter."""

    unit: str | None
    fiscal_year: int
    quarter: int
    page: int


@routes.intent(Intent.AGENCY_SUMMARY)
def agency_summary(request: Request, asked: Understood) -> Answer:
    """Answer how far the reports of the quarter are, of the agency that is named or of all that the asker sees."""
    if request.sight.home is None or request.sight.is_blind:
        return fallback.not_permitted(request)
    unit = place_named(request, asked)
    if isinstance(unit, Answer):
        return unit
    quarter = period_of(request, asked.slots, unit).quarter
    answer = show_summary(request, ShowSummary(unit, quarter.fiscal_year, quarter.number, 1))
    return replace(answer, context=replace(answer.context, slots=asked.slots))


@routes.press(ShowSummary)
def show_summary(request: Request, press: ShowSummary) -> Answer:
    """Show a page of the summary."""
    quarter = pressed_quarter(press.fiscal_year, press.quarter)
    if quarter is None:
        return fallback.old_button(request)
    if not may_list(request, press.unit):
        return fallback.not_permitted(request)
    if press.unit is None and request.sight.is_countrywide:
        figures = by_ministry(request.session, request.reference, request.sight, quarter)
        return _shown(request, press, quarter, None, figures)
    units = seen_within(request, press.unit) if press.unit else request.sight.units
    place = common_place(request, units)  # an officer who names the agency sees one unit of it
    part_of = _part_of(request, place)
    figures = by_part(request.session, request.reference, request.sight, quarter, units, part_of)
    return _shown(request, press, quarter, place, figures)


def _part_of(request: Request, place: str | None) -> Callable[[str], str]:
    """Return what tells which part of the place a unit belongs to: an agency of a ministry, a unit of an agency."""
    organisation = request.reference.rules.organisation
    if place is not None and organisation.units[place].level in (UnitLevel.AGENCY, UnitLevel.DIVISION):
        return lambda unit: unit
    return lambda unit: organisation.path(unit).agency or unit


def _shown(
    request: Request, press: ShowSummary, quarter: Quarter, place: str | None, figures: Mapping[str, Figures]
) -> Answer:
    total = Figures()
    for figure in figures.values():
        total.add(figure)
    parts = sorted(figures)
    page = page_at(press.page, len(parts), lambda number: replace(press, page=number).pack())
    view = _view(request, place, quarter, total)
    rows = [
        Part(request.reference.unit_names[unit], _told(figures[unit]), _press(press, unit, place))
        for unit in rows_of(page, parts)
    ]
    card = summary_card(request.reader, view, _told(total), rows, page, request.now)
    context = Context(Intent.AGENCY_SUMMARY, next_page=page.next, previous_page=page.previous)
    further = () if view.monitor else (replies.choice(Intent.UNREPORTED_PROJECTS), replies.choice(Intent.OVERDUE_LIST))
    return Answer((card,), further, context)


def _view(request: Request, place: str | None, quarter: Quarter, total: Figures) -> SummaryView:
    organisation = request.reference.rules.organisation
    visibility = _visibility(request, place)
    is_told = visibility > Visibility.APPROVED and not total.hidden
    return SummaryView(
        place=organisation.units[place].name if place else "",
        period=quarter_text(quarter, organisation.year_basis(place) if place else request.basis),
        monitor=visibility <= Visibility.APPROVED,
        closes_on=_still_open_until(request, place, quarter) if place and is_told else None,
    )


def _visibility(request: Request, place: str | None) -> Visibility:
    """Return the most that the asker sees of any unit in the place."""
    sight = request.sight
    if sight.everything:
        return Visibility.WHOLE
    units = sight.units if place is None else request.reference.rules.organisation.below(place)
    return max((sight.of(unit) for unit in units), default=Visibility.APPROVED)


def _still_open_until(request: Request, place: str, quarter: Quarter) -> date | None:
    rules = request.reference.rules
    occasion = Occasion(WindowKind.QUARTER_REPORT, quarter.fiscal_year, quarter.number)
    windows = rules.window(occasion, rules.organisation.path(place))
    span = windows.of(Stage.AGENCY) if windows else None
    return span.closes_on if span and span.closes_on >= request.today else None


def _told(figures: Figures) -> SummaryFigures:
    return SummaryFigures(figures.owed, figures.approved, figures.states, figures.due, figures.in_time)


def _press(press: ShowSummary, unit: str, place: str | None) -> str:
    return "" if unit == place else replace(press, unit=unit, page=1).pack()
