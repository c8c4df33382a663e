"""The emulated API as a bot calls it, and the clocks it runs by."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from simulator.app import phones_of, platform_of
from simulator.line.people import Group, Person
from simulator.line.platform import Platform
from simulator.settings import Settings
from simulator.webhooks.phones import Phones

GROUP = "C" + "7" * 32
TOKEN = "a-long-lived-token"
ANONG, BOONMI, CHALAI = (f"U{digit * 32}" for digit in "abc")
SETTINGS = Settings(channel_id="1234567890", channel_secret="a-channel-secret", access_token=TOKEN)


@dataclass
class Times:
    """Both of the simulator's clocks, standing still until they are moved."""

    instant: datetime = datetime(2023, 3, 20, 1, 30, tzinfo=UTC)
    seconds: float = 1_000.0

    def pass_by(self, **duration: float) -> None:
        self.instant += timedelta(**duration)
        self.seconds += timedelta(**duration).total_seconds()


@dataclass
class Line:
    """The emulated API as a bot calls it, and the control API as a test does."""

    app: Flask
    client: FlaskClient
    token: str = TOKEN
    people: tuple[str, ...] = field(default=(ANONG, BOONMI, CHALAI))

    @property
    def platform(self) -> Platform:
        return platform_of(self.app)

    @property
    def phones(self) -> Phones:
        return phones_of(self.app)

    def gather(self, *members: str) -> None:
        self.phones.gathers(Group(GROUP, "กลุ่มงาน", members or self.people))

    def call(self, method: str, path: str, body: object = None, **headers: str) -> TestResponse:
        authorization = {"Authorization": f"Bearer {self.token}"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(path, method=method, json=body, headers=authorization | named)

    def get(self, path: str) -> TestResponse:
        return self.call("GET", path)

    def push(self, to: str, *messages: object, **headers: str) -> TestResponse:
        return self.call("POST", "/v2/bot/message/push", {"to": to, "messages": messages}, **headers)

    def reply(self, token: str, *messages: object, **headers: str) -> TestResponse:
        return self.call("POST", "/v2/bot/message/reply", {"replyToken": token, "messages": messages}, **headers)

    def multicast(self, to: list[str], *messages: object, **headers: str) -> TestResponse:
        return self.call("POST", "/v2/bot/message/multicast", {"to": to, "messages": messages}, **headers)

    def validate(self, *messages: object) -> TestResponse:
        return self.call("POST", "/v2/bot/message/validate/push", {"messages": messages})

    def problems(self, *messages: object) -> dict[str, str]:
        """Property → message of everything that is wrong with these messages."""
        answer = self.validate(*messages)
        return {} if answer.status_code == 200 else {p["property"]: p["message"] for p in answer.get_json()["details"]}

    def control(self, method: str, path: str, body: object = None) -> Any:
        answer = self.client.open(f"/sim{path}", method=method, json=body)
        assert answer.status_code < 300, answer.text
        return answer.get_json()

    def received(self, user_id: str) -> list[Any]:
        return [each["message"] for each in self.control("GET", f"/people/{user_id}/messages")]


def line_of(app: Flask) -> Line:
    line = Line(app, app.test_client())
    for user_id, name in ((ANONG, "อนงค์"), (BOONMI, "บุญมี"), (CHALAI, "ชไล")):
        line.platform.register(Person(user_id, name, f"ตำแหน่งของ{name}"))
    return line
