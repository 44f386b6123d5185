# SPDX-License-Identifier: Apache-2.0
"""Random models and records: the verdict on each record has to be Pydantic's, and so its dump.

Examples are the same in each build. `DLT_JAVA_EXAMPLES=10000 pytest
tests/integrations/test_pydantic_verdicts.py` looks at as many new ones.
"""

# The names of models say what they are.
# ruff: noqa: D101, D102
from __future__ import annotations

import datetime
import decimal
import enum
import json as python_json
import os
import uuid
from collections.abc import Sequence
from typing import Any, Literal, Optional, Union

import dlt
import pyarrow as pa
from dlt.common.json import json
from dlt.extract.validation import PydanticValidator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from dlt_java._contract import ModelContract
from dlt_java._incremental import PROJECTION
from dlt_java.options import SourceOptions
from dlt_java.stream import Source

ASKED = int(os.environ.get("DLT_JAVA_EXAMPLES", "0"))

RECORDS = 12


class Letter(enum.Enum):
    A = "a"
    B = "b"


class Digit(enum.IntEnum):
    ONE = 1
    TWO = 2


class Leaf(BaseModel):
    model_config = ConfigDict(extra="forbid")
    a: int
    b: float | None = None


PATTERNS = [
    "^a+$",
    "b",
    "^[a-c]{1,2}$",
    r"^\d+(\.\d+)?$",
    "^(ab|1)*$",
    r"\w-\w",
    "^(?i)a$",
    "ä",
    "^a|b$",
]

bounds = st.one_of(st.none(), st.integers(-3, 3))


def constraints(*names: str, values: Any = bounds) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, values))


lengths = constraints("min_length", "max_length", values=st.integers(0, 3))

scalars: st.SearchStrategy[tuple[Any, dict[str, Any]]] = st.one_of(
    st.tuples(st.just(int), constraints("ge", "gt", "le", "lt")),
    st.tuples(st.just(int), st.just({"multiple_of": 2})),
    st.tuples(st.just(float), constraints("ge", "lt")),
    st.tuples(st.just(float), constraints("gt", "le")),
    st.tuples(st.just(str), lengths),
    st.tuples(st.just(str), constraints("pattern", values=st.sampled_from(PATTERNS))),
    st.tuples(
        st.sampled_from(
            [
                bool,
                datetime.datetime,
                datetime.date,
                datetime.time,
                uuid.UUID,
                decimal.Decimal,
                bytes,
                Any,
                Letter,
                Digit,
                Literal["a", "b"],
                Literal[1, "a"],
                Union[int, str],
                Union[str, float, bool],
                Union[int, Leaf],
                Leaf,
                None,
            ]
        ),
        st.just({}),
    ),
)


def types_of(generic: Any, parameters: Any) -> Any:
    return generic[parameters]


def nested(types: Any) -> Any:
    return st.one_of(
        st.tuples(types.map(lambda of: types_of(list, of[0])), lengths),
        st.tuples(types.map(lambda of: types_of(dict, (str, of[0]))), lengths),
        st.tuples(types.map(lambda of: Optional[of[0]]), st.just({})),
        models(types).map(lambda model: (model, {})),
    )


aliases = st.sampled_from([None, None, None, "aliased", "ä"])
DEFAULTS: list[Any] = [..., ..., None, 1, "a", 1.5, True, [], {}, datetime.date(2024, 1, 31)]


@st.composite
def models(draw: Any, types: Any) -> Any:
    fields: dict[str, Any] = {}
    taken: set[str] = set()
    for name in draw(st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), unique=True, max_size=4)):
        annotation, limits = draw(types)
        alias = draw(aliases)
        if alias in taken:
            alias = None
        taken.add(alias)
        limits = {key: value for key, value in limits.items() if value is not None}
        if draw(st.integers(0, 3)) == 0:
            factory = draw(st.sampled_from([list, dict, lambda: 7]))
            field = Field(default_factory=factory, alias=alias, **limits)
        else:
            default = draw(st.sampled_from(DEFAULTS))
            field = Field(default, alias=alias, **limits)
        fields[name] = (annotation, field)
    extra: Any = draw(st.sampled_from(["ignore", "allow", "forbid"]))
    return create_model("Drawn", __config__=ConfigDict(extra=extra), **fields)


leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-4, 4),
    st.sampled_from([2**53 + 1, 2**63 - 1, 0.0, -1.0, 1.5, 2.5, 1e300]),
    st.sampled_from(
        [
            "",
            "a",
            "b",
            "ab",
            "aaaa",
            "1",
            "2.5",
            "x-y",
            "true",
            "ä",
            "äöüß",
            "😀",
            "2024-01-31T12:00:00Z",
            "2024-01-31T12:00:00.25+02:00",
            "2024-02-30T12:00:00Z",
            "2024-01-31 12:00",
            "2024-01-31",
            "2024-02-30",
            "12:00:00",
            "12345678-1234-5678-1234-567812345678",
            "12345678-1234-5678-1234-56781234567A",
        ]
    ),
)
keys = st.sampled_from(["a", "b", "c", "d", "e", "aliased", "ä", "other", 'quoted "'])
values = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=5)),
    max_leaves=12,
)


def fitting(draw: Any, annotation: Any, depth: int = 0) -> Any:
    """A value that is likely to fit a type: random ones alone would nearly all be refused."""
    if draw(st.integers(0, 9)) == 0:
        return draw(values)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return record_of(draw, annotation, depth + 1)
    origin = getattr(annotation, "__origin__", None)
    inner: Sequence[Any] = getattr(annotation, "__args__", ())
    if origin is list:
        return [fitting(draw, inner[0], depth + 1) for _ in range(draw(st.integers(0, 3)))]
    if origin is dict:
        size = draw(st.integers(0, 3))
        return {draw(keys): fitting(draw, inner[1], depth + 1) for _ in range(size)}
    if origin is Union:
        return fitting(draw, draw(st.sampled_from(inner)), depth + 1)
    return draw(EXAMPLES.get(annotation, leaves))


EXAMPLES: dict[Any, st.SearchStrategy[Any]] = {
    int: st.integers(-4, 4),
    float: st.one_of(st.integers(-4, 4), st.sampled_from([0.0, -1.5, 2.25, 1e22])),
    str: st.sampled_from(["", "a", "b", "ab", "aa", "abc", "1.5", "x-y", "ä", "2024-01-31"]),
    bool: st.booleans(),
    datetime.datetime: st.sampled_from(
        ["2024-01-31T12:00:00Z", "2024-01-31T12:00:00.25+02:00", "2024-01-31T12:00:00"]
    ),
    datetime.date: st.sampled_from(["2024-01-31", "2024-02-29"]),
    uuid.UUID: st.just("12345678-1234-5678-1234-567812345678"),
    Letter: st.sampled_from(["a", "b", "c"]),
    Digit: st.sampled_from([1, 2, 3]),
}


def record_of(draw: Any, model: type[BaseModel], depth: int = 0) -> Any:
    members = [
        (field.alias or name, field.annotation)
        for name, field in model.model_fields.items()
        if draw(st.integers(0, 5))
    ]
    record = {
        name: fitting(draw, annotation, depth)
        for name, annotation in draw(st.permutations(members))
    }
    if draw(st.integers(0, 3)) == 0:
        record[draw(keys)] = draw(leaves)
    return record


@st.composite
def cases(draw: Any) -> tuple[Any, list[Any]]:
    types = st.recursive(scalars, nested, max_leaves=4)
    model = draw(models(types))
    records = [record_of(draw, model) for _ in range(RECORDS)]
    return model, records


class Recorder:
    """Answers for the library, by Pydantic alone, and keeps what it was asked."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.asked: list[Any] = []

    def answer(self, question: Any) -> str:
        self.asked += question["records"]
        return json.typed_dumps(
            [dumps(self.model, asked["record"]) for asked in question["records"]]
        )


def dumps(model: Any, record: Any) -> list[Any]:
    """The dump of a record, none if it is invalid."""
    try:
        return [model.model_validate(record).model_dump(by_alias=True, warnings=False)]
    except ValidationError:
        return []


def loaded(contract: Any, texts: list[bytes], recorder: Recorder) -> list[Any]:
    options = SourceOptions(
        (), "t", pushed=True, load_id="1", max_table_nesting=0, projection=[[]], contract=contract
    )
    found: list[Any] = []
    with Source(options, recorder.answer) as source:
        source.push(texts)
        source.push([])
        for batch in source:
            found += pa.record_batch(batch)[PROJECTION].to_pylist()
    return found


def spelled(text: str) -> Any:
    # Order counts, spellings of numbers do not.
    return python_json.loads(text, object_pairs_hook=list)


@settings(
    max_examples=ASKED or 400,
    derandomize=not ASKED,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
@given(cases())
def test_verdicts_and_dumps_are_those_of_pydantic(case: tuple[Any, list[Any]]) -> None:
    model, records = case
    # As a resource takes it, whatever its schema contract is.
    resource = dlt.resource([], name="items")
    mode: Any = {"ignore": "discard_value", "allow": "evolve", "forbid": "freeze"}[
        model.model_config["extra"]
    ]
    strict = ModelContract(resource, PydanticValidator(model, mode, "freeze")).option
    texts = [python_json.dumps(record).encode() for record in records]
    expected = [
        spelled(json.typed_dumps(dump)) for record in records for dump in dumps(model, record)
    ]

    recorder = Recorder(model)
    assert [spelled(text) for text in loaded(strict, texts, recorder)] == expected
    for asked in recorder.asked:
        if "left open" not in asked["problem"]:
            assert dumps(model, asked["record"]) == [], asked

    recorder = Recorder(model)
    lenient = {**strict, "invalid": "discard"}
    assert [spelled(text) for text in loaded(lenient, texts, recorder)] == expected
    still_asked = [asked["record"] for asked in recorder.asked]
    for record in records:
        if not dumps(model, record) and record not in still_asked:
            # dlt ends the load for these, so they must not be dropped unseen.
            assert "model_type" not in error_types(model, record)


def error_types(model: Any, record: Any) -> set[str]:
    try:
        model.model_validate(record)
    except ValidationError as error:
        return {found["type"] for found in error.errors()}
    return set()


def test_most_records_of_plain_models_need_no_python() -> None:
    class Plain(BaseModel):
        id: int
        name: str
        at: datetime.datetime
        price: float = 0.0
        leaf: Leaf | None = None

    record = {"id": 1, "name": "a", "at": "2024-01-31T12:00:00Z", "price": 2, "leaf": {"a": 1}}
    resource = dlt.resource([], name="items")
    option = ModelContract(resource, PydanticValidator(Plain, "discard_value", "freeze")).option
    recorder = Recorder(Plain)
    assert len(loaded(option, [python_json.dumps(record).encode()] * 100, recorder)) == 100
    assert recorder.asked == []
