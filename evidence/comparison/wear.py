"""Wear of the rim: where it is more ragged than before, at corners and along sides."""

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.change_answers import answer_by_contrast
from evidence.comparison.change_wording import Answer
from evidence.comparison.fine_laying import FineItems
from evidence.comparison.pieces import Piece, make_piece
from evidence.comparison.raggedness import Rim, look_along
from evidence.comparison.residual import Residual
from evidence.comparison.rim import TIP
from evidence.comparison.weighing import weigh_together
from evidence.settings import ChangeSettings, WearSettings

FloatMap = NDArray[np.float32]
BoolMap = NDArray[np.bool_]
Columns = NDArray[np.intp]
Box = tuple[int, int, int, int]

DEEP = 0.98  # quantile along a side; wear is ragged
LONGER = 1.6  # times, that a piece is which tells wear by itself; 0.8 and 1.1 box two fewer
DEPTH_GAP = 2  # rows; torn paper is light and dark
FEW = 8  # places, 0.08 square millimetres, whose strangeness is that of a corner
TELLING = 0.6  # of that, from which on a place is worn where none is surely
EDGES = 5  # pixels; soft edges of torn paper end two from it


@dataclass(frozen=True, slots=True, eq=False)
class Wear:
    """A part of the rim that differs.

    Attributes:
        kind: of a corner, where the cut turns, or of a side.
        answer: since when it is there.
        piece: what surely differs; its strength counts in spreads along the rim.
        box: around all that does, of a corner the square; left, top, right, bottom in pixels of
            both items, the last two exclusive.
    """

    kind: Literal["corner_wear", "edge_wear"]
    answer: Answer
    piece: Piece
    box: Box


class Strange(NamedTuple):
    """How strange the rim is: all of it, within, and right at the cut; each (D, S)."""

    all: FloatMap
    within: FloatMap
    at_cut: FloatMap


@dataclass(frozen=True, slots=True)
class CornerMeasures:
    """How strange a corner is, and the sides are, each as log10 of spreads along the rim.

    Attributes:
        within, at_cut: mean of the strangest places of the corner's arc.
        usual: within, what nine of ten windows as long have along the sides at most.
    """

    within: float
    at_cut: float
    usual: float


def find_wear(
    items: FineItems,
    residual: Residual,
    crossed: BoolMap,
    coarse: float,
    *,
    settings: ChangeSettings,
) -> list[Wear]:
    """Find where the rim became ragged as it hardly is elsewhere.

    Wear that the reference shows instead, or as well in other light, is none.

    Args:
        items: both items, in the same place.
        residual: what light and place leave over.
        crossed: (H, W) bool, where marks lie that run on into the item.
        coarse: how many times stronger one must be where a photo resolves little.
        settings: thresholds of this stage.
    """
    rim = look_along(items, residual, crossed, settings=settings)
    strange = by_depth(rim, coarse, settings=settings)
    corners = _find_at_corners(rim, strange, settings)
    for corner in corners:
        left, top, right, bottom = corner.box
        taken = (rim.at.x >= left) & (rim.at.x < right) & (rim.at.y >= top) & (rim.at.y < bottom)
        strange.within[taken] = strange.all[taken] = 0
    return corners + _find_at_sides(rim, strange, settings)


def by_depth(rim: Rim, coarse: float, *, settings: ChangeSettings) -> Strange:
    """Part how strange the rim is right at the cut, where ground shines in, from the rest.

    Args:
        rim: laid out straight.
        coarse: how many times stronger wear must be where a photo resolves little.
        settings: thresholds of this stage.
    """
    strange = rim.strange / np.float32(coarse)
    cut = round(settings.wear.depth_mm * settings.px_per_mm)
    within = strange.copy()
    within[:cut] = 0
    return Strange(strange, within, strange[:cut])


def measure_corners(rim: Rim, strange: Strange, settings: WearSettings) -> list[CornerMeasures]:
    """Measure how strange each corner is beside the sides, clockwise from the top left one.

    Args:
        rim: laid out straight.
        strange: how far the query is off there.
        settings: thresholds of this stage.
    """
    usual = _usual(rim, strange.within, settings)
    arcs = (rim.at.around_corner(corner, 0) for corner in range(4))
    most = [
        (_strongest(strange.within[:, arc]), _strongest(strange.at_cut[:, arc]), usual)
        for arc in arcs
    ]
    return [CornerMeasures(*(math.log10(max(one, 1.0)) for one in of)) for of in most]


def _find_at_corners(rim: Rim, strange: Strange, settings: ChangeSettings) -> list[Wear]:
    """Find worn corners by how strange they are, within and right at the cut."""
    wear, px, within = settings.wear, settings.px_per_mm, strange.within
    found = []
    for corner, measures in enumerate(measure_corners(rim, strange, wear)):
        if weigh_together(measures, wear.corners) < wear.least_corner:
            continue
        arc = rim.at.around_corner(corner, 0)
        worn = within >= min(wear.sure, TELLING * 10**measures.within)
        # where much of a side is off, only what is so much stranger is the corner's
        reaches = (_reach(rim, worn, within >= bar, corner, settings) for bar in wear.fair)
        reach = next((far for far in reaches if far <= wear.most_mm * px), None)
        answer = _answer(rim, worn, arc, settings)
        if reach is not None and answer is not None:
            square = _square(corner, max(reach, round(wear.square_mm * px)), rim.shape)
            found.append(Wear("corner_wear", answer, _piece(rim, worn, arc), square))
    return found


def _strongest(strange: FloatMap) -> float:
    """Return the mean of the strangest places, 0 where there are too few."""
    if strange.size < FEW:
        return 0.0
    return float(np.partition(strange, -FEW, axis=None)[-FEW:].mean())


def _usual(rim: Rim, strange: FloatMap, settings: WearSettings) -> float:
    """Return how strange nine of ten windows along the sides are at most, each as an arc long.

    An item whose sides are shorter than that has none.
    """
    long = rim.at.arc
    windows = []
    for side in range(4):
        along = strange[:, rim.at.along_side(side)[long:-long]]
        parts = range(0, along.shape[1] - long + 1, long)
        windows += [_strongest(along[:, first : first + long]) for first in parts]
    return float(np.quantile(windows, settings.usual)) if windows else 0.0


def _find_at_sides(rim: Rim, strange: Strange, settings: ChangeSettings) -> list[Wear]:
    """Find wear along sides; its ends show right at the cut alone."""
    wear, gap = settings.wear, round(settings.wear.gap_mm * settings.px_per_mm)
    sure = strange.within >= wear.sure
    goes_on = strange.all >= wear.fair[0]
    found = []
    for side in range(4):
        columns = rim.at.along_side(side)
        between = columns[rim.at.arc : -rim.at.arc]  # a corner is looked at by itself
        for first, last in _runs(goes_on[:, columns], gap):
            here = columns[first:last]
            telling = sure[:, np.intersect1d(here, between)]
            if not telling.any():
                continue
            piece, answer = _piece(rim, sure, here), _answer(rim, sure, here, settings)
            enough = len(piece.rows) >= wear.least_pixels
            enough &= float(strange.within[:, here].max()) >= wear.sure_side
            if answer and enough and last - first <= wear.most_side * len(columns):
                found.append(Wear("edge_wear", answer, piece, _box(rim, side, here, settings)))
    return found


def _answer(rim: Rim, sure: BoolMap, columns: Columns, settings: ChangeSettings) -> Answer | None:
    """Say since when some columns of the rim are worn; None where they are no change."""
    here = sure[:, columns]
    near = cv2.dilate(here.astype(np.uint8), np.ones((EDGES, EDGES), np.uint8)) > 0
    ours, theirs = rim.ours[:, columns], rim.theirs[:, columns]
    return answer_by_contrast(ours, theirs, here, near, settings=settings)


def _piece(rim: Rim, sure: BoolMap, columns: Columns) -> Piece:
    """Return what is surely off in some columns of the rim."""
    rows, places = np.nonzero(sure[:, columns])
    places = columns[places]
    x, y = (np.rint(part[rows, places]).astype(np.intp) for part in (rim.at.x, rim.at.y))
    score = np.zeros(rim.shape, np.float32)
    score[y, x] = rim.strange[rows, places]
    there, beside = np.nonzero(score)
    return make_piece(there, beside, score)


def _runs(strip: BoolMap, gap: int) -> list[tuple[int, int]]:
    """Return where a strip's columns show anything, first and last + 1, within a gap of another."""
    places = np.unique(np.nonzero(strip)[1])
    parts = np.split(places, np.flatnonzero(np.diff(places) > gap) + 1) if len(places) else []
    return [(int(part[0]), int(part[-1]) + 1) for part in parts]


def _box(rim: Rim, side: int, columns: Columns, settings: ChangeSettings) -> Box:
    """Return the box of a part of a side, as deep as a third of its contrast reaches."""
    first = round(settings.wear.depth_mm * settings.px_per_mm)
    contrast = np.quantile(np.abs(rim.left[first:, columns]), DEEP, axis=1)
    deep = first + _runs((contrast >= TIP * contrast.max())[None], DEPTH_GAP)[0][1]
    along = np.rint((rim.at.x, rim.at.y)[side % 2][0, columns]).astype(int)
    start, stop = int(along.min()), int(along.max()) + 1
    height, width = rim.shape
    return (
        (start, 0, stop, deep),
        (width - deep, start, width, stop),
        (start, height - deep, stop, height),
        (0, start, deep, stop),
    )[side]


def encloses(wear: Wear, piece: Piece) -> bool:
    """Say whether a piece lies mostly in the box of wear."""
    left, top, right, bottom = wear.box
    across = (piece.columns >= left) & (piece.columns < right)
    return bool(np.mean(across & (piece.rows >= top) & (piece.rows < bottom)) > 0.5)


def tells(piece: Piece, wear: Wear) -> bool:
    """Say whether a piece that lies where wear does shows much more of it."""
    a, b = wear.box, piece.box
    touches = a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    return touches and piece.extent > LONGER * max(a[2] - a[0], a[3] - a[1])


def _reach(rim: Rim, sure: BoolMap, fair: BoolMap, corner: int, settings: ChangeSettings) -> int:
    """How far wear goes along the side on which it goes farther, in pixels, without a gap."""
    beyond = round(2 * settings.wear.most_mm * settings.px_per_mm)
    columns = rim.at.around_corner(corner, beyond)
    height, width = rim.shape
    x, y = rim.at.x[:, columns], rim.at.y[:, columns]
    across = x if corner in (0, 3) else width - 1 - x
    down = y if corner in (0, 1) else height - 1 - y
    away = np.rint(np.maximum(across, down)).astype(int)
    arc = slice(beyond, beyond + rim.at.arc)
    reached = int(away[:, arc][sure[:, columns[arc]]].max())
    gap = round(settings.wear.gap_mm * settings.px_per_mm)
    for far in np.unique(away[fair[:, columns]]).tolist():
        if reached < far <= reached + gap:
            reached = far
    return reached + 1


def _square(corner: int, side: int, shape: tuple[int, int]) -> Box:
    """Return the square at a corner, clockwise from the top left one."""
    height, width = shape
    left = width - side if corner in (1, 2) else 0
    top = height - side if corner in (2, 3) else 0
    return left, top, left + side, top + side
