"""The simulator's HTTP server, whatever its readers do."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from flask import Flask, Response

from simulator.server import serve


class Answer:
    """A body of one line that says when it has been closed; `then` is called when the line is on its way."""

    def __init__(self, then: Callable[[], None]) -> None:
        self.then = then
        self.closed = threading.Event()

    def __iter__(self) -> Iterator[bytes]:
        yield b"a line\n"
        self.then()

    def close(self) -> None:
        self.closed.set()


def test_an_answer_whose_reader_has_hung_up_is_closed() -> None:
    app, reader = Flask(__name__), socket.socket()

    def hang_up() -> None:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, not an end
        reader.close()

    answer = Answer(hang_up)
    # Its length is told, so that nothing is written after it, which would meet the reset first.
    app.get("/")(lambda: Response(answer, headers={"Content-Length": "7"}))
    with serve(app) as address:
        parts = urlsplit(address)
        reader.connect((parts.hostname, parts.port))
        reader.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")

        assert answer.closed.wait(10)
