"""The few web pages, in plain HTML for a phone; every value is escaped when it is rendered."""

from __future__ import annotations

from datetime import datetime

from domain.fiscal import Quarter, YearBasis
from messages_th import formats
from messages_th.pages.rendering import page

_LISTS = {False: "โครงการที่ยังไม่รายงาน", True: "โครงการที่เกินกำหนด"}


def open_page(title: str) -> str:
    """Return the page behind a link: it shows nothing but what «open» would open."""
    return page("open.html.j2", title=title)


def liff_page(app: str, sdk: str, *, is_link: bool) -> str:
    """Return the page that asks LINE's script (at ``sdk``) whose phone this is; ``app`` is the LIFF id.

    ``is_link``: it stands at a link, and not at the address that LINE opens first.
    """
    return page("liff.html.j2", title="กำลังเปิดหน้าใน LINE", app=app, sdk=sdk, is_link=is_link)


def file_page(title: str, *, rows: int, download: str, until: datetime, of: str = "โครงการ") -> str:
    """Return the page of an opened session: the file, and until when (an aware instant) it can be had.

    ``of`` is what its rows are.
    """
    figure = f"{formats.count(rows)} {of}"
    return page("file.html.j2", title=title, figure=figure, download=download, until=formats.clock_time(until))


def refused_page() -> str:
    """Return that a link or session is of no use, whatever the reason is."""
    return page(
        "notice.html.j2",
        title="ลิงก์นี้ใช้ไม่ได้",
        lines=["ลิงก์อาจหมดอายุแล้ว หรือไม่ถูกต้อง", "โปรดกดปุ่มเดิมในแชต LINE อีกครั้งเพื่อรับลิงก์ใหม่"],
    )


def used_page() -> str:
    """Return that a link was opened before."""
    return page(
        "notice.html.j2",
        title="ลิงก์นี้ใช้แล้ว",
        lines=["ลิงก์แต่ละลิงก์เปิดได้ครั้งเดียว", "โปรดกดปุ่มเดิมในแชต LINE อีกครั้งเพื่อรับลิงก์ใหม่"],
    )


def again_page(href: str) -> str:
    """Return that something we need is away for now; ``href`` is where to try again."""
    return page("again.html.j2", title="โปรดลองอีกครั้ง", href=href)


def too_much_page() -> str:
    """Return that more was sent than a page takes."""
    return page(
        "notice.html.j2",
        title="ข้อมูลที่ส่งมีขนาดใหญ่เกินไป",
        lines=["ระบบไม่ได้บันทึกข้อมูลนี้", "โปรดย่อข้อความหรือลดขนาดไฟล์แล้วส่งใหม่"],
    )


def broken_page() -> str:
    """Return that we failed."""
    return page(
        "notice.html.j2",
        title="ระบบขัดข้อง",
        lines=["ระบบแสดงหน้านี้ไม่ได้ในขณะนี้", "โปรดรอสักครู่แล้วกดปุ่มเดิมในแชต LINE อีกครั้ง"],
    )


def too_large_page(rows: int, most: int) -> str:
    """Return that the list has more rows than one file takes."""
    return page(
        "notice.html.j2",
        title="รายการมีจำนวนมากเกินไป",
        lines=[
            f"รายการนี้มี {formats.count(rows)} โครงการ ไฟล์หนึ่งรองรับได้ {formats.count(most)} โครงการ",
            "โปรดเลือกดูเป็นรายกระทรวงหรือรายหน่วยงานในแชต LINE แล้วดาวน์โหลดใหม่",
        ],
    )


def large_ledger_page(rows: int, most: int) -> str:
    """Return that a circular has more recipients than one file takes."""
    return page(
        "notice.html.j2",
        title="ทะเบียนมีรายชื่อมากเกินไป",
        lines=[
            f"หนังสือนี้มีผู้รับ {formats.count(rows)} คน ไฟล์หนึ่งรองรับได้ {formats.count(most)} คน",
            "โปรดให้ผู้ดูแลระบบส่งออกด้วยคำสั่ง emenscr-bot export circular",
        ],
    )


def list_title(quarter: Quarter, basis: YearBasis, *, overdue: bool) -> str:
    """Return what the list of unreported, or of overdue, projects is called."""
    return f"{_LISTS[overdue]} {formats.quarter_text(quarter, basis)}"


def list_file_name(quarter: Quarter, basis: YearBasis, *, overdue: bool) -> str:
    """Return the name of its file; a slash cannot stand in one."""
    return f"{_LISTS[overdue]} {formats.quarter_name(quarter, basis).replace('/', '-')}.xlsx"
