# SPDX-License-Identifier: Apache-2.0
"""What a page needs that only asks `https://api.example.com/`."""

import _example_api

_example_api.serve()
