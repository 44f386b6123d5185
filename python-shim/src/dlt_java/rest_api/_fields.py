# SPDX-License-Identifier: Apache-2.0
"""Fields of rows, read back from Arrow batches for dependent resources and incremental cursors.

A column can be read back if what dlt made of the JSON values is still what they were: text, whole
numbers, booleans, and numbers with a fraction. All else (timestamps, nulls, which may also be
fields that were missing, lists and objects) is gone from a batch, and its rows have to come from
dlt's own client. What knows this is `unreadable` and `rows`; a library that hands over the raw
fields would replace them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Union

import pyarrow as pa

from dlt_java._dlt_tables import is_json
from dlt_java.rest_api._native import NotNative
from dlt_java.rest_api._paths import keys

Rows = Union[pa.RecordBatch, pa.Table]

_PARENT_ID = "_dlt_parent_id"
_VARIANT_MARK = "__v_"


@dataclasses.dataclass(frozen=True)
class Fields:
    """Fields that somebody needs as they were in the JSON.

    Attributes:
        purpose: Who needs them, such as `the dependent resource "comments"`.
        paths: Keys of each field, from the row.
        reason: Why they cannot be read from columns, `None` if they can.
    """

    purpose: str
    paths: Sequence[tuple[str, ...]] = ()
    reason: str | None = None

    @classmethod
    def of_parent(
        cls, child: str, resolved_params: Sequence[Any], include_from_parent: Sequence[str]
    ) -> Fields:
        """The fields of a parent for the placeholders and columns of a child.

        Args:
            child: Name of the dependent resource.
            resolved_params: dlt's, of the child.
            include_from_parent: Likewise.
        """
        purpose = f"the dependent resource `{child}`"
        try:
            paths = [tuple(keys(param.field_path, "field")) for param in resolved_params]
        except NotNative as unsupported:
            return cls(purpose, reason=str(unsupported))
        # These are names, not paths.
        paths += [(name,) for name in include_from_parent]
        return cls(purpose, list(dict.fromkeys(paths)))


class FieldColumns:
    """The columns of a root table that hold the fields."""

    def __init__(self, fields: Sequence[Fields], naming: Any) -> None:
        """Finds the names of the columns.

        Args:
            fields: What is needed of the rows.
            naming: The naming convention of the schema.

        Raises:
            NotNative: A field cannot be read from a column.
        """
        self._columns: dict[tuple[str, ...], str] = {}
        self._purposes: dict[tuple[str, ...], str] = {}
        for needed in fields:
            if needed.reason is not None:
                raise NotNative(f"{needed.purpose} needs rows: {needed.reason}")
            for path in needed.paths:
                names = [naming.normalize_path(key) for key in path]
                self._columns[path] = naming.shorten_fragments(*names)
                self._purposes[path] = needed.purpose

    def check_types(self, hinted: Mapping[str, Any], known: Mapping[str, Any]) -> None:
        """Looks for columns whose values are converted, before anything is fetched.

        Args:
            hinted: Columns of the root table that the resource gives hints for.
            known: Columns of the root table that were loaded before.

        Raises:
            NotNative: A field's column is one of them.
        """
        for path, name in self._columns.items():
            if hinted.get(name, {}).get("data_type"):
                raise self._unreadable(path, "converted to the type of its hint")
            data_type = known.get(name, {}).get("data_type")
            if data_type not in (None, "text", "bigint", "bool", "double"):
                raise self._unreadable(path, f"a {data_type}")

    def check(self, batch: Rows) -> None:
        """Looks at the values of a batch.

        Args:
            batch: Rows of the root table.

        Raises:
            NotNative: A field cannot be read back from them.
        """
        for path, name in self._columns.items():
            if name not in batch.schema.names:
                raise self._unreadable(path, "missing, a list or an object")
            if any(other.startswith(name + _VARIANT_MARK) for other in batch.schema.names):
                raise self._unreadable(path, "of several types")
            column = batch.column(name)
            if column.null_count:
                raise self._unreadable(path, "null or missing in some rows")
            if is_json(batch.schema.field(name)):
                raise self._unreadable(path, "JSON text")
            if not _keeps_json(column):
                raise self._unreadable(path, f"of the type {column.type}")

    def rows(self, batch: Rows) -> list[dict[str, Any]]:
        """The fields of each row, as they were in its JSON.

        Args:
            batch: Rows of the root table that `check` found readable.
        """
        made: list[dict[str, Any]] = [{} for _ in range(batch.num_rows)]
        for path, name in self._columns.items():
            for row, value in zip(made, batch.column(name).to_pylist()):
                for key in path[:-1]:
                    row = row.setdefault(key, {})
                row[path[-1]] = value
        return made

    def _unreadable(self, path: tuple[str, ...], what: str) -> NotNative:
        field = ".".join(path)
        return NotNative(f"{self._purposes[path]} needs the field `{field}`, which is {what}")


def is_nested(batch: Rows) -> bool:
    """Whether a batch belongs to a child table.

    Args:
        batch: One of the batches of an item.
    """
    return _PARENT_ID in batch.schema.names


def _keeps_json(column: Any) -> bool:
    if pa.types.is_floating(column.type):
        # 1 and 1.0 are both in a column of numbers with a fraction.
        return not any(value.is_integer() for value in column.to_pylist())
    return bool(
        pa.types.is_string(column.type)
        or pa.types.is_large_string(column.type)
        or pa.types.is_int64(column.type)
        or pa.types.is_boolean(column.type)
    )
