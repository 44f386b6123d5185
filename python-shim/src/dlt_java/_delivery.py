# SPDX-License-Identifier: Apache-2.0
"""Items of a resource: batches of a root table, with those nested in it, on their way through dlt.

An item travels through a resource's steps as one `pyarrow.RecordBatch`, the root table's; the rest
is in its meta data. The steps of this module give an incremental records instead of the batch, and
at the end take the item apart, for dlt to write table after table.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import dlt
import pyarrow as pa
from dlt.extract import DltResource

from dlt_java._dlt_tables import DltColumns, ShadowedSchema, is_arrow
from dlt_java._incremental import CursorRows
from dlt_java._kept_rows import KeptRows, without_unseen_columns
from dlt_java.exceptions import DltJavaException

try:
    from dlt.extract.items import DataItemWithMeta, TableNameMeta
    from dlt.extract.items_transform import ItemTransform
    from dlt.extract.pipe import ForkPipe
    from dlt.extract.state import get_current_pipe
except ImportError as moved:
    raise DltJavaException(
        f"dlt-java does not know dlt {dlt.__version__}: {moved}. Use dlt 1.26 to 1.31, or a newer"
        " dlt-java."
    ) from moved


@dataclasses.dataclass(frozen=True)
class TableBatch:
    """Rows of one table.

    Attributes:
        table: Name of the table.
        parent_table: Name of the table it is nested in, `None` for a root table.
        rows: The rows, with dlt's own columns.
    """

    table: str
    parent_table: str | None
    rows: pa.RecordBatch


class DeliveryMeta:
    """What belongs to an item: the batches of all its tables.

    Attributes:
        root: The batch of the root table.
        nested: Those of the tables nested in it, parents first.
        cursor: The rows as an incremental reads them, `None` without one.
    """

    def __init__(
        self,
        root: TableBatch,
        nested: Sequence[TableBatch],
        schema: ShadowedSchema,
        columns: DltColumns,
        cursor: CursorRows | None,
    ) -> None:
        self.root = root
        self.nested = nested
        self.schema = schema
        self.columns = columns
        self.cursor = cursor


class BeforeIncremental(ItemTransform):  # type: ignore[type-arg]  # its parameters differ by version
    """Gives a resource's incremental records instead of batches."""

    placement_affinity: ClassVar[float] = 0.95
    """Behind what users add, in front of `Incremental` (1)."""

    def __init__(self) -> None:
        super().__init__(self.__call__)

    def __call__(self, item: Any, meta: Any = None) -> Any:
        """Returns the records of an item of ours."""
        if isinstance(meta, DeliveryMeta) and meta.cursor is not None and is_arrow(item):
            return meta.cursor.records(item)
        return item


class AfterIncremental(ItemTransform):  # type: ignore[type-arg]
    """Makes batches again of the records that the incremental lets pass."""

    placement_affinity: ClassVar[float] = 1.05

    def __init__(self) -> None:
        super().__init__(self.__call__)

    def __call__(self, item: Any, meta: Any = None) -> Any:
        """Returns the rows of the records of an item of ours."""
        if isinstance(meta, DeliveryMeta) and meta.cursor is not None and isinstance(item, list):
            return meta.cursor.rows(item)
        return item


class WithNestedTables(ItemTransform):  # type: ignore[type-arg]  # its parameters differ by version
    """The last step of a resource's pipe: takes the batches of an item apart, for dlt to write."""

    placement_affinity: ClassVar[float] = 2
    """Behind `LimitItem` (1.1), which counts what a user sees as an item."""

    def __init__(self) -> None:
        super().__init__(self.__call__)

    def __call__(self, item: Any, meta: Any = None) -> Any:
        """Returns dlt's items for one item of ours, or an item of a user as it is."""
        return _parts(item, meta) if isinstance(meta, DeliveryMeta) else item


def with_nested_tables(resource: DltResource) -> DltResource:
    """The resource, able to yield what `dlt_java.resource.rows` makes."""
    for step in (BeforeIncremental(), AfterIncremental(), WithNestedTables()):
        resource = resource.add_step(step)
    return resource


def _parts(root: Any, meta: DeliveryMeta) -> Iterator[DataItemWithMeta | None]:
    turns = _turns_until_written()
    if turns is None:
        # Only transformers get it: they have use for rows, not for their child tables.
        yield DataItemWithMeta(None, root)
        return
    # An empty list makes dlt enter the resource's hints into the schema first, so that columns with
    # hints come first in the table as they do when dlt reads JSON.
    yield from _written([], None, turns)
    schema, delivered = meta.schema, meta.root.rows.num_rows
    kept = KeptRows(meta.columns.id, meta.columns.parent_id)
    if is_arrow(root):
        root = without_unseen_columns(root, delivered, schema.columns(meta.root.table))
        if root.num_rows == 0:
            return
    yield from _written(root, None, turns)
    if is_arrow(root):
        kept.keep(meta.root.table, root, delivered, schema.discards(meta.root.table))
    for batch in meta.nested:
        parent = str(batch.parent_table)
        if not schema.has(parent):
            # A schema contract refused the parent, and with it its children.
            continue
        rows = kept.below(parent, batch.rows)
        rows = without_unseen_columns(rows, batch.rows.num_rows, schema.columns(batch.table))
        if rows.num_rows > 0:
            known = schema.has(batch.table)
            yield from _written(rows, TableNameMeta(batch.table), turns)
            if not known:
                schema.check_parent(batch.table, parent)
        kept.keep(batch.table, rows, batch.rows.num_rows, schema.discards(batch.table))


def _written(item: Any, meta: Any, turns: int) -> Iterator[DataItemWithMeta | None]:
    """Yields an item, and returns when dlt has written it.

    What follows depends on what the schema makes of the item.
    """
    yield DataItemWithMeta(meta, item)
    # dlt writes an item before it asks for the next one, unless others take it too.
    for _ in range(turns):
        yield None


def _turns_until_written() -> int | None:
    """How often all else is asked for an item until dlt has written ours, `None` if it will not.

    A pipe with transformers ends with a fork, and that gives the item to one after the other, in a
    turn each.
    """
    pipe: Any = get_current_pipe()
    fork = pipe.tail
    if not isinstance(fork, ForkPipe):
        return 0
    if not fork.has_pipe(pipe):
        return None
    # Its place among those who are asked may move once, when another ends.
    return 2 * (len(fork._pipes) + 1)
