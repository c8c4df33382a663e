"""People's own reminder settings: what may be wished, and what the planner makes of it."""

import pytest

from domain.organisation import Post
from domain.preferences import ImpossibleLead, NeverReminded, ReminderPreference, Wish
from domain.roles import Role
from tests.unit.domain.ministry import DIVISION_1, Ministry

FRIDAY = frozenset({5})


@pytest.fixture
def owing() -> Ministry:
    """The ministry when กอง 1 has not sent one report of Q2/66, due from 1 to 18 เม.ย. 66."""
    ministry = Ministry()
    ministry.owes()
    return ministry


def test_own_lead_days_replace_the_ministrys_for_ones_own_duties_alone(owing: Ministry) -> None:
    owing.posts.append(Post("colleague", DIVISION_1, Role.PROJECT_OFFICER))
    for person in ("officer", "head", "coordinator"):
        owing.preferences[person] = ReminderPreference(lead_days=(3,))
    story = owing.play("1 เม.ย. 66", "18 เม.ย. 66")
    assert story["officer"] == [("3 เม.ย.", "opened"), ("10 เม.ย.", "ahead"), ("18 เม.ย.", "last_day")]
    assert story["colleague"] == [
        ("3 เม.ย.", "opened"),
        ("5 เม.ย.", "ahead"),
        ("11 เม.ย.", "ahead"),
        ("18 เม.ย.", "last_day"),
    ]
    assert story["head"] == [("11 เม.ย.", "escalated"), ("18 เม.ย.", "escalated")]
    assert story["coordinator"] == [("18 เม.ย.", "escalated")]


def test_other_lead_days_in_the_middle_of_a_window_repeat_nothing(owing: Ministry) -> None:
    before = owing.play("1 เม.ย. 66", "5 เม.ย. 66")
    assert before["officer"] == [("3 เม.ย.", "opened"), ("5 เม.ย.", "ahead")]
    owing.preferences["officer"] = ReminderPreference(lead_days=(6, 2))
    after = owing.play("7 เม.ย. 66", "18 เม.ย. 66")
    assert after["officer"] == [("11 เม.ย.", "ahead"), ("18 เม.ย.", "last_day")]


def test_a_quiet_day_moves_a_reminder_to_the_next_day_that_is_not(owing: Ministry) -> None:
    owing.preferences["officer"] = ReminderPreference(quiet_weekdays=frozenset({1, 2}))
    story = owing.play("1 เม.ย. 66", "18 เม.ย. 66")
    # the 3rd and 4th are quiet; the 11th is a Tuesday, before a day of work and the holidays of Songkran
    assert story["officer"] == [("5 เม.ย.", "ahead"), ("12 เม.ย.", "ahead"), ("18 เม.ย.", "last_day")]


def test_the_last_working_day_of_a_window_reminds_on_a_quiet_day_too(owing: Ministry) -> None:
    owing.waits(1)
    owing.preferences = {
        person: ReminderPreference(quiet_weekdays=frozenset({2})) for person in ("officer", "head", "coordinator")
    }
    assert owing.told("11 เม.ย. 66") == {}
    assert owing.told("18 เม.ย. 66") == {
        "officer": ["last_day"],
        "head": ["pending", "escalated"],
        "coordinator": ["escalated"],
    }


def test_overdue_reminders_of_a_week_wait_for_the_end_of_quiet_days(owing: Ministry) -> None:
    owing.preferences["officer"] = ReminderPreference(quiet_weekdays=frozenset({1, 3}))
    story = owing.play("19 เม.ย. 66", "28 เม.ย. 66")
    assert story["officer"] == [("20 เม.ย.", "overdue"), ("25 เม.ย.", "overdue")]


@pytest.mark.parametrize(
    ("wish", "granted"),
    (
        (Wish(), ReminderPreference((4,), FRIDAY)),
        (Wish(lead_days=(2, 5, 2)), ReminderPreference((5, 2), FRIDAY)),
        (Wish(as_ministry=True), ReminderPreference(None, FRIDAY)),
        (Wish(quiet=frozenset({1, 6, 7})), ReminderPreference((4,), frozenset({1, 5}))),
        (Wish(loud=frozenset({5, 6})), ReminderPreference((4,))),
    ),
)
def test_a_wish_changes_what_it_names_and_nothing_else(wish: Wish, granted: ReminderPreference) -> None:
    assert wish.granted(ReminderPreference((4,), FRIDAY)) == granted


@pytest.mark.parametrize("lead_days", ((0,), (31,), (5, 4, 3, 2)))
def test_lead_days_are_one_to_thirty_and_three_at_most(lead_days: tuple[int, ...]) -> None:
    with pytest.raises(ImpossibleLead):
        Wish(lead_days=lead_days).granted(ReminderPreference())


def test_nobody_can_silence_every_working_day() -> None:
    with pytest.raises(NeverReminded):
        Wish(quiet=FRIDAY).granted(ReminderPreference(quiet_weekdays=frozenset({1, 2, 3, 4})))
