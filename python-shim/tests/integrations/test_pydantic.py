# SPDX-License-Identifier: Apache-2.0
"""`columns=Model`: what both paths load, drop and refuse has to be the same."""

# The names of models say what they are.
# ruff: noqa: D101, D102
from __future__ import annotations

import datetime
import decimal
import enum
import functools
import json
import subprocess
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Union

import dlt
import pytest
from comparison import assert_equal_schemas, assert_equal_tables, run_all
from dlt.common import logger
from dlt.common.libs.pydantic import DltConfig
from dlt.common.schema.exceptions import DataValidationError
from dlt.pipeline.exceptions import PipelineStepFailed
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, RootModel, computed_field
from replica import Replica
from rest_api_loads import Loads

from dlt_java import read_json

IDS = frozenset({"_dlt_id", "_dlt_parent_id", "_dlt_root_id", "_dlt_load_id"})


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Size(BaseModel):
    width: int = Field(ge=0)
    height: float
    unit: Literal["mm", "cm"] = "mm"


class Line(BaseModel):
    sku: str = Field(pattern=r"^[A-Z]{2}\d+$")
    price: decimal.Decimal
    size: Size | None = None


class Order(BaseModel):
    id: int
    placed_at: datetime.datetime
    day: datetime.date | None = None
    key: uuid.UUID | None = None
    color: Color = Color.RED
    name: str | None = Field(None, max_length=5)
    weight: float = 1.5
    is_paid: bool = False
    status: Literal["open", "closed"] = "open"
    tags: list[str] = []
    counts: dict[str, int] = Field(default_factory=dict)
    reference: str | int | None = None
    size: Size | None = None
    lines: list[Line] = []
    anything: Any = None


class FlatOrder(Order):
    dlt_config: ClassVar[DltConfig] = {"skip_nested_types": True}


class AuthoritativeOrder(Order):
    dlt_config: ClassVar[DltConfig] = {"is_authoritative_model": True}


class OrderWithExtra(Order):
    model_config = ConfigDict(extra="allow")


class OrderWithoutExtra(Order):
    model_config = ConfigDict(extra="forbid")


class Renamed(BaseModel):
    order_id: int = Field(alias="orderId")
    placed: datetime.datetime | None = Field(None, alias="placedAt")


class Tree(BaseModel):
    model_config = ConfigDict(extra="allow")
    name: str
    children: list[Tree] = []


class Attributes(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    num_rows: Any = None


class Computed(BaseModel):
    id: int
    name: str

    @computed_field  # type: ignore[prop-decorator]
    @property
    def label(self) -> str:
        return f"{self.id} {self.name}"


class Cleaned(BaseModel):
    id: int
    name: Annotated[str, BeforeValidator(lambda value: str(value).strip())]


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    kind: Literal["dog"]
    tricks: list[str]


class Pet(RootModel[Annotated[Union[Cat, Dog], Field(discriminator="kind")]]):
    pass


ORDERS: list[Any] = [
    {"id": 1, "placed_at": "2024-01-31T12:00:00Z"},
    {
        "unknown": {"a": 1},
        "lines": [
            {"price": "1.50", "sku": "AB1", "size": {"height": 1, "width": 2}},
            {"size": None, "sku": "XY22", "price": 3.25, "extra": 1},
        ],
        "name": "Zoë",
        "placed_at": "2024-01-31T12:00:00.25+02:00",
        "id": 2,
        "day": "2024-02-29",
        "key": "12345678-1234-5678-1234-567812345678",
        "color": "blue",
        "weight": 3,
        "is_paid": True,
        "status": "closed",
        "tags": ["a", "b"],
        "counts": {"x": 1, "y": 2},
        "reference": 5,
        "size": {"height": 2.50, "width": 1, "unit": "cm", "depth": 7},
        "anything": {"b": [1, 2], "c": {"d": 2.5}},
    },
    # What only Pydantic converts.
    {
        "id": "3",
        "placed_at": 1706702400,
        "day": "2024-02-29T00:00:00",
        "key": "1234567812345678123456781234567A",
        "weight": "2.5",
        "is_paid": "yes",
        "reference": "x",
        "size": {"width": 1.0, "height": "7"},
    },
    {"id": 4, "placed_at": "2024-01-31T12:00:00", "name": None, "extra": [1, {"b": 2}]},
]

INVALID: list[Any] = [
    {"id": None, "placed_at": "2024-01-31T12:00:00Z"},
    {"placed_at": "2024-01-31T12:00:00Z"},
    {"id": 7, "placed_at": "2024-01-31T12:00:00Z", "name": "too long"},
    {"id": 8, "placed_at": "2024-01-31T12:00:00Z", "status": "lost"},
    {"id": 9, "placed_at": "2024-01-31T12:00:00Z", "lines": [{"sku": "ab1", "price": 1}]},
    {"id": 10, "placed_at": "2024-01-31T12:00:00Z", "size": {"width": -1, "height": 1}},
    {"id": "eleven", "placed_at": "2024-01-31T12:00:00Z"},
    {"id": 12, "placed_at": "yesterday"},
]

TREES: list[Any] = [
    {"name": "a", "color": "red", "children": [{"name": "b", "children": [{"name": "c"}]}]},
    {"children": [{"x": 1, "name": "d"}], "name": "e"},
    {"name": "f", "weight": 1.5},
]


def ours(rows: Sequence[Any], model: Any, **hints: Any) -> Any:
    return read_json(json.dumps(rows).encode(), "items", columns=model, **hints)


def theirs(rows: Sequence[Any], model: Any, **hints: Any) -> Any:
    def items() -> Any:
        yield json.loads(json.dumps(rows))

    return dlt.resource(items, name="items", columns=model, **hints)


def run_both(
    folder: Path, model: Any, runs: Sequence[Sequence[Any]], **hints: Any
) -> tuple[dlt.Pipeline, dlt.Pipeline]:
    loaded = [
        run_all(folder, name, [functools.partial(path, rows, model, **hints) for rows in runs])
        for name, path in (("ours", ours), ("theirs", theirs))
    ]
    return loaded[0], loaded[1]


MODELS: dict[str, tuple[Any, list[Any]]] = {
    "order": (Order, ORDERS),
    "flat": (FlatOrder, ORDERS),
    "authoritative": (AuthoritativeOrder, ORDERS),
    "extra kept": (OrderWithExtra, ORDERS),
    "renamed": (
        Renamed,
        [{"orderId": 1, "order_id": 2}, {"placedAt": "2024-01-31T12:00:00Z", "orderId": 2}],
    ),
    "recursive": (Tree, TREES),
    "attributes of batches": (Attributes, [{"num_rows": 5}, {"num_rows": 6, "x": 1}]),
    "computed": (Computed, [{"name": "a", "id": 1}, {"id": "2", "name": "b", "c": 3}]),
    "validator": (Cleaned, [{"name": " a ", "id": 1}, {"id": 2, "name": 3}]),
    "root model": (Pet, [{"kind": "cat", "lives": 9}, {"kind": "dog", "tricks": ["sit"]}]),
}


@pytest.mark.parametrize("name", MODELS)
def test_models_load_what_dlt_loads(name: str, tmp_path: Path) -> None:
    model, rows = MODELS[name]
    loaded = run_both(tmp_path, model, [rows[::-1], rows, rows[:1]])
    assert_equal_schemas(*loaded)
    assert_equal_tables(*loaded, IDS)


MODES: list[Any] = [
    {"columns": columns, "data_type": data_type}
    for columns in ("evolve", "freeze", "discard_value", "discard_row")
    for data_type in ("evolve", "freeze", "discard_row")
]


def runs_of(contract: Any) -> list[Any]:
    fits = [row for row in ORDERS if not {"unknown", "extra"} & set(row)]
    if contract["data_type"] != "evolve":
        return [fits, [*INVALID[4:], *ORDERS], [*INVALID[:4], *fits]]
    # No defaults stand for what is absent then: only whole records suit the columns.
    # Fields that only some of the first nested rows have are no matter of models.
    whole = {name: value for name, value in ORDERS[1].items() if name not in ("unknown", "lines")}
    whole["lines"] = [{"sku": "XY22", "price": 3.25, "extra": 1}]
    return [
        [whole],
        [whole, {**whole, "unknown": {"a": 1}}],
        [{**whole, "day": "someday"}, {**whole, "name": 5}],
    ]


@pytest.mark.parametrize("model", [Order, FlatOrder], ids=["nested", "flat"])
@pytest.mark.parametrize("contract", MODES, ids=lambda mode: "-".join(mode.values()))
def test_contracts_load_what_dlt_loads(contract: Any, model: Any, tmp_path: Path) -> None:
    for number, rows in enumerate(runs_of(contract)):
        outcomes: list[Any] = []
        for name, path in (("ours", ours), ("theirs", theirs)):
            resource = functools.partial(path, rows, model, schema_contract=contract)
            try:
                outcomes.append(run_all(tmp_path / str(number), name, [resource]))
            except PipelineStepFailed as failed:
                outcomes.append(failed)
        if isinstance(outcomes[0], dlt.Pipeline) and isinstance(outcomes[1], dlt.Pipeline):
            assert_equal_schemas(outcomes[0], outcomes[1])
            assert_equal_tables(outcomes[0], outcomes[1], IDS)
            continue
        mine, expected = (violation(outcome) for outcome in outcomes)
        if expected is not None:
            assert mine is not None, outcomes[0]
            assert mine.schema_entity == expected.schema_entity
            assert mine.contract_mode == expected.contract_mode
        else:
            # What no contract guards: a null in a key, for example.
            assert isinstance(outcomes[0], PipelineStepFailed)
            assert isinstance(outcomes[1], PipelineStepFailed)


def violation(outcome: Any) -> DataValidationError | None:
    error = outcome
    while isinstance(error, BaseException) and not isinstance(error, DataValidationError):
        error = error.__cause__
    return error if isinstance(error, DataValidationError) else None


@pytest.mark.parametrize("strategy", ["delete-insert", "upsert", "scd2"])
def test_merges_load_what_dlt_loads(strategy: str, tmp_path: Path) -> None:
    hints = {
        "primary_key": "id",
        "write_disposition": {"disposition": "merge", "strategy": strategy},
    }
    loaded = run_both(tmp_path, FlatOrder, [ORDERS[:3], ORDERS[1:]], **hints)
    changing = {"_dlt_valid_from", "_dlt_valid_to"} if strategy == "scd2" else set()
    assert_equal_schemas(*loaded)
    ids = IDS if strategy == "delete-insert" else {"_dlt_load_id"}
    assert_equal_tables(*loaded, frozenset({*ids, *changing}))


def test_cursors_see_the_values_of_the_model(tmp_path: Path) -> None:
    first, second = ORDERS[:1], [{"id": 5, "placed_at": "2024-02-01T00:00:00Z"}, *ORDERS[:2]]
    loaded = []
    for name, path in (("ours", ours), ("theirs", theirs)):
        pipeline = run_all(tmp_path, name, [])
        for rows in (first, second):
            resource = path(rows, Order)
            resource.apply_hints(incremental=dlt.sources.incremental("placed_at"))
            pipeline.run(resource)
        loaded.append(pipeline)
    assert_equal_schemas(loaded[0], loaded[1])
    assert_equal_tables(loaded[0], loaded[1], IDS)
    states: list[Any] = [pipeline.state["sources"] for pipeline in loaded]
    last = [
        next(iter(state.values()))["resources"]["items"]["incremental"]["placed_at"]["last_value"]
        for state in states
    ]
    assert last[0] == last[1] == datetime.datetime(2024, 2, 1, tzinfo=datetime.timezone.utc)


class Author(BaseModel):
    name: str
    karma: int


class Post(BaseModel):
    id: int
    title: str = Field(min_length=1)
    published: bool
    author: Author
    updated_at: datetime.datetime | None = None


class Comment(BaseModel):
    id: int
    posts_id: int = Field(alias="_posts_id")
    body: str | None = None


def test_rest_api_resources_are_checked_natively(replica: Replica, loads: Loads) -> None:
    posts: Any = {
        "name": "posts",
        "columns": Post,
        "endpoint": {
            "path": "pages/posts",
            "params": {"of": 12},
            "paginator": {"type": "page_number"},
        },
    }
    comments: Any = {
        "name": "comments",
        "columns": Comment,
        "include_from_parent": ["id"],
        "endpoint": {"path": "posts/{resources.posts.id}/comments"},
    }
    config = {"client": {"base_url": replica.rest_url}, "resources": [posts, comments]}
    mine, _ = loads.both(config)
    assert mine.count("posts") == 12
    assert mine.count("comments") > 0


def test_violations_say_where(tmp_path: Path) -> None:
    rows = [ORDERS[0], {**ORDERS[0], "lines": [{"sku": "ab1", "price": 1}]}]
    with pytest.raises(PipelineStepFailed) as raised:
        run_all(tmp_path, "ours", [functools.partial(ours, rows, Order)])
    error = violation(raised.value)
    assert error is not None
    assert error.schema_entity == "data_type"
    assert error.table_name == "items"
    assert error.data_item == rows[1]
    assert str(error).endswith(
        "(text 0, record 1: 'lines[0].sku': expected a string with the pattern"
        ' ^[A-Z]{2}\\d+$, found "ab1")'
    )
    # Its trace holds the batches.
    raised.value.__cause__ = None


def test_only_what_pydantic_has_to_check_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged: list[str] = []
    for level in ("info", "warning"):
        monkeypatch.setattr(logger, level, lambda text, *_, **__: logged.append(text))

    def said(model: Any, row: Any) -> list[str]:
        logged.clear()
        run_all(tmp_path / model.__name__, "ours", [functools.partial(ours, [row], model)])
        return [text for text in logged if text.startswith("Pydantic")]

    assert said(Size, {"width": 1, "height": 2}) == []
    assert said(Line, {"sku": "AB1", "price": 2}) == [
        "Pydantic itself checks the records of `items` that have a value of such a field: `price`"
        " is a `decimal`."
    ]
    assert said(Computed, {"id": 1, "name": "a"}) == [
        "Pydantic itself checks all records of `items`: its model has computed fields."
    ]


def test_pydantic_is_optional() -> None:
    program = "import sys; sys.modules['pydantic'] = None; import dlt_java, dlt_java.rest_api"
    subprocess.run([sys.executable, "-c", program], check=True)
