import pytest

from domain.roles import Role
from messages_th.reader import Reader


@pytest.mark.parametrize(
    ("position", "expected"),
    (
        ("อธิบดี", "เรียน ท่านอธิบดี"),
        ("รองปลัดกระทรวง หัวหน้ากลุ่มภารกิจ", "เรียน ท่านรองปลัดกระทรวง หัวหน้ากลุ่มภารกิจ"),
        (" ", "เรียน ท่านผู้บริหาร"),
    ),
)
def test_executives_are_addressed_by_position(position: str, expected: str) -> None:
    assert Reader("นายธีรพงษ์ พงษ์ไพบูลย์", position, executive=True).salutation == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    (
        ("นางสาวพรทิพย์ เจริญผล", "เรียน คุณพรทิพย์ เจริญผล"),
        ("น.ส. พรทิพย์ เจริญผล", "เรียน คุณพรทิพย์ เจริญผล"),
        ("นาย\nวิชัย  ฐิติพงศ์", "เรียน คุณวิชัย ฐิติพงศ์"),
        ("เบญจมาศ แสงทอง", "เรียน คุณเบญจมาศ แสงทอง"),
        ("นายิกา ใจดี", "เรียน คุณนายิกา ใจดี"),
        ("พันธ์ทิพย์ ใจดี", "เรียน คุณพันธ์ทิพย์ ใจดี"),
        ("คุณสมศรี ชูศรี", "เรียน คุณสมศรี ชูศรี"),
        ("ดร.สมชาย สุขใจ", "เรียน ดร.สมชาย สุขใจ"),
        ("พ.ต.อ. สมชาย สุขใจ", "เรียน พ.ต.อ. สมชาย สุขใจ"),
        ("ว่าที่ร้อยตรี สมชาย สุขใจ", "เรียน ว่าที่ร้อยตรี สมชาย สุขใจ"),
        ("นายแพทย์สมชาย สุขใจ", "เรียน นายแพทย์สมชาย สุขใจ"),
        ("", "เรียน ผู้ประสานงาน"),
    ),
)
def test_staff_are_addressed_by_name_with_the_title_they_bear(name: str, expected: str) -> None:
    assert Reader(name, "นักวิเคราะห์นโยบายและแผน", executive=False).salutation == expected


def test_a_particle_is_for_staff_only() -> None:
    assert Reader("", "", executive=False).particle == "ค่ะ"
    assert Reader("", "", executive=True).particle == ""


def test_a_ministry_coordinator_is_known_by_the_role() -> None:
    assert Reader("", "", False, frozenset({Role.MINISTRY_COORDINATOR, Role.APPROVER})).coordinates
    assert not Reader("", "", False, frozenset({Role.APPROVER})).coordinates
