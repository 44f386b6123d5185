# SPDX-License-Identifier: Apache-2.0
"""What dlt itself makes of JSON: the referee of the conformance corpus and of the random tests.

Records take dlt's own way through its JSON path, from the file that its extract step writes to the
rows of load files. Tables come out in a plain form, which `tests/normalized.py` makes of the native
library's batches too:

    {name: {"parent": name or None, "columns": {name: data type}, "rows": [[value, ...], ...]}}

Values are what JSON can hold: decimals in digits, bytes in hexadecimal digits, times in ISO form,
JSON columns as text, infinity as `inf`.
"""

from __future__ import annotations

import datetime
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Union

import orjson
from dlt.common.configuration.container import Container
from dlt.common.destination import DestinationCapabilitiesContext
from dlt.common.json import json as dlt_json
from dlt.common.json import may_have_pua
from dlt.common.schema import Schema
from dlt.common.schema.utils import new_table
from dlt.normalize.configuration import NormalizeConfiguration
from dlt.normalize.items_normalizers.jsonl import JsonLItemsNormalizer

Tables = dict[str, dict[str, Any]]
Text = Union[str, bytes]

LOAD_ID = "1.5"
DLT_IDS = ("_dlt_id", "_dlt_parent_id", "_dlt_root_id")
ADDED = ("_dlt_load_id", "_dlt_list_idx", *DLT_IDS)

_RANDOM_ID = re.compile("[A-Za-z0-9+/]{14}")
_TYPE_HINTS = ("data_type", "precision", "scale")


class Referee:
    """dlt's JSON path into one root table; the schema grows from run to run."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        """Makes an empty dataset.

        Args:
            options: Those of a source that concern normalizing; see `docs/reference/options.md`.
        """
        self._options = options
        self._capabilities = _capabilities(options)
        with self._context():
            self.schema = _schema(options)

    def run(self, texts: Iterable[Text]) -> Tables:
        """The tables of one run that loads JSON texts, each a record or an array of records."""
        # Bytes may begin with a byte order mark.
        encoded = (text.encode() if isinstance(text, str) else text for text in texts)
        return self.run_pages(_records(json.loads(text)) for text in encoded)

    def run_pages(self, pages: Iterable[Sequence[Any]]) -> Tables:
        """The tables of one run that loads pages of records."""
        known = {name: set(hints["columns"]) for name, hints in self.known_tables().items()}
        written = _Rows()
        with self._context():
            configuration = NormalizeConfiguration()
            configuration.destination_capabilities = self._capabilities
            normalizer = JsonLItemsNormalizer(
                written,  # type: ignore[arg-type]
                None,  # type: ignore[arg-type]
                None,  # type: ignore[arg-type]
                self.schema,
                LOAD_ID,
                configuration,
            )
            for page in pages:
                line = dlt_json.typed_dumpb(page)
                items = dlt_json.loadb(line)
                root = self.schema.naming.normalize_tables_path(self._options["table"])
                normalizer._normalize_chunk(root, items, may_have_pua(line), False)
        return {name: self._table(name, rows, known) for name, rows in written.tables.items()}

    def crosses(self, texts: Iterable[Text]) -> bool:
        """Whether lists at different places of one record go to the same table.

        Then the order of rows, and with it of values from which types are inferred, is that of a
        walk over the whole record, which the native library does not keep.
        """
        with self._context():
            for text in texts:
                for record in _records(json.loads(text)):
                    places: dict[str, Any] = {}
                    rows = self.schema.normalize_data_item(record, LOAD_ID, self._options["table"])
                    for (table, parent, path), _ in rows:
                        if places.setdefault(table, (parent, path)) != (parent, path):
                            return True
        return False

    def known_tables(self) -> dict[str, Any]:
        """What the option `tables` of the next run says."""
        tables: Mapping[str, Any] = self.schema.tables
        return {
            name: {
                "columns": {
                    column: {hint: hints[hint] for hint in _TYPE_HINTS if hints.get(hint)}
                    for column, hints in table["columns"].items()
                    if hints.get("data_type") and column not in ADDED
                }
            }
            for name, table in tables.items()
            if not name.startswith("_dlt_")
        }

    def _table(
        self, name: str, rows: Sequence[Mapping[str, Any]], known: Mapping[str, set[str]]
    ) -> dict[str, Any]:
        hints = self.schema.tables[name]
        columns = {
            column: str(hints["columns"][column]["data_type"])
            for column in hints["columns"]
            if "data_type" in hints["columns"][column]
            and (
                column not in known.get(name, ())
                or any(row.get(column) is not None for row in rows)
            )
        }
        return {
            "parent": hints.get("parent"),
            "columns": columns,
            "rows": [
                [plain(row.get(column), kind) for column, kind in columns.items()] for row in rows
            ],
        }

    def _context(self) -> Any:
        return Container().injectable_context(self._capabilities)


def with_places(tables: Tables) -> Tables:
    """The tables with random ids replaced by `#1`, `#2`, ..., in the order of their appearance."""
    ids: dict[str, str] = {}
    for name in sorted(tables):
        table = tables[name]
        for index, column in enumerate(table["columns"]):
            if column in DLT_IDS:
                for row in table["rows"]:
                    # What data bring is kept.
                    if isinstance(row[index], str) and _RANDOM_ID.fullmatch(row[index]):
                        row[index] = ids.setdefault(row[index], f"#{len(ids) + 1}")
    return tables


def plain(value: Any, data_type: str = "") -> Any:
    """A value of a column as JSON can hold it."""
    if value is None:
        return None
    if data_type == "json":
        return orjson.dumps(value).decode()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Decimal):
        # Without the sign of a zero, which no destination keeps.
        return format(value.normalize(), "f") if value else "0"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return value


class _Rows:
    """Takes the rows that dlt would write to its load files."""

    def __init__(self) -> None:
        self.tables: dict[str, list[dict[str, Any]]] = {}

    def write_data_item(
        self, load_id: str, schema_name: str, table: str, row: dict[str, Any], columns: Any
    ) -> None:
        self.tables.setdefault(table, []).append(row)


def _records(document: Any) -> list[Any]:
    return document if isinstance(document, list) else [document]


def _capabilities(options: Mapping[str, Any]) -> DestinationCapabilitiesContext:
    capabilities = DestinationCapabilitiesContext.generic_capabilities()
    capabilities.supported_merge_strategies = ["delete-insert", "upsert", "scd2"]
    length = options.get("maximum_identifier_length")
    if length:
        capabilities.max_identifier_length = length
        capabilities.max_column_identifier_length = length
    return capabilities


def _schema(options: Mapping[str, Any]) -> Schema:
    normalizers: Any = {
        "names": options.get("naming", "snake_case"),
        "json": {
            "module": "dlt.common.normalizers.json.relational",
            # Says it for all strategies; without it, it depends on them.
            "config": {"root_key_propagation": bool(options.get("root_id"))},
        },
    }
    schema = Schema("s", normalizers)
    root = schema.naming.normalize_tables_path(options["table"])
    known = {root: {"columns": {}}, **options.get("tables", {})}
    tables = {name: _known_table(name, root, table) for name, table in known.items()}
    table: Any = tables.pop(root)
    kind = options.get("row_id", "random")
    if kind == "key_hash":
        table.update({"write_disposition": "merge", "x-merge-strategy": "upsert"})
        for name in options["primary_key"]:
            column = table["columns"].setdefault(name, {"name": name})
            column.update(primary_key=True, nullable=False)
    elif kind == "row_hash":
        table.update({"write_disposition": "merge", "x-merge-strategy": "scd2"})
        table["columns"]["_dlt_id"] = {"name": "_dlt_id", "nullable": False, "x-row-version": True}
    if "max_table_nesting" in options:
        table["x-normalizer"] = {"max_nesting": options["max_table_nesting"]}
    schema.update_table(table, normalize_identifiers=False)
    for child in tables.values():
        schema.update_table(child, normalize_identifiers=False)
    # The normalizer reads its configuration, which the table has changed, when it is made.
    stored: Any = schema.to_dict()
    return Schema.from_dict(stored)


def _known_table(name: str, root: str, table: Mapping[str, Any]) -> Any:
    columns: list[Any] = [{"name": column, **hints} for column, hints in table["columns"].items()]
    # Tables nested in others than the root table are not needed.
    parent: Any = None if name == root else root
    return new_table(name, parent, columns=columns)
