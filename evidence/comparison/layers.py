"""Pictures to lay over each other: two photos of an item in one frame, and what differs there.

The query is laid by the one homography that the verdict rests on, and by nothing finer: print
that was bent to fit would hide the very differences that a person looks for.
"""

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.alignment import Alignment
from evidence.comparison.judging import judge
from evidence.comparison.picture import DIFFERS, HIDDEN, as_png
from evidence.comparison.verdict import Region
from evidence.photo.frame import Frame, rectify, resize_frame
from evidence.photo.reading import Reading
from evidence.settings import Settings

Picture = NDArray[np.uint8]
MOST_SIDE = 2000  # pixels of the longer side; a view has 1,600, seen at a slant it is stretched
UNSURE = (230, 110, 0)  # RGB; a change that the reference may have had too, where nobody can say
AROUND = (255, 255, 255)  # RGB beside each line, so that it is seen on any print
SPACING = 14  # pixels between the lines of a hatching; chosen by looking


def draw_layers(
    reference: Reading, query: Reading, *, regions: Iterable[Region], settings: Settings
) -> dict[str, bytes]:
    """Draw both items and the regions on them, as PNG files of one size, without words.

    Args:
        reference: the pre-shipment photo.
        query: the photo in question.
        regions: of the verdict on the two, changed and hidden ones.
        settings: every threshold.

    Returns:
        ``reference``: straight on. ``query``: laid on it, transparent beyond its photo.
        ``regions``: transparent; boxes around changes (red, grey if visible before, orange if
        nobody can say), hatching where the item is hidden. Nothing at all without a common map.
    """
    judged = judge(reference, query, settings=settings)
    found = judged.aligned.found
    if not isinstance(found, Alignment):
        return {}
    frame = judged.reference.frame
    frame_from_query = frame.frame_from_view @ found.reference_from_query
    finest = max(_step(frame.frame_from_view, frame), _step(frame_from_query, frame))
    scale = min(max(finest, 1.0), MOST_SIDE / max(frame.width, frame.height))
    fine = resize_frame(frame, scale)
    laid = _laid(query.view(), fine.frame_from_view @ found.reference_from_query, fine)
    return {
        "reference": as_png(rectify(reference.view(), fine)),
        "query": _as_png(laid),
        "regions": _as_png(_marked(regions, fine, scale)),
    }


def _step(frame_from_view: NDArray[np.float64], frame: Frame) -> float:
    """Return how many pixels of the view one of the frame covers along a side, in its middle."""
    middle = frame.width / 2, frame.height / 2
    x, y, w = np.linalg.inv(frame_from_view) @ [
        [middle[0], middle[0] + 1, middle[0]],
        [middle[1], middle[1], middle[1] + 1],
        [1, 1, 1],
    ]
    x, y = x / w, y / w
    return float(np.hypot(x[1:] - x[0], y[1:] - y[0]).max())


def _laid(view: Picture, frame_from_view: NDArray[np.float64], frame: Frame) -> Picture:
    """Return (H, W, 4) uint8 RGBA."""
    opaque = np.dstack([view, np.full(view.shape[:2], 255, np.uint8)])
    size = frame.width, frame.height
    return np.asarray(cv2.warpPerspective(opaque, frame_from_view, size), np.uint8)


def _marked(regions: Iterable[Region], frame: Frame, scale: float) -> Picture:
    """Return (H, W, 4) uint8 RGBA: hidden areas below, changes above."""
    picture = np.zeros((frame.height, frame.width, 4), np.uint8)
    for region in sorted(regions, key=lambda region: region.kind != "hidden"):
        unit = frame.px_per_mm if region.unit == "mm" and frame.px_per_mm else scale
        box = [region.x, region.y, region.x + region.width, region.y + region.height]
        left, top, right, bottom = (round(at * unit) for at in box)
        if region.kind == "hidden":
            _hatch(picture, left, top, right, bottom)
        else:
            colour = {"visible_before": HIDDEN, "not_visible_before": UNSURE}
            line = (left, top), (right, bottom)
            _rectangle(picture, *line, colour.get(region.answer or "", DIFFERS))
    return picture


def _hatch(picture: Picture, left: int, top: int, right: int, bottom: int) -> None:
    window = picture[max(0, top) : bottom, max(0, left) : right]
    rows, columns = np.indices(window.shape[:2])
    along = (rows + columns) % SPACING
    window[along < 4] = (*AROUND, 255)
    window[along < 2] = (*HIDDEN, 255)
    _rectangle(picture, (left, top), (right, bottom), HIDDEN)


def _rectangle(
    picture: Picture, start: tuple[int, int], end: tuple[int, int], colour: tuple[int, int, int]
) -> None:
    for each, width in ((AROUND, 6), (colour, 3)):
        cv2.rectangle(picture, start, end, (*each, 255), width)


def _as_png(picture: Picture) -> bytes:
    _, data = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGBA2BGRA))
    return data.tobytes()
