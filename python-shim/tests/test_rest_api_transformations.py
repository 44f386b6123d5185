# SPDX-License-Identifier: Apache-2.0
"""Transformations of REST API resources load what dlt's `processing_steps` load."""

from __future__ import annotations

from typing import Any

import pytest
from comparison import assert_equal_schemas, assert_equal_tables
from replica import Replica
from rest_api_loads import Config, Load, Loads

import dlt_java.rest_api
from dlt_java import DataException, OptionsException

# dlt leaves the sockets of its own clients to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
)

STEPS: list[dict[str, Any]] = [
    {"filter": {"field": "id", "at_least": 3}},
    {"drop": ["tags", "author.karma"]},
    {"rename": {"author.name": "author_name"}},
    {"constant": {"origin": "replica"}},
]


def changed(row: dict[str, Any]) -> dict[str, Any]:
    row.pop("tags", None)
    row["author"].pop("karma")
    row["author_name"] = row["author"].pop("name")
    row["origin"] = "replica"
    return row


PROCESSING = [{"filter": lambda row: row["id"] >= 3}, {"map": changed}]


def config(replica: Replica, *resources: Any, **more: Any) -> Config:
    return {"client": {"base_url": replica.rest_url}, "resources": list(resources), **more}


def posts(**more: Any) -> dict[str, Any]:
    endpoint = {"path": "pages/posts", "params": {"of": 12}, "paginator": "page_number"}
    return {"name": "posts", "endpoint": endpoint, **more}


def assert_same(ours: Load, theirs: Load) -> None:
    assert_equal_schemas(ours.pipeline, theirs.pipeline)
    assert_equal_tables(ours.pipeline, theirs.pipeline)


def test_steps_run_natively(replica: Replica, loads: Loads) -> None:
    ours = loads.ours(config(replica, posts(transformations=STEPS)))
    theirs = loads.theirs(config(replica, posts(processing_steps=PROCESSING)))

    assert_same(ours, theirs)
    assert ours.stats["posts"]["is_native"]
    assert ours.count("posts") == 10


def test_steps_of_defaults_hold_for_resources_without_their_own(
    replica: Replica, loads: Loads
) -> None:
    own = {**posts(transformations=[{"select": ["id"]}]), "name": "ids"}
    none = {**posts(transformations=None), "name": "whole"}
    ours = loads.ours(
        config(replica, posts(), own, none, resource_defaults={"transformations": STEPS})
    )
    ids = {**posts(processing_steps=[{"map": lambda row: {"id": row["id"]}}]), "name": "ids"}
    theirs = loads.theirs(
        config(replica, posts(processing_steps=PROCESSING), ids, {**posts(), "name": "whole"})
    )

    assert_same(ours, theirs)


@pytest.mark.parametrize("native", [True, False])
def test_dependent_resources_see_changed_parents_and_change_what_they_include(
    replica: Replica, loads: Loads, native: bool
) -> None:
    def comments(**more: Any) -> dict[str, Any]:
        return {
            "name": "comments",
            "endpoint": "posts/{resources.posts.number}/comments",
            "include_from_parent": ["number"],
            **more,
        }

    def with_number(row: dict[str, Any]) -> dict[str, Any]:
        row["number"] = row.pop("id")
        return row

    def without_parent(row: dict[str, Any]) -> dict[str, Any]:
        row["post"] = row.pop("_posts_number")
        return row

    parents = [{"rename": {"id": "number"}}, {"filter": {"field": "number", "less_than": 5}}]
    python: list[Any] = [{"map": with_number}, {"filter": lambda row: row["number"] < 5}]
    children = [{"rename": {"_posts_number": "post"}}]
    change: list[Any] = [] if native else [{"map": lambda row: row}]

    ours = loads.ours(
        config(
            replica,
            posts(transformations=parents, processing_steps=change),
            comments(transformations=children, processing_steps=change),
        )
    )
    theirs = loads.theirs(
        config(
            replica,
            posts(processing_steps=python),
            comments(processing_steps=[{"map": without_parent}]),
        )
    )

    assert_same(ours, theirs)
    assert {stats["is_native"] for stats in ours.stats.values()} == {native}


def test_dlts_own_client_does_the_same_steps_before_processing_steps(
    replica: Replica, loads: Loads
) -> None:
    def more(row: dict[str, Any]) -> dict[str, Any]:
        return {**row, "seen": row["origin"]}

    ours = loads.ours(
        config(replica, posts(transformations=STEPS, processing_steps=[{"map": more}]))
    )
    theirs = loads.theirs(config(replica, posts(processing_steps=[*PROCESSING, {"map": more}])))

    assert_same(ours, theirs)
    assert not ours.stats["posts"]["is_native"]


def test_outside_of_a_run_rows_have_gone_through_the_steps(replica: Replica) -> None:
    given: Any = config(replica, posts(transformations=[*STEPS, {"select": ["id", "origin"]}]))

    rows = list(dlt_java.rest_api.rest_api_source(given).add_limit(1))

    assert rows[0] == {"id": 3, "origin": "replica"}


def test_the_source_with_arguments_knows_steps(replica: Replica, loads: Loads) -> None:
    given: Any = config(replica, posts(transformations=[{"select": ["id"]}]))
    pipeline = loads.make_pipeline("arguments")

    pipeline.run(dlt_java.rest_api.rest_api(given["client"], given["resources"]))

    columns = pipeline.default_schema.tables["posts"]["columns"]
    assert set(columns) == {"id", "_dlt_id", "_dlt_load_id"}


def test_the_dictionary_stays_as_it_is(replica: Replica) -> None:
    given: Any = config(
        replica, posts(transformations=STEPS), resource_defaults={"transformations": STEPS}
    )

    dlt_java.rest_api.rest_api_source(given)

    assert given["resources"][0]["transformations"] is STEPS
    assert given["resource_defaults"] == {"transformations": STEPS}


def test_wrong_steps_name_their_resource(replica: Replica) -> None:
    given: Any = config(replica, posts(transformations=[{"drop": "tags"}]))

    with pytest.raises(
        OptionsException, match=r"Resource `posts`: option 'transformations.0..drop'"
    ):
        dlt_java.rest_api.rest_api_source(given)


def test_dlt_refuses_other_keys_without_showing_a_salt(replica: Replica) -> None:
    steps = [{"hash": {"title": "sha256"}, "salt": "pepper-secret"}]
    given: Any = config(replica, {**posts(transformations=steps), "transformation": []})

    with pytest.raises(Exception, match="transformation") as raised:
        dlt_java.rest_api.rest_api_source(given)

    assert "pepper-secret" not in str(raised.value)


@pytest.mark.parametrize("processing", [[], [{"map": lambda row: row}]], ids=["native", "dlt"])
def test_a_failing_cast_says_where(replica: Replica, loads: Loads, processing: Any) -> None:
    steps = [{"cast": {"title": "bigint"}}]
    given = config(replica, posts(transformations=steps, processing_steps=processing))

    with pytest.raises(Exception, match="cannot be converted to bigint") as raised:
        loads.ours(given)

    cause: Any = raised.value
    while not isinstance(cause, DataException):
        cause = cause.__cause__ or cause.__context__
    assert (cause.row, cause.column) == (0, "title")


def test_other_steps_load_unchanged_pages_again(replica: Replica, loads: Loads) -> None:
    def given(*steps: Any) -> Config:
        resource = posts(transformations=list(steps), primary_key="id", write_disposition="merge")
        resource["endpoint"]["path"] = "validated/etag/pages/posts"
        return config(replica, resource)

    loads.ours(given(), conditional_requests=True)
    same = loads.ours(given(), conditional_requests=True)
    other = loads.ours(given({"constant": {"new": 1}}), conditional_requests=True)

    assert same.stats["posts"]["not_modified"] > 0
    assert same.stats["posts"]["rows"] < 12
    assert other.stats["posts"]["rows"] == 12
