"""An HTTP server outside of the server under test, which keeps what it was sent and can be down for a while."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from ssl import SSLContext

from harness.eventually import eventually
from harness.https import put_behind_tls


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    method: str
    path: str
    headers: HTTPMessage
    body: bytes

    def json(self) -> dict:
        """The body as JSON, whatever its content type says."""
        return json.loads(self.body)


class Receiver:
    """Answers 200 to whatever it is sent, unless `answer` says otherwise."""

    def __init__(self, certificates: Path | None = None) -> None:
        self.certificates = certificates
        self.ca: Path | None = None
        # Kept while it is down, so that whoever trusted its certificate still does.
        self.context: SSLContext | None = None
        self.requests: list[Received] = []
        self.answer: Callable[[Received], int] = lambda _: 200
        self.port = 0
        self._server: ThreadingHTTPServer | None = None

    def __enter__(self) -> "Receiver":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where it listens: by name, as certificates are for names."""
        return f"https://localhost:{self.port}" if self.certificates else f"http://127.0.0.1:{self.port}"

    def start(self) -> "Receiver":
        """Listens, at the address where it did before."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                received = Received(self.command, self.path, self.headers, body)
                status = receiver.answer(received)
                receiver.requests.append(received)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                # Nothing is kept open, so that a stopped receiver is down for those who called it before too.
                self.send_header("Connection", "close")
                self.end_headers()

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_any

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        if self.certificates and self.context is None:
            self.ca = put_behind_tls(self._server, "localhost", self.certificates)
            self.context = self._server.socket.context
        elif self.context is not None:
            self._server.socket = self.context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def stop(self) -> None:
        """Is down: nothing listens any more."""
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()

    def at(self, path: str) -> list[Received]:
        """What was sent to this path, in order."""
        return [one for one in list(self.requests) if one.path == path]

    def wait(self, path: str, number: int = 1) -> list[Received]:
        """The requests to this path as soon as there are so many."""
        return eventually(
            lambda: found if len(found := self.at(path)) >= number else [], f"request {number} to {path}"
        )
