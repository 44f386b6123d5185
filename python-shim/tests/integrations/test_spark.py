# SPDX-License-Identifier: Apache-2.0
"""The data source of Spark on a cluster of two executors, compared with dlt on one machine."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pyspark
import pytest
from conftest import MakePipeline, eventually
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructType
from replica import Replica, java_home

import dlt_java
from dlt_java import OptionsException, chess, read_json
from dlt_java.rest_api import rest_api_source
from dlt_java.spark import DltJavaDataSource

EXECUTORS = 2
PLAYERS = ["magnuscarlsen", "hikaru", "fabianocaruana"]


@pytest.fixture(scope="module")
def running_spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    folder = tmp_path_factory.mktemp("spark")
    python_path = str(Path(dlt_java.__file__).resolve().parents[1])
    environment = {
        "JAVA_HOME": str(java_home()),
        "SPARK_HOME": str(Path(pyspark.__file__).parent),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_WORKER_DIR": str(folder / "work"),
        "PYSPARK_PYTHON": sys.executable,
        "PYTHONPATH": os.pathsep.join([python_path, os.environ.get("PYTHONPATH", "")]),
        # Names that are relative to the folder of the tests.
        **{
            name: str(Path(value).resolve())
            for name, value in os.environ.items()
            if name.startswith("DLT_JAVA_") and Path(value).exists()
        },
        "RUNTIME__DLTHUB_TELEMETRY": "false",
        "RUNTIME__REQUEST_BACKOFF_FACTOR": "0",
        "RUNTIME__REQUEST_MAX_ATTEMPTS": "2",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        builder = (
            SparkSession.builder.master(f"local-cluster[{EXECUTORS},1,1024]")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.ui.enabled", "false")
            .config("spark.task.maxFailures", "1")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.local.dir", str(folder / "local"))
            .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
        )
        for name in ("PYTHONPATH", "DLT_JAVA_LIBRARY"):
            if name in environment:
                builder = builder.config(f"spark.executorEnv.{name}", environment[name])
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        session.dataSource.register(DltJavaDataSource)
        yield session
        session.stop()


@pytest.fixture
def spark(running_spark: SparkSession, replica: Replica) -> SparkSession:
    return running_spark


def read(spark: SparkSession, schema: str | StructType | None = None, **options: Any) -> DataFrame:
    reader = spark.read.format("dlt_java").options(**options)
    return (reader if schema is None else reader.schema(schema)).load()


def one_machine(
    make_pipeline: MakePipeline, data: Any, *tables: str
) -> list[tuple[Counter[Any], StructType]]:
    """The rows that dlt loads into DuckDB, and the schema of each table."""
    pipeline = make_pipeline("one_machine")
    pipeline.run(data)
    with pipeline.sql_client() as client:
        loaded = [
            client.native_connection.sql(f"FROM chess_data.{table}").to_arrow_table()
            for table in tables
        ]
    return [(rows(table.to_pylist()), from_arrow_schema(table.schema)) for table in loaded]


def rows(dictionaries: Any) -> Counter[Any]:
    """Rows without what is made anew by each load."""
    return Counter(
        json.dumps(
            {
                name: value.astimezone(timezone.utc) if isinstance(value, datetime) else value
                for name, value in sorted(row.items())
                if not name.startswith("_dlt_") and value is not None
            },
            default=str,
        )
        for row in dictionaries
    )


def on_cluster(frame: DataFrame) -> Counter[Any]:
    return rows(frame.toArrow().to_pylist())


def rest_config(replica: Replica, *resources: Any) -> dict[str, Any]:
    return {"client": {"base_url": replica.rest_url}, "resources": list(resources)}


POSTS = {
    "name": "posts",
    "endpoint": {
        "path": "pages/posts",
        "params": {"of": 12},
        "paginator": {"type": "page_number"},
    },
}
COMMENTS = {
    "name": "comments",
    "endpoint": "posts/{resources.posts.id}/comments",
    "include_from_parent": ["title"],
}


@pytest.mark.parametrize(
    ("options", "partitions"),
    [({"partitions": 2}, 2), ({"partition_by": "months"}, 3)],
)
def test_games_are_read_by_player_or_month(
    options: dict[str, Any],
    partitions: int,
    spark: SparkSession,
    replica: Replica,
    make_pipeline: MakePipeline,
) -> None:
    months = {"start_month": "2022/10", "end_month": "2022/12"}
    source = chess.source(PLAYERS, **months, base_url=replica.base_url)
    games = "players_games"
    [(expected, schema)] = one_machine(make_pipeline, source.with_resources(games), games)
    frame = read(
        spark,
        schema,
        source="chess",
        resource=games,
        players=",".join(PLAYERS),
        base_url=replica.base_url,
        **months,
        **options,
    )
    assert frame.rdd.getNumPartitions() == partitions
    assert on_cluster(frame) == expected
    assert sum(expected.values()) == len(PLAYERS) * 3 * 40


def test_partitions_are_read_by_all_executors_at_once(
    spark: SparkSession, replica: Replica
) -> None:
    replica.faults("/pub/player/* 2 stall")
    frame = read(
        spark,
        "username string",
        source="chess",
        resource="players_profiles",
        players=",".join(PLAYERS[:EXECUTORS]),
        base_url=replica.base_url,
    )
    with ThreadPoolExecutor() as threads:
        reading = threads.submit(frame.collect)
        try:
            # Executors have one core each, so that neither waits for the other's partition.
            assert eventually(lambda: replica.most_open() == EXECUTORS, 60)
        finally:
            replica.release()
        assert {row.username for row in reading.result()} == set(PLAYERS[:EXECUTORS])


def test_dependent_resources_are_read_by_the_rows_of_their_parent(
    spark: SparkSession, replica: Replica, make_pipeline: MakePipeline
) -> None:
    config = rest_config(replica, POSTS, COMMENTS)
    tables = ("comments", "comments__likes")
    options = {"source": "rest_api", "resource": "comments", "partitions": 5}
    source = rest_api_source(config)  # type: ignore[arg-type]
    expected = one_machine(make_pipeline, source, *tables)
    for table, (rows_of_table, schema) in zip(tables, expected):
        frame = read(spark, schema, table=table, config=json.dumps(config), **options)
        assert frame.rdd.getNumPartitions() == 5
        assert on_cluster(frame) == rows_of_table


@pytest.mark.parametrize(
    "paginator",
    [
        {"type": "page_number"},
        {"type": "page_number", "total_path": None, "maximum_page": 9},
        {"type": "offset", "limit": 4},
    ],
)
def test_pages_are_read_in_ranges(
    paginator: dict[str, Any], spark: SparkSession, replica: Replica, make_pipeline: MakePipeline
) -> None:
    path = "offset/posts" if paginator["type"] == "offset" else "pages/posts"
    endpoint = {"path": path, "params": {"of": 33}, "paginator": paginator}
    config = rest_config(replica, {"name": "posts", "endpoint": endpoint})
    [(expected, schema)] = one_machine(make_pipeline, rest_api_source(config), "posts")  # type: ignore[arg-type]
    frame = read(
        spark,
        schema,
        source="rest_api",
        resource="posts",
        config=json.dumps(config),
        pages=7,
        partitions=3,
    )
    assert frame.rdd.getNumPartitions() == 3
    assert on_cluster(frame) == expected
    assert sum(expected.values()) == 33


def test_files_of_json_are_read_side_by_side(
    spark: SparkSession, tmp_path: Path, make_pipeline: MakePipeline
) -> None:
    for number in range(5):
        lines = [{"sku": f"{number}-{line}"} for line in range(number)]
        (tmp_path / f"{number}.json").write_text(json.dumps({"id": number, "lines": lines}))
    options = {"source": "json", "resource": "orders", "path": f"{tmp_path}/*.json"}
    texts = [file.read_bytes() for file in tmp_path.glob("*.json")]
    tables = ("orders", "orders__lines")
    expected = one_machine(make_pipeline, read_json(texts, "orders"), *tables)
    for table, (rows_of_table, _) in zip(tables, expected):
        assert on_cluster(read(spark, **options, table=table, partitions=2)) == rows_of_table
    assert [sum(rows_of_table.values()) for rows_of_table, _ in expected] == [5, 10]


def test_a_schema_that_is_named_chooses_columns_and_types(
    spark: SparkSession, tmp_path: Path
) -> None:
    (tmp_path / "a.json").write_text('{"id": 1, "x": 1}')
    (tmp_path / "b.json").write_text('{"id": 2, "y": "z"}')
    options = {"source": "json", "path": f"{tmp_path}/*.json"}
    frame = read(spark, "id string, x double", **options)
    assert sorted(map(tuple, frame.collect()), key=str) == [("1", 1.0), ("2", None)]
    with pytest.raises(PySparkException, match=r"The columns \['y'\] are not in the schema"):
        read(spark, **options).collect()
    with pytest.raises(PySparkException, match="The column `y` has values that are not int64"):
        read(spark, "y bigint", **options).collect()


def test_what_fails_in_an_executor_is_said_in_our_words(
    spark: SparkSession, replica: Replica, tmp_path: Path
) -> None:
    (tmp_path / "bad.json").write_text('{"id": 1}\n{"id": x}')
    with pytest.raises(PySparkException, match=r"not valid JSON in line 2: .*found 'x'"):
        read(spark, "id bigint", source="json", path=f"{tmp_path}/bad.json").collect()
    replica.faults("/pub/player/hikaru 2 status code=500")
    with pytest.raises(
        PySparkException, match="'players_profiles': the server answered with status 500"
    ):
        read(
            spark,
            "username string",
            source="chess",
            resource="players_profiles",
            players="magnuscarlsen,hikaru",
            base_url=replica.base_url,
        ).collect()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "The option `source` is missing"),
        ({"source": "csv"}, "must be one of"),
        ({"source": "json", "path": "/nowhere/*.json"}, "No file matches"),
        ({"source": "json", "path": "x", "player": "y"}, r"There are no options \['player'\]"),
        ({"source": "chess", "resource": "players_games"}, "The option `players` is missing"),
        ({"source": "json", "path": "x", "partitions": "0"}, "must be a positive number"),
        ({"source": "rest_api", "config": "{"}, "is not JSON"),
        (
            {
                "source": "rest_api",
                "resource": "posts",
                "config": '{"client": {"base_url": "http://127.0.0.1:1/"}, "resources": ["posts"]}',
                "pages": "3",
            },
            "The option `pages` needs a paginator",
        ),
    ],
)
def test_options_that_are_not_valid_are_named(options: dict[str, str], message: str) -> None:
    with pytest.raises(OptionsException, match=message):
        DltJavaDataSource(options)._plan.shares()


def test_rate_limits_are_divided_among_the_partitions(replica: Replica) -> None:
    def limits(**options: str) -> list[Any]:
        given = {
            "source": "rest_api",
            "resource": "posts",
            "config": json.dumps(rest_config(replica, POSTS)),
            "pages": "40",
            **options,
        }
        plan = DltJavaDataSource(given)._plan
        return [share.limits for share in plan.shares()]  # type: ignore[attr-defined]

    whole = {"requests_per_second": "10", "max_concurrency": "8"}
    assert (
        limits(**whole, partitions="4") == [{"requests_per_second": 2.5, "max_concurrency": 2}] * 4
    )
    # No more partitions than requests may be in flight.
    assert limits(**whole) == [{"requests_per_second": 1.25, "max_concurrency": 1}] * 8
    # Two executors run two of the twenty partitions at a time.
    assert (
        limits(**whole, partitions="20", at_once="2")
        == [{"requests_per_second": 5.0, "max_concurrency": 4}] * 20
    )
