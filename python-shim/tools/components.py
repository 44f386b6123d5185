# SPDX-License-Identifier: Apache-2.0
"""What is compiled into the library: `python3 tools/components.py` writes down the checksums.

`components.sha256` says which bytes each jar has to have, `advisories.json` which versions of them
are known to be vulnerable. Run it when a dependency has changed, look at what it has changed, and
look for advisories (https://osv.dev, https://github.com/advisories) of what is new.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import native

TOOLS = Path(__file__).resolve().parent
CHECKSUMS = TOOLS / "components.sha256"
ADVISORIES = TOOLS / "advisories.json"

_OWN = "pkg:maven/dev.dltjava/"


def components(folder: Path) -> list[dict[str, Any]]:
    """Those that Maven wrote down, but for the project's own.

    Args:
        folder: Of the library.
    """
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((folder / "sboms").glob("*.json")):
        for component in json.loads(path.read_text())["components"]:
            if not component["purl"].startswith(_OWN):
                found[component["purl"]] = component
    return [found[purl] for purl in sorted(found)]


def checksums(some: Sequence[Mapping[str, Any]]) -> str:
    """A line for each component: SHA-256 of its jar, and its package URL.

    Args:
        some: The components.
    """
    lines = []
    for component in some:
        (digest,) = (one["content"] for one in component["hashes"] if one["alg"] == "SHA-256")
        lines.append(f"{digest}  {component['purl']}\n")
    return "".join(lines)


def findings(
    some: Sequence[Mapping[str, Any]], advisories: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Package URL and advisory of each component that is in a vulnerable range.

    Args:
        some: The components.
        advisories: As in `advisories.json`; what it says not to concern the library is left out.
    """
    for component in some:
        name = f"{component['group']}:{component['name']}"
        for advisory in advisories["advisories"]:
            concerned = name in advisory["packages"] and "not_concerned" not in advisory
            if concerned and any(
                is_within(component["version"], one) for one in advisory["ranges"]
            ):
                yield component["purl"], advisory["id"]


def is_within(version: str, versions: Mapping[str, str]) -> bool:
    """Whether a version is from the one that introduced a fault to before the one that fixed it.

    Args:
        version: Numbers with dots between; what follows them does not count.
        versions: `introduced` and `fixed`, as OSV has them.
    """
    return _numbers(versions["introduced"]) <= _numbers(version) < _numbers(versions["fixed"])


def _numbers(version: str) -> list[int]:
    numbers = re.match(r"\d+(\.\d+)*", version)
    return [int(number) for number in numbers[0].split(".")] if numbers else [0]


if __name__ == "__main__":
    CHECKSUMS.write_text(checksums(components(native.folder())))
    print(f"written: {CHECKSUMS}", file=sys.stderr)
