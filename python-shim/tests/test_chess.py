"""Our chess source against plain dlt: same schema, DuckDB tables, requests and state."""

from __future__ import annotations

import datetime
import json
from typing import Any

import dlt
import pyarrow as pa
import pytest
import reference_chess
from comparison import assert_equal_schemas, assert_equal_tables, schema_tables
from conftest import MakePipeline
from dlt.extract import DltSource
from replica import Replica

from dlt_java import chess

PLAYERS = ["magnuscarlsen", "hikaru", "vincentkeymer"]
ALL = ["players_profiles", "players_archives", "players_games", "players_online_status"]
# When a popup was read.
WALL_CLOCK = frozenset({"check_time"})

Months = tuple[Any, Any]


def ours(replica: Replica, players: list[str] = PLAYERS, months: Any = (None, None)) -> DltSource:
    return chess.source(
        players, *months, base_url=replica.base_url, callback_url=replica.callback_url
    )


def theirs(replica: Replica, players: list[str] = PLAYERS, months: Any = (None, None)) -> DltSource:
    return reference_chess.source(
        players, *months, base_url=replica.base_url, callback_url=replica.callback_url
    )


def run(pipeline: dlt.Pipeline, source: DltSource, *resources: str) -> Any:
    return pipeline.run(source.with_resources(*resources) if resources else source)


def assert_equal(actual: dlt.Pipeline, expected: dlt.Pipeline) -> None:
    assert_equal_schemas(actual, expected)
    assert_equal_tables(actual, expected, WALL_CLOCK)
    assert archives(actual) == archives(expected)


def archives(pipeline: dlt.Pipeline) -> Any:
    resources: Any = pipeline.state.get("sources", {}).get("chess", {}).get("resources", {})
    return resources.get("players_games", {}).get("archives")


@pytest.mark.parametrize(
    "months",
    [(None, None), ("2022/11", None), (None, "2022/10"), ("2022/10", "2022/11"), ("2023/01", None)],
)
def test_all_resources_load_what_plain_dlt_loads(
    replica: Replica, make_pipeline: MakePipeline, months: Any
) -> None:
    actual, expected = make_pipeline("actual"), make_pipeline("expected")

    run(actual, ours(replica, months=months), *ALL)
    run(expected, theirs(replica, months=months), *ALL)

    assert_equal(actual, expected)
    assert "players_profiles__streaming_platforms" in schema_tables(actual)


def test_archives_are_not_selected(replica: Replica, make_pipeline: MakePipeline) -> None:
    pipeline = make_pipeline("actual")

    run(pipeline, ours(replica, months=("2022/12", None)))

    assert "players_archives" not in schema_tables(pipeline)


def test_names_hints_and_dispositions(replica: Replica) -> None:
    actual, expected = ours(replica), theirs(replica)

    assert actual.name == expected.name == "chess"
    assert list(actual.resources) == list(expected.resources)
    for name in expected.resources:
        resource = actual.resources[name]
        assert resource.selected == expected.resources[name].selected
        assert resource.compute_table_schema() == expected.resources[name].compute_table_schema()


def test_a_second_run_fetches_and_loads_no_games(
    replica: Replica, make_pipeline: MakePipeline
) -> None:
    pipeline = make_pipeline("actual")
    run(pipeline, ours(replica, months=("2022/11", "2022/12")), "players_games")
    assert any("/games/2022/" in target for target in replica.log())
    replica.reset()

    info = run(pipeline, ours(replica, months=("2022/11", "2022/12")), "players_games")

    assert info.load_packages == []
    assert not any("/games/2022/" in target for target in replica.log())


def test_repeated_runs_append_and_replace(replica: Replica, make_pipeline: MakePipeline) -> None:
    actual, expected = make_pipeline("actual"), make_pipeline("expected")

    for months in (("2022/09", "2022/10"), ("2022/09", "2022/10"), ("2022/09", "2022/12")):
        run(actual, ours(replica, months=months), *ALL)
        run(expected, theirs(replica, months=months), *ALL)

    assert_equal(actual, expected)


def test_a_replaced_profile_drops_its_child_rows(
    replica: Replica, make_pipeline: MakePipeline
) -> None:
    actual, expected = make_pipeline("actual"), make_pipeline("expected")

    run(actual, ours(replica), "players_profiles")
    run(expected, theirs(replica), "players_profiles")
    replica.serve("/pub/player/hikaru", b'{"username": "hikaru", "joined": 1389043258}')
    run(actual, ours(replica, ["hikaru"]), "players_profiles")
    run(expected, theirs(replica, ["hikaru"]), "players_profiles")

    assert_equal(actual, expected)


def test_a_table_loaded_by_plain_dlt_goes_on(replica: Replica, make_pipeline: MakePipeline) -> None:
    actual, expected = make_pipeline("actual"), make_pipeline("expected")

    run(actual, theirs(replica, months=(None, "2022/10")), *ALL)
    run(actual, ours(replica), *ALL)
    run(expected, theirs(replica, months=(None, "2022/10")), *ALL)
    run(expected, theirs(replica), *ALL)

    assert_equal(actual, expected)


@pytest.mark.parametrize("missing", ["/pub/player/hikaru/games/2022/10", "/pub/player/*/games/20*"])
def test_archives_that_are_not_found_are_skipped(
    replica: Replica, make_pipeline: MakePipeline, missing: str
) -> None:
    replica.faults(f"{missing} always status code=404")
    actual, expected = make_pipeline("actual"), make_pipeline("expected")

    run(actual, ours(replica), "players_games")
    run(expected, theirs(replica), "players_games")

    assert_equal(actual, expected)


def test_values_whose_type_changes(replica: Replica, make_pipeline: MakePipeline) -> None:
    games: list[dict[str, Any]] = [
        {"url": "a", "accuracies": {"white": 81, "black": 75.5}, "rated": True},
        {"url": "b", "accuracies": {"white": 90.25, "black": 80}, "rated": None},
        {"url": "c", "accuracies": {"white": "n/a"}, "rated": "yes", "end_time": 1668000000},
        {"url": "d", "tags": ["x", None, 3], "end_time": "2022-11-09T13:20:00Z"},
        {"url": 5, "tags": [], "accuracies": {}, "white": {"username": "Ünal \U0001f600"}},
    ]
    replica.serve("/pub/player/hikaru/games/2022/11", json.dumps({"games": games}).encode())
    actual, expected = make_pipeline("actual"), make_pipeline("expected")

    run(actual, ours(replica, ["hikaru"], ("2022/11", "2022/12")), "players_games")
    run(expected, theirs(replica, ["hikaru"], ("2022/11", "2022/12")), "players_games")

    assert_equal(actual, expected)


@pytest.mark.parametrize("body", [b'{"archives": []}', b"{}"])
def test_a_player_without_archives(
    replica: Replica, make_pipeline: MakePipeline, body: bytes
) -> None:
    replica.serve("/pub/player/hikaru/games/archives", body)
    actual, expected = make_pipeline("actual"), make_pipeline("expected")

    run(actual, ours(replica, ["hikaru"]), "players_games", "players_archives")
    run(expected, theirs(replica, ["hikaru"]), "players_games", "players_archives")

    assert_equal(actual, expected)


def test_the_check_time_is_now(replica: Replica, make_pipeline: MakePipeline) -> None:
    pipeline = make_pipeline("actual")
    before = datetime.datetime.now(datetime.timezone.utc)

    run(pipeline, ours(replica), "players_online_status")

    after = datetime.datetime.now(datetime.timezone.utc)
    with pipeline.sql_client() as client:
        times = client.execute_sql("SELECT check_time FROM players_online_status") or []
    assert len(times) == len(PLAYERS)
    # DuckDB keeps microseconds, the clock has more.
    slack = datetime.timedelta(seconds=1)
    assert all(before - slack <= time[0] <= after + slack for time in times)


@pytest.mark.parametrize("month", ["2022-11", "11/2022"])
def test_a_month_in_another_format_is_refused(
    replica: Replica, make_pipeline: MakePipeline, month: str
) -> None:
    with pytest.raises(Exception, match=month):
        run(make_pipeline("actual"), ours(replica, months=(month, None)), "players_games")


def test_a_limit_counts_batches(replica: Replica, make_pipeline: MakePipeline) -> None:
    pipeline = make_pipeline("actual")

    pipeline.run(ours(replica).with_resources("players_profiles").add_limit(1))

    assert "players_profiles" in schema_tables(pipeline)


def test_resources_are_iterable_without_a_pipeline(replica: Replica) -> None:
    batches = list(ours(replica).resources["players_profiles"])

    root = batches[0]
    assert isinstance(root, pa.RecordBatch)
    root.validate(full=True)
    assert root.column("username").to_pylist() == PLAYERS
    assert not [name for name in root.schema.names if name.startswith("_dlt_")]
