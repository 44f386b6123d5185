# SPDX-License-Identifier: Apache-2.0
"""The code blocks of a page, and the page as a script.

A comment before a block says what happens to it, and readers do not see it:

* `<!-- output -->` before a block in `text`: it is what the Python blocks above it have printed,
  since the page's beginning or the block before of that kind.
* `<!-- not run: reason -->`: the block needs what no test has, such as an account.

A server on loopback answers for `https://api.example.com/`. What a page needs besides is the module
in `pages` that has the page's name: all public names in it are there when the page begins. For C
blocks it is a header of that name.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt

REPOSITORY = Path(__file__).resolve().parents[3]
EXAMPLE_API = "https://api.example.com/"
SETUPS = Path(__file__).parent / "pages"
HEADER_FOLDER = REPOSITORY / "ffi" / "include"

_MARK = re.compile(r"<!--\s*(?P<kind>output|not run: \S.*?)\s*-->")
_FENCE = re.compile(r"^\s*(```|~~~)", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Block:
    """A code block.

    Attributes:
        language: The word behind its fence, empty if there is none.
        code: Its text.
        line: Index of its first line of code in the page.
        mark: What the comment before it says, empty if there is none.
    """

    language: str
    code: str
    line: int
    mark: str

    @property
    def is_run(self) -> bool:
        """Whether nothing says that it cannot be run."""
        return not self.mark.startswith("not run")


@dataclasses.dataclass(frozen=True)
class Page:
    """A page of the documentation.

    Attributes:
        path: Where it is in the repository.
        blocks: Its code blocks, from top to bottom.
    """

    path: Path
    blocks: tuple[Block, ...]

    @property
    def setup(self) -> str | None:
        """Name of the module with what the page needs besides, if it needs something."""
        if (SETUPS / f"{self._name}.py").exists():
            return self._name
        asks = any(EXAMPLE_API in block.code for block in self.of("python"))
        return "_served" if asks else None

    @property
    def c_header(self) -> Path | None:
        """What C blocks of the page take as given, if it is more than the library's header."""
        header = SETUPS / f"{self._name}.h"
        return header if header.exists() else None

    @property
    def _name(self) -> str:
        return re.sub(r"\W", "_", str(self.path.with_suffix("")))

    @property
    def outputs(self) -> list[Block]:
        """The blocks that show what the page prints."""
        return [block for block in self.blocks if block.mark == "output"]

    def of(self, language: str) -> list[Block]:
        """The blocks of a language that can be run."""
        return [block for block in self.blocks if block.language == language and block.is_run]

    def script(self, separator: str) -> str:
        """All Python blocks, each in the lines in which it stands in the page.

        Args:
            separator: What is printed where the page shows an output.
        """
        lines = [""] * len((REPOSITORY / self.path).read_text().splitlines())
        for block in self.of("python"):
            code = block.code.splitlines()
            lines[block.line : block.line + len(code)] = code
        for block in self.outputs:
            # The line of the fence.
            lines[block.line - 1] = f"print({separator!r})"
        if self.setup is not None:
            # A page begins with its title.
            lines[0] = f"from {self.setup} import *"
        return "\n".join(lines) + "\n"


def pages() -> list[Page]:
    """All pages: the README files that users see, and what is below `docs`."""
    readme = [REPOSITORY / "README.md", REPOSITORY / "python-shim" / "README.md"]
    found = [*readme, *sorted((REPOSITORY / "docs").rglob("*.md"))]
    return [page(path) for path in found]


def page(path: Path) -> Page:
    """Reads a page.

    Args:
        path: Its file.

    Raises:
        ValueError: A fence is where no block begins or ends.
    """
    text = path.read_text()
    blocks = tuple(_blocks(text, 0))
    fences = len(_FENCE.findall(text))
    if fences != 2 * len(blocks):
        raise ValueError(f"{path} has {fences} fences, but {len(blocks)} blocks")
    return Page(path.relative_to(REPOSITORY), blocks)


def _blocks(text: str, first_line: int) -> Iterator[Block]:
    mark = ""
    for token in MarkdownIt().parse(text):
        if token.type == "html_block":
            found = _MARK.fullmatch(token.content.strip())
            mark = found["kind"] if found else ""
            continue
        if token.type == "fence" and token.map is not None:
            language = token.info.split()[0] if token.info.strip() else ""
            yield Block(language, token.content, first_line + token.map[0] + 1, mark)
        elif token.type == "code_block" and token.map is not None:
            # The content of a note or a tab of the site.
            if not _FENCE.search(token.content):
                yield Block("", token.content, first_line + token.map[0], mark)
            yield from _blocks(token.content, first_line + token.map[0])
        mark = ""
