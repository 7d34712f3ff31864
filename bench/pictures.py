"""``python -m bench.pictures``: how long a screen waits for pictures of two large photos."""

import argparse
import io
import json
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

from bench.latency import enlarge
from bench.rule import SETTINGS
from evidence.service.comparisons import compare_loose
from evidence.service.parts import Service, open_service
from evidence.service.pictures import read_picture, read_tile

NOISE = 6.0  # standard deviation of a sensor's noise, of 255 levels
ROUNDS = 5  # of which the median counts
LEVEL = 12  # of the single pixels of 12 megapixels


def time_pictures(reference: Path, query: Path, *, workers: int = 2) -> dict[str, float]:
    """Time pictures, from cold unless said otherwise, in seconds of the clock.

    Args:
        reference: photo before shipping; enlarged to 12 megapixels, with noise.
        query: photo in question; likewise.
        workers: processes that draw.
    """
    photos = [enlarge(path, NOISE) for path in (reference, query)]
    with (
        TemporaryDirectory() as home,
        closing(
            open_service(
                Path(home), SETTINGS, now=lambda: datetime.now(UTC), workers=workers, waiting=16
            )
        ) as service,
    ):
        ids = service.registry.comparison_photos(compare_loose(service, *photos).key)
        asked = _ask(service, ids, ThreadPoolExecutor(6))  # as many as a browser asks at once
        found = {"decoding one whole, with Pillow": _median(lambda: _decode(photos[0]))}
        for name, ask in asked.items():
            found[name] = _median(ask, before=lambda: _forget(Path(home)))
        asked["tiles of both"]()
        found["a tile that is there"] = _median(lambda: read_tile(service, ids[0], LEVEL, 1, 1))
    return found


def _ask(
    service: Service, ids: Sequence[str], threads: ThreadPoolExecutor
) -> dict[str, Callable[[], object]]:
    def both(read: Callable[[str], bytes]) -> Callable[[], object]:
        return lambda: list(threads.map(read, ids))

    return {
        "320 of both": both(lambda one: read_picture(service, one, 320)),
        "1280 of both": both(lambda one: read_picture(service, one, 1280)),
        "2048 of both": both(lambda one: read_picture(service, one, 2048)),
        "tiles of one": lambda: read_tile(service, ids[0], 0, 0, 0),
        "tiles of both": both(lambda one: read_tile(service, one, 0, 0, 0)),
    }


def _forget(home: Path) -> None:
    shutil.rmtree(home / "pictures", ignore_errors=True)


def _median(ask: Callable[[], object], *, before: Callable[[], None] = lambda: None) -> float:
    taken = []
    for _ in range(ROUNDS):
        before()
        start = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - start)
    return float(np.median(taken))


def _decode(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as image:
        image.load()


def main(arguments: Sequence[str] | None = None) -> int:
    """Time and show; 0 done, 2 a photo cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m bench.pictures", description=__doc__)
    parser.add_argument("reference", type=Path)
    parser.add_argument("query", type=Path)
    chosen = parser.parse_args(arguments)
    try:
        print(json.dumps(time_pictures(chosen.reference, chosen.query), indent=1))
    except OSError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
