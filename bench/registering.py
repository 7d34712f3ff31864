"""``python -m bench.registering``: importing photos beside only decoding and reading the same ones.

Both take every file with two processes, in turns, since others may use the machine: ``evidence
import`` on a new home on disk, durable and logged, and a bare loop over ``read_photo``. What counts
is their ratio in each round. Then the same folder is imported once more.
"""

import argparse
import json
import multiprocessing
import os
import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import cv2

from bench.rule import SETTINGS
from evidence.bulk.importing import import_photos
from evidence.photo.reading import read_photo
from evidence.registry.records import Item
from evidence.service.items import register_item
from evidence.service.parts import MODULES, open_service
from evidence.workers import Workers
from fixtures.scene import Scene
from fixtures.subject import CardSubject, take_photo

PHOTOS, ROUNDS, PROCESSES = 40, 3, 2
SIZE = (3000, 4000)  # 12 megapixels
VIEWS = ("front", "back")


def make_photo(place: Path, seed: int, size: tuple[int, int]) -> None:
    """Draw a photo of a copy of its own, with a phone's noise, and write it."""
    subject = CardSubject(1, 10 + seed // 2, 100 + seed // 2, side=VIEWS[seed % 2])
    scene = Scene(seed, size, "wood", seed, tilt=3.0, noise=0.02, quality=95)
    place.write_bytes(take_photo(subject, scene).jpeg)


def make_folder(folder: Path, count: int, size: tuple[int, int]) -> list[Path]:
    """Draw photos of items, two of each, as a shop would lay them down."""
    places = [folder / f"item-{n // 2}" / f"{VIEWS[n % 2]}.jpg" for n in range(count)]
    for place in places[::2]:
        place.parent.mkdir(parents=True)
    with _processes() as pool:
        list(pool.map(make_photo, places, range(count), [size] * count))
    return places


def read_bare(place: Path) -> int:
    """Decode one photo and extract what the product extracts; return how many keypoints."""
    return len(read_photo(place.read_bytes(), settings=SETTINGS).features.keypoints)


def time_bare(places: Sequence[Path]) -> float:
    """Return the seconds that reading all takes, in processes that have read one before."""
    with _processes() as pool:
        list(pool.map(read_bare, list(places[:1]) * 4 * PROCESSES))
        start = time.perf_counter()
        list(pool.map(read_bare, places))
        return time.perf_counter() - start


def time_import(folder: Path, places: Sequence[Path]) -> tuple[float, float]:
    """Return the seconds of importing all into a new home, and of doing it once more."""
    workers = Workers(
        count=PROCESSES,
        waiting=PROCESSES,
        memory=SETTINGS.limits.worker_memory,
        modules=MODULES,
    )
    with TemporaryDirectory(dir=folder.parent) as home, closing(workers):
        service = open_service(
            Path(home),
            SETTINGS,
            now=lambda: datetime.now(UTC),
            workers=PROCESSES,
            waiting=PROCESSES,
            executor=workers,
        )
        for item in sorted({place.parent.name for place in places}):
            register_item(service, _item(item))
        for place in list(places[:1]) * 2 * PROCESSES:  # each worker has read one before
            workers.run(read_photo_bytes, place.read_bytes(), seconds=60)
        taken = []
        for outcome in ("added", "there before"):
            start = time.perf_counter()
            found = Counter(one.outcome for one in import_photos(service, folder, stop=Event()))
            taken.append(time.perf_counter() - start)
            if found != {outcome: len(places)}:
                raise RuntimeError(f"not every photo was {outcome}: {dict(found)}")
        service.registry.close()
    return taken[0], taken[1]


def read_photo_bytes(data: bytes) -> None:
    """Read a photo, to have read one."""
    read_photo(data, settings=SETTINGS)


def _item(item_id: str) -> Item:
    return Item(
        item_id, "order", "sku", "title", "card", Decimal(1), "JPY",
        high_value=False, size_mm=None, catalogue_photo=None, sealed_at=None,
    )  # fmt: skip


def _processes() -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(PROCESSES, context, initializer=cv2.setNumThreads, initargs=(1,))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the rates of both in each round, and the median of their ratios, as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.registering", description=__doc__)
    parser.add_argument("--photos", type=int, default=PHOTOS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--width", type=int, default=SIZE[0], help="of a photo, in pixels")
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the workers have it
    size = chosen.width, chosen.width * SIZE[1] // SIZE[0]
    rounds = []
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / "photos"
        places = make_folder(folder, chosen.photos, size)
        for number in range(chosen.rounds):
            if number % 2:
                (took, again), bare = time_import(folder, places), time_bare(places)
            else:
                bare, (took, again) = time_bare(places), time_import(folder, places)
            one = {"ratio": bare / took, "bare": bare, "import": took, "again": again}
            rounds.append({name: round(value, 3) for name, value in one.items()})
            print(f"round {number + 1}: {rounds[-1]}, load {os.getloadavg()[0]:.1f}")
        megabytes = sum(place.stat().st_size for place in places) / len(places) / 1e6
    told = {
        "photos": len(places),
        "megapixels": round(size[0] * size[1] / 1e6, 1),
        "megabytes a photo": round(megabytes, 2),
        "import rate / bare rate": statistics.median(one["ratio"] for one in rounds),
        "once more, x as fast": round(
            statistics.median(one["import"] / one["again"] for one in rounds), 1
        ),
    }
    print(json.dumps(told, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
