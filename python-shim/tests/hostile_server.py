"""An HTTP server on loopback that repeats secrets, fails in many ways, and keeps what it got."""

from __future__ import annotations

import http.server
import json
import threading
from contextlib import AbstractContextManager
from typing import Callable
from urllib.parse import quote, urlsplit

ACCESS_TOKEN = "acc+tok/Mark-7731="


class HostileServer(AbstractContextManager["HostileServer"]):
    """Answers by the last part of the path; ends with its context.

    A page is `{"data": […], "next": …}`. Whatever comes back repeats what identified the caller.

    Attributes:
        origin: Scheme, host and port.
        received: Request lines, headers and bodies, oldest first.
        elsewhere: Origin of the server that links and redirects lead to.
    """

    def __init__(self) -> None:
        self.received: list[str] = []
        self.elsewhere = ""
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server._answer(self, "")

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                server._answer(self, self.rfile.read(length).decode())

            def log_message(self, format: str, *args: object) -> None:
                """Says nothing."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    def _answer(self, request: http.server.BaseHTTPRequestHandler, body: str) -> None:
        headers = "".join(f"{name}: {value}\n" for name, value in request.headers.items())
        self.received.append(f"{request.requestline}\n{headers}\n{body}")
        url = urlsplit(request.path)
        repeated = url.query
        for name, value in request.headers.items():
            if name.lower() not in ("host", "accept", "accept-encoding", "user-agent"):
                repeated += f"&seen={quote(value)}&bare={quote(value.rpartition(' ')[2])}"
        answers: dict[str, Callable[[], None]] = {
            "token": lambda: _json(
                request, {"access_token": ACCESS_TOKEN, "token_type": "Bearer", "expires_in": 3600}
            ),
            "good": lambda: _page(request, f"last?{repeated}"),
            "last": lambda: _page(request, None),
            "denied": lambda: _plain(request, 401, f'{{"error": "not {repeated}"}}'),
            "failing": lambda: _plain(request, 500, f'{{"error": "not {repeated}"}}'),
            "text": lambda: _plain(request, 200, f"<p>{repeated}</p>"),
            "cut": lambda: _plain(request, 200, repeated or "x", missing=100),
            "late": lambda: self._stall(),
            "redirect": lambda: _plain(
                request, 302, "", location=f"{self.elsewhere}/denied?{repeated}"
            ),
            "clean-redirect": lambda: _plain(request, 302, "", location=f"{self.elsewhere}/last"),
            "link": lambda: _page(request, f"{self.elsewhere}/denied?{repeated}"),
            "clean-link": lambda: _page(request, f"{self.elsewhere}/last"),
            "bad-link": lambda: _page(request, f"ftp://nowhere/?{repeated}"),
            "bad-redirect": lambda: _plain(request, 302, "", location=f"ftp://nowhere/?{repeated}"),
        }
        answers[url.path.rpartition("/")[2]]()

    def _stall(self) -> None:
        self._ended.wait(30)

    def __exit__(self, *exception: object) -> None:
        self._ended.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _page(request: http.server.BaseHTTPRequestHandler, following: str | None) -> None:
    _json(request, {"data": [{"id": 1}, {"id": 2}], "next": following})


def _json(request: http.server.BaseHTTPRequestHandler, document: object) -> None:
    tag = quote(request.headers.get("Authorization") or request.path)
    _plain(request, 200, json.dumps(document), type="application/json", etag=f'"{tag}"')


def _plain(
    request: http.server.BaseHTTPRequestHandler,
    status: int,
    body: str,
    *,
    type: str = "text/html",
    missing: int = 0,
    **headers: str,
) -> None:
    encoded = body.encode()
    request.send_response(status)
    request.send_header("Content-Type", type)
    request.send_header("Content-Length", str(len(encoded) + missing))
    for name, value in headers.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(encoded)
    if missing:
        request.close_connection = True
