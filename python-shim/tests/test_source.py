"""The source handle: threads, ends, and what it hands to Arrow libraries."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pytest
from conftest import eventually
from replica import Replica

from dlt_java import DltJavaException, OptionsException, Request, Source, SourceOptions

PLAYERS = ["magnuscarlsen", "hikaru", "vincentkeymer"]


def profiles(replica: Replica) -> SourceOptions:
    requests = [Request(f"{replica.base_url}player/{player}") for player in PLAYERS]
    return SourceOptions(requests, "profiles", load_id="1700000000.5")


def stalled(replica: Replica) -> SourceOptions:
    replica.faults("/pub/player/* always stall")
    return profiles(replica)


def test_batches_are_valid_arrow_data(replica: Replica) -> None:
    options = SourceOptions(
        [Request(f"{replica.base_url}player/hikaru/games/2022/11")],
        "games",
        record_path=["games"],
        load_id="1700000000.5",
        batch_rows=7,
    )
    rows = 0
    with Source(options) as source:
        for batch in source:
            record_batch = pa.record_batch(batch)
            record_batch.validate(full=True)
            assert record_batch.num_rows == batch.num_rows <= 7
            rows += batch.num_rows
        assert source.finished

    assert rows == 40


def test_tables_come_with_their_parents(replica: Replica) -> None:
    seen: set[str] = set()
    completed = 0
    with Source(profiles(replica)) as source:
        for batch in source:
            assert batch.parent_table is None or batch.parent_table in seen
            assert completed <= batch.requests_completed <= len(PLAYERS)
            completed = batch.requests_completed
            seen.add(batch.table)

    assert seen == {"profiles", "profiles__streaming_platforms"}


def test_batches_outlive_their_source(replica: Replica) -> None:
    with Source(profiles(replica)) as source:
        batch = next(source)

    assert pa.record_batch(batch).column("username").to_pylist() == PLAYERS


def test_a_batch_moves_once(replica: Replica) -> None:
    with Source(profiles(replica)) as source:
        batch = next(source)
    pa.record_batch(batch)

    with pytest.raises(DltJavaException, match="`profiles` was exported"):
        pa.record_batch(batch)


def test_a_released_batch_cannot_be_exported(replica: Replica) -> None:
    with Source(profiles(replica)) as source:
        batch = next(source)
    batch.release()
    batch.release()

    with pytest.raises(DltJavaException, match="released"):
        batch.__arrow_c_array__()


def test_capsules_that_nobody_takes_are_freed(replica: Replica) -> None:
    with Source(profiles(replica)) as source:
        capsules = next(source).__arrow_c_array__()

    del capsules  # The fixture checks that nothing is left.


def test_a_schema_moves_alone(replica: Replica) -> None:
    with Source(profiles(replica)) as source:
        batch = next(source)

    assert "username" in pa.schema(batch).names  # type: ignore[arg-type]  # as the stubs are older


def test_statistics_count_requests(replica: Replica) -> None:
    with Source(profiles(replica)) as source:
        list(source)
        statistics = source.statistics()

    assert statistics["requests"] == len(PLAYERS)


def test_polling_does_not_wait(replica: Replica) -> None:
    with Source(stalled(replica)) as source:
        assert source.poll() is None
        assert source.poll(0.15) is None
        assert not source.finished


def test_closing_twice_and_use_after_close(replica: Replica) -> None:
    source = Source(stalled(replica))
    source.close()
    source.close()
    source.cancel()

    with pytest.raises(DltJavaException, match="closed"):
        next(source)
    with pytest.raises(DltJavaException, match="closed"):
        source.statistics()


@pytest.mark.parametrize("end", ["close", "cancel"])
def test_another_thread_ends_a_blocked_read(replica: Replica, end: str) -> None:
    source = Source(stalled(replica))
    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(next, source)
        assert eventually(lambda: any("/player/" in target for target in replica.log()))
        getattr(source, end)()
        with pytest.raises(DltJavaException):
            reader.result(timeout=5)
    source.close()


def test_a_dropped_source_is_closed(replica: Replica) -> None:
    source = Source(stalled(replica))

    del source  # The fixture checks that nothing is left.


def test_unknown_values_are_refused_by_python() -> None:
    options = SourceOptions([Request("http://127.0.0.1/")], "rows", headers={"a": b"bytes"})  # type: ignore[dict-item]

    with pytest.raises((OptionsException, TypeError)):
        Source(options)


def test_fetching_and_decoding_hold_no_gil(replica: Replica) -> None:
    replica.faults("/pub/player/* always delay millis=600")
    ticks: list[float] = []
    stop = threading.Event()

    def tick() -> None:
        while not stop.wait(0.001):
            ticks.append(time.monotonic())

    with Source(profiles(replica)) as source:
        ticker = threading.Thread(target=tick)
        ticker.start()
        start = time.monotonic()
        # One call into the library: with the GIL held no tick could fall into its middle.
        source._handle.next(5000)
        end = time.monotonic()
        stop.set()
        ticker.join()
        list(source)

    margin = (end - start) / 4
    assert end - start > 0.2
    assert sum(start + margin < moment < end - margin for moment in ticks) > 10


def test_many_sources_at_once(replica: Replica) -> None:
    def names(_: int) -> list[object]:
        with Source(profiles(replica)) as source:
            tables = [pa.record_batch(batch) for batch in source if batch.table == "profiles"]
        return [name for table in tables for name in table.column("username").to_pylist()]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(names, range(12))) == [PLAYERS] * 12
