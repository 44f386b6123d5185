# SPDX-License-Identifier: Apache-2.0
"""`dlt.sources.incremental` on records that are Arrow batches already.

dlt's own step for Arrow tables knows plain columns only, by their names in the batch, and sees
values that are converted already. So the library hands over the values that the cursor and the
primary key have in the record, and dlt's step for JSON gets them: paths, functions, state and
messages are those of the JSON path.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from dlt.common.json import json
from dlt.common.jsonpath import compile_path
from dlt.extract import DltResource
from dlt.extract.incremental import Incremental, IncrementalResourceWrapper
from jsonpath_ng import Child, Fields

PROJECTION = "_dlt_projection"
"""The column of the root table with the part of each record that was asked for, as JSON text."""

_WHOLE_RECORD: list[str] = []


def cursor_projection(resource: DltResource) -> list[list[str]] | None:
    """Paths of keys to what the resource's incremental reads of a record, `None` without one."""
    incremental = _incremental(resource)
    if incremental is None:
        return None
    # It recognizes the last rows of the run before by their keys, or by all of their content.
    recognizes = incremental.range_start == "closed" and incremental.end_value is None
    key = incremental.primary_key
    if recognizes and (key is None or callable(key)):
        return [_WHOLE_RECORD]
    names: Any = [key] if isinstance(key, str) else key or ()
    return [plain_keys(incremental.cursor_path), *([name] for name in names)]


def has_end(resource: DltResource) -> bool:
    """Whether the resource's incremental has an end value.

    Args:
        resource: The resource.
    """
    incremental = _incremental(resource)
    return incremental is not None and incremental.end_value is not None


def without_projection(rows: pa.RecordBatch) -> pa.RecordBatch:
    """Rows without the column of projections.

    Args:
        rows: Rows of the root table.
    """
    return rows.select([name for name in rows.schema.names if name != PROJECTION])


def plain_keys(path: str) -> list[str]:
    """The keys with which a JSON path begins.

    Args:
        path: As dlt takes it.
    """
    keys, _ = _plain_keys(compile_path(path))
    return keys


def _incremental(resource: DltResource) -> Incremental[Any] | None:
    step: Any = resource.incremental
    if isinstance(step, IncrementalResourceWrapper):
        step = step._incremental
    return step if isinstance(step, Incremental) and step.cursor_path else None


def _plain_keys(path: Any) -> tuple[list[str], bool]:
    """The keys with which a JSON path begins, and whether they are all of it."""
    if isinstance(path, Fields) and len(path.fields) == 1 and path.fields[0] != "*":
        return [path.fields[0]], True
    if isinstance(path, Child):
        keys, plain = _plain_keys(path.left)
        if not plain:
            return keys, False
        more, plain = _plain_keys(path.right)
        return keys + more, plain
    return [], False


class CursorRows:
    """The rows of one delivery as dlt's incremental reads them."""

    def __init__(self, delivered: pa.RecordBatch, id_column: str, typed: bool) -> None:
        """Takes the projection of each row.

        Args:
            delivered: Rows of the root table, with the column `PROJECTION`.
            id_column: Name of `_dlt_id` in the schema's naming convention.
            typed: Whether a model made values of other types than JSON's.
        """
        self._load = json.typed_loads if typed else json.loads
        self._id = id_column
        self._ids = delivered[id_column]
        self._projection: Any = delivered[PROJECTION]
        self._rows: Any = None
        self._records: list[Any] = []

    def records(self, rows: Any) -> list[Any]:
        """The records of rows that are left, for dlt's incremental.

        Args:
            rows: Rows of the root table, some of which filters may have taken.
        """
        texts = self._projection
        if rows.num_rows < len(self._ids):
            texts = texts.take(pc.index_in(rows[self._id], value_set=self._ids))
        self._rows = rows
        self._records = [self._load(text) for text in texts.to_pylist()]
        return list(self._records)

    def rows(self, records: Sequence[Any]) -> Any:
        """The rows of the records that the incremental lets pass."""
        if len(records) == len(self._records):
            return self._rows
        passed = {id(record) for record in records}
        mask = [id(record) in passed for record in self._records]
        return self._rows.filter(pa.array(mask))
