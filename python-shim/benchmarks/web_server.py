# SPDX-License-Identifier: Apache-2.0
"""A web server on loopback for benchmarks of the network: nginx, or else the replica.

nginx answers from the page cache, and needs less time for a page than most clients. The replica is
there so that the benchmark can be tried, and tested, without it: its speeds say nothing.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from data import SEED

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

from replica import Replica, java_home

PAGES = 16
"""Different pages of each size."""

_PASSWORD = "benchmark"
_START_SECONDS = 10

_NGINX = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/temporary;
  proxy_temp_path {folder}/temporary;
  fastcgi_temp_path {folder}/temporary;
  uwsgi_temp_path {folder}/temporary;
  scgi_temp_path {folder}/temporary;
  default_type application/json;
  open_file_cache max=1000;
  keepalive_requests 1000000000;
  sendfile on;
  server {{
    listen 127.0.0.1:{plain};
    listen 127.0.0.1:{secure} ssl;
    ssl_protocols TLSv1.3;
    ssl_certificate {folder}/chain.pem;
    ssl_certificate_key {folder}/key.pem;
    root {folder};
    location /gzip/ {{ gzip_static on; }}
  }}
}}
"""


def page(kilobytes: int, number: int) -> bytes:
    """A JSON document with one short record behind a text that fills the page.

    Args:
        kilobytes: Its size.
        number: Value of the record's `id`.
    """
    source = random.Random(f"{SEED} {kilobytes} {number}")
    # Longer than what deflate looks back on, so that repeating it does not make it compress better.
    text = " ".join(f"{source.choice(_WORDS)} {source.randint(0, 9999)}" for _ in range(4000))
    tail = f'","rows":[{{"id":{number}}}]}}'.encode()
    filled = (text * (1000 * kilobytes // len(text) + 1)).encode()
    head = b'{"text":"' + filled[: 1000 * kilobytes - 9 - len(tail)]
    return head + tail


_WORDS = ["order", "shipped", "customer", "pending", "warehouse", "delivered", "invoice", "item"]


class WebServer:
    """Pages at `origins[way]/<way>/<kilobytes>-<number>.json`.

    Attributes:
        name: `nginx` or `replica`.
        origins: Way (`plain`, `gzip`, `TLS`) to the start of its URLs.
        certificate: PEM file to trust.
    """

    def __init__(
        self, name: str, origins: dict[str, str], certificate: Path, pid: int | None
    ) -> None:
        self.name = name
        self.origins = origins
        self.certificate = certificate
        self._pid = pid

    def cpu_seconds(self) -> float:
        """CPU time of the server so far; 0 of the replica."""
        if self._pid is None:
            return 0.0
        fields = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def web_server(kilobytes: list[int], folder: Path, core: int) -> Iterator[WebServer]:
    """Serves pages of each size for as long as the context lasts.

    Args:
        kilobytes: Sizes of pages.
        folder: For its files.
        core: What it runs on.
    """
    store = _certificates(folder)
    pages = {f"{size}-{n}.json": page(size, n) for size in kilobytes for n in range(PAGES)}
    if shutil.which("nginx") and shutil.which("openssl"):
        with _nginx(pages, folder, store, core) as server:
            yield server
    else:
        with _replica(pages, folder, store) as server:
            yield server


def _certificates(folder: Path) -> Path:
    """A key store with a server's key, signed by the authority in `authority.pem`."""
    store = folder / "store.p12"
    tool = [str(java_home() / "bin" / "keytool")]
    shared = ["-keystore", str(store), "-storepass", _PASSWORD, "-alias"]
    key = ["-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-storetype", "PKCS12"]
    usage = ["-ext", "bc:critical=ca:true", "-ext", "ku:critical=keyCertSign"]
    names = ["-ext", "san=ip:127.0.0.1,dns:localhost", "-signer", "authority"]
    for command in (
        [*key, *shared, "authority", "-dname", "CN=authority", *usage],
        [*key, *shared, "server", "-dname", "CN=localhost", *names],
        ["-exportcert", "-rfc", "-file", str(folder / "authority.pem"), *shared, "authority"],
        # Servers show the first key of their store.
        ["-delete", *shared, "authority"],
    ):
        subprocess.run([*tool, *command], check=True, capture_output=True)
    return store


@contextlib.contextmanager
def _nginx(pages: dict[str, bytes], folder: Path, store: Path, core: int) -> Iterator[WebServer]:
    for way in ("plain", "gzip", "TLS"):
        (folder / way).mkdir()
    for name, body in pages.items():
        for way in ("plain", "gzip", "TLS"):
            (folder / way / name).write_bytes(body)
        (folder / "gzip" / f"{name}.gz").write_bytes(gzip.compress(body, 6))
    for parts, name in ((["-nocerts", "-nodes"], "key.pem"), (["-nokeys"], "chain.pem")):
        convert = ["openssl", "pkcs12", "-in", str(store), "-passin", f"pass:{_PASSWORD}", *parts]
        subprocess.run([*convert, "-out", str(folder / name)], check=True, capture_output=True)
    plain, secure = _free_ports(2)
    settings = folder / "nginx.conf"
    settings.write_text(_NGINX.format(folder=folder, plain=plain, secure=secure))
    process = subprocess.Popen(
        ["taskset", "-c", str(core), "nginx", "-c", str(settings), "-e", f"{folder}/error.log"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(plain, process, folder / "error.log")
        yield WebServer(
            "nginx",
            {
                "plain": f"http://127.0.0.1:{plain}",
                "gzip": f"http://127.0.0.1:{plain}",
                "TLS": f"https://127.0.0.1:{secure}",
            },
            folder / "authority.pem",
            process.pid,
        )
    finally:
        process.terminate()
        process.wait()


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        found = [stack.enter_context(socket.socket()) for _ in range(count)]
        for taken in found:
            taken.bind(("127.0.0.1", 0))
        return [int(taken.getsockname()[1]) for taken in found]


def _await(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"nginx did not start: {log.read_text()}") from None
            time.sleep(0.01)


@contextlib.contextmanager
def _replica(pages: dict[str, bytes], folder: Path, store: Path) -> Iterator[WebServer]:
    secret = ["--tls", str(store), "--tls-password", _PASSWORD]
    # For the requests that tell the replica what to serve.
    os.environ["SSL_CERT_FILE"] = str(folder / "authority.pem")
    with Replica() as plain, Replica(secret) as secure:
        for name, body in pages.items():
            plain.serve(f"/plain/{name}", body)
            plain.serve(f"/gzip/{name}", gzip.compress(body), header="Content-Encoding: gzip")
            secure.serve(f"/TLS/{name}", body)
        origins = {"plain": plain.origin, "gzip": plain.origin, "TLS": secure.origin}
        yield WebServer("replica", origins, folder / "authority.pem", None)
