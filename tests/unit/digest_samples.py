"""Digests to draw, and how to look at the cards made of them."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import regex

from domain.fiscal import YearBasis
from domain.reminders import BANGKOK, Digest, Share, Step, Topic
from domain.roles import Role
from domain.submissions import DutyState
from domain.windows import Occasion, Span, Stage, WindowKind
from handlers.postback import Postback
from handlers.reminders import digest_message
from messages_th.reader import Reader
from messages_th.rendering import Rendered

AT = datetime(2023, 3, 20, 8, 30, tzinfo=BANGKOK)
UNTIL = AT.replace(hour=16)
FIRST_QUARTER = Occasion(WindowKind.QUARTER_REPORT, 2566, 1)
LAST_QUARTER = Occasion(WindowKind.QUARTER_REPORT, 2566, 4)
MARCH = Span(date(2023, 3, 7), date(2023, 3, 20))
NASTY = 'ชื่อ "ในเครื่องหมาย" \\ </b> {{ 7 * 7 }}\nบรรทัดใหม่ 😀 '
UNITS = {
    "รง0301": "กองยุทธศาสตร์และแผนงาน กกจ.",
    "รง0601": "กองนโยบายและแผนงาน สปส.",
    "รง02": "สป.รง.",
    "รง03": "กกจ.",
    "รง04": "กพร.",
    "รง05": "กสร.",
    "รง06": "สปส.",
    "รง": "กระทรวงแรงงาน",
    "nasty": NASTY * 8,
}
OFFICER = Reader("นางสุดารัตน์ ใจดี", "นักวิเคราะห์นโยบายและแผน", executive=False, roles=frozenset({Role.PROJECT_OFFICER}))
DIRECTOR_GENERAL = Reader("นายธีรพงษ์ พงษ์ไพบูลย์", "อธิบดี", executive=True, roles=frozenset({Role.APPROVER}))
COORDINATOR = Reader("นายอภิชาติ สายทอง", "นักวิเคราะห์ฯ", executive=False, roles=frozenset({Role.MINISTRY_COORDINATOR}))
NAMELESS = Reader("", "", executive=False)
READERS = (OFFICER, DIRECTOR_GENERAL, COORDINATOR, NAMELESS)

LONG_TITLES = (
    "โครงการพัฒนาศักยภาพแรงงานนอกระบบและสร้างหลักประกันทางสังคม" * 6,
    NASTY * 10,
    "ที่" * 300,
)
OFFICER_STEPS = (Step.OPENED, Step.AHEAD, Step.LAST_DAY, Step.OVERDUE)
MIXED = ((DutyState.MISSING, 3), (DutyState.DRAFT, 1), (DutyState.RETURNED, 1), (DutyState.WAITING, 2))
FORBIDDEN = (
    "ละเลย",
    "ขาดความรับผิดชอบ",
    "ไม่อนุมัติ",
    "ปฏิเสธ",
    "ตีตก",
    "ป.ป.ช.",
    "ส่งเข้า eMENSCR ให้แล้ว",
    "ครับ/ค่ะ",
)
SNOOZE = "เตือนเช้าวันทำการถัดไป"
BLAMING = ("ล่าช้ากว่า", "ท่านไม่", "คุณไม่")


def topic(step: Step, **changes: Any) -> Topic:
    """A topic on 20 March 2566, the last day of the Ministry of Labour's first window."""
    values: dict[str, Any] = {
        "occasion": FIRST_QUARTER,
        "stage": Stage.AGENCY,
        "step": step,
        "on": AT.date(),
        "count": 5,
        "span": MARCH,
        "days_left": 0,
        "working_days_left": 0,
        "basis": YearBasis.FISCAL,
        "shares": (Share("รง0301", 5),),
        "states": ((DutyState.MISSING, 4), (DutyState.DRAFT, 1)),
        "titles": ("โครงการอบรมผู้นำแรงงาน", "โครงการตรวจแรงงาน", "โครงการแนะแนวอาชีพ"),
        "late_allowed": True,
    }
    return Topic(**(values | changes))


def message(*topics: Topic, reader: Reader = OFFICER) -> Rendered:
    return digest_message(Digest("P00001", AT, UNTIL, topics), reader, UNITS)


def contents(rendered: Rendered) -> dict[str, Any]:
    (sent,) = json.loads(rendered.body)
    assert sent["altText"] == rendered.alt
    flex: dict[str, Any] = sent["contents"]
    return flex


def bubbles(rendered: Rendered) -> Sequence[dict[str, Any]]:
    flex = contents(rendered)
    return flex["contents"] if flex["type"] == "carousel" else [flex]


def components(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if "type" in node:
            yield node
        for value in node.values():
            yield from components(value)
    elif isinstance(node, list):
        for value in node:
            yield from components(value)


def words(node: object) -> list[str]:
    return [component["text"] for component in components(node) if component["type"] == "text"]


def buttons(node: object) -> dict[str, Postback]:
    found = [c["action"] for c in components(node) if c["type"] == "button"]
    return {action["label"]: Postback.parse(action["data"]) for action in found}


def all_topics() -> list[Topic]:
    occasions = [
        Occasion(kind, 2566, 1 if kind in (WindowKind.QUARTER_REPORT, WindowKind.MIDYEAR_ENTRY) else None)
        for kind in WindowKind
    ]
    spans = [(MARCH, 3, 2), (MARCH, 3, 0), (MARCH, 0, 0), (MARCH, -2, 0), (Span(None, MARCH.closes_on), 3, 2)]
    many = tuple(Share(unit, 1) for unit in UNITS)
    return [
        topic(
            step,
            occasion=occasion,
            stage=stage,
            span=span,
            days_left=days,
            working_days_left=working_days,
            basis=basis,
            count=1200,
            shares=shares,
            states=states,
            titles=LONG_TITLES,
            late_allowed=basis is YearBasis.FISCAL,
        )
        for step in Step
        for occasion in occasions
        for stage in (Stage.AGENCY, Stage.UPPER)
        for span, days, working_days in [*spans, (None, None, None)]
        for basis, shares, states in (
            (YearBasis.FISCAL, (Share("nasty", 1200),), MIXED),
            (YearBasis.CALENDAR, many, ((DutyState.WAITING, 1200),)),
            (YearBasis.FISCAL, many, ((DutyState.RETURNED, 1200),)),
        )
    ]


def assert_line_takes(rendered: Rendered) -> None:
    """The limits that LINE's models leave out (LINE reference, "Flex Message", "Action objects")."""
    flex = contents(rendered)
    assert 0 < len(rendered.alt.encode("utf-16-le")) // 2 <= 400
    assert len(json.dumps(flex)) <= 50_000
    for bubble in bubbles(rendered):
        assert len(json.dumps(bubble)) <= 30_000
    for component in components(flex):
        if component["type"] == "text":
            assert component["text"].strip()
        if component["type"] == "box":
            assert component["contents"]
        if component["type"] == "postback":
            assert len(regex.findall(r"\X", component["label"])) <= 40
            assert len(component["data"].encode("utf-16-le")) // 2 <= 300
            assert 0 < len(regex.findall(r"\X", component["displayText"])) <= 300
            assert Postback.parse(component["data"]).pack() == component["data"]
