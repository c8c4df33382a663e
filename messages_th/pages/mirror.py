"""The page with the texts of an approved report, to be copied into eMENSCR field by field."""

from __future__ import annotations

from dataclasses import dataclass

from messages_th import formats
from messages_th.lengths import cut
from messages_th.mirroring import DONE, UNDO
from messages_th.mirroring.view import MirrorView
from messages_th.pages.rendering import page

DAY_NEEDED = "โปรดระบุวันที่บันทึกใน eMENSCR"
_NAME_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands around the texts.

    ``address`` is where its form sends, with ``form_key`` and the ``version`` that is shown. ``day`` is what the field
    holds, ``fault`` what is wrong with it, and ``refused`` why what was wished cannot be done.
    """

    address: str
    form_key: str
    version: int
    day: str
    fault: str = ""
    refused: str = ""


def mirror_title(report: MirrorView) -> str:
    """Return what the page is called."""
    return f"คัดลอกลง eMENSCR {formats.quarter_text(report.quarter, report.basis)}"


def mirror_page(report: MirrorView, sheet: Sheet) -> str:
    """Return the page."""
    return page(
        "mirror.html.j2",
        title=mirror_title(report),
        report=report,
        name=cut(formats.one_line(report.name), _NAME_LENGTH),
        address=sheet.address,
        form_key=sheet.form_key,
        version=sheet.version,
        day=sheet.day,
        fault=sheet.fault,
        refused=sheet.refused,
        done=DONE,
        undo=UNDO,
    )
