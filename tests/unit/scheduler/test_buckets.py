import pytest

from scheduler.buckets import TokenBucket


class Seconds:
    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def test_it_gives_a_burst_at_once_and_then_one_token_per_interval() -> None:
    bucket = TokenBucket(rate=10, burst=3, seconds=Seconds())
    assert [bucket.take() for _ in range(5)] == pytest.approx([0, 0, 0, 0.1, 0.2])


def test_it_refills_steadily_and_never_beyond_the_burst() -> None:
    seconds = Seconds()
    bucket = TokenBucket(rate=10, burst=3, seconds=seconds)
    for _ in range(3):
        bucket.take()
    seconds.at += 0.1
    assert [bucket.take() for _ in range(2)] == pytest.approx([0, 0.1])
    seconds.at += 3_600
    assert [bucket.take() for _ in range(4)] == pytest.approx([0, 0, 0, 0.1])


def test_over_any_time_it_keeps_to_its_rate() -> None:
    seconds = Seconds()
    bucket = TokenBucket(rate=200, burst=20, seconds=seconds)
    for _ in range(2_000):
        seconds.at += bucket.take()
    assert 2_000 / (seconds.at - 100) == pytest.approx(200, rel=0.02)
