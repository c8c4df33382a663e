"""Opening a report again for its unit: which one, why, once more to confirm, and that it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.fiscal import Quarter, YearBasis
from domain.submissions import MIN_REASON_LENGTH, SubmissionState
from messages_th import formats
from messages_th.lengths import cut
from messages_th.listing import BROWN, GREEN, Button, Page, Row, Sheet, listing
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain
from messages_th.words import word

REOPEN = "เปิดให้แก้ไขอีกครั้ง"
"""What the button says that begins it."""
_NAME_LENGTH, _REASON_LENGTH = 150, 600


@dataclass(frozen=True, slots=True)
class ReopenedView:
    """A report that is to be opened again; ``state`` None: nothing is entered yet."""

    code: str
    name: str
    quarter: Quarter
    basis: YearBasis
    state: SubmissionState | None


def which(code: str, views: Sequence[tuple[ReopenedView, str]], page: Page, as_of: datetime) -> Rendered:
    """Return the question which report of the project is meant; each comes with the data of a tap."""
    return listing(
        Sheet(
            headline=REOPEN,
            intro=f"{code} โปรดแตะรายงานที่จะเปิดให้หน่วยงานแก้ไข",
            as_of=as_of,
            rows=[_row(view, press) for view, press in views],
            page=page,
            alt=f"{REOPEN} {code}",
        )
    )


def ask_reason(reader: Reader, view: ReopenedView) -> Rendered:
    """Return the question why it is to be opened again."""
    return plain(
        f"{REOPEN}\n{_about(view)}\n\nโปรดพิมพ์เหตุผล อย่างน้อย {MIN_REASON_LENGTH} ตัวอักษร{reader.particle} "
        "ระบบจะให้ยืนยันอีกครั้ง หากไม่ประสงค์จะดำเนินการ โปรดพิมพ์ «ยกเลิก»"
    )


def confirm(view: ReopenedView, reason: str, press: str, as_of: datetime) -> Rendered:
    """Return the question whether to open it, with what follows from that."""
    is_approved = view.state is SubmissionState.APPROVED
    follows = "รายงานจะกลับไปที่หน่วยงานและต้องอนุมัติใหม่ทุกลำดับ" if is_approved else "หน่วยงานจะส่งรายงานนี้ได้แม้พ้นกำหนดแล้ว"
    return listing(
        Sheet(
            headline=f"ยืนยัน{REOPEN}",
            intro=view.code,
            as_of=as_of,
            rows=[_row(view, "")],
            note=f"เหตุผล: “{cut(formats.one_line(reason), _REASON_LENGTH)}”\n{follows}",
            buttons=[Button("ยืนยัน", press, about=f"{REOPEN} {view.code}", primary=True)],
            colour=BROWN,
            alt=f"ยืนยัน{REOPEN} {view.code}",
        )
    )


def reopened(reader: Reader, view: ReopenedView) -> Rendered:
    """Return that it is open again, and that the unit is told."""
    return plain(f"เปิดให้แก้ไขแล้ว\n{_about(view)}\n\nระบบจะแจ้งหน่วยงานให้ทราบ ขอบคุณ{reader.particle}")


def nothing_to_open(reader: Reader) -> Rendered:
    """Return that there is nothing to open, or that somebody opened it before."""
    return plain(f"ขณะนี้ไม่มีรายงานที่ต้องเปิดให้แก้ไข หรือรายงานนี้เปิดให้แก้ไขแล้ว{reader.particle}")


def _row(view: ReopenedView, press: str) -> Row:
    return Row(
        title=formats.quarter_text(view.quarter, view.basis),
        note=word(view.state) if view.state else "ยังไม่กรอก",
        colour=GREEN if view.state is SubmissionState.APPROVED else BROWN,
        press=press,
        about=f"{REOPEN} {formats.quarter_name(view.quarter, view.basis)} {view.code}",
    )


def _about(view: ReopenedView) -> str:
    named = " ".join(filter(None, (view.code, cut(formats.one_line(view.name), _NAME_LENGTH))))
    return f"{named}\nรายงาน {formats.quarter_text(view.quarter, view.basis)}"
