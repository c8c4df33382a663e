"""A report goes up its whole route, and comes back, by the use-cases that every way in shares."""

from domain.submissions import SubmissionState
from storage.tables.submissions import Verdict
from tests.office import Bot, labour
from tests.submitting import decide_now, send_report, submission_of

__all__ = ["labour"]

PROJECT = "รง 0501-66-0003"


def test_a_report_goes_up_the_route_step_by_step_and_starts_anew_after_a_return(labour: Bot) -> None:
    number = send_report(labour, "P00033", PROJECT)
    assert submission_of(labour, PROJECT).step == 1
    decide_now(labour, "P00034", number)
    decide_now(labour, "P00031", number, Verdict.RETURNED, "ตัวเลขเบิกจ่ายไม่ตรงกับแผน")
    returned = submission_of(labour, PROJECT)
    assert (returned.state, returned.version, returned.step) == (SubmissionState.RETURNED, 1, None)
    send_report(labour, "P00033", PROJECT)
    again = submission_of(labour, PROJECT)
    assert (again.state, again.version, again.step) == (SubmissionState.PENDING_APPROVAL, 2, 1)
    decided = [decide_now(labour, approver, number) for approver in ("P00034", "P00031", "P00006", "P00005")]
    assert [each.is_final for each in decided] == [False, False, False, True]
    assert submission_of(labour, PROJECT).state is SubmissionState.APPROVED
