"""Who is told of what waits for a decision, and on which morning (domain.md §5): approvers and coordinators."""

import pytest

from domain.organisation import Post
from domain.roles import Role
from domain.submissions import DutyState
from domain.windows import Occasion, WindowKind
from tests.unit.domain.ministry import (
    DEPARTMENT,
    DIVISION_1,
    DIVISION_2,
    INSURANCE,
    POSTS,
    Q2,
    Q4,
    ROUTES,
    Ministry,
    bangkok,
)
from tests.unit.domain.thai_dates import day, span

HEAD, DIRECTOR_GENERAL, CLUSTER_HEAD, PERMANENT_SECRETARY = 1, 2, 3, 4


@pytest.fixture
def ministry() -> Ministry:
    return Ministry()


def mornings(text: str, step: str = "pending") -> list[tuple[str, str]]:
    """Return the story of one step on the days of "3, 4, 5 เม.ย."."""
    *numbers, last = text.split(", ")
    month = last.split(" ")[1]
    return [(f"{number} {month}", step) for number in numbers] + [(last, step)]


# Inside and outside the stage's window


def test_the_holder_of_the_step_is_told_each_working_morning_of_the_window_and_weekly_afterwards(
    ministry: Ministry,
) -> None:
    ministry.waits(HEAD)
    assert ministry.play("1 เม.ย. 66", "30 เม.ย. 66") == {
        "head": mornings("3, 4, 5, 7, 10, 11, 12, 18, 24 เม.ย."),
        "coordinator": mornings("19, 24 เม.ย.", "escalated"),
    }


def test_a_step_above_is_told_weekly_until_its_own_window_opens(ministry: Ministry) -> None:
    """The 10th is a Monday; the 17th is a holiday, so that week begins on the 18th."""
    ministry.waits(CLUSTER_HEAD)
    assert ministry.play("1 เม.ย. 66", "8 พ.ค. 66") == {
        "cluster head": mornings("3, 10, 18, 19, 20, 21, 24, 25, 26, 27, 28 เม.ย.") + mornings("1, 8 พ.ค."),
        "coordinator": mornings("3, 10, 18 เม.ย.", "escalated") + mornings("1, 8 พ.ค.", "escalated"),
    }


def test_a_long_wait_inside_the_window_is_told_the_coordinator_and_later_the_administrator_once_each(
    ministry: Ministry,
) -> None:
    """From Monday the 3rd: two working days are over on the 5th, four on the 10th, for the 6th is a holiday."""
    ministry.reminds(escalate_after=2, admin_after=4)
    ministry.waits(HEAD, since=bangkok(day("3 เม.ย. 66"), "10:00"))
    story = ministry.play("3 เม.ย. 66", "12 เม.ย. 66")
    assert story["coordinator"] == [("5 เม.ย.", "escalated")]
    assert story["admin"] == [("10 เม.ย.", "escalated")]


def test_a_bot_that_was_down_on_the_day_tells_of_the_long_wait_afterwards(ministry: Ministry) -> None:
    ministry.reminds(escalate_after=2)
    ministry.waits(HEAD, since=bangkok(day("3 เม.ย. 66"), "10:00"))
    story = ministry.play("3 เม.ย. 66", "12 เม.ย. 66", down=["5 เม.ย. 66", "7 เม.ย. 66"])
    assert story["coordinator"] == [("10 เม.ย.", "escalated")]


def test_inside_the_window_the_coordinator_is_not_told(ministry: Ministry) -> None:
    ministry.waits(HEAD)
    assert ministry.told("18 เม.ย. 66") == {"head": ["pending"]}


def test_a_window_that_opens_in_mid_week_is_the_approvers_alone(ministry: Ministry) -> None:
    ministry.waits(CLUSTER_HEAD)
    assert ministry.told("19 เม.ย. 66") == {"cluster head": ["pending"]}


def test_after_a_window_that_closes_in_mid_week_the_next_weeks_first_morning_is_next(ministry: Ministry) -> None:
    """The UPPER window of Q4 closes on Monday 30 ต.ค."""
    ministry.waits(CLUSTER_HEAD, occasion=Q4)
    assert ministry.play("30 ต.ค. 66", "6 พ.ย. 66") == {
        "cluster head": mornings("30 ต.ค.") + mornings("6 พ.ย."),
        "coordinator": mornings("6 พ.ย.", "escalated"),
    }


def test_what_has_no_window_is_told_of_once_a_week(ministry: Ministry) -> None:
    ministry.waits(HEAD, occasion=Occasion(WindowKind.MIDYEAR_ENTRY, 2566, 3))
    assert ministry.play("3 เม.ย. 66", "12 เม.ย. 66") == {
        "head": mornings("3, 10 เม.ย."),
        "coordinator": mornings("3, 10 เม.ย.", "escalated"),
    }
    topic = Ministry(waiting=ministry.waiting).topic("head", "3 เม.ย. 66")
    assert (topic.span, topic.days_left, topic.working_days_left) == (None, None, None)


def test_a_weekly_reminder_missed_comes_later_in_the_week_and_once(ministry: Ministry) -> None:
    ministry.waits(CLUSTER_HEAD)
    story = ministry.play("3 เม.ย. 66", "7 เม.ย. 66", down=["3 เม.ย. 66"])
    assert story["cluster head"] == mornings("4 เม.ย.")


def test_days_left_are_those_of_the_step_s_own_window(ministry: Ministry) -> None:
    ministry.waits(CLUSTER_HEAD)
    topic = ministry.topic("cluster head", "26 เม.ย. 66")
    assert (topic.span, topic.days_left, topic.working_days_left) == (span("19–30 เม.ย. 66"), 4, 2)


def test_the_coordinators_overdue_list_has_what_is_not_sent_and_what_the_agency_still_holds(ministry: Ministry) -> None:
    ministry.owes()
    ministry.waits(HEAD)
    topic = ministry.topic("coordinator", "19 เม.ย. 66")
    assert topic.states == ((DutyState.MISSING, 1), (DutyState.WAITING, 1))


# When there is nothing to decide


def test_no_pending_reminder_when_nothing_waits(ministry: Ministry) -> None:
    assert ministry.play("1 มี.ค. 66", "31 พ.ค. 66") == {}


def test_it_stops_the_moment_the_item_is_decided(ministry: Ministry) -> None:
    ministry.waits(HEAD)
    ministry.play("3 เม.ย. 66", "4 เม.ย. 66")
    ministry.waiting.clear()
    assert ministry.told("5 เม.ย. 66") == {}


@pytest.mark.parametrize(
    ("order", "person"),
    (
        (HEAD, "head"),
        (DIRECTOR_GENERAL, "director-general"),
        (CLUSTER_HEAD, "cluster head"),
        (PERMANENT_SECRETARY, "permanent secretary"),
    ),
)
def test_only_the_holder_of_the_current_step_is_told(ministry: Ministry, order: int, person: str) -> None:
    ministry.waits(order)
    pending = {reader for reader, steps in ministry.told("3 เม.ย. 66").items() if "pending" in steps}
    assert pending == {person}


def test_an_approver_above_the_first_step_is_never_told_to_report(ministry: Ministry) -> None:
    ministry.owes()
    ministry.waits(DIRECTOR_GENERAL)
    story = ministry.play("1 เม.ย. 66", "31 พ.ค. 66")
    assert {step for _, step in story["director-general"]} == {"pending"}
    assert story.keys().isdisjoint({"cluster head", "permanent secretary"})


def test_an_item_is_told_of_from_the_morning_after_it_came(ministry: Ministry) -> None:
    """It was announced when it arrived: the digest of a late start does not repeat what came meanwhile."""
    ministry.waits(HEAD, since=bangkok(day("4 เม.ย. 66"), "09:00"))
    assert ministry.told("4 เม.ย. 66", "10:15") == {}
    assert ministry.told("5 เม.ย. 66") == {"head": ["pending"]}


def test_an_item_that_came_after_the_weekly_morning_waits_for_the_next(ministry: Ministry) -> None:
    ministry.waits(CLUSTER_HEAD, since=bangkok(day("4 เม.ย. 66"), "09:00"))
    assert ministry.play("4 เม.ย. 66", "10 เม.ย. 66")["cluster head"] == mornings("10 เม.ย.")


def test_items_of_several_units_are_one_topic_with_each_unit_s_share(ministry: Ministry) -> None:
    for unit, order in ((DIVISION_1, DIRECTOR_GENERAL), (DIVISION_1, DIRECTOR_GENERAL), (DIVISION_2, 1)):
        ministry.waits(order, unit)
    topics = [topic for digest in ministry.digests(day("3 เม.ย. 66")) for topic in digest.topics]
    assert sum(topic.count for topic in topics) == 3
    (topic,) = topics
    assert {share.unit: share.count for share in topic.shares} == {DIVISION_1: 2, DIVISION_2: 1}


# Who may decide today


def test_a_unit_without_a_route_uses_its_parents(ministry: Ministry) -> None:
    ministry.waits(1, DIVISION_2)
    assert ministry.told("3 เม.ย. 66") == {"director-general": ["pending"]}


def test_either_of_two_approvers_at_one_step_is_told(ministry: Ministry) -> None:
    ministry.waits(1, INSURANCE)
    assert ministry.told("3 เม.ย. 66") == {
        "secretary-general": ["pending"],
        "deputy secretary-general": ["pending"],
    }


@pytest.mark.parametrize(
    ("on", "told"),
    (
        pytest.param("4 เม.ย. 66", {"head"}, id="before he acts"),
        pytest.param("5 เม.ย. 66", {"head", "deputy"}, id="on his first day"),
        pytest.param("10 เม.ย. 66", {"head", "deputy"}, id="on his last day"),
        pytest.param("11 เม.ย. 66", {"head"}, id="the day after"),
    ),
)
def test_who_acts_for_an_approver_is_told_as_well_while_he_acts(ministry: Ministry, on: str, told: set[str]) -> None:
    ministry.posts.append(
        Post("deputy", DEPARTMENT, Role.APPROVER, day("5 เม.ย. 66"), day("10 เม.ย. 66"), acting_for="head")
    )
    ministry.waits(HEAD)
    assert ministry.told(on).keys() == told


def test_who_acts_for_a_vacant_post_is_told_alone(ministry: Ministry) -> None:
    ministry.posts = [p._replace(valid_to=day("3 เม.ย. 66")) if p.person == "head" else p for p in POSTS]
    ministry.posts.append(Post("deputy", DIVISION_1, Role.APPROVER, acting_for="head"))
    ministry.waits(HEAD)
    assert ministry.told("4 เม.ย. 66").keys() == {"deputy"}


def test_who_only_acts_for_one_person_decides_nothing_in_his_own_name(ministry: Ministry) -> None:
    ministry.posts.append(Post("deputy", DIVISION_1, Role.APPROVER, acting_for="head"))
    ministry.routes = [row._replace(approver="deputy") if row.step.order == 2 else row for row in ROUTES]
    ministry.waits(DIRECTOR_GENERAL)
    assert ministry.told("4 เม.ย. 66") == {"coordinator": ["escalated"]}


def test_a_name_in_a_route_without_the_role_decides_nothing(ministry: Ministry) -> None:
    ministry.posts = [p for p in POSTS if p.person != "head"]
    ministry.waits(HEAD)
    assert ministry.told("4 เม.ย. 66") == {"coordinator": ["escalated"]}


def test_what_nobody_can_decide_still_reaches_the_coordinator_when_the_window_is_over(ministry: Ministry) -> None:
    ministry.posts = [p for p in POSTS if p.person != "head"]
    ministry.waits(HEAD, occasion=Q2)
    assert ministry.told("19 เม.ย. 66") == {"coordinator": ["escalated"]}
