"""Whom circulars are for, between words and audiences: what somebody may name, and what that is called."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.circulars.audience import NOBODY, Audience, ministries_of, reach_of
from domain.fiscal import Quarter, YearBasis
from domain.spoken_quarters import Purpose, current_quarter
from handlers.spoken import quarter_said
from messages_th.circulars.letters import number_and_date
from messages_th.circulars.places import PlaceNames
from messages_th.circulars.reading_whom import Heard, read_audience
from messages_th.circulars.whom import Names, audience_words
from messages_th.understanding.intents import Relative, Slots
from storage.circulars.groups import group_names
from storage.circulars.rows import title_of
from storage.reference import Reference

UNITS_NAMED = 12
"""Units that a card names; more are counted."""


def names_of(session: Session, reference: Reference, person: str, audience: Audience = NOBODY) -> Names:
    """Return what ``person`` (a code), who writes circulars, may name; ``audience`` is to be called by these names."""
    organisation = reference.rules.organisation
    reach = reach_of(organisation, person)
    whole = ministries_of(organisation, person) or frozenset()  # what "everybody" is; none: the country
    home = reference.sight(person).home

    def quarter(number: int | Relative | None, year: int | None) -> Quarter:
        return quarter_said(reference.rules, _speaks_from(reference, home), Slots(quarter=number, fiscal_year=year))

    return Names(
        places=reference.worked_out((PlaceNames, whole, reach is None), lambda: PlaceNames(organisation, reach)),
        whole=whole,
        quarter=quarter,
        basis=organisation.year_basis(home) if home else YearBasis.FISCAL,
        groups=group_names(session, reference, person),
        letters=_letters(session, audience),
    )


def whom_words(session: Session, reference: Reference, person: str, audience: Audience) -> str:
    """Return whom an audience of ``person`` (a code) is, for a card."""
    return audience_words(audience, names_of(session, reference, person, audience), UNITS_NAMED)


def whom_said(session: Session, reference: Reference, person: str, text: str, before: Audience = NOBODY) -> Heard:
    """Return whom ``person`` (a code) names in a text; ``before`` is who is chosen so far."""
    return read_audience(text, names_of(session, reference, person), before)


def quarter_owed(reference: Reference, person: str) -> Quarter:
    """Return the quarter that is being reported where ``person`` (a code) sits."""
    speaks_from = _speaks_from(reference, reference.sight(person).home)
    return current_quarter(reference.rules, speaks_from, Purpose.REPORTING)


def _speaks_from(reference: Reference, home: str | None) -> str:
    return home or next(iter(reference.rules.organisation.units))


def _letters(session: Session, audience: Audience) -> dict[int, str]:
    if audience.recipients_of is None or (title := title_of(session, audience.recipients_of)) is None:
        return {}
    return {audience.recipients_of: number_and_date(title.letter_no, title.letter_date)}
