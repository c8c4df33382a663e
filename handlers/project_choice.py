"""Which project is meant: by its code, by words of its name, or by choosing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from handlers.conversation import Answer, Context, Request
from handlers.places import common_place
from handlers.spoken import period_of
from messages_th import project_lists
from messages_th.listing import ROWS_A_PAGE
from messages_th.project_lists import ChoiceRow
from messages_th.rendering import Rendered
from messages_th.standings import listed_standing
from messages_th.understanding.intents import Understood
from storage.queries.name_search import search_names
from storage.queries.projects import Wanted, page_of_projects

Press = Callable[[str], str]
"""Gives the data of a button about the project with a code."""
FEW_UNITS = 60
"""Whose projects are of more units than this has too many to be shown some at random."""


def project_named(request: Request, asked: Understood, press: Press) -> str | Answer:
    """Return the code of the project that is meant, or the answer that asks for it.

    A code is returned as it was said: whether there is such a project, and for whom, the query about it tells.
    """
    if asked.slots.project_code is not None:
        return asked.slots.project_code
    if asked.slots.project_query is None:
        return _which(request, asked, press)
    found = search_names(request.session, request.reference, request.sight, asked.slots.project_query)
    if found.is_clear:
        return found.projects[0].code
    if not found.projects:
        return not_found(request)
    names = request.reference.unit_names
    rows = [ChoiceRow(one.code, one.name, names[one.unit], press(one.code)) for one in found.projects]
    return _choice(asked, rows, project_lists.alike(request.reader, rows, place_of(request), request.now))


def not_found(request: Request) -> Answer:
    """Answer that no such project is seen: the same for one that does not exist and for one of somebody else's."""
    return Answer((project_lists.not_found(request.reader),))


def seen_units(request: Request, place: str | None = None) -> frozenset[str]:
    """Return the units (codes) in or below ``place`` (None: anywhere) of which the asker sees any project.

    Raises:
        KeyError: there is no such place.
    """
    sight, organisation = request.sight, request.reference.rules.organisation
    if place is not None and sight.is_countrywide:
        return organisation.below(place)
    seen = frozenset(organisation.units) if sight.is_countrywide else sight.units
    return seen if place is None else seen & organisation.below(place)


def parts_of(request: Request, units: Iterable[str]) -> Mapping[str, str]:
    """Return the ministry, agency or unit as which each unit is counted: the highest level that tells them apart."""
    organisation = request.reference.rules.organisation
    held = list(units)
    by_ministry = {unit: organisation.ministry_of(unit) for unit in held}
    if len(set(by_ministry.values())) > 1:
        return by_ministry
    by_agency = {unit: organisation.path(unit).agency or unit for unit in held}
    return by_agency if len(set(by_agency.values())) > 1 else {unit: unit for unit in held}


def place_of(request: Request, units: Collection[str] | None = None) -> str:
    """Return what the narrowest place that holds all these units (None: all that are seen) is called; "" is none."""
    if units is None and request.sight.is_countrywide:
        return ""
    organisation = request.reference.rules.organisation
    held = seen_units(request) if units is None else units
    agencies = {organisation.path(unit).agency or unit for unit in held}
    place = common_place(request, sorted(agencies if len(agencies) > 1 else held))
    return request.reference.unit_names[place] if place else ""


def _which(request: Request, asked: Understood, press: Press) -> Answer:
    seen = seen_units(request)
    units = seen if len(seen) <= FEW_UNITS else frozenset[str]()
    quarter = period_of(request, asked.slots).quarter
    projects = page_of_projects(
        request.session, request.reference, request.sight, quarter, Wanted(units), range(ROWS_A_PAGE),
        in_motion_first=True,
    )  # fmt: skip
    rows = [
        ChoiceRow(found.code, found.name, listed_standing(found.entry, found.report), press(found.code))
        for found in projects
    ]
    return _choice(asked, rows, project_lists.which(request.reader, rows, place_of(request), request.now))


def _choice(asked: Understood, rows: Sequence[ChoiceRow], message: Rendered) -> Answer:
    shown = tuple(row.code for row in rows)
    return Answer((message,), context=Context(asked.intent, asked.slots, shown=shown))
