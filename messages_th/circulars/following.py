"""Following circulars: the list, how one stands, what can be done with it, and the names of those who are silent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from domain.circulars.letters import Relation
from domain.circulars.life import MOST_FAILURES, CircularState, PauseReason
from messages_th import formats
from messages_th.circulars import labels
from messages_th.circulars.letters import CIRCULAR, kind_of, number_and_date
from messages_th.circulars.unreached_reasons import people_by_reason
from messages_th.lengths import cut
from messages_th.listing import BROWN, GREEN, GREY, NAVY, RED, Button, Count, Page, Row, Sheet, listing
from messages_th.quick_replies import QuickReply
from messages_th.reader import Reader
from messages_th.rendering import Rendered, plain
from messages_th.words import word

_SUBJECT_LENGTH, _NAME_LENGTH = 160, 80
_REASONS_SHOWN = 4
_COLOURS: Mapping[CircularState, str] = MappingProxyType(
    {
        CircularState.DRAFT: GREY,
        CircularState.WAITING_RELEASE: BROWN,
        CircularState.SCHEDULED: NAVY,
        CircularState.SENDING: NAVY,
        CircularState.PAUSED: BROWN,
        CircularState.SENT: GREEN,
        CircularState.CANCELLED: RED,
    }
)
RECIPIENTS, ACKNOWLEDGED = "ผู้รับทั้งหมด", "รับทราบแล้ว"
_ASK_SEARCH = "ค้นหนังสือเวียน"


@dataclass(frozen=True, slots=True)
class CircularLine:
    """A circular in the list; ``press`` opens it. ``reached`` people got it, ``acknowledged`` of them acknowledged.

    ``is_withdrawn``: a later letter withdrew it.
    """

    letter_no: str
    letter_date: date | None
    subject: str
    relation: Relation | None
    state: CircularState
    wants_acknowledgement: bool
    reached: int
    acknowledged: int
    press: str
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What was done with a circular last: the word of the audit trail, by whom ("": at the shell), and when."""

    action: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AgencyShare:
    """How far a circular is in an agency."""

    name: str
    recipients: int
    reached: int
    acknowledged: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a circular stands.

    ``goes_at``: it waits for this instant; ``lacks_quota``: what is left of the month's messages is kept back;
    ``is_stopped``: the bot sends nothing at all just now. ``unreached`` are people by the outbox's reason.
    ``agencies`` are those of the page. ``done`` is the last act, ``later`` are the letters that correct or withdraw it
    (``later_letter``).
    """

    letter_no: str
    letter_date: date | None
    subject: str
    relation: Relation | None
    state: CircularState
    pause_reason: PauseReason | None
    wants_acknowledgement: bool
    acknowledge_by: date | None
    goes_at: datetime | None
    lacks_quota: bool
    is_stopped: bool
    finished_at: datetime | None
    recipients: int
    sent: int
    waiting: int
    unreached: Mapping[str, int]
    reached: int
    acknowledged: int
    opened: int
    silent: int
    agencies: Sequence[AgencyShare]
    done: Done | None
    later: Sequence[str]


def circular_list(
    reader: Reader, lines: Sequence[CircularLine], total: int, words: str, page: Page, buttons: Sequence[Button],
    as_of: datetime,
) -> Rendered:  # fmt: skip
    """Return a page of circulars; ``words``: those that were looked for."""
    nothing = f"ไม่พบหนังสือเวียนตามที่ค้น{reader.particle} ลองพิมพ์เลขที่ คำในชื่อเรื่อง หรือเดือน" if words else "ยังไม่มีหนังสือเวียน"
    return listing(
        Sheet(
            headline=CIRCULAR,
            as_of=as_of,
            period=f"ค้น «{cut(formats.one_line(words), _NAME_LENGTH)}»" if words else "",
            counts=[Count("ทั้งหมด", f"{formats.count(total)} ฉบับ")] if total else (),
            rows=[_line(line) for line in lines],
            empty=nothing if words else f"{nothing}{reader.particle}",
            page=page,
            buttons=buttons,
        )
    )


def _line(line: CircularLine) -> Row:
    state = word(line.state)
    if line.wants_acknowledgement and line.reached:
        state = f"{state} รับทราบ {formats.count(line.acknowledged)}/{formats.count(line.reached)}"
    if line.is_withdrawn:
        state = f"มีหนังสือยกเลิกแล้ว · {state}"
    subject = cut(formats.one_line(line.subject), _NAME_LENGTH) or "(ยังไม่มีชื่อเรื่อง)"
    return Row(
        title=subject if line.relation is None else f"{word(line.relation)}: {subject}",
        code=number_and_date(line.letter_no, line.letter_date),
        note=state,
        colour=RED if line.is_withdrawn else _COLOURS[line.state],
        press=line.press,
        about=cut(f"{CIRCULAR} {number_and_date(line.letter_no, None)}", _NAME_LENGTH),
    )


def new_button(press: str) -> Button:
    """Return the button that begins a circular."""
    return Button("ส่งหนังสือเวียนฉบับใหม่", press, about="ส่งหนังสือเวียน", primary=True)


def search_button(press: str) -> Button:
    """Return the button that asks what to look for."""
    return Button(_ASK_SEARCH, press, about=_ASK_SEARCH)


def ask_search(reader: Reader) -> Rendered:
    """Return the question for the words to look for."""
    ask = "คะ" if reader.particle else ""
    return plain(f"ค้นหนังสือเวียนด้วยคำใด{ask}\nพิมพ์เลขที่ เช่น ว 3 คำในชื่อเรื่อง หรือวันเดือนปี เช่น ม.ค. 66")


def standing_card(
    reader: Reader, standing: Standing, page: Page, buttons: Sequence[Button], as_of: datetime
) -> Rendered:
    """Return how a circular stands, agency by agency."""
    return listing(
        Sheet(
            headline=kind_of(standing.relation),
            as_of=as_of,
            place=number_and_date(standing.letter_no, standing.letter_date),
            period=_now(standing),
            intro="\n".join(
                [
                    f"เรื่อง {cut(formats.one_line(standing.subject), _SUBJECT_LENGTH)}",
                    *(cut(text, _SUBJECT_LENGTH) for text in standing.later),
                ]
            ),
            counts=_counts(standing),
            rows=[_agency(agency, standing) for agency in standing.agencies],
            empty=f"ยังไม่ได้กำหนดรายชื่อผู้รับ ระบบกำหนดเมื่อปล่อยหนังสือ{reader.particle}",
            note=" · ".join(_by_whom(standing.done)),
            page=page,
            buttons=buttons,
            colour=_COLOURS[standing.state] if standing.state is not CircularState.DRAFT else NAVY,
            alt=f"{number_and_date(standing.letter_no, standing.letter_date)} {_now(standing)}",
        )
    )


def _now(standing: Standing) -> str:
    """Return what happens now, in words."""
    left = f"เหลืออีก {_people(standing.waiting)}"
    match standing.state:
        case CircularState.WAITING_RELEASE:
            return "รอเจ้าหน้าที่คนที่สองปล่อยหนังสือ"
        case CircularState.SCHEDULED | CircularState.SENDING:
            return _under_way(standing, left)
        case CircularState.PAUSED if standing.pause_reason is PauseReason.FAILURES:
            return f"ระบบพักการส่งไว้ เพราะส่งไม่สำเร็จ {MOST_FAILURES} ครั้งติดต่อกัน {left}"
        case CircularState.PAUSED:
            return f"พักการส่งไว้ {left}"
        case CircularState.SENT | CircularState.CANCELLED if standing.finished_at is not None:
            return f"{word(standing.state)}เมื่อ {formats.date_and_time(standing.finished_at)}"
    return word(standing.state)


def _under_way(standing: Standing, left: str) -> str:
    if standing.is_stopped:
        return f"ระบบหยุดส่งข้อความทั้งหมดชั่วคราว {left} ผู้ดูแลระบบได้รับแจ้งแล้ว"
    if standing.goes_at is not None:
        day = formats.weekday_date(standing.goes_at.date())
        return f"รอเวลาส่ง {day} เวลา {formats.clock_time(standing.goes_at)} {left}"
    if standing.lacks_quota:
        return f"รอโควตาข้อความ {left} ข้อความที่เหลือของเดือนนี้กันไว้สำหรับการเตือนตามกำหนด"
    return f"กำลังส่ง {left}"


def _counts(standing: Standing) -> Sequence[Count]:
    if not standing.recipients:
        return ()
    counts = [Count(RECIPIENTS, _people(standing.recipients)), Count("ส่งถึงแล้ว", _people(standing.sent))]
    if standing.waiting:
        counts.append(Count("รอส่ง", _people(standing.waiting), BROWN))
    reasons = list(people_by_reason(standing.unreached).items())
    shown, others = reasons[:_REASONS_SHOWN], sum(number for _, number in reasons[_REASONS_SHOWN:])
    counts += [Count(f"ส่งไม่ได้: {words}", _people(number), RED) for words, number in shown]
    if others:
        counts.append(Count("ส่งไม่ได้: เหตุอื่น", _people(others), RED))
    counts.append(Count("เปิดเอกสารแล้ว", _people(standing.opened)))
    if standing.wants_acknowledgement:
        share = f" ({_percent(standing.acknowledged, standing.reached)})" if standing.reached else ""
        counts.append(Count(ACKNOWLEDGED, f"{_people(standing.acknowledged)}{share}", GREEN))
        counts.append(Count("ได้รับแล้วยังไม่รับทราบ", _people(standing.silent), BROWN if standing.silent else NAVY))
        if standing.acknowledge_by is not None:
            counts.append(Count("ขอให้รับทราบภายใน", formats.short_date(standing.acknowledge_by)))
    return counts


def _agency(agency: AgencyShare, standing: Standing) -> Row:
    if not standing.wants_acknowledgement:
        return Row(agency.name, note=f"ส่งถึง {formats.count(agency.reached)}/{_people(agency.recipients)}", colour=NAVY)
    share = agency.acknowledged / agency.reached if agency.reached else 0.0
    told = f"รับทราบ {formats.count(agency.acknowledged)}/{_people(agency.reached)}"
    return Row(
        agency.name,
        note=f"{told} ({_percent(agency.acknowledged, agency.reached)})" if agency.reached else "ยังไม่มีผู้ได้รับ",
        colour=GREEN if agency.reached and agency.acknowledged == agency.reached else NAVY,
        share=share,
    )


def _people(number: int) -> str:
    return f"{formats.count(number)} คน"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part // whole} %"


def later_letter(relation: Relation, letter_no: str, letter_date: date | None) -> str:
    """Return what became of a letter: «ยกเลิกโดยหนังสือ ที่ … ลงวันที่ …»."""
    return f"{word(relation)}โดยหนังสือ {number_and_date(letter_no, letter_date)}"


def _by_whom(done: Done | None) -> Sequence[str]:
    if done is None:
        return ()
    by = f" โดย {cut(formats.one_line(done.by), _NAME_LENGTH)}" if done.by else ""
    return [f"{done.action}{by} เมื่อ {formats.date_and_time(done.at)}"]


@dataclass(frozen=True, slots=True)
class Presses:
    """Data of the buttons of a circular; "" where one does not apply today."""

    draft: str = ""
    preview: str = ""
    silent: str = ""
    unreached: str = ""
    ledger: str = ""
    pause: str = ""
    resume: str = ""
    cancel: str = ""
    resend: str = ""
    remind: str = ""
    correct: str = ""
    withdraw: str = ""


def looking_buttons(presses: Presses) -> Sequence[Button]:
    """Return the buttons that show more of a circular."""
    return _buttons(
        (labels.OPEN_DRAFT, presses.draft),
        (labels.CHECK_PROPOSED, presses.preview),
        ("ผู้ยังไม่รับทราบ", presses.silent),
        ("ผู้ที่ส่งไม่ได้", presses.unreached),
        ("ดาวน์โหลดทะเบียน", presses.ledger),
    )


def acts_card(reader: Reader, letter_no: str, presses: Presses, as_of: datetime) -> Rendered | None:
    """Return the card with what can be done with a circular now; None: nothing."""
    buttons = _buttons(
        ("ส่งต่อ", presses.resume),
        ("เตือนผู้ยังไม่รับทราบ", presses.remind),
        ("ส่งซ้ำเฉพาะที่ไม่ถึง", presses.resend),
        ("พักการส่ง", presses.pause),
        ("ยกเลิกการส่ง", presses.cancel),
        ("แก้ไขเพิ่มเติมหนังสือ", presses.correct),
        ("ยกเลิกหนังสือ", presses.withdraw),
    )
    if not buttons:
        return None
    return listing(
        Sheet(
            headline="ดำเนินการกับหนังสือนี้",
            as_of=as_of,
            place=number_and_date(letter_no, None),
            empty=f"โปรดเลือกสิ่งที่ต้องการดำเนินการ{reader.particle}",
            buttons=buttons,
            alt=f"ดำเนินการกับหนังสือ {number_and_date(letter_no, None)}",
        )
    )


def _buttons(*labelled: tuple[str, str]) -> Sequence[Button]:
    given = [(label, press) for label, press in labelled if press]
    return [Button(label, press, about=label, primary=number == 0) for number, (label, press) in enumerate(given)]


def back_button(press: str) -> Button:
    """Return the button that leads back to how the circular stands."""
    return Button(labels.FOLLOW, press, about=labels.FOLLOW)


def further(home: str) -> QuickReply:
    """Return the quick reply that leads to all circulars."""
    return QuickReply("หนังสือเวียนทั้งหมด", home)
