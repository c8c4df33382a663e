"""An agency's own system sends submissions and reads their state."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from openapi_spec_validator import validate
from sqlalchemy import func, select

from bot.api.openapi import description
from domain.organisation import UnitLevel
from storage import api_requests, tables
from storage.submissions.drafts import content_of, newest_content
from storage.tables.submissions import Verdict
from tests.agency_system import SUBMISSIONS, AgencySystem, system_of
from tests.office import Bot, bangkok, labour
from tests.sending import HandClock
from tests.submitting import decide_now, moment, submission_of

__all__ = ["labour"]

PROJECT = "รง 0501-66-0003"
REPORT: dict[str, Any] = {
    "kind": "quarter_report",
    "project_code": PROJECT,
    "fiscal_year": 2566,
    "quarter": 1,
    "sent_by": "P00033",
    "output_progress": "จัดอบรมแล้ว 12 รุ่น",
    "outcome_progress": "ผู้ผ่านการอบรมมีงานทำร้อยละ 82",
    "kpi_progress": "ร้อยละ 80 ของเป้าหมาย",
    "level1_progress": "สนับสนุนการพัฒนาทรัพยากรมนุษย์",
    "disbursed_baht": "999,999,999.00",
    "summary": "ดำเนินการแล้ว",
    "problems": "ไม่มี",
    "recommendations": "ไม่มี",
}


def complete_report(bot: Bot) -> dict[str, Any]:
    """Return the report with what the project's activities and plans ask for."""
    with bot.database.read() as session:
        project = session.scalars(select(tables.Project).where(tables.Project.code == PROJECT)).one()
        activities = session.scalars(select(tables.Activity).filter_by(project_id=project.id, parent_id=None)).all()
        links = session.scalars(select(tables.ProjectLink).filter_by(project_id=project.id)).all()
    of_level_two = [link for link in links if link.kind in ("nesd_plan", "security_plan", "reform_plan")]
    return {
        **REPORT,
        "activity_progress": [{"activity": one.name, "progress": "เป็นไปตามแผน"} for one in activities],
        "link_progress": [{"name": one.name, "progress": "สนับสนุนเป้าหมาย"} for one in of_level_two],
    }


@pytest.fixture
def lone_system(sqlite_url: str) -> Iterator[AgencySystem]:
    """The system of an agency that has nothing yet; real time stands still, so that no limit runs out by itself."""
    bot = Bot(sqlite_url)
    with bot.writes() as session:
        session.add(tables.Unit(code="รง05", name="กรม", level=UnitLevel.AGENCY))
    yield system_of(bot, "รง05", HandClock(bot.at))
    bot.close()


def test_the_description_is_valid_and_needs_no_key(lone_system: AgencySystem) -> None:
    served = lone_system.call("GET", "/api/openapi.json", headers={"Authorization": None})
    assert served.body["openapi"] == "3.1.0"
    validate(served.body)
    assert served.body == json.loads(json.dumps(description()))


@pytest.mark.parametrize("levels", (25, 970, 973, 5_000))
def test_json_that_is_nested_beyond_all_measure_is_refused_and_not_an_error_of_ours(
    lone_system: AgencySystem, levels: int
) -> None:
    body = b'{"kind": "quarter_report", "x": ' + b"[" * levels + b"]" * levels + b"}"
    refused = lone_system.call("POST", SUBMISSIONS, body, {"Idempotency-Key": "deep"})
    assert (refused.status, refused.body["code"]) == (400, "bad_json")


def test_a_report_goes_up_the_route_and_its_state_is_read(labour: Bot) -> None:
    system = system_of(labour, "รง05")
    sent = system.sends("once", **complete_report(labour))
    assert sent.status == 201
    number = sent.body["id"]
    assert (sent.body["state"], sent.body["step"], sent.body["steps"], sent.body["stage"]) == (
        "pending_approval", 1, 4, "AGENCY",
    )  # fmt: skip
    assert len(sent.body["holders"]) == 1
    assert datetime.fromisoformat(sent.body["sent_at"]) == labour.at
    assert sent.body["sent_at"].endswith("+07:00")
    assert sent.body["windows"]["agency"] == {"opens_on": "2023-03-07", "closes_on": "2023-03-20"}
    decide_now(labour, "P00034", number)
    decide_now(labour, "P00031", number)
    upper = system.asks(f"{SUBMISSIONS}/{number}").body
    assert (upper["state"], upper["stage"], [one["step"] for one in upper["decisions"]]) == (
        "agency_approved",
        "UPPER",
        [1, 2],
    )
    assert [one["id"] for one in system.asks(state="agency_approved").body["items"]] == [number]
    reason = "ตัวเลขเบิกจ่ายไม่ตรงกับแผนการใช้จ่าย"
    decide_now(labour, "P00006", number, Verdict.RETURNED, reason)
    returned = system.asks(f"{SUBMISSIONS}/{number}").body
    last = returned["decisions"][-1]
    assert (returned["state"], last["verdict"], last["reason"]) == ("returned", "returned", reason)
    assert last["position"]
    again = system.sends(**complete_report(labour))
    assert (again.body["id"], again.body["version"], again.body["step"]) == (number, 2, 1)
    with labour.database.read() as session:
        entry = session.scalars(select(tables.AuditEntry).where(tables.AuditEntry.channel == "api")).first()
        assert entry is not None
        assert (entry.action, entry.event_id) == ("submission:send", f"api:{system.key_id}:once")


def test_the_same_request_again_gets_the_same_answer_and_changes_nothing(labour: Bot) -> None:
    system, report = system_of(labour, "รง05"), complete_report(labour)
    first = system.sends("k1", **report)
    decide_now(labour, "P00034", first.body["id"])
    again = system.sends("k1", **dict(reversed(report.items())))
    assert (again.status, again.body, again.headers["Idempotency-Replayed"]) == (201, first.body, "true")
    assert submission_of(labour, PROJECT).version == 1
    other = system.sends("k1", **{**report, "summary": "อย่างอื่น"})
    assert (other.status, other.body["code"]) == (422, "idempotency_key_used")
    with labour.database.write() as session:
        assert api_requests.prune(session, moment(labour).real + timedelta(days=29)) == 0
        assert api_requests.prune(session, moment(labour).real + timedelta(days=31)) == 1
    assert system.sends("k1", **report).body["code"] == "wrong_state"


def test_all_that_is_wrong_is_told_at_once_in_the_words_of_the_import(labour: Bot) -> None:
    system = system_of(labour, "รง05")
    wrong = system.sends(
        kind="project_entry", sent_by="P00033", project_code="รง 9", unit="รง0501", name="ก" * 501, fiscal_year="ปีหน้า",
        start_month="13/2566", end_month="ก.ย. 66", budget_total="1.5 ล้านบาท", execution_status="ไม่รู้", uses_budget=7,
        kpis="ไม่ใช่รายการ", latitude="เหนือ", budget=1,
        activities=[{"activity": "ก", "quarters": [1, 5]}, {"quarters": 1}, "ข", {"activity": "ค"}, {"activity": "ค"}],
        funding={"kind": "own_revenue"}, spending_plan=[{"fiscal_year": 2566, "quarter": 1, "amount": -5}],
    )  # fmt: skip
    assert wrong.status == 422
    assert wrong.faults().keys() == {
        "project_code", "name", "fiscal_year", "start_month", "budget_total", "execution_status", "uses_budget", "kpis",
        "latitude", "budget", "activities[0].quarters", "activities[1].activity", "activities[2]", "activities[4]",
        "funding", "spending_plan[0].amount",
    }  # fmt: skip
    assert wrong.faults()["budget_total"].startswith("ไม่ใช่จำนวนเงินเป็นบาท")
    assert next(one for one in wrong.body["errors"] if one["field"] == "start_month")["value"] == "13/2566"
    nothing = system.sends(kind="เรื่องอื่น")
    assert nothing.faults().keys() == {"kind", "sent_by"}
    with labour.database.read() as session:
        assert session.scalar(select(func.count()).select_from(tables.ApiRequest)) == 0


def test_an_incomplete_report_names_its_gaps_and_can_be_kept_as_a_draft(labour: Bot) -> None:
    system = system_of(labour, "รง05")
    report = {**REPORT, "problems": " - "}
    refused = system.sends("k", **report)
    assert (refused.status, refused.body["code"]) == (422, "incomplete")
    assert "problems" in refused.faults()
    assert system.asks(project_code=PROJECT, kind="quarter_report").body["total"] == 0
    draft = system.sends("k", **report, send=False)
    assert (draft.status, draft.body["state"], draft.body["version"]) == (201, "draft", 0)
    assert "problems" in {one["field"] for one in draft.body["missing"]}


def test_a_sub_activity_sent_by_its_name_alone_is_told_under_which_activity_it_belongs(labour: Bot) -> None:
    system, report = system_of(labour, "รง05"), complete_report(labour)
    with labour.writes() as session:
        project = session.scalars(select(tables.Project.id).where(tables.Project.code == PROJECT)).one()
        main = tables.Activity(project_id=project, name="อบรม")
        session.add(main)
        session.flush()
        session.add(tables.Activity(project_id=project, parent_id=main.id, name="อบรมนายจ้าง"))
    alone = {**report, "activity_progress": [{"activity": "อบรมนายจ้าง", "progress": "เป็นไปตามแผน"}]}
    told = system.sends(**alone).faults()["activity_progress[0]"]
    assert "อบรม > อบรมนายจ้าง" in told
    assert "sub_activity" in told
    unknown = {**report, "activity_progress": [{"activity": "ไม่มี", "progress": "เป็นไปตามแผน"}]}
    assert system.sends(**unknown).faults() == {"activity_progress[0]": "โครงการนี้ไม่มีกิจกรรมชื่อนี้"}


def test_figures_and_texts_are_read_as_offices_write_them(labour: Bot) -> None:
    system = system_of(labour, "รง05")
    formula = '=HYPERLINK("http://example.com";"กดที่นี่")'
    system.sends(
        **{**REPORT, "project_code": "รง.๐๕๐๑–๖๖–๐๐๐๓", "disbursed_baht": "๑,๒๕๐.๕๐", "summary": formula},
        send=False,
    )
    bare = b'{"kind":"quarter_report","project_code":"%s","fiscal_year":"66","quarter":"Q1","sent_by":"P00033",' % (
        PROJECT.encode()
    )
    number = submission_of(labour, PROJECT).id
    with labour.database.read() as session:
        content = content_of(session, newest_content(session, number))
    assert (content.disbursed_baht, content.summary) == (Decimal("1250.50"), formula)
    exact = bare + b'"send":false,"disbursed_baht":12345678901234.56,"summary":"a\\u0000b\\u202ec </script>"}'
    assert system.call("POST", SUBMISSIONS, exact, {"Idempotency-Key": "exact"}).status == 201
    with labour.database.read() as session:
        content = content_of(session, newest_content(session, number))
    assert (content.disbursed_baht, content.summary) == (Decimal("12345678901234.56"), "abc </script>")


def test_what_is_another_agencys_is_like_what_does_not_exist(labour: Bot) -> None:
    stranger, own = system_of(labour, "รง03"), system_of(labour, "รง05")
    number = own.sends(**complete_report(labour)).body["id"]
    assert {one["unit"][:4] for one in stranger.asks(per_page=100).body["items"]} == {"รง03"}
    there = stranger.asks(f"{SUBMISSIONS}/{number}")
    nowhere = stranger.asks(f"{SUBMISSIONS}/{10**25}")
    assert (there.status, there.body) == (nowhere.status, nowhere.body) == (404, nowhere.body)
    assert stranger.withdraws(number, sent_by="P00017").status == 404
    foreign, unknown = (
        stranger.sends(**{**REPORT, "sent_by": "P00017", "project_code": code}).faults()
        for code in (PROJECT, "รง 0501-66-9999")
    )
    assert foreign == unknown == {"project_code": "ไม่มีโครงการรหัสนี้ในหน่วยงานของกุญแจ"}
    officers = (stranger.sends(**{**REPORT, "sent_by": code}).faults()["sent_by"] for code in ("P00033", "P99999"))
    assert len(set(officers)) == 1
    entry = {"kind": "project_entry", "sent_by": "P00017", "project_code": PROJECT, "unit": "รง0501", "name": "ก",
             "fiscal_year": 2566, "start_month": "2022-10", "end_month": "2023-09"}  # fmt: skip
    assert stranger.sends(**entry).faults().keys() == {"project_code", "unit"}
    assert stranger.asks(project_code=PROJECT).body["total"] == 0


def test_only_an_officer_of_the_unit_sends_and_withdraws(labour: Bot) -> None:
    system, report = system_of(labour, "รง05"), complete_report(labour)
    refused = system.sends(**{**report, "sent_by": "P00034"})
    assert (refused.status, refused.body["code"]) == (409, "not_your_unit")
    assert "ผู้นำเข้าข้อมูล" in refused.body["detail"]
    number = system.sends(**report).body["id"]
    assert system.sends(**report).body["code"] == "wrong_state"
    assert system.withdraws(number, sent_by="P00033", version=7).body["code"] == "stale_version"
    back = system.withdraws(number, sent_by="P00033", version=1)
    assert (back.status, back.body["state"]) == (200, "draft")
    system.sends(**report)
    decide_now(labour, "P00034", number)
    assert system.withdraws(number, sent_by="P00033").body["code"] == "already_decided"


def test_late_reports_need_their_reason(labour: Bot) -> None:
    system, report = system_of(labour, "รง05"), complete_report(labour)
    labour.at = bangkok("21 มี.ค. 66", "10:00")
    assert system.sends(**report).body["code"] == "late_reason_needed"
    late = system.sends(**report, late_reason="รอข้อมูลจากสำนักงานจังหวัด").body
    assert (late["is_late"], late["late_reason"]) == (True, "รอข้อมูลจากสำนักงานจังหวัด")


NO_REQUESTS: Sequence[tuple[bytes, dict[str, str | None], int, str]] = (
    (b"{", {}, 400, "bad_json"),
    (b"[]", {}, 400, "bad_json"),
    (b'{"kind":"a","kind":"b"}', {}, 400, "bad_json"),
    (b'{"quarter":NaN}', {}, 400, "bad_json"),
    (b'{"summary":"\\ud800"}', {}, 400, "bad_json"),
    (b"\xff\xfe", {}, 400, "bad_json"),
    (b"[" * 100_000, {}, 400, "bad_json"),
    (b'{"quarter":' + b"9" * 5_000 + b"}", {}, 400, "bad_json"),
    (b"{}", {"Idempotency-Key": None}, 400, "no_idempotency_key"),
    (b"{}", {"Idempotency-Key": "a" * 256}, 400, "no_idempotency_key"),
    (b"{}", {"Content-Type": "text/plain"}, 415, "not_json"),
    (b" " * (2 * 1024 * 1024 + 1), {}, 413, "too_large"),
    (b"{}", {"Authorization": None}, 401, "unauthorized"),
    (b"{}", {"Authorization": "Bearer emk_nonsense"}, 401, "unauthorized"),
    (b"{}", {"Authorization": "Basic abc"}, 401, "unauthorized"),
)


def test_what_is_no_request_is_refused_and_a_key_that_asks_too_often_waits(lone_system: AgencySystem) -> None:
    for body, headers, status, code in NO_REQUESTS:
        reply = lone_system.call("POST", SUBMISSIONS, body, {"Idempotency-Key": "k", **headers})
        assert (reply.status, reply.body["code"]) == (status, code)
        assert ("WWW-Authenticate" in reply.headers) == (status == 401)
    assert lone_system.call("PUT", SUBMISSIONS, b"{}").headers["Allow"]
    assert lone_system.asks("/api/nothing").body["code"] == "not_found"
    replies = [lone_system.asks() for _ in range(70)]
    assert replies[0].status == 200
    slowed = [reply for reply in replies if reply.status == 429]
    assert slowed
    assert slowed[0].headers["Retry-After"] == "1"


def test_a_key_works_until_it_is_revoked_and_is_written_nowhere(labour: Bot, capfd: pytest.CaptureFixture[str]) -> None:
    system = system_of(labour, "รง05")
    assert system.asks(per_page=1).status == 200
    system.sends(**REPORT)
    (listed,) = labour.json("apikey", "list")
    assert labour.json("apikey", "issue", "--unit", "รง05", "--label", " ระบบกรม ")["label"] == "ระบบกรม"
    assert (listed["unit"], listed["revoked_at"]) == ("รง05", None)
    labour.run("apikey", "revoke", str(system.key_id))
    assert system.asks().status == system.sends(**REPORT).status == 401
    assert labour.json("apikey", "list")[0]["revoked_at"] is not None
    with labour.database.read() as session:
        rows = session.scalars(select(tables.AuditEntry).where(tables.AuditEntry.subject.startswith("api_key:"))).all()
        assert [row.action for row in rows] == ["api_key:issue", "api_key:issue", "api_key:revoke"]
        kept = [*session.execute(select(tables.ApiKey.key_hash, tables.ApiKey.label)), *(row.after for row in rows)]
    written = capfd.readouterr()
    assert system.key not in written.out + written.err + repr(kept)


def test_lists_come_in_pages_and_refuse_nonsense(labour: Bot) -> None:
    system = system_of(labour, "รง05")
    whole = system.asks(per_page=100, fiscal_year="๒๕๖๖").body
    pages = [system.asks(per_page=5, page=page, fiscal_year=66).body for page in range(1, 2 + whole["total"] // 5)]
    assert [one["id"] for page in pages for one in page["items"]] == [one["id"] for one in whole["items"]]
    for state in ("draft", "returned", "approved"):
        assert {one["state"] for one in system.asks(state=state, per_page=100).body["items"]} == {state}
    wrong = system.asks(state="ส่งแล้ว", quarter=9, per_page=1000, colour="red")
    assert wrong.faults().keys() == {"state", "quarter", "per_page", "colour"}
