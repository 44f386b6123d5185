"""A small HTTP proxy on loopback, which forwards for real and keeps what it was asked."""

from __future__ import annotations

import http.client
import http.server
import socket
import threading
from contextlib import AbstractContextManager
from urllib.parse import urlsplit


class ForwardProxy(AbstractContextManager["ForwardProxy"]):
    """Forwards GET requests with whole URLs, and tunnels; ends with its context.

    Attributes:
        asked: Request lines without the version, oldest first.
        authorizations: Values of `Proxy-Authorization`, `None` where there was none.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.authorizations: list[str | None] = []
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                proxy._note(self)
                url = urlsplit(self.path)
                connection = http.client.HTTPConnection(url.netloc)
                headers = {k: v for k, v in self.headers.items() if k.lower()[:5] != "proxy"}
                connection.request("GET", f"{url.path}?{url.query}", headers=headers)
                response = connection.getresponse()
                body = response.read()
                connection.close()
                self.send_response(response.status)
                for name, value in response.getheaders():
                    if name.lower() not in ("date", "server", "connection"):
                        self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def do_CONNECT(self) -> None:
                proxy._note(self)
                host, _, port = self.path.rpartition(":")
                with socket.create_connection((host, int(port))) as server:
                    self.send_response(200)
                    self.end_headers()
                    back = threading.Thread(target=_pump, args=(server, self.connection))
                    back.start()
                    _pump(self.connection, server)
                    back.join()
                self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                """Says nothing."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.address = f"127.0.0.1:{self._server.server_port}"

    def _note(self, request: http.server.BaseHTTPRequestHandler) -> None:
        self.asked.append(f"{request.command} {request.path}")
        self.authorizations.append(request.headers.get("Proxy-Authorization"))

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _pump(source: socket.socket, target: socket.socket) -> None:
    """Copies until one side ends, and says so to the other."""
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        # The other direction has ended both.
        pass
