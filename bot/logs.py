"""Logging: one structured line per event; never bodies, tokens, names or LINE ids."""

from __future__ import annotations

import logging
import re
import sys
from contextlib import suppress
from typing import Any, TextIO, cast

import structlog

from bot.settings import LogFormat, Settings

_VALUES = re.compile(r"(?<=DETAIL:).*|[UCR][0-9a-f]{32}")


def configure_logging(settings: Settings) -> None:
    """Send structlog and the standard library's loggers to standard error in the chosen format."""
    level = logging.getLevelNamesMapping()[settings.log_level]
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    rendering: list[structlog.typing.Processor] = [
        structlog.processors.format_exc_info,
        _without_values,
        _renderer(settings.log_format),
    ]
    structlog.configure(  # not by way of the standard library, which would triple what a line costs
        processors=[*shared, *rendering],
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", _Unfailing(sys.stderr))),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,  # a cached logger would outlive its configuration, to save 1 µs a line
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for noisy in ("apscheduler", "alembic", "werkzeug"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, level))


def _without_values(_logger: Any, _name: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Take LINE ids, and the rows that PostgreSQL shows in its errors, out of a trace."""
    if isinstance(trace := line.get("exception"), str):
        line["exception"] = _VALUES.sub("*", trace)
    return line


class _Unfailing:
    """Loses a line rather than stop what logs it when nobody reads or the disk is full, as ``logging`` does."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()


def _renderer(form: LogFormat) -> structlog.typing.Processor:
    if form is LogFormat.JSON:
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(),
        exception_formatter=structlog.dev.plain_traceback,  # the default prints local variables: tokens, bodies, names
    )
