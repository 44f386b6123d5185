# SPDX-License-Identifier: Apache-2.0
"""What dlt's configuration and the environment say about HTTP."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import dlt
from dlt.common.configuration import resolve_configuration
from dlt.common.configuration.specs import RuntimeConfiguration

from dlt_java.exceptions import OptionsException

_CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
# What requests leaves as it is: reserved, unreserved, and the percent sign of what is quoted.
_URL_CHARACTERS = "!#$%&'()*+,/:;=?@[]~"


def http_options(urls: Iterable[str]) -> dict[str, Any]:
    """Options of a source that dlt's configuration decides, as dlt's own HTTP client takes them.

    Args:
        urls: URLs of the source; `https` needs a file with trusted certificates.
    """
    runtime = resolve_configuration(RuntimeConfiguration())
    options: dict[str, Any] = {
        "timeout_seconds": runtime.request_timeout,
        "max_attempts": runtime.request_max_attempts,
        "backoff_factor": runtime.request_backoff_factor,
        "max_retry_delay_seconds": runtime.request_max_retry_delay,
    }
    concurrency = dlt.config.get("extract.max_parallel_items", int)
    if concurrency is not None:
        options["concurrency"] = concurrency
    if any(url.lower().startswith("https:") for url in urls):
        options["ca_file"] = find_ca_file()
    return options


def find_ca_file() -> str:
    """The file with trusted certificates: what the environment names, certifi's, or the system's.

    Raises:
        OptionsException: There is none.
    """
    for variable in _CA_VARIABLES:
        path = os.environ.get(variable)
        # requests takes a folder of hashed certificates too, the library a file only.
        if path and Path(path).is_file():
            return path
    try:
        import certifi
    except ImportError:
        pass
    else:
        return str(certifi.where())
    system = ssl.get_default_verify_paths().cafile
    if system is not None:
        return system
    raise OptionsException(
        "No file with trusted certificates was found for https. Set REQUESTS_CA_BUNDLE to one, or"
        " install the certifi package."
    )


def quoted(url: str) -> str:
    """The URL with spaces and non-ASCII characters percent-encoded, as requests sends it."""
    return quote(url, safe=_URL_CHARACTERS)
