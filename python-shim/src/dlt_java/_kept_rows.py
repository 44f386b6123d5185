# SPDX-License-Identifier: Apache-2.0
"""Which rows stay when filters or schema contracts take some of a delivery.

A row goes with its parent, as it does where dlt normalizes JSON.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc


class KeptRows:
    """Follows a delivery from its root table down to the tables nested in it."""

    def __init__(self, id_column: str, parent_id_column: str) -> None:
        """Nothing is known yet.

        Args:
            id_column: Name of `_dlt_id` in the schema's naming convention.
            parent_id_column: Name of `_dlt_parent_id`.
        """
        self._id = id_column
        self._parent_id = parent_id_column
        # Ids of the rows that stay, `None` for a table that lost none.
        self._ids: dict[str, Any] = {}

    def keep(self, table: str, rows: Any, delivered: int, discards: Collection[str]) -> None:
        """Notes which rows of a table stay.

        Args:
            table: Name of the table.
            rows: Its rows, less those that went with their parents or were filtered.
            delivered: How many rows it had before.
            discards: Columns that a contract refuses together with the rows that have a value.
        """
        refused = set(discards).intersection(rows.schema.names)
        if self._id not in rows.schema.names or (not refused and rows.num_rows == delivered):
            self._ids[table] = None
            return
        ids = rows[self._id]
        for column in refused:
            has_none = pc.is_null(rows[column])
            ids, rows = ids.filter(has_none), rows.filter(has_none)
        self._ids[table] = ids

    def below(self, parent_table: str, rows: pa.RecordBatch) -> pa.RecordBatch:
        """The rows whose parents stay.

        Args:
            parent_table: Name of the table that they are nested in.
            rows: Rows of a nested table.
        """
        ids = self._ids.get(parent_table)
        return rows if ids is None else rows.filter(pc.is_in(rows[self._parent_id], value_set=ids))


def without_unseen_columns(rows: Any, delivered: int, known: Collection[str]) -> Any:
    """Rows without the columns whose values all went: dlt would never have seen them.

    Args:
        rows: What is left of a batch.
        delivered: How many rows it had before.
        known: Columns that the table has already.
    """
    if rows.num_rows == delivered:
        return rows
    seen = [
        name for name in rows.schema.names if name in known or rows[name].null_count < rows.num_rows
    ]
    return rows.select(seen)
