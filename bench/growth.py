"""``python -m bench.growth``: times of the calls of a shop that has 1,000 items, and 1,000,000.

Homes are filled straight with rows, in proportion: to each item one photo with its hashes, to every
tenth a claim with a photo, and the entries of the log that tell of them. What is made up: ids,
facts and hashes (random); readings are empty and originals not there, but for one claim of two
photos against an item of six, which is real. Its calls, and uploads, are timed over HTTP at
``evidence serve``, one caller, over connections that stay open.
"""

import argparse
import json
import os
import random
import sys
import time
import uuid
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

import numpy as np
from sqlalchemy import insert

from bench.calling import ask, call, request, serving_home, upload
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
READS, WRITES = 400, 60  # of each call
FACTS = {"sku": "SKU", "title": "A made-up card", "kind": "card", "currency": "JPY"}


def fill(registry: Registry, count: int) -> None:
    """Add so many items with their photos, claims and entries."""
    chance = np.random.default_rng(0)
    for start in range(0, count, PART):
        numbers = range(start, min(start + PART, count))
        hashes = chance.integers(0, 256, (len(numbers), 32), np.uint8)
        _fill_part(registry, numbers, [one.tobytes().hex() for one in hashes])


def _fill_part(registry: Registry, numbers: range, hashes: Sequence[str]) -> None:
    claimed = [n for n in numbers if n % CLAIM_EVERY == 0]
    kept = [f"{n:064x}" for n in numbers] + [f"{n + 2**40:064x}" for n in claimed]
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
            [{"item_id": f"item-{n:07}", "photo_id": f"{n:064x}", **hanging} for n in numbers],
        )
        connection.execute(
            insert(claim_photos),
            [
                {"claim_id": f"claim-{n:07}", "photo_id": f"{n + 2**40:064x}", **hanging}
                for n in claimed
            ],
        )
        for kind, noun, some in (
            ("item.registered", "item", numbers),
            ("item.photo_added", "item", numbers),
            ("claim.opened", "claim", claimed),
            ("claim.photo_added", "claim", claimed),
        ):
            facts = [EventFacts(noun, f"{noun}-{n:07}", {"photo_id": f"{n:064x}"}) for n in some]
            add_events(connection, kind, facts, actor="bench", at=NOW)


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


def measure(home: Path, count: int) -> dict[str, Any]:
    """Return bytes of the rows, and milliseconds of every call by its name."""
    found: dict[str, Any] = {"load": round(os.getloadavg()[0], 1)}
    found["bytes of rows"] = (home / "evidence.sqlite3").stat().st_size
    with serving_home(home) as place:
        for turn in ("first", "second", "third"):  # fills the gallery; compares; remembers
            start = time.perf_counter()
            headers = ask(place.address, READ)[1]
            found[f"{turn} recommendation, seconds"] = round(time.perf_counter() - start, 3)
        for name, requests in _calls(count, headers["etag"]).items():
            answered = call(place, requests, connections=1, count=len(requests))
            found[name] = _quantiles(answered.seconds) | {"statuses": dict(answered.statuses)}
        taken: list[float] = []
        for number in range(WRITES):  # whether it may be a copy of the claim's is looked at
            added = upload(f"/v1/items/item-{number:07}/photos", picture(number))
            call(place, [added], connections=1, count=1)
            taken += call(place, [request("GET", READ)], connections=1, count=1).seconds
        found["a recommendation after a photo elsewhere"] = _quantiles(taken)
    return found


def _quantiles(seconds: Sequence[float]) -> dict[str, Any]:
    p50, p99 = (1000 * float(q) for q in np.quantile(seconds, (0.5, 0.99)))
    return {"p50_ms": round(p50, 2), "p99_ms": round(p99, 2)}


def _calls(count: int, tag: str) -> dict[str, list[bytes]]:
    """Return the requests of each call; reads of made-up things all over the home."""
    chance = random.Random(1)  # noqa: S311
    some = [chance.randrange(count // CLAIM_EVERY) * CLAIM_EVERY for _ in range(READS)]
    late = urlencode({"deadline_after": "2024-06-01T00:00:00Z", "limit": 50})
    new = f"new-{uuid.uuid4().hex[:8]}"
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
    """Fill temporary homes, and print what was measured as JSON, with the ratio of the last."""
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    parser.add_argument("counts", type=int, nargs="*", default=COUNTS, help="items in a home")
    parser.add_argument("--directory", type=Path, help="where the temporary homes are made")
    chosen = parser.parse_args(arguments)
    found = {}
    for count in chosen.counts:
        with TemporaryDirectory(dir=chosen.directory) as scratch:
            home = Path(scratch) / "home"
            with closing(
                open_service(home, Settings(), now=lambda: NOW, workers=2, waiting=16)
            ) as service:
                stock(service)
                fill(service.registry, count)
            found[count] = measure(home, count)
    print(json.dumps(found, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
