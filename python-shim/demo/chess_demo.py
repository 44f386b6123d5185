# SPDX-License-Identifier: Apache-2.0
"""Loads chess.com data into an embedded DuckDB file and shows what arrived and how long it took."""

from __future__ import annotations

import argparse
import contextlib
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import dlt
import duckdb
from dlt.common.runtime.collector import LogCollector
from replica import Replica

from dlt_java import Request, Source, SourceOptions, chess

PLAYERS = "magnuscarlsen,hikaru,fabianocaruana,vincentkeymer"
DATASET = "chess_data"
FOLDER = Path(__file__).resolve().parents[1] / "target" / "demo"
DATABASE = FOLDER / "chess.duckdb"

QUERY = f"""SELECT white__username AS white, count(*) AS games, round(avg(white__rating)) AS rating
FROM {DATASET}.players_games
GROUP BY ALL ORDER BY games DESC, white LIMIT 5"""


def main(arguments: Sequence[str]) -> None:
    """Runs the demo."""
    options = parsed(arguments)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    times: list[tuple[str, float]] = []

    with timed(times, "load and start the library"):
        # The runtime inside the library starts with the first source, whatever that would fetch.
        Source(SourceOptions([Request("http://127.0.0.1:9/")], "start")).close()
    with contextlib.ExitStack() as stack:
        if options.live:
            urls = {}
        else:
            with timed(times, "start the replica"):
                replica = stack.enter_context(Replica(["--latency", str(options.latency)]))
            urls = {"base_url": replica.base_url, "callback_url": replica.callback_url}
            print(f"replica of chess.com at {replica.origin}")
        months = (options.start_month, options.end_month)
        pipeline = dlt.pipeline(
            "chess_demo",
            destination=dlt.destinations.duckdb(str(DATABASE)),
            dataset_name=DATASET,
            pipelines_dir=str(FOLDER / "pipelines"),
            # Bars only where they can be redrawn.
            progress="tqdm" if sys.stderr.isatty() else LogCollector(dump_system_stats=False),
        )
        for title in ("first run", "second run"):
            # Games that were loaded are not fetched again.
            source = chess.source(options.players.split(","), *months, **urls)
            start = time.perf_counter()
            pipeline.run(source)
            seconds = time.perf_counter() - start
            times += [(f"{title}: {step}", duration) for step, duration in steps(pipeline)]
            times.append((f"{title}: total", seconds))

    show(times)


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--live", action="store_true", help="ask the real api.chess.com")
    parser.add_argument("--players", default=PLAYERS, help="names, separated by commas")
    parser.add_argument("--start-month", default="2022/01", help="first month, YYYY/MM")
    parser.add_argument("--end-month", default="2022/12", help="last month, YYYY/MM")
    parser.add_argument("--latency", default=50, type=int, help="of the replica, milliseconds")
    return parser.parse_args(arguments)


@contextlib.contextmanager
def timed(times: list[tuple[str, float]], name: str) -> Iterator[None]:
    """Notes how long its block took."""
    start = time.perf_counter()
    yield
    times.append((name, time.perf_counter() - start))


def steps(pipeline: dlt.Pipeline) -> list[tuple[str, float]]:
    """The steps of the pipeline's last run and their seconds."""
    trace: Any = pipeline.last_trace
    return [
        (step.step, (step.finished_at - step.started_at).total_seconds())
        for step in trace.steps
        if step.step != "run"
    ]


def show(times: Sequence[tuple[str, float]]) -> None:
    """Prints tables, times and a query to try."""
    with duckdb.connect(str(DATABASE), read_only=True) as connection:
        names = connection.execute(
            "SELECT table_name, count(*) FROM information_schema.columns"
            " WHERE table_schema = ? GROUP BY table_name"
            " ORDER BY starts_with(table_name, '_dlt'), table_name",
            [DATASET],
        ).fetchall()
        tables = [
            (
                name,
                str(columns),
                f"{one(connection, f'SELECT count(*) FROM {DATASET}.{name}'):,}",
            )
            for name, columns in names
        ]
        print_table(("table", "columns", "rows"), tables)
        print_table(("step", "seconds"), [(name, f"{seconds:.3f}") for name, seconds in times])
        print(f"\n{DATABASE}, for example:\n\n{QUERY};\n")
        print(connection.sql(QUERY))


def one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    """The single number that a query returns."""
    ((number,),) = connection.execute(query).fetchall()
    return int(number)


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Prints a table: the first column to the left, the others to the right."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    line = "-+-".join("-" * width for width in widths)
    print()
    for number, row in enumerate([head, *rows]):
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print(" | ".join(cells))
        if number == 0:
            print(line)


if __name__ == "__main__":
    main(sys.argv[1:])
