# SPDX-License-Identifier: Apache-2.0
"""Loads that die anywhere, and go on: against those that nothing disturbs."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dlt
import pytest
from comparison import assert_equal_tables
from crash_worker import pipeline_in
from shop_api import Shop, ShopServer

WORKER = Path(__file__).parent / "crash_worker.py"
KILLS = int(os.environ.get("DLT_JAVA_KILLS", 0)) or 3
SEED = int(os.environ.get("DLT_JAVA_SEED", 1))


class Worker:
    """The process whose forks load."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(WORKER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def load(self, url: str, folder: Path, **end: float | str) -> dict[str, Any]:
        """Loads all that there is, unless it is told to die; see `crash_worker`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = {"url": url, "folder": str(folder), **end}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        """Ends the process."""
        self._process.communicate()


@pytest.fixture
def worker() -> Iterator[Worker]:
    running = Worker()
    yield running
    running.close()


def tables_in_doubt(folder: Path) -> set[str]:
    """Tables of files that dlt had begun to load, and not yet noted as loaded."""
    found = set()
    for package in folder.glob("working/shop/load/normalized/*"):
        noted = {file.name for file in package.glob(".pending_transitions/*")}
        for file in package.glob("started_jobs/*"):
            if file.name not in noted:
                found.add(file.name.split(".")[0])
    return found


def doubled_tables(pipeline: dlt.Pipeline) -> set[str]:
    """Tables with rows that are there again, which are deleted."""
    found = set()
    with pipeline.sql_client() as client:
        for table in pipeline.default_schema.data_table_names():
            others = f"SELECT min(rowid) FROM {table} GROUP BY _dlt_id"
            doubled = f"FROM {table} WHERE rowid NOT IN ({others})"
            [(count,)] = client.execute_sql(f"SELECT count(*) {doubled}") or [(0,)]
            if count:
                found.add(str(table))
                client.execute_sql(f"DELETE {doubled}")
    return found


def check(harried: Path, calm: Path, in_doubt: set[str]) -> None:
    """Compares what was loaded with and without being killed.

    Args:
        harried: Folder of a pipeline that was killed.
        calm: Folder of one that was not.
        in_doubt: Tables in which rows may be there twice.
    """
    disturbed, undisturbed = pipeline_in(str(harried)), pipeline_in(str(calm))
    assert doubled_tables(disturbed) <= in_doubt
    assert_equal_tables(disturbed, undisturbed)
    assert disturbed.state["sources"] == undisturbed.state["sources"]


def test_what_dies_anywhere_and_goes_on_loads_what_an_undisturbed_load_does(
    worker: Worker, tmp_path: Path
) -> None:
    calm, harried = tmp_path / "calm", tmp_path / "harried"
    chance = random.Random(SEED)
    shop = Shop(SEED)
    kills = 0
    with ShopServer(shop) as server:
        while kills < KILLS:
            shop.pass_day()
            begun = time.monotonic()
            operations = worker.load(server.url, calm)["operations"]
            seconds = time.monotonic() - begun
            in_doubt: set[str] = set()
            ends: list[dict[str, float]] = []
            while chance.random() < 0.7:
                if chance.random() < 0.7:
                    ends.append({"operation": chance.randint(1, operations)})
                else:
                    ends.append({"seconds": chance.uniform(0, seconds)})
                kills += worker.load(server.url, harried, **ends[-1])["died"]
                in_doubt |= tables_in_doubt(harried)
            worker.load(server.url, harried)
            try:
                check(harried, calm, in_doubt)
            except AssertionError as different:
                said = f"DLT_JAVA_SEED={SEED}, day {shop.day}, {ends}, in doubt: {in_doubt}"
                raise AssertionError(said) from different


# What dlt does last in a step, as an audit event and the paths that it concerns, where what it did
# before says the same already.
COMMITS = [
    "os.rename */shop/state.json",
    "shutil.rmtree */normalize/extracted/*",
    "os.rename */.pending_transitions/*",
    "os.rename */load/loaded/*",
]


def test_what_dies_at_a_commit_of_dlt_and_goes_on_loads_what_an_undisturbed_load_does(
    worker: Worker, tmp_path: Path
) -> None:
    calm, harried = tmp_path / "calm", tmp_path / "harried"
    shop = Shop(SEED)
    shop.pass_day()
    with ShopServer(shop) as server:
        for folder in (calm, harried):
            worker.load(server.url, folder)
        for commit in COMMITS:
            shop.pass_day()
            assert worker.load(server.url, harried, before=commit)["died"], commit
            in_doubt = tables_in_doubt(harried)
            worker.load(server.url, harried)
            worker.load(server.url, calm)
            try:
                check(harried, calm, in_doubt)
            except AssertionError as different:
                raise AssertionError(f"{commit}, in doubt: {in_doubt}") from different
