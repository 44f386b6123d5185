"""The wheel that was built: what is in it, and that it works where there is nothing else."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import build
import native
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

Names = set[str]

INFORMATION = "dlt_java-0.1.0.dist-info"

# The versions that users have: the oldest supported ones, and the newest Python of this machine.
PYTHONS = {
    "oldest": ([build.OLDEST_PYTHON], build.OLDEST_ENVIRONMENT, "oldest.txt"),
    "newest": (
        [(3, minor) for minor in range(build.NEWEST_PYTHON[1], sys.version_info.minor - 1, -1)],
        "newest-python-venv",
        "newest.txt",
    ),
}

SMALL_LOAD = """
import dlt, dlt_java
pipeline = dlt.pipeline("small", destination=dlt.destinations.duckdb("rows.duckdb"),
                        pipelines_dir="pipelines", dataset_name="small")
pipeline.run(dlt_java.read_json(b'[{"id": 1, "tags": ["a", "b"]}, {"id": 2}]', "items"))
with pipeline.sql_client() as client:
    print(client.execute_sql("SELECT id FROM items ORDER BY id"),
          client.execute_sql("SELECT value FROM items__tags ORDER BY value"))
"""


@pytest.fixture(scope="module")
def wheel() -> Path:
    return build.built_wheel()


@pytest.fixture(scope="module")
def names(wheel: Path) -> Names:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def bill(wheel: Path) -> dict[str, Any]:
    with zipfile.ZipFile(wheel) as archive:
        document: dict[str, Any] = json.loads(
            archive.read(f"{INFORMATION}/sboms/dlt_java.cdx.json")
        )
    return document


def build_python() -> Path:
    return build.environment("build-venv", Path(sys.executable), ["build.txt"])


def test_auditwheel_confirms_the_platform(wheel: Path) -> None:
    build.confirm_platform(build_python(), wheel)


def test_a_tag_of_older_systems_is_not_confirmed(wheel: Path, tmp_path: Path) -> None:
    older = tmp_path / re.sub(r"manylinux_2_\d+", "manylinux_2_17", wheel.name)
    older.symlink_to(wheel)

    with pytest.raises(native.BuildError, match="auditwheel says"):
        build.confirm_platform(build_python(), older)


def test_the_same_libraries_make_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        build.build_wheel(build_python(), tmp_path, PYTHONHASHSEED="7", TZ="Asia/Kathmandu")
    finally:
        os.umask(before)

    assert (tmp_path / wheel.name).read_bytes() == wheel.read_bytes()


def test_the_bill_of_materials_is_cyclonedx(bill: dict[str, Any]) -> None:
    validator = JsonStrictValidator(SchemaVersion.from_version(bill["specVersion"]))

    assert validator.validate_str(json.dumps(bill)) is None


def test_the_bill_names_all_that_is_compiled_into_the_libraries(bill: dict[str, Any]) -> None:
    versions = {component["name"]: component["version"] for component in bill["components"]}
    facts = native.facts()
    jars = native.REPOSITORY / "ffi" / "target" / "class-path"

    assert versions["OpenJDK"] == facts["jdk.version"]
    assert versions["svm"] == facts["builder.version"]
    for jar in jars.glob("*.jar"):
        assert jar.stem in {f"{name}-{version}" for name, version in versions.items()}


def test_the_parts_of_the_bill_fit_together(bill: dict[str, Any]) -> None:
    wheel = bill["metadata"]["component"]["bom-ref"]
    known = {component["bom-ref"] for component in bill["components"]}
    graph = {one["ref"]: set(one.get("dependsOn", ())) for one in bill["dependencies"]}

    assert len(known) == len(bill["components"])
    assert graph.keys() == known | {wheel}
    reached, ahead = set[str](), {wheel}
    while ahead:
        reached |= ahead
        ahead = {to for ref in ahead for to in graph[ref]} - reached
    assert reached == graph.keys()
    assert all(PackageURL.from_string(component["purl"]) for component in bill["components"])


def test_every_component_has_its_licence_in_the_wheel(bill: dict[str, Any], names: Names) -> None:
    folder = f"{INFORMATION}/licenses"
    third_party = f"{folder}/third-party"
    assert f"{folder}/LICENSE" in names
    for component in bill["components"]:
        group, name = component.get("group", ""), component["name"]
        # Where a jar carries no text, one notice stands for its project.
        places = {
            "dev.dltjava": "",
            "io.netty": "netty",
            "com.google.flatbuffers": name,
            "org.jspecify": name,
        }
        if name == "OpenJDK":
            place = "java.base"
        elif group.startswith("org.graalvm"):
            place = "graalvm"
        else:
            place = places.get(group, f"{name}-{component['version']}")
        if place:
            assert any(one.startswith(f"{third_party}/{place}/") for one in names), component
    for private in ("java.base", "jdk.net", "jdk.management"):
        assert f"{third_party}/{private}/LICENSE" in names


def test_the_metadata_list_the_licences(wheel: Path, names: Names) -> None:
    with zipfile.ZipFile(wheel) as archive:
        metadata = archive.read(f"{INFORMATION}/METADATA").decode()

    listed = set(re.findall(r"^License-File: (.+)$", metadata, re.MULTILINE))
    prefix = f"{INFORMATION}/licenses/"
    assert listed == {name[len(prefix) :] for name in names if name.startswith(prefix)}


@pytest.mark.parametrize("which", PYTHONS)
def test_the_wheel_works_in_a_bare_environment_without_java(
    which: str, wheel: Path, tmp_path: Path
) -> None:
    versions, name, packages = PYTHONS[which]
    here = Path(sys.executable) if which == "newest" else None
    found = next(filter(None, map(build.find_python, versions)), here)
    if found is None:
        print("not tried: the oldest Python is not installed, as the step test-oldest says too")
        return
    python = build.environment(name, found, [packages])
    build.install_wheel(python)
    nothing = tmp_path / "nothing"
    nothing.mkdir()

    def run(*arguments: str) -> str:
        result = subprocess.run(
            [python, *arguments],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={
                "HOME": str(tmp_path),
                "PATH": str(nothing),
                "RUNTIME__DLTHUB_TELEMETRY": "false",
            },
        )
        assert result.returncode == 0, result.stderr
        return result.stdout

    facts = json.loads(run("-m", "dlt_java", "--json"))
    assert facts["error"] is None
    assert "site-packages" in facts["library"]["path"]
    if which == "oldest":
        assert facts["versions"]["dlt"] == "1.26.0"
    assert run("-c", SMALL_LOAD) == "[(1,), (2,)] [('a',), ('b',)]\n"


def checkout(folder: Path) -> Path:
    """The Python project alone, as if in a checkout in which nothing is built."""
    project = folder / "python-shim"
    project.mkdir()
    for name in ("pyproject.toml", "hatch_build.py", "README.md"):
        (project / name).symlink_to(build.PROJECT / name)
    package = project / "src" / "dlt_java"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    tools = project / "tools"
    tools.mkdir()
    for tool in (build.PROJECT / "tools").glob("*.py"):
        (tools / tool.name).write_bytes(tool.read_bytes())
    return project


def backend(project: Path, hook: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Calls a hook of the build backend, as pip does."""
    code = f"import build_backend\nprint(build_backend.{hook}({str(project.parent)!r}))"
    return subprocess.run(
        [build_python(), "-c", code],
        capture_output=True,
        text=True,
        cwd=project,
        env={"PYTHONPATH": "tools", "HOME": os.environ["HOME"], **variables},
    )


def failure(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 1
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


def test_a_build_without_maven_says_what_to_install(tmp_path: Path) -> None:
    message = failure(backend(checkout(tmp_path), "build_wheel", PATH=str(tmp_path)))

    assert "Maven (`mvn`) is not on the PATH" in message
    assert "JDK 25" in message


def test_a_build_without_jdk_25_says_what_to_install(tmp_path: Path) -> None:
    # Maven itself, asked for a JDK that no machine has.
    parent = "<groupId>g</groupId><artifactId>parent</artifactId><version>1</version>"
    project = (
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
    )
    plugin = re.search(
        r"<artifactId>maven-toolchains-plugin</artifactId>\s*<version>.*?</version>",
        (native.REPOSITORY / "pom.xml").read_text(),
    )
    assert plugin is not None
    (tmp_path / "pom.xml").write_text(
        f"{project}{parent}<packaging>pom</packaging><modules><module>ffi</module></modules>"
        f"<build><plugins><plugin>{plugin[0]}<executions><execution><goals>"
        "<goal>select-jdk-toolchain</goal></goals><configuration><version>[99,100)</version>"
        "</configuration></execution></executions></plugin></plugins></build></project>"
    )
    (tmp_path / "ffi").mkdir()
    (tmp_path / "ffi" / "pom.xml").write_text(
        f"{project}<parent>{parent}</parent><artifactId>ffi</artifactId>"
        "<packaging>pom</packaging></project>"
    )

    message = failure(backend(checkout(tmp_path), "build_wheel", PATH=os.environ["PATH"]))

    assert "Maven found no JDK 25" in message


def test_a_build_elsewhere_than_on_linux_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")

    with pytest.raises(native.BuildError, match="on Linux on x86-64 only, not on linux on aarch64"):
        native.build()


def test_there_is_no_source_distribution(tmp_path: Path) -> None:
    message = failure(backend(checkout(tmp_path), "build_sdist"))

    assert "python -m build --wheel" in message


def test_an_editable_installation_links_to_the_library(tmp_path: Path) -> None:
    project = checkout(tmp_path)

    result = backend(project, "build_editable", DLT_JAVA_NATIVE=str(native.folder()))

    assert result.returncode == 0, result.stderr
    with zipfile.ZipFile(tmp_path / result.stdout.strip()) as archive:
        paths = [archive.read(name) for name in archive.namelist() if name.endswith(".pth")]
    assert paths[0].decode().strip() == str(project / "src")
    library = project / "src" / "dlt_java" / "_native" / native.MAIN_LIBRARY
    assert library.samefile(native.folder() / native.MAIN_LIBRARY)


def test_a_folder_in_place_of_the_link_is_left_alone(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    (project / "src" / "dlt_java" / "_native").mkdir()

    result = backend(project, "build_editable", DLT_JAVA_NATIVE=str(native.folder()))

    assert "in place of a link: delete it" in failure(result)


def test_a_library_is_built_again_when_its_sources_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(native, "REPOSITORY", tmp_path)
    monkeypatch.delenv(native.FOLDER_VARIABLE, raising=False)
    for name in native._SOURCES:
        (tmp_path / name).mkdir(parents=True)
    source = tmp_path / native._SOURCES[0] / "A.java"
    for file in (*map(tmp_path.joinpath, native._PROJECTS), source):
        file.touch()
    folder = native.folder()
    folder.mkdir(parents=True)
    assert native._is_stale()
    for file in native.needed():
        file.parent.mkdir(exist_ok=True)
        file.touch()
    facts = folder / native.FACTS
    later = facts.stat().st_mtime + 10

    os.utime(facts, (later, later))
    assert not native._is_stale()
    os.utime(source, (later + 1, later + 1))
    assert native._is_stale()
    source.unlink()
    os.utime(source.parent, (later + 1, later + 1))
    assert native._is_stale()
