"""Bad input: one family of exceptions that name the place, and nothing half-loaded."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import STORE_PASSWORD, MakePipeline
from replica import Replica

from dlt_java import (
    ConnectionFailedException,
    DataException,
    DltJavaException,
    NetworkException,
    OptionsException,
    Request,
    Source,
    SourceOptions,
    TimedOutException,
    chess,
)


def failure(error: BaseException) -> DltJavaException:
    """Our exception, below those with which dlt says where in the pipeline it happened."""
    found: BaseException | None = error
    while found is not None and not isinstance(found, DltJavaException):
        found = found.__cause__ or found.__context__
    assert found is not None, repr(error)
    return found


def load(pipeline: Any, replica: Replica, *resources: str) -> DltJavaException:
    """Loads and returns how it failed; checks that nothing was loaded."""
    source = chess.source(
        ["magnuscarlsen", "hikaru"], base_url=replica.base_url, callback_url=replica.callback_url
    )
    with pytest.raises(Exception) as raised:
        pipeline.run(source.with_resources(*resources))
    assert_nothing_loaded(pipeline)
    return failure(raised.value)


def assert_nothing_loaded(pipeline: Any) -> None:
    assert pipeline.list_normalized_load_packages() == []
    database = Path(pipeline.pipelines_dir).parent / f"{pipeline.pipeline_name}.duckdb"
    if database.exists():
        with duckdb.connect(str(database)) as connection:
            tables = connection.sql("SELECT table_name FROM information_schema.tables").fetchall()
        assert not [table for (table,) in tables if table.startswith("players_")]


PROFILE = "/pub/player/hikaru"
FAULTS: list[tuple[str, type[DltJavaException], int]] = [
    ("html", DataException, 201),
    ("empty", DataException, 201),
    ("truncate", DataException, 201),
    ("invalid-utf8", DataException, 202),
    ("refuse", ConnectionFailedException, 301),
    ("status code=500", NetworkException, 304),
    ("status code=403", NetworkException, 304),
    ("cut", NetworkException, 305),
    ("reset", NetworkException, 0),
]


@pytest.mark.parametrize(("fault", "kind", "code"), FAULTS)
def test_a_fault_names_its_place(
    replica: Replica,
    make_pipeline: MakePipeline,
    fault: str,
    kind: type[DltJavaException],
    code: int,
) -> None:
    replica.faults(f"{PROFILE} always {fault}")

    error = load(make_pipeline("broken"), replica, "players_profiles", "players_online_status")

    assert type(error) is kind or (code == 0 and isinstance(error, kind))
    assert error.code == code or code == 0
    assert error.url == f"{replica.base_url}player/hikaru"
    if kind is DataException:
        assert error.byte_offset is not None
    if code == 304:
        assert error.http_status == int(fault[-3:])


def test_a_player_that_does_not_exist(replica: Replica, make_pipeline: MakePipeline) -> None:
    source = chess.source(["nobody at all"], base_url=replica.base_url)
    with pytest.raises(Exception) as raised:
        make_pipeline("broken").run(source.with_resources("players_profiles"))

    error = failure(raised.value)
    assert type(error) is NetworkException
    assert error.http_status == 404
    assert error.url == f"{replica.base_url}player/nobody%20at%20all"


def test_a_document_without_the_field_asked_for(
    replica: Replica, make_pipeline: MakePipeline
) -> None:
    replica.serve("/callback/user/popup/hikaru", b'{"onlineStatus": "online"}')

    error = load(make_pipeline("broken"), replica, "players_online_status")

    assert type(error) is DataException
    assert error.code == 204
    assert "lastLoginDate" in str(error) or error.column == "lastLoginDate"


def test_no_answer_in_time(
    replica: Replica, make_pipeline: MakePipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNTIME__REQUEST_TIMEOUT", "0.2")
    replica.faults(f"{PROFILE} always stall")

    error = load(make_pipeline("broken"), replica, "players_profiles")

    assert type(error) is TimedOutException
    assert isinstance(error, TimeoutError)
    assert error.url == f"{replica.base_url}player/hikaru"


def test_nobody_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        options = SourceOptions([Request(url)], "rows", max_attempts=1)

        with Source(options) as source, pytest.raises(ConnectionError) as raised:
            next(source)

    assert isinstance(raised.value, ConnectionFailedException)
    assert raised.value.url == url


def test_an_unknown_host() -> None:
    options = SourceOptions([Request("http://no-such-host.invalid/")], "rows", max_attempts=1)

    with Source(options) as source, pytest.raises(ConnectionFailedException, match="no-such-host"):
        next(source)


def test_wrong_options_name_the_key() -> None:
    with pytest.raises(OptionsException, match="concurrency") as raised:
        Source(SourceOptions([Request("http://127.0.0.1/")], "rows", concurrency=0))
    assert isinstance(raised.value, ValueError)


def test_later_pages_fail_after_earlier_ones_were_taken(
    replica: Replica, make_pipeline: MakePipeline
) -> None:
    replica.faults("/pub/player/hikaru/games/2022/12 always truncate")
    pipeline = make_pipeline("broken")

    error = load(pipeline, replica, "players_games")

    assert error.code == 201
    # What was fetched is forgotten with what was not, so that the next run loads both.
    resources: Any = pipeline.state.get("sources", {}).get("chess", {}).get("resources", {})
    assert not resources.get("players_games", {}).get("archives")
    replica.reset()
    source = chess.source(["hikaru"], base_url=replica.base_url)
    assert pipeline.run(source.with_resources("players_games")).load_packages


def test_a_try_after_a_fault(replica: Replica, make_pipeline: MakePipeline) -> None:
    replica.faults(f"{PROFILE} 1 status code=503")
    pipeline = make_pipeline("mended")

    pipeline.run(
        chess.source(["hikaru"], base_url=replica.base_url).with_resources("players_profiles")
    )

    assert replica.log().count(PROFILE) == 2


def test_tls_trusts_what_the_environment_names(
    certificate: tuple[Path, Path],
    make_pipeline: MakePipeline,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store, pem = certificate
    with Replica(["--tls", str(store), "--tls-password", STORE_PASSWORD]) as replica:
        pipeline = make_pipeline("tls")

        error = load(pipeline, replica, "players_profiles")
        assert type(error) is NetworkException
        assert error.code == 302
        assert error.url is not None
        assert error.url.startswith(replica.base_url)

        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pem))
        source = chess.source(["hikaru"], base_url=replica.base_url)
        pipeline.run(source.with_resources("players_profiles"))

    with pipeline.sql_client() as client:
        assert client.execute_sql("SELECT username FROM players_profiles") == [("hikaru",)]


def test_tls_to_a_server_without_it(replica: Replica, certificate: tuple[Path, Path]) -> None:
    url = replica.base_url.replace("http:", "https:")
    options = SourceOptions(
        [Request(url)], "rows", ca_file=str(certificate[1]), max_attempts=1, timeout_seconds=5
    )

    with Source(options) as source, pytest.raises(NetworkException) as raised:
        next(source)

    assert raised.value.url == url
