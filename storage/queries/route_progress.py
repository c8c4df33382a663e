"""How far something came up its route: who decided which step and when, and who may decide those to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from domain.organisation import Organisation
from domain.reminders import BANGKOK
from storage.queries.approval_item import ApprovalItem
from storage.queries.readers import PersonReading, people_reading
from storage.queries.signatories import Signatory, codes_of, who_may
from storage.reference import Reference


@dataclass(frozen=True, slots=True)
class StepProgress:
    """One step: who decided it, or else who may decide it today; ``decided_on`` is a day in Bangkok.

    ``is_passed``: it lies behind the item, also where no decision is on record, as with imported ones.
    """

    order: int
    people: Sequence[Signatory]
    is_passed: bool
    is_current: bool
    decided_on: date | None


def route_progress(session: Session, reference: Reference, item: ApprovalItem) -> Sequence[StepProgress]:
    """Return the steps of the item's route; none where it waits nowhere."""
    if item.step is None:
        return ()
    organisation = reference.rules.organisation
    orders = [step.order for step in organisation.route(item.unit)]
    codes = {code for order in orders for code in codes_of(organisation, item.unit, order)}
    people = people_reading(session, codes, reference.rules.today)
    return [_progress(organisation, people, item, item.step, order) for order in orders]


def _progress(
    organisation: Organisation, people: Mapping[str, PersonReading], item: ApprovalItem, waits_at: int, order: int
) -> StepProgress:
    decision = item.decision_at(order)
    return StepProgress(
        order=order,
        people=[decision.by] if decision else who_may(organisation, people, item.unit, order),
        is_passed=order < waits_at,
        is_current=order == waits_at,
        decided_on=decision.at.astimezone(BANGKOK).date() if decision else None,
    )
