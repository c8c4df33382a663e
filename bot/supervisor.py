"""Runs several commands of the bot as child processes of one: what ``emenscr-bot run`` and the demo are made of."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from types import FrameType

import structlog

from scheduler.signals import StopSignal

RESTART_PAUSE_SECONDS = 2.0
GRACE_SECONDS = 30.0
_POLL_SECONDS = 0.2

_log = structlog.get_logger()


class Supervisor:
    """Keeps child processes running until SIGTERM, SIGINT or ``stop``; one that dies is started again after a pause."""

    def __init__(self, commands: Mapping[str, Sequence[str]]) -> None:
        self._commands = commands
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._stop = StopSignal()

    def run(self) -> None:
        """Start all commands and return when all have ended after a stop."""
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)
        try:
            for name in self._commands:
                self._start(name)
            while not self._stop.wait(_POLL_SECONDS):
                self._restart_the_dead()
        finally:
            self._end_children()

    def stop(self) -> None:
        """End ``run``."""
        self._stop.set()

    def _start(self, name: str) -> None:
        # A session of its own: Ctrl-C in the terminal reaches only this process, which then ends the children in order.
        self._children[name] = subprocess.Popen(  # noqa: S603 - our own commands
            self._commands[name], start_new_session=True
        )

    def _restart_the_dead(self) -> None:
        for name, child in list(self._children.items()):
            if child.poll() is not None:
                _log.error("process_ended", name=name, code=child.returncode)
                if not self._stop.wait(RESTART_PAUSE_SECONDS):
                    self._start(name)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stop()

    def _end_children(self) -> None:
        for child in self._children.values():
            child.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for name, child in self._children.items():
            try:
                child.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _log.error("process_killed", name=name)
                child.kill()
                child.wait()


def bot_command(*arguments: str) -> list[str]:
    """Return the command line of ``emenscr-bot`` with these arguments, whether or not it is on the PATH."""
    return [sys.executable, "-m", "bot", *arguments]
