"""Which list of unreported projects is meant, by words or by a button, and what its buttons carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from domain.fiscal import Quarter
from domain.permissions import Sight
from domain.roles import Role
from domain.submissions import DutyState
from handlers.conversation import Request
from handlers.places import pressed_quarter
from handlers.postback import Postback
from storage.queries.unreported import EVERY_STATE, Asked

WITH_OFFICERS = frozenset({DutyState.MISSING, DutyState.DRAFT, DutyState.RETURNED})
"""Of what is owed, what is for the unit's officers to write."""
WORDS_LENGTH = 60
"""Characters of a search that a button carries along."""


class ShowUnreported(Postback, prefix="ur1"):
    """Asks for a page of the list: of a fiscal quarter, of a unit (None: of all that the presser sees), by state."""

    fiscal_year: int
    quarter: int
    unit: str | None
    state: DutyState | None
    words: str
    overdue: bool
    page: int


class DownloadUnreported(Postback, prefix="dl1"):
    """Asks for a link under which the list is there as a spreadsheet."""

    fiscal_year: int
    quarter: int
    unit: str | None
    state: DutyState | None
    words: str
    overdue: bool


class ChaseUnreported(Postback, prefix="ch1"):
    """Asks what reminding the list's units would send, and to how many."""

    fiscal_year: int
    quarter: int
    unit: str | None


@dataclass(frozen=True, slots=True)
class View:
    """A list, whoever looks at it: a unit outside of the looker's sight adds nothing."""

    quarter: Quarter
    unit: str | None = None
    state: DutyState | None = None
    words: str = ""
    overdue: bool = False

    @classmethod
    def of(cls, press: ShowUnreported | DownloadUnreported | ChaseUnreported) -> Self | None:
        """Return the list that a button is about; None: no list of ours has such a button."""
        quarter = pressed_quarter(press.fiscal_year, press.quarter)
        if quarter is None:
            return None
        if isinstance(press, ChaseUnreported):
            return cls(quarter, press.unit)
        return cls(quarter, press.unit, press.state, press.words, press.overdue)

    def press(self, page: int) -> str:
        """Return the data of a button that shows a page (from 1) of the list."""
        return ShowUnreported(*self._fields(), page).pack()

    def download_press(self) -> str:
        """Return the data of a button that asks for the spreadsheet."""
        return DownloadUnreported(*self._fields()).pack()

    def chase_press(self) -> str:
        """Return the data of a button that begins reminding the units."""
        return ChaseUnreported(self.quarter.fiscal_year, self.quarter.number, self.unit).pack()

    def asked(self, request: Request) -> Asked:
        """Return the question to the database; without units where the asker may see nothing of it."""
        states = EVERY_STATE if self.state is None else frozenset({self.state})
        return Asked(self.quarter, owing_units(request, self.unit), states, self.words, self.overdue)

    def _fields(self) -> tuple[int, int, str | None, DutyState | None, str, bool]:
        return self.quarter.fiscal_year, self.quarter.number, self.unit, self.state, self.words, self.overdue


def sees_owed(sight: Sight) -> bool:
    """Tell whether the person may be told of unreported projects at all; approved data alone is no ground."""
    return sight.everything or bool(sight.whole or sight.steps)


def owing_units(request: Request, unit: str | None) -> frozenset[str]:
    """Return the units in or under ``unit`` (None: anywhere) of which the asker may know what is not reported."""
    organisation, sight = request.reference.rules.organisation, request.sight
    if unit is None:
        return frozenset(organisation.units) if sight.everything else sight.whole | sight.steps.keys()
    return sight.owing(organisation.below(unit)) if unit in organisation.units else frozenset()


def entered_units(request: Request) -> frozenset[str]:
    """Return the units whose projects the asker enters: those of the posts and what lies in them."""
    organisation = request.reference.rules.organisation
    posts = [post for post in organisation.posts_of(request.asker.code) if post.role is Role.PROJECT_OFFICER]
    return frozenset().union(*(organisation.below(post.unit) for post in posts))
