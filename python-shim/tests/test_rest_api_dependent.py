"""Dependent resources: requests made from the rows of a parent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dlt
import pytest
from replica import Replica
from rest_api_loads import Config, Loads

# dlt leaves the sockets of its own clients to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
)

PAGES = {"type": "page_number"}


def config(replica: Replica, *resources: Any, of: int = 12) -> Config:
    parent = {
        "name": "posts",
        "endpoint": {"path": "pages/posts", "params": {"of": of}, "paginator": PAGES},
    }
    return {"client": {"base_url": replica.rest_url}, "resources": [parent, *resources]}


def comments(path: str = "posts/{resources.posts.id}/comments", **more: Any) -> dict[str, Any]:
    return {"name": "comments", "endpoint": {"path": path, **more.pop("endpoint", {})}, **more}


@pytest.mark.parametrize(
    "child",
    [
        comments(),
        comments(include_from_parent=["id", "title"]),
        comments(include_from_parent=["published", "updated_at"]),
        comments("posts/{post}/comments", endpoint={
            "params": {"post": {"type": "resolve", "resource": "posts", "field": "id"}}
        }),
        comments("cursor/posts/{resources.posts.id}/comments", endpoint={
            "params": {"size": 2, "title": "{resources.posts.title}"}, "paginator": "cursor"
        }),
        comments("pages/posts/{resources.posts.id}/comments", endpoint={
            "params": {"size": 2, "slug": "x {resources.posts.slug}"}, "paginator": PAGES
        }),
        comments("json-link/posts/{resources.posts.id}/comments", endpoint={
            "params": {"size": 2, "name": "{resources.posts.author.name}"},
            "paginator": "json_link",
        }),
        comments("search", include_from_parent=["id"], endpoint={
            "method": "POST",
            "json": {
                "query": "{resources.posts.title}",
                "id": "{resources.posts.id}",
                "on": "{resources.posts.published}",
            },
            "params": {"of": 3},
        }),
        comments("posts/{resources.posts.id}", endpoint={
            "headers": {"X-Post": "{resources.posts.title}"}
        }),
    ],
)  # fmt: skip
def test_children_are_those_that_dlt_loads(
    replica: Replica, loads: Loads, child: dict[str, Any]
) -> None:
    ours, _ = loads.both(config(replica, child))

    assert ours.count("comments") > 0


@pytest.mark.parametrize("field", ["note", "updated_at", "score", "tags[0]", "author"])
def test_fields_of_parents_are_those_of_the_json(
    replica: Replica, loads: Loads, field: str
) -> None:
    child = comments(endpoint={"params": {"x": f"{{resources.posts.{field}}}"}})
    given = config(replica, child, of=6)
    if field == "tags[0]":
        # Every third post has none, and dlt refuses a row without the field.
        replica.serve("/rest/pages/posts", b'{"items": [{"id": 1, "tags": ["a"]}], "total": 1}')

    loads.both(given)


def test_only_the_child_is_selected(replica: Replica, loads: Loads) -> None:
    ours, _ = loads.both(config(replica, comments()), ["comments"])

    assert ours.stats["posts"]["is_native"]


def test_children_of_children(replica: Replica, loads: Loads) -> None:
    grandchildren = {
        "name": "details",
        "endpoint": {
            "path": "posts/{resources.comments.post_id}",
            "params": {"of": 12, "comment": "{resources.comments._posts_id}"},
        },
        "include_from_parent": ["id", "body"],
    }

    loads.both(config(replica, comments(include_from_parent=["id"]), grandchildren))


def test_two_children_of_one_parent(replica: Replica, loads: Loads) -> None:
    other = {
        "name": "details",
        "endpoint": {"path": "posts/{resources.posts.id}"},
        "include_from_parent": ["slug"],
    }

    loads.both(config(replica, comments(), other))


def test_children_are_asked_for_at_once(replica: Replica, loads: Loads) -> None:
    replica.faults("/rest/posts/*/comments always delay millis=50")

    ours = loads.ours(config(replica, comments(), of=20))

    assert ours.stats["comments"]["requests"] == 20
    assert replica.most_open() > 5


def test_ignored_responses_of_some_parents(replica: Replica, loads: Loads) -> None:
    replica.faults("/rest/posts/3/comments always status code=404")
    child = comments(endpoint={"response_actions": [{"status_code": 404, "action": "ignore"}]})

    loads.both(config(replica, child))


def test_parent_rows_that_a_filter_removed_are_not_asked_for(
    replica: Replica, loads: Loads
) -> None:
    given = config(replica, comments())
    given["resources"][0]["processing_steps"] = [{"filter": lambda post: post["id"] % 3 == 0}]

    ours, _ = loads.both(given, dlt_rows=["posts"])

    assert ours.stats["comments"]["requests"] == 4


def test_a_child_with_steps_of_its_own_reads_a_native_parent(
    replica: Replica, loads: Loads
) -> None:
    child = comments(processing_steps=[{"map": lambda row: {**row, "length": len(row["body"])}}])

    loads.both(config(replica, child), dlt_rows=["comments"])


def test_a_transformer_of_the_caller_gets_rows(replica: Replica, loads: Loads) -> None:
    def add_transformer(source: Any) -> None:
        @dlt.transformer(data_from=source.resources["posts"], name="titles")
        def titles(items: list[dict[str, Any]]) -> Iterator[Any]:
            yield [{"title": item["title"]} for item in items]

        source.resources.add(titles)

    loads.both(config(replica), dlt_rows=["posts"], change=add_transformer)


def test_a_resource_of_the_caller_is_a_parent(replica: Replica, loads: Loads) -> None:
    @dlt.resource(name="ids")
    def ids() -> Iterator[Any]:
        yield [{"post": 1}, {"post": 2}]
        yield [{"post": 3}]

    child = comments("posts/{resources.ids.post}/comments", include_from_parent=["post"])
    given = {"client": {"base_url": replica.rest_url}, "resources": [ids(), child]}

    ours, _ = loads.both(given)

    assert ours.count("comments") == 6


def test_a_missing_field_is_refused_in_dlts_words(replica: Replica, loads: Loads) -> None:
    given = config(replica, comments("posts/{resources.posts.nothing}/comments"))

    with pytest.raises(Exception, match="expects a field `nothing`"):
        loads.theirs(given)
    with pytest.raises(Exception, match="expects a field `nothing`"):
        loads.ours(given)


@pytest.mark.parametrize("parallelized", [True, False])
def test_parallelized_children(replica: Replica, loads: Loads, parallelized: bool) -> None:
    given = config(replica, comments(parallelized=parallelized))
    given["resources"][0]["parallelized"] = parallelized

    loads.both(given)


def test_types_found_for_one_parent_hold_for_the_next(replica: Replica, loads: Loads) -> None:
    # Each page of this parent is an item of its own, as dlt's client reads it.
    for post, rating in ((1, b"1"), (2, b"2.5"), (3, b'"x"'), (4, b"4"), (5, b"[5]"), (6, b"6")):
        replica.serve(f"/rest/posts/{post}/comments", b'[{"rating": ' + rating + b"}]")
    given = config(replica, comments(), of=6)
    given["resources"][0]["endpoint"]["params"]["size"] = 1
    given["resources"][0]["processing_steps"] = [{"map": lambda post: post}]

    loads.both(given, dlt_rows=["posts"])
