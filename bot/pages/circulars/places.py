"""Which units the form offers to be ticked: those that are, the wide ones, and what was looked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from domain.organisation import Organisation, Unit, UnitLevel
from handlers.circulars.audiences import names_of
from handlers.conversation import Request
from messages_th.circulars.places import PlaceNames
from messages_th.formats import one_line
from messages_th.pages.circulars import Choice
from messages_th.understanding.normalise import lowered, normalised

MOST_FOUND = 30
_MOST_WIDE = 60
"""Departments that are offered unasked; an administrator of the country looks for them by name."""
_LONGEST = 100


def place_names(asked: Request) -> PlaceNames:
    """Return the units in the asker's reach by their names."""
    return names_of(asked.session, asked.reference, asked.asker.code).places


def listed(asked: Request, chosen: Collection[str], further: Iterable[str] = ()) -> Sequence[Choice]:
    """Return the units to tick: the wide ones in their order, then what else was chosen or found."""
    names = place_names(asked)
    wide = wide_places(names)
    others = sorted(({*chosen, *further} & names.units.keys()) - set(wide))
    return choices(asked, [*wide, *others])


def wide_places(names: PlaceNames) -> Sequence[str]:
    """Return ministries, and departments where these are not too many."""
    units = sorted(names.units.values(), key=lambda unit: unit.code)
    ministries = [unit.code for unit in units if unit.level is UnitLevel.MINISTRY]
    agencies = [unit.code for unit in units if unit.level is UnitLevel.AGENCY]
    return [*ministries, *agencies] if len(agencies) <= _MOST_WIDE else ministries


def sought(asked: Request, said: str) -> Sequence[str]:
    """Return the units (codes) that are called so or much like it, no more than can be looked through."""
    if not said.strip() or len(said) > _LONGEST:
        return ()
    names, text = place_names(asked), lowered(normalised(said))
    named = dict.fromkeys(code for found in names.found_in(text) for code in sorted(found.codes))
    return list(dict.fromkeys([*named, *names.like(said)]))[:MOST_FOUND]


def choices(asked: Request, codes: Iterable[str]) -> Sequence[Choice]:
    """Return units as choices, each with its abbreviation or with what it lies in."""
    organisation = asked.reference.rules.organisation
    return [_choice(organisation, organisation.units[code]) for code in codes]


def _choice(organisation: Organisation, unit: Unit) -> Choice:
    if unit.level is UnitLevel.DIVISION:
        above = next((one for one in organisation.ancestry(unit.code) if one.level is not UnitLevel.DIVISION), None)
        return Choice(unit.code, one_line(unit.name), one_line(above.short_name or above.name) if above else "")
    return Choice(unit.code, one_line(unit.name), one_line(unit.short_name))
