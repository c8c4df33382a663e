import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages_th.lengths import cut, cut_utf16, grapheme_length, utf16_length


def test_lengths_are_those_of_line() -> None:
    assert utf16_length("แตะเพื่อเปิดเมนู") == 16
    assert grapheme_length("แตะเพื่อเปิดเมนู") == 12
    assert utf16_length("😀") == 2


@pytest.mark.parametrize(
    ("text", "graphemes", "expected"),
    (
        ("กำหนด", 4, "กำหนด"),
        ("กำหนดส่ง", 4, "กำหน…"),
        ("ที่นี่", 3, "ที่นี่"),
        ("ที่นี่ค่ะ", 3, "ที่นี่…"),
        ("ก ข ค", 3, "ก…"),
        ("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 2, "👩‍👩‍👧‍👦…"),
        ("", 3, ""),
    ),
)
def test_cutting_never_takes_a_mark_off_its_letter(text: str, graphemes: int, expected: str) -> None:
    assert cut(text, graphemes) == expected


@given(st.text(), st.integers(1, 40))
def test_what_is_cut_fits_and_begins_as_the_whole_did(text: str, limit: int) -> None:
    for cut_text, length in ((cut(text, limit), grapheme_length), (cut_utf16(text, limit), utf16_length)):
        assert length(cut_text) <= limit
        assert cut_text == text or (cut_text.endswith("…") and text.startswith(cut_text[:-1]))
        assert cut_text == text or length(text) > limit
