# SPDX-License-Identifier: Apache-2.0
"""The wheel's software bill of materials: all that is compiled into its libraries, as CycloneDX.

https://cyclonedx.org/docs/1.6/json/; PEP 770 says where it lies in a wheel.
"""

from __future__ import annotations

import json
import urllib.parse
import uuid
from pathlib import Path
from typing import Any

_JDK_LICENSE = "GPL-2.0-only WITH Classpath-exception-2.0"


def bill_of_materials(native: Path, version: str, facts: dict[str, str]) -> str:
    """One document of those that Maven wrote, and the JDK, which is not from Maven Central.

    Args:
        native: Folder of the library.
        version: Version of the wheel.
        facts: Those of the image.

    Returns:
        JSON text, the same for the same libraries.
    """
    wheel: dict[str, Any] = {
        "type": "library",
        "bom-ref": f"pkg:pypi/dlt-java@{version}",
        "name": "dlt-java",
        "version": version,
        "purl": f"pkg:pypi/dlt-java@{version}",
    }
    jdk = _jdk(facts["jdk.version"])
    parts = [json.loads(path.read_text()) for path in sorted((native / "sboms").glob("*.json"))]
    library, graalvm = (
        next(part for part in parts if part["metadata"]["component"]["name"] == name)
        for name in ("dlt-java-ffi", "dlt-java-image-builder")
    )
    # The builder's own jars: what it compiles into the library, not the program that runs it.
    builder = graalvm["metadata"]["component"]["bom-ref"]
    components = [library["metadata"]["component"], *library["components"], jdk]
    for component in graalvm["components"]:
        # Optional for Maven, so that no compile class path has it.
        components.append({**component, "scope": "required"})
    roots = [library["metadata"]["component"]["bom-ref"], jdk["bom-ref"]]
    dependencies = [{"ref": jdk["bom-ref"], "dependsOn": []}, *library["dependencies"]]
    for dependency in graalvm["dependencies"]:
        if dependency["ref"] == builder:
            roots += dependency["dependsOn"]
        else:
            dependencies.append(dependency)
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": library["specVersion"],
        "version": 1,
        "metadata": {"tools": library["metadata"]["tools"], "component": wheel},
        "components": sorted(components, key=lambda component: str(component["bom-ref"])),
        "dependencies": [
            {"ref": wheel["bom-ref"], "dependsOn": sorted(roots)},
            *sorted(dependencies, key=lambda dependency: str(dependency["ref"])),
        ],
    }
    name = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(document, sort_keys=True))
    return json.dumps({**document, "serialNumber": f"urn:uuid:{name}"}, indent=1) + "\n"


def _jdk(version: str) -> dict[str, Any]:
    purl = f"pkg:generic/openjdk@{urllib.parse.quote(version, safe='')}"
    return {
        "type": "platform",
        "bom-ref": purl,
        "name": "OpenJDK",
        "version": version,
        "description": "Classes of the JDK compiled into the library, and its native libraries",
        "scope": "required",
        "licenses": [{"expression": _JDK_LICENSE}],
        "purl": purl,
        "externalReferences": [{"type": "vcs", "url": "https://github.com/openjdk/jdk25u"}],
    }
