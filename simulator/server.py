"""The HTTP server: a thread for each connection, silent, able to break a connection off."""

import os
import socket
import struct
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

_ANSWER = "simulator.answer"


class _Handler(WSGIRequestHandler):
    """Prints nothing, and resets a connection whose answer ends in a `ConnectionResetError`."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - Werkzeug's own name
        """Say nothing: every request is in ``/sim/calls``."""

    def parse_request(self) -> bool:
        """Leave ``//v2/…`` as it came, which http.server would make ``/v2/…`` and LINE does not know."""
        understood = super().parse_request()
        if understood:
            self.path = self.requestline.split()[1]
        return understood

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:  # noqa: ARG002 - as above
        """Close at once; with no time to linger, the other side sees a reset and not an end.

        The answer is closed, too, which Werkzeug forgets where its reader has hung up: a file would stay open.
        """
        if environ and hasattr(answer := environ.get(_ANSWER), "close"):
            answer.close()
        if self.connection.fileno() >= 0:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())
        self.close_connection = True


def bind(app: Flask, host: str, port: int) -> BaseWSGIServer:
    """A server that listens, for the caller to run with ``serve_forever``. Port 0 takes a free one."""

    def answering(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[_ANSWER] = answer = app(environ, start_response)
        return answer

    return make_server(host, port, answering, threaded=True, request_handler=_Handler)


@contextmanager
def serve(app: Flask, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Run the simulator in a thread and give its address; meant for tests."""
    server = bind(app, host, port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
