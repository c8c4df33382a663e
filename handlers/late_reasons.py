"""Why something is late, as its unit explains it: which item, then in words (``domain.md`` §5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.errors import Refusal, TransitionRefused
from domain.organisation import Organisation
from domain.roles import PROJECT_KINDS, Role
from domain.submissions import MAX_REASON_LENGTH, DutyState
from domain.windows import Occasion, Stage, WindowKind
from handlers.conversation import Answer, Context, Request
from handlers.owed_lists import entered_units
from handlers.paging import page_at, rows_of
from handlers.places import pressed_occasion, pressed_quarter
from handlers.postback import Postback
from handlers.reminders import GiveLateReason
from handlers.routes import Routes
from messages_th import late_reason as words_of
from messages_th.late_reason import LateItem
from messages_th.quick_replies import QuickReply
from messages_th.typed_words import reason_too_long, reason_too_short
from storage import late_reasons
from storage.queries.duties import open_agency_duties, unsent_entries
from storage.queries.unreported import Asked, every

routes = Routes()

_MAY = (Role.PROJECT_OFFICER, Role.PLAN_OFFICER)


class ChooseDelay(Postback, prefix="le1"):
    """Asks for a page of the late items, to choose one."""

    kind: WindowKind
    fiscal_year: int
    quarter: int | None
    page: int


class ExplainDelay(Postback, prefix="lx1"):
    """Chooses a late item: ``item`` is a project's code, or an agency's with the number of the duty (0: not listed)."""

    kind: WindowKind
    fiscal_year: int
    quarter: int | None
    item: str
    duty: int


@dataclass(frozen=True, slots=True)
class _Late:
    """A late item with what chooses it; ``unit`` and ``plan_name`` are an agency duty's."""

    shown: LateItem
    press: ExplainDelay
    unit: str = ""
    plan_name: str = ""


@routes.press(GiveLateReason, roles=_MAY)
def give_late_reason(request: Request, press: GiveLateReason) -> Answer:
    """Ask for the reason of the one late item, or which of several is meant."""
    return choose_delay(request, ChooseDelay(press.kind, press.fiscal_year, press.quarter, 1))


@routes.press(ChooseDelay, roles=_MAY)
def choose_delay(request: Request, press: ChooseDelay) -> Answer:
    """Show a page of the late items, or ask at once for the reason of the only one."""
    late = _late_items(request, press)
    if not late:
        return Answer((words_of.nothing_late(request.reader),))
    if len(late) == 1:
        return _ask(request, late[0])
    page = page_at(press.page, len(late), lambda number: replace(press, page=number).pack())
    here = rows_of(page, late)
    card = words_of.which(request.reader, [(one.shown, one.press.pack()) for one in here], page, request.now)
    return Answer((card,), context=Context(next_page=page.next, previous_page=page.previous))


@routes.press(ExplainDelay, roles=_MAY)
def explain_delay(request: Request, press: ExplainDelay) -> Answer:
    """Ask for the reason in words, if the item is still late and the asker's to explain."""
    late = _chosen(request, press)
    return _ask(request, late) if late else Answer((words_of.nothing_late(request.reader),))


@routes.said_after(ExplainDelay, roles=_MAY, changes=True)
def explained(request: Request, press: ExplainDelay, text: str) -> Answer:
    """Keep the reason; ask again where it is too short or too long."""
    late = _chosen(request, press)
    if late is None:
        return Answer((words_of.nothing_late(request.reader),))
    if len(text) > MAX_REASON_LENGTH:
        return Answer((reason_too_long(request.reader),), context=Context(awaiting=press.pack()))
    try:
        _keep(request, late, text)
    except TransitionRefused as refused:
        if refused.refusal is Refusal.REASON_TOO_SHORT:
            return Answer((reason_too_short(request.reader),), context=Context(awaiting=press.pack()))
        return Answer((words_of.nothing_late(request.reader),))
    further = ChooseDelay(press.kind, press.fiscal_year, press.quarter, 1)
    others = len(_late_items(request, press)) > 1
    replies = (QuickReply(words_of.ANOTHER, further.pack()),) if others else ()
    return Answer((words_of.kept(request.reader, late.shown, text),), replies)


def _ask(request: Request, late: _Late) -> Answer:
    return Answer((words_of.ask(request.reader, late.shown),), context=Context(awaiting=late.press.pack()))


def _keep(request: Request, late: _Late, text: str) -> None:
    session, occasion = request.session, late.shown.occasion
    by, at = request.actor, request.moment
    if late.unit:
        unit_id = request.reference.unit_ids[late.unit]
        late_reasons.explain_late_duty(session, unit_id, occasion, late.plan_name, text, by, at)
        return
    quarter = pressed_quarter(occasion.fiscal_year, occasion.quarter)
    if occasion.kind is WindowKind.QUARTER_REPORT and quarter is not None:
        late_reasons.explain_late_report(session, late.shown.code, quarter, text, by, at)
    else:
        late_reasons.explain_late_entry(session, late.shown.code, text, by, at)


def _chosen(request: Request, press: ExplainDelay) -> _Late | None:
    """Return the item behind a button as it stands now; None: it is not late, or not the asker's."""
    late = _late_items(request, press)
    return next((one for one in late if one.press == press), None)


def _late_items(request: Request, press: ChooseDelay | ExplainDelay) -> Sequence[_Late]:
    occasion = pressed_occasion(press.kind, press.fiscal_year, press.quarter)
    if occasion is None:
        return ()
    if occasion.kind is WindowKind.QUARTER_REPORT:
        return _late_reports(request, occasion)
    return _late_entries(request, occasion) if occasion.kind in PROJECT_KINDS else _late_duties(request, occasion)


def _late_reports(request: Request, occasion: Occasion) -> Sequence[_Late]:
    quarter = pressed_quarter(occasion.fiscal_year, occasion.quarter)
    if quarter is None:
        return ()
    asked = Asked(quarter, entered_units(request), overdue=True)
    found = every(request.session, request.reference, request.sight, [asked])
    return [
        _late(LateItem(project.code, project.name, occasion, project.basis, project.late_reason), project.code)
        for project in found
        if project.overdue is Stage.AGENCY and project.state is not DutyState.WAITING  # that is the approver's delay
    ]


def _late_entries(request: Request, occasion: Occasion) -> Sequence[_Late]:
    year_basis = request.reference.rules.organisation.year_basis
    return [
        _late(LateItem(entry.code, entry.name, occasion, year_basis(entry.unit), entry.late_reason), entry.code)
        for entry in unsent_entries(request.session, request.reference, request.sight, entered_units(request))
        if entry.occasion == occasion and entry.closes_on is not None and entry.closes_on < request.today
    ]


def _late_duties(request: Request, occasion: Occasion) -> Sequence[_Late]:
    year_basis = request.reference.rules.organisation.year_basis
    found = []
    for duty in open_agency_duties(request.session, request.reference, _own_agencies(request)):
        if duty.state is DutyState.WAITING:  # that is the approver's delay
            continue
        if duty.occasion == occasion and duty.closes_on is not None and duty.closes_on < request.today:
            shown = LateItem("", duty.plan_name, occasion, year_basis(duty.agency), duty.late_reason)
            press = _late(shown, duty.agency, duty.duty_id or 0).press
            found.append(_Late(shown, press, duty.agency, duty.plan_name))
    return found


def _late(shown: LateItem, item: str, duty: int = 0) -> _Late:
    about = shown.occasion
    return _Late(shown, ExplainDelay(about.kind, about.fiscal_year, about.quarter, item, duty))


def _own_agencies(request: Request) -> frozenset[str]:
    """Return the agencies whose plans the asker enters."""
    organisation = request.reference.rules.organisation
    return frozenset(
        agency for agency in request.sight.duties if request.asker.code in _plan_officers(organisation, agency)
    )


def _plan_officers(organisation: Organisation, agency: str) -> Sequence[str]:
    return organisation.holders_within(Role.PLAN_OFFICER, agency) or organisation.holders(Role.PLAN_OFFICER, agency)
