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

The tables that come out are equal to those of the JSON path.
"""

from __future__ import annotations

import re
import types
from collections.abc import Collection, Mapping
from typing import Any

import dlt
import pyarrow as pa
from dlt.common.schema import Schema
from dlt.extract import DltResource

from dlt_java.exceptions import DataException, DltJavaException

try:
    from dlt.extract.items import TableNameMeta
    from dlt.normalize.items_normalizers.jsonl import JsonLItemsNormalizer
except ImportError as moved:
    raise DltJavaException(
        f"dlt-java does not know dlt {dlt.__version__}: {moved}. Use dlt 1.26 to 1.31, or a newer"
        " dlt-java."
    ) from moved

_TEXT = {"data_type": "text", "nullable": False}
_DLT_COLUMNS: dict[str, dict[str, Any]] = {
    "_dlt_load_id": _TEXT,
    "_dlt_id": {**_TEXT, "unique": True, "row_key": True},
    "_dlt_root_id": {**_TEXT, "root_key": True},
    "_dlt_parent_id": {**_TEXT, "parent_key": True},
    "_dlt_list_idx": {"data_type": "bigint", "nullable": False},
}
_DATA_TYPE_KEY = b"dlt.data_type"
"""Key of a field's metadata that holds dlt's type where Arrow has none of its own for it."""

_VARIANT = ".+{}v_(text|double|bool|timestamp|bigint|binary|json|decimal|wei|date|time)"
"""Columns for values that do not fit the type of their column, such as `rating__v_text`."""

_DECIMAL = {"decimal": (38, 9), "wei": (38, 0)}
"""Precision and scale that the library gives columns whose hints have none."""


class DltColumns:
    """The columns that dlt adds, with their hints, in a schema's naming convention."""

    def __init__(self, schema: Schema) -> None:
        names = {name: schema.naming.normalize_identifier(name) for name in _DLT_COLUMNS}
        self.hints = {names[name]: hints for name, hints in _DLT_COLUMNS.items()}
        self.id = names["_dlt_id"]
        self.parent_id = names["_dlt_parent_id"]
        self.root_id = names["_dlt_root_id"]


class NestedTables:
    """The nested tables of one resource in one run, and the methods shadowed for them."""

    def __init__(self, resource: DltResource, schema: Schema, columns: DltColumns) -> None:
        self._columns = columns
        separator = re.escape(schema.naming.PATH_SEPARATOR)
        self._variant = re.compile(_VARIANT.format(separator), re.DOTALL)
        self._parents: dict[str, str | None] = {}
        self._compute = _original(resource, "compute_table_schema")
        self._compute_nested = _original(resource, "compute_nested_table_schemas")
        self.schema = ShadowedSchema.of(schema)
        self._resource_name = resource.name
        # Instance attributes shadow the methods of the class, for this object only.
        vars(resource).update(
            compute_table_schema=self.compute_table_schema,
            compute_nested_table_schemas=self.compute_nested_table_schemas,
        )

    def add(self, table: str, parent_table: str) -> None:
        # dlt's loaders put the path of a Parquet file, which has the table's name in it, between
        # quotes into their SQL as it is. Keys of the data must not become SQL.
        if "'" in table:
            raise DataException(
                f"A list in the data would make the table {table!r}, and no table may have a single"
                " quote in its name. Use the naming convention `snake_case`, or rename or drop the"
                " field in the resource's `transformations`."
            )
        # A key such as `a__b` may bring rows to a table that another list has made.
        self._parents[table] = self.schema.parent_of(table, parent_table)
        self.schema.add(table, self._resource_name)

    def compute_table_schema(self, item: Any = None, meta: Any = None) -> Any:
        name = meta.table_name if isinstance(meta, TableNameMeta) else None
        if name in self._parents:
            parent = self._parents[name]
            nested = {} if parent is None else {"parent": parent}
            table: Any = {"name": name, **nested, "columns": {}}
        else:
            table = self._compute(item, meta)
        if is_arrow(item):
            self.schema.add_json_columns(table["name"], item.schema)
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
        if root_table_name in self._parents or is_arrow(item):
            return []
        return self._compute_nested(root_table_name, naming, item, meta)


class ShadowedSchema:
    """Shadows two methods of a run's schema."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._resources: dict[str, str] = {}
        self._json_columns: dict[str, set[str]] = {}
        self._discards: dict[str, set[str]] = {}
        # All that dlt's inference of hints needs of its normalizer.
        self._normalizer: Any = types.SimpleNamespace(schema=schema)
        vars(schema).update(
            get_table=self.get_table, apply_schema_contract=self.apply_schema_contract
        )

    @classmethod
    def of(cls, schema: Schema) -> ShadowedSchema:
        shadow = getattr(vars(schema).get("get_table"), "__self__", None)
        return shadow if isinstance(shadow, cls) else cls(schema)

    def add(self, table: str, resource: str) -> None:
        self._resources[table] = resource

    def add_json_columns(self, table: str, schema: pa.Schema) -> None:
        """Remembers the columns that hold JSON text, which are text for Arrow."""
        names = {field.name for field in schema if _is_json(field)}
        if names:
            name = self._schema.naming.normalize_tables_path(table)
            self._json_columns.setdefault(name, set()).update(names)

    def has(self, table: str) -> bool:
        return table in self._schema.tables

    def columns(self, table: str) -> Collection[str]:
        known: Mapping[str, Any] = self._schema.tables.get(table, {"columns": {}})
        return known["columns"]  # type: ignore[no-any-return]

    def discards(self, table: str) -> Collection[str]:
        """Columns that a contract refused together with the rows that have a value there."""
        return self._discards.get(table, ())

    def parent_of(self, table: str, otherwise: str) -> str | None:
        """The parent of a table that the schema has, none for a root table."""
        return self._schema.tables[table].get("parent") if self.has(table) else otherwise

    def check_parent(self, table: str, parent: str) -> None:
        """Raises if dlt entered a new table in another way than said."""
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
        json_columns = self._json_columns.get(table, ())
        for name, column in partial_table["columns"].items():
            if name in json_columns and column.get("data_type") == "text":
                column["data_type"] = "json"
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


def _is_json(field: Any) -> bool:
    return bool((field.metadata or {}).get(_DATA_TYPE_KEY) == b"json")


def is_arrow(item: Any) -> bool:
    return isinstance(item, (pa.RecordBatch, pa.Table))


def _original(resource: DltResource, name: str) -> Any:
    try:
        return getattr(type(resource), name).__get__(resource)
    except AttributeError as missing:
        raise DltJavaException(
            f"dlt-java does not know dlt {dlt.__version__}: a resource has no `{name}`. Use dlt"
            " 1.26 to 1.31, or a newer dlt-java."
        ) from missing
