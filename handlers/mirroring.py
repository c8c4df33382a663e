"""Writing approved reports into eMENSCR by hand, where the ministry's policy asks for it; we never write there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date

from domain.days_of_entry import FIRST_ENTRIES, ImpossibleDay, check_day_of_entry
from domain.errors import TransitionRefused
from domain.roles import Role
from handlers.conversation import Answer, Context, Page, Request, Turn
from handlers.mirror_presses import ConfirmMirrored, ListUnmirrored, MarkMirrored, OpenMirror, UnmarkMirrored
from handlers.paging import page_at, row_numbers, rows_of
from handlers.places import common_place
from handlers.project_choice import parts_of
from handlers.routes import Routes
from messages_th import mirroring as thai
from messages_th.approval_card.view import ToldActivity, ToldLink
from messages_th.delegation import Picker
from messages_th.listing import ROWS_A_PAGE, Button, Row
from messages_th.mirroring import LeftPlace, LeftReport, Ways
from messages_th.mirroring.view import MirrorView
from messages_th.mirroring.wishes import is_about_mirroring
from messages_th.rendering import Rendered
from messages_th.understanding.intents import Intent, Slots
from storage.queries.mirroring import (
    ReportToMirror,
    count_unmirrored,
    mirroring_units,
    page_of_unmirrored,
    report_to_mirror,
)
from storage.submissions.mirroring import mark_mirrored, unmark_mirrored

SUBMISSION = "submission"
"""Under which argument of a link the report's id stands."""
SEES = (Role.PROJECT_OFFICER, Role.MINISTRY_COORDINATOR, Role.ADMIN)
"""Who is told of what is left; the unit's officers alone note that it is done."""

routes = Routes()


def turn_of(request: Request, text: str) -> Turn | None:
    """Return the turn of a sentence that asks what is left; None: it does not, or nothing can be left to the asker."""
    if not (is_about_mirroring(text) and request.holds(*SEES) and _units(request)):
        return None
    return Turn(lambda at_work: list_unmirrored(at_work, ListUnmirrored(None, 1)))


@routes.press(OpenMirror, roles=SEES)
def open_mirror(request: Request, press: OpenMirror) -> Answer:
    """Show the texts of an approved report, each with a button that copies it, and link to the page that has them."""
    report = _report(request, press.submission)
    if report is None:
        return Answer((thai.gone(request.reader),))
    link = request.links.page(Page.MIRROR, {SUBMISSION: str(report.submission_id)}, request.asker.code)
    ways = replace(_ways(report), page=link or "")
    cards = thai.copy_cards(request.reader, mirror_view(request, report), ways, request.now)
    return Answer(tuple(cards), context=_context(report))


@routes.press(MarkMirrored, roles=(Role.PROJECT_OFFICER,))
def ask_mark(request: Request, press: MarkMirrored) -> Answer:
    """Ask once whether the report was written into eMENSCR on the day."""
    report, on = _own(request, press.submission), press.on or request.today
    if report is None:
        return Answer((thai.gone(request.reader),))
    if report.version != press.version or report.mirrored_on is not None:
        return _told(request, report)
    try:
        check_day_of_entry(on, request.today, report.approved_on)
    except ImpossibleDay:
        return Answer((thai.impossible_day(request.reader), _confirmation(request, report, request.today)))
    return Answer((_confirmation(request, report, on),), context=_context(report))


@routes.press(ConfirmMirrored, roles=(Role.PROJECT_OFFICER,), changes=True)
def confirm_mark(request: Request, press: ConfirmMirrored) -> Answer:
    """Note it, or say how it stands."""
    if _own(request, press.submission) is None:
        return Answer((thai.gone(request.reader),))
    about = press.submission, press.version, press.on
    try:
        with suppress(TransitionRefused):  # then it stands as it did, and that is told
            mark_mirrored(request.session, request.reference, request.actor, *about, request.moment)
    except ImpossibleDay:
        return Answer((thai.impossible_day(request.reader),))
    return _standing(request, press.submission)


@routes.press(UnmarkMirrored, roles=(Role.PROJECT_OFFICER,), changes=True)
def unmark(request: Request, press: UnmarkMirrored) -> Answer:
    """Take the note back, or say how it stands."""
    if _own(request, press.submission) is None:
        return Answer((thai.gone(request.reader),))
    about = press.submission, press.version
    with suppress(TransitionRefused):  # then it stands as it did, and that is told
        unmark_mirrored(request.session, request.reference, request.actor, *about, request.moment)
    return _standing(request, press.submission)


@routes.press(ListUnmirrored, roles=SEES)
def list_unmirrored(request: Request, press: ListUnmirrored) -> Answer:
    """Show what is left: of many units how much, down by a tap, of few the reports themselves."""
    units = _units(request)
    if press.unit is not None:
        organisation = request.reference.rules.organisation
        units &= organisation.below(press.unit) if press.unit in organisation.units else frozenset()
    left = count_unmirrored(request.session, request.reference, units)
    place = common_place(request, units)
    name = request.reference.unit_names[place] if place else ""
    parts = Counter[str]()
    for unit, part in parts_of(request, left).items():
        parts[part] += left[unit]
    if len(parts) > 1 and press.unit not in parts and parts.total() > ROWS_A_PAGE:
        return _by_place(request, press, name, parts)
    return _by_report(request, press, name, left)


def left_to_write(request: Request) -> Row | None:
    """Return the row of a list of duties that leads to what is left; None: nothing is, or it is nothing to chase."""
    if not request.holds(Role.PROJECT_OFFICER, Role.MINISTRY_COORDINATOR):
        return None
    number = sum(count_unmirrored(request.session, request.reference, _units(request)).values())
    return thai.left_row(number, ListUnmirrored(None, 1).pack()) if number else None


def mirror_view(request: Request, report: ReportToMirror) -> MirrorView:
    """Return the report as messages and the page tell of it."""
    return MirrorView(
        code=report.code,
        name=report.name,
        unit=request.reference.unit_names[report.unit],
        quarter=report.quarter,
        basis=report.basis,
        uses_budget=report.uses_budget,
        values=report.values,
        activities=[
            ToldActivity(one.name, one.is_part, one.quarters, one.progress) for one in report.particulars.activities
        ],
        links=[ToldLink(one.kind, one.name, one.progress) for one in report.particulars.links],
        approved_on=report.approved_on,
        mirrored_on=report.mirrored_on,
        mirrored_by=report.mirrored_by,
        may_mark=report.may_mark,
    )


def _units(request: Request) -> frozenset[str]:
    return mirroring_units(request.reference, request.sight)


def _report(request: Request, submission: int) -> ReportToMirror | None:
    return report_to_mirror(request.session, request.reference, request.asker.code, submission)


def _own(request: Request, submission: int) -> ReportToMirror | None:
    """Return a report of the asker's unit; None: there is no such thing, which is said of other units' as well."""
    report = _report(request, submission)
    return report if report is not None and report.may_mark else None


def _ways(report: ReportToMirror) -> Ways:
    if not report.may_mark:
        return Ways()
    if report.mirrored_on is not None:
        return Ways(undo=UnmarkMirrored(report.submission_id, report.version).pack())
    return Ways(done=MarkMirrored(report.submission_id, report.version, None).pack())


def _confirmation(request: Request, report: ReportToMirror, on: date) -> Rendered:
    about = report.submission_id, report.version
    picker = Picker(on, report.approved_on or FIRST_ENTRIES, request.today)
    picked = MarkMirrored(*about, None).pack(), picker
    view = mirror_view(request, report)
    return thai.confirm(request.reader, view, on, ConfirmMirrored(*about, on).pack(), picked)


def _standing(request: Request, submission: int) -> Answer:
    report = _own(request, submission)
    return Answer((thai.gone(request.reader),)) if report is None else _told(request, report)


def _told(request: Request, report: ReportToMirror) -> Answer:
    left = left_to_write(request)
    further = Button(thai.LIST, left.press, about=left.about) if left else None
    card = thai.told(mirror_view(request, report), _ways(report), further, request.now)
    return Answer((card,), context=_context(report))


def _context(report: ReportToMirror) -> Context:
    return Context(Intent.PROJECT_STATUS, Slots(project_code=report.code), shown=(report.code,))


def _by_place(request: Request, press: ListUnmirrored, name: str, parts: Mapping[str, int]) -> Answer:
    codes = sorted(parts)
    page = page_at(press.page, len(codes), lambda number: replace(press, page=number).pack())
    names = request.reference.unit_names
    places = [LeftPlace(names[code], parts[code], ListUnmirrored(code, 1).pack()) for code in rows_of(page, codes)]
    card = thai.left_places(request.reader, name, sum(parts.values()), places, page, request.now)
    return Answer((card,), context=Context(next_page=page.next, previous_page=page.previous))


def _by_report(request: Request, press: ListUnmirrored, name: str, left: Mapping[str, int]) -> Answer:
    number = sum(left.values())
    page = page_at(press.page, number, lambda number: replace(press, page=number).pack())
    found = page_of_unmirrored(request.session, request.reference, left.keys(), row_numbers(page))
    reference = request.reference
    reports = [
        LeftReport(
            code=one.code,
            name=one.name,
            unit=reference.unit_names[one.unit] if len(left) > 1 else "",
            quarter=one.quarter,
            basis=reference.rules.organisation.year_basis(one.unit),
            approved_on=one.approved_on,
            press=OpenMirror(one.submission_id).pack(),
        )
        for one in found
    ]
    card = thai.left_reports(request.reader, name, number, reports, page, request.now)
    shown = tuple(one.code for one in found)
    return Answer((card,), context=Context(shown=shown, next_page=page.next, previous_page=page.previous))
