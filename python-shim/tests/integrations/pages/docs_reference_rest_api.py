# SPDX-License-Identifier: Apache-2.0
"""An API of posts, and a pipeline."""

import _example_api
import dlt

_example_api.serve()

pipeline = dlt.pipeline("blog", destination="duckdb", dataset_name="blog_data")
