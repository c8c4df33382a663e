"""What questions work out from the reference data serves later ones, and does not fill a process's memory."""

import pytest

from storage.reference import MOST_FINDINGS, Reference, load_reference
from tests.office import Bot, labour

__all__ = ["labour"]


@pytest.fixture
def reference(labour: Bot) -> Reference:
    with labour.database.read() as session:
        return load_reference(session, labour.at.date())


def test_a_finding_is_worked_out_once_and_the_oldest_go_first(reference: Reference) -> None:
    first = reference.worked_out("first", object)
    assert reference.worked_out("first", object) is first
    for number in range(MOST_FINDINGS):
        reference.worked_out(number, object)
    last = reference.worked_out(MOST_FINDINGS - 1, object)
    assert reference.worked_out("first", object) is not first
    assert reference.worked_out(MOST_FINDINGS - 1, object) is last
