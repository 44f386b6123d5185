"""Loads posts and their comments from the bundled replica into DuckDB, as any REST API.

Run it with `DLT_JAVA_REPLICA` naming the replica's compiled classes, or change `BASE_URL` and the
resources to those of another API.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import dlt

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

from replica import Replica

from dlt_java.rest_api import rest_api_source, stats


def config(base_url: str) -> Any:
    """Posts page by page, and the comments of each post.

    Args:
        base_url: Address of the API.
    """
    return {
        "client": {
            "base_url": base_url,
            "auth": {"type": "bearer", "token": "bearer-secret"},
            "paginator": {"type": "page_number", "base_page": 0, "total_path": "total"},
        },
        "resource_defaults": {"primary_key": "id", "write_disposition": "merge"},
        "resources": [
            {"name": "posts", "endpoint": {"path": "pages/posts", "params": {"of": 500}}},
            {
                "name": "comments",
                "endpoint": {
                    "path": "posts/{resources.posts.id}/comments",
                    "params": {"of": 500},
                    "paginator": "single_page",
                },
                "include_from_parent": ["id", "title"],
            },
        ],
    }


def main() -> None:
    """Starts the replica, loads it, and prints what was done."""
    with Replica() as replica:
        source = rest_api_source(config(f"{replica.rest_url}auth/bearer/"))
        pipeline = dlt.pipeline("rest_api_demo", destination="duckdb", dataset_name="posts")
        print(pipeline.run(source))
        for name, counted in stats(source).items():
            print(name, counted)


if __name__ == "__main__":
    main()
