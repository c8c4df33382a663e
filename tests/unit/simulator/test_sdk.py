"""LINE's own SDK takes the simulator for LINE."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest
from linebot.v3 import messaging, oauth
from linebot.v3.messaging import (
    ApiException,
    FlexContainer,
    FlexMessage,
    Message,
    MessagingApi,
    MulticastRequest,
    PushMessageRequest,
    SetWebhookEndpointRequest,
    TextMessage,
    ValidateMessageRequest,
)

from tests.unit.simulator.line import Line

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


def test_it_sets_and_reads_the_webhook_endpoint(line: Line, api: MessagingApi) -> None:
    api.set_webhook_endpoint(SetWebhookEndpointRequest(endpoint="https://bot.example.com/callback"))

    assert api.get_webhook_endpoint().endpoint == "https://bot.example.com/callback"


def test_its_errors_say_where(line: Line, api: MessagingApi) -> None:
    with pytest.raises(ApiException) as refusal:
        api.push_message(push(line, TextMessage(text="ก" * 5_001)))

    error = messaging.ErrorResponse.from_json(refusal.value.body)
    assert refusal.value.status == 400
    assert [detail.var_property for detail in error.details] == ["messages[0].text"]
