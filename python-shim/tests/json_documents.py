# SPDX-License-Identifier: Apache-2.0
"""Random JSON documents and settings, for comparing with dlt.

What is left out, because dlt is known to make something else of it or to fail
(`docs/reference/differences.md`; the conformance corpus has a case for each):

- keys that dlt uses itself (`_dlt_id`), keys named like variant columns (`a__v_text`),
- keys without a visible character at the top of a record, lists under them anywhere,
- integers beyond 64 bits, halves of surrogate pairs, dlt's private characters, and characters that
  this Python does not know yet.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import orjson
from dlt.common.data_types.type_helpers import coerce_value
from hypothesis import strategies as st
from referee import LOAD_ID


class Members(list[Any]):
    """An object as its members, so that keys may be equal."""


@dataclasses.dataclass(frozen=True)
class Raw:
    """A value as it is written in JSON."""

    text: str


_WORDS = ["a", "b", "c", "aB", "a_b", "A", "value", "list", "order", "x y", "1st", "é", "日", "id"]
_PATHS = ["a__b", "b__c", "__a", "_dlt_other", "_dlt"]
_BLANK = ["", " ", "\t", "\u00a0"]

_TEXTS = [
    "",
    " ",
    "x",
    "1",
    "1.5",
    " 7 ",
    "1_000",
    "0x1f",
    "1e3",
    "true",
    "no",
    "null",
    "{}",
    "[1, 2]",
    "YWI=",
    "10:00",
    "2024",
    "2024-01",
    "2024-01-02",
    "2024-01-02T03:04:05Z",
    "2024-01-02T03:04:05.123456789+02:00",
    "2024-01-02 03:04",
    "2024/01/02 3:4",
    "20240102T030405",
    "1700000000",
]

_CHARACTERS = st.characters(exclude_categories=["Cs", "Co", "Cn"])

texts = st.one_of(st.sampled_from(_TEXTS), st.text(_CHARACTERS, max_size=12))

OLDER_ORJSON = orjson.dumps(1e22) != b"1e+22"
"""Writes exponents in another way, see docs/reference/differences.md."""

_floats = (
    st.integers(-(2**40), 2**40).map(lambda number: number / 256)
    if OLDER_ORJSON
    else st.floats(allow_nan=False, allow_infinity=False)
)

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.integers(-(2**63), 2**63 - 1),
    _floats,
    st.sampled_from([0.0, 1.0, 2.5, -0.0]),
    st.sampled_from([Raw("1e999"), Raw("-1e400"), Raw("1E2"), Raw("-0"), Raw("10e-1")]),
    texts,
)

# Some naming conventions keep all characters, and Arrow's names end at a NUL.
_KEY_CHARACTERS = st.characters(exclude_categories=["Cs", "Co", "Cn"], exclude_characters="\0")

words = st.one_of(
    st.sampled_from(_WORDS), st.sampled_from(_WORDS), st.text(_KEY_CHARACTERS, max_size=8)
)

# A path in a key may lead to the same table as another one, and then dlt's ids are not unique.
_scalar_members = st.tuples(st.one_of(words, st.sampled_from(_PATHS + _BLANK)), scalars)


def _nested(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    named = words.filter(lambda key: _has_name(key) and "__" not in key)
    members = st.one_of(_scalar_members, st.tuples(named, children))
    return st.one_of(st.lists(children, max_size=3), st.lists(members, max_size=4).map(Members))


def _has_name(key: str) -> bool:
    return bool(key.strip(" _")) and not key.isspace()


values = st.recursive(scalars, _nested, max_leaves=12)
objects = st.lists(
    st.one_of(
        _scalar_members,
        st.tuples(words.filter(lambda key: _has_name(key) and "__" not in key), values),
    ),
    max_size=5,
).map(Members)
records = st.one_of(objects, objects, objects, values)


def write(value: Any) -> str:
    """A value as JSON."""
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, Members):
        return "{" + ",".join(f"{json.dumps(key)}:{write(item)}" for key, item in value) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(write, value)) + "]"
    assert not isinstance(value, float) or math.isfinite(value)
    return json.dumps(value, ensure_ascii=isinstance(value, str) and len(value) % 2 == 0)


def write_page(page: Sequence[Any]) -> bytes:
    """Records as the document of one page."""
    return write(list(page)).encode()


# Older versions of dlt give decimals all binary digits of a double.
_DECIMALS = ["decimal", "wei"] if coerce_value("decimal", "double", 0.1) == Decimal("0.1") else []
_TYPES = ["text", "bigint", "double", "bool", "timestamp", "date", "time", "binary", "json"]

columns = st.dictionaries(
    st.sampled_from(["a", "b", "c", "a_b", "value", "a__b"]),
    st.sampled_from([*_TYPES, *_DECIMALS]).map(lambda kind: {"data_type": kind}),
    max_size=3,
)


@st.composite
def options(draw: st.DrawFn) -> dict[str, Any]:
    """Options of a source that concern normalizing."""
    chosen: dict[str, Any] = {
        "table": "t",
        "load_id": LOAD_ID,
        "column_order": "scalars_first",
        "batch_rows": draw(st.sampled_from([1, 2, 10_000])),
        # With several decoders each page goes to another one, and is taken back if it is new.
        "decoder_threads": draw(st.sampled_from([1, 4])),
        "segment_bytes": 1,
        "naming": draw(
            st.sampled_from(["snake_case"] * 4 + ["direct", "duck_case", "sql_cs_v1", "sql_ci_v1"])
        ),
        "root_id": draw(st.booleans()),
        "row_id": draw(st.sampled_from(["random", "random", "row_hash", "key_hash"])),
    }
    if chosen["row_id"] == "key_hash":
        chosen["primary_key"] = ["key"]
    nesting = draw(st.sampled_from([None, None, None, 0, 1, 2, 3]))
    if nesting is not None:
        chosen["max_table_nesting"] = nesting
    length = draw(st.sampled_from([None, None, 63, 20]))
    if length is not None:
        chosen["maximum_identifier_length"] = length
    known = draw(columns)
    if known:
        chosen["tables"] = {"t": {"columns": known}}
    return chosen


pages = st.lists(records, max_size=5)

runs = st.lists(st.lists(pages, min_size=1, max_size=3), min_size=1, max_size=3)
"""What each run loads: pages of records."""


@st.composite
def hints(draw: st.DrawFn) -> dict[str, Any]:
    """Keyword arguments of a resource."""
    merge: Any = st.sampled_from(["merge", {"disposition": "merge", "strategy": "upsert"}])
    disposition = draw(st.one_of(st.sampled_from(["append", "append", "replace"]), merge))
    chosen: dict[str, Any] = {"write_disposition": disposition}
    if disposition not in ("append", "replace"):
        chosen["primary_key"] = "key"
    nesting = draw(st.sampled_from([None, None, 0, 1, 2]))
    if nesting is not None:
        chosen["max_table_nesting"] = nesting
    known = draw(
        st.dictionaries(
            st.sampled_from(["a", "b", "c", "a_b", "value"]),
            st.sampled_from(_TYPES).map(lambda kind: {"data_type": kind}),
            max_size=2,
        )
    )
    if known:
        chosen["columns"] = known
    return chosen
