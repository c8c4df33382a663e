"""All particulars of a sentence, taken in the order in which they could be mistaken for one another."""

from __future__ import annotations

from dataclasses import dataclass, replace

from messages_th.understanding.agencies import AgencyNames
from messages_th.understanding.codes import take_letter_number, take_project_code
from messages_th.understanding.intents import Intent, Relative, Slots, Status
from messages_th.understanding.periods import take_quarter, take_relative_year, take_year
from messages_th.understanding.project_names import take_bare_name, take_project_name
from messages_th.understanding.spans import Sentence

_DECISIONS = frozenset({Intent.APPROVE, Intent.RETURN})
_ABOUT_ONE_PROJECT = _DECISIONS | {Intent.PROJECT_STATUS, Intent.DISBURSEMENT_STATUS, Intent.REPORT_HISTORY}


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a sentence names, whatever it is about; ``sentence`` is what remains of it."""

    sentence: Sentence
    quarter: int | Relative | None
    fiscal_year: int | None
    relative_year: Relative | None
    agency: str | None
    project_code: str | None
    project_query: str | None
    letter_no: str | None

    def of(self, intent: Intent) -> Particulars:
        """Return the particulars with a project called by its bare name, where the intent is about one project."""
        if intent not in _ABOUT_ONE_PROJECT or self.project_code or self.project_query:
            return self
        return replace(self, project_query=take_bare_name(self.sentence, decides=intent in _DECISIONS))

    def slots(self, status: Status | None) -> Slots:
        """Return the slots, with the status that the intent made a filter of."""
        return Slots(self.quarter, self.fiscal_year, self.agency, self.project_code, self.project_query, status)


def particulars(text: str, names: AgencyNames) -> Particulars:
    """Return what a normalised text names."""
    sentence = Sentence(text)
    code = take_project_code(sentence)
    letter_no = take_letter_number(sentence)
    quarter, quarters_year = take_quarter(sentence)
    year = quarters_year or take_year(sentence)
    relative_year = take_relative_year(sentence)
    agency = names.take(sentence)
    name = None if code else take_project_name(sentence)
    agency = agency or names.take_loosely(sentence)
    return Particulars(sentence, quarter, year, relative_year, agency, code, name, letter_no)
