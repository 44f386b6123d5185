"""Configurations that dlt refuses are refused in dlt's words."""

from __future__ import annotations

from typing import Any, Callable

import dlt.sources.rest_api
import pytest

import dlt_java.rest_api

CLIENT: Any = {"base_url": "http://localhost/"}


def resources(*given: Any) -> dict[str, Any]:
    return {"client": CLIENT, "resources": list(given)}


@pytest.mark.parametrize(
    "config",
    [
        {"resources": ["posts"]},
        {"client": CLIENT},
        {"client": CLIENT, "resources": ["posts"], "other": 1},
        {"client": {**CLIENT, "paginator": "nothing"}, "resources": ["posts"]},
        {"client": {**CLIENT, "auth": {"type": "nothing"}}, "resources": ["posts"]},
        {"client": {**CLIENT, "requests_per_second": 5}, "resources": ["posts"]},
        resources("posts", "posts"),
        resources({"name": "posts", "endpoint": {"path": "posts/{id}"}}),
        resources({"name": "posts", "endpoint": {"path": "posts", "paginator": "offset"}}),
        resources({"name": "posts", "endpoint": {"params": {"a": {"type": "nothing"}}}}),
        resources({"name": "posts", "include_from_parent": ["id"]}),
        resources({"name": "c", "endpoint": "posts/{resources.posts.id}"}),
        resources("a", "b", {"name": "c", "endpoint": "{resources.a.id}/{resources.b.id}"}),
        resources({"name": "a", "endpoint": "{resources.a.id}"}),
        resources(
            {"name": "posts", "endpoint": {"path": "p", "incremental": {"cursor_path": "["}}}
        ),
        resources(
            {
                "name": "posts",
                "endpoint": {
                    "paginator": {"type": "page_number", "page_param": "a", "page_body_path": "b"}
                },
            }
        ),
    ],
)
def test_configurations_are_refused_as_dlt_refuses_them(config: Any) -> None:
    expected = _failure(lambda: dlt.sources.rest_api.rest_api_source(config))

    actual = _failure(lambda: dlt_java.rest_api.rest_api_source(config))

    assert type(actual) is type(expected)
    assert str(actual) == str(expected)


def test_sources_are_what_dlt_makes() -> None:
    config: Any = resources(
        {"name": "posts", "primary_key": "id", "write_disposition": "merge"},
        {"name": "comments", "endpoint": "posts/{resources.posts.id}/comments", "selected": False},
    )

    actual = dlt_java.rest_api.rest_api_source(config, max_table_nesting=2)
    expected = dlt.sources.rest_api.rest_api_source(config, max_table_nesting=2)

    assert (actual.name, actual.section) == (expected.name, expected.section)
    assert actual.max_table_nesting == expected.max_table_nesting
    assert list(actual.resources) == list(expected.resources)
    for name, resource in expected.resources.items():
        ours = actual.resources[name]
        assert ours.selected == resource.selected
        assert ours.section == resource.section
        assert ours.is_transformer == resource.is_transformer
        assert ours.compute_table_schema() == resource.compute_table_schema()


def test_name_and_section_are_the_callers() -> None:
    config: Any = resources("posts")

    actual = dlt_java.rest_api.rest_api_source(config, name="mine", section="ours")
    expected = dlt.sources.rest_api.rest_api_source(config, name="mine", section="ours")

    assert (actual.name, actual.section) == (expected.name, expected.section) == ("mine", "ours")


def test_the_source_takes_arguments() -> None:
    source = dlt_java.rest_api.rest_api(client=CLIENT, resources=["posts", "users"])

    assert list(source.resources) == ["posts", "users"]
    assert source.name == "rest_api"


def test_secrets_are_not_in_errors_of_the_configuration() -> None:
    config: Any = {
        "client": {**CLIENT, "auth": {"type": "bearer", "token": "my-secret-token", "x": 1}},
        "resources": ["posts"],
    }

    assert "my-secret-token" not in str(_failure(lambda: dlt_java.rest_api.rest_api_source(config)))


def _failure(act: Callable[[], Any]) -> BaseException:
    with pytest.raises(Exception) as raised:
        act()
    return raised.value
