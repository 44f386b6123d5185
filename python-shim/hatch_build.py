# SPDX-License-Identifier: Apache-2.0
"""What `tools/build_backend.py` can tell hatchling in no other way: platform and SBOM."""

from __future__ import annotations

import os
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SBOM = "dlt_java.cdx.json"


class NativeWheel(BuildHookInterface):  # type: ignore[type-arg]
    """One wheel a platform, for all versions of Python: the libraries know nothing of Python."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Sets tag and SBOM; without `DLT_JAVA_WHEEL_PLATFORM` it is a wheel without libraries."""
        platform = os.environ.get("DLT_JAVA_WHEEL_PLATFORM")
        if platform is not None:
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{platform}"
            # PEP 770. The option `sbom-files` does the same, in versions that need Python 3.10.
            metadata = f"dlt_java-{self.metadata.version}.dist-info"
            build_data["force_include"][SBOM] = f"{metadata}/sboms/{SBOM}"
