"""What scenarios share."""

import pytest

from tests.sending import HandClock


@pytest.fixture
def clock() -> HandClock:
    """A clock that stands until it is moved, at `tests.sending.MORNING`."""
    return HandClock()
