"""Who an audience is: several posts, exclusions, deputies, reach, and reports that are still owed."""

from datetime import date

import pytest

from domain.circulars.audience import NOBODY, Audience, left_in, named_people, reach_of
from domain.fiscal import Quarter
from domain.organisation import Capacity, Organisation, Post, RouteStep, Unit, UnitLevel
from domain.roles import Role
from domain.submissions import ApprovalStep
from domain.windows import Stage

TODAY = date(2023, 3, 20)
OFFICER, PLANNER, APPROVER = Role.PROJECT_OFFICER, Role.PLAN_OFFICER, Role.APPROVER
COORDINATOR, MONITOR, ADMIN = Role.MINISTRY_COORDINATOR, Role.MONITOR, Role.ADMIN
UNITS = (
    Unit("NESDC", "สศช.", "สศช.", UnitLevel.AGENCY, None),
    Unit("M", "กระทรวงแรงงาน", "รง.", UnitLevel.MINISTRY, None),
    Unit("A", "กรมการจัดหางาน", "กกจ.", UnitLevel.AGENCY, "M"),
    Unit("A1", "กอง ก", "", UnitLevel.DIVISION, "A"),
    Unit("A2", "กอง ข", "", UnitLevel.DIVISION, "A"),
    Unit("A0", "กองเดิม", "", UnitLevel.DIVISION, "A", merged_into="A1"),
    Unit("B", "กรมสวัสดิการ", "กสร.", UnitLevel.AGENCY, "M"),
    Unit("B1", "กอง ค", "", UnitLevel.DIVISION, "B"),
    Unit("N", "กระทรวงอื่น", "อก.", UnitLevel.MINISTRY, None),
    Unit("N1", "กรมอื่น", "กอ.", UnitLevel.AGENCY, "N"),
)
POSTS = (
    Post("admin", "NESDC", ADMIN),
    Post("monitor", "M", MONITOR),
    Post("coordinator", "M", COORDINATOR),
    Post("secretary", "M", APPROVER),
    Post("dg-a", "A", APPROVER),
    Post("plan-a", "A", PLANNER),
    Post("officer-a1", "A1", OFFICER),
    Post("both", "A1", OFFICER),
    Post("both", "B1", APPROVER),
    Post("officer-a2", "A2", OFFICER),
    Post("former", "A2", OFFICER, valid_to=date(2023, 3, 19)),
    Post("to-come", "A2", OFFICER, valid_from=date(2023, 3, 21)),
    Post("officer-b1", "B1", OFFICER),
    Post("deputy", "B", APPROVER, acting_for="dg-b", capacity=Capacity.ACTING),
    Post("dg-b", "B", APPROVER),
    Post("of-other", "N1", OFFICER),
)
ROUTES = (RouteStep("A1", ApprovalStep(1, Stage.AGENCY), "dg-a"),)
ORGANISATION = Organisation(UNITS, POSTS, ROUTES, TODAY)
MINISTRY = ORGANISATION.below("M")
OF_A = {"dg-a", "plan-a", "officer-a1", "both", "officer-a2"}
OF_B = {"both", "officer-b1", "deputy", "dg-b"}


def units(*codes: str) -> frozenset[str]:
    return frozenset(codes)


def roles(*some: Role) -> frozenset[Role]:
    return frozenset(some)


@pytest.mark.parametrize(
    ("audience", "people"),
    (
        (NOBODY, set()),
        (Audience(roles=roles(APPROVER)), set()),
        (Audience(units=units("A")), OF_A),
        (Audience(units=units("A", "B")), OF_A | OF_B),
        (Audience(units=units("M")), OF_A | OF_B | {"coordinator", "secretary"}),
        (Audience(units=units("M"), roles=roles(MONITOR)), {"monitor"}),
        (Audience(units=units("A0")), set()),
        (Audience(units=units("gone")), set()),
        (Audience(units=units("M"), roles=roles(APPROVER)), {"secretary", "dg-a", "both", "deputy", "dg-b"}),
        (Audience(units=units("M"), without_units=units("A")), OF_B | {"coordinator", "secretary"}),
        (Audience(units=units("A", "B"), without_roles=roles(OFFICER)), {"dg-a", "plan-a", "both", "deputy", "dg-b"}),
        (Audience(units=units("A"), without_units=units("A1")), {"dg-a", "plan-a", "officer-a2"}),
        (Audience(everyone=True, roles=roles(OFFICER)), {"officer-a1", "both", "officer-a2", "officer-b1"}),
    ),
)  # fmt: skip
def test_a_coordinators_audience_is_who_holds_the_posts_today(audience: Audience, people: set[str]) -> None:
    assert set(named_people(ORGANISATION, audience, MINISTRY)) == people


def test_everybody_is_the_country_to_an_administrator_alone() -> None:
    everybody = Audience(everyone=True)
    assert reach_of(ORGANISATION, "admin") is None
    assert reach_of(ORGANISATION, "coordinator") == MINISTRY
    assert reach_of(ORGANISATION, "dg-a") == frozenset()
    country = set(named_people(ORGANISATION, everybody, None))
    assert country == {post.person for post in ORGANISATION.posts} - {"monitor"}
    assert country - set(named_people(ORGANISATION, everybody, MINISTRY)) == {"admin", "of-other"}
    assert named_people(ORGANISATION, Audience(units=units("N")), MINISTRY) == {}
    assert named_people(ORGANISATION, everybody, frozenset()) == {}


def test_somebody_with_several_posts_is_named_once_through_one_that_counts() -> None:
    assert named_people(ORGANISATION, Audience(units=units("M")), MINISTRY)["both"] == "A1"
    without_a = Audience(units=units("M"), without_units=units("A"))
    assert named_people(ORGANISATION, without_a, MINISTRY)["both"] == "B1"
    approvers = Audience(units=units("M"), roles=roles(APPROVER))
    assert named_people(ORGANISATION, approvers, MINISTRY)["both"] == "B1"


@pytest.mark.parametrize(
    ("audience", "owing", "people"),
    (
        (Audience(units=units("M"), unreported=Quarter(2566, 1)), ["A2"], {"officer-a2"}),
        (Audience(units=units("B"), unreported=Quarter(2566, 1)), ["A2"], set()),
        (Audience(everyone=True, unreported=Quarter(2566, 1)), ["A2", "N1"], {"officer-a2"}),
        (Audience(units=units("M"), unreported=Quarter(2566, 1), roles=roles(APPROVER)), ["A2"], {"dg-a", "secretary"}),
        (Audience(units=units("M"), unreported=Quarter(2566, 1), roles=roles(OFFICER, PLANNER)), ["A1"],
         {"officer-a1", "both", "plan-a"}),
        (Audience(units=units("M"), unreported=Quarter(2566, 1)), ["A0"], {"officer-a1", "both"}),
        (Audience(units=units("M"), unreported=Quarter(2566, 1)), [], set()),
    ),
)  # fmt: skip
def test_only_where_reports_are_owed_means_those_who_owe_or_answer_for_them(
    audience: Audience, owing: list[str], people: set[str]
) -> None:
    assert set(named_people(ORGANISATION, audience, MINISTRY, owing)) == people


def test_who_comes_through_a_group_is_left_out_like_anybody_else() -> None:
    group = {"both": "A1", "officer-a1": "A1", "dg-b": "B"}
    assert left_in(ORGANISATION, NOBODY, group) == group
    assert left_in(ORGANISATION, Audience(without_units=units("A")), group) == {"both": "B1", "dg-b": "B"}
    assert left_in(ORGANISATION, Audience(without_roles=roles(APPROVER)), group) == {"both": "A1", "officer-a1": "A1"}
    assert left_in(ORGANISATION, Audience(without_units=units("M")), group) == {}


def test_what_the_database_keeps_is_the_same_audience() -> None:
    whole = Audience(
        everyone=True,
        units=units("A", "B"),
        roles=roles(APPROVER, OFFICER),
        unreported=Quarter(2566, 1),
        groups=(3, 1),
        recipients_of=9,
        without_units=units("A1"),
        without_roles=roles(PLANNER),
    )
    assert [Audience.from_json(one.as_json()) for one in (NOBODY, whole)] == [NOBODY, whole]
    assert Audience.from_json({}) == NOBODY
