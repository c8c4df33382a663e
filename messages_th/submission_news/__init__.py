"""What became of submissions: one thing as a card, several as a list with returns and their reasons first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from domain.news import Deadline, Matter, News, NewsEvent
from domain.policy import LateReports
from messages_th import formats
from messages_th.lengths import cut
from messages_th.listing import BROWN, GREEN, NAVY, ROWS_A_PAGE, Button, Count, Row, Sheet, listing
from messages_th.occasions import matter
from messages_th.positions import acting_position
from messages_th.reader import Reader
from messages_th.rendering import Rendered, card
from messages_th.words import word

Press = Callable[[News], str]
"""Returns the data of the button on a piece of news; "" where there is nothing to open."""

_POSITION_LENGTH, _WORDS_LENGTH, _WORDS_IN_LIST = 90, 600, 160
_NO_NAME = "แผนหรือรายงานของหน่วยงาน"
_HEADLINES: Mapping[NewsEvent, str] = MappingProxyType(
    {
        NewsEvent.RETURNED: "ส่งกลับแก้ไข",
        NewsEvent.ASKED: "ผู้อนุมัติขอข้อมูลเพิ่ม",
        NewsEvent.ANSWERED: "คำตอบจากหน่วยงาน",
        NewsEvent.REOPENED: "เปิดให้แก้ไขอีกครั้ง",
        NewsEvent.TAKEN_BACK: "ยกเลิกการอนุมัติ",
        NewsEvent.APPROVED: "อนุมัติแล้ว",
        NewsEvent.FINISHED: "อนุมัติครบทุกลำดับแล้ว",
        NewsEvent.SENT: "ส่งแล้ว",
    }
)
"""In the order of a list: first what asks for something to be done."""
_COLOURS: Mapping[NewsEvent, str] = MappingProxyType(
    {NewsEvent.RETURNED: BROWN, NewsEvent.ASKED: BROWN, NewsEvent.APPROVED: GREEN, NewsEvent.FINISHED: GREEN}
)
_IS_QUOTED = frozenset({NewsEvent.RETURNED, NewsEvent.ASKED, NewsEvent.ANSWERED, NewsEvent.REOPENED})


def submission_news(reader: Reader, news: Sequence[News], press: Press, all_duties: str, at: datetime) -> Rendered:
    """Return what became of one submission or of several; ``all_duties`` is the data of the reader's whole list."""
    return (
        _one(reader, news[0], _button(news[0], press), at)
        if len(news) == 1
        else _many(reader, news, press, all_duties, at)
    )


def _one(reader: Reader, news: News, button: Button | None, at: datetime) -> Rendered:
    headline, colour = _headline(news), _COLOURS.get(news.event, NAVY)
    return card(
        "submission_news",
        headline=headline,
        colour=colour,
        salutation=reader.salutation,
        unit=news.matter.unit,
        code=news.matter.code,
        name=cut(formats.one_line(news.matter.name), _WORDS_LENGTH) or _NO_NAME,
        matter=matter_text(news.matter),
        quote=_quote(news, _WORDS_LENGTH),
        lines=_lines(reader, news),
        until=_until(news),
        until_colour=_until_colour(news),
        button=button,
        as_of=formats.as_of(at),
    )


def _button(news: News, press: Press) -> Button | None:
    if not (data := press(news)):
        return None
    labels = {NewsEvent.ASKED: "ตอบคำถาม", NewsEvent.ANSWERED: "เปิดรายการ"}
    return Button(labels.get(news.event, "ดูโครงการ"), data, about=news.matter.code, primary=True)


def _headline(news: News) -> str:
    if news.event in (NewsEvent.APPROVED, NewsEvent.TAKEN_BACK):
        return f"{_HEADLINES[news.event]} ลำดับที่ {news.step} จาก {news.steps}"
    return _HEADLINES[news.event]


def matter_text(about: Matter) -> str:
    """Return what a submission is and when it is for."""
    return matter(about.kind, about.occasion, about.basis) if about.occasion else word(about.kind)


def _quote(news: News, length: int) -> str:
    return f"“{cut(formats.one_line(news.words), length)}”" if news.event in _IS_QUOTED and news.words else ""


def _lines(reader: Reader, news: News) -> Sequence[str]:
    """Return who did it, whose turn it is, and what is asked of the reader."""
    by, correct = _by(news), f"ขอความกรุณาแก้ไขแล้วส่งใหม่{reader.particle}"
    turn = f"ขั้นต่อไป: {cut(news.holder, 2 * _POSITION_LENGTH)}" if news.holder else ""
    lines = [f"โดย {by}"]
    match news.event:
        case NewsEvent.SENT:
            notice = f"แจ้งเพื่อทราบก่อนการพิจารณา{reader.particle}" if news.for_information else ""
            lines = [f"ส่งโดย {by}", turn, notice]
        case NewsEvent.APPROVED:
            lines.append(turn)
        case NewsEvent.FINISHED:
            lines = [f"ลำดับสุดท้ายโดย {by}"]
        case NewsEvent.RETURNED:
            restarts = f"รายการที่ท่านอนุมัติแล้วกลับไปที่หน่วยงาน เมื่อส่งใหม่จะเริ่มพิจารณาตั้งแต่ลำดับแรก{reader.particle}"
            lines.append(restarts if news.for_information else correct)
        case NewsEvent.TAKEN_BACK:
            lines.append(f"รายการกลับไปรอพิจารณาที่ลำดับเดิม{reader.particle}")
        case NewsEvent.ASKED:
            lines = [f"โดย {by} (ลำดับที่ {news.step})", f"รายการยังรอพิจารณาอยู่ที่ลำดับเดิม ขอความกรุณาตอบ{reader.particle}"]
        case NewsEvent.ANSWERED:
            question = f"คำถาม: {cut(formats.one_line(news.question), _WORDS_LENGTH)}" if news.question else ""
            lines = [f"ตอบโดย {by}", question, f"รายการรอท่านพิจารณาที่ลำดับที่ {news.step}"]
        case NewsEvent.REOPENED:
            lines.append(correct)
    return [line for line in lines if line]


def _by(news: News) -> str:
    principal = cut(news.principal, _POSITION_LENGTH)
    return acting_position(cut(news.by, _POSITION_LENGTH), principal, news.capacity)


def _until(news: News) -> str:
    """Return until when it may be sent again; "" where that is not the reader's business, or nothing limits it."""
    if news.deadline is None or news.for_information:
        return ""
    if news.deadline.days_left >= 0:
        return f"กำหนดส่งใหม่: {_dated(news.deadline)}"
    if news.event is NewsEvent.REOPENED or news.late_reports is LateReports.ALLOW:
        return "พ้นกำหนดแล้ว ส่งใหม่ได้โดยแจ้งเหตุผลที่ล่าช้า"
    return "พ้นกำหนดแล้ว โปรดแจ้งผู้ประสานงานระดับกระทรวง (ป.ย.ป.) เพื่อขอเปิดระบบ"


def _until_colour(news: News) -> str:
    return BROWN if news.deadline is not None and news.deadline.days_left <= 0 else NAVY


def _dated(deadline: Deadline) -> str:
    return formats.dated_deadline(deadline.span.closes_on, deadline.days_left, deadline.working_days_left)


def _many(reader: Reader, news: Sequence[News], press: Press, all_duties: str, at: datetime) -> Rendered:
    order = list(_HEADLINES)
    ranked = sorted(news, key=lambda each: (order.index(each.event), each.at))
    numbers = Counter(each.event for each in news)
    further = len(ranked) - ROWS_A_PAGE
    return listing(
        Sheet(
            headline=f"แจ้งผลการพิจารณา {formats.count(len(news))} เรื่อง",
            as_of=at,
            intro=reader.salutation,
            counts=[
                Count(_HEADLINES[event], f"{formats.count(numbers[event])} เรื่อง", _COLOURS.get(event, NAVY))
                for event in order
                if numbers[event]
            ],
            rows=[_row(each, _button(each, press)) for each in ranked[:ROWS_A_PAGE]],
            note=f"และอีก {formats.count(further)} เรื่อง" if further > 0 else "",
            buttons=[Button("ดูรายการทั้งหมด", all_duties, about="ทุกเรื่อง", primary=True)],
        )
    )


def _row(news: News, button: Button | None) -> Row:
    what = " ".join(filter(None, (_headline(news), _quote(news, _WORDS_IN_LIST))))
    turn = f"ขั้นต่อไป: {cut(news.holder, _POSITION_LENGTH)}" if news.event is NewsEvent.APPROVED and news.holder else ""
    details = (matter_text(news.matter), f"โดย {_by(news)}", turn, _until(news))
    return Row(
        title=news.matter.name or _NO_NAME,
        code=news.matter.code,
        note=what,
        colour=_COLOURS.get(news.event, NAVY),
        press=button.press if button else "",
        about=f"{button.label} {news.matter.code}".rstrip() if button else "",
        details=[line for line in details if line],
    )
