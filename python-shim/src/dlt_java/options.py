# SPDX-License-Identifier: Apache-2.0
"""What a source fetches and how it makes rows; `docs/reference/options.md` explains each option."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any


@dataclasses.dataclass(frozen=True)
class Request:
    """One request.

    Attributes:
        url: Absolute `http` or `https` URL.
        constants: Values that `SourceOptions.record` may refer to.
        method: `GET` or `POST`; `GET` if absent.
        headers: Headers of this request, besides those of the source.
        body: Text that is sent in UTF-8; its type is among the headers.
        fields: Text of a JSON object whose members are appended to each record.
        following: How the later pages of the chain that starts with this request are asked for:
            slot (`page`, `offset` or `cursor`) to templates of `url` and `body`.
        name: Name of the endpoint in errors and statistics.
    """

    url: str
    constants: Mapping[str, str | int | float | bool] = dataclasses.field(default_factory=dict)
    method: str | None = None
    headers: Mapping[str, str] | None = None
    body: str | None = None
    fields: str | None = None
    following: Mapping[str, Mapping[str, Any]] | None = None
    name: str | None = None

    def __repr__(self) -> str:
        """Without what may be a secret: only the method, and the URL without values."""
        method = "" if self.method is None else f", method={self.method!r}"
        name = "" if self.name is None else f", name={self.name!r}"
        return f"Request({_masked(self.url)!r}{method}{name})"


@dataclasses.dataclass(frozen=True)
class SourceOptions:
    """Options of a source; `None` leaves the library's default.

    Attributes:
        requests: What to fetch, in the order in which rows are delivered.
        table: Name of the root table.
        file: Path of a file with JSON text, instead of requests.
        pushed: Whether texts are pushed (`Source.push`), instead of requests.
        pieces: Whether what is pushed are the pieces of one text.
        lent: Whether what is pushed is read where it lies, without a copy. `Source` keeps it until
            it is closed; nobody may write to it.
        headers: Request headers for every request.
        record_path: Object keys from the document's root to its record or array of records.
        missing_records: `error` or `ignore`, when `record_path` is absent or null.
        ignored_statuses: HTTP statuses that count as "no records".
        transformations: Steps that each record goes through first, in order; may hold secrets.
        record: Builds each row from these entries instead of from the whole record.
        tables: Tables that exist already.
        load_id: Value of `_dlt_load_id`; `None` leaves out all columns that dlt adds.
        root_id: Whether child tables have a column `_dlt_root_id`.
        row_id: What `_dlt_id` of the root table is made of: `random`, `key_hash` or `row_hash`.
        primary_key: Normalized names of the columns that `key_hash` hashes.
        max_table_nesting: How deep child tables go before values stay JSON text.
        naming: dlt's naming convention, or `caller`.
        path_separator: Stands between the parts of names, if the caller makes them.
        timestamps: `iso` or `none`: which texts make a new column a timestamp.
        preferred_types: Whether the caller is asked for the type of each new column.
        projection: Paths of keys to what of each record is kept beside its row, as JSON text.
        maximum_identifier_length: Longest table or column name, in characters.
        column_order: `document` or `scalars_first`.
        concurrency: Requests in flight.
        batch_rows: Rows of a root table after which batches are delivered.
        batch_bytes: Bytes of column data after which batches are delivered.
        decoder_threads: Threads that decode at a time; 0 for as many as there are cores.
        segment_bytes: Bytes of text that are worth a thread of their own.
        timeout_seconds: Longest wait for a connection, and for the next byte of a response.
        max_response_seconds: Longest time that one response may take.
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
        paginator: How the next page is found, `{"type": …}` with the members of that type.
        records: `path`: at `record_path`; `detect`: where dlt would find them.
        pages_ahead: Pages fetched before it is known that they exist.
        response_actions: Responses that end their chain silently: objects of `status_code` and
            `content`, a part of the body.
        auth_headers: Headers with secrets, sent to the origin of a chain's first request only.
        auth_query: Query parameters with secrets, likewise.
        requests_per_second: Most requests to one host in a second.
        max_concurrency: Most requests to one host in flight.
        proxies: Scheme to the URL of its proxy.
        no_proxy: Hosts that are reached without a proxy, with commas between.
        user_agent: Value of the header `User-Agent`.
        request_log: Most requests that statistics tell of one by one, between two reads of them.
        contract: What records have to be like: `invalid`, `record` and `definitions`.
        conditional: Pages that are asked for only if they have changed: `context`, `most_pages` and
            `pages`.
    """

    requests: Sequence[Request]
    table: str
    file: str | None = None
    pushed: bool | None = None
    pieces: bool | None = None
    lent: bool | None = None
    headers: Mapping[str, str] | None = dataclasses.field(default=None, repr=False)
    record_path: Sequence[str] | None = None
    missing_records: str | None = None
    ignored_statuses: Sequence[int] | None = None
    transformations: Sequence[Mapping[str, Any]] | None = dataclasses.field(
        default=None, repr=False
    )
    record: Sequence[Mapping[str, Any]] | None = None
    tables: Mapping[str, Mapping[str, Any]] | None = None
    load_id: str | None = None
    root_id: bool | None = None
    row_id: str | None = None
    primary_key: Sequence[str] | None = None
    max_table_nesting: int | None = None
    naming: str | None = None
    path_separator: str | None = None
    timestamps: str | None = None
    preferred_types: bool | None = None
    projection: Sequence[Sequence[str]] | None = None
    maximum_identifier_length: int | None = None
    column_order: str | None = None
    concurrency: int | None = None
    batch_rows: int | None = None
    batch_bytes: int | None = None
    decoder_threads: int | None = None
    segment_bytes: int | None = None
    timeout_seconds: float | None = None
    max_response_seconds: float | None = None
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
    paginator: Mapping[str, Any] | None = None
    records: str | None = None
    pages_ahead: int | None = None
    response_actions: Sequence[Mapping[str, Any]] | None = None
    auth_headers: Mapping[str, str] | None = dataclasses.field(default=None, repr=False)
    auth_query: Mapping[str, str] | None = dataclasses.field(default=None, repr=False)
    requests_per_second: float | None = None
    max_concurrency: int | None = None
    proxies: Mapping[str, str] | None = dataclasses.field(default=None, repr=False)
    no_proxy: str | None = None
    user_agent: str | None = None
    request_log: int | None = None
    contract: Mapping[str, Any] | None = None
    conditional: Mapping[str, Any] | None = None

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
        if self.file is None and not self.pushed and not self.pieces:
            written["requests"] = [_request(request) for request in self.requests]
        else:
            del written["requests"]
        # Written in ASCII, so that lone surrogates in a caller's texts cannot break UTF-8.
        return json.dumps(written, default=_plain)


_USER = re.compile(r"//[^/?#]*@")
_QUERY_VALUE = re.compile(r"([?&][^=&#]*=)[^&#]*")


def _masked(url: str) -> str:
    return _QUERY_VALUE.sub(r"\1***", _USER.sub("//***@", url))


_REQUEST_MEMBERS = ("method", "headers", "body", "fields", "following", "name")


def _request(request: Request) -> dict[str, Any]:
    written: dict[str, Any] = {"url": request.url}
    if request.constants:
        written["constants"] = dict(request.constants)
    for name in _REQUEST_MEMBERS:
        value = getattr(request, name)
        if value is not None:
            written[name] = value
    return written


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence):
        return list(value)
    raise TypeError(f"`{type(value).__name__}` cannot be an option of a source")
