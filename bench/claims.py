"""Time ``GET recommendation``: claims of two photos against items of six, readings stored."""

import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from fastapi.testclient import TestClient

from api.app import create_app
from bench.rule import SETTINGS
from evidence.evaluate import Pair
from evidence.photo.reading import Reading, read_photo
from evidence.policy.case import Reason
from evidence.policy.document import packaged_documents
from evidence.registry.records import Claim, Item, KeptPhoto
from evidence.registry.registry import Registry
from evidence.service.claims import open_claim
from evidence.service.kept_print import keep_print
from evidence.service.keys import Keys
from evidence.service.parts import MODULES, Service
from evidence.service.uploads import Upload, kept_photo
from evidence.workers import Workers

HONEST = "damage, both show the item"
ALONE = "another item, one shows something else; no other orders"
SEARCHED = "the same, and other orders are searched"
REMEMBERED = "asked again"
ORDERED, DELIVERED, NOW = (datetime(2025, 3, day, tzinfo=UTC) for day in (1, 4, 6))
WORKERS = 2
ITEM_PHOTOS = 6
KEY = "bench"


@dataclass(frozen=True, slots=True)
class MadeClaim:
    """Photos' paths.

    Attributes:
        references: six, of which at least one shows the item.
        honest: two that show the item.
        other: shows something else.
    """

    references: tuple[str, ...]
    honest: tuple[str, str]
    other: str


@dataclass(frozen=True, slots=True)
class _Photo:
    data: bytes
    reading: Reading


def make_claims(pairs: Sequence[Pair], count: int) -> list[MadeClaim]:
    """Make up claims from labelled pairs, evenly over the table.

    The item's six photos are the pair's reference, and for the rest photos of the same folder
    that show something else; all of them are called its front, so that nothing but the perceptual
    hashes tells the likeliest.
    """
    shown = sorted({name for pair in pairs for name in (pair.reference, pair.query)})
    alike: dict[str, set[str]] = {name: set() for name in shown}
    for pair in pairs:
        if pair.shares_design:
            alike[pair.reference].add(pair.query)
            alike[pair.query].add(pair.reference)
    made = []
    for name in shown:
        folder = name.split("/", maxsplit=1)[0]
        others = [x for x in shown if x.startswith(folder) and x != name and x not in alike[name]]
        if len(alike[name]) >= 2 and len(others) >= ITEM_PHOTOS:
            first, second, *_ = sorted(alike[name])
            apart = [x for x in others if not alike[x] & alike[name]]
            rest = apart[: ITEM_PHOTOS - 1]
            strangers = [x for x in apart if x not in rest and not alike[x] & set(rest)]
            if strangers and len(rest) == ITEM_PHOTOS - 1:
                made.append(MadeClaim((name, *rest), (first, second), strangers[-1]))
    return made[:: max(1, len(made) // count)][:count]


def time_claims(pairs: Sequence[Pair], root: Path, *, count: int) -> dict[str, dict[str, float]]:
    """Return median and 95 % quantile in seconds, of each kind of claim and of asking again.

    Every claim has a store of its own, mostly with all other photos as items of other orders.

    Args:
        pairs: labelled photos.
        root: where their paths start.
        count: of claims.

    Raises:
        ValueError: no item has enough photos among these pairs.
    """
    claims = make_claims(pairs, count)
    if not claims:
        raise ValueError("no item has three photos that show it and six beside it")
    names = sorted({name for pair in pairs for name in (pair.reference, pair.query)})
    photos = {name: _read(root / name) for name in names}
    times: dict[str, list[float]] = {kind: [] for kind in (HONEST, ALONE, SEARCHED, REMEMBERED)}
    memory = SETTINGS.limits.worker_memory
    workers = Workers(count=WORKERS, waiting=ITEM_PHOTOS, memory=memory, modules=MODULES)
    with closing(workers):
        for turn, claim in enumerate((claims[0], *claims)):
            mixed = claim.honest[0], claim.other
            kinds: list[tuple[str, Reason, tuple[str, str]]] = [
                (HONEST, "damage", claim.honest),
                (ALONE, "incorrect_item", mixed),
                (SEARCHED, "incorrect_item", mixed),
            ]
            for kind, reason, queries in kinds:
                there = {*claim.references, *queries}
                elsewhere = () if kind == ALONE else photos.keys() - there
                with TemporaryDirectory() as home:
                    service = _open(
                        Path(home), workers, photos, claim.references, queries, reason, elsewhere
                    )
                    with closing(service.registry):
                        took, again = _time_claim(service)
                if turn:  # the first one warms the workers up
                    times[kind].append(took)
                    times[REMEMBERED].append(again)
    return {
        kind: {
            "claims": len(taken),
            "median": float(np.median(taken)),
            "quantile_95": float(np.quantile(taken, 0.95)),
        }
        for kind, taken in times.items()
    }


def _read(path: Path) -> _Photo:
    data = path.read_bytes()
    return _Photo(data, read_photo(data, settings=SETTINGS))


def _time_claim(service: Service) -> tuple[float, float]:
    """Return the seconds of the first and of the second answer over HTTP."""
    headers = {"Authorization": f"Bearer {KEY}"}
    with TestClient(create_app(service, Keys.of(service, KEY)), headers=headers) as client:
        taken = []
        for _ in range(2):
            start = time.perf_counter()
            client.get("/v1/claims/claim/recommendation").raise_for_status()
            taken.append(time.perf_counter() - start)
    return taken[0], taken[1]


def _open(
    home: Path,
    workers: Workers,
    photos: Mapping[str, _Photo],
    references: Sequence[str],
    queries: Sequence[str],
    reason: Reason,
    elsewhere: Collection[str],
) -> Service:
    """Keep the item, the claim, and an item of another order for each photo elsewhere.

    The print of the item's photos is found, as it is after a claim was opened.
    """
    documents = packaged_documents()
    service = Service(Registry.open(home), workers, SETTINGS, documents, lambda: NOW)
    _keep_item(service, "item", [photos[name] for name in references])
    for name in elsewhere:
        _keep_item(service, f"item-{name}", [photos[name]])
    claim = Claim("claim", "item", "order", reason, None, "FR", ORDERED, DELIVERED, NOW)
    open_claim(service, claim)
    for photo in service.registry.item_photos("item"):
        keep_print(service, photo.photo_id)
    for name in queries:
        service.registry.add_claim_photo("claim", *_kept(photos[name]))
    return service


def _keep_item(service: Service, item_id: str, photos: Sequence[_Photo]) -> None:
    value = Decimal(100_000)
    order_id = item_id.replace("item", "order")
    item = Item(item_id, order_id, "SKU", "A card", "card", value, "JPY", True, None, None, None)
    service.registry.put_item(item)
    for photo in photos:
        service.registry.add_item_photo(item_id, *_kept(photo))


def _kept(photo: _Photo) -> tuple[KeptPhoto, bytes, bytes]:
    kept = kept_photo(Upload(photo.data, "front"), photo.reading, NOW)
    return kept, photo.data, photo.reading.to_bytes()
