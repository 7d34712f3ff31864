"""The items of one photo: where it shows several, each can be the one that is meant."""

from dataclasses import replace

import cv2

from evidence.photo.frame import frame_item
from evidence.photo.outline import Outline
from evidence.photo.reading import Reading

APART = 0.1  # share of the smaller outline that two items may overlap by; chosen
LIKE_SIZED = 0.4  # least area of a further item, share of the first one's; chosen


def items_of(reading: Reading) -> tuple[Reading, ...]:
    """Return the reading once for each item, as if that were the only one; the best first.

    Outlines inside one another are one item seen differently, such as a card and its sleeve;
    outlines that lie apart are several items.
    """
    kept = list(reading.outlines[:1])
    for outline in reading.outlines[1:]:
        if all(_lie_apart(outline, other) for other in kept):
            kept.append(outline)
    return reading, *(_shown_by(reading, outline) for outline in kept[1:])


def _lie_apart(one: Outline, first: Outline) -> bool:
    shared, _ = cv2.intersectConvexConvex(one.corners, first.corners)
    areas = [cv2.contourArea(outline.corners) for outline in (one, first)]
    return areas[0] >= LIKE_SIZED * areas[1] and shared <= APART * min(areas)


def _shown_by(reading: Reading, outline: Outline) -> Reading:
    frame, view = reading.frame, reading.view()
    scale = frame.px_per_mm
    sizes = ((frame.width / scale, frame.height / scale),) if scale else ()
    moved = frame_item(outline, (view.shape[1], view.shape[0]), sizes_mm=sizes, height=frame.height)
    return replace(reading, outlines=(outline,), frame=moved)
