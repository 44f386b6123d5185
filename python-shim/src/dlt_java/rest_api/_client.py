# SPDX-License-Identifier: Apache-2.0
"""dlt's client and response hooks, which remember what they were made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dlt.sources.helpers.rest_client.client import RESTClient
from dlt.sources.rest_api.config_setup import create_response_hooks


class WatchedClient(RESTClient):
    """dlt's client, which knows whether its session came from the configuration.

    Attributes:
        has_custom_session: Whether it did.
    """

    has_custom_session: bool

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.has_custom_session = options.get("session") is not None


class ResponseHooks(dict[str, Any]):
    """dlt's response hooks, with the actions that they carry out.

    Attributes:
        actions: As in the configuration.
    """

    def __init__(self, hooks: dict[str, Any], actions: Sequence[Any]) -> None:
        super().__init__(hooks)
        self.actions = list(actions)


def response_hooks(actions: Sequence[Any] | None) -> ResponseHooks | None:
    """What dlt's `create_response_hooks` makes of response actions.

    Args:
        actions: As in the configuration.
    """
    hooks = create_response_hooks(list(actions) if actions else None)
    return ResponseHooks(hooks, actions) if hooks and actions else None
