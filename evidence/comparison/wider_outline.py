"""The item's outline by another photo, where the strongest lines of its own are the print's."""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.alignment import project
from evidence.comparison.cells import Cells
from evidence.comparison.items import shown_by
from evidence.comparison.photometry import explain
from evidence.photo.frame import Frame, rectify, resize_frame
from evidence.photo.reading import Reading
from evidence.settings import BorderSettings

FloatMap = NDArray[np.float32]
Floats = NDArray[np.float64]

CRUSHED, BLOWN = 2, 250  # levels beyond which all channels say nothing; chosen: black borders count


def widen_outline(
    reference: Reading, query: Reading, reference_from_query: Floats, *, settings: BorderSettings
) -> Reading | None:
    """Return the reference with the query's outline, where its own is a frame of the print.

    A border as light as the table hides the cut, and then lines of the print pass for it, on all
    sides or on some. On another table the cut shows. Its outline counts for both photos if what
    lies between the two outlines is the item's border: it looks alike in both once light is taken
    out, as two tables do not, and the reference shows a trace of the cut at its outer end, which
    the edge of a sleeve that is on the query alone has not.

    Args:
        reference: the pre-shipment photo.
        query: the photo in question, of the same design.
        reference_from_query: (3, 3) homography between the views.
        settings: thresholds of this stage.

    Returns:
        None where the reference keeps its own.
    """
    ours, theirs = reference.outline, query.outline
    if ours is None or theirs is None or not theirs.expected or reference.frame.px_per_mm is None:
        return None
    laid = project(theirs.corners, reference_from_query)
    either = laid, np.roll(laid, 2, axis=0)  # which short side is the top is not known
    laid = min(either, key=lambda corners: float(np.abs(corners - ours.corners).max()))
    wider = shown_by(reference, replace(theirs, corners=laid.astype(np.float32)))
    inner = project(ours.corners, wider.frame.frame_from_view)
    widths = _border_widths(inner, wider.frame)
    wide = widths.mean(axis=1) >= settings.least_mm
    if not wide.any() or widths.min() < -settings.slack_mm or widths.max() > settings.most_mm:
        return None
    edged = all(
        _is_edged(reference, wider.frame, side, settings) for side in range(4) if wide[side]
    )
    if not edged or not _looks_alike(wider, query, inner, reference_from_query, settings):
        return None
    return wider


def _border_widths(inner: Floats, frame: Frame) -> Floats:
    """(4, 2) mm from the sides of a frame, clockwise from the top, to both ends of an inner one.

    The inner one's corners are (4, 2) pixels of the frame, clockwise from the top left.
    """
    px = frame.px_per_mm or 1.0
    left, top = (inner + 0.5).T / px
    right, bottom = frame.width / px - left, frame.height / px - top
    return np.array(
        [[top[0], top[1]], [right[1], right[2]], [bottom[2], bottom[3]], [left[3], left[0]]]
    )


def _is_edged(reference: Reading, frame: Frame, side: int, settings: BorderSettings) -> bool:
    """Say whether the reference shows an edge at a side of the frame, counted as above.

    In the median along the side, even one as faint as the grain of the table stands out.
    """
    px, out = settings.edge_px_per_mm, round(2 * settings.edge_mm * settings.edge_px_per_mm)
    fine = resize_frame(frame, px / (frame.px_per_mm or px))
    size = fine.width + 2 * out, fine.height + 2 * out
    moved = np.array([[1.0, 0.0, out], [0.0, 1.0, out], [0.0, 0.0, 1.0]]) @ fine.frame_from_view
    around = cv2.warpPerspective(reference.view(), moved, size)
    end = out + round(settings.corner_mm * px)
    strip = np.rot90(around, side)[: 2 * out, end:-end]
    profile = np.median(strip, axis=1)
    step = round(settings.step_mm * px)
    rises = np.abs(profile[step:] - profile[:-step]).max(axis=1)
    highest = int(np.argmax(rises))
    away = abs(highest + step / 2 - out + 0.5) / px
    return bool(rises[highest] >= settings.edge_levels and away <= settings.edge_mm)


def _looks_alike(
    wider: Reading,
    query: Reading,
    inner: Floats,
    reference_from_query: Floats,
    settings: BorderSettings,
) -> bool:
    """Say whether both photos show the same between an inner outline and the wider one.

    Light is learnt within the inner one, (4, 2) pixels of the frame, and carried on outwards.
    """
    px = settings.px_per_mm
    scale = px / (wider.frame.px_per_mm or px)
    frame = resize_frame(wider.frame, scale)
    size = frame.width, frame.height
    both = (
        rectify(wider.view(), frame),
        cv2.warpPerspective(
            query.view(), frame.frame_from_view @ reference_from_query, size, flags=cv2.INTER_AREA
        ),
    )
    shown = np.logical_and(*(_unclipped(np.asarray(one, np.uint8)) for one in both))
    within = np.zeros(size[::-1], np.uint8)
    cv2.fillConvexPoly(within, np.round(inner * scale).astype(np.int32), 1)
    border = shown & _within_cut(size, settings) & (cv2.dilate(within, _disc(settings)) == 0)
    if border.sum() < settings.least_mm2 * px * px:
        return False
    seen = shown & (cv2.erode(within, _disc(settings), borderType=cv2.BORDER_CONSTANT) > 0)
    cells = Cells(size, (round(size[1] / px), round(size[0] / px)), 1.0)
    left = np.zeros(size[::-1], np.float32)
    for channel in range(3):
        ours, theirs = (
            np.asarray(cv2.GaussianBlur(one[..., channel], (0, 0), 1.0), np.uint8) for one in both
        )
        left = np.maximum(left, _left_over(ours, theirs, seen, cells, settings))
    return bool(np.median(left[border]) <= settings.most_levels)


def _unclipped(picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.asarray((picture > CRUSHED).any(axis=2) & (picture < BLOWN).any(axis=2))


def _within_cut(size: tuple[int, int], settings: BorderSettings) -> NDArray[np.bool_]:
    """(H, W) bool, what lies well within the wider outline and at none of its round corners."""
    width, height = size
    out, corner = (round(mm * settings.px_per_mm) for mm in (settings.off_mm, settings.corner_mm))
    inside = np.zeros((height, width), bool)
    inside[out:-out, corner:-corner] = inside[corner:-corner, out:-out] = True
    return inside


def _disc(settings: BorderSettings) -> NDArray[np.uint8]:
    side = 2 * round(settings.off_mm * settings.px_per_mm) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)


def _left_over(
    ours: NDArray[np.uint8],
    theirs: NDArray[np.uint8],
    seen: NDArray[np.bool_],
    cells: Cells,
    settings: BorderSettings,
) -> FloatMap:
    """How far one channel is off what light makes of the other photo's, in levels of 255."""
    picture = ours.astype(np.float32)
    left, _ = explain(
        [picture, np.full_like(picture, 30.0)],
        theirs.astype(np.float32),
        seen.astype(np.float32),
        cells,
        sigma_mm=settings.light_mm,
        firm=(1.0, 1.0),
        miss=settings.miss,
    )
    return np.abs(left)
