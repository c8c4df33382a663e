"""Which letters words name: numbers in either kind of digits, whole parts of them, and words of subjects."""

import pytest

from domain.circulars.searching import is_of_number, matches

LETTER_NO = "รง ๐๒๑๔/ว ๓"


@pytest.mark.parametrize(
    ("words", "names"),
    (
        ("ว 3", True),
        ("ว๓", True),
        ("ว.3", True),
        ("3", True),
        ("รง 0214/ว 3", True),
        ("รง0214 ว3", True),
        ("ว 30", False),
        ("ว 0", False),
        ("214", False),
        ("รง 3", False),
        ("", False),
    ),
)
def test_a_number_is_named_by_whole_parts_in_digits_of_either_kind(words: str, names: bool) -> None:  # noqa: FBT001
    assert is_of_number(words, LETTER_NO) is names


def test_words_stand_in_the_subject_in_any_order() -> None:
    subject = "ขยายเวลารายงาน eMENSCR ไตรมาส ๒"
    assert matches("emenscr ขยายเวลา", LETTER_NO, subject)
    assert matches("ไตรมาส 2", LETTER_NO, subject)
    assert not matches("ขยายเวลา ประชุม", LETTER_NO, subject)
    assert matches("", LETTER_NO, subject)
