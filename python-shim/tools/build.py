# SPDX-License-Identifier: Apache-2.0
"""Builds and tests the Python package, for Maven: `python3 tools/build.py STEP [ARGUMENT...]`.

Runs on any Python from 3.9 without packages of its own; everything it makes is below `target/`.
Steps: wheel, install, quality, docs, test, test-oldest, demo.
"""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

import native
from native import BuildError

PROJECT = Path(__file__).resolve().parents[1]
TARGET = PROJECT / "target"
DISTRIBUTION = TARGET / "dist"
REQUIREMENTS = PROJECT / "requirements"

OLDEST_PYTHON = (3, 9)
NEWEST_PYTHON = (3, 14)
OLDEST_ENVIRONMENT = "oldest-venv"
QUALITY_PYTHON = (3, 11)
"""The type checker's pinned version, and the types it reads, need a recent Python."""

# What a user still takes in one download without a second thought.
MOST_NATIVE_BYTES = 60_000_000
MOST_WHEEL_BYTES = 25_000_000


def main(arguments: Sequence[str]) -> int:
    """Runs a step."""
    steps = {
        "wheel": wheel,
        "install": install,
        "quality": quality,
        "docs": docs,
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


def wheel(_: Sequence[str]) -> None:
    """Builds the wheel with all libraries into target/dist, as `pip install` of a checkout does."""
    libraries = native.libraries()
    python = environment("build-venv", Path(sys.executable), ["build.txt"])
    shutil.rmtree(DISTRIBUTION, ignore_errors=True)
    build_wheel(python, DISTRIBUTION)
    built = built_wheel()
    confirm_platform(python, built)
    native_bytes = sum(library.stat().st_size for library in libraries)
    print(f"wheel: {built.name}, {built.stat().st_size / 1e6:.1f} MB")
    print(f"libraries: {len(libraries)}, {native_bytes / 1e6:.1f} MB")
    if native_bytes > MOST_NATIVE_BYTES or built.stat().st_size > MOST_WHEEL_BYTES:
        raise BuildError(
            f"too large: at most {MOST_NATIVE_BYTES / 1e6:.0f} MB of libraries and"
            f" {MOST_WHEEL_BYTES / 1e6:.0f} MB of wheel"
        )


def build_wheel(python: Path, folder: Path, **variables: str) -> None:
    """Builds the wheel with the libraries as they are and the pinned packages of `python`."""
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation"]
    # Maven runs this: it must not be run again from within.
    variables[native.FOLDER_VARIABLE] = str(native.folder())
    command: list[str | Path] = [python, "-m", "pip", "wheel", *options, "-w", folder, PROJECT]
    run(command, PROJECT, **variables)


def confirm_platform(python: Path, built: Path) -> None:
    """Lets auditwheel look at the libraries.

    Raises:
        BuildError: They need more than the systems that the wheel's tag promises.
    """
    command = [str(python), "-m", "auditwheel", "show", str(built)]
    report = subprocess.run(command, capture_output=True, text=True)
    platform = re.search(r'the following\s+platform\s+tag:\s+"(\w+)"', report.stdout)
    if platform is None or not built.stem.endswith(f"-{platform[1]}"):
        raise BuildError(f"auditwheel says of {built.name}:\n{report.stdout}{report.stderr}")


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


def docs(skips: Sequence[str]) -> None:
    """Builds the site of the documentation, unless one of Maven's properties given is `true`."""
    if "true" in skips:
        return
    if sys.version_info < QUALITY_PYTHON:
        needed = ".".join(map(str, QUALITY_PYTHON))
        print(f"skipped: the documentation is built on Python {needed} and newer")
        return
    python = environment("docs-venv", Path(sys.executable), ["docs.txt"])
    # Not `--quiet`, with which strict mode finds nothing; and without advertisements.
    run([python, "-m", "mkdocs", "build"], cwd=PROJECT.parent, NO_MKDOCS_2_WARNING="1")
    print(f"documentation: {TARGET / 'site' / 'index.html'}")


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
    python = environment(OLDEST_ENVIRONMENT, oldest, ["oldest.txt"])
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
