# SPDX-License-Identifier: Apache-2.0
"""The bundled replica of real APIs, in a Java process of its own."""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Sequence
from contextlib import AbstractContextManager
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


@dataclasses.dataclass
class LoggedRequest:
    """A request that the replica has answered.

    Attributes:
        method: Such as `GET`.
        target: Path and query.
        headers: Values by lower-case name.
        body: Text of the body, without line ends.
    """

    method: str
    target: str
    headers: dict[str, str]
    body: str = ""


class Replica(AbstractContextManager["Replica"]):
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
        self.rest_url = f"{self.origin}/rest/"

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

    def requests(self) -> list[LoggedRequest]:
        """All requests since the last reset, oldest first."""
        with urllib.request.urlopen(f"{self.origin}/control/log?headers") as response:
            lines = response.read().decode().splitlines()
        found: list[LoggedRequest] = []
        for line in lines:
            if not line.startswith("\t"):
                method, target = line.split()[:2]
                found.append(LoggedRequest(method, target, {}))
                continue
            name, colon, value = line[1:].partition(": ")
            if colon and name.islower() and not name.startswith(("{", '"')):
                found[-1].headers[name] = value
            else:
                found[-1].body = line[1:]
        return found

    def most_open(self) -> int:
        """How many requests were open at once, at most, since the last reset."""
        with urllib.request.urlopen(f"{self.origin}/control/most-open") as response:
            return int(response.read())

    def release(self) -> None:
        """Lets stalled answers go on."""
        self._post("release", b"")

    def clear_log(self) -> None:
        """Forgets the requests so far; faults and bodies stay."""
        self._post("forget", b"")

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

    def __exit__(self, *exception: object) -> None:
        self.close()
