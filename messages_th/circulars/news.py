"""News of circulars to those who look after them: one as a card, several as a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from domain.circulars.life import MOST_FAILURES
from domain.circulars.news import CircularEvent, CircularNews
from messages_th import formats
from messages_th.circulars import labels
from messages_th.circulars.letters import CIRCULAR, number_and_date
from messages_th.circulars.unreached_reasons import people_by_reason
from messages_th.lengths import cut
from messages_th.listing import BROWN, GREEN, NAVY, RED, ROWS_A_PAGE, Button, Count, Row, Sheet, listing
from messages_th.reader import Reader
from messages_th.rendering import Rendered

Press = Callable[[CircularNews], str]
"""Returns the data of the button on a piece of news."""

_SUBJECT_LENGTH, _BY_LENGTH, _REASON_LENGTH = 160, 90, 600
_HEADLINES: Mapping[CircularEvent, str] = MappingProxyType(
    {
        CircularEvent.WAITS: "หนังสือเวียนรอท่านปล่อยส่ง",
        CircularEvent.SENT_BACK: "ส่งกลับแก้ไขหนังสือเวียน",
        CircularEvent.PAUSED: "พักการส่งหนังสือเวียน",
        CircularEvent.RELEASED: "ปล่อยหนังสือเวียนแล้ว",
        CircularEvent.SENT: "ส่งหนังสือเวียนเสร็จแล้ว",
    }
)
_COLOURS: Mapping[CircularEvent, str] = MappingProxyType(
    {
        CircularEvent.WAITS: NAVY,
        CircularEvent.SENT_BACK: BROWN,
        CircularEvent.PAUSED: BROWN,
        CircularEvent.RELEASED: NAVY,
        CircularEvent.SENT: GREEN,
    }
)
_BUTTONS: Mapping[CircularEvent, str] = MappingProxyType(
    {
        CircularEvent.WAITS: labels.CHECK_PROPOSED,
        CircularEvent.SENT_BACK: labels.OPEN_DRAFT,
        CircularEvent.PAUSED: labels.FOLLOW,
        CircularEvent.RELEASED: labels.FOLLOW,
        CircularEvent.SENT: labels.FOLLOW,
    }
)


def circular_news(reader: Reader, news: Sequence[CircularNews], press: Press, at: datetime) -> Rendered:
    """Return what happened to one circular or to several."""
    return _one(reader, news[0], press, at) if len(news) == 1 else _many(reader, news, press, at)


def _one(reader: Reader, news: CircularNews, press: Press, at: datetime) -> Rendered:
    number, headline = number_and_date(news.letter_no, news.letter_date), _HEADLINES[news.event]
    subject = f"เรื่อง {cut(formats.one_line(news.subject), _SUBJECT_LENGTH)}"
    label = _BUTTONS[news.event]
    counts = _counts(news)
    return listing(
        Sheet(
            headline=headline,
            colour=_COLOURS[news.event],
            intro=f"{reader.salutation}\n{number}\n{subject}",
            counts=counts,
            empty="\n".join(_lines(reader, news)),
            buttons=[
                Button(label, press(news), about=f"{label} {number_and_date(news.letter_no, None)}", primary=True)
            ],
            alt=" ".join((headline, number, subject, *(f"{count.label} {count.value}" for count in counts))),
            as_of=at,
        )
    )


def _many(reader: Reader, news: Sequence[CircularNews], press: Press, at: datetime) -> Rendered:
    further = len(news) - ROWS_A_PAGE
    return listing(
        Sheet(
            headline=f"แจ้งความคืบหน้า{CIRCULAR} {formats.count(len(news))} ฉบับ",
            intro=reader.salutation,
            rows=[_row(reader, each, press) for each in news[:ROWS_A_PAGE]],
            note=f"และอีก {formats.count(further)} ฉบับ โปรดพิมพ์ «{CIRCULAR}» เพื่อดูทั้งหมด" if further > 0 else "",
            as_of=at,
        )
    )


def _row(reader: Reader, news: CircularNews, press: Press) -> Row:
    number = number_and_date(news.letter_no, news.letter_date)
    return Row(
        title=news.subject,
        code=number,
        note=_HEADLINES[news.event],
        colour=_COLOURS[news.event],
        press=press(news),
        about=f"{_BUTTONS[news.event]} {number_and_date(news.letter_no, None)}",
        details=[*(f"{count.label} {count.value}" for count in _counts(news)), *_lines(reader, news)],
    )


def _lines(reader: Reader, news: CircularNews) -> Sequence[str]:
    """Return by whom, why, and what is asked of the reader."""
    by = cut(formats.one_line(news.by), _BY_LENGTH)
    lines = [f"โดย {by}" if by else ""]
    match news.event:
        case CircularEvent.WAITS:
            lines = [f"เสนอโดย {by}", f"ขอความกรุณาตรวจและพิจารณาปล่อยส่ง{reader.particle}"]
        case CircularEvent.SENT_BACK:
            reason = cut(formats.one_line(news.reason), _REASON_LENGTH)
            lines = [f"“{reason}”", *lines, f"ขอความกรุณาแก้ไขแล้วเสนอใหม่{reader.particle}"]
        case CircularEvent.PAUSED:
            lines = [f"ส่งไม่สำเร็จ {MOST_FAILURES} ครั้งติดต่อกัน ระบบจึงพักไว้{reader.particle}", "โปรดตรวจสอบแล้วสั่งส่งต่อ"]
        case CircularEvent.RELEASED:
            lines += [f"กำหนดส่ง {formats.date_and_time(news.goes_at)}" if news.goes_at else ""]
        case CircularEvent.SENT:
            lines = ["ระบบส่งครบทุกคนที่ส่งได้แล้ว" + reader.particle]
    return [line for line in lines if line]


def _counts(news: CircularNews) -> Sequence[Count]:
    """Return the figures of a circular that went out, all of it or a part."""
    if news.event not in (CircularEvent.PAUSED, CircularEvent.SENT):
        return ()
    counts = [Count("ส่งถึงแล้ว", _people(news.sent), GREEN)]
    if news.waiting:
        counts.append(Count("รอส่ง", _people(news.waiting), BROWN))
    unreached = people_by_reason(news.unreached or {})
    counts += [Count(f"ส่งไม่ได้: {words}", _people(number), RED) for words, number in unreached.items()]
    if news.acknowledged is not None:
        counts.append(Count("รับทราบแล้ว", _people(news.acknowledged), NAVY))
    return counts


def _people(number: int) -> str:
    return f"{formats.count(number)} คน"
