"""Which unit a sentence or a button is about, and whether the asker may look at it."""

from __future__ import annotations

from collections.abc import Callable, Collection

from domain.fiscal import QUARTERS, Quarter
from domain.permissions import Visibility
from domain.windows import Occasion, WindowKind
from handlers import fallback
from handlers.conversation import Answer, Context, Request
from handlers.spoken import units_named
from messages_th import replies
from messages_th.quick_replies import QuickReply
from messages_th.understanding.intents import Understood

_Sees = Callable[[Request, str], Collection[str]]


def place_named(request: Request, asked: Understood, seen: _Sees | None = None) -> str | Answer | None:
    """Return the code of the agency or ministry that a sentence names; None: it names none.

    Where there is no such one, or the asker sees nothing of it, what is answered then. Of several with the same
    abbreviation those count of which ``seen`` (by default `seen_within`) finds anything; a full name tells them apart.
    """
    agency = asked.slots.agency
    if agency is None:
        return None
    named = units_named(request, agency)
    if not named:
        return Answer((replies.no_such_agency(request.reader, agency),))
    within = [unit for unit in named if (seen or seen_within)(request, unit)]
    if not within:
        return fallback.not_permitted(request)
    names = {unit: request.reference.rules.organisation.units[unit].name for unit in within}
    meant = [unit for unit, name in names.items() if name in asked.utterance] or within
    return meant[0] if len(meant) == 1 else _which(request, asked, agency, list(names.values()))


def _which(request: Request, asked: Understood, agency: str, names: Collection[str]) -> Answer:
    """Ask which agency is meant; its full name alone, typed or tapped, then continues the question."""
    choices = tuple(QuickReply(name) for name in names)
    return Answer((replies.which_agency(request.reader, agency, names),), choices, Context(asked.intent, asked.slots))


def sees_any(request: Request, unit: str) -> bool:
    """Tell whether the asker sees anything of the unit (a code) or of what lies in it; of no unit at all: nothing."""
    return bool(seen_within(request, unit))


def may_list(request: Request, unit: str | None) -> bool:
    """Tell whether the asker sees any project, and anything of the unit (a code) where one is named."""
    return not request.sight.is_blind and (unit is None or sees_any(request, unit))


def seen_within(request: Request, unit: str) -> Collection[str]:
    """Return the units (codes) in or below ``unit`` of which the asker sees anything."""
    sight, organisation = request.sight, request.reference.rules.organisation
    below = organisation.below(unit) if unit in organisation.units else frozenset[str]()
    return {code for code in below if code in sight.duties or sight.of(code) > Visibility.NOTHING}


_YEARS = range(2500, 2700)


def pressed_quarter(fiscal_year: int | None, number: int | None) -> Quarter | None:
    """Return the fiscal quarter that a button names; None where it names none, or what no button of ours does."""
    if fiscal_year is None or number is None or not is_year(fiscal_year) or number not in QUARTERS:
        return None
    return Quarter(fiscal_year, number)


def pressed_occasion(kind: WindowKind, fiscal_year: int, quarter: int | None) -> Occasion | None:
    """Return the occasion that a button names; None where no button of ours names it."""
    is_ours = is_year(fiscal_year) and quarter in (None, *QUARTERS)
    return Occasion(kind, fiscal_year, quarter) if is_ours else None


def is_year(fiscal_year: int) -> bool:
    """Tell whether a button of ours may name this year (B.E.)."""
    return fiscal_year in _YEARS


def common_place(request: Request, units: Collection[str]) -> str | None:
    """Return the narrowest unit that all of the units lie in; None: they have nothing above them in common."""
    organisation = request.reference.rules.organisation
    shared = [above.code for above in organisation.ancestry(min(units))] if units else []
    return next((code for code in shared if organisation.below(code).issuperset(units)), None)
