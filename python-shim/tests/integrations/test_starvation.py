"""A process without further threads, files or memory: calls fail with an error, then work again."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from child_process import ROUNDS, run
from replica import Replica

NO_THREADS = """
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <errno.h>
    #include <limits.h>
    #include <pthread.h>
    #include <stdatomic.h>

    typedef int create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

    static atomic_int left = INT_MAX;

    void leave_threads(int count) { left = count; }

    int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                       void *argument) {
      static create *real;
      if (!real) {
        real = (create *)dlsym(RTLD_NEXT, "pthread_create");
      }
      return atomic_fetch_sub(&left, 1) > 0 ? real(thread, attributes, run, argument) : EAGAIN;
    }
"""

READ_ALL = """
    import ctypes, resource
    import pyarrow
    # Long enough that all cores decode it.
    many = numbers(200_000)
    def read_all(url, path):
        def file():
            return rows_of(Source(SourceOptions([], "t", file=path)))
        actions = [lambda: rows_of(opened(many)), lambda: fetched(url), file]
        return [outcome(action) for action in actions]
"""


@pytest.fixture
def no_threads(tmp_path: Path) -> str:
    """A library that lets a process have so many further threads as it is told."""
    code, library = tmp_path / "threads.c", tmp_path / "threads.so"
    code.write_text(NO_THREADS)
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, code], check=True)
    return str(library)


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "rows.json"
    path.write_text('[{"a":1},{"a":2}]')
    return str(path)


def test_without_further_threads_calls_fail_and_later_work(
    replica: Replica, no_threads: str, file: str
) -> None:
    lines = run(
        READ_ALL
        + """
    url, path, library = sys.argv[1:]
    leave = ctypes.CDLL(library).leave_threads
    def in_order(count):
        leave(count)
        return read_all(url, path)
    for count in range(1, 14):
        def both():
            few = in_order(count)
            leave(1_000_000)
            return few, read_all(url, path)
        print(in_child(both))
        """,
        replica.base_url + "player/hikaru",
        file,
        no_threads,
        LD_PRELOAD=no_threads,
    )

    assert len(lines) == 13
    whole = "[200000, 1, 2]"
    for line in lines:
        assert line.endswith(f"{whole})"), line
        assert "INTERNAL" not in line
        assert " 901 " not in line
    assert whole not in lines[0][: -len(whole) - 1]
    assert lines[-1] == f"({whole}, {whole})"


def test_a_runtime_that_could_not_start_says_so_again(no_threads: str) -> None:
    lines = run(
        """
        import ctypes
        import pyarrow
        leave = ctypes.CDLL(sys.argv[1]).leave_threads
        _library.load()
        leave(0)
        print(outcome(lambda: rows_of(opened(b"[]"))))
        leave(1_000_000)
        print(outcome(lambda: rows_of(opened(b"[]"))))
        print(in_child(lambda: rows_of(opened(b"[]"))))
        """,
        no_threads,
        LD_PRELOAD=no_threads,
    )

    assert [line[:21] for line in lines] == ["LibraryException 309 "[:21]] * 3
    assert "another process" in lines[1]


@pytest.mark.parametrize("started", [False, True])
def test_without_further_files_calls_fail_and_later_work(
    replica: Replica, file: str, started: bool
) -> None:
    lines = run(
        READ_ALL
        + """
    url, path, started = sys.argv[1], sys.argv[2], sys.argv[3] == "True"
    _library.load()
    if started:
        read_all(url, path)
    resource.setrlimit(resource.RLIMIT_NOFILE, (300, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    def starved(spare):
        held = []
        try:
            while True:
                held.append(os.open("/dev/null", os.O_RDONLY))
        except OSError:
            pass
        for _ in range(spare):
            os.close(held.pop())
        few = read_all(url, path)
        for descriptor in held:
            os.close(descriptor)
        return few, read_all(url, path)
    for spare in (0, 1, 2, 3, 5, 8, 13, 21):
        # In a child it has not started.
        print(starved(spare) if started else in_child(lambda: starved(spare)))
        """,
        replica.base_url + "player/hikaru",
        file,
        str(started),
    )

    whole = "[200000, 1, 2]"
    assert len(lines) == 8
    for line in lines:
        assert line.endswith(f", {whole})"), line
        assert " 901 " not in line, line
    assert lines[0] != f"({whole}, {whole})"
    assert lines[-1] == f"({whole}, {whole})"


@pytest.mark.parametrize("megabytes", range(1, 600, 7) if ROUNDS else [1, 40, 400])
def test_without_further_memory_calls_fail_and_later_work(
    replica: Replica, file: str, megabytes: int
) -> None:
    lines = run(
        READ_ALL
        + """
    url, path, megabytes = sys.argv[1], sys.argv[2], int(sys.argv[3])
    read_all(url, path)
    with open("/proc/self/status") as status:
        words = dict(line.split(":", 1) for line in status)
    used = 1024 * int(words["VmData"].split()[0])
    wide = (b'{"a":"%s","k%d":1}' % (b"x" * 1000, i % 50) for i in range(20_000))
    text = b"[" + b",".join(wide) + b"]"
    def much():
        source = Source(SourceOptions([], "t", pushed=True))
        kept = []
        try:
            for _ in range(10):
                while not source.push([text]):
                    batch = source.poll(0.1)
                    kept += [batch] if batch is not None else []
            source.push([], 60)
            kept += source
            return sum(batch.num_rows for batch in kept)
        finally:
            source.close()
            for batch in kept:
                batch.release()
    unlimited = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (used + megabytes * 1_000_000, unlimited[1]))
    few = [outcome(much), *read_all(url, path), outcome(much)]
    resource.setrlimit(resource.RLIMIT_DATA, unlimited)
    print(few)
    print([much(), *read_all(url, path)])
        """,
        replica.base_url + "player/hikaru",
        file,
        str(megabytes),
    )

    print(lines[0])
    assert " 901 " not in lines[0]
    assert lines[1:] == ["[200000, 200000, 1, 2]"]
