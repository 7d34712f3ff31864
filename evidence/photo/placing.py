"""Say where things lie to the item's outline: inside it, around it, apart from it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.photo.outline import Outline

APART = 0.1  # share of the smaller outline that two items may overlap by; chosen
LIKE_SIZED = 0.4  # least area of the smaller item, share of the larger one's; chosen
SURROUNDINGS = 0.25  # of an item that are looked at, share of its longer side: an edge may be wrong


def lie_apart(one: Outline, other: Outline) -> bool:
    """Say whether two outlines are of two items; one inside the other is the same one."""
    shared, _ = cv2.intersectConvexConvex(one.corners, other.corners)
    areas = cv2.contourArea(one.corners), cv2.contourArea(other.corners)
    return bool(min(areas) >= LIKE_SIZED * max(areas) and shared <= APART * min(areas))


def find_surroundings(
    outlines: tuple[Outline, ...], view_size: tuple[int, int]
) -> tuple[slice, slice]:
    """Return the rows and columns around all that may be the item's edge.

    The whole view where nothing was found, and where several items lie: any of them may be
    the one that is meant.

    Args:
        outlines: what may be the edge, best first.
        view_size: (width, height) of the view in pixels.
    """
    first = outlines[:1]
    if not first or any(lie_apart(first[0], other) for other in outlines[1:]):
        return slice(0, view_size[1]), slice(0, view_size[0])
    corners = np.concatenate([outline.corners for outline in outlines])
    low, high = corners.min(axis=0), corners.max(axis=0)
    margin = SURROUNDINGS * float((high - low).max())
    left, top = np.floor(np.maximum(low - margin, 0)).astype(int)
    right, bottom = np.ceil(np.minimum(high + margin, view_size)).astype(int)
    return slice(int(top), int(bottom)), slice(int(left), int(right))


def inside_outline(
    outline: Outline | None, points: NDArray[np.floating], *, margin: float = 1.0
) -> NDArray[np.bool_]:
    """Say which points lie on the item.

    Args:
        outline: its outer edge; without one, every point counts.
        points: (N, 2) points (x, y) in pixels of the view.
        margin: the outline is grown about its centre by this factor first.

    Returns:
        (N,) bool.
    """
    if outline is None:
        return np.ones(len(points), bool)
    centre = outline.corners.mean(axis=0)
    corners = (outline.corners - centre) * margin + centre
    side = np.roll(corners, -1, axis=0) - corners  # clockwise: the item lies to the right
    away = points[:, None, :] - corners[None]
    return np.asarray((side[:, 0] * away[..., 1] - side[:, 1] * away[..., 0] >= 0).all(1))
