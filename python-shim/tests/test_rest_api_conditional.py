"""Conditional requests: pages that have not changed cost an answer without a body, and no rows."""

from __future__ import annotations

import json
from typing import Any

import dlt
import dlt.common.logger
import pytest
from comparison import assert_equal_tables
from dlt.pipeline.exceptions import PipelineStepFailed
from replica import Replica
from rest_api_loads import Config, Load, Loads

import dlt_java.rest_api
from dlt_java.exceptions import OptionsException

# dlt leaves the sockets of its own clients to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
)

LINKS = {"type": "json_link", "next_url_path": "next"}
PAGES = {"type": "page_number"}


def config(
    replica: Replica, path: str = "json-link/posts", paginator: Any = "auto", **more: Any
) -> Config:
    resource = {
        "name": "posts",
        "endpoint": {
            "path": f"validated/etag/{path}",
            "paginator": paginator,
            **more.pop("endpoint", {}),
        },
        "write_disposition": "merge",
        "primary_key": "id",
        **more,
    }
    return {"client": {"base_url": replica.rest_url}, "resources": [resource]}


def changed_page(replica: Replica, target: str, page: dict[str, Any]) -> None:
    replica.serve(target, json.dumps(page).encode())


def rows(load: Load, query: str) -> list[Any]:
    with load.pipeline.sql_client() as client:
        found: Any = client.execute_sql(query)
    return list(found)


def root_cause(error: BaseException) -> BaseException:
    while error.__cause__ is not None:
        error = error.__cause__
    return error


@pytest.mark.parametrize(
    ("path", "paginator", "kind", "disposition"),
    [
        ("posts", "single_page", "etag", "merge"),
        ("json-link/posts", LINKS, "etag", "append"),
        ("json-link/posts", LINKS, "weak", "merge"),
        ("json-link/posts", "auto", "date", "merge"),
        ("cursor/posts", "cursor", "weak", "append"),
        ("cursor/posts", "auto", "etag", "merge"),
        ("pages/posts", PAGES, "date", "append"),
        ("pages/posts?total=no", {**PAGES, "total_path": None}, "etag", "merge"),
        ("offset/posts", {"type": "offset", "limit": 10}, "etag", "merge"),
    ],
)
def test_a_second_run_costs_no_bodies_and_changes_nothing(
    replica: Replica, loads: Loads, path: str, paginator: Any, kind: str, disposition: str
) -> None:
    given = config(replica, path, paginator, write_disposition=disposition)
    given["resources"][0]["endpoint"]["path"] = f"validated/{kind}/{path}"
    theirs = loads.theirs(given)

    first = loads.ours(given, conditional_requests=True, pages_ahead=0)
    second = loads.ours(given, conditional_requests=True, pages_ahead=0)

    assert first.stats["posts"]["rows"] == 25
    assert first.stats["posts"]["not_modified"] == 0
    assert second.stats["posts"]["is_native"]
    assert second.stats["posts"]["rows"] == 0
    assert second.stats["posts"]["body_bytes"] == 0
    assert second.stats["posts"]["not_modified"] == len(second.requests) == len(first.requests)
    assert second.targets() == first.targets()
    assert second.count("posts") == 25
    assert_equal_tables(second.pipeline, theirs.pipeline)


@pytest.mark.parametrize("paginator", ["header_link", "auto"])
def test_the_last_page_of_links_in_headers_is_loaded_whole(
    replica: Replica, loads: Loads, paginator: str
) -> None:
    given = config(replica, "header-link/posts", paginator)
    loads.ours(given, conditional_requests=True)

    second = loads.ours(given, conditional_requests=True)

    assert second.stats["posts"]["not_modified"] == 4
    assert second.stats["posts"]["rows"] == 5
    assert second.count("posts") == 25


def test_a_page_that_has_changed_is_loaded_again(replica: Replica, loads: Loads) -> None:
    given = config(replica, paginator=LINKS)
    target = "/rest/validated/etag/json-link/posts"
    loads.ours(given, conditional_requests=True)
    last = {"items": [{"id": 21, "title": "changed"}, {"id": 99, "title": "new"}], "next": None}
    changed_page(replica, f"{target}?from=20", last)

    second = loads.ours(given, conditional_requests=["posts"])
    third = loads.ours(given, conditional_requests=["posts"])

    assert second.stats["posts"]["not_modified"] == 4
    assert second.stats["posts"]["rows"] == 2
    changed = rows(second, "SELECT id FROM posts WHERE title IN ('changed', 'new') ORDER BY id")
    assert changed == [(21,), (99,)]
    assert second.count("posts") == 26
    assert third.stats["posts"]["not_modified"] == 5
    assert third.stats["posts"]["rows"] == 0


def test_a_page_may_lead_elsewhere_when_it_has_changed(replica: Replica, loads: Loads) -> None:
    given = config(replica, paginator=LINKS)
    target = "/rest/validated/etag/json-link/posts"
    loads.ours(given, conditional_requests=True)
    changed_page(replica, f"{target}?from=5", {"items": [{"id": 6}], "next": f"{target}?from=20"})

    second = loads.ours(given, conditional_requests=True)

    assert second.targets() == sorted([target, f"{target}?from=5", f"{target}?from=20"])
    assert second.stats["posts"]["not_modified"] == 2


def test_a_run_that_fails_remembers_nothing(replica: Replica, loads: Loads) -> None:
    given = config(replica, paginator=LINKS)
    replica.faults("/rest/validated/etag/json-link/posts?from=20 2 status code=500")
    with pytest.raises(PipelineStepFailed):
        loads.ours(given, conditional_requests=True)

    second = loads.ours(given, conditional_requests=True)

    assert second.stats["posts"]["not_modified"] == 0
    assert second.count("posts") == 25


def test_a_run_that_fails_in_another_resource_remembers_nothing(
    replica: Replica, loads: Loads
) -> None:
    given = config(replica, paginator=LINKS)

    def add_failing(source: Any) -> None:
        def fail() -> Any:
            yield from ([{"id": number}] for number in range(1000))
            raise ValueError("not this time")

        source.resources.add(dlt.resource(fail, name="failing"))

    with pytest.raises(PipelineStepFailed):
        loads.ours(given, change=add_failing, conditional_requests=True)

    second = loads.ours(given, conditional_requests=True)

    assert second.stats["posts"]["not_modified"] == 0
    assert second.count("posts") == 25


@pytest.mark.parametrize(
    ("hints", "found"),
    [
        ({"write_disposition": "replace"}, 'the write disposition "replace"'),
        (
            {"write_disposition": {"disposition": "merge", "strategy": "scd2"}},
            'the merge strategy "scd2"',
        ),
        ({"merge_key": "published"}, "a merge key"),
    ],
)
def test_what_deletes_rows_that_do_not_come_is_refused(
    replica: Replica, loads: Loads, hints: dict[str, Any], found: str
) -> None:
    with pytest.raises(PipelineStepFailed) as failed:
        loads.ours(config(replica, paginator=LINKS, **hints), conditional_requests=True)

    cause = root_cause(failed.value)
    assert isinstance(cause, OptionsException)
    assert str(cause).startswith(f"The resource `posts` has {found}, with which ")


def test_a_disposition_of_the_run_counts(
    replica: Replica, loads: Loads, make_pipeline: Any
) -> None:
    source = dlt_java.rest_api.rest_api_source(
        config(replica, paginator=LINKS),  # type: ignore[arg-type]
        conditional_requests=True,
    )

    with pytest.raises(PipelineStepFailed) as failed:
        make_pipeline("ours").run(source, write_disposition="replace")

    assert isinstance(root_cause(failed.value), OptionsException)


@pytest.mark.parametrize("strategy", ["delete-insert", "upsert", "insert-only"])
def test_strategies_that_keep_rows_are_taken(replica: Replica, loads: Loads, strategy: str) -> None:
    hint = {"disposition": "merge", "strategy": strategy}
    given = config(replica, paginator=LINKS, write_disposition=hint)
    loads.ours(given, conditional_requests=True)

    assert loads.ours(given, conditional_requests=True).count("posts") == 25


def test_children_are_remembered_and_their_parents_are_loaded_whole(
    replica: Replica, loads: Loads, monkeypatch: pytest.MonkeyPatch
) -> None:
    warnings: list[str] = []
    monkeypatch.setattr(dlt.common.logger, "warning", lambda text, *_, **__: warnings.append(text))
    given = config(replica, "pages/posts", PAGES, endpoint={"params": {"of": 12}})
    given["resources"].append(
        {
            "name": "comments",
            "endpoint": {
                "path": "validated/etag/json-link/posts/{resources.posts.id}/comments",
                "params": {"size": 2},
                "paginator": LINKS,
            },
            "include_from_parent": ["title"],
            "write_disposition": "merge",
            "primary_key": "id",
        }
    )
    theirs = loads.theirs(given)
    first = loads.ours(given, conditional_requests=True)
    assert_equal_tables(first.pipeline, theirs.pipeline)
    replica.serve(
        "/rest/validated/etag/json-link/posts/3/comments?size=2",
        json.dumps({"items": [{"id": 77}], "next": None}).encode(),
    )

    second = loads.ours(given, conditional_requests=True)

    assert second.stats["posts"]["not_modified"] == 0
    assert second.stats["comments"]["rows"] == 1
    assert second.stats["comments"]["not_modified"] == second.stats["comments"]["requests"] - 1
    assert second.count("comments") == first.stats["comments"]["rows"] + 1
    assert rows(second, "SELECT _posts_title FROM comments WHERE id = 77") == [("Post 3",)]
    # Once a source: two were made.
    assert [text for text in warnings if "conditional_requests" in text] == 2 * [
        "conditional_requests has no effect on `posts`: dependent resources need all of its rows"
    ]


def test_a_range_with_an_end_is_loaded_whole(replica: Replica, loads: Loads) -> None:
    def bounded(end: int) -> Config:
        cursor = {"cursor_path": "id", "initial_value": 1, "end_value": end}
        return config(replica, paginator=LINKS, endpoint={"incremental": cursor})

    loads.ours(bounded(5), conditional_requests=True)

    assert loads.ours(bounded(20), conditional_requests=True).count("posts") == 19


def test_a_cursor_goes_on_where_it_was(replica: Replica, loads: Loads) -> None:
    cursor = {"cursor_path": "id", "initial_value": 3}
    given = config(replica, paginator=LINKS, endpoint={"incremental": cursor})
    loads.ours(given, conditional_requests=True)

    second = loads.ours(given, conditional_requests=True)

    assert second.stats["posts"]["rows"] == 0
    state: Any = second.pipeline.state["sources"]["rest_api"]["resources"]["posts"]
    assert state["incremental"]["id"]["last_value"] == 25


def test_dlts_own_client_loads_all_and_says_so_once(
    replica: Replica, loads: Loads, monkeypatch: pytest.MonkeyPatch
) -> None:
    warnings: list[str] = []
    monkeypatch.setattr(dlt.common.logger, "warning", lambda text, *_, **__: warnings.append(text))
    given = config(replica, paginator=LINKS, processing_steps=[{"map": lambda row: row}])

    loads.ours(given, conditional_requests=True)

    assert [text for text in warnings if "conditional_requests" in text] == [
        "conditional_requests has no effect on `posts`: dlt's own client reads it, as its rows pass"
        " through a `MapItem`"
    ]


def test_a_run_without_the_option_forgets(replica: Replica, loads: Loads) -> None:
    given = config(replica, paginator=LINKS)
    loads.ours(given, conditional_requests=True)
    loads.ours(given)

    third = loads.ours(given, conditional_requests=True)

    assert third.stats["posts"]["not_modified"] == 0


def test_nothing_is_remembered_without_the_option(replica: Replica, loads: Loads) -> None:
    ours, theirs = loads.both(config(replica, paginator=LINKS))

    assert ours.pipeline.state.get("sources") == theirs.pipeline.state.get("sources")


def test_rows_go_to_another_table_too(replica: Replica, loads: Loads) -> None:
    given = config(replica, paginator=LINKS)
    loads.ours(given, conditional_requests=True)
    given["resources"][0]["table_name"] = "other"

    assert loads.ours(given, conditional_requests=True).count("other") == 25


@pytest.mark.parametrize("refresh", ["drop_sources", "drop_resources", "drop_data"])
def test_a_refresh_loads_all(replica: Replica, loads: Loads, refresh: Any) -> None:
    given: Any = config(replica, paginator=LINKS)
    pipeline = loads.ours(given, conditional_requests=True).pipeline
    source = dlt_java.rest_api.rest_api_source(given, conditional_requests=True)

    pipeline.run(source, refresh=refresh)

    assert dlt_java.rest_api.stats(source)["posts"]["rows"] == 25
    assert Load(pipeline, [], {}).count("posts") == 25


def test_the_number_of_pages_is_bounded(replica: Replica, loads: Loads) -> None:
    given = config(replica, paginator=LINKS)
    loads.ours(given, conditional_requests=True, remembered_pages=2)

    second = loads.ours(given, conditional_requests=True, remembered_pages=2)

    assert second.stats["posts"]["not_modified"] == 2
    state: Any = second.pipeline.state["sources"]["rest_api"]["resources"]["posts"]
    assert len(state["dlt_java_pages"]["pages"]) == 2


def test_secrets_are_not_in_the_state(replica: Replica, loads: Loads) -> None:
    given = config(
        replica, "auth/api-key-query/json-link/posts", LINKS, endpoint={"params": {"token": "t0"}}
    )
    auth = {"type": "api_key", "name": "api_key", "api_key": "key secret/+", "location": "query"}
    given["client"]["auth"] = auth

    load = loads.ours(given, conditional_requests=True)

    state: Any = load.pipeline.state["sources"]["rest_api"]["resources"]["posts"]
    # The last page leads nowhere; the others have the parameters of the request in their links.
    assert len(state["dlt_java_pages"]["pages"]) == 1
    for secret in ("key secret", "key+secret", "key%20secret", "t0"):
        assert secret not in json.dumps(state)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"conditional_requests": ["others"]}, "conditional_requests names"),
        ({"conditional_requests": True, "remembered_pages": 0}, "remembered_pages must be"),
        ({"conditional_requests": True, "remembered_pages": 100_001}, "remembered_pages must be"),
    ],
)
def test_wrong_options_are_refused(replica: Replica, options: Any, message: str) -> None:
    with pytest.raises(OptionsException, match=message):
        dlt_java.rest_api.rest_api_source(config(replica), **options)  # type: ignore[arg-type]
