"""A picture for people: where both photos show the cut, measured from the print."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.alignment import Alignment
from evidence.comparison.cut import SIDES, Cut, Placed, side_points, side_samples
from evidence.comparison.cut_seeing import NoCut, see_cuts
from evidence.comparison.edge_lines import EdgeLine, Floats
from evidence.comparison.judging import judge
from evidence.comparison.picture import as_png, draw_aligned
from evidence.comparison.print_map import map_print
from evidence.photo.reading import Reading
from evidence.settings import Settings

Picture = NDArray[np.uint8]
BEFORE, AFTER = (20, 90, 220), (230, 110, 0)  # RGB: the cut before shipping, and in question
AROUND = 4.0  # mm beside the outline
WHOLE, CLOSE = 8, 40  # px/mm of the whole item, and of the places beside it
LONG, WIDE = 12.0, 3.0  # mm of those places, along the side and across it


def draw_cut(reference: Reading, query: Reading, *, settings: Settings) -> bytes:
    """Draw both items by their print, with the cut of the one on the other, as PNG.

    Left the reference, in the middle the query; the cut before shipping is blue, that in
    question orange. On the right the middle of each side from close by, reference above query.
    Where no cut is seen in one of them, they are drawn as ``draw_aligned`` does.
    """
    judged = judge(reference, query, settings=settings)
    found = judged.aligned.found
    if not isinstance(found, Alignment):
        return draw_aligned(reference, query, settings=settings)
    mapped = map_print(judged.reference, query, found, settings=settings.print_map)
    seen = see_cuts(judged.reference, query, found, mapped, settings=settings)
    if isinstance(seen, NoCut):
        return draw_aligned(reference, query, settings=settings)
    by_print, cuts = seen
    views: list[tuple[Picture, Placed]] = [
        (reference.view(), by_print.on_reference),
        (query.view(), by_print.on_query),
    ]
    return as_png(paint_cuts(views, by_print.size_mm, cuts, settings=settings))


def paint_cuts(
    views: Sequence[tuple[Picture, Placed]],
    size: tuple[float, float],
    cuts: tuple[Cut, Cut],
    *,
    settings: Settings,
) -> Picture:
    """Return the picture of two cuts; a side that one of them does not show has one line.

    Args:
        views: (H, W, 3) uint8 RGB of the reference and of the query, and where print lies there.
        size: (width, height) of the reference's outline, mm.
        cuts: of the reference and of the query.
        settings: every threshold.
    """
    wholes = [_whole(view, placed, size, cuts, settings) for view, placed in views]
    close = np.vstack(
        [
            _close(view, placed, size, cuts, side, settings)
            for side in range(SIDES)
            for view, placed in views
        ]
    )
    height = wholes[0].shape[0]
    width = round(close.shape[1] * height / close.shape[0])
    small = cv2.resize(close, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(np.hstack([*wholes, small]), np.uint8)


def _whole(
    view: Picture,
    placed: Placed,
    size: tuple[float, float],
    cuts: tuple[Cut, Cut],
    settings: Settings,
) -> Picture:
    across = np.arange(-AROUND, size[0] + AROUND, 1 / WHOLE)
    down = np.arange(-AROUND, size[1] + AROUND, 1 / WHOLE)
    points = np.stack(np.meshgrid(across, down), axis=-1)
    picture = _seen(view, placed(points))
    for side in range(SIDES):
        along, _ = side_samples(side, size, settings.cut)
        for line, colour in _seen_lines(cuts, side):
            on = side_points(side, size, along, line.offsets)
            _line(picture, (on + AROUND) * WHOLE - 0.5, colour)
    return picture


def _close(
    view: Picture,
    placed: Placed,
    size: tuple[float, float],
    cuts: tuple[Cut, Cut],
    side: int,
    settings: Settings,
) -> Picture:
    """Draw the middle of one side from close by, its outside up."""
    middle = size[side % 2] / 2
    along = np.arange(middle - LONG / 2, middle + LONG / 2, 1 / CLOSE)
    out = np.arange(WIDE / 2, -WIDE / 2, -1 / CLOSE)
    lines = _seen_lines(cuts, side)
    centre = lines[0][0].offset
    picture = _seen(view, placed(side_points(side, size, along[None], centre + out[:, None])))
    places, _ = side_samples(side, size, settings.cut)
    for line, colour in lines:
        on = np.stack([places - along[0], out[0] + centre - line.offsets], axis=-1)
        _line(picture, on * CLOSE, colour)
    picture[-2:] = 255
    return picture


def _seen_lines(cuts: tuple[Cut, Cut], side: int) -> list[tuple[EdgeLine, tuple[int, int, int]]]:
    """Return the likeliest line of a side in each photo that shows it; at least one does."""
    drawn = zip((cut.sides[side] for cut in cuts), (BEFORE, AFTER), strict=True)
    return [(lines[0], colour) for lines, colour in drawn if lines]


def _seen(view: Picture, points: Floats) -> Picture:
    x, y = np.moveaxis(points.astype(np.float32), -1, 0)
    return np.asarray(cv2.remap(view, x, y, cv2.INTER_LINEAR), np.uint8)


def _line(picture: Picture, points: Floats, colour: tuple[int, int, int]) -> None:
    known = points[np.isfinite(points).all(axis=1)]
    fixed = np.rint(known * 16).astype(np.int32)
    cv2.polylines(picture, [fixed], False, colour, 2, cv2.LINE_AA, 4)
