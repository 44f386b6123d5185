"""Threads of the caller, many or with little stack; those of the library, which take no signals."""

from __future__ import annotations

import pkgutil
import resource
import subprocess
import sys

from child_process import ROUNDS, SECONDS, new_seed, run, script
from replica import Replica

import dlt_java


def test_sixty_four_threads_with_sources_of_their_own() -> None:
    # Python changes the thread a thousand times as often as it would.
    lines = run(
        """
        sys.setswitchinterval(1e-6)
        start, results = threading.Barrier(64), {}
        def read(count):
            start.wait()
            results[count] = outcome(lambda: rows_of(opened(numbers(count), batch_rows=7)))
        readers = [threading.Thread(target=read, args=(count,)) for count in range(1, 65)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        print({count: rows for count, rows in results.items() if rows != count}, len(results))
        """
    )

    assert lines == ["{} 64"]


def test_a_source_goes_from_thread_to_thread() -> None:
    lines = run(
        """
        sys.setswitchinterval(1e-6)
        source = opened(numbers(200), batch_rows=1, tables={"t": {"columns": {}}})
        turn, got = threading.Condition(), []
        def take(number):
            while True:
                with turn:
                    turn.wait_for(lambda: len(got) % 8 == number)
                    got.append(next(source, None))
                    turn.notify_all()
                    if got[-1] is None:
                        # The others come to their end in their turns.
                        return
        threads = [threading.Thread(target=take, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        roots = [batch.to_pyarrow() for batch in got if batch is not None and batch.table == "t"]
        print([row for rows in roots for row in rows.column("a").to_pylist()] == list(range(200)))
        """
    )

    assert lines == ["True"]


def test_all_calls_at_once_end_in_a_result_or_an_error() -> None:
    lines = run(
        """
        import random
        rounds, seed = int(sys.argv[1]), int(sys.argv[2])
        order = random.Random(seed)
        sys.setswitchinterval(1e-6)
        unforeseen = []
        for _ in range(rounds):
            source = opened(numbers(300), batch_rows=1)
            calls = 3 * [
                lambda: source.poll(0.01),
                source.statistics,
                source.cancel,
                source.close,
                lambda: source.push([b"{}"]),
                lambda: source.set_auth({}),
            ]
            order.shuffle(calls)
            def repeat(call):
                try:
                    for _ in range(20):
                        outcome(call)
                except BaseException as error:
                    unforeseen.append(repr(error))
            threads = [threading.Thread(target=repeat, args=(call,)) for call in calls]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            source.close()
        print(unforeseen)
        """,
        str(ROUNDS or 5),
        new_seed(),
    )

    assert lines == ["[]"]


def test_no_module_of_the_package_is_an_extension_module() -> None:
    # One would turn the GIL of a free-threaded Python on again.
    prefix = dlt_java.__name__ + "."
    for module in pkgutil.walk_packages(dlt_java.__path__, prefix):
        specification = module.module_finder.find_spec(module.name, None)
        assert specification is not None
        assert specification.origin is not None
        assert specification.origin.endswith(".py")


def test_threads_with_small_stacks_work_or_are_refused() -> None:
    lines = run(
        """
        def in_thread(kilobytes):
            results = []
            threading.stack_size(1024 * kilobytes)
            thread = threading.Thread(
                target=lambda: results.append(outcome(lambda: rows_of(opened(numbers(9)))))
            )
            thread.start()
            thread.join()
            return results[0]
        # In the order in which a class might be initialized on too little of it.
        for kilobytes in (32, 48, 64, 80, 96, 112, 128, 160, 256, 512, 64, 1024):
            print(kilobytes, in_thread(kilobytes))
        """
    )

    outcomes = [line.split(" ", 1) for line in lines]
    assert len(outcomes) == 12
    for kilobytes, outcome in outcomes:
        refused = outcome.startswith("LibraryException 309") and "stack" in outcome
        assert outcome == "9" if int(kilobytes) >= 256 else outcome == "9" or refused
        assert refused or int(kilobytes) > 64


DESCENT = """
    import ctypes, resource
    callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)
    sys.setrecursionlimit(1_000_000)
    source = opened(numbers(9))
    deepest = 0
    @callback
    def descend(depth):
        global deepest, last
        last = outcome(source.statistics)
        deepest = depth
        # Each level is a frame of C.
        return descend(depth + 1) if isinstance(last, dict) and depth < int(sys.argv[1]) else 0
"""


def test_a_caller_deep_in_its_stack_is_refused_before_the_end() -> None:
    lines = run(
        DESCENT
        + """
    def all_the_way():
        descend(0)
        print(last)
        print(deepest > 100)
        # Higher up it goes on.
        print(rows_of(source))
    threading.stack_size(1024 * 1024)
    thread = threading.Thread(target=all_the_way)
    thread.start()
    thread.join()
        """,
        "1000000",
    )

    assert lines[0].startswith("LibraryException 309")
    assert lines[1:] == ["True", "9"]


def test_a_source_is_closed_however_deep_its_caller_is() -> None:
    lines = run(
        DESCENT.replace("else 0", "else source.close() or 0")
        + """
    held = _library.load().allocated_bytes
    print(held() > 0)
    threading.stack_size(1024 * 1024)
    thread = threading.Thread(target=descend, args=(0,))
    thread.start()
    thread.join()
    print(last)
    print(held())
        """,
        "1000000",
    )

    assert lines[0] == "True"
    assert lines[1].startswith("LibraryException 309")
    assert lines[2:] == ["0"]


def test_the_main_thread_may_get_a_larger_stack() -> None:
    # GraalVM asks for the bounds of a stack when it meets the thread.
    text = (
        DESCENT
        + """
    descend(0)
    print(last)
    first = deepest
    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    resource.setrlimit(resource.RLIMIT_STACK, (16 * soft, hard))
    descend(0)
    print(deepest > 4 * first)
    print(rows_of(source))
        """
    )
    result = subprocess.run(
        [sys.executable, "-c", script(text), "1000000"],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_STACK, (1 << 20, 1 << 24)),
    )

    assert result.returncode == 0, result.stderr[:4000]
    lines = result.stdout.splitlines()
    assert lines[0].startswith("LibraryException 309")
    assert lines[1:] == ["True", "9"]


def test_the_threads_of_the_library_need_no_stack_limit_of_the_program(replica: Replica) -> None:
    # New threads of a program have so much stack as `ulimit -s` says.
    result = subprocess.run(
        [sys.executable, "-c", script("print(fetched(sys.argv[1]))"), profile(replica)],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_STACK, (1 << 18, 1 << 18)),
    )

    assert (result.returncode, result.stdout) == (0, "1\n"), result.stderr[:4000]


def test_the_threads_of_the_library_take_no_signals(replica: Replica) -> None:
    lines = run(
        """
        import signal
        def threads():
            return set(os.listdir("/proc/self/task"))
        def blocked(thread):
            with open(f"/proc/self/task/{thread}/status") as status:
                words = dict(line.split(":", 1) for line in status)
            return int(words["SigBlk"], 16)
        _library.load()
        before = threads()
        fetched(sys.argv[1])
        # Long enough for threads that decode parts of it.
        source = opened(numbers(300_000))
        next(source)
        own = threads() - before
        wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGCHLD, signal.SIGALRM)
        mask = sum(1 << number - 1 for number in wanted)
        print(len(own) > 4, [thread for thread in own if blocked(thread) & mask != mask])
        print(signal.pthread_sigmask(signal.SIG_BLOCK, []))
        source.close()
        """,
        profile(replica),
    )

    assert lines == ["True []", "set()"]


def test_handlers_and_limits_of_the_process_stay(replica: Replica) -> None:
    text = """
    import resource
    def settings():
        with open("/proc/self/status") as status:
            words = dict(line.split(":", 1) for line in status)
        limits = [getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_")]
        return (
            [words[name] for name in ("SigBlk", "SigIgn", "SigCgt")],
            [resource.getrlimit(limit) for limit in limits],
            os.getcwd(), os.umask(0o22), dict(os.environ), time.tzname,
        )
    settings()
    before = settings()
    fetched(sys.argv[1])
    print(settings() == before)
    """
    result = subprocess.run(
        [sys.executable, "-c", script(text), profile(replica)],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (500, 1000)),
    )

    assert (result.returncode, result.stdout) == (0, "True\n"), result.stderr


def test_a_server_that_hangs_up_ends_no_program() -> None:
    # With the system's own handling of SIGPIPE, as command line tools have it.
    lines = run(
        """
        import random, signal, socket, struct
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        pauses = random.Random(int(sys.argv[2]))
        listening = socket.create_server(("127.0.0.1", 0))
        def hang_up(connection):
            connection.recv(100)
            connection.shutdown(socket.SHUT_WR)
            time.sleep(pauses.random() * 0.002)
            # Closed with a reset: what is sent now has nowhere to go.
            linger = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            connection.close()
        def serve():
            while True:
                threading.Thread(target=hang_up, args=(listening.accept()[0],), daemon=True).start()
        threading.Thread(target=serve, daemon=True).start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        long = Request(url, method="POST", body="x" * 20_000_000)
        for _ in range(int(sys.argv[1])):
            outcome(lambda: rows_of(Source(SourceOptions([long], "t", max_attempts=1))))
        print("alive")
        """,
        str(ROUNDS or 40),
        new_seed(),
    )

    assert lines == ["alive"]


def profile(replica: Replica) -> str:
    """The address of one record."""
    return replica.base_url + "player/hikaru"
