# SPDX-License-Identifier: Apache-2.0
"""Loads a shop's API into DuckDB until there is no more; dies on the way if it is told to.

Reads a JSON object a line: `url`, `folder`, and when to die, if at all: `operation`, the number of
the operation on files of the folder that is not done any more; `before`, an audit event and a
pattern of paths, the first operation of that kind; or `seconds` after the start. Each is done by a
fork of this process, which has imported all that is needed. Answers with a line: whether it died,
and how many operations it did.
"""

from __future__ import annotations

import fnmatch
import json
import os
import shutil
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import Any

import dlt
import duckdb  # noqa: F401
from dlt.pipeline.exceptions import PipelineStepFailed

import dlt_java.rest_api

PAGES: Any = {"type": "json_link", "next_url_path": "next"}
KEY: Any = {"type": "api_key", "name": "api_key", "api_key": "s3cret", "location": "query"}


def shop(url: str) -> Any:
    """Orders that change, with lines and parts of lines, and events that are only added."""
    since = {
        "type": "incremental",
        "cursor_path": "changed",
        "initial_value": "2024-01-01T00:00:00Z",
    }
    after = {"type": "incremental", "cursor_path": "number", "initial_value": 0}
    return dlt_java.rest_api.rest_api_source(
        {
            "client": {"base_url": url, "paginator": PAGES, "auth": KEY},
            "resources": [
                {
                    "name": "orders",
                    "primary_key": "id",
                    "write_disposition": "merge",
                    "endpoint": {"path": "orders", "params": {"since": since}},
                },
                {
                    "name": "events",
                    "write_disposition": "append",
                    "endpoint": {"path": "events", "params": {"since": after}},
                },
            ],
        },
        name="shop",
    )


def pipeline_in(folder: str) -> dlt.Pipeline:
    """The pipeline with all its files in a folder."""
    return dlt.pipeline(
        "shop",
        destination=dlt.destinations.duckdb(f"{folder}/warehouse.duckdb"),
        dataset_name="shop",
        pipelines_dir=f"{folder}/working",
    )


class Operations:
    """Counts operations on files of a folder, and ends the process before one of them."""

    def __init__(self, folder: str, last: int | None, before: str | None) -> None:
        self._folder = folder
        self._last = last
        self._event, _, self._pattern = (before or "").partition(" ")
        self.count = 0
        sys.addaudithook(self._count)

    def _count(self, event: str, arguments: tuple[object, ...]) -> None:
        if not event.startswith(("open", "os.", "shutil.")):
            return
        paths = [path for path in arguments if isinstance(path, str) and self._folder in path]
        if paths:
            self.count += 1
            named = event == self._event and fnmatch.filter(paths, self._pattern)
            if named or self.count == self._last:
                os.kill(os.getpid(), signal.SIGKILL)


def _load(order: dict[str, Any]) -> int:
    operations = Operations(order["folder"], order.get("operation"), order.get("before"))
    if "seconds" in order:
        timer = threading.Timer(order["seconds"], os.kill, (os.getpid(), signal.SIGKILL))
        timer.daemon = True
        timer.start()
    while True:
        # dlt looks for a newer state in the destination once a pipeline object.
        pipeline = pipeline_in(order["folder"])
        try:
            if not pipeline.run(shop(order["url"])).loads_ids:
                return operations.count
        except PipelineStepFailed:
            if not put_away(Path(order["folder"], "working", "shop")):
                raise


def put_away(working: Path) -> bool:
    """Does what dlt does last with a package, if it died before; it stumbles over the remains.

    Returns:
        Whether there were any.
    """
    ready = working / "load" / "normalized"
    # Normalized, and not deleted whole.
    remains = [
        package
        for package in working.glob("normalize/extracted/*")
        if (ready / package.name).exists()
    ]
    # Loaded, and not moved away.
    remains += [marker.parent for marker in ready.glob("*/package_completed.json")]
    for package in remains:
        shutil.rmtree(package)
    return bool(remains)


def _fork(order: dict[str, Any]) -> dict[str, Any]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, str(_load(order)).encode())
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        text = answer.read()
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, -signal.SIGKILL):
        raise RuntimeError(f"the load failed: {order}")
    return {"died": code != 0, "operations": int(text or 0)}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(_fork(json.loads(line))), flush=True)
