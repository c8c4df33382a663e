"""The card of reminder settings is what LINE takes, in the tone of its reader."""

import json
from itertools import product

import pytest

from domain.preferences import ImpossibleLead, NeverReminded, ReminderPreference, Wish
from handlers.reminder_settings import SetReminders
from messages_th import reminder_settings as thai
from messages_th.lengths import grapheme_length
from messages_th.reader import Reader
from messages_th.rendering import Rendered
from tests.unit.digest_samples import DIRECTOR_GENERAL, OFFICER, assert_line_takes, components, contents, words

CARELESS = Reader('ก"ข\n{{ 7 }} </b> 😀' * 20, "", executive=False)


def settings_card(reader: Reader, standing: thai.Standing, said: str = "") -> Rendered:
    return thai.settings_card(
        reader,
        standing,
        leads={days: SetReminders.of(Wish(lead_days=(days,))).pack() for days in thai.LEAD_CHOICES},
        weekdays={day: SetReminders.of(Wish(quiet=frozenset({day}))).pack() for day in range(1, 6)},
        as_ministry=SetReminders.of(Wish(as_ministry=True)).pack(),
        said=said,
    )


@pytest.mark.parametrize("reader", (OFFICER, DIRECTOR_GENERAL, CARELESS), ids=("officer", "executive", "careless"))
def test_every_state_makes_a_card_that_line_takes(reader: Reader) -> None:
    quiet_days = frozenset({1, 2, 3, 4})
    states = [ReminderPreference(leads, quiet) for leads in (None, (30, 29, 28)) for quiet in (frozenset(), quiet_days)]
    for owes, preference in product((True, False), states):
        standing = thai.Standing(preference, (60, 5, 2), owes=owes)
        other = thai.Standing(ReminderPreference((1,), frozenset({5})), (60, 5, 2), owes=owes)
        confirm = SetReminders.of(Wish((30, 29, 28), quiet=frozenset({1, 2, 3, 4}))).pack()
        for rendered in (
            settings_card(reader, standing),
            thai.proposal_card(reader, other, standing, confirm, names_weekends=True),
        ):
            assert_line_takes(rendered)
            for action in (c["action"] for c in components(contents(rendered)) if c["type"] == "button"):
                assert grapheme_length(action["label"]) <= 20


def test_staff_are_spoken_to_kindly_and_executives_plainly() -> None:
    for reader, particle in ((OFFICER, "ค่ะ"), (DIRECTOR_GENERAL, "")):
        for said in (
            thai.saved(reader),
            thai.refused(reader, ImpossibleLead()),
            thai.refused(reader, NeverReminded()),
            thai.unchanged(reader, Wish(lead_days=(3,)), owes=False, names_weekends=False),
            thai.unchanged(reader, Wish(as_ministry=True), owes=True, names_weekends=False),
        ):
            assert said.endswith(particle or said[-1])
            assert ("ค่ะ" in said) is bool(particle)


def test_a_proposal_shows_only_what_would_be_different() -> None:
    before = thai.Standing(ReminderPreference(), (5, 2), owes=True)
    after = thai.Standing(ReminderPreference(quiet_weekdays=frozenset({5})), (5, 2), owes=True)
    card = contents(thai.proposal_card(OFFICER, before, after, "st1:!0:5:", names_weekends=False))
    assert "ไม่รับวันศุกร์" in words(card)
    assert not any("ล่วงหน้า" in text for text in words(card))
    assert json.dumps(card).count('"postback"') == 1


@pytest.mark.parametrize(
    "wish",
    (
        Wish(),
        Wish(lead_days=(5, 2)),
        Wish(as_ministry=True),
        Wish(lead_days=(3,), quiet=frozenset({5}), loud=frozenset({1, 2})),
    ),
)
def test_a_press_carries_exactly_the_wish(wish: Wish) -> None:
    assert SetReminders.unpack(SetReminders.of(wish).pack()).wish() == wish
