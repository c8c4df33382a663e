"""What waits goes on when routes, units, people or projects change under it (``domain.md`` §3).

A step that is on the route in force stays; of a step that is no more, the next later one takes over, else the last.
Where steps were added, left out or numbered anew, it goes on with the first one whose holders it had not passed.
Whoever decides now and did not before is told of it as of something that arrived, and the coordinators who holds what.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.organisation import Capacity, Organisation
from domain.submissions import ApprovalStep, SubmissionState
from storage import handover_notices
from storage.audit import record
from storage.handover_notices import Holding
from storage.outbox_claims import Now
from storage.reference import Reference, load_reference
from storage.submissions import news
from storage.submissions.actor import Actor
from storage.submissions.rows import subject_of
from storage.tables import Decision, Submission
from storage.tables.messaging import AuditAction

_IDS_A_QUERY = 500


class _Place(NamedTuple):
    """Where something waits: the data-entry unit (its id) and the step; None: the first of the route."""

    unit_id: int
    step: int | None


class _Way(NamedTuple):
    """What a change means for all that waited at one place and is at another now."""

    step: int | None
    decided: frozenset[str]
    decides: frozenset[str]
    is_redirected: bool

    @property
    def matters(self) -> bool:
        """Whether it goes elsewhere, or others decide."""
        return self.is_redirected or self.decided != self.decides


@dataclass(frozen=True, slots=True)
class Rerouted:
    """What changed hands: how much in all, how much of it went to another unit or step, how much nobody holds.

    ``holdings`` says by ministry (a code) who holds it now.
    """

    total: int = 0
    redirected: int = 0
    unheld: int = 0
    holdings: Mapping[str, Sequence[Holding]] = field(default_factory=dict)


class Rerouting:
    """Remembers where everything waits when it is made, so that it can go on after a change in the same transaction.

    Whoever changes routes recounts the reports of the units concerned afterwards (``storage.report_counts``).
    """

    def __init__(self, session: Session, today: date, before: Organisation | None) -> None:
        """``before``: who decides on ``today`` (Bangkok) until now; None: of all that only projects will change."""
        self._session = session
        self._today = today
        self._before = before
        self._places = _places(session)

    def follow(self, at: Now, by: Actor | None = None) -> Rerouted:
        """Let everything go on as things stand now; ``by``: who changed them, None: the operator's shell."""
        moves = self._moves()
        if not moves:
            return Rerouted()
        reference = load_reference(self._session, self._today)
        ways = {move: self._way(reference, *move) for move in set(moves.values())}
        concerned = [number for number, move in moves.items() if ways[move].matters]
        return self._told(reference, concerned, at, by) if concerned else Rerouted()

    def _moves(self) -> Mapping[int, tuple[_Place, _Place]]:
        """Return where everything that may be concerned waited and waits, by submission."""
        self._session.flush()
        if not self._places:
            return {}
        now = _places(self._session)
        moves = {number: (before, now[number]) for number, before in self._places.items() if number in now}
        if self._before is not None:
            return moves
        return {number: (before, after) for number, (before, after) in moves.items() if before.unit_id != after.unit_id}

    def _way(self, reference: Reference, before: _Place, now: _Place) -> _Way:
        """Return what the move means; a step that an imported file changed counts as it stands."""
        old, new = self._before or reference.rules.organisation, reference.rules.organisation
        unit_before, unit = reference.unit_codes[before.unit_id], reference.unit_codes[now.unit_id]
        step = _step_on(new.route(unit), now.step)
        if before.step == now.step is not None and old.route(unit_before) != new.route(unit):
            step = _first_not_passed(old, unit_before, new, unit, now.step) or step
        return _Way(
            step,
            _deciders(old, unit_before, now.step),
            _deciders(new, unit, step),
            is_redirected=before.unit_id != now.unit_id or step != now.step,
        )

    def _told(self, reference: Reference, concerned: Collection[int], at: Now, by: Actor | None) -> Rerouted:
        organisation = reference.rules.organisation
        held: dict[str, Counter[tuple[str, int]]] = defaultdict(Counter)
        total = redirected = unheld = 0
        for row in _waiting(self._session, concerned):
            # looked at anew: somebody may have decided it before it was locked
            way = self._way(reference, self._places[row.id], _Place(row.unit_id, row.step))
            if not way.matters:
                continue
            unit = reference.unit_codes[row.unit_id]
            total += 1
            redirected += way.is_redirected
            if way.is_redirected:
                self._redirect(row, way, reference.unit_codes, at, by)
            if way.decides - way.decided:
                news.arrived(self._session, reference, row, at, after=timedelta(0), known=way.decided)
            unheld += not way.decides
            held[organisation.ministry_of(unit)][unit, way.step or 1] += 1
        holdings = {ministry: _holdings(organisation, places) for ministry, places in held.items()}
        handover_notices.tell_of_holdings(self._session, reference, holdings, by.code if by else None, at)
        return Rerouted(total, redirected, unheld, holdings)

    def _redirect(self, row: Submission, way: _Way, unit_codes: Mapping[int, str], at: Now, by: Actor | None) -> None:
        before = self._places[row.id]
        if way.step != row.step:
            self._void_decisions(row, way.step or 1)
            row.step, row.arrived_at = way.step, at.business
        stood = {"unit": unit_codes[before.unit_id], "step": before.step}
        stands = {"unit": unit_codes[row.unit_id], "step": row.step}
        subject = subject_of(self._session, row)
        record(self._session, AuditAction.SUBMISSION_REROUTE, subject, by, at, before=stood, after=stands)

    def _void_decisions(self, row: Submission, step: int) -> None:
        """Take away approvals from the step on at which it waits again: the audit trail keeps them."""
        void = (Decision.submission_id == row.id) & (Decision.version == row.version) & (Decision.step >= step)
        self._session.execute(delete(Decision).where(void))


def _places(session: Session) -> Mapping[int, _Place]:
    row = Submission
    query = select(row.id, row.unit_id, row.step).where(row.state == SubmissionState.PENDING_APPROVAL)
    return {submission_id: _Place(unit_id, step) for submission_id, unit_id, step in session.execute(query)}


def _step_on(route: Sequence[ApprovalStep], step: int | None) -> int | None:
    """Return where what waited at ``step`` goes on; without a route it stays where it is."""
    orders = [one.order for one in route]
    if step is None or not orders or step in orders:
        return step
    return min((order for order in orders if order > step), default=max(orders))


def _first_not_passed(old: Organisation, unit_before: str, new: Organisation, unit: str, step: int) -> int | None:
    """Return the first step of the new route that nobody holds whose step came before ``step`` on the old one.

    Of a route whose steps are numbered anew a number would lead past people who have not decided.
    """
    orders = (one.order for one in old.route(unit_before) if one.order < step)
    passed = {person for order in orders for person in old.approvers(unit_before, order)}
    return next((one.order for one in new.route(unit) if passed.isdisjoint(new.approvers(unit, one.order))), None)


def _deciders(organisation: Organisation, unit: str, step: int | None) -> frozenset[str]:
    if unit not in organisation.units:
        return frozenset()
    route = organisation.route(unit)
    return frozenset(organisation.approvers(unit, step or (route[0].order if route else 1)))


def _waiting(session: Session, ids: Collection[int]) -> Iterable[Submission]:
    """Yield those of the submissions that still wait, locked."""
    ordered, waits = sorted(ids), Submission.state == SubmissionState.PENDING_APPROVAL
    for start in range(0, len(ordered), _IDS_A_QUERY):
        query = select(Submission).where(Submission.id.in_(ordered[start : start + _IDS_A_QUERY]), waits)
        locked = query.order_by(Submission.id).with_for_update(key_share=True)
        yield from session.scalars(locked.execution_options(populate_existing=True)).all()


def _holdings(organisation: Organisation, places: Mapping[tuple[str, int], int]) -> Sequence[Holding]:
    """Return who holds how much, most first; what nobody holds comes before all."""
    held: Counter[tuple[tuple[str, str, Capacity | None], ...]] = Counter()
    for (unit, step), number in places.items():
        hands = [(person, organisation.hand_at(person, unit, step)) for person in organisation.approvers(unit, step)]
        held[tuple((person, hand.holder, hand.capacity) for person, hand in hands if hand is not None)] += number
    return sorted(
        (Holding(*one) for one in held.items()), key=lambda one: (bool(one.hands), -one.number, str(one.hands))
    )
