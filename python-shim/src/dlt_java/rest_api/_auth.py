# SPDX-License-Identifier: Apache-2.0
"""How requests authenticate themselves: what dlt's own objects would add to each of them."""

from __future__ import annotations

import datetime
import os
import threading
from collections.abc import Mapping
from typing import Any, Callable

import requests
from dlt.sources.helpers.rest_client.auth import (
    APIKeyAuth,
    BearerTokenAuth,
    HttpBasicAuth,
    OAuth2AuthBase,
    OAuth2ClientCredentials,
    OAuthJWTAuth,
)

from dlt_java.rest_api._native import NotNative
from dlt_java.stream import Source

_FIXED = (BearerTokenAuth, HttpBasicAuth, OAuth2AuthBase)
_TOKEN = (OAuth2ClientCredentials, OAuthJWTAuth)

_SHORTEST_TOKEN_SECONDS = 2.0
"""Tokens that end sooner are asked for with each request, which dlt's own client does."""

_LONGEST_MARGIN_SECONDS = 60.0

_obtaining = threading.Lock()
"""One auth object serves many resources, whose refreshing threads must not get in each other's way.
"""


def _start_child_afresh() -> None:
    # Another thread of the parent process may have held it.
    global _obtaining
    _obtaining = threading.Lock()


os.register_at_fork(after_in_child=_start_child_afresh)


class Authentication:
    """The headers and query parameters of one endpoint's auth object.

    Attributes:
        headers: Headers to add to each request.
        query: Query parameters to add to each request.
    """

    def __init__(self, auth: Any) -> None:
        """Asks for a token if the object needs one.

        Args:
            auth: dlt's auth object, or `None`.

        Raises:
            NotNative: Only the object itself knows what it does to a request.
        """
        self._auth = auth
        self._is_token = _does(auth, _TOKEN)
        self._margin_seconds = 0.0
        self.headers: dict[str, str] = {}
        self.query: dict[str, str] = {}
        if auth is None:
            return
        if _does(auth, (APIKeyAuth,)):
            self._take_api_key()
        elif self._is_token or _does(auth, _FIXED):
            with _obtaining:
                self._take_headers()
            if self._is_token and self._seconds_left() < _SHORTEST_TOKEN_SECONDS:
                raise NotNative("its tokens end at once")
        else:
            raise NotNative(f"its auth is a `{type(auth).__name__}`")

    def with_others(self, headers: Mapping[str, str]) -> dict[str, str]:
        """All headers that authenticate; what the auth object sets wins.

        Args:
            headers: Those of the configuration, by lower-case name.
        """
        return {**headers, **{name.lower(): value for name, value in self.headers.items()}}

    def keep_fresh(self, source: Source, headers: Mapping[str, str]) -> Callable[[], None]:
        """Refreshes the token of a source before it ends, in a thread of its own.

        Args:
            source: Gets each new token.
            headers: Those that authenticate besides it.

        Returns:
            Ends the thread.
        """
        if not self._is_token:
            return _nothing
        over = threading.Event()

        def refresh() -> None:
            while not over.wait(max(0.0, self._seconds_left() - self._margin_seconds)):
                try:
                    with _obtaining:
                        # Another source may have refreshed it.
                        if self._seconds_left() <= self._margin_seconds:
                            self._auth.obtain_token()
                        self._take_headers()
                    source.set_auth(self.with_others(headers), self.query)
                except Exception:
                    # The token may go on for a while; requests that it fails for say so.
                    over.wait(_SHORTEST_TOKEN_SECONDS)

        threading.Thread(target=refresh, name="dlt-java-token", daemon=True).start()
        return over.set

    def _take_headers(self) -> None:
        request = requests.Request("GET", "http://localhost/").prepare()
        before = dict(request.headers)
        after = self._auth(request).headers
        self.headers = {
            name: str(value) for name, value in after.items() if before.get(name) != value
        }
        if self._is_token:
            self._margin_seconds = min(_LONGEST_MARGIN_SECONDS, self._seconds_left() / 3)

    def _take_api_key(self) -> None:
        location = self._auth.location
        if location == "header":
            self.headers = {self._auth.name: str(self._auth.api_key)}
        elif location in ("query", "param"):
            self.query = {self._auth.name: str(self._auth.api_key)}
        else:
            raise NotNative(f"its API key is in a {location}")

    def _seconds_left(self) -> float:
        now = datetime.datetime.now(datetime.timezone.utc)
        return float((self._auth.token_expiry - now).total_seconds())


def _does(auth: Any, classes: tuple[type, ...]) -> bool:
    """Whether an object does to a request what one of the classes does."""
    # Subclasses may change how a token is asked for, but not what is done with it.
    return any(
        isinstance(auth, known) and type(auth).__call__ is known.__call__ for known in classes
    )


def _nothing() -> None:
    """Ends a thread that was never started."""
