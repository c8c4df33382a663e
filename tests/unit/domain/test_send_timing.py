"""May something be sent on this day, and does it count as late (domain.md §3, §4)?"""

import pytest

from domain.errors import Refusal, TransitionRefused
from domain.policy import LateReports
from domain.send_timing import SendTiming, send_timing
from domain.windows import Stage, StageWindows
from tests.unit.domain.thai_dates import day, span

Q1 = StageWindows(agency=span("7–20 มี.ค. 66"), upper=span("21–31 มี.ค. 66"))
PLANS = StageWindows(agency=span("–20 ก.พ. 66"), upper=None, issued_on=day("27 ม.ค. 66"))
"""Open from the letter's date on, without a stage of the ministry."""
ALLOW, REOPEN_ONLY = LateReports.ALLOW, LateReports.REOPEN_ONLY
REASON = "รอข้อมูลจากจังหวัด"


def timing(
    on: str,
    windows: StageWindows | None = Q1,
    returned_by: Stage | None = None,
    policy: LateReports = ALLOW,
    *,
    is_reopened: bool = False,
    reason: str = "",
) -> SendTiming:
    return send_timing(windows, returned_by, policy, day(on), is_reopened=is_reopened, late_reason=reason)


@pytest.mark.parametrize("policy", LateReports)
@pytest.mark.parametrize(
    ("on", "returned_by", "counts_as"),
    (
        pytest.param("7 มี.ค. 66", None, SendTiming.ON_TIME, id="the first day"),
        pytest.param("20 มี.ค. 66", None, SendTiming.ON_TIME, id="the last day"),
        pytest.param("20 มี.ค. 66", Stage.AGENCY, SendTiming.ON_TIME, id="sent back by the agency, on the last day"),
        pytest.param("15 มี.ค. 66", Stage.UPPER, SendTiming.RESENT, id="sent back before the ministry's window opened"),
        pytest.param("21 มี.ค. 66", Stage.UPPER, SendTiming.RESENT, id="sent back by the ministry"),
        pytest.param("31 มี.ค. 66", Stage.UPPER, SendTiming.RESENT, id="on the ministry's last day"),
    ),
)
def test_what_is_sent_within_its_window(
    on: str, returned_by: Stage | None, counts_as: SendTiming, policy: LateReports
) -> None:
    assert timing(on, returned_by=returned_by, policy=policy) is counts_as


@pytest.mark.parametrize(
    ("on", "returned_by"),
    (
        pytest.param("21 มี.ค. 66", None, id="the day after"),
        pytest.param("21 มี.ค. 66", Stage.AGENCY, id="sent back by the agency, which had until yesterday"),
        pytest.param("1 เม.ย. 66", Stage.UPPER, id="the day after the ministry's last"),
        pytest.param("31 ธ.ค. 69", None, id="years later"),
    ),
)
def test_what_is_sent_after_its_window_needs_a_reason_or_reopening_by_the_ministrys_policy(
    on: str, returned_by: Stage | None
) -> None:
    assert timing(on, returned_by=returned_by, reason=REASON) is SendTiming.LATE
    assert refused(on, returned_by, ALLOW) is Refusal.LATE_REASON_NEEDED
    assert refused(on, returned_by, ALLOW, reason="  ") is Refusal.LATE_REASON_NEEDED
    assert refused(on, returned_by, REOPEN_ONLY, reason=REASON) is Refusal.WINDOW_CLOSED
    assert refused(on, returned_by, REOPEN_ONLY, is_reopened=True) is Refusal.LATE_REASON_NEEDED
    reopened = timing(on, returned_by=returned_by, policy=REOPEN_ONLY, is_reopened=True, reason=REASON)
    assert reopened is SendTiming.LATE


def refused(
    on: str, returned_by: Stage | None, policy: LateReports, *, is_reopened: bool = False, reason: str = ""
) -> Refusal:
    with pytest.raises(TransitionRefused) as found:
        timing(on, returned_by=returned_by, policy=policy, is_reopened=is_reopened, reason=reason)
    return found.value.refusal


def test_nothing_is_sent_before_the_window_opens_unless_it_was_reopened() -> None:
    assert refused("6 มี.ค. 66", None, ALLOW, reason=REASON) is Refusal.NOT_OPEN_YET
    assert timing("6 มี.ค. 66", is_reopened=True) is SendTiming.ON_TIME


def test_a_window_without_an_opening_date_is_open_from_the_letter_on() -> None:
    with pytest.raises(TransitionRefused) as found:
        timing("26 ม.ค. 66", PLANS)
    assert found.value.refusal is Refusal.NOT_OPEN_YET
    assert timing("27 ม.ค. 66", PLANS) is SendTiming.ON_TIME


def test_what_the_ministry_sent_back_stays_open_where_its_stage_has_no_window() -> None:
    assert timing("31 มี.ค. 66", PLANS, Stage.UPPER) is SendTiming.RESENT


def test_without_windows_nothing_is_late() -> None:
    assert timing("31 ธ.ค. 69", None, Stage.UPPER, REOPEN_ONLY) is SendTiming.ON_TIME
