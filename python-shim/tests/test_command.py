"""`python -m dlt_java`, and what the package says where it cannot run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import dlt
import pyarrow as pa
import pytest

import dlt_java
from dlt_java import LibraryException, __main__, _library, _requirements

PROJECT = Path(__file__).resolve().parents[1]


def command(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dlt_java", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **variables},
    )


def test_the_command_tells_versions_and_checks_the_library() -> None:
    result = command()

    assert (result.returncode, result.stderr) == (0, "")
    lines = dict(line.split(maxsplit=1) for line in result.stdout.splitlines())
    assert lines["dlt-java"] == dlt_java.__version__
    assert lines["dlt"] == dlt.__version__
    assert lines["pyarrow"] == pa.__version__
    assert lines["jdk.version"].startswith("25")
    assert lines["check"] == "ok"


def test_the_command_prints_json_for_programs() -> None:
    result = command("--json")

    assert (result.returncode, result.stderr) == (0, "")
    facts = json.loads(result.stdout)
    library = Path(facts["library"]["path"])
    assert facts["error"] is None
    assert facts["library"]["bytes"] == library.stat().st_size
    assert facts["library"]["bytes_with_private_libraries"] > facts["library"]["bytes"]
    assert facts["build"]["builder.version"]


def test_a_table_that_differs_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(__main__, "_DOCUMENT", __main__._DOCUMENT.replace(b"1.5", b"2.5"))

    assert "2.5" in str(__main__.report()["error"])


def test_the_command_tells_what_is_wrong_in_one_sentence(tmp_path: Path) -> None:
    library = tmp_path / "libdlt_java.so"
    library.write_text("not a library")
    code = (
        "import sys, pathlib\n"
        "from dlt_java import __main__, _library\n"
        f"_library.candidates = lambda: [pathlib.Path({str(library)!r})]\n"
        "sys.exit(__main__.main([]))\n"
    )

    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert result.returncode == 1
    assert result.stderr.startswith(f"error: The native library `{library}` cannot be loaded")
    assert result.stderr.count("\n") == 1
    assert "check" in result.stdout


def test_the_limits_are_those_of_the_reference() -> None:
    reference = (PROJECT.parent / "docs" / "reference" / "options.md").read_text()
    defaults = dict(re.findall(r"^\| `(\w+)` \| integer \| (\d+) \|", reference, re.MULTILINE))

    assert {
        name: int(defaults[name]) for name in __main__.DEFAULT_LIMITS
    } == __main__.DEFAULT_LIMITS


def with_packages(folder: Path, **versions: str) -> str:
    """What the package says with no other packages than these, of which only versions are real."""
    (folder / "dlt_java").symlink_to(Path(dlt_java.__file__).parent, target_is_directory=True)
    for name, version in versions.items():
        (folder / name).mkdir()
        (folder / name / "__init__.py").touch()
        information = folder / f"{name}-{version}.dist-info"
        information.mkdir()
        (information / "METADATA").write_text(f"Name: {name}\nVersion: {version}\n")
    result = subprocess.run(
        # Without site-packages, and without the current folder.
        [sys.executable, "-S", "-m", "dlt_java"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(folder)},
    )
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    return result.stderr


def test_a_missing_dlt_is_named_with_the_command_that_helps(tmp_path: Path) -> None:
    message = with_packages(tmp_path)

    assert "dlt-java needs dlt 1.26 or newer, which is not installed" in message
    assert "pip install --upgrade 'dlt>=1.26'" in message


def test_an_old_dlt_is_named_with_the_command_that_helps(tmp_path: Path) -> None:
    message = with_packages(tmp_path, dlt="1.9.1a0")

    assert "dlt-java needs dlt 1.26 or newer, but 1.9.1a0 is installed" in message


def test_a_missing_pyarrow_is_named_with_the_command_that_helps(tmp_path: Path) -> None:
    message = with_packages(tmp_path, dlt="1.26.0")

    assert "dlt-java needs pyarrow 16 or newer, which is not installed" in message


def test_the_oldest_packages_are_those_of_the_wheel() -> None:
    project = (PROJECT / "pyproject.toml").read_text()

    for package, oldest in _requirements.OLDEST.items():
        assert f'"{package}>={".".join(map(str, oldest))}"' in project


@pytest.fixture
def unloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_library, "_loaded", [])


@pytest.mark.usefixtures("unloaded")
def test_another_c_library_than_glibc_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown_name(name: str) -> Any:
        raise ValueError(f"unrecognized configuration name {name}")

    monkeypatch.setattr(os, "confstr", unknown_name)

    with pytest.raises(LibraryException, match=r"glibc.*musl"):
        _library.load()


@pytest.mark.usefixtures("unloaded")
def test_an_older_glibc_is_refused_with_both_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "confstr", lambda _: "glibc 2.9")

    with pytest.raises(LibraryException, match=r"glibc 2\.\d\d or newer, but this system has 2\.9"):
        _library.load()
