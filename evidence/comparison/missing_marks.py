"""Small marks of the copy that the reference shows and the query does not: wear does not heal.

Specks where ink is missing, spots of the press and nicks are the copy's own. Which of those that
both photos show are print, two photos cannot say, so only missing ones speak, and they never decide
alone: dust is wiped away, a sleeve hides what is under it, and light finds scratches that other
light does not. Marks that only the query shows say nothing here: a card can be damaged later.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.fine_laying import FineItems
from evidence.comparison.residual import Residual
from evidence.comparison.verdict import Region
from evidence.photo.reading import Reading
from evidence.settings import MissingSettings

Window = tuple[slice, slice]
Shown = Literal["missing", "added", "unlike", "faint"]  # by the query, against the reference


@dataclass(frozen=True, slots=True)
class MissingMarks:
    """What small marks were found in one of two photos.

    Attributes:
        places: boxes of those that only the reference shows, millimetres of the item.
        added: how many only the query shows.
        unlike: how many both show, unlike each other.
    """

    places: tuple[Region, ...]
    added: int
    unlike: int


def find_missing(
    reference: Reading,
    query: Reading,
    items: FineItems,
    residual: Residual,
    *,
    settings: MissingSettings,
) -> MissingMarks | None:
    """Find the small marks that one of two photos of one design shows and the other does not.

    Args:
        reference: the pre-shipment photo, with the item that its outline and frame show.
        query: the photo in question.
        items: both laid on each other by the map of the print.
        residual: what place, light and sharpness do not explain.
        settings: thresholds of this stage.

    Returns:
        None where nothing can be said: the item's size is unknown, a photo resolves too little,
        or so much differs that foil or the gloss of a sleeve is what is seen.
    """
    px = items.frame.px_per_mm
    resolved = [one.quality.px_per_mm or 0.0 for one in (reference, query)]
    if px is None or min(resolved) < settings.full_px_per_mm:
        return None
    counts: Counter[Shown] = Counter()
    places = []
    for window, here in _find_spots(items, residual, px, settings):
        shown = _compare(residual, window, here, settings)
        counts[shown] += 1
        if shown == "missing":
            places.append(_box(window, here, px))
    if counts.total() - counts["faint"] > settings.most:
        return None
    return MissingMarks(tuple(places), counts["added"], counts["unlike"])


def _find_spots(
    items: FineItems, residual: Residual, px: float, settings: MissingSettings
) -> Iterator[tuple[Window, NDArray[np.bool_]]]:
    """Yield small places that stand out: a window around each, and where in it it lies."""
    noise = np.abs(residual.noise)
    likely = (noise >= settings.likely) & items.on_reference & items.on_query
    count, labels, stats, _ = cv2.connectedComponentsWithStats(likely.astype(np.uint8))
    peaks = np.zeros(count, np.float32)
    np.maximum.at(peaks, labels[likely].astype(np.intp), noise[likely])
    reach = round(settings.ring_mm * px) + 1
    for i in range(1, count):
        left, top, width, height, area = (int(v) for v in stats[i])
        if peaks[i] < settings.sure or area < settings.least_pixels:
            continue
        if max(width, height) > settings.most_mm * px:
            continue
        if items.depth[top + height // 2, left + width // 2] < settings.least_depth_mm:
            continue
        window = (
            slice(max(0, top - reach), top + height + reach),
            slice(max(0, left - reach), left + width + reach),
        )
        yield window, labels[window] == i


def _compare(
    residual: Residual, window: Window, here: NDArray[np.bool_], settings: MissingSettings
) -> Shown:
    """Say which photo shows a spot, by how it departs from the ring around it in each."""
    spot = here.astype(np.uint8)
    near, far = (cv2.dilate(spot, np.ones((size, size), np.uint8)) > 0 for size in (5, 11))
    ring = far & ~near & residual.seen[window]
    if ring.sum() < settings.least_pixels or np.abs(residual.levels[window][here].mean()) < (
        settings.least_levels
    ):
        return "faint"
    ours, theirs = (
        abs(float(picture[window][here].mean() - np.median(picture[window][ring])))
        for picture in (residual.reference, residual.query)
    )
    if ours >= settings.least_levels and theirs < settings.gone * ours:
        return "missing"
    if theirs >= settings.least_levels and ours < settings.gone * theirs:
        return "added"
    return "unlike"


def _box(window: Window, here: NDArray[np.bool_], px: float) -> Region:
    rows, columns = np.nonzero(here)
    x, y = window[1].start + columns.min(), window[0].start + rows.min()
    sides = np.ptp(columns) + 1, np.ptp(rows) + 1
    left, top, width, height = (round(float(v) / px, 2) for v in (x, y, *sides))
    return Region("mark", left, top, width, height, "mm")
