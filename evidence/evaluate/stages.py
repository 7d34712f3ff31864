"""The work on one photo or one pair, timed from outside; it runs in a worker.

The stages know no clock. Matching and appearance are parts of a comparison, so they are
run once more on their own to be timed, on a sample of the pairs and apart from the
comparison that counts.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from evidence.comparison.compare import compare
from evidence.comparison.item_alignment import align_items
from evidence.comparison.judging import see_appearance
from evidence.comparison.verdict import Verdict
from evidence.errors import DamagedPhotoError
from evidence.evaluate.outcome import Lap, Look
from evidence.measured import peak_memory
from evidence.photo.reading import Reading, read_photo
from evidence.settings import Settings

T = TypeVar("T")

READING = "reading a photo"
LOADING = "loading two stored readings"
COMPARING = "comparing two readings"
ALIGNING = "of that, matching and alignment"
APPEARANCE = "of that, appearance"


@dataclass(frozen=True, slots=True)
class Read:
    """A stored reading, what was measured on the photo, and the cost."""

    data: bytes
    look: Look
    lap: Lap
    peak: int


@dataclass(frozen=True, slots=True)
class Compared:
    """A verdict and the cost."""

    verdict: Verdict
    loading: Lap
    comparing: Lap
    peak: int


def read_file(path: Path, settings: Settings) -> Read:
    """Read one photo from its file.

    Raises:
        PhotoError: the file is no usable photo, or cannot be opened.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DamagedPhotoError(f"the file cannot be opened: {error.strerror}") from error
    reading, lap = _timed(lambda: read_photo(data, settings=settings))
    shortfalls = tuple(shortfall.code for shortfall in reading.shortfalls)
    look = Look(reading.outline is not None, reading.quality, shortfalls)
    return Read(reading.to_bytes(), look, lap, peak_memory())


def compare_stored(reference: Path, query: Path, settings: Settings) -> Compared:
    """Compare two stored readings."""
    readings, loading = _timed(lambda: (_load(reference), _load(query)))
    verdict, comparing = _timed(lambda: compare(*readings, settings=settings))
    return Compared(verdict, loading, comparing, peak_memory())


def time_parts(reference: Path, query: Path, settings: Settings) -> dict[str, Lap]:
    """Run the parts of a comparison alone, for their time."""
    readings = _load(reference), _load(query)
    aligned, aligning = _timed(lambda: align_items(*readings, settings=settings.matching))
    _, seeing = _timed(lambda: see_appearance(*readings, aligned.found, settings=settings))
    return {ALIGNING: aligning, APPEARANCE: seeing}


def _load(path: Path) -> Reading:
    return Reading.from_bytes(path.read_bytes())


def _timed(work: Callable[[], T]) -> tuple[T, Lap]:
    clock, core = time.perf_counter(), time.process_time()
    done = work()
    return done, Lap(time.perf_counter() - clock, time.process_time() - core)
