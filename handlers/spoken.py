"""What a sentence's particulars mean to the person who said it: quarters, years, agencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.fiscal import Quarter, YearBasis
from domain.in_force import Rules
from domain.organisation import Unit, UnitLevel
from domain.spoken_quarters import (
    Purpose,
    current_quarter,
    labelled_quarter,
    numbered_quarter,
    previous_quarter,
)
from handlers.conversation import Request
from messages_th.formats import quarter_text
from messages_th.understanding.agencies import Agency, AgencyNames
from messages_th.understanding.intents import Relative, Slots
from storage.reference import Reference


@dataclass(frozen=True, slots=True)
class Period:
    """The fiscal quarter that was meant, and how the asker reads it."""

    quarter: Quarter
    basis: YearBasis

    @property
    def text(self) -> str:
        """The echo that every answer about a quarter carries."""
        return quarter_text(self.quarter, self.basis)


def period_of(request: Request, slots: Slots, unit: str | None = None, purpose: Purpose = Purpose.REPORTING) -> Period:
    """Return the quarter that the slots name, in the calendar of ``unit`` (a code) or else of the asker.

    A year alone means the quarter of it that is asked for now, or its last one.

    Raises:
        LookupError: neither a unit is named nor has the asker a post.
    """
    rules = request.reference.rules
    where = unit or request.sight.home
    if where is None:
        raise LookupError("no unit to speak from")
    basis = rules.organisation.year_basis(where)
    return Period(quarter_said(rules, where, slots, purpose), basis)


def quarter_said(rules: Rules, where: str, slots: Slots, purpose: Purpose = Purpose.REPORTING) -> Quarter:
    """Return the fiscal quarter that the slots name to somebody in the unit ``where`` (a code)."""
    basis = rules.organisation.year_basis(where)
    match slots.quarter, slots.fiscal_year:
        case int(number), int(year):
            return labelled_quarter(number, year, basis)
        case int(number), None:
            return numbered_quarter(rules, where, number, basis, purpose)
        case Relative.PREVIOUS, _:
            return previous_quarter(rules, where, purpose)
        case Relative.NEXT, _:
            return current_quarter(rules, where, purpose).next()
        case _, int(year):
            current = current_quarter(rules, where, purpose)
            return current if current.label(basis).be_year == year else labelled_quarter(4, year, basis)
    return current_quarter(rules, where, purpose)


def relabelled(request: Request, before: Slots, said: Slots) -> Slots:
    """Return what was said before with its quarter as the agency that is named now labels it: the same months."""
    number, year = before.quarter, before.fiscal_year
    if said.agency is None or said.quarter is not None or not isinstance(number, int) or year is None:
        return before
    label = labelled_quarter(number, year, _basis_of(request, before.agency)).label(_basis_of(request, said.agency))
    return replace(before, quarter=label.number, fiscal_year=label.be_year)


def _basis_of(request: Request, agency: str | None) -> YearBasis:
    named = units_named(request, agency) if agency is not None else ()
    return request.reference.rules.organisation.year_basis(named[0]) if named else request.basis


def agency_names(request: Request) -> AgencyNames:
    """Return the names by which the asker may call agencies: those of the own ministry first."""
    home = request.sight.home
    ministry = request.reference.rules.organisation.ministry_of(home) if home else None
    return request.reference.worked_out((AgencyNames, ministry), lambda: _names(request.reference, ministry))


def units_named(request: Request, agency: str) -> Sequence[str]:
    """Return the codes of the units with this canonical abbreviation: in the asker's ministry, or else anywhere.

    More than one: the name is ambiguous, and the asker has to say which.
    """
    organisation = request.reference.rules.organisation
    home = request.sight.home
    named = [unit for unit in organisation.units.values() if unit.short_name == agency and unit.merged_into is None]
    own = [unit for unit in named if home and organisation.ministry_of(unit.code) == organisation.ministry_of(home)]
    return [unit.code for unit in own or named]


def _names(reference: Reference, ministry: str | None) -> AgencyNames:
    organisation = reference.rules.organisation
    living = [unit for unit in organisation.units.values() if unit.merged_into is None and _has_name(unit)]
    return AgencyNames(
        Agency(
            unit.short_name, unit.name, is_own=ministry is not None and organisation.ministry_of(unit.code) == ministry
        )
        for unit in living
    )


def _has_name(unit: Unit) -> bool:
    return bool(unit.short_name) and unit.level in (UnitLevel.MINISTRY, UnitLevel.AGENCY)
