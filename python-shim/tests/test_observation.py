"""What users see of requests while a pipeline runs: progress, log and statistics."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from typing import Any

import dlt
import dlt.common.logger
import pyarrow as pa
import pytest
from conftest import MakePipeline
from dlt.common.runtime.collector import LogCollector
from dlt.common.runtime.collector_base import Collector
from replica import Replica
from rest_api_loads import Loads

import dlt_java.rest_api
from dlt_java import chess
from dlt_java.options import Request, SourceOptions
from dlt_java.stream import Source

PAGES = {"type": "page_number"}


class Recorder(Collector):
    """Keeps the counters of the latest step that extracts, as dlt's own collectors count them."""

    def __init__(self) -> None:
        self.counters: Counter[str] = Counter()
        self.steps: list[str] = []

    def update(
        self,
        name: str,
        inc: int = 1,
        total: int | None = None,
        inc_total: int | None = None,
        message: str | None = None,
        label: str | None = None,
    ) -> None:
        """Counts."""
        if self.step.startswith("Extract"):
            assert label is None, "dlt's DictCollector takes none"
            self.counters[name] += inc

    def _start(self, step: str) -> None:
        self.steps.append(step)

    def _stop(self) -> None:
        self.step = ""


def config(replica: Replica, *more: Any) -> Any:
    posts = {"name": "posts", "endpoint": {"path": "pages/posts", "paginator": PAGES}}
    return {"client": {"base_url": replica.rest_url}, "resources": [posts, *more]}


@pytest.fixture
def progress(make_pipeline: MakePipeline) -> tuple[dlt.Pipeline, Recorder]:
    pipeline = make_pipeline("observed")
    recorder = Recorder()
    pipeline.collector = recorder
    return pipeline, recorder


def test_progress_counts_each_resource(
    replica: Replica, progress: tuple[dlt.Pipeline, Recorder]
) -> None:
    pipeline, recorder = progress
    replica.faults("/rest/pages/posts?page=1 1 status code=503")
    comments = {"name": "comments", "endpoint": "posts/{resources.posts.id}/comments"}
    source = dlt_java.rest_api.rest_api_source(config(replica, comments))

    pipeline.run(source)

    stats = dlt_java.rest_api.stats(source)
    for name in ("posts", "comments"):
        for counter in ("requests", "retries", "body_bytes", "rows"):
            assert recorder.counters[f"{name} {counter}"] == stats[name][counter]
    assert recorder.counters["posts retries"] == 1
    # dlt counts the rows that it has written.
    assert recorder.counters["comments"] == stats["comments"]["rows"] > 0


def test_progress_counts_runs_that_fail(
    replica: Replica, progress: tuple[dlt.Pipeline, Recorder]
) -> None:
    pipeline, recorder = progress
    replica.faults("/rest/pages/posts?page=3 always status code=500")

    with pytest.raises(Exception, match="500"):
        pipeline.run(dlt_java.rest_api.rest_api_source(config(replica), pages_ahead=0))

    assert recorder.counters["posts retries"] == 1


def test_progress_of_the_chess_source(
    replica: Replica, progress: tuple[dlt.Pipeline, Recorder]
) -> None:
    pipeline, recorder = progress
    replica.faults("/pub/player/hikaru 1 status code=503")

    pipeline.run(
        chess.source(
            ["hikaru"], base_url=replica.base_url, callback_url=replica.callback_url
        ).with_resources("players_profiles", "players_games")
    )

    assert recorder.counters["players_profiles retries"] == 1
    assert recorder.counters["players_archives requests"] == 1
    assert recorder.counters["players_games requests"] == 4
    assert recorder.counters["players_games rows"] == recorder.counters["players_games"] == 160


def metrics(pipeline: dlt.Pipeline) -> dict[str, tuple[int, dict[str, Any]]]:
    """Rows of the root table and custom metrics of each resource in the trace of the last run."""
    trace: Any = pipeline.last_trace
    rows = trace.last_normalize_info.row_counts
    loaded = next(iter(trace.last_extract_info.metrics.values()))
    return {
        name: (rows[name], metric.custom_metrics)
        for name, metric in loaded[0]["resource_metrics"].items()
    }


def test_the_trace_has_rows_requests_and_bytes_of_each_run(
    replica: Replica, make_pipeline: MakePipeline
) -> None:
    pipeline = make_pipeline("traced")
    replica.faults("/rest/pages/posts?page=1 1 status code=503")
    comments = {"name": "comments", "endpoint": "posts/{resources.posts.id}/comments"}
    source = dlt_java.rest_api.rest_api_source(config(replica, comments))

    pipeline.run(source)
    first = dlt_java.rest_api.stats(source)
    traced = metrics(pipeline)
    pipeline.run(source)
    again = metrics(pipeline)

    for name, stats in first.items():
        counted = {counter: stats[counter] for counter in ("requests", "retries", "body_bytes")}
        assert traced[name] == (stats["rows"], counted)
        # The source is the same object, the count begins anew.
        assert again[name] == (stats["rows"], {**counted, "retries": 0})
    assert first["posts"]["retries"] == 1


def test_the_trace_sums_the_sources_of_a_resource(
    replica: Replica, make_pipeline: MakePipeline
) -> None:
    pipeline = make_pipeline("traced")

    pipeline.run(
        chess.source(["hikaru"], base_url=replica.base_url).with_resources("players_games")
    )

    # The list of archives, and four of them.
    rows, counted = metrics(pipeline)["players_games"]
    assert (rows, counted["requests"]) == (160, 5)


def test_the_trace_has_what_a_limited_resource_did(
    replica: Replica, make_pipeline: MakePipeline
) -> None:
    pipeline = make_pipeline("traced")
    source = chess.source(["hikaru"], base_url=replica.base_url)

    pipeline.run(source.with_resources("players_profiles").add_limit(1))

    _, counted = metrics(pipeline)["players_profiles"]
    assert counted["requests"] == 1


def test_what_makes_no_request_has_no_such_metrics(make_pipeline: MakePipeline) -> None:
    pipeline = make_pipeline("traced")

    pipeline.run(dlt_java.read_json(b'{"id": 1}', "items"))

    assert metrics(pipeline)["items"] == (1, {})


def test_progress_is_that_of_the_pipeline_that_runs(
    replica: Replica, progress: tuple[dlt.Pipeline, Recorder], make_pipeline: MakePipeline
) -> None:
    pipeline, recorder = progress
    make_pipeline("another")

    pipeline.run(dlt_java.rest_api.rest_api_source(config(replica)))

    assert recorder.counters["posts requests"] == 5


def test_parallelized_resources_leave_progress_to_the_extracting_thread(
    replica: Replica, progress: tuple[dlt.Pipeline, Recorder]
) -> None:
    pipeline, recorder = progress
    source = dlt_java.rest_api.rest_api_source(config(replica), parallelized=True)

    pipeline.run(source)

    assert recorder.counters["posts"] == 25
    assert "posts requests" not in recorder.counters
    assert dlt_java.rest_api.stats(source)["posts"]["requests"] == 5


def test_dlts_log_shows_the_counters(replica: Replica, make_pipeline: MakePipeline) -> None:
    shown = io.StringIO()
    pipeline = make_pipeline("logged")
    pipeline.collector = LogCollector(log_period=0, logger=shown, dump_system_stats=False)

    pipeline.run(dlt_java.rest_api.rest_api_source(config(replica)))

    text = shown.getvalue()
    for line in ("posts requests: 5", "posts retries: 0", "posts rows: 25", "posts body_bytes: "):
        assert line in text


def test_sources_outside_of_a_run_move_no_counter(
    replica: Replica, progress: tuple[dlt.Pipeline, Recorder]
) -> None:
    _, recorder = progress

    batches = list(chess.players_profiles(["hikaru"], replica.base_url))

    assert batches[0].num_rows == 1
    assert not recorder.counters


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        record.getMessage()
        for record in caplog.records
        if record.name == "dlt_java" and record.levelno == logging.DEBUG
    ]


def test_each_request_is_logged_at_debug(
    replica: Replica,
    loads: Loads,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG, "dlt_java")
    monkeypatch.setenv("RUNTIME__REQUEST_MAX_ATTEMPTS", "3")
    replica.faults("/rest/auth/* 1 status code=503\n/rest/auth/* 1 cut after=40")
    given = config(replica)
    given["client"]["auth"] = {
        "type": "api_key", "name": "api_key", "api_key": "key secret/+", "location": "query",
    }  # fmt: skip
    given["resources"][0]["endpoint"]["path"] = "auth/api-key-query/pages/posts"

    ours = loads.ours(given, pages_ahead=0)

    lines = logged(caplog)
    url = re.escape(f"{replica.rest_url}auth/api-key-query/pages/posts?page=0")
    assert re.fullmatch(rf"GET {url} 503 in \d+ ms, \d+ bytes, attempt 1", lines[0])
    assert re.fullmatch(rf"GET {url} failed \(.+\) in \d+ ms, 0 bytes, attempt 2", lines[1])
    assert "secret" not in "".join(lines)
    assert len(lines) == ours.stats["posts"]["requests"] + ours.stats["posts"]["retries"]


def test_waits_are_logged(
    replica: Replica,
    loads: Loads,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG, "dlt_java")
    monkeypatch.setenv("RUNTIME__REQUEST_BACKOFF_FACTOR", "0.03")
    replica.faults("/rest/pages/posts?page=0 1 status code=500")

    loads.ours(config(replica))

    assert any("attempt 2, waited 30 ms before" in line for line in logged(caplog))


def test_failing_requests_are_logged(
    replica: Replica, loads: Loads, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "dlt_java")
    replica.faults("/rest/pages/posts always refuse")

    with pytest.raises(Exception, match="posts"):
        loads.ours(config(replica))

    assert [line.split(", ")[-1] for line in logged(caplog)] == ["attempt 1", "attempt 2"]


def test_requests_are_logged_by_dlts_logger_too(
    replica: Replica, loads: Loads, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = io.StringIO()
    own = logging.Logger("dlt", logging.DEBUG)
    own.addHandler(logging.StreamHandler(text))
    monkeypatch.setattr(dlt.common.logger, "LOGGER", own)

    loads.ours(config(replica))

    assert "pages/posts?page=4 200 in" in text.getvalue()


def test_no_request_is_logged_above_debug(
    replica: Replica, loads: Loads, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "dlt_java")

    loads.ours(config(replica))

    assert not [record for record in caplog.records if record.name == "dlt_java"]


def test_requests_that_had_to_make_room_are_counted(replica: Replica) -> None:
    requests = [Request(f"{replica.rest_url}posts/{number}") for number in range(1, 8)]

    with Source(SourceOptions(requests, "posts", request_log=3)) as source:
        for batch in source:
            pa.record_batch(batch)
        statistics = source.statistics()
        assert source.statistics() == statistics
        told = source.logged_requests()

    assert len(told) == 3
    assert statistics["requests_not_logged"] == 4
    assert source.logged_requests() == []


def test_stats_tell_rates(replica: Replica, loads: Loads) -> None:
    counted = loads.ours(config(replica)).stats["posts"]

    assert counted["seconds"] > 0
    for name in ("requests", "body_bytes", "rows"):
        assert counted[f"{name}_per_second"] == counted[name] / counted["seconds"] > 0


def test_stats_of_a_resource_that_never_ran(replica: Replica) -> None:
    source = dlt_java.rest_api.rest_api_source(config(replica))

    counted = dlt_java.rest_api.stats(source)["posts"]

    assert counted["seconds"] == counted["rows_per_second"] == counted["requests"] == 0


def test_stats_move_while_a_resource_is_read(replica: Replica, loads: Loads) -> None:
    replica.faults("/rest/pages/posts?page=4 1 stall at=body")
    seen: list[dict[str, Any]] = [{"rows": 0}]

    def watch(source: Any) -> None:
        def look() -> Any:
            while not seen[-1]["rows"]:
                seen.append(dlt_java.rest_api.stats(source)["posts"])
                yield None
            replica.release()

        source.resources.add(dlt.resource(look, name="looking"))

    ours = loads.ours(config(replica), change=watch)

    assert 0 < seen[-1]["rows"] <= 20
    assert ours.count("posts") == 25
