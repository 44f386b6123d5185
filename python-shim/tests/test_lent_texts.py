"""Texts that the library reads where they lie."""

from __future__ import annotations

import sys

import pyarrow as pa
import pytest
from child_process import ROUNDS, new_seed, run

from dlt_java import DltJavaException, Source, SourceOptions


def test_lent_texts_are_kept_until_the_source_is_closed() -> None:
    text = pa.py_buffer(b'{"a":1}\n{"a":2}\n')
    unused = sys.getrefcount(text)
    with Source(SourceOptions((), "t", pushed=True, lent=True)) as source:
        assert source.push([text, text], 60)
        assert source.push([], 60)
        rows = sum(batch.num_rows for batch in source)
        used = sys.getrefcount(text)

    assert (rows, used, sys.getrefcount(text)) == (4, unused + 2, unused)


def test_lent_texts_that_were_not_taken_are_not_kept() -> None:
    text = pa.py_buffer(b"[1,2,3]")
    unused = sys.getrefcount(text)
    with Source(SourceOptions((), "t", pushed=True, lent=True, batch_rows=1)) as source:
        taken = 0
        while source.push([text], 0.1):
            taken += 1
        used = sys.getrefcount(text)

    assert used == unused + taken


def test_a_source_of_lent_texts_is_no_stream() -> None:
    with (
        Source(SourceOptions((), "t", pieces=True, lent=True)) as source,
        pytest.raises(DltJavaException, match="would not keep the texts"),
    ):
        source.__arrow_c_stream__()


def test_lent_texts_may_go_once_the_source_is_closed() -> None:
    lines = run(
        """
        import mmap, random
        import pyarrow as pa
        text = b"".join(b'{"a":%d,"b":"%s"}\\n' % (i, b"x" * (i % 90)) for i in range(60_000))
        pauses = random.Random(int(sys.argv[1]))
        rows = 0
        for _ in range(int(sys.argv[2])):
            memory = mmap.mmap(-1, len(text))
            memory[:] = text
            source = Source(SourceOptions([], "t", pieces=True, lent=True, batch_rows=100))
            whole = pa.py_buffer(memory)
            source.push([whole[:2_000_000]])
            source.push([whole[2_000_000:]])
            del whole
            while pauses.random() < 0.9:
                rows += next(source).num_rows
            source.close()
            # Refused while anybody holds it; whoever reads it from here on ends the process.
            memory.close()
        print(rows > 0)
        """,
        new_seed(),
        str(ROUNDS or 20),
    )

    assert lines == ["True"]
