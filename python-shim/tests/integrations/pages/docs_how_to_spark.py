# SPDX-License-Identifier: Apache-2.0
"""Replicas of the page's APIs, to which the options of reads are sent."""

from __future__ import annotations

import atexit
import os
from typing import Any

from pyspark.sql.readwriter import DataFrameReader
from replica import Replica, java_home

os.environ["JAVA_HOME"] = str(java_home())
os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"

_replica = Replica(["--months", "2022/11..2022/12", "--games-per-month", "5"])
atexit.register(_replica.close)
_options = DataFrameReader.options


# Here and not in the source, which runs in processes of Spark's.
def _redirected(self: DataFrameReader, **given: Any) -> DataFrameReader:
    if given.get("source") == "chess":
        given["base_url"] = _replica.base_url
    if "config" in given:
        given["config"] = given["config"].replace("https://api.example.com/", _replica.rest_url)
    return _options(self, **given)


DataFrameReader.options = _redirected  # type: ignore[method-assign]
