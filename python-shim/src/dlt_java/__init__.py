# SPDX-License-Identifier: Apache-2.0
"""REST APIs and JSON, fetched and decoded natively, handed to dlt as Arrow batches.

Start with `dlt_java.rest_api.rest_api_source`, which takes the dictionary of dlt's own REST API
source, or with `read_json` for JSON of any origin. `Source` reads any JSON API into batches that
every Arrow library takes; `dlt_java.resource.rows` turns them into the rows of a dlt resource.
`python -m dlt_java` tells what is installed and whether it works.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from dlt_java import _requirements

_requirements.check()

if TYPE_CHECKING:
    from dlt_java.exceptions import (
        ConnectionFailedException,
        DataException,
        DltJavaException,
        LibraryException,
        NetworkException,
        OptionsException,
        TimedOutException,
    )
    from dlt_java.json import read_json, scan_json, to_arrow
    from dlt_java.options import Request, SourceOptions
    from dlt_java.scan import Scan, TableStream
    from dlt_java.stream import Source

__version__ = "0.1.0"

__all__ = [
    "ConnectionFailedException",
    "DataException",
    "DltJavaException",
    "LibraryException",
    "NetworkException",
    "OptionsException",
    "Request",
    "Scan",
    "Source",
    "SourceOptions",
    "TableStream",
    "TimedOutException",
    "read_json",
    "scan_json",
    "to_arrow",
]

# dlt imports this package as a plugin in every program: pyarrow and the rest come with their use.
_MODULES = {
    "ConnectionFailedException": "exceptions",
    "DataException": "exceptions",
    "DltJavaException": "exceptions",
    "LibraryException": "exceptions",
    "NetworkException": "exceptions",
    "OptionsException": "exceptions",
    "Request": "options",
    "Scan": "scan",
    "Source": "stream",
    "SourceOptions": "options",
    "TableStream": "scan",
    "TimedOutException": "exceptions",
    "read_json": "json",
    "scan_json": "json",
    "to_arrow": "json",
}


if not TYPE_CHECKING:  # or every name would be one of the package's

    def __getattr__(name: str) -> object:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        globals()[name] = value
        return value

    def __dir__() -> "list[str]":
        return sorted({*globals(), *__all__})
