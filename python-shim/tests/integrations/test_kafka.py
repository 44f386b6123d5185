# SPDX-License-Identifier: Apache-2.0
"""Topics of a real Kafka broker, loaded into DuckDB and Delta tables."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dlt
import pytest
from confluent_kafka import Message, TopicPartition
from conftest import MakePipeline, eventually
from deltalake import DeltaTable
from dlt.pipeline.exceptions import PipelineStepFailed
from kafka_broker import KafkaBroker

from dlt_java.exceptions import DataException, NetworkException
from dlt_java.kafka import read_topic

Order = dict[str, Any]

PARTITIONS = 3
WORKER = Path(__file__).parent / "kafka_worker.py"


@pytest.fixture(scope="session")
def running_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaBroker]:
    with KafkaBroker(tmp_path_factory.mktemp("kafka")) as broker:
        yield broker


@pytest.fixture
def broker(running_broker: KafkaBroker) -> Iterator[KafkaBroker]:
    """The broker with the topic `orders`."""
    running_broker.create_topic("orders", PARTITIONS)
    yield running_broker
    running_broker.delete_topic("orders")


class Orders:
    """Messages that were produced: the oracle of what has to be loaded."""

    def __init__(self, broker: KafkaBroker) -> None:
        self._producer = broker.producer()
        self.produced: dict[tuple[int, int], Order] = {}

    def produce(self, count: int) -> None:
        """Produces orders with lines, and waits until the broker has them."""
        first = len(self.produced)
        for number in range(first, first + count):
            lines = [{"sku": f"{number}-{line}"} for line in range(number % 3)]
            order = {"id": number, "customer": {"name": f"c{number % 7}"}, "lines": lines}

            def delivered(error: Any, message: Message, order: Order = order) -> None:
                assert error is None
                self.produced[message.partition(), message.offset()] = order  # type: ignore[index]

            self._producer.produce("orders", json.dumps(order), str(number), on_delivery=delivered)
        assert self._producer.flush(30) == 0


@pytest.fixture
def orders(broker: KafkaBroker) -> Orders:
    return Orders(broker)


def loaded(pipeline: dlt.Pipeline, query: str) -> list[tuple[Any, ...]]:
    with pipeline.sql_client() as client:
        return [tuple(row) for row in client.execute_sql(query) or ()]


def cause(failed: pytest.ExceptionInfo[PipelineStepFailed]) -> BaseException:
    """What the resource raised."""
    error: BaseException = failed.value
    while error.__cause__ is not None and not isinstance(error, (DataException, NetworkException)):
        error = error.__cause__
    return error


def test_messages_are_rows_with_their_place_in_kafka(
    broker: KafkaBroker, make_pipeline: MakePipeline
) -> None:
    producer = broker.producer()
    producer.produce(
        "orders", b' {"id": 1, "_kafka_offset": 77} \n', b"k", 1, timestamp=1_700_000_000_123
    )
    producer.produce("orders", b"{}", b"\xff", 1)
    producer.produce("orders", None, b"tombstone", 1)
    producer.flush()
    pipeline = make_pipeline("orders")
    pipeline.run(read_topic("orders", broker.configuration))
    assert loaded(
        pipeline,
        "SELECT _kafka_topic, _kafka_partition, _kafka_offset, _kafka_key, id FROM orders"
        " ORDER BY _kafka_offset",
    ) == [
        ("orders", 1, 0, "k", 1),
        ("orders", 1, 1, "\\xff", None),
        ("orders", 1, 2, "tombstone", None),
    ]
    [(timestamp,)] = loaded(
        pipeline, "SELECT epoch_ms(_kafka_timestamp) FROM orders WHERE _kafka_offset = 0"
    )
    assert timestamp == 1_700_000_000_123


def test_runs_go_on_where_the_last_one_ended(
    broker: KafkaBroker, orders: Orders, make_pipeline: MakePipeline
) -> None:
    pipeline = make_pipeline("orders")
    topic = read_topic("orders", broker.configuration, max_messages=7)
    orders.produce(20)
    loads = []
    while (info := pipeline.run(topic())).loads_ids:
        loads += info.loads_ids
    orders.produce(1)
    pipeline.run(topic())
    counts = "SELECT count(*) FROM orders GROUP BY _dlt_load_id ORDER BY _dlt_load_id"
    assert loaded(pipeline, counts) == [(7,), (7,), (6,), (1,)]
    assert len(loads) == 3
    places = loaded(pipeline, "SELECT _kafka_partition, _kafka_offset, id FROM orders")
    assert sorted(places) == sorted(
        (*place, order["id"]) for place, order in orders.produced.items()
    )


def test_a_limit_marks_only_what_was_loaded(
    broker: KafkaBroker, orders: Orders, make_pipeline: MakePipeline
) -> None:
    orders.produce(12_000)
    pipeline = make_pipeline("orders")
    pipeline.run(read_topic("orders", broker.configuration).add_limit(1))
    [(first,)] = loaded(pipeline, "SELECT count(*) FROM orders")
    assert 0 < first < 12_000
    pipeline.run(read_topic("orders", broker.configuration))
    assert loaded(pipeline, "SELECT count(*), count(DISTINCT id) FROM orders") == [(12_000, 12_000)]


def test_transactions_that_were_aborted_are_not_loaded(
    broker: KafkaBroker, make_pipeline: MakePipeline
) -> None:
    producer = broker.producer(transactional_id="shop")
    producer.init_transactions()
    for number, end in ((1, producer.commit_transaction), (2, producer.abort_transaction)):
        producer.begin_transaction()
        producer.produce("orders", json.dumps({"id": number}), partition=0)
        producer.flush()
        end()
    pipeline = make_pipeline("orders")
    pipeline.run(read_topic("orders", broker.configuration))
    assert loaded(pipeline, "SELECT _kafka_offset, id FROM orders") == [(0, 1)]
    # The marks of both transactions count as read, so that there is nothing new.
    assert pipeline.run(read_topic("orders", broker.configuration)).loads_ids == []


@pytest.mark.parametrize(
    "value",
    [b"[1]", b"x", b'{"id": 1} {"id": 2}', b'{"id": 1}\n{"id": 2}', b'{"id": }', b"\xef\xbb\xbf{}"],
)
def test_a_value_that_is_not_one_object_is_named_by_its_offset(
    value: bytes, broker: KafkaBroker, make_pipeline: MakePipeline
) -> None:
    producer = broker.producer()
    for each in (b'{"id": 0}', value):
        producer.produce("orders", each, partition=2)
    producer.flush()
    pipeline = make_pipeline("orders")
    with pytest.raises(PipelineStepFailed) as failed:
        pipeline.run(read_topic("orders", broker.configuration))
    error = cause(failed)
    assert isinstance(error, DataException)
    assert "Message 1 of the topic `orders`, partition 2: " in str(error)

    def readable(message: Message) -> bytes | None:
        return None if message.value() == value else message.value()

    pipeline.run(read_topic("orders", broker.configuration, value=readable))
    assert sorted(loaded(pipeline, "SELECT _kafka_offset, id FROM orders")) == [(0, 0), (1, None)]


def test_messages_that_kafka_deleted_before_they_were_read_are_an_error(
    broker: KafkaBroker, orders: Orders, make_pipeline: MakePipeline
) -> None:
    pipeline = make_pipeline("orders")
    orders.produce(30)
    pipeline.run(read_topic("orders", broker.configuration))
    orders.produce(30)
    read = [place for place in orders.produced if place[0] == 0]
    broker.delete_messages(TopicPartition("orders", 0, len(read) - 1))
    with pytest.raises(PipelineStepFailed) as failed:
        pipeline.run(read_topic("orders", broker.configuration))
    assert "before they were read" in str(cause(failed))
    pipeline.run(read_topic("orders", broker.configuration, skip_deleted=True))
    offsets = loaded(pipeline, "SELECT max(_kafka_offset) FROM orders WHERE _kafka_partition = 0")
    assert offsets == [(len(read) - 1,)]


def test_a_topic_made_anew_is_not_taken_for_the_old_one(
    broker: KafkaBroker, orders: Orders, make_pipeline: MakePipeline
) -> None:
    pipeline = make_pipeline("orders")
    orders.produce(5)
    pipeline.run(read_topic("orders", broker.configuration))
    broker.delete_topic("orders")
    assert eventually(lambda: "orders" not in broker.topics())
    broker.create_topic("orders", PARTITIONS)
    orders.produce(5)
    with pytest.raises(PipelineStepFailed) as failed:
        pipeline.run(read_topic("orders", broker.configuration))
    assert "is not the one that was read before" in str(cause(failed))
    pipeline.run(read_topic("orders", broker.configuration), refresh="drop_resources")
    assert sorted(loaded(pipeline, "SELECT id FROM orders")) == [(n,) for n in range(5, 10)]


def test_a_topic_or_broker_that_is_not_there_is_an_error(
    broker: KafkaBroker, make_pipeline: MakePipeline
) -> None:
    with pytest.raises(PipelineStepFailed) as failed:
        make_pipeline("unknown").run(read_topic("unknown", broker.configuration))
    assert isinstance(cause(failed), NetworkException)
    assert "`unknown`" in str(cause(failed))
    nowhere = {"bootstrap.servers": "127.0.0.1:1", "log_level": 0}
    with pytest.raises(PipelineStepFailed) as failed:
        make_pipeline("nowhere").run(read_topic("orders", nowhere, timeout_seconds=1))
    assert isinstance(cause(failed), NetworkException)


class Worker:
    """The process that loads, started again and again in a folder."""

    def __init__(self, broker: KafkaBroker, folder: Path, disposition: str = "default") -> None:
        self._arguments = [broker.servers, str(folder), disposition]
        self._lake = folder / "lake" / "shop"
        self._working = folder / "working"

    def start(self, kill: str) -> subprocess.Popen[str]:
        """Starts it.

        Args:
            kill: As `kafka_worker` explains.
        """
        command = [sys.executable, str(WORKER), *self._arguments, kill]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def operations(self) -> int:
        """Lets it work to its end, and returns how many operations on files it did."""
        process = self.start("never")
        output, _ = process.communicate()
        assert process.returncode == 0
        return int(output)

    def is_killed(self, kill: str) -> bool:
        """Whether it died on the way."""
        process = self.start(kill)
        process.communicate()
        assert process.returncode in (0, -signal.SIGKILL)
        return process.returncode != 0

    def is_killed_behind(self, pattern: str) -> bool:
        """Kills it from outside as soon as the lake has a new file, and returns whether it died.

        Args:
            pattern: Glob of the file.
        """
        before = set(self._lake.glob(pattern))
        process = self.start("never")
        assert eventually(
            lambda: process.poll() is not None or set(self._lake.glob(pattern)) != before, 60
        )
        process.kill()
        process.communicate()
        assert process.returncode in (0, -signal.SIGKILL)
        return process.returncode != 0

    def lose_machine(self) -> None:
        """Loses all that is not in the lake."""
        shutil.rmtree(self._working)

    def table(self, name: str, *columns: str) -> list[tuple[Any, ...]]:
        """The rows of a Delta table, sorted."""
        table = DeltaTable(str(self._lake / name)).to_pyarrow_table()
        return sorted(zip(*(table.column(column).to_pylist() for column in columns)))


def check_exactly_once(worker: Worker, orders: Orders) -> None:
    produced = sorted(
        (*place, order["id"], order["customer"]["name"]) for place, order in orders.produced.items()
    )
    columns = ("_kafka_partition", "_kafka_offset", "id", "customer__name")
    assert worker.table("orders", *columns) == produced
    lines = sorted((line["sku"],) for order in orders.produced.values() for line in order["lines"])
    assert worker.table("orders__lines", "sku") == lines


NEW_FILES = (
    "orders/*.parquet",
    "orders/_delta_log/*.json",
    "orders__lines/*.parquet",
    "orders__lines/_delta_log/*.json",
    "_dlt_pipeline_state/*.jsonl",
    "_dlt_loads/*.jsonl",
)


def test_each_message_is_in_the_lake_once_though_the_process_is_killed_anywhere(
    broker: KafkaBroker, orders: Orders, tmp_path: Path
) -> None:
    kills = int(os.environ.get("DLT_JAVA_KILLS", 0)) or 7
    chance = random.Random(kills)
    worker = Worker(broker, tmp_path)
    orders.produce(100)
    operations = worker.operations()
    check_exactly_once(worker, orders)
    killed = 0
    while killed < kills:
        orders.produce(chance.randrange(1, 100))
        if chance.random() < 0.6:
            died = worker.is_killed(str(chance.randrange(1, operations)))
        else:
            died = worker.is_killed_behind(chance.choice(NEW_FILES))
        killed += died
        if died and chance.random() < 0.3:
            worker.lose_machine()
    worker.operations()
    check_exactly_once(worker, orders)


@pytest.mark.parametrize(("disposition", "times"), [("default", 1), ("append", 2)])
def test_rows_that_were_written_before_dlt_knew_it_are_not_written_again_unless_they_are_appended(
    disposition: str, times: int, broker: KafkaBroker, orders: Orders, tmp_path: Path
) -> None:
    orders.produce(3)
    worker = Worker(broker, tmp_path, disposition)
    # The table has the rows, and dlt is about to note that the job is done.
    assert worker.is_killed("*/.pending_transitions/orders.*.reference")
    assert worker.table("orders", "id") == [(0,), (1,), (2,)]
    worker.operations()
    assert worker.table("orders", "id") == sorted([(0,), (1,), (2,)] * times)
