# SPDX-License-Identifier: Apache-2.0
"""Benchmarks run, and find what they compare equal; in small, as speed is not tested."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"

RUNS = {
    "decode": ["--megabytes", "0.2", "--threads", "1", "--data", "{folder}", "--svg", "{svg}"],
    "normalize": ["--megabytes", "0.1", "--data", "{folder}", "--svg", "{svg}"],
    "pipelines": ["--games", "1800", "--svg", "{svg}"],
    "rest_api": ["--pages", "4", "--dependent", "5", "--latency", "1", "--svg", "{svg}"],
    "network": ["--requests", "40", "--kilobytes", "1", "40", "--svg", "{svg}"],
    "footprint": ["--megabytes", "0.5", "--data", "{folder}"],
}


@pytest.mark.parametrize("name", RUNS)
def test_a_benchmark_finds_both_ways_equal(name: str, tmp_path: Path) -> None:
    plot = tmp_path / "plot.svg"
    arguments = [argument.format(folder=tmp_path, svg=plot) for argument in RUNS[name]]
    command = [sys.executable, str(BENCHMARKS / f"{name}.py"), "--repeats", "1", *arguments]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert "dlt-java" in result.stdout or name == "footprint", result.stdout
    if "{svg}" in RUNS[name]:
        assert "dlt-java" in "".join(ElementTree.parse(plot).getroot().itertext())
