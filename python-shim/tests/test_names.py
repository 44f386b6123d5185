# SPDX-License-Identifier: Apache-2.0
"""Names and row ids of random data, compared with dlt's own functions."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest
from dlt.common.normalizers.json.helpers import get_nested_row_hash, get_row_hash
from dlt.common.normalizers.naming import NamingConvention
from dlt.common.normalizers.naming.direct import NamingConvention as Direct
from dlt.common.normalizers.naming.duck_case import NamingConvention as DuckCase
from dlt.common.normalizers.naming.snake_case import NamingConvention as SnakeCase
from dlt.common.normalizers.naming.sql_ci_v1 import NamingConvention as SqlCi
from dlt.common.normalizers.naming.sql_cs_v1 import NamingConvention as SqlCs
from json_documents import OLDER_ORJSON

from dlt_java import Source, SourceOptions
from dlt_java.resource import fed

CONVENTIONS: dict[str, type[NamingConvention]] = {
    "snake_case": SnakeCase,
    "direct": Direct,
    "duck_case": DuckCase,
    "sql_cs_v1": SqlCs,
    "sql_ci_v1": SqlCi,
}

LENGTHS = [None, 63, 20, 127]

SEED = 20_260_701

ALPHABETS = [
    string.ascii_letters,
    string.ascii_letters + string.digits + "_",
    "abAB12_-+*@| .",
    "aB_",
    "aéßİ\u0131ǅ日🙂½٣²Ⅷ\u00a0\u2007_A1",
    string.printable + "äöü▶\u0085",
]


def read(options: SourceOptions, texts: Iterator[bytes]) -> list[tuple[str, pa.RecordBatch]]:
    batches: list[tuple[str, pa.RecordBatch]] = []
    with Source(options) as source:
        for batch in fed(source, texts):
            if batch is not None:
                batches.append((batch.table, pa.record_batch(batch)))
    return batches


def identifier(chance: random.Random) -> str:
    alphabet = chance.choice(ALPHABETS)
    length = chance.choice([1, 2, 3, 5, 8, 13, 25, 70, 140])
    return "".join(chance.choices(alphabet, k=chance.randint(1, length)))


def identifiers(chance: random.Random, naming: NamingConvention, count: int) -> dict[str, str]:
    """Identifiers whose names differ, each with its name."""
    by_name: dict[str, str] = {}
    while len(by_name) < count:
        key = identifier(chance)
        name = naming.normalize_path(key) if not key.isspace() else "_empty"
        if name:
            by_name.setdefault(name, key)
    return {key: name for name, key in by_name.items()}


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("convention", CONVENTIONS)
def test_names_are_those_of_dlt(convention: str, length: int | None) -> None:
    make: Any = CONVENTIONS[convention]
    naming: NamingConvention = make(length)
    chance = random.Random(f"{SEED} {convention} {length}")
    compared = 0
    # 20 combinations of conventions and lengths make more than 100,000 names.
    for _ in range(6):
        # Pairs, so that columns of nested objects and child tables get names too.
        names = identifiers(chance, naming, 600)
        keys = list(names)
        outer, inner, lists = keys[:300], keys[300:], chance.sample(keys, 300)
        document: dict[str, Any] = {key: {inside: 1} for key, inside in zip(outer, inner)}
        text = json.dumps([document, dict.fromkeys(keys, 1), {key: [1] for key in lists}])
        batches = read(
            SourceOptions(
                (), "t", pushed=True, naming=convention, maximum_identifier_length=length
            ),
            iter([text.encode()]),
        )

        tables: dict[str, set[str]] = {}
        for table, rows in batches:
            tables.setdefault(table, set()).update(rows.schema.names)
        nested = {
            naming.shorten_fragments(names[key], names[inside]) for key, inside in zip(outer, inner)
        }
        assert tables.pop("t") == nested | set(names.values())
        # The key of a list is a table's name, which some conventions make in another way.
        children = {naming.normalize_tables_path(key) for key in lists if not key.isspace()}
        assert set(tables) >= {naming.shorten_fragments("t", name) for name in children}
        compared += len(nested) + len(names) + len(children)
    assert compared > 5_000


def record(chance: random.Random, depth: int = 2) -> dict[str, Any]:
    return {key_of(chance): value(chance, depth) for _ in range(chance.randint(0, 5))}


def key_of(chance: random.Random) -> str:
    return "".join(chance.choices('abAB_é日🙂\n"', k=chance.randint(1, 4)))


def value(chance: random.Random, depth: int) -> Any:
    kind = chance.randrange(9 if depth else 7)
    if kind == 0:
        return None
    if kind == 1:
        return chance.random() < 0.5
    if kind == 2:
        return chance.randint(-(2**63), 2**63 - 1)
    if kind == 3:
        return chance.choice([0.0, -0.0, 0.5, chance.randint(-(2**40), 2**40) / 256])
    if kind == 4:
        if OLDER_ORJSON:
            return chance.uniform(-1e9, 1e9)
        if chance.random() < 0.3:
            return chance.choice([1e16, 1e-5, 1e22, 5e-324])
        return chance.uniform(-1, 1) * 10.0 ** chance.randint(-300, 300)
    if kind == 5:
        return str(chance.randint(0, 10**6))
    if kind == 6:
        return "".join(chance.choices('ab"\\\n\u0001\u007f\u2028é日🙂', k=chance.randint(0, 6)))
    if kind == 7:
        return record(chance, depth - 1)
    return [value(chance, depth - 1) for _ in range(chance.randint(0, 3))]


def ids(batches: list[tuple[str, pa.RecordBatch]], table: str, column: str) -> list[Any]:
    return [
        found
        for name, rows in batches
        if name == table
        for found in rows.column(column).to_pylist()
    ]


def test_ids_from_records_are_those_of_dlt() -> None:
    chance = random.Random(SEED)
    records = [record(chance) for _ in range(50_000)]
    # Values that would need other columns are kept from making any.
    options = SourceOptions(
        (),
        "t",
        pushed=True,
        load_id="1.5",
        row_id="row_hash",
        max_table_nesting=0,
        tables={"t": {"columns": {}}},
    )
    text = json.dumps([{"r": one} for one in records])
    batches = read(options, iter([text.encode()]))

    assert ids(batches, "t", "_dlt_id") == [get_row_hash({"r": one}) for one in records]


def test_ids_from_keys_and_of_nested_rows_are_those_of_dlt() -> None:
    chance = random.Random(SEED + 1)
    records = [
        {"k": f"{number} {value(chance, 0)}", "n": chance.choice([number, number / 8, True])}
        for number in range(50_000)
    ]
    options = SourceOptions(
        (), "t", pushed=True, load_id="1.5", row_id="key_hash", primary_key=["k", "n"]
    )
    text = json.dumps([{**one, "l": [0] * (number % 3)} for number, one in enumerate(records)])
    batches = read(options, iter([text.encode()]))

    expected = [get_row_hash(one, subset=["k", "n"]) for one in records]
    assert ids(batches, "t", "_dlt_id") == expected
    assert ids(batches, "t__l", "_dlt_id") == [
        get_nested_row_hash(parent, "t__l", index)
        for number, parent in enumerate(expected)
        for index in range(number % 3)
    ]
