"""The few web pages, in plain HTML for a phone; every value is escaped when it is rendered."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.fiscal import Quarter, YearBasis
from messages_th import formats

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)

_LISTS = {False: "โครงการที่ยังไม่รายงาน", True: "โครงการที่เกินกำหนด"}


def open_page(title: str) -> str:
    """Return the page behind a link: it shows nothing but what «open» would open."""
    return _PAGES.get_template("open.html.j2").render(title=title)


def file_page(title: str, *, rows: int, download: str, until: datetime) -> str:
    """Return the page of an opened session: the file, and until when (an aware instant) it can be had."""
    return _PAGES.get_template("file.html.j2").render(
        title=title, rows=formats.count(rows), download=download, until=formats.clock_time(until)
    )


def refused_page() -> str:
    """Return that a link or session is of no use, whatever the reason is."""
    return _PAGES.get_template("notice.html.j2").render(
        title="ลิงก์นี้ใช้ไม่ได้",
        lines=["ลิงก์อาจหมดอายุแล้ว หรือไม่ถูกต้อง", "โปรดกดปุ่ม «ดาวน์โหลด Excel» ในแชต LINE อีกครั้งเพื่อรับลิงก์ใหม่"],
    )


def used_page() -> str:
    """Return that a link was opened before."""
    return _PAGES.get_template("notice.html.j2").render(
        title="ลิงก์นี้ใช้แล้ว",
        lines=["ลิงก์แต่ละลิงก์เปิดได้ครั้งเดียว", "โปรดกดปุ่ม «ดาวน์โหลด Excel» ในแชต LINE อีกครั้งเพื่อรับลิงก์ใหม่"],
    )


def too_large_page(rows: int, most: int) -> str:
    """Return that the list has more rows than one file takes."""
    return _PAGES.get_template("notice.html.j2").render(
        title="รายการมีจำนวนมากเกินไป",
        lines=[
            f"รายการนี้มี {formats.count(rows)} โครงการ ไฟล์หนึ่งรองรับได้ {formats.count(most)} โครงการ",
            "โปรดเลือกดูเป็นรายกระทรวงหรือรายหน่วยงานในแชต LINE แล้วดาวน์โหลดใหม่",
        ],
    )


def list_title(quarter: Quarter, basis: YearBasis, *, overdue: bool) -> str:
    """Return what the list of unreported, or of overdue, projects is called."""
    return f"{_LISTS[overdue]} {formats.quarter_text(quarter, basis)}"


def list_file_name(quarter: Quarter, basis: YearBasis, *, overdue: bool) -> str:
    """Return the name of its file; a slash cannot stand in one."""
    return f"{_LISTS[overdue]} {formats.quarter_name(quarter, basis).replace('/', '-')}.xlsx"
