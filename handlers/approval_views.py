"""Items of the approval route as messages tell of them, to whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.permissions import seats_of
from domain.submissions import UNDO_FOR, SubmissionState, next_step
from handlers.approval_presses import AskApproval, AskReturn, ShowDetails, ShowItem, ShowNext
from handlers.conversation import Context, Request
from handlers.item_presses import AskInformation, OpenEvidence, ShowItemTrail
from handlers.sender_presses import sender_presses
from handlers.signatories import signed_as
from messages_th.approval_card import Presses, approval_card
from messages_th.approval_card.view import ItemView, ToldActivity, ToldDecision, ToldEnquiry, ToldLink, ToldLists
from messages_th.approval_details import approval_details
from messages_th.deciding import Following
from messages_th.pending import Delay
from messages_th.positions import acting_position
from messages_th.project_card import RouteStep
from messages_th.rendering import Rendered
from messages_th.understanding.intents import Intent
from storage.queries.approval_item import (
    ApprovalItem,
    Enquiry,
    RouteDecision,
    approval_item,
    item_changed,
    item_particulars,
)
from storage.queries.pending import Wanted, waiting_for
from storage.queries.readers import people_reading
from storage.queries.route_progress import StepProgress
from storage.tables.submissions import Verdict

MOST_COUNTED, MOST_UNITS = 50, 200


def item_for(request: Request, submission: int) -> ApprovalItem | None:
    """Return the submission with this id as the asker may see it; None: there is none, or not for the asker."""
    return approval_item(request.session, request.reference, request.asker.code, submission)


def item_after(request: Request, submission: int) -> ApprovalItem:
    """Return an item that the asker has just changed, as it stands now, without its content."""
    return item_changed(request.session, request.reference, request.asker.code, submission)


def next_waiting(request: Request, decided: int) -> Following | None:
    """Return what waits for the asker's decision beside ``decided``; None: nothing.

    Others wait meanwhile for their turn to decide: so it is counted up to ``MOST_COUNTED``, and not at all for somebody
    who decides over more than ``MOST_UNITS``; which of it comes next is found when it is asked for.
    """
    organisation = request.reference.rules.organisation
    seats = [seat for seat in seats_of(request.asker.code, organisation) if seat.decides]
    if sum(len(organisation.orders_of(seat.holder)) for seat in seats) > MOST_UNITS:
        return Following(ShowNext().pack())
    found = waiting_for(request.session, request.reference, seats, Wanted(most=MOST_COUNTED + 2))
    left = sum(one.submission_id != decided for one in found)
    return Following(ShowNext().pack(), min(left, MOST_COUNTED), is_more=left > MOST_COUNTED) if left else None


def item_card(request: Request, item: ApprovalItem, salutation: str = "") -> Rendered:
    """Return the decision card; its buttons decide only where the asker may decide now.

    To the unit that sent the item they offer what it can do with it. ``salutation`` opens a card that comes unasked.
    """
    own = sender_presses(request, item)
    presses = Presses(
        ShowDetails(item.submission_id).pack(),
        answer=own.answer,
        withdraw=own.withdraw,
        trail=ShowItemTrail(item.submission_id, 1).pack(),
        evidence=OpenEvidence(item.submission_id, item.version).pack() if item.evidence else "",
    )
    if item.waits_for_asker and item.step is not None:
        shown = item.submission_id, item.version, item.step
        presses = replace(
            presses,
            approve=AskApproval(*shown).pack(),
            return_=AskReturn(*shown).pack(),
            ask=AskInformation(*shown).pack(),
        )
    return approval_card(view_of(request, item), presses, request.now, salutation)


def item_details(request: Request, item: ApprovalItem) -> Sequence[Rendered]:
    """Return all that stands in the item, in one to five messages."""
    found = item_particulars(request.session, item)
    lists = ToldLists(
        activities=[ToldActivity(one.name, one.is_part, one.quarters, one.progress) for one in found.activities],
        links=[ToldLink(one.kind, one.name, one.progress) for one in found.links],
        funding=found.funding,
        plans=found.plans,
        carried_over=found.carried_over,
    )
    return approval_details(view_of(request, item), lists, ShowItem(item.submission_id).pack(), request.now)


def item_context(request: Request, item: ApprovalItem, *, awaiting: str = "", words: str | None = None) -> Context:
    """Return what the next sentence may lean on: this item; without ``words``, those that wait to be confirmed stay."""
    return Context(
        Intent.PENDING_APPROVALS,
        shown=(item.code,) if item.code else (),
        awaiting=awaiting,
        submission=item.submission_id,
        words=request.context.words if words is None else words,
    )


def view_of(request: Request, item: ApprovalItem) -> ItemView:
    """Return the item as messages tell of it."""
    return ItemView(
        code=item.code,
        name=item.name,
        unit=request.reference.unit_names[item.unit],
        kind=item.kind,
        occasion=item.occasion,
        basis=item.basis,
        state=item.state,
        version=item.version,
        step=item.step,
        steps=item.steps,
        is_readers=item.waits_for_asker,
        prepares=item.prepares,
        acting=_acting(request, item),
        holders=[signed_as(one) for one in item.holders],
        since=item.since_day,
        delay=_delay(request, item),
        sent_by=item.sent.by,
        sent_at=item.sent.at,
        is_late=item.sent.is_late,
        is_resent=item.sent.is_resent,
        late_reason=item.sent.late_reason,
        master_plan_no=item.master_plan_no,
        uses_budget=item.uses_budget,
        values=item.values,
        own=item.money.own if item.money else None,
        to_date=item.money.to_date if item.money else None,
        plan_dated_on=item.money.plan_dated_on if item.money else None,
        carried=item.money.carried if item.money else None,
        changes=item.changes,
        evidence=item.evidence,
        decisions=[_decision(one) for one in item.decisions],
        sent_back=_decision(item.sent_back) if item.sent_back else None,
        enquiries=[_enquiry(one) for one in item.enquiries],
        is_left_to_mirror=item.is_left_to_mirror,
    )


def undo_until(request: Request, item: ApprovalItem, step: int) -> datetime | None:
    """Return till when the asker can take back the own approval of ``step``; None: there is none, or not any more."""
    given = item.decision_at(step)
    if given is None or given.verdict is not Verdict.APPROVED or given.by.code != request.asker.code:
        return None
    organisation = request.reference.rules.organisation
    is_next = item.state is SubmissionState.PENDING_APPROVAL and item.step == next_step(
        organisation.route(item.unit), step
    )
    until = given.at + UNDO_FOR
    holds = organisation.hand_at(request.asker.code, item.unit, step) is not None
    return until if is_next and holds and request.now <= until else None


def _delay(request: Request, item: ApprovalItem) -> Delay | None:
    if item.closes_on is None:
        return None
    working = request.reference.rules.calendar.working_days_left(request.today, item.closes_on)
    return Delay(item.closes_on, (item.closes_on - request.today).days, working)


def _acting(request: Request, item: ApprovalItem) -> str:
    """Return the position in which the asker decides in another's place; "" where the step is the own one."""
    if item.hand is None or item.hand.capacity is None:
        return ""
    people = people_reading(request.session, [item.hand.holder], request.today)
    return acting_position(request.reader.position, people[item.hand.holder].position, item.hand.capacity)


def _decision(decision: RouteDecision) -> ToldDecision:
    by, is_return = signed_as(decision.by), decision.verdict is Verdict.RETURNED
    return ToldDecision(decision.version, decision.step, is_return, by, decision.at, decision.reason)


def _enquiry(enquiry: Enquiry) -> ToldEnquiry:
    return ToldEnquiry(
        enquiry.question, signed_as(enquiry.by), enquiry.at, enquiry.answer, enquiry.answered_by, enquiry.answered_at
    )


def route_step(step: StepProgress) -> RouteStep:
    """Return a step of a route as cards and pages tell of it."""
    people = [signed_as(one) for one in step.people]
    return RouteStep(step.order, people, step.is_passed, step.is_current, step.decided_on)
