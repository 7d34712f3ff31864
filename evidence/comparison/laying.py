"""The query's item seen in the reference's frame, so that both can be compared place by place."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.alignment import Alignment
from evidence.photo.frame import rectify
from evidence.photo.reading import Reading


@dataclass(frozen=True, slots=True, eq=False)
class LaidItems:
    """Both items straight on in one frame.

    Attributes:
        reference: (H, W, 3) uint8 RGB, the reference's item rectified; (H, W) of lightness alone.
        query: the same of the query laid on it; black where it does not reach.
        seen: (H, W) bool, where the query's photo shows the item.
    """

    reference: NDArray[np.uint8]
    query: NDArray[np.uint8]
    seen: NDArray[np.bool_]


def lay_items(reference: Reading, query: Reading, alignment: Alignment) -> LaidItems:
    """Rectify the reference's item and lay the query's on it.

    Where only the query has an outline, what lies outside of it is not seen: the
    background never counts.
    """
    return _lay(reference, query, alignment, Reading.view)


def lay_lightness(reference: Reading, query: Reading, alignment: Alignment) -> LaidItems:
    """Lay the lightness of both items alone as ``lay_items`` does, at half the cost."""
    return _lay(reference, query, alignment, Reading.lightness)


def _lay(
    reference: Reading,
    query: Reading,
    alignment: Alignment,
    seen_by: Callable[[Reading], NDArray[np.uint8]],
) -> LaidItems:
    frame = reference.frame
    size = (frame.width, frame.height)
    frame_from_query = frame.frame_from_view @ alignment.reference_from_query
    view = seen_by(query)
    item = np.full(view.shape[:2], 255, np.uint8)
    if reference.outline is None and query.outline is not None:
        item[:] = 0
        cv2.fillConvexPoly(item, np.round(query.outline.corners).astype(np.int32), 255)
    laid = cv2.warpPerspective(view, frame_from_query, size, flags=cv2.INTER_AREA)
    seen = cv2.warpPerspective(item, frame_from_query, size)
    return LaidItems(
        rectify(seen_by(reference), frame), np.asarray(laid, np.uint8), np.asarray(seen > 254)
    )
