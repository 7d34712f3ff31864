"""Wear of corners: paper laid bare where the cut turns, held against the sides beside it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evidence.comparison.fine_laying import FineItems
from evidence.comparison.linking import Piece, make_piece
from evidence.comparison.residual import Residual
from evidence.settings import CornerSettings

FloatMap = NDArray[np.float32]
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class WornCorner:
    """A corner whose rim differs.

    Attributes:
        piece: what surely differs; its strength counts in what is usual along the sides.
        box: the square around all that does; left, top, right, bottom in pixels of both items, the
            last two exclusive.
    """

    piece: Piece
    box: Box


def find_worn_corners(
    items: FineItems, residual: Residual, coarse: float, *, settings: CornerSettings
) -> list[WornCorner]:
    """Find corners where the rim differs as it hardly does along the sides.

    Light is learnt from within the item and least sure at a corner, and how the rim looks depends
    on how far the cut lies from where it was taken to lie. Along a side both are the same, depth by
    depth, so what scatters there tells what says nothing.

    Args:
        items: both items, in the same place.
        residual: what light and place leave over.
        coarse: how many times stronger one must be where a photo resolves little.
        settings: thresholds of this stage.
    """
    px = items.cells.px / items.cells.mm
    strange = _strangeness(items, residual, px, settings)
    sure = (strange >= settings.sure * coarse) & (items.depth >= settings.sure_depth_mm)
    fair = sure | ((strange >= settings.fair * coarse) & (items.depth >= settings.fair_depth_mm))
    least = settings.least_mm2 * px * px + _usual_area(sure, px, settings)
    square = round(settings.square_mm * px)
    found = []
    for turn in range(4):
        here = np.zeros_like(sure)
        at_corner = np.rot90(here, turn)[:square, :square]
        at_corner[:] = np.rot90(sure, turn)[:square, :square]
        if at_corner.sum() < least:
            continue
        reach = _reach(np.rot90(fair, turn), at_corner, px, settings)
        if reach <= settings.most_mm * px:
            rows, columns = np.nonzero(here)
            piece = make_piece(rows, columns, strange)
            found.append(WornCorner(piece, _square(turn, reach, sure.shape)))
    return found


def encloses(corner: WornCorner, piece: Piece) -> bool:
    """Say whether a piece lies mostly in the square of a worn corner."""
    left, top, right, bottom = corner.box
    across = (piece.columns >= left) & (piece.columns < right)
    return bool(np.mean(across & (piece.rows >= top) & (piece.rows < bottom)) > 0.5)


def _strangeness(
    items: FineItems, residual: Residual, px: float, settings: CornerSettings
) -> FloatMap:
    """How far each place of the rim is off what is usual at its depth, in spreads along a side."""
    shown = items.on_reference & items.on_query
    band, end = round(settings.rim_mm * px), round(settings.end_mm * px)
    middles, spreads = np.zeros((2, 4, band), np.float32)
    for side in range(4):
        strips = (np.rot90(part, side)[:band, end:-end] for part in (residual.levels, shown))
        for row, (levels, here) in enumerate(zip(*strips, strict=True)):
            if here.any():
                middle = np.median(levels[here])
                middles[side, row] = middle
                spreads[side, row] = 1.4826 * np.median(np.abs(levels[here] - middle))
    middle, spread = np.median(middles, axis=0), np.maximum(spreads.max(axis=0), settings.noise)
    rows = np.clip(items.depth * px, 0, band - 1).astype(np.intp)
    off = np.abs(residual.levels - middle[rows]) / spread[rows]
    return np.asarray(off * (shown & (items.depth < settings.rim_mm)), np.float32)


def _usual_area(sure: NDArray[np.bool_], px: float, settings: CornerSettings) -> float:
    """Pixels that are off in nine of ten windows along the sides, each as long as a corner."""
    band, end, long = (
        round(mm * px) for mm in (settings.rim_mm, settings.end_mm, settings.square_mm)
    )
    windows = []
    for side in range(4):
        along = np.rot90(sure, side)[:band, end:-end].sum(axis=0)
        windows += [part.sum() for part in np.split(along, range(long, len(along), long))]
    return float(np.quantile(windows, settings.usual))


def _reach(
    fair: NDArray[np.bool_], at_corner: NDArray[np.bool_], px: float, settings: CornerSettings
) -> int:
    """How far wear goes along the side on which it goes farther, in pixels, without a gap."""
    most, gap = round(2 * settings.most_mm * px), round(settings.gap_mm * px)
    reached = int(np.maximum(*np.nonzero(at_corner)).max())
    for away in np.unique(np.maximum(*np.nonzero(fair[:most, :most]))).tolist():
        if reached < away <= reached + gap:
            reached = away
    return reached + 1


def _square(turn: int, side: int, shape: tuple[int, ...]) -> Box:
    """Return the square at the corner that lies top left after so many quarter turns."""
    height, width = shape
    left = width - side if turn in (1, 2) else 0
    top = height - side if turn in (2, 3) else 0
    return left, top, left + side, top + side
