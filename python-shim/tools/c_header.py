# SPDX-License-Identifier: Apache-2.0
"""The comments of the C header as a page in Markdown."""

from __future__ import annotations

import re

_EXPORT = "DLTJ_EXPORT "

_ITEM = re.compile(
    r"/\*(?P<comment>(?:[^*]|\*(?!/))*)\*/\n(?P<code>(?:typedef struct|DLTJ_EXPORT)[^;{]*"
    r"(?:\{[^}]*\}[^;]*)?;)"
)
_NAME = re.compile(r"(?P<name>dltj_\w+)(?:\(|;$)")
_TOPIC = re.compile(r" \* (?P<name>[A-Z][a-z]+) {2,}(?P<text>.*(?:\n \* {5,}.*)*)")
_ARGUMENT = re.compile(r"(?P<name>[a-z_]+) {2,}(?P<text>.*)")
_STATUS = re.compile(
    r"(?:/\* (?:Status: )?(?P<before>.*) \*/\n)?"
    r"#define (?P<name>DLTJ_\w+) (?P<value>\d+)(?: +/\* (?P<after>.*) \*/)?$",
    re.MULTILINE,
)


def reference(header: str) -> str:
    """Markdown with the topics, statuses, structs and functions of a header.

    Args:
        header: Its text.
    """
    parts = ["## Principles\n"]
    parts += [f"**{t['name']}.** {_paragraph(t['text'])}\n" for t in _TOPIC.finditer(header)]
    parts += ["## Statuses and errors\n", "| name | value | meaning |", "|---|---|---|"]
    for status in _STATUS.finditer(header):
        # A comment above the first of a group is that of the group.
        meaning = (status["after"] or status["before"]).rstrip(".")
        parts.append(f"| `{status['name']}` | {status['value']} | {_code(meaning)} |")
    parts.append("\n## Types and functions\n")
    for item in _ITEM.finditer(header):
        name = _NAME.search(item["code"])
        assert name is not None, item["code"]
        # Lines that go on stay below the first argument.
        indent = " " * len(_EXPORT) if item["code"].startswith(_EXPORT) else ""
        code = item["code"].removeprefix(_EXPORT).replace(f"\n{indent}", "\n")
        parts += [f"### `{name['name']}`\n", f"```c\n{code}\n```\n", _prose(item["comment"])]
    return "\n".join(parts)


def _prose(comment: str) -> str:
    """A comment as paragraphs, with its arguments as a list."""
    lines = [re.sub(r"^ \* ?", "", line).strip() for line in comment.split("\n")]
    paragraphs: list[str] = [""]
    for line in lines:
        argument = _ARGUMENT.fullmatch(line)
        if argument is not None:
            paragraphs.append(f"* `{argument['name']}`: {_code(argument['text'])}")
        elif line:
            paragraphs[-1] += f" {_code(line)}"
        else:
            paragraphs.append("")
    return "\n\n".join(paragraph.strip() for paragraph in paragraphs if paragraph) + "\n"


def _paragraph(text: str) -> str:
    return _code(" ".join(line.strip(" *") for line in text.split("\n")))


def _code(text: str) -> str:
    """Marks names of the library as code, and links to pages."""
    text = re.sub(r"docs/reference/(\w+\.md)", r"[`\1`](\1)", text)
    return re.sub(r"(?<![`\w])(?:(?:dltj|DLTJ|struct)_\w+…?|NULL)(?!`)", r"`\g<0>`", text)
