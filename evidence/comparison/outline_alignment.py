"""Lay outline on outline where keypoints find no map: dark, blurred or tiny photos.

The outlines give the map up to half a turn and a few millimetres; intensities do the rest.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.alignment import Alignment, is_flat_item
from evidence.comparison.matching import Homography, Matches
from evidence.photo.outline import Outline
from evidence.photo.reading import Reading
from evidence.settings import MatchingSettings

SHADE = 8.0  # pixels of the small pictures, 4 mm on a card: wider changes of light are taken out
SOFTENED = 9  # side of the Gaussian that ECC smooths gradients with, pixels, odd
HALF_SOFTENED = 5  # the same at half the size
REACH = 6  # pixels of half the size, 6 mm on a card: how far an outline may be off
FIRST, LAST = 10, 60  # iterations of ECC: to find the likeliest outline, and to lay that one
# Where a pixel of half the size lies on the small picture; pixel centres are whole numbers.
FULL_FROM_HALF = np.array([[2.0, 0.0, 0.5], [0.0, 2.0, 0.5], [0.0, 0.0, 1.0]])


def outline_map(reference: Outline, query: Outline, *, turned: bool) -> Homography:
    """Return the map that lays the query's outline on the reference's, or half a turn of it."""
    corners = np.roll(query.corners, 2, axis=0) if turned else query.corners
    return np.asarray(cv2.getPerspectiveTransform(corners, reference.corners), np.float64)


def align_outlines(
    reference: Reading, query: Reading, *, settings: MatchingSettings
) -> Alignment | None:
    """Return the map on which the items inside the outlines correlate best, either way up.

    All that may be the query's outline is looked at, since a photo may show several items: at half
    the size it is moved about, and refined where it may be the item at all; only the likeliest is
    laid in full.

    Args:
        reference: what the pre-shipment photo is.
        query: what the photo in question is.
        settings: thresholds of this stage.

    Returns:
        The map, without inliers; None without two outlines, or where no refinement converges.

    Source:
        Enhanced correlation coefficient: Evangelidis and Psarakis, PAMI 2008.
    """
    if reference.outline is None:
        return None
    frame = reference.frame
    scale = settings.coarse_height / frame.height
    small = np.diag([scale, scale, 1.0]) @ frame.frame_from_view
    size = (round(frame.width * scale), round(frame.height * scale))
    half_size = (size[0] // 2, size[1] // 2)
    half_from_full = np.asarray(np.linalg.inv(FULL_FROM_HALF), np.float64)
    there, view = reference.lightness(), query.lightness()
    half = _evened(_warped(there, half_from_full @ small, half_size), SHADE / 2)
    tried = []
    for outline in query.outlines:
        for turned in (False, True):
            proposed = outline_map(reference.outline, outline, turned=turned)
            laid = _warped(view, half_from_full @ small @ proposed, half_size)
            half_here = _evened(laid, SHADE / 2)
            if _agree_near(half, half_here) < settings.least_near:
                continue
            tried.append((*_refine(half, half_here, np.eye(3), FIRST, HALF_SOFTENED), proposed))
    if not tried:
        return None
    likely, start, proposed = max(tried, key=lambda one: one[0])
    if likely <= settings.least_start:
        return None
    start = FULL_FROM_HALF @ start @ half_from_full
    ours = _evened(_warped(there, small, size), SHADE)
    theirs = _evened(_warped(view, small @ proposed, size), SHADE)
    correlation, moved = _refine(ours, theirs, start, LAST, SOFTENED)
    best = np.linalg.inv(small) @ np.linalg.inv(moved) @ small @ proposed
    if correlation <= settings.least_coarse:
        return None
    if not is_flat_item(best, reference.outline.corners, settings.item_stretch):
        return None
    nothing = np.empty((0, 2), np.float32)
    return Alignment(np.asarray(best / best[2, 2]), Matches(nothing, nothing), 0.0)


def _warped(
    view: NDArray[np.uint8], small_from_view: Homography, size: tuple[int, int]
) -> NDArray[np.uint8]:
    warped = cv2.warpPerspective(view, small_from_view, size, flags=cv2.INTER_AREA)
    return np.asarray(warped, np.uint8)


def _evened(picture: NDArray[np.uint8], shade: float) -> NDArray[np.float32]:
    """Return lightness with local mean 0 and local spread 1, so that shadows do not lead."""
    gray = picture.astype(np.float32)
    away = gray - cv2.GaussianBlur(gray, (0, 0), shade)
    spread = np.sqrt(cv2.GaussianBlur(away * away, (0, 0), shade))
    return np.asarray(away / (spread + 4), np.float32)  # 4 of 255: noise stays small


def _agree_near(there: NDArray[np.float32], here: NDArray[np.float32]) -> float:
    """Return the best correlation with the one picture moved about on the other, in [-1, 1]."""
    if min(here.shape) <= 2 * REACH:
        return 1.0  # too thin to be moved about: it is refined
    inner = here[REACH:-REACH, REACH:-REACH]
    return float(cv2.matchTemplate(there, inner, cv2.TM_CCOEFF_NORMED).max())


def _refine(
    there: NDArray[np.float32],
    here: NDArray[np.float32],
    start: Homography,
    most: int,
    softened: int,
) -> tuple[float, Homography]:
    """Return the correlation that is reached, and the map from the one small picture to the other.

    Args:
        there: the reference's.
        here: the query's.
        start: (3, 3) map from ``there`` to ``here`` to begin with.
        most: iterations.
        softened: side of the Gaussian that gradients are smoothed with, pixels, odd.
    """
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, most, 1e-4)
    everywhere = np.full(here.shape, 255, np.uint8)
    try:
        reached, moved = cv2.findTransformECC(
            there, here, start.astype(np.float32), cv2.MOTION_HOMOGRAPHY, stop, everywhere, softened
        )
    except cv2.error:  # it did not converge
        return -1.0, start
    return float(reached), moved.astype(np.float64)
