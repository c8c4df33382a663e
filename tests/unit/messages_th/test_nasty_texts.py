"""Whatever somebody types is read in no time: no expression goes through the same letters again and again."""

import time
from collections.abc import Callable

import pytest

from domain.invite_codes import code_in, resembles_code
from messages_th.deadlines import matter_of
from messages_th.disbursement import asks_below_plan
from messages_th.help import asks_for_contact
from messages_th.reminder_settings.wishes import names_weekends, read_wish
from messages_th.understanding import follow_up, is_cancel, understand
from messages_th.understanding.agencies import Agency, AgencyNames
from storage.queries.name_search import normalised

NAMES = AgencyNames([Agency("กกจ.", "กรมการจัดหางาน", is_own=True), Agency("กสร.", "กรมสวัสดิการ", is_own=True)])
LONGEST = 5_000
PIECES = (
    "1", "1 ", "1  ", "1,", "สองและ", "3 วัน", "๙", "ก", "กกจ", "ก.", "่", "ๆ", "AB2D-", "2A", "รง 0402-66-", "ปี 66 ",
    "ไตรมาส ", "หน้า ", "อันที่ ", "ยังไม่", "«", '"', "/", "\\", "%", "\u200b", "\u202e", "\ufdfa", "👩‍👧", "\n", "{{", "(",
)  # fmt: skip
READERS: dict[str, Callable[[str], object]] = {
    "understand": lambda text: understand(text, NAMES),
    "follow_up": lambda text: follow_up(text, NAMES),
    **{
        reader.__name__: reader
        for reader in (
            *(is_cancel, code_in, resembles_code, normalised, read_wish, names_weekends),
            *(matter_of, asks_below_plan, asks_for_contact),
        )
    },
}


@pytest.mark.parametrize("reader", READERS)
def test_five_thousand_characters_are_read_at_once(reader: str) -> None:
    read = READERS[reader]
    read("เมนู")  # the model is loaded once
    for piece in PIECES:
        for text in ((piece * LONGEST)[:LONGEST], "เตือนล่วงหน้า " + (piece * LONGEST)[: LONGEST // 2]):
            begun = time.thread_time()
            read(text)
            assert time.thread_time() - begun < 0.5, piece  # ten times what a quiet machine needs
