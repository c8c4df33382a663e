"""What is said when a submission cannot take a step."""

from dataclasses import fields

import pytest

from domain.completeness import ReportContent
from domain.errors import Refusal
from messages_th.refusals import field_name, refusal_words


@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal_says_why_and_what_to_do(refusal: Refusal) -> None:
    words = refusal_words(refusal, "ค่ะ")
    assert "ค่ะ โปรด" in words or "ค่ะ หาก" in words
    assert "ไม่อนุมัติ" not in words  # a return is never called that
    assert len(words) <= 140


def test_no_two_refusals_read_alike() -> None:
    assert len({refusal_words(refusal) for refusal in Refusal}) == len(Refusal)


def test_an_executive_is_answered_without_a_particle() -> None:
    assert "ค่ะ" not in refusal_words(Refusal.ALREADY_DECIDED)


def test_every_field_of_a_report_has_a_name() -> None:
    names = [field_name(field.name) for field in fields(ReportContent)]
    assert len(set(names)) == len(names)
