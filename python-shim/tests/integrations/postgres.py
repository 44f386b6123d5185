# SPDX-License-Identifier: Apache-2.0
"""A Postgres server of its own, on a free port, in a folder that goes with it."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

_MISSING = (
    "These tests need a Postgres server, and its programs (initdb, pg_ctl) are neither on the PATH"
    " nor below /usr/lib/postgresql. Install Debian's package `postgresql`."
)
_USER = "loader"


@contextlib.contextmanager
def running_postgres() -> Iterator[str]:
    """Starts a server.

    Yields:
        The connection string of its database, which takes any password.

    Raises:
        RuntimeError: Postgres is not installed.
    """
    programs = _programs()
    # Postgres refuses to run as root.
    account = _account() if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    data = folder / "data"
    port = _free_port()
    try:
        if account is not None:
            shutil.chown(folder, account)
        _run(account, programs / "initdb", "-D", data, "-U", _USER, "-A", "trust", "-E", "UTF8")
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        log = folder / "log"
        _run(account, programs / "pg_ctl", "start", "-w", "-D", data, "-l", log, "-o", options)
        try:
            yield f"postgresql://{_USER}:any@127.0.0.1:{port}/postgres"
        finally:
            _run(account, programs / "pg_ctl", "stop", "-w", "-m", "immediate", "-D", data)
    finally:
        shutil.rmtree(folder)


def _programs() -> Path:
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not installed:
        raise RuntimeError(_MISSING)
    return installed[-1].parent


def _account() -> str:
    accounts = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in accounts else "nobody"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(account: str | None, *command: str | Path) -> None:
    arguments: Sequence[str] = [str(word) for word in command]
    # Not captured by a pipe, which the server would hold open.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            arguments, user=account, stdout=output, stderr=output, cwd="/", check=False
        )
        if done.returncode != 0:
            output.seek(0)
            raise RuntimeError(f"{arguments[0]} failed: {output.read().decode()}")
