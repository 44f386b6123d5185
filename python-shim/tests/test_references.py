# SPDX-License-Identifier: Apache-2.0
"""dlt finds the sources by their names, and fills their arguments from its configuration."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import dlt
import pytest
from comparison import assert_equal_schemas, assert_equal_tables
from conftest import MakePipeline
from dlt.common.configuration.exceptions import ConfigFieldMissingException
from dlt.extract.reference import SourceReference
from dlt.sources.rest_api import rest_api as dlts_rest_api
from dlt.sources.rest_api import rest_api_resources as dlts_rest_api_resources
from replica import Replica

from dlt_java import chess, rest_api

PLAYERS = ["magnuscarlsen", "hikaru"]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("dlt_java.chess", chess.source),
        ("dlt_java.chess.source", chess.source),
        ("dlt_java.rest_api", rest_api.rest_api),
        ("dlt_java.rest_api.rest_api", rest_api.rest_api),
        ("rest_api", dlts_rest_api),
    ],
)
def test_names_lead_to_sources(name: str, source: Any) -> None:
    found: Any = SourceReference.find(name)

    assert getattr(found, "_factory", found) is getattr(source, "_factory", source)


def test_a_source_by_its_name_takes_its_arguments_from_the_environment(
    replica: Replica, make_pipeline: MakePipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCES__CHESS__PLAYERS", json.dumps(PLAYERS))
    monkeypatch.setenv("SOURCES__CHESS__START_MONTH", "2022/11")
    monkeypatch.setenv("SOURCES__CHESS__END_MONTH", "2022/11")
    monkeypatch.setenv("SOURCES__CHESS__BASE_URL", replica.base_url)
    monkeypatch.setenv("SOURCES__CHESS__CALLBACK_URL", replica.callback_url)
    given = chess.source(
        PLAYERS, "2022/11", "2022/11", base_url=replica.base_url, callback_url=replica.callback_url
    )
    ours, explicit = make_pipeline("by_name"), make_pipeline("explicit")

    ours.run(SourceReference.from_reference("dlt_java.chess"))
    explicit.run(given)

    assert_equal_schemas(ours, explicit)
    assert_equal_tables(ours, explicit, frozenset({"check_time"}))


def test_a_missing_argument_is_named_with_the_places_to_put_it() -> None:
    with pytest.raises(ConfigFieldMissingException, match="SOURCES__CHESS__PLAYERS"):
        chess.source()


def test_a_rest_api_takes_its_secrets_from_the_environment(
    replica: Replica, make_pipeline: MakePipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCES__POSTS_API__BASE_URL", replica.rest_url)
    monkeypatch.setenv("SOURCES__POSTS_API__TOKEN", "s3cret")

    @dlt.source(name="posts", section="posts_api")
    def posts(make: Any, base_url: str = dlt.config.value, token: str = dlt.secrets.value) -> Any:
        auth = {"type": "bearer", "token": token}
        endpoint = {"path": "pages/posts", "paginator": "single_page"}
        resource = {"name": "posts", "endpoint": endpoint}
        return make({"client": {"base_url": base_url, "auth": auth}, "resources": [resource]})

    ours, theirs = make_pipeline("ours"), make_pipeline("theirs")
    ours.run(posts(rest_api.rest_api_resources))
    theirs.run(posts(dlts_rest_api_resources))

    headers = [request.headers["authorization"] for request in replica.requests()]
    assert headers == ["Bearer s3cret"] * 2
    assert_equal_schemas(ours, theirs)
    assert_equal_tables(ours, theirs)


def test_programs_that_only_have_the_plugin_do_not_wait_for_pyarrow() -> None:
    program = (
        "import sys, dlt_java.sources, dlt_java\n"
        "assert not {'pyarrow', 'dlt'} & sys.modules.keys()\n"
        "assert set(dlt_java.__all__) <= set(dir(dlt_java))\n"
        "for name in dlt_java.__all__:\n"
        "    assert getattr(dlt_java, name).__name__ == name\n"
        "assert not hasattr(dlt_java, 'sources_of_another')\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
