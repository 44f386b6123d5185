# SPDX-License-Identifier: Apache-2.0
"""What dlt knows of a resource that runs: options of a source, and answers to its questions."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Callable, cast

import dlt
import pyarrow as pa
from dlt.common.configuration.container import Container
from dlt.common.normalizers.naming import NamingConvention
from dlt.common.pipeline import pipeline_state
from dlt.common.runtime import signals
from dlt.common.schema import Schema
from dlt.common.schema.utils import is_nested_table, normalize_table_identifiers
from dlt.extract import DltResource

from dlt_java._contract import ModelContract
from dlt_java._delivery import DeliveryMeta, TableBatch
from dlt_java._dlt_tables import DltColumns, NestedTables
from dlt_java._incremental import CursorRows, cursor_projection, has_end, without_projection
from dlt_java.exceptions import DltJavaException, OptionsException
from dlt_java.options import SourceOptions

try:
    from dlt.extract.items import DataItemWithMeta
except ImportError as moved:
    raise DltJavaException(
        f"dlt-java does not know dlt {dlt.__version__}: {moved}. Use dlt 1.26 to 1.31, or a newer"
        " dlt-java."
    ) from moved

_NAMINGS = ("snake_case", "direct", "sql_cs_v1", "sql_ci_v1", "duck_case")
"""Naming conventions that the library knows."""

_PATHS = ("make_path", "shorten_fragments", "shorten_identifier", "normalize_table_identifier")
"""Of a naming convention, what the library does itself."""

_ISO_TIMESTAMP = "iso_timestamp"
"""The only detection of types that the library knows, which is also dlt's default."""

_NORMALIZER = "dlt.common.normalizers.json.relational"
_TYPE_HINTS = ("data_type", "precision", "scale")
raise_if_signalled: Callable[[], None] = signals.raise_if_signalled
"""Ends the run if dlt caught Ctrl-C: it intercepts the signal while a pipeline runs."""


def current_load_id() -> str | None:
    """The id of the load that is being extracted, `None` outside of a pipeline's run."""
    try:
        return str(dlt.current.load_package_state()["load_id"])
    except Exception as error:
        if type(error).__name__ == "CurrentLoadPackageStateNotAvailable":
            return None
        raise


class RunningResource:
    """What dlt knows of the resource whose generator is running."""

    def __init__(self, resource: DltResource, schema: Schema, load_id: str) -> None:
        self._resource = resource
        self._schema = schema
        self._load_id = load_id
        self._table = self._root_table()
        self._columns = DltColumns(schema)
        self._cursor = cursor_projection(resource)
        self._contract = ModelContract.of(resource)
        # Keys, for example.
        self._required = {
            schema.naming.normalize_path(name)
            for name, column in resource.compute_table_schema()["columns"].items()
            if not column.get("nullable", True)
        }
        _check_schema(schema)
        self._hinted = self._hinted_nested_tables()
        # A new one for each run: a resource object may run again, in another schema.
        self._nested = NestedTables(resource, schema, self._columns)

    @classmethod
    def current(cls) -> RunningResource | None:
        """The running resource, or `None` if it is iterated outside of a pipeline's run."""
        load_id = current_load_id()
        if load_id is None:
            return None
        return cls(dlt.current.resource(), dlt.current.source_schema(), load_id)

    def complete(self, options: SourceOptions) -> SourceOptions:
        """The options with all that the run decides: load id, table names, types seen before."""
        if self._contract is not None:
            self._contract.explain()
        return dataclasses.replace(
            options,
            table=self._table,
            load_id=self._load_id,
            tables=self._known_tables(),
            max_table_nesting=self._max_table_nesting(),
            maximum_identifier_length=self._schema.naming.max_length,
            column_order=self._column_order(),
            projection=[*(options.projection or ()), *(self._cursor or ())],
            contract=None if self._contract is None else self._contract.option,
            **self._inference(),
            **self._naming(),
            **self._row_identity(),
        )

    def answer(self, question: dict[str, Any]) -> str:
        """What only the schema or the model of the records knows."""
        if "records" in question and self._contract is not None:
            return self._contract.judge(question["records"])
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

    @property
    def name(self) -> str:
        """Name of the resource."""
        return str(self._resource.name)

    @property
    def table(self) -> str:
        """Name of the root table."""
        return self._table

    @property
    def has_end(self) -> bool:
        """Whether the resource's incremental loads a range with an end, and remembers nothing."""
        return has_end(self._resource)

    @property
    def has_model(self) -> bool:
        """Whether a model checks the records, and makes values of other types than JSON's."""
        return self._contract is not None

    def table_hints(self) -> Mapping[str, Any]:
        """The root table as the resource's hints describe it."""
        return cast(Mapping[str, Any], self._resource.compute_table_schema())

    def state(self) -> dict[str, Any]:
        """The resource's state, which dlt stores with the rows of the run."""
        return dlt.current.resource_state(self.name)

    def has_state(self, key: str) -> bool:
        """Whether something is stored under a key of the resource's state.

        Asking dlt for a state that does not exist makes one, which would be loaded.

        Args:
            key: The key.
        """
        state, _ = pipeline_state(Container())
        sources: Mapping[str, Any] = state.get("sources", {})
        return any(
            key in source.get("resources", {}).get(self.name, {}) for source in sources.values()
        )

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
            cursor = CursorRows(root.rows, self._columns.id, self.has_model)
        rows = _required(without_projection(root.rows), self._required)
        root = dataclasses.replace(root, rows=rows)
        meta = DeliveryMeta(root, nested, self._nested.schema, self._columns, cursor)
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
        hints = self._schema.naming.normalize_path
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


def _required(rows: pa.RecordBatch, names: Collection[str]) -> pa.RecordBatch:
    """The rows with columns that say that they have no nulls, as the resource's hints do.

    dlt logs a warning for each batch that says otherwise.
    """
    fields = [
        field.with_nullable(False) if field.name in names and not column.null_count else field
        for field, column in zip(rows.schema, rows.columns)
    ]
    return pa.RecordBatch.from_arrays(rows.columns, schema=pa.schema(fields))


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
