"""Logs: one line per event on standard error, whoever writes it, without what stood in variables."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import configure_logging
from bot.settings import LogFormat, LogLevel, Settings
from tests.office import logging_kept


@pytest.fixture(autouse=True)
def _kept() -> Iterator[None]:
    with logging_kept():
        yield


def fail() -> None:
    line_user_id = "U" + "7" * 32  # must not be printed with the trace
    raise RuntimeError(f"{len(line_user_id)} characters")


def refuse(why: str) -> None:
    raise ValueError(why)


def test_json_has_a_document_a_line_from_structlog_and_from_libraries(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings(log_format=LogFormat.JSON))
    structlog.get_logger().info("tick", queued=3, unit="กรม")
    logging.getLogger("library").warning("odd %s", "thing")
    try:
        fail()
    except RuntimeError:
        structlog.get_logger().exception("broken")
    out, err = capsys.readouterr()
    tick, odd, broken = map(json.loads, err.splitlines())
    assert out == ""
    assert (tick["event"], tick["queued"], tick["unit"], tick["level"]) == ("tick", 3, "กรม", "info")
    assert tick["timestamp"].endswith("Z")
    assert (odd["event"], odd["level"]) == ("odd thing", "warning")
    assert "RuntimeError: 33 characters" in broken["exception"]


def test_a_trace_on_the_console_shows_no_variables(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings())
    try:
        fail()
    except RuntimeError:
        structlog.get_logger().exception("broken")
        logging.getLogger("library").exception("broken")
    err = capsys.readouterr().err
    assert err.count("RuntimeError: 33 characters") == 2
    assert "7777" not in err


@pytest.mark.parametrize("form", LogFormat)
def test_a_trace_names_no_account_and_no_row(capsys: pytest.CaptureFixture[str], form: LogFormat) -> None:
    configure_logging(Settings(log_format=form))
    try:
        refuse(f"duplicate key\nDETAIL:  Key (name)=(นางสมศรี) exists.\nof U{7:032x}")
    except ValueError:
        structlog.get_logger().exception("broken")
        logging.getLogger("library").exception("broken")
    err = capsys.readouterr().err
    assert err.count("ValueError: duplicate key") == 2
    assert "สมศรี" not in err
    assert f"{7:032x}" not in err


def test_what_lies_below_the_level_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings(log_level=LogLevel.ERROR))
    structlog.get_logger().warning("quiet")
    logging.getLogger("library").warning("quiet")
    logging.getLogger("alembic").warning("quiet")
    structlog.get_logger().error("loud")
    (line,) = capsys.readouterr().err.splitlines()
    assert "loud" in line


def test_lines_of_structlog_and_of_libraries_look_alike(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings())
    structlog.get_logger().warning("odd thing")
    logging.getLogger("library").warning("odd %s", "thing")
    ours, theirs = (line.split(" ", 1)[1] for line in capsys.readouterr().err.splitlines())
    assert ours.rstrip() == theirs.rstrip() == "[warning  ] odd thing"


def test_a_log_that_nobody_reads_any_more_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    class BrokenPipe(io.StringIO):
        def write(self, text: str) -> int:
            tried.append(text)
            raise BrokenPipeError

    monkeypatch.setattr("sys.stderr", BrokenPipe())
    configure_logging(Settings())
    structlog.get_logger().info("sent")
    assert "sent" in "".join(tried)
