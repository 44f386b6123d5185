# SPDX-License-Identifier: Apache-2.0
"""The bundled replica of the chess.com API, in a Java process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import types
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

MAIN_CLASS = "dev.dltjava.replica.ReplicaMain"
_ANNOUNCEMENT = "listening on "


def java_home() -> Path:
    """The JDK that the build runs on: `DLT_JAVA_JDK`, `JAVA_HOME`, or that of `java`."""
    for variable in ("DLT_JAVA_JDK", "JAVA_HOME"):
        home = os.environ.get(variable)
        if home:
            return Path(home)
    java = shutil.which("java")
    if java is None:
        raise FileNotFoundError("no JDK 25: set DLT_JAVA_JDK to its folder")
    return Path(java).resolve().parents[1]


def replica_classes() -> Path:
    """The folder with the replica's compiled classes."""
    folder = os.environ.get("DLT_JAVA_REPLICA")
    if folder:
        return Path(folder)
    return Path(__file__).resolve().parents[2] / "core" / "target" / "test-classes"


class Replica:
    """A running replica; ends with its context."""

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        """Starts it and waits until it listens.

        Args:
            arguments: Options of the replica's command line.
        """
        command = [
            str(java_home() / "bin" / "java"),
            "-cp",
            str(replica_classes()),
            MAIN_CLASS,
            "--port",
            "0",
            *arguments,
        ]
        # It ends when its standard input does, so it never outlives this process.
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.startswith(_ANNOUNCEMENT):
            self.close()
            raise RuntimeError(f"the replica did not start: {' '.join(command)}")
        self.origin = line[len(_ANNOUNCEMENT) :].strip()
        self.base_url = f"{self.origin}/pub/"
        self.callback_url = f"{self.origin}/callback/"

    def faults(self, rules: str) -> None:
        """Adds fault rules, one a line: `PATTERN COUNT KIND [NAME=VALUE ...]`."""
        self._post("faults", rules.encode())

    def serve(self, path: str, body: bytes, **answer: str) -> None:
        """Serves a body at a path, with `status` and `type` if given."""
        self._post(f"body?{urlencode({'path': path, **answer})}", body)

    def log(self) -> list[str]:
        """Targets of all requests since the last reset, oldest first."""
        with urllib.request.urlopen(f"{self.origin}/control/log") as response:
            lines = response.read().decode().splitlines()
        return [line.split()[1] for line in lines]

    def reset(self) -> None:
        """Drops faults, bodies and the log."""
        self._post("reset", b"")

    def _post(self, path: str, body: bytes) -> None:
        request = urllib.request.Request(f"{self.origin}/control/{path}", data=body, method="POST")
        with urllib.request.urlopen(request) as response:
            response.read()

    def close(self) -> None:
        """Ends the replica."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def __enter__(self) -> Replica:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: types.TracebackType | None,
    ) -> None:
        self.close()
