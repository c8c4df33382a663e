"""A platform with three people on it, called through Flask's test client; `address` is the same over real HTTP."""

from collections.abc import Iterator

import pytest
from flask import Flask

from simulator.app import create_app
from simulator.clock import Clock
from simulator.server import serve
from tests.unit.simulator.line import SETTINGS, Line, Times, line_of


@pytest.fixture
def times() -> Times:
    return Times()


@pytest.fixture
def app(times: Times) -> Flask:
    return create_app(SETTINGS, clock=Clock(lambda: times.instant), elapsed=lambda: times.seconds)


@pytest.fixture
def line(app: Flask) -> Line:
    return line_of(app)


@pytest.fixture(scope="session")
def checker() -> Line:
    """One platform for all tests whose requests are refused or only checked: making one costs 50 ms."""
    return line_of(create_app(SETTINGS))


@pytest.fixture
def address(line: Line) -> Iterator[str]:
    with serve(line.app) as address:
        yield address
