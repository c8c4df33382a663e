"""Who is told of what is owed, and on which morning (domain.md §5): officers, heads of units, coordinators."""

from dataclasses import replace
from datetime import time

import pytest

from domain.fiscal import YearBasis
from domain.organisation import Post
from domain.policy import LateReports
from domain.reminders import BANGKOK, Share
from domain.roles import Role
from domain.submissions import DutyState
from domain.windows import Occasion, Roll, Stage, WindowKind
from tests.unit.domain.labour import SOCIAL_SECURITY
from tests.unit.domain.ministry import (
    DEPARTMENT,
    DIVISION_1,
    DIVISION_2,
    INSURANCE,
    POSTS,
    Q1,
    Q2,
    Q3,
    Q4,
    Ministry,
    bangkok,
)
from tests.unit.domain.thai_dates import day, span


@pytest.fixture
def ministry() -> Ministry:
    return Ministry()


@pytest.fixture
def owing(ministry: Ministry) -> Ministry:
    """The ministry when กอง 1 has not sent one report of Q2/66."""
    ministry.owes()
    return ministry


# The ladder of people


def test_nobody_acting_in_the_second_quarter(owing: Ministry) -> None:
    assert owing.play("1 เม.ย. 66", "30 เม.ย. 66") == {
        "officer": [
            ("3 เม.ย.", "opened"),
            ("5 เม.ย.", "ahead"),
            ("11 เม.ย.", "ahead"),
            ("18 เม.ย.", "last_day"),
            ("19 เม.ย.", "overdue"),
            ("24 เม.ย.", "overdue"),
        ],
        "head": [(on, "escalated") for on in ("11 เม.ย.", "18 เม.ย.", "19 เม.ย.", "24 เม.ย.")],
        "coordinator": [(on, "escalated") for on in ("18 เม.ย.", "19 เม.ย.", "24 เม.ย.")],
    }


def test_nobody_acting_in_the_fourth_quarter(ministry: Ministry) -> None:
    ministry.owes(occasion=Q4)
    story = ministry.play("1 ต.ค. 66", "31 ต.ค. 66")
    assert story["officer"] == [
        ("2 ต.ค.", "opened"),
        ("5 ต.ค.", "ahead"),
        ("10 ต.ค.", "ahead"),
        ("12 ต.ค.", "last_day"),
        ("16 ต.ค.", "overdue"),
        ("24 ต.ค.", "overdue"),  # the 23rd is a holiday
        ("30 ต.ค.", "overdue"),
    ]


def test_the_deadline_stays_a_sunday_though_the_last_working_day_is_earlier(ministry: Ministry) -> None:
    ministry.owes(occasion=Q4)
    topic = ministry.topic("officer", "12 ต.ค. 66")
    assert topic.span == span("1–15 ต.ค. 66")
    assert (topic.days_left, topic.working_days_left) == (3, 0)


def test_overdue_reminders_end_when_the_next_quarters_window_opens(owing: Ministry) -> None:
    story = owing.play("1 มิ.ย. 66", "31 ก.ค. 66")
    assert story["officer"][-1] == ("26 มิ.ย.", "overdue")


def test_the_first_overdue_reminder_comes_even_where_the_next_window_follows_at_once(ministry: Ministry) -> None:
    """The achievement reports of December: the window of Q1/67 opens the day after the last day but one."""
    ministry.owes(DEPARTMENT, Occasion(WindowKind.ACHIEVEMENT_ANNUAL, 2566))
    story = ministry.play("28 ธ.ค. 66", "31 ม.ค. 67")
    assert story["plan officer"] == [("28 ธ.ค.", "last_day"), ("2 ม.ค.", "overdue")]


def test_what_is_owed_before_the_window_opens_reminds_nobody(owing: Ministry) -> None:
    assert owing.play("20 มี.ค. 66", "2 เม.ย. 66") == {}


def test_the_head_joins_where_the_ministry_says(owing: Ministry) -> None:
    owing.reminds(lead_days=(5, 3, 1), head_joins_at=2)
    story = owing.play("1 เม.ย. 66", "18 เม.ย. 66")
    assert story["head"] == [("10 เม.ย.", "escalated"), ("12 เม.ย.", "escalated"), ("18 เม.ย.", "escalated")]


def test_a_head_who_enters_data_as_well_is_told_once_as_the_officer(owing: Ministry) -> None:
    owing.posts.append(Post("head", DIVISION_1, Role.PROJECT_OFFICER))
    assert owing.told("18 เม.ย. 66") == {
        "officer": ["last_day"],
        "head": ["last_day"],
        "coordinator": ["escalated"],
    }


def test_a_head_who_is_the_coordinator_joins_as_early_as_any_head_and_counts_things_once(owing: Ministry) -> None:
    owing.posts.append(Post("head", "รง.", Role.MINISTRY_COORDINATOR))
    assert owing.told("11 เม.ย. 66") == {"officer": ["ahead"], "head": ["escalated"]}
    assert owing.topic("head", "18 เม.ย. 66").count == 1


def test_every_coordinator_of_the_ministry_is_told_wherever_in_it_he_sits(owing: Ministry) -> None:
    owing.posts.append(Post("second coordinator", INSURANCE, Role.MINISTRY_COORDINATOR))
    assert owing.told("18 เม.ย. 66").keys() == {"officer", "head", "coordinator", "second coordinator"}


def test_monitors_admins_and_strangers_are_never_reminded(owing: Ministry) -> None:
    owing.waits(1)
    told = owing.play("1 มี.ค. 66", "31 พ.ค. 66").keys()
    assert told.isdisjoint({"monitor", "admin", "stranger"})


def test_agency_duties_go_to_the_plan_officer_wherever_in_the_agency(ministry: Ministry) -> None:
    ministry.owes(DEPARTMENT, Occasion(WindowKind.LEVEL3_PLAN, 2566))
    story = ministry.play("27 ม.ค. 66", "10 มี.ค. 66")
    assert story["plan officer"] == [
        ("27 ม.ค.", "opened"),
        ("21 ก.พ.", "ahead"),
        ("24 ก.พ.", "ahead"),
        ("28 ก.พ.", "last_day"),
        ("1 มี.ค.", "overdue"),
    ]
    assert story["director-general"][0] == ("24 ก.พ.", "escalated")


# It stops


def test_it_does_not_remind_after_submission(owing: Ministry) -> None:
    owing.play("1 เม.ย. 66", "5 เม.ย. 66")
    owing.duties.clear()
    assert owing.play("6 เม.ย. 66", "30 มิ.ย. 66") == {}


def test_a_returned_report_is_the_officers_duty_again(ministry: Ministry) -> None:
    ministry.owes(state=DutyState.RETURNED, returned_by=Stage.AGENCY)
    assert ministry.told("18 เม.ย. 66")["officer"] == ["last_day"]
    assert ministry.topic("officer", "18 เม.ย. 66").states == ((DutyState.RETURNED, 1),)


def test_a_report_returned_from_above_follows_the_upper_window(ministry: Ministry) -> None:
    ministry.owes(state=DutyState.RETURNED, returned_by=Stage.UPPER)
    story = ministry.play("20 เม.ย. 66", "7 พ.ค. 66")
    assert story["officer"] == [
        ("21 เม.ย.", "ahead"),
        ("26 เม.ย.", "ahead"),
        ("28 เม.ย.", "last_day"),
        ("1 พ.ค.", "overdue"),
    ]
    assert story["coordinator"] == [("28 เม.ย.", "escalated"), ("1 พ.ค.", "escalated")]


def test_a_report_returned_from_above_and_never_sent_again_is_overdue_once(ministry: Ministry) -> None:
    """The UPPER window of Q1 ends on 31 มี.ค.; the next quarter's opens on 1 เม.ย., a Saturday."""
    ministry.owes(occasion=Q1, state=DutyState.RETURNED, returned_by=Stage.UPPER)
    story = ministry.play("31 มี.ค. 66", "30 เม.ย. 66")
    assert story["officer"] == [("31 มี.ค.", "last_day"), ("3 เม.ย.", "overdue")]


# Holidays, hours, downtime


@pytest.mark.parametrize(
    "on",
    (
        pytest.param("1 เม.ย. 66", id="Saturday, the window's first day"),
        pytest.param("6 เม.ย. 66", id="จักรี"),
        pytest.param("13 เม.ย. 66", id="สงกรานต์"),
        pytest.param("17 เม.ย. 66", id="in lieu of สงกรานต์"),
        pytest.param("23 เม.ย. 66", id="Sunday"),
    ),
)
def test_nothing_is_sent_on_weekends_and_holidays(owing: Ministry, on: str) -> None:
    owing.waits(1)
    assert owing.told(on) == {}


@pytest.mark.parametrize(
    ("hour", "sends"),
    (("00:00", False), ("08:29", False), ("08:30", True), ("12:00", True), ("16:30", True), ("16:31", False)),
)
def test_nothing_is_sent_outside_working_hours(owing: Ministry, hour: str, sends: bool) -> None:  # noqa: FBT001
    assert bool(owing.told("18 เม.ย. 66", hour)) is sends


def test_a_ministry_may_have_hours_of_its_own(owing: Ministry) -> None:
    owing.reminds(send_from=time(9, 0), send_until=time(12, 0))
    assert [bool(owing.told("18 เม.ย. 66", hour)) for hour in ("08:59", "09:00", "12:00", "12:01")] == [
        False,
        True,
        True,
        False,
    ]


def test_a_digest_belongs_to_the_hours_of_its_day(owing: Ministry) -> None:
    (digest, *_) = owing.digests(day("18 เม.ย. 66"), "10:15")
    assert (digest.at, digest.until) == (bangkok(day("18 เม.ย. 66"), "08:30"), bangkok(day("18 เม.ย. 66"), "16:30"))
    assert digest.at.tzinfo is BANGKOK


@pytest.mark.parametrize(
    ("down", "officer"),
    (
        pytest.param(["3 เม.ย. 66"], ("4 เม.ย.", "opened"), id="a day late"),
        pytest.param(["3 เม.ย. 66", "4 เม.ย. 66", "5 เม.ย. 66"], ("7 เม.ย.", "ahead"), id="the newest of two"),
        pytest.param(
            [f"{n} เม.ย. 66" for n in range(3, 19)], ("19 เม.ย.", "overdue"), id="the whole window: overdue, no more"
        ),
    ),
)
def test_after_downtime_people_get_the_newest_truth_once(
    owing: Ministry, down: list[str], officer: tuple[str, str]
) -> None:
    story = owing.play("3 เม.ย. 66", "21 เม.ย. 66", down=down)["officer"]
    assert story[0] == officer
    assert len(story) == len(set(story))


def test_a_missed_last_day_is_not_called_the_last_day_afterwards(owing: Ministry) -> None:
    story = owing.play("11 เม.ย. 66", "21 เม.ย. 66", down=["18 เม.ย. 66"])
    assert story["officer"] == [("11 เม.ย.", "ahead"), ("19 เม.ย.", "overdue")]


def test_nothing_is_sent_twice_on_one_day(owing: Ministry) -> None:
    owing.send(day("18 เม.ย. 66"))
    assert owing.told("18 เม.ย. 66", "08:31") == {}


def test_who_had_todays_reminder_gets_no_second_one_though_something_new_is_owed(owing: Ministry) -> None:
    owing.send(day("18 เม.ย. 66"))
    owing.owes(occasion=Q3)
    owing.issues(Q3, "18–30 เม.ย. 66", issued="1 เม.ย. 66")
    assert owing.digests(day("18 เม.ย. 66"), told_today={"officer", "head", "coordinator"}) == []
    assert owing.told("19 เม.ย. 66")["officer"] == ["overdue", "opened"]


# One digest


def test_one_digest_merges_all_that_a_person_has_the_most_pressing_first(ministry: Ministry) -> None:
    ministry.owes()
    ministry.owes(occasion=Occasion(WindowKind.MIDYEAR_ENTRY, 2566, 1))
    ministry.owes(occasion=Q1, state=DutyState.RETURNED, returned_by=Stage.UPPER)
    (digest,) = (d for d in ministry.digests(day("3 เม.ย. 66")) if d.person == "officer")
    assert [(topic.occasion.kind, topic.step.value) for topic in digest.topics] == [
        (WindowKind.QUARTER_REPORT, "overdue"),
        (WindowKind.MIDYEAR_ENTRY, "opened"),
        (WindowKind.QUARTER_REPORT, "opened"),
    ]


def test_a_topic_counts_what_is_owed_in_which_state_and_names_the_first_three(ministry: Ministry) -> None:
    for title, state in (
        ("ก", DutyState.DRAFT),
        ("ข", DutyState.MISSING),
        ("ค", DutyState.MISSING),
        ("ง", DutyState.RETURNED),
    ):
        ministry.owes(title=title, state=state)
    topic = ministry.topic("officer", "3 เม.ย. 66")
    assert topic.count == 4
    assert topic.states == ((DutyState.MISSING, 2), (DutyState.DRAFT, 1), (DutyState.RETURNED, 1))
    assert topic.titles == ("ก", "ข", "ค")


def test_the_coordinator_sees_each_agencys_share(ministry: Ministry) -> None:
    for unit in (DIVISION_1, DIVISION_1, DIVISION_2, INSURANCE):
        ministry.owes(unit)
    topic = ministry.topic("coordinator", "19 เม.ย. 66")
    assert topic.shares == (Share(DEPARTMENT, 3), Share(SOCIAL_SECURITY, 1))
    assert len(topic.titles) == 3


def test_days_left_count_from_the_morning_of_the_digest(owing: Ministry) -> None:
    topics = [owing.topic("officer", on) for on in ("3 เม.ย. 66", "11 เม.ย. 66", "18 เม.ย. 66", "19 เม.ย. 66")]
    assert [topic.days_left for topic in topics] == [15, 7, 0, -1]
    assert [topic.working_days_left for topic in topics] == [7, 2, 0, 0]


@pytest.mark.parametrize(
    ("units", "person", "basis"),
    (
        pytest.param([INSURANCE], "insurance officer", YearBasis.CALENDAR, id="her own agency's name"),
        pytest.param([DIVISION_1], "officer", YearBasis.FISCAL, id="the fiscal name"),
        pytest.param([INSURANCE], "coordinator", YearBasis.CALENDAR, id="only สปส. is late"),
        pytest.param([INSURANCE, DIVISION_1], "coordinator", YearBasis.FISCAL, id="both kinds: the fiscal name"),
    ),
)
def test_quarters_are_labelled_as_the_readers_agencies_do(
    ministry: Ministry, units: list[str], person: str, basis: YearBasis
) -> None:
    for unit in units:
        ministry.owes(unit)
    topic = ministry.topic(person, "18 เม.ย. 66")
    assert (topic.basis, topic.occasion) == (basis, Q2)


@pytest.mark.parametrize(("late_reports", "allowed"), ((LateReports.ALLOW, True), (LateReports.REOPEN_ONLY, False)))
def test_an_overdue_topic_says_whether_a_late_report_is_still_taken(
    owing: Ministry,
    late_reports: LateReports,
    allowed: bool,  # noqa: FBT001
) -> None:
    owing.reminds(late_reports=late_reports)
    assert owing.topic("officer", "19 เม.ย. 66").late_allowed is allowed


def test_where_last_days_roll_people_are_reminded_of_the_rolled_one(ministry: Ministry) -> None:
    ministry.owes(occasion=Q4)
    ministry.reminds(roll=Roll.NEXT_WORKING_DAY)
    topic = ministry.topic("officer", "16 ต.ค. 66")
    assert (topic.step.value, topic.span, topic.days_left) == ("last_day", span("1–16 ต.ค. 66"), 0)


# Who is responsible


def test_a_unit_without_an_officer_falls_to_its_parents(ministry: Ministry) -> None:
    ministry.owes(DIVISION_2)
    assert ministry.told("3 เม.ย. 66") == {"department officer": ["opened"]}


def test_the_head_of_a_unit_without_a_route_is_the_first_approver_of_its_parents(ministry: Ministry) -> None:
    ministry.owes(DIVISION_2)
    assert ministry.told("11 เม.ย. 66") == {"department officer": ["ahead"], "director-general": ["escalated"]}


def test_both_approvers_of_the_first_step_are_heads(ministry: Ministry) -> None:
    ministry.owes(INSURANCE)
    assert ministry.told("11 เม.ย. 66").keys() == {
        "insurance officer",
        "secretary-general",
        "deputy secretary-general",
    }


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "told"),
    (
        pytest.param(None, "10 เม.ย. 66", "department officer", id="the role ended yesterday"),
        pytest.param("12 เม.ย. 66", None, "department officer", id="it starts tomorrow"),
        pytest.param("11 เม.ย. 66", "11 เม.ย. 66", "officer", id="today alone"),
        pytest.param(None, None, "officer", id="open-ended"),
    ),
)
def test_only_a_role_held_today_counts(
    owing: Ministry, valid_from: str | None, valid_to: str | None, told: str
) -> None:
    first, last = (day(text) if text else None for text in (valid_from, valid_to))
    owing.posts = [p._replace(valid_from=first, valid_to=last) if p.person == "officer" else p for p in POSTS]
    assert owing.told("11 เม.ย. 66").keys() == {told, "head"}


def test_a_person_with_the_role_twice_is_told_of_each_thing_once(owing: Ministry) -> None:
    """Two rows of one person, as when a role is renewed before it ends."""
    owing.posts.append(Post("officer", DIVISION_1, Role.PROJECT_OFFICER, day("1 เม.ย. 66")))
    assert owing.topic("officer", "3 เม.ย. 66").count == 1


def test_a_second_officer_is_told_as_well(owing: Ministry) -> None:
    owing.posts.append(Post("second officer", DIVISION_1, Role.PROJECT_OFFICER))
    assert owing.told("3 เม.ย. 66").keys() == {"officer", "second officer"}


# A newer circular


def test_a_newer_circular_replans_what_is_to_come_and_repeats_nothing(owing: Ministry) -> None:
    owing.play("1 เม.ย. 66", "11 เม.ย. 66")
    owing.issues(Q2, "1–28 เม.ย. 66", issued="12 เม.ย. 66")
    assert owing.play("12 เม.ย. 66", "30 เม.ย. 66")["officer"] == [
        ("21 เม.ย.", "ahead"),
        ("26 เม.ย.", "ahead"),
        ("28 เม.ย.", "last_day"),
    ]


def test_an_extension_ends_being_overdue(owing: Ministry) -> None:
    owing.play("1 เม.ย. 66", "20 เม.ย. 66")
    owing.issues(Q2, "1 เม.ย.–12 พ.ค. 66", issued="21 เม.ย. 66")
    assert owing.play("21 เม.ย. 66", "2 พ.ค. 66") == {}


def test_another_ministrys_circular_changes_nothing(owing: Ministry) -> None:
    owing.issues(Q2, "1–5 เม.ย. 66", issued="1 เม.ย. 66")
    owing.windows[-1] = replace(owing.windows[-1], scope_id="อื่น")
    assert owing.told("18 เม.ย. 66")["officer"] == ["last_day"]
