"""Whatever somebody types is read in no time: no expression goes through the same letters again and again."""

import gc
import time
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from domain.invite_codes import code_in, resembles_code
from domain.reminders import BANGKOK
from domain.workdays import WorkingCalendar
from messages_th.circulars.reading import read_last_day, read_letter, read_moment, read_number
from messages_th.circulars.reading_parts import begins_circular, is_about_letter, wants_to_send
from messages_th.deadlines import matter_of
from messages_th.disbursement import asks_below_plan
from messages_th.help import asks_for_contact
from messages_th.reminder_settings.wishes import names_weekends, read_wish
from messages_th.understanding import follow_up, is_cancel, understand
from messages_th.understanding.agencies import Agency, AgencyNames
from storage.queries.name_search import normalised

NAMES = AgencyNames([Agency("กกจ.", "กรมการจัดหางาน", is_own=True), Agency("กสร.", "กรมสวัสดิการ", is_own=True)])
NOW = datetime(2023, 3, 20, 8, 30, tzinfo=BANGKOK)
LONGEST = 5_000
PIECES = (
    "1", "1 ", "1  ", "1,", "สองและ", "3 วัน", "๙", "ก", "กกจ", "ก.", "่", "ๆ", "AB2D-", "2A", "รง 0402-66-", "ปี 66 ",
    "ไตรมาส ", "หน้า ", "อันที่ ", "ยังไม่", "«", '"', "/", "\\", "%", "\u200b", "\u202e", "\ufdfa", "👩‍👧", "\n", "{{", "(",
    "ขอ", "ส่ง", "ด่วน", "เรื่อง ", "รับทราบภายใน ", "ที่ รง 0214/ว ", "ลงวันที่ 27 ม.ค. ", "รง 02.1", "ส่งวัน", "ถึง กก", "ํ", "เ",
)  # fmt: skip
READERS: dict[str, Callable[[str], object]] = {
    "understand": lambda text: understand(text, NAMES),
    "follow_up": lambda text: follow_up(text, NAMES),
    "read_letter": lambda text: read_letter(text, NOW, WorkingCalendar()),
    "read_letter_behind_its_command": lambda text: read_letter(f"ส่งหนังสือเวียน เรื่อง {text}", NOW, WorkingCalendar()),
    "read_moment": lambda text: read_moment(text, NOW, WorkingCalendar()),
    "read_last_day": lambda text: read_last_day(text, NOW.date(), WorkingCalendar()),
    **{
        reader.__name__: reader
        for reader in (
            *(is_cancel, code_in, resembles_code, normalised, read_wish, names_weekends),
            *(matter_of, asks_below_plan, asks_for_contact),
            *(begins_circular, is_about_letter, wants_to_send, read_number),
        )
    },
}


@pytest.fixture
def undisturbed() -> Iterator[None]:
    """Keep the garbage collector out of what is timed."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("undisturbed")
@pytest.mark.parametrize("reader", READERS)
def test_five_thousand_characters_are_read_at_once(reader: str) -> None:
    read = READERS[reader]
    read("เมนู")  # the model is loaded once
    for piece in PIECES:
        for text in ((piece * LONGEST)[:LONGEST], "เตือนล่วงหน้า " + (piece * LONGEST)[: LONGEST // 2]):
            begun = time.thread_time()
            read(text)
            assert time.thread_time() - begun < 0.5, piece  # ten times what a quiet machine needs
