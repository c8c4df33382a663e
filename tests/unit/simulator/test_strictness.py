"""What LINE refuses in a message, and what it takes: one row each."""

import json
from typing import Any

import pytest

from tests.unit.simulator.line import Line

TEXT = {"type": "text", "text": "สวัสดี"}
URI = {"type": "uri", "label": "เปิด", "uri": "https://example.com/"}
PARAGRAPH = {"type": "text", "text": "ย่อหน้า"}


def box(*contents: object, **more: object) -> dict[str, Any]:
    return {"type": "box", "layout": "vertical", "contents": contents, **more}


def bubble(*contents: object, **more: object) -> dict[str, Any]:
    return {"type": "bubble", "body": box(*contents or [PARAGRAPH]), **more}


def flex(contents: object, alt: str = "ข้อความแทน") -> dict[str, Any]:
    return {"type": "flex", "altText": alt, "contents": contents}


def carousel(*bubbles: object) -> dict[str, Any]:
    return flex({"type": "carousel", "contents": bubbles})


def button(**action: object) -> dict[str, Any]:
    return flex(bubble({"type": "button", "action": action}))


def sized(bytes_: int) -> dict[str, Any]:
    """A bubble whose JSON has exactly so many bytes."""
    rest = len(json.dumps(bubble({"type": "text", "text": ""}), separators=(",", ":")))
    return bubble({"type": "text", "text": "x" * (bytes_ - rest)})


def replies(count: int, label: str = "ตอบ") -> dict[str, Any]:
    item = {"type": "action", "action": {"type": "message", "label": label, "text": "ตอบ"}}
    return {**TEXT, "quickReply": {"items": [item] * count}}


def confirm(**more: object) -> dict[str, Any]:
    template = {"type": "confirm", "text": "ยืนยันไหม", "actions": [URI, URI], **more}
    return {"type": "template", "altText": "ยืนยัน", "template": template}


BODY = "messages[0].contents.body.contents[0]"
ACTION = f"{BODY}.action"

REFUSED = [
    ("no type", {"text": "x"}, "messages[0].type"),
    ("unknown type", {"type": "letter"}, "messages[0].type"),
    ("type of a wrong type", {"type": 1}, "messages[0].type"),
    ("unknown field", {**TEXT, "colour": "red"}, "messages[0].colour"),
    ("no text", {"type": "text"}, "messages[0].text"),
    ("empty text", {"type": "text", "text": ""}, "messages[0].text"),
    ("blank text", {"type": "text", "text": " \n"}, "messages[0].text"),
    ("number as text", {"type": "text", "text": 5}, "messages[0].text"),
    ("null", {"type": "text", "text": None}, "messages[0].text"),
    ("text too long", {"type": "text", "text": "ก" * 5_001}, "messages[0].text"),
    ("emoji counts twice", {"type": "text", "text": "😀" * 2_501}, "messages[0].text"),
    ("alt text missing", {"type": "flex", "contents": bubble()}, "messages[0].altText"),
    ("alt text too long", flex(bubble(), "ก" * 1_501), "messages[0].altText"),
    ("no contents", {"type": "flex", "altText": "x"}, "messages[0].contents"),
    ("container of a wrong type", flex({"type": "box"}), "messages[0].contents.type"),
    ("bubble without a block", flex({"type": "bubble"}), "messages[0].contents"),
    ("unknown bubble size", flex(bubble(size="huge")), "messages[0].contents.size"),
    ("bubble too large", flex(sized(30_001)), "messages[0].contents"),
    ("text as body", flex({"type": "bubble", "body": PARAGRAPH}), "messages[0].contents.body.type"),
    ("text as hero", flex(bubble(hero=PARAGRAPH)), "messages[0].contents.hero.type"),
    ("thirteen bubbles", carousel(*[bubble()] * 13), "messages[0].contents.contents"),
    ("no bubble", carousel(), "messages[0].contents.contents"),
    ("carousel too large", carousel(*[sized(25_000)] * 2), "messages[0].contents"),
    ("two widths", carousel(bubble(), bubble(size="kilo")), "messages[0].contents.contents"),
    ("carousel in a carousel", carousel({"type": "carousel"}), "messages[0].contents.contents[0].type"),
    ("unknown component", flex(bubble({"type": "spacer"})), f"{BODY}.type"),
    ("no layout", flex(bubble({"type": "box", "contents": []})), f"{BODY}.layout"),
    ("box in a baseline box", flex(bubble(box(box(), layout="baseline"))), f"{BODY}.contents[0].type"),
    ("span outside a text", flex(bubble({"type": "span", "text": "x"})), f"{BODY}.type"),
    ("empty flex text", flex(bubble({"type": "text", "text": ""})), f"{BODY}.text"),
    ("text among spans", flex(bubble({"type": "text", "contents": [PARAGRAPH]})), f"{BODY}.contents[0].type"),
    ("unknown size", flex(bubble({**PARAGRAPH, "size": "6xl"})), f"{BODY}.size"),
    ("size without a unit", flex(bubble({**PARAGRAPH, "size": "12"})), f"{BODY}.size"),
    ("named color", flex(bubble({**PARAGRAPH, "color": "red"})), f"{BODY}.color"),
    ("css in a color", flex(bubble({**PARAGRAPH, "color": "#000000;top:0"})), f"{BODY}.color"),
    ("true as a number", flex(bubble({**PARAGRAPH, "flex": True})), f"{BODY}.flex"),
    ("fraction as flex", flex(bubble({**PARAGRAPH, "flex": 1.5})), f"{BODY}.flex"),
    ("negative flex", flex(bubble({**PARAGRAPH, "flex": -1})), f"{BODY}.flex"),
    ("unknown margin", flex(bubble({**PARAGRAPH, "margin": "big"})), f"{BODY}.margin"),
    ("padding in em", flex(bubble(box(paddingAll="2em"))), f"{BODY}.paddingAll"),
    ("image over HTTP", flex(bubble({"type": "image", "url": "http://x/y.png"})), f"{BODY}.url"),
    (
        "image too tall",
        flex(bubble({"type": "image", "url": "https://x/y.png", "aspectRatio": "1:4"})),
        f"{BODY}.aspectRatio",
    ),
    ("half a gradient", flex(bubble(box(background={"type": "linearGradient"}))), f"{BODY}.background.angle"),
    ("button without an action", flex(bubble({"type": "button"})), ACTION),
    ("button without a label", button(type="postback", data="x"), f"{ACTION}.label"),
    ("label too long", button(type="postback", data="x", label="ก" * 41), f"{ACTION}.label"),
    ("postback without data", button(type="postback", label="x"), f"{ACTION}.data"),
    ("postback data too long", button(type="postback", label="x", data="ก" * 301), f"{ACTION}.data"),
    (
        "filled in without a keyboard",
        button(type="postback", label="x", data="x", fillInText="x"),
        f"{ACTION}.fillInText",
    ),
    (
        "text and displayText",
        button(type="postback", label="x", data="x", text="x", displayText="x"),
        f"{ACTION}.displayText",
    ),
    ("link without an address", button(type="uri", label="x"), f"{ACTION}.uri"),
    ("javascript link", button(type="uri", label="x", uri="javascript:alert(1)"), f"{ACTION}.uri"),
    ("file link", button(type="uri", label="x", uri="file:///etc/passwd"), f"{ACTION}.uri"),
    ("link too long", button(type="uri", label="x", uri="https://x/" + "y" * 9_991), f"{ACTION}.uri"),
    ("date picker without a mode", button(type="datetimepicker", label="x", data="x"), f"{ACTION}.mode"),
    ("date in another mode", button(type="datetimepicker", label="x", data="x", mode="day"), f"{ACTION}.mode"),
    (
        "date of a wrong shape",
        button(type="datetimepicker", label="x", data="x", mode="date", initial="20/03/2566"),
        f"{ACTION}.initial",
    ),
    ("camera outside a quick reply", button(type="camera", label="x"), f"{ACTION}.type"),
    ("fourteen quick replies", replies(14), "messages[0].quickReply.items"),
    ("quick reply label", replies(1, "ก" * 21), "messages[0].quickReply.items[0].action.label"),
    ("one answer", confirm(actions=[URI]), "messages[0].template.actions"),
    ("confirm text too long", confirm(text="ก" * 241), "messages[0].template.text"),
    ("sender named LINE", {**TEXT, "sender": {"name": "LINE"}}, "messages[0].sender.name"),
]

TAKEN = [
    ("5,000 letters", {"type": "text", "text": "ก" * 5_000}),
    ("1,500 letters of alt text", flex(bubble(), "ก" * 1_500)),
    ("a bubble of 30 KB", flex(sized(30_000))),
    ("twelve bubbles", carousel(*[bubble()] * 12)),
    ("40 graphemes of 80 code units", button(type="postback", data="", label="กี" * 40)),
    ("300 of postback data", button(type="postback", data="ก" * 300, label="x")),
    ("a keyboard filled in", button(type="postback", label="x", data="", inputOption="openKeyboard", fillInText="x")),
    ("a link of 10,000", button(type="uri", label="x", uri="https://x/" + "y" * 9_990)),
    ("a desktop link of 10,000", button(**URI, altUri={"desktop": "https://x/" + "y" * 9_990})),
    ("a phone number", button(type="uri", label="x", uri="tel:021234567")),
    ("a date", button(type="datetimepicker", label="x", data="", mode="datetime", initial="2026-11-30T09:30")),
    ("an empty box", flex(bubble(box()))),
    ("pixels and percentages", flex(bubble(box(width="50%", paddingAll="3.5px", offsetTop="-4px")))),
    ("spans", flex(bubble({"type": "text", "contents": [{"type": "span", "text": "x", "size": "xs"}]}))),
    ("a color with opacity", flex(bubble({**PARAGRAPH, "color": "#11223344"}))),
    ("thirteen quick replies", replies(13)),
    ("a yes or no", confirm()),
    ("a sticker", {"type": "sticker", "packageId": "446", "stickerId": "1988"}),
]


@pytest.mark.parametrize(("message", "place"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_it_refuses_and_names_the_place(checker: Line, message: object, place: str) -> None:
    assert place in checker.problems(message)


@pytest.mark.parametrize("message", [row[1] for row in TAKEN], ids=[row[0] for row in TAKEN])
def test_it_takes_what_is_just_within_the_limits(checker: Line, message: object) -> None:
    assert checker.problems(message) == {}


def test_boxes_within_boxes_without_end_are_refused_like_any_other_fault(checker: Line) -> None:
    nested = PARAGRAPH
    for _ in range(300):
        nested = box(nested)
    answer = checker.validate(flex(bubble(nested)))
    assert (answer.status_code, answer.get_json()["message"]) == (400, "The request body is nested too deeply")
    assert checker.platform.calls()[-1].status == 400


def test_it_reports_every_problem_of_a_body_at_once(checker: Line) -> None:
    answer = checker.validate({"type": "text", "text": ""}, {"type": "letter"}, flex(bubble(size="huge")))

    assert answer.status_code == 400
    assert answer.get_json()["message"] == "The request body has 3 error(s)"
    assert answer.get_json()["details"][0] == {"message": "May not be empty", "property": "messages[0].text"}
    assert [detail["property"] for detail in answer.get_json()["details"]] == [
        "messages[0].text",
        "messages[1].type",
        "messages[2].contents.size",
    ]


@pytest.mark.parametrize("count", (0, 6))
def test_it_takes_one_to_five_messages(checker: Line, count: int) -> None:
    assert checker.problems(*[TEXT] * count) == {"messages": "Size must be between 1 and 5"}


def test_it_uses_the_words_of_the_reference_for_lengths(checker: Line) -> None:
    bad = {**TEXT, "quickReply": {"items": [{"action": {"type": "message", "label": "x", "text": "ก" * 301}}]}}

    assert checker.problems(bad) == {"messages[0].quickReply.items[0].action.text": "Length must be between 1 and 300"}
