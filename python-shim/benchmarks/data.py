# SPDX-License-Identifier: Apache-2.0
"""Data of benchmarks, the same for each seed: JSON Lines of a given size."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

SEED = 20_260_101

_OPENINGS = ["Sicilian Defense", 'Queen\'s Gambit "Declined"', "Caro-Kann", "Réti Opening"]
_EVENTS = ["PushEvent", "WatchEvent", "IssueCommentEvent", "PullRequestEvent", "ForkEvent"]


def games(source: random.Random) -> Iterator[dict[str, Any]]:
    """Chess games: long texts with escapes, few numbers."""
    number = 0
    while True:
        number += 1
        moves = " ".join(
            f"{move}. {source.choice('abcdefgh')}{source.randint(1, 8)}"
            f" {{[%clk 0:{source.randint(0, 59):02d}:{source.randint(0, 59):02d}]}}"
            for move in range(1, source.randint(20, 60))
        )
        opening = source.choice(_OPENINGS)
        yield {
            "url": f"https://www.chess.com/game/live/{number}",
            "pgn": f'[Event "Live Chess"]\n[Opening "{opening}"]\n\n{moves}\n',
            "time_control": source.choice(["180", "600", "60+1"]),
            "end_time": 1_640_995_200 + number,
            "rated": source.random() < 0.9,
            "accuracies": {"white": source.uniform(50, 99), "black": source.uniform(50, 99)},
            "white": _player(source),
            "black": _player(source),
            "eco": opening,
        }


def _player(source: random.Random) -> dict[str, Any]:
    return {
        "rating": source.randint(800, 3200),
        "result": source.choice(["win", "resigned", "timeout"]),
        "username": f"player{source.randint(1, 5000)}",
    }


def events(source: random.Random) -> Iterator[dict[str, Any]]:
    """Events as GitHub reports them: many short fields in nested objects."""
    number = 30_000_000_000
    while True:
        number += source.randint(1, 9)
        actor, repository = source.randint(1, 10**8), source.randint(1, 10**8)
        yield {
            "id": str(number),
            "type": source.choice(_EVENTS),
            "actor": {
                "id": actor,
                "login": f"user{actor}",
                "gravatar_id": "",
                "url": f"https://api.github.com/users/user{actor}",
            },
            "repo": {"id": repository, "name": f"org/repository-{repository}"},
            "payload": {
                "push_id": source.randint(1, 10**10),
                "size": source.randint(1, 20),
                "ref": "refs/heads/main",
                "head": f"{source.getrandbits(160):040x}",
            },
            "public": True,
            "created_at": f"2024-05-{source.randint(1, 28):02d}T{source.randint(0, 23):02d}:15:07Z",
        }


def numbers(source: random.Random) -> Iterator[dict[str, Any]]:
    """Measurements: numbers with fractions."""
    number = 0
    while True:
        number += 1
        yield {
            "sensor": number % 400,
            "at": 1_700_000_000 + number,
            "latitude": source.uniform(-90, 90),
            "longitude": source.uniform(-180, 180),
            "temperature": round(source.gauss(15, 8), 2),
            "pressure": round(source.gauss(1013, 12), 1),
            "wind": source.random(),
            "valid": source.random() < 0.98,
        }


def orders(source: random.Random) -> Iterator[dict[str, Any]]:
    """Orders: lists in lists in lists."""
    number = 0
    while True:
        number += 1
        yield {
            "id": number,
            "customer": {"id": source.randint(1, 10**6), "name": f"customer {number % 997}"},
            "lines": [
                {
                    "sku": f"sku-{source.randint(1, 10**5)}",
                    "quantity": source.randint(1, 9),
                    "price": round(source.uniform(1, 500), 2),
                    "discounts": [
                        {"code": source.choice("ABC"), "percent": source.randint(1, 30)}
                        for _ in range(source.randint(0, 3))
                    ],
                    "tags": [source.choice(["new", "sale", "heavy"]) for _ in range(2)],
                }
                for _ in range(source.randint(1, 6))
            ],
        }


GENERATORS: dict[str, Callable[[random.Random], Iterator[dict[str, Any]]]] = {
    "games": games,
    "events": events,
    "numbers": numbers,
    "orders": orders,
}


def json_lines(name: str, megabytes: float, folder: Path) -> Path:
    """A file of records, made once.

    Args:
        name: One of `GENERATORS`.
        megabytes: Its size, in 10^6 bytes.
        folder: Where it is kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{megabytes:g}.jsonl"
    if not path.exists():
        source = random.Random(f"{SEED} {name}")
        written = 0
        unfinished = path.with_suffix(".part")
        with unfinished.open("w", encoding="utf-8") as file:
            for record in GENERATORS[name](source):
                written += file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")))
                written += file.write("\n")
                if written >= megabytes * 1e6:
                    break
        unfinished.rename(path)
    return path
