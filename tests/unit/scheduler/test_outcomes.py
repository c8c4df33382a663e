"""What each reply of LINE means (line-platform.md §3)."""

from datetime import timedelta

import pytest

from domain.quota import Quota
from scheduler.line_port import Answer, NoAnswer
from scheduler.outcomes import FIRST_WAIT, LONGEST_WAIT, Park, Retry, Sent, StopAll, StopReason, classify

RATE = "The API rate limit has been exceeded. Try again later."
MONTHLY = "You have reached your monthly limit."


def answer(status: int, message: str = "", retry_after: float | None = None) -> Answer:
    return Answer(status, f'{{"message": "{message}"}}', "request-1", retry_after)


@pytest.mark.parametrize("status", (200, 202, 409))
def test_accepted_now_or_earlier_is_sent(status: int) -> None:
    assert classify(answer(status), 0, 1.0) == Sent()


@pytest.mark.parametrize("status", (400, 404, 405, 407, 410, 413, 415))
def test_what_cannot_be_sent_as_it_is_is_parked_with_the_code_and_what_line_said(status: int) -> None:
    assert classify(answer(status, "Failed to send messages"), 0, 1.0) == Park(f"http_{status} Failed to send messages")


@pytest.mark.parametrize(("status", "reason"), ((401, StopReason.TOKEN), (403, StopReason.FORBIDDEN)))
def test_a_refused_token_or_account_stops_everything(status: int, reason: StopReason) -> None:
    assert classify(answer(status), 0, 1.0) == StopAll(reason)


@pytest.mark.parametrize(
    ("text", "quota", "expected"),
    (
        (MONTHLY, Quota(300, 300), StopAll(StopReason.QUOTA)),
        (RATE, Quota(300, 301), StopAll(StopReason.QUOTA)),
        (MONTHLY, Quota(300, 299), Retry(FIRST_WAIT, f"http_429 {MONTHLY}", uncertain=False)),
        (RATE, Quota(None, 9_999), Retry(FIRST_WAIT, f"http_429 {RATE}", uncertain=False)),
        (MONTHLY, None, Retry(FIRST_WAIT, f"http_429 {MONTHLY}", uncertain=False)),
    ),
)
def test_the_quota_and_not_the_text_tells_the_two_kinds_of_429_apart(
    text: str, quota: Quota | None, expected: Retry | StopAll
) -> None:
    assert classify(answer(429, text), 0, 1.0, quota) == expected


@pytest.mark.parametrize("status", (500, 502, 503, 504, 408))
def test_after_a_fault_of_the_server_nobody_knows_whether_it_was_taken(status: int) -> None:
    assert classify(answer(status), 0, 1.0) == Retry(FIRST_WAIT, f"http_{status}", uncertain=True)


@pytest.mark.parametrize("status", (101, 300, 302, 304, 307, 308))
def test_a_redirection_is_not_lines_and_means_that_the_message_never_got_there(status: int) -> None:
    assert classify(answer(status), 0, 1.0) == Retry(FIRST_WAIT, f"http_{status}", uncertain=False)


@pytest.mark.parametrize("sent", (True, False))
def test_without_an_answer_it_is_uncertain_only_if_the_request_went_out(sent: bool) -> None:  # noqa: FBT001
    reply = NoAnswer("network ServerDisconnectedError", sent=sent)
    assert classify(reply, 0, 1.0) == Retry(FIRST_WAIT, "network ServerDisconnectedError", uncertain=sent)


def test_waits_double_up_to_the_longest_and_are_spread_out_fully() -> None:
    def wait(attempts: int, jitter: float) -> timedelta:
        outcome = classify(answer(500), attempts, jitter)
        assert isinstance(outcome, Retry)
        return outcome.after

    assert [wait(n, 1.0) / FIRST_WAIT for n in range(4)] == [1, 2, 4, 8]
    assert wait(500, 1.0) == LONGEST_WAIT
    assert wait(3, 0.0) == timedelta(0)
    assert wait(3, 0.5) == wait(3, 1.0) / 2


def test_a_wait_is_never_shorter_than_the_server_asks_nor_longer_than_the_longest() -> None:
    assert classify(answer(429, RATE, 30), 0, 0.0) == Retry(timedelta(seconds=30), f"http_429 {RATE}", uncertain=False)
    assert classify(answer(503, "", 1e9), 0, 0.0) == Retry(LONGEST_WAIT, "http_503", uncertain=True)


@pytest.mark.parametrize(
    ("asked", "seconds"),
    ((float("inf"), 900), (1e300, 900), (float("nan"), 0), (float("-inf"), 0), (-5.0, 0), (0.0, 0)),
)
def test_a_server_that_asks_for_an_impossible_wait_gets_a_possible_one(asked: float, seconds: int) -> None:
    outcome = classify(answer(503, "", asked), 0, 0.0)
    assert outcome == Retry(timedelta(seconds=seconds), "http_503", uncertain=True)


@pytest.mark.parametrize("secret", ("U" + "0a" * 16, "C" + "f" * 32, "R" + "1" * 32, "Bearer a.b.c", "eyJhbGci" * 20))
def test_line_ids_and_tokens_are_taken_out_of_what_line_said(secret: str) -> None:
    assert classify(answer(400, f"Bad {secret}, sorry"), 0, 1.0) in (
        Park("http_400 Bad [...], sorry"),
        Park("http_400 Bad [...] sorry"),
    )
    late = classify(answer(400, "x " * 90 + secret), 0, 1.0)  # not half of one either, where the reason is cut off
    assert isinstance(late, Park)
    assert secret[:6] not in late.reason


@pytest.mark.parametrize("odd", ("\\u0000", "\\ud800", "\\u001b", "\\n"))
def test_what_no_database_or_terminal_takes_is_left_out_of_the_reason(odd: str) -> None:
    assert classify(answer(400, f"a{odd}b"), 0, 1.0) == Park("http_400 a b")


@pytest.mark.parametrize("text", ("", "<html>", "[]", '{"message": 5}', "[" * 2_000, '{"message":' * 1_900))
def test_an_unreadable_error_still_counts_by_its_code(text: str) -> None:
    assert classify(Answer(400, text), 0, 1.0) == Park("http_400")
