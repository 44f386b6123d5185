"""Keys that look like paths, SQL or templates end up as names, and as nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import dlt
import pytest
from comparison import assert_equal_schemas, assert_equal_tables

from dlt_java import read_json

HOSTILE = [
    "../../../../../../escaped",
    "/etc/escaped",
    "..",
    "a/../../b",
    "a\\..\\..\\b",
    "C:\\escaped",
    "file:///escaped",
    "~root",
    "%2e%2e%2fescaped",
    "x; DROP TABLE canary; --",
    "'; DROP TABLE canary; --",
    '"; DROP TABLE canary; --',
    'x" (id BIGINT); DROP TABLE canary; --',
    "x') ON CONFLICT DO NOTHING; --",
    "canary",
    "SELECT",
    "*",
    ":name",
    "{table_name}",
    "{0.__class__}",
    "%s%n%(x)s",
    "$(touch escaped)",
    "`touch escaped`",
    "a\nb\r\nc",
    "\x1b[31mred",
    "\u202egnp.exe",
    "nul.txt",
    "<script>",
    "_dlt_loads",
    "_dlt_version",
    "__proto__",
    "constructor",
]

# What file names may have, of which dlt makes one for each table.
FILE_NAMES = [
    "x; DROP TABLE canary; --",
    '"; DROP TABLE canary; --',
    "$(touch escaped)",
    "~root",
]

NO_FILE_NAMES = ["../../../../../../escaped", "{table_name}"]

# Naming conventions that keep what snake case takes out.
CONVENTIONS = ["direct", "duck_case"]


class Loader:
    """Loads into a folder within folders, and sees whether something is written beside it."""

    def __init__(self, folder: Path, destination: str) -> None:
        self._folder = folder
        self._home = folder / "a" / "b" / "c" / "home"
        self._home.mkdir(parents=True)
        self._destination = destination

    def load(self, name: str, resource: Any) -> dlt.Pipeline:
        """Loads one resource, and a table that is there before.

        Args:
            name: Of the pipeline.
            resource: What to load.
        """
        own = self._home / name
        own.mkdir()
        destination: Any = (
            dlt.destinations.duckdb(str(own / "rows.duckdb"))
            if self._destination == "duckdb"
            else dlt.destinations.filesystem(own.as_uri())
        )
        pipeline = dlt.pipeline(
            name, destination=destination, dataset_name="data", pipelines_dir=str(self._home)
        )
        pipeline.run(dlt.resource([{"id": 7}], name="canary"))
        try:
            pipeline.run(resource)
        finally:
            outside = [
                path
                for path in self._folder.rglob("*")
                if path.is_file() and self._home not in path.parents
            ]
            assert outside == []
        return pipeline


@pytest.fixture(params=["duckdb", "filesystem"])
def loader(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: Any) -> Loader:
    monkeypatch.chdir(tmp_path)
    return Loader(tmp_path, request.param)


KINDS: dict[str, Any] = {"": 1, "1": {"inner": 2}, "2": [{"element": 3}, {"element": 4}]}


def document(keys: list[str], kinds: dict[str, Any] = KINDS) -> list[dict[str, Any]]:
    """Each key as that of a column, an object and a list."""
    values = {f"{key}{end}": value for key in keys for end, value in kinds.items()}
    return [{"id": 1, **values}]


def canaries(pipeline: dlt.Pipeline) -> list[Any]:
    with pipeline.sql_client() as client:
        found: Any = client.execute_sql("SELECT id FROM canary")
    return [row[0] for row in found]


def assert_loads_as_dlt_does(loader: Loader, records: list[dict[str, Any]]) -> dlt.Pipeline:
    theirs = loader.load("theirs", dlt.resource(records, name="items"))
    ours = loader.load("ours", read_json(json.dumps(records).encode(), "items"))
    assert_equal_schemas(ours, theirs)
    assert_equal_tables(ours, theirs)
    assert canaries(ours) == [7]
    return ours


def test_names_are_names(loader: Loader) -> None:
    loaded = assert_loads_as_dlt_does(loader, document(HOSTILE))

    for table in loaded.default_schema.tables:
        assert table.replace("_", "").isalnum(), table


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_columns_may_be_called_anything(
    loader: Loader, monkeypatch: pytest.MonkeyPatch, convention: str
) -> None:
    monkeypatch.setenv("SCHEMA__NAMING", convention)

    # Older versions of dlt double backslashes in names of DuckDB.
    keys = [key for key in HOSTILE if "\\" not in key]
    records = document(keys, {"": 1})

    # dlt's own way to DuckDB fails for `{table_name}`, which it takes for a place to fill in.
    loaded = loader.load("ours", read_json(json.dumps(records).encode(), "items"))

    with loaded.sql_client() as client:
        row: Any = client.execute_sql("SELECT * FROM items")
    # The naming `direct` makes one name of keys that differ in the kind of quote.
    assert len(keys) <= len(row[0]) - 2 <= 1 + len(keys)
    assert set(row[0][:-2]) == {1}
    assert canaries(loaded) == [7]


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_tables_may_be_called_anything_that_files_may_be_called(
    loader: Loader, monkeypatch: pytest.MonkeyPatch, convention: str
) -> None:
    monkeypatch.setenv("SCHEMA__NAMING", convention)

    assert_loads_as_dlt_does(loader, document(FILE_NAMES))


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("key", NO_FILE_NAMES)
def test_tables_that_no_file_may_be_called_after_are_refused(
    loader: Loader, monkeypatch: pytest.MonkeyPatch, key: str, convention: str
) -> None:
    monkeypatch.setenv("SCHEMA__NAMING", convention)
    records = document([key])

    # As by dlt itself, and before anything is written.
    with pytest.raises(Exception, match="invalid characters found"):
        loader.load("theirs", dlt.resource(records, name="items"))
    with pytest.raises(Exception, match="invalid characters found"):
        loader.load("ours", read_json(json.dumps(records).encode(), "items"))


@pytest.mark.parametrize("key", ["'; DROP TABLE canary; --", "x', union_by_name=true) ; --"])
def test_keys_of_tables_are_no_part_of_a_loaders_sql(
    loader: Loader, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("SCHEMA__NAMING", "duck_case")
    resource = read_json(json.dumps(document([key])).encode(), "items")

    with pytest.raises(Exception, match="no table may have a single quote in its name"):
        loader.load("ours", resource)
