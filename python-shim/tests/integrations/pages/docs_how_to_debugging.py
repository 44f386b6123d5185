# SPDX-License-Identifier: Apache-2.0
"""An API of posts that is busy at first."""

import _example_api

_example_api.serve().busy = 1
