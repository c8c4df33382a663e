"""The permission scope as SQL: every query about projects and reports carries one of these conditions.

``architecture.md`` §3, 6: what a person may see is decided here, not in a handler or a template.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from domain.permissions import Sight
from domain.submissions import SubmissionKind, SubmissionState
from storage.tables import Decision, Project, Submission


def projects_in(sight: Sight, unit_ids: Mapping[str, int]) -> ColumnElement[bool]:
    """Return the condition that a row of ``projects`` may be seen; ``unit_ids`` are all units' ids by code.

    Who sees a unit whole sees every project. Others see official ones, and who decides sees those at their step, too.
    """
    if sight.everything:
        return true()
    seen = [_of_units(Project.unit_id, sight.whole, unit_ids)]
    if sight.steps:
        seen.append(and_(Project.official_version > 0, _of_units(Project.unit_id, sight.steps, unit_ids)))
        seen.append(Project.id.in_(_entries_at_own_step(sight, unit_ids)))
    if sight.everything_approved:
        seen.append(Project.official_version > 0)
    elif sight.approved:
        seen.append(and_(Project.official_version > 0, _of_units(Project.unit_id, sight.approved, unit_ids)))
    return or_(*seen)


def submissions_in(sight: Sight, unit_ids: Mapping[str, int]) -> ColumnElement[bool]:
    """Return the condition that the content of a row of ``submissions`` may be seen.

    Who decides sees what is at their step, what passed it, and what they or somebody after them decided. Plans and
    yearly reports of the agencies of ``duties`` are seen in every state.
    """
    if sight.everything:
        return true()
    seen = [_of_units(Submission.unit_id, sight.whole, unit_ids)]
    for order, units in _by_first_step(sight).items():
        seen.append(
            and_(
                _of_units(Submission.unit_id, units, unit_ids),
                or_(
                    Submission.state == SubmissionState.APPROVED,
                    and_(Submission.state == SubmissionState.PENDING_APPROVAL, Submission.step >= order),
                    exists().where(Decision.submission_id == Submission.id, Decision.step >= order),
                ),
            )
        )
    if duties := sight.duties - sight.whole:
        seen.append(and_(Submission.agency_duty_id.is_not(None), _of_units(Submission.unit_id, duties, unit_ids)))
    is_approved = Submission.state == SubmissionState.APPROVED
    if sight.everything_approved:
        seen.append(is_approved)
    elif sight.approved:
        seen.append(and_(is_approved, _of_units(Submission.unit_id, sight.approved, unit_ids)))
    return or_(*seen)


def waiting_at(steps: Mapping[str, Collection[int]], unit_ids: Mapping[str, int]) -> ColumnElement[bool]:
    """Return the condition that a row of ``submissions`` waits at one of these steps, given by unit.

    Whoever looks after a step sees what waits there.
    """
    by_order: dict[int, list[str]] = defaultdict(list)
    for unit, orders in steps.items():
        for order in orders:
            by_order[order].append(unit)
    at_step = [
        and_(_of_units(Submission.unit_id, units, unit_ids), func.coalesce(Submission.step, 1) == order)
        for order, units in by_order.items()
    ]
    return and_(Submission.state == SubmissionState.PENDING_APPROVAL, or_(false(), *at_step))


def _entries_at_own_step(sight: Sight, unit_ids: Mapping[str, int]) -> Select[int | None]:
    waiting = [
        and_(_of_units(Submission.unit_id, units, unit_ids), Submission.step >= order)
        for order, units in _by_first_step(sight).items()
    ]
    return select(Submission.project_id).where(
        Submission.kind == SubmissionKind.PROJECT_ENTRY,
        Submission.state == SubmissionState.PENDING_APPROVAL,
        or_(*waiting),
    )


def _by_first_step(sight: Sight) -> Mapping[int, Collection[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for unit, order in sight.steps.items():
        found[order].append(unit)
    return found


def _of_units(
    column: InstrumentedAttribute[int], units: Iterable[str], unit_ids: Mapping[str, int]
) -> ColumnElement[bool]:
    ids = sorted(unit_ids[unit] for unit in units)
    return column.in_(ids) if ids else false()
