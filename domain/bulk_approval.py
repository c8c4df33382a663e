"""Approving many at once: what an approver ought to look at before, and what becomes of each item."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.spending import Spending

FAR_BELOW_PLAN, FAR_ABOVE_PLAN = Decimal(50), Decimal(150)
"""Per cent of the quarter's plan. Nearly every report is a little off its plan, and what is named each time is no
longer read: under half says that the project stands still, half as much again that a plan or a figure is wrong."""


class Caution(StrEnum):
    """A reason to open an item before approving it, the weightiest first.

    Each says that a figure or text may be wrong, or that the item is not what the approver may remember. That its
    window is about to close is none: it makes an item urgent, which the order of the list shows, and not doubtful.
    """

    OVER_BUDGET = "over_budget"
    """With this report more is disbursed than the project's whole budget: most often the sum of several quarters."""
    FAR_ABOVE_PLAN = "far_above_plan"
    FAR_BELOW_PLAN = "far_below_plan"
    INCOMPLETE = "incomplete"
    """Fields are blank that every report fills: it was imported, for the bot lets nobody send such a report."""
    OPEN_QUESTION = "open_question"
    """Somebody asked the unit about it and has no answer yet."""
    LATE = "late"
    """It was sent after its window."""
    RESENT = "resent"
    """It was sent before and came back, so earlier approvals are void."""
    EDIT = "edit"
    """It changes what is official already."""


class Outcome(StrEnum):
    """What became of an item that somebody approved together with others."""

    APPROVED = "approved"
    UNDONE = "undone"
    """It was approved, and the approval taken back since."""
    DECIDED = "decided"
    """Somebody else decided at the step."""
    RESENT = "resent"
    """It was sent anew since the list was shown."""
    WITHDRAWN = "withdrawn"
    """Its unit took it back."""
    NOT_YOURS = "not_yours"
    """The step is no longer the person's."""
    OWN = "own"
    """The person sent it."""
    MOVED = "moved"
    """It waits elsewhere: an approval before this step was taken back, or its route changed."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an item.

    ``own`` is the quarter's money of a report, ``spent`` what it and all approved reports of the project disbursed,
    ``budget`` the project's whole budget, in baht (None: not known, or the project uses none).
    """

    version: int
    own: Spending
    spent: Decimal | None = None
    budget: Decimal | None = None
    is_late: bool = False
    is_edit: bool = False
    is_incomplete: bool = False
    has_open_question: bool = False


def cautions_of(facts: Facts) -> tuple[Caution, ...]:
    """Return the reasons to look at an item, the weightiest first."""
    return tuple(_cautions(facts))


def _cautions(facts: Facts) -> Iterator[Caution]:
    if facts.spent is not None and facts.budget is not None and facts.spent > facts.budget:
        yield Caution.OVER_BUDGET
    percent = facts.own.percent
    if percent is not None and percent > FAR_ABOVE_PLAN:
        yield Caution.FAR_ABOVE_PLAN
    if percent is not None and percent < FAR_BELOW_PLAN:
        yield Caution.FAR_BELOW_PLAN
    if facts.is_incomplete:
        yield Caution.INCOMPLETE
    if facts.has_open_question:
        yield Caution.OPEN_QUESTION
    if facts.is_late:
        yield Caution.LATE
    if facts.is_edit:
        yield Caution.EDIT
    elif facts.version > 1:  # each edit of a project is a version of its own
        yield Caution.RESENT
