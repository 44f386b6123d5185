# SPDX-License-Identifier: Apache-2.0
"""Checks that the packages this one needs are there and new enough, before they are imported."""

from __future__ import annotations

import importlib.util
import re
from importlib import metadata

OLDEST = {"dlt": (1, 26), "pyarrow": (16,)}
"""Those of the wheel's metadata, which an installation without dependencies does not heed."""


def check() -> None:
    """Looks at the installed versions; costs about a millisecond.

    Raises:
        ImportError: A package is missing or too old; names the command that helps.
    """
    for package, oldest in OLDEST.items():
        needed = ".".join(map(str, oldest))
        try:
            version = metadata.version(package)
        except metadata.PackageNotFoundError:
            # Bundlers leave the metadata out.
            if importlib.util.find_spec(package) is not None:
                continue
            found = "which is not installed"
        else:
            if _release(version) >= oldest:
                continue
            found = f"but {version} is installed"
        # The name is that of the module that could not be imported, so that `python -m dlt_java`
        # shows this sentence and no stack trace.
        raise ImportError(
            f"dlt-java needs {package} {needed} or newer, {found}:"
            f" run `pip install --upgrade '{package}>={needed}'`.",
            name="dlt_java",
        )


def _release(version: str) -> tuple[int, ...]:
    numbers = re.match(r"\d+(\.\d+)*", version)
    return tuple(map(int, numbers[0].split("."))) if numbers else ()
