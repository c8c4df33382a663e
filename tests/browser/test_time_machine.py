"""A fiscal year of the demo's ministry played on the page: nothing is doubled, lost or complained about."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from bot.demo.ministry import line_user_id
from tests.browser.accessibility import serious_findings
from tests.demo_process import RunningDemo, demo

PHONES = ("P013", "P012", "P009", "P001")
"""An officer, a head, a director-general and the permanent secretary."""
PUSH = "/v2/bot/message/push"
CALENDAR_CHANGED = "เปลี่ยนกำหนดเวลา"
"""How the notice begins that a letter with other windows brings; it comes beside the day's digest."""
YEAR_WITHIN = 600_000
"""Milliseconds that a busy machine may take; `make bench` measures what it takes."""


@pytest.fixture
def october() -> Iterator[RunningDemo]:
    """The demo on the first morning of the fiscal year."""
    with demo("--from", "2565-10-01") as running:
        yield running


def get(url: str) -> Any:
    with urlopen(url, timeout=20) as answer:
        return json.load(answer)


@pytest.mark.parametrize("page", ((1440, 900),), indirect=True)
def test_a_fiscal_year_is_played_from_october_to_october(october: RunningDemo, page: Page) -> None:
    address = october.opens()
    page.goto(f"{address}/?{urlencode([('u', line_user_id(person)) for person in PHONES])}")
    clock, machine = page.locator("[data-panel=time] time"), page.locator(".machine .ways")
    expect(clock).to_contain_text("1 ต.ค. 2565")
    expect(page.get_by_role("button", name="ไปวันเปิดรอบรายงานไตรมาส 3/2566 ขั้นหน่วยงาน")).to_be_visible()
    page.get_by_role("button", name="เร็วที่สุด").click()
    expect(clock).to_contain_text(re.compile(r"(ก\.พ\.|มี\.ค\.|เม\.ย\.) 2566"), timeout=YEAR_WITHIN)
    page.get_by_role("button", name="หยุด", exact=True).click()
    expect(machine).to_have_attribute("data-activity", "standing")
    assert serious_findings(page, "[data-panel=time]") + serious_findings(page, "[data-panel=year]") == []
    page.get_by_role("button", name="เร็วที่สุด").click()
    expect(clock).to_contain_text("1 พ.ย. 2566", timeout=YEAR_WITHIN)
    expect(machine).to_have_attribute("data-activity", "standing")
    expect(page.get_by_role("status").filter(has_text="หยุดอยู่ที่วันพุธที่ 1 พ.ย. 2566")).to_be_attached()

    people = [person["userId"] for person in get(f"{address}/sim/people")]
    calls = get(f"{address}/sim/calls")
    assert [call for call in calls if call["status"] not in range(200, 300) and call["method"] == "POST"] == []
    arrived = {user: get(f"{address}/sim/people/{user}/messages") for user in people}
    assert nothing_is_doubled(arrived, [call for call in calls if call["path"] == PUSH]) > 1_000
    for person in PHONES:
        newest = arrived[line_user_id(person)][-1]["number"]
        expect(page.locator(f"#phone-{line_user_id(person)} #message-{newest}")).to_be_attached()
    assert october.process.poll() is None
    page.goto("about:blank")  # else it complains that it lost the demo
    assert_nothing_was_logged(october)


def nothing_is_doubled(arrived: Mapping[str, Any], pushes: list[Any]) -> int:
    """Check that everybody got at most one digest a working day, each under its own key; return how many messages."""
    total = 0
    assert max(Counter(push["retryKey"] for push in pushes).values()) == 1
    for user, messages in arrived.items():
        total += len(messages)
        assert len({message["requestId"] for message in messages}) == len(messages), user
        told = Counter((day_of(message), message["message"]["altText"]) for message in messages)
        assert [each for each, times in told.items() if times > 1] == [], user
        digests = Counter(day_of(m) for m in messages if not m["message"]["altText"].startswith(CALENDAR_CHANGED))
        assert all(day.weekday() < 5 for day in digests), user
        assert max(digests.values(), default=0) <= 1, user
    return total


def day_of(message: Mapping[str, Any]) -> date:
    return datetime.fromisoformat(message["at"]).date()  # half past eight in Bangkok is the same day in UTC


def assert_nothing_was_logged(running: RunningDemo) -> None:
    """End the demo, and check that after its greeting it said nothing but that it ended."""
    running.process.terminate()
    rest, _ = running.process.communicate(timeout=30)
    assert len(rest.splitlines()) == 1, rest
    assert running.process.returncode == 0
