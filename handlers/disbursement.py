"""Disbursement against plan: of a project, of what somebody sees down to the project, and what is below plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.fiscal import Quarter
from handlers import fallback
from handlers.conversation import Answer, Context, Request
from handlers.paging import page_at, row_numbers, rows_of
from handlers.places import may_list, place_named, pressed_quarter
from handlers.postback import Postback
from handlers.project_choice import not_found, parts_of, place_of, project_named, seen_units
from handlers.project_presses import ShowDisbursement
from handlers.routes import Routes
from handlers.spoken import period_of
from messages_th import disbursement as words_of
from messages_th.disbursement import About, ProjectMoney, SpendingRow, Totals
from messages_th.formats import quarter_text
from messages_th.listing import Page
from messages_th.understanding.intents import Intent, Slots, Understood
from storage.queries.disbursement import (
    UnitSpending,
    count_spending,
    page_of_spending,
    project_spending,
    spending_by_ministry,
    spending_by_place,
)
from storage.queries.projects import NoSuchProject

routes = Routes()

_FEW_PROJECTS = 2_000
"""More are not looked through for what is below plan; the list goes by unit first."""


class ShowSpending(Postback, prefix="ps1"):
    """Asks for disbursement in a unit (None: in all that the presser sees), or only for what is below plan."""

    unit: str | None
    fiscal_year: int
    quarter: int
    below: bool
    page: int


@routes.intent(Intent.DISBURSEMENT_STATUS)
def disbursement_status(request: Request, asked: Understood) -> Answer:
    """Answer what was disbursed of the plan: of the project that is named, else of an agency or of all one sees."""
    if request.sight.is_blind:
        return fallback.not_permitted(request)
    slots = asked.slots
    unit = place_named(request, asked)
    if isinstance(unit, Answer):
        return unit
    quarter = period_of(request, slots, unit).quarter
    if slots.project_code is not None or slots.project_query is not None:
        return _of_named_project(request, asked, quarter)
    below = words_of.asks_below_plan(asked.utterance)
    answer = show_spending(request, ShowSpending(unit, quarter.fiscal_year, quarter.number, below, 1))
    return replace(answer, context=replace(answer.context, slots=slots))


@routes.press(ShowDisbursement)
def show_disbursement(request: Request, press: ShowDisbursement) -> Answer:
    """Show what a project disbursed."""
    quarter = pressed_quarter(press.fiscal_year, press.quarter)
    return fallback.old_button(request) if quarter is None else _of_project(request, press.code, quarter)


@routes.press(ShowSpending)
def show_spending(request: Request, press: ShowSpending) -> Answer:
    """Show disbursement by ministry, agency, unit or project, whatever is the next below the place."""
    quarter = pressed_quarter(press.fiscal_year, press.quarter)
    if quarter is None:
        return fallback.old_button(request)
    if not may_list(request, press.unit):
        return fallback.not_permitted(request)
    figures = _figures(request, press, quarter)
    total = sum(figures.values(), UnitSpending())
    if len(figures) == 1 and press.unit is None and not _is_unit(request, *figures):
        return show_spending(request, replace(press, unit=next(iter(figures))))
    if len(figures) > 1 and not (press.below and total.projects <= _FEW_PROJECTS and _is_unit(request, *figures)):
        return _by_place(request, press, quarter, figures, total)
    return _by_project(request, press, quarter, total)


def _of_named_project(request: Request, asked: Understood, quarter: Quarter) -> Answer:
    def press(code: str) -> str:
        return ShowDisbursement(code, quarter.fiscal_year, quarter.number).pack()

    named = project_named(request, asked, press)
    return named if isinstance(named, Answer) else _of_project(request, named, quarter)


def _of_project(request: Request, code: str, quarter: Quarter) -> Answer:
    try:
        found = project_spending(request.session, request.reference, request.sight, code, quarter)
    except NoSuchProject:
        return not_found(request)
    money = ProjectMoney(
        found.code,
        found.name,
        found.basis,
        found.uses_budget,
        found.budget_total,
        found.own,
        found.to_date,
        found.plan_dated_on,
        found.carried,
        found.unapproved,
        found.left,
        found.counted_from,
        found.without_report,
    )
    about = About(request.reference.unit_names[found.unit], quarter_text(quarter, found.basis), request.now)
    context = Context(Intent.DISBURSEMENT_STATUS, Slots(project_code=found.code), shown=(found.code,))
    return Answer((words_of.project_money(about, money),), context=context)


def _figures(request: Request, press: ShowSpending, quarter: Quarter) -> Mapping[str, UnitSpending]:
    """Return the sums by ministry, within one by agency, within one by unit."""
    where = request.session, request.reference, request.sight, quarter
    if press.unit is None and request.sight.is_countrywide:
        ministries = spending_by_ministry(*where)
        if len(ministries) > 1:
            return ministries
    return spending_by_place(*where, parts_of(request, seen_units(request, press.unit)))


def _is_unit(request: Request, *places: str) -> bool:
    """Tell whether none of the places has another below it."""
    below = request.reference.rules.organisation.below
    return all(len(below(place)) == 1 for place in places)


def _by_place(
    request: Request, press: ShowSpending, quarter: Quarter, groups: Mapping[str, UnitSpending], total: UnitSpending
) -> Answer:
    codes = sorted(code for code, found in groups.items() if found.below) if press.below else sorted(groups)
    page = page_at(press.page, len(codes), lambda number: replace(press, page=number).pack())
    rows = [
        SpendingRow(
            request.reference.unit_names[code],
            groups[code].own,
            groups[code].to_date,
            replace(press, unit=code, page=1).pack(),
            remark=words_of.below_of_reported(groups[code].below, groups[code].reported) if press.below else "",
        )
        for code in rows_of(page, codes)
    ]
    return _told(request, press, quarter, total, rows, page)


def _by_project(request: Request, press: ShowSpending, quarter: Quarter, total: UnitSpending) -> Answer:
    where = request.session, request.reference, request.sight, quarter, seen_units(request, press.unit)
    count = count_spending(*where, below=press.below)
    page = page_at(press.page, count, lambda number: replace(press, page=number).pack())
    found = page_of_spending(*where, row_numbers(page), below=press.below)
    rows = [
        SpendingRow(
            one.name,
            one.own,
            one.to_date,
            ShowDisbursement(one.code, quarter.fiscal_year, quarter.number).pack(),
            code=one.code,
        )
        for one in found
    ]
    return _told(request, press, quarter, total, rows, page)


def _told(
    request: Request,
    press: ShowSpending,
    quarter: Quarter,
    total: UnitSpending,
    rows: Sequence[SpendingRow],
    page: Page,
) -> Answer:
    about = _about(request, press, quarter)
    if press.below:
        message = words_of.below_plan_list(about, total.below, total.reported, rows, page)
    else:
        totals = Totals(total.own, total.to_date, total.projects, total.reported, total.below)
        message = words_of.spending_list(about, totals, rows, page)
    shown = tuple(row.code for row in rows if row.code)
    return Answer((message,), context=Context(Intent.DISBURSEMENT_STATUS, Slots(), shown, page.next, page.previous))


def _about(request: Request, press: ShowSpending, quarter: Quarter) -> About:
    place = request.reference.unit_names[press.unit] if press.unit else place_of(request)
    basis = request.reference.rules.organisation.year_basis(press.unit) if press.unit else request.basis
    return About(place, quarter_text(quarter, basis), request.now)
