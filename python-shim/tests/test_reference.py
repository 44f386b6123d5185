# SPDX-License-Identifier: Apache-2.0
"""The pages in docs/reference say what the code says."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

import pytest
from c_header import reference
from dlt.common.configuration.specs import RuntimeConfiguration

import dlt_java
from dlt_java import _library, _settings, resource, rest_api
from dlt_java.exceptions import class_for

REPOSITORY = Path(__file__).resolve().parents[2]
HEADER = (REPOSITORY / "ffi" / "include" / "dlt_java.h").read_text()
UNITS = {"": 1, "MiB": 1 << 20, "GiB": 1 << 30}


def page(name: str) -> str:
    return (REPOSITORY / "docs" / "reference" / name).read_text()


def rows(text: str) -> list[list[str]]:
    """The cells of all rows of all tables in a page."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_python_page_shows_the_public_names() -> None:
    shown = re.findall(r"^::: (\S+)|^ +- ([A-Z]\w+)$", page("python.md"), re.MULTILINE)
    names = {(path or name).rpartition(".")[2] for path, name in shown}

    assert {*dlt_java.__all__, *resource.__all__, *rest_api.__all__, "source"} <= names


@pytest.mark.parametrize("path", re.findall(r"^::: (\S+)", page("python.md"), re.MULTILINE))
def test_the_python_page_shows_what_there_is(path: str) -> None:
    module, _, name = path.rpartition(".")

    assert inspect.getdoc(getattr(importlib.import_module(module), name))


def test_the_rest_api_page_lists_the_options() -> None:
    signature = inspect.signature(rest_api.rest_api_source)
    options = [one.name for one in signature.parameters.values() if one.kind is one.KEYWORD_ONLY]
    section = page("rest_api.md").split("\n## Options\n")[1].split("\n## ")[0]
    listed = [row[0].strip("`") for row in rows(section)]

    assert sorted(listed[1:]) == sorted(options)


def test_the_configuration_page_has_the_defaults_of_dlt() -> None:
    configuration = RuntimeConfiguration()
    found = {}
    for setting, variable, default, _ in (r for r in rows(page("configuration.md")) if len(r) == 4):
        section, _, key = setting.strip("`").partition(" ")
        if section == "[runtime]":
            assert variable == f"`RUNTIME__{key.upper()}`"
            found[key] = default.strip("`")

    assert {f"request_{name}" for name in ("timeout", "max_attempts")} < set(found)
    assert found == {key: f"{getattr(configuration, key):}" for key in found}


def test_the_configuration_page_names_the_variables() -> None:
    text = page("configuration.md")

    for variable in (*_settings._CA_VARIABLES, _library.PATH_VARIABLE):
        assert f"`{variable}`" in text


def test_the_limits_page_has_the_defaults_of_the_options() -> None:
    defaults = {row[0].strip("`"): row[2] for row in rows(page("options.md")) if len(row) == 4}
    compared = []
    for _, most, options, _ in rows(page("limits.md"))[1:]:
        for option in re.findall(r"^`(?:\w+\.)?(\w+)`", options):
            found = re.match(r"([\d,]+) ?(MiB|GiB)?", most)
            assert found is not None, most
            assert int(found[1].replace(",", "")) * UNITS[found[2] or ""] == int(defaults[option])
            compared.append(option)

    assert len(compared) > 5


def test_the_errors_page_has_the_classes() -> None:
    found = [row for row in rows(page("errors.md")) if row[0].isdigit()]

    assert len(found) > 20
    for number, _, name, *_ in found:
        assert name.strip("`").split("`")[0] == class_for(int(number)).__name__


def test_the_c_page_has_the_whole_header() -> None:
    text = reference(HEADER)
    functions = re.findall(r"^DLTJ_EXPORT .*?(dltj_\w+)\(", HEADER, re.MULTILINE)
    numbers = re.findall(r"^#define (DLTJ_\w+) \d+", HEADER, re.MULTILINE)

    assert len(functions) > 10
    assert [name for name in functions if f"### `{name}`\n" not in text] == []
    assert [name for name in numbers if f"| `{name}` |" not in text] == []
    # Nothing of one comment has become part of another.
    assert "/*" not in re.sub(r"```c\n.*?```", "", text, flags=re.DOTALL)
