"""Children of fork work, or are refused with one clear error; their parents notice nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from child_process import ROUNDS, SECONDS, new_seed, run, script

REFUSED = "DltJavaException 103"


def test_a_source_that_a_thread_of_the_parent_uses_is_refused() -> None:
    lines = run(
        """
        source = opened(numbers(5))
        let_go = held(source._reading, source._freeing)
        print(in_child(lambda: source.poll(5)))
        print(in_child(lambda: next(source)))
        print(in_child(lambda: source.push([b"{}"])))
        print(in_child(source.statistics))
        print(in_child(source.__arrow_c_schema__))
        print(in_child(lambda: source.set_auth({})))
        let_go()
        print(rows_of(source))
        """
    )

    assert [line[: len(REFUSED)] for line in lines[:-1]] == 6 * [REFUSED]
    assert lines[-1] == "5"


def test_closing_a_source_of_the_parent_does_not_wait() -> None:
    lines = run(
        """
        source = opened(numbers(5))
        let_go = held(source._reading, source._freeing)
        print(in_child(source.close))
        print(in_child(source.cancel))
        print(in_child(lambda: rows_of(opened(numbers(7)))))
        let_go()
        print(rows_of(source))
        """
    )

    assert lines == ["None", "None", "7", "5"]


def test_a_scan_that_a_thread_of_the_parent_reads_is_refused() -> None:
    lines = run(
        """
        from dlt_java import Scan
        reading, over = threading.Event(), threading.Event()
        def texts():
            yield numbers(5)
            reading.set()
            over.wait()
        scan = Scan(SourceOptions([], "t", pushed=True), texts())
        reader = threading.Thread(target=scan.tables)
        reader.start()
        reading.wait()
        print(in_child(lambda: scan.table("t").__arrow_c_schema__()))
        print(in_child(scan.close))
        over.set()
        reader.join()
        print(len(scan.tables()))
        scan.close()
        """
    )

    assert lines[0].startswith(REFUSED)
    assert lines[1:] == ["None", "2"]


@pytest.mark.parametrize("lock", ["_auth._obtaining", "_statistics._counting"])
def test_locks_of_the_package_are_free_in_a_child(lock: str) -> None:
    lines = run(
        f"""
        from dlt_java.rest_api import {lock.split(".")[0]}
        let_go = held({lock})
        print(in_child(lambda: {lock}.acquire(timeout=5)))
        let_go()
        """
    )

    assert lines == ["True"]


def test_a_fork_while_another_thread_starts_the_library() -> None:
    rounds = ROUNDS or 6
    lines = run(
        """
        import random
        rounds, seed = int(sys.argv[1]), int(sys.argv[2])
        pauses = random.Random(seed)
        for _ in range(rounds):
            pause = pauses.random() * 0.04
            # Each round begins in a process that has not loaded the library.
            def both():
                rows = []
                reader = threading.Thread(target=lambda: rows.append(rows_of(opened(numbers(5)))))
                reader.start()
                time.sleep(pause)
                child = in_child(lambda: rows_of(opened(numbers(7))))
                reader.join()
                return child, rows
            print(in_child(both))
        """,
        str(rounds),
        new_seed(),
    )

    assert lines == ["('7', [5])"] * rounds


def test_forks_while_threads_read() -> None:
    rounds = ROUNDS or 6
    lines = run(
        """
        over = threading.Event()
        read, failed = [0], []
        def reads():
            while not over.is_set():
                rows = outcome(lambda: rows_of(opened(numbers(300), batch_rows=7)))
                if rows == 300:
                    read[0] += 1
                else:
                    failed.append(rows)
        readers = [threading.Thread(target=reads) for _ in range(4)]
        for reader in readers:
            reader.start()
        for _ in range(int(sys.argv[1])):
            print(in_child(lambda: rows_of(opened(numbers(7)))))
        over.set()
        for reader in readers:
            reader.join()
        print(read[0] > 0, failed)
        """,
        str(rounds),
    )

    assert lines == ["7"] * rounds + ["True []"]


def test_a_server_that_forks_its_workers() -> None:
    lines = run(
        """
        _library.load()
        print([in_child(lambda: rows_of(opened(numbers(7)))) for _ in range(3)])
        print(rows_of(opened(numbers(5))))
        print([in_child(lambda: rows_of(opened(numbers(7)))) for _ in range(3)])
        def grandchild():
            return rows_of(opened(numbers(2))), in_child(lambda: rows_of(opened(numbers(3))))
        print(in_child(grandchild))
        """
    )

    assert lines == ["['7', '7', '7']", "5", "['7', '7', '7']", "(2, '3')"]


# What they start imports all again, which takes long.
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"] if ROUNDS else ["fork", "spawn"])
def test_process_pools(tmp_path: Path, method: str) -> None:
    text = """
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    def work(count):
        return rows_of(opened(numbers(count)))

    if __name__ == "__main__":
        source = opened(numbers(5))
        context = multiprocessing.get_context(sys.argv[1])
        with ProcessPoolExecutor(2, mp_context=context) as pool:
            print(list(pool.map(work, range(1, 5))))
        print(rows_of(source))
    """
    # Children of `spawn` import what they run, so it has to be a file.
    file = tmp_path / "pool.py"
    file.write_text(script(text))

    result = subprocess.run(
        [sys.executable, str(file), method], capture_output=True, text=True, timeout=SECONDS
    )

    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == ["[1, 2, 3, 4]", "5"]
