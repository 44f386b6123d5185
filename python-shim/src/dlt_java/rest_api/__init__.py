# SPDX-License-Identifier: Apache-2.0
"""dlt's REST API source, fetched and decoded natively.

`rest_api_source` takes the dictionary that `dlt.sources.rest_api` takes, and loads what it loads.
dlt's own code validates the dictionary and sets up paginators, authentication, dependencies and
incremental cursors; each endpoint is then read by the native library, or by dlt's own client where
it needs Python (see docs/reference/rest_api.md).
"""

from dlt_java.rest_api._sources import (
    check_connection,
    rest_api,
    rest_api_resources,
    rest_api_source,
    stats,
)

__all__ = [
    "check_connection",
    "rest_api",
    "rest_api_resources",
    "rest_api_source",
    "stats",
]
