# SPDX-License-Identifier: Apache-2.0
"""Fields of a parent's rows, which the requests of dependent resources are made of.

The library hands them over beside the rows, as they were in the JSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Union

import pyarrow as pa
from dlt.common.json import json

from dlt_java._incremental import PROJECTION, plain_keys

Rows = Union[pa.RecordBatch, pa.Table]

_PARENT_ID = "_dlt_parent_id"


def parent_paths(
    resolved_params: Sequence[Any], include_from_parent: Sequence[str]
) -> list[list[str]]:
    """Paths of keys to the fields of a parent that a child needs.

    Args:
        resolved_params: dlt's, of the child.
        include_from_parent: Likewise; names, not paths.
    """
    paths = [plain_keys(param.field_path) for param in resolved_params]
    return paths + [[name] for name in include_from_parent]


class ParentRecords:
    """What children need of the rows that a run has delivered, by row id."""

    def __init__(self, id_column: str, children: int, typed: bool) -> None:
        """Holds nothing yet.

        Args:
            id_column: Name of `_dlt_id`.
            children: How many dependent resources ask for each row.
            typed: Whether a model made values of other types than JSON's.
        """
        self._load = json.typed_loads if typed else json.loads
        self._id = id_column
        self._children = children
        self._texts: dict[str, str] = {}
        self._asked: dict[str, int] = {}

    def add(self, rows: Rows) -> None:
        """Keeps the fields of rows.

        Args:
            rows: Rows of the root table, as the library delivered them.
        """
        ids: list[Any] = rows.column(self._id).to_pylist()
        texts: list[Any] = rows.column(PROJECTION).to_pylist()
        self._texts.update(zip(ids, texts))

    def take(self, rows: Rows) -> list[Any]:
        """The records of rows that are left, for one child; forgotten when all have asked.

        Args:
            rows: Rows of the root table, some of which dlt may have taken.
        """
        found = []
        ids: list[Any] = rows.column(self._id).to_pylist()
        for row_id in ids:
            found.append(self._load(self._texts[row_id]))
            asked = self._asked.pop(row_id, 0) + 1
            if asked < self._children:
                self._asked[row_id] = asked
            else:
                del self._texts[row_id]
        return found


def is_nested(batch: Rows) -> bool:
    """Whether a batch belongs to a child table.

    Args:
        batch: One of the batches of an item.
    """
    return _PARENT_ID in batch.schema.names
