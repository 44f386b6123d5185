"""Tokens that dlt's own classes ask for, and how long they are used."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from dlt.common.configuration import configspec
from dlt.sources.helpers.rest_client.auth import OAuthJWTAuth
from replica import Replica
from rest_api_loads import Loads

# dlt leaves the sockets of its own clients to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
)


@configspec
class SignedAuth(OAuthJWTAuth):
    """dlt's JWT auth; its assertion is one that the replica can check without a public key."""

    def obtain_token(self) -> None:
        """Asks for a token as dlt does, but for the signature."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.private_key,
        }
        response = self.session.post(self.auth_endpoint, headers=self.headers, data=form)
        response.raise_for_status()
        answer = response.json()
        self.token = answer["access_token"]
        now = datetime.datetime.now(datetime.timezone.utc)
        self.token_expiry = now + datetime.timedelta(seconds=answer["expires_in"])  # type: ignore[assignment]


def signed(replica: Replica, query: str, key: str = "client-secret") -> SignedAuth:
    auth = SignedAuth(
        client_id="client",
        private_key=key,
        auth_endpoint=f"{replica.rest_url}auth/token?{query}",
        scopes="posts",
        headers={"X-Assertion": "signed"},
    )
    # dlt looks for the token in its configuration otherwise.
    auth.resolve()
    return auth


def config(replica: Replica, auth: Any, style: str = "pages") -> dict[str, Any]:
    paginator = {"pages": "page_number", "json-link": "json_link"}[style]
    endpoint = {"path": f"auth/oauth/{style}/posts", "paginator": paginator}
    return {
        "client": {"base_url": replica.rest_url, "auth": auth},
        "resources": [{"name": "posts", "endpoint": endpoint}],
    }


def token_requests(requests: Any) -> list[Any]:
    return [request for request in requests if "auth/token" in request.target]


def test_a_jwt_token_is_asked_for_once(replica: Replica, loads: Loads) -> None:
    ours, _ = loads.both(config(replica, signed(replica, "lifetime=3600")), same_requests=False)

    (asked,) = token_requests(ours.requests)
    assert asked.headers["x-assertion"] == "signed"
    assert ours.stats["posts"]["is_native"]


def test_a_jwt_token_is_refreshed_before_it_ends(replica: Replica, loads: Loads) -> None:
    # Each answer takes so long that the pages need more than one token.
    replica.faults("/rest/auth/oauth/* always delay millis=900")

    ours = loads.ours(config(replica, signed(replica, "lifetime=3"), "json-link"))

    assert ours.count("posts") == 25
    assert ours.stats["posts"]["is_native"]
    assert ours.stats["posts"]["retries"] == 0
    assert len(token_requests(ours.requests)) > 1


def test_a_refused_assertion_is_named_without_the_key(replica: Replica, loads: Loads) -> None:
    with pytest.raises(Exception, match="400") as raised:
        loads.ours(config(replica, signed(replica, "lifetime=3600", "very-secret-9")))

    assert "very-secret-9" not in str(raised.value)
