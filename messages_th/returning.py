"""Sending back for correction: asking for the reason, quoting it once more, and words to begin it with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from domain.submissions import MIN_REASON_LENGTH, SubmissionKind
from messages_th import formats
from messages_th.approval_card import wording
from messages_th.approval_card.view import ItemView
from messages_th.lengths import cut
from messages_th.listing import BROWN, Button, Sheet, listing
from messages_th.occasions import matter
from messages_th.project_fields import field_to_correct
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain

_NAME_LENGTH = 160


class Beginning(NamedTuple):
    """A choice below the question for a reason: a button's label, and the words that it puts into the keyboard.

    ``concerns`` is the field of a report that such a reason points at, by its name in ``domain.errors.Gap``.
    """

    label: str
    words: str
    concerns: str = ""


_REPORT = (
    Beginning("การเบิกจ่าย", "โปรดตรวจสอบผลการเบิกจ่ายให้ตรงกับหลักฐานและแผนการใช้จ่าย ", "disbursed_baht"),
    Beginning("ผลผลิต", "โปรดระบุผลผลิตให้ชัดเจน เป็นจำนวนและหน่วยนับ ", "output_progress"),
    Beginning("ผลลัพธ์", "โปรดระบุผลลัพธ์ที่เกิดขึ้นกับกลุ่มเป้าหมาย ", "outcome_progress"),
    Beginning("ตัวชี้วัด", "โปรดรายงานตัวชี้วัดเทียบกับค่าเป้าหมาย ", "kpi_progress"),
    Beginning("กิจกรรม", "โปรดรายงานความคืบหน้าของกิจกรรมให้ครบถ้วน ", "activity_progress"),
    Beginning("ปัญหา/อุปสรรค", "โปรดระบุปัญหาอุปสรรคและแนวทางแก้ไข ", "problems"),
)
_PROJECT = (
    Beginning("ความเชื่อมโยงกับแผน", "โปรดทบทวนความเชื่อมโยงกับแผนแม่บทและแผนระดับ 2 "),
    Beginning("วงเงินงบประมาณ", "โปรดตรวจสอบวงเงินงบประมาณให้ตรงกับแหล่งเงินและแผนการใช้จ่าย "),
    Beginning("ตัวชี้วัด", "โปรดกำหนดตัวชี้วัดและค่าเป้าหมายให้วัดผลได้ "),
    Beginning("กิจกรรม", "โปรดปรับกิจกรรมและช่วงเวลาให้สอดคล้องกับระยะเวลาโครงการ "),
    Beginning("รายละเอียดโครงการ", "โปรดเพิ่มเติมรายละเอียดโครงการในส่วน "),
)
_PLAN = (
    Beginning("ชื่อแผน", "โปรดแก้ไขชื่อแผนให้ตรงกับที่ประกาศใช้ "),
    Beginning("เอกสารแนบ", "โปรดตรวจสอบเอกสารแนบให้ครบถ้วนและเป็นฉบับล่าสุด "),
)
_BEGINNINGS: Mapping[SubmissionKind, Sequence[Beginning]] = MappingProxyType(
    {
        SubmissionKind.QUARTER_REPORT: _REPORT,
        SubmissionKind.PROJECT_ENTRY: _PROJECT,
        SubmissionKind.PROJECT_EDIT: _PROJECT,
        SubmissionKind.LEVEL3_PLAN: _PLAN,
        SubmissionKind.ACHIEVEMENT_REPORT: _PLAN,
    }
)
_OF_MONEY = "disbursed_baht"


def beginnings(kind: SubmissionKind, *, uses_budget: bool) -> Sequence[Beginning]:
    """Return what the reason for sending such a thing back may begin with; of a project without budget not of money."""
    return [one for one in _BEGINNINGS[kind] if uses_budget or one.concerns != _OF_MONEY]


def concerned_field(offered: Iterable[Beginning], reason: str) -> str:
    """Return the field of a report that a reason points at: that of the beginning with which it still opens, or ""."""
    said = formats.one_line(reason)
    return next((one.concerns for one in offered if said.startswith(one.words.strip())), "")


def ask_reason(reader: Reader, item: ItemView) -> Rendered:
    """Return the question why an item goes back."""
    return plain(
        f"ส่งกลับแก้ไข {_named(item)}\n{_matter(item)}\n\n"
        f"โปรดพิมพ์เหตุผลที่ส่งกลับ อย่างน้อย {MIN_REASON_LENGTH} ตัวอักษร หรือแตะหัวข้อด้านล่างเพื่อเริ่มข้อความ{reader.particle} "
        "ระบบจะให้ท่านยืนยันอีกครั้งก่อนส่งกลับ หากไม่ประสงค์จะส่งกลับ โปรดพิมพ์ «ยกเลิก»"
    )


def complete_it(reader: Reader) -> Rendered:
    """Return, while the keyboard opens with the beginning of a reason, what to do with it."""
    return plain(f"โปรดเติมหรือแก้ข้อความในช่องพิมพ์ แล้วกดส่ง{reader.particle}")


def too_short(reader: Reader) -> Rendered:
    """Return that the reason needs more words; the next sentence is taken for it again."""
    return plain(
        f"เหตุผลสั้นเกินไป หน่วยงานอาจไม่ทราบว่าต้องแก้ไขสิ่งใด โปรดพิมพ์อย่างน้อย {MIN_REASON_LENGTH} ตัวอักษร "
        f"หรือพิมพ์ «ยกเลิก»{reader.particle}"
    )


def ask_again(reader: Reader, item: ItemView) -> Rendered:
    """Return that the words behind a button are not there any more, and ask for them again."""
    return plain(
        f"ยังไม่ได้ส่งกลับ เพราะข้อความเหตุผลของปุ่มนี้ไม่ได้เก็บไว้แล้ว หรือท่านพิมพ์เหตุผลใหม่ภายหลัง\n{_named(item)}\n\n"
        f"โปรดพิมพ์เหตุผลอีกครั้ง{reader.particle}"
    )


def confirm_return(item: ItemView, reason: str, concerns: str, confirm: str, anew: str, as_of: datetime) -> Rendered:
    """Return the last question before an item goes back, with the reason quoted as the unit will read it.

    ``concerns`` is the field of a report that the reason points at, by its name in ``domain.errors.Gap``; "" at none.
    """
    return listing(
        Sheet(
            headline="ยืนยันส่งกลับแก้ไข",
            as_of=as_of,
            place=cut(formats.one_line(item.unit), _NAME_LENGTH),
            period=_matter(item),
            intro=f"{_named(item)}\n{wording.step_of(item.step or 1, item.steps)}",
            empty="\n".join(
                filter(None, (f"เหตุผลที่จะแจ้งหน่วยงาน\n“{formats.one_line(reason)}”", field_to_correct(concerns)))
            ),
            note="เมื่อหน่วยงานแก้ไขและส่งใหม่ จะเริ่มพิจารณาตั้งแต่ลำดับแรก",
            buttons=[
                Button("ยืนยันส่งกลับแก้ไข", confirm, about=f"ยืนยันส่งกลับแก้ไข {item.code}", primary=True),
                Button("แก้เหตุผล", anew, about="แก้เหตุผลที่ส่งกลับ"),
            ],
            colour=BROWN,
            alt=f"ยืนยันส่งกลับแก้ไข {item.code or cut(formats.one_line(item.name), 80)}",
        )
    )


def _matter(item: ItemView) -> str:
    return matter(item.kind, item.occasion, item.basis)


def _named(item: ItemView) -> str:
    return " ".join(filter(None, (item.code, cut(formats.one_line(item.name), _NAME_LENGTH) or wording.NO_NAME)))
