"""``python -m bench.reads``: reads a second of a claim's recommendation that is remembered.

One ``evidence serve`` and one caller, each a process of its own, share the machine. The caller
asks over connections that stay open, first for the whole answer, then with the tag that it knows,
which is answered by 304. Beside them, as the ceiling, a bare FastAPI route that answers as many
bytes from memory, on the same server.
"""

import argparse
import json
import os
import secrets
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from fastapi import FastAPI, Response

from api.server import address, bind, run
from bench.calling import Answered, ask, call, request, serving, serving_home
from evidence.registry.records import Claim, Item
from evidence.service.claims import add_claim_photo, open_claim
from evidence.service.items import add_item_photo, register_item
from evidence.service.keys import Keys
from evidence.service.parts import Service, open_service
from evidence.service.uploads import Upload
from evidence.settings import Settings
from fixtures.scene import Scene
from fixtures.subject import CardSubject, take_photo

SECONDS = 5.0
CONNECTIONS = 8
ITEM_PHOTOS, CLAIM_PHOTOS = 6, 2
TOLD, NOW = datetime(2025, 3, 5, tzinfo=UTC), datetime(2025, 3, 6, tzinfo=UTC)
READ = "/v1/claims/claim/recommendation"


def stock(service: Service) -> None:
    """Keep one claim of two photos against an item of six, of a made-up card."""
    card, value = CardSubject(1, 11, 101, wear=0.2), Decimal(120_000)
    item = Item("item", "order", "SKU", "A card", "card", value, "JPY", True, None, None, None)
    register_item(service, item)
    scenes = [Scene(seed, tilt=2.0 + seed, turn=seed) for seed in range(ITEM_PHOTOS + CLAIM_PHOTOS)]
    photos = [Upload(take_photo(card, scene).jpeg, "front") for scene in scenes]
    for upload in photos[:ITEM_PHOTOS]:
        add_item_photo(service, "item", upload)
    open_claim(service, Claim("claim", "item", "order", "damage", None, "JP", TOLD, TOLD, NOW))
    for upload in photos[ITEM_PHOTOS:]:
        add_claim_photo(service, "claim", upload)


def measure(home: Path, key: str, seconds: float, connections: int) -> dict[str, object]:
    """Return rates and times of the reads, and of a bare route with as long an answer."""
    found: dict[str, object] = {"load": round(os.getloadavg()[0], 1)}
    with serving_home(home) as place:
        for _ in range(3):  # it is compared, and then remembered
            status, headers, body = ask(place.address, READ)
        found["bytes"] = len(body)
        if status != 200:
            raise RuntimeError(body.decode())
        for count in (1, connections):
            answered = call(
                place, [request("GET", READ, key=key)], connections=count, seconds=seconds
            )
            found[f"whole, {count} at once"] = _tell(answered)
        tag = headers.get("etag")
        if tag is not None:
            known = request("GET", READ, {"If-None-Match": tag}, key=key)
            for count in (1, connections):
                answered = call(place, [known], connections=count, seconds=seconds)
                found[f"known, {count} at once"] = _tell(answered)
    with serving(["bench.reads", "--bare", str(len(body))]) as place:
        for count in (1, connections):
            answered = call(place, [request("GET", "/")], connections=count, seconds=seconds)
            found[f"bare route, {count} at once"] = _tell(answered)
    return found


def _tell(answered: Answered) -> dict[str, object]:
    p50, p95, p99 = (1000 * float(q) for q in np.quantile(answered.seconds, (0.5, 0.95, 0.99)))
    return {
        "a_second": round(answered.rate),
        "service_processor_ms": round(1000 * answered.served, 3),
        "caller_processor_ms": round(1000 * answered.called, 3),
        "p50_ms": round(p50, 2),
        "p95_ms": round(p95, 2),
        "p99_ms": round(p99, 2),
        "statuses": dict(answered.statuses),
    }


def _serve_bare(size: int) -> None:
    app, body = FastAPI(openapi_url=None), b" " * size

    @app.get("/")
    async def read() -> Response:
        return Response(body, media_type="application/json")

    listener = bind("127.0.0.1", 0)
    print(address(listener), flush=True)
    run(app, listener, max_connections=100)


def main(arguments: Sequence[str] | None = None) -> int:
    """Stock a temporary home, and print what was measured as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.reads", description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each measurement")
    parser.add_argument("--connections", type=int, default=CONNECTIONS)
    parser.add_argument("--bare", type=int, help="serve a bare route with so many bytes")
    parser.add_argument("--home", type=Path, help="one that was stocked before, or is to be")
    chosen = parser.parse_args(arguments)
    if chosen.bare is not None:
        _serve_bare(chosen.bare)
        return 0
    with TemporaryDirectory() as scratch:
        home = chosen.home or Path(scratch) / "home"
        new = not home.exists()
        opened = open_service(home, Settings(), now=lambda: NOW, workers=2, waiting=16)
        with closing(opened) as service:
            if new:
                stock(service)
            name = f"caller-{secrets.token_hex(4)}"
            key = Keys.of(service, None).add(name, actor="operator", scopes=["read"])[1]
        print(json.dumps(measure(home, key, chosen.seconds, chosen.connections), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
