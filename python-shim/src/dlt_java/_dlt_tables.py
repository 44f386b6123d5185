# SPDX-License-Identifier: Apache-2.0
"""The part of dlt that is not public: child tables from Arrow batches, the schema at run time.

dlt makes child tables from lists in JSON items. For Arrow items it has no way to say that a table
is nested in another, so methods are shadowed on objects that live for one run:

- `DltResource.compute_table_schema` answers for our child tables with a nested table (otherwise dlt
  would make a root table with the resource's hints of it), and adds the hints of dlt's own columns.
- `Schema.get_table` answers with a `resource` for nested tables, which dlt's extract step reads to
  count rows a resource. Nested tables that dlt makes itself have none at that point.
- `Schema.apply_schema_contract`, through which all that dlt learns of a table goes, does not see
  `nullable: True`, the default, on columns whose hints leave it out: Arrow fields always say it,
  JSON items never do, and a contract would take it for a change.

The tables that come out are equal to those of the JSON path. Everything that may change in a future
dlt is in this module.
"""

from __future__ import annotations

import dataclasses
import re
import types
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Callable, ClassVar

import dlt
import pyarrow as pa
from dlt.common.runtime import signals
from dlt.common.schema import Schema
from dlt.common.schema.utils import normalize_table_identifiers
from dlt.extract import DltResource

from dlt_java.exceptions import DltJavaException, OptionsException
from dlt_java.options import SourceOptions

try:
    from dlt.extract.items import DataItemWithMeta, TableNameMeta
    from dlt.extract.items_transform import ItemTransform
    from dlt.normalize.items_normalizers.jsonl import JsonLItemsNormalizer
except ImportError as moved:
    raise DltJavaException(
        f"dlt-java does not know dlt {dlt.__version__}: {moved}. Use dlt 1.26 to 1.31, or a newer"
        " dlt-java."
    ) from moved

_NAMING = "snake_case"
_DETECTIONS = ["iso_timestamp"]

_TEXT = {"data_type": "text", "nullable": False}
_DLT_COLUMNS: dict[str, dict[str, Any]] = {
    "_dlt_load_id": _TEXT,
    "_dlt_id": {**_TEXT, "unique": True, "row_key": True},
    "_dlt_root_id": {**_TEXT, "root_key": True},
    "_dlt_parent_id": {**_TEXT, "parent_key": True},
    "_dlt_list_idx": {"data_type": "bigint", "nullable": False},
}

_TYPE_HINTS = ("data_type", "precision", "scale")

_VARIANT = re.compile(
    ".+__v_(text|double|bool|timestamp|bigint|binary|json|decimal|wei|date|time)", re.DOTALL
)
"""Columns for values that do not fit the type of their column, such as `rating__v_text`."""

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


class RunningResource:
    """What dlt knows of the resource whose generator is running."""

    def __init__(self, resource: DltResource, schema: Schema, load_id: str) -> None:
        self._resource = resource
        self._schema = schema
        self._load_id = load_id
        self._table = self._root_table()
        _check_schema(schema)
        if resource.nested_hints:
            raise OptionsException(
                f"The resource `{resource.name}` has nested hints, which dlt does not support for"
                " Arrow batches. Remove them."
            )
        # A new one for each run: a resource object may run again, in another schema.
        self._nested = _NestedTables(resource, schema)

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
            **self._row_identity(),
        )

    def item(self, batches: Sequence[TableBatch]) -> DataItemWithMeta:
        """One item for dlt: a batch of the root table, and the batches nested in it.

        They travel as one item, so that `add_limit` and `add_filter` never part child rows from
        their parents.
        """
        for batch in batches[1:]:
            if batch.parent_table is None:
                raise DltJavaException(f"The table `{batch.table}` is not nested in another.")
            self._nested.add(batch.table, batch.parent_table)
        return DataItemWithMeta(_DeliveryMeta(batches, self._schema), batches[0].rows)

    def _root_table(self) -> str:
        name = self._resource.table_name
        if not isinstance(name, str):
            raise OptionsException(
                f"The resource `{self._resource.name}` computes its table name from the data, which"
                " is not supported for Arrow batches. Set a fixed table name."
            )
        return self._schema.naming.normalize_tables_path(name)

    def _known_tables(self) -> dict[str, dict[str, Any]]:
        tables: dict[str, dict[str, Any]] = {}
        hints = self._schema.naming.normalize_identifier
        computed = self._resource.compute_table_schema()
        tables[self._table] = {
            "columns": _types({hints(name): column for name, column in computed["columns"].items()})
        }
        for name in self._schema.tables:
            parent = self._schema.tables[name].get("parent")
            # Only the tables nested in ours; a parent comes before its children in dlt's schema.
            if name == self._table:
                # What the resource says now wins over what was loaded, as in dlt.
                known = _types(self._schema.tables[name]["columns"])
                tables[name]["columns"] = {**known, **tables[name]["columns"]}
            elif parent in tables:
                columns = _types(self._schema.tables[name]["columns"])
                tables[name] = {"columns": columns}
        return tables

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
        # Without levels of nesting there is no child.
        root, *children = first
        if root["_dlt_id"] != again[0]["_dlt_id"]:
            row_id = "random"
        else:
            row_id = "key_hash" if root["_dlt_id"] == other[0]["_dlt_id"] else "row_hash"
        return {
            "root_id": any("_dlt_root_id" in row for row in children),
            "row_id": row_id,
            "primary_key": key,
        }

    def _probe(self, schema: Schema, key: Sequence[str], value: int) -> list[Any]:
        item = {**dict.fromkeys(key, 0), "probe": value, "probes": [{"probe": 0}]}
        return [row for _, row in schema.normalize_data_item(item, self._load_id, self._table)]

    def _column_order(self) -> str:
        # dlt changed the order in which it flattens; its own normalizer tells which one it has.
        probe = {"a": {"b": 1}, "c": 2}
        # A table of its own: the resource's may ask for keys that the probe lacks.
        (_, row) = next(self._schema.normalize_data_item(probe, self._load_id, "column_order"))
        names = list(row)
        # Without levels of nesting nothing is flattened.
        nested_first = "a__b" in names and names.index("a__b") < names.index("c")
        return "document" if nested_first else "scalars_first"


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
    return resource.add_step(WithNestedTables())


class _DeliveryMeta:
    def __init__(self, batches: Sequence[TableBatch], schema: Schema) -> None:
        self.batches = batches
        self.schema = schema


def _parts(root: Any, meta: _DeliveryMeta) -> Iterator[DataItemWithMeta]:
    # An empty list makes dlt enter the resource's hints into the schema first, so that columns with
    # hints come first in the table as they do when dlt reads JSON.
    yield DataItemWithMeta(None, [])
    yield DataItemWithMeta(None, root)
    tables = meta.schema.tables
    for batch in meta.batches[1:]:
        if batch.parent_table not in tables:
            # A schema contract refused the parent, and with it its children.
            continue
        yield DataItemWithMeta(TableNameMeta(batch.table), batch.rows)
        # dlt has written it when it asks for the next one.
        if batch.table in tables and tables[batch.table].get("parent") != batch.parent_table:
            raise DltJavaException(
                f"dlt {dlt.__version__} made `{batch.table}` a root table instead of a child of"
                f" `{batch.parent_table}`. Use dlt 1.26 to 1.31, or a newer dlt-java."
            )


class _NestedTables:
    """The nested tables of one resource in one run, and the methods shadowed for them."""

    def __init__(self, resource: DltResource, schema: Schema) -> None:
        self._parents: dict[str, str] = {}
        self._compute = _original(resource, "compute_table_schema")
        self._compute_nested = _original(resource, "compute_nested_table_schemas")
        self._shadowed = _ShadowedSchema.of(schema)
        self._resource_name = resource.name
        # Instance attributes shadow the methods of the class, for this object only.
        vars(resource).update(
            compute_table_schema=self.compute_table_schema,
            compute_nested_table_schemas=self.compute_nested_table_schemas,
        )

    def add(self, table: str, parent_table: str) -> None:
        self._parents[table] = parent_table
        self._shadowed.add(table, self._resource_name)

    def compute_table_schema(self, item: Any = None, meta: Any = None) -> Any:
        name = meta.table_name if isinstance(meta, TableNameMeta) else None
        if name in self._parents:
            table: Any = {"name": name, "parent": self._parents[name], "columns": {}}
        else:
            table = self._compute(item, meta)
        if isinstance(item, (pa.RecordBatch, pa.Table)):
            for field in item.schema:
                name = field.name
                # Arrow has no type of its own for some of dlt's.
                data_type = (field.metadata or {}).get(b"dlt.data_type")
                if data_type is not None:
                    hints = table["columns"].get(name, {"name": name})
                    table["columns"][name] = {**hints, "data_type": data_type.decode()}
                if name in _DLT_COLUMNS:
                    # The merge strategy scd2 has hints of its own for `_dlt_id`.
                    hints = table["columns"].get(name, {})
                    table["columns"][name] = {"name": name, **_DLT_COLUMNS[name], **hints}
                elif _VARIANT.fullmatch(name):
                    table["columns"][name] = self._shadowed.variant_column(name)
        return table

    def compute_nested_table_schemas(
        self, root_table_name: str, naming: Any, item: Any = None, meta: Any = None
    ) -> Any:
        if root_table_name in self._parents:
            return []
        return self._compute_nested(root_table_name, naming, item, meta)


class _ShadowedSchema:
    """Shadows two methods of a run's schema."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._resources: dict[str, str] = {}
        vars(schema).update(
            get_table=self.get_table, apply_schema_contract=self.apply_schema_contract
        )

    @classmethod
    def of(cls, schema: Schema) -> _ShadowedSchema:
        shadow = getattr(vars(schema).get("get_table"), "__self__", None)
        return shadow if isinstance(shadow, cls) else cls(schema)

    def add(self, table: str, resource: str) -> None:
        self._resources[table] = resource

    def variant_column(self, name: str) -> Any:
        """The hints of a column `<column>__v_<type>`, as this dlt version makes them."""
        data_type: Any = name.rpartition("__v_")[2]
        normalizer: Any = types.SimpleNamespace(schema=self._schema)
        return JsonLItemsNormalizer._infer_column(
            normalizer, name, None, data_type=data_type, is_variant=True
        )

    def get_table(self, table_name: str) -> Any:
        table = type(self._schema).get_table(self._schema, table_name)
        if table_name in self._resources and "resource" not in table:
            return {**table, "resource": self._resources[table_name]}
        return table

    def apply_schema_contract(
        self, schema_contract: Any, partial_table: Any, *arguments: Any, **options: Any
    ) -> Any:
        known: Any = self._schema.tables.get(partial_table["name"], {"columns": {}})
        for name, column in partial_table["columns"].items():
            if column.get("nullable") and "nullable" not in known["columns"].get(name, column):
                del column["nullable"]
        return type(self._schema).apply_schema_contract(
            self._schema, schema_contract, partial_table, *arguments, **options
        )


def _original(resource: DltResource, name: str) -> Any:
    try:
        return getattr(type(resource), name).__get__(resource)
    except AttributeError as missing:
        raise DltJavaException(
            f"dlt-java does not know dlt {dlt.__version__}: a resource has no `{name}`. Use dlt"
            " 1.26 to 1.31, or a newer dlt-java."
        ) from missing


def _types(columns: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        name: {hint: column[hint] for hint in _TYPE_HINTS if column.get(hint) is not None}
        for name, column in columns.items()
        if column.get("data_type") and name not in _DLT_COLUMNS
    }


def _check_schema(schema: Schema) -> None:
    """Refuses settings that the library would not follow, instead of loading other data."""
    settings = schema.settings
    if schema.naming.name() != _NAMING:
        unsupported = f"the naming convention `{schema.naming.name()}`, only `{_NAMING}`"
    elif list(settings.get("detections") or []) != _DETECTIONS:
        unsupported = f"the type detections {settings.get('detections')}, only {_DETECTIONS}"
    elif settings.get("preferred_types"):
        unsupported = "preferred types of a schema"
    else:
        return
    raise OptionsException(f"dlt-java does not support {unsupported} (schema `{schema.name}`).")
