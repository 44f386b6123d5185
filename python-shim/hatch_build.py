# SPDX-License-Identifier: Apache-2.0
"""Names the wheel after the platform of the libraries in it; tools/build.py tells which that is."""

from __future__ import annotations

import os
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PlatformTag(BuildHookInterface):  # type: ignore[type-arg]
    """One wheel a platform, for all versions of Python: the libraries know nothing of Python."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Sets the tag; without `DLT_JAVA_WHEEL_PLATFORM` it is a wheel without libraries."""
        platform = os.environ.get("DLT_JAVA_WHEEL_PLATFORM")
        if platform is not None:
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{platform}"
