# SPDX-License-Identifier: Apache-2.0
"""The native library of this checkout: where it is, whether it is current, and how it is built."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER_VARIABLE = "DLT_JAVA_NATIVE"
"""Names another folder with the library, which is then taken as it is."""

MAIN_LIBRARY = "libdlt_java.so"
FACTS = "image.properties"

OLDEST_GLIBC = 17
"""The glibc 2.x of manylinux2014, the oldest that package indexes still take wheels for."""

_MAVEN = ["mvn", "-B", "-ntp", "-Pquick", "package", "-pl", "ffi", "-am", "-DskipTests"]
_NO_JDK = "Cannot find matching toolchain"
_SOURCES = ("core/src/main", "ffi/src/main", "ffi/include", "ffi/builder/src/main")
_PROJECTS = ("pom.xml", "core/pom.xml", "ffi/pom.xml", "ffi/builder/pom.xml")


class BuildError(Exception):
    """Something that the person who builds has to change; the message is one sentence."""


def folder() -> Path:
    """The folder of the library, which is complete on its own."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named).resolve() if named else REPOSITORY / "ffi" / "target" / "native"


def libraries() -> list[Path]:
    """The library and the private ones beside it.

    Raises:
        BuildError: It was not built.
    """
    missing = _missing()
    if missing is not None:
        raise BuildError(f"{missing} is missing: build the module ffi up to its phase package.")
    return sorted(folder().glob("*.so"))


def facts() -> dict[str, str]:
    """What the image builder noted: versions of JDK and GraalVM, glibc, heap."""
    lines = (folder() / FACTS).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def platform_tag() -> str:
    """The wheel's platform: that of the oldest systems with the glibc that the library needs."""
    minor = int(facts()["glibc"].split(".")[1])
    return f"manylinux_2_{max(OLDEST_GLIBC, minor)}_x86_64"


def build() -> None:
    """Builds the library with Maven, unless it is there and newer than its sources.

    Raises:
        BuildError: Not this platform, or Maven or its JDK are missing, or the build failed.
    """
    if sys.platform != "linux" or platform.machine() != "x86_64":
        raise BuildError(
            "dlt-java can be built on Linux on x86-64 only, not on"
            f" {sys.platform} on {platform.machine()}."
        )
    if os.environ.get(FOLDER_VARIABLE) or not _is_stale():
        return
    maven = shutil.which(_MAVEN[0])
    if maven is None:
        raise BuildError(
            "Maven (`mvn`) is not on the PATH, which builds the native library: install Maven 3.9"
            f" and a JDK 25, or set {FOLDER_VARIABLE} to a folder with a library built elsewhere."
        )
    output = _output([maven, *_MAVEN[1:]])
    if output is not None:
        if _NO_JDK in output:
            raise BuildError(
                "Maven found no JDK 25 on this machine: install one, such as Temurin 25, or set"
                " JAVA_HOME to its folder."
            )
        raise BuildError(f"Maven did not build the native library: {_first_error(output)}")
    # What Maven found up to date keeps its time.
    os.utime(folder() / FACTS)


def _output(command: list[str]) -> str | None:
    """Runs Maven, with its output shown; what it printed if it failed."""
    print(f"building the native library, minutes the first time: {' '.join(command)}", flush=True)
    with subprocess.Popen(
        command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            print(line, end="", flush=True)
    return "".join(lines) if process.returncode else None


def _first_error(output: str) -> str:
    # Such as that of the image builder, which says it in one sentence; Maven's own come last.
    errors = [
        line.strip()
        for line in output.splitlines()
        if line.startswith(("image not built:", "[ERROR]"))
    ]
    return errors[0] if errors else "see its output above."


def needed() -> list[Path]:
    """Files that show that the folder is complete; the last comes with the phase package."""
    names = (MAIN_LIBRARY, FACTS, "licenses/LICENSE", "sboms/library.cdx.json")
    return [folder() / name for name in names]


def _missing() -> Path | None:
    return next((file for file in needed() if not file.is_file()), None)


def _is_stale() -> bool:
    if _missing() is not None:
        return True
    built = (folder() / FACTS).stat().st_mtime
    return any(path.stat().st_mtime > built for path in _sources())


def _sources() -> Iterator[Path]:
    for name in _PROJECTS:
        yield REPOSITORY / name
    for name in _SOURCES:
        # Folders too: their time is that of the last file added or deleted.
        yield REPOSITORY / name
        yield from (REPOSITORY / name).rglob("*")
