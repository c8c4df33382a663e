"""The time machine beside a bot that keeps time by a script: on from stop to stop, halts, and back to snapshots."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest

from simulator.clock import Clock
from simulator.development import BotAway, Development, NoSuchEndpoint, Refusal
from simulator.line.people import Person
from simulator.line.platform import Platform
from simulator.line.sending import AlreadyAccepted, Sending
from simulator.time_machine.journeys import Until, hour, working_day
from simulator.time_machine.machine import Activity, Standing, TimeMachine, Trouble
from simulator.time_machine.snapshots import Snapshots, UnknownSnapshot
from simulator.time_machine.year_strip import drawn
from tests.unit.simulator.line import ANONG, SETTINGS, Line

BANGKOK = timezone(timedelta(hours=7))
START = datetime(2023, 3, 20, 8, 29, tzinfo=BANGKOK)


class Bot(Development):
    """Has something to do each morning at half past eight, and sends a message on some of them."""

    def __init__(self, platform: Platform, phones_clock: Clock) -> None:
        super().__init__(SETTINGS, platform)
        self.platform = platform
        self.phones_clock = phones_clock
        self.now = START
        self.stops: list[datetime] = []
        self.sends_on: set[date] = set()
        self.settled = True
        self.away = False
        self.copies: dict[str, datetime] = {}
        self.held_at: datetime | None = None
        self.windows: list[Mapping[str, Any]] = []

    def ask(self, name: str, body: Mapping[str, Any], timeout: float) -> Mapping[str, Any]:
        """Answer as the bot's endpoints do."""
        assert timeout > 0
        if self.away:
            raise BotAway
        match name:
            case "clock":
                if "to" in body:
                    self._move(datetime.fromisoformat(body["to"]))
                return self._described(settled=self.settled or "to" not in body)
            case "year":
                return {
                    "fiscalYear": 2566,
                    "firstDay": "2022-10-01",
                    "lastDay": "2023-09-30",
                    "windows": self.windows,
                    "holidays": [],
                    "reminders": {},
                }
            case "snapshots":
                self.copies[body["name"]] = self.now
                return {}
            case "restorations":
                assert self.copies[body["name"]] == datetime.fromisoformat(body["to"])
                self.now = self.copies[body["name"]]
                return self._described(settled=True)
        raise NoSuchEndpoint

    def _move(self, to: datetime) -> None:
        if to < self.now:
            raise Refusal("back_in_time")
        self.now = to.astimezone(BANGKOK)
        self.stops.append(self.now)
        assert self.phones_clock.now() == to, "the phones' clock goes ahead"
        if self.now.date() in self.sends_on and self.now.hour == 8:
            self.sends_on.remove(self.now.date())
            self.platform.send(Sending((ANONG,), ({"type": "text", "text": "ครบกำหนด"},), "a-request", str(uuid4())))
        deadline = time.monotonic() + 10
        while self.held_at is not None and self.now.date() >= self.held_at.date() and time.monotonic() < deadline:
            time.sleep(0.001)

    def _described(self, *, settled: bool) -> Mapping[str, Any]:
        morning = self.now.replace(hour=8, minute=30)
        due = morning if morning > self.now else morning + timedelta(days=1)
        return {
            "now": self.now.isoformat(),
            "nextDue": due.isoformat(),
            "nextWorkingDay": (self.now + timedelta(days=1)).isoformat(),
            "settled": settled,
        }


class Scene:
    """A machine whose clocks stand still but for what it does."""

    def __init__(self) -> None:
        self.clock = Clock(lambda: datetime(2026, 1, 1, tzinfo=UTC))
        self.clock.set(START)
        self.platform = Platform(self.clock.now, elapsed=lambda: 1_000.0)
        self.platform.webhook = "http://127.0.0.1:9/callback"
        self.platform.register(Person(ANONG, "อนงค์"))
        self.bot = Bot(self.platform, self.clock)
        self.snapshots = Snapshots((self.platform,), lambda: len(self.platform.calls()))
        self.machine = TimeMachine(self.platform, self.clock, self.bot, self.snapshots, lambda _: True)
        self.waits(lambda: self.machine.standing() is not None)

    def waits(self, come_true: Callable[[], object]) -> None:
        deadline = time.monotonic() + 10
        while not come_true():
            assert time.monotonic() < deadline, "waited too long"
            time.sleep(0.002)

    def standing(self) -> Standing:
        found = self.machine.standing()
        assert found is not None
        return found

    def arrives(self) -> Standing:
        self.waits(lambda: self.standing().activity is Activity.STANDING)
        return self.standing()


@pytest.fixture
def scene() -> Iterator[Scene]:
    scene = Scene()
    yield scene
    scene.bot.held_at = None
    scene.machine.stop()


def at(day: int, hours: int, minutes: int, month: int = 3) -> datetime:
    return datetime(2023, month, day, hours, minutes, tzinfo=BANGKOK)


def test_where_time_stands_is_told_by_the_clock_of_the_bot_from_the_first(scene: Scene) -> None:
    scene.clock.set(at(20, 15, 4))
    machine = TimeMachine(scene.platform, scene.clock, scene.bot, scene.snapshots, lambda _: True)
    scene.waits(lambda: machine.standing() is not None)
    standing = machine.standing()
    machine.stop()
    assert standing is not None
    assert standing.stood_since == START


def test_a_move_stops_at_every_due_instant_on_its_way_and_moves_queue_up(scene: Scene) -> None:
    scene.bot.held_at = START
    scene.machine.move(Until(hour))
    scene.machine.move(Until(working_day))
    assert scene.standing().activity is Activity.MOVING
    scene.bot.held_at = None
    assert scene.arrives().now == at(21, 9, 29)
    assert scene.bot.stops == [at(20, 8, 30), at(20, 9, 29), at(21, 8, 30), at(21, 9, 29)]
    assert scene.standing().stood_since == at(21, 9, 29)


def test_the_next_event_is_a_message_or_a_window_that_opens_or_closes(scene: Scene) -> None:
    window = {"stage": "UPPER", "fiscalYear": 2566, "quarter": 1, "opens": "2023-03-23", "closes": "2023-03-31"}
    scene.bot.windows = [window]
    scene.bot.sends_on = {date(2023, 3, 22)}
    for expected in (at(22, 8, 30), at(23, 8, 30), at(1, 8, 30, month=4)):
        scene.machine.move_to_event()
        assert scene.arrives().now == expected


def test_playing_ends_with_the_month_after_the_fiscal_year_and_stops_at_the_next_stop(scene: Scene) -> None:
    scene.bot.held_at = at(27, 0, 0)
    scene.machine.play(None)
    scene.waits(lambda: scene.bot.now == at(27, 8, 30))
    assert (scene.standing().activity, scene.standing().speed) == (Activity.PLAYING, None)
    scene.machine.stop()
    scene.bot.held_at = None
    assert scene.arrives().now == at(27, 8, 30)
    scene.machine.play(None)
    assert scene.arrives().now == at(1, 0, 0, month=11)
    assert len({stop.date() for stop in scene.bot.stops}) == len(scene.bot.stops)


def test_playing_at_a_speed_goes_day_by_day_and_a_move_by_hand_ends_it(scene: Scene) -> None:
    scene.machine.play(100.0)
    scene.waits(lambda: len(scene.bot.stops) > 3)
    assert all(later - earlier <= timedelta(days=1) for earlier, later in pairwise(scene.bot.stops))
    scene.machine.move(Until(hour))
    stood = scene.arrives().now
    assert stood == scene.bot.stops[-1] < at(1, 0, 0, month=11)


def test_it_halts_where_the_bot_is_not_done_until_somebody_waits_or_goes_on(scene: Scene) -> None:
    scene.bot.settled = False
    scene.machine.play(None)
    assert scene.arrives().trouble is Trouble.UNSETTLED
    assert scene.standing().now == at(20, 8, 30)
    scene.machine.resume(wait=True)
    scene.waits(lambda: scene.bot.stops[-1] == at(20, 8, 30) + timedelta(seconds=1))
    assert scene.arrives().trouble is Trouble.UNSETTLED
    scene.machine.resume(wait=False)
    scene.waits(lambda: scene.bot.now > at(24, 0, 0))
    scene.machine.stop()
    scene.arrives()
    scene.machine.move(Until(hour))
    assert scene.arrives().trouble is Trouble.UNSETTLED
    scene.bot.settled = True
    scene.machine.resume(wait=True)
    assert scene.arrives().trouble is None


def test_a_bot_that_is_away_is_told_and_asked_again_at_the_next_press(scene: Scene) -> None:
    scene.bot.away = True
    scene.machine.move(Until(hour))
    assert scene.arrives().trouble is Trouble.AWAY
    assert scene.standing().now == START
    scene.bot.away = False
    scene.machine.move(Until(hour))
    assert (scene.arrives().trouble, scene.bot.now) == (None, at(20, 9, 29))


def test_going_back_brings_back_phones_and_bot_and_forgets_what_never_happened(scene: Scene) -> None:
    scene.bot.sends_on = {date(2023, 3, 21)}
    scene.machine.move(Until(hour))
    scene.arrives()
    scene.machine.move(Until(working_day))
    scene.arrives()
    (message,) = scene.platform.deliveries(ANONG)
    newest, _ = scene.platform.chats.progress
    first, second = scene.standing().snapshots
    scene.machine.go_back(second.number)
    assert scene.arrives().now == at(20, 9, 29) == scene.bot.now
    assert scene.platform.deliveries(ANONG) == []
    assert scene.standing().snapshots == (first, second)
    scene.platform.send(Sending((ANONG,), (message.message,), "again", str(uuid4())))
    assert scene.platform.deliveries(ANONG)[0].number > newest, "numbers never go back"
    with pytest.raises(UnknownSnapshot):
        scene.machine.go_back(99)


def test_a_retry_key_that_was_used_after_a_snapshot_is_free_when_one_goes_back(scene: Scene) -> None:
    early, late = (Sending((ANONG,), ({"type": "text", "text": "ก"},), key, key) for key in ("early", "late"))
    scene.platform.send(early)
    scene.machine.move(Until(hour))
    scene.arrives()
    scene.platform.send(late)
    scene.machine.go_back(scene.standing().snapshots[0].number)
    scene.arrives()
    scene.platform.send(late)
    with pytest.raises(AlreadyAccepted):
        scene.platform.send(early)


def test_the_first_snapshot_stays_with_the_newest_eight_under_nine_names(scene: Scene) -> None:
    for _ in range(12):
        scene.machine.move(Until(hour))
        scene.arrives()
    assert [snapshot.number for snapshot in scene.standing().snapshots] == [1, *range(5, 13)]
    assert len(scene.bot.copies) == 9


def test_a_jump_of_days_makes_no_retry_key_free() -> None:
    clock = Clock()
    platform = Platform(clock.now, elapsed=lambda: 1_000.0)
    platform.register(Person(ANONG, "อนงค์"))
    sending = Sending((ANONG,), ({"type": "text", "text": "ก"},), "a-request", "a-key")
    platform.send(sending)
    clock.set(clock.now() + timedelta(days=40))
    with pytest.raises(AlreadyAccepted):
        platform.send(sending)


def test_without_a_bot_that_can_be_moved_the_page_shows_no_clock_and_calls_change_nothing(line: Line) -> None:
    html = line.client.get("/").text
    assert "เวลาสมมุติ" not in html
    assert "ปีงบประมาณ" not in html
    assert line.client.get("/sim/time").status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "status"),
    (
        ("moves", {"by": "minute"}, 400),
        ("moves", {"by": "hour", "to": "2023-03-21T08:30:00+07:00"}, 400),
        ("moves", {"to": "tomorrow"}, 400),
        ("moves", {"to": "2023-03-21T08:30:00"}, 400),
        ("moves", {"to": "2023-03-19T08:30:00+07:00"}, 409),
        ("play", {"speed": 2}, 400),
        ("play", {}, 400),
        ("resumptions", {"wait": "yes"}, 400),
        ("restorations", {"snapshot": 7}, 404),
    ),
)
def test_the_control_api_refuses_what_makes_no_sense(line: Line, path: str, body: object, status: int) -> None:
    assert line.client.post(f"/sim/time/{path}", json=body).status_code == status


YEAR: Mapping[str, Any] = {
    "fiscalYear": 2566,
    "firstDay": "2022-10-01",
    "lastDay": "2023-09-30",
    "windows": [
        {"stage": "AGENCY", "fiscalYear": 2565, "quarter": 4, "opens": None, "closes": "2022-10-30"},
        {"stage": "AGENCY", "fiscalYear": 2566, "quarter": 1, "opens": "2023-03-07", "closes": "2023-03-20"},
        {"stage": "UPPER", "fiscalYear": 2566, "quarter": 1, "opens": "2023-03-21", "closes": "2023-03-31"},
        {"stage": "AGENCY", "fiscalYear": 2567, "quarter": 1, "opens": "2024-01-01", "closes": "2024-01-30"},
    ],
    "holidays": [{"on": "2023-04-13", "name": "วันสงกรานต์"}],
    "reminders": {"2023-03-17": 3, "2023-03-20": 4, "2023-03-21": 9},
}


def test_the_strip_has_a_place_for_every_day_of_thirteen_months() -> None:
    strip = drawn(YEAR, START, [at(17, 8, 30), at(17, 8, 30), at(20, 8, 29)])
    assert (strip.months[0].first, strip.months[-1].first, len(strip.months)) == (
        date(2022, 10, 1),
        date(2023, 10, 1),
        13,
    )
    assert [(bar.quarter, bar.is_open, bar.to) for bar in strip.agency] == [(4, False, ""), (1, True, "")]
    assert [(bar.quarter, bar.to) for bar in strip.upper] == [(1, "2023-03-21T08:30:00+07:00")]
    assert strip.agency[0].style.startswith("left:0.000%")
    assert [(dot.on.day, dot.count, dot.is_expected) for dot in strip.dots] == [
        (17, 2, False),
        (20, 1, False),
        (21, 9, True),
    ]
    assert [bar.quarter for _, bar in strip.open_bars] == [1]
    assert (strip.sent, strip.is_pending) == (3, False)
    assert drawn({**YEAR, "reminders": None}, START, []).is_pending


def test_the_bar_says_why_it_halted_and_asks_whether_to_wait_or_to_go_on(line: Line) -> None:
    for trouble, words, buttons in (
        (Trouble.UNSETTLED, "บอตยังส่งข้อความไม่ครบ", 2),
        (Trouble.AWAY, "บอตไม่ตอบ", 0),
        (None, "หยุดอยู่ที่วันจันทร์ที่ 20 มี.ค. 2566 เวลา 08.29 น.", 0),
    ):
        standing = Standing(at(20, 9, 0), Activity.STANDING, None, trouble, START, ())
        html = line.app.jinja_env.get_template("time.html").render(standing=standing)
        assert words in html
        assert html.count("/sim/time/resumptions") == buttons
        assert "วันจันทร์ที่ 20 มี.ค. 2566" in html


def test_where_time_came_to_stand_is_told_with_the_day_of_that_hour_after_midnight_too(line: Line) -> None:
    standing = Standing(at(21, 0, 5), Activity.STANDING, None, None, at(20, 23, 58), ())
    html = line.app.jinja_env.get_template("time.html").render(standing=standing)
    assert "หยุดอยู่ที่วันจันทร์ที่ 20 มี.ค. 2566 เวลา 23.58 น." in html
