"""The password for a Kafka cluster shows up nowhere when the cluster cannot be reached."""

from __future__ import annotations

import logging
from pathlib import Path

import dlt
import pytest
from conftest import MakePipeline
from test_secrets import SECRET, files, found, told

from dlt_java.kafka import read_topic


@pytest.mark.parametrize("change", [{}, {"sasl.mechanism": "none"}, {"no.such.property": "1"}])
def test_a_cluster_that_is_not_there_is_named_without_the_password(
    make_pipeline: MakePipeline,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    change: dict[str, str],
) -> None:
    caplog.set_level(logging.DEBUG)
    configuration = {
        "bootstrap.servers": "127.0.0.1:9",
        "security.protocol": "SASL_PLAINTEXT",
        "sasl.mechanism": "PLAIN",
        "sasl.username": "user",
        "sasl.password": SECRET,
        **change,
    }
    resource: dlt.sources.DltResource = read_topic("orders", configuration, timeout_seconds=1)
    pipeline = make_pipeline("secrets")

    with pytest.raises(Exception) as raised:
        pipeline.run(resource)

    output = capfd.readouterr()
    texts = [output.out, output.err, caplog.text, repr(resource), str(pipeline.last_trace)]
    seen = [text.encode() for text in [*texts, *told(raised.value)]]
    assert found(b"\n".join([*seen, *files(tmp_path)])) == []
