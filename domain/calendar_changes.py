"""What a new circular changes for whom (``domain.md`` §4 rule 5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from domain.fiscal import YearBasis
from domain.in_force import Rules
from domain.organisation import UnitLevel
from domain.roles import Role, officer_role
from domain.windows import CalendarWindow, Occasion, Span, Stage, StageWindows, WindowBook

_NO_WINDOWS = StageWindows(None, None)
"""What is left where the only letter that ever set a window was withdrawn."""


class Letter(NamedTuple):
    """A letter as notices refer to it: its number and date."""

    letter_no: str
    issued_on: date | None


@dataclass(frozen=True, slots=True)
class WindowChange:
    """The window of one stage before and after a circular; None where the stage has no window."""

    occasion: Occasion
    stage: Stage
    before: Span | None
    after: Span | None


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """Everything that one circular changes for one person, and how that person labels quarters.

    ``unit`` is the code of a unit through which it concerns the person.
    """

    person: str
    unit: str
    letter_no: str
    issued_on: date | None
    basis: YearBasis
    changes: tuple[WindowChange, ...]


def calendar_changes(
    rules: Rules,
    before: Iterable[CalendarWindow],
    as_of: date,
    reminded: Collection[tuple[str, Occasion]],
    because_of: Letter | None = None,
) -> list[CalendarChange]:
    """Return what people have to be told: the windows of ``rules`` against those ``before``, in force ``as_of``.

    Only what an earlier circular had set is news, or the default rule to people who were ``reminded`` by it, and only
    while it is not over; people are told of what they enter, decide or coordinate. ``because_of`` is the letter that
    they are referred to; None: to the one that set the new window.
    """
    old_book = WindowBook(before)
    found: dict[tuple[str, str, date | None], dict[WindowChange, set[str]]] = defaultdict(lambda: defaultdict(set))
    for unit, occasion, old, new in _replaced(rules, old_book, as_of):
        changes = list(_changed_stages(occasion, old, new, rules.today))
        for person in _concerned(rules, unit, occasion) if changes else ():
            if old.is_default and (person, occasion) not in reminded:
                continue
            letter = because_of or Letter(new.letter_no, new.issued_on)
            for change in changes:
                found[person, letter.letter_no, letter.issued_on][change].add(unit)
    return [
        CalendarChange(
            person,
            min(set().union(*units.values())),
            letter_no,
            issued_on,
            _basis(rules, set().union(*units.values())),
            tuple(sorted(units, key=lambda change: (change.occasion.order(), change.stage))),
        )
        for (person, letter_no, issued_on), units in sorted(found.items(), key=lambda item: item[0][0])
    ]


def _replaced(
    rules: Rules, old_book: WindowBook, as_of: date
) -> Iterator[tuple[str, Occasion, StageWindows, StageWindows]]:
    for unit in rules.organisation.units.values():
        if unit.level is UnitLevel.GROUP:
            continue
        path = rules.organisation.path(unit.code)
        for occasion in rules.windows.occasions():
            old = old_book.resolve(occasion, path, as_of)
            new = rules.window(occasion, path) or _NO_WINDOWS
            if old is not None and (old.agency, old.upper) != (new.agency, new.upper):
                yield unit.code, occasion, old, new


def _changed_stages(occasion: Occasion, old: StageWindows, new: StageWindows, today: date) -> Iterator[WindowChange]:
    for stage in (Stage.AGENCY, Stage.UPPER):
        change = WindowChange(occasion, stage, old.of(stage), new.of(stage))
        spans = [span for span in (change.before, change.after) if span is not None]
        if change.before != change.after and max(span.closes_on for span in spans) >= today:
            yield change


def _concerned(rules: Rules, unit: str, occasion: Occasion) -> Collection[str]:
    organisation, role = rules.organisation, officer_role(occasion.kind)
    people = set(organisation.holders(role, unit))
    if role is Role.PLAN_OFFICER:
        people.update(organisation.holders_within(role, unit))
    for step in organisation.route(unit):
        people.update(organisation.approvers(unit, step.order))
    people.update(organisation.coordinators(organisation.ministry_of(unit)))
    return people


def _basis(rules: Rules, units: Iterable[str]) -> YearBasis:
    bases = {rules.organisation.year_basis(unit) for unit in units}
    return bases.pop() if len(bases) == 1 else YearBasis.FISCAL
