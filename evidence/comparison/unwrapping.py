"""The rim of a card laid out straight: along the cut, and inwards from it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

FloatMap = NDArray[np.float32]
Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Unwrapping:
    """Where the places of a rim lie in the picture of the item.

    Attributes:
        x, y: (D, S) float32, in pixels from the middle of the first one: a row for each depth; a
            column for each pixel along the cut, clockwise from where the top left corner begins
            to turn.
        corners: (4,) the first column of each one's arc.
        arc: how many columns an arc has.
    """

    x: FloatMap
    y: FloatMap
    corners: NDArray[np.intp]
    arc: int

    def of(self, picture: NDArray[np.generic]) -> FloatMap:
        """Return the rim of an (H, W) picture, (D, S)."""
        straight = cv2.remap(
            picture.astype(np.float32, copy=False),
            self.x,
            self.y,
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return np.asarray(straight, np.float32)

    def around_corner(self, corner: int, beyond: int) -> NDArray[np.intp]:
        """Return the columns of a corner's arc, and as many pixels of both sides as asked."""
        first = int(self.corners[corner])
        columns = np.arange(first - beyond, first + self.arc + beyond)
        return np.asarray(columns % self.x.shape[1], np.intp)

    def along_side(self, side: int) -> NDArray[np.intp]:
        """Return the columns of a side, the top one first, and of the arcs at both its ends."""
        columns = self.x.shape[1]
        after = int(self.corners[side + 1]) if side < 3 else columns
        return np.asarray(np.arange(int(self.corners[side]), after + self.arc) % columns, np.intp)


def unwrap(size: tuple[int, int], radius: float, rows: range) -> Unwrapping:
    """Lay out the rim of a card with round corners.

    Args:
        size: width and height of its picture.
        radius: of its corners, in pixels.
        rows: whole pixels from the cut inwards; each row is the middle of one.

    Source:
        Unwrapping to polar coordinates, as for the iris: Daugman 1993, High confidence visual
        recognition of persons by a test of statistical independence.
    """
    width, height = size
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    depth = np.array(rows)[:, None, None] + 0.5
    parts: list[Points] = []
    arc = round(radius * np.pi / 2)
    turned = (np.arange(arc)[:, None] + 0.5) / arc * np.pi / 2
    starts, column = [], 0
    for corner, following in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        length = float(np.abs(following - corner).sum())
        along = (following - corner) / length
        inwards = np.array([-along[1], along[0]])
        side = round(length - 2 * radius)
        outwards = -np.cos(turned) * along - np.sin(turned) * inwards
        parts.append(corner + radius * (along + inwards) + (radius - depth) * outwards)
        far = radius + (np.arange(side)[:, None] + 0.5) / side * (length - 2 * radius)
        parts.append(corner + far * along + depth * inwards)
        starts.append(column)
        column += arc + side
    points = np.concatenate(parts, axis=1) - 0.5
    x, y = (np.ascontiguousarray(points[..., axis], np.float32) for axis in (0, 1))
    return Unwrapping(x, y, np.array(starts), arc)
