"""A project's card and the lists about it are what LINE takes, whatever is in the names."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from linebot.v3.messaging import FlexContainer, FlexMessage

from domain.fiscal import Quarter, YearBasis
from domain.modules import Module, ModuleState
from domain.report_standing import QuarterStanding, ReportStanding
from domain.submissions import ExecutionStatus, SubmissionKind, SubmissionState
from domain.windows import Stage
from handlers.approval_presses import ShowItem
from handlers.item_presses import AnswerInformation, WithdrawItem
from handlers.project_presses import ShowDisbursement, ShowHistory
from messages_th.project_card import Deadline, Glance, OnItsWay, Presses, RouteStep, SentBack, Turn, project_card
from messages_th.reader import Reader
from tests.unit.digest_samples import DIRECTOR_GENERAL, NASTY, OFFICER, assert_line_takes, components, contents, words

NOW = datetime(2023, 3, 20, 1, 30, tzinfo=UTC)
PRESSES = Presses(ShowHistory("รง 0402.31-66-0003", 1).pack(), ShowDisbursement("รง 0402.31-66-0003", 2566, 1).pack())
STRIP = [QuarterStanding(Quarter(2566, number), ReportStanding.NOT_YET) for number in (1, 2, 3, 4)]
GLANCE = Glance(
    code="รง 0402.31-66-0003", name="โครงการตรวจแรงงาน", unit="กองตรวจแรงงาน กสร.", basis=YearBasis.FISCAL,
    start_month=date(2022, 10, 1), end_month=date(2023, 9, 1), budget_total=Decimal(1250000), uses_budget=True,
    execution=ExecutionStatus.IN_PROGRESS, entry=None, modules=dict.fromkeys(Module, ModuleState.COMPLETE),
    quarters=STRIP, focus=STRIP[0], turn=None, sent_back=None, as_of=NOW,
)  # fmt: skip


def said(glance: Glance, reader: Reader = OFFICER, presses: Presses = PRESSES) -> str:
    rendered = project_card(glance, reader, presses)
    assert_line_takes(rendered)
    flex = contents(rendered)
    model = FlexMessage(altText=rendered.alt, contents=FlexContainer.from_dict(flex), quickReply=None, sender=None)
    assert [json.loads(model.to_json())] == json.loads(rendered.body)
    return "\n".join(words(flex))


@pytest.mark.parametrize("standing", ReportStanding)
@pytest.mark.parametrize("overdue", (None, Stage.AGENCY))
def test_every_state_is_told_in_words_beside_its_colour(standing: ReportStanding, overdue: Stage | None) -> None:
    focus = QuarterStanding(Quarter(2566, 1), standing, 1 if standing is ReportStanding.WAITING else None, overdue)
    text = said(replace(GLANCE, focus=focus, quarters=[focus, *STRIP[1:]]))
    assert "1/66" in text
    if overdue and standing is not ReportStanding.APPROVED:
        assert "เกินกำหนด" in text


def test_the_longest_and_nastiest_values_fit() -> None:
    turn = Turn(
        2, [NASTY * 3, NASTY], is_readers=False, since=date(2023, 3, 12), deadline=Deadline(date(2023, 3, 20), 0, 0)
    )
    back = SentBack(Quarter(2566, 1), NASTY * 30, NASTY * 3, date(2023, 3, 18))
    modules = dict.fromkeys(Module, ModuleState.EMPTY)
    text = said(replace(GLANCE, name=NASTY * 10, unit=NASTY * 5, modules=modules, turn=turn, sent_back=back))
    assert "</b>" in text
    assert "{{ 7 * 7 }}" in text


def test_the_way_up_the_route_is_told_step_by_step() -> None:
    steps = [
        RouteStep(1, ["ผู้อำนวยการกอง"], is_passed=True, is_current=False, on=date(2023, 3, 18)),
        RouteStep(2, ["อธิบดี", "รองอธิบดี รักษาราชการแทน อธิบดี"], is_passed=False, is_current=True, on=None),
        RouteStep(3, ["", " "], is_passed=False, is_current=False, on=None),
    ]
    text = said(replace(GLANCE, on_its_way=OnItsWay(SubmissionKind.QUARTER_REPORT, steps, 1)))
    assert "✓\nลำดับที่ 1 ผู้อำนวยการกอง 18 มี.ค. 66" in text
    assert "●\nลำดับที่ 2 อธิบดี หรือ รองอธิบดี รักษาราชการแทน อธิบดี รอพิจารณา" in text
    assert "○\nลำดับที่ 3 ผู้อนุมัติ" in text
    assert "มีคำถามจากผู้อนุมัติ 1 ข้อ รอหน่วยงานตอบ" in text
    assert "การแก้ไขข้อมูลโครงการ" not in text
    edit = said(replace(GLANCE, on_its_way=OnItsWay(SubmissionKind.PROJECT_EDIT, steps, 0)))
    assert "การแก้ไขข้อมูลโครงการ รออนุมัติ" in edit
    assert "มีคำถาม" not in edit


def test_the_longest_route_with_the_nastiest_positions_fits() -> None:
    steps = [RouteStep(n, [NASTY * 3, f"{n}{NASTY * 3}"] * 3, n < 3, n == 3, date(2023, 3, n)) for n in range(1, 6)]
    every = replace(
        PRESSES, decide=ShowItem(1).pack(), answer=AnswerInformation(1).pack(), withdraw=WithdrawItem(1, 1).pack()
    )
    way = OnItsWay(SubmissionKind.QUARTER_REPORT, steps, 1000)
    assert "</b>" in said(replace(GLANCE, name=NASTY * 10, on_its_way=way), presses=every)


def test_empty_values_are_said_in_words() -> None:
    bare = replace(GLANCE, name="", unit="-", budget_total=None, entry=SubmissionState.DRAFT)
    assert "ยังไม่มีข้อมูล" in said(bare)
    assert "ไม่ใช้งบประมาณ" in said(replace(bare, uses_budget=False))
    nobody = Turn(1, ["", " "], is_readers=False, since=None, deadline=None)
    assert "รอผู้อนุมัติพิจารณา (ลำดับที่ 1)" in said(replace(GLANCE, turn=nobody))
    unexplained = SentBack(Quarter(2566, 1), "", "", None)
    assert "ไม่มีเหตุผลบันทึกไว้ในระบบ" in said(replace(GLANCE, sent_back=unexplained))


def test_a_calendar_year_agency_reads_its_own_labels() -> None:
    assert "4/65\nต.ค.–ธ.ค. 65" in said(replace(GLANCE, basis=YearBasis.CALENDAR))


def test_executives_are_told_without_a_particle_and_every_text_follows_the_readers_size() -> None:
    assert "ไม่ได้อยู่ในสถานะส่งกลับแก้ไข\n" in said(replace(GLANCE, asks_return=True), DIRECTOR_GENERAL)
    flex = contents(project_card(GLANCE, OFFICER, PRESSES))
    texts = [component for component in components(flex) if component["type"] == "text"]
    assert all(component.get("scaling") for component in texts)
