"""``python -m bench.growth``: times of the calls of a shop that has 1,000 items, and 1,000,000.

Homes are filled straight with rows, in proportion: to each item one photo with its hashes, to every
tenth a claim with a photo, and the entries of the log that tell of them. What is made up: ids,
facts and hashes (random); readings are empty, and originals a few bytes and only there for what is
read. One claim of two photos against an item of six is real, and so are uploads. Calls are timed
over HTTP at ``evidence serve``, one caller, over connections that stay open.
"""

import argparse
import hashlib
import json
import os
import random
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

import numpy as np
from sqlalchemy import insert

from bench.calling import Served, ask, call, request, serving_home, upload
from bench.hostile import picture
from bench.reads import NOW, READ, stock
from evidence.registry.event_rows import EventFacts, add_events
from evidence.registry.registry import Registry
from evidence.registry.tables import claim_photos, claims, item_photos, items, photo_hashes, photos
from evidence.service.parts import open_service
from evidence.settings import Settings

COUNTS = (1_000, 1_000_000)
PART = 20_000
CLAIM_EVERY = 10
READS, WRITES, BLOCK = 400, 60, 20  # of each call; in one turn
_OF_CLAIMS = 2**40  # what the numbers of their photos begin with
FACTS = {"sku": "SKU", "title": "A made-up card", "kind": "card", "currency": "JPY"}


def fill(registry: Registry, count: int) -> None:
    """Add so many items with their photos, claims and entries."""
    chance = np.random.default_rng(0)
    for start in range(0, count, PART):
        numbers = range(start, min(start + PART, count))
        hashes = chance.integers(0, 256, (len(numbers), 32), np.uint8)
        _fill_part(registry, numbers, [one.tobytes().hex() for one in hashes])
    for n in _sampled(count):
        for number in (n, n + _OF_CLAIMS):
            registry.files.keep(_id_of(number), _bytes_of(number))


def _fill_part(registry: Registry, numbers: range, hashes: Sequence[str]) -> None:
    claimed = [n for n in numbers if n % CLAIM_EVERY == 0]
    kept = [*map(_id_of, numbers), *(_id_of(n + _OF_CLAIMS) for n in claimed)]
    ways = [*hashes, *(hashes[n - numbers[0]][::-1] for n in claimed)]
    hanging = {"view": "front", "role": "product", "added_at": NOW}
    with registry.database.writing() as connection:
        connection.execute(insert(items), [_item(n) for n in numbers])
        connection.execute(insert(claims), [_claim(n) for n in claimed])
        connection.execute(insert(photos), [_photo(one) for one in kept])
        connection.execute(
            insert(photo_hashes),
            [
                {"photo_id": one, "outlines": f"{way}/{way}", "pixels_sha256": one}
                for one, way in zip(kept, ways, strict=True)
            ],
        )
        connection.execute(
            insert(item_photos),
            [{"item_id": f"item-{n:07}", "photo_id": _id_of(n), **hanging} for n in numbers],
        )
        connection.execute(
            insert(claim_photos),
            [
                {"claim_id": f"claim-{n:07}", "photo_id": _id_of(n + _OF_CLAIMS), **hanging}
                for n in claimed
            ],
        )
        for kind, noun, some in (
            ("item.registered", "item", numbers),
            ("item.photo_added", "item", numbers),
            ("claim.opened", "claim", claimed),
            ("claim.photo_added", "claim", claimed),
        ):
            facts = [EventFacts(noun, f"{noun}-{n:07}", {"photo_id": _id_of(n)}) for n in some]
            add_events(connection, kind, facts, actor="bench", at=NOW)


def _sampled(count: int) -> list[int]:
    """Return the numbers of what is read, all over the home."""
    chance = random.Random(1)  # noqa: S311
    return [chance.randrange(count // CLAIM_EVERY) * CLAIM_EVERY for _ in range(READS)]


def _bytes_of(number: int) -> bytes:
    return f"made-up photo {number}".encode()


def _id_of(number: int) -> str:
    return hashlib.sha256(_bytes_of(number)).hexdigest()


def _item(number: int) -> dict[str, Any]:
    told = {"item_id": f"item-{number:07}", "order_id": f"order-{number:07}", "version": 2}
    return FACTS | told | {"declared_value": "1000", "high_value": False}


def _claim(number: int) -> dict[str, Any]:
    chance = random.Random(number)  # noqa: S311
    at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(30_000_000))
    return {
        "claim_id": f"claim-{number:07}",
        "item_id": f"item-{number:07}",
        "order_id": f"order-{number:07}",
        "reason": "damage",
        "residence": "JP",
        "ordered_at": at,
        "delivered_at": at,
        "notified_at": at,
        "deadline": at + timedelta(days=30),
        "state": chance.choice(("opened", "decided", "closed")),
        "value_milli": chance.randrange(10**6, 10**9),
    }


def _photo(photo_id: str) -> dict[str, Any]:
    told = {"media_type": "image/jpeg", "size": 1, "reading": b"", "reading_sha256": ""}
    return {"photo_id": photo_id, "added_at": NOW} | told


def measure(homes: Mapping[int, Path]) -> dict[int, dict[str, Any]]:
    """Return what every call took in each home, by its number of items.

    The homes take turns, so that whatever else the machine does meets them alike.
    """
    new = f"new-{uuid.uuid4().hex[:8]}"  # of items that are registered here
    found: dict[int, dict[str, Any]] = {}
    with ExitStack() as opened:
        places = {n: opened.enter_context(serving_home(home)) for n, home in homes.items()}
        calls = {n: _first_calls(place, n, new, found) for n, place in places.items()}
        for name in next(iter(calls.values())):
            taken: dict[int, list[float]] = {n: [] for n in places}
            for turn in range(0, READS, BLOCK):
                for n, place in places.items():
                    some = calls[n][name][turn : turn + BLOCK]
                    if some:
                        taken[n] += call(place, some, connections=1, count=len(some)).seconds
            for n in places:
                found[n][name] = _quantiles(taken[n])
        taken = {n: [] for n in places}
        for number in range(WRITES):  # whether it may be a copy of the claim's is looked at
            added = upload(f"/v1/items/{new}-{number}/photos", picture(number))
            for n, place in places.items():
                call(place, [added], connections=1, count=1)
                read = call(place, [request("GET", READ)], connections=1, count=1)
                taken[n] += read.seconds
        for n in places:
            found[n]["a recommendation after a photo elsewhere"] = _quantiles(taken[n])
    return found


def _first_calls(
    place: Served, count: int, new: str, found: dict[int, dict[str, Any]]
) -> dict[str, list[bytes]]:
    """Have the recommendation worked out and remembered; return all calls."""
    found[count] = {}
    for turn in ("first", "second", "third"):  # fills the gallery; compares; remembers
        start = time.perf_counter()
        headers = ask(place.address, READ)[1]
        found[count][f"{turn} recommendation, seconds"] = round(time.perf_counter() - start, 3)
    return _calls(count, new, headers["etag"])


def _quantiles(seconds: Sequence[float]) -> dict[str, Any]:
    p50, p99 = (1000 * float(q) for q in np.quantile(seconds, (0.5, 0.99)))
    return {"p50_ms": round(p50, 2), "p99_ms": round(p99, 2)}


def _calls(count: int, new: str, tag: str) -> dict[str, list[bytes]]:
    """Return the requests of each call; reads of made-up things all over the home."""
    some = _sampled(count)
    late = urlencode({"deadline_after": "2024-06-01T00:00:00Z", "limit": 50})
    facts = FACTS | {"order_id": "order", "declared_value": {"amount": "1", "currency": "JPY"}}
    del facts["currency"]
    item, writes = json.dumps(facts).encode(), range(WRITES)
    paths = {
        "an item": [f"/v1/items/item-{n:07}" for n in some],
        "a claim": [f"/v1/claims/claim-{n:07}" for n in some],
        "a claim's history": [f"/v1/claims/claim-{n:07}/history" for n in some],
        "claims by deadline": ["/v1/claims?limit=50"] * READS,
        "claims from the middle on": [f"/v1/claims?{late}"] * READS,
        "claims of an item": [f"/v1/claims?item_id=item-{n:07}" for n in some],
        "items of an order": [f"/v1/items?order_id=order-{n:07}" for n in some],
        "a page of events": [f"/v1/events?after={n * 2}&limit=100" for n in some],
        "the log's checkpoint": ["/v1/log/checkpoint"] * READS,
        "a proof of an entry": [f"/v1/log/proofs/{n * 2 + 1}" for n in some],
    }
    known = {"If-None-Match": tag}
    return {name: [request("GET", path) for path in told] for name, told in paths.items()} | {
        "a recommendation, remembered": [request("GET", READ)] * READS,
        "a recommendation, known (304)": [request("GET", READ, known)] * READS,
        "registering an item": [
            request("PUT", f"/v1/items/{new}-{n}", body=item) for n in range(WRITES)
        ],
        "adding a photo": [
            upload(f"/v1/items/{new}-{n}/photos", picture(1000 * os.getpid() + n)) for n in writes
        ],
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill homes, unless that was done before, and print what was measured as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    parser.add_argument("counts", type=int, nargs="*", default=COUNTS, help="items in a home")
    parser.add_argument("--homes", type=Path, help="directory of the homes, to be kept")
    chosen = parser.parse_args(arguments)
    with TemporaryDirectory() as scratch:
        homes = {n: (chosen.homes or Path(scratch)) / str(n) / "home" for n in chosen.counts}
        for count, home in homes.items():
            if not home.exists():
                opened = open_service(home, Settings(), now=lambda: NOW, workers=2, waiting=16)
                with closing(opened) as service:
                    stock(service)
                    fill(service.registry, count)
        sizes = {n: (home / "evidence.sqlite3").stat().st_size for n, home in homes.items()}
        load = round(os.getloadavg()[0], 1)
        print(json.dumps({"load": load, "bytes": sizes, "calls": measure(homes)}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
