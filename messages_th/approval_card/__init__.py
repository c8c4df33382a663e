"""What an approver looks at before deciding: one item on one card, and all that stands in it behind «รายละเอียด»."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.submissions import SubmissionKind, SubmissionState
from messages_th import formats
from messages_th.approval_card import wording
from messages_th.approval_card.view import ItemView
from messages_th.evidence import evidence_label
from messages_th.lengths import cut
from messages_th.listing import BROWN, GREEN, GREY, NAVY, RED, Button
from messages_th.occasions import matter
from messages_th.project_fields import project_field_name
from messages_th.rendering import Rendered, card
from messages_th.trail import TRAIL

APPROVE, RETURN, ASK, DETAILS = "อนุมัติ", "ส่งกลับแก้ไข", "ขอข้อมูลเพิ่ม", "รายละเอียด"
ANSWER, WITHDRAW = "ตอบคำถามผู้อนุมัติ", "ดึงกลับ"
_NAME_LENGTH, _ALT_NAME_LENGTH, _UNIT_LENGTH, _TEXT_LENGTH = 240, 80, 120, 180
_ANSWERS = ("output_progress", "outcome_progress", "kpi_progress", "problems")
_OF_ENTRY = ("budget_total", "objectives", "output_target", "outcome_target", "kpis")
_OF_PLAN = ("entered_on", "reference")
_COLOURS = {
    SubmissionState.DRAFT: GREY,
    SubmissionState.PENDING_APPROVAL: NAVY,
    SubmissionState.RETURNED: BROWN,
    SubmissionState.APPROVED: GREEN,
}


@dataclass(frozen=True, slots=True)
class Presses:
    """Data of the card's buttons; those that decide are empty for who may only look.

    ``answer`` and ``withdraw`` are for the unit that sent it. ``evidence`` is empty where there is none.
    """

    details: str
    approve: str = ""
    return_: str = ""
    ask: str = ""
    answer: str = ""
    withdraw: str = ""
    trail: str = ""
    evidence: str = ""


def approval_card(item: ItemView, presses: Presses, as_of: datetime, salutation: str = "") -> Rendered:
    """Return the card of one item; ``salutation`` opens one that comes unasked."""
    delay = item.delay if item.state is SubmissionState.PENDING_APPROVAL else None
    return card(
        "approval_card",
        headline=matter(item.kind, item.occasion, item.basis),
        colour=_COLOURS[item.state],
        unit=cut(formats.one_line(item.unit), _UNIT_LENGTH),
        code=item.code,
        salutation=salutation,
        name=cut(formats.one_line(item.name), _NAME_LENGTH) or wording.NO_NAME,
        short_name=cut(formats.one_line(item.name), _ALT_NAME_LENGTH),
        turn=wording.turn(item),
        step=wording.step_of(item.step, item.steps) if item.step is not None else "",
        since=wording.since(item),
        deadline=formats.dated_deadline(delay.closes_on, delay.days_left, delay.working_days_left) if delay else "",
        deadline_colour=RED if delay and delay.days_left < 0 else BROWN,
        flags=wording.flags(item),
        money=wording.money(item),
        money_notes=wording.money_notes(item),
        texts=_texts(item),
        more=f"โปรดกด «{DETAILS}» เพื่ออ่านข้อความทั้งหมด" if _is_cut(item) else "",
        changes_headline=wording.changes_headline(item.changes),
        changes=wording.changes_lines(item.changes),
        facts=wording.facts(item),
        story=wording.story(item),
        enquiries=wording.enquiries(item),
        buttons=_buttons(item, presses),
        as_of=formats.as_of(as_of),
    )


def _texts(item: ItemView) -> Sequence[tuple[str, str]]:
    return [
        (project_field_name(name), wording.said(item.values.get(name), name, _TEXT_LENGTH)) for name in _fields(item)
    ]


def _is_cut(item: ItemView) -> bool:
    return any(wording.said(item.values.get(name), name, _TEXT_LENGTH).endswith("…") for name in _fields(item))


def _fields(item: ItemView) -> Sequence[str]:
    match item.kind:
        case SubmissionKind.QUARTER_REPORT:
            return _ANSWERS
        case SubmissionKind.PROJECT_ENTRY | SubmissionKind.PROJECT_EDIT:
            return _OF_ENTRY
        case SubmissionKind.LEVEL3_PLAN | SubmissionKind.ACHIEVEMENT_REPORT:
            return _OF_PLAN


def _buttons(item: ItemView, presses: Presses) -> Sequence[Sequence[Button]]:
    """Return the rows of buttons: what decides comes first, the question beside the return."""
    about = item.code or cut(formats.one_line(item.name), _ALT_NAME_LENGTH) or wording.NO_NAME
    decides = [
        [Button(APPROVE, presses.approve, about=f"{APPROVE} {about}", primary=True)],
        [
            Button(RETURN, presses.return_, about=f"{RETURN} {about}"),
            Button(ASK, presses.ask, about=f"{ASK} {about}"),
        ],
    ]
    own = [
        [Button(label, press, about=f"{label} {about}", primary=label == ANSWER)]
        for label, press in ((ANSWER, presses.answer), (WITHDRAW, presses.withdraw))
        if press
    ]
    reads = [
        Button(label, press, about=f"{label} {about}")
        for label, press in ((DETAILS, presses.details), (TRAIL, presses.trail))
        if press
    ]
    return [*(decides if presses.approve else []), *own, *_evidence(item, presses, about), reads]


def _evidence(item: ItemView, presses: Presses, about: str) -> Sequence[Sequence[Button]]:
    if not presses.evidence:
        return ()
    label = evidence_label(item.evidence)
    return [[Button(label, presses.evidence, about=f"{label} {about}")]]
