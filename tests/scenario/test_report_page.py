"""The form of a quarterly report as its officers fill it, with what a script sends and as a plain form."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from domain.fiscal import Quarter
from domain.reminders import BANGKOK
from domain.report_fields import MOST_CHARACTERS
from domain.submissions import ExecutionStatus
from storage import tables
from storage.shared_state import reference_changed
from storage.tables.projects import LinkKind
from storage.tables.submissions import Verdict
from tests.handset import PUBLIC_URL
from tests.office import Bot, bangkok, labour
from tests.report_pages import ReportPage
from tests.submitting import FIRST_QUARTER, add_officer, decide_now, send_report, submission_of

__all__ = ["labour"]

CODE, OFFICER, COLLEAGUE = "รง 0501-66-0003", "P00033", "P99001"
PLAIN = (
    "output_progress",
    "outcome_progress",
    "kpi_progress",
    "level1_progress",
    "summary",
    "problems",
    "recommendations",
)
MONEY = ("disbursed_baht", "carried_disbursed_baht", "underspend_reason")
ASKS_WHOSE = 'name="choice:summary"'
MODULES = [f"/w/{name}.js" for name in ("local_copy", "field", "saving")]
REFUSED = "ลิงก์นี้ใช้ไม่ได้"
HOSTILE = (
    "ก" * MOST_CHARACTERS,
    "تقرير הדוח ข้อความ",
    "👩‍👩‍👧 🇹🇭 สำเร็จ",
    "</textarea><script>alert(1)</script>&amp;\"'<!--",
    "=cmd|' /C calc'!A0",
    "\nบรรทัดแรกว่าง\n\n  เยื้อง\tแท็บ\n",
)


@pytest.fixture
def page(labour: Bot) -> ReportPage:
    """The page of an officer whose report nobody has begun."""
    return opened(labour)


def opened(bot: Bot, person: str = OFFICER, quarter: Quarter = FIRST_QUARTER) -> ReportPage:
    page = ReportPage(bot, person, CODE, quarter)
    assert page.opens().status_code == 200
    return page


def project_of(bot: Bot, code: str = CODE, **values: object) -> int:
    """Change columns of a project, and return its id."""
    with bot.writes() as session:
        row = session.scalars(select(tables.Project).where(tables.Project.code == code)).one()
        for name, value in values.items():
            setattr(row, name, value)
        return row.id


def two_of_each(bot: Bot) -> list[str]:
    """Give the project activities and plans of level 2, and return the fields that the first quarter asks for."""
    number = project_of(bot)
    with bot.writes() as session:
        above = tables.Activity(project_id=number, name="จัดอบรม", in_q1=True)
        link = tables.ProjectLink(project_id=number, kind=LinkKind.NESD_PLAN, name="แผนพัฒนาฯ ฉบับที่ 13")
        session.add_all([above, link, tables.ProjectLink(project_id=number, kind=LinkKind.LAW, name="พระราชบัญญัติ")])
        session.flush()
        part = tables.Activity(project_id=number, parent_id=above.id, name="รุ่นที่ 1", in_q1=True)
        later = tables.Activity(project_id=number, name="ติดตามผล", in_q2=True)
        session.add_all([part, later])
        session.flush()
        return [f"activity_progress:{above.id}", f"activity_progress:{part.id}", f"link_progress:{link.id}"]


def colleague_at(bot: Bot) -> ReportPage:
    """Open the same report as a second officer of the unit."""
    add_officer(bot, COLLEAGUE, "วิภา เพื่อนร่วมงาน")
    return opened(bot, COLLEAGUE)


def outcomes(answer: Mapping[str, Mapping[str, Mapping[str, str]]]) -> dict[str, str | None]:
    return {name: said.get("outcome") for name, said in answer["fields"].items()}


def fields_of(page: ReportPage) -> list[str]:
    return [name for name in page.said if f"base:{name}" in page.said]


@pytest.mark.parametrize("budget", (True, False), ids=("budget", "no-budget"))
@pytest.mark.parametrize("lists", (True, False), ids=("with-lists", "without-lists"))
def test_the_form_asks_for_what_the_project_owes(labour: Bot, *, budget: bool, lists: bool) -> None:
    items = two_of_each(labour) if lists else []
    project_of(labour, uses_budget=budget)
    page = opened(labour)
    asked = [*PLAIN, *items, *(MONEY if budget else ())]
    assert sorted(fields_of(page)) == sorted(asked)
    optional = {"carried_disbursed_baht", "underspend_reason"} if budget else set()
    assert f"กรอกแล้ว 0 จาก {len(set(asked) - optional)}" in page.shown.text
    assert ("ยังไม่มีแผนการใช้จ่าย" in page.shown.text or "แผนไตรมาสนี้" in page.shown.text) is budget
    assert ("ติดตามผล" in page.shown.text, "พระราชบัญญัติ" in page.shown.text) == (False, False)
    answer = page.autosaves(
        {name: ("", "1" if name == "disbursed_baht" else "ไม่มี") for name in asked if name not in optional}
    )
    left = ["underspend_reason"] if budget else []
    assert [one["field"] for one in answer["missing"]] == left
    assert (answer["sendable"], answer["needs_reason"]) == (not budget, budget)


def test_the_head_says_which_report_and_how_long_there_is_time(page: ReportPage) -> None:
    for words in (CODE, "ไตรมาส 1/2566 (ต.ค.–ธ.ค. 65)", "วันนี้เป็นวันสุดท้าย", "ยังไม่กรอก", "6 การปรับสมดุล"):
        assert words in page.shown.text
    assert 'lang="th"' in page.shown.text
    assert "<script>" not in page.shown.text
    assert " style=" not in page.shown.text


def test_the_page_is_small_over_the_wire(page: ReportPage) -> None:
    page.presses("save", **dict.fromkeys(PLAIN, "จัดอบรมผู้ประกอบการและลูกจ้างในพื้นที่เป้าหมาย " * 20))
    total = 0
    loaded = re.findall(r'(?:href|src)="(/w/[^"]+\.(?:css|js)\?v=\w+)"', page.shown.text)
    assert len(loaded) == 5
    for path in (page.path, *loaded, *MODULES):
        answer = page.browser.get(path, base_url=PUBLIC_URL, headers={"Accept-Encoding": "gzip"})
        assert (answer.status_code, answer.headers["Content-Encoding"]) == (200, "gzip"), path
        total += len(answer.data)
    assert total < 60_000 / 2
    assert "Content-Encoding" not in page.browser.get(page.path, base_url=PUBLIC_URL).headers


def test_what_is_typed_is_saved_field_by_field_and_twice_is_once(page: ReportPage, labour: Bot) -> None:
    edits = {"summary": ("", "อบรมแล้ว\r\n2 รุ่น"), "disbursed_baht": ("", "๓๒๑,๘๙๙.๖๗ บาท")}
    first = page.autosaves(edits)
    assert outcomes(first) == {"summary": "saved", "disbursed_baht": "saved"}
    assert first["saved_at"] == f"{labour.at.astimezone(BANGKOK):%H.%M}"
    assert first["fields"]["summary"]["value"] == "อบรมแล้ว\n2 รุ่น"
    assert first["fields"]["disbursed_baht"]["value"] == "321,899.67"
    assert first["money"]["difference"] == "เบิกจ่ายเท่ากับแผน (ร้อยละ 100.00 ของแผน)"
    assert (first["done"], first["progress"], first["needs_reason"]) == (2, "กรอกแล้ว 2 จาก 8", False)
    assert outcomes(page.autosaves(edits)) == {"summary": "same", "disbursed_baht": "same"}
    assert page.looks().status_code == 200
    assert (page.said["summary"], page.said["base:disbursed_baht"]) == ("อบรมแล้ว\n2 รุ่น", "321,899.67")
    assert "ฉบับร่าง" in page.shown.text
    assert submission_of(labour, CODE).version == 0


def test_typing_on_over_a_half_saved_text_is_no_conflict_with_oneself(page: ReportPage) -> None:
    page.autosaves({"summary": ("", "อบรม")})
    assert outcomes(page.autosaves({"summary": ("อบรม", "อบรมแล้ว")})) == {"summary": "saved"}


def test_amounts_are_read_or_refused_and_never_guessed(page: ReportPage) -> None:
    for typed, becomes in (
        ("๑,๒๕๐,๐๐๐.๕๐", "1,250,000.50"),
        ("0", "0.00"),
        (" 1 250 000 ", "1,250,000.00"),
        ("1\x00\ud8002", "12.00"),
        ("-1", None),
        ("(500)", None),
        ("1.2 ล้านบาท", None),
        ("ห้าพัน", None),
        ("1.234", None),
        ("9" * 17, None),
        ("1e9", None),
        ("9" * 30_000, None),
        ("=1+1", None),
    ):
        base = page.said["base:disbursed_baht"]
        answer = page.autosaves({"disbursed_baht": (base, typed), "problems": ("", "ไม่มี")})
        said = answer["fields"]["disbursed_baht"]
        assert outcomes(answer)["problems"] != "refused", typed
        assert (said["outcome"], said["value"]) == (("saved", becomes) if becomes else ("refused", base)), typed
        assert bool(said.get("message")) is (becomes is None), typed
        page.looks()
    page.presses("save", disbursed_baht="ห้าพัน", kpi_progress="ร้อยละ 80")
    assert (page.said["disbursed_baht"], page.said["base:disbursed_baht"]) == ("ห้าพัน", "12.00")
    assert page.shown.text.count('aria-invalid="true"') == 1
    assert page.said["base:kpi_progress"] == "ร้อยละ 80"


def test_every_text_comes_back_as_it_was_typed(labour: Bot) -> None:
    names = [*PLAIN, *two_of_each(labour), "underspend_reason"]
    page = opened(labour)
    for text in HOSTILE:
        answer = page.autosaves({name: (page.said[name], text) for name in names})
        assert set(outcomes(answer).values()) == {"saved"}
        assert page.looks().status_code == 200
        assert {page.said[name] for name in names} == {text}
        assert page.shown.text.count("<script>") == 0
    page.presses("save", **{name.replace(":", "__"): f"{HOSTILE[0][:-1]}ข" for name in names})
    assert {page.said[name][-1] for name in names} == {"ข"}


def test_what_no_text_has_is_left_out(page: ReportPage) -> None:
    answer = page.autosaves({"summary": ("", "ก\x00ข\ud83dค\x07ง\u202eจ\x0bฉ\x85")})
    assert answer["fields"]["summary"]["value"] == "กขคงจ\nฉ\n"


def test_a_text_that_is_too_long_is_refused_and_the_others_are_saved(page: ReportPage) -> None:
    too_long = "ก" * (MOST_CHARACTERS + 1)
    answer = page.autosaves({"summary": ("", too_long), "problems": ("", "ไม่มี")})
    assert outcomes(answer) == {"summary": "refused", "problems": "saved"}
    assert "20,000" in answer["fields"]["summary"]["message"]
    page.presses("save", summary=too_long)
    assert page.said["summary"] == too_long  # nothing typed is lost
    assert page.said["base:summary"] == ""


def test_a_page_that_is_opened_again_tells_the_supposed_time_of_what_was_saved(page: ReportPage, labour: Bot) -> None:
    page.autosaves({"summary": ("", "อบรมแล้ว")})
    page.looks()
    around = (labour.at.astimezone(BANGKOK) - timedelta(minutes=late) for late in (0, 1))  # it stands still, others run
    assert any(f"บันทึกแล้ว เวลา {at:%H.%M} น." in page.shown.text for at in around)


def test_two_officers_are_told_of_each_other_and_choose_between_their_texts(page: ReportPage, labour: Bot) -> None:
    colleague = colleague_at(labour)
    since = page.autosaves({})["revision"]
    page.autosaves({"summary": ("", "ของอนงค์"), "kpi_progress": ("", "ร้อยละ 80")})
    told = colleague.autosaves({"summary": ("", "ของวิภา"), "problems": ("", "ไม่มี")}, since)
    assert outcomes(told) == {"summary": "conflict", "problems": "saved", "kpi_progress": None}
    assert told["fields"]["summary"]["value"] == "ของอนงค์"
    assert "เวลา" in told["fields"]["summary"]["whose"]
    assert told["fields"]["kpi_progress"]["value"] == "ร้อยละ 80"
    assert "เปิดแบบรายงานนี้อยู่ด้วย" in told["others"]
    heard = page.autosaves({}, since)
    assert "วิภา เพื่อนร่วมงาน แก้ไขเมื่อ" in heard["fields"]["problems"]["mark"]
    assert "วิภา เพื่อนร่วมงาน" in heard["others"]

    colleague.presses("save", summary="ของวิภา")  # as without a script: nothing of hers was saved yet
    assert ASKS_WHOSE in colleague.shown.text
    assert (colleague.said["summary"], colleague.said["base:summary"]) == ("ของวิภา", "ของอนงค์")
    colleague.presses("save")  # who has not chosen is asked again
    assert ASKS_WHOSE in colleague.shown.text
    colleague.presses("save", choice__summary="mine")
    assert colleague.said["summary"] == "ของวิภา"
    page.presses("save", summary="ของอนงค์อีกครั้ง")
    assert page.said["base:summary"] == "ของวิภา"
    page.presses("save", choice__summary="theirs")
    assert page.said["summary"] == "ของวิภา"


def test_fields_that_were_not_touched_are_no_conflict(page: ReportPage, labour: Bot) -> None:
    colleague = colleague_at(labour)
    page.autosaves({"summary": ("", "ของอนงค์")})
    colleague.presses("save", problems="ไม่มี")
    assert (colleague.said["summary"], colleague.said["problems"]) == ("ของอนงค์", "ไม่มี")
    assert ASKS_WHOSE not in colleague.shown.text


def test_a_text_from_elsewhere_with_other_line_ends_is_edited_without_conflict(page: ReportPage, labour: Bot) -> None:
    page.autosaves({"summary": ("", "บรรทัดหนึ่ง")})
    with labour.writes() as session:
        session.execute(update(tables.QuarterReport).values(summary="บรรทัดหนึ่ง\r\nบรรทัดสอง"))
    page.looks()
    assert outcomes(page.autosaves({"summary": ("บรรทัดหนึ่ง\nบรรทัดสอง", "ใหม่")})) == {"summary": "saved"}


def test_texts_of_the_quarter_before_are_marked_until_they_are_edited(labour: Bot) -> None:
    send_report(labour, OFFICER, CODE, summary="ไตรมาสก่อน")
    page = opened(labour, quarter=Quarter(2566, 2))
    assert "นำข้อความไตรมาส 1/2566 มาใช้" in page.shown.text
    assert "เปิดให้ส่งวันที่ 1 เม.ย. 66" in page.shown.text
    page.presses("bring-over", problems="ใหม่ของไตรมาสนี้")
    assert (page.said["summary"], page.said["problems"]) == ("ไตรมาสก่อน", "ใหม่ของไตรมาสนี้")
    assert page.said["disbursed_baht"] == ""
    mark = "ข้อความจากไตรมาส 1/2566 ยังไม่ได้แก้ไข"
    before = page.shown.text.count(mark)
    page.presses("save", summary="ของไตรมาสนี้")
    assert (page.shown.text.count(mark), before > 1) == (before - 1, True)


def test_none_is_answered_with_one_tap_and_never_over_a_text(page: ReportPage) -> None:
    page.presses("save problems", recommendations="ขอขยายเวลา")
    assert (page.said["problems"], page.said["recommendations"]) == ("ไม่มี", "ขอขยายเวลา")
    page.presses("save recommendations")
    assert page.said["recommendations"] == "ขอขยายเวลา"


def test_the_review_keeps_the_whole_form_first(page: ReportPage) -> None:
    page.presses("preview", summary="พิมพ์แล้วกดตรวจทานทันที")
    assert page.shown.request.path == f"{page.path}/preview"
    page.looks()
    assert page.said["summary"] == "พิมพ์แล้วกดตรวจทานทันที"
    page.presses("preview", disbursed_baht="ห้าพัน")
    assert page.said["disbursed_baht"] == "ห้าพัน"
    assert "บางช่องยังไม่ได้บันทึก" in page.shown.text


def test_what_came_back_opens_where_the_approver_pointed(labour: Bot) -> None:
    two_of_each(labour)
    number = send_report(labour, OFFICER, CODE)
    decide_now(labour, "P00034", number, Verdict.RETURNED, "โปรดระบุจำนวน <ผู้ผ่าน> ให้ชัด")
    page = opened(labour)
    for concerns, anchor, marked in (
        ("summary", "f-summary", 1),
        ("activity_progress", "s-activities", 2),
        ("underspend_reason", "f-underspend_reason", 1),
        ("", "", 0),
    ):
        with labour.writes() as session:
            session.execute(update(tables.Decision).values(concerns=concerns))
        page = opened(labour)
        assert page.shown.request.args.get("at", "") == anchor
        assert page.shown.text.count("ผู้พิจารณาขอให้แก้ไขช่องนี้") == marked
    assert "“โปรดระบุจำนวน &lt;ผู้ผ่าน&gt; ให้ชัด”" in page.shown.text
    assert "ส่งกลับแก้ไขโดย ผู้อำนวยการกอง" in page.shown.text
    assert outcomes(page.autosaves({"summary": ("ดำเนินการแล้ว", "แก้ไขแล้ว")})) == {"summary": "saved"}


def test_what_was_sent_elsewhere_takes_no_more_and_loses_no_text(page: ReportPage, labour: Bot) -> None:
    number = send_report(labour, OFFICER, CODE)
    refused = page.posts({"edits": [{"field": "summary", "base": "", "value": "สายไป"}], "since": "0"})
    assert (refused.status_code, refused.get_json()["reload"]) == (409, True)
    late = page.presses("save", summary="พิมพ์ไว้นานแล้ว")
    assert "พิมพ์ไว้นานแล้ว" in late.text
    assert "แก้ไขไม่ได้" in late.text
    assert page.looks().request.path == f"{page.path}/sent"
    for person in ("P00034", "P00031", "P00006", "P00005"):
        decide_now(labour, person, number)
    approved = page.looks()
    assert ("จัดอบรมแล้ว 12 รุ่น" in approved.text, "<textarea" in approved.text) == (True, False)
    assert "อนุมัติแล้ว" in approved.text


def test_a_project_that_was_cancelled_meanwhile_says_so(page: ReportPage, labour: Bot) -> None:
    project_of(labour, execution_status=ExecutionStatus.CANCELLED)
    answer = page.autosaves({"summary": ("", "ยกเลิกแล้ว")})
    assert (outcomes(answer), answer["sendable"]) == ({"summary": "saved"}, False)
    assert "ไม่ต้องรายงานไตรมาสนี้" in page.looks().text


def test_an_activity_that_is_gone_by_now_refuses_its_text_alone(labour: Bot) -> None:
    first, second, _ = two_of_each(labour)
    page = opened(labour)
    with labour.writes() as session:
        session.execute(delete(tables.Activity).where(tables.Activity.id == int(second.partition(":")[2])))
        session.execute(update(tables.Activity).values(in_q1=False))
    answer = page.autosaves({first: ("", "เป็นไปตามแผน"), second: ("", "แล้วเสร็จ"), "summary": ("", "สรุป")})
    assert outcomes(answer) == {first: "refused", second: "refused", "summary": "saved"}
    page.presses("save", **{second.replace(":", "__"): "ข้อความของกิจกรรมที่ถูกลบ", "kpi_progress": "ร้อยละ 80"})
    assert "ข้อความของกิจกรรมที่ถูกลบ" in page.shown.text
    assert page.said["kpi_progress"] == "ร้อยละ 80"


def test_it_says_when_and_how_it_can_be_sent(page: ReportPage, labour: Bot) -> None:
    labour.at = bangkok("25 มี.ค. 66")
    assert "ยังส่งได้โดยระบุเหตุผล" in page.looks().text
    assert page.autosaves({})["sendable"] is False  # for it is not filled


def test_nobody_else_opens_or_writes_it(page: ReportPage, labour: Bot) -> None:
    for person in ("P00017", "P00034", "P00003", "P00001"):
        other = ReportPage(labour, person, CODE)
        assert (other.opens().status_code, REFUSED in other.opens().text) == (404, True)
    edit = {"edits": [{"field": "summary", "base": "", "value": "ก"}], "since": "0"}
    stranger = ReportPage(labour, "P00017", CODE, app=page.app, path=page.path, said=page.said)
    assert stranger.posts(edit).status_code == 404
    assert page.posts(edit, **{"X-Form-Key": "x"}).status_code == 404
    assert page.posts(edit, Origin="https://elsewhere.example").status_code == 404
    half = {"edits": [{"field": "summary"}], "since": ""}
    for nonsense in ("[]", "{}", '{"since": "1"}', '{"edits": ["x"], "since": ""}', json.dumps(half)):
        assert page.posts(json.loads(nonsense)).status_code == 404
    with labour.writes() as session:
        session.execute(update(tables.RoleAssignment).values(valid_to=bangkok("1 ม.ค. 66").date()))
        reference_changed(session, datetime.now(UTC))
    assert page.posts(edit).status_code == 404
    assert page.looks().status_code == 404
