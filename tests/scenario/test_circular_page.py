"""The page on which a circular is written: without scripts, by autosave, beside the chat, and letting it go out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

from sqlalchemy import delete, func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from domain.circulars.audience import Audience
from domain.circulars.letters import LONGEST_TEXT, MOST_BYTES, Letter, Urgency
from domain.circulars.life import CircularState
from domain.fiscal import Quarter
from domain.roles import Role
from domain.windows import CalendarWindow, Occasion, Scope, Span, Stage, WindowKind
from handlers.circulars.presses import CIRCULAR
from handlers.conversation import Page
from storage import tables
from storage.circulars import releasing
from storage.circulars.drafts import Draft, edit
from storage.circulars.groups import save_group
from storage.shared_state import reference_changed
from tests.circular_files import letter_pdf
from tests.circular_pages import CircularPage
from tests.handset import PUBLIC_URL, REFUSED, Handset
from tests.issuing import ADMIN, COORDINATOR, LETTER, SECOND, doing, draft, issue, release
from tests.office import Bot, labour
from tests.submitting import moment

__all__ = ["labour"]

Change = Callable[[Draft], Draft]


def in_chat(bot: Bot, circular: int, change: Change) -> None:
    """Change a draft by another way than the page."""
    doing(bot, COORDINATOR, lambda session, reference, by: edit(session, reference, by, circular, change, moment(bot)))


def refused(answer: TestResponse) -> bool:
    return answer.status_code == 404 and REFUSED in answer.text


def blank(bot: Bot) -> CircularPage:
    return CircularPage(bot, draft(bot, Letter(), Audience()).circular_id)


def test_a_whole_letter_is_written_without_a_script(labour: Bot) -> None:
    page = blank(labour)
    assert page.looks().text.count('<li><a href="#f-') == 4
    shown = page.saves(
        letter_no="ที่ รง ๐๒๑๔/ว ๓",
        letter_date="๒๐ มี.ค. ๖๖",
        urgency="most_urgent",
        subject="เรื่อง ขยายเวลา\r\nการรายงาน",
        text="ย่อหน้าแรก\r\n\r\nย่อหน้าที่สอง  \r\n",
        units=["รง03", "รง05"],
        roles=["approver"],
        without_units=["รง0501"],
        unreported="2566/1",
        acknowledge_by="31/3/2566",
        send_at="21 มี.ค. 66 13.30",
    ).text
    assert "บันทึกร่างแล้ว" in shown
    assert '<a href="#f-' not in shown
    assert page.held().letter == Letter(
        "รง ๐๒๑๔/ว ๓", date(2023, 3, 20), Urgency.MOST_URGENT, "ขยายเวลา การรายงาน", "ย่อหน้าแรก\n\nย่อหน้าที่สอง",
        acknowledge_by=date(2023, 3, 31), send_at=page.held().letter.send_at,
    )  # fmt: skip
    assert page.bases["send_at"] == "21 มี.ค. 66 13.30"
    assert page.held().audience == Audience(
        units=frozenset({"รง03", "รง05"}),
        roles=frozenset({Role.APPROVER}),
        unreported=Quarter(2566, 1),
        without_units=frozenset({"รง0501"}),
    )
    assert "ที่ รง ๐๒๑๔/ว ๓ ลงวันที่ ๒๐ มีนาคม ๒๕๖๖" in shown
    assert "ผู้อนุมัติ ใน กกจ. และกสร." in shown
    version = page.held().version
    page.saves()
    assert page.held().version == version


def test_what_cannot_be_taken_is_said_at_its_field_and_the_rest_is_kept(labour: Bot) -> None:
    page = blank(labour)
    shown = page.saves(
        letter_no="ว" * 61,
        letter_date="31 ก.พ. 66",
        urgency="perhaps",
        subject="<script>alert(1)</script> שלום 👍\x00",
        text="ก" * 20_000,
        units=["รง03", "พม01", "nobody"],
        roles=["king"],
        acknowledge_by="1 ม.ค. 66",
        send_at="เมื่อวาน",
        unreported="2566/9",
    ).text
    assert "บางช่องยังไม่ได้บันทึก" in shown
    for name in ("letter_no", "letter_date", "text", "acknowledge_by", "send_at"):
        assert f'id="p-{name}">' in shown, name
    assert "ก" * 20_000 in shown
    assert "<script>alert" not in shown
    now = page.held()
    assert now.letter == replace(Letter(), subject="<script>alert(1)</script> שלום 👍")
    assert now.audience.roles == frozenset()
    assert page.saves(text="ก" * LONGEST_TEXT, units=["รง03", "nobody"]).status_code == 200
    assert len(page.held().letter.text) == LONGEST_TEXT
    assert page.held().audience.units == {"รง03"}


def test_nothing_that_was_changed_in_the_chat_meanwhile_is_overwritten(labour: Bot) -> None:
    page = CircularPage(labour, draft(labour).circular_id)
    opened = page.bases

    def changes(now: Draft) -> Draft:
        letter = replace(now.letter, subject="ของแชต", urgency=Urgency.URGENT)
        return replace(now, letter=letter, audience=replace(now.audience, units=now.audience.units | {"รง03"}))

    in_chat(labour, page.circular, changes)
    told = page.types(since="1", bases=opened, subject="ของหน้า", text="ใหม่", urgency="normal", units="รง0501 รง05")[
        "fields"
    ]
    assert (told["subject"]["outcome"], told["subject"]["value"]) == ("conflict", "ของแชต")
    assert (told["text"]["outcome"], told["text"]["value"]) == ("saved", "ใหม่")
    assert told["urgency"] == {"mark": "บันทึกแล้ว", "outcome": "same", "value": "urgent"}
    assert told["units"]["value"] == "รง03 รง05 รง0501"
    assert ["รง03", "กรมการจัดหางาน", "กกจ."] in told["units"]["labels"]
    assert (page.held().letter.subject, page.held().letter.text) == ("ของแชต", "ใหม่")

    page.shown = page.get(page.address)
    in_chat(labour, page.circular, lambda now: replace(now, letter=replace(now.letter, subject="ของแชตอีก")))
    shown = page.saves(subject="ของหน้าอีก").text  # without the script the choice is on the page
    assert "ของแชตอีก" in shown
    assert "ของหน้าอีก" in shown
    assert page.held().letter.subject == "ของแชตอีก"
    page.saves(subject="ของหน้าอีก", **{"asked:subject": "1"})
    assert page.held().letter.subject == "ของแชตอีก"
    page.saves(subject="ของหน้าอีก", **{"asked:subject": "1", "choice:subject": "mine"})
    assert page.held().letter.subject == "ของหน้าอีก"


def test_a_script_is_told_what_would_happen_as_things_stand(labour: Bot) -> None:
    labour.link("P00015", "P00031")
    page = blank(labour)
    told = page.types(units="รง03 รง05", letter_no="รง ๐๒๑๔/ว ๓", odd="x", urgency="perhaps")
    assert told["fields"]["odd"]["outcome"] == "refused"
    assert told["fields"]["urgency"]["outcome"] == "refused"
    assert "ใน กกจ. และกสร." in told["panel"]
    assert "ยังไม่ผูกบัญชี LINE" in told["panel"]
    assert "ที่ รง ๐๒๑๔/ว ๓" in told["card"]
    assert told["lacks"].count("<li>") == 2
    again = page.types(since=told["revision"])
    assert (again["fields"], again["revision"]) == ({}, told["revision"])
    assert page.types(since="odd")["fields"]["units"]["value"] == "รง03 รง05"


def found_by(page: CircularPage, words: str) -> Any:
    answer = page.get(f"{page.address}/places?q={words}").json
    assert answer is not None
    return answer["places"]


def test_units_are_found_by_name_within_reach(labour: Bot) -> None:
    page = blank(labour)
    found = found_by(page, "กสร")
    assert found == [["รง05", "กรมสวัสดิการและคุ้มครองแรงงาน", "กสร."]]
    for nothing in ("", "x" * 5_000, "กระทรวงการคลัง", "\x00"):
        assert found_by(page, nothing) == []
    shown = page.saves(go="seek", **{"seek:units": "กองบริหาร"})
    assert shown.text.count("กองบริหาร") > 1
    assert refused(Handset(labour).get(f"{page.address}/places?q=กสร"))


def test_saved_groups_and_whom_an_earlier_letter_reached_are_ticked(labour: Bot) -> None:
    earlier = issue(labour)
    saved = doing(
        labour,
        COORDINATOR,
        lambda session, reference, by: save_group(
            session, reference, by, "ผู้บริหาร", Audience(units=frozenset({"รง"})), moment(labour)
        ),
    )
    page = CircularPage(labour, draft(labour, LETTER, Audience(recipients_of=earlier)).circular_id)
    assert "รวมผู้รับหนังสือ ที่ รง ๐๒๑๔/ว ๓" in page.shown.text
    page.saves(groups=[str(saved.group_id), "999999", "odd"])
    assert page.held().audience.groups == ()  # a page of ours sends no such thing
    shown = page.saves(groups=[str(saved.group_id), "999999"], recipients_of="").text
    assert page.held().audience == Audience(groups=(saved.group_id,))
    assert "กลุ่ม “ผู้บริหาร”" in shown
    assert page.types(recipients_of="999999")["fields"]["recipients_of"]["outcome"] == "refused"
    assert page.types(recipients_of=str(earlier))["fields"]["recipients_of"]["outcome"] == "saved"


def test_windows_are_written_as_people_write_dates_and_named_when_they_are_wrong(labour: Bot) -> None:
    page = CircularPage(labour, draft(labour).circular_id)
    row = ["quarter_report", "๒๕๖๖", "๒", "AGENCY", "รง", "1 เม.ย. 66", "๒๕ เม.ย. ๖๖"]

    def typed(*rows: list[str]) -> Any:
        names = ("kind", "fiscal_year", "quarter", "stage", "unit", "opens_on", "closes_on")
        cells: dict[str, Any] = {f"windows.{name}": [one[place] for one in rows] for place, name in enumerate(names)}
        return page.saves(**cells).text

    shown = typed(row, ["quarter_report", "", "", "AGENCY", "รง", "", ""])
    assert "เดิม 1–18 เม.ย. 66" in shown
    assert "ใหม่ 1–25 เม.ย. 66" in shown
    occasion, span = Occasion(WindowKind.QUARTER_REPORT, 2566, 2), Span(date(2023, 4, 1), date(2023, 4, 25))
    window = CalendarWindow(occasion, Stage.AGENCY, Scope.MINISTRY, "รง", span, LETTER.letter_date, LETTER.letter_no)
    assert page.held().windows == [window]
    assert page.bases["windows"] == '[["quarter_report","2566","2","AGENCY","รง","1 เม.ย. 66","25 เม.ย. 66"]]'
    for wrong, said in (
        ([*row[:6], "30 ก.พ. 66"], "แถวที่ 1 วันสุดท้าย"),
        ([*row[:6], "1 มี.ค. 66"], "วันสุดท้ายต้องไม่มาก่อนวันเปิด"),
        ([*row[:5], "", "1 มี.ค. 66"], "ผ่านไปแล้ว"),
        ([*row[:2], "", *row[3:]], "แถวที่ 1 ไตรมาสหรือรอบ"),
        (["level3_plan", *row[1:]], "ไม่มีไตรมาสหรือรอบ"),
        ([row[0], "", *row[2:]], "โปรดระบุปีงบประมาณ"),
        ([*row[:4], "", *row[5:]], "นอกความดูแล"),
        ([*row[:4], "พม", *row[5:]], "นอกกระทรวงของท่าน"),
        (["tea", *row[1:]], "ไม่มีตัวเลือกนี้"),
    ):
        assert said in typed(wrong), wrong
        assert page.held().windows == [window]
    assert page.types(windows="[[[")["fields"]["windows"]["outcome"] == "refused"
    typed()
    assert list(page.held().windows) == []


def test_documents_are_taken_one_by_one_and_faults_are_told_in_thai(labour: Bot) -> None:
    page = CircularPage(labour, draft(labour).circular_id)

    def sends(*files: tuple[bytes, str], **headers: str) -> TestResponse:
        chosen = [FileStorage(BytesIO(content), name) for content, name in files]
        boundary, body = encode_multipart({"form_key": page.key, "file": chosen})
        return page.browser.post(
            f"{page.address}/files",
            base_url=PUBLIC_URL,
            headers={"Origin": PUBLIC_URL, **headers},
            data=body,
            content_type=f"multipart/form-data; boundary={boundary}",
        )

    one, other = letter_pdf("ก"), letter_pdf("ข")
    taken = sends((one, "หนังสือ.pdf"), (b"GIF89a", "ภาพ.pdf"), (b"", "ว่าง.pdf"), (other, "แนบ.pdf"))
    assert taken.status_code == 422
    assert "ยังไม่ได้แนบ ภาพ.pdf: ไฟล์นี้ไม่ใช่ PDF" in taken.text
    assert "ยังไม่ได้แนบ ว่าง.pdf: ไฟล์ว่างเปล่า" in taken.text
    assert [file.name for file in page.held().files] == ["หนังสือ.pdf", "แนบ.pdf"]
    large = sends((b"%PDF-" + b"0" * MOST_BYTES, "ใหญ่.pdf"), Accept="application/json")
    assert large.json is not None
    assert (large.status_code, large.json["said"]) == (
        422, ["ยังไม่ได้แนบ ใหญ่.pdf: ไฟล์ใหญ่เกิน 10 MB โปรดลดความละเอียดของภาพสแกน หรือแบ่งเอกสารเป็นหลายไฟล์"]
    )  # fmt: skip
    assert sends().status_code == 422

    number = page.held().files[0].file_id
    assert page.get(f"{page.address}/files/{number}").data == one
    assert refused(page.get(f"{page.address}/files/{number + 100}"))
    page.presses(f"/files/{number}/remove")
    page.presses(f"/files/{number}/remove")
    assert [file.name for file in page.held().files] == ["แนบ.pdf"]

    release(labour, page.circular)
    late = sends((one, "หนังสือ.pdf"))
    assert (late.status_code, "ไม่ใช่ร่างแล้ว" in late.text) == (409, True)
    assert len(page.held().files) == 1


def test_it_is_released_once_and_as_it_was_shown(labour: Bot) -> None:
    labour.link("P00031", "P00033")
    page = CircularPage(labour, draft(labour).circular_id)
    tab = CircularPage(labour, page.circular)
    assert "ปล่อยหนังสือเวียน</h1>" in page.saves("/review").text
    version = str(page.held().version)
    in_chat(labour, page.circular, lambda now: replace(now, letter=replace(now.letter, subject="แก้ในแชต")))
    stale = page.presses("/release", go="release", version=version)
    assert (stale.status_code, "มีการแก้ไขหลังจากที่แสดงแก่ท่าน" in stale.text, "แก้ในแชต" in stale.text) == (409, True, True)
    assert page.held().state is CircularState.DRAFT
    newest = str(page.held().version)
    shown = page.presses("/release", go="release", version=newest).text
    assert "รอเวลาส่ง" in shown
    assert "ปล่อยหนังสือนี้แล้วเมื่อ 20 มี.ค. 66 เวลา 08.30 น." in shown
    assert page.held().state is CircularState.SCHEDULED
    with labour.database.read() as session:
        count = select(func.count()).where(tables.CircularRecipient.circular_id == page.circular)
        named = session.scalar(count)
    assert "รอเวลาส่ง" in page.presses("/release", go="release", version=newest).text
    with labour.database.read() as session:
        assert session.scalar(count) == named

    assert tab.types(subject="สายไป")["message"].startswith("หนังสือนี้ไม่ใช่ร่างแล้ว")
    assert "สายไปแล้ว" in tab.saves(subject="สายไปแล้ว").text  # what came too late can be copied
    doing(
        labour,
        COORDINATOR,
        lambda session, reference, by: releasing.cancel(session, reference, by, page.circular, moment(labour)),
    )
    assert "ยกเลิกการส่งแล้ว" in page.looks().text


def test_what_is_missing_keeps_it_from_going_out(labour: Bot) -> None:
    page = blank(labour)
    shown = page.saves("/review").text
    assert "ยังส่งไม่ได้" in shown
    assert f'href="{page.address}#f-letter_no"' in shown
    answer = page.presses("/release", go="release", version=str(page.held().version))
    assert (answer.status_code, page.held().state) == (409, CircularState.DRAFT)


def test_a_second_officer_reads_and_releases_what_its_maker_proposed(labour: Bot) -> None:
    labour.run("policy", "set", "second_officer", "on", "--ministry", "รง")
    labour.link("P00031", SECOND)
    page = CircularPage(labour, draft(labour).circular_id)
    before = Handset(labour)
    assert refused(before.get(before.path(SECOND, Page.CIRCULARS, {CIRCULAR: str(page.circular)})))

    version = str(page.held().version)
    own = page.presses("/release", go="release", version=version)
    assert (own.status_code, "ผู้อื่นที่ไม่ใช่ผู้ร่าง" in own.text) == (409, True)
    page.looks("/release")
    assert "รอปล่อยส่ง" in page.presses("/release", go="propose", version=version).text
    assert "ตรวจก่อนปล่อยหนังสือ" not in page.shown.text
    assert page.types(subject="สายไป")["reload"]
    page.presses("/take-back", go="take-back")
    assert page.held().state is CircularState.DRAFT
    page.looks("/release")
    page.presses("/release", go="propose", version=version)

    other = CircularPage(labour, page.circular, SECOND)
    assert "<textarea" not in other.shown.text
    assert "ตรวจก่อนปล่อยหนังสือ" in other.shown.text
    assert "ดึงกลับมาแก้ไข" not in other.shown.text
    other.looks("/release")
    assert other.types(subject="ของผู้อื่น")["reload"]
    other.presses("/release", go="release", version=version)
    assert page.held().state is CircularState.SCHEDULED


def test_a_test_goes_to_its_maker_alone_with_what_is_on_the_page(labour: Bot) -> None:
    page = CircularPage(labour, draft(labour).circular_id)
    shown = page.saves("/test", subject="เรื่องล่าสุด").text
    assert "ส่งทดสอบถึงท่านแล้ว" in shown
    page.saves("/test")
    with labour.database.read() as session:
        sent = session.scalars(select(tables.OutboxMessage)).all()
    assert [(row.kind, row.args) for row in sent] == [
        ("circular_test", {"person": COORDINATOR, "circular": page.circular})
    ]
    assert page.held().letter.subject == "เรื่องล่าสุด"
    assert "ยังไม่ได้บันทึก" in page.saves("/test", letter_date="พรุ่งนี้ล่ะ").text


def test_a_draft_is_thrown_away_for_good(labour: Bot) -> None:
    page = CircularPage(labour, draft(labour, documents=[("ก.pdf", letter_pdf("ก"))]).circular_id)
    assert refused(page.presses("/discard"))
    assert "ทิ้งร่างแล้ว" in page.presses("/discard", go="discard").text
    with labour.database.read() as session:
        assert session.scalar(select(func.count()).select_from(tables.CircularFile)) == 0
    assert refused(page.get(page.address))
    assert page.types(subject="x") == 404


def test_nobody_else_gets_in_with_a_forged_link(labour: Bot) -> None:
    circular = draft(labour).circular_id
    phone = Handset(labour)
    for person in ("P00033", "P00016", "P00031", "P00002", SECOND):
        link = phone.path(person, Page.CIRCULARS, {CIRCULAR: str(circular)})
        assert refused(phone.get(link))
        assert refused(phone.posts(link))


def test_a_role_that_ends_between_two_saves_ends_the_writing(labour: Bot) -> None:
    page = CircularPage(labour, draft(labour).circular_id)
    assert page.types(subject="ยังมีสิทธิ")["fields"]["subject"]["outcome"] == "saved"
    with labour.writes() as session:
        maker = select(tables.Person.id).where(tables.Person.code == COORDINATOR)
        session.execute(delete(tables.RoleAssignment).where(tables.RoleAssignment.person_id.in_(maker)))
        reference_changed(session, labour.at)
    assert page.types(subject="หมดสิทธิ", bases={"subject": "ยังมีสิทธิ"}) == 404
    assert refused(page.presses("/release", go="release", version="1"))
    assert refused(page.saves())
    assert page.held().letter.subject == "ยังมีสิทธิ"


def test_an_administrator_reaches_the_country(labour: Bot) -> None:
    page = CircularPage(labour, draft(labour, Letter(), Audience(), by=ADMIN).circular_id, ADMIN)
    page.saves(everyone="yes", units=[])
    assert page.held().audience == Audience(everyone=True)
    assert "ทั่วประเทศ" in page.shown.text
    coordinator = blank(labour)
    assert 'name="everyone"' not in coordinator.shown.text
