"""Which occasions may remind somebody on a day: opened, and not yet too old."""

import pytest

from domain.in_force import active_occasions
from domain.windows import Occasion, WindowKind
from tests.unit.domain.labour import ROAD_MAP, SOCIAL_SECURITY
from tests.unit.domain.ministry import DIVISION_1, INSURANCE, Ministry
from tests.unit.domain.thai_dates import day

NAMES = {row.occasion: name for name, row in ROAD_MAP.items() if not row.only}


def active(on: str, unit: str = DIVISION_1) -> set[str]:
    rules = Ministry().rules(day(on))
    occasions = active_occasions(rules, rules.organisation.path(unit))
    return {NAMES[occasion] for occasion in occasions if occasion in NAMES}


@pytest.mark.parametrize(
    ("on", "names"),
    (
        pytest.param("27 ม.ค. 66", "project entry, level-3 plans, Open-D", id="the letter's day"),
        pytest.param("6 มี.ค. 66", "project entry, level-3 plans, Open-D", id="UPPER steps go on"),
        pytest.param("7 มี.ค. 66", "project entry, level-3 plans, report Q1/66, Open-D", id="Q1 opens"),
        pytest.param(
            "1 เม.ย. 66",
            "level-3 plans, report Q1/66, report Q2/66, mid-year entry round 1, Open-D",
            id="a project is entered once: the round replaces the entry",
        ),
        pytest.param(
            "9 เม.ย. 66",
            "level-3 plans, report Q1/66, report Q2/66, mid-year entry round 1, Open-D",
            id="the week of the first overdue reminder",
        ),
        pytest.param("10 เม.ย. 66", "report Q2/66, mid-year entry round 1, Open-D", id="and no longer"),
        pytest.param("30 มิ.ย. 66", "report Q2/66, mid-year entry round 1, Open-D", id="overdue until Q3 opens"),
        pytest.param("1 ก.ค. 66", "report Q3/66, mid-year entry round 2, Open-D", id="Q3 opens"),
        pytest.param(
            "1 ธ.ค. 66",
            "report Q4/66, achievement of 2566, achievement of thematic plans, Open-D",
            id="next fiscal year: the achievement of the last",
        ),
    ),
)
def test_the_year_of_the_road_map(on: str, names: str) -> None:
    assert active(on) == set(names.split(", "))


def test_an_achievement_is_reported_two_fiscal_years_on_by_a_calendar_year_agency() -> None:
    rules = Ministry().rules(day("1 เม.ย. 67"))
    occasions = active_occasions(rules, rules.organisation.path(INSURANCE))
    assert rules.organisation.path(INSURANCE).agency == SOCIAL_SECURITY
    assert Occasion(WindowKind.ACHIEVEMENT_ANNUAL, 2566) in occasions
