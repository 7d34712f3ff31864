"""Wear of the rim: paper laid bare along the cut, held against the sides depth by depth."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evidence.comparison.fine_laying import FineItems
from evidence.comparison.pieces import Piece, make_piece
from evidence.comparison.residual import Residual
from evidence.comparison.rim import TIP
from evidence.settings import WearSettings

FloatMap = NDArray[np.float32]
BoolMap = NDArray[np.bool_]
Box = tuple[int, int, int, int]

DEEP = 0.98  # quantile along a side; wear is ragged
NEARLY = 0.8  # of its length, that a piece must have to tell wear by itself
DEPTH_GAP = 2  # rows; torn paper is light and dark


@dataclass(frozen=True, slots=True, eq=False)
class Wear:
    """A part of the rim that differs.

    Attributes:
        kind: of a corner, where the cut turns, or of a side.
        piece: what surely differs; its strength counts in what is usual along the sides.
        box: around all that does, of a corner the square; left, top, right, bottom in pixels of
            both items, the last two exclusive.
    """

    kind: Literal["corner_wear", "edge_wear"]
    piece: Piece
    box: Box


class _Rim(NamedTuple):
    """What is known of the rim, place by place; all (H, W).

    Attributes:
        levels: what light and place leave over beside what they do just within the rim.
        strange: how far that is off what is usual at its depth, in spreads along the sides.
        sure: where it surely is.
        fair: where wear goes on to, by ever stricter bars.
    """

    levels: FloatMap
    strange: FloatMap
    sure: BoolMap
    fair: list[BoolMap]


def find_wear(
    items: FineItems,
    residual: Residual,
    crossed: BoolMap,
    coarse: float,
    *,
    settings: WearSettings,
) -> list[Wear]:
    """Find where the rim differs as it hardly does elsewhere along the sides.

    Light is learnt from within the item and least sure at the rim, and how the rim looks depends
    on how far the cut lies from where it was taken to lie. Along a side both are the same, depth by
    depth, so what scatters there tells what says nothing.

    Args:
        items: both items, in the same place.
        residual: what light and place leave over.
        crossed: (H, W) bool, where marks lie that run on into the item.
        coarse: how many times stronger one must be where a photo resolves little.
        settings: thresholds of this stage.
    """
    px = items.cells.px / items.cells.mm
    shown = items.on_reference & items.on_query & ~crossed
    levels = residual.levels - _light_within(residual.levels, items, shown, settings)
    strange = _strangeness(levels, items.depth, shown, px, settings)
    sure = (strange >= settings.sure * coarse) & (items.depth >= settings.sure_depth_mm)
    outer = items.depth >= settings.fair_depth_mm
    fair = [sure | ((strange >= bar * coarse) & outer) for bar in settings.fair]
    rim = _Rim(levels * shown, strange, sure, fair)
    corners = _find_at_corners(rim, px, settings)
    for corner in corners:
        left, top, right, bottom = corner.box
        for part in (sure, *fair):
            part[top:bottom, left:right] = False
    return corners + _find_at_sides(rim, settings.sure_side * coarse, px, settings)


def _light_within(
    levels: FloatMap, items: FineItems, shown: BoolMap, settings: WearSettings
) -> FloatMap:
    """What light leaves over just within the rim, spread over it."""
    band = shown & (items.depth >= settings.rim_mm) & (items.depth < settings.within_mm)
    here = band.astype(np.float32)
    share = items.cells.mean(here, settings.light_mm) + np.float32(1e-3)
    return items.cells.spread(items.cells.mean(levels * here, settings.light_mm) / share)


def _find_at_corners(rim: _Rim, px: float, settings: WearSettings) -> list[Wear]:
    shape = rim.sure.shape
    least = settings.least_mm2 * px * px + _usual_area(rim.sure, px, settings)
    square = round(settings.square_mm * px)
    found = []
    for turn in range(4):
        at_corner = np.rot90(rim.sure, turn)[:square, :square]
        if at_corner.sum() < least:
            continue
        # where the light of a whole side is off, only what is so much stranger is the corner's
        reaches = (_reach(np.rot90(part, turn), at_corner, px, settings) for part in rim.fair)
        reach = next((far for far in reaches if far <= settings.most_mm * px), None)
        if reach is not None:
            piece = make_piece(*_in_picture(at_corner, turn, 0, shape), rim.strange)
            found.append(Wear("corner_wear", piece, _square(turn, reach, shape)))
    return found


def _find_at_sides(rim: _Rim, bar: float, px: float, settings: WearSettings) -> list[Wear]:
    shape = rim.sure.shape
    band, gap = round(settings.rim_mm * px), round(settings.gap_mm * px)
    found = []
    for turn in range(4):
        sure, fair = np.rot90(rim.sure, turn), np.rot90(rim.fair[0], turn)
        levels = np.abs(np.rot90(rim.levels, turn))
        likely = _runs(fair[:band], gap)
        for first, last in _runs(sure[:band], round(settings.side_gap_mm * px)):
            here = sure[:band, first:last]
            if here.sum() < settings.least_pixels:
                continue
            piece = make_piece(*_in_picture(here, turn, first, shape), rim.strange)
            near = [run for run in likely if run[0] < last + gap and run[1] > first - gap]
            start, stop = min(first, near[0][0]), max(last, near[-1][1])
            if piece.strength >= bar and stop - start <= settings.most_side * fair.shape[1]:
                deep = _depth_of(levels[:, start:stop], px, settings)
                whole = np.ones((deep, stop - start), np.bool_)
                rows, columns = _in_picture(whole, turn, start, shape)
                found.append(Wear("edge_wear", piece, _box_of(rows, columns)))
    return found


def _runs(strip: BoolMap, gap: int) -> list[tuple[int, int]]:
    """Return where a strip's columns show anything, first and last + 1, within a gap of another."""
    places = np.unique(np.nonzero(strip)[1])
    parts = np.split(places, np.flatnonzero(np.diff(places) > gap) + 1) if len(places) else []
    return [(int(part[0]), int(part[-1]) + 1) for part in parts]


def _depth_of(levels: FloatMap, px: float, settings: WearSettings) -> int:
    """How deep a third of the contrast of a part of a side reaches, in rows from the cut."""
    rim, within = round(settings.rim_mm * px), round(settings.within_mm * px)
    outer = round(settings.fair_depth_mm * px)  # before it ground shines in
    contrast = np.quantile(levels[outer:within], DEEP, axis=1)
    runs = _runs((contrast >= TIP * contrast[: rim - outer].max())[None], DEPTH_GAP)
    return outer + runs[0][1]


def _in_picture(
    part: BoolMap, turn: int, first: int, shape: tuple[int, ...]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return rows and columns of a part of a side, which lies on top after quarter turns."""
    whole = np.zeros(shape, np.bool_)
    height, width = part.shape
    np.rot90(whole, turn)[:height, first : first + width] = part
    rows, columns = np.nonzero(whole)
    return rows, columns


def _box_of(rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Box:
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def encloses(wear: Wear, piece: Piece) -> bool:
    """Say whether a piece lies mostly in the box of wear."""
    left, top, right, bottom = wear.box
    across = (piece.columns >= left) & (piece.columns < right)
    return bool(np.mean(across & (piece.rows >= top) & (piece.rows < bottom)) > 0.5)


def tells(piece: Piece, wear: Wear) -> bool:
    """Say whether a piece that lies where wear does is nearly as long."""
    a, b = wear.box, piece.box
    touches = a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    return touches and piece.extent > NEARLY * max(a[2] - a[0], a[3] - a[1])


def _strangeness(
    levels: FloatMap,
    depth: FloatMap,
    shown: BoolMap,
    px: float,
    settings: WearSettings,
) -> FloatMap:
    """How far each place of the rim is off what is usual at its depth, in spreads along a side."""
    band, end = round(settings.rim_mm * px), round(settings.end_mm * px)
    middles, spreads = np.zeros((2, 4, band), np.float32)
    for side in range(4):
        strips = (np.rot90(part, side)[:band, end:-end] for part in (levels, shown))
        for row, (line, here) in enumerate(zip(*strips, strict=True)):
            if here.any():
                middle = np.median(line[here])
                middles[side, row] = middle
                spreads[side, row] = 1.4826 * np.median(np.abs(line[here] - middle))
    middle, spread = np.median(middles, axis=0), np.maximum(spreads.max(axis=0), settings.noise)
    rows = np.clip(depth * px, 0, band - 1).astype(np.intp)
    off = np.abs(levels - middle[rows]) / spread[rows]
    return np.asarray(off * (shown & (depth < settings.rim_mm)), np.float32)


def _usual_area(sure: BoolMap, px: float, settings: WearSettings) -> float:
    """Pixels that are off in nine of ten windows along the sides, each as long as a corner."""
    band, end, long = (
        round(mm * px) for mm in (settings.rim_mm, settings.end_mm, settings.square_mm)
    )
    windows = []
    for side in range(4):
        along = np.rot90(sure, side)[:band, end:-end].sum(axis=0)
        windows += [part.sum() for part in np.split(along, range(long, len(along), long))]
    return float(np.quantile(windows, settings.usual))


def _reach(fair: BoolMap, at_corner: BoolMap, px: float, settings: WearSettings) -> int:
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
