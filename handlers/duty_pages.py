"""What agencies owe beside reports: its list, and the link to the form in which its plan officer says it is entered."""

from __future__ import annotations

from collections.abc import Sequence

from domain.roles import Role
from domain.submissions import DutyState
from domain.windows import Occasion, WindowKind
from handlers import fallback
from handlers.approval_presses import ShowItem
from handlers.approval_views import item_for
from handlers.conversation import Answer, Page, Request
from handlers.places import pressed_occasion
from handlers.postback import Postback
from handlers.routes import Routes
from handlers.sender_presses import sender_presses
from handlers.signatories import signed_as
from messages_th import duties as words_of
from messages_th import page_link
from messages_th.duties import OwedItem
from storage.agency_entries import DutyKey, NoSuchDuty, enters_plans_of, find_duty
from storage.queries.approval_item import ApprovalItem
from storage.queries.duties import EnteredOpenData, OpenAgencyDuty, entered_open_data, open_agency_duties
from storage.tables.submissions import Verdict

DUTY = "duty"
"""Under which argument of a link the button data stands that names the duty."""

routes = Routes()


class OpenDutyForm(Postback, prefix="od1"):
    """Asks for the form of what an agency (a code) owes: ``duty`` is its row's id, 0 where no list has it."""

    kind: WindowKind
    agency: str
    fiscal_year: int
    duty: int

    def key(self) -> DutyKey | None:
        """Return which duty it is; None: no button of ours names such a one."""
        occasion = pressed_occasion(self.kind, self.fiscal_year, None)
        return DutyKey(self.agency, occasion, self.duty or None) if occasion else None


@routes.press(OpenDutyForm, roles=(Role.PLAN_OFFICER,))
def open_duty(request: Request, press: OpenDutyForm) -> Answer:
    """Give a link under which an officer of the agency's plans, and nobody else, finds the form for ten minutes."""
    key = press.key()
    if key is None:
        return fallback.old_button(request)
    try:
        duty = find_duty(request.session, request.reference, request.asker.code, key)
    except NoSuchDuty:
        return fallback.not_permitted(request)
    link = request.links.page(Page.DUTY, {DUTY: press.pack()}, request.asker.code)
    if link is None:
        return Answer((page_link.no_pages(request.reader),), context=request.context)
    basis = request.reference.rules.organisation.year_basis(key.agency)
    about = " ".join(filter(None, (duty.plan_name if duty else "", request.reference.unit_names[key.agency])))
    return Answer((words_of.form_link(request.reader, key.occasion, basis, about, link, request.now),))


def agency_duties(request: Request, occasion: Occasion) -> Sequence[OpenAgencyDuty | EnteredOpenData]:
    """Return what the agencies whose duties the asker sees owe for an occasion, and their Open-D entries of it."""
    session, reference, seen = request.session, request.reference, request.sight.duties
    owed = [one for one in open_agency_duties(session, reference, seen) if one.occasion == occasion]
    if occasion.kind is not WindowKind.OPEN_D:
        return owed
    return [*owed, *entered_open_data(session, reference, seen, occasion.fiscal_year)]


def agency_item(request: Request, occasion: Occasion, duty: OpenAgencyDuty | EnteredOpenData) -> OwedItem:
    """Return how a duty stands; of one that is on its route the whole route is read, so ask of what is shown alone."""
    return _entered(request, occasion, duty) if isinstance(duty, EnteredOpenData) else _owed(request, duty)


def _owed(request: Request, duty: OpenAgencyDuty) -> OwedItem:
    agency = request.reference.unit_names[duty.agency]
    item = item_for(request, duty.submission_id) if duty.submission_id is not None else None
    if item is not None and duty.state is DutyState.WAITING:
        holders = [signed_as(one) for one in item.holders]
        return OwedItem(
            code="",
            name=duty.plan_name,
            unit=agency,
            state=duty.state,
            press=ShowItem(item.submission_id).pack(),
            details=words_of.turn(item.step or 1, item.steps, holders),
            button=words_of.withdraw_button(withdraw) if (withdraw := sender_presses(request, item).withdraw) else None,
        )
    returned = _return_of(item) if duty.state is DutyState.RETURNED else ()
    press = OpenDutyForm(duty.occasion.kind, duty.agency, duty.occasion.fiscal_year, duty.duty_id or 0).pack()
    may = enters_plans_of(request.reference, request.asker.code, duty.agency)
    return OwedItem(
        code="",
        name=duty.plan_name,
        unit=agency,
        state=duty.state,
        reason=duty.late_reason,
        details=returned,
        button=words_of.enter_button(press) if may else None,
    )


def _entered(request: Request, occasion: Occasion, entry: EnteredOpenData) -> OwedItem:
    press = OpenDutyForm(occasion.kind, entry.agency, occasion.fiscal_year, entry.duty_id).pack()
    may = enters_plans_of(request.reference, request.asker.code, entry.agency)
    return OwedItem(
        code="",
        name=entry.plan_name,
        unit=request.reference.unit_names[entry.agency],
        state=None,
        entered_on=entry.entered_on,
        button=words_of.correct_button(press) if may else None,
    )


def _return_of(item: ApprovalItem | None) -> Sequence[str]:
    """Return who sent it back and why."""
    given = [one for one in item.decisions if one.verdict is Verdict.RETURNED] if item is not None else []
    return [words_of.returned(signed_as(one.by), one.reason) for one in given[-1:]]
