"""Photos from a phone of 390 pixels: added while the report is written, looked at by who decides."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from bot.pages import evidence_upload
from domain.evidence import MOST_BYTES
from handlers.approval_presses import ShowItem
from tests.browser.accessibility import in_order
from tests.browser.report_page import CODE, OFFICER, box, opens, saved
from tests.chatting import Chatter
from tests.evidence_files import attach, names, photo, report
from tests.office import Bot, labour
from tests.submitting import send_report

__all__ = ["labour"]

HEAD = "P00034"
FILES = report(CODE)


def file(name: str, content: bytes | None = None, kind: str = "image/jpeg") -> FilePayload:
    """What a phone hands over of a photo."""
    return {"name": name, "mimeType": kind, "buffer": photo(name) if content is None else content}


def grainy(size: tuple[int, int]) -> bytes:
    """A photo that does not shrink much."""
    content = BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(content, "JPEG", quality=98)
    return content.getvalue()


def test_photos_go_one_by_one_and_are_removed_again(labour: Bot, handset: Page) -> None:
    opens(labour, handset)
    said, list_ = handset.locator("#evidence-said"), handset.locator("#evidence-list")
    box(handset, "summary").fill("กำลังพิมพ์")
    handset.get_by_label("เลือกไฟล์ที่จะแนบ").set_input_files(
        [file("อบรม.jpg"), file("ป้าย.jpg"), file("x.gif", b"GIF89a", "image/gif")]
    )
    expect(said).to_contain_text("ยังไม่ได้แนบ x.gif: แนบได้เฉพาะรูป JPEG")
    expect(said).to_contain_text("แนบแล้ว: ป้าย.jpg")
    expect(list_.locator("li")).to_have_count(2)
    expect(list_.locator("img").first).to_have_js_property("naturalWidth", 240)
    expect(box(handset, "summary")).to_have_value("กำลังพิมพ์")  # nothing was loaded anew
    saved(handset)
    in_order(handset)
    handset.get_by_role("button", name="นำ อบรม.jpg ออก").click()
    expect(list_.locator("li")).to_have_count(1)
    assert names(labour, OFFICER, FILES) == ["ป้าย.jpg"]


def test_a_photo_too_large_for_us_is_made_smaller_on_the_phone(labour: Bot, handset: Page, tmp_path: Path) -> None:
    taken = tmp_path / "IMG_0001.jpg"
    taken.write_bytes(grainy((4600, 3400)))
    assert taken.stat().st_size > MOST_BYTES
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF-1.4" + bytes(MOST_BYTES))
    opens(labour, handset)
    handset.get_by_label("เลือกไฟล์ที่จะแนบ").set_input_files([taken, scan])
    expect(handset.locator("#evidence-said")).to_contain_text("scan.pdf: ไฟล์ใหญ่เกิน 10 MB", timeout=60_000)
    expect(handset.locator("#evidence-list li")).to_have_count(1)
    assert names(labour, OFFICER, FILES) == ["IMG_0001.jpg"]


def test_a_photo_waits_for_the_signal(labour: Bot, handset: Page) -> None:
    opens(labour, handset)
    handset.context.set_offline(True)
    handset.get_by_label("เลือกไฟล์ที่จะแนบ").set_input_files([file("อบรม.jpg")])
    said = handset.locator("#evidence-said")
    expect(said).to_contain_text("รอสัญญาณอินเทอร์เน็ต จะส่งต่อเมื่อเชื่อมต่อได้: อบรม.jpg")
    handset.context.set_offline(False)
    expect(said).to_contain_text("แนบแล้ว: อบรม.jpg")
    assert names(labour, OFFICER, FILES) == ["อบรม.jpg"]


def test_without_scripts_files_are_chosen_and_sent_by_a_button(
    labour: Bot, plain_handset: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens(labour, plain_handset, scripts=False)
    plain_handset.get_by_label("เลือกไฟล์ที่จะแนบ").set_input_files([file("อบรม.jpg"), file("ป้าย.jpg")])
    plain_handset.get_by_role("button", name="แนบไฟล์").click()
    expect(plain_handset.locator("#evidence-list li")).to_have_count(2)
    plain_handset.get_by_role("button", name="นำ อบรม.jpg ออก").click()
    expect(plain_handset.locator("#evidence-list li")).to_have_count(1)
    monkeypatch.setattr(evidence_upload, "MOST_BYTES", 1_000)
    plain_handset.get_by_label("เลือกไฟล์ที่จะแนบ").set_input_files([file("ใหญ่.jpg")])
    plain_handset.get_by_role("button", name="แนบไฟล์").click()
    expect(plain_handset.locator("main")).to_contain_text("ใหญ่.jpg")
    plain_handset.get_by_role("link", name="กลับไปแก้ไข").click()
    expect(plain_handset.locator("#evidence-list li")).to_have_count(1)


def test_an_approver_looks_at_the_files_of_the_card(labour: Bot, handset: Page) -> None:
    officer = Chatter(labour, OFFICER)
    attach(labour, OFFICER, FILES, "ใบเบิก.pdf")
    number = send_report(labour, OFFICER, CODE)
    assert "หลักฐาน 1 ไฟล์" in officer.presses(ShowItem(number).pack()).buttons()
    head = Chatter(labour, HEAD)
    head.presses(ShowItem(number).pack())
    link = head.presses("หลักฐาน 1 ไฟล์").actions()["เปิดดูหลักฐาน"]["uri"]
    handset.goto(link)
    handset.get_by_role("button", name="เปิด", exact=True).click()
    expect(handset.locator(".files li")).to_have_count(1)
    in_order(handset)
    with handset.expect_download() as saving:
        handset.get_by_role("link", name="ใบเบิก.pdf").click()
    assert saving.value.suggested_filename == "ใบเบิก.pdf"


def test_a_photo_opens_by_itself(labour: Bot, handset: Page) -> None:
    opens(labour, handset)
    handset.get_by_label("เลือกไฟล์ที่จะแนบ").set_input_files([file("อบรม.jpg", photo("อบรม", (1200, 900)))])
    handset.get_by_role("link", name="อบรม.jpg").click()
    expect(handset.locator("img")).to_have_js_property("naturalWidth", 1200)
