# SPDX-License-Identifier: Apache-2.0
"""Makes the conformance corpus of the core's normalizer, with dlt itself as the referee.

    python tools/make_conformance.py ../core/src/test/resources/conformance

Each file holds documents, options, and the tables that dlt's JSON path makes of them: columns with
dlt's types, values, parent tables. Random row ids are replaced by `#1`, `#2`, ... in the order in
which they appear.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import dlt
import orjson
from dlt.common.destination import DestinationCapabilitiesContext
from dlt.common.normalizers.json import relational
from dlt.common.schema import Schema
from dlt.common.schema.utils import new_table
from dlt.normalize.configuration import NormalizeConfiguration
from dlt.normalize.items_normalizers.jsonl import JsonLItemsNormalizer

_LOAD_ID = "1.5"
_ID_COLUMNS = {"_dlt_id", "_dlt_parent_id", "_dlt_root_id"}


def _case(documents: Sequence[str], **options: Any) -> dict[str, Any]:
    complete = {
        "requests": [],
        "table": "t",
        "load_id": _LOAD_ID,
        "column_order": "scalars_first",
        **options,
    }
    return {"options": complete, "documents": list(documents)}


def _columns(**types: str) -> dict[str, Any]:
    return {"t": {"columns": {name: {"data_type": kind} for name, kind in types.items()}}}


CASES: dict[str, dict[str, Any]] = {
    "flat": _case(['[{"a":1,"b":"x","c":1.5,"d":true,"e":null,"f":"2024-01-01T10:00:00Z"},{}]']),
    "objects": _case(['{"a":{"x":1,"in":{"z":1},"y":2},"b":{"y":2},"c":3,"d":{}}']),
    "lists": _case(['[{"l":[{"m":["a",null]},{"v":2},[1,[2]],3]},{"l":[]},{"l":[{}]}]']),
    "root_id": _case(['[{"l":[{"m":[1,2]}]},{"l":[5],"_dlt_id":"own"}]'], root_id=True),
    "key_hash": _case(
        ['[{"iD":1,"b":{"c":"ü"},"l":[1,2]},{"b":{"c":""},"iD":2.5}]'],
        row_id="key_hash",
        primary_key=["i_d", "b__c"],
    ),
    "row_hash": _case(
        ['[{"z":[{"b":1e22,"a":null}],"a":true,"_dlt_x":1},{"a":false}]'], row_id="row_hash"
    ),
    "variants": _case(['[{"a":1},{"a":1.5},{"a":2.0},{"a":"x"},{"a":"7"},{"a":true},{"a":{}}]']),
    "texts": _case(['[{"a":"x"},{"a":1},{"a":1e22},{"a":true},{"a":1.5},{"a":1e-5}]']),
    "nesting_0": _case(['{"a":{"b":[1,1.0,"ü"]},"l":[{"x":[1]}]}'], max_table_nesting=0),
    "nesting_1": _case(['{"a":{"b":{"c":1}},"l":[{"x":[1],"y":{}}]}'], max_table_nesting=1),
    "nesting_2": _case(['{"a":{"b":{"c":1}},"l":[{"x":[[1]],"y":{}}]}'], max_table_nesting=2),
    "equal_keys": _case(
        ['[{"a":1,"a":"x"},{"b":{"x":1},"b":2},{"c":[1],"c":[2,3]},{"d":1,"d":null}]']
    ),
    "equal_names": _case(['[{"aB":1,"a_b":2},{"c":{"d":1},"c__d":2},{"L":[1],"l":[2]}]']),
    "decimals": _case(
        ['[{"a":1},{"a":"1.25"},{"a":"x"},{"a":0.1},{"a":true},{"a":"0x10"}]'],
        tables=_columns(a="decimal"),
    ),
    "wei": _case(['[{"a":1},{"a":"12345678901234567890"},{"a":"x"}]'], tables=_columns(a="wei")),
    "times": _case(
        ['[{"a":"10:00"},{"a":"01:00:00+02:00"},{"a":"9:5:1.5"},{"a":"24:00"},{"a":1}]'],
        tables=_columns(a="time"),
    ),
    "binaries": _case(
        ['[{"a":"0xff"},{"a":"YWI="},{"a":"YWI"},{"a":256},{"a":-1},{"a":""}]'],
        tables=_columns(a="binary"),
    ),
    "json_columns": _case(
        ['[{"a":{"x":[1]}},{"a":[1,2.0]},{"a":"{\\"y\\": 1}"},{"a":"x"},{"a":5}]'],
        tables=_columns(a="json"),
    ),
    "dates": _case(
        ['[{"a":"2024-02-29"},{"a":"2024-02-29T23:00:00-02:00"},{"a":86400},{"a":"x"}]'],
        tables=_columns(a="date"),
    ),
    "bools": _case(
        ['[{"a":"yes"},{"a":0},{"a":1.5},{"a":"F"},{"a":"maybe"}]'], tables=_columns(a="bool")
    ),
    "direct": _case(['{"aB":{"c__d":1},"L":[{"x y":1}]}'], naming="direct"),
    "sql_cs": _case(['{"aB":{"c d":1},"L":[{"x y_":1}]}'], naming="sql_cs_v1"),
    "sql_ci": _case(['{"aB":{"c d":1},"L":[{"x y_":1}]}'], naming="sql_ci_v1"),
    "duck": _case(['{"aB":{"c  d":1},"L":[{"ü🙂":1}]}'], naming="duck_case"),
    "shortened": _case(
        ['{"aVeryLongKeyIndeed":{"andAnotherOne":1},"listsHaveLongNamesToo":[1]}'],
        maximum_identifier_length=20,
    ),
    "scalars": _case(['["x",null,"y",[1,2],[{"a":1}]]']),
}


