# SPDX-License-Identifier: Apache-2.0
"""A server on loopback, to which sources go that would ask `https://api.example.com/`."""

from __future__ import annotations

import functools
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable
from urllib.parse import parse_qs, urlsplit

from dlt_java import rest_api

NAME = "https://api.example.com/"
PAGE_SIZE = 2
POSTS = [
    {
        "id": number,
        "title": f"Post {number}",
        "updated_at": f"2026-03-0{number}T08:00:00Z",
        "author": {"name": "Ada" if number % 2 else "Grace"},
        "tags": ["news", "arrow"][: number % 3],
    }
    for number in range(1, 6)
]


class Handler(BaseHTTPRequestHandler):
    """Answers with pages of posts, and with the comments of one."""

    protocol_version = "HTTP/1.1"
    busy = 0
    """So many requests for posts are told to come back later."""

    def do_GET(self) -> None:
        path = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(path.query).items()}
        parts = path.path.strip("/").split("/")
        if Handler.busy and parts == ["posts"]:
            Handler.busy -= 1
            self.answer(429, {"error": "later"}, {"Retry-After": "0"})
        elif parts == ["account"] and self.headers["Authorization"] != "Bearer of good news":
            self.answer(401, {"error": "who is there?"}, {})
        elif parts == ["account"]:
            self.answer(200, {"id": 7, "plan": "free"}, {})
        elif parts == ["posts"]:
            self.answer(200, self.posts(query), {})
        elif len(parts) == 3 and parts[2] == "comments":
            comments = [{"id": 10 * int(parts[1]) + n, "text": "…"} for n in range(2)]
            self.answer(200, comments, {})
        else:
            self.answer(404, {"error": "not found"}, {})

    def posts(self, query: dict[str, str]) -> dict[str, Any]:
        found = [post for post in POSTS if str(post["updated_at"]) >= query.get("since", "")]
        page = int(query.get("page", 1))
        start = PAGE_SIZE * (page - 1)
        pages = -(-len(found) // PAGE_SIZE)
        return {"items": found[start : start + PAGE_SIZE], "pages": pages}

    def answer(self, status: int, value: Any, headers: dict[str, str]) -> None:
        body = json.dumps(value).encode()
        tag = f'"{hash(body):x}"'
        if status == 200 and self.headers["If-None-Match"] == tag:
            status, body = 304, b""
        self.send_response(status)
        for name, text in {"ETag": tag, "Content-Type": "application/json", **headers}.items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


def serve() -> type[Handler]:
    """Starts the server, and sends sources to it.

    Returns:
        What answers, to be told how.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    asked: Callable[..., Any] = rest_api.rest_api_source

    @functools.wraps(asked)
    def redirected(config: Any, *arguments: Any, **options: Any) -> Any:
        client = {**config["client"]}
        assert client["base_url"] == NAME
        client["base_url"] = address
        return asked({**config, "client": client}, *arguments, **options)

    rest_api.rest_api_source = redirected
    return Handler
