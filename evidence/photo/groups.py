"""Tell the edge around two items that lie side by side from the edge of one.

Two cards beside each other have a card's shape together, as have the halves of one card alone.
What tells them apart is the edge: between two items it is broken, so each of them is seen better.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.photo.quadrilaterals import Quadrilaterals
from evidence.settings import OutlineSettings

MOST = 24  # parts that are looked at; chosen: bounds the cost
SLACK = 1.04  # the shape is grown by this, for parts that share its sides; chosen


def is_group(
    corners: NDArray[np.float64],
    score: float,
    shapes: Quadrilaterals,
    scores: NDArray[np.float64],
    *,
    settings: OutlineSettings,
) -> bool:
    """Say whether a shape is made up of two others, of like size, that are seen better.

    Args:
        corners: (4, 2) points (x, y) of the shape, clockwise.
        score: of the shape.
        shapes: Q shapes that may be such parts.
        scores: (Q,) of these.
        settings: thresholds of this stage.
    """
    areas, whole = shapes.areas(), cv2.contourArea(corners.astype(np.float32))
    part = (scores >= score + settings.group_gain) & (areas >= settings.group_part * whole)
    part[part] = _inside(shapes.corners[part], corners)
    found = np.flatnonzero(part)
    found = found[np.argsort(-scores[found], kind="stable")][:MOST]
    points = shapes.corners[found].astype(np.float32)
    for k, one in enumerate(points):
        for j in range(k):
            small, large = sorted((areas[found[k]], areas[found[j]]))
            if small < settings.group_alike * large:
                continue
            shared, _ = cv2.intersectConvexConvex(one, points[j])
            if shared <= settings.group_shared * small:
                return True
    return False


def _inside(parts: NDArray[np.float64], corners: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say which (N, 4, 2) parts lie in a clockwise shape that is grown a little."""
    centre = corners.mean(axis=0)
    start = (corners - centre) * SLACK + centre
    side = np.roll(start, -1, axis=0) - start
    away = parts[:, :, None] - start
    turn = side[:, 0] * away[..., 1] - side[:, 1] * away[..., 0]
    return np.asarray((turn >= 0).all(axis=(1, 2)))
