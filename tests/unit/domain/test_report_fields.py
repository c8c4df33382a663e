"""Fields of a report one by one: two writers, and texts that begin as those of the quarter before."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.completeness import ReportContent, ReportDemands, gaps_of
from domain.report_fields import (
    EditOutcome,
    FieldEdit,
    FieldKey,
    asked_now,
    brought_over,
    keys_of,
    merged,
    typed_text,
    value_of,
)

FULL = ReportDemands(uses_budget=True, planned_baht=Decimal(100), activities=(7, 9), links=(3,))
PLAIN = ReportDemands(uses_budget=False, asks_level1=False)
SUMMARY = FieldKey("summary")


def test_the_form_has_its_fields_in_the_order_of_the_national_form() -> None:
    assert [str(key) for key in keys_of(FULL)] == [
        "output_progress", "outcome_progress", "kpi_progress", "activity_progress:7", "activity_progress:9",
        "level1_progress", "link_progress:3", "disbursed_baht", "carried_disbursed_baht", "underspend_reason",
        "summary", "problems", "recommendations",
    ]  # fmt: skip


def test_a_project_without_budget_is_not_asked_for_money() -> None:
    names = {key.name for key in keys_of(PLAIN)}
    assert not names & {"disbursed_baht", "carried_disbursed_baht", "underspend_reason", "level1_progress"}


@pytest.mark.parametrize("demands", (FULL, PLAIN))
def test_whatever_is_missing_is_a_field_of_the_form_that_the_checklist_goes_through(demands: ReportDemands) -> None:
    asked = asked_now(ReportContent(), demands)
    assert [FieldKey.of(gap) for gap in gaps_of(ReportContent(), demands)] == list(asked)


def test_a_reason_is_asked_for_once_less_is_disbursed_than_planned() -> None:
    below, met = (ReportContent(disbursed_baht=Decimal(amount)) for amount in (99, 100))
    assert FieldKey("underspend_reason") in asked_now(below, FULL)
    assert FieldKey("underspend_reason") not in asked_now(met, FULL)


def test_of_two_writers_the_second_overwrites_nothing() -> None:
    first = merged(ReportContent(), [FieldEdit(SUMMARY, "", "อนงค์เขียน")])
    second = merged(first.content, [FieldEdit(SUMMARY, "", "บุญมีเขียน"), FieldEdit(FieldKey("problems"), "", "ไม่มี")])
    assert second.outcomes == {SUMMARY: EditOutcome.CONFLICT, FieldKey("problems"): EditOutcome.SAVED}
    assert (second.content.summary, second.content.problems) == ("อนงค์เขียน", "ไม่มี")


def test_an_edit_that_is_sent_twice_is_the_same_edit() -> None:
    edit = FieldEdit(FieldKey("activity_progress", 7), "", "เสร็จแล้ว")
    once = merged(ReportContent(), [edit])
    assert merged(once.content, [edit]).outcomes == {edit.key: EditOutcome.SAME}


def test_blank_texts_begin_as_those_of_the_report_before_and_figures_do_not() -> None:
    earlier = ReportContent(
        summary="เดิม",
        problems="ไม่มี",
        underspend_reason="รอเบิก",
        disbursed_baht=Decimal(5),
        activity_progress={7: "ก", 8: "ข"},
    )
    edits = brought_over(ReportContent(problems="มี"), earlier, FULL)
    assert {str(edit.key): edit.value for edit in edits} == {"summary": "เดิม", "activity_progress:7": "ก"}


texts = st.text(max_size=3).map(typed_text)
keys = st.sampled_from(keys_of(FULL)).filter(lambda key: not key.name.endswith("_baht"))


@given(st.lists(st.builds(FieldEdit, keys, texts, texts), max_size=8))
def test_what_says_something_else_than_an_edit_thought_is_left_as_it_is(edits: list[FieldEdit]) -> None:
    content = ReportContent()
    for edit in edits:
        before = value_of(content, edit.key)
        found = merged(content, [edit])
        kept = found.outcomes[edit.key] is EditOutcome.CONFLICT
        assert kept == (before not in (edit.base, edit.value))
        assert value_of(found.content, edit.key) == (before if kept else edit.value)
        content = found.content


@pytest.mark.parametrize(
    ("typed", "kept"),
    (
        ("ก\r\nข\rค\x0bง\u2028จ\x85", "ก\nข\nค\nง\nจ\n"),
        ("ก\x00ข\ud800ค\x1bง\ufeff", "กขคง"),
        ("\u202eกลับหลัง\u202c \u2066แยก\u2069", "กลับหลัง แยก"),
        ("\tเยื้อง  ช่องว่าง \n\n", "\tเยื้อง  ช่องว่าง \n\n"),
        ("تقرير \u200fעברית\u200e 👩\u200d👩\u200d👧", "تقرير \u200fעברית\u200e 👩\u200d👩\u200d👧"),
    ),
)
def test_a_typed_text_loses_only_what_is_none(typed: str, kept: str) -> None:
    assert typed_text(typed) == kept


@given(st.text(st.characters()))
def test_a_kept_text_is_typed_again_as_it_is(text: str) -> None:
    assert typed_text(typed_text(text)) == typed_text(text)


def test_a_text_that_came_with_other_line_ends_is_edited_without_conflict() -> None:
    stands = ReportContent(summary="หนึ่ง\r\nสอง")
    assert merged(stands, [FieldEdit(SUMMARY, "หนึ่ง\nสอง", "ใหม่")]).outcomes == {SUMMARY: EditOutcome.SAVED}
