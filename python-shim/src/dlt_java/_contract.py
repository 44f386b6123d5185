# SPDX-License-Identifier: Apache-2.0
"""Pydantic models that a resource's `columns` name, as contracts that the library checks.

A record that the library finds valid is loaded as the dump of its validated model would be; it
leaves out one that breaks a rule if the schema contract says so. All others it hands to the
resource's own validator, dlt's, record by record. So what cannot be said natively costs time, and
changes no verdict.
"""

from __future__ import annotations

import copy
import enum
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import dlt
from dlt.common import logger
from dlt.common.json import json
from dlt.common.schema.exceptions import DataValidationError
from dlt.extract import DltResource

from dlt_java._dlt_tables import is_arrow
from dlt_java.exceptions import DltJavaException

try:
    from dlt.extract.validation import PydanticValidator
except ImportError as moved:
    raise DltJavaException(
        f"dlt-java does not know dlt {dlt.__version__}: {moved}. Use dlt 1.26 to 1.31, or a newer"
        " dlt-java."
    ) from moved

_Type = dict[str, Any]

_SMALLEST, _LARGEST = -(2**63), 2**63 - 1

_SHOWN_FIELDS = 3
"""So many fields are named in the log."""

_EXTRA = {None: "ignore", "ignore": "ignore", "allow": "keep", "forbid": "forbid"}

_HARMLESS_CONFIG = {
    "title",
    "extra_fields_behavior",
    "frozen",
    "from_attributes",
    "loc_by_alias",
    "hide_input_in_errors",
    "validation_error_cause",
    "cache_strings",
    "revalidate_instances",
    "allow_inf_nan",
    "coerce_numbers_to_str",
    "serialize_by_alias",
    "ser_json_timedelta",
    "ser_json_temporal",
    "ser_json_bytes",
    "ser_json_inf_nan",
    "val_json_bytes",
    "val_temporal_unit",
    "url_preserve_empty_path",
}
"""Configuration of a model that says nothing about values of exactly the types of its fields."""

_CONSTRAINTS = {
    "any": set(),
    "bool": {"strict"},
    "int": {"strict", "ge", "gt", "le", "lt", "multiple_of"},
    "float": {"strict", "ge", "gt", "le", "lt", "allow_inf_nan"},
    "str": {
        "strict",
        "min_length",
        "max_length",
        "pattern",
        "regex_engine",
        "coerce_numbers_to_str",
    },
    "datetime": {"microseconds_precision", "val_temporal_unit"},
    "date": set(),
    "uuid": set(),
    "literal": {"expected"},
    "enum": {"cls", "members", "sub_type", "missing"},
    "nullable": {"schema"},
    "default": {"schema", "default", "default_factory", "default_factory_takes_data"},
    "list": {"items_schema", "min_length", "max_length", "strict"},
    "dict": {"keys_schema", "values_schema", "min_length", "max_length", "strict"},
    "union": {"choices", "mode"},
    "definition-ref": {"schema_ref"},
    "definitions": {"schema", "definitions"},
    "model": {
        "cls",
        "schema",
        "config",
        "custom_init",
        "root_model",
        "post_init",
        "frozen",
        "generic_origin",
    },
    "model-fields": {
        "fields",
        "model_name",
        "computed_fields",
        "extra_behavior",
        "from_attributes",
    },
    "model-field": {"schema", "validation_alias", "serialization_alias", "frozen"},
}
"""What is understood of each type of Pydantic's core schemas, besides `type`, `ref`, `metadata`."""

_SCALARS = {"str": "text", "int": "integer", "float": "number", "bool": "boolean"}


class BatchesPass(PydanticValidator[Any]):
    """dlt's validator, which looks at no batches: the library has checked their records.

    dlt's own looks at them and lets them pass if they do not fit, but models that read attributes
    fit anything.
    """

    def __call__(self, item: Any, meta: Any = None) -> Any:
        """Returns a batch as it is, and what dlt makes of other items."""
        return item if is_arrow(item) else super().__call__(item, meta)


class ModelContract:
    """The contract of one resource in one run.

    Attributes:
        option: The option `contract` of its sources.
    """

    def __init__(self, resource: DltResource, validator: PydanticValidator[Any]) -> None:
        """Translates the model.

        Args:
            resource: The resource.
            validator: Its validator.
        """
        # The resource's own is bound when its pipe runs; this one names the table in errors.
        self._validator = copy.copy(validator)
        self._validator.table_name = resource.name
        # The pipe that runs has this object, too: it is not copied for a run.
        validator.__class__ = BatchesPass
        self._discards = "discard_row" in (validator.column_mode, validator.data_mode)
        translation = _Translation(validator.model)
        self.option = {
            "invalid": "discard" if self._discards else "ask",
            "record": translation.record,
            "definitions": translation.definitions,
        }
        self._reasons = translation.reasons
        self._name = str(resource.name)

    @classmethod
    def of(cls, resource: DltResource) -> ModelContract | None:
        """The contract of a resource, `None` if its `columns` are no model.

        Args:
            resource: The resource.
        """
        validator = resource.validator
        return cls(resource, validator) if isinstance(validator, PydanticValidator) else None

    def explain(self) -> None:
        """Says once in the log which records Pydantic itself checks, if there are any."""
        reasons, self._reasons = self._reasons, {}
        if "" in reasons:
            logger.warning(
                f"Pydantic itself checks all records of `{self._name}`: its model {reasons['']}."
            )
        elif reasons:
            self._explain_fields(reasons)

    def _explain_fields(self, reasons: Mapping[str, str]) -> None:
        fields = [f"`{field}` {reason}" for field, reason in reasons.items()]
        more = len(fields) - _SHOWN_FIELDS
        named = ", ".join(fields[:_SHOWN_FIELDS]) + (f" and {more} more" if more > 0 else "")
        logger.info(
            f"Pydantic itself checks the records of `{self._name}` that have a value of such a"
            f" field: {named}."
        )

    def judge(self, records: Sequence[Mapping[str, Any]]) -> str:
        """What dlt's validator makes of records that the library leaves open.

        Args:
            records: Each with its `place` and what the library found, its `problem`.

        Returns:
            JSON text as dlt writes it: an array of arrays, empty ones for records left out.

        Raises:
            DataValidationError: The contract is violated; it says where.
        """
        validated: list[list[Any]] | None = None
        if not self._discards:
            try:
                validated = [[item] for item in self._validated([r["record"] for r in records])]
            except (ValueError, DataValidationError):
                # Pydantic's errors are `ValueError`s. Which record it is, is found below.
                validated = None
        if validated is None or len(validated) != len(records):
            validated = [self._judged(record) for record in records]
        return json.typed_dumps(validated)

    def _judged(self, record: Mapping[str, Any]) -> list[Any]:
        place = f"{record['place']}: {record['problem']}"
        try:
            return self._validated([record["record"]])
        except DataValidationError as violation:
            raise _at(violation, place) from violation
        except ValueError as error:
            logger.error(f"Pydantic refuses a record of `{self._name}`, {place}")
            raise error

    def _validated(self, items: list[Any]) -> list[Any]:
        validated: Any = self._validator(items)
        return validated or []


def _at(violation: DataValidationError, place: str) -> DataValidationError:
    located = copy.copy(violation)
    located.args = (f"{violation} ({place})", *violation.args[1:])
    return located


class _Untranslatable(Exception):
    """Completes "the field …"."""


class _Translation:
    """A model as a type of the library's contracts.

    Attributes:
        record: The type of the records.
        definitions: Types that it refers to.
        reasons: Field to the reason why Pydantic itself has to check it; an empty name stands for
            the whole record.
    """

    def __init__(self, model: Any) -> None:
        self.definitions: dict[str, _Type] = {}
        self.reasons: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._named: dict[str, Mapping[str, Any]] = {}
        self.record = self._model_type(model)

    def _model_type(self, model: Any) -> _Type:
        base = next(base for base in model.__mro__ if base.__module__.startswith("pydantic."))
        if model.model_dump is not base.model_dump:
            return self._unknown("", "has a `model_dump` of its own")
        if not isinstance(model.__pydantic_core_schema__, dict):
            # Building it may have been put off.
            model.model_rebuild(force=True)
        schema: Any = model.__pydantic_core_schema__
        if not isinstance(schema, dict):
            return self._unknown("", "is not complete")
        try:
            _check_members(schema)
            if schema["type"] == "definitions":
                self._named = {named["ref"]: named for named in schema["definitions"]}
                schema = schema["schema"]
            return self._type(schema, "")
        except _Untranslatable as reason:
            return self._unknown("", str(reason))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # Core schemas are Pydantic's own affair, and other versions may write them otherwise.
            return self._unknown("", f"is written in a way that is not known ({error!r})")

    def _unknown(self, field: str, reason: str) -> _Type:
        self.reasons.setdefault(field, reason)
        return {"type": "unknown", "reason": f"the field {reason}" if field else f"it {reason}"}

    def _type(self, schema: Mapping[str, Any], field: str) -> _Type:
        try:
            _check_members(schema)
            return self._known(schema, field)
        except _Untranslatable as reason:
            return self._unknown(field, str(reason))

    def _known(self, schema: Mapping[str, Any], field: str) -> _Type:
        kind = schema["type"]
        if kind == "nullable":
            return {**self._type(schema["schema"], field), "nullable": True}
        if kind == "definition-ref":
            return self._reference(schema["schema_ref"], field)
        if kind == "list":
            items = schema.get("items_schema", {"type": "any"})
            return {"type": "array", "items": self._type(items, f"{field}[]"), **_lengths(schema)}
        if kind == "dict":
            keys = schema.get("keys_schema", {"type": "any"})
            if keys not in ({"type": "str"}, {"type": "any"}):
                raise _Untranslatable("has keys that are not any string")
            values = self._type(schema.get("values_schema", {"type": "any"}), f"{field}{{}}")
            return {"type": "map", "values": values, **_lengths(schema)}
        if kind == "model":
            return self._model(schema, field)
        return _PLAIN[kind](schema)

    def _reference(self, name: str, field: str) -> _Type:
        if name not in self._names:
            if name not in self._named:
                raise _Untranslatable("has a type that is not defined")
            # Pydantic's names are addresses of memory.
            self._names[name] = f"{len(self._names)}"
            self.definitions[self._names[name]] = self._type(self._named[name], field)
        return {"type": "reference", "name": self._names[name]}

    def _model(self, schema: Mapping[str, Any], field: str) -> _Type:
        config = schema.get("config", {})
        told = {name for name, value in config.items() if value} - _HARMLESS_CONFIG
        fields = schema["schema"]
        if schema.get("root_model"):
            raise _Untranslatable("is a root model")
        if schema.get("custom_init") or schema.get("post_init") not in _HARMLESS_INIT:
            raise _Untranslatable("runs code of its own when it is made")
        if told:
            raise _Untranslatable(f"is configured with `{'`, `'.join(sorted(told))}`")
        _check_members(fields)
        if fields["type"] != "model-fields":
            raise _Untranslatable("has a validator of the whole model")
        if fields.get("computed_fields"):
            raise _Untranslatable("has computed fields")
        extra = fields.get("extra_behavior") or config.get("extra_fields_behavior")
        members = [
            self._field(name, member, f"{field}.{name}" if field else name)
            for name, member in fields["fields"].items()
        ]
        if extra == "allow" and any(member["key"] != member["name"] for member in members):
            raise _Untranslatable("loads extra fields beside ones that it renames")
        return {"type": "object", "fields": members, "extra": _EXTRA[extra]}

    def _field(self, name: str, member: Mapping[str, Any], field: str) -> _Type:
        _check_members(member)
        key = member.get("validation_alias", name)
        if not isinstance(key, str):
            raise _Untranslatable(f"looks for `{name}` in several places")
        written = {"key": key, "name": member.get("serialization_alias", name)}
        schema = member["schema"]
        if schema["type"] != "default":
            return {**written, "required": True, "value": self._type(schema, field)}
        try:
            _check_members(schema)
            written.update(_default(schema))
        except _Untranslatable as reason:
            return {**written, "value": self._unknown(field, str(reason))}
        return {**written, "value": self._type(schema["schema"], field)}


_HARMLESS_INIT = (None, "init_private_attributes")


def _check_members(schema: Mapping[str, Any]) -> None:
    kind = schema["type"]
    if kind.startswith("function-"):
        raise _Untranslatable("has a validator")
    if kind not in _CONSTRAINTS:
        raise _Untranslatable(f"is a `{kind}`")
    told = {name for name, value in schema.items() if value is not None and value is not False} - {
        "type",
        "ref",
        "metadata",
    }
    unknown = told - _CONSTRAINTS[kind]
    if "serialization" in unknown:
        raise _Untranslatable("has a serializer")
    if unknown:
        raise _Untranslatable(f"has `{'`, `'.join(sorted(unknown))}`")


def _default(schema: Mapping[str, Any]) -> dict[str, Any]:
    """What stands for an absent value, nothing if Pydantic has to tell."""
    if "default" in schema:
        value = schema["default"]
    elif schema.get("default_factory") in (list, dict):
        value = schema["default_factory"]()
    else:
        return {}
    plain = value is None or type(value) in (bool, int, str) or value in ([], {})
    if not plain and not (type(value) is float and math.isfinite(value)):
        return {}
    return {"default": json.dumps(value)}


def _lengths(schema: Mapping[str, Any]) -> dict[str, int]:
    return {
        name: schema[name] for name in ("min_length", "max_length") if schema.get(name) is not None
    }


def _text(schema: Mapping[str, Any]) -> _Type:
    written = {"type": "text", **_lengths(schema)}
    pattern = schema.get("pattern")
    if pattern is not None:
        if not isinstance(pattern, str) or schema.get("regex_engine") == "python-re":
            raise _Untranslatable("has a pattern of Python's `re`")
        written["pattern"] = pattern
    return written


def _whole(schema: Mapping[str, Any]) -> _Type:
    bounds = {
        name: schema[name] for name in ("ge", "gt", "le", "lt", "multiple_of") if name in schema
    }
    if any(type(bound) is not int for bound in bounds.values()):
        raise _Untranslatable("has bounds that are no integers")
    lower = [bounds["ge"]] if "ge" in bounds else []
    lower += [bounds["gt"] + 1] if "gt" in bounds else []
    upper = [bounds["le"]] if "le" in bounds else []
    upper += [bounds["lt"] - 1] if "lt" in bounds else []
    written: _Type = {"type": "integer"}
    if lower:
        written["minimum"] = max(lower)
    if upper:
        written["maximum"] = min(upper)
    if "multiple_of" in bounds:
        written["multiple_of"] = bounds["multiple_of"]
        if bounds["multiple_of"] < 1:
            raise _Untranslatable("has a multiple that is not positive")
    if any(not _SMALLEST <= written.get(name, 0) <= _LARGEST for name in ("minimum", "maximum")):
        raise _Untranslatable("has bounds of more than 64 bits")
    return written


def _real(schema: Mapping[str, Any]) -> _Type:
    if {"ge", "gt"} <= set(schema) or {"le", "lt"} <= set(schema):
        raise _Untranslatable("has more than one bound on a side")
    written: _Type = {"type": "number"}
    for name, key, exclusive in (
        ("ge", "minimum", None),
        ("gt", "minimum", "above_minimum"),
        ("le", "maximum", None),
        ("lt", "maximum", "below_maximum"),
    ):
        if schema.get(name) is not None:
            bound = float(schema[name])
            if not math.isfinite(bound) or bound != schema[name]:
                raise _Untranslatable("has bounds that are no doubles")
            written[key] = bound
            if exclusive:
                written[exclusive] = True
    return written


def _choice(values: Iterable[Any], closed: bool) -> _Type:
    values = list(values)
    if any(type(value) not in (str, int) for value in values):
        raise _Untranslatable("has choices that are neither strings nor integers")
    integers = [value for value in values if type(value) is int]
    if any(not _SMALLEST <= value <= _LARGEST for value in integers):
        raise _Untranslatable("has choices of more than 64 bits")
    texts = [value for value in values if type(value) is str]
    return {"type": "choice", "texts": texts, "integers": integers, "closed": closed}


def _enumeration(schema: Mapping[str, Any]) -> _Type:
    members: list[enum.Enum] = schema["members"]
    values = [member.value for member in members]
    texts = all(type(value) is str for value in values)
    return _choice(values, closed=texts and not schema.get("missing"))


def _union(schema: Mapping[str, Any]) -> _Type:
    choices = [choice[0] if isinstance(choice, tuple) else choice for choice in schema["choices"]]
    kinds = [_SCALARS.get(choice["type"]) for choice in choices if set(choice) == {"type"}]
    if len(kinds) < len(choices) or None in kinds or schema.get("mode", "smart") != "smart":
        raise _Untranslatable("is a union of more than plain scalars")
    return {"type": "scalar", "kinds": kinds}


_PLAIN = {
    "any": lambda schema: {"type": "any"},
    "bool": lambda schema: {"type": "boolean"},
    "int": _whole,
    "float": _real,
    "str": _text,
    "datetime": lambda schema: {"type": "timestamp"},
    "date": lambda schema: {"type": "date"},
    "uuid": lambda schema: {"type": "uuid"},
    "literal": lambda schema: _choice(schema["expected"], closed=True),
    "enum": _enumeration,
    "union": _union,
}
