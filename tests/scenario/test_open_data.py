"""Open data are entered without an approval: a plan officer says so on a page, and may correct it afterwards."""

from pathlib import Path

from domain.windows import WindowKind
from handlers.duty_pages import OpenDutyForm
from tests.chatting import Chatter
from tests.duty_pages import OFFICER, Desk, duty_of, imports_duties, office, statements
from tests.office import Bot, bangkok, labour, steps
from tests.unit.domain.thai_dates import day

__all__ = ["labour", "office"]

OPEN_DATA = OpenDutyForm(WindowKind.OPEN_D, "รง03", 2566, 0)


def test_open_data_are_done_at_once_and_can_be_corrected(office: Bot) -> None:
    office.link(OFFICER)
    office.at = bangkok("21 ก.พ. 66", "09:00")
    desk = Desk(office, OPEN_DATA)
    assert not desk.offers("send")
    desk.presses("enter", entered_on="20 ก.พ. 66", reference="https://opendata.example/1")
    assert "บันทึกว่านำเข้าแล้ว" in desk.text
    assert "สถานะ นำเข้าแล้ว 20 ก.พ. 66" in desk.text
    assert duty_of(office, WindowKind.OPEN_D).entered_on == day("20 ก.พ. 66")
    officer = Chatter(office, OFFICER)
    assert "Open-D" not in officer.presses("da1").text
    assert officer.presses("du1:open_d:2566:!0:AGENCY").contains("กกจ. · นำเข้าแล้ว 20 ก.พ. 66")
    assert officer.presses("แก้ไขการนำเข้า").contains("บันทึกการนำเข้า")
    for on in ("25 ธ.ค. 66", "29 ธ.ค. 66"):
        assert "open_d" not in [topic[0] for topic in steps(office.remind(at=bangkok(on)).get(OFFICER, {"topics": []}))]
    desk.presses("enter", entered_on="19 ก.พ. 66", reference="")
    assert "สถานะ นำเข้าแล้ว 19 ก.พ. 66" in desk.text
    desk.presses("not_entered", entered_on="19 ก.พ. 66")
    assert "สถานะ ยังไม่นำเข้า" in desk.text
    assert duty_of(office, WindowKind.OPEN_D).entered_on is None
    days = [(before["entered_on"], after["entered_on"]) for before, after in statements(office)]
    assert days == [(None, "2023-02-20"), ("2023-02-20", "2023-02-19"), ("2023-02-19", None)]
    assert desk.presses("send", entered_on="19 ก.พ. 66").status_code == 409  # no route takes it


def test_an_import_leaves_what_an_officer_stated(office: Bot, tmp_path: Path) -> None:
    Desk(office, OPEN_DATA).presses("enter", entered_on="20 ก.พ. 66", reference="ของเจ้าหน้าที่")
    imports_duties(office, tmp_path)
    duty = duty_of(office, WindowKind.OPEN_D)
    assert (duty.entered_on, duty.reference) == (day("20 ก.พ. 66"), "ของเจ้าหน้าที่")
