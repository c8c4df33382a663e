"""Following circulars: the list, the search, how one stands, and what two officers can do with it."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select, update

from domain.circulars.audience import Audience
from domain.circulars.letters import Relation
from domain.circulars.life import CircularState, PauseReason
from domain.organisation import UnitLevel
from domain.roles import Role
from handlers.circulars.following_presses import CancelCircular, CircularHome, PauseCircular, RemindSilent
from handlers.circulars.presses import Acknowledge, ShowCircular
from storage import shared_state, tables
from storage.queries.circulars import progress
from storage.shared_state import StateKey
from storage.tables.messaging import AuditAction, OutboxState
from tests.chatting import Chatter, Shown, Stranger, web_of
from tests.issuing import SHORT_LETTER, draft, issue_short
from tests.office import Bot, bangkok, labour, line_id_of

__all__ = ["labour"]

COORDINATOR, COLLEAGUE, ADMIN, MONITOR = "P00003", "P00004", "P00001", "P00002"
OFFICER, DIRECTOR_GENERAL, OTHER_OFFICER, BLOCKED = "P00033", "P00031", "P00017", "P00041"
WELFARE_AND_JOBS = Audience(units=frozenset({"รง03", "รง05"}))


@pytest.fixture
def office(labour: Bot) -> Bot:
    """The sample ministry in the morning, with a few phones."""
    web_of(labour)
    labour.at = bangkok("20 มี.ค. 66", "09:00")
    labour.link(OFFICER, DIRECTOR_GENERAL, OTHER_OFFICER, "P00015", BLOCKED)
    return labour


def home(who: Chatter) -> Shown:
    return who.presses(CircularHome("", 1).pack())


def opened(who: Chatter, circular: int) -> Shown:
    return who.presses(ShowCircular(circular).pack())


def actions_of(bot: Bot) -> list[str]:
    with bot.database.read() as session:
        query = select(tables.AuditEntry.action).where(tables.AuditEntry.subject.startswith("circular:"))
        return list(session.scalars(query.order_by(tables.AuditEntry.id)))


def test_a_coordinator_sees_who_acknowledged_agency_by_agency(office: Bot) -> None:
    coordinator = Chatter(office, COORDINATOR)
    number = issue_short(office, WELFARE_AND_JOBS, acknowledge_by=date(2023, 3, 24))
    assert opened(coordinator, number).contains("กำลังส่ง เหลืออีก 4 คน")
    office.send()
    assert Chatter(office, OFFICER).presses(Acknowledge(number).pack()).text
    assert home(coordinator).contains("ที่ รง ๐๒๑๔/ว ๓", "ลงวันที่ ๒๗ มกราคม ๒๕๖๖", "ขยายเวลารายงาน", "รับทราบ 1/4", "ส่งแล้ว")
    stands = opened(coordinator, number)
    assert stands.contains("ส่งแล้วเมื่อ 20 มี.ค. 66 เวลา 09.00 น.", "ส่งถึงแล้ว", "4 คน", "ส่งไม่ได้: ยังไม่ผูกบัญชี LINE")
    assert stands.contains("รับทราบแล้ว", "1 คน (25 %)", "กสร.", "กกจ.", "รับทราบ 1/2 คน (50 %)", "รับทราบ 0/2 คน (0 %)")
    assert stands.contains("ปล่อยหนังสือเวียน", "ขอให้รับทราบภายใน", "24 มี.ค. 66")
    with office.database.read() as session:
        counted = progress(session, number)
        named = session.scalar(select(func.count()).select_from(tables.CircularRecipient).filter_by(circular_id=number))
    assert counted.recipients == named == counted.sent + counted.waiting + sum(counted.unreached.values())
    assert (counted.sent, counted.silent, counted.acknowledged) == (4, 3, 1)
    silent = coordinator.presses("ผู้ยังไม่รับทราบ")
    assert silent.contains("3 คน", "อธิบดี กสร.")
    coordinator.presses("ดูความคืบหน้า")
    unreached = coordinator.presses("ผู้ที่ส่งไม่ได้")
    assert unreached.contains("ยังไม่ผูกบัญชี LINE", "หน้า 1 จาก")
    assert coordinator.says("หน้าถัดไป").contains("หน้า 2 จาก")


def test_past_circulars_are_found_by_number_subject_and_day(office: Bot) -> None:
    issue_short(office)
    issue_short(office, letter_no="รง 0214/ว 30", subject="เชิญประชุมชี้แจง eMENSCR", letter_date=date(2023, 2, 15))
    colleague = Chatter(office, COLLEAGUE)
    for words, found in (
        ("ค้นหนังสือเวียน ว 3", ["รง ๐๒๑๔/ว ๓"]),
        ("ค้นหนังสือเวียน ว๓๐", ["รง 0214/ว 30"]),
        ("ค้นหนังสือเวียน รง 0214", ["รง ๐๒๑๔/ว ๓", "รง 0214/ว 30"]),
        ("หาหนังสือเรื่อง ประชุม", ["รง 0214/ว 30"]),
        ("ค้นหนังสือเวียน ก.พ. 66", ["รง 0214/ว 30"]),
        ("ค้นหนังสือเวียน ประชุม ม.ค. 66", []),
        ("ค้นหาหนังสือเวียน 27 ม.ค. 66", ["รง ๐๒๑๔/ว ๓"]),
        ("ค้นหนังสือเวียน ว 4", []),
    ):
        shown = colleague.says(words)
        assert [number for number in ("รง ๐๒๑๔/ว ๓", "รง 0214/ว 30") if f"ที่ {number} " in f"{shown.text} "] == found
        assert shown.contains("ไม่พบ") == (not found)


def test_the_search_asks_for_words_and_a_draft_is_its_makers_alone(office: Bot) -> None:
    coordinator, colleague = Chatter(office, COORDINATOR), Chatter(office, COLLEAGUE)
    draft(office, replace(SHORT_LETTER, subject="ร่างลับของผู้ร่าง"))
    assert home(coordinator).contains("ร่างลับของผู้ร่าง", "ฉบับร่าง")
    assert not home(colleague).contains("ร่างลับของผู้ร่าง")
    assert colleague.presses("ค้นหนังสือเวียน").contains("ด้วยคำใด")
    assert colleague.says("ร่างลับ").contains("ไม่พบหนังสือเวียนตามที่ค้น")
    assert coordinator.says("ค้นหนังสือเวียน").contains("ด้วยคำใด")
    assert coordinator.says("ร่างลับ").contains("ร่างลับของผู้ร่าง")
    assert "เปิดร่างหนังสือ" in coordinator.last.buttons()


def test_sending_is_paused_resumed_and_cancelled_by_whoever_is_first(office: Bot) -> None:
    first, second = Chatter(office, COORDINATOR), Chatter(office, COLLEAGUE)
    number = issue_short(office)
    opened(second, number)
    opened(first, number)
    assert first.presses("พักการส่ง").contains("พักการส่งแล้วค่ะ", "พักการส่งไว้ เหลืออีก 7 คน")
    late = second.presses("พักการส่ง")
    assert late.contains("สถานะของหนังสือเปลี่ยนไปแล้ว", "พักการส่งหนังสือเวียน โดย", "เมื่อ 20 มี.ค. 66 เวลา 09.00 น.")
    office.send()
    assert office.phone(OFFICER) == []
    assert second.presses("ส่งต่อ").contains("ส่งหนังสือต่อแล้ว", "กำลังส่ง")
    assert first.presses("ยกเลิกการส่ง").contains("ยืนยันการยกเลิกการส่ง", "จะไม่ได้รับ", "7 คน")
    assert first.presses("ยืนยันยกเลิกการส่ง").contains("ยกเลิกการส่งแล้วค่ะ ผู้ที่ไม่ได้รับ 7 คน")
    assert second.presses(CancelCircular(number, confirmed=True).pack()).contains("สถานะของหนังสือเปลี่ยนไปแล้ว")
    office.send()
    assert office.phone(OFFICER) == []
    assert opened(second, number).contains("ยกเลิกการส่งแล้วเมื่อ 20 มี.ค. 66 เวลา 09.00 น.")
    assert second.presses("ผู้ที่ส่งไม่ได้").contains("ยกเลิกการส่งก่อน")
    assert actions_of(office)[1:] == [
        AuditAction.CIRCULAR_PAUSE,
        AuditAction.CIRCULAR_RESUME,
        AuditAction.CIRCULAR_CANCEL,
    ]


def test_what_holds_a_circular_up_is_said_in_words(office: Bot) -> None:
    coordinator = Chatter(office, COORDINATOR)
    office.at = bangkok("18 มี.ค. 66", "10:00")  # a Saturday
    number = issue_short(office)
    assert opened(coordinator, number).contains("รอเวลาส่ง วันจันทร์ที่ 20 มี.ค. 66 เวลา 08.30 น.", "เหลืออีก")
    office.at = bangkok("20 มี.ค. 66", "09:00")
    circulars = update(tables.Circular).where(tables.Circular.id == number)
    with office.database.write() as session:
        session.execute(circulars.values(state=CircularState.SENDING))
        shared_state.put(session, StateKey.QUOTA, {"limit": 20, "used": 16, "at": office.at.isoformat()}, office.at)
    assert opened(coordinator, number).contains("รอโควตาข้อความ")
    with office.database.write() as session:
        session.execute(circulars.values(state=CircularState.PAUSED, pause_reason=PauseReason.FAILURES))
    assert opened(coordinator, number).contains("ส่งไม่สำเร็จ 5 ครั้งติดต่อกัน")
    assert {"ส่งต่อ", "ยกเลิกการส่ง"} <= coordinator.last.buttons().keys()


def test_it_goes_again_only_to_those_whom_it_failed_to_reach(office: Bot) -> None:
    coordinator = Chatter(office, COORDINATOR)
    number = issue_short(office, WELFARE_AND_JOBS)
    office.send()
    assert "ส่งซ้ำเฉพาะที่ไม่ถึง" not in opened(coordinator, number).buttons()  # nobody new can be reached
    office.link("P00034", "P00018")
    assert opened(coordinator, number).buttons()["ส่งซ้ำเฉพาะที่ไม่ถึง"]
    assert coordinator.presses("ส่งซ้ำเฉพาะที่ไม่ถึง").contains("ส่งซ้ำถึง", "2 คน", "ใช้โควตาข้อความ", "2 ข้อความ")
    assert coordinator.presses("ยืนยันส่งซ้ำ").contains("กำลังส่งซ้ำถึง 2 คน")
    office.send()
    assert [len(office.phone(person)) for person in (OFFICER, "P00034", "P00018")] == [1, 1, 1]
    assert opened(coordinator, number).contains("ส่งถึงแล้ว", "6 คน")


def test_an_old_card_shows_todays_state_and_later_letters(office: Bot) -> None:
    coordinator = Chatter(office, COORDINATOR)
    number = issue_short(office)
    office.send()
    later = issue_short(
        office, relation=Relation.WITHDRAWS, about=number, letter_no="รง 0214/ว 9", subject="ยกเลิกหนังสือ"
    )
    shown = opened(coordinator, number)
    assert shown.contains("ยกเลิกโดยหนังสือ ที่ รง 0214/ว 9")
    assert not {"เตือนผู้ยังไม่รับทราบ", "แก้ไขเพิ่มเติมหนังสือ", "ยกเลิกหนังสือ"} & shown.buttons().keys()
    told = coordinator.presses(RemindSilent(number, confirmed=True).pack())
    assert told.contains("หนังสือฉบับนั้นถูกยกเลิกไปแล้ว")
    assert home(coordinator).contains("ยกเลิก: ยกเลิกหนังสือ", str(2))
    assert opened(coordinator, later).contains("ยกเลิกหนังสือเวียน")


def settle_other_ministry(bot: Bot) -> str:
    """Add a ministry with a coordinator, and return that one's code."""
    with bot.writes() as session:
        ministry = tables.Unit(code="สธ", name="กระทรวงสาธารณสุข", short_name="สธ.", level=UnitLevel.MINISTRY)
        person = tables.Person(code="P00901", full_name="นางสาวต่าง กระทรวง")
        session.add_all([ministry, person])
        session.flush()
        session.add(tables.RoleAssignment(person_id=person.id, unit_id=ministry.id, role=Role.MINISTRY_COORDINATOR))
    return "P00901"


def unknown_instead(data: str) -> str:
    """Return the data of the same button of a circular that does not exist."""
    prefix, _, *others = data.split(":")
    return ":".join([prefix, "999", *others])


def test_nobody_else_reaches_any_of_it(office: Bot) -> None:
    number = issue_short(office)
    presses = [
        data
        for label, data in opened(Chatter(office, COORDINATOR), number).buttons().items()
        if label not in {"ส่งหนังสือเวียนฉบับใหม่", "หนังสือเวียนทั้งหมด"}
    ]
    assert len(presses) > 3
    before = actions_of(office)
    for code in (OFFICER, DIRECTOR_GENERAL, MONITOR):
        person = Chatter(office, code)
        for data in (*presses, CircularHome("", 1).pack(), PauseCircular(number).pack()):
            assert person.presses(data).contains("ไม่มีสิทธิ")
        assert "ว ๓" not in person.says("ค้นหนังสือเวียน ว 3").text
    foreigner = Chatter(office, settle_other_ministry(office))
    assert home(foreigner).contains("ยังไม่มีหนังสือเวียน")
    assert foreigner.says("ค้นหนังสือเวียน ว 3").contains("ไม่พบหนังสือเวียนตามที่ค้น")
    for data in presses:
        theirs, unknown = foreigner.presses(data), foreigner.presses(unknown_instead(data))
        assert theirs.text == unknown.text
        assert theirs.contains("ไม่พบหนังสือเวียนนี้")
    stranger = Stranger(office)
    for data in presses:
        assert "ว ๓" not in stranger.presses(data).text
    assert actions_of(office) == before
    with office.database.read() as session:
        assert session.get_one(tables.Circular, number).state is CircularState.SCHEDULED
    assert opened(Chatter(office, ADMIN), number).contains("ที่ รง ๐๒๑๔/ว ๓")


def test_a_long_subject_and_odd_names_fit_the_cards(office: Bot) -> None:
    odd = 'ขยาย"เวลา\n</script>{{ x }} \N{GRINNING FACE}' + "ก" * 260
    number = issue_short(office, subject=odd, letter_no="รง 0214/ว " + "9" * 40)
    with office.database.write() as session:
        session.execute(update(tables.Person).values(full_name="=1+1\n" + "ม" * 300))
        session.execute(update(tables.CircularRecipient).values(state=OutboxState.SENT, sent_at=office.at))
        session.execute(update(tables.Circular).values(state=CircularState.SENT, finished_at=office.at))
    coordinator = Chatter(office, COORDINATOR)
    assert home(coordinator).contains("ขยาย")
    assert opened(coordinator, number).contains("ขยาย")
    assert coordinator.presses("ผู้ยังไม่รับทราบ").contains("=1+1 ม")
    assert line_id_of(COORDINATOR) not in coordinator.last.text
