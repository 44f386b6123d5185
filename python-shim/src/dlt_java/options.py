# SPDX-License-Identifier: Apache-2.0
"""What a source fetches and how it makes rows; `docs/reference/options.md` explains each option."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from typing import Any


@dataclasses.dataclass(frozen=True)
class Request:
    """One request.

    Attributes:
        url: Absolute `http` or `https` URL.
        constants: Values that `SourceOptions.record` may refer to.
    """

    url: str
    constants: Mapping[str, str | int | float | bool] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class SourceOptions:
    """Options of a source; `None` leaves the library's default.

    Attributes:
        requests: What to fetch, in the order in which rows are delivered.
        table: Name of the root table.
        file: Path of a file with JSON text, instead of requests.
        pushed: Whether texts are pushed (`Source.push`), instead of requests.
        headers: Request headers for every request.
        record_path: Object keys from the document's root to its record or array of records.
        missing_records: `error` or `ignore`, when `record_path` is absent or null.
        ignored_statuses: HTTP statuses that count as "no records".
        record: Builds each row from these entries instead of from the whole record.
        tables: Tables that exist already.
        load_id: Value of `_dlt_load_id`; `None` leaves out all columns that dlt adds.
        root_id: Whether child tables have a column `_dlt_root_id`.
        row_id: What `_dlt_id` of the root table is made of: `random`, `key_hash` or `row_hash`.
        primary_key: Normalized names of the columns that `key_hash` hashes.
        max_table_nesting: How deep child tables go before values stay JSON text.
        naming: dlt's naming convention, such as `snake_case`.
        maximum_identifier_length: Longest table or column name, in characters.
        column_order: `document` or `scalars_first`.
        concurrency: Requests in flight.
        batch_rows: Rows of a root table after which batches are delivered.
        batch_bytes: Bytes of column data after which batches are delivered.
        timeout_seconds: Longest wait for a connection, and for the next byte of a response.
        max_attempts: Tries of one request.
        backoff_factor: Seconds before the second try; doubles from try to try.
        max_retry_delay_seconds: Longest wait between tries.
        max_body_bytes: Longest decompressed body.
        max_nesting_depth: Deepest nesting of a JSON document.
        max_string_bytes: Longest JSON string.
        max_columns: Most columns of one table.
        max_tables: Most tables of one source.
        ca_file: PEM file with the certificates to trust; required for `https`.
        memory_limit_bytes: Most off-heap bytes held in bodies and batches not yet taken.
    """

    requests: Sequence[Request]
    table: str
    file: str | None = None
    pushed: bool | None = None
    headers: Mapping[str, str] | None = None
    record_path: Sequence[str] | None = None
    missing_records: str | None = None
    ignored_statuses: Sequence[int] | None = None
    record: Sequence[Mapping[str, Any]] | None = None
    tables: Mapping[str, Mapping[str, Any]] | None = None
    load_id: str | None = None
    root_id: bool | None = None
    row_id: str | None = None
    primary_key: Sequence[str] | None = None
    max_table_nesting: int | None = None
    naming: str | None = None
    maximum_identifier_length: int | None = None
    column_order: str | None = None
    concurrency: int | None = None
    batch_rows: int | None = None
    batch_bytes: int | None = None
    timeout_seconds: float | None = None
    max_attempts: int | None = None
    backoff_factor: float | None = None
    max_retry_delay_seconds: float | None = None
    max_body_bytes: int | None = None
    max_nesting_depth: int | None = None
    max_string_bytes: int | None = None
    max_columns: int | None = None
    max_tables: int | None = None
    ca_file: str | None = None
    memory_limit_bytes: int | None = None

    def with_defaults(self, **values: Any) -> SourceOptions:
        """A copy in which options that are `None` take the given values."""
        missing = {name: value for name, value in values.items() if getattr(self, name) is None}
        return dataclasses.replace(self, **missing)

    def to_json(self) -> str:
        """The options as the library reads them."""
        written: dict[str, Any] = {}
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if value is not None:
                written[field.name] = value
        if self.file is None and not self.pushed:
            written["requests"] = [_request(request) for request in self.requests]
        else:
            del written["requests"]
        # Written in ASCII, so that lone surrogates in a caller's texts cannot break UTF-8.
        return json.dumps(written, default=_plain)


def _request(request: Request) -> dict[str, Any]:
    if request.constants:
        return {"url": request.url, "constants": dict(request.constants)}
    return {"url": request.url}


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence):
        return list(value)
    raise TypeError(f"`{type(value).__name__}` cannot be an option of a source")
