# SPDX-License-Identifier: Apache-2.0
"""An API of a shop on the loopback interface, whose data change from day to day."""

from __future__ import annotations

import datetime
import json
import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable
from urllib.parse import parse_qs, urlencode, urlsplit

PAGE_RECORDS = 20
FIRST_DAY = datetime.datetime(2024, 1, 1)


class Shop:
    """Orders that change, and events that are added; a seed decides all of them."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.day = 0
        self.orders: dict[int, dict[str, Any]] = {}
        self.events: list[dict[str, Any]] = []

    def pass_day(self) -> None:
        """Adds orders and events, and changes some orders of the days before."""
        self.day += 1
        chance = self._random
        known = len(self.orders)
        today = FIRST_DAY + datetime.timedelta(days=self.day)
        changed = [i for i in range(max(0, known - 100), known) if chance.random() < 0.3]
        for second, number in enumerate([*changed, *range(known, known + chance.randint(1, 50))]):
            moment = f"{today + datetime.timedelta(seconds=second):%Y-%m-%dT%H:%M:%SZ}"
            lines = [
                {"sku": f"{number}-{line}", "parts": list(range(chance.randrange(3)))}
                for line in range(chance.randrange(4))
            ]
            self.orders[number] = {"id": number, "changed": moment, "lines": lines}
        for number in range(len(self.events), len(self.events) + chance.randint(1, 70)):
            tags = [{"name": f"t{tag}"} for tag in range(chance.randrange(3))]
            self.events.append({"number": number, "text": f"event {number}", "tags": tags})

    def page(self, url: str, target: str) -> dict[str, Any]:
        """The document that a request gets."""
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        offset = int(query.pop("offset", 0))
        since = query.get("since", "")
        records: list[dict[str, Any]]
        if parts.path == "/orders":
            records = [order for order in self.orders.values() if order["changed"] >= since]
            records.sort(key=lambda order: (order["changed"], order["id"]))
        else:
            records = [event for event in self.events if event["number"] >= int(since or 0)]
        document: dict[str, Any] = {"items": records[offset : offset + PAGE_RECORDS]}
        if offset + PAGE_RECORDS < len(records):
            query["offset"] = str(offset + PAGE_RECORDS)
            document["next"] = f"{url}{parts.path}?{urlencode(query)}"
        return document


class Request(BaseHTTPRequestHandler):
    """One request, and those that follow on its connection."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        """Answers with a page, unless somebody disturbs."""
        body = json.dumps(self.server.shop.page(self.server.url, self.path)).encode()
        if self.server.disturb is None or not self.server.disturb(self, body):
            self.answer(body)

    def answer(self, body: bytes, status: int = 200, **headers: str) -> None:
        """Sends a response.

        Args:
            body: What is sent as its body.
            status: Its status.
            **headers: More headers; `Content_Length` takes the place of the right one.
        """
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Says nothing."""


Disturb = Callable[[Request, bytes], bool]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, shop: Shop) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.shop = shop
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.disturb: Disturb | None = None

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients die as they like."""


class ShopServer:
    """Serves a shop; ends with its context."""

    def __init__(self, shop: Shop) -> None:
        self._server = _Server(shop)
        self.url = self._server.url
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def disturb(self, disturb: Disturb | None) -> None:
        """Lets a function answer requests in its own way.

        Args:
            disturb: Gets a request and the body of its answer; says whether it has answered.
        """
        self._server.disturb = disturb

    def __enter__(self) -> ShopServer:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
