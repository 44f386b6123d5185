"""What the package is made of: bytes that are known, versions that are pinned, no known fault."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree

import build
import components
import native
import pytest

REQUIREMENTS = sorted(path.name for path in build.REQUIREMENTS.glob("*.txt"))
POM = "{http://maven.apache.org/POM/4.0.0}"


@pytest.fixture(scope="module")
def compiled() -> list[dict[str, Any]]:
    return components.components(native.folder())


@pytest.fixture(scope="module")
def advisories() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(components.ADVISORIES.read_text())
    return table


def test_every_jar_has_the_bytes_that_are_known(compiled: list[dict[str, Any]]) -> None:
    # `python3 tools/components.py` writes them down anew.
    assert components.checksums(compiled) == components.CHECKSUMS.read_text()


def test_nothing_is_compiled_in_that_is_known_to_be_vulnerable(
    compiled: list[dict[str, Any]], advisories: dict[str, Any]
) -> None:
    assert list(components.findings(compiled, advisories)) == []


def test_vulnerable_versions_are_found(advisories: dict[str, Any]) -> None:
    netty = {"group": "io.netty", "name": "netty-handler", "version": "4.2.16.Final", "purl": "n"}
    arrow = {"group": "org.apache.arrow", "name": "arrow-vector", "version": "18.3.0", "purl": "a"}

    assert list(components.findings([netty, arrow], advisories)) == [
        ("n", "CVE-2026-62243 GHSA-p85m-gvr3-788c")
    ]
    for advisory in advisories["advisories"]:
        assert all(components.is_within(one["introduced"], one) for one in advisory["ranges"])
        assert not any(components.is_within(one["fixed"], one) for one in advisory["ranges"])


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_python_packages_are_pinned(name: str) -> None:
    text = (build.REQUIREMENTS / name).read_text()
    lines = [line.partition("#")[0].partition(";")[0].strip() for line in text.splitlines()]
    pinned = re.compile(r"[\w.-]+(\[[\w,-]+\])?==[\w.]+")
    assert [line for line in lines if line and not pinned.fullmatch(line)] == []


def test_maven_plugins_and_dependencies_are_pinned() -> None:
    root = ElementTree.parse(native.REPOSITORY / "pom.xml").getroot()
    properties = {
        one.tag.removeprefix(POM): one.text for one in root.iterfind(f"{POM}properties/*")
    }
    managed = [*root.iter(f"{POM}plugin"), *root.iter(f"{POM}dependency")]
    pinned = set()
    for one in managed:
        version = one.findtext(f"{POM}version")
        if version is not None:
            value = properties.get(version.strip("${}")) or version
            assert re.fullmatch(r"\d[\w.-]*|\$\{project.version}", value), version
            pinned.add(one.findtext(f"{POM}artifactId"))
    for pom in native.REPOSITORY.glob("*/**/pom.xml"):
        if "target" in pom.parts:
            continue
        for one in ElementTree.parse(pom).getroot().iter(f"{POM}plugin"):
            name = one.findtext(f"{POM}artifactId")
            assert name in pinned or one.findtext(f"{POM}version"), f"{pom}: {name}"
