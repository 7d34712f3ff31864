"""How fast the scrub is beside hashing alone: ``python -m bench.scrub [PHOTOS] [MEGABYTES]``.

Processor seconds of one thread, so that others on the machine do not count; then seconds by the
clock with a thread a core.
"""

import hashlib
import os
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from evidence.registry.records import KeptPhoto
from evidence.registry.registry import Registry
from evidence.registry.scrub import scrub

READING = 800_000  # bytes of a reading, about what a photo of 12 megapixels has


def main() -> None:
    """Make a home of random photos, and print what the scrub and bare hashing of it cost."""
    count, size = (int(one) for one in (*sys.argv[1:3], *("150", "4")[len(sys.argv[1:3]) :]))
    with TemporaryDirectory() as place:
        home = Path(place) / "home"
        with closing(Registry.open(home)) as registry:
            for _ in range(count):
                _keep(registry, os.urandom(size * 1_000_000))
            megabytes = count * size
            for _ in range(3):
                bare = _time(lambda: _hash_alone(home))
                whole = _time(lambda: _scrub(registry, home, 1))
                print(
                    f"one thread, processor seconds: {megabytes / whole[0]:.0f} MB/s, "
                    f"hashing alone {megabytes / bare[0]:.0f} MB/s: {whole[0] / bare[0]:.2f} x"
                )
            cores = os.cpu_count() or 1
            took = _time(lambda: _scrub(registry, home, cores))[1]
            print(f"{cores} threads, by the clock: {megabytes / took:.0f} MB/s")


def _keep(registry: Registry, data: bytes) -> None:
    photo = KeptPhoto(
        photo_id=hashlib.sha256(data).hexdigest(),
        view="front",
        role="product",
        media_type="image/jpeg",
        captured_at=None,
        station=None,
        added_at=datetime.now(UTC),
    )
    registry.keep_loose_photo(photo, data, data[:READING])


def _hash_alone(home: Path) -> None:
    for path in home.glob("originals/*/*"):
        with path.open("rb") as file:
            hashlib.file_digest(file, "sha256")


def _scrub(registry: Registry, home: Path, threads: int) -> None:
    done = scrub(registry, home, from_start=True, threads=threads, progress=lambda *_: None)
    assert not done.findings  # noqa: S101 - else nothing was measured


def _time(work: Callable[[], None]) -> tuple[float, float]:
    began = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - began[0], time.perf_counter() - began[1]


if __name__ == "__main__":
    main()
