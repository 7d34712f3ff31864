"""The item seen straight on: the plane in which everything about it is said."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.photo.outline import Outline


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The rectified plane of one photo's item.

    Attributes:
        frame_from_view: (3, 3) float64 homography from pixels of the view to pixels here.
        width, height: in pixels.
        px_per_mm: pixels a millimetre here, None where the item's size is unknown or no
            outline was found: the frame is then the whole view.
    """

    frame_from_view: NDArray[np.float64]
    width: int
    height: int
    px_per_mm: float | None

    def is_case_of(self, card_mm: tuple[float, float]) -> bool:
        """Say whether the item is taller than such a card by a fifth: a slab, with its label."""
        return self.px_per_mm is not None and self.height / self.px_per_mm > 1.2 * max(card_mm)


def frame_item(
    outline: Outline | None,
    view_size: tuple[int, int],
    *,
    sizes_mm: tuple[tuple[float, float], ...],
    height: int,
) -> Frame:
    """Return the plane of the item whose outer edge is the outline.

    Args:
        outline: the item's outer edge, None for the whole view.
        view_size: (width, height) of the view in pixels.
        sizes_mm: (width, height) of the items to expect; the one whose shape is nearest to
            the outline's is taken. Without any, or if none of them was to be expected from
            the outline, its own shape is.
        height: of the plane, in pixels.
    """
    if outline is None:
        scale = height / max(view_size)
        width, tall = (max(1, round(side * scale)) for side in view_size)
        return Frame(np.diag([width / view_size[0], tall / view_size[1], 1.0]), width, tall, None)
    sides = np.hypot(*(np.roll(outline.corners, -1, axis=0) - outline.corners).T)
    aspect = (sides[0] + sides[2]) / (sides[1] + sides[3])
    px_per_mm, width = None, max(1, round(height * float(aspect)))
    if sizes_mm and outline.expected:
        size = min(sizes_mm, key=lambda mm: abs(np.log(aspect * max(mm) / min(mm))))
        px_per_mm = height / max(size)
        width = round(min(size) * px_per_mm)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) - 0.5
    frame_from_view = cv2.getPerspectiveTransform(outline.corners, corners)
    return Frame(np.asarray(frame_from_view, np.float64), width, height, px_per_mm)


def rectify(view: NDArray[np.uint8], frame: Frame) -> NDArray[np.uint8]:
    """Return the (height, width, 3) uint8 picture of the item seen straight on; (H, W) of one."""
    size = (frame.width, frame.height)
    picture = cv2.warpPerspective(view, frame.frame_from_view, size, flags=cv2.INTER_AREA)
    return np.asarray(picture, np.uint8)


def resize_frame(frame: Frame, scale: float) -> Frame:
    """Return the same plane with ``scale`` times as many pixels along each side."""
    shift = (scale - 1) / 2  # pixel centres scale as (p + 0.5) * s - 0.5
    larger = np.array([[scale, 0, shift], [0, scale, shift], [0, 0, 1]])
    return Frame(
        larger @ frame.frame_from_view,
        max(1, round(frame.width * scale)),
        max(1, round(frame.height * scale)),
        None if frame.px_per_mm is None else frame.px_per_mm * scale,
    )
