"""The chess source in plain dlt: what our native source is compared with.

It requests, filters, remembers and yields as dlt's verified source does, in JSON items.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Optional

import dlt
from dlt.common import pendulum
from dlt.extract import DltResource
from dlt.sources.helpers import requests


@dlt.source(name="chess")
def source(
    players: Sequence[str],
    start_month: Optional[str] = None,
    end_month: Optional[str] = None,
    *,
    base_url: str,
    callback_url: str,
) -> Sequence[DltResource]:
    """Four resources with the names, hints and write dispositions of the verified source."""

    def get(url: str) -> Any:
        return requests.get(url).json()

    @dlt.resource(
        write_disposition="replace",
        columns={"last_online": {"data_type": "timestamp"}, "joined": {"data_type": "timestamp"}},
    )
    def players_profiles() -> Iterator[Any]:
        for player in players:
            yield get(f"{base_url}player/{player}")

    @dlt.resource(write_disposition="replace", selected=False)
    def players_archives() -> Iterator[Any]:
        for player in players:
            yield get(f"{base_url}player/{player}/games/archives").get("archives", [])

    @dlt.resource(write_disposition="append", columns={"end_time": {"data_type": "timestamp"}})
    def players_games() -> Iterator[Any]:
        for month in (start_month, end_month):
            if month and month[4] != "/":
                raise ValueError(month)
        seen: list[str] = dlt.current.resource_state().setdefault("archives", [])
        for player in players:
            archives = get(f"{base_url}player/{player}/games/archives").get("archives", [])
            for url in archives:
                month = url[-7:]
                if (start_month and month < start_month) or (end_month and month > end_month):
                    continue
                if url not in seen:
                    seen.append(url)
                    yield games(url)

    def games(url: str) -> Any:
        try:
            return get(url).get("games", [])
        except requests.HTTPError as error:
            if error.response is not None and error.response.status_code == 404:
                return []
            raise

    @dlt.resource(write_disposition="append")
    def players_online_status() -> Iterator[Any]:
        for player in players:
            popup = get(f"{callback_url}user/popup/{player}")
            yield {
                "username": player,
                "onlineStatus": popup["onlineStatus"],
                "lastLoginDate": popup["lastLoginDate"],
                "check_time": pendulum.now(),
            }

    return (
        players_profiles(),
        players_archives(),
        players_games(),
        players_online_status(),
    )
