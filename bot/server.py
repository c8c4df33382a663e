"""The web process: gunicorn over the Flask application, one database pool per worker."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn import glogging
from gunicorn.app.base import BaseApplication
from gunicorn.config import Config

THREADS = 16
SWITCH_SECONDS = 0.001
"""How long a handler may keep the interpreter from a webhook; Python's 5 ms add up where many threads want it."""


class _Logger(glogging.Logger):
    """Leaves gunicorn's lines to the handlers of this process, which write them like all others."""

    def setup(self, cfg: Config) -> None:
        """Take the level from the options and add no handler."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class WebServer(BaseApplication):
    """Serves the application that ``make_app`` builds in each worker, after the fork.

    ``make_app`` returns with it what ends its threads; that is called when the worker ends. ``host`` is the address or
    the name of this machine at which it listens.
    """

    def __init__(
        self, make_app: Callable[[], tuple[Flask, Callable[[], None]]], host: str, port: int, workers: int
    ) -> None:
        self._make_app = make_app
        self._close: Callable[[], None] | None = None
        self._options = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "accesslog": None,
            "logger_class": _Logger,
            "loglevel": "warning",
            "worker_exit": self._on_exit,
            "control_socket_disable": True,  # it would lie in somebody's home
        }
        super().__init__()

    def load_config(self) -> None:
        """Hand the options to gunicorn."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the WSGI application."""
        sys.setswitchinterval(SWITCH_SECONDS)
        app, self._close = self._make_app()
        return app

    def _on_exit(self, _server: Any, _worker: Any) -> None:
        if self._close is not None:
            self._close()
