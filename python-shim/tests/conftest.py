"""Fixtures: the real replica, DuckDB pipelines in a folder of the test, and the leak check."""

from __future__ import annotations

import functools
import gc
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Callable

import dlt
import pytest
from replica import Replica, java_home

from dlt_java import _abi, _library

if TYPE_CHECKING:
    from rest_api_loads import Loads

# Shows the two sides of a failed comparison.
pytest.register_assert_rewrite("comparison", "rest_api_loads")

MakePipeline = Callable[[str], dlt.Pipeline]

STORE_PASSWORD = "only for tests"


@pytest.fixture(scope="session")
def running_replica() -> Iterator[Replica]:
    arguments = ["--months", "2022/09..2022/12", "--games-per-month", "40"]
    with Replica(arguments) as replica:
        yield replica


@pytest.fixture
def replica(running_replica: Replica) -> Iterator[Replica]:
    running_replica.reset()
    yield running_replica
    running_replica.reset()


@pytest.fixture(autouse=True)
def quiet_and_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No telemetry, and errors without the pauses between tries."""
    monkeypatch.setenv("RUNTIME__DLTHUB_TELEMETRY", "false")
    monkeypatch.setenv("RUNTIME__REQUEST_BACKOFF_FACTOR", "0")
    monkeypatch.setenv("RUNTIME__REQUEST_MAX_ATTEMPTS", "2")


@pytest.fixture
def make_pipeline(tmp_path: Path) -> MakePipeline:
    """Makes pipelines into DuckDB files; each name has its own file and state."""

    def make(name: str) -> dlt.Pipeline:
        return dlt.pipeline(
            name,
            destination=dlt.destinations.duckdb(str(tmp_path / f"{name}.duckdb")),
            dataset_name="chess_data",
            pipelines_dir=str(tmp_path / "pipelines"),
        )

    return make


@pytest.fixture
def loads(replica: Replica, make_pipeline: MakePipeline) -> Loads:
    """Loads configurations with dlt's REST API source and with ours."""
    from rest_api_loads import Loads

    return Loads(replica, make_pipeline)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A key store for 127.0.0.1, and its certificate as PEM."""
    folder = tmp_path_factory.mktemp("tls")
    store, pem = folder / "store.p12", folder / "certificate.pem"
    keytool = [str(java_home() / "bin" / "keytool")]
    shared = ["-keystore", str(store), "-storepass", STORE_PASSWORD, "-alias", "replica"]
    names = ["-dname", "CN=localhost", "-ext", "san=ip:127.0.0.1,dns:localhost"]
    subprocess.run(
        [*keytool, "-genkeypair", "-keyalg", "EC", "-storetype", "PKCS12", *shared, *names],
        check=True,
        capture_output=True,
    )
    subprocess.run(
        [*keytool, "-exportcert", "-rfc", "-file", str(pem), *shared],
        check=True,
        capture_output=True,
    )
    return store, pem


@pytest.fixture(autouse=True)
def no_leaks() -> Iterator[None]:
    """After each test nothing of the library is left: no exported struct, no column memory."""
    yield
    # Not loaded by tests that do without the library, and not to be loaded for this check.
    for library in _library._loaded:
        gc.collect()
        assert library.live_exports() == 0
        # The library's threads let go of response bodies in their own time after a close.
        assert eventually(functools.partial(_holds_nothing, library))


def _holds_nothing(library: _abi.Library) -> bool:
    return library.allocated_bytes() == 0


def eventually(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether a condition that another thread or process brings about comes true in time."""
    deadline = time.monotonic() + seconds
    never = threading.Event()
    while not condition():
        if time.monotonic() > deadline:
            return False
        never.wait(0.01)
    return True
