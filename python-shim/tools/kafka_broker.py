# SPDX-License-Identifier: Apache-2.0
"""An Apache Kafka broker of one node, in a Java process of its own."""

from __future__ import annotations

import base64
import os
import socket
import subprocess
import uuid
from contextlib import AbstractContextManager
from pathlib import Path

from confluent_kafka import KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic
from replica import java_home

_START_SECONDS = 60.0
# Clients that are there before the broker or after it have only that to log.
_SILENT = {"log_level": 0}


def broker_classpath() -> str:
    """The class path of Kafka's broker, which Maven resolves."""
    file = os.environ.get("DLT_JAVA_KAFKA_CLASSPATH")
    target = Path(__file__).resolve().parents[1] / "target"
    return (Path(file) if file else target / "kafka-broker.classpath").read_text().strip()


class KafkaBroker(AbstractContextManager["KafkaBroker"]):
    """A running broker on loopback; ends with its context."""

    def __init__(self, folder: Path) -> None:
        """Starts it and waits until it answers.

        Args:
            folder: An empty folder for its configuration, log and data.
        """
        broker, controller = _free_ports()
        self.servers = f"127.0.0.1:{broker}"
        properties = folder / "server.properties"
        properties.write_text(_PROPERTIES.format(broker=broker, controller=controller, data=folder))
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        storage = ["kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(properties)]
        subprocess.run([*_java(), *storage], check=True, capture_output=True)
        self._log = (folder / "broker.log").open("w")
        self._process = subprocess.Popen(
            [*_java(), "kafka.Kafka", str(properties)], stdout=self._log, stderr=subprocess.STDOUT
        )
        try:
            # Asks again until the broker listens.
            self._admin = AdminClient({**self.configuration, **_SILENT})
            self._admin.list_topics(timeout=_START_SECONDS)
        except KafkaException:
            self.close()
            raise RuntimeError((folder / "broker.log").read_text()) from None

    @property
    def configuration(self) -> dict[str, str]:
        """Properties of a client of this broker."""
        return {"bootstrap.servers": self.servers}

    def create_topic(self, topic: str, partitions: int = 1, **settings: str) -> None:
        """Makes a topic, and waits for it.

        Args:
            topic: Its name.
            partitions: How many it has.
            **settings: Its settings, `_` for each dot.
        """
        config = {name.replace("_", "."): value for name, value in settings.items()}
        new = NewTopic(topic, partitions, 1, config=config)
        self._admin.create_topics([new])[topic].result()

    def delete_topic(self, topic: str) -> None:
        """Deletes a topic, and waits until it is gone."""
        self._admin.delete_topics([topic])[topic].result()

    def delete_messages(self, end: TopicPartition) -> None:
        """Deletes the messages of a partition before an offset, and waits for it."""
        self._admin.delete_records([end])[end].result()

    def topics(self) -> set[str]:
        """Names of all topics."""
        return set(self._admin.list_topics(timeout=_START_SECONDS).topics)

    def producer(self, **settings: str) -> Producer:
        """A producer whose `flush` waits for the broker.

        Args:
            **settings: Properties of librdkafka, `_` for each dot.
        """
        config = {name.replace("_", "."): value for name, value in settings.items()}
        return Producer({**self.configuration, **_SILENT, **config})

    def close(self) -> None:
        """Ends the broker."""
        # It has nothing to save.
        self._process.kill()
        self._process.wait()
        self._log.close()

    def __exit__(self, *exception: object) -> None:
        self.close()


_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{broker},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{broker}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={data}/data
auto.create.topics.enable=false
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
"""


def _java() -> list[str]:
    # Quick to start rather than quick later on.
    options = ["-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", broker_classpath()]
    return [str(java_home() / "bin" / "java"), *options]


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]
