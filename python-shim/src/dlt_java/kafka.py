# SPDX-License-Identifier: Apache-2.0
"""Kafka topics as dlt resources: each message is in its table exactly once.

Needs confluent-kafka (`pip install "dlt-java[kafka]"`).
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any, Callable, Optional, Union

import dlt
from dlt.common.exceptions import MissingDependencyException
from dlt.extract import DltResource

from dlt_java._running import raise_if_signalled
from dlt_java.exceptions import (
    ConnectionFailedException,
    DataException,
    NetworkException,
    TimedOutException,
)
from dlt_java.options import SourceOptions
from dlt_java.resource import rows, with_nested_tables

try:
    from confluent_kafka import (
        TIMESTAMP_NOT_AVAILABLE,
        Consumer,
        KafkaError,
        KafkaException,
        Message,
        TopicCollection,
        TopicPartition,
    )
    from confluent_kafka.admin import AdminClient, TopicDescription
except ModuleNotFoundError as missing:
    raise MissingDependencyException("dlt_java.kafka", ["dlt-java[kafka]"]) from missing

ReadValue = Callable[[Message], Optional[Union[bytes, str]]]
"""Makes the JSON text of a message's record, `None` if it has none."""

_KEY = ("_kafka_topic", "_kafka_partition", "_kafka_offset")
"""What tells a message from all others."""

_COLUMNS: dict[str, Any] = {
    "_kafka_topic": {"data_type": "text"},
    "_kafka_partition": {"data_type": "bigint"},
    "_kafka_offset": {"data_type": "bigint"},
    "_kafka_timestamp": {"data_type": "timestamp"},
    "_kafka_key": {"data_type": "text"},
}

_READING: Mapping[str, Any] = {
    "enable.auto.commit": False,
    "enable.partition.eof": True,
    # Messages that are gone are an error, not something to step over.
    "auto.offset.reset": "error",
}

_JSON_SPACE = b" \t\r\n"
_MESSAGES_AT_A_TIME = 1000
_POLL_SECONDS = 0.1
"""Longest time in librdkafka, which Python's signals wait for."""


def read_topic(
    topic: str,
    configuration: Mapping[str, Any],
    name: str | None = None,
    *,
    value: ReadValue | None = None,
    max_messages: int | None = None,
    skip_deleted: bool = False,
    timeout_seconds: float = 60.0,
    **hints: Any,
) -> DltResource:
    """A dlt resource of the messages of a Kafka topic whose values are JSON objects.

    A run reads from where the last one ended to the ends of all partitions, as they are when it
    begins. A row has the columns `_kafka_topic`, `_kafka_partition`, `_kafka_offset`,
    `_kafka_timestamp` and `_kafka_key` besides those of the value, which cannot replace them.

    The offsets are in the resource's state, which dlt stores in the destination behind the rows,
    and no consumer group is joined. A process that dies leaves rows without state, at the worst;
    they are read again, and the default write disposition, merge with the strategy `insert-only`
    and the primary key topic, partition and offset, leaves out those that are there.

    Args:
        topic: Name of the topic.
        configuration: Properties of librdkafka, such as `bootstrap.servers`. Those that decide
            what is read (`enable.auto.commit`, `enable.partition.eof`, `auto.offset.reset`) are
            set here.
        name: Name of the resource, and of its table unless the hints name another; the topic's if
            absent.
        value: Makes the JSON object of a message, such as `lambda message: message.value()[5:]`;
            its value as it is if absent. A message for which there is none, such as a tombstone,
            has a row with only the columns of Kafka.
        max_messages: Most messages of a run; all if absent.
        skip_deleted: Whether to go on behind messages that Kafka deleted before they were read,
            instead of failing.
        timeout_seconds: Longest wait for an answer of the brokers, and for the next message.
        **hints: Keyword arguments of `dlt.resource`, such as `table_format` and `columns`.

    Raises:
        DataException: While it is read: a value is not one JSON object, messages were deleted
            before they were read, or the topic is another than before.
        NetworkException: While it is read: the brokers cannot be reached, or refuse.

    Example:
        >>> servers = {"bootstrap.servers": "localhost:9092"}
        >>> pipeline.run(read_topic("orders", servers, table_format="delta"))  # doctest: +SKIP
    """

    def messages() -> Iterator[Any]:
        reader: _TopicReader | None = None
        try:
            found = _describe(configuration, topic, timeout_seconds)
            offsets = _offsets(dlt.current.resource_state(), found)
            reader = _TopicReader(configuration, found, offsets, timeout_seconds)
            texts = reader.texts(value or Message.value, max_messages, skip_deleted)
            options = SourceOptions((), name or topic, pushed=True)
            yield from rows(options, reader.delivered, texts=texts)
            reader.delivered_all()
        except DataException as error:
            if reader is None:
                raise
            raise reader.placed(error) from error
        except KafkaException as error:
            raise _network_error(topic, error.args[0]) from error
        finally:
            if reader is not None:
                reader.close()

    columns = hints.pop("columns", None)
    chosen: dict[str, Any] = {
        "write_disposition": {"disposition": "merge", "strategy": "insert-only"},
        "primary_key": _KEY,
        **hints,
    }
    resource = dlt.resource(messages, name=name or topic, columns=_COLUMNS, **chosen)
    if columns is not None:
        resource.apply_hints(columns=columns)
    return with_nested_tables(resource)


class _TopicReader:
    """Reads a topic to its present ends, and remembers what was handed to dlt.

    One thread uses it. Texts are numbered in the order in which they are read.
    """

    def __init__(
        self,
        configuration: Mapping[str, Any],
        topic: TopicDescription,
        offsets: dict[str, int],
        timeout_seconds: float,
    ) -> None:
        """Reads nothing yet.

        Args:
            configuration: As in `read_topic`.
            topic: The topic.
            offsets: Partition to the offset of the next message, in dlt's state.
            timeout_seconds: As in `read_topic`.
        """
        # librdkafka wants a group, but only the offsets that are asked for go there: none.
        self._consumer = Consumer({"group.id": "dlt-java", **configuration, **_READING})
        self._topic = topic.name
        self._partitions = sorted(partition.id for partition in topic.partitions)
        self._offsets = offsets
        self._timeout_seconds = timeout_seconds
        self._delivered = 0
        # Of each text that was read and not yet delivered: its partition and offset.
        self._under_way: deque[tuple[int, int]] = deque()
        # Partitions that are read to their end, and what is behind it: not always a message.
        self._ends: dict[int, int] = {}

    def texts(
        self, value: ReadValue, max_messages: int | None, skip_deleted: bool
    ) -> Iterator[bytes]:
        """Yields the messages as JSON texts with the columns of Kafka; reads while it is read."""
        ends = self._assign(skip_deleted)
        count = 0
        deadline = time.monotonic() + self._timeout_seconds
        while ends and (max_messages is None or count < max_messages):
            raise_if_signalled()
            messages = self._consumer.consume(_MESSAGES_AT_A_TIME, _POLL_SECONDS)
            if messages:
                deadline = time.monotonic() + self._timeout_seconds
            elif time.monotonic() > deadline:
                raise TimedOutException(
                    f"No message of the topic `{self._topic}` came in"
                    f" {self._timeout_seconds:g} s, though partitions {sorted(ends)} have more."
                )
            for message in messages:
                partition, offset = message.partition(), message.offset()
                error = message.error()
                if error is not None and error.code() != KafkaError._PARTITION_EOF:
                    if error.retriable():
                        continue
                    raise _network_error(self._topic, error)
                if partition not in ends or partition is None or offset is None:
                    continue
                if error is not None:
                    # The last offsets may be marks of transactions, which are no messages.
                    self._ends[partition] = offset
                    del ends[partition]
                    continue
                if offset < ends[partition]:
                    text = self._text(message, value)
                    self._under_way.append((partition, offset))
                    yield text
                    count += 1
                if offset + 1 >= ends[partition]:
                    del ends[partition]
                    self._consumer.pause([TopicPartition(self._topic, partition)])
                if count == max_messages:
                    break

    def delivered(self, count: int) -> None:
        """Remembers that the rows of the first texts were handed to dlt.

        Args:
            count: How many texts.
        """
        while self._delivered < count:
            partition, offset = self._under_way.popleft()
            self._offsets[str(partition)] = offset + 1
            self._delivered += 1

    def delivered_all(self) -> None:
        """Remembers that the rows of all texts were handed to dlt."""
        self.delivered(self._delivered + len(self._under_way))
        self._offsets.update({str(partition): end for partition, end in self._ends.items()})

    def placed(self, error: DataException) -> DataException:
        """The error with the message it is about, if it is about one.

        Args:
            error: What the library says of the text with a number.
        """
        word, _, number = (error.url or "").partition(" ")
        index = int(number) - self._delivered if word == "text" and number.isdigit() else -1
        if not 0 <= index < len(self._under_way):
            return error
        return _data_error(self._topic, *self._under_way[index], str(error), error)

    def close(self) -> None:
        """Closes the connections."""
        self._consumer.close()

    def _assign(self, skip_deleted: bool) -> dict[int, int]:
        """Partitions with messages that were not read, and the offset behind their last one."""
        ends: dict[int, int] = {}
        begins: list[TopicPartition] = []
        for partition in self._partitions:
            watermarks = self._consumer.get_watermark_offsets(
                TopicPartition(self._topic, partition), self._timeout_seconds
            )
            if watermarks is None:
                raise TimedOutException(
                    f"Kafka did not say in {self._timeout_seconds:g} s where partition {partition}"
                    f" of the topic `{self._topic}` begins and ends."
                )
            low, high = watermarks
            begin = self._offsets.get(str(partition), low)
            if begin < low and not skip_deleted:
                raise DataException(
                    f"Kafka deleted {low - begin} offsets of the topic `{self._topic}`, partition"
                    f" {partition}, before they were read: {begin} to {low - 1}. To go on with the"
                    " messages that are left, pass skip_deleted=True."
                )
            if max(begin, low) < high:
                ends[partition] = high
                begins.append(TopicPartition(self._topic, partition, max(begin, low)))
        if begins:
            self._consumer.assign(begins)
        return ends

    def _text(self, message: Message, value: ReadValue) -> bytes:
        columns = _kafka_columns(message)
        text = value(message)
        if text is None:
            return b"{" + columns + b"}"
        encoded = text.encode() if isinstance(text, str) else bytes(text)
        record = encoded.strip(_JSON_SPACE)
        if not (record.startswith(b"{") and record.endswith(b"}")):
            partition, offset = message.partition(), message.offset()
            assert partition is not None and offset is not None
            raise _data_error(
                self._topic,
                partition,
                offset,
                "the value is not a JSON object. The argument `value` of `read_topic` can make"
                " one of it, or `None` for a row without it",
            )
        # As the last ones: of equal keys the last counts. A text that is not one object has a
        # record without them, or is no JSON, and is refused for that.
        members = record[:-1].rstrip(_JSON_SPACE)
        return members + (b"" if members == b"{" else b",") + columns + b"}"


def _kafka_columns(message: Message) -> bytes:
    kind, milliseconds = message.timestamp()
    columns: dict[str, Any] = {
        "_kafka_topic": message.topic(),
        "_kafka_partition": message.partition(),
        "_kafka_offset": message.offset(),
        "_kafka_timestamp": None,
        "_kafka_key": None,
    }
    if kind != TIMESTAMP_NOT_AVAILABLE:
        moment = datetime.fromtimestamp(milliseconds / 1000, timezone.utc)
        columns["_kafka_timestamp"] = moment.isoformat(timespec="milliseconds")
    key = message.key()
    if key is not None:
        text = key if isinstance(key, str) else key.decode(errors="backslashreplace")
        columns["_kafka_key"] = text
    return json.dumps(columns)[1:-1].encode()


def _describe(
    configuration: Mapping[str, Any], topic: str, timeout_seconds: float
) -> TopicDescription:
    # Without its warnings of properties that only consumers know.
    client = AdminClient({**configuration, "log_level": 3})
    described = client.describe_topics(TopicCollection([topic]), request_timeout=timeout_seconds)
    found: TopicDescription = described[topic].result()
    return found


def _offsets(state: dict[str, Any], topic: TopicDescription) -> dict[str, int]:
    """The part of a resource's state with the next offsets of a topic's partitions."""
    known = state.setdefault("topics", {}).setdefault(
        topic.name, {"id": str(topic.topic_id), "offsets": {}}
    )
    if known["id"] != str(topic.topic_id):
        raise DataException(
            f"The topic `{topic.name}` is not the one that was read before: it was made anew, or"
            " belongs to another cluster, so that its offsets mean other messages. Load it with"
            " another name of the resource, or drop what was loaded: refresh='drop_resources'."
        )
    offsets: dict[str, int] = known["offsets"]
    return offsets


def _network_error(topic: str, error: KafkaError) -> NetworkException:
    kind: type[NetworkException] = NetworkException
    if error.code() in (KafkaError._TRANSPORT, KafkaError._ALL_BROKERS_DOWN, KafkaError._RESOLVE):
        kind = ConnectionFailedException
    elif error.code() in (KafkaError._TIMED_OUT, KafkaError.REQUEST_TIMED_OUT):
        kind = TimedOutException
    return kind(f"Kafka topic `{topic}`: {error.str()} ({error.name()}).")


def _data_error(
    topic: str, partition: int, offset: int, problem: str, error: DataException | None = None
) -> DataException:
    return DataException(
        f"Message {offset} of the topic `{topic}`, partition {partition}: {problem}",
        code=0 if error is None else error.code,
        byte_offset=None if error is None else error.byte_offset,
        row=None if error is None else error.row,
        column=None if error is None else error.column,
    )
