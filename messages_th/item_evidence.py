"""The photos and documents of an item: the card with the link to them, and what their page is called."""

from __future__ import annotations

from datetime import datetime

from messages_th import formats
from messages_th.approval_card.view import ItemView
from messages_th.evidence import evidence_label
from messages_th.lengths import cut
from messages_th.listing import NAME_LENGTH, Button
from messages_th.occasions import matter
from messages_th.page_link import page_link
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain


def evidence_title(item: ItemView) -> str:
    """Return what the page of an item's files is called."""
    named = item.code or cut(formats.one_line(item.name), NAME_LENGTH)
    return f"หลักฐานประกอบ{matter(item.kind, item.occasion, item.basis)} {named}"


def evidence_link(reader: Reader, item: ItemView, link: str, as_of: datetime) -> Rendered:
    """Return the card whose button opens the page with the files."""
    about = " ".join(filter(None, (item.code, cut(formats.one_line(item.name), NAME_LENGTH))))
    button = Button("เปิดดูหลักฐาน", uri=link, primary=True)
    headline = evidence_label(item.evidence)
    return page_link(reader, headline, matter(item.kind, item.occasion, item.basis), button, as_of, about)


def no_evidence(reader: Reader) -> Rendered:
    """Return that nothing is attached to the version that is shown now."""
    return plain(f"ฉบับล่าสุดของรายการนี้ไม่มีหลักฐานแนบ{reader.particle}")
