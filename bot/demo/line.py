"""The emulated LINE of the demo: a process of its own, told what to show by its control API."""

from __future__ import annotations

import json
import secrets
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from messages_th import demo as thai

CHANNEL_ID = "1234567890"
LOOPBACK = "127.0.0.1"
PORTS_FOR_SERVERS = range(20_000, 32_768)
"""Ports that no system lends to outgoing connections unless it is told to."""


@dataclass(frozen=True, slots=True)
class EmulatedLine:
    """A simulator that runs, or is about to; ``address`` is that of its page and API, without a slash at the end.

    Secret and token of its channel are drawn anew for each demo: no page that a visitor opens elsewhere knows them.
    """

    address: str
    process: subprocess.Popen[str]
    channel_secret: str
    access_token: str

    def wait_until_it_listens(self) -> None:
        """Wait until it can be told something.

        Raises:
            SystemExit: it does not start; it has said why.
        """
        if self.process.stdout is None or not self.process.stdout.readline():
            raise SystemExit(thai.NO_PHONES)

    def put(self, path: str, body: Mapping[str, object]) -> None:
        """Tell it something.

        Raises:
            OSError: it refuses, or is gone.
        """
        request = urllib.request.Request(  # noqa: S310 - the simulator on this machine
            f"{self.address}{path}",
            json.dumps(body).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {self.access_token}"},
            method="PUT",
        )
        with urllib.request.urlopen(request, timeout=10):  # noqa: S310 - as above
            pass


@contextmanager
def emulated_line(port: int) -> Iterator[EmulatedLine]:
    """Run the simulator on a port that is free."""
    secret, token = secrets.token_hex(16), secrets.token_urlsafe(32)
    command = [sys.executable, "-m", "simulator", "--channel-id", CHANNEL_ID, "--channel-secret", secret]
    command += [f"--access-token={token}", "--port", str(port)]
    process = None
    try:
        with _uninterrupted():
            process = subprocess.Popen(  # noqa: S603 - our own command
                command, stdout=subprocess.PIPE, text=True, start_new_session=True
            )
        yield EmulatedLine(f"http://{LOOPBACK}:{port}", process, secret, token)
    finally:
        if process is not None:
            process.terminate()
            process.communicate()


def is_free(port: int) -> bool:
    """Tell whether a server could listen on a port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: what was left by another is free
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return one of `PORTS_FOR_SERVERS` that nobody listens on."""
    while not is_free(port := secrets.choice(PORTS_FOR_SERVERS)):
        continue
    return port


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C and SIGTERM back till the end of the block: a process is known to us as soon as it runs."""
    held: list[int] = []
    earlier = {number: signal.signal(number, lambda n, _: held.append(n)) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
    if held:
        raise KeyboardInterrupt
