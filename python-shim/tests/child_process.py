"""Scripts in a process of their own, which they may end, fork or starve."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

ROUNDS = int(os.environ.get("DLT_JAVA_ROUNDS", 0))
"""How often each test repeats what it does at random moments; 0: as often as in each build."""

SECONDS = 240 + 30 * ROUNDS
"""After which a script counts as hanging; a round takes about one second of a whole core."""

_SHARED = """
import contextlib, os, sys, threading, time, warnings
# Python warns of fork with threads, which is what is tested.
warnings.simplefilter("ignore", DeprecationWarning)
from dlt_java import DltJavaException, Request, Source, SourceOptions, _library


def opened(text, **options):
    source = Source(SourceOptions([], "t", pushed=True, **options))
    assert source.push([text], 60)
    assert source.push([], 60)
    return source


def rows_of(source):
    with source:
        return sum(batch.to_pyarrow().num_rows for batch in source if batch.table == "t")


def numbers(count):
    return b"[" + b",".join(b'{"a":%d,"l":[1,2]}' % i for i in range(count)) + b"]"


def fetched(url):
    return rows_of(Source(SourceOptions([Request(url)], "t")))


def outcome(action):
    # What a thing did: its result, or the library's error.
    try:
        return action()
    except (DltJavaException, ImportError) as error:
        return f"{type(error).__name__} {error.code} {error}"


def held(*locks):
    # A thread that holds locks; ends with the function that it returns.
    taken, over = threading.Event(), threading.Event()
    def hold():
        with contextlib.ExitStack() as stack:
            for lock in locks:
                stack.enter_context(lock)
            taken.set()
            over.wait()
    holder = threading.Thread(target=hold)
    holder.start()
    taken.wait()
    def end():
        over.set()
        holder.join()
    return end


def in_child(action, seconds=60):
    # What a thing prints in a child of fork; "hangs" if it does not end.
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(readable)
        os.write(writable, str(outcome(action)).encode())
        os._exit(0)
    os.close(writable)
    deadline = time.monotonic() + seconds
    ended = 0
    while not ended and time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        time.sleep(0.005)
    if not ended:
        os.kill(child, 9)
        os.waitpid(child, 0)
        return "hangs"
    with os.fdopen(readable, "rb") as pipe:
        return pipe.read().decode() if status == 0 else f"status {status}"
"""


def script(text: str) -> str:
    """The whole of a script, with the functions that all share."""
    return _SHARED + textwrap.dedent(text)


def run(text: str, *arguments: str, seconds: float = SECONDS, **variables: str) -> list[str]:
    """Runs a script to its end, which has to be a good one.

    Args:
        text: What it does.
        arguments: `sys.argv` from 1 on.
        seconds: After which it counts as hanging.
        variables: Of its environment, besides those of this process.

    Returns:
        The lines that it printed.
    """
    result = subprocess.run(
        [sys.executable, "-c", script(text), *arguments],
        capture_output=True,
        text=True,
        timeout=seconds,
        env={**os.environ, **variables},
    )
    assert result.returncode == 0, f"{result.returncode}\n{result.stdout}\n{result.stderr[:4000]}"
    return result.stdout.splitlines()


@contextlib.contextmanager
def running(
    program: str, *arguments: str, folder: Path | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A script that goes on beside the test, and is killed at its end if it has not ended.

    Args:
        program: All of its text.
        arguments: `sys.argv` from 1 on.
        folder: Where it works.
    """
    # As at a terminal: jobs that a shell runs in the background ignore the signal.
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(
            [sys.executable, "-c", program, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=folder,
        )
    finally:
        signal.signal(signal.SIGINT, usual)
    # Leaving waits for the end of the process, without a limit.
    with process:
        try:
            yield process
        finally:
            process.kill()


def new_seed() -> str:
    """A new seed; pytest shows it when a test fails."""
    seed = int.from_bytes(os.urandom(4), "big")
    print(f"seed {seed}")
    return str(seed)
