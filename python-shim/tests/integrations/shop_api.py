# SPDX-License-Identifier: Apache-2.0
"""An API of a shop on the loopback interface, whose data change from day to day."""

from __future__ import annotations

import json
import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

PAGE_RECORDS = 20


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
        changed = [i for i in range(known) if chance.random() < 0.3]
        for second, number in enumerate([*changed, *range(known, known + chance.randint(1, 50))]):
            moment = f"2024-01-{self.day:02}T00:{second // 60:02}:{second % 60:02}Z"
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


class ShopServer:
    """Serves a shop; ends with its context."""

    def __init__(self, shop: Shop) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = json.dumps(shop.page(server.url, self.path)).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *arguments: Any) -> None:
                """Says nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                """Clients die as they like."""

        server = self
        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def __enter__(self) -> ShopServer:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
