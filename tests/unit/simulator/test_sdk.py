"""LINE's own SDK takes the simulator for LINE."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
from linebot.v3 import WebhookParser, messaging, oauth
from linebot.v3.messaging import (
    ApiException,
    CreateRichMenuAliasRequest,
    FlexContainer,
    FlexMessage,
    Message,
    MessageAction,
    MessagingApi,
    MessagingApiBlob,
    MulticastRequest,
    PushMessageRequest,
    ReplyMessageRequest,
    RichMenuArea,
    RichMenuBounds,
    RichMenuBulkLinkRequest,
    RichMenuRequest,
    RichMenuSize,
    SetWebhookEndpointRequest,
    ShowLoadingAnimationRequest,
    TextMessage,
    ValidateMessageRequest,
)
from linebot.v3.webhook import UnknownEvent

from simulator.line.people import Group
from simulator.webhooks.letters import letter
from tests.unit.simulator.line import GROUP, Line
from tests.unit.simulator.test_rich_menus import png

BUBBLE = {
    "type": "bubble",
    "body": {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": "สวัสดี"}]},
}
KEY = "123e4567-e89b-12d3-a456-426614174000"


@contextmanager
def connected(module: ModuleType, host: str, **options: str) -> Iterator[Any]:
    configuration = module.Configuration(host=host, **options)
    configuration.retries = False
    with module.ApiClient(configuration) as client:
        yield client


@pytest.fixture
def api(line: Line, address: str) -> Iterator[MessagingApi]:
    with connected(oauth, address) as client:
        token = oauth.ChannelAccessToken(client).issue_stateless_channel_token_by_client_secret(
            client_id="1234567890", client_secret="a-channel-secret"
        )
    with connected(messaging, address, access_token=token.access_token) as client:
        yield MessagingApi(client)


def push(line: Line, *messages: Message) -> PushMessageRequest:
    return PushMessageRequest(to=line.people[0], messages=list(messages))


def test_it_pushes_and_repeats(line: Line, api: MessagingApi) -> None:
    card = FlexMessage(alt_text="การ์ด", contents=FlexContainer.from_dict(BUBBLE))
    request = push(line, TextMessage(text="สวัสดี"), card)

    answer = api.push_message_with_http_info(request, x_line_retry_key=KEY)
    assert answer.status_code == 200
    assert len(answer.data.sent_messages) == 2
    assert answer.headers["x-line-request-id"]
    with pytest.raises(ApiException) as refusal:
        api.push_message(request, x_line_retry_key=KEY)

    assert refusal.value.status == 409
    assert refusal.value.headers["x-line-accepted-request-id"] == answer.headers["x-line-request-id"]
    assert [message["type"] for message in line.received(line.people[0])] == ["text", "flex"]


def test_it_multicasts_and_validates(line: Line, api: MessagingApi) -> None:
    messages = [TextMessage(text="สวัสดี")]

    api.validate_push(ValidateMessageRequest(messages=messages))
    api.multicast(MulticastRequest(to=list(line.people), messages=messages))

    assert [len(line.received(person)) for person in line.people] == [1, 1, 1]


def test_it_reads_quota_profile_and_bot_info(line: Line, api: MessagingApi) -> None:
    assert api.get_message_quota().type == "none"
    assert api.get_message_quota_consumption().total_usage == 0
    assert api.get_profile(line.people[0]).display_name == "อนงค์"
    assert api.get_bot_info().display_name == "eMENSCR"


def test_it_replies_and_shows_that_it_thinks(line: Line, api: MessagingApi) -> None:
    person = line.people[0]
    token = line.phones.says(person, "สถานะ")["replyToken"]

    thinking = api.show_loading_animation_with_http_info(ShowLoadingAnimationRequest(chatId=person, loadingSeconds=5))
    answer = api.reply_message(ReplyMessageRequest(replyToken=token, messages=[TextMessage(text="ครบแล้ว")]))

    assert thinking.status_code == 202
    assert [sent.id for sent in answer.sent_messages]
    assert [message["text"] for message in line.received(person)] == ["ครบแล้ว"]


def test_it_brings_a_rich_menu_to_people(line: Line, api: MessagingApi) -> None:
    blob, person = MessagingApiBlob(api.api_client), line.people[0]
    area = RichMenuArea(
        bounds=RichMenuBounds(x=0, y=0, width=2500, height=1686), action=MessageAction(label="งาน", text="งานของฉัน")
    )
    request = RichMenuRequest(
        size=RichMenuSize(width=2500, height=1686), selected=True, name="officer", chatBarText="เมนู", areas=[area]
    )

    menu_id = api.create_rich_menu(request).rich_menu_id
    blob.set_rich_menu_image(menu_id, body=png(), _headers={"Content-Type": "image/png"})
    api.create_rich_menu_alias(CreateRichMenuAliasRequest(richMenuAliasId="tab-1", richMenuId=menu_id))
    api.set_default_rich_menu(menu_id)
    api.link_rich_menu_id_to_user(person, menu_id)
    api.link_rich_menu_id_to_users(RichMenuBulkLinkRequest(richMenuId=menu_id, userIds=list(line.people)))

    assert bytes(blob.get_rich_menu_image(menu_id)) == png()
    assert [menu.name for menu in api.get_rich_menu_list().richmenus] == ["officer"]
    assert [alias.rich_menu_id for alias in api.get_rich_menu_alias_list().aliases] == [menu_id]
    assert api.get_default_rich_menu_id().rich_menu_id == menu_id
    assert api.get_rich_menu_id_of_user(person).rich_menu_id == menu_id
    api.delete_rich_menu(menu_id)
    assert api.get_rich_menu_list().richmenus == []


def test_it_sets_and_reads_the_webhook_endpoint(line: Line, api: MessagingApi) -> None:
    api.set_webhook_endpoint(SetWebhookEndpointRequest(endpoint="https://bot.example.com/callback"))

    assert api.get_webhook_endpoint().endpoint == "https://bot.example.com/callback"


def test_its_errors_say_where(line: Line, api: MessagingApi) -> None:
    with pytest.raises(ApiException) as refusal:
        api.push_message(push(line, TextMessage(text="ก" * 5_001)))

    error = messaging.ErrorResponse.from_json(refusal.value.body)
    assert refusal.value.status == 400
    assert [detail.var_property for detail in error.details] == ["messages[0].text"]


def test_it_understands_every_event(line: Line) -> None:
    phones, person = line.phones, line.people[0]
    group = Group(GROUP, "กลุ่มงาน", line.people)
    happened = [
        phones.says(person, "สถานะ"),
        phones.sends(person, "sticker"),
        phones.sends(person, "image"),
        phones.presses(person, "d", params={"date": "2026-11-30"}),
        phones.switches(person, "none", "d"),
        phones.follows(person),
        phones.blocks(person),
        phones.unblocks(person),
        *phones.gathers(group),
        *phones.gathers(replace(group, members=line.people[:2])),
        *phones.gathers(group),
        phones.says(person, "x", group_id=GROUP),
        phones.presses(person, "x", group_id=GROUP),
        phones.dismisses(GROUP),
    ]
    body, headers = letter("a-channel-secret", "U" + "0" * 32, happened)

    events = WebhookParser("a-channel-secret").parse(body.decode(), headers["x-line-signature"])

    assert [event.type for event in events] == [event["type"] for event in happened]
    assert not [event for event in events if isinstance(event, UnknownEvent)]
    assert [event.source.user_id for event in events if event.source.type == "user"] == [person] * 8
