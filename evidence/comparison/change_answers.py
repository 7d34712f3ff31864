"""Since when a change is there: what the reference says about the same place."""

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.change_wording import Answer
from evidence.comparison.fine_laying import FineItems
from evidence.comparison.pieces import Piece
from evidence.comparison.residual import Residual
from evidence.comparison.surroundings import ring_around, window_around
from evidence.settings import ChangeSettings

FloatMap = NDArray[np.float32]

REACH = 0.5  # mm, sigma of what is taken for beside a thin mark


def answer_when(
    items: FineItems, residual: Residual, piece: Piece, settings: ChangeSettings
) -> Answer | None:
    """Say whether the reference shows the mark too, or cannot show it.

    Both photos were brought to one sharpness, so a mark that the query still shows then would
    show on the reference too.

    Returns:
        None where it is no change for the worse: only the reference shows the mark, or both show
        the same in more or less contrast.
    """
    left, top, right, bottom = piece.box
    if np.mean(items.on_reference[top:bottom, left:right]) < 0.5:
        return "not_visible_before"
    px = settings.px_per_mm
    window = window_around(piece, residual.seen.shape, px)
    here, around = ring_around(piece, residual.seen, px)
    if not around.any():
        return "new"
    reach = max(REACH * px, len(piece.rows) / piece.length)
    ours, theirs = (
        picture[window] - _carried_on(picture[window], here | ~residual.seen[window], reach)
        for picture in (residual.reference, residual.query)
    )
    wide = cv2.dilate(here.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    return answer_by_contrast(ours, theirs, here, wide, settings=settings)


def _carried_on(picture: FloatMap, hidden: NDArray[np.bool_], reach: float) -> FloatMap:
    """Carry on across a mark what lies beside it: print may change along a long mark."""
    known = (cv2.dilate(hidden.astype(np.uint8), np.ones((5, 5), np.uint8)) == 0).astype(np.float32)
    share = cv2.GaussianBlur(known, (0, 0), reach) + np.float32(1e-4)
    mean = np.float32((picture * known).sum() / max(float(known.sum()), 1.0))
    told = cv2.GaussianBlur((picture - mean) * known, (0, 0), reach) / share
    return np.asarray(told + mean, np.float32)


def answer_by_contrast(
    ours: FloatMap,
    theirs: FloatMap,
    here: NDArray[np.bool_],
    near: NDArray[np.bool_],
    *,
    settings: ChangeSettings,
) -> Answer | None:
    """Say since when a mark is there by how it departs from its surroundings in both photos.

    One photo alone cannot tell a mark from print. What both show alike was there before if it
    grew by more than light explains; if not, it is print in other light.

    Args:
        ours: (H, W) float32 levels off the surroundings, of the reference.
        theirs: the same of the query.
        here: (H, W) bool, where the mark is.
        near: (H, W) bool, the same with its soft edges.
        settings: thresholds of this stage.
    """
    if np.abs(theirs[here]).mean() < settings.gone * np.abs(ours[here]).mean():
        return None
    ours, theirs = ours[near], theirs[near]
    if min(ours.std(), theirs.std()) < settings.least_levels:
        return "new"
    same = float(np.corrcoef(ours, theirs)[0, 1])
    grown = theirs - ours
    along = float(np.corrcoef(ours, grown)[0, 1]) if grown.std() > 0 else 0.0
    if same < settings.same_mark or along < settings.same_growth:
        return "new"
    growth = along * float(grown.std() / ours.std())
    return "visible_before" if growth >= settings.least_growth else None
