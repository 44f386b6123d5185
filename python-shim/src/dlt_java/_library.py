# SPDX-License-Identifier: Apache-2.0
"""Finds the native library, checks that it fits, and loads it once, at first use."""

from __future__ import annotations

import os
import platform
import sys
import threading
from pathlib import Path

from dlt_java import _abi
from dlt_java.exceptions import LibraryException

FILE_NAME = "libdlt_java.so"
FACTS_NAME = "image.properties"
PATH_VARIABLE = "DLT_JAVA_LIBRARY"

_lock = threading.RLock()
_loaded: list[_abi.Library] = []

# A fork waits for a load: its child would have half of a library, and a lock nobody lets go of.
os.register_at_fork(
    before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_lock.release
)


def load() -> _abi.Library:
    """The library, loaded at the first call.

    Raises:
        LibraryException: This platform has no library, it was not found, or it does not fit.
    """
    # A list that only grows can be read without the lock.
    if _loaded:
        return _loaded[0]
    with _lock:
        if not _loaded:
            _check_platform()
            _loaded.append(_load_first(candidates()))
        return _loaded[0]


def candidates() -> list[Path]:
    """Paths to try, in order."""
    paths = [Path(__file__).resolve().parent / "_native" / FILE_NAME]
    developers_path = os.environ.get(PATH_VARIABLE)
    if developers_path:
        paths.append(Path(developers_path).absolute())
    return paths


def _check_platform() -> None:
    machine = platform.machine()
    if sys.platform != "linux" or machine not in ("x86_64", "AMD64"):
        raise LibraryException(
            f"dlt-java runs on Linux on x86-64 only, not on {sys.platform} on {machine}."
        )
    if sys.maxsize < 2**32:
        raise LibraryException("dlt-java needs a 64-bit Python.")
    if _glibc() is None:
        raise LibraryException(
            "dlt-java needs a Linux with glibc, such as Debian, Ubuntu or Fedora; the C library of"
            " this one is another, as musl is on Alpine. Images such as `python:3.13-slim` have it."
        )


def _glibc() -> tuple[int, ...] | None:
    """The version of glibc that runs this Python, `None` if it runs on another C library."""
    try:
        name, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").split()
    # musl does not know the name.
    except (ValueError, OSError):
        return None
    return _numbers(version) if name == "glibc" else None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split(".") if number.isdigit())


def build_facts(library: Path) -> dict[str, str]:
    """What the image builder noted beside the library; empty if that is not there."""
    file = library.with_name(FACTS_NAME)
    if not file.is_file():
        return {}
    lines = file.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _load_first(paths: list[Path]) -> _abi.Library:
    for path in paths:
        if path.is_file():
            return _load(path)
    tried = ", ".join(f"`{path}`" for path in paths)
    raise LibraryException(
        f"The native library of dlt-java was not found; tried {tried}. Install the dlt-java wheel,"
        f" or set {PATH_VARIABLE} to the path of {FILE_NAME}."
    )


def _load(path: Path) -> _abi.Library:
    needed, present = build_facts(path).get("glibc", ""), _glibc()
    if present is not None and present < _numbers(needed):
        raise LibraryException(
            f"dlt-java needs glibc {needed} or newer, but this system has"
            f" {'.'.join(map(str, present))}. Use a newer one: Debian 12, Ubuntu 22.04 and"
            " RHEL 9 have it."
        )
    try:
        library = _abi.Library(str(path))
    except (OSError, AttributeError) as error:
        raise LibraryException(
            f"The native library `{path}` cannot be loaded: {error}."
            " Reinstall the dlt-java wheel for this platform."
        ) from error
    version = library.abi_version()
    if version != _abi.ABI_VERSION:
        raise LibraryException(
            f"The native library `{path}` has ABI version {version}, but this dlt-java needs"
            f" {_abi.ABI_VERSION}. Install library and package from one wheel."
        )
    return library
