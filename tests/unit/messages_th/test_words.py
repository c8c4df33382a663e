import importlib
import pkgutil
from enum import StrEnum

import pytest

import domain
from domain.circulars.letters import LetterFault
from domain.circulars.life import CircularAct, CircularRefusal, PauseReason
from domain.circulars.news import CircularEvent
from domain.days_of_entry import DayFault
from domain.doubts import DoubtKind
from domain.errors import Refusal
from domain.evidence import EvidenceFault
from domain.news import NewsEvent
from domain.report_fields import EditOutcome
from domain.revisions import Basis
from messages_th.words import word

_IN_SENTENCES = (
    *(Refusal, NewsEvent, Basis, DoubtKind, EvidenceFault, DayFault, EditOutcome),
    *(CircularAct, CircularRefusal, CircularEvent, LetterFault, PauseReason),
)
"""Said in whole sentences, or on buttons, by the modules of their messages."""


def _enumerations() -> list[type[StrEnum]]:
    modules = [importlib.import_module(module.name) for module in pkgutil.walk_packages(domain.__path__, "domain.")]
    found = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, StrEnum) and value not in (StrEnum, *_IN_SENTENCES)
    }
    return sorted(found, key=lambda enumeration: enumeration.__name__)


@pytest.mark.parametrize("enumeration", _enumerations())
def test_every_choice_of_the_domain_has_a_word_of_its_own(enumeration: type[StrEnum]) -> None:
    words = [word(member) for member in enumeration]
    assert all(words)
    assert len(set(words)) == len(words)


def test_members_that_are_spelt_alike_in_two_enumerations_keep_their_own_words() -> None:
    from domain.submissions import DutyState, SubmissionState

    assert (word(DutyState.DRAFT), word(SubmissionState.DRAFT)) == ("ร่าง", "ฉบับร่าง")
