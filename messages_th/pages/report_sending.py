"""The pages around sending a report: what the approver will see, what became of it, and taking it back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain.doubts import Doubt, DoubtKind
from domain.errors import Refusal
from domain.send_timing import SendTiming
from domain.submissions import MAX_REASON_LENGTH, MIN_REASON_LENGTH, SubmissionState
from domain.windows import Span
from messages_th import formats
from messages_th.approval_card import wording
from messages_th.baht_words import baht_in_words
from messages_th.lengths import cut
from messages_th.pages.flex import drawn_card
from messages_th.pages.rendering import page
from messages_th.pages.report import Head
from messages_th.project_card import RouteStep
from messages_th.refusals import refusal_words
from messages_th.rendering import Rendered
from messages_th.words import word

UNTICKED = "โปรดตรวจตัวเลขที่ระบบสอบถาม แล้วทำเครื่องหมาย «ตัวเลขถูกต้องแล้ว» ก่อนส่ง"
REASON_TOO_SHORT = f"โปรดระบุเหตุผลที่ส่งล่าช้าอย่างน้อย {MIN_REASON_LENGTH} ตัวอักษร"
REASON_TOO_LONG = f"เหตุผลยาวเกิน {MAX_REASON_LENGTH:,} ตัวอักษร โปรดสรุปให้สั้นลง"
CHANGED = "ข้อมูลเปลี่ยนไปหลังจากที่แสดงตัวอย่างแก่ท่าน โปรดตรวจตัวอย่างล่าสุดแล้วส่งอีกครั้ง"
_NAME_LENGTH = 240
_STANDINGS = {"passed": "อนุมัติแล้ว", "current": "รอพิจารณา", "ahead": "ยังไม่ถึงลำดับ"}


@dataclass(frozen=True, slots=True)
class FieldLink:
    """A field of the form by its name, and where it stands."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Hidden:
    """What the form sends along: that it is ours, what was shown, and when (real time)."""

    form_key: str
    digest: str
    shown_at: str


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the buttons lead: to sending, back to the form, to the disbursed amount in it."""

    send: str
    form: str
    amount: str


@dataclass(frozen=True, slots=True)
class ToSend:
    """What would be sent: the first approver's card, the positions of who could decide then (none: nobody could).

    ``step`` of ``steps`` is where it would wait, ``planned`` the quarter's plan in baht, ``sure`` which doubts were
    answered, ``brought_over`` the fields that still hold the text of the report before.
    """

    card: Rendered
    holders: Sequence[str]
    step: int
    steps: int
    timing: SendTiming
    disbursed: Decimal | None
    carried: Decimal | None
    planned: Decimal | None
    doubts: Sequence[Doubt]
    sure: Collection[str]
    brought_over: Sequence[FieldLink]


@dataclass(frozen=True, slots=True)
class InTheWay:
    """Why a report cannot be sent as it is: ``span`` is the window that binds it, ``gaps`` what it lacks."""

    refusal: Refusal | None
    span: Span | None
    gaps: Sequence[FieldLink]


def preview_page(
    head: Head,
    addresses: Addresses,
    hidden: Hidden,
    to_send: ToSend | None,
    in_the_way: InTheWay,
    *,
    late_reason: str | None = None,
    notices: Sequence[str] = (),
) -> str:
    """Return what is looked at before a report is sent; without ``to_send`` it cannot be, and ``in_the_way`` says why.

    ``late_reason``: None where none is asked for. ``notices`` stand above all.
    """
    return page(
        "report_preview.html.j2",
        title="ตรวจก่อนส่งอนุมัติ",
        head=head,
        to=addresses,
        hidden=hidden,
        notices=notices,
        refusal=_refused(in_the_way.refusal, in_the_way.span),
        gaps=in_the_way.gaps,
        late_reason=late_reason,
        most=MAX_REASON_LENGTH,
        reason_hint=f"อย่างน้อย {MIN_REASON_LENGTH} ตัวอักษร ผู้อนุมัติและผู้ประสานงานระดับกระทรวงจะเห็นเหตุผลนี้",
        sends=to_send is not None,
        desk=_desk(to_send) if to_send else None,
        timing=_timing(to_send.timing) if to_send else "",
        amounts=_amounts(to_send) if to_send else (),
        doubts=[(one.kind.value, _doubt(one), one.kind in to_send.sure) for one in to_send.doubts] if to_send else (),
        brought_over=to_send.brought_over if to_send else (),
        card=drawn_card(to_send.card) if to_send else "",
    )


def changed_since(changes: Sequence[tuple[str, str, datetime]]) -> Sequence[str]:
    """Return that the report changed since it was shown, and which field who changed when (real time)."""
    return [
        CHANGED,
        *(f"«{field}» แก้ไขโดย {formats.one_line(by)} เวลา {formats.clock_time(at)}" for field, by, at in changes),
    ]


@dataclass(frozen=True, slots=True)
class SentReport:
    """A report on its way, or approved; ``at`` is business time, ``by`` a position, ``is_own``: the reader sent it."""

    state: SubmissionState
    by: str
    at: datetime | None
    is_own: bool
    is_late: bool
    is_resent: bool
    steps: Sequence[RouteStep]


@dataclass(frozen=True, slots=True)
class Further:
    """Another project that is still to be reported, of ``number`` of them."""

    code: str
    name: str
    number: int


def sent_page(
    head: Head,
    sent: SentReport,
    as_of: datetime,
    *,
    withdrawal: Withdrawal | None = None,
    further: Further | None = None,
    chat: str = "",
    notices: Sequence[str] = (),
) -> str:
    """Return how far a report came; ``withdrawal``: it can be taken back. ``chat`` is a link to the chat, "": none."""
    is_final = sent.state is SubmissionState.APPROVED
    return page(
        "report_sent.html.j2",
        title="อนุมัติครบทุกลำดับแล้ว" if is_final else "ส่งอนุมัติแล้ว",
        head=head,
        notices=notices,
        sent=_sent(sent),
        flags=[
            word(timing)
            for timing, shown in ((SendTiming.LATE, sent.is_late), (SendTiming.RESENT, sent.is_resent))
            if shown
        ],
        steps=[_step(step) for step in sent.steps],
        withdrawal=withdrawal,
        further=further
        and (further.code, cut(formats.one_line(further.name), _NAME_LENGTH), formats.count(further.number)),
        chat=chat,
        as_of=formats.as_of(as_of),
    )


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The form that takes back a ``version``."""

    address: str
    form_key: str
    version: int


def withdraw_page(head: Head, withdrawal: Withdrawal, back: str) -> str:
    """Return the one question before a report is taken back; ``back`` leads to how far it came."""
    return page(
        "report_withdraw.html.j2", title="ดึงกลับเป็นฉบับร่าง", head=head, notices=(), withdrawal=withdrawal, back=back
    )


def not_withdrawn(refusal: Refusal, decision: str) -> str:
    """Return why a report cannot be taken back; ``decision`` says what was decided, where anything was."""
    if refusal is Refusal.ALREADY_DECIDED and decision:
        return f"ดึงกลับไม่ได้แล้วเพราะมีการพิจารณาแล้ว {decision}"
    return refusal_words(refusal)


def _refused(refusal: Refusal | None, span: Span | None) -> str:
    if refusal is None:
        return ""
    words = refusal_words(refusal)
    if refusal is Refusal.NOT_OPEN_YET and span is not None and span.opens_on is not None:
        return f"ยังไม่ถึงวันเปิดให้ส่ง เปิดให้ส่ง {formats.span_text(span)} ข้อมูลที่กรอกไว้บันทึกเป็นฉบับร่างแล้ว"
    if refusal in (Refusal.WINDOW_CLOSED, Refusal.LATE_REASON_NEEDED) and span is not None:
        return f"{words} (กำหนดส่ง {formats.short_date(span.closes_on)})"
    return words


def _desk(to_send: ToSend) -> Mapping[str, str]:
    """Return who has it first, and where in the route that is."""
    step = wording.step_of(to_send.step, to_send.steps)
    if to_send.holders:
        return {"whose": wording.whose(to_send.holders), "step": step}
    told = "เมื่อส่งแล้ว ระบบจะแจ้งผู้ประสานงานระดับกระทรวง (ป.ย.ป.) ให้กำหนดผู้พิจารณา"
    return {"whose": f"{step} ขณะนี้ไม่มีผู้พิจารณา", "step": told}


def _timing(timing: SendTiming) -> str:
    if timing is SendTiming.LATE:
        return f"พ้นกำหนดแล้ว ผู้อนุมัติจะเห็นว่า «{word(timing)}» พร้อมเหตุผลของท่าน"
    return word(timing)


def _amounts(to_send: ToSend) -> Sequence[tuple[str, str, str]]:
    """Return each amount with what it is and its words."""
    plan = "" if to_send.planned is None else f" (แผน {formats.baht(to_send.planned)})"
    named = ((f"เบิกจ่ายไตรมาสนี้{plan}", to_send.disbursed), ("เบิกจ่ายเงินกันเหลื่อมปี", to_send.carried))
    return [(label, formats.baht(amount), baht_in_words(amount)) for label, amount in named if amount is not None]


def _doubt(doubt: Doubt) -> str:
    figure, measure = formats.baht(doubt.figure), formats.baht(doubt.measure)
    match doubt.kind:
        case DoubtKind.FAR_ABOVE_PLAN:
            times = formats.count(round(doubt.figure / doubt.measure))
            return f"{figure} สูงกว่าแผนไตรมาสนี้ ({measure}) ราว {times} เท่า โปรดตรวจว่าหน่วยเป็นบาท"
        case DoubtKind.FAR_BELOW_PLAN:
            times = formats.count(round(doubt.measure / doubt.figure))
            return f"{figure} ต่ำกว่าแผนไตรมาสนี้ ({measure}) ราว {times} เท่า โปรดตรวจว่าหน่วยเป็นบาท ไม่ใช่พันบาทหรือล้านบาท"
        case DoubtKind.OVER_BUDGET:
            return f"เบิกจ่ายสะสมเมื่อรวมรายงานนี้ {figure} เกินวงเงินโครงการ ({measure}) โปรดตรวจว่าเป็นยอดเฉพาะไตรมาสนี้"


def _sent(sent: SentReport) -> str:
    by = "" if sent.is_own or not sent.by else f" โดย {wording.position(sent.by)}"
    at = f" เมื่อ {formats.date_and_time(sent.at)}" if sent.at else ""
    return f"ส่งแล้ว{at}{by}"


def _step(step: RouteStep) -> Mapping[str, str | int]:
    """Return whose a step is and how it stands, also in words."""
    kind = "passed" if step.is_passed else "current" if step.is_current else "ahead"
    on = f" เมื่อ {formats.short_date(step.on)}" if step.is_passed and step.on else ""
    return {
        "order": step.order,
        "kind": kind,
        "whose": wording.whose(step.people),
        "words": f"{_STANDINGS[kind]}{on}",
    }
