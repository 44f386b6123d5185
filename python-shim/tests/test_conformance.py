# SPDX-License-Identifier: Apache-2.0
"""The conformance corpus: documents, and the tables that dlt makes of them.

The core's own tests read the same files.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import dlt
import pytest
from json_documents import OLDER_ORJSON
from make_conformance import CASES, texts, written
from normalized import assert_same_tables, native_tables
from packaging.version import Version

from dlt_java import DataException

FOLDER = Path(__file__).parents[2] / "core" / "src" / "test" / "resources" / "conformance"
FILES = sorted(FOLDER.glob("*.json"))

INSTALLED = Version(dlt.__version__)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.stem))
def test_the_library_makes_the_tables_that_dlt_makes(file: Path) -> None:
    case = json.loads(file.read_text())

    if "error" in case:
        with pytest.raises(DataException) as caught:
            native_tables(case["options"], texts(case))
        assert caught.value.code == case["error"]
    else:
        tables = native_tables(case["options"], texts(case))
        assert_same_tables(tables, case["tables"], case["options"])


def test_there_is_a_file_for_each_case() -> None:
    assert [file.stem for file in FILES] == sorted(CASES)


@pytest.mark.parametrize("name", CASES)
def test_the_installed_dlt_still_makes_the_tables(name: str) -> None:
    case: dict[str, Any] = CASES[name]
    file = json.loads((FOLDER / f"{name}.json").read_text())

    older = Version(case["since"]) > INSTALLED
    if not older and not (case["exponents"] and OLDER_ORJSON):
        assert json.loads(json.dumps(written(case))) == file
    else:
        # An older dlt or orjson, of which it is known that it differs.
        assert written(case) != file
