"""Where the log lines of this process go."""

import sys

import structlog


def log_to_stderr() -> None:
    """Let them go to standard error, as the bot's do: threads may log while a command prints what a test will read."""
    structlog.reset_defaults()
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))
