"""What news of submissions say, to whom, within LINE's limits."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.fiscal import YearBasis
from domain.news import ArrivedItem, Deadline, Matter, News, NewsEvent, UnheldPost
from domain.organisation import Capacity
from domain.policy import LateReports
from domain.submissions import SubmissionKind
from domain.windows import Occasion, Span, Stage, WindowKind
from messages_th.arrivals import arrivals
from messages_th.reader import Reader
from messages_th.rendering import Rendered
from messages_th.submission_news import Presses, submission_news
from messages_th.unheld import unheld_steps
from tests.office import bangkok, texts

AT = bangkok("20 มี.ค. 66", "10:00")
OFFICER = Reader("นางสมศรี จันทร์เพ็ญ", "นักวิเคราะห์นโยบายและแผน", executive=False)
EXECUTIVE = Reader("นายมานะ ใจดี", "อธิบดี", executive=True)
NASTY = 'โครงการ «"พัฒนา"» </>\n{{ x }} \\ 👩‍🌾' + "ยาว" * 100
REPORT = Matter(
    1, "รง 0501-66-0003", "โครงการพัฒนาสวัสดิการ", "กองยุทธศาสตร์และแผนงาน กสร.", SubmissionKind.QUARTER_REPORT,
    Occasion(WindowKind.QUARTER_REPORT, 2566, 1), YearBasis.FISCAL,
)  # fmt: skip
RETURNED = News(
    event=NewsEvent.RETURNED, matter=REPORT, at=AT, for_information=False, by="รองอธิบดี", principal="อธิบดี",
    capacity=Capacity.ON_BEHALF, step=2, steps=4, holder="", words="ผลเบิกจ่ายไม่ตรงกับแผน", request=None,
    deadline=Deadline(Span(date(2023, 3, 7), date(2023, 3, 23)), 3, 3), late_reports=LateReports.ALLOW,
)  # fmt: skip


def news(*told: News, reader: Reader = OFFICER) -> Rendered:
    presses = Presses(lambda one: f"pc1:{one.matter.submission_id}", _corrects, "da1")
    return submission_news(reader, told, presses, AT)


def _corrects(one: News) -> str:
    return f"op1:{one.matter.code}:2566:1" if one.event is NewsEvent.RETURNED and not one.for_information else ""


def said(message: Rendered) -> str:
    return "\n".join(texts(json.loads(message.body)))


def test_a_return_says_why_who_in_whose_place_and_until_when_it_may_be_sent_again() -> None:
    text = said(news(RETURNED))
    assert "“ผลเบิกจ่ายไม่ตรงกับแผน”\nโดย รองอธิบดี ปฏิบัติราชการแทน อธิบดี" in text
    assert "\nกำหนดส่งใหม่: ภายในวันที่ 23 มี.ค. 66 (เหลือ 3 วัน / 3 วันทำการ)\n" in text
    assert "ไม่อนุมัติ" not in text


@pytest.mark.parametrize(
    ("change", "words"),
    (
        ({"late_reports": LateReports.ALLOW}, "ส่งใหม่ได้โดยแจ้งเหตุผลที่ล่าช้า"),
        ({"late_reports": LateReports.REOPEN_ONLY}, "เพื่อขอเปิดระบบ"),
        ({"late_reports": LateReports.REOPEN_ONLY, "event": NewsEvent.REOPENED}, "ส่งใหม่ได้โดยแจ้งเหตุผลที่ล่าช้า"),
    ),
)
def test_after_the_deadline_it_says_what_is_still_possible(change: Mapping[str, Any], words: str) -> None:
    past = Deadline(Span(None, date(2023, 3, 18)), -2, 0)
    text = said(news(replace(RETURNED, deadline=past, **change)))
    assert "พ้นกำหนดแล้ว" in text
    assert words in text


@pytest.mark.parametrize("event", list(NewsEvent))
def test_only_the_last_step_says_that_all_approved_and_executives_hear_no_particle(event: NewsEvent) -> None:
    told = replace(RETURNED, event=event, holder="ปลัดกระทรวง", request=3)
    assert ("ครบทุกลำดับ" in said(news(told))) is (event is NewsEvent.FINISHED)
    assert ("ขั้นต่อไป: ปลัดกระทรวง" in said(news(told))) is (event in (NewsEvent.APPROVED, NewsEvent.SENT))
    assert "ค่ะ" not in said(news(told, reader=EXECUTIVE))
    assert "เรียน ท่านอธิบดี" in said(news(told, reader=EXECUTIVE))


def test_a_list_counts_and_puts_returns_with_their_reasons_first() -> None:
    approved = replace(RETURNED, event=NewsEvent.APPROVED, words="", capacity=None, by="อธิบดี", holder="ปลัดกระทรวง")
    text = said(news(*[approved] * 14, RETURNED))
    assert "แจ้งผลการพิจารณา 15 เรื่อง" in text
    assert "ส่งกลับแก้ไข\n1 เรื่อง\nอนุมัติแล้ว\n14 เรื่อง" in text
    assert text.index("ผลเบิกจ่าย") < text.index("ขั้นต่อไป")
    assert "และอีก 5 เรื่อง" in text


@pytest.mark.parametrize("reader", (OFFICER, EXECUTIVE))
def test_the_longest_and_oddest_texts_fit_into_line_s_limits(reader: Reader) -> None:
    matter = replace(REPORT, name=NASTY, unit=NASTY)
    told = replace(RETURNED, matter=matter, by=NASTY, principal=NASTY, holder=NASTY, words=NASTY * 4)
    item = ArrivedItem(matter, NASTY, Capacity.ACTING, 2, 4, AT, RETURNED.deadline)
    unheld = [UnheldPost(NASTY, number, Stage.UPPER, NASTY * (number % 2), 3) for number in range(30)]
    for message in (
        *(news(replace(told, event=event), reader=reader) for event in NewsEvent),
        news(*[told] * 30, reader=reader),
        arrivals(reader, [item] * 30, lambda _: "it1:1", "pe1", "bk1", AT),
        unheld_steps(reader, unheld, "pe1", AT),
    ):
        (parsed,) = json.loads(message.body)
        assert 0 < len(message.alt) <= 400
        assert len(message.body.encode()) < 30_000
        assert parsed["contents"]["type"] == "bubble"


def test_a_plan_without_a_code_is_named_by_its_kind() -> None:
    plan = replace(REPORT, code="", name="", kind=SubmissionKind.LEVEL3_PLAN, occasion=None)
    text = said(news(replace(RETURNED, matter=plan)))
    assert "แผนหรือรายงานของหน่วยงาน\nแผนระดับ 3" in text


def test_steps_of_one_position_are_one_line_with_the_units_that_wait() -> None:
    posts = [UnheldPost(f"กอง {number}", 2, Stage.AGENCY, "อธิบดี", number) for number in (1, 2, 3, 4)]
    text = said(unheld_steps(OFFICER, posts, "pe1", AT))
    assert "10 เรื่อง" in text
    assert text.count("อธิบดี") == 1
    assert "กอง 4 4 เรื่อง · กอง 3 3 เรื่อง · กอง 2 2 เรื่อง และอีก 1 หน่วยงาน" in text
