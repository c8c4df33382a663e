"""Amounts read back in words: a table of what Thai offices write, and that no two amounts sound alike."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages_th.baht_words import baht_in_words

SATANG = st.decimals("0.00", "9999999999999999.99", places=2)


@pytest.mark.parametrize(
    ("amount", "words"),
    (
        ("0", "ศูนย์บาทถ้วน"),
        ("0.01", "หนึ่งสตางค์"),
        ("0.11", "สิบเอ็ดสตางค์"),
        ("0.50", "ห้าสิบสตางค์"),
        ("1", "หนึ่งบาทถ้วน"),
        ("10", "สิบบาทถ้วน"),
        ("11", "สิบเอ็ดบาทถ้วน"),
        ("20", "ยี่สิบบาทถ้วน"),
        ("21", "ยี่สิบเอ็ดบาทถ้วน"),
        ("101", "หนึ่งร้อยเอ็ดบาทถ้วน"),
        ("110", "หนึ่งร้อยสิบบาทถ้วน"),
        ("212.21", "สองร้อยสิบสองบาทยี่สิบเอ็ดสตางค์"),
        ("1001", "หนึ่งพันเอ็ดบาทถ้วน"),
        ("12345.67", "หนึ่งหมื่นสองพันสามร้อยสี่สิบห้าบาทหกสิบเจ็ดสตางค์"),
        ("100000", "หนึ่งแสนบาทถ้วน"),
        ("1000000", "หนึ่งล้านบาทถ้วน"),
        ("1000001", "หนึ่งล้านเอ็ดบาทถ้วน"),
        ("1250000.00", "หนึ่งล้านสองแสนห้าหมื่นบาทถ้วน"),
        ("1250000.50", "หนึ่งล้านสองแสนห้าหมื่นบาทห้าสิบสตางค์"),
        ("11000000", "สิบเอ็ดล้านบาทถ้วน"),
        ("21000011", "ยี่สิบเอ็ดล้านสิบเอ็ดบาทถ้วน"),
        ("538800000", "ห้าร้อยสามสิบแปดล้านแปดแสนบาทถ้วน"),
        ("1000000000000", "หนึ่งล้านล้านบาทถ้วน"),
        ("3000002000001", "สามล้านสองล้านเอ็ดบาทถ้วน"),
        (
            "9999999999999999.99",
            "เก้าพันเก้าร้อยเก้าสิบเก้าล้านเก้าแสนเก้าหมื่นเก้าพันเก้าร้อยเก้าสิบเก้าล้านเก้าแสนเก้าหมื่นเก้าพันเก้าร้อยเก้าสิบเก้าบาทเก้าสิบเก้าสตางค์",
        ),
    ),
)
def test_an_amount_is_read_as_offices_write_it(amount: str, words: str) -> None:
    assert baht_in_words(Decimal(amount)) == words


@pytest.mark.parametrize("amount", ("-0.01", "-1", "0.001", "NaN"))
def test_what_is_no_amount_has_no_words(amount: str) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        baht_in_words(Decimal(amount))


@given(one=SATANG, other=SATANG)
def test_two_amounts_never_sound_alike(one: Decimal, other: Decimal) -> None:
    assert (baht_in_words(one) == baht_in_words(other)) == (one == other)
