# SPDX-License-Identifier: Apache-2.0
"""`python -m dlt_java` tells which versions are at work here, and checks that the library runs.

Exits with 0 if it does, else with 1; `--json` prints one JSON object for programs.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from pathlib import Path
from typing import Any

import dlt
import pyarrow

import dlt_java
from dlt_java import _library, to_arrow

DEFAULT_LIMITS = {
    "max_nesting_depth": 500,
    "max_string_bytes": 268_435_456,
    "max_body_bytes": 1_073_741_824,
    "max_columns": 10_000,
    "max_tables": 1_000,
    "memory_limit_bytes": 4_294_967_296,
}
"""Bounds on outside input that hold unless options of a source say otherwise."""

_DOCUMENT = b"""[
  {"id": 1, "name": "\\u00e9", "price": 1.5, "at": "2026-01-02T03:04:05Z", "lines": [{"sku": "x"}]},
  {"id": 2, "name": null, "open": true, "nested": {"a b": [1, 2]}}
]"""
_SCHEMAS = {
    "orders": {
        "id": "int64",
        "name": "string",
        "price": "double",
        "at": "timestamp[us, tz=UTC]",
        "open": "bool",
    },
    "orders__lines": {"sku": "string"},
    "orders__nested__a_b": {"value": "int64"},
}
_ROWS = {
    "orders": [
        (1, "é", 1.5, "2026-01-02T03:04:05+00:00", None),
        (2, None, None, None, True),
    ],
    "orders__lines": [("x",)],
    "orders__nested__a_b": [(1,), (2,)],
}


def main(arguments: list[str] | None = None) -> int:
    """Prints the report; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m dlt_java",
        description="Tells which versions of dlt-java are at work, and checks that they are.",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    as_json = parser.parse_args(arguments).json
    facts = report()
    error = facts["error"]
    print(json.dumps(facts, indent=2) if as_json else _as_text(facts))
    if error is not None and not as_json:
        print(f"error: {error}", file=sys.stderr)
    return 0 if error is None else 1


def report() -> dict[str, Any]:
    """What is installed here and whether it works, as JSON values.

    `error` is `None`, or a sentence that says what is wrong and what helps. `library` is `None` if
    it could not be loaded, `build` empty if it does not say how it was built.
    """
    path = next((path for path in _library.candidates() if path.is_file()), None)
    facts: dict[str, Any] = {
        "versions": {
            "dlt-java": dlt_java.__version__,
            "dlt": dlt.__version__,
            "pyarrow": pyarrow.__version__,
            "python": platform.python_version(),
        },
        "platform": platform.platform(),
        "library": None,
        "build": {} if path is None else _library.build_facts(path),
        "limits": DEFAULT_LIMITS,
        "error": None,
    }
    try:
        library = _library.load()
        assert path is not None
        facts["library"] = {
            "path": str(path),
            "version": library.version(),
            "bytes": path.stat().st_size,
            "bytes_with_private_libraries": _bytes_beside(path),
        }
        facts["error"] = _difference()
    except Exception as error:
        facts["error"] = str(error)
    return facts


def _bytes_beside(path: Path) -> int:
    return sum(file.stat().st_size for file in path.parent.glob("*.so"))


def _difference() -> str | None:
    """Reads a small document; how the tables differ from those that dlt makes of it, if they do."""
    tables = to_arrow(_DOCUMENT, "orders")
    schemas = {
        name: {field.name: str(field.type) for field in table.schema}
        for name, table in tables.items()
    }
    rows = {
        name: [
            tuple(
                value.isoformat() if hasattr(value, "isoformat") else value
                for value in row.values()
            )
            for row in table.to_pylist()
        ]
        for name, table in tables.items()
    }
    if (schemas, rows) == (_SCHEMAS, _ROWS):
        return None
    return (
        f"The library read a test document wrongly: {schemas} {rows} instead of {_SCHEMAS} {_ROWS}."
        " Reinstall the wheel, and report this output if that does not help."
    )


def _as_text(facts: dict[str, Any]) -> str:
    lines = [*facts["versions"].items(), ("platform", facts["platform"])]
    library = facts["library"]
    if library is not None:
        lines += [
            ("library", f"{library['version']}, {library['path']}"),
            (
                "size",
                f"{library['bytes'] / 1e6:.1f} MB,"
                f" {library['bytes_with_private_libraries'] / 1e6:.1f} MB with the JDK's libraries",
            ),
        ]
    lines += facts["build"].items()
    lines += [(f"limit {key}", f"{value:,}") for key, value in facts["limits"].items()]
    lines.append(("check", "ok" if facts["error"] is None else "failed"))
    width = max(len(key) for key, _ in lines)
    return "\n".join(f"{key:{width}}  {value}" for key, value in lines)


if __name__ == "__main__":
    sys.exit(main())
