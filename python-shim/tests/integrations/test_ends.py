"""A process that ends at any moment, by itself or by a signal, ends at once and as it should."""

from __future__ import annotations

import random
import signal
import subprocess
import sys

import pytest
from child_process import ROUNDS, SECONDS, new_seed, run, running, script
from replica import Replica

CRASHES = {-signal.SIGSEGV, -signal.SIGBUS, -signal.SIGILL, -signal.SIGABRT, 99}
"""99 is GraalVM's."""

BUSY = """
    url = sys.argv[1]
    library = _library.load()
    print("begins", flush=True)
    def read():
        while True:
            rows_of(opened(numbers(3000), batch_rows=7))
            fetched(url)
    for _ in range(3):
        threading.Thread(target=read, daemon=True).start()
    kept = []
    with open("/dev/null", "w") as nowhere:
        while True:
            with opened(numbers(3000), batch_rows=7) as source:
                kept = [batch.to_pyarrow() for batch in source]
            print(len(kept), file=nowhere)
"""

CATCHING = """
    import signal
    # Blocked at first, so that the threads leave it to the main one.
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    sys.unraisablehook = lambda lost: print("lost in", lost.object, flush=True)
    def read():
        while True:
            rows_of(opened(numbers(3000), batch_rows=7))
    # The more threads, the longer the main one waits for the GIL where a signal finds it.
    for _ in range(3):
        threading.Thread(target=read, daemon=True).start()
    print("begins", flush=True)
    while True:
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
            while True:
                with opened(numbers(3000), batch_rows=7) as source:
                    kept = [batch.to_pyarrow() for batch in source]
        except KeyboardInterrupt:
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
            print("caught", flush=True)
"""

ALIVE = """
    streams = [opened(numbers(3000), batch_rows=7) for _ in range(5)]
    batches = [list(opened(numbers(3000), batch_rows=7)) for _ in range(5)]
    fetches = [
        Source(SourceOptions([Request(sys.argv[1] + str(number))], "t")) for number in range(20)
    ]
    for _ in range(5):
        source = opened(numbers(30_000), batch_rows=1)
        threading.Thread(target=list, args=(source,), daemon=True).start()
        threading.Thread(target=fetched, args=(sys.argv[1],), daemon=True).start()
    time.sleep(0.05)
"""

WAYS = {
    "sys.exit": "sys.exit(3)",
    "os._exit": "os._exit(3)",
    "the end": "os.write(1, b'')",
}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_signal_at_a_random_moment(replica: Replica, number: signal.Signals) -> None:
    pauses = random.Random(int(new_seed()))
    for _ in range(ROUNDS or 2):
        pause = pauses.random() * 0.3
        with running(script(BUSY), profile(replica)) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "begins\n"
            # A moment that nothing else marks.
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(pause)
            process.send_signal(number)
            _, errors = process.communicate(timeout=SECONDS)
        assert process.returncode not in CRASHES, errors
        assert process.returncode in (-number, 1 if number == signal.SIGINT else -number), errors
        assert "Fatal error" not in errors, errors


def test_no_ctrl_c_is_lost_while_batches_are_read() -> None:
    pauses = random.Random(int(new_seed()))
    answers = []
    with running(script(CATCHING)) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begins\n"
        for _ in range(ROUNDS or 200):
            # A moment that nothing else marks.
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(pauses.random() * 0.02)
            process.send_signal(signal.SIGINT)
            answers.append(process.stdout.readline())

    assert set(answers) == {"caught\n"}


@pytest.mark.parametrize("way", WAYS)
def test_an_exit_while_much_is_alive(replica: Replica, way: str) -> None:
    replica.faults("/pub/player/nobody* always stall")
    result = subprocess.run(
        [
            sys.executable,
            "-c",
            script(f"{ALIVE}\n    {WAYS[way]}\n"),
            replica.base_url + "player/nobody",
        ],
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )

    assert (result.returncode, result.stderr) == (0 if way == "the end" else 3, "")


def test_a_second_copy_of_the_library_is_refused(tmp_path: object) -> None:
    lines = run(
        """
        import json, shutil
        from pathlib import Path
        from dlt_java import _abi
        first = Path(os.environ.get("DLT_JAVA_LIBRARY") or _library.candidates()[0])
        copy = Path(sys.argv[1])
        for file in first.parent.glob("*.so"):
            shutil.copy(file, copy)
        options = json.dumps({"pushed": True, "table": "t"})
        print(rows_of(opened(numbers(5))))
        second = _abi.Library(str(copy / first.name))
        print(outcome(lambda: second.open(options)))
        # Another name of the first is the first.
        link = copy / "link"
        link.symlink_to(first.parent)
        _abi.Library(str(link / first.name)).open(options).close()
        print(rows_of(opened(numbers(5))))
        """,
        str(tmp_path),
    )

    assert lines[1].startswith("LibraryException 309")
    assert "another copy" in lines[1]
    assert str(tmp_path) in lines[1]
    assert [lines[0], lines[2]] == ["5", "5"]


def profile(replica: Replica) -> str:
    """The address of one record."""
    return replica.base_url + "player/hikaru"
