"""The guided tour: what ticks a step, in which order, and how the page shows it."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from simulator.app import create_app, phones_of, platform_of
from simulator.line.people import Person
from simulator.line.sending import Sending
from simulator.settings import Settings
from simulator.tour import Progress, Tour

ANONG, BOONMI = (f"U{digit * 32}" for digit in "ab")
NASTY = "<script>alert('ก')</script> \"&"


@pytest.fixture
def app() -> Flask:
    app = create_app(Settings("1234567890", "a-channel-secret"))
    for user_id, name in ((ANONG, "อนงค์"), (BOONMI, "บุญมี")):
        platform_of(app).register(Person(user_id, name))
    return app


@pytest.fixture
def page(app: Flask) -> FlaskClient:
    return app.test_client()


def step(title: str, *done: tuple[str, list[str]], **more: Any) -> dict[str, Any]:
    arrivals = [{"userId": user_id, "words": words} for user_id, words in done]
    return {"title": title, "how": [f"กด «{title}»"], "phones": [ANONG], "done": arrivals, **more}


def lays_out(page: FlaskClient, *steps: Mapping[str, Any]) -> None:
    assert page.put("/sim/tour", json={"title": "ทัวร์", "steps": steps}).json == done(page)


def done(page: FlaskClient) -> Any:
    return page.get("/sim/tour").json


def arrives(app: Flask, user_id: str, message: Mapping[str, Any] | str) -> None:
    message = {"type": "text", "text": message} if isinstance(message, str) else message
    platform_of(app).send(Sending((user_id,), (message,), "r"))


def shown(page: FlaskClient) -> str:
    html = page.get("/").text
    return html[html.index('data-panel="tour"') : html.index('data-panel="other_side"')]


def test_a_step_ticks_when_its_message_arrives_on_its_phone_after_the_step_before(
    app: Flask, page: FlaskClient
) -> None:
    lays_out(page, step("หนึ่ง", (ANONG, ["เปิดรอบ", "2/2566"])), step("สอง", (BOONMI, ["รอท่าน"])))
    arrives(app, BOONMI, "รอท่านพิจารณา")  # it is not its turn
    arrives(app, BOONMI, "เปิดรอบ 2/2566")  # on another phone
    arrives(app, ANONG, "เปิดรอบ 1/2566")  # not all the words
    phones_of(app).says(ANONG, "เปิดรอบ 2/2566")  # said, and not heard
    assert done(page) == {"title": "ทัวร์", "steps": 2, "done": 0}
    arrives(app, ANONG, "2/2566 เปิดรอบ")
    assert done(page)["done"] == 1
    arrives(app, BOONMI, "รอท่านพิจารณา")
    assert done(page)["done"] == 2
    arrives(app, ANONG, "2/2566 เปิดรอบ")
    assert done(page)["done"] == 2


def test_words_are_found_wherever_a_card_has_them_but_not_in_what_buttons_carry(app: Flask, page: FlaskClient) -> None:
    lays_out(page, step("หนึ่ง", (ANONG, ["แจ้งเตือน", "เนื้อความ", "อนุมัติ"])))
    body = [{"type": "text", "text": "เนื้อความ"}]
    button = {"type": "button", "action": {"type": "postback", "label": "ดู", "data": "อนุมัติ"}}
    card = {
        "type": "flex",
        "altText": "แจ้งเตือน",
        "contents": {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [*body, button]}},
    }
    arrives(app, ANONG, card)
    assert done(page)["done"] == 0
    button["action"]["label"] = "อนุมัติ"  # type: ignore[index]
    arrives(app, ANONG, card)
    assert done(page)["done"] == 1


def test_a_step_may_wait_for_several_messages_one_after_the_other(app: Flask, page: FlaskClient) -> None:
    lays_out(page, step("หนึ่ง", (ANONG, ["รับทราบ"]), (BOONMI, ["1 คน"])))
    arrives(app, BOONMI, "1 คน")
    arrives(app, ANONG, "รับทราบ")
    assert done(page)["done"] == 0
    arrives(app, BOONMI, "1 คน")
    assert done(page)["done"] == 1


def test_a_restart_begins_from_the_first_step(app: Flask, page: FlaskClient) -> None:
    lays_out(page, *(step(title, (ANONG, ["ก"])) for title in ("หนึ่ง", "สอง")))
    assert "เริ่มใหม่" not in shown(page)
    arrives(app, ANONG, "ก")
    assert "/sim/tour/restart" in shown(page)
    page.post("/sim/tour/restart", json={})
    assert done(page)["done"] == 0


def test_going_back_in_time_brings_the_progress_of_then(app: Flask) -> None:
    tour = Tour(platform_of(app))
    steps = [step(title, (ANONG, ["ก"]), (ANONG, ["ข"])) for title in ("หนึ่ง", "สอง")]
    with app.test_request_context(json={"title": "ทัวร์", "steps": steps}):
        tour.lay_out()
    arrives(app, ANONG, "ก")
    saved = tour.saved()
    assert saved == Progress(done=0, met=1)
    for words in ("ข", "ก", "ข"):
        arrives(app, ANONG, words)
    tour.put_back(saved)
    arrives(app, ANONG, "ข")
    assert tour.saved() == Progress(done=1)


@pytest.mark.parametrize("then", (Progress(done=3), Progress(done=0, met=2)), ids=("more steps", "more to a step"))
def test_going_back_to_when_a_longer_tour_was_laid_out_keeps_no_message_from_arriving(
    app: Flask, then: Progress
) -> None:
    tour = Tour(platform_of(app))
    with app.test_request_context(json={"title": "ทัวร์", "steps": [step("หนึ่ง", (ANONG, ["ก"]))]}):
        tour.lay_out()
    tour.put_back(then)
    arrives(app, ANONG, "ก")
    assert tour.saved() == then


def test_pages_are_told_of_every_tick_and_of_nothing_else(app: Flask, page: FlaskClient) -> None:
    lays_out(page, step("หนึ่ง", (ANONG, ["ก"])))
    chats = platform_of(app).chats

    def told(message: str) -> bool:
        number, version = chats.progress
        arrives(app, ANONG, message)
        return "tour" in chats.wait(number, version, 0).topics

    assert [told(message) for message in ("ข", "ก", "ก")] == [False, True, False]


def test_the_page_shows_what_is_done_what_to_press_and_what_comes(app: Flask, page: FlaskClient) -> None:
    titles = ("หนึ่ง", "สอง", "สาม")
    lays_out(page, *(step(title, (ANONG, ["ก"])) for title in titles))
    arrives(app, ANONG, "ก")
    html = shown(page)
    assert "1/3" in html
    assert html.count("เสร็จแล้ว") == 1
    assert html.index('class="done"') < html.index('aria-current="step"') < html.index('class="later"')
    assert "กด <b>«สอง»</b>" in html
    assert "«สาม»" not in html
    assert f'href="/?u={ANONG}" data-open="{ANONG}">เปิดโทรศัพท์ของ <span class="name">อนงค์</span>' in html
    arrives(app, ANONG, "ก")
    arrives(app, ANONG, "ก")
    assert "ครบทุกขั้นแล้ว" in shown(page)
    assert "aria-current" not in shown(page)


def test_a_jump_into_the_past_is_not_offered(page: FlaskClient) -> None:
    past, future = ({"label": "เลื่อนเวลา", "to": f"{year}-01-01T00:00:00+07:00"} for year in (2023, 2150))
    lays_out(page, step("หนึ่ง", (ANONG, ["ก"]), jump=past))
    assert "เลื่อนเวลา" not in shown(page)
    lays_out(page, step("หนึ่ง", (ANONG, ["ก"]), jump=future))
    assert "2150-01-01T00:00:00+07:00" in shown(page)
    lays_out(page, step("หนึ่ง", (ANONG, ["ก"]), jump={"label": "เลื่อนเวลา", "by": "hour"}))
    assert "/sim/time/moves" in shown(page)


def test_text_of_a_tour_is_shown_as_text(page: FlaskClient) -> None:
    nasty = step(NASTY, (ANONG, [NASTY]), says={"userId": ANONG, "text": NASTY}, jump={"label": NASTY, "by": "hour"})
    page.put("/sim/tour", json={"title": NASTY, "steps": [nasty, {**nasty, "how": [NASTY]}]})
    html = shown(page)
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(&#39;ก&#39;)&lt;/script&gt; &#34;&amp;") == 6
    assert "onerror" not in html


def test_without_a_tour_nothing_is_shown(page: FlaskClient) -> None:
    assert "<details" not in shown(page)


@pytest.mark.parametrize(
    "given",
    (
        "a step",
        {**step("หนึ่ง", (ANONG, ["ก"])), "title": 1},
        {**step("หนึ่ง", (ANONG, ["ก"])), "how": "กด"},
        step("หนึ่ง"),
        step("หนึ่ง", (ANONG, [""])),
        step("หนึ่ง", (ANONG, ["ก"]), jump={"label": "ไป"}),
        step("หนึ่ง", (ANONG, ["ก"]), jump={"label": "ไป", "to": "tomorrow"}),
        step("หนึ่ง", (ANONG, ["ก"]), jump={"label": "ไป", "to": "2023-04-03T08:30:00"}),
        step("หนึ่ง", (ANONG, ["ก"]), jump={"label": "ไป", "fast": "yes"}),
        step("หนึ่ง", (ANONG, ["ก"]), says={"userId": ANONG}),
    ),
)
def test_what_is_no_step_is_refused_and_changes_nothing(page: FlaskClient, given: Any) -> None:
    lays_out(page, step("หนึ่ง", (ANONG, ["ก"])))
    answer = page.put("/sim/tour", json={"title": "อื่น", "steps": [given]})
    assert answer.status_code == 400
    assert answer.get_json()["message"].startswith("steps: ")
    assert done(page)["title"] == "ทัวร์"
