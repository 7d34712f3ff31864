"""The rim of the item, where the cut itself shows beside the print."""

import numpy as np
from numpy.typing import NDArray

from evidence.comparison.linking import Piece
from evidence.settings import ChangeSettings

FloatMap = NDArray[np.float32]


def hold_against_side(
    noise: FloatMap, seen: NDArray[np.bool_], depth: FloatMap, *, settings: ChangeSettings
) -> FloatMap:
    """Hold the rim against the rest of its side, at the same depth.

    Near the cut the ground shines in, by as much as the outline is off and the photo is soft. It
    does so along a whole side. So what is usual at a depth is taken out, and what scatters
    widely there counts for less; wear takes up a part of a side and stays.

    Args:
        noise: (H, W) float32 in units of noise.
        seen: (H, W) bool, where both photos show the item.
        depth: (H, W) float32, millimetres from the item's edge.
        settings: thresholds of this stage.

    Returns:
        (H, W) float32, the same beyond ``rim_mm``.
    """
    held = noise.copy()
    spreads = _hold_sides(held, seen, settings)
    _hold_corners(held, seen, depth, spreads, settings)
    return held


def _hold_sides(
    held: FloatMap, seen: NDArray[np.bool_], settings: ChangeSettings
) -> list[list[float]]:
    """Hold the four sides in place; return the widest spread of each depth in a list of sides."""
    band = round(settings.rim_mm * settings.px_per_mm)
    corner = round(settings.corner_mm * settings.px_per_mm)
    spreads: list[list[float]] = []
    for side in range(4):
        strip, shown = (np.rot90(part, side)[:band, corner:-corner] for part in (held, seen))
        spreads.append([])
        for values, here in zip(strip, shown, strict=True):
            middle, spread = _usual(values[here])
            values[:] = (values - middle) / max(spread, 1.0) * here
            spreads[-1].append(spread)
    return spreads


def _hold_corners(
    held: FloatMap,
    seen: NDArray[np.bool_],
    depth: FloatMap,
    spreads: list[list[float]],
    settings: ChangeSettings,
) -> None:
    """Hold the four corners against each other, and against the most unsteady side, in place."""
    corner = round(settings.corner_mm * settings.px_per_mm)
    squares = [np.rot90(held, turn)[:corner, :corner] for turn in range(4)]
    shown = np.stack([np.rot90(seen, turn)[:corner, :corner] for turn in range(4)])
    deep = np.stack([np.rot90(depth, turn)[:corner, :corner] for turn in range(4)])
    values = np.stack(squares)
    for row, beside in enumerate(zip(*spreads, strict=True)):
        here = (deep >= row / settings.px_per_mm) & (deep < (row + 1) / settings.px_per_mm)
        middle, spread = _usual(values[here & shown])
        values[here] = (values[here] - middle) / max(spread, *beside, 1.0)
    # How round a corner is, is known less well than where a side is cut.
    values[deep < settings.edge_mm + settings.corner_unsure_mm] = 0
    for square, value in zip(squares, values, strict=True):
        square[:] = value


def _usual(values: FloatMap) -> tuple[float, float]:
    """Median, and spread about it as a standard deviation."""
    if not len(values):
        return 0.0, 1.0
    middle = float(np.median(values))
    return middle, 1.4826 * float(np.median(np.abs(values - middle)))


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


def box_to_the_cut(
    depth: FloatMap, box: tuple[int, int, int, int], *, settings: ChangeSettings
) -> tuple[int, int, int, int]:
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


def square_at_corner(depth: FloatMap, box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Return the square at the nearest corner that reaches as far in as a box of wear there.

    Wear goes around a corner. Where one side of it does not show, on a border as light as paper,
    the other tells how far it goes.

    Args:
        depth: (H, W) float32, millimetres from the item's edge.
        box: left, top, right, bottom in pixels, the last two exclusive.
    """
    height, width = depth.shape
    left, top, right, bottom = box
    on_left, on_top = left + right < width, top + bottom < height
    reach = max(right if on_left else width - left, bottom if on_top else height - top)
    return (
        0 if on_left else width - reach,
        0 if on_top else height - reach,
        reach if on_left else width,
        reach if on_top else height,
    )
