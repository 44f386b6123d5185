"""What dlt's configuration and the environment decide about HTTP."""

from __future__ import annotations

import ssl
import sys
from pathlib import Path
from typing import Any

import certifi
import pytest

from dlt_java._settings import find_ca_file, http_options, quoted
from dlt_java.exceptions import OptionsException

VARIABLES = ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"]


@pytest.fixture(autouse=True)
def no_ca_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)


def test_defaults_are_those_of_dlt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RUNTIME__REQUEST_BACKOFF_FACTOR")
    monkeypatch.delenv("RUNTIME__REQUEST_MAX_ATTEMPTS")

    assert http_options(["http://localhost/"]) == {
        "timeout_seconds": 60,
        "max_attempts": 5,
        "backoff_factor": 1,
        "max_retry_delay_seconds": 300,
    }


def test_configuration_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNTIME__REQUEST_TIMEOUT", "1.5")
    monkeypatch.setenv("RUNTIME__REQUEST_MAX_RETRY_DELAY", "7")
    monkeypatch.setenv("EXTRACT__MAX_PARALLEL_ITEMS", "3")

    options = http_options(["http://localhost/"])

    assert options["timeout_seconds"] == 1.5
    assert options["max_retry_delay_seconds"] == 7
    assert options["concurrency"] == 3


def test_https_needs_certificates() -> None:
    assert http_options(["http://localhost/", "HTTPS://localhost/"])["ca_file"] == certifi.where()


@pytest.mark.parametrize("number", range(3))
def test_the_environment_names_certificates(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: int
) -> None:
    for variable in VARIABLES[number:]:
        file = tmp_path / f"{variable}.pem"
        file.touch()
        monkeypatch.setenv(variable, str(file))

    assert find_ca_file() == str(tmp_path / f"{VARIABLES[number]}.pem")


def test_the_system_is_asked_last(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    system = tmp_path / "system.pem"
    system.touch()
    paths: Any = ssl.get_default_verify_paths()
    # None makes `import certifi` fail, as on a machine without it.
    monkeypatch.setitem(sys.modules, "certifi", None)
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths._replace(cafile=str(system)))
    assert find_ca_file() == str(system)

    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths._replace(cafile=None))
    with pytest.raises(OptionsException, match="REQUESTS_CA_BUNDLE"):
        find_ca_file()


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("http://h/a b", "http://h/a%20b"),
        ("http://h/ü", "http://h/%C3%BC"),
        ("http://h/a%20b?c=d&e=[1]#f", "http://h/a%20b?c=d&e=[1]#f"),
    ],
)
def test_addresses_are_quoted(url: str, sent: str) -> None:
    assert quoted(url) == sent
