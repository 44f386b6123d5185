# SPDX-License-Identifier: Apache-2.0
"""Results of benchmarks: a table to read, a picture to look at."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path

_BAR_HEIGHT = 18
_LABEL_WIDTH = 190
_PLOT_WIDTH = 420
_OURS = "#0b7a75"
_OTHERS = "#b8b8b8"


def medians(measures: Mapping[str, Callable[[], float]], repeats: int) -> dict[str, float]:
    """The median of each measure; rounds alternate, so that all see the same machine.

    Args:
        measures: Name to what is measured once a call.
        repeats: Rounds.
    """
    results: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(repeats):
        for name, measure in measures.items():
            results[name].append(measure())
    return {name: statistics.median(values) for name, values in results.items()}


def peak_megabytes() -> float:
    """The most memory that this process has had resident, in 10^6 bytes.

    `getrusage` would count that of the process that started it, too.
    """
    status = Path("/proc/self/status").read_text()
    (kilobytes,) = re.findall(r"VmHWM:\s+(\d+) kB", status)
    return int(kilobytes) * 1024 / 1e6


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Rows as a Markdown table.

    Args:
        header: Names of the columns.
        rows: Their cells.
    """
    cells = [[str(cell) for cell in row] for row in [header, *rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(header))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |"
        for row in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def bars(title: str, unit: str, groups: Mapping[str, Mapping[str, float]], path: Path) -> None:
    """Writes a bar chart as SVG, a group of bars for each data set; ours stand out.

    Args:
        title: Above the plot.
        unit: Of the numbers.
        groups: Data set to name to number; names that begin with `dlt-java` are ours.
        path: The file.
    """
    most = max(value for group in groups.values() for value in group.values())
    parts: list[str] = []
    top = 40
    for group, values in groups.items():
        parts.append(f'<text x="8" y="{top + 12}" font-weight="bold">{escape(group)}</text>')
        top += _BAR_HEIGHT + 2
        for name, value in values.items():
            width = max(1.0, value / most * _PLOT_WIDTH)
            color = _OURS if name.startswith("dlt-java") else _OTHERS
            end = _LABEL_WIDTH - 6
            parts.append(
                f'<text x="{end}" y="{top + 12}" text-anchor="end">{escape(name)}</text>'
                f'<rect x="{_LABEL_WIDTH}" y="{top}" width="{width:.1f}" height="{_BAR_HEIGHT - 4}"'
                f' fill="{color}"/>'
                f'<text x="{_LABEL_WIDTH + width + 5:.1f}" y="{top + 12}">{value:,.0f}</text>'
            )
            top += _BAR_HEIGHT
        top += 8
    width = _LABEL_WIDTH + _PLOT_WIDTH + 80
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{top}"'
        f' font-family="sans-serif" font-size="12">'
        f'<rect width="100%" height="100%" fill="white"/>'
        f'<text x="8" y="22" font-size="15" font-weight="bold">{escape(f"{title} ({unit})")}</text>'
        + "".join(parts)
        + "</svg>\n",
        encoding="utf-8",
    )
