"""What happens to the process: Ctrl-C, fork, exit, and a library that is missing or wrong."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from child_process import running
from conftest import eventually
from replica import Replica

import dlt_java
from dlt_java import LibraryException, _abi, _library

SHARED = """
    import os, sys, time
    import pyarrow as pa
    from dlt_java import DltJavaException, Request, Source, SourceOptions
    base_url = sys.argv[1]
    requests = [Request(base_url + "player/" + name) for name in ("magnuscarlsen", "hikaru")]
    options = SourceOptions(requests, "profiles", load_id="1.5")
"""


def script(text: str) -> str:
    return textwrap.dedent(SHARED) + textwrap.dedent(text)


def run(text: str, replica: Replica) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "dev", "-c", script(text), replica.base_url]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


PLAIN = """
    try:
        with Source(options) as source:
            next(source)
    finally:
        print(time.monotonic())
"""

PIPELINE = """
    import dlt
    from dlt_java.chess import source
    try:
        pipeline = dlt.pipeline("interrupted", destination="duckdb", pipelines_dir=sys.argv[2])
        pipeline.run(source(["hikaru"], base_url=base_url).with_resources("players_games"))
    finally:
        print(time.monotonic())
"""


@pytest.mark.parametrize("text", [PLAIN, PIPELINE], ids=["source", "pipeline"])
def test_ctrl_c_ends_a_blocked_run(replica: Replica, tmp_path: Path, text: str) -> None:
    replica.faults("/pub/player/* always stall")
    program = script(text)
    with running(program, replica.base_url, str(tmp_path), folder=tmp_path) as process:
        assert eventually(lambda: any("/player/" in t for t in replica.log()), seconds=30)
        pressed = time.monotonic()
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=30)

    assert process.returncode != 0
    assert "KeyboardInterrupt" in errors or "SignalReceivedException" in errors
    assert float(output) - pressed < 0.5


def test_a_child_process_gets_a_clear_error_and_opens_its_own(replica: Replica) -> None:
    result = run(
        """
        import warnings
        warnings.simplefilter("ignore", DeprecationWarning)  # Python warns of fork with threads.
        source = Source(options)
        child = os.fork()
        if child == 0:
            try:
                source.poll(5)
            except DltJavaException as error:
                print("refused", error.code)
            source.close()
            try:
                with Source(options) as own:
                    print("rows", next(own).num_rows)
            except DltJavaException as error:
                print("own refused", error)
            sys.stdout.flush()
            os._exit(0)
        os.waitpid(child, 0)
        print("parent rows", next(source).num_rows)
        source.close()
        """,
        replica,
    )

    assert result.returncode == 0, result.stderr
    refused, own, parent = result.stdout.splitlines()
    assert refused == "refused 103"
    assert own == "rows 2"
    assert parent == "parent rows 2"


@pytest.mark.parametrize(
    "kept",
    [
        "next(Source(options))",
        "next(Source(options)).__arrow_c_array__()",
        "pa.record_batch(next(Source(options)))",
        "Source(options)",
        "list(Source(options))",
    ],
)
def test_the_interpreter_exits_with_live_objects(replica: Replica, kept: str) -> None:
    result = run(f"kept = {kept}\n", replica)

    assert (result.returncode, result.stderr) == (0, "")


def test_importing_does_no_work() -> None:
    code = "import dlt_java, dlt_java._library as l; print(l._loaded)"

    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert result.stdout == "[]\n", result.stderr


def with_library(path: Path | None, tmp_path: Path) -> str:
    """What a copy of the package without its own library says at its first use."""
    package = Path(dlt_java.__file__).parent
    copy = tmp_path / "dlt_java"
    copy.mkdir()
    for module in package.glob("*.py"):
        (copy / module.name).write_bytes(module.read_bytes())
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    environment.pop("DLT_JAVA_LIBRARY", None)
    if path is not None:
        environment["DLT_JAVA_LIBRARY"] = str(path)
    code = (
        "from dlt_java import *\n"
        "try:\n"
        "    Source(SourceOptions([Request('http://127.0.0.1/')], 'rows'))\n"
        "except ImportError as error:\n"
        "    print(type(error).__name__, error)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("\n") == 1
    return result.stdout


def test_a_missing_library_lists_the_paths_tried(tmp_path: Path) -> None:
    wanted = tmp_path / "elsewhere" / "libdlt_java.so"

    message = with_library(wanted, tmp_path)

    assert message.startswith("LibraryException")
    assert str(tmp_path / "dlt_java" / "_native" / "libdlt_java.so") in message
    assert str(wanted) in message


def test_a_file_that_is_no_library(tmp_path: Path) -> None:
    wrong = tmp_path / "libdlt_java.so"
    wrong.write_text("not a library")

    assert str(wrong) in with_library(wrong, tmp_path)


def test_another_abi_version_is_refused(tmp_path: Path) -> None:
    names = [name for name in _abi._PROTOTYPES if name != "dltj_abi_version"]
    code = tmp_path / "other.c"
    functions = [f"int {name}(void) {{ return 0; }}" for name in names]
    code.write_text("\n".join(["int dltj_abi_version(void) { return 77; }", *functions]))
    library = tmp_path / "libother.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", str(library), str(code)], check=True)

    message = with_library(library, tmp_path)

    assert "ABI version 77" in message
    assert "needs 1" in message


def test_another_platform_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    monkeypatch.setattr(_library, "_loaded", [])

    with pytest.raises(LibraryException, match="riscv64"):
        _library.load()
