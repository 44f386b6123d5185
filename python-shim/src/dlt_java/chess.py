# SPDX-License-Identifier: Apache-2.0
"""Player profiles and games from the chess.com API, as dlt's verified source `chess` loads them."""

from collections.abc import Iterator, Sequence
from typing import Any, Optional

import dlt
from dlt.extract import DltResource

from dlt_java._settings import quoted
from dlt_java.options import Request, SourceOptions
from dlt_java.resource import column_values, rows, with_nested_tables

# No `from __future__ import annotations` here: dlt reads the types of a source's arguments.

OFFICIAL_URL = "https://api.chess.com/pub/"
CALLBACK_URL = "https://www.chess.com/callback/"

_MONTH_LENGTH = len("YYYY/MM")
_NOT_FOUND = 404


@dlt.source(name="chess")
def source(
    players: Sequence[str] = dlt.config.value,
    start_month: Optional[str] = None,
    end_month: Optional[str] = None,
    *,
    base_url: str = OFFICIAL_URL,
    callback_url: str = CALLBACK_URL,
) -> Sequence[DltResource]:
    """Profiles, archives, games and online status of chess.com players.

    All arguments may come from dlt's configuration, section `sources.chess`.

    Args:
        players: Names of the players.
        start_month: First month of games to load, as `YYYY/MM`; all if absent.
        end_month: Last month of games to load, as `YYYY/MM`; all if absent.
        base_url: Address of the published API, with a slash at its end.
        callback_url: Address of the unpublished API with the online status, with a slash.

    Returns:
        The resources `players_profiles`, `players_archives` (not selected), `players_games` and
        `players_online_status`.
    """
    return (
        with_nested_tables(players_profiles(players, base_url)),
        with_nested_tables(players_archives(players, base_url)),
        with_nested_tables(players_games(players, start_month, end_month, base_url)),
        with_nested_tables(players_online_status(players, callback_url)),
    )


@dlt.resource(
    write_disposition="replace",
    columns={
        "last_online": {"data_type": "timestamp"},
        "joined": {"data_type": "timestamp"},
    },
)
def players_profiles(players: Sequence[str], base_url: str = OFFICIAL_URL) -> Iterator[Any]:
    """Yields the profile of each player.

    Args:
        players: Names of the players.
        base_url: Address of the published API.
    """
    requests = [_request("players_profiles", f"{base_url}player/{player}") for player in players]
    yield from rows(SourceOptions(requests, "players_profiles"))


@dlt.resource(write_disposition="replace", selected=False)
def players_archives(players: Sequence[str], base_url: str = OFFICIAL_URL) -> Iterator[Any]:
    """Yields the addresses of each player's monthly archives.

    Args:
        players: Names of the players.
        base_url: Address of the published API.
    """
    yield from rows(_archives(players, base_url))


@dlt.resource(write_disposition="append", columns={"end_time": {"data_type": "timestamp"}})
def players_games(
    players: Sequence[str],
    start_month: Optional[str] = None,
    end_month: Optional[str] = None,
    base_url: str = OFFICIAL_URL,
) -> Iterator[Any]:
    """Yields the games of each player in the months asked for, but those loaded before.

    Args:
        players: Names of the players.
        start_month: First month, as `YYYY/MM`.
        end_month: Last month, as `YYYY/MM`.
        base_url: Address of the published API.
    """
    _check_month(start_month)
    _check_month(end_month)
    loaded: list[str] = dlt.current.resource_state().setdefault("archives", [])
    archives = yield from column_values(_archives(players, base_url), "value")
    known = set(loaded)
    urls: list[str] = []
    for url in archives:
        month = url[-_MONTH_LENGTH:]
        too_early = bool(start_month) and month < start_month
        too_late = bool(end_month) and month > end_month
        if not too_early and not too_late and url not in known:
            known.add(url)
            urls.append(url)

    already_loaded = len(loaded)

    def remember(completed: int) -> None:
        loaded.extend(urls[len(loaded) - already_loaded : completed])

    yield from rows(
        SourceOptions(
            [_request("players_games", url) for url in urls],
            "players_games",
            record_path=["games"],
            missing_records="ignore",
            # Some archives are listed but were never there.
            ignored_statuses=[_NOT_FOUND],
        ),
        remember,
    )


@dlt.resource(write_disposition="append")
def players_online_status(
    players: Sequence[str], callback_url: str = CALLBACK_URL
) -> Iterator[Any]:
    """Yields the current online status of each player.

    Args:
        players: Names of the players.
        callback_url: Address of the unpublished API.
    """
    requests = [
        _request("players_online_status", f"{callback_url}user/popup/{player}", player)
        for player in players
    ]
    yield from rows(
        SourceOptions(
            requests,
            "players_online_status",
            record=[
                {"name": "username", "constant": "username"},
                {"name": "onlineStatus", "field": "onlineStatus"},
                {"name": "lastLoginDate", "field": "lastLoginDate"},
                {"name": "check_time", "received_at": True},
            ],
        )
    )


def _archives(players: Sequence[str], base_url: str) -> SourceOptions:
    return SourceOptions(
        [
            _request("players_archives", f"{base_url}player/{player}/games/archives")
            for player in players
        ],
        "players_archives",
        record_path=["archives"],
        missing_records="ignore",
    )


def _request(name: str, url: str, player: Optional[str] = None) -> Request:
    constants = {} if player is None else {"username": player}
    return Request(quoted(url), constants, name=name)


def _check_month(month: Optional[str]) -> None:
    """Catches common mistakes in the format of a month."""
    if month and month[4] != "/":
        raise ValueError(month)
