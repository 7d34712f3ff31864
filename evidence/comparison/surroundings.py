"""The window around a piece, and the ring that it is held against."""

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.pieces import Piece

INNER, OUTER = 0.5, 2.0  # mm from a piece, between which its surroundings lie


def window_around(piece: Piece, shape: tuple[int, ...], px: float) -> tuple[slice, slice]:
    """Return the rows and columns of a piece and its surroundings."""
    left, top, right, bottom = piece.box
    out = round(OUTER * px)
    return (
        slice(max(0, top - out), min(shape[0], bottom + out)),
        slice(max(0, left - out), min(shape[1], right + out)),
    )


def ring_around(
    piece: Piece, seen: NDArray[np.bool_], px: float, *, filled: bool = False
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say where in its window a piece lies, and where its seen surroundings do.

    Args:
        piece: the piece.
        seen: (H, W) bool, where both photos show the item.
        px: pixels a millimetre.
        filled: take the convex hull of the piece instead of itself.
    """
    window = window_around(piece, seen.shape, px)
    here = np.zeros(seen[window].shape, np.uint8)
    rows, columns = piece.rows - window[0].start, piece.columns - window[1].start
    if filled:
        hull = cv2.convexHull(np.stack([columns, rows], 1).astype(np.int32))
        cv2.fillConvexPoly(here, hull, 1)
    else:
        here[rows, columns] = 1
    near, far = (
        cv2.dilate(here, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * r + 1, 2 * r + 1)))
        for r in (round(INNER * px), round(OUTER * px))
    )
    return here > 0, (far > 0) & (near == 0) & seen[window]
