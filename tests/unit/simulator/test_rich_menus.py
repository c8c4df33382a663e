"""Rich menus: what LINE takes and refuses, and whose chat shows which."""

import struct
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.unit.simulator.line import Line, Times

MENU = "/v2/bot/richmenu"
DEFAULT = "/v2/bot/user/all/richmenu"
NOBODY = "U" + "9" * 32
NOWHERE = "richmenu-" + "0" * 32
SWITCH = {"type": "richmenuswitch", "richMenuAliasId": "tab-2", "data": "tab"}


def area(**changed: Any) -> dict[str, Any]:
    bounds = {"x": 0, "y": 0, "width": 1250, "height": 843} | changed.pop("bounds", {})
    return {"bounds": bounds, "action": {"type": "message", "label": "งาน", "text": "งานของฉัน"}} | changed


def layout(**changed: Any) -> dict[str, Any]:
    return {
        "size": {"width": 2500, "height": 1686},
        "selected": True,
        "name": "officer",
        "chatBarText": "เมนู",
        "areas": [area()],
    } | changed


def png(width: int = 2500, height: int = 1686, size: int = 100) -> bytes:
    return (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height)).ljust(size, b"\0")


def jpeg(width: int = 2500, height: int = 1686) -> bytes:
    app0 = b"\xff\xe0" + struct.pack(">H", 16) + bytes(14)
    frame = b"\xff\xc0" + struct.pack(">HBHH", 17, 8, height, width)
    return b"\xff\xd8" + app0 + frame


def create(line: Line, **changed: Any) -> str:
    answer = line.call("POST", MENU, layout(**changed))
    assert answer.status_code == 200, answer.text
    menu_id: str = answer.get_json()["richMenuId"]
    return menu_id


def upload(line: Line, menu_id: str, picture: bytes | None = None, media_type: str = "image/png") -> TestResponse:
    headers = {"Authorization": f"Bearer {line.token}"}
    path = f"{MENU}/{menu_id}/content"
    return line.client.post(path, data=picture or png(), content_type=media_type, headers=headers)


def drawn(line: Line, **changed: Any) -> str:
    menu_id = create(line, **changed)
    assert upload(line, menu_id).status_code == 200
    return menu_id


def linked(line: Line, user_id: str) -> str | None:
    menu_id: str | None = line.get(f"/v2/bot/user/{user_id}/richmenu").get_json().get("richMenuId")
    return menu_id


# Menus


def test_a_menu_is_created_listed_read_and_deleted(line: Line) -> None:
    menu_id = create(line)
    described = {"richMenuId": menu_id, **layout()}

    assert line.get(f"{MENU}/list").get_json() == {"richmenus": [described]}
    assert line.get(f"{MENU}/{menu_id}").get_json() == described
    assert line.call("DELETE", f"{MENU}/{menu_id}").get_json() == {}
    assert line.get(f"{MENU}/{menu_id}").status_code == 404
    assert line.call("DELETE", f"{MENU}/{menu_id}").status_code == 404
    assert line.get(f"{MENU}/list").get_json() == {"richmenus": []}


@pytest.mark.parametrize(
    ("changed", "place"),
    (
        ({"size": {"width": 2501, "height": 1686}}, "size.width"),
        ({"size": {"width": 799, "height": 250}}, "size.width"),
        ({"size": {"width": 800, "height": 249}}, "size.height"),
        ({"size": {"width": 2500, "height": 1725}}, "size"),
        ({"size": {"width": 2500}}, "size.height"),
        ({"selected": "yes"}, "selected"),
        ({"name": ""}, "name"),
        ({"name": "ก" * 301}, "name"),
        ({"chatBarText": "ก" * 15}, "chatBarText"),
        ({"chatBarText": ""}, "chatBarText"),
        ({"areas": [area()] * 21}, "areas"),
        ({"areas": [area(bounds={"x": -1})]}, "areas[0].bounds.x"),
        ({"areas": [area(bounds={"x": 1251})]}, "areas[0].bounds.width"),
        ({"areas": [area(bounds={"y": 844})]}, "areas[0].bounds.height"),
        ({"areas": [{"bounds": area()["bounds"]}]}, "areas[0].action"),
        ({"areas": [area(action={"type": "camera", "label": "x"})]}, "areas[0].action.type"),
        ({"areas": [area(action={**SWITCH, "label": "ก" * 21})]}, "areas[0].action.label"),
        ({"areas": [area(action={**SWITCH, "richMenuAliasId": "Tab"})]}, "areas[0].action.richMenuAliasId"),
        ({"areas": [area(action={"type": "richmenuswitch", "data": "x"})]}, "areas[0].action.richMenuAliasId"),
        ({"areas": [area(action={**SWITCH, "data": "x" * 301})]}, "areas[0].action.data"),
        ({"colour": "red"}, "colour"),
    ),
)
@pytest.mark.parametrize("path", (MENU, f"{MENU}/validate"))
def test_a_menu_that_line_would_refuse_is_refused(
    checker: Line, path: str, changed: dict[str, Any], place: str
) -> None:
    answer = checker.call("POST", path, layout(**changed))

    assert answer.status_code == 400
    assert [detail["property"] for detail in answer.get_json()["details"]] == [place]


@pytest.mark.parametrize("missing", ("size", "selected", "name", "chatBarText", "areas"))
def test_every_part_of_a_menu_is_needed(checker: Line, missing: str) -> None:
    body = {name: value for name, value in layout().items() if name != missing}

    assert checker.call("POST", MENU, body).status_code == 400


def test_the_chat_bar_counts_what_a_reader_takes_for_one_character(checker: Line) -> None:
    assert checker.call("POST", f"{MENU}/validate", layout(chatBarText="แตะเพื่อเปิดเมนู")).get_json() == {}


def test_a_switch_is_for_rich_menus_alone(checker: Line) -> None:
    button = {"type": "button", "action": {**SWITCH, "label": "แท็บ"}}
    bubble = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [button]}}

    problems = checker.problems({"type": "flex", "altText": "x", "contents": bubble})

    assert list(problems) == ["messages[0].contents.body.contents[0].action.type"]


def test_menus_are_made_and_deleted_a_hundred_times_an_hour(line: Line, times: Times) -> None:
    made = [create(line) for _ in range(100)]
    assert line.call("POST", MENU, layout()).status_code == 429
    for menu_id in made:
        assert line.call("DELETE", f"{MENU}/{menu_id}").status_code == 200
    assert line.call("DELETE", f"{MENU}/{made[0]}").status_code == 429
    assert line.get(f"{MENU}/{made[0]}").status_code == 404

    times.pass_by(seconds=36)

    assert line.call("POST", MENU, layout()).status_code == 200
    assert line.call("POST", MENU, layout()).status_code == 429


def test_a_channel_has_a_thousand_menus_and_aliases_at_most(
    line: Line, times: Times, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulator.line.rich_menus.MOST", 2)
    menus = [create(line) for _ in range(2)]
    for number, menu_id in enumerate(menus):
        assert name(line, f"tab-{number}", menu_id).status_code == 200

    assert line.call("POST", MENU, layout()).status_code == 400
    assert name(line, "tab-2", menus[0]).status_code == 400


# Images


@pytest.mark.parametrize(("picture", "media_type"), ((png(), "image/png"), (jpeg(), "image/jpeg")))
def test_an_image_is_uploaded_once_and_read_back(line: Line, picture: bytes, media_type: str) -> None:
    menu_id = create(line)
    assert line.get(f"{MENU}/{menu_id}/content").status_code == 404

    assert upload(line, menu_id, picture, media_type).get_json() == {}
    again = upload(line, menu_id)

    assert again.get_json() == {"message": "An image has already been uploaded to the richmenu"}
    image = line.get(f"{MENU}/{menu_id}/content")
    assert (image.data, image.mimetype) == (picture, media_type)


@pytest.mark.parametrize(
    ("picture", "media_type", "status"),
    (
        (png(2500, 843), "image/png", 400),
        (png(), "image/jpeg", 400),
        (png(), "image/gif", 415),
        (png(), "application/octet-stream", 415),
        (b"GIF89a", "image/png", 400),
        (png()[:18], "image/png", 400),
        (jpeg()[:22], "image/jpeg", 400),
        (b"\xff\xd8\xff\xe0\0\0", "image/jpeg", 400),
        (png(size=1_048_577), "image/png", 413),
    ),
)
def test_an_image_of_another_kind_or_size_is_refused(line: Line, picture: bytes, media_type: str, status: int) -> None:
    assert upload(line, create(line), picture, media_type).status_code == status


def test_an_image_of_a_megabyte_is_taken(line: Line) -> None:
    assert upload(line, create(line), png(size=1_048_576)).status_code == 200


def test_an_image_needs_its_menu(line: Line) -> None:
    assert upload(line, NOWHERE).status_code == 404


# Whose chat shows which


def test_everybody_sees_the_default_until_it_is_cleared(line: Line) -> None:
    menu_id = drawn(line)
    assert line.get(DEFAULT).get_json() == {"message": "no default richmenu"}
    assert line.call("POST", f"{DEFAULT}/{menu_id}").get_json() == {}

    assert line.get(DEFAULT).get_json() == {"richMenuId": menu_id}
    shown = line.platform.menus.shown_to(line.people[0])
    assert shown is not None
    assert shown.id == menu_id
    assert linked(line, line.people[0]) is None
    assert line.call("DELETE", DEFAULT).get_json() == {}
    assert line.platform.menus.shown_to(line.people[0]) is None


def test_a_person_sees_the_linked_menu_until_it_is_unlinked(line: Line) -> None:
    person, path = line.people[0], f"/v2/bot/user/{line.people[0]}/richmenu"
    default, own = drawn(line), drawn(line)
    line.call("POST", f"{DEFAULT}/{default}")
    assert line.get(path).get_json() == {"message": "the user has no richmenu"}

    assert line.call("POST", f"{path}/{own}").status_code == 200
    shown = line.platform.menus.shown_to(person)
    assert shown is not None
    assert shown.id == linked(line, person) == own
    assert line.call("DELETE", path).status_code == 200
    shown = line.platform.menus.shown_to(person)
    assert shown is not None
    assert shown.id == default


def test_whoever_is_no_friend_is_not_linked_and_nobody_is_told(line: Line) -> None:
    menu_id, blocker = drawn(line), line.people[0]
    line.phones.blocks(blocker)

    for stranger in (NOBODY, blocker):
        assert line.call("POST", f"/v2/bot/user/{stranger}/richmenu/{menu_id}").status_code == 200
        assert linked(line, stranger) is None


def test_a_menu_without_an_image_cannot_be_applied(line: Line) -> None:
    menu_id, person = create(line), line.people[0]
    for path, body in (
        (f"{DEFAULT}/{menu_id}", None),
        (f"/v2/bot/user/{person}/richmenu/{menu_id}", None),
        (f"{MENU}/bulk/link", {"richMenuId": menu_id, "userIds": [person]}),
    ):
        answer = line.call("POST", path, body)
        assert answer.status_code == 400
        assert answer.get_json()["message"] == "must upload richmenu image before applying it to user"


def test_many_are_linked_and_unlinked_in_one_request(line: Line) -> None:
    menu_id, people = drawn(line), list(line.people)

    assert line.call("POST", f"{MENU}/bulk/link", {"richMenuId": menu_id, "userIds": people}).status_code == 202
    assert [linked(line, person) for person in people] == [menu_id] * 3
    assert line.call("POST", f"{MENU}/bulk/unlink", {"userIds": people[:2]}).status_code == 202
    assert [linked(line, person) for person in people] == [None, None, menu_id]


@pytest.mark.parametrize("people", (["U1"], [], [NOBODY] * 501, ["C" + "7" * 32]))
def test_one_impossible_id_and_nobody_is_linked(line: Line, people: list[str]) -> None:
    body = {"richMenuId": drawn(line), "userIds": [line.people[0], *people] if people else []}

    assert line.call("POST", f"{MENU}/bulk/link", body).status_code == 400
    assert linked(line, line.people[0]) is None


def test_a_menu_that_does_not_exist_cannot_be_applied(line: Line) -> None:
    person = line.people[0]

    assert line.call("POST", f"{DEFAULT}/{NOWHERE}").status_code == 404
    assert line.call("POST", f"/v2/bot/user/{person}/richmenu/{NOWHERE}").status_code == 404
    assert line.call("POST", f"{MENU}/bulk/link", {"richMenuId": NOWHERE, "userIds": [person]}).status_code == 400
    assert line.call("POST", f"/v2/bot/user/U1/richmenu/{drawn(line)}").status_code == 400


def test_a_deleted_menu_vanishes_from_every_chat(line: Line) -> None:
    menu_id = drawn(line)
    line.call("POST", f"{DEFAULT}/{menu_id}")
    line.call("POST", f"/v2/bot/user/{line.people[0]}/richmenu/{menu_id}")

    line.call("DELETE", f"{MENU}/{menu_id}")

    assert line.get(DEFAULT).status_code == 404
    assert linked(line, line.people[0]) is None
    assert line.platform.menus.shown_to(line.people[0]) is None


def test_a_batch_moves_people_as_they_were_before_it(line: Line) -> None:
    first, second = drawn(line), drawn(line)
    for person, menu_id in zip(line.people, (first, second), strict=False):
        line.call("POST", f"/v2/bot/user/{person}/richmenu/{menu_id}")
    swap = [{"type": "link", "from": first, "to": second}, {"type": "link", "from": second, "to": first}]

    answer = line.call("POST", f"{MENU}/batch", {"operations": swap})

    assert answer.status_code == 202
    assert [linked(line, person) for person in line.people] == [second, first, None]
    progress = f"{MENU}/progress/batch?requestId="
    assert line.get(progress + answer.headers["x-line-request-id"]).get_json()["phase"] == "succeeded"
    assert line.get(progress + "nothing").status_code == 404
    assert line.call("POST", f"{MENU}/batch", {"operations": [{"type": "unlink", "from": first}]}).status_code == 202
    assert [linked(line, person) for person in line.people] == [second, None, None]
    assert line.call("POST", f"{MENU}/batch", {"operations": [{"type": "unlinkAll"}]}).status_code == 202
    assert [linked(line, person) for person in line.people] == [None, None, None]
    assert line.call("POST", f"{MENU}/batch", {"operations": [{"type": "unlinkAll"}]}).status_code == 429


@pytest.mark.parametrize(
    "operations",
    (
        [],
        [{"type": "move"}],
        [{"type": "link", "from": NOWHERE}],
        [{"type": "link", "from": NOWHERE, "to": NOWHERE}],
        [{"type": "unlinkAll"}, {"type": "unlink", "from": NOWHERE}],
    ),
)
def test_a_batch_that_makes_no_sense_is_refused(line: Line, operations: object) -> None:
    assert line.call("POST", f"{MENU}/batch", {"operations": operations}).status_code == 400


# Aliases and tabs


def name(line: Line, alias: str, menu_id: str) -> TestResponse:
    return line.call("POST", f"{MENU}/alias", {"richMenuAliasId": alias, "richMenuId": menu_id})


def test_an_alias_is_created_moved_and_deleted(line: Line) -> None:
    first, second = create(line), create(line)
    assert name(line, "tab-1", first).get_json() == {}

    assert line.get(f"{MENU}/alias/tab-1").get_json() == {"richMenuAliasId": "tab-1", "richMenuId": first}
    assert line.call("POST", f"{MENU}/alias/tab-1", {"richMenuId": second}).get_json() == {}
    assert line.get(f"{MENU}/alias/list").get_json() == {
        "aliases": [{"richMenuAliasId": "tab-1", "richMenuId": second}]
    }
    assert line.call("DELETE", f"{MENU}/alias/tab-1").get_json() == {}
    assert line.get(f"{MENU}/alias/tab-1").status_code == 404


def test_an_alias_that_makes_no_sense_is_refused_in_lines_words(line: Line) -> None:
    menu_id = create(line)
    name(line, "tab-1", menu_id)

    assert name(line, "tab-1", menu_id).get_json() == {"message": "conflict richmenu alias id"}
    assert name(line, "tab-2", NOWHERE).get_json() == {"message": "richmenu not found"}
    assert name(line, "Tab", menu_id).status_code == 400
    assert line.call("POST", f"{MENU}/alias/tab-9", {"richMenuId": menu_id}).status_code == 404
    assert line.call("POST", f"{MENU}/alias/tab-1", {"richMenuId": NOWHERE}).status_code == 400
    assert line.call("DELETE", f"{MENU}/alias/tab-9").status_code == 404


def test_a_tab_links_the_person_and_tells_the_bot(line: Line) -> None:
    person, menu_id = line.people[0], drawn(line)
    name(line, "tab-2", menu_id)

    event = line.phones.switches(person, "tab-2", "tab")

    assert linked(line, person) == menu_id
    assert event["postback"] == {"data": "tab", "params": {"newRichMenuAliasId": "tab-2", "status": "SUCCESS"}}


def test_a_tab_that_leads_nowhere_says_why(line: Line) -> None:
    person, gone, blank = line.people[0], create(line), create(line)
    name(line, "gone", gone)
    name(line, "blank", blank)
    line.call("DELETE", f"{MENU}/{gone}")

    statuses = [line.phones.switches(person, alias, "x")["postback"]["params"] for alias in ("none", "gone", "blank")]

    assert statuses == [
        {"status": "RICHMENU_ALIAS_ID_NOTFOUND"},
        {"status": "RICHMENU_NOTFOUND"},
        {"status": "FAILED"},
    ]
    assert linked(line, person) is None
