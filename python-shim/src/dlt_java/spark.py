# SPDX-License-Identifier: Apache-2.0
"""A data source of Spark: the tables of REST APIs and JSON files, read by all executors at once.

Needs PySpark 4 (`pip install "dlt-java[spark]"`), and dlt-java on each machine. Spark divides the
work and puts the rows together; each partition is a load of its own that ends before the warehouse.
"""

from __future__ import annotations

import dataclasses
import glob
import json
import math
import tempfile
import uuid
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, Union

import dlt
import pyarrow as pa
import pyarrow.parquet as pq
from dlt.common.exceptions import MissingDependencyException
from dlt.extract import DltResource, DltSource

from dlt_java import chess
from dlt_java.exceptions import DataException, OptionsException
from dlt_java.json import read_json
from dlt_java.rest_api import rest_api_source

try:
    from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema
    from pyspark.sql.types import StructType
except ModuleNotFoundError as missing:
    raise MissingDependencyException("dlt_java.spark", ["dlt-java[spark]"]) from missing

Item = TypeVar("Item")
Rows = Union[DltSource, Sequence[DltResource]]

_MOST_PARTITIONS = 200
"""As many as Spark makes of its own shuffles: a task has to be worth starting."""


_SAMPLE_PARENT_ROWS = 20
"""As many as there are requests in flight by default."""


class DltJavaDataSource(DataSource):
    """The format `dlt_java` of `spark.read`; `docs/how-to/spark.md` explains its options.

    Example:
        >>> spark.dataSource.register(DltJavaDataSource)  # doctest: +SKIP
        >>> games = spark.read.format("dlt_java").options(  # doctest: +SKIP
        ...     source="chess", resource="players_games", players="magnuscarlsen,hikaru"
        ... ).load()
    """

    def __init__(self, options: MutableMapping[str, str]) -> None:
        """Spark makes one for each read.

        Raises:
            OptionsException: An option is missing, unknown, or not valid.
        """
        super().__init__(options)
        self._plan = _plan(dict(options))
        self._is_inferred = False

    @classmethod
    def name(cls) -> str:
        """What `spark.read.format` calls it."""
        return "dlt_java"

    def schema(self) -> StructType:
        """The columns of the first rows, which the driver reads if the reader names no schema."""
        self._is_inferred = True
        for share in self._plan.shares():
            for batch in _batches(share.sample(), limit=1):
                fields = [field.with_nullable(True) for field in batch.schema]
                return from_arrow_schema(pa.schema(fields))
        raise DataException(
            f"The table {self._plan.description} has no rows to take a schema from. Name its"
            " columns: spark.read.schema(…)."
        )

    def reader(self, schema: StructType) -> DataSourceReader:
        """What divides the work and does it."""
        return _Reader(self._plan, schema, self._is_inferred)


class _Reader(DataSourceReader):
    def __init__(self, plan: _Plan, schema: StructType, is_inferred: bool) -> None:
        self._plan = plan
        self._schema = schema
        self._is_inferred = is_inferred

    def partitions(self) -> Sequence[InputPartition]:
        return [InputPartition(share) for share in self._plan.shares()]

    def read(self, partition: InputPartition) -> Iterator[pa.RecordBatch]:
        schema = to_arrow_schema(self._schema, timezone="UTC")
        for batch in _batches(partition.value, _hints(schema)):
            yield _with_schema(batch, schema, self._is_inferred)


@dataclasses.dataclass(frozen=True)
class _Share:
    """What one partition reads.

    Attributes:
        resource: Name of the resource.
        table: Name of the table; the resource's own if absent.
    """

    resource: str
    table: str | None

    def rows(self) -> Rows:
        """What dlt extracts, of which `resource` is a part."""
        raise NotImplementedError

    def sample(self) -> _Share:
        """A share with its first rows, as far as they can be told before they are read."""
        return self


@dataclasses.dataclass(frozen=True)
class _Plan:
    """What a read reads.

    Attributes:
        resource: Name of the resource.
        table: Name of the table; the resource's own if absent.
        most_shares: Most partitions.
    """

    resource: str
    table: str | None
    most_shares: int

    @property
    def description(self) -> str:
        """The table in errors."""
        return f"`{self.table}`" if self.table else f"of the resource `{self.resource}`"

    def shares(self) -> Sequence[_Share]:
        """One for each partition."""
        raise NotImplementedError


@dataclasses.dataclass(frozen=True)
class _ChessShare(_Share):
    players: Sequence[str]
    start_month: str | None
    end_month: str | None
    urls: Mapping[str, str]

    def rows(self) -> Rows:
        source = chess.source(self.players, self.start_month, self.end_month, **self.urls)
        return source.with_resources(self.resource)


@dataclasses.dataclass(frozen=True)
class _ChessPlan(_Plan):
    players: Sequence[str]
    start_month: str | None
    end_month: str | None
    by_month: bool
    urls: Mapping[str, str]

    def shares(self) -> Sequence[_Share]:
        if not self.by_month:
            return [
                self._share(players, self.start_month, self.end_month)
                for players in _groups(self.players, self.most_shares)
            ]
        if self.start_month is None or self.end_month is None:
            raise OptionsException("partition_by=months needs start_month and end_month.")
        months = _groups(_months(self.start_month, self.end_month), self.most_shares)
        return [self._share(self.players, some[0], some[-1]) for some in months]

    def _share(self, players: Sequence[str], start: str | None, end: str | None) -> _Share:
        return _ChessShare(self.resource, self.table, players, start, end, self.urls)


@dataclasses.dataclass(frozen=True)
class _JsonShare(_Share):
    paths: Sequence[str]

    def rows(self) -> Rows:
        # A resource a file, so that one file after the other is read, and none as a whole.
        return [
            read_json(
                path, self.resource if number == 0 else f"{self.resource} {number}"
            ).apply_hints(table_name=self.resource)
            for number, path in enumerate(self.paths)
        ]


@dataclasses.dataclass(frozen=True)
class _JsonPlan(_Plan):
    path: str

    def shares(self) -> Sequence[_Share]:
        # Absolute patterns are not for `Path.glob`.
        paths = sorted(glob.glob(self.path, recursive=True))  # noqa: PTH207
        if not paths:
            raise OptionsException(f"No file matches the path {self.path}.")
        groups = _groups(paths, self.most_shares)
        return [_JsonShare(self.resource, self.table, some) for some in groups]


@dataclasses.dataclass(frozen=True)
class _RestApiShare(_Share):
    config: Mapping[str, Any]
    parent: str | None
    parent_rows: Sequence[Any]
    limits: Mapping[str, Any]

    def rows(self) -> Rows:
        resources = list(self.config["resources"])
        if self.parent is not None:
            # One page of rows, as they were in the JSON.
            page = [list(self.parent_rows)]
            resources.append(dlt.resource(page, name=self.parent, selected=False))
        config: Any = {**self.config, "resources": resources}
        return rest_api_source(config, **self.limits)

    def sample(self) -> _Share:
        return dataclasses.replace(self, parent_rows=self.parent_rows[:_SAMPLE_PARENT_ROWS])


@dataclasses.dataclass(frozen=True)
class _RestApiPlan(_Plan):
    config: Mapping[str, Any]
    pages: int | None
    at_once: int | None
    requests_per_second: float | None
    max_concurrency: int | None

    def shares(self) -> Sequence[_Share]:
        own = next((r for r in self.config["resources"] if _name(r) == self.resource), None)
        if own is None:
            names = sorted(map(_name, self.config["resources"]))
            raise OptionsException(f"There is no resource `{self.resource}`, but {names}.")
        most = self.most_shares
        if self.max_concurrency is not None and self.at_once is None:
            # Each partition that runs has a request in flight.
            most = min(most, self.max_concurrency)
        source: Any = rest_api_source(dict(self.config))  # type: ignore[arg-type]
        parent = source.resources[self.resource]._pipe.parent
        if parent is not None:
            if self.pages is not None:
                raise OptionsException(
                    f"`{self.resource}` is divided by the rows of `{parent.name}`, not by pages."
                )
            rows = _groups(list(source.resources[parent.name]), most)
            return self._of([(own, parent.name, some) for some in rows])
        if self.pages is None:
            return self._of([(own, None, [])])
        return self._of([(part, None, []) for part in self._page_ranges(own, self.pages, most)])

    def _of(self, parts: Sequence[tuple[Any, str | None, Sequence[Any]]]) -> Sequence[_Share]:
        at_once = min(len(parts), self.at_once or len(parts))
        limits: dict[str, Any] = {}
        if self.requests_per_second is not None:
            limits["requests_per_second"] = self.requests_per_second / max(1, at_once)
        if self.max_concurrency is not None:
            limits["max_concurrency"] = max(1, self.max_concurrency // max(1, at_once))
        return [
            _RestApiShare(
                self.resource,
                self.table,
                {**self.config, "resources": [resource]},
                parent,
                rows,
                limits,
            )
            for resource, parent, rows in parts
        ]

    def _page_ranges(self, own: Any, pages: int, most: int) -> Iterator[Any]:
        resource = {"name": own} if isinstance(own, str) else dict(own)
        endpoint = resource.get("endpoint", {})
        endpoint = {"path": endpoint} if isinstance(endpoint, str) else dict(endpoint)
        paginator = self._paginator(endpoint)
        first, step, maximum = _page_numbers(paginator)
        for some in _groups(range(pages), most):
            begin, end = first + step * some[0], first + step * (some[-1] + 1)
            part = {**paginator, "page" if maximum == "maximum_page" else "offset": begin}
            # The last part is open, for pages that have come since they were counted.
            if some[-1] < pages - 1:
                part[maximum] = min(end, paginator.get(maximum) or end)
            yield {**resource, "endpoint": {**endpoint, "paginator": part}}

    def _paginator(self, endpoint: Mapping[str, Any]) -> Mapping[str, Any]:
        defaults = (self.config.get("resource_defaults") or {}).get("endpoint") or {}
        for place in (endpoint, defaults, self.config["client"]):
            found = place.get("paginator")
            if found is not None:
                return {"type": found} if isinstance(found, str) else dict(found)
        return {"type": "auto"}


def _page_numbers(paginator: Mapping[str, Any]) -> tuple[int, int, str]:
    """The first number, the step to that of the next page, and the name of the last one."""
    if paginator.get("type") == "page_number":
        base = paginator.get("base_page", 0)
        return paginator.get("page", base), 1, "maximum_page"
    if paginator.get("type") == "offset" and "limit" in paginator:
        return paginator.get("offset", 0), paginator["limit"], "maximum_offset"
    raise OptionsException(
        "The option `pages` needs a paginator in `config` of the type `page_number`, or `offset`"
        f" with a `limit`, not {dict(paginator)}."
    )


def _name(resource: Any) -> str:
    return str(resource if isinstance(resource, str) else resource.get("name"))


def _groups(items: Sequence[Item], most: int) -> list[Sequence[Item]]:
    """The items in groups of about equal size, neighbours together."""
    count = min(most, len(items))
    bounds = [number * len(items) // count for number in range(count + 1)] if count else []
    return [items[begin:end] for begin, end in zip(bounds, bounds[1:])]


def _months(start: str, end: str) -> list[str]:
    first, last = (12 * int(month[:4]) + int(month[5:]) - 1 for month in (start, end))
    return [f"{number // 12:04}/{number % 12 + 1:02}" for number in range(first, last + 1)]


def _batches(
    share: _Share, hints: Mapping[str, Any] | None = None, limit: int | None = None
) -> Iterator[pa.RecordBatch]:
    """The rows of a share's table, by a load that ends before its destination.

    Args:
        share: What to read.
        hints: Columns of the resource's own table, so that all partitions take them alike.
        limit: Most batches, or pages, of each resource without a parent; all if absent.
    """
    rows = share.rows()
    resources = list(rows.resources.values()) if isinstance(rows, DltSource) else list(rows)
    root = next(
        str(resource.table_name) for resource in resources if resource.name == share.resource
    )
    table = share.table or root
    for resource in resources:
        if limit is not None and not resource.is_transformer:
            resource.add_limit(limit)
        if hints and table == resource.table_name:
            resource.apply_hints(columns=dict(hints))
    with tempfile.TemporaryDirectory(prefix="dlt-java-") as folder:
        pipeline = dlt.pipeline(
            f"spark_{uuid.uuid4().hex}",
            # Nothing is loaded there: it says which types and files are wanted.
            destination=dlt.destinations.filesystem(folder),
            dataset_name="spark",
            pipelines_dir=folder,
        )
        pipeline.extract(rows, loader_file_format="parquet")
        pipeline.normalize()
        for package in pipeline.list_normalized_load_packages():
            jobs = pipeline.get_load_package_info(package).jobs["new_jobs"]
            for job in jobs:
                if job.job_file_info.table_name == table:
                    with pq.ParquetFile(Path(job.file_path)) as file:
                        yield from file.iter_batches()


def _hints(schema: pa.Schema) -> dict[str, Any]:
    """Column hints for a schema: without one, each partition would go by its own first values."""
    hints: dict[str, Any] = {}
    for field in schema:
        kind = field.type
        if field.name.startswith("_dlt_"):
            continue
        if pa.types.is_integer(kind):
            hints[field.name] = {"data_type": "bigint"}
        elif pa.types.is_floating(kind):
            hints[field.name] = {"data_type": "double"}
        elif pa.types.is_boolean(kind):
            hints[field.name] = {"data_type": "bool"}
        elif pa.types.is_timestamp(kind):
            hints[field.name] = {"data_type": "timestamp"}
        elif pa.types.is_date(kind):
            hints[field.name] = {"data_type": "date"}
        elif pa.types.is_decimal(kind):
            hints[field.name] = {
                "data_type": "decimal",
                "precision": kind.precision,
                "scale": kind.scale,
            }
        # Text says nothing of its origin: it is the type of JSON columns, too.
    return hints


def _with_schema(batch: pa.RecordBatch, schema: pa.Schema, is_inferred: bool) -> pa.RecordBatch:
    new = [name for name in batch.schema.names if name not in schema.names]
    if is_inferred and new:
        raise DataException(
            f"The columns {new} are not in the schema, which was taken from the first rows. Name"
            " all columns that are wanted: spark.read.schema(…)."
        )
    for field in schema:
        variants = [name for name in new if name.startswith(f"{field.name}__v_")]
        if variants:
            raise DataException(
                f"The column `{field.name}` has values that are not {field.type}. Name another type"
                f" for it, or the columns that hold these values, too: {variants}.",
                column=field.name,
            )
    return pa.RecordBatch.from_arrays([_column(batch, field) for field in schema], schema=schema)


def _column(batch: pa.RecordBatch, field: Any) -> Any:
    if field.name not in batch.schema.names:
        return pa.nulls(batch.num_rows, field.type)
    column = batch.column(field.name)
    try:
        return column.cast(field.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise DataException(
            f"The column `{field.name}` has values of the type {column.type}, which do not fit the"
            f" schema's {field.type}: {error}. Name the types that are wanted:"
            " spark.read.schema(…).",
            column=field.name,
        ) from error


class _Options:
    """Options of a read, taken one by one."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = {name.lower(): value for name, value in given.items()}
        self._taken: set[str] = set()

    def text(self, name: str, default: str | None = None) -> str | None:
        self._taken.add(name)
        return self._given.get(name, default)

    def required(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise OptionsException(f"The option `{name}` is missing.")
        return value

    def number(self, name: str, kind: type[int] | type[float] = int) -> Any:
        value = self.text(name)
        if value is None:
            return None
        try:
            number = kind(value)
        except ValueError:
            number = 0
        if not 0 < number < math.inf:
            raise OptionsException(f"The option `{name}` must be a positive number, not {value}.")
        return number

    def check_all_known(self) -> None:
        unknown = sorted(set(self._given) - self._taken)
        if unknown:
            raise OptionsException(
                f"There are no options {unknown} here; there are {sorted(self._taken)}."
            )


def _plan(given: Mapping[str, str]) -> _Plan:
    options = _Options(given)
    kind = options.required("source")
    readers = {"chess": _chess_plan, "rest_api": _rest_api_plan, "json": _json_plan}
    if kind not in readers:
        raise OptionsException(f"The option `source` must be one of {list(readers)}, not {kind}.")
    most = options.number("partitions") or _MOST_PARTITIONS
    plan = readers[kind](options, options.text("table"), most)
    options.check_all_known()
    return plan


def _chess_plan(options: _Options, table: str | None, most: int) -> _Plan:
    by = options.text("partition_by", "players")
    if by not in ("players", "months"):
        raise OptionsException(f"The option `partition_by` must be players or months, not {by}.")
    urls = {name: options.text(name) for name in ("base_url", "callback_url")}
    players = [player.strip() for player in options.required("players").split(",")]
    return _ChessPlan(
        options.required("resource"),
        table,
        most,
        [player for player in players if player],
        options.text("start_month"),
        options.text("end_month"),
        by == "months",
        {name: url for name, url in urls.items() if url},
    )


def _json_plan(options: _Options, table: str | None, most: int) -> _Plan:
    return _JsonPlan(options.text("resource") or "items", table, most, options.required("path"))


def _rest_api_plan(options: _Options, table: str | None, most: int) -> _Plan:
    try:
        config = json.loads(options.required("config"))
    except ValueError as error:
        if isinstance(error, OptionsException):
            raise
        raise OptionsException(f"The option `config` is not JSON: {error}.") from error
    if not isinstance(config, dict) or not isinstance(config.get("resources"), list):
        raise OptionsException("The option `config` must be an object with `client`, `resources`.")
    plan = _RestApiPlan(
        options.required("resource"),
        table,
        most,
        config,
        options.number("pages"),
        options.number("at_once"),
        options.number("requests_per_second", float),
        options.number("max_concurrency"),
    )
    if (plan.max_concurrency or math.inf) < (plan.at_once or 0):
        raise OptionsException("The option `at_once` must not be more than `max_concurrency`.")
    return plan
