from typing import Any

import pytest

from domain.quota import MOST_MESSAGES, Quota, is_low, read_quota


@pytest.mark.parametrize(
    ("limit", "used", "linked", "low"),
    (
        (1_000, 899, 50, False),
        (1_000, 900, 50, False),
        (1_000, 901, 50, True),
        (300, 150, 150, False),
        (300, 151, 150, True),
        (300, 0, 400, True),
        (300, 305, 0, True),
        (305, 275, 0, True),
        (305, 274, 0, False),
        (0, 0, 0, False),
    ),
)
def test_quota_is_low_below_a_tenth_of_it_or_below_one_message_for_each_linked_person(
    limit: int,
    used: int,
    linked: int,
    low: bool,  # noqa: FBT001
) -> None:
    assert is_low(limit, used, linked) is low


@pytest.mark.parametrize("number", (0, 1, MOST_MESSAGES - 1))
def test_a_quota_is_two_whole_numbers_or_one_and_no_limit(number: int) -> None:
    assert read_quota(number, 7) == Quota(number, 7)
    assert read_quota(None, number) == Quota(None, number)


@pytest.mark.parametrize("odd", (-1, MOST_MESSAGES, 10**400, 300.0, float("inf"), float("nan"), True, "300", [], {}))
def test_anything_else_is_no_quota(odd: Any) -> None:
    for limit, used in ((odd, 0), (300, odd), (None, odd)):
        with pytest.raises(ValueError, match="number of messages"):
            read_quota(limit, used)


def test_no_number_of_used_messages_is_no_quota() -> None:
    with pytest.raises(ValueError, match="number of messages"):
        read_quota(300, None)
