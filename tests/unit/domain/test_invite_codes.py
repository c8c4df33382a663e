import itertools
import random
import secrets
from datetime import UTC, datetime, timedelta
from math import log2

import pytest

from domain.invite_codes import (
    ALPHABET,
    DIGITS,
    LETTERS,
    TRIES,
    TRIES_REMEMBERED,
    TRIES_UNDER_ATTACK,
    code_in,
    locked_until,
    new_code,
    resembles_code,
    spelled,
)

CODE = "AB2DEF3HJK4N"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_codes_have_twelve_characters_of_which_none_looks_like_another() -> None:
    codes = {new_code(secrets.choice) for _ in range(300)}
    assert len(codes) == 300
    assert {len(code) for code in codes} == {12}
    assert set("".join(codes)) == set(ALPHABET) == set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") - set("01ILO")
    assert spelled(CODE) == "AB2D-EF3H-JK4N"


def test_there_are_too_many_codes_to_guess_one() -> None:
    mixed = len(ALPHABET) ** 4 - len(LETTERS) ** 4 - len(DIGITS) ** 4
    assert log2(mixed**3) > 57


def test_each_group_of_a_code_has_a_letter_and_a_digit() -> None:
    chooser = random.Random(66)
    for _ in range(300):
        for group in spelled(new_code(chooser.choice)).split("-"):
            assert set(group) & set(LETTERS)
            assert set(group) & set(DIGITS)


@pytest.mark.parametrize(
    "typed",
    (
        "AB2D-EF3H-JK4N",
        "ab2d-ef3h-jk4n",
        "AB2DEF3HJK4N",
        " AB2D EF3H JK4N ",
        "AB2D - EF3H - JK4N",
        "AB2D–EF3H—JK4N",
        "A B 2 D E F 3 H J K 4 N",
        "AB2DE-F3HJK-4N",
        "รหัส AB2D-EF3H-JK4N",
        "รหัสAB2D-EF3H-JK4Nค่ะ",
        "รหัสของผมคือ ab2d ef3h jk4n ครับ",
        "AB๒D-EF๓H-JK๔N",
        "ＡＢ２Ｄ－ＥＦ３Ｈ－ＪＫ４Ｎ",
        "AB2D\u200b-EF3H\u200b-JK4N",
        "AB2D\nEF3H\nJK4N",
        "AB2D\u00a0EF3H\u00a0JK4N",
    ),
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert code_in(typed) == CODE


@pytest.mark.parametrize(
    "said",
    (
        "",
        "รหัส",
        "ขอผูกบัญชีหน่อยค่ะ",
        "รง 0402-66-0003",
        "โครงการ รง ๐๓๐๕-๖๖-๐๐๑๒ ผ่านหรือยัง",
        "TEAM DATA 2566",
        "TEAM DATA BASE",
        "งบ EEC 2566 Q2 66 P",
        "ไตรมาส 2/2566 SMART LABOUR",
        "AB2D-EF3H-JK4",
        "AB2D-EF3H-JK4NX",
        "AB2D-EF3H-JK0N",
        "U00000000000000000000000000000001",
        "234567892345",
        "²³⁴⁵ⅧⅨ½",
    ),
)
def test_words_years_and_project_codes_are_never_taken_for_a_code(said: str) -> None:
    assert code_in(said) is None


@pytest.mark.parametrize(
    ("typed", "resembles"),
    (
        ("AB2D-EF3H-JK4", True),
        ("AB2D-EF3H-JK0N", True),
        ("รหัส ab2d-ef3h-jk4nx", True),
        ("สวัสดีค่ะ", False),
        ("0-2280-4085", False),
        ("hello", False),
        ("AB2D", False),
    ),
)
def test_what_a_stranger_mistyped_is_told_apart_from_other_words(typed: str, resembles: bool) -> None:  # noqa: FBT001 - a column
    assert resembles_code(typed) is resembles


def test_each_round_of_wrong_codes_waits_twice_as_long() -> None:
    tries: list[datetime] = []
    waits = []
    for number in range(1, 4 * TRIES + 1):
        tries.append(NOON + timedelta(minutes=number))
        until = locked_until(tries, TRIES)
        waits.append(None if until is None else until - tries[-1])
    assert waits[: TRIES - 1] == [None] * (TRIES - 1)
    ends = waits[TRIES - 1 :: TRIES]
    assert ends == [timedelta(hours=hours) for hours in (1, 2, 4, 8)]


@pytest.mark.parametrize("tries_a_round", (TRIES, TRIES_UNDER_ATTACK))
def test_an_account_that_never_gives_up_tries_few_codes_a_day(tries_a_round: int) -> None:
    """It types a wrong code every minute for ten days."""
    tried: list[datetime] = []
    for minute in itertools.count():
        now = NOON + timedelta(minutes=minute)
        if minute > 10 * 24 * 60:
            break
        remembered = [at for at in tried if at > now - TRIES_REMEMBERED]
        until = locked_until(remembered, tries_a_round)
        if until is None or now >= until:
            tried.append(now)
    assert len(tried) <= 10 * 5 * tries_a_round
