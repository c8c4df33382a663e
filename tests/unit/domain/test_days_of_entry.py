"""On which days something can have been entered into eMENSCR."""

import pytest

from domain.days_of_entry import DayFault, ImpossibleDay, check_day_of_entry
from tests.unit.domain.thai_dates import day


@pytest.mark.parametrize(
    ("on", "approved_on", "fault"),
    (
        ("24 มี.ค. 66", None, None),
        ("25 มี.ค. 66", None, DayFault.AHEAD),
        ("1 ต.ค. 61", None, None),
        ("30 ก.ย. 61", None, DayFault.TOO_EARLY),
        ("24 มี.ค. 66", "20 มี.ค. 66", None),
        ("20 มี.ค. 66", "20 มี.ค. 66", None),
        ("19 มี.ค. 66", "20 มี.ค. 66", DayFault.TOO_EARLY),
        ("25 มี.ค. 66", "20 มี.ค. 66", DayFault.AHEAD),
    ),
)
def test_it_lies_neither_ahead_nor_before_emenscr_or_the_approval(
    on: str, approved_on: str | None, fault: DayFault | None
) -> None:
    found = None
    try:
        check_day_of_entry(day(on), day("24 มี.ค. 66"), day(approved_on) if approved_on else None)
    except ImpossibleDay as impossible:
        found = impossible.fault
    assert found is fault
