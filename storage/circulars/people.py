"""Who an audience is today, who of them can be reached, and what it costs to reach them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.circulars.audience import Audience, left_in, named_people, reach_of
from domain.fiscal import Quarter
from storage.chasing import WITH_OFFICER
from storage.circulars.batches import waiting
from storage.outbox import Reason
from storage.queries.standings import WRITTEN
from storage.quota import QuotaStanding, quota_standing
from storage.reference import Reference
from storage.tables import AudienceGroup, CircularRecipient, Person, ReportCount


@dataclass(frozen=True, slots=True)
class Reachable:
    """Whom an audience names today, by code with the unit (code) through which, and who of them gets nothing, and why.

    ``quota`` None: not known, or without limit. Each reachable person costs one message.
    """

    people: Mapping[str, str]
    unreachable: Mapping[Reason, Sequence[str]]
    quota: QuotaStanding | None

    @property
    def count(self) -> int:
        """How many people it reaches, and messages it costs."""
        return len(self.people) - sum(len(people) for people in self.unreachable.values())


def reachable(session: Session, reference: Reference, maker: str, audience: Audience) -> Reachable:
    """Return whom ``maker`` (a code) would reach today."""
    people = recipients(session, reference, maker, audience)
    quota = quota_standing(session)
    if quota is not None:
        quota = replace(quota, promised=sum(waiting(session).values()))
    return Reachable(people, _unreachable(session, people), quota)


def recipients(session: Session, reference: Reference, maker: str, audience: Audience) -> Mapping[str, str]:
    """Return whom an audience of ``maker`` names today, each with the unit through which: codes.

    Nobody outside of the maker's reach is named, through whatever group or earlier letter.
    """
    return _Naming(session, reference, reach_of(reference.rules.organisation, maker)).people(audience)


class _Naming:
    """Finds whom audiences name within a reach (codes; None: everybody). A group counts once, whatever names it."""

    def __init__(self, session: Session, reference: Reference, reach: frozenset[str] | None) -> None:
        self._session, self._reference, self._reach = session, reference, reach
        self._groups: dict[int, Mapping[str, str]] = {}

    def people(self, audience: Audience) -> Mapping[str, str]:
        organisation = self._reference.rules.organisation
        owing = self._owing(audience.unreported) if audience.unreported else ()
        named = named_people(organisation, audience, self._reach, owing)
        added: dict[str, str] = {}
        for group in audience.groups:
            added |= self._of_group(group)
        if audience.recipients_of is not None:
            added |= self._recipients_of(audience.recipients_of)
        return {**left_in(organisation, audience, added), **named}

    def _of_group(self, group: int) -> Mapping[str, str]:
        if group not in self._groups:
            self._groups[group] = {}  # a group that names itself, through others, adds nobody
            saved = self._session.scalar(select(AudienceGroup.audience).where(AudienceGroup.id == group))
            self._groups[group] = self.people(Audience.from_json(saved)) if saved else {}
        return self._groups[group]

    def _owing(self, quarter: Quarter) -> Collection[str]:
        """Return the units in reach that still owe a report of the quarter, and are to be asked for it."""
        row, rules, ids = ReportCount, self._reference.rules, self._reference.unit_ids
        query = (
            select(row.unit_id)
            .where(row.fiscal_year == quarter.fiscal_year, row.quarter == quarter.number)
            .where(row.state.in_(sorted(WRITTEN[state] for state in WITH_OFFICER)), row.number > 0)
            .distinct()
        )
        untracked = [
            ids[ministry]
            for ministry, policy in rules.policies.items()
            if policy.tracked_from is not None and quarter < policy.tracked_from
        ]
        if untracked:
            query = query.where(row.ministry_id.not_in(untracked))
        if self._reach is not None:
            ministries = {rules.organisation.ministry_of(unit) for unit in self._reach}
            query = query.where(row.ministry_id.in_(sorted(ids[ministry] for ministry in ministries)))
        codes = self._reference.unit_codes
        return [codes[unit] for unit in self._session.scalars(query)]

    def _recipients_of(self, circular_id: int) -> Mapping[str, str]:
        """Return who was to get an earlier circular, as far as they hold a post in reach still."""
        row, codes = CircularRecipient, self._reference.unit_codes
        query = select(Person.code, row.unit_id).join(row, row.person_id == Person.id)
        posts_of, reach, found = self._reference.rules.organisation.posts_of, self._reach, {}
        for code, unit_id in self._session.execute(query.where(row.circular_id == circular_id)):
            units = [post.unit for post in posts_of(code) if reach is None or post.unit in reach]
            if units:
                found[code] = codes[unit_id] if codes[unit_id] in units else units[0]
        return found


def _unreachable(session: Session, people: Collection[str]) -> Mapping[Reason, Sequence[str]]:
    is_linked = Person.line_user_id.is_not(None)
    query = select(Person.code, is_linked).where(Person.line_user_id.is_(None) | Person.unreachable_since.is_not(None))
    found: dict[Reason, list[str]] = {Reason.NOT_LINKED: [], Reason.BLOCKED: []}
    for code, linked in session.execute(query.order_by(Person.code)):
        if code in people:
            found[Reason.BLOCKED if linked else Reason.NOT_LINKED].append(code)
    return found
