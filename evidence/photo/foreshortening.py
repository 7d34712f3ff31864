"""Say how well a quadrilateral fits as the picture of a flat item of known shape.

A camera lays opposite sides of a tilted rectangle together in one way only, which its focal
length gives. So how the sides converge tells how the item is tilted, and with that how long its
sides really are: a card that is seen from a flat angle may look square, and its artwork like a
card that lies on its side.
"""

import numpy as np
from numpy.typing import NDArray

from evidence.settings import OutlineSettings


def fit_shapes(
    corners: NDArray[np.float64],
    size: tuple[int, int],
    *,
    aspects: tuple[float, ...],
    settings: OutlineSettings,
) -> NDArray[np.float64]:
    """Return (Q,) in [0, 1]: how well each shape fits the nearest of those expected.

    With the focal length of a whole photo, the item may be tilted in any way. With the longer
    one of a photo that was cut out of another, or of a scan, tilt and shape cannot be told
    apart, so the sides must have the item's shape nearly as they are.

    Args:
        corners: (Q, 4, 2) points (x, y) in pixels, clockwise, convex.
        size: (width, height) of the picture in pixels.
        aspects: short side / long side of the shapes to expect, each in (0, 1]; at least one.
        settings: thresholds of this stage.

    Source:
        Zhang and He, Whiteboard scanning and image enhancement, Digital Signal Processing 2007:
        the aspect of a rectangle from one picture, its principal point in the middle.
    """
    points = (corners - (np.array(size) - 1) / 2) / max(size)
    seen = _misfit(_apparent_aspects(points), aspects) / settings.aspect_misfit
    across, down = _directions(points)
    best = np.full(len(points), np.inf)
    for focal in (*settings.near_focals, *settings.far_focals):
        lengths = _product(across, across, focal), _product(down, down, focal)
        cosine = _product(across, down, focal) / np.sqrt(lengths[0] * lengths[1])
        misfit = seen
        if focal in settings.near_focals:
            real = np.exp(-np.abs(np.log(lengths[0] / lengths[1])) / 2)
            misfit = _misfit(real, aspects) / settings.aspect_misfit
        best = np.minimum(best, misfit**2 + (cosine / settings.corner_misfit) ** 2)
    return np.asarray(np.exp(-0.5 * best))


def _directions(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (3, Q) twice: the directions of both sides of the rectangle, scaled by its lengths.

    They are the first two columns of the homography from a square to the shape.
    """
    first, second, opposite, last = np.moveaxis(points, 1, 0)
    depth = _turn(opposite - second, last - second)
    near = _turn(opposite - first, last - first) / depth
    far = _turn(second - first, opposite - first) / depth
    across = np.vstack([near * second.T - first.T, near - 1])
    return across, np.vstack([far * last.T - first.T, far - 1])


def _turn(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0])


def _product(
    one: NDArray[np.float64], other: NDArray[np.float64], focal: float
) -> NDArray[np.float64]:
    """Return the (Q,) dot products in space, for a focal length in longer sides."""
    x, y, z = one * other
    return np.asarray((x + y) / focal**2 + z)


def _apparent_aspects(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (Q,) short side / long side as seen, both means of two."""
    x, y = np.moveaxis(np.roll(points, -1, axis=1) - points, -1, 0)
    lengths = np.hypot(x, y)
    opposite = lengths[:, :2] + lengths[:, 2:]
    return np.asarray(opposite.min(1) / np.maximum(opposite.max(1), 1e-9))


def _misfit(aspect: NDArray[np.float64], aspects: tuple[float, ...]) -> NDArray[np.float64]:
    """Return the (Q,) distances to the nearest expected aspect, of logarithms."""
    return np.asarray(np.min([np.abs(np.log(aspect / wanted)) for wanted in aspects], axis=0))
