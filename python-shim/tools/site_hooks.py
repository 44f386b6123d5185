# SPDX-License-Identifier: Apache-2.0
"""What mkdocs does to the pages of docs/ besides rendering them.

* Links to files outside of docs/ lead nowhere on the site: their text stays, if the file exists.
* `<!-- functions of FILE -->` becomes the reference of a C header.
* A page that would load something from another server is an error.
"""

from __future__ import annotations

import html.parser
import re
from pathlib import Path
from typing import Any

from c_header import reference

REPOSITORY = Path(__file__).resolve().parents[2]

_LINK = re.compile(
    r"(?<!!)\[(?P<text>[^]\[]+)\]\((?P<target>\.\.?/[^)#\s]*)(?P<anchor>#[^)\s]*)?\)"
)
_HEADER = re.compile(r"<!-- functions of (?P<file>\S+) -->")

_LOADING = {"script": "src", "img": "src", "iframe": "src", "link": "href", "source": "src"}
"""Elements that make a browser fetch something, and where it stands."""

_ONLY_NAMES = {"canonical", "alternate", "next", "prev"}
"""Relations of `link` that load nothing."""


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Prepares the text of a page."""
    folder = (REPOSITORY / "docs" / page.file.src_uri).parent

    def without_link(link: re.Match[str]) -> str:
        target = (folder / link["target"]).resolve()
        inside = target.is_relative_to(REPOSITORY / "docs")
        # Those that are broken stay, and are reported.
        return link[0] if inside or not target.exists() else link["text"]

    markdown = _LINK.sub(without_link, markdown)
    return _HEADER.sub(lambda found: reference((REPOSITORY / found["file"]).read_text()), markdown)


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """Refuses what would be fetched from elsewhere.

    Raises:
        ValueError: The page does.
    """
    loads = _Loads()
    loads.feed(output)
    if loads.foreign:
        raise ValueError(f"{page.file.src_uri} loads {loads.foreign} from other servers")
    return output


class _Loads(html.parser.HTMLParser):
    """Finds the addresses on other servers that a page loads."""

    def __init__(self) -> None:
        super().__init__()
        self.foreign: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        address = attributes.get(_LOADING.get(tag, "")) or ""
        relations = set((attributes.get("rel") or "").split())
        if re.match(r"(https?:)?//", address) and not relations & _ONLY_NAMES:
            self.foreign.append(address)
