"""What is said when LINE could not open a tab of a rich menu."""

from __future__ import annotations

from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain


def tab_not_opened(reader: Reader) -> Rendered:
    """Return that the tab could not be opened, and how to get at its entries."""
    return plain(f"ขออภัย{reader.particle} ขณะนี้เปิดแท็บนี้ไม่ได้ โปรดพิมพ์ «เมนู» เพื่อดูสิ่งที่ทำได้ทั้งหมด")
