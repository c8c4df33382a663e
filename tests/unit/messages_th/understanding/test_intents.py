"""Words of the menu, decisions that must not be guessed, and sentences that lean on the last answer."""

import pytest

from messages_th.understanding import follow_up, is_cancel, understand
from messages_th.understanding.commands import TYPED_WORDS
from messages_th.understanding.follow_ups import Amend, FollowUp, NextPage, Pick, PreviousPage
from messages_th.understanding.intents import Intent, Relative, Slots
from messages_th.understanding.sentences import agency_names

NAMES = agency_names()


@pytest.mark.parametrize("intent", Intent)
@pytest.mark.parametrize("said", ("{}", " {}ครับ", "{} นะคะ"))
def test_a_word_of_the_menu_always_leads_to_its_intent(intent: Intent, said: str) -> None:
    understood = understand(said.format(TYPED_WORDS[intent]), NAMES)
    assert (understood.intent, understood.confidence) == (intent, 1.0)


def test_a_bare_code_asks_for_the_project() -> None:
    understood = understand("รง๐๔๐๒-๖๖-๐๐๐๓ ค่ะ", NAMES)
    assert (understood.intent, understood.confidence) == (Intent.PROJECT_STATUS, 1.0)
    assert understood.slots == Slots(project_code="รง 0402-66-0003")


@pytest.mark.parametrize(
    "said", ("ส่ง", "ส่ง รง 0402-66-0003", "ขออนุมัติโครงการ Smart Labour", "โปรดพิจารณาอนุมัติ รง 0402-66-0003", "ส่งอนุมัติ")
)
def test_nothing_is_decided_by_a_request_or_by_an_ambiguous_word(said: str) -> None:
    assert understand(said, NAMES).intent not in (Intent.APPROVE, Intent.RETURN)


@pytest.mark.parametrize(
    ("said", "intent"),
    (
        ("ขออนุมัติ รง 0402-66-0003", Intent.PROJECT_STATUS),
        ("ขออนุมัติโครงการ Smart Labour", Intent.PROJECT_STATUS),
        ("ขออนุมัติครับ", Intent.PENDING_APPROVALS),
        ("ขออนุมัติลาพักผ่อน", Intent.OUT_OF_SCOPE),
    ),
)
def test_a_request_for_an_approval_asks_where_that_approval_is(said: str, intent: Intent) -> None:
    assert understand(said, NAMES).intent is intent


@pytest.mark.parametrize(
    ("said", "intent"),
    (
        ("ปิดวันศุกร์", Intent.SETTINGS_REMINDERS),
        ("ระบบปิดวันศุกร์ใช่ไหม", Intent.DEADLINE),
        ("ขอภาพรวมไตรมาส 2 หน่อย ท่านรองจะเข้าประชุม", Intent.AGENCY_SUMMARY),
        ("พรุ่งนี้ประชุมกี่โมง", Intent.OUT_OF_SCOPE),
        ("ลืมรหัส eMENSCR", Intent.HELP),
        ("ลืมรหัส DPIS", Intent.OUT_OF_SCOPE),
        ("e-Budget ต้องกรอกภายในวันไหน", Intent.OUT_OF_SCOPE),
        ("เงินเข้าวันไหน", Intent.OUT_OF_SCOPE),
    ),
)
def test_what_is_easily_mistaken_for_something_else(said: str, intent: Intent) -> None:
    assert understand(said, NAMES).intent is intent


@pytest.mark.parametrize("said", ("", " ", "?", "123", "👍"))
def test_what_holds_no_word_is_not_understood(said: str) -> None:
    understood = understand(said, NAMES)
    assert (understood.intent, understood.slots) == (None, Slots())


def test_below_the_threshold_up_to_three_readings_are_offered() -> None:
    understood = understand("ส่ง", NAMES)
    assert understood.intent is None
    assert 1 <= len(understood.choices) <= 3


@pytest.mark.parametrize(
    ("said", "asked"),
    (
        ("แล้วของ กกจ. ล่ะ", Amend(Slots(agency="กกจ."))),
        ("แล้วไตรมาส 1 ล่ะคะ", Amend(Slots(quarter=1))),
        ("ไตรมาสที่แล้วเป็นไงบ้าง", Amend(Slots(quarter=Relative.PREVIOUS))),
        ("กสร. Q2/66", Amend(Slots(agency="กสร.", quarter=2, fiscal_year=2566))),
        ("อันแรก", Pick(1)),
        ("ขอดูข้อ 3 ครับ", Pick(3)),
        ("โครงการที่ ๒", Pick(2)),
        ("อันสุดท้าย", Pick(-1)),
        ("3", Pick(3)),
        ("หน้าถัดไป", NextPage()),
        ("ต่อ", NextPage()),
        ("ขอดูหน้าก่อนหน้าค่ะ", PreviousPage()),
        ("ก่อนหน้า", PreviousPage()),
    ),
)
def test_a_sentence_may_lean_on_the_last_answer(said: str, asked: FollowUp) -> None:
    assert follow_up(said, NAMES) == asked


@pytest.mark.parametrize(
    "said",
    (
        "ไตรมาสนี้โครงการไหนยังไม่รายงาน",
        "สรุป กกจ.",
        "รง 0402-66-0003",
        "สถานะโครงการ Smart Labour",
        "เมนู",
        "อนุมัติ",
        "สวัสดีค่ะ",
        "ข้อ 0",
        "ไตรมาส 2 ส่งได้ถึงวันไหน",
        "",
    ),
)
def test_a_complete_sentence_stands_by_itself(said: str) -> None:
    assert follow_up(said, NAMES) is None


def test_a_pick_counts_from_either_end_and_no_further() -> None:
    rows = ["ก", "ข", "ค"]
    assert [Pick(number).of(rows) for number in (1, 3, -1, 4)] == ["ก", "ค", "ค", None]
    assert Pick(-1).of([]) is None


def test_cancelling_is_a_word_of_its_own() -> None:
    assert is_cancel("ยกเลิกครับ")
    assert is_cancel("ไม่เอาแล้วค่ะ")
    assert is_cancel("«ยกเลิก»"), "as the bot shows what to type"
    assert is_cancel("“ยกเลิก”ค่ะ")
    assert understand("«เมนู» ครับ", NAMES).intent is Intent.HELP
    assert not is_cancel("ยกเลิกการผูกบัญชี")
