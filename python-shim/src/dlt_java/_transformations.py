# SPDX-License-Identifier: Apache-2.0
"""Steps of the configuration that records go through: checked, and done without the library.

The library takes records through steps itself. Where dlt's own client reads a REST API, the same
steps are done here, to records as dictionaries; docs/how-to/transformations.md says what each does.
"""

from __future__ import annotations

import datetime
import hashlib
import math
import operator
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Callable, Union

from dlt.common.data_types import coerce_value, py_type_to_sc_type
from dlt.common.json import json

from dlt_java.exceptions import DataException, OptionsException
from dlt_java.options import SourceOptions
from dlt_java.stream import Source

Transformations = Sequence[Mapping[str, Any]]
"""Steps, in the order in which they are done."""

Parts = Sequence[Union[str, None]]
"""A path: keys, and `None` for all elements of a list."""

_Step = Callable[[dict[str, Any]], bool]
"""Changes a record; false if it is left out."""


def check(transformations: Transformations | None, resource: str) -> None:
    """Has the library read steps, so that what is wrong is known before anything runs.

    Args:
        transformations: The steps, `None` for none.
        resource: Name of the resource that has them.

    Raises:
        OptionsException: They are not valid.
    """
    if transformations is not None:
        try:
            Source(SourceOptions((), "t", pushed=True, transformations=transformations)).close()
        except OptionsException as wrong:
            raise OptionsException(f"Resource `{resource}`: {wrong}", code=wrong.code) from None


def transformed(records: Sequence[Any], transformations: Transformations) -> list[Any]:
    """The records that are left after the steps, which change them in place.

    Args:
        records: Objects.
        transformations: Valid steps.

    Raises:
        DataException: A record is no object, or a value is not as a step needs it.
    """
    steps = [_step(step, index) for index, step in enumerate(transformations)]
    left = []
    for row, record in enumerate(records):
        if not isinstance(record, dict):
            raise DataException(
                "Expected a record that is an object, which transformations need.", row=row
            )
        try:
            if all(step(record) for step in steps):
                left.append(record)
        except DataException as wrong:
            wrong.row = row
            raise
    return left


def _step(step: Mapping[str, Any], index: int) -> _Step:
    for name, make in _STEPS.items():
        if name in step:
            return make(step, f"transformations[{index}]")
    raise OptionsException(f"transformations[{index}]: no step is known.")


def _select(step: Mapping[str, Any], place: str) -> _Step:
    paths = [_parts(path) for path in step["select"]]

    def apply(record: dict[str, Any]) -> bool:
        kept = _kept(record, paths)
        record.clear()
        record.update(kept)
        return True

    return apply


def _kept(value: Any, paths: Sequence[Parts]) -> Any:
    """What some paths lead to, `_NOTHING` if the value has no place for them."""
    if not all(paths):
        return value
    if isinstance(value, dict):
        members = {
            key: _kept(item, [path[1:] for path in paths if path[0] == key])
            for key, item in value.items()
            if any(path[0] == key for path in paths)
        }
        some = any(path[0] is not None for path in paths)
        return {k: v for k, v in members.items() if v is not _NOTHING} if some else _NOTHING
    below = [path[1:] for path in paths if path[0] is None]
    if isinstance(value, list) and below:
        return [v for v in (_kept(item, below) for item in value) if v is not _NOTHING]
    return _NOTHING


_NOTHING = object()


def _drop(step: Mapping[str, Any], place: str) -> _Step:
    paths = [_parts(path) for path in step["drop"]]

    def apply(record: dict[str, Any]) -> bool:
        for path in paths:
            # From behind, so that positions in lists stay.
            for container, key in reversed(list(_places(record, path))):
                del container[key]
        return True

    return apply


def _rename(step: Mapping[str, Any], place: str) -> _Step:
    moves = [(_split(path), target, _split(target)) for path, target in step["rename"].items()]

    def apply(record: dict[str, Any]) -> bool:
        for (elements, source), path, (_, target) in moves:
            for holder, at in _places({"": record}, ["", *elements]):
                for container, key in _places(holder[at], source):
                    value = container.pop(key)
                    found = _object(holder, at, target[:-1], path, place)
                    found[target[-1]] = value
        return True

    return apply


def _constant(step: Mapping[str, Any], place: str) -> _Step:
    constants = [(_split(path), path, value) for path, value in step["constant"].items()]

    def apply(record: dict[str, Any]) -> bool:
        for (elements, keys), path, value in constants:
            for holder, at in _places({"": record}, ["", *elements]):
                _object(holder, at, keys[:-1], path, place)[keys[-1]] = value
        return True

    return apply


def _cast(step: Mapping[str, Any], place: str) -> _Step:
    casts = [(_parts(path), path, data_type) for path, data_type in step["cast"].items()]
    fails = step.get("on_error") != "null"

    def apply(record: dict[str, Any]) -> bool:
        for parts, path, data_type in casts:
            for container, key in _places(record, parts):
                value = container[key]
                if value is None:
                    continue
                try:
                    container[key] = _converted(value, data_type)
                except (ValueError, ArithmeticError, OSError):
                    if fails:
                        raise DataException(
                            f"{place}: cast: a value at '{path}' cannot be converted to"
                            f' {data_type}; "on_error": "null" beside the cast makes such values'
                            " null",
                            column=path,
                        ) from None
                    container[key] = None
        return True

    return apply


def _converted(value: Any, data_type: str) -> Any:
    converted: Any = coerce_value(data_type, py_type_to_sc_type(type(value)), value)  # type: ignore[arg-type]
    if data_type == "timestamp":
        zone = converted.tzinfo or datetime.timezone.utc
        at = converted.replace(tzinfo=zone).astimezone(datetime.timezone.utc)
        return datetime.datetime.isoformat(at)
    if data_type == "bigint" and not -(2**63) <= converted < 2**63:
        raise ValueError
    if data_type == "double" and isinstance(value, str) and not math.isfinite(converted):
        return None
    return converted


def _hash(step: Mapping[str, Any], place: str) -> _Step:
    hashes = [(_parts(path), algorithm) for path, algorithm in step["hash"].items()]
    salt = (step.get("salt") or "").encode()

    def apply(record: dict[str, Any]) -> bool:
        for parts, algorithm in hashes:
            for container, key in _places(record, parts):
                value = container[key]
                if value is not None:
                    text = value if isinstance(value, str) else json.dumps(value)
                    container[key] = hashlib.new(algorithm, salt + text.encode()).hexdigest()
        return True

    return apply


def _filter(step: Mapping[str, Any], place: str) -> _Step:
    return _condition(step["filter"])


def _condition(condition: Mapping[str, Any]) -> _Step:
    if "and" in condition:
        conditions = [_condition(inner) for inner in condition["and"]]
        return lambda record: all(holds(record) for holds in conditions)
    if "or" in condition:
        conditions = [_condition(inner) for inner in condition["or"]]
        return lambda record: any(holds(record) for holds in conditions)
    if "not" in condition:
        inner = _condition(condition["not"])
        return lambda record: not inner(record)
    keys = _parts(condition["field"])
    comparisons = [
        (_COMPARISONS[name], value) for name, value in condition.items() if name != "field"
    ]

    def apply(record: dict[str, Any]) -> bool:
        found: Any = record
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        return all(holds(found, value) for holds, value in comparisons)

    return apply


def _kind(value: Any) -> str | None:
    if value is None or isinstance(value, (bool, str)):
        return type(value).__name__
    return "number" if isinstance(value, (int, float)) else None


def _equals(found: Any, value: Any) -> bool:
    return _kind(found) == _kind(value) and _kind(found) is not None and bool(found == value)


def _in_order(holds: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compare(found: Any, value: Any) -> bool:
        return _kind(found) == _kind(value) and holds(found, value)

    return compare


def _both_texts(holds: Callable[[str, str], bool]) -> Callable[[Any, Any], bool]:
    def compare(found: Any, value: Any) -> bool:
        return isinstance(found, str) and isinstance(value, str) and holds(found, value)

    return compare


def _contains(found: Any, value: Any) -> bool:
    if isinstance(found, list):
        return any(_equals(element, value) for element in found)
    return isinstance(found, str) and isinstance(value, str) and value in found


def _in(found: Any, values: Sequence[Any]) -> bool:
    return any(_equals(found, value) for value in values)


_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "equals": _equals,
    "not_equals": lambda found, value: not _equals(found, value),
    "less_than": _in_order(operator.lt),
    "at_most": _in_order(operator.le),
    "greater_than": _in_order(operator.gt),
    "at_least": _in_order(operator.ge),
    "in": _in,
    "not_in": lambda found, values: not _in(found, values),
    "is_null": lambda found, value: (found is None) == value,
    "starts_with": _both_texts(str.startswith),
    "ends_with": _both_texts(str.endswith),
    "contains": _contains,
}

_STEPS: Mapping[str, Callable[[Mapping[str, Any], str], _Step]] = {
    "select": _select,
    "drop": _drop,
    "rename": _rename,
    "cast": _cast,
    "filter": _filter,
    "constant": _constant,
    "hash": _hash,
}

_PART = re.compile(
    r"""(?:'(?P<single>(?:[^'\\]|\\.)*)'|"(?P<double>(?:[^"\\]|\\.)*)"|(?P<plain>[^.\[]+))"""
    r"""(?P<elements>(?:\[\*\])*)(?:\.|\Z)""",
    re.DOTALL,
)
"""One key of a valid path, and the lists in which it goes on."""


def _parts(path: str) -> list[str | None]:
    parts: list[str | None] = []
    for part in _PART.finditer(path):
        quoted = part["single"] if part["single"] is not None else part["double"]
        parts.append(
            part["plain"] if quoted is None else re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL)
        )
        parts.extend([None] * (len(part["elements"]) // len("[*]")))
    return parts


def _split(path: str) -> tuple[list[str | None], list[Any]]:
    """The way to the innermost list elements, and the keys from there on."""
    parts = _parts(path)
    keys = len(parts) - (parts[::-1].index(None) if None in parts else len(parts))
    return parts[:keys], parts[keys:]


def _places(value: Any, parts: Parts) -> Iterator[tuple[Any, Any]]:
    """Where the values of a path are: containers and keys or positions."""
    first, *rest = parts
    keys: Sequence[Any] = ()
    if first is None:
        keys = range(len(value)) if isinstance(value, list) else ()
    elif isinstance(value, dict) and first in value:
        keys = (first,)
    for key in keys:
        if rest:
            yield from _places(value[key], rest)
        else:
            yield value, key


def _object(container: Any, key: Any, keys: Sequence[str], path: str, place: str) -> Any:
    """The object below some keys of a value, made if there is none."""
    for below in (*keys, None):
        if container[key] is None:
            container[key] = {}
        elif not isinstance(container[key], dict):
            raise DataException(
                f"{place}: expected an object on the way to '{path}'; drop what is there in a step"
                " before, or choose another path",
                column=path,
            )
        if below is not None:
            container, key = container[key], below
            container.setdefault(key, None)
    return container[key]
