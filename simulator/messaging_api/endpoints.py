"""The endpoints of the Messaging API that are emulated: a checked request goes in, an answer comes out, no HTTP."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from simulator.line.contents import Preparing, Unsent
from simulator.line.people import CHAT_ID, USER_ID
from simulator.line.platform import Platform
from simulator.line.reply_tokens import InvalidReplyToken
from simulator.line.sending import AlreadyAccepted, QuotaExceeded, Receipt, Sending, UnknownRecipient
from simulator.messaging_api.answers import (
    NOT_FOUND,
    QUOTA_EXCEEDED,
    Answer,
    File,
    Problem,
    Refused,
    error,
    invalid,
    invalid_property,
    refused,
)
from simulator.settings import Settings
from simulator.webhooks import letters

DEFAULT_LOADING = 20
"""Seconds of the loading indicator when the bot names none."""

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_LINE_ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """A request that has passed authentication, rate limit and schema.

    Args:
        id: Its ``x-line-request-id``.
        body: The parsed JSON body, an empty dict when the endpoint takes none.
        retry_key: Its ``X-Line-Retry-Key``.
        arguments: What stood in the path, such as ``userId``.
        query: What stood behind the question mark.
        content: The body as it came, for endpoints that take a file.
        media_type: Its media type.
    """

    id: str
    body: Any
    retry_key: str | None
    arguments: Mapping[str, str]
    query: Mapping[str, str]
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Route:
    """An endpoint by the method and path of LINE's OpenAPI file."""

    method: str
    path: str
    answer: Callable[[ApiRequest], Answer]


class MessagingApi:
    """Answers as LINE's api and api-data hosts would, from the state of a `Platform`.

    Args:
        settings: The channel.
        platform: Its state.
    """

    def __init__(self, settings: Settings, platform: Platform) -> None:
        self._settings = settings
        self._platform = platform

    def routes(self) -> tuple[Route, ...]:
        """Every endpoint behind a channel access token."""
        return (
            Route("POST", "/v2/bot/message/reply", self.reply),
            Route("POST", "/v2/bot/message/push", self.push),
            Route("POST", "/v2/bot/message/multicast", self.multicast),
            Route("POST", "/v2/bot/message/validate/reply", self.validate),
            Route("POST", "/v2/bot/message/validate/push", self.validate),
            Route("POST", "/v2/bot/message/validate/multicast", self.validate),
            Route("POST", "/v2/bot/chat/loading/start", self.show_loading),
            Route("GET", "/v2/bot/message/{messageId}/content", self.content),
            Route("GET", "/v2/bot/message/quota", self.quota),
            Route("GET", "/v2/bot/message/quota/consumption", self.consumption),
            Route("GET", "/v2/bot/info", self.info),
            Route("GET", "/v2/bot/profile/{userId}", self.profile),
            Route("GET", "/v2/bot/channel/webhook/endpoint", self.webhook_endpoint),
            Route("PUT", "/v2/bot/channel/webhook/endpoint", self.set_webhook_endpoint),
            Route("POST", "/v2/bot/channel/webhook/test", self.test_webhook),
        )

    def reply(self, request: ApiRequest) -> Answer:
        """Answer an event in its chat, with a token that is good once and for a minute."""
        try:
            receipt = self._platform.reply(request.body["replyToken"], _sending(request, ()))
        except InvalidReplyToken:
            raise refused(400, "Invalid reply token") from None
        return Answer(body={"sentMessages": receipt.sent_messages})

    def push(self, request: ApiRequest) -> Answer:
        """Send to one chat; an unknown one is an error, a person who blocked the bot is not."""
        to = request.body["to"]
        if not CHAT_ID.fullmatch(to):
            raise invalid_property("to")
        try:
            receipt = self._platform.send(_sending(request, (to,)))
        except AlreadyAccepted as repetition:
            return _conflict(repetition.receipt, sentMessages=repetition.receipt.sent_messages)
        except UnknownRecipient:
            raise refused(400, "Failed to send messages") from None
        except QuotaExceeded:
            raise Refused(QUOTA_EXCEEDED) from None
        return Answer(body={"sentMessages": receipt.sent_messages})

    def multicast(self, request: ApiRequest) -> Answer:
        """Send the same to up to 500 people; one impossible id and nobody gets it."""
        to = request.body["to"]
        for index, user_id in enumerate(to):
            if not USER_ID.fullmatch(user_id):
                raise invalid_property(f"to[{index}]")
        try:
            self._platform.send(
                _sending(request, tuple(to), skip_unknown=self._platform.behaviour.multicast_skips_unknown)
            )
        except AlreadyAccepted as repetition:
            return _conflict(repetition.receipt)
        except UnknownRecipient as unknown:
            raise invalid_property(f"to[{unknown.index}]") from None
        except QuotaExceeded:
            raise Refused(QUOTA_EXCEEDED) from None
        return Answer()

    def validate(self, _request: ApiRequest) -> Answer:
        """Say that the messages are well formed: a request gets here only when they are."""
        return Answer()

    def show_loading(self, request: ApiRequest) -> Answer:
        """Show a person, and only a person, that an answer is being made."""
        user_id = request.body["chatId"]
        if not USER_ID.fullmatch(user_id):
            raise invalid_property("chatId")
        self._platform.show_loading(user_id, request.body.get("loadingSeconds", DEFAULT_LOADING))
        return Answer(202)

    def content(self, request: ApiRequest) -> Answer:
        """The bytes of a file that somebody sent: 202 while they are prepared, 410 once the message is taken back."""
        try:
            content, media_type = self._platform.contents.content(request.arguments["messageId"])
        except KeyError:
            raise Refused(NOT_FOUND) from None
        except Unsent:
            raise refused(410, "Gone") from None
        except Preparing:
            return Answer(202)
        return Answer(file=File(content, media_type))

    def quota(self, _request: ApiRequest) -> Answer:
        """The month's allowance."""
        limit = self._platform.quota.limit
        return Answer(body={"type": "none"} if limit is None else {"type": "limited", "value": limit})

    def consumption(self, _request: ApiRequest) -> Answer:
        """How much of it is used."""
        return Answer(body={"totalUsage": self._platform.quota.used})

    def info(self, _request: ApiRequest) -> Answer:
        """Who the bot is."""
        return Answer(
            body={
                "userId": self._settings.bot_user_id,
                "basicId": f"@{self._settings.bot_user_id[1:9]}",
                "displayName": self._settings.bot_name,
                "chatMode": "bot",
                "markAsReadMode": "auto",
            }
        )

    def profile(self, request: ApiRequest) -> Answer:
        """Who a friend is; 404 for whoever is unknown or has blocked the bot."""
        user_id = request.arguments["userId"]
        if not USER_ID.fullmatch(user_id):
            raise refused(400, "The value for the 'userId' parameter is invalid")
        person = self._platform.person(user_id)
        if person is None or person.blocked:
            raise Refused(NOT_FOUND)
        return Answer(body={"displayName": person.name, "userId": person.user_id, "language": "th"})

    def webhook_endpoint(self, _request: ApiRequest) -> Answer:
        """Where webhooks go."""
        endpoint = self._platform.webhook
        if endpoint is None:
            raise Refused(NOT_FOUND)
        return Answer(body={"endpoint": endpoint, "active": True})

    def set_webhook_endpoint(self, request: ApiRequest) -> Answer:
        """Send webhooks elsewhere from now on."""
        self._platform.webhook = _webhook_address(request.body["endpoint"])
        return Answer()

    def test_webhook(self, request: ApiRequest) -> Answer:
        """Ping the bot, at the given address or the one that is set."""
        endpoint = request.body.get("endpoint", self._platform.webhook)
        if endpoint is None:
            raise Refused(NOT_FOUND)
        outcome = letters.deliver(_webhook_address(endpoint), self._settings.channel_secret, self._settings.bot_user_id)
        return Answer(
            body={
                "success": outcome.success,
                "timestamp": self._platform.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "statusCode": outcome.status,
                "reason": outcome.reason,
                "detail": outcome.detail,
            }
        )


def _sending(request: ApiRequest, to: tuple[str, ...], *, skip_unknown: bool = False) -> Sending:
    return Sending(
        to=to,
        messages=tuple(request.body["messages"]),
        request_id=request.id,
        retry_key=request.retry_key,
        silent=request.body.get("notificationDisabled", False),
        skip_unknown=skip_unknown,
    )


def _conflict(receipt: Receipt, **more: Any) -> Answer:
    conflict = error(409, "The retry key is already accepted", **more)
    return Answer(conflict.status, conflict.body, {"x-line-accepted-request-id": receipt.request_id})


def _webhook_address(endpoint: str) -> str:
    """An address that LINE takes, plus one kind it does not: plain HTTP to a bot on this machine."""
    parts = urlsplit(endpoint)
    loopback = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not _LINE_ADDRESS.fullmatch(endpoint) or not (loopback or (parts.scheme == "https" and parts.hostname)):
        raise invalid([Problem("endpoint", "Invalid webhook endpoint URL")])
    return endpoint
