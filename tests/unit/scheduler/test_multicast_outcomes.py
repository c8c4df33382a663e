"""What each reply of LINE means for a whole batch (line-platform.md §3, "Multicast, one bad id")."""

import json
from datetime import timedelta

import pytest

from domain.quota import Quota
from scheduler.line_port import Answer, NoAnswer
from scheduler.multicast_outcomes import BatchOutcome, Cut, Halve, Refuse, classify_batch, is_failure
from scheduler.outcomes import Retry, Sent, StopAll, StopReason


def refused(message: str = "", *properties: str, status: int = 400) -> Answer:
    details = [{"message": "May not be so", "property": name} for name in properties]
    return Answer(status, json.dumps({"message": message, "details": details}))


NAMED = "The property, 'to[7]', in the request body is invalid (line: -, column: -)"


@pytest.mark.parametrize(
    ("reply", "people", "expected"),
    (
        (refused(NAMED), 500, Cut([7], f"http_400 {NAMED}", named=True)),
        (refused("", "to[499]", "to[3]", "to[3]"), 500, Cut([3, 499], "http_400", named=True)),
        (refused(NAMED), 7, Halve(f"http_400 {NAMED}")),
        (refused("Failed to send messages"), 500, Halve("http_400 Failed to send messages")),
        (refused("Failed to send messages"), 1, Cut((0,), "http_400 Failed to send messages", named=False)),
        (refused("1 error(s)", "messages[0].altText"), 500, Refuse("http_400 1 error(s)")),
        (refused("The property, 'messages', is invalid"), 1, Refuse("http_400 The property, 'messages', is invalid")),
        (refused("", "messages"), 500, Refuse("http_400")),
        (refused(NAMED, status=413), 500, Refuse(f"http_413 {NAMED}")),
        (Answer(400, "<html>"), 2, Halve("http_400")),
        (Answer(200, "{}"), 500, Sent()),
        (Answer(409, ""), 500, Sent()),
        (Answer(401, ""), 500, StopAll(StopReason.TOKEN)),
        (Answer(500, ""), 500, Retry(timedelta(seconds=2), "http_500", uncertain=True)),
    ),
)  # fmt: skip
def test_a_refusal_cuts_halves_or_refuses_the_letter(reply: Answer, people: int, expected: BatchOutcome) -> None:
    assert classify_batch(reply, people, 0, 1.0) == expected


def test_a_monthly_limit_that_is_used_up_stops_all_and_one_that_is_only_too_small_does_not() -> None:
    assert classify_batch(Answer(429), 500, 0, 1.0, Quota(900, 900)) == StopAll(StopReason.QUOTA)
    assert classify_batch(Answer(429), 500, 0, 1.0, Quota(900, 600)) == Retry(
        timedelta(seconds=2), "http_429", uncertain=False
    )


@pytest.mark.parametrize(
    ("reply", "people", "counts"),
    (
        (Answer(503), 500, True),
        (NoAnswer("network", sent=False), 500, True),
        (Answer(429), 500, False),
        (Answer(200), 500, False),
        (Answer(401), 500, False),
        (refused(NAMED), 500, False),
        (Answer(400), 500, False),
        (Answer(400), 1, True),
    ),
)
def test_faults_and_single_people_that_line_refuses_without_a_word_count_against_the_circular(
    reply: Answer | NoAnswer,
    people: int,
    counts: bool,  # noqa: FBT001 - a table of cases
) -> None:
    assert is_failure(reply, classify_batch(reply, people, 0, 1.0)) is counts
