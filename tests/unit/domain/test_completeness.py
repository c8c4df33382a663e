"""What a quarterly report must say before it is sent (domain.md §2, completeness of M6)."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from domain.completeness import ANSWERS, ReportContent, ReportDemands, gaps_of, is_below_plan
from domain.errors import Gap

PLANNED = Decimal("1250000.00")
_ANSWERED: dict[str, Any] = dict.fromkeys(ANSWERS, "ไม่มี")
FULL = ReportContent(
    **_ANSWERED,
    level1_progress="สนับสนุนด้านทรัพยากรมนุษย์",
    disbursed_baht=PLANNED,
    activity_progress={1: "เป็นไปตามแผน", 2: "เป็นไปตามแผน"},
    link_progress={7: "สนับสนุนแผนพัฒนาฯ"},
)
BARE = ReportDemands(uses_budget=False)
BUDGET = ReportDemands(uses_budget=True, planned_baht=PLANNED)
OF_ALL_KINDS = ReportDemands(uses_budget=True, planned_baht=PLANNED, activities=(1, 2), links=(7,))
FORM = (
    "output_progress", "outcome_progress", "kpi_progress", "activity_progress", "level1_progress", "link_progress",
    "disbursed_baht", "underspend_reason", "summary", "problems", "recommendations",
)  # fmt: skip
"""The fields in the order of the form."""


@pytest.mark.parametrize(
    "demands", (BARE, BUDGET, replace(BARE, activities=(1, 2)), replace(BUDGET, links=(7,)), OF_ALL_KINDS)
)
def test_a_full_report_is_complete_whatever_the_project_asks(demands: ReportDemands) -> None:
    assert gaps_of(FULL, demands) == ()


@pytest.mark.parametrize(
    ("demands", "content", "missing"),
    (
        pytest.param(BARE, {"problems": ""}, [Gap("problems")], id="a blank is no answer"),
        pytest.param(BARE, {"summary": " \n\t "}, [Gap("summary")], id="nor are spaces"),
        pytest.param(BARE, {"summary": "-"}, [Gap("summary")], id="nor is a dash, as in the office's files"),
        pytest.param(BARE, {"summary": "\u3164\u200b\u2800\xad"}, [Gap("summary")], id="nor what only looks blank"),
        pytest.param(BARE, {"summary": "๑"}, [], id="a single figure is an answer"),
        pytest.param(BARE, {"level1_progress": ""}, [Gap("level1_progress")], id="level 1"),
        pytest.param(replace(BARE, asks_level1=False), {"level1_progress": ""}, [], id="level 1 that is not asked for"),
        pytest.param(BARE, {"disbursed_baht": None}, [], id="no budget, no money"),
        pytest.param(replace(BARE, planned_baht=PLANNED), {"disbursed_baht": Decimal(0)}, [], id="not even a reason"),
        pytest.param(BUDGET, {"disbursed_baht": None}, [Gap("disbursed_baht")], id="budget without an amount"),
        pytest.param(BUDGET, {"disbursed_baht": Decimal(0)}, [Gap("underspend_reason")], id="nothing spent"),
        pytest.param(BUDGET, {"disbursed_baht": PLANNED - Decimal("0.01")}, [Gap("underspend_reason")], id="less"),
        pytest.param(BUDGET, {"disbursed_baht": PLANNED + 1}, [], id="more than planned"),
        pytest.param(BUDGET, {"disbursed_baht": Decimal(0), "underspend_reason": "รอส่งมอบ"}, [], id="with its reason"),
        pytest.param(replace(BUDGET, planned_baht=None), {"disbursed_baht": Decimal(0)}, [], id="no plan"),
        pytest.param(replace(BARE, activities=(1, 2, 3)), {}, [Gap("activity_progress", 3)], id="an activity"),
        pytest.param(
            replace(BARE, activities=(1, 2)), {"activity_progress": {1: " "}},
            [Gap("activity_progress", 1), Gap("activity_progress", 2)], id="activities, each by itself",
        ),
        pytest.param(replace(BARE, links=(7, 8)), {}, [Gap("link_progress", 8)], id="a level-2 plan"),
        pytest.param(BARE, {"activity_progress": {}, "link_progress": {}}, [], id="not planned, not asked for"),
    ),
)  # fmt: skip
def test_what_is_missing(demands: ReportDemands, content: dict[str, Any], missing: Sequence[Gap]) -> None:
    assert list(gaps_of(replace(FULL, **content), demands)) == missing


@pytest.mark.parametrize("links", ((), (7,), (7, 8)), ids=("no-links", "a-link", "links"))
@pytest.mark.parametrize("activities", ((), (1, 2)), ids=("no-activities", "activities"))
@pytest.mark.parametrize("uses_budget", (True, False), ids=("budget", "no-budget"))
def test_what_an_empty_report_lacks_depends_on_its_project(
    activities: Sequence[int], links: Sequence[int], *, uses_budget: bool
) -> None:
    demands = ReportDemands(uses_budget, PLANNED if uses_budget else None, activities, links)
    money = [Gap("disbursed_baht")] if uses_budget else []
    asked = [
        *map(Gap, ANSWERS[:3]),
        *(Gap("activity_progress", number) for number in activities),
        Gap("level1_progress"),
        *(Gap("link_progress", number) for number in links),
        *money,
        *map(Gap, ANSWERS[3:]),
    ]
    assert list(gaps_of(ReportContent(), demands)) == asked


def test_money_carried_over_is_nobodys_duty() -> None:
    assert gaps_of(replace(FULL, carried_disbursed_baht=None), OF_ALL_KINDS) == ()
    only_carried = replace(FULL, disbursed_baht=None, carried_disbursed_baht=PLANNED)
    assert gaps_of(only_carried, OF_ALL_KINDS) == (Gap("disbursed_baht"),)


def test_an_empty_report_lacks_everything_in_the_order_of_the_form() -> None:
    short = ReportContent(disbursed_baht=Decimal(0))
    found = [gap.field for gap in gaps_of(short, OF_ALL_KINDS)]
    assert list(dict.fromkeys(found)) == [name for name in FORM if name != "disbursed_baht"]
    nothing = [gap.field for gap in gaps_of(ReportContent(), OF_ALL_KINDS)]
    assert list(dict.fromkeys(nothing)) == [name for name in FORM if name != "underspend_reason"]


def test_less_than_planned_is_told_of_money_alone() -> None:
    less = replace(FULL, disbursed_baht=Decimal(1))
    assert is_below_plan(less, BUDGET)
    assert not is_below_plan(less, replace(BUDGET, uses_budget=False))
    assert not is_below_plan(replace(FULL, disbursed_baht=None), BUDGET)
