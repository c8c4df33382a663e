"""Photos and documents on pages: to be added and removed by who writes a report, to be looked at by who decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from domain.evidence import MOST_BYTES, MOST_FILES, EvidenceFault
from messages_th import formats
from messages_th.approval_card.view import ItemView
from messages_th.evidence import LARGEST, evidence_label, fault_words, size_text
from messages_th.item_evidence import evidence_title
from messages_th.pages.rendering import page

TOOK_NOTHING = "ยังไม่ได้เลือกไฟล์ โปรดเลือกไฟล์ก่อนแล้วกด «แนบไฟล์»"
NOT_WRITABLE = "รายการนี้ส่งอนุมัติแล้ว จึงแก้ไขหลักฐานไม่ได้ในขณะนี้"
BUSY = "มีผู้แนบไฟล์พร้อมกันจำนวนมาก โปรดรอสักครู่แล้วแนบใหม่"
REMOVED = "นำไฟล์ออกแล้ว"
GONE = "ไฟล์นี้ถูกนำออกไปก่อนแล้ว"
_KINDS = {"image/jpeg": "รูป JPEG", "image/png": "รูป PNG", "application/pdf": "เอกสาร PDF"}
_NO_NAME = "ไฟล์ไม่มีชื่อ"


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file in a list: where it opens, its small picture ("": none), and where it is removed ("": it cannot be)."""

    name: str
    content_type: str
    size: int
    href: str
    thumbnail: str
    remove: str = ""

    @property
    def shown_name(self) -> str:
        """What it is called."""
        return self.name or _NO_NAME

    @property
    def kind(self) -> str:
        """What it is, and how large: «รูป JPEG 1.4 MB»."""
        return f"{_KINDS[self.content_type]} {size_text(self.size)}"


class EvidencePart(NamedTuple):
    """The part of a page for who writes. ``section`` may stand anywhere, ``form`` outside of all other forms."""

    section: Markup
    form: Markup


def evidence_part(rows: Sequence[FileRow], upload: str, form_key: str, *, is_writable: bool) -> EvidencePart:
    """Return the part of a page that shows a writer's files, and takes more at ``upload`` where they may change."""
    section = page(
        "evidence_part.html.j2",
        files=evidence_list(rows),
        upload=upload,
        form_key=form_key,
        is_writable=is_writable,
        most=MOST_FILES,
        largest=MOST_BYTES,
        largest_text=LARGEST,
        too_large=fault_words(EvidenceFault.TOO_LARGE),
    )
    form = page("evidence_form.html.j2", upload=upload, form_key=form_key) if is_writable else ""
    return EvidencePart(Markup(section), Markup(form))  # noqa: S704 - our templates escape what they are given


def evidence_list(rows: Sequence[FileRow]) -> Markup:
    """Return the list of an item's files."""
    return file_list(rows, evidence_label(len(rows)))


def file_list(rows: Sequence[FileRow], label: str) -> Markup:
    """Return a list of files below a line that says what they are."""
    return Markup(page("evidence_list.html.j2", rows=rows, label=label))  # noqa: S704 - as above


def evidence_page(item: ItemView, rows: Sequence[FileRow]) -> str:
    """Return the page with the files of an item."""
    return page(
        "evidence.html.j2",
        title=evidence_title(item),
        name=formats.one_line(item.name),
        unit=formats.one_line(item.unit),
        version=item.version,
        files=evidence_list(rows),
    )


def outcomes_page(lines: Sequence[str], back: str) -> str:
    """Return what became of files that were not all taken; ``back`` leads to where they were chosen."""
    return page("evidence_outcomes.html.j2", title="แนบไฟล์ได้ไม่ครบ", lines=lines, back=back)


def taken_words(name: str) -> str:
    """Return that a file was taken."""
    return f"แนบแล้ว: {name or _NO_NAME}"


def refused_words(name: str, why: str) -> str:
    """Return that a file was not taken, and why."""
    return f"ยังไม่ได้แนบ {name or _NO_NAME}: {why}"
