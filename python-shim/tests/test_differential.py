# SPDX-License-Identifier: Apache-2.0
"""Random documents and settings: both paths have to make the same of them.

Examples are few enough for each build, and the same in each. `DLT_JAVA_EXAMPLES=100000 pytest
tests/test_differential.py` looks at as many new ones, and at a fortieth as many in pipelines.
"""

from __future__ import annotations

import functools
import json
import os
import tempfile
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from pathlib import Path
from typing import Any

import dlt
import json_documents as documents
from comparison import assert_equal_schemas, assert_equal_tables, run_all
from dlt.common.normalizers.naming.snake_case import NamingConvention as SnakeCase
from dlt.pipeline.exceptions import PipelineStepFailed
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from normalized import assert_same_tables, native_tables
from referee import Referee, Tables

from dlt_java import DataException, read_json

_WIDE = Context(prec=1_000)

ASKED = int(os.environ.get("DLT_JAVA_EXAMPLES", "0"))


def profile(examples: int) -> settings:
    return settings(
        max_examples=examples,
        derandomize=not ASKED,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )


@profile(ASKED or 1_500)
@given(st.data())
def test_tables_are_those_of_dlt(data: st.DataObject) -> None:
    options = data.draw(documents.options(), "options")
    runs = data.draw(documents.runs, "runs")
    referee = Referee(options)
    for run in runs:
        records = [distinct(keyed(page, options), referee.schema.naming) for page in run]
        pages = [documents.write_page(page) for page in records]
        options = {**options, "tables": {**options.get("tables", {}), **referee.known_tables()}}
        try:
            theirs = referee.run(pages)
        except Exception:
            # What dlt refuses may load, or is refused too.
            with_data_exceptions(options, pages)
            return
        assume(not broken(theirs))
        ours = with_data_exceptions(options, pages)
        if ours is None:
            assert beyond_decimals(theirs)
            return
        try:
            assert_same_tables(ours, rounded(theirs), options)
        except AssertionError:
            assume(not referee.crosses(pages))
            raise


@profile(ASKED // 10 or 150)
@given(st.data())
def test_equal_keys_lose_no_record(data: st.DataObject) -> None:
    # Cases say which of their values stays; here they are at any depth, with anything.
    options = data.draw(documents.options(), "options")
    page = keyed(data.draw(documents.pages, "page"), options)
    text = documents.write_page([doubled(record) for record in page])
    try:
        theirs = Referee(options).run([text])
    except Exception:
        with_data_exceptions(options, [text])
        return
    ours = with_data_exceptions(options, [text])
    if ours is not None:
        assert {name: len(table["rows"]) for name, table in ours.items() if name == "t"} == {
            name: len(table["rows"]) for name, table in theirs.items() if name == "t"
        }


@profile(ASKED // 40 or 25)
@given(st.data())
def test_pipelines_load_what_dlt_loads(data: st.DataObject) -> None:
    hints = data.draw(documents.hints(), "hints")
    drawn = data.draw(documents.runs, "runs")
    runs = [
        # Of records with one key dlt keeps any.
        [with_keys(page, str(number)) if "primary_key" in hints else page]
        for run in drawn[:2]
        for number, page in enumerate(run[:1])
    ]
    pages = [[documents.write_page(distinct(page, SnakeCase())) for page in run] for run in runs]
    # DuckDB loses NUL characters that dlt inserts.
    assume(not any(b"\\u0000" in page for run in pages for page in run))
    with tempfile.TemporaryDirectory() as folder:
        theirs: list[Any] = [functools.partial(resource_of_dlt, run, hints) for run in pages]
        ours: list[Any] = [functools.partial(read_json, run, "t", **hints) for run in pages]
        try:
            expected = run_all(Path(folder), "theirs", theirs)
        except PipelineStepFailed:
            # A value that the destination refuses, or a name that is none.
            return
        actual = run_all(Path(folder), "ours", ours)
        assert_equal_tables(actual, expected)
        assert_equal_schemas(actual, expected)


def resource_of_dlt(pages: Sequence[bytes], hints: dict[str, Any]) -> Any:
    return dlt.resource((json.loads(page) for page in pages), name="t", **hints)


def keyed(page: Sequence[Any], options: dict[str, Any]) -> Sequence[Any]:
    """The records, with a primary key if the options say so."""
    return with_keys(page, "") if options["row_id"] == "key_hash" else page


def with_keys(page: Sequence[Any], prefix: str) -> Sequence[Any]:
    """The records that are objects, with a key."""
    return [
        documents.Members([*record, ("key", f"{prefix}{number}")])
        for number, record in enumerate(page)
        if isinstance(record, documents.Members)
    ]


def distinct(value: Any, naming: Any) -> Any:
    """The value without keys that have the name of one before them in an object."""
    if isinstance(value, documents.Members):
        members: dict[str, tuple[str, Any]] = {}
        for key, item in value:
            # A key of which nothing is left has no name for dlt, and that of blank keys here.
            name = naming.normalize_path(key) if key.strip() else "_empty"
            members.setdefault(name or "_empty", (key, distinct(item, naming)))
        return documents.Members(members.values())
    return [distinct(item, naming) for item in value] if isinstance(value, list) else value


def doubled(record: Any) -> Any:
    """The record with each of its members twice, if it has any."""
    members = isinstance(record, documents.Members)
    return documents.Members([*record, *record[::-1]]) if members else record


def with_data_exceptions(options: dict[str, Any], pages: Sequence[bytes]) -> Tables | None:
    try:
        return native_tables(options, pages)
    except DataException:
        return None


def broken(tables: Tables) -> bool:
    """Whether dlt made what no destination loads."""
    for table in tables.values():
        if "" in table["columns"]:
            return True
        ids = [row[list(table["columns"]).index("_dlt_id")] for row in table["rows"]]
        if table["parent"] is not None and len(set(ids)) < len(ids):
            return True
        for column, kind in enumerate(table["columns"].values()):
            for row in table["rows"]:
                value = row[column]
                if kind == "bigint" and value is not None and abs(value) >= 2**63:
                    return True
                decimal = kind in ("decimal", "wei") and value is not None
                if decimal and not Decimal(value).is_finite():
                    return True
    return False


def beyond_decimals(tables: Tables) -> bool:
    """Whether a number has more digits than its column, which destinations refuse or cut off."""
    return any(
        row[column] is not None
        and abs(Decimal(row[column])) >= 10 ** (29 if kind == "decimal" else 38)
        for table in tables.values()
        for column, kind in enumerate(table["columns"].values())
        if kind in ("decimal", "wei")
        for row in table["rows"]
    )


def rounded(tables: Tables) -> Tables:
    """Decimals with the digits that a destination keeps."""
    for table in tables.values():
        for column, kind in enumerate(table["columns"].values()):
            if kind in ("decimal", "wei"):
                scale = Decimal(1).scaleb(-9 if kind == "decimal" else 0)
                for row in table["rows"]:
                    if row[column] is not None:
                        digits = Decimal(row[column]).quantize(scale, ROUND_HALF_UP, _WIDE)
                        row[column] = format(digits.normalize(), "f") if digits else "0"
    return tables
