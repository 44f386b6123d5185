"""A JVM of somebody else in the process, which came before the library or after it."""

from __future__ import annotations

import os

import pytest
from child_process import run
from replica import Replica


@pytest.mark.parametrize("first", ["library", "jvm"])
def test_a_jvm_and_the_library_serve_one_process(replica: Replica, first: str) -> None:
    lines = run(
        """
        import jpype
        url, first, home = sys.argv[1:]
        def ours():
            return rows_of(opened(numbers(5))) + fetched(url)
        if first == "library":
            print(ours())
        jpype.startJVM(f"{home}/lib/server/libjvm.so", "-Xmx128m")
        def theirs():
            address = jpype.JClass("java.net.URI").create(url).toURL()
            stream = address.openStream()
            try:
                return len(bytes(stream.readAllBytes())) > 10
            finally:
                stream.close()
        # HotSpot turns this fault of a processor into an exception by a signal handler of its own.
        none = jpype.JClass("java.util.concurrent.atomic.AtomicReference")()
        def fault():
            try:
                jpype.JClass("java.util.Objects").requireNonNull(none.get())
            except jpype.JException as error:
                return type(error).__name__
        print(ours(), theirs(), fault())
        results = []
        def both():
            for _ in range(5):
                results.append((ours(), theirs(), fault()))
        threads = [threading.Thread(target=both) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        jpype.JClass("java.lang.System").gc()
        print(len(results), set(results))
        jpype.shutdownJVM()
        print(ours())
        """,
        replica.base_url + "player/hikaru",
        first,
        os.environ["DLT_JAVA_JDK"],
    )

    both = "(6, True, 'java.lang.NullPointerException')"
    expected = ["6 True java.lang.NullPointerException", f"40 {{{both}}}", "6"]
    assert lines == (["6", *expected] if first == "library" else expected)
