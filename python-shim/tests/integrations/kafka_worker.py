# SPDX-License-Identifier: Apache-2.0
"""Loads a topic into a Delta table until there is no more; kills itself on the way.

`python kafka_worker.py SERVERS FOLDER DISPOSITION KILL`: KILL is the number of the operation on
files of FOLDER before which the process dies, or a pattern of the path of such a file; `never`
lets it live. Prints the number of operations at its end.
"""

from __future__ import annotations

import fnmatch
import os
import signal
import sys
from pathlib import Path
from typing import Any

import dlt

from dlt_java.kafka import read_topic

_operations = 0


def main(servers: str, folder: str, disposition: str, kill: str) -> None:
    """Loads."""
    pipeline = dlt.pipeline(
        "orders",
        destination=dlt.destinations.filesystem(f"{folder}/lake"),
        dataset_name="shop",
        pipelines_dir=f"{folder}/working",
    )
    # Unlike an object store, a folder shows files before they are written, and dlt reads them.
    for file in Path(folder).glob("lake/shop/_dlt_*/*.jsonl"):
        if file.stat().st_size == 0:
            file.unlink()
    hints: dict[str, Any] = {"write_disposition": disposition} if disposition != "default" else {}
    sys.addaudithook(lambda event, arguments: _count(event, arguments, folder, kill))
    while pipeline.run(
        read_topic("orders", {"bootstrap.servers": servers}, table_format="delta", **hints)
    ).loads_ids:
        pass
    print(_operations)


def _count(event: str, arguments: tuple[object, ...], folder: str, kill: str) -> None:
    global _operations
    paths = [str(argument) for argument in arguments if isinstance(argument, (str, os.PathLike))]
    if not event.startswith(("open", "os.", "shutil.")):
        return
    if not any(folder in path for path in paths):
        return
    _operations += 1
    dies = _operations == int(kill) if kill.isdigit() else bool(fnmatch.filter(paths, kill))
    if dies:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
