"""The card with the link to one of our pages: what it opens, for how long, and that it is the reader's own."""

from __future__ import annotations

from datetime import datetime

from domain.fiscal import Quarter, YearBasis
from messages_th import formats
from messages_th.formats import quarter_text
from messages_th.lengths import cut
from messages_th.listing import NAME_LENGTH, Button, Sheet, listing
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain

PROJECT = "รายละเอียดโครงการ"
"""What the button of a project's card says that leads to all of it."""
OPEN_REPORT = "เปิดแบบรายงาน"
LINK_TERMS = "โปรดกดปุ่มด้านล่างแล้วกด «เปิด» ในหน้าที่ปรากฏ ลิงก์นี้ใช้ได้ครั้งเดียวภายใน 10 นาที และเป็นของท่านเท่านั้น โปรดไม่ส่งต่อ"
REPORT = "รายงาน"
_CORRECT, _STANDING = "แก้ไขรายงาน", "ดูสถานะโครงการ"


def report_button(code: str, press: str, *, is_returned: bool) -> Button:
    """Return the button that asks for the form of a project's report; ``is_returned``: it came back."""
    label = _CORRECT if is_returned else REPORT
    return Button(label, press, about=f"{label} {code}", primary=True)


def list_link(reader: Reader, quarter: Quarter, basis: YearBasis, link: str, as_of: datetime) -> Rendered:
    """Return the card whose button opens the page with a list as a spreadsheet."""
    button = Button("เปิดหน้าดาวน์โหลด", uri=link, primary=True)
    return page_link(reader, "ดาวน์โหลดรายการ Excel", quarter_text(quarter, basis), button, as_of)


def ledger_link(reader: Reader, letter: str, link: str, as_of: datetime) -> Rendered:
    """Return the card whose button opens the page with the ledger of a circular as a spreadsheet."""
    button = Button("เปิดหน้าดาวน์โหลด", uri=link, primary=True)
    return page_link(reader, "ทะเบียนหนังสือเวียน", "ผู้รับและการรับทราบ", button, as_of, cut(letter, NAME_LENGTH))


def report_link(
    reader: Reader, code: str, name: str, quarter: str, link: str, standing: str, as_of: datetime
) -> Rendered:
    """Return the card whose button opens the form of a report of the project with this code and name.

    ``standing`` is the data of the button below it: back from the form, it shows where what was sent is now.
    """
    about = f"{code} {cut(formats.one_line(name), NAME_LENGTH)}"
    button = Button(OPEN_REPORT, uri=link, primary=True)
    after = Button(_STANDING, standing, about=f"{_STANDING} {code}")
    return page_link(reader, "รายงานความก้าวหน้า", quarter, button, as_of, about, after)


def project_link(reader: Reader, code: str, name: str, link: str, standing: str, as_of: datetime) -> Rendered:
    """Return the card whose button opens the page with the whole project; the rest is as in ``report_link``."""
    about = f"{code} {cut(formats.one_line(name), NAME_LENGTH)}"
    button = Button("เปิดดูข้อมูลโครงการ", uri=link, primary=True)
    after = Button(_STANDING, standing, about=f"{_STANDING} {code}")
    return page_link(reader, PROJECT, "ข้อมูลตามแบบ M1–M5", button, as_of, about, after)


def page_link(
    reader: Reader,
    headline: str,
    period: str,
    button: Button,
    as_of: datetime,
    about: str = "",
    after: Button | None = None,
) -> Rendered:
    """Return a card whose ``button`` opens a page of ours.

    ``about`` is a line on what it shows, ``after`` a button for when somebody is back in the chat.
    """
    return listing(
        Sheet(
            headline=headline,
            as_of=as_of,
            period=period,
            intro=about,
            empty=f"{LINK_TERMS}{reader.particle}",
            buttons=(button, after) if after else (button,),
            alt=f"ลิงก์{headline} ใช้ได้ภายใน 10 นาที",
        )
    )


def no_pages(reader: Reader) -> Rendered:
    """Return that this installation has no pages, so nothing can be opened."""
    return plain(f"ขออภัย{reader.particle} ระบบนี้ยังไม่ได้เปิดใช้หน้าเว็บ โปรดติดต่อผู้ดูแลระบบ หรือดูข้อมูลในแชต")
