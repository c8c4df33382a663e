"""What each role sees (domain.md §1)."""

import pytest

from domain.organisation import Post
from domain.permissions import Seat, Sight, Visibility, seats_of, sight_of
from domain.roles import Role
from tests.unit.domain.labour import MINISTRY, SOCIAL_SECURITY
from tests.unit.domain.ministry import DEPARTMENT, DIVISION_1, DIVISION_2, GROUP, INSURANCE, PLANNING, Ministry
from tests.unit.domain.thai_dates import day

NOTHING, APPROVED, STEP, WHOLE = Visibility
UNITS = (DIVISION_1, DIVISION_2, PLANNING, DEPARTMENT, INSURANCE, SOCIAL_SECURITY, MINISTRY)
DEPARTMENTS_OWN = {DIVISION_1, DIVISION_2, PLANNING, DEPARTMENT}
SOCIAL_SECURITYS_OWN = {INSURANCE, SOCIAL_SECURITY}


def sight(person: str, *more: Post, on: str = "20 มี.ค. 66") -> Sight:
    ministry = Ministry()
    ministry.posts += more
    return sight_of(person, ministry.rules(day(on)).organisation)


@pytest.mark.parametrize(
    ("person", "level", "units"),
    (
        pytest.param("officer", WHOLE, {DIVISION_1}, id="an officer: the own unit"),
        pytest.param("department officer", WHOLE, DEPARTMENTS_OWN, id="an officer: units below the own one"),
        pytest.param("head", STEP, {DIVISION_1}, id="an approver: the units of the own step"),
        pytest.param("director-general", STEP, DEPARTMENTS_OWN, id="an approver: units that use a parent's route"),
        pytest.param("secretary-general", STEP, SOCIAL_SECURITYS_OWN, id="one of two at a step"),
        pytest.param("permanent secretary", STEP, DEPARTMENTS_OWN | SOCIAL_SECURITYS_OWN, id="the last step of all"),
        pytest.param("coordinator", WHOLE, set(UNITS), id="the coordinator: the ministry"),
        pytest.param("monitor", APPROVED, set(UNITS), id="the monitor: approved data"),
        pytest.param("admin", WHOLE, set(UNITS), id="the administrator: everything"),
        pytest.param("plan officer", NOTHING, set(UNITS), id="the plan officer: no projects"),
        pytest.param("stranger", NOTHING, set(UNITS), id="a stranger: nothing"),
    ),
)
def test_each_role_sees_its_own_and_no_more(person: str, level: Visibility, units: set[str]) -> None:
    seen = sight(person)
    assert {unit: seen.of(unit) for unit in UNITS} == {unit: level if unit in units else NOTHING for unit in UNITS}


def test_an_approver_sees_from_the_first_own_step_on() -> None:
    assert sight("head").steps == {DIVISION_1: 1}
    assert sight("director-general").steps[DIVISION_1] == 2
    assert sight("director-general").steps[DIVISION_2] == 1


def test_a_plan_officer_sees_what_the_agency_owes() -> None:
    assert sight("plan officer").duties == {DEPARTMENT}
    assert sight("coordinator").duties == {DEPARTMENT, SOCIAL_SECURITY}


def test_an_assistant_sees_what_the_executive_of_the_unit_decides() -> None:
    assistant = sight("assistant", Post("assistant", DEPARTMENT, Role.ASSISTANT))
    assert assistant.steps == sight("director-general").steps


def test_an_assistant_of_a_named_executive_sees_what_that_one_decides() -> None:
    post = Post("assistant", MINISTRY, Role.ASSISTANT, acting_for="head")
    assert sight("assistant", post).steps == {DIVISION_1: 1}


def test_a_deputy_sees_what_the_principal_decides_while_the_order_lasts() -> None:
    order = Post("deputy", MINISTRY, Role.APPROVER, day("1 มี.ค. 66"), day("20 มี.ค. 66"), acting_for="director-general")
    assert sight("deputy", order, on="20 มี.ค. 66").steps == sight("director-general").steps
    assert sight("deputy", order, on="21 มี.ค. 66").is_blind


def test_an_assistant_looks_after_the_executives_steps_and_decides_only_at_own_ones() -> None:
    ministry = Ministry()
    ministry.posts += (Post("head", DEPARTMENT, Role.ASSISTANT), Post("deputy", DEPARTMENT, Role.ASSISTANT))
    organisation = ministry.rules(day("20 มี.ค. 66")).organisation
    assert seats_of("head", organisation) == [Seat("head", decides=True), Seat("director-general", decides=False)]
    assert seats_of("deputy", organisation) == [Seat("director-general", decides=False)]
    assert seats_of("officer", organisation) == []
    assert organisation.orders_of("director-general")[DIVISION_1] == {2}


def test_two_posts_add_up() -> None:
    both = sight("officer", Post("officer", INSURANCE, Role.APPROVER), Post("officer", MINISTRY, Role.MONITOR))
    assert [both.of(unit) for unit in (DIVISION_1, INSURANCE)] == [WHOLE, APPROVED]


def test_a_monitor_above_the_ministries_sees_what_is_approved_in_the_country() -> None:
    assert Sight(everything_approved=True).of(DIVISION_1) is APPROVED
    assert not sight("monitor").everything_approved


def test_a_person_speaks_from_the_unit_where_the_work_is() -> None:
    assert sight("officer", Post("officer", MINISTRY, Role.ADMIN)).home == DIVISION_1
    assert sight("cluster head").home == GROUP
    assert sight("stranger").home is None
