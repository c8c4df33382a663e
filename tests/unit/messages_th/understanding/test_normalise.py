"""One spelling for what is written in many ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages_th.understanding import follow_up, is_cancel, understand
from messages_th.understanding.normalise import LONGEST, normalised
from messages_th.understanding.sentences import agency_names

NAMES = agency_names()
THAI = st.text(alphabet=[*map(chr, range(0x0E01, 0x0E5C)), *" .-/๑๒66qQmM\u200b\u00a0\x00กครับงบ"], max_size=60)


@pytest.mark.parametrize(
    ("written", "read"),
    (
        ("ไตรมาส ๒/๒๕๖๖", "ไตรมาส 2/2566"),
        ("รง\u00a00402–66–0003", "รง 0402-66-0003"),
        ("โครง\u200bการ", "โครงการ"),
        ("มากกกกก", "มาก"),
        ("สสส. กกจ.", "สสส. กกจ."),
        ("นํ้า น้ํา", "น้ำ น้ำ"),
        ("เเผน", "แผน"),
        ("  ค่ะะะ\n\x00 ", "ค่ะ"),
        ("ชื่อ “Smart”", 'ชื่อ "Smart"'),
        ("«ยกเลิก»", "ยกเลิก"),
        ('" เมนู "', "เมนู"),
        ("“ก” และ “ข”", '"ก" และ "ข"'),
        ("«กลุ่ม “เขตเหนือ”»", 'กลุ่ม "เขตเหนือ"'),
        ("«ก» และ «ข»", '"ก" และ "ข"'),
        ("\ud800", ""),
    ),
)
def test_there_is_one_spelling(written: str, read: str) -> None:
    assert normalised(written) == read


@given(st.one_of(THAI, st.text(max_size=60)))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@given(st.one_of(THAI, st.text(max_size=60)))
def test_no_text_breaks_understanding(text: str) -> None:
    understood = understand(text, NAMES)
    assert understood.utterance == text
    assert (understood.intent is None) is (understood.confidence < 0.4)
    assert len(understood.choices) <= 3
    assert follow_up(text, NAMES) is follow_up("", NAMES) or not is_cancel(text)


def test_only_so_much_of_an_endless_text_is_looked_at() -> None:
    assert len(normalised("ก ข" * 10_000)) <= LONGEST
