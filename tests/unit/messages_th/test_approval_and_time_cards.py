"""Lists of what waits, summaries, deadlines and the menu are what LINE takes, whatever the names and however long."""

import json
from collections.abc import Iterator
from datetime import date

import pytest
from linebot.v3.messaging import FlexContainer, FlexMessage

from domain.fiscal import YearBasis
from domain.roles import Role
from domain.submissions import DutyState, SubmissionKind
from domain.windows import Occasion, Span, Stage, WindowKind
from messages_th import deadlines, pending, summary
from messages_th import help as help_
from messages_th.lengths import grapheme_length
from messages_th.listing import Page
from messages_th.reader import Reader
from messages_th.rendering import Rendered
from tests.unit.digest_samples import AT, bubbles, components, contents

LONG = ('โครงการ "ทดสอบ" </b> {{ 7*7 }} \\ 🙂\nบรรทัดใหม่ ' + "ยกระดับทักษะแรงงานไทย" * 20)[:300]
PRESS = "pe1:s:" + "x" * 80
BUBBLE_BYTES = 30_000
PAGE, ONLY = Page(2, 3, PRESS, PRESS), Page(1, 1)
STAFF = Reader("นางสาวพรทิพย์ ใจดี", "นักวิเคราะห์นโยบายและแผน", executive=False, roles=frozenset(Role))
EXECUTIVE = Reader("นายธีรพงษ์ ใจดี", "อธิบดี", executive=True, roles=frozenset({Role.APPROVER}))
REPORT = Occasion(WindowKind.QUARTER_REPORT, 2566, 1)
ITEM = pending.PendingItem(
    "รง 0301-66-0001", LONG, LONG, SubmissionKind.QUARTER_REPORT, REPORT, YearBasis.FISCAL, 2, LONG,
    date(2023, 3, 1), pending.Delay(date(2023, 3, 20), 3, 1), PRESS,
)  # fmt: skip
WINDOW = deadlines.StageDeadline(Stage.AGENCY, Span(None, date(2023, 3, 20)), date(2023, 3, 1), 3, is_own=True)
LETTER = deadlines.Letter(LONG, date(2023, 1, 27))


def waiting(reader: Reader) -> Iterator[Rendered]:
    view = pending.PendingView(own=True, on_behalf=[LONG] * 3, place=LONG, period=LONG)
    figures = pending.PendingFigures(9_999, 1, 1, [(LONG[:60], 3)] * 6)
    button = pending.whole_list_button(PRESS)
    for shown in (view, pending.PendingView(own=False, assists=True, on_behalf=[LONG])):
        yield pending.pending_list(reader, shown, figures, [ITEM] * 10, PAGE, AT, [button])
    yield pending.pending_list(reader, pending.PendingView(own=True), pending.PendingFigures(0), [], ONLY, AT)
    yield pending.waiting_by_ministry(reader, LONG, [(LONG, 3, PRESS)] * 10, PAGE, 30, AT)
    yield pending.waiting_by_ministry(reader, LONG, [], ONLY, 0, AT)


def summaries(reader: Reader) -> Iterator[Rendered]:
    figures = summary.SummaryFigures(9_999, 5, dict.fromkeys(DutyState, 1_000), 4, 3)
    view = summary.SummaryView(LONG, LONG, closes_on=date(2023, 3, 20))
    yield summary.summary_card(reader, view, figures, [summary.Part(LONG, figures, PRESS)] * 10, PAGE, AT)
    yield summary.summary_card(reader, summary.SummaryView("", ""), summary.SummaryFigures(0, 0, {}), [], ONLY, AT)


def times(reader: Reader) -> Iterator[Rendered]:
    earlier = [deadlines.Earlier(LETTER, [(Stage.AGENCY, WINDOW.span), (Stage.UPPER, WINDOW.span)])] * 3
    for kind in WindowKind:
        occasion = Occasion(kind, 2566, 1 if kind is WindowKind.QUARTER_REPORT else None)
        view = deadlines.DeadlineView(
            occasion, YearBasis.CALENDAR, [WINDOW] * 2, LETTER, LONG, earlier, about_extension=True, calendar=PRESS
        )
        yield deadlines.deadline_card(reader, view, AT)
        line = deadlines.CalendarLine(occasion, WINDOW, is_next=True, press=PRESS)
        for lines in ([line] * 10, []):
            yield deadlines.calendar_card(reader, 2566, YearBasis.FISCAL, LONG, lines, PAGE, AT, by_default=True)
    yield deadlines.no_window(reader, list(WindowKind), LONG, AT)


@pytest.mark.parametrize("reader", (STAFF, EXECUTIVE), ids=("staff", "an executive"))
def test_cards_are_what_line_takes_with_the_longest_names_and_with_nothing_in_them(reader: Reader) -> None:
    for card in (*waiting(reader), *summaries(reader), *times(reader), help_.menu_card(reader, AT)):
        assert 0 < len(card.alt.strip()) <= 400
        for bubble in bubbles(card):
            assert len(json.dumps(bubble, ensure_ascii=False, separators=(",", ":")).encode()) <= BUBBLE_BYTES
        for component in components(contents(card)):
            assert component["type"] != "text" or component["text"].strip()
            assert component["type"] not in ("postback", "message") or 0 < grapheme_length(component["label"]) <= 20
        model = FlexMessage(
            altText=card.alt, contents=FlexContainer.from_dict(contents(card)), quickReply=None, sender=None
        )
        assert [json.loads(model.to_json())] == json.loads(card.body)
        assert "ค่ะ" not in card.body or not reader.executive


def test_what_waits_says_whose_step_it_is_and_until_when() -> None:
    mine = pending.pending_list(
        EXECUTIVE, pending.PendingView(own=True), pending.PendingFigures(1), [pending_item("")], ONLY, AT
    )
    assert "รอท่านพิจารณา ตั้งแต่ 1 มี.ค. 66 · ภายในวันที่ 20 มี.ค. 66 (เหลือ 3 วัน / 1 วันทำการ)" in mine.body
    theirs = pending.not_your_step(STAFF, pending_item("ปลัดกระทรวง"))
    assert "รอปลัดกระทรวง พิจารณา ตั้งแต่ 1 มี.ค. 66 (ลำดับที่ 2)" in theirs.alt


def pending_item(holder: str) -> pending.PendingItem:
    return pending.PendingItem(
        "รง 0301-66-0001", "โครงการ ก", "กอง ก", SubmissionKind.QUARTER_REPORT, REPORT, YearBasis.FISCAL, 2, holder,
        date(2023, 3, 1), pending.Delay(date(2023, 3, 20), 3, 1),
    )  # fmt: skip
