"""Photos and documents that prove a report: each version has its own, and only who may see the report sees them."""

import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from domain.errors import Refusal, TransitionRefused
from domain.evidence import MOST_BYTES, MOST_FILES, EvidenceFault, EvidenceRefused
from domain.fiscal import Quarter
from domain.reminders import BANGKOK
from domain.submissions import SubmissionState
from domain.windows import Occasion, WindowKind
from handlers.approval_presses import ShowItem
from handlers.conversation import Page
from handlers.item_presses import OpenEvidence, ShowItemTrail
from handlers.project_presses import ShowProject
from storage import evidence, tables
from storage.agency_entries import DutyKey, NoSuchDuty
from storage.evidence import OfDuty
from storage.file_pieces import PIECE, FileGone, pieces_of
from storage.queries.evidence import EvidenceGone
from storage.reference import load_reference
from storage.shared_state import StateKey, get
from storage.submissions.sending import withdraw
from storage.tables.messaging import AuditAction
from storage.tables.submissions import Verdict
from tests.chatting import Chatter, Stranger
from tests.evidence_files import attach, detach, names, report
from tests.handset import REFUSED, Handset
from tests.office import Bot, bangkok, labour
from tests.submitting import actor_of, decide_now, moment, send_report, submission_of

__all__ = ["labour"]

OFFICER, HEAD, DIRECTOR_GENERAL, CLUSTER_HEAD, SECRETARY = "P00033", "P00034", "P00031", "P00006", "P00005"
COORDINATOR, MONITOR, OF_OTHER_UNIT, OF_OTHER_AGENCY, PLAN_OFFICER = "P00003", "P00002", "P00035", "P00017", "P00016"
PROJECT = "รง 0501-66-0003"
FILES, OTHERS = report(PROJECT), report("รง 0301-66-0002", Quarter(2566, 2))
NASTY = '<img src=x> "; drop\r\nSet-Cookie: a=b \u202egnp.exe ' + "ยาว" * 200 + ".pdf"
EVIDENCE = Page.EVIDENCE


def about(number: int, version: int = 1) -> dict[str, str]:
    return {"submission": str(number), "version": str(version)}


def refusal(bot: Bot, person: str, target: evidence.Target = FILES, name: str = "x.pdf") -> Refusal:
    with pytest.raises(TransitionRefused) as refused:
        attach(bot, person, target, name)
    return refused.value.refusal


def plan_version(bot: Bot) -> object:
    with bot.database.read() as session:
        return get(session, StateKey.PLAN_VERSION)


def rows(bot: Bot, table: type[tables.Base]) -> int:
    with bot.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_each_version_keeps_its_files_whatever_the_unit_does_later(labour: Bot) -> None:
    before = plan_version(labour)
    kept, replaced = attach(labour, OFFICER, FILES, "ก.pdf"), attach(labour, OFFICER, FILES, "ข.pdf")
    assert plan_version(labour) != before  # the first file begins the draft, which reminders tell from nothing
    mistaken = attach(labour, OFFICER, FILES, "ผิด.pdf")
    assert submission_of(labour, PROJECT).state is SubmissionState.DRAFT
    detach(labour, OFFICER, FILES, mistaken)
    assert (rows(labour, tables.Evidence), rows(labour, tables.EvidencePart)) == (2, 2)  # nobody ever saw it

    number = send_report(labour, OFFICER, PROJECT)
    assert refusal(labour, OFFICER) is Refusal.WRONG_STATE
    head, phone = Chatter(labour, HEAD), Handset(labour)
    assert "หลักฐาน 2 ไฟล์" in head.presses(ShowItem(number).pack()).buttons()
    assert not head.presses(ShowItemTrail(number, 1).pack()).contains("หลักฐาน")  # what the unit tried is its own
    page = phone.opens(HEAD, EVIDENCE, about(number))
    decide_now(labour, HEAD, number, Verdict.RETURNED, "ขอหลักฐานการเบิกจ่ายเพิ่ม")

    detach(labour, OFFICER, FILES, replaced)
    attach(labour, OFFICER, FILES, "ค.pdf")
    assert names(labour, OFFICER, FILES) == ["ก.pdf", "ค.pdf"]
    shown = phone.get(page).text
    assert all(name in shown for name in ("ก.pdf", "ข.pdf", "ฉบับที่ 1"))
    assert "ค.pdf" not in shown
    assert phone.get(f"{page}/{replaced}").data == "ข.pdf".encode()
    assert "หลักฐาน 2 ไฟล์" in head.presses(ShowItem(number).pack()).buttons()

    send_report(labour, OFFICER, PROJECT)
    assert phone.get(page).status_code == 404  # the card of version 1 is not what is decided on any more
    told = head.presses(OpenEvidence(number, 1).pack())
    assert told.contains("ลำดับที่ 1 จาก 4")
    assert OpenEvidence(number, 2).pack() in told.buttons().values()
    shown = phone.get(phone.opens(HEAD, EVIDENCE, about(number, 2))).text
    assert all(name in shown for name in ("ก.pdf", "ค.pdf", "ฉบับที่ 2"))
    assert "ข.pdf" not in shown
    with labour.database.read() as session:
        spans = select(tables.Evidence.id, tables.Evidence.since_version, tables.Evidence.until_version)
        found = session.execute(spans.order_by(tables.Evidence.id)).all()
    assert [tuple(row) for row in found][:2] == [(kept, 1, None), (replaced, 1, 2)]


def test_what_is_withdrawn_keeps_its_files_and_shows_them_to_nobody_else(labour: Bot) -> None:
    attach(labour, OFFICER, FILES, "ก.pdf")
    number = send_report(labour, OFFICER, PROJECT)
    phone = Handset(labour)
    page = phone.opens(HEAD, EVIDENCE, about(number))
    assert phone.get(page).status_code == 200
    with labour.database.write() as session:
        reference = load_reference(session, labour.at.astimezone(BANGKOK).date())
        withdraw(session, reference, actor_of(session, OFFICER), number, 1, moment(labour))
    assert phone.get(page).status_code == 404
    assert names(labour, OFFICER, FILES) == ["ก.pdf"]
    send_report(labour, OFFICER, PROJECT)
    assert "ก.pdf" in phone.get(phone.opens(HEAD, EVIDENCE, about(number, 2))).text


def test_only_who_may_see_the_report_sees_its_files(labour: Bot) -> None:
    first = attach(labour, OFFICER, FILES, NASTY)
    number = send_report(labour, OFFICER, PROJECT)
    phone = Handset(labour)
    seen = {OFFICER, HEAD, COORDINATOR}
    for person in (OFFICER, HEAD, COORDINATOR, DIRECTOR_GENERAL, SECRETARY, MONITOR, OF_OTHER_UNIT, OF_OTHER_AGENCY):
        link = phone.path(person, EVIDENCE, about(number))
        assert phone.get(link).status_code == (200 if person in seen else 404), person
        assert (PROJECT in phone.get(link).text) == (person in seen), person
        told = Chatter(labour, person).presses(OpenEvidence(number, 1).pack())
        assert told.contains("หลักฐาน 1 ไฟล์") == (person in seen), person
    assert PROJECT not in Stranger(labour).presses(OpenEvidence(number, 1).pack()).text
    other = Chatter(labour, OF_OTHER_AGENCY)
    assert other.presses(OpenEvidence(number, 1).pack()).text == other.presses(OpenEvidence(9_999, 1).pack()).text

    page = phone.opens(HEAD, EVIDENCE, about(number))
    decide_now(labour, HEAD, number)
    assert phone.get(f"{page}/{first}").status_code == 200  # it passed the own step
    assert phone.get(phone.path(DIRECTOR_GENERAL, EVIDENCE, about(number))).status_code == 200
    for person in (DIRECTOR_GENERAL, CLUSTER_HEAD, SECRETARY):
        decide_now(labour, person, number)
    assert phone.get(phone.path(MONITOR, EVIDENCE, about(number))).status_code == 200  # it is official now
    assert phone.get(phone.path(HEAD, EVIDENCE, about(number, 2))).status_code == 404


def test_a_file_of_another_report_cannot_be_named(labour: Bot) -> None:
    attach(labour, OFFICER, FILES, "ก.pdf")
    number = send_report(labour, OFFICER, PROJECT)
    foreign = attach(labour, OF_OTHER_AGENCY, OTHERS, "ของหน่วยงานอื่น.pdf")
    phone = Handset(labour)
    page = phone.opens(HEAD, EVIDENCE, about(number))
    decide_now(labour, HEAD, number, Verdict.RETURNED, "ขอหลักฐานการเบิกจ่ายเพิ่ม")
    later = attach(labour, OFFICER, FILES, "ฉบับร่าง.pdf")
    for stranger in (foreign, later, 9_999):
        assert phone.get(f"{page}/{stranger}").status_code == 404
        assert phone.get(f"{page}/{stranger}/thumbnail").status_code == 404
    assert REFUSED in phone.get(f"{page}/{foreign}").text
    with pytest.raises(EvidenceGone):
        detach(labour, OFFICER, FILES, foreign)


def test_a_file_is_handed_out_as_what_it_is_and_can_do_nothing(labour: Bot) -> None:
    content = bytes(range(256)) * 4_000
    first = attach(labour, OFFICER, FILES, NASTY, content)
    number = send_report(labour, OFFICER, PROJECT)
    phone = Handset(labour)
    page = phone.opens(HEAD, EVIDENCE, about(number))
    assert NASTY not in phone.get(page).text
    answer = phone.get(f"{page}/{first}")
    assert (answer.status_code, answer.data == content) == (200, True)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Length"] == str(len(content))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["Content-Disposition"].startswith(
        f'attachment; filename="evidence-{first}.pdf"; filename*=UTF-8'
    )
    assert "Set-Cookie: a=b" not in str(answer.headers)
    assert phone.get(f"{page}/{first}/thumbnail").status_code == 404  # a document has none


def test_ten_files_belong_to_a_report_and_the_same_one_counts_once(labour: Bot) -> None:
    first = [attach(labour, OFFICER, FILES, f"{number}.pdf") for number in range(MOST_FILES)]
    with pytest.raises(EvidenceRefused) as refused:
        attach(labour, OFFICER, FILES, "11.pdf")
    assert refused.value.fault is EvidenceFault.TOO_MANY
    assert attach(labour, OFFICER, FILES, "อีกชื่อ.pdf", b"0.pdf") == first[0]
    detach(labour, OFFICER, FILES, first[3])
    attach(labour, OFFICER, FILES, "11.pdf")
    assert len(names(labour, OFFICER, FILES)) == MOST_FILES


def test_uploads_at_the_same_time_never_exceed_ten(labour: Bot) -> None:
    def upload(number: int) -> str:
        try:
            attach(labour, OFFICER, FILES, f"{number}.pdf")
        except EvidenceRefused as refused:
            return refused.fault
        return "taken"

    with ThreadPoolExecutor(12) as threads:
        became = list(threads.map(upload, range(12)))  # nobody has begun the report yet
    assert sorted(became) == ["taken"] * MOST_FILES + ["too_many"] * 2
    assert rows(labour, tables.Evidence) == MOST_FILES
    assert submission_of(labour, PROJECT).state is SubmissionState.DRAFT


def test_who_does_not_write_the_report_adds_and_removes_nothing(labour: Bot) -> None:
    first = attach(labour, OFFICER, FILES, "ก.pdf")
    for person in (HEAD, OF_OTHER_UNIT, OF_OTHER_AGENCY, MONITOR, COORDINATOR):
        assert refusal(labour, person) is Refusal.NOT_YOUR_UNIT
        with pytest.raises(TransitionRefused):
            detach(labour, person, FILES, first)
        with pytest.raises(TransitionRefused):
            names(labour, person, FILES)
    with pytest.raises(EvidenceGone):
        attach(labour, OFFICER, report("รง 9999-66-0001"), "x.pdf")
    assert names(labour, OFFICER, FILES) == ["ก.pdf"]
    assert names(labour, OF_OTHER_AGENCY, OTHERS) == []  # nobody has begun that one


def test_a_file_is_handed_out_piece_by_piece(labour: Bot) -> None:
    content = bytes(MOST_BYTES)
    first = attach(labour, OFFICER, FILES, "ใหญ่.pdf", content)
    pieces = pieces_of(labour.database, tables.EvidencePart, first, len(content))
    assert len(next(pieces)) == PIECE  # connections are open from here on
    tracemalloc.start()
    try:
        left = sum(len(piece) for piece in pieces)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert left == len(content) - PIECE
    assert peak < 4 * PIECE

    pieces = pieces_of(labour.database, tables.EvidencePart, first, len(content))
    next(pieces)
    detach(labour, OFFICER, FILES, first)
    with pytest.raises(FileGone):
        next(pieces)


def test_what_fails_half_way_leaves_nothing(labour: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(evidence, "record", fails)
    with pytest.raises(OSError, match="full"):
        attach(labour, OFFICER, FILES, "ก.pdf", bytes(3 * PIECE))
    assert (rows(labour, tables.Evidence), rows(labour, tables.EvidencePart)) == (0, 0)


def test_the_audit_trail_tells_of_files_and_the_card_of_the_project_does_not(labour: Bot) -> None:
    officer = Chatter(labour, OFFICER)
    first = attach(labour, OFFICER, FILES, "ก.pdf")
    detach(labour, OFFICER, FILES, first)
    with labour.database.read() as session:
        entries = session.scalars(select(tables.AuditEntry).order_by(tables.AuditEntry.id.desc()).limit(2)).all()
    assert [(entry.action, entry.subject) for entry in reversed(entries)] == [
        (AuditAction.EVIDENCE_ADD, f"report:{PROJECT}:1/2566"),
        (AuditAction.EVIDENCE_REMOVE, f"report:{PROJECT}:1/2566"),
    ]
    assert entries[1].after == {"file": "ก.pdf", "size": 7, "version": 1}
    officer.presses(ShowProject(PROJECT).pack())
    assert "ก.pdf" not in officer.presses("ประวัติการดำเนินการ").text


def test_files_of_a_plan_follow_the_plan(labour: Bot) -> None:
    labour.at = bangkok("20 ก.พ. 66", "09:00")
    open_data = OfDuty(DutyKey("รง03", Occasion(WindowKind.OPEN_D, 2566), None))
    assert names(labour, PLAN_OFFICER, open_data) == []
    first = attach(labour, PLAN_OFFICER, open_data, "ภาพหน้าจอ.pdf")
    assert names(labour, PLAN_OFFICER, open_data) == ["ภาพหน้าจอ.pdf"]
    with labour.writes() as session:
        duty = session.get_one(tables.Evidence, first).agency_duty_id
        session.get_one(tables.AgencyDuty, duty).entered_on = labour.at.date()
    detach(labour, PLAN_OFFICER, open_data, first)  # what goes up no route can be corrected
    assert rows(labour, tables.EvidencePart) == 0
    with pytest.raises(NoSuchDuty):
        attach(labour, OFFICER, open_data, "x.pdf")
