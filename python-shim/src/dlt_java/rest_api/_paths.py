# SPDX-License-Identifier: Apache-2.0
"""JSON paths that the library follows itself: keys and positions, one after the other."""

from __future__ import annotations

from typing import Any, Union

from dlt.common import jsonpath
from jsonpath_ng.jsonpath import Child, Fields, Index, Root

from dlt_java.rest_api._native import NotNative

Path = list[Union[str, int]]
"""Object keys and array positions from the root; none at all is the root."""


def steps(path: Any, what: str) -> Path:
    """A compiled or written path, taken apart.

    Args:
        path: As dlt takes it.
        what: What the path leads to, for the reason.

    Raises:
        NotNative: It has wildcards, filters, or whatever else leads to more than one value.
    """
    found: Path = []
    _append(found, jsonpath.compile_path(path), f"the {what} `{path}`")
    return found


def keys(path: Any, what: str) -> list[str]:
    """As `steps`, for paths without positions.

    Args:
        path: As dlt takes it.
        what: What the path leads to, for the reason.

    Raises:
        NotNative: It is not a chain of keys.
    """
    found: list[str] = []
    for step in steps(path, what):
        if not isinstance(step, str):
            raise NotNative(f"the {what} `{path}` has a position")
        found.append(step)
    return found


def _append(found: Path, path: Any, what: str) -> None:
    if isinstance(path, Root):
        return
    if isinstance(path, Child):
        _append(found, path.left, what)
        _append(found, path.right, what)
        return
    if isinstance(path, Fields) and len(path.fields) == 1 and path.fields[0] != "*":
        found.append(path.fields[0])
        return
    if isinstance(path, Index):
        # One position in older versions of jsonpath-ng, several in newer ones.
        indices = vars(path).get("indices") or (vars(path)["index"],)
        if len(indices) == 1 and indices[0] >= 0:
            found.append(indices[0])
            return
    raise NotNative(f"{what} is more than keys with dots between")
