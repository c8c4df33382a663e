import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from linebot.v3.messaging import FlexContainer

from domain.reminders import BANGKOK
from domain.roles import Role
from messages_th import linking
from messages_th.lengths import utf16_length
from messages_th.linking.letters import Letter, letters
from messages_th.reader import Reader
from messages_th.rendering import Rendered
from storage.link_notices import Change

NOON = datetime(2023, 3, 20, 12, tzinfo=BANGKOK)
OFFICER = Reader("นางสมศรี จันทร์เพ็ญ", "นักวิเคราะห์นโยบายและแผน", executive=False)
EXECUTIVE = Reader("นายธีรพงษ์ พงษ์ไพบูลย์", "อธิบดี", executive=True)
HOSTILE = '"ก\\น{{ 7*7 }}{% raw %}</script>😀\u202e\nสอง บรรทัด' + "ท" * 300
LONGEST = Reader(HOSTILE, HOSTILE, executive=False)


def message(rendered: Rendered) -> dict[str, Any]:
    (found,) = json.loads(rendered.body)
    return dict(found)


def texts(found: Any) -> list[str]:
    if isinstance(found, dict):
        own = [found["text"]] if found.get("type") == "text" else []
        return own + [text for value in found.values() for text in texts(value)]
    return [text for value in found for text in texts(value)] if isinstance(found, list) else []


NOTHING_ENDS = linking.Ends(other_account=False, other_person="")


def offer(reader: Reader, posts: Sequence[linking.Post], ends: linking.Ends = NOTHING_ENDS) -> dict[str, Any]:
    return message(linking.offer(reader, posts, ends, "ln1:1", "lk1:1"))


def test_another_privacy_notice_is_another_version() -> None:
    """People agreed to a version: whoever changes a word of it gives it another number, here too."""
    words = hashlib.sha256("\n".join(linking.PRIVACY_NOTICE).encode()).hexdigest()
    assert (linking.PRIVACY_VERSION, words[:16]) == ("1", "b19e5634a7978191")


def test_the_offer_asks_who_one_is_and_says_what_is_kept() -> None:
    found = offer(OFFICER, [linking.Post(Role.PROJECT_OFFICER, "กองแผน กสร."), linking.Post(Role.PLAN_OFFICER, "กสร.")])
    assert found["altText"] == "ท่านคือ นางสมศรี จันทร์เพ็ญ นักวิเคราะห์นโยบายและแผน ใช่หรือไม่คะ"
    shown = texts(found["contents"])
    assert shown[:2] == ["ยืนยันการผูกบัญชี", "ท่านคือ"]
    assert {"นางสมศรี จันทร์เพ็ญ", "ตำแหน่ง นักวิเคราะห์นโยบายและแผน", "ใช่หรือไม่คะ"} <= set(shown)
    assert {"ผู้นำเข้าข้อมูลโครงการ กองแผน กสร.", "ผู้นำเข้าข้อมูลแผน กสร.", *linking.PRIVACY_NOTICE} <= set(shown)
    actions = [button["action"] for button in found["contents"]["footer"]["contents"]]
    assert [(action["label"], action["data"]) for action in actions] == [("ใช่", "ln1:1"), ("ไม่ใช่", "lk1:1")]


def test_the_offer_says_which_links_a_yes_ends() -> None:
    shown = texts(offer(EXECUTIVE, [], linking.Ends(other_account=True, other_person="นายวิชัย"))["contents"])
    assert "ใช่หรือไม่" in shown
    assert "ชื่อนี้ผูกกับบัญชี LINE อื่นอยู่ เมื่อกด «ใช่» บัญชีเดิมจะใช้งานต่อไม่ได้" in shown
    assert "บัญชี LINE นี้ผูกกับ นายวิชัย อยู่ เมื่อกด «ใช่» จะเลิกผูกกับชื่อนั้น" in shown


@pytest.mark.parametrize("posts", (0, 1, 30))
def test_cards_hold_with_the_longest_and_strangest_names(posts: int) -> None:
    ends = linking.Ends(other_account=True, other_person=HOSTILE)
    asked = offer(LONGEST, [linking.Post(role, HOSTILE) for role in list(Role) * 5][:posts], ends)
    left = message(linking.ask_unlink(LONGEST, "un1:1795255200", "cf1"))
    for card in (asked, left):
        FlexContainer.from_dict(card["contents"])
        assert len(json.dumps(card["contents"], ensure_ascii=False).encode()) < 30_000
        assert any("{{ 7*7 }}{% raw %}</script>😀" in text for text in texts(card["contents"]))
        assert all(texts(card["contents"]))
        assert utf16_length(card["altText"]) <= 400
    assert ("และอีก 26 หน้าที่" in texts(asked["contents"])) == (posts == 30)


def test_texts_speak_to_staff_with_a_particle_and_to_executives_without() -> None:
    for reader, polite in ((OFFICER, True), (EXECUTIVE, False)):
        said = (
            linking.linked(reader, [Role.APPROVER], NOTHING_ENDS), linking.linked_as(reader, NOON),
            linking.unlinked(reader), linking.kept(reader), linking.welcome_back(reader),
            linking.lost_link(reader, NOON),
            linking.link_changed(reader, "relinked", "นายวิชัย", "ผู้อำนวยการกอง", NOON),
        )  # fmt: skip
        assert {"ค่ะ" in rendered.alt for rendered in said} == {polite}


def test_a_coordinator_is_told_who_and_when_and_what_to_do() -> None:
    for change in Change:
        said = message(linking.link_changed(OFFICER, change, "นายวิชัย ฐิติพงศ์", "ผู้อำนวยการกอง", NOON))["text"]
        assert said.startswith("เรียน คุณสมศรี จันทร์เพ็ญ\nนายวิชัย ฐิติพงศ์ ผู้อำนวยการกอง\n")
        assert "เมื่อ 20 มี.ค. 66 เวลา 12.00 น." in said
        assert said.count("\n") == 4


@pytest.mark.parametrize("role", tuple(Role))
def test_every_role_is_told_what_it_can_ask(role: Role) -> None:
    first = linking.suggested([role])
    assert len(first) >= 3
    assert len(linking.suggested(list(Role))) <= 5


def test_a_letter_is_a_page_with_code_qr_and_steps_and_nothing_unescaped() -> None:
    pages = [
        Letter(HOSTILE, "<b>", "กอง & กรม", "AB2DEF3HJK4N", "<svg>1</svg>", NOON),
        Letter("นายวิชัย", "", "", "CD2DEF3HJK4N", "<svg>2</svg>", NOON),
    ]
    html = "".join(letters(iter(pages), "@123abcde"))
    assert html.count('<section class="page">') == 2
    assert html.count("AB2D-EF3H-JK4N") == 1
    assert "<svg>1</svg>" in html
    assert "ถึงวันที่ 20 มี.ค. 66 เวลา 12.00 น." in html
    assert "&lt;/script&gt;" in html
    assert "</script>" not in html
    assert "<b></div>" not in html
    assert "&lt;b&gt;" in html
    assert "กอง &amp; กรม" in html
    assert "@123abcde" in html
