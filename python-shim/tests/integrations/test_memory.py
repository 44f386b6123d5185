"""Memory: caps hold and become exceptions, none is lost, batches live as long as they are used."""

from __future__ import annotations

import os

from child_process import run

BATCHES = int(os.environ.get("DLT_JAVA_SOAK_BATCHES", 0)) or 50_000
"""How many batches the soak takes."""


def test_batches_outlive_their_stream_their_source_and_the_library_handle() -> None:
    lines = run(
        """
        import gc
        import pyarrow as pa
        source = opened(numbers(1000), batch_rows=100)
        batches = [batch.to_pyarrow() for batch in source if batch.table == "t"]
        batches[0] = pa.RecordBatch.from_arrays([batches[0].column("a")], names=["a"])
        source.close()
        stream = opened(b'[{"a":1},{"a":2}]')
        reader = pa.RecordBatchReader.from_stream(stream)
        del stream
        streamed = reader.read_all()
        del reader, source
        library = _library._loaded.pop()
        exports = library.live_exports
        del library
        gc.collect()
        print(exports() > 0)
        for batch in [*batches, *streamed.to_batches()]:
            batch.validate(full=True)
        print(sum(sum(batch.column("a").to_pylist()) for batch in batches) == sum(range(1000)))
        print(streamed.column("a").to_pylist())
        column = batches[3].column("a")
        del batches, batch, streamed
        gc.collect()
        print(exports() > 0, column.to_pylist()[:2])
        del column
        gc.collect()
        print(exports(), _library.load().allocated_bytes())
        """
    )

    assert lines == ["True", "True", "[1, 2]", "True [300, 301]", "0 0"]


def test_a_full_heap_is_an_exception() -> None:
    lines = run(
        """
        def much():
            requests = 12 * [Request("http://127.0.0.1:9/", body="x" * 15_000_000)]
            return rows_of(Source(SourceOptions(requests, "t")))
        # The thread that clears references can meet a full heap at any of its steps.
        for _ in range(6):
            print(outcome(much))
            print(rows_of(opened(numbers(5))))
        print(_library.load().allocated_bytes(), _library.load().live_exports())
        """
    )

    assert [line[:20] for line in lines[0:12:2]] == ["DltJavaException 307"] * 6
    assert lines[1:12:2] == ["5"] * 6
    assert lines[12:] == ["0 0"]


def test_sources_that_fill_the_heap_together_fail_and_make_room_again() -> None:
    lines = run(
        """
        url = "http://127.0.0.1:9/"
        request = Request(url, body="x" * 18_000_000)
        kept = []
        def fill():
            while len(kept) < 40:
                kept.append(Source(SourceOptions([request], "t", max_attempts=1)))
        print(outcome(fill))
        ends = [outcome(lambda: list(source)) for source in kept]
        print([end for end in ends if " 301 " not in end and " 307 " not in end], len(ends) > 3)
        for source in kept:
            source.close()
        kept.clear()
        print(rows_of(opened(numbers(5))))
        print(_library.load().allocated_bytes(), _library.load().live_exports())
        """
    )

    assert lines[0].startswith("DltJavaException 307")
    assert lines[1:] == ["[] True", "5", "0 0"]


def test_resident_memory_stays_flat_over_many_batches() -> None:
    lines = run(
        """
        import gc
        wanted = int(sys.argv[1])
        text = numbers(2500)
        library = _library.load()
        def resident():
            with open("/proc/self/statm") as statm:
                return int(statm.read().split()[1]) * os.sysconf("SC_PAGESIZE")
        def soak(count):
            taken = 0
            while taken < count:
                with opened(text, batch_rows=1) as source:
                    for batch in source:
                        # Some are exported, some are left to the collector.
                        batch.to_pyarrow() if taken % 2 else batch
                        taken += 1
                del batch
                assert library.live_exports() == 0, library.live_exports()
            gc.collect()
            return library.allocated_bytes(), resident()
        # The heap and the allocators come to their size.
        soak(wanted // 2)
        before = soak(wanted // 10)
        after = soak(wanted)
        print(before[0], after[0], (after[1] - before[1]) >> 20)
        """,
        str(BATCHES),
        # Some thousand a second.
        seconds=240 + BATCHES / 500,
    )

    held_before, held_after, grown = map(int, lines[0].split())
    assert (held_before, held_after) == (0, 0)
    assert grown < 24, f"{grown} MiB over {BATCHES} batches"
