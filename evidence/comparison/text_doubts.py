"""Which print of two items is worth reading: where a line of the reference does not look alike."""

from collections.abc import Sequence

import cv2
import numpy as np

from evidence.comparison.laying import LaidItems
from evidence.comparison.text_finding import Boxes, Rows
from evidence.comparison.text_places import Place, compare_letters, pair_lines
from evidence.settings import TextSettings

NO_LINES: Boxes = np.empty((0, 4))


def pair_seen(
    reference: Boxes, query: Boxes, laid: LaidItems, *, settings: TextSettings
) -> list[Place]:
    """Return the places of both items' lines that the query's photo shows whole, top to bottom.

    Args:
        reference: (N, 4) boxes of its lines.
        query: (M, 4) boxes of its lines, in the same frame.
        laid: both items.
        settings: thresholds of this stage.
    """
    places = pair_lines(reference, query, settings=settings)
    return [place for place in places if _is_seen(place, laid, settings)]


def look_unlike(places: Sequence[Place], laid: LaidItems, *, settings: TextSettings) -> list[Place]:
    """Return the places of which some letter does not look alike."""
    reference, query = (
        np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
        for picture in (laid.reference, laid.query)
    )
    agreements = [compare_letters(reference, query, p.box, settings=settings) for p in places]
    return [
        place
        for place, agreement in zip(places, agreements, strict=True)
        if agreement is not None and agreement < settings.alike
    ]


def count_hidden(places: Sequence[Place], doubtful: Sequence[Place]) -> int:
    """Return how many doubtful lines of the reference the query shows no print for.

    Args:
        places: where print was looked for on both.
        doubtful: lines of the reference alone that do not look alike.
    """
    blank = [place.reference for place in places if not place.on_query]
    return sum(any(np.array_equal(one.reference, box) for box in blank) for one in doubtful)


def rows_around(places: Sequence[Place], settings: TextSettings) -> list[Rows]:
    """Return the rows where the query's print is looked for, from top to bottom."""
    around = settings.rows_around
    return [(place.box[1] - around, place.box[3] + around) for place in places]


def other_rows(rows: Sequence[Rows], height: int, settings: TextSettings) -> list[Rows]:
    """Return all other rows; they reach into those by as much as strips overlap."""
    overlap = settings.strip_overlap / settings.search_scale
    left, others = 0.0, []
    for first, last in sorted(rows):
        if first > left:
            others.append((left - overlap, first + overlap))
        left = max(left, last)
    return [*others, (left - overlap, float(height))] if left < height else others


def _is_seen(place: Place, laid: LaidItems, settings: TextSettings) -> bool:
    left, top, right, bottom = place.box.astype(int)
    return bool(laid.seen[top : bottom + 1, left : right + 1].mean() >= settings.least_seen)
