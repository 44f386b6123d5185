# SPDX-License-Identifier: Apache-2.0
"""The part of dlt that is not public: child tables from Arrow batches, the schema at run time.

dlt makes child tables from lists in JSON items. For Arrow items it has no way to say that a table
is nested in another, so methods are shadowed on objects that live for one run:

- `DltResource.compute_table_schema` answers for our child tables with a nested table (otherwise dlt
  would make a root table with the resource's hints of it), and adds the hints of dlt's own columns.
- `Schema.get_table` answers with a `resource` for nested tables, which dlt's extract step reads to
  count rows a resource. Nested tables that dlt makes itself have none at that point.
- `Schema.apply_schema_contract`, through which all that dlt learns of a table goes, does not see
  `nullable: True`, the default, on columns whose hints leave it out, nor the digits of decimals:
  Arrow fields always say it, JSON items never do, and a contract would take it for a change.

The tables that come out are equal to those of the JSON path. Everything that may change in a future
dlt is in this module.
"""

from __future__ import annotations

import dataclasses
import re
import types
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Callable, ClassVar

import dlt
import pyarrow as pa
from dlt.common.normalizers.naming import NamingConvention
from dlt.common.runtime import signals
from dlt.common.schema import Schema
from dlt.common.schema.utils import is_nested_table, normalize_table_identifiers
from dlt.extract import DltResource

from dlt_java._incremental import CursorRows, cursor_projection, without_projection
from dlt_java._kept_rows import KeptRows, without_unseen_columns
from dlt_java.exceptions import DltJavaException, OptionsException
from dlt_java.options import SourceOptions

try:
    from dlt.extract.items import DataItemWithMeta, TableNameMeta
    from dlt.extract.items_transform import ItemTransform
    from dlt.extract.pipe import ForkPipe
    from dlt.normalize.items_normalizers.jsonl import JsonLItemsNormalizer
except ImportError as moved:
    raise DltJavaException(
        f"dlt-java does not know dlt {dlt.__version__}: {moved}. Use dlt 1.26 to 1.31, or a newer"
        " dlt-java."
    ) from moved

__all__ = [
    "AfterIncremental",
    "BeforeIncremental",
    "ForkPipe",
    "RunningResource",
    "TableBatch",
    "WithNestedTables",
    "raise_if_signalled",
    "with_nested_tables",
]

_NAMINGS = ("snake_case", "direct", "sql_cs_v1", "sql_ci_v1", "duck_case")
"""Naming conventions that the library knows."""

_PATHS = ("make_path", "shorten_fragments", "shorten_identifier", "normalize_table_identifier")
"""Of a naming convention, what the library does itself."""

_ISO_TIMESTAMP = "iso_timestamp"
"""The only detection of types that the library knows, which is also dlt's default."""

_NORMALIZER = "dlt.common.normalizers.json.relational"

_TEXT = {"data_type": "text", "nullable": False}
_DLT_COLUMNS: dict[str, dict[str, Any]] = {
    "_dlt_load_id": _TEXT,
    "_dlt_id": {**_TEXT, "unique": True, "row_key": True},
    "_dlt_root_id": {**_TEXT, "root_key": True},
    "_dlt_parent_id": {**_TEXT, "parent_key": True},
    "_dlt_list_idx": {"data_type": "bigint", "nullable": False},
}

_TYPE_HINTS = ("data_type", "precision", "scale")

_VARIANT = ".+{}v_(text|double|bool|timestamp|bigint|binary|json|decimal|wei|date|time)"
"""Columns for values that do not fit the type of their column, such as `rating__v_text`."""

_DECIMAL = {"decimal": (38, 9), "wei": (38, 0)}
"""Precision and scale that the library gives columns whose hints have none."""

raise_if_signalled: Callable[[], None] = signals.raise_if_signalled
"""Ends the run if dlt caught Ctrl-C: it intercepts the signal while a pipeline runs."""


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


class _DltColumns:
    """The columns that dlt adds, with their hints, in a schema's naming convention."""

    def __init__(self, schema: Schema) -> None:
        names = {name: schema.naming.normalize_identifier(name) for name in _DLT_COLUMNS}
        self.hints = {names[name]: hints for name, hints in _DLT_COLUMNS.items()}
        self.id = names["_dlt_id"]
        self.parent_id = names["_dlt_parent_id"]
        self.root_id = names["_dlt_root_id"]


class RunningResource:
    """What dlt knows of the resource whose generator is running."""

    def __init__(self, resource: DltResource, schema: Schema, load_id: str) -> None:
        self._resource = resource
        self._schema = schema
        self._load_id = load_id
        self._table = self._root_table()
        self._columns = _DltColumns(schema)
        self._cursor = cursor_projection(resource)
        _check_schema(schema)
        self._hinted = self._hinted_nested_tables()
        # A new one for each run: a resource object may run again, in another schema.
        self._nested = _NestedTables(resource, schema, self._columns)

    @classmethod
    def current(cls) -> RunningResource | None:
        """The running resource, or `None` if it is iterated outside of a pipeline's run."""
        try:
            load_id = dlt.current.load_package_state()["load_id"]
        except Exception as error:
            if type(error).__name__ == "CurrentLoadPackageStateNotAvailable":
                return None
            raise
        return cls(dlt.current.resource(), dlt.current.source_schema(), load_id)

    def complete(self, options: SourceOptions) -> SourceOptions:
        """The options with all that the run decides: load id, table names, types seen before."""
        return dataclasses.replace(
            options,
            table=self._table,
            load_id=self._load_id,
            tables=self._known_tables(),
            max_table_nesting=self._max_table_nesting(),
            maximum_identifier_length=self._schema.naming.max_length,
            column_order=self._column_order(),
            projection=[*(options.projection or ()), *(self._cursor or ())],
            **self._inference(),
            **self._naming(),
            **self._row_identity(),
        )

    def answer(self, question: dict[str, Any]) -> str:
        """What only the schema knows, asked by the library once per new name."""
        if "name" in question:
            naming = self._schema.naming
            if self._breaks_paths():
                return naming.normalize_path(question["name"])
            return naming.normalize_identifier(question["name"])
        return self._schema.get_preferred_type(question["preferred_type"]) or ""

    @property
    def id_column(self) -> str:
        """Name of `_dlt_id` in the schema's naming convention."""
        return self._columns.id

    def is_of(self, pipe: Any) -> bool:
        """Whether a pipe, or a copy of it, is the resource's."""
        return bool(self._resource._pipe.instance_id == pipe.instance_id)

    def item(self, batches: Sequence[TableBatch]) -> DataItemWithMeta:
        """One item for dlt: a batch of the root table, and the batches nested in it.

        They travel as one item, so that `add_limit` and `add_filter` never part child rows from
        their parents.
        """
        for batch in batches[1:]:
            if batch.parent_table is None:
                raise DltJavaException(f"The table `{batch.table}` is not nested in another.")
            self._nested.add(batch.table, batch.parent_table)
        root, *nested = batches
        cursor = None
        if self._cursor is not None:
            cursor = CursorRows(root.rows, self._columns.id)
        rows = without_projection(root.rows)
        root = dataclasses.replace(root, rows=rows)
        meta = _DeliveryMeta(root, nested, self._nested.schema, self._columns, cursor)
        return DataItemWithMeta(meta, rows)

    def _inference(self) -> dict[str, Any]:
        settings = self._schema.settings
        return {
            "timestamps": "iso" if settings.get("detections") else "none",
            "preferred_types": bool(settings.get("preferred_types")),
        }

    def _naming(self) -> dict[str, Any]:
        naming = self._schema.naming
        if naming.name() in _NAMINGS and self._breaks_paths():
            return {"naming": naming.name()}
        return {"naming": "caller", "path_separator": naming.PATH_SEPARATOR}

    def _breaks_paths(self) -> bool:
        """Whether a key that holds the path separator keeps its parts; not in old schemas."""
        stored: Any = self._schema.to_dict()
        return bool(stored["normalizers"].get("use_break_path_on_normalize", True))

    def _root_table(self) -> str:
        name = self._resource.table_name
        if not isinstance(name, str):
            raise OptionsException(
                f"The resource `{self._resource.name}` computes its table name from the data, which"
                " is not supported for Arrow batches. Set a fixed table name."
            )
        return self._schema.naming.normalize_tables_path(name)

    def _hinted_nested_tables(self) -> dict[str, Any]:
        """Nested tables that the resource's nested hints describe, by name."""
        naming = self._schema.naming
        hinted: dict[str, Any] = {}
        for partial in self._resource.compute_nested_table_schemas(self._table, naming):
            table = normalize_table_identifiers(partial, naming)
            if not is_nested_table(table):
                raise OptionsException(
                    f"The nested hints of the resource `{self._resource.name}` give"
                    f" `{table['name']}` a key or a write disposition of its own, which is not"
                    " supported for Arrow batches. Remove them."
                )
            hinted[str(table["name"])] = table
        return hinted

    def _known_tables(self) -> dict[str, dict[str, Any]]:
        tables: dict[str, dict[str, Any]] = {}
        hints = self._schema.naming.normalize_identifier
        computed = self._resource.compute_table_schema()
        named = {hints(name): column for name, column in computed["columns"].items()}
        tables[self._table] = {"columns": self._types(named)}
        for name in self._schema.tables:
            parent = self._schema.tables[name].get("parent")
            # Only the tables nested in ours; a parent comes before its children in dlt's schema.
            if name == self._table:
                # What the resource says now wins over what was loaded, as in dlt.
                known = self._types(self._schema.tables[name]["columns"])
                tables[name]["columns"] = {**known, **tables[name]["columns"]}
            elif parent in tables:
                columns = self._types(self._schema.tables[name]["columns"])
                tables[name] = {"columns": columns}
        for name, hinted in self._hinted.items():
            columns = tables.setdefault(name, {"columns": {}})["columns"]
            columns.update(self._types(hinted["columns"]))
        return tables

    def _types(self, columns: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        return {
            name: {hint: column[hint] for hint in _TYPE_HINTS if column.get(hint) is not None}
            for name, column in columns.items()
            if column.get("data_type") and name not in self._columns.hints
        }

    def _max_table_nesting(self) -> int | None:
        level = self._resource.max_table_nesting
        if level is None:
            table: Mapping[str, Any] = self._schema.tables.get(self._table, {})
            level = table.get("x-normalizer", {}).get("max_nesting")
        if level is None:
            normalizer = self._schema.data_item_normalizer
            level = getattr(normalizer, "max_nesting", None)
        return level

    def _row_identity(self) -> dict[str, Any]:
        """How rows are identified, which depends on the merge strategy: dlt's own normalizer tells.

        It normalizes probes with the schema as it will be when the table has the resource's hints.
        """
        schema = self._schema.clone()
        table = normalize_table_identifiers(self._resource.compute_table_schema(), schema.naming)
        schema.update_table({**table, "name": self._table})
        # The normalizer reads its configuration, which the table has changed, when it is made.
        stored: Any = schema.to_dict()
        schema = Schema.from_dict(stored)
        key = [name for name, column in table["columns"].items() if column.get("primary_key")]
        # The values of key columns count, that of the last field does not.
        first, again, other = (self._probe(schema, key, value) for value in (1, 1, 2))
        # Without child tables, if nesting is not allowed.
        root, *children = first
        row_key = self._columns.id
        if root[row_key] != again[0][row_key]:
            row_id = "random"
        else:
            row_id = "key_hash" if root[row_key] == other[0][row_key] else "row_hash"
        names_root = any(self._columns.root_id in child for child in children)
        return {"root_id": names_root, "row_id": row_id, "primary_key": key}

    def _probe(self, schema: Schema, key: Sequence[str], value: int) -> list[Any]:
        item = {**dict.fromkeys(key, 0), "probe": value, "probes": [{"probe": 0}]}
        return [row for _, row in schema.normalize_data_item(item, self._load_id, self._table)]

    def _column_order(self) -> str:
        # dlt changed the order in which it flattens; its own normalizer tells which one it has.
        probe = {"a": {"b": 1}, "c": 2}
        # A table of its own: the resource's may ask for keys that the probe lacks.
        (_, row) = next(self._schema.normalize_data_item(probe, self._load_id, "column_order"))
        first, second = list(row)[:2]
        return "scalars_first" if len(first) < len(second) else "document"


class BeforeIncremental(ItemTransform):  # type: ignore[type-arg]  # its parameters differ by version
    """Gives a resource's incremental records instead of batches."""

    placement_affinity: ClassVar[float] = 0.95
    """Behind what users add, in front of `Incremental` (1)."""

    def __init__(self) -> None:
        super().__init__(self.__call__)

    def __call__(self, item: Any, meta: Any = None) -> Any:
        """Returns the records of an item of ours."""
        if isinstance(meta, _DeliveryMeta) and meta.cursor is not None and _is_arrow(item):
            return meta.cursor.records(item)
        return item


class AfterIncremental(ItemTransform):  # type: ignore[type-arg]
    """Makes batches again of the records that the incremental lets pass."""

    placement_affinity: ClassVar[float] = 1.05

    def __init__(self) -> None:
        super().__init__(self.__call__)

    def __call__(self, item: Any, meta: Any = None) -> Any:
        """Returns the rows of the records of an item of ours."""
        if isinstance(meta, _DeliveryMeta) and meta.cursor is not None and isinstance(item, list):
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
        return _parts(item, meta) if isinstance(meta, _DeliveryMeta) else item


def with_nested_tables(resource: DltResource) -> DltResource:
    """The resource, able to yield what `dlt_java.resource.rows` makes."""
    for step in (BeforeIncremental(), AfterIncremental(), WithNestedTables()):
        resource = resource.add_step(step)
    return resource


class _DeliveryMeta:
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
        schema: _ShadowedSchema,
        columns: _DltColumns,
        cursor: CursorRows | None,
    ) -> None:
        self.root = root
        self.nested = nested
        self.schema = schema
        self.columns = columns
        self.cursor = cursor


def _parts(root: Any, meta: _DeliveryMeta) -> Iterator[DataItemWithMeta]:
    # An empty list makes dlt enter the resource's hints into the schema first, so that columns with
    # hints come first in the table as they do when dlt reads JSON.
    yield DataItemWithMeta(None, [])
    schema, delivered = meta.schema, meta.root.rows.num_rows
    kept = KeptRows(meta.columns.id, meta.columns.parent_id)
    if _is_arrow(root):
        root = without_unseen_columns(root, delivered, schema.columns(meta.root.table))
        if root.num_rows == 0:
            return
    yield DataItemWithMeta(None, root)
    if _is_arrow(root):
        kept.keep(meta.root.table, root, delivered, schema.discards(meta.root.table))
    for batch in meta.nested:
        parent = str(batch.parent_table)
        if not schema.has(parent):
            # A schema contract refused the parent, and with it its children.
            continue
        rows = kept.below(parent, batch.rows)
        rows = without_unseen_columns(rows, batch.rows.num_rows, schema.columns(batch.table))
        if rows.num_rows > 0:
            yield DataItemWithMeta(TableNameMeta(batch.table), rows)
            # dlt has written it when it asks for the next one.
            schema.check_parent(batch.table, parent)
        kept.keep(batch.table, rows, batch.rows.num_rows, schema.discards(batch.table))


class _NestedTables:
    """The nested tables of one resource in one run, and the methods shadowed for them."""

    def __init__(self, resource: DltResource, schema: Schema, columns: _DltColumns) -> None:
        self._columns = columns
        separator = re.escape(schema.naming.PATH_SEPARATOR)
        self._variant = re.compile(_VARIANT.format(separator), re.DOTALL)
        self._parents: dict[str, str] = {}
        self._compute = _original(resource, "compute_table_schema")
        self._compute_nested = _original(resource, "compute_nested_table_schemas")
        self.schema = _ShadowedSchema.of(schema)
        self._resource_name = resource.name
        # Instance attributes shadow the methods of the class, for this object only.
        vars(resource).update(
            compute_table_schema=self.compute_table_schema,
            compute_nested_table_schemas=self.compute_nested_table_schemas,
        )

    def add(self, table: str, parent_table: str) -> None:
        self._parents[table] = parent_table
        self.schema.add(table, self._resource_name)

    def compute_table_schema(self, item: Any = None, meta: Any = None) -> Any:
        name = meta.table_name if isinstance(meta, TableNameMeta) else None
        if name in self._parents:
            table: Any = {"name": name, "parent": self._parents[name], "columns": {}}
        else:
            table = self._compute(item, meta)
        if _is_arrow(item):
            for name in item.schema.names:
                if name in self._columns.hints:
                    # The merge strategy scd2 has hints of its own for `_dlt_id`.
                    hints = table["columns"].get(name, {})
                    table["columns"][name] = {"name": name, **self._columns.hints[name], **hints}
                elif self._variant.fullmatch(name):
                    table["columns"][name] = self.schema.variant_column(name)
                elif name not in self.schema.columns(table["name"]):
                    hints = self.schema.hints_by_name(name)
                    if hints:
                        table["columns"][name] = {**hints, **table["columns"].get(name, {})}
        return table

    def compute_nested_table_schemas(
        self, root_table_name: str, naming: Any, item: Any = None, meta: Any = None
    ) -> Any:
        # dlt would give them the columns of the root table's batch. The empty list that goes ahead
        # of it has entered them.
        if root_table_name in self._parents or _is_arrow(item):
            return []
        return self._compute_nested(root_table_name, naming, item, meta)


class _ShadowedSchema:
    """Shadows two methods of a run's schema."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._resources: dict[str, str] = {}
        self._discards: dict[str, set[str]] = {}
        # All that dlt's inference of hints needs of its normalizer.
        self._normalizer: Any = types.SimpleNamespace(schema=schema)
        vars(schema).update(
            get_table=self.get_table, apply_schema_contract=self.apply_schema_contract
        )

    @classmethod
    def of(cls, schema: Schema) -> _ShadowedSchema:
        shadow = getattr(vars(schema).get("get_table"), "__self__", None)
        return shadow if isinstance(shadow, cls) else cls(schema)

    def add(self, table: str, resource: str) -> None:
        self._resources[table] = resource

    def has(self, table: str) -> bool:
        return table in self._schema.tables

    def columns(self, table: str) -> Collection[str]:
        known: Mapping[str, Any] = self._schema.tables.get(table, {"columns": {}})
        return known["columns"]  # type: ignore[no-any-return]

    def discards(self, table: str) -> Collection[str]:
        """Columns that a contract refused together with the rows that have a value there."""
        return self._discards.get(table, ())

    def check_parent(self, table: str, parent: str) -> None:
        if self.has(table) and self._schema.tables[table].get("parent") != parent:
            raise DltJavaException(
                f"dlt {dlt.__version__} made `{table}` a root table instead of a child of"
                f" `{parent}`. Use dlt 1.26 to 1.31, or a newer dlt-java."
            )

    def hints_by_name(self, name: str) -> Any:
        """The hints that the schema's settings give new columns of that name, none for most."""
        column: Any = JsonLItemsNormalizer._infer_column(
            self._normalizer, name, None, data_type="text"
        )
        hints = {hint: column[hint] for hint in column if hint not in ("name", "data_type")}
        if hints["nullable"]:
            del hints["nullable"]
        return {"name": name, **hints} if hints else {}

    def variant_column(self, name: str) -> Any:
        """The hints of a column `<column>__v_<type>`, as this dlt version makes them."""
        data_type: Any = name.rpartition("v_")[2]
        return JsonLItemsNormalizer._infer_column(
            self._normalizer, name, None, data_type=data_type, is_variant=True
        )

    def get_table(self, table_name: str) -> Any:
        table = type(self._schema).get_table(self._schema, table_name)
        if table_name in self._resources and "resource" not in table:
            return {**table, "resource": self._resources[table_name]}
        return table

    def apply_schema_contract(
        self, schema_contract: Any, partial_table: Any, *arguments: Any, **options: Any
    ) -> Any:
        table = partial_table["name"]
        known: Any = self._schema.tables.get(table, {"columns": {}})
        for name, column in partial_table["columns"].items():
            hinted = known["columns"].get(name, {})
            if column.get("nullable") and "data_type" in hinted and "nullable" not in hinted:
                del column["nullable"]
            digits = (column.get("precision"), column.get("scale"))
            if "precision" not in hinted and digits == _DECIMAL.get(column.get("data_type")):
                # Arrow's decimals always have digits, those of JSON items have hints at most.
                del column["precision"], column["scale"]
        partial, filters = type(self._schema).apply_schema_contract(
            self._schema, schema_contract, partial_table, *arguments, **options
        )
        discards = self._discards.setdefault(table, set())
        discards.update(
            name for entity, name, mode in filters if entity == "columns" and mode == "discard_row"
        )
        return partial, filters


def _is_arrow(item: Any) -> bool:
    return isinstance(item, (pa.RecordBatch, pa.Table))


def _original(resource: DltResource, name: str) -> Any:
    try:
        return getattr(type(resource), name).__get__(resource)
    except AttributeError as missing:
        raise DltJavaException(
            f"dlt-java does not know dlt {dlt.__version__}: a resource has no `{name}`. Use dlt"
            " 1.26 to 1.31, or a newer dlt-java."
        ) from missing


def _check_schema(schema: Schema) -> None:
    """Refuses settings that the library would not follow, instead of loading other data."""
    stored: Any = schema.to_dict()
    normalizer = stored["normalizers"]["json"]["module"]
    detections = [
        name for name in schema.settings.get("detections") or [] if name != _ISO_TIMESTAMP
    ]
    naming = type(schema.naming)
    if normalizer != _NORMALIZER:
        unsupported = f"the JSON normalizer `{normalizer}`, only `{_NORMALIZER}`"
    elif detections:
        unsupported = f"the type detections {detections}, only `{_ISO_TIMESTAMP}`"
    elif any(getattr(naming, name) is not getattr(NamingConvention, name) for name in _PATHS):
        unsupported = f"naming conventions that make paths their own way, as `{naming.name()}` does"
    elif any("filters" in table for table in schema.tables.values()):
        unsupported = "filters of rows in a schema"
    else:
        return
    raise OptionsException(f"dlt-java does not support {unsupported} (schema `{schema.name}`).")
