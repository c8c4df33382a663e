"""What is said of a circular's files, and what their names say."""

import pytest

from domain.circulars.letters import LetterFault
from messages_th.circulars.files import letter_fault_words, not_taken, subject_in_name
from messages_th.reader import Reader

STAFF = Reader("นางสาวพรทิพย์ ใจดี", "นักวิเคราะห์นโยบายและแผน", executive=False)


@pytest.mark.parametrize(
    ("name", "subject"),
    (
        ("เรื่อง การรายงานผล ไตรมาส 2.pdf", "การรายงานผล ไตรมาส 2"),
        ("ที่ รง 0214_ว 3 เรื่อง แจ้งกำหนดการ.PDF", "แจ้งกำหนดการ"),
        ("แนวทางการรายงาน_ฉบับที่ ๒.pdf.pdf", "แนวทางการรายงาน ฉบับที่ ๒"),
        ("สำเนาของ แนวทาง (1).pdf", "แนวทาง"),
        ("ประชุม", "ประชุม"),
        ("ว 3.pdf", ""),
        ("ที่ รง ๐๒๑๔-ว๓.pdf", ""),
        ("สแกน_001.pdf", ""),
        ("หนังสือเวียน (1).pdf", ""),
        ("ด่วนที่สุด.pdf", ""),
        ("scan0001.pdf", ""),
        ("", ""),
    ),
)
def test_a_subject_is_read_from_a_files_name_where_it_says_one(name: str, subject: str) -> None:
    assert subject_in_name(name) == subject


def test_each_fault_says_why_and_what_to_do() -> None:
    for fault in LetterFault:
        assert "โปรด" in letter_fault_words(fault)
        said = not_taken(STAFF, "ก.pdf", fault).alt
        assert said.endswith("ค่ะ")
        assert said.count("โปรด") == 1
        assert "«ก.pdf»" in said
    assert "«ไม่มีชื่อ»" in not_taken(STAFF, "", LetterFault.EMPTY).alt
