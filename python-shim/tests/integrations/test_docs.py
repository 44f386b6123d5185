# SPDX-License-Identifier: Apache-2.0
"""The code in README.md and docs does what the text around it says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree
from pathlib import Path
from typing import Any, Callable

import pytest
import tomlkit
from documentation import HEADER_FOLDER, REPOSITORY, SETUPS, Page, pages

import dlt_java

PAGES = pages()
SEPARATOR = "\x1e"

SHOWN = {"text", "sh", "cmake", "java", "sql", "yaml"}
"""Languages of blocks that are only shown."""


def json_documents(text: str) -> None:
    """Reads a document, or several, as JSON Lines have them."""
    while text.strip():
        _, end = json.JSONDecoder().raw_decode(text.lstrip())
        text = text.lstrip()[end:]


PARSERS: dict[str, Callable[[str], Any]] = {
    "toml": tomlkit.parse,
    "json": json_documents,
    "xml": xml.etree.ElementTree.fromstring,
}

C_START = """
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "dlt_java.h"
"""


def named(found: list[Page]) -> list[object]:
    return [pytest.param(page, id=str(page.path)) for page in found]


def environment(folder: Path) -> dict[str, str]:
    """That of the tests, for a process in another folder."""
    variables = dict(os.environ)
    for name, value in os.environ.items():
        # Paths that are relative to the folder of the tests.
        if name.startswith("DLT_JAVA_") and Path(value).exists():
            variables[name] = str(Path(value).resolve())
    sources = Path(dlt_java.__file__).parents[1]
    tools = REPOSITORY / "python-shim" / "tools"
    variables["PYTHONPATH"] = os.pathsep.join(map(str, (SETUPS, tools, sources)))
    variables["DLT_DATA_DIR"] = str(folder / "dlt")
    # Files that pages write are the same each time.
    variables["SOURCE_DATE_EPOCH"] = "0"
    return variables


@pytest.mark.parametrize("page", named(PAGES))
def test_every_block_has_a_language(page: Page) -> None:
    known = {"python", "c", *SHOWN, *PARSERS}
    unknown = {f"line {b.line}: `{b.language}`" for b in page.blocks if b.language not in known}

    assert not unknown, f"one of {sorted(known)} is needed behind ``` in {page.path}"


@pytest.mark.parametrize("page", named([page for page in PAGES if page.of("python")]))
def test_python_blocks_run_from_top_to_bottom(
    page: Page, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    script = folder / "page.py"
    script.write_text(page.script(SEPARATOR))
    warnings = [word for line in request.config.getini("filterwarnings") for word in ("-W", line)]

    ended = subprocess.run(
        [sys.executable, *warnings, str(script)],
        cwd=folder,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert ended.returncode == 0, f"{page.path}, with its lines:\n{ended.stdout}{ended.stderr}"
    printed = ended.stdout.split(f"{SEPARATOR}\n")[:-1]
    shown = [block.code for block in page.outputs]
    assert [without_margin(text) for text in printed] == [without_margin(text) for text in shown]
    for picture in pictures(page):
        made = folder / picture.name
        if made.exists():
            assert made.read_bytes() == picture.read_bytes(), f"{page.path} draws another {picture}"


def without_margin(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip("\n").splitlines()]


def pictures(page: Page) -> list[Path]:
    """Files that the page shows."""
    path = REPOSITORY / page.path
    return [path.parent / name for name in re.findall(r"!\[[^]]*\]\(([^)]+)\)", path.read_text())]


@pytest.mark.parametrize("page", named([page for page in PAGES if page.of("c")]))
def test_c_blocks_compile(page: Page, tmp_path: Path) -> None:
    start = C_START + (page.c_header.read_text() if page.c_header else "")
    statements = ""
    for block in page.of("c"):
        # Whole files, or statements that go on from the blocks before.
        whole = f'#line {block.line + 1} "{page.path}"\n{block.code}'
        if compiles(start + whole, tmp_path) is not None:
            statements += whole
            body = f"int page(void);\nint page(void) {{\n{statements}\nreturn 0;\n}}\n"
            failed = compiles(start + body, tmp_path)
            assert failed is None, failed


def compiles(code: str, folder: Path) -> str | None:
    """What the compiler has against the code, `None` if nothing."""
    file = folder / "page.c"
    file.write_text(code)
    flags = ["-std=c11", "-Wall", "-Wextra", "-Werror", "-Wno-unused", f"-I{HEADER_FOLDER}"]
    ended = subprocess.run(
        ["gcc", *flags, "-fsyntax-only", str(file)], capture_output=True, text=True
    )
    return ended.stderr if ended.returncode else None


@pytest.mark.parametrize("page", named([page for page in PAGES if any(map(page.of, PARSERS))]))
def test_data_blocks_can_be_read(page: Page) -> None:
    for language, parse in PARSERS.items():
        for block in page.of(language):
            parse(block.code)


def test_setups_belong_to_pages() -> None:
    names = {page.setup for page in PAGES}
    setups = {file.stem for file in SETUPS.glob("*.py")}

    assert {name for name in setups if not name.startswith("_")} <= names
