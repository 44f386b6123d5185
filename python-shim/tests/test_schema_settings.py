# SPDX-License-Identifier: Apache-2.0
"""Settings of a schema: naming conventions, types, hints; compared with what dlt makes of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dlt
import pytest
from comparison import assert_equal_schemas, assert_equal_tables, run_all
from dlt.common.normalizers.naming import NamingConvention
from dlt.common.schema import Schema

from dlt_java import read_json
from dlt_java.exceptions import OptionsException

FIRST = [
    {
        "orderId": 1,
        "Created At": "2024-01-01T10:00:00Z",
        "total_amount": "12.50",
        "ship__to": {"firstName": "x", "ZIP": 150},
        "Line Items": [{"SKU": "p", "theTags": ["a"]}, {"SKU": "q", "amount": 1}],
    },
    {"orderId": "two", "Created At": "soon", "total_amount": 3, "Line Items": []},
]
SECOND = [{"orderId": 3, "ship__to": {"firstName": "y"}, "Line Items": [{"SKU": 1, "new": True}]}]


class Dashes(NamingConvention):
    """A convention that is not dlt's."""

    PATH_SEPARATOR = "_of_"

    @property
    def is_case_sensitive(self) -> bool:
        """Names differ in more than case."""
        return False

    def normalize_identifier(self, identifier: str) -> str:
        """The name in small letters, with dashes."""
        name = super().normalize_identifier(identifier).replace(" ", "-").lower()
        return self.shorten_identifier(name, identifier, self.max_length)


def load(folder: Path, name: str, schema: Callable[[], Schema]) -> dlt.Pipeline:
    pipeline = dlt.pipeline(
        name,
        destination=dlt.destinations.duckdb(str(folder / f"{name}.duckdb")),
        dataset_name="data",
        pipelines_dir=str(folder / "pipelines"),
    )
    run_schema = schema()
    for rows in (FIRST, SECOND):
        resource = (
            read_json(json.dumps(rows).encode(), "orders")
            if name == "ours"
            else dlt.resource(rows, name="orders")
        )
        pipeline.run(resource, schema=run_schema)
    return pipeline


def compare(folder: Path, schema: Callable[[], Schema]) -> dlt.Pipeline:
    ours, theirs = (load(folder, name, schema) for name in ("ours", "theirs"))
    assert_equal_schemas(ours, theirs)
    assert_equal_tables(ours, theirs)
    return ours


@pytest.mark.parametrize(
    "naming", ["snake_case", "direct", "sql_cs_v1", "sql_ci_v1", "duck_case", Dashes]
)
def test_names_follow_the_naming_convention(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, naming: Any
) -> None:
    monkeypatch.setenv(
        "SCHEMA__NAMING", naming if isinstance(naming, str) else f"{__name__}.{naming.__name__}"
    )
    compare(tmp_path, lambda: Schema("shop"))


def test_names_of_a_convention_of_ones_own_are_shortened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCHEMA__NAMING", f"{__name__}.Dashes")
    monkeypatch.setenv("DESTINATION__DUCKDB__MAX_IDENTIFIER_LENGTH", "20")
    compare(tmp_path, lambda: Schema("shop"))


def test_preferred_types_act_as_on_json(tmp_path: Path) -> None:
    def schema() -> Schema:
        made = Schema("shop")
        preferred: Any = {"re:amount$": "decimal", "re:^order": "double"}
        made.settings["preferred_types"] = preferred
        made._compile_settings()
        return made

    ours = compare(tmp_path, schema)
    assert ours.default_schema.tables["orders"]["columns"]["order_id"]["data_type"] == "double"


def test_texts_stay_texts_without_detections(tmp_path: Path) -> None:
    def schema() -> Schema:
        made = Schema("shop")
        made.settings["detections"] = []
        made._compile_settings()
        return made

    ours = compare(tmp_path, schema)
    assert ours.default_schema.tables["orders"]["columns"]["created_at"]["data_type"] == "text"


def test_hints_by_name_act_as_on_json(tmp_path: Path) -> None:
    def schema() -> Schema:
        made = Schema("shop")
        hints: Any = {"sort": ["re:^order"], "partition": ["sku"]}
        made.merge_hints(hints)
        return made

    ours = compare(tmp_path, schema)
    assert ours.default_schema.tables["orders"]["columns"]["order_id"]["sort"]


def test_hints_of_columns_of_nested_objects_act_as_on_json(tmp_path: Path) -> None:
    # Whole numbers first: without the hint the column would be one of integers.
    data = [{"ship": {"weight": 2}}, {"ship": {"weight": 2.5}}]
    columns: Any = {"ship__weight": {"data_type": "double"}}
    text = json.dumps(data).encode()
    ours = run_all(tmp_path, "ours", [lambda: read_json(text, "orders", columns=columns)])
    theirs = run_all(
        tmp_path, "theirs", [lambda: dlt.resource(data, name="orders", columns=columns)]
    )
    assert_equal_schemas(ours, theirs)
    assert_equal_tables(ours, theirs)


def test_other_detections_are_refused(tmp_path: Path) -> None:
    def schema() -> Schema:
        made = Schema("shop")
        made.settings["detections"] = ["iso_timestamp", "large_integer"]
        made._compile_settings()
        return made

    with pytest.raises(Exception, match="large_integer") as raised:
        load(tmp_path, "ours", schema)
    error: BaseException | None = raised.value
    while error is not None and not isinstance(error, OptionsException):
        error = error.__cause__ or error.__context__
    assert error is not None
