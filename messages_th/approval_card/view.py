"""One item as messages tell of it. Money is baht, instants are business time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from domain.fiscal import YearBasis
from domain.revisions import Changes
from domain.spending import Carried, Spending
from domain.submissions import SubmissionKind, SubmissionState
from domain.windows import Occasion
from messages_th.pending import Delay


@dataclass(frozen=True, slots=True)
class ToldDecision:
    """A decision at a step; ``by`` names the position, and in whose place."""

    version: int
    step: int
    is_return: bool
    by: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ToldEnquiry:
    """A question of an approver and the unit's answer; ``answered_at`` None: not yet."""

    question: str
    by: str
    at: datetime
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ItemView:
    """What is told of one item.

    ``is_readers``: the reader decides now; ``acting`` is the position in which, where the step is another's.
    ``prepares``: the reader assists whoever decides. ``holders`` are the positions of who decides now. ``values`` are
    what stands in it, by field, and ``own`` and ``to_date`` a report's money of the quarter and of the year up to it;
    ``plan_dated_on`` is of the letter that set the plan (None: it is the first), ``carried`` an earlier year's money.
    ``evidence`` is how many photos and documents belong to it.
    """

    code: str
    name: str
    unit: str
    kind: SubmissionKind
    occasion: Occasion
    basis: YearBasis
    state: SubmissionState
    version: int
    step: int | None
    steps: int
    is_readers: bool
    prepares: bool
    acting: str
    holders: Sequence[str]
    since: date | None
    delay: Delay | None
    sent_by: str
    sent_at: datetime | None
    is_late: bool
    is_resent: bool
    late_reason: str
    master_plan_no: int | None
    uses_budget: bool
    values: Mapping[str, Any]
    own: Spending | None
    to_date: Spending | None
    plan_dated_on: date | None
    carried: Carried | None
    changes: Changes | None
    evidence: int
    decisions: Sequence[ToldDecision]
    sent_back: ToldDecision | None
    enquiries: Sequence[ToldEnquiry]
    is_left_to_mirror: bool = False


@dataclass(frozen=True, slots=True)
class ToldActivity:
    """An activity of M4, or a part of one, with its fiscal quarters and what a report says of it."""

    name: str
    is_part: bool
    quarters: Sequence[int]
    progress: str


@dataclass(frozen=True, slots=True)
class ToldLink:
    """A plan, policy or law of M1 (``kind`` as stored), and what a report says of it."""

    kind: str
    name: str
    progress: str


@dataclass(frozen=True, slots=True)
class ToldLists:
    """The lists that belong to an item; funding is (kind as stored, origin, amount), ``plans`` are by fiscal year.

    ``carried_over`` is an earlier year's money by the fiscal year that it is spent in.
    """

    activities: Sequence[ToldActivity]
    links: Sequence[ToldLink]
    funding: Sequence[tuple[str, str, Decimal]]
    plans: Mapping[int, Sequence[Decimal]]
    carried_over: Mapping[int, Decimal]
