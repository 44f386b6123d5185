# SPDX-License-Identifier: Apache-2.0
"""What the site's hooks do to pages."""

from __future__ import annotations

import types

import pytest
from site_hooks import on_page_markdown, on_post_page

PAGE = types.SimpleNamespace(file=types.SimpleNamespace(src_uri="reference/c.md"))


def test_links_that_leave_the_site_keep_their_text() -> None:
    text = "[the overview](../../ARCHITECTURE.md#threads), [errors](errors.md), [up](../index.md)"

    assert on_page_markdown(text, PAGE) == ("the overview, [errors](errors.md), [up](../index.md)")


def test_broken_links_stay_to_be_reported() -> None:
    text = "[nothing](../../NOTHING.md) ![picture](../../ARCHITECTURE.md)"

    assert on_page_markdown(text, PAGE) == text


def test_the_header_takes_the_place_of_its_mark() -> None:
    text = on_page_markdown("# C\n\n<!-- functions of ffi/include/dlt_java.h -->\n", PAGE)

    assert text.startswith("# C\n\n## Principles\n")
    assert "### `dltj_source_open`" in text


@pytest.mark.parametrize(
    "element",
    [
        '<script src="https://example.org/a.js"></script>',
        '<link rel="stylesheet" href="//example.org/a.css">',
        '<link rel="preconnect" href="https://example.org">',
        '<img src="http://example.org/a.png">',
    ],
)
def test_nothing_is_loaded_from_elsewhere(element: str) -> None:
    with pytest.raises(ValueError, match=r"reference/c\.md loads .*example\.org"):
        on_post_page(f"<html>{element}</html>", PAGE)


def test_links_and_own_files_are_no_load() -> None:
    html = (
        '<link rel="canonical" href="https://example.org/"><script src="../a.js"></script>'
        '<a href="https://example.org/">there</a>'
    )

    assert on_post_page(html, PAGE) == html
