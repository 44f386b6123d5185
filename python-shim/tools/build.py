# SPDX-License-Identifier: Apache-2.0
"""Builds and tests the Python package, for Maven: `python3 tools/build.py STEP [ARGUMENT...]`.

Runs on any Python from 3.9 without packages of its own; everything it makes is below `target/`.
Steps: wheel, install, quality, test, test-oldest, demo.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
REPOSITORY = PROJECT.parent
TARGET = PROJECT / "target"
NATIVE = Path(os.environ.get("DLT_JAVA_NATIVE", REPOSITORY / "ffi" / "target" / "native"))
DISTRIBUTION = TARGET / "dist"
REQUIREMENTS = PROJECT / "requirements"

MAIN_LIBRARY = "libdlt_java.so"
OLDEST_PYTHON = (3, 9)
QUALITY_PYTHON = (3, 11)
"""The type checker's pinned version, and the types it reads, need a recent Python."""

OLDEST_GLIBC = 17
"""The glibc 2.x of manylinux2014, the oldest that package indexes still take wheels for."""

# What a manylinux system has, of the list in PEP 599; all else belongs into the wheel.
SYSTEM_LIBRARIES = {
    "ld-linux-x86-64.so.2",
    "libc.so.6",
    "libdl.so.2",
    "libgcc_s.so.1",
    "libm.so.6",
    "libpthread.so.0",
    "librt.so.1",
    "libstdc++.so.6",
    "libz.so.1",
}

# What a user still takes in one download without a second thought.
MOST_NATIVE_BYTES = 60_000_000
MOST_WHEEL_BYTES = 25_000_000


def main(arguments: Sequence[str]) -> int:
    """Runs a step."""
    steps = {
        "wheel": wheel,
        "install": install,
        "quality": quality,
        "test": test,
        "test-oldest": test_oldest,
        "demo": demo,
    }
    if not arguments or arguments[0] not in steps:
        print(__doc__, file=sys.stderr)
        return 2
    # Also quoted words in one Maven property, such as -Ddemo.args="--live --players a,b".
    rest = [word for argument in arguments[1:] for word in shlex.split(argument)]
    try:
        steps[arguments[0]](rest)
    except subprocess.CalledProcessError as failed:
        return failed.returncode or 1
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


class BuildError(Exception):
    """Something that the person who builds has to change."""


def wheel(_: Sequence[str]) -> None:
    """Builds the wheel with all libraries into target/dist."""
    libraries = native_libraries()
    python = environment("build-venv", Path(sys.executable), ["build.txt"])
    output = subprocess.run(
        [python, "-c", _READ_ELF, *map(str, libraries)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    platform = platform_tag(output.splitlines(), {library.name for library in libraries})
    stage = staged(libraries)
    shutil.rmtree(DISTRIBUTION, ignore_errors=True)
    run(
        [python, "-m", "hatchling", "build", "-t", "wheel", "-d", DISTRIBUTION],
        cwd=stage,
        DLT_JAVA_WHEEL_PLATFORM=platform,
    )
    built = built_wheel()
    native_bytes = sum(library.stat().st_size for library in libraries)
    print(f"wheel: {built.name}, {built.stat().st_size / 1e6:.1f} MB")
    print(f"libraries: {len(libraries)}, {native_bytes / 1e6:.1f} MB")
    if native_bytes > MOST_NATIVE_BYTES or built.stat().st_size > MOST_WHEEL_BYTES:
        raise BuildError(
            f"too large: at most {MOST_NATIVE_BYTES / 1e6:.0f} MB of libraries and"
            f" {MOST_WHEEL_BYTES / 1e6:.0f} MB of wheel"
        )


# Runs in the environment that has pyelftools; prints `glibc MINOR` and `needs LIBRARY`.
_READ_ELF = """
import sys
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        for section in ELFFile(file).iter_sections():
            if isinstance(section, GNUVerNeedSection):
                for _, versions in section.iter_versions():
                    for version in versions:
                        if version.name.startswith("GLIBC_2."):
                            print("glibc", version.name.split(".")[1])
            elif section.name == ".dynamic":
                for tag in section.iter_tags("DT_NEEDED"):
                    print("needs", tag.needed)
"""


def platform_tag(facts: Sequence[str], own: set[str]) -> str:
    """The platform tag for the glibc that the libraries need.

    Args:
        facts: What `_READ_ELF` printed.
        own: Names of the libraries in the wheel.

    Raises:
        BuildError: A library needs one that is neither in the wheel nor part of every system.
    """
    minor = OLDEST_GLIBC
    for fact in facts:
        kind, value = fact.split()
        if kind == "glibc":
            minor = max(minor, int(value))
        elif value not in own | SYSTEM_LIBRARIES:
            raise BuildError(f"{value} is needed, but neither in the wheel nor on every system")
    return f"manylinux_2_{minor}_x86_64"


def native_libraries() -> list[Path]:
    """The library and the private ones beside it."""
    libraries = sorted(NATIVE.glob("*.so"))
    if not any(library.name == MAIN_LIBRARY for library in libraries):
        raise BuildError(f"{NATIVE / MAIN_LIBRARY} is missing: build the module ffi first")
    return libraries


def staged(libraries: Sequence[Path]) -> Path:
    """A copy of the project with libraries and licences, for the wheel builder."""
    stage = TARGET / "stage"
    shutil.rmtree(stage, ignore_errors=True)
    shutil.copytree(
        PROJECT / "src", stage / "src", ignore=shutil.ignore_patterns("__pycache__", "_native")
    )
    for name in ("pyproject.toml", "hatch_build.py", "README.md"):
        shutil.copy2(PROJECT / name, stage)
    native = stage / "src" / "dlt_java" / "_native"
    native.mkdir()
    for library in libraries:
        shutil.copy2(library, native)
    licences = stage / "licenses"
    licences.mkdir()
    for pattern in ("LICENSE*", "NOTICE*", "THIRD-PARTY*"):
        for file in sorted(REPOSITORY.glob(pattern)):
            shutil.copy2(file, licences)
    # Those of what is linked into the library.
    if (NATIVE / "licenses").is_dir():
        shutil.copytree(NATIVE / "licenses", licences, dirs_exist_ok=True)
    return stage


def built_wheel() -> Path:
    """The wheel in target/dist."""
    wheels = sorted(DISTRIBUTION.glob("*.whl"))
    if len(wheels) != 1:
        raise BuildError(f"expected one wheel in {DISTRIBUTION}, found {len(wheels)}")
    return wheels[0]


def install(_: Sequence[str]) -> None:
    """Makes the test environment and installs the wheel into it."""
    install_wheel(test_environment())


def test_environment() -> Path:
    """The environment with the newest dlt, what it is used with, and checkers where they run."""
    checkers = ["quality.txt"] if sys.version_info >= QUALITY_PYTHON else []
    return environment("venv", Path(sys.executable), ["newest.txt", "integrations.txt", *checkers])


def install_wheel(python: Path) -> None:
    """Installs the wheel that was built, in place of an older one."""
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--force-reinstall"]
    run([python, "-m", "pip", "install", *options, built_wheel()])


def quality(skips: Sequence[str]) -> None:
    """Checks format, lint rules and types, unless one of Maven's properties given is `true`."""
    if "true" in skips:
        return
    if sys.version_info < QUALITY_PYTHON:
        needed = ".".join(map(str, QUALITY_PYTHON))
        print(f"skipped: format and types are checked on Python {needed} and newer")
        return
    python = test_environment()
    run([python, "-m", "ruff", "check", "."])
    run([python, "-m", "ruff", "format", "--check", "."])
    run([python, "-m", "mypy"])


def test(arguments: Sequence[str]) -> None:
    """Runs the tests with the newest dlt."""
    pytest(test_environment(), arguments)


def test_oldest(arguments: Sequence[str]) -> None:
    """Runs the tests with the oldest dlt on the oldest Python, if that is installed."""
    oldest = find_python(OLDEST_PYTHON)
    if oldest is None:
        version = ".".join(map(str, OLDEST_PYTHON))
        print(f"skipped: tests with the oldest dlt need Python {version}, which is not installed")
        return
    python = environment("oldest-venv", oldest, ["oldest.txt"])
    install_wheel(python)
    pytest(python, ["--ignore=tests/integrations", *arguments])


def find_python(version: tuple[int, int]) -> Path | None:
    """A Python of that version: on the path, or among those of pyenv."""
    name = f"python{version[0]}.{version[1]}"
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    on_path = shutil.which(name)
    found = [Path(on_path)] if on_path else []
    found += sorted(pyenv.glob(f"{version[0]}.{version[1]}.*/bin/{name}"))
    # A shim of pyenv is on the path even if its version is not chosen; it fails when it is run.
    works = [p for p in found if subprocess.run([p, "-V"], capture_output=True).returncode == 0]
    return works[0] if works else None


def pytest(python: Path, arguments: Sequence[str]) -> None:
    """Runs pytest against the installed wheel."""
    cache = f"cache_dir={TARGET / 'pytest-cache' / python.parents[1].name}"
    run([python, "-m", "pytest", "-o", cache, *arguments])


def demo(arguments: Sequence[str]) -> None:
    """Runs the demo."""
    python = test_environment()
    install_wheel(python)
    run([python, PROJECT / "demo" / "chess_demo.py", *arguments], PYTHONPATH=str(PROJECT / "tools"))


def environment(name: str, python: Path, files: Sequence[str]) -> Path:
    """A virtual environment below target/ with pinned packages, made anew when they change.

    Returns:
        Its Python.
    """
    folder = TARGET / name
    executable = folder / "bin" / "python"
    stamp = folder / "made-from"
    version = subprocess.run([python, "-VV"], check=True, capture_output=True, text=True).stdout
    contents = [(REQUIREMENTS / file).read_text() for file in files]
    wanted = hashlib.sha256("\0".join([str(folder), version, *contents]).encode()).hexdigest()
    if executable.exists() and stamp.exists() and stamp.read_text() == wanted:
        return executable
    print(f"making the virtual environment {folder.relative_to(PROJECT)}", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    if python == Path(sys.executable):
        venv.create(folder, with_pip=True)
    else:
        run([python, "-m", "venv", folder])
    requirements = [word for file in files for word in ("-r", str(REQUIREMENTS / file))]
    options = ["--quiet", "--disable-pip-version-check"]
    run([executable, "-m", "pip", "install", *options, *requirements])
    stamp.write_text(wanted)
    return executable


def run(command: Sequence[str | Path], cwd: Path = PROJECT, **variables: str) -> None:
    """Runs a command with its output shown."""
    sys.stdout.flush()
    settings = {
        **os.environ,
        "PYTHONDONTWRITEBYTECODE": "1",
        "RUNTIME__DLTHUB_TELEMETRY": "false",
        **variables,
    }
    subprocess.run([str(word) for word in command], check=True, cwd=cwd, env=settings)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
