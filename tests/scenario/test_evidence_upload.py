"""An officer adds photos and documents on the page of a report, with and without the script."""

import re
from html import unescape
from io import BytesIO
from urllib.parse import unquote

import pytest
from PIL import Image
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from domain.evidence import MOST_BYTES, MOST_FILES
from handlers.conversation import Page
from storage import tables
from storage.untrusted_files import apart
from tests.evidence_files import attach, names, photo, report
from tests.handset import PUBLIC_URL, REFUSED, Handset
from tests.markup import Markup
from tests.office import Bot, labour
from tests.submitting import send_report

__all__ = ["labour"]

OFFICER, HEAD, OF_OTHER_UNIT = "P00033", "P00034", "P00035"
PROJECT = "รง 0501-66-0003"
FILES = report(PROJECT)
ABOUT = {"code": PROJECT, "year": "2566", "quarter": "1"}


class Desk:
    """An officer with the page of a report open."""

    def __init__(self, bot: Bot) -> None:
        self.bot, self.phone = bot, Handset(bot)
        self.page = self.phone.opens(OFFICER, Page.REPORT, ABOUT)
        self.text = self.looks()
        self.key = re.findall(r'name="form_key" value="([^"]+)"', self.text)[0]

    def looks(self) -> str:
        """Load the page anew."""
        answer = self.phone.get(self.page)
        assert answer.status_code == 200, answer.text
        self.text = unescape(answer.text)
        return self.text

    def sends(self, *files: tuple[bytes, str], **headers: str) -> TestResponse:
        """Choose files and send them, as a browser without scripts does unless ``headers`` say otherwise."""
        form = {"form_key": self.key} if "X-Form-Key" not in headers else {}
        chosen = [FileStorage(BytesIO(content), name) for content, name in files]
        boundary, body = encode_multipart({**form, "file": chosen})
        return self.phone.browser.post(
            f"{self.page}/evidence",
            base_url=PUBLIC_URL,
            headers={"Origin": PUBLIC_URL, **headers},
            data=body,
            content_type=f"multipart/form-data; boundary={boundary}",
        )

    def scripts(self, content: bytes, name: str) -> TestResponse:
        """Send one file as our script does."""
        return self.sends((content, name), **{"X-Form-Key": self.key, "Accept": "application/json"})

    def removes(self, number: int, **headers: str) -> TestResponse:
        form = {"form_key": self.key}
        return self.phone.posts(f"{self.page}/evidence/{number}/remove", form, **headers)

    def kept(self) -> list[str]:
        return names(self.bot, OFFICER, FILES)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: what differs between them shows in the other tests of evidence."""
    return sqlite_url


@pytest.fixture
def desk(labour: Bot) -> Desk:
    return Desk(labour)


def test_a_photo_is_added_looked_at_and_removed_without_a_script(desk: Desk) -> None:
    assert "หลักฐานประกอบ (ถ้ามี)" in desk.text
    assert "ยังไม่มีไฟล์แนบ" in desk.text
    answer = desk.sends((photo("ก", (3000, 2000)), "อบรม.jpg"), (photo("ข"), "งาน/เบิกจ่าย.JPG"))
    assert (answer.status_code, answer.location) == (303, f"{desk.page}#evidence")
    assert desk.kept() == ["อบรม.jpg", "เบิกจ่าย.JPG"]
    page = desk.looks()
    assert all(words in page for words in ("หลักฐาน 2 ไฟล์", "อบรม.jpg", "เบิกจ่าย.JPG", "รูป JPEG"))
    assert Markup(desk.phone.get(desk.page).text).offences == []
    first = int(re.findall(r"/evidence/(\d+)/thumbnail", page)[0])
    image = Image.open(BytesIO(desk.phone.get(f"{desk.page}/evidence/{first}").data))
    small = desk.phone.get(f"{desk.page}/evidence/{first}/thumbnail")
    assert (image.size, small.mimetype, len(small.data) < 20_000) == ((2560, 1707), "image/jpeg", True)
    shown = desk.phone.get(f"{desk.page}/evidence/{first}").headers["Content-Disposition"]
    assert shown.startswith("inline; ")
    assert desk.removes(first).status_code == 303
    assert desk.kept() == ["เบิกจ่าย.JPG"]
    assert desk.phone.get(f"{desk.page}/evidence/{first}").status_code == 404


def test_a_script_is_told_the_list_and_what_became_of_each_file(desk: Desk) -> None:
    answer = desk.scripts(photo(), "<b>อบรม</b>.jpg")
    assert (answer.status_code, answer.json["said"]) == (200, ["แนบแล้ว: b>.jpg"])  # type: ignore[index]
    assert "&lt;" not in answer.json["list"]  # type: ignore[index]
    assert desk.scripts(photo(), "ซ้ำ.jpg").json["list"].count("<li>") == 1  # type: ignore[index]
    refused = desk.scripts(b"GIF89a", "ภาพ<i>.gif")
    assert refused.status_code == 422
    assert refused.json["said"][0].startswith("ยังไม่ได้แนบ ภาพ<i>.gif: แนบได้เฉพาะรูป JPEG PNG WebP")  # type: ignore[index]
    assert answer.json["list"] == refused.json["list"]  # type: ignore[index]
    removed = desk.removes(1, Accept="application/json")
    assert (removed.status_code, removed.json["said"]) == (200, ["นำไฟล์ออกแล้ว"])  # type: ignore[index]
    assert "ยังไม่มีไฟล์แนบ" in removed.json["list"]  # type: ignore[index]
    assert desk.removes(1, Accept="application/json").json["said"] == ["ไฟล์นี้ถูกนำออกไปก่อนแล้ว"]  # type: ignore[index]


def test_of_several_files_the_good_ones_are_kept_and_the_others_explained(desk: Desk) -> None:
    answer = desk.sends(
        (photo(), "ดี.jpg"), (b"", "ว่าง.jpg"), (b"PK\x03\x04", "แฟ้ม.docx"), (b"\x00\x00\x00\x18ftypheic", "IMG.HEIC")
    )
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert all(
        words in page
        for words in ("แนบแล้ว: ดี.jpg", "ว่าง.jpg: ไฟล์ว่างเปล่า", "แฟ้ม.docx: แนบได้เฉพาะ", "IMG.HEIC: รูปแบบ HEIC")
    )
    assert f'href="{desk.page}#evidence"' in page
    assert desk.kept() == ["ดี.jpg"]
    assert "ยังไม่ได้เลือกไฟล์" in unescape(desk.sends().text)


def test_what_is_larger_than_ten_megabytes_is_refused_while_it_is_read(desk: Desk) -> None:
    answer = desk.sends((bytes(MOST_BYTES + 1), "ใหญ่.jpg"))
    assert (answer.status_code, "ใหญ่.jpg: ไฟล์ใหญ่เกิน 10 MB" in unescape(answer.text)) == (422, True)
    assert desk.scripts(bytes(MOST_BYTES + 200_000), "ใหญ่.jpg").status_code == 413
    assert desk.kept() == []


def test_the_eleventh_file_is_refused_in_words(desk: Desk) -> None:
    for number in range(MOST_FILES):
        attach(desk.bot, OFFICER, FILES, f"{number}.pdf")
    answer = desk.scripts(photo(), "เกิน.jpg")
    assert (answer.status_code, "แนบครบ 10 ไฟล์แล้ว" in answer.json["said"][0]) == (422, True)  # type: ignore[index]


def test_what_was_sent_is_shown_and_not_changed(desk: Desk) -> None:
    first = attach(desk.bot, OFFICER, FILES, "ก.pdf")
    send_report(desk.bot, OFFICER, PROJECT)
    assert desk.phone.get(f"{desk.page}/evidence/{first}").data == b"\xe0\xb8\x81.pdf"
    answer = desk.sends((photo(), "สาย.jpg"))
    assert (answer.status_code, "ส่งอนุมัติแล้ว" in unescape(answer.text)) == (409, True)
    assert desk.removes(first, Accept="application/json").status_code == 409
    assert desk.kept() == ["ก.pdf"]


def test_only_our_own_page_of_that_session_adds_and_removes(desk: Desk) -> None:
    first = attach(desk.bot, OFFICER, FILES, "ก.pdf")
    key, other = {"X-Form-Key": desk.key}, Desk(desk.bot)
    refused = [
        desk.sends((photo(), "x.jpg"), Origin="https://elsewhere.example"),
        desk.sends((photo(), "x.jpg"), **{"X-Form-Key": "guessed"}),
        desk.sends((photo(), "x.jpg"), **{"X-Form-Key": other.key}),
        desk.removes(first, Origin="null"),
        other.phone.posts(f"{desk.page}/evidence/{first}/remove", **key),
        other.phone.get(f"{desk.page}/evidence/{first}"),
    ]
    assert {answer.status_code for answer in refused} == {404}
    assert all(REFUSED in answer.text for answer in refused)
    with desk.bot.writes() as session:  # the post ended meanwhile
        post, person = tables.RoleAssignment, tables.Person
        of_officer = select(post).join(person, post.person_id == person.id).where(person.code == OFFICER)
        session.scalars(of_officer).one().valid_to = desk.bot.at.date().replace(day=1)
        from storage.shared_state import reference_changed

        reference_changed(session, desk.phone.clock.real)
    assert desk.scripts(photo(), "x.jpg").status_code == 404
    assert desk.removes(first).status_code == 404
    assert desk.phone.get(f"{desk.page}/evidence/{first}").status_code == 404
    with desk.bot.database.read() as session:
        assert session.scalars(select(tables.Evidence.name)).all() == ["ก.pdf"]


def test_who_comes_while_others_wait_is_asked_to_come_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "PATIENCE", 0.01)
    with apart.one_at_a_time:
        answer = desk.scripts(photo(), "อบรม.jpg")
    assert (answer.status_code, "โปรดรอสักครู่" in answer.json["said"][0]) == (503, True)  # type: ignore[index]
    assert desk.scripts(photo(), "อบรม.jpg").status_code == 200


def test_a_file_is_saved_under_a_name_that_says_what_it_is(desk: Desk) -> None:
    assert desk.scripts(photo(), "แผนงาน.hta").status_code == 200
    assert desk.scripts(photo("อื่น"), "อบรม.JPG").status_code == 200
    numbers = sorted({int(number) for number in re.findall(r'/evidence/(\d+)"', desk.looks())})
    saved = [desk.phone.get(f"{desk.page}/evidence/{number}").headers["Content-Disposition"] for number in numbers]
    assert [unquote(name.rpartition("UTF-8''")[2]) for name in saved] == ["แผนงาน.hta.jpg", "อบรม.JPG"]


def test_a_number_that_no_file_can_have_is_no_address(desk: Desk) -> None:
    for number in (2**31, 2**63, 10**30):
        assert desk.removes(number).status_code == 404
