"""The link to a list as a spreadsheet."""

from __future__ import annotations

from datetime import datetime

from domain.fiscal import Quarter, YearBasis
from messages_th.formats import quarter_text
from messages_th.listing import Button, Sheet, listing
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain


def link_card(reader: Reader, quarter: Quarter, basis: YearBasis, link: str, as_of: datetime) -> Rendered:
    """Return the card whose button opens the page with the list."""
    return listing(
        Sheet(
            headline="ดาวน์โหลดรายการ Excel",
            as_of=as_of,
            period=quarter_text(quarter, basis),
            empty=(
                "โปรดกดปุ่มด้านล่างแล้วกด «เปิด» ในหน้าที่ปรากฏ "
                f"ลิงก์นี้ใช้ได้ครั้งเดียวภายใน 10 นาที และเป็นของท่านเท่านั้น โปรดไม่ส่งต่อ{reader.particle}"
            ),
            buttons=(Button("เปิดหน้าดาวน์โหลด", uri=link, primary=True),),
            alt="ลิงก์ดาวน์โหลดรายการ Excel ใช้ได้ภายใน 10 นาที",
        )
    )


def no_pages(reader: Reader) -> Rendered:
    """Return that this installation has no pages, so nothing can be downloaded."""
    return plain(f"ขออภัย{reader.particle} ระบบนี้ยังไม่ได้เปิดให้ดาวน์โหลดไฟล์ โปรดติดต่อผู้ดูแลระบบ หรือดูรายการในแชต")
