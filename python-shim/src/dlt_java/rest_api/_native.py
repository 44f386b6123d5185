# SPDX-License-Identifier: Apache-2.0
"""What decides between the library and dlt's own client."""

from __future__ import annotations


class NotNative(Exception):
    """A resource, or one run of it, needs dlt's own client; the message says why."""
