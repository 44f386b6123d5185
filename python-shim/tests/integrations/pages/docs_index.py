# SPDX-License-Identifier: Apache-2.0
"""An API of posts."""

import _example_api

_example_api.serve()
