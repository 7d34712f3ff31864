"""Find the lines of print on an item seen straight on, as upright boxes."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.text_models import FINDER, as_input, run_model, side_by_side
from evidence.settings import TextSettings

Boxes = NDArray[np.float64]
Rows = tuple[float, float]  # of a picture, from the first to before the last, pixels

STEP = 32  # sides that the network takes are multiples of it, pixels
LEAST_SIDE = 3  # of what the network marks, its pixels


def find_text(
    picture: NDArray[np.uint8], *, settings: TextSettings, rows: Sequence[Rows] | None = None
) -> Boxes:
    """Return the lines of print as (N, 4) boxes x0, y0, x1, y1 in pixels, top to bottom.

    The picture is shrunk first, since letters are found where they cannot be read yet, and
    searched in strips that overlap, which bounds the memory.

    Args:
        picture: (H, W, 3) uint8 RGB, the item straight on.
        settings: thresholds of this stage.
        rows: where to look, with some rows around a line that is wanted whole; None everywhere.

    Source:
        Differentiable binarization; Liao et al., AAAI 2020, arXiv:1911.08947.
    """
    height, width = picture.shape[:2]
    size = [max(1, round(side * settings.search_scale)) for side in (width, height)]
    small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    bands: list[tuple[int, int]] = [(0, size[1])] if rows is None else _bands(rows, height, size[1])
    strips = [strip for band in bands for strip in _strips(*band, settings)]
    searched = side_by_side(lambda strip: _search(small[slice(*strip)], settings), strips)
    found = [
        boxes + np.array([0, top, 0, top]) for boxes, (top, _) in zip(searched, strips, strict=True)
    ]
    boxes = np.concatenate([np.empty((0, 4)), *found])
    boxes *= np.tile([width / size[0], height / size[1]], 2)
    return join_boxes(boxes, settings=settings)


def join_boxes(boxes: Boxes, *, settings: TextSettings) -> Boxes:
    """Join those of (N, 4) boxes that were found twice, and leave out what is too low to read."""
    smaller = np.minimum(*np.meshgrid(_area(boxes), _area(boxes)))
    seen_twice = group_linked(_common(boxes) > 0.5 * smaller)
    merged = np.reshape([hull(boxes[group]) for group in seen_twice], (-1, 4))
    merged = merged[np.lexsort((merged[:, 0], merged[:, 1]))]
    high = (merged[:, 2:] - merged[:, :2]).min(axis=1) >= settings.least_height
    return np.asarray(merged[high], np.float64)


def group_linked(linked: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    """Return the indices of each group whose members are linked, by one another too.

    Args:
        linked: (N, N), symmetric.
    """
    names, before = np.arange(len(linked)), np.empty(0, int)
    linked = linked | np.eye(len(linked), dtype=bool)
    while not np.array_equal(names, before):  # a round carries each lowest name one link further
        before, names = names, np.where(linked, names, len(names)).min(axis=1)
    return [np.flatnonzero(names == name) for name in np.unique(names)]


def hull(boxes: Boxes) -> Boxes:
    """Return the (4,) box around (N, 4) boxes, N at least 1."""
    return np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])


def _bands(rows: Sequence[Rows], height: int, shrunk: int) -> list[tuple[int, int]]:
    """Return the rows of the shrunk picture that cover what is wanted, apart from each other.

    Each is as high as the network takes without stretching, where the picture is.

    Args:
        rows: of the picture.
        height: of the picture.
        shrunk: height of the shrunk one.
    """
    wanted = np.zeros(shrunk, bool)
    for first, last in rows:
        low, high = (round(row * shrunk / height) for row in (max(0, first), min(height, last)))
        high += -(high - low) % STEP
        low = max(0, low - max(0, high - shrunk))
        wanted[low:high] = True
    edges = np.flatnonzero(np.diff(np.concatenate([[False], wanted, [False]]).astype(np.int8)))
    return [(int(low), int(high)) for low, high in edges.reshape(-1, 2)]


def _strips(first: int, last: int, settings: TextSettings) -> list[tuple[int, int]]:
    """Return the rows at which each strip starts and ends: as few as do, equally high."""
    overlap, height = settings.strip_overlap, last - first
    count = max(1, -(-(height - overlap) // (settings.strip - overlap)))
    high = -(-(height + (count - 1) * overlap) // count)
    tops = [first + round(k * (height - high) / max(1, count - 1)) for k in range(count)]
    return [(top, top + high) for top in tops]


def _search(strip: NDArray[np.uint8], settings: TextSettings) -> Boxes:
    """Return the boxes of lines in one strip, in its pixels."""
    height, width = strip.shape[:2]
    size = [max(STEP, round(side / STEP) * STEP) for side in (width, height)]
    scaled = np.asarray(cv2.resize(strip, size), np.uint8)
    ink = run_model(FINDER, as_input(scaled))[0, 0]
    mask = cv2.dilate((ink > settings.least_ink).astype(np.uint8), np.ones((2, 2), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    boxes = []
    for label, (left, top, wide, high, _) in enumerate(stats[1:], 1):
        inside = slice(top, top + high), slice(left, left + wide)
        score = ink[inside][labels[inside] == label].mean()
        if min(wide, high) >= LEAST_SIDE and score >= settings.least_score:
            grown = wide * high * settings.unclip / (2 * (wide + high))
            boxes.append((left - grown, top - grown, left + wide + grown, top + high + grown))
    scale = np.tile([width / size[0], height / size[1]], 2)
    placed = np.clip(np.reshape(boxes, (-1, 4)) * scale, 0, [width, height, width, height])
    largest = np.argsort(-_area(placed), kind="stable")[: settings.most_boxes]
    return np.asarray(placed[largest], np.float64)


def _common(boxes: Boxes) -> NDArray[np.float64]:
    """Return (N, N) areas that boxes have in common."""
    low = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    return np.asarray(np.prod(np.maximum(high - low, 0), axis=2))


def _area(boxes: Boxes) -> NDArray[np.float64]:
    return np.asarray(np.prod(boxes[:, 2:] - boxes[:, :2], axis=1))
