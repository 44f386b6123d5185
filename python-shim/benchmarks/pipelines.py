# SPDX-License-Identifier: Apache-2.0
"""Whole pipelines: chess games from the replica, with this library and with plain dlt.

    python benchmarks/pipelines.py --games 20000 --repeats 3
    python benchmarks/pipelines.py --destinations duckdb filesystem --games 20000 400000

Each run is a process of its own, so that its peak memory is its own; `idle` is a process that only
imports dlt. `in memory` loads the library's batches, fetched before the clock starts: what is left
is dlt's and the destination's. `filesystem` writes parquet files into a folder. All ways have to
load all games.
"""

from __future__ import annotations

import argparse
import functools
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_SHIM = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_SHIM / "tools"), str(_SHIM / "tests")]

MONTHS = 12
GAMES_A_MONTH = 150

WAYS = {
    "duckdb": ("dlt-java", "in memory", "dlt", "dlt, parquet"),
    "filesystem": ("dlt-java", "in memory", "dlt, parquet"),
}
"""What is compared, for each destination."""


def _players(games: int) -> list[str]:
    return [f"player{number}" for number in range(max(1, games // (MONTHS * GAMES_A_MONTH)))]


def _source(way: str, players: list[str], urls: dict[str, str]) -> Any:
    if way == "dlt-java":
        from dlt_java.chess import source

        return source(players, **urls).with_resources("players_games")
    if way == "in memory":
        return _in_memory(players, urls)
    from reference_chess import source as plain

    return plain(players, **urls).with_resources("players_games")


def _in_memory(players: list[str], urls: dict[str, str]) -> Any:
    import dlt
    import pyarrow as pa

    from dlt_java import Request, Source, SourceOptions

    requests = [
        Request(f"{urls['base_url']}player/{player}/games/2022/{month:02d}")
        for player in players
        for month in range(1, MONTHS + 1)
    ]
    options = SourceOptions(requests, "players_games", record_path=["games"], load_id="1")
    with Source(options) as source:
        batches = [pa.record_batch(batch) for batch in source]

    @dlt.resource(name="players_games", write_disposition="append")
    def games() -> Iterator[Any]:
        yield from batches

    return games()


def _run_here(way: str, destination: str, games: int, urls: dict[str, str]) -> None:
    import dlt
    from report import peak_megabytes

    import dlt_java

    if way == "idle":
        print(json.dumps({"seconds": 0.0, "peak": peak_megabytes(), "rows": 0}))
        return
    dlt_java.to_arrow(b"{}", "start")
    source = _source(way, _players(games), urls)
    with tempfile.TemporaryDirectory() as folder:
        destinations: dict[str, Any] = {
            "duckdb": lambda: dlt.destinations.duckdb(f"{folder}/bench.duckdb"),
            "filesystem": lambda: dlt.destinations.filesystem(f"{folder}/files"),
        }
        pipeline = dlt.pipeline(
            "bench",
            destination=destinations[destination](),
            dataset_name="data",
            pipelines_dir=folder,
        )
        start = time.perf_counter()
        parquet = destination == "filesystem" or way == "dlt, parquet"
        file_format: Any = "parquet" if parquet else None
        pipeline.run(source, loader_file_format=file_format)
        seconds = time.perf_counter() - start
        peak = peak_megabytes()
        rows = _loaded(pipeline, destination, Path(folder))
    print(json.dumps({"seconds": seconds, "peak": peak, "rows": rows}))


def _loaded(pipeline: Any, destination: str, folder: Path) -> int:
    """Games at the destination."""
    if destination == "filesystem":
        from pyarrow import parquet

        files = (folder / "files" / "data" / "players_games").glob("*.parquet")
        return sum(parquet.read_metadata(file).num_rows for file in files)
    with pipeline.sql_client() as client:
        rows: Any = client.execute_sql("SELECT count(*) FROM players_games")
    return int(rows[0][0])


def _run(way: str, destination: str, games: int, urls: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, __file__, "--one", way, destination, str(games), json.dumps(urls)]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        raise SystemExit(result.stderr)
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Runs the benchmark, or one run of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--games", type=int, nargs="+", default=[20_000])
    parser.add_argument("--destinations", nargs="+", choices=list(WAYS), default=list(WAYS))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--svg", type=Path)
    arguments = parser.parse_args()
    if arguments.one:
        way, destination, games, urls = arguments.one
        _run_here(way, destination, int(games), json.loads(urls))
        return

    from replica import Replica
    from report import bars, table

    rows: list[list[Any]] = []
    speeds: dict[str, dict[str, float]] = {}
    for games in arguments.games:
        players = _players(games)
        replica_arguments = [
            "--player-names", ",".join(players), "--months", "2022/01..2022/12",
            "--games-per-month", str(GAMES_A_MONTH), "--warm",
        ]  # fmt: skip
        with Replica(replica_arguments) as replica:
            urls = {"base_url": replica.base_url, "callback_url": replica.callback_url}
            for destination in arguments.destinations:
                runs: dict[str, list[dict[str, Any]]] = {}
                for _ in range(arguments.repeats):
                    for way in ("idle", *WAYS[destination]):
                        runs.setdefault(way, []).append(_run(way, destination, games, urls))
                expected = len(players) * MONTHS * GAMES_A_MONTH
                for way in WAYS[destination]:
                    counts = {run["rows"] for run in runs[way]}
                    if counts != {expected}:
                        raise SystemExit(f"{way} to {destination}: {counts} of {expected} games")
                median = functools.partial(_median, runs)
                ours = median("dlt-java", "seconds")
                speeds[f"{expected} games, {destination}"] = {
                    way: expected / median(way, "seconds") for way in WAYS[destination]
                }
                for way in WAYS[destination]:
                    seconds = median(way, "seconds")
                    rows.append(
                        [
                            expected,
                            destination,
                            way,
                            f"{seconds:.2f}",
                            f"{seconds / ours:.2f} x",
                            f"{median(way, 'peak') - median('idle', 'peak'):.0f}",
                        ]
                    )
    print(table(["games", "destination", "way", "seconds", "of dlt-java's", "MB above idle"], rows))
    if arguments.svg:
        bars("Chess games from an API", "rows a second", speeds, arguments.svg)


def _median(runs: dict[str, list[dict[str, Any]]], way: str, figure: str) -> float:
    return float(statistics.median(run[figure] for run in runs[way]))


if __name__ == "__main__":
    main()
