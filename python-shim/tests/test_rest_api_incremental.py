"""Incremental loading of REST API resources over several runs."""

from __future__ import annotations

from typing import Any

import pytest
from replica import Replica
from rest_api_loads import Config, Loads

# dlt leaves the sockets of its own clients to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
)

PAGES = {"type": "page_number"}


def config(replica: Replica, of: int, **more: Any) -> Config:
    endpoint = {
        "path": "pages/posts",
        "params": {"of": of, **more.pop("params", {})},
        "paginator": PAGES,
        **more.pop("endpoint", {}),
    }
    resource = {"name": "posts", "endpoint": endpoint, **more}
    return {"client": {"base_url": replica.rest_url}, "resources": [resource]}


def by_time(**more: Any) -> dict[str, Any]:
    return {
        "incremental": {
            "cursor_path": "updated_at",
            "initial_value": "2024-01-01T04:00:00Z",
            **more,
        }
    }


@pytest.mark.parametrize(
    "more",
    [
        {"params": {"since": "{incremental.start_value}"}, "endpoint": by_time()},
        {"endpoint": by_time(start_param="since")},
        {
            "endpoint": by_time(
                start_param="since", end_param="until", end_value="2024-01-01T20:00:00Z"
            )
        },
        {"params": {"since": {"type": "incremental", "cursor_path": "updated_at",
                              "initial_value": "2024-01-01T04:00:00Z"}}},
        {"endpoint": by_time(start_param="since", convert=lambda value: value[:13])},
        {
            "endpoint": by_time(start_param="since"),
            "primary_key": "id",
            "write_disposition": "merge",
        },
    ],
)  # fmt: skip
def test_runs_ask_for_what_is_new(replica: Replica, loads: Loads, more: dict[str, Any]) -> None:
    for of in (10, 16, 16):
        loads.both(config(replica, of, **_again(more)))


def test_an_open_range_leaves_out_where_it_starts(replica: Replica, loads: Loads) -> None:
    more = {"endpoint": by_time(start_param="since", range_start="open"), "primary_key": "id"}
    for of in (10, 16):
        # The row that is left out has values of other types than the first that stays, which
        # shows in the columns.
        theirs = loads.theirs(config(replica, of, **_again(more)))
        ours = loads.ours(config(replica, of, **_again(more)))

        assert ours.targets() == theirs.targets()
        assert _state(ours) == _state(theirs)
        assert ours.count("posts") == theirs.count("posts")


@pytest.mark.parametrize("primary_key", ["id", None])
@pytest.mark.parametrize("last_value", ["max", "min"])
def test_a_cursor_of_whole_numbers(
    replica: Replica, loads: Loads, primary_key: Any, last_value: str
) -> None:
    more: dict[str, Any] = {
        "endpoint": {
            "incremental": {
                "cursor_path": "id",
                "initial_value": 3 if last_value == "max" else 20,
                "last_value_func": last_value,
            }
        },
    }
    if primary_key:
        more["primary_key"] = primary_key

    for of in (10, 16):
        loads.both(config(replica, of, **_again(more)))


def test_both_remember_the_same(replica: Replica, loads: Loads) -> None:
    more: dict[str, Any] = {
        "endpoint": {"incremental": {"cursor_path": "id", "initial_value": 3}},
        "primary_key": "id",
    }

    ours, theirs = loads.both(config(replica, 9, **more))

    assert _state(ours) == _state(theirs)


def test_a_run_goes_on_where_dlts_own_source_ended(replica: Replica, loads: Loads) -> None:
    more: dict[str, Any] = {
        "endpoint": {"incremental": {"cursor_path": "id", "initial_value": 3}},
        "primary_key": "id",
    }
    theirs = loads.theirs(config(replica, 9, **more))
    loads.make_pipeline = lambda _: theirs.pipeline

    ours = loads.ours(config(replica, 14, **more))

    assert ours.stats["posts"]["is_native"]
    assert ours.count("posts") == 14 - 2


def test_parents_that_the_cursor_removed_are_not_asked_for(replica: Replica, loads: Loads) -> None:
    given = config(
        replica,
        12,
        endpoint={"incremental": {"cursor_path": "id", "initial_value": 9}},
        primary_key="id",
    )
    given["resources"].append(
        {"name": "comments", "endpoint": "posts/{resources.posts.id}/comments"}
    )

    ours, _ = loads.both(given)

    assert ours.stats["comments"]["requests"] == 4


def _again(more: dict[str, Any]) -> dict[str, Any]:
    return dict(more)


def _state(load: Any) -> Any:
    return load.pipeline.state["sources"]["rest_api"]["resources"]["posts"]["incremental"]
