"""Where the query hides the aligned item: boxes on the item."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.appearance import Appearance
from evidence.comparison.verdict import Region
from evidence.photo.frame import Frame

MOST = 12  # regions that a person still looks at; the largest ones are kept


def find_hidden(appearance: Appearance, frame: Frame, *, least_mm: float) -> tuple[Region, ...]:
    """Box the connected places that glare, darkness or the photo's edge hides.

    Args:
        appearance: local agreement on a grid over the frame.
        frame: the reference's item.
        least_mm: smaller side of a region that is kept, in millimetres; where the item's
            size is unknown, one place of the grid is enough.
    """
    return _boxes(appearance.hidden, appearance, frame, "hidden", least_mm)


def _boxes(
    places: NDArray[np.bool_], appearance: Appearance, frame: Frame, kind: str, least_mm: float
) -> tuple[Region, ...]:
    regions = sorted(_components(places, appearance, frame, kind), key=_area, reverse=True)
    least = least_mm if frame.px_per_mm else 0.0
    return tuple(r for r in regions if min(r.width, r.height) >= least)[:MOST]


def _components(
    places: NDArray[np.bool_], appearance: Appearance, frame: Frame, kind: str
) -> Iterator[Region]:
    if not places.any():  # OpenCV crashes on an empty picture
        return
    _, _, stats, _ = cv2.connectedComponentsWithStats(places.astype(np.uint8), connectivity=8)
    scale, unit = (frame.px_per_mm, "mm") if frame.px_per_mm else (1.0, "px")
    step, margin = appearance.step, appearance.margin
    for x, y, width, height, _ in stats[1:].tolist():  # the first is the background
        left, top = margin + (x - 0.5) * step, margin + (y - 0.5) * step
        x, y, width, height = (
            round(value / scale, 1) for value in (left, top, width * step, height * step)
        )
        yield Region(kind, x, y, width, height, unit)


def _area(region: Region) -> float:
    return region.width * region.height
