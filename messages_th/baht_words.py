"""Amounts in words, as they are written beside figures so that nobody misreads a zero (บาทถ้วน)."""

from __future__ import annotations

from decimal import Decimal

_DIGITS = ("", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")
_PLACES = ("", "สิบ", "ร้อย", "พัน", "หมื่น", "แสน")
_MILLION = 10 ** len(_PLACES)


def baht_in_words(amount: Decimal) -> str:
    """Return an amount of baht in words: «หนึ่งล้านสองแสนห้าหมื่นบาทถ้วน», «สิบเอ็ดบาทห้าสิบสตางค์».

    Raises:
        ValueError: it is negative, or finer than a satang.
    """
    hundredths = amount * 100
    if amount < 0 or hundredths % 1:
        raise ValueError("not an amount of baht and satang")
    baht, satang = divmod(int(hundredths), 100)
    if not satang:
        return f"{_number(baht) or 'ศูนย์'}บาทถ้วน"
    return (f"{_number(baht)}บาท" if baht else "") + f"{_number(satang)}สตางค์"


def _number(number: int) -> str:
    """Return a number in words, nothing for 0; what is above a million is counted in millions, again and again."""
    millions, rest = divmod(number, _MILLION)
    return (f"{_number(millions)}ล้าน" if millions else "") + _below_million(rest, is_tail=millions > 0)


def _below_million(number: int, *, is_tail: bool) -> str:
    """Return the six lowest digits in words; a last 1 that follows anything is «เอ็ด»."""
    words = "".join(_digit(number // 10**place % 10, place) for place in range(len(_PLACES) - 1, 0, -1))
    last = number % 10
    return words + ("เอ็ด" if last == 1 and (words or is_tail) else _DIGITS[last])


def _digit(digit: int, place: int) -> str:
    if digit == 0:
        return ""
    if place == 1 and digit <= 2:
        return "ยี่สิบ" if digit == 2 else "สิบ"
    return _DIGITS[digit] + _PLACES[place]
