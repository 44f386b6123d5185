# SPDX-License-Identifier: Apache-2.0
"""Schema contracts on nested tables, compared with what dlt makes of the same records."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import dlt
import pytest
from comparison import assert_equal_schemas, assert_equal_tables, run_all
from dlt.common.schema.exceptions import DataValidationError

from dlt_java import read_json

Rows = list[dict[str, Any]]

KNOWN: Rows = [{"id": 1, "size": 1, "lines": [{"sku": "p", "price": 1, "tags": [{"tag": "r"}]}]}]
"""Makes all tables and columns that the contracts guard."""

CHANGES: dict[str, Rows] = {
    "nothing": [{"id": 2, "size": None, "lines": [{"sku": "q", "tags": [{"tag": "t"}]}]}],
    "column of the root": [
        {"id": 2, "size": 2, "lines": [{"sku": "q", "tags": [{"tag": "s"}]}]},
        {"id": 3, "color": "red", "lines": [{"sku": "r", "tags": [{"tag": "t"}]}]},
        {"id": 4, "lines": [{"sku": "s"}]},
    ],
    "column of a nested table": [
        {
            "id": 2,
            "lines": [
                {"sku": "q", "weight": 1.5, "tags": [{"tag": "s"}]},
                {"sku": "r", "tags": [{"tag": "t"}]},
                {"sku": "s"},
            ],
        },
        {"id": 3, "size": 3, "lines": [{"sku": "t", "tags": [{"tag": "u", "rank": 1}]}]},
    ],
    "table": [
        {"id": 2, "lines": [{"sku": "q", "notes": [{"text": "x", "words": ["y"]}]}]},
        {"id": 3, "owners": ["a", "b"], "lines": []},
    ],
    "type in the root": [
        {"id": 2, "size": "large", "lines": [{"sku": "q", "tags": [{"tag": "s"}]}]},
        {"id": 3, "size": 3, "lines": [{"sku": "r"}]},
        {"id": 4, "size": "5"},
    ],
    "type in a nested table": [
        {"id": 2, "lines": [{"sku": "q", "price": "cheap", "tags": [{"tag": "s"}]}]},
        {"id": 3, "lines": [{"sku": "r", "price": 4}, {"sku": "s", "price": 1.5}]},
    ],
}

CONTRACTS: list[Any] = [
    "evolve",
    "freeze",
    "discard_row",
    "discard_value",
    {"tables": "freeze", "columns": "discard_value", "data_type": "discard_row"},
    {"tables": "discard_row", "columns": "evolve", "data_type": "freeze"},
]


def load(folder: Path, name: str, natively: bool, runs: Sequence[Rows], **hints: Any) -> Any:
    def resource(rows: Rows) -> Any:
        if natively:
            return read_json(json.dumps(rows).encode(), "orders", **hints)
        return dlt.resource(rows, name="orders", **hints)

    return run_all(folder, name, [functools.partial(resource, rows) for rows in runs])


def refusal(error: BaseException | None) -> DataValidationError:
    while error is not None:
        if isinstance(error, DataValidationError):
            return error
        error = error.__cause__ or error.__context__
    raise AssertionError("no `DataValidationError`")


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("contract", CONTRACTS, ids=str)
def test_contracts_act_on_nested_tables_as_in_dlt(
    tmp_path: Path, contract: Any, change: str
) -> None:
    changed = CHANGES[change]
    both = []
    for name in ("ours", "theirs"):
        load(tmp_path, name, name == "ours", [KNOWN], columns={"id": {"data_type": "bigint"}})
        hints = {"schema_contract": contract, "columns": {"id": {"data_type": "bigint"}}}
        try:
            both.append(load(tmp_path, name, name == "ours", [changed], **hints))
        except Exception as error:
            both.append(refusal(error))
    ours, theirs = both
    if isinstance(theirs, DataValidationError):
        assert isinstance(ours, DataValidationError)
        for field in (
            "table_name",
            "column_name",
            "schema_entity",
            "contract_mode",
            "schema_contract",
        ):
            assert getattr(ours, field) == getattr(theirs, field), field
        assert (ours.table_schema is None) == (theirs.table_schema is None)
        assert ours.data_item is not None
    else:
        assert isinstance(theirs, dlt.Pipeline)
        assert isinstance(ours, dlt.Pipeline), ours
        assert_equal_schemas(ours, theirs)
        assert_equal_tables(ours, theirs)
