# SPDX-License-Identifier: Apache-2.0
"""The APIs of the README's examples, and what stands before them."""

from __future__ import annotations

import atexit
import functools
import os
from pathlib import Path
from typing import Any

import _example_api
from replica import Replica

from dlt_java import chess

_replica = Replica(["--months", "2022/11..2022/12", "--games-per-month", "5"])
atexit.register(_replica.close)
_module: Any = chess
_module.source = functools.partial(
    chess.source, base_url=_replica.base_url, callback_url=_replica.callback_url
)

_example_api.serve()
os.environ["TOKEN"] = "of good news"
Path("orders.jsonl").write_text('{"id": 1, "lines": [{"sku": "x"}]}\n')
