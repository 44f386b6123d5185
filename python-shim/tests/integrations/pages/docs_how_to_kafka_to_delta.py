# SPDX-License-Identifier: Apache-2.0
"""A broker that answers for `localhost:9092`, with orders."""

from __future__ import annotations

import atexit
import tempfile
from pathlib import Path
from typing import Any

from kafka_broker import KafkaBroker

from dlt_java import kafka

_folder = tempfile.TemporaryDirectory(prefix="kafka-")
_broker = KafkaBroker(Path(_folder.name))
atexit.register(_folder.cleanup)
atexit.register(_broker.close)
_broker.create_topic("orders")
_producer = _broker.producer()
for _value in (b'{"id": 1, "lines": [{"sku": "x"}]}', b'{"id": 2}'):
    _producer.produce("orders", _value)
_producer.flush()

_read_topic = kafka.read_topic


def _redirected(*arguments: Any, **options: Any) -> Any:
    topic, configuration = arguments
    assert configuration == {"bootstrap.servers": "localhost:9092"}
    return _read_topic(topic, _broker.configuration, **options)


kafka.read_topic = _redirected
