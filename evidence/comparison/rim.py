"""The rim of the item, where the cut itself shows beside the print."""

import numpy as np
from numpy.typing import NDArray

from evidence.comparison.medians import row_medians
from evidence.comparison.pieces import Piece
from evidence.settings import ChangeSettings

FloatMap = NDArray[np.float32]

# Of its contrast, at which wear ends in a soft picture. A straight edge would have half of it;
# wear ends in teeth, narrower than the picture is soft. Measured on 163 places of wear: with a
# half they are 0.07 mm too shallow, with a third 0.03.
TIP = 1 / 3
PEAK = 0.98  # of its places, which have less contrast than wear in full


def hold_against_side(
    noise: FloatMap, seen: NDArray[np.bool_], depth: FloatMap, *, settings: ChangeSettings
) -> FloatMap:
    """Hold the rim against the rest of its side, at the same depth.

    Near the cut the ground shines in, by as much as the outline is off and the photo is soft. It
    does so along a whole side. So what is usual at a depth is taken out, and what scatters
    widely there counts for less; wear takes up a part of a side and stays. Where the cut turns
    there is no such side: nothing stands out at the rim of a corner, which is looked at by itself.

    Args:
        noise: (H, W) float32 in units of noise.
        seen: (H, W) bool, where both photos show the item.
        depth: (H, W) float32, millimetres from the item's edge.
        settings: thresholds of this stage.

    Returns:
        (H, W) float32, the same beyond ``rim_mm``.
    """
    held = noise.copy()
    band = round(settings.rim_mm * settings.px_per_mm)
    corner = round(settings.corner_mm * settings.px_per_mm)
    for side in range(4):
        strip = np.rot90(held, side)[:band, corner:-corner]
        shown = np.rot90(seen, side)[:band, corner:-corner]
        middle = row_medians(strip, shown)[:, None]
        spread = 1.4826 * row_medians(np.abs(strip - middle), shown)[:, None]
        strip[:] = np.where(shown, (strip - middle) / np.maximum(spread, 1), 0)
        square = np.rot90(held, side)[:corner, :corner]
        square[np.rot90(depth, side)[:corner, :corner] < settings.rim_mm] = 0
    return held


def is_cut(depth: FloatMap, piece: Piece, *, settings: ChangeSettings) -> bool:
    """Say whether a piece is the cut itself in another place: at the rim, along most of a side.

    Args:
        depth: (H, W) float32, millimetres from the item's edge.
        piece: what stands out.
        settings: thresholds of this stage.
    """
    if float(depth[piece.rows, piece.columns].max()) >= settings.wear_mm:
        return False
    left, top, right, bottom = piece.box
    height, width = depth.shape
    return bool(max((right - left) / width, (bottom - top) / height) > settings.most_side)


def is_at_rim(depth: FloatMap, piece: Piece, *, settings: ChangeSettings) -> bool:
    """Say whether nearly all of a piece lies where it was held against its side."""
    deep = float(np.quantile(depth[piece.rows, piece.columns], settings.rim_share))
    return deep < settings.rim_mm


def box_of_wear(levels: FloatMap, piece: Piece) -> tuple[int, int, int, int]:
    """Return the box of wear along a side, as deep as a third of its contrast reaches.

    Any photo is soft, so wear of some tenths of a millimetre looks deeper by one or two. Along the
    side it thins out towards its ends, so there all of it counts.

    Args:
        levels: (H, W) float32, what light leaves over.
        piece: of wear.
    """
    contrast = np.abs(levels[piece.rows, piece.columns])
    deep = contrast >= TIP * np.quantile(contrast, PEAK)
    rows, columns = piece.rows[deep], piece.columns[deep]
    left, top, right, bottom = piece.box
    if right - left >= bottom - top:
        return left, int(rows.min()), right, int(rows.max()) + 1
    return int(columns.min()), top, int(columns.max()) + 1, bottom


def box_to_the_cut(
    depth: FloatMap, box: tuple[float, float, float, float], *, settings: ChangeSettings
) -> tuple[float, float, float, float]:
    """Return a box within the item; one that comes near the cut starts at it.

    Left, top, right, bottom in pixels, the last two exclusive.
    """
    rim = round(settings.reach_cut_mm * settings.px_per_mm)
    height, width = depth.shape
    left, top, right, bottom = box
    return (
        0 if left <= rim else left,
        0 if top <= rim else top,
        width if right >= width - rim else right,
        height if bottom >= height - rim else bottom,
    )
