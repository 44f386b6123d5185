# SPDX-License-Identifier: Apache-2.0
"""Build backend (PEP 517, PEP 660): hatchling's wheel, with the library that Maven builds.

`pip install ./python-shim` in a checkout runs Maven if the library is missing or older than its
sources. An editable installation links to the library instead, and sees each later build.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import native
from hatchling import build as hatchling
from sbom import bill_of_materials

PROJECT = Path(__file__).resolve().parents[1]
TARGET = PROJECT / "target"
SBOM = "dlt_java.cdx.json"
"""Known to `hatch_build.py` too."""

Settings = dict[str, Any]


def get_requires_for_build_wheel(config_settings: Settings | None = None) -> list[str]:
    """Nothing beside `build-system.requires`."""
    return []


def get_requires_for_build_editable(config_settings: Settings | None = None) -> list[str]:
    """Nothing beside `build-system.requires`."""
    return []


def build_wheel(
    wheel_directory: str,
    config_settings: Settings | None = None,
    metadata_directory: str | None = None,
) -> str:
    """Builds the wheel, the same bytes from the same libraries; returns its name."""
    directory = str(Path(wheel_directory).resolve())
    with _one_sentence():
        native.build()
        libraries = native.libraries()
        TARGET.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="stage-", dir=TARGET) as name:
            stage = Path(name)
            _fill(stage, libraries)
            os.environ["DLT_JAVA_WHEEL_PLATFORM"] = native.platform_tag()
            with _inside(stage):
                return str(hatchling.build_wheel(directory))


def build_editable(
    wheel_directory: str,
    config_settings: Settings | None = None,
    metadata_directory: str | None = None,
) -> str:
    """Builds a wheel that points to the sources; returns its name."""
    with _one_sentence():
        native.build()
        native.libraries()
        link = PROJECT / "src" / "dlt_java" / "_native"
        if link.is_dir() and not link.is_symlink():
            raise native.BuildError(f"{link} is a folder in place of a link: delete it.")
        link.unlink(missing_ok=True)
        link.symlink_to(os.path.relpath(native.folder(), link.parent), target_is_directory=True)
    return str(hatchling.build_editable(wheel_directory))


def build_sdist(sdist_directory: str, config_settings: Settings | None = None) -> str:
    """There is none: the library's sources are outside of this folder."""
    with _one_sentence():
        raise native.BuildError(
            "dlt-java has no source distribution, because Maven builds its library from the whole"
            " checkout: build the wheel alone, such as by `python -m build --wheel`."
        )


def _fill(stage: Path, libraries: list[Path]) -> None:
    """Copies the project with libraries, licences and components to where hatchling builds."""
    shutil.copytree(
        PROJECT / "src", stage / "src", ignore=shutil.ignore_patterns("__pycache__", "_native")
    )
    for name in ("pyproject.toml", "hatch_build.py", "README.md"):
        shutil.copy2(PROJECT / name, stage)
    package = stage / "src" / "dlt_java" / "_native"
    package.mkdir()
    for file in [*libraries, native.folder() / native.FACTS]:
        shutil.copy2(file, package)
    licenses = stage / "third-party"
    shutil.copytree(native.folder() / "licenses", licenses)
    # The texts in the folders refer to it as the one above them.
    shutil.move(str(licenses / "LICENSE"), stage)
    version = re.search(r'^version = "(.+)"$', (stage / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    (stage / SBOM).write_text(bill_of_materials(native.folder(), version[1], native.facts()))


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    # hatchling takes the current folder for the project.
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@contextlib.contextmanager
def _one_sentence() -> Iterator[None]:
    """Ends the process on what the caller has to change, without a stack trace."""
    try:
        yield
    except native.BuildError as error:
        sys.stdout.flush()
        raise SystemExit(f"error: {error}") from None
