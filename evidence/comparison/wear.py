"""Wear of the rim: where it is more ragged than before, at corners and along sides."""

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
from evidence.settings import ChangeSettings, WearSettings

BoolMap = NDArray[np.bool_]
Columns = NDArray[np.intp]
Box = tuple[int, int, int, int]

DEEP = 0.98  # quantile along a side; wear is ragged
LONGER = 1.6  # times, that a piece is which tells wear by itself; 0.8 and 1.1 box two fewer
DEPTH_GAP = 2  # rows; torn paper is light and dark
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


class _Worn(NamedTuple):
    """Where wear of a rim surely is, and where it goes on to, by ever stricter bars; (D, S)."""

    sure: BoolMap
    fair: list[BoolMap]


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
    sure = rim.strange >= settings.wear.sure * coarse
    worn = _Worn(sure, [sure | (rim.strange >= bar * coarse) for bar in settings.wear.fair])
    corners = _find_at_corners(rim, worn, settings)
    for corner in corners:
        left, top, right, bottom = corner.box
        taken = (rim.at.x >= left) & (rim.at.x < right) & (rim.at.y >= top) & (rim.at.y < bottom)
        for part in (worn.sure, *worn.fair):
            part[taken] = False
    return corners + _find_at_sides(rim, worn, coarse, settings)


def _find_at_corners(rim: Rim, worn: _Worn, settings: ChangeSettings) -> list[Wear]:
    wear, px = settings.wear, settings.px_per_mm
    least = wear.least_mm2 * px * px + _usual_area(rim, worn.sure, wear)
    found = []
    for corner in range(4):
        arc = rim.at.around_corner(corner, 0)
        if worn.sure[:, arc].sum() < least:
            continue
        # where much of a side is off, only what is so much stranger is the corner's
        reaches = (_reach(rim, worn.sure, fair, corner, settings) for fair in worn.fair)
        reach = next((far for far in reaches if far <= wear.most_mm * px), None)
        answer = _answer(rim, worn.sure, arc, settings)
        if reach is not None and answer is not None:
            square = _square(corner, max(reach, round(wear.square_mm * px)), rim.shape)
            found.append(Wear("corner_wear", answer, _piece(rim, worn.sure, arc), square))
    return found


def _find_at_sides(rim: Rim, worn: _Worn, coarse: float, settings: ChangeSettings) -> list[Wear]:
    wear, px = settings.wear, settings.px_per_mm
    bar, gap = wear.sure_side * coarse, round(wear.gap_mm * px)
    found = []
    for side in range(4):
        columns = rim.at.along_side(side)
        sure = worn.sure[:, columns]
        sure[:, : rim.at.arc] = sure[:, -rim.at.arc :] = False  # a corner is looked at by itself
        for first, last in _runs(worn.fair[0][:, columns], gap):
            if not sure[:, first:last].any():
                continue
            here = columns[first:last]
            piece, answer = _piece(rim, worn.sure, here), _answer(rim, worn.sure, here, settings)
            enough = len(piece.rows) >= wear.least_pixels and piece.strength >= bar
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


def _usual_area(rim: Rim, sure: BoolMap, settings: WearSettings) -> float:
    """Pixels that are off in nine of ten windows along the sides, each as long as an arc."""
    windows = []
    long = rim.at.arc
    for side in range(4):
        along = sure[:, rim.at.along_side(side)[long:-long]].sum(axis=0)
        windows += [part.sum() for part in np.split(along, range(long, len(along), long))]
    return float(np.quantile(windows, settings.usual))


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
