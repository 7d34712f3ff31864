"""The plane in which numbers of the copy are looked for: the item, and the label above it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.alignment import Alignment
from evidence.comparison.text_finding import Boxes
from evidence.comparison.verdict import Region
from evidence.photo.frame import Frame
from evidence.photo.reading import Reading
from evidence.settings import NumberSettings


@dataclass(frozen=True, slots=True, eq=False)
class NumberPlane:
    """The reference's item straight on, as large as numbers are read, and what belongs to it.

    The plane reaches a little beyond the item, lest an outline that is too small cuts a number.

    Attributes:
        frame: the plane; where the outline is a card it reaches as far as a slab's case would.
        item: (4,) box of the item's own frame here, pixels.
        shared: (N, 2) float32 convex hull here of what both items share; None where the map
            came from outlines and has no inliers.
    """

    frame: Frame
    item: Boxes
    shared: NDArray[np.float32] | None

    def distance(self, box: Boxes) -> float:
        """Return how far a box's centre lies outside of what both items share, pixels."""
        if self.shared is None:
            return 0.0
        centre = (float(box[::2].mean()), float(box[1::2].mean()))
        return max(0.0, -cv2.pointPolygonTest(self.shared, centre, measureDist=True))

    def is_on_item(self, box: Boxes) -> bool:
        """Say whether a box's centre lies in the item's own frame."""
        centre = (box[:2] + box[2:]) / 2
        return bool(np.all(centre >= self.item[:2]) and np.all(centre <= self.item[2:]))


def find_plane(
    reference: Reading,
    alignment: Alignment,
    *,
    card_mm: tuple[float, float],
    settings: NumberSettings,
) -> NumberPlane:
    """Return the plane of the reference's item, enlarged.

    An outline that most of what both items share lies outside of is not the item's: the view
    itself is the plane then.

    Args:
        reference: the pre-shipment photo.
        alignment: how the query lies on it.
        card_mm: (width, height) of a card, around which a case may be.
        settings: thresholds of this stage.
    """
    frame, points = reference.frame, alignment.inliers.reference
    if len(points) and _share_inside(points, frame) < settings.least_inside:
        view = reference.view()
        frame = Frame(np.eye(3), view.shape[1], view.shape[0], None)
    size = np.array([frame.width, frame.height], float)
    scale = settings.side / size.max()
    edge = settings.edge * size * scale
    margin = edge
    if frame.px_per_mm is not None:
        scale = settings.px_per_mm / frame.px_per_mm
        if np.all(np.abs(np.log(size / frame.px_per_mm / np.array(card_mm))) < settings.like_card):
            margin = edge + np.array(settings.case_mm) * settings.px_per_mm
    item = np.concatenate([margin, margin + size * scale])
    width, height = np.rint(size * scale + 2 * margin).astype(int)
    shift = (scale - 1) / 2 + margin  # pixel centres scale as (p + 0.5) * s - 0.5
    larger = np.array([[scale, 0, shift[0]], [0, scale, shift[1]], [0, 0, 1]])
    plane_from_view = larger @ frame.frame_from_view
    shared = None
    if len(points) >= 3:
        placed = cv2.perspectiveTransform(points[None].astype(np.float64), plane_from_view)[0]
        shared = np.asarray(cv2.convexHull(placed.astype(np.float32)), np.float32)
    per_mm = None if frame.px_per_mm is None else frame.px_per_mm * scale
    return NumberPlane(Frame(plane_from_view, int(width), int(height), per_mm), item, shared)


def region_of(box: Boxes, plane: NumberPlane, reference: Frame) -> Region:
    """Return a box of the plane on the rectified reference, millimetres or its pixels."""
    there = reference.frame_from_view @ np.linalg.inv(plane.frame.frame_from_view)
    corners = np.array([[[box[x], box[y]] for x in (0, 2) for y in (1, 3)]], np.float64)
    placed = cv2.perspectiveTransform(corners, there)[0]
    reach = 10.0 * max(reference.width, reference.height)  # a wrong outline's plane has no end
    placed = np.clip(placed, -reach, reach) / (reference.px_per_mm or 1.0)
    (left, top), (right, bottom) = placed.min(axis=0), placed.max(axis=0)
    x, y, wide, high = (round(float(it), 2) for it in (left, top, right - left, bottom - top))
    return Region("differs", x, y, wide, high, "mm" if reference.px_per_mm else "px")


def _share_inside(points: NDArray[np.float32], frame: Frame) -> float:
    placed = cv2.perspectiveTransform(points[None].astype(np.float64), frame.frame_from_view)[0]
    size = [frame.width, frame.height]
    return float(np.mean(np.all((placed >= 0) & (placed <= size), axis=1)))
