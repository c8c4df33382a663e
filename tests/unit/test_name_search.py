"""Names are found however they are spelt, the likeliest first."""

import pytest

from storage.queries.name_search import Candidate, normalised, ranked

NAMES = (
    "โครงการยกระดับฝีมือแรงงาน รองรับ EEC",
    "โครงการตรวจแรงงานประมงทะเล จังหวัดชายแดนภาคใต้",
    "โครงการตรวจแรงงานประมงทะเล 16 จังหวัดนำร่อง",
    "โครงการศูนย์เด็กเล็กในสถานประกอบกิจการ",
    "โครงการ Smart Labour เพื่อแรงงานนอกระบบ ระยะที่ ๒",
    "โครงการอบรมเจ้าหน้าที่ความปลอดภัย",
)
CANDIDATES = [Candidate(number, normalised(name)) for number, name in enumerate(NAMES)]


def found(words: str) -> list[str]:
    return [NAMES[candidate.project_id] for candidate in ranked(words, CANDIDATES)]


@pytest.mark.parametrize(
    ("words", "name"),
    (
        ("ยกระดับฝีมือแรงงานรองรับ EEC", NAMES[0]),
        ("ยกระดับฝีมือแรงงาน", NAMES[0]),
        ("eec ยกระดับฝีมือแรงงาน", NAMES[0]),
        ("ยกระดับฝืมือแรงงานรองรับ", NAMES[0]),
        ("ประมงทะเล นำร่อง", NAMES[2]),
        ("ประมง ทะเล 16 จังหวัด", NAMES[2]),
        ("ประมงทะเล ๑๖ จังหวัด", NAMES[2]),
        ("ศูนยเดกเลก", NAMES[3]),
        ("ศูนย์เด็กเล็กๆ", NAMES[3]),
        ("ศูนย์เด็กเเล็กในสถานประกอบการ", NAMES[3]),
        ("smart labor", NAMES[4]),
        ("แรงงานนอกระบบ ระยะที่ 2", NAMES[4]),
        ("โครงการอบรมเจ้าหน้าที่ความปลอดภัย", NAMES[5]),
        ("อบรมจนท ความปลอดภัย", NAMES[5]),
    ),
)
def test_misspelt_partial_and_reordered_words_find_the_name(words: str, name: str) -> None:
    assert found(words)[0] == name


def test_the_very_name_comes_before_longer_ones_that_hold_it() -> None:
    longer = [Candidate(0, normalised("ตลาดแรงงานออนไลน์ระยะที่สอง")), Candidate(1, normalised("ตลาดแรงงานออนไลน์"))]
    assert [candidate.project_id for candidate in ranked("ตลาดแรงงานออนไลน์", longer)] == [1, 0]


@pytest.mark.parametrize("words", ("ทางหลวงชนบท", "xyz", "วัคซีนสัตว์เลี้ยง"))
def test_words_of_no_project_find_nothing(words: str) -> None:
    assert found(words) == []
