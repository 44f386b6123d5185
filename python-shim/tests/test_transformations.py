# SPDX-License-Identifier: Apache-2.0
"""Steps of the configuration do to records what Python's `add_map` and `add_filter` do.

`DLT_JAVA_EXAMPLES` sets the number of random documents, as in `test_differential.py`.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import json
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Callable

import dlt
import json_documents as documents
import pytest
from comparison import assert_equal_schemas, assert_equal_tables, run_all
from conftest import MakePipeline
from dlt.pipeline.exceptions import PipelineStepFailed
from hypothesis import assume, given
from hypothesis import strategies as st
from normalized import assert_same_tables, native_tables
from referee import Referee
from test_differential import ASKED, broken, distinct, profile, rounded

from dlt_java import DataException, OptionsException, SourceOptions, read_json, to_arrow
from dlt_java._transformations import transformed

Steps = Sequence[dict[str, Any]]
Change = Callable[[dict[str, Any]], Any]

RECORDS: list[dict[str, Any]] = [
    {
        "id": 1,
        "state": "open",
        "amount": "12.50",
        "user": {"name": "Ada", "email": "ada@example.org", "address": {"city": "Bath"}},
        "lines": [{"sku": "x", "qty": "2"}, {"sku": "y", "qty": "3", "note": None}],
        "tags": ["a", "b"],
        "a.b": 7,
    },
    {
        "id": 2,
        "state": "closed",
        "amount": 3,
        "user": {"name": "Bo", "email": None, "address": None},
        "lines": [],
        "tags": [],
        "created": "2024-02-03T04:05:06+02:00",
    },
    {"id": 3, "state": None, "user": None, "paid": "yes", "tags": ["b"], "amount": 4.0},
    {"id": 4, "amount": "1e3", "lines": [{"sku": "z", "qty": 1}], "paid": 0, "n": 2.0},
]


def salted(value: str) -> str:
    return hashlib.sha256(f"pepper{value}".encode()).hexdigest()


def only(record: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: record[key] for key in record if key in keys}


def without_email(record: dict[str, Any]) -> dict[str, Any]:
    if record.get("user"):
        record["user"].pop("email", None)
    return record


def with_name(record: dict[str, Any]) -> dict[str, Any]:
    if record.get("user"):
        record["name"] = record["user"].pop("name")
    return record


def with_numbers(record: dict[str, Any]) -> dict[str, Any]:
    for line in record.get("lines", []):
        line["qty"] = int(line["qty"])
    if "amount" in record:
        record["amount"] = float(record["amount"])
    return record


def with_hashes(record: dict[str, Any]) -> dict[str, Any]:
    if record.get("user") and record["user"]["email"] is not None:
        record["user"]["email"] = salted(record["user"]["email"])
    record["id"] = salted(str(record["id"]))
    return record


def with_constants(record: dict[str, Any]) -> dict[str, Any]:
    record["source"] = "api"
    record["run"] = {"number": 7, "live": True}
    for line in record.get("lines", []):
        line["currency"] = "EUR"
    return record


def renamed_lines(record: dict[str, Any]) -> dict[str, Any]:
    for line in record.get("lines", []):
        line["details"] = {"quantity": line.pop("qty")}
    return record


def in_utc(record: dict[str, Any]) -> dict[str, Any]:
    if "created" in record:
        moment = datetime.datetime.fromisoformat(record["created"])
        record["created"] = moment.astimezone(datetime.timezone.utc)
    return record


def small(record: dict[str, Any]) -> dict[str, Any]:
    kept = only(record, "id")
    if record.get("user"):
        kept["user"] = only(record["user"], "name")
    if "lines" in record:
        kept["lines"] = [only(line, "sku") for line in record["lines"]]
    return kept


CASES: list[tuple[Steps, Change, Callable[[dict[str, Any]], bool]]] = [
    ([{"select": ["id", "tags"]}], lambda r: only(r, "id", "tags"), lambda r: True),
    ([{"select": ["id", "user.name", "lines[*].sku"]}], small, lambda r: True),
    ([{"drop": ["user.email", "none", "none.x", "id[*]"]}], without_email, lambda r: True),
    ([{"drop": ["'a.b'"]}], lambda r: {k: r[k] for k in r if k != "a.b"}, lambda r: True),
    ([{"rename": {"user.name": "name"}}], with_name, lambda r: True),
    ([{"rename": {"lines[*].qty": "lines[*].details.quantity"}}], renamed_lines, lambda r: True),
    (
        [{"cast": {"lines[*].qty": "bigint", "amount": "double"}}],
        with_numbers,
        lambda r: True,
    ),
    ([{"cast": {"created": "timestamp"}}], in_utc, lambda r: True),
    ([{"cast": {"id": "text"}}], lambda r: {**r, "id": str(r["id"])}, lambda r: True),
    ([{"constant": {"source": "api", "run.number": 7, "run.live": True}},
      {"constant": {"lines[*].currency": "EUR"}}], with_constants, lambda r: True),
    (
        [{"hash": {"user.email": "sha256", "id": "sha256"}, "salt": "pepper"}],
        with_hashes,
        lambda r: True,
    ),
    ([{"filter": {"field": "state", "equals": "open"}}], lambda r: r,
     lambda r: r.get("state") == "open"),
    ([{"filter": {"field": "state", "not_equals": "open"}}], lambda r: r,
     lambda r: r.get("state") != "open"),
    ([{"filter": {"field": "state", "is_null": True}}], lambda r: r,
     lambda r: r.get("state") is None),
    ([{"filter": {"not": {"field": "state", "is_null": True}}}], lambda r: r,
     lambda r: r.get("state") is not None),
    ([{"filter": {"field": "id", "in": [1, 4, "x"]}}], lambda r: r, lambda r: r["id"] in (1, 4)),
    ([{"filter": {"field": "tags", "contains": "a"}}], lambda r: r,
     lambda r: "a" in r.get("tags", [])),
    ([{"filter": {"field": "user.address.city", "starts_with": "B"}}], lambda r: r,
     lambda r: r["id"] == 1),
    (
        [{"filter": {"or": [
            {"and": [{"field": "id", "greater_than": 1}, {"field": "id", "less_than": 3.5}]},
            {"field": "n", "equals": 2},
        ]}}],
        lambda r: r,
        lambda r: 1 < r["id"] < 3.5 or r.get("n") == 2,
    ),
    (
        # In order: what a step has made, the next one sees.
        [
            {"filter": {"field": "id", "at_most": 3}},
            {"rename": {"user.name": "name"}},
            {"filter": {"field": "name", "is_null": False}},
            {"select": ["id", "name"]},
            {"constant": {"source": "api"}},
        ],
        lambda r: {**only(with_name(r), "id", "name"), "source": "api"},
        lambda r: r["id"] <= 3 and bool(r.get("user")),
    ),
]  # fmt: skip


def of_dlt(
    records: Any, change: Change, keep: Callable[[Any], bool], name: str = "t", **hints: Any
) -> Any:
    """Python functions for each record, as dlt has them."""
    resource = dlt.resource(json.loads(json.dumps(records)), name=name, **hints)
    return resource.add_filter(keep).add_map(change)


@pytest.mark.parametrize(("steps", "change", "keep"), CASES, ids=lambda v: "")
def test_steps_load_what_python_functions_load(
    tmp_path: Path, steps: Steps, change: Change, keep: Callable[[Any], bool]
) -> None:
    text = json.dumps(RECORDS).encode()

    ours = run_all(tmp_path, "ours", [lambda: read_json(text, "t", transformations=steps)])
    theirs = run_all(tmp_path, "theirs", [lambda: of_dlt(RECORDS, change, keep)])

    assert_equal_tables(ours, theirs)
    assert_equal_schemas(ours, theirs)


@pytest.mark.parametrize(("steps", "change", "keep"), CASES, ids=lambda v: "")
def test_steps_for_dlts_own_client_do_the_same(
    steps: Steps, change: Change, keep: Callable[[Any], bool]
) -> None:
    expected = [change(r) for r in json.loads(json.dumps(RECORDS)) if keep(r)]

    actual = transformed(json.loads(json.dumps(RECORDS)), steps)

    def plain(value: Any) -> str:
        return value.isoformat()  # type: ignore[no-any-return]

    assert json.dumps(actual) == json.dumps(expected, default=plain)


_TYPES = ["text", "bigint", "double", "bool", "timestamp"]
_ORDERS = ["less_than", "at_most", "greater_than", "at_least"]


def quoted(key: str) -> str:
    """A key as a part of a path."""
    if re.fullmatch(r"""[^.\['"][^.\[]*""", key):
        return key
    return "'" + key.replace("\\", "\\\\").replace("'", "\\'") + "'"


@st.composite
def paths(draw: st.DrawFn, records: Sequence[Any], elements: bool = True) -> str:
    """A path, mostly one that leads somewhere in one of the records."""
    value: Any = draw(st.sampled_from(records)) if records else {}
    path = ""
    while True:
        if isinstance(value, list) and path:
            if not elements or not value or draw(st.booleans()):
                return path
            path += "[*]"
            value = draw(st.sampled_from(value))
        elif isinstance(value, dict) and (value or not path):
            known = draw(st.integers(0, 5)) > 0 and bool(value)
            key = draw(st.sampled_from(sorted(value)) if known else documents.words)
            path += ("." if path else "") + quoted(key)
            value = value.get(key)
            if draw(st.integers(0, 2)) == 0:
                return path
        else:
            return path


def lists_of(path: str) -> str:
    """The path to the innermost list elements on the way."""
    return path[: path.rindex("[*]") + 3] + "." if "[*]" in path else ""


plain_values = documents.scalars.map(
    lambda value: json.loads(value.text) if isinstance(value, documents.Raw) else value
).filter(lambda value: not isinstance(value, float) or math.isfinite(value))


@st.composite
def conditions(draw: st.DrawFn, records: Sequence[Any], depth: int = 0) -> dict[str, Any]:
    kind = draw(st.sampled_from(["field"] * 4 + ["and", "or", "not"])) if depth < 2 else "field"
    if kind == "not":
        return {"not": draw(conditions(records, depth + 1))}
    if kind != "field":
        return {kind: draw(st.lists(conditions(records, depth + 1), min_size=1, max_size=3))}
    path = draw(paths(records, elements=False))
    value = draw(plain_values)
    if draw(st.booleans()) and records:
        found = draw(st.sampled_from(records))
        for key in path.split("."):
            found = found.get(key) if isinstance(found, dict) else None
        finite = not isinstance(found, float) or math.isfinite(found)
        value = found if finite and not isinstance(found, (dict, list)) else value
    allowed = ["equals", "not_equals", "in", "not_in", "is_null", "contains"]
    if isinstance(value, str):
        allowed += ["starts_with", "ends_with", *_ORDERS]
    elif value is not None and not isinstance(value, bool):
        allowed += _ORDERS
    name = draw(st.sampled_from(allowed))
    if name in ("in", "not_in"):
        return {"field": path, name: [value, *draw(st.lists(plain_values, max_size=2))]}
    return {"field": path, name: draw(st.booleans()) if name == "is_null" else value}


@st.composite
def steps_for(draw: st.DrawFn, records: Sequence[Any]) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(
            st.sampled_from(["select", "drop", "rename", "cast", "filter", "constant", "hash"])
        )
        if kind in ("select", "drop"):
            steps.append({kind: draw(st.lists(paths(records), min_size=1, max_size=4))})
        elif kind == "filter":
            steps.append({kind: draw(conditions(records))})
        elif kind == "rename":
            source = draw(paths(records).filter(lambda path: not path.endswith("[*]")))
            target = draw(st.sampled_from(["new", "n.x", "n.y.z"]))
            if draw(st.booleans()) and "[*]" not in source:
                target = draw(paths(records, elements=False))
            steps.append({kind: {source: lists_of(source) + target}})
        elif kind == "constant":
            path = lists_of(draw(paths(records))) + draw(st.sampled_from(["new", "c.x", "a"]))
            steps.append({kind: {path: draw(plain_values)}})
        elif kind == "cast":
            errors = draw(st.sampled_from([{"on_error": "null"}] * 4 + [{}, {"on_error": "fail"}]))
            path = draw(paths(records))
            steps.append({kind: {path: draw(st.sampled_from(_TYPES))}, **errors})
        else:
            algorithm = draw(st.sampled_from(["sha256", "sha512"]))
            salt = draw(st.sampled_from([{}, {"salt": ""}, {"salt": "päpper"}]))
            steps.append({kind: {draw(paths(records)): algorithm}, **salt})
    return steps


def with_distinct_names(value: Any, naming: Any) -> bool:
    """Whether no two keys of an object have one name, of which dlt keeps the value of any."""
    if isinstance(value, dict):
        names = [naming.normalize_path(key) if key.strip() else "_empty" for key in value]
        return len(set(names)) == len(names) and all(
            with_distinct_names(item, naming) for item in value.values()
        )
    return not isinstance(value, list) or all(with_distinct_names(v, naming) for v in value)


@profile(ASKED or 500)
@given(st.data())
def test_tables_are_those_that_dlt_makes_of_changed_records(data: st.DataObject) -> None:
    options = {**data.draw(documents.options(), "options"), "row_id": "random"}
    referee = Referee(options)
    naming = referee.schema.naming
    drawn = data.draw(st.lists(documents.objects, min_size=1, max_size=4), "records")
    page = documents.write_page([distinct(record, naming) for record in drawn])
    steps = data.draw(steps_for(json.loads(page)), "steps")
    options = {**options, "transformations": steps}
    try:
        records = transformed(json.loads(page), steps)
    except DataException as theirs:
        with pytest.raises(DataException) as ours:
            native_tables(options, [page])
        assert (ours.value.row, ours.value.column) == (theirs.row, theirs.column)
        return
    assume(all(with_distinct_names(record, naming) for record in records))
    try:
        expected = referee.run_pages([records])
    except Exception:
        return
    assume(not broken(expected))
    try:
        actual = native_tables(options, [page])
    except DataException:
        assume(
            "decimal" not in str(options.get("tables")) and "wei" not in str(options.get("tables"))
        )
        raise
    try:
        assert_same_tables(actual, rounded(expected), options)
    except AssertionError:
        assume(not referee.crosses([json.dumps(record) for record in records]))
        raise


def test_steps_without_dlt(tmp_path: Path) -> None:
    file = tmp_path / "orders.jsonl"
    file.write_text("\n".join(map(json.dumps, RECORDS)))
    steps = [{"filter": {"field": "id", "at_least": 3}}, {"select": ["id", "tags"]}]

    for data in (
        str(file),
        json.dumps(RECORDS).encode(),
        [json.dumps(r).encode() for r in RECORDS],
    ):
        tables = to_arrow(data, "orders", transformations=steps)  # type: ignore[arg-type]

        assert {name: table.to_pydict() for name, table in tables.items()} == {
            "orders": {"id": [3, 4]},
            "orders__tags": {"value": ["b"]},
        }


@pytest.mark.parametrize(
    "hints",
    [
        {"write_disposition": "replace"},
        {"write_disposition": {"disposition": "merge", "strategy": "upsert"}, "primary_key": "key"},
        {"write_disposition": {"disposition": "merge", "strategy": "scd2"}},
        {"columns": {"key": {"data_type": "text"}, "paid": {"data_type": "bool"}}},
        # Contracts see what the steps have made of the records.
        {"schema_contract": {"columns": "freeze"}},
    ],
)
def test_hints_apply_to_what_the_steps_have_made(tmp_path: Path, hints: dict[str, Any]) -> None:
    steps: Steps = [
        {"rename": {"id": "key"}},
        {"select": ["key", "state", "paid", "lines"]},
        {"filter": {"field": "key", "less_than": 4}},
    ]
    runs = [RECORDS[:2], [*RECORDS[1:], {"id": 0, "unheard": 1, "state": "new"}]]

    def change(record: dict[str, Any]) -> dict[str, Any]:
        record["key"] = record.pop("id")
        return only(record, "key", "state", "paid", "lines")

    def keep(record: dict[str, Any]) -> bool:
        return bool(record["id"] < 4)

    if "schema_contract" in hints:
        # What is frozen lacks the column of a record that is left out, and those that are dropped.
        runs = [RECORDS[:2], [RECORDS[0], {"id": 4, "fresh": 1}, {"id": 3, "unheard": 1}]]
    texts = [json.dumps(run).encode() for run in runs]
    ours: list[Any] = [
        functools.partial(read_json, text, "t", transformations=steps, **hints) for text in texts
    ]
    theirs: list[Any] = [functools.partial(of_dlt, run, change, keep, **hints) for run in runs]

    actual, expected = run_all(tmp_path, "ours", ours), run_all(tmp_path, "theirs", theirs)

    validity = frozenset({"_dlt_valid_from", "_dlt_valid_to"})
    assert_equal_tables(actual, expected, validity)
    assert_equal_schemas(actual, expected)


def test_a_cursor_reads_what_the_steps_have_made(tmp_path: Path) -> None:
    steps: Steps = [{"rename": {"at.n": "n"}}, {"filter": {"field": "n", "not_equals": 3}}]
    runs = [[{"at": {"n": 1}}, {"at": {"n": 3}}], [{"at": {"n": 1}}, {"at": {"n": 2}}]]

    def change(record: dict[str, Any]) -> dict[str, Any]:
        record["n"] = record["at"].pop("n")
        return record

    def keep(record: dict[str, Any]) -> bool:
        return bool(record["at"]["n"] != 3)

    def cursor(resource: Any) -> Any:
        return resource.apply_hints(incremental=dlt.sources.incremental("n"))

    def ours(run: Any) -> Any:
        return cursor(read_json(json.dumps(run).encode(), "t", transformations=steps))

    def theirs(run: Any) -> Any:
        return cursor(of_dlt(run, change, keep))

    actual = run_all(tmp_path, "ours", [functools.partial(ours, run) for run in runs])
    expected = run_all(tmp_path, "theirs", [functools.partial(theirs, run) for run in runs])

    assert_equal_tables(actual, expected)


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([{"pick": ["a"]}], "transformations[0]': expected exactly one of select, drop, rename"),
        ([{"drop": ["a"]}, {"drop": "a"}], "transformations[1].drop': expected an array"),
        ([{"cast": {"a": "int"}}], "expected one of text, bigint, double, bool, timestamp"),
        ([{"select": ["a..b"]}], "'a..b' is no path: expected a key at character 3"),
        ([{"filter": {"field": "a", "like": "b"}}], "is not known; expected one of equals"),
    ],
)
def test_wrong_steps_are_refused_when_the_resource_is_made(steps: Steps, message: str) -> None:
    with pytest.raises(OptionsException) as raised:
        read_json(b"[]", "orders", transformations=steps)
    assert str(raised.value).startswith("Resource `orders`: option 'transformations")
    assert message in str(raised.value)


def test_a_failing_cast_names_record_step_and_field_but_no_value() -> None:
    steps: Steps = [{"drop": ["a"]}, {"cast": {"user.age": "bigint"}}]
    text = b'{"user": {"age": "1"}}\n{"user": {"age": "forty-two"}}'

    with pytest.raises(DataException) as raised:
        to_arrow(text, "people", transformations=steps)

    assert (raised.value.code, raised.value.row, raised.value.column) == (205, 1, "user.age")
    assert str(raised.value).startswith(
        "transformations[1]: cast: a string at 'user.age' cannot be converted to bigint"
    )
    assert "forty" not in str(raised.value)


def test_records_that_are_no_objects_are_refused() -> None:
    with pytest.raises(DataException, match="expected a record that is an object") as raised:
        to_arrow(b'[{"a": 1}, 2]', "t", transformations=[{"drop": ["a"]}])
    assert raised.value.row == 1


def test_rows_made_of_parts_of_records_take_what_the_steps_have_made() -> None:
    options = {
        "table": "t",
        "record": [{"name": "n", "field": "b"}],
        "transformations": [{"rename": {"a.x": "b"}}],
    }

    tables = native_tables(options, [b'{"a": {"x": 1}, "c": 2}'])

    assert tables["t"]["columns"] == {"n": "bigint"}
    assert tables["t"]["rows"] == [[1]]


def test_a_salt_is_not_shown(
    make_pipeline: MakePipeline,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level("DEBUG")
    steps: Steps = [
        {"hash": {"email": "sha256"}, "salt": "pepper-secret"},
        {"cast": {"age": "bigint"}},
    ]
    shown = [repr(SourceOptions((), "t", transformations=steps))]
    for wrong in (
        [*steps, {"x": 1}],
        [{**steps[0], "paper": 1}],
        [{**steps[0], "salt": ["pepper-secret"]}],
    ):
        with pytest.raises(OptionsException) as refused:
            read_json(b"[]", "t", transformations=wrong)
        shown += [str(refused.value), repr(refused.value)]
    resource = read_json(b'{"email": "a@b.c", "age": "x"}', "t", transformations=steps)
    pipeline = make_pipeline("salted")
    with pytest.raises(PipelineStepFailed) as failed:
        pipeline.run(resource)

    shown += [repr(resource), str(resource), str(failed.value), repr(failed.value)]
    pipeline.run(read_json(b'{"email": "a@b.c"}', "t", transformations=steps))
    trace: Any = pipeline.last_trace
    for told in (trace.asdict(), pipeline.state, pipeline.default_schema.to_dict()):
        shown.append(json.dumps(told, default=str))
    shown += [caplog.text, *capfd.readouterr()]
    assert "cast" in str(failed.value)
    assert not [text for text in shown if "pepper-secret" in text]
