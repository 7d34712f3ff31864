"""``python -m bench.search [PAIRS.csv]``: the whole search over 100,000 photos, stage by stage.

Most photos have a hash and nothing else, random and farther from the probes than the others are. A
few dozen have originals and readings, so what is compared is real: those of labelled pairs, or else
made-up cards of one game, each design photographed twice, whose frames are so alike that print is
read. A probe is one more photo of one of those cards, searched for once.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from bench.gallery import fill
from bench.reads import NOW
from evidence.comparison.compare import compare
from evidence.comparison.conclusion import conclude_briefly, conclude_by_picture
from evidence.evaluate import load_pairs
from evidence.photo.reading import Reading
from evidence.registry.records import Item
from evidence.service.conclusions import conclude_pairs
from evidence.service.gallery import distance_between
from evidence.service.items import add_item_photo, register_item
from evidence.service.kept_hashes import kept_hashes
from evidence.service.parts import Service, open_service
from evidence.service.search import rank_photos, search_kept
from evidence.service.uploads import Upload, kept_photo, read_upload
from evidence.service.wholeness import is_whole
from evidence.settings import Settings
from fixtures.scene import Scene
from fixtures.subject import CardSubject, take_photo

PHOTOS = 100_000
DESIGNS = 16
PROBES = 8
PAIRED = 3  # of which processor time is taken
WORKERS = 2
PAGE = 64  # photos whose owners are asked for at once, as in the search


def take_cards(probes: int) -> tuple[list[bytes], list[bytes]]:
    """Take two photos of a card of each made-up design, and one more of the first of them."""
    designs = range(DESIGNS)
    kept = [_take(design, turn) for design in designs for turn in range(2)]
    return kept, [_take(design, 2) for design in designs[:probes]]


def load_photos(table: Path, probes: int) -> tuple[list[bytes], list[bytes]]:
    """Load the photos of labelled pairs but for some, evenly over them, to search for."""
    pairs = load_pairs(table.read_text(encoding="utf-8-sig"))
    shown = {name for pair in pairs for name in (pair.reference, pair.query)}
    chosen = sorted(shown)[:: max(1, len(shown) // probes)][:probes]
    shown -= {*chosen}
    kept, sought = (
        [(table.parent / x).read_bytes() for x in some] for some in (sorted(shown), chosen)
    )
    return kept, sought


def stock(service: Service, photos: Sequence[bytes]) -> list[str]:
    """Keep an item for each photo; return its photo's id."""
    item = Item("", "", "SKU", "A card", "card", Decimal(1), "JPY", False, None, None, None)
    kept = []
    for number, photo in enumerate(track(photos, console=Console(stderr=True), transient=True)):
        name = f"item-{number}"
        register_item(service, replace(item, item_id=name, order_id=f"order-{number}"))
        kept.append(add_item_photo(service, name, Upload(photo, "front")).photo.photo_id)
    return kept


def keep_probe(service: Service, data: bytes) -> str:
    """Read and keep a photo of nobody; return its id."""
    upload = Upload(data, "front")
    reading = read_upload(service, data)
    photo = kept_photo(upload, reading, NOW)
    service.registry.keep_loose_photo(photo, data, reading.to_bytes())
    return photo.photo_id


def _take(design: int, turn: int) -> bytes:
    scene = Scene(100 * turn + design, tilt=3.0 + turn, turn=4.0 * turn)
    return take_photo(CardSubject(1, 200 + design, 1), scene).jpeg


def far_hashes(
    service: Service, photo_ids: Sequence[str], probes: Sequence[str], count: int
) -> NDArray[np.uint8]:
    """Return (count, 32) random hashes, farther from each probe than the kept photos near it."""
    known = [kept_hashes(service, probe) for probe in probes]
    photos = [kept_hashes(service, photo_id) for photo_id in photo_ids]
    wanted = service.settings.search.candidates
    limits = [sorted(distance_between(probe, one) for one in photos)[wanted] for probe in known]
    ways = [
        np.frombuffer(bytes.fromhex(way), np.uint8)
        for probe in known
        for way in probe.outlines.replace("/", " ").split()
    ]
    chance, kept, there = np.random.default_rng(0), [], 0
    while there < count:
        some = chance.integers(0, 256, (50_000, 32), np.uint8)
        for way in ways:
            bits = np.bitwise_count(some ^ way).sum(axis=1, dtype=np.int64)
            some = some[bits > max(limits)]
        kept.append(some)
        there += len(some)
    return np.concatenate(kept)[:count]


def time_search(service: Service, photo_id: str, *, examined: bool) -> dict[str, float]:
    """Return the milliseconds of each stage, and of the whole search, whose comparisons are new."""
    taken, start = {}, time.perf_counter()

    def lap(name: str) -> None:
        nonlocal start
        taken[name] = 1000 * (time.perf_counter() - start)
        start = time.perf_counter()

    probe = kept_hashes(service, photo_id)
    near = list(islice(rank_photos(service, probe), PAGE))
    lap("hashes")
    ids = [one.photo_id for one in near]
    owned = {one.photo_id for one in service.registry.owners(ids)}
    lap("owners")
    hanging = [one for one in ids if one in owned]
    wanted = service.settings.search.candidates
    best = [one for one in hanging[:wanted] if is_whole(service, one)]
    lap("originals")
    conclude_pairs(service, [(photo_id, one) for one in best], examined=examined)
    lap("ten compared")
    hits = search_kept(service, photo_id, lambda owned: True, examined=examined)
    lap("again, remembered")
    taken["whole"] = sum(taken[name] for name in ("hashes", "owners", "originals", "ten compared"))
    taken["found"] = float(sum(hit.found for hit in hits))
    taken["compared"] = float(len(best))
    return taken


def time_comparing(service: Service, probes: Sequence[str]) -> dict[str, float]:
    """Return the mean processor milliseconds of either conclusion and of a whole comparison.

    Each probe against its ten nearest, of which two show its design, in this process.
    """
    cv2.setNumThreads(1)
    stages: dict[str, Callable[..., object]] = {
        "by the picture": conclude_by_picture,
        "examined": conclude_briefly,
        "a comparison": compare,
    }
    taken: dict[str, list[float]] = {name: [] for name in stages}
    for probe in probes:
        ranked = rank_photos(service, kept_hashes(service, probe))
        near = [one.photo_id for one in islice(ranked, 4 * PAGE) if one.photo_id != probe]
        owned = {one.photo_id for one in service.registry.owners(near)}
        sought = Reading.from_bytes(service.registry.reading(probe))
        best = [one for one in near if one in owned][: service.settings.search.candidates]
        for one in best:
            photo = Reading.from_bytes(service.registry.reading(one))
            for name, stage in stages.items():
                start = time.process_time()
                stage(sought, photo, settings=service.settings)
                taken[name].append(1000 * (time.process_time() - start))
    return {name: round(float(np.mean(some[1:])), 1) for name, some in taken.items()}


def _told(service: Service, stage: str) -> list[float]:
    """Return the seconds that a stage took so far, and how often it ran."""
    registry, labels = service.telemetry.registry, {"stage": stage}
    names = ("evidence_stage_seconds_sum", "evidence_stage_seconds_count")
    return [registry.get_sample_value(name, labels) or 0.0 for name in names]


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill a temporary home, search it, and print medians as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__)
    parser.add_argument("pairs", type=Path, nargs="?")
    parser.add_argument("--photos", type=int, default=PHOTOS)
    parser.add_argument("--probes", type=int, default=PROBES)
    parser.add_argument(
        "--examine", action="store_true", help="read print and examine copies of what looks alike"
    )
    chosen = parser.parse_args(arguments)
    with TemporaryDirectory() as scratch:
        opened = open_service(
            Path(scratch) / "home", Settings(), now=lambda: NOW, workers=WORKERS, waiting=16
        )
        with closing(opened) as service:
            if chosen.pairs is None:
                photos, sought = take_cards(chosen.probes)
            else:
                photos, sought = load_photos(chosen.pairs, chosen.probes)
            kept, probes = stock(service, photos), [keep_probe(service, one) for one in sought]
            fill(service.registry, far_hashes(service, kept, probes, chosen.photos))
            rank = rank_photos(service, kept_hashes(service, probes[0]))
            start = time.perf_counter()
            next(rank)  # fills the gallery
            filled = time.perf_counter() - start
            compared = _told(service, "compare")
            rows = [time_search(service, probe, examined=chosen.examine) for probe in probes]
            compared = [b - a for a, b in zip(compared, _told(service, "compare"), strict=True)]
            read = _told(service, "read")
            costs = time_comparing(service, probes[:PAIRED])
    found = {name: round(float(np.median([row[name] for row in rows])), 1) for name in rows[0]}
    worst = round(max(row["whole"] for row in rows), 1)
    whole = sorted((int(row["found"]), round(row["whole"])) for row in rows)
    told = {"load": round(os.getloadavg()[0], 1), "photos": chosen.photos, "filled_s": filled}
    told |= {"medians, ms": found, "slowest, ms": worst}
    told["found and whole search, ms, of each probe"] = whole
    told["a comparison in its worker, ms"] = round(1000 * compared[0] / max(1, compared[1]), 1)
    told["reading a photo in its worker, ms"] = round(1000 * read[0] / read[1], 1)
    told["processor, ms"] = costs
    print(json.dumps(told, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
